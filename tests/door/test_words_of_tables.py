"""Whatever words a table brings, no name and no number of anybody is stored: in no field at all."""

from datetime import date

import pytest

from fanal.door.table_words import is_birth, is_somebodys, unjoined
from fanal.door.words import words
from fanal.records import JUDGEMENTS, RECORDS, field_types
from fanal.thesaurus import load, load_places
from fanal.workspace import Workspace

PLANTED = "Karim Benali 06 39 98 12 34"
SOURCE = (
    'name = "{name}"\ntitle = "Essai"\npublisher = "essai"\nkind = "{kind}"\nsite = "lille"\n'
    'legal_basis = "essai"\n'
)
FILES = {  # name, kind of source, content
    # in each cell and each header of a laboratory
    "lab": (
        "lab",
        (
            "reference;date;lieu;vendu comme;appellation;forme;prix;devise;quantité;unité;"
            "remarques;motif;effets recherchés;effets ressentis;voie;substance;teneur;"
            "unité teneur;méthode;recherche;rôle;MDMA (P);P\n"
            "P;03/02/2024;P;P;P;P;12;P;1;P;P;P;P;P;P;P;12;P;P;P;P;voir P;P\n"
            "P;13/02/2024;P;P;P;P;x P;P;P;P;P;P;P;P;P;cocaïne;P;P;P;P;P;3;P\n"
        ),
    ),
    # in each cell of a table of figures
    "figures": (
        "official table",
        (
            "name,area,period,value,unit,note,substance,revision\n"
            "P,75,2023,12,P,P,P,P\nP,59,2024,14,P,P,P,P\nP,69,2024,15,P,P,P,P\n"
            "P,13,2022,9,P,P,P,P\nP,P,2023,8,P,P,P,P\nP,59,P,7,P,P,P,P\n"
        ),
    ),
    # in a key that a form does not have
    "form": (
        "field notes",
        'form = "field notes"\nmonth = "2025-03"\n"P" = "P"\nsupply = "P"\n',
    ),
    # in a column of posts, and where the posts of another table would be
    "posts": ("public posts", "id,date,text,P\n1,2024-02-03,bonjour P,P\n2,P,bonjour,P\n"),
    "others": ("public posts", "P,Q\n1,P\n2,P\n"),
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Bring the files in and return every text of every table."""
    folder = tmp_path_factory.mktemp("planted")
    told = []
    with Workspace.create(folder / "ws", "essai") as ws:
        for name, (kind, text) in FILES.items():
            path = folder / f"{name}-{PLANTED}.{'toml' if name == 'form' else 'csv'}"
            path.write_text(text.replace("P", PLANTED), "utf-8")
            more = 'importer = "indicators"\n' if name == "figures" else ""
            ws.add_source(SOURCE.format(name=name, kind=kind) + more)
            told += ws.ingest([path], name)
        tables = {record: ws.tables.rows(f"SELECT * FROM {record.table}") for record in RECORDS}
        judged = {record: [str(row) for row in ws.state.all(record)] for record in JUDGEMENTS}
    return told, tables, judged


def test_no_field_of_any_record_keeps_them(stored):
    told, tables, judged = stored
    assert sum(r.documents for r in told if r.importer == "lab") == 2
    assert tables and {r.table for r, rows in tables.items() if rows} >= {
        "samples", "results", "indicators", "issues", "runs",
    }  # fmt: skip
    for record, rows in tables.items():
        texts = [name for name, (kind, _, _) in field_types(record).items() if kind is str]
        for row in rows:
            for name in texts:
                said = str(row[name] or "")
                where = f"{record.table}.{name}"
                assert "Karim" not in said and "Benali" not in said, where
                assert "06 39" not in said and "12 34" not in said, where
    assert not [row for rows in judged.values() for row in rows if "Karim" in row or "06 39" in row]


def test_a_message_about_a_file_keeps_them_neither(stored):
    told, _, _ = stored
    failed = [r.detail for r in told if r.status == "failed"]
    assert failed
    assert not [d for d in failed if "Karim" in d or "06 39" in d]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("taux_pour_mille", True), ("number_of_seizures", True), ("Usage_stupefiants", True),
        ("set amounts_in under [parameters]", True), ("Health Authority", True),
        ("Down (Unknown Opioid)", True), ("u-47700", True), (PLANTED, False),
        ("tel_0639981234_karim", False), ("@karim_lyon69", False),
        ("karim.benali@example.org", False),
    ],
)  # fmt: skip
def test_words_of_tables(said, kept):
    assert (words([said], headers=True)[said] == said) is kept


@pytest.mark.parametrize(
    "heading",
    [
        "País Vasco",
        "Castilla y León",
        "Friuli Venezia Giulia",
        "Tasa por 100.000 habitantes",
        "Tasa por 100.000 habitantes, Cocaína",
        "Tasa por 1.000",
        "Île-de-France",
    ],
)
def test_areas_and_measures_of_headings_are_nobody(heading):
    assert words([heading], headers=True) == {heading: heading}


@pytest.mark.parametrize(
    "heading",
    [
        "Karim Benali",
        "Tasa de Karim Benali",
        "País Vasco Karim Benali",
        "Tasa Benali",
        "Vasco Pereira",
        "Giulia Martin",
        "Jordan Martin",
        "Tasa 06 39 98 12 34",
        "Tasa por karim benali",
    ],
)
def test_names_and_numbers_beside_them_are_masked(heading):
    stored = words([heading], headers=True)[heading]
    assert stored != heading
    assert not {"karim", "benali", "pereira", "martin", "39"} & set(stored.lower().split())


def test_prose_keeps_no_names_of_regions_as_headings_do():
    assert words(["Tasa por 1.000"]) != {"Tasa por 1.000": "Tasa por 1.000"}


@pytest.mark.parametrize(
    ("heading", "kept"),
    [
        ("lila_morel", "[name]"), ("LILA_MOREL", "[name]"), ("morel.lila", "[name]"),
        ("lila-morel", "[name]"), ("jean_dupont", "[name]"), ("lila-morel-3", "[name]-3"),
        ("prix_lila_morel", "prix_[name]"), ("vu avec lila_morel", "vu avec [name]"),
    ],
)  # fmt: skip
def test_names_that_are_joined_are_masked(heading, kept):
    assert words([heading], headers=True) == {heading: kept}


@pytest.mark.parametrize(
    "heading",
    [
        "post_id", "amounts_in", "max_value", "number_of_seizures", "cross_mark", "costa_rica",
        "sold_as_label", "date_order", "time_period", "obs_value", "small_orange_diamond",
        "marie-jeanne", "4-meo-alpha-pvp", "Saint-Martin-Rivière", "Villeneuve-Saint-Germain",
    ],
)  # fmt: skip
def test_names_of_columns_places_and_molecules_are_no_names_of_people(heading):
    assert words([heading], headers=True) == {heading: heading}


def test_no_name_of_a_place_or_a_substance_holds_joined_names():
    names = [n.name for n in load_places().names] + [a.alias for a in load().aliases]
    assert [name for name in names if unjoined(name) != name] == []


@pytest.mark.parametrize(
    "reference",
    [
        "jean.dupont-3", "JEAN-DUPONT", "dupont_jean", "jean.martin", "benali-3", "KARIM3",
        "j.dupont-3", "ech_karim_12", "2024-lila-morel",
    ],
)  # fmt: skip
def test_references_that_hold_a_name(reference):
    assert is_somebodys(reference)


@pytest.mark.parametrize(
    "reference",
    [
        "L-900", "LILLE-2024-03", "MDMA-LILLE-003", "Paris-3", "ECH-12", "MAI-2024-3", "Lot-12",
        "sample_3", "probe-7", "CAARUD-7", "SINTES-12", "Zürich-12", "9FRED7H6F8Z4", "S-12-B", "",
    ],
)  # fmt: skip
def test_references_that_hold_none(reference):
    assert not is_somebodys(reference)


@pytest.mark.parametrize(
    ("reference", "taken", "told"),
    [
        ("JT-17041988", 2025, True), ("JT-19880417", 2025, True), ("JT 17.04.1988", 2025, True),
        ("17041988-JT", None, True), ("JT-17042012", 2025, True), ("JT-17042013", 2025, False),
        ("20250412-03", 2025, False), ("2025-0412", 2025, False), ("12042025", None, False),
        ("20031104-7", 2003, False), ("20091231-7", None, True), ("20100101-7", None, False),
        ("JT-17131988", 2025, False), ("JT-170419881", 2025, False), ("JT-1704-1988", 2025, False),
        ("JT-170488", 2025, False), ("SINTES-1988", 2025, False),
    ],
)  # fmt: skip
def test_a_date_long_before_the_sample_is_one_of_birth(reference, taken, told):
    assert is_birth(reference, taken and date(taken, 6, 1)) is told


def test_words_of_tables_are_in_the_language_of_the_country() -> None:
    given = ["Kälte und Nässe", "Feldnotiz Bahnhof Abend", "Frau Zoubidal"]
    stored = {**dict(zip(given, given, strict=True)), "Frau Zoubidal": "Frau [name]"}
    assert words(given, "field notes", country="DE") == stored
