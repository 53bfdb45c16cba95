"""Tables of pseudonyms, coarse times and places, spans that meet: both sides of each condition."""

# ruff: noqa: E501
from __future__ import annotations

import io
from datetime import date
from types import SimpleNamespace

import pytest

from fanal.door import renaming
from fanal.door.coarsening import coarsened, coarser_place
from fanal.door.renaming import plain, read
from fanal.door.spans import Span, merge, overlapping
from fanal.door.table_words import unheaded
from fanal.errors import ConfigError


def table(content):
    content = content if isinstance(content, bytes) else content.encode()
    return SimpleNamespace(open=lambda mode: {"rb": io.BytesIO(content)}[mode])


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("Zoé Lambert,P1\nBob,P-2\n", {"Zoé Lambert": "P1", "Bob": "P-2"}),
        ("\ufeffBob;P1\n\n ; \nAda; P 2 ;note\n", {"Bob": "P1", "Ada": "P-2"}),
        ("Bob\tP1", {"Bob": "P1"}),
        ("Zoé,P1".encode("cp1252"), {"Zoé": "P1"}),
        ("Martin, Bob;P1;", {"Martin, Bob": "P1"}),
        ('"Bob, dit B";Élan;x', {"Bob, dit B": "Elan"}),
        *[(f"Nom,{heading}\nBob,P1", {"Bob": "P1"})
          for heading in ("pseudonym", "Pseudonyme", "pseudo", "ALIAS", "code")],
        ("Bob,P1\nBob,P2", {"Bob": "P2"}),
        ("Al,123456789012", {"Al": "123456789012"}),
        ("e\u0301va,_x.y__z.", {"\u00e9va": "x-y-z"}),
    ],
)  # fmt: skip
def test_a_table_of_pseudonyms_is_read(content, found) -> None:
    assert read(table(content)) == found


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "this is no table of pseudonyms"), ("\n\n", "this is no table of pseudonyms"),
        ("Nom,Pseudo\n", "this is no table of pseudonyms"),
        ("Bob,Ada\nAda,P1", "this is no table of pseudonyms"),
        ("Bob,BOB", "this is no table of pseudonyms"),
        ("Bob", "row 1 is no name and pseudonym"), ("B,P1", "row 1 is no name and pseudonym"),
        ("Bob,P1\nAda", "row 2 is no name and pseudonym"),
        ("Bob,P1\nNom,pseudo\nB,x", "row 3 is no name and pseudonym"),
        ("Bob,", "row 1 is no name and pseudonym"), ("Bob,1234567890123", "row 1 is no name and"),
        ("Bob,P+1", "row 1 is no name and pseudonym"), (",P1", "row 1 is no name and pseudonym"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_pseudonyms(content, what) -> None:
    with pytest.raises(ConfigError, match=what) as wrong:
        read(table(content))
    assert wrong.value.where == "pseudonyms"
    assert wrong.value.allowed.startswith(
        "two columns, name and pseudonym; a pseudonym has 1 to 12"
    )
    assert wrong.value.do == "no pseudonym may be a name of the table"


def test_a_table_has_a_megabyte_at_most(monkeypatch) -> None:
    assert renaming.LARGEST == 1024 * 1024
    monkeypatch.setattr(renaming, "LARGEST", 10)
    assert read(table("Bobby,P123")) == {"Bobby": "P123"}
    with pytest.raises(ConfigError, match="this is no table of pseudonyms"):
        read(table("Bobby,P1234"))


@pytest.mark.parametrize(
    ("said", "stands"),
    [("Élan vital", "Elan-vital"), ("a._ b", "a-b"), (" x ", "x"), ("œ", "œ"), ("-a-", "a")],
)
def test_a_pseudonym_as_it_stands_in_a_placeholder(said, stands) -> None:
    assert plain(said) == stands


@pytest.mark.parametrize(
    ("day", "precision", "first", "month"),
    [
        (date(2024, 5, 16), "day", date(2024, 5, 16), "2024-05"),
        (date(2024, 5, 16), "week", date(2024, 5, 13), "2024-05"),
        (date(2024, 5, 13), "week", date(2024, 5, 13), "2024-05"),
        (date(2024, 5, 1), "week", date(2024, 4, 29), "2024-04"),
        (date(1, 1, 7), "week", date(1, 1, 7), "0001-01"),
        (date(1, 1, 9), "week", date(1, 1, 8), "0001-01"),
        (date(1, 1, 8), "week", date(1, 1, 8), "0001-01"),
        (date(2024, 5, 16), "month", date(2024, 5, 1), "2024-05"),
        (date(2024, 3, 31), "quarter", date(2024, 1, 1), "2024-01"),
        (date(2024, 4, 30), "quarter", date(2024, 4, 1), "2024-04"),
        (date(2024, 6, 30), "quarter", date(2024, 4, 1), "2024-04"),
        (date(2024, 12, 31), "quarter", date(2024, 10, 1), "2024-10"),
        (date(2024, 12, 31), "year", date(2024, 1, 1), "2024-01"),
        (date(2024, 5, 16), "unknown", date(2024, 5, 16), "2024-05"),
    ],
)
def test_a_period_begins_on_its_first_day(day, precision, first, month) -> None:
    assert coarsened(day, precision) == (first, month)


@pytest.mark.parametrize(
    ("code", "commune", "area", "region"),
    [
        ("69123", "69123", "69", "R84"), ("97105", "97105", "971", "R01"), ("69", "69", "69", "R84"),
        ("2A004", "2A004", "2A", "R94"), ("971", "971", "971", "R01"), ("R84", "R84", "R84", "R84"),
        ("BE", "BE", "BE", "BE"), ("976", "976", "976", "R06"), ("00", "00", "00", None),
        ("98800", "98800", "98", None), (None, None, None, None),
    ],
)  # fmt: skip
def test_a_place_is_no_finer_than_what_may_be_said(code, commune, area, region) -> None:
    found = [coarser_place(code, how) for how in ("commune", "département", "région", "none")]
    assert found == [commune, area, region, None]


REGIONS = {
    "R11": "75 95", "R24": "18 45", "R27": "21 90", "R28": "14 76", "R32": "02 80", "R44": "08 88",
    "R52": "44 85", "R53": "22 56", "R75": "16 87", "R76": "09 82", "R84": "01 74", "R93": "04 84",
    "R94": "2A 2B", "R01": "971", "R02": "972", "R03": "973", "R04": "974", "R06": "976",
}  # fmt: skip


def test_each_département_is_of_a_region() -> None:
    for region, areas in REGIONS.items():
        assert {coarser_place(area, "région") for area in areas.split()} == {region}
    known = [coarser_place(f"{n:02d}", "région") for n in range(100)]
    assert [n for n, one in enumerate(known) if one is None] == [0, 20, 96, 97, 98, 99]


def test_spans_that_share_a_character_are_one_of_the_class_that_ranks_first() -> None:
    a, b = Span(0, 5, "name"), Span(4, 9, "handle:snap")
    assert merge([b, a]) == [Span(0, 9, "handle:snap")]
    assert merge([a, Span(5, 9, "name")]) == [a, Span(5, 9, "name")]
    assert merge([Span(0, 9, "phone"), Span(2, 4, "phone:FR")]) == [Span(0, 9, "phone:FR")]
    assert merge([Span(0, 9, "phone:FR"), Span(2, 4, "odd")]) == [Span(0, 9, "phone:FR")]
    assert merge([Span(3, 3, "name"), Span(4, 3, "name"), a]) == [a]
    assert merge([]) == []
    assert overlapping(a, [Span(4, 5, "x")]) and overlapping(a, [Span(9, 10, "x"), b])
    assert not overlapping(a, [Span(5, 6, "x")]) and not overlapping(Span(5, 6, "x"), [a])
    assert not overlapping(a, [])
    assert a.placeholder == "[name]"


def test_classes_rank_in_one_order() -> None:
    order = ["email", "link", "wallet", "iban", "nir", "card", "id-document", "reference", "phone",
             "gps", "ip", "address", "code", "plate", "birthdate", "user-id", "handle", "role",
             "name", "odd"]  # fmt: skip
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            assert merge([Span(0, 2, second), Span(1, 3, first)]) == [Span(0, 3, first)]


@pytest.mark.parametrize(
    ("heading", "left"),
    [
        ("País Vasco", ""), ("Tasa de Karim Benali", None), ("Île-de-France", "-  -"), ("n", "n"),
        ("Karim", None), ("Jordan", None), ("Zorglin", None), ("kervel", None), ("", ""),
        ("nombre 2024", "nombre 2024"), ("Bretagne 06 39 98 12 34", "06 39 98 12 34"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_heading_without_its_areas_and_measures(heading, left) -> None:
    assert unheaded(heading) == left
