"""Places: official lists, their names, and which names are also words."""

from __future__ import annotations

import re

import pytest

from fanal.thesaurus import Places, fold_name, load_places


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


def test_the_lists_are_whole(places: Places) -> None:
    kinds = [place.kind for place in places.places.values()]
    assert kinds.count("commune") > 34_000
    assert kinds.count("arrondissement") == 45
    assert kinds.count("département") == 101
    assert kinds.count("région") == 18
    assert kinds.count("country") > 240


def test_codes_and_parents_fit(places: Places) -> None:
    forms = {
        "commune": r"(\d\d|2[AB])\d{3}",
        "arrondissement": r"\d{5}",
        "département": r"\d\d|2[AB]|97\d",
        "région": r"R\d\d",
        "country": "[A-Z]{2}",
    }
    for place in places.places.values():
        assert re.fullmatch(forms[place.kind], place.code), place
        assert place.parent in places.places or place.kind == "country", place
    assert places.around("69383") == ("69123", "69", "R84", "FR")
    assert places.around("2A004")[0] == "2A"


@pytest.mark.parametrize(
    ("name", "code", "ambiguous"),
    [
        ("Lyon", "69123", False),
        ("VILLEURBANNE", "69266", False),
        ("st etienne", "42218", False),
        ("Tours", "37261", True),
        ("Vienne", "38544", True),
        ("Orange", "84087", True),
        ("Plaisir", "78490", True),
        ("Nice", "06088", True),
        ("IDF", "R11", False),
        ("neuf-trois", "93", False),
        ("paris 18", "75118", False),
        ("Lyon 3e", "69383", False),
        ("métropole de Lille", "59350", False),
        ("Bolivie", "BO", False),
        ("Bolivia", "BO", False),
        ("bolivienne", "BO", False),
        ("China", "CN", True),
        ("Pays-Bas", "NL", False),
        ("Île-de-France", "R11", False),
    ],
)
def test_names(places: Places, name: str, code: str, ambiguous: bool) -> None:
    first = places.by_fold[fold_name(name)][0]
    assert (first.code, first.ambiguous) == (code, ambiguous)


def test_petite_couronne_is_three_departements(places: Places) -> None:
    assert {n.code for n in places.by_fold["petitecouronne"]} == {"92", "93", "94"}


def test_postcodes_lead_to_communes(places: Places) -> None:
    assert "69383" in places.by_postcode["69003"]
    assert places.by_postcode["35000"][0] == "35238"


def test_every_name_is_of_a_place(places: Places) -> None:
    assert [n for n in places.names if n.code not in places.places] == []
