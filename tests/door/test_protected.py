"""What no list of names and no capital makes a person."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from fanal.door import lexicon
from fanal.door.normalise import fold

KINDS = ("medicine", "eponym", "institution", "brand", "figure", "quarter", "place")


def rows() -> list[list[str]]:
    text = files("fanal.door").joinpath("lists", "protected.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()[2:]]


def test_each_row_has_a_name_a_kind_and_a_source() -> None:
    assert [row for row in rows() if len(row) != 3 or row[1] not in KINDS or not row[2]] == []


def test_no_name_stands_twice() -> None:
    found = Counter(fold(row[0]) for row in rows())
    assert [name for name, count in found.items() if count > 1] == []


def test_no_first_name_that_is_nothing_else_is_protected() -> None:
    names = lexicon.protected()
    assert [name for name in names if lexicon.first_names().get(name) is False] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("kardegic", "medicine"),
        ("crohn", "eponym"),
        ("arapej", "institution"),
        ("primark", "brand"),
        ("albert hofmann", "figure"),
        ("la guillotiere", "quarter"),
        ("tamise", "place"),
        ("bobigny", "place"),  # from the thesaurus
        ("seine-saint-denis", "place"),
        ("occitanie", "place"),
        ("colombie", "place"),
    ],
)
def test_what_is_protected(name: str, kind: str) -> None:
    assert lexicon.protected()[name] == kind


@pytest.mark.parametrize("name", ["vernon", "gaillard", "sandrine", "delattre", "saint-clement"])
def test_what_people_bear_and_small_communes_are_not(name: str) -> None:
    assert name not in lexicon.protected()
