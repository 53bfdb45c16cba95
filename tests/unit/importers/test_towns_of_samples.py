"""Places of samples: towns of one name, towns that are words, towns that are not on the map."""

import pytest

from fanal.importers.base import Issue, RawSample
from fanal.importers.lab.drug_checking import Lab
from fanal.sources import Source
from fanal.stages.ingest.staging import importer_for


def places(tmp_path, *towns, header="Ville", country="FR"):
    """Return the place of each row, and what is told of places."""
    rows = "".join(f"A-{n};{n}/02/2025;cocaïne;cocaïne;50;{t}\n" for n, t in enumerate(towns, 13))
    path = tmp_path / "results.csv"
    path.write_text(f"Réf;Date;Vendu comme;Substance;Teneur (%);{header}\n{rows}", "utf-8")
    read = list(Lab(country=country).extract(path))
    told = [
        (i.record, i.field, i.hint.partition(";")[0].partition(" record")[0], i.level)
        for i in read if isinstance(i, Issue) and i.kind == "place not known"
    ]  # fmt: skip
    return [s.place for s in read if isinstance(s, RawSample)], told


@pytest.mark.parametrize(
    ("town", "code"),
    [
        ("Calais", "62193"),  # a word of lace, and a large town
        ("LENS", "62498"),
        ("Nice", "06088"),
        ("Fort-de-France", "97209"),
        ("Valence", "26362"),  # of the Drôme: the others are far smaller
        ("59", "59"),
        ("2A", "2A"),
        ("974", "974"),
        ("Italie", "IT"),
        ("Occitanie", "R76"),
    ],
)
def test_a_place_that_the_map_has(tmp_path, town, code):
    assert places(tmp_path, town) == ([code], [])


@pytest.mark.parametrize(
    ("header", "country", "code"),
    [("Région", "FR", "R32"), ("Département", "FR", "32"), ("Regione", "IT", "IT"),
     ("Region", "DE", "DE")],
)  # fmt: skip
def test_a_number_is_of_what_its_column_is_called(tmp_path, header, country, code):
    assert places(tmp_path, "32", header=header, country=country)[0] == [code]


@pytest.mark.parametrize("town", ["Bologna", "Leeds", "Getafe", "Durham", "Y", "inconnu"])
def test_a_place_that_the_map_has_not_is_told_once_for_its_column(tmp_path, town):
    found = places(tmp_path, town, "Lille", town)
    assert found == ([None, "59350", None], [(1, "Ville", "2", "warning")])


@pytest.mark.parametrize("empty", ["", "-", "?"])
def test_no_place_is_nothing_to_tell(tmp_path, empty):
    assert places(tmp_path, empty, "Lille") == ([None, "59350"], [])


@pytest.mark.parametrize(
    ("town", "code"),
    [
        ("Bologna", "IT"),
        ("Calais", "IT"),  # large and a word: abroad it is not surely that one
        ("Bologne", "IT"),  # a village of the Haute-Marne
        ("20121", "IT"),  # their own code
        ("59", "IT"),
    ],
)
def test_of_a_source_abroad_the_country_is_kept(tmp_path, town, code):
    assert places(tmp_path, town, country="IT") == ([code], [(1, "Ville", "1", "note")])


@pytest.mark.parametrize(("town", "code"), [("Lyon", "69123"), ("Suisse", "CH"), ("", None)])
def test_a_source_abroad_names_larger_towns_and_countries(tmp_path, town, code):
    assert places(tmp_path, town, country="IT") == ([code], [])


def test_towns_of_one_name_are_told_apart_by_where_the_others_lie(tmp_path):
    assert places(tmp_path, "Saint-Denis", "Aubervilliers", "Saint-Ouen-sur-Seine") == (
        ["93066", "93001", "93070"],
        [],
    )
    assert places(tmp_path, "Saint-Denis", "Saint-Paul", "Le Tampon")[0][0] == "97411"


@pytest.mark.parametrize("beside", [(), ("Lille",), ("Aubervilliers", "Le Tampon")])
def test_towns_of_one_name_that_nothing_tells_apart_are_asked_for(tmp_path, beside):
    found, told = places(tmp_path, "Saint-Denis", *beside, "Saint-Denis")
    assert (found[0], found[-1]) == ("FR", "FR")
    assert told == [(1, "Ville", "2", "warning")]


def test_the_departement_beside_a_town_tells_which_it_is(tmp_path):
    found = places(tmp_path, "Saint-Denis;93", "Saint-Denis;974", header="Ville;Département")
    assert found == (["93066", "97411"], [])


def test_the_country_of_the_source_is_that_of_its_towns():
    said = {"name": "lab", "title": "Lab", "publisher": "p", "kind": "lab", "site": "rome"}
    source = Source(**said, country="IT", legal_basis="public task")
    assert importer_for(source, "lab").country == "IT"
    own = Source(**said, country="IT", legal_basis="public task", parameters={"country": "CH"})
    assert importer_for(own, "lab").country == "CH"
    assert importer_for(source, "tables").country == "IT"
    assert not hasattr(importer_for(source, "transcripts"), "country")
