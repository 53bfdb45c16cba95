"""Samples and short words through the door: every field, ids of samples without a reference."""

# ruff: noqa: DTZ001, E501
from __future__ import annotations

from datetime import date, datetime

import pytest

from fanal.door.pseudonyms import KeyRing
from fanal.door.raw import RawDocument, RawResult, RawSample
from fanal.door.samples import Scope, admit_samples
from fanal.door.words import WITHHELD, words, written
from fanal.errors import ConfigError

SCOPE = Scope("labo", "lille", "lab", "r7", "day", "commune")


@pytest.fixture
def keys(tmp_path):
    return KeyRing(tmp_path / "keys")


def admitted(keys, *raws, seen=None, **scope):
    given = {name: getattr(SCOPE, name) for name in SCOPE.__slots__} | scope
    found = admit_samples(raws, keys, Scope(**given), {} if seen is None else seen)
    return found.samples.to_pylist(), found.results.to_pylist(), found.pieces


def test_every_field_of_a_sample_and_of_its_results_is_kept(keys) -> None:
    answer = RawResult("cocaïne", "cocaine", "main", 67.5, 70.0, "%", 2.5, True, "GC-MS", "all")
    (row,), (result,), pieces = admitted(keys, RawSample(
        "f.csv", 3, "L-900", date(2024, 5, 16), "day", "69123", "cocaine", "coke", "powder", "white",
        60.0, "EUR", 1.5, "g", "odd effects", "euphoria", "nausea", "nasal", (answer,),
    ))  # fmt: skip
    wanted = {
        "id": keys.sample_id("labo", "L-900"), "version": 1, "source": "labo", "site": "lille",
        "day": date(2024, 5, 16), "precision": "day", "place": "69123", "reference": "L-900",
        "sold_as": "cocaine", "sold_as_label": "coke", "form": "powder", "description": "white",
        "price": 60.0, "currency": "EUR", "quantity": 1.5, "unit": "g", "reason": "odd effects",
        "effects_sought": "euphoria", "effects_felt": "nausea", "route": "nasal", "run": "r7",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert result["sample"] == row["id"] and (result["version"], result["run"]) == (1, "r7")
    assert {name: result[name] for name in answer._fields} == answer._asdict()
    assert pieces == [0]


@pytest.mark.parametrize("reference", ["TX-26-001", "12", "2026/00123"])
def test_the_number_of_a_case_is_kept_keyed_and_still_finds_its_sample(keys, reference) -> None:
    (case,), _, _ = admitted(keys, RawSample("f.csv", 1, reference, of_case=True))
    (other,), _, _ = admitted(keys, RawSample("f.csv", 1, reference))
    assert (case["reference"], other["reference"]) == (keys.reference(reference), reference)
    assert case["id"] == other["id"]


def test_a_date_of_birth_is_kept_keyed_and_the_day_of_the_sample_as_it_is(keys) -> None:
    kept = ["20250412-03", "2025-0412", "20241231/14", "SINTES-2025-3"]
    keyed = [
        "JT-17041988",
        "17041988-03",
        "20200412-03",
        "06 39 98 12 34",
        "20250412 0639981234",
        "20250432-03",
    ]
    raws = [RawSample("f.csv", 1, said, date(2025, 4, 12)) for said in (*kept, *keyed)]
    rows, _, _ = admitted(keys, *raws)
    assert [row["reference"] for row in rows] == [*kept, *map(keys.reference, keyed)]
    assert [row["id"] for row in rows] == [keys.sample_id("labo", raw.reference) for raw in raws]
    (row,), _, _ = admitted(keys, RawSample("f.csv", 1, "20250412-03"))
    assert row["reference"] == keys.reference("20250412-03")


def test_what_is_not_said_is_not_there(keys) -> None:
    (row,), (result,), _ = admitted(keys, RawSample("f.csv", 1, "L-1", results=(RawResult(""),)))
    said = {name for name, value in row.items() if value is not None}
    assert said == {"id", "version", "source", "site", "precision", "reference", "run"}
    assert row["precision"] == "unknown"
    assert (result["label"], result["role"], result["substance"]) == ("", "minor", None)


@pytest.mark.parametrize(
    ("known", "scope", "day", "precision"),
    [
        ("day", "day", date(2024, 5, 16), "day"), ("day", "week", date(2024, 5, 13), "week"),
        ("month", "day", date(2024, 5, 1), "month"), ("quarter", "month", date(2024, 4, 1), "quarter"),
        ("unknown", "day", date(2024, 5, 16), "day"), ("week", "year", date(2024, 1, 1), "year"),
    ],
)  # fmt: skip
def test_a_sample_is_as_coarse_as_the_source_or_its_file_says(
    keys, known, scope, day, precision
) -> None:
    for time in (date(2024, 5, 16), datetime(2024, 5, 16, 23, 30)):
        (row,), _, _ = admitted(keys, RawSample("f", 1, "L-1", time, known), time=scope)
        assert (row["day"], row["precision"]) == (day, precision)


@pytest.mark.parametrize(
    ("place", "found"),
    [("commune", "69123"), ("département", "69"), ("région", "R84"), ("none", None)],
)
def test_a_place_of_a_sample(keys, place, found) -> None:
    (row,), _, _ = admitted(keys, RawSample("f", 1, "L-1", place="69123"), place=place)
    assert row["place"] == found


def test_samples_without_a_reference_are_told_apart_by_their_number_alone(keys) -> None:
    seen: dict[bytes, int] = {}
    same = [RawSample(f"{n}.csv", n, "", form="powder") for n in (1, 2)]
    rows, _, _ = admitted(keys, *same, RawSample("f", 3, "", form="pill"), seen=seen)
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == 3 and [row["reference"] for row in rows] == [""] * 3
    more, _, _ = admitted(keys, same[0], seen=seen)
    assert more[0]["id"] not in ids
    again, _, _ = admitted(keys, same[1], same[0])  # whichever comes first in the same file
    assert [row["id"] for row in again] == ids[:2]
    assert sorted(seen.values()) == [0, 2]


def test_results_say_with_which_sample_they_came(keys) -> None:
    answers = tuple(RawResult(label) for label in ("MDMA", "caffeine"))
    rows, results, pieces = admitted(
        keys, RawSample("f", 1, "L-1", results=answers), RawSample("f", 2, "L-2"),
        RawSample("f", 3, "L-1", results=answers[:1]),
    )  # fmt: skip
    assert pieces == [0, 0, 2]
    assert [r["sample"] for r in results] == [rows[0]["id"]] * 3 and rows[2]["id"] == rows[0]["id"]


WORDS = ("sold_as", "sold_as_label", "form", "description", "currency", "unit", "reason",
         "effects_sought", "effects_felt", "route")  # fmt: skip


@pytest.mark.parametrize("name", WORDS)
def test_no_field_of_a_sample_keeps_a_number(keys, name) -> None:
    said = RawSample("f", 1, "L-1")
    setattr(said, name, "tel 06 39 98 12 34")
    (row,), _, _ = admitted(keys, said)
    assert row[name] == "tel [phone:FR]"


@pytest.mark.parametrize("name", ["label", "substance", "role", "unit", "method", "panel"])
def test_no_field_of_a_result_keeps_a_number(keys, name) -> None:
    answer = RawResult("MDMA")._replace(**{name: "tel 06 39 98 12 34"})
    _, (row,), _ = admitted(keys, RawSample("f", 1, "L-1", results=(answer,)))
    assert row[name] == "tel [phone:FR]"


def test_a_reference_is_replaced_only_where_it_looks_like_an_identifier(keys) -> None:
    rows, _, _ = admitted(keys, RawSample("f", 1, "L-900"), RawSample("f", 2, "06 39 98 12 34"))
    assert [row["reference"] for row in rows] == ["L-900", keys.reference("06 39 98 12 34")]
    assert rows[1]["id"] == keys.sample_id("labo", "06 39 98 12 34")


def test_a_reference_that_holds_a_name_is_replaced_and_leads_to_its_sample_still(keys) -> None:
    rows, _, _ = admitted(keys, *(RawSample("f", n, r) for n, r in enumerate(NAMED)))
    assert [row["reference"] for row in rows] == [keys.reference(said) for said in NAMED]
    assert [row["id"] for row in rows] == [keys.sample_id("labo", said) for said in NAMED]


NAMED = (
    "jean.dupont-3", "JEAN-DUPONT", "dupont_jean", "benali-3", "J.MARTIN-01", "MARTIN-02",
    "B.LAMRANI-4", "PETIT J. 2",
)  # fmt: skip


def test_words_and_towns_in_references_stay(keys) -> None:
    said = ("LILLE-003", "ROUGE-2", "MARS-03", "KET-3", "A.TEST-01", "N.MDMA-2", "LOT B. 4")
    rows, _, _ = admitted(keys, *(RawSample("f", n, r) for n, r in enumerate(said)))
    assert tuple(row["reference"] for row in rows) == said


def test_neither_a_sample_nor_a_document_says_or_writes_what_it_holds() -> None:
    import pickle

    for one in (RawSample("karim.csv", 3, "L-1"), RawDocument("karim.csv", 3, "Karim")):
        assert repr(one) == f"{type(one).__name__}(record 3)"
        with pytest.raises(TypeError, match=f"a {type(one).__name__} cannot be written"):
            pickle.dumps(one)


def test_short_words_are_masked_withheld_or_kept() -> None:
    said = [
        "",
        "MDMA",
        "tel 06 39 98 12 34",
        "vu 98 12 34 56 7",
        "Down (Unknown Opioid)",
        "u-47700",
        "n_cases",
    ]
    assert words(said) == {
        "MDMA": "MDMA", "tel 06 39 98 12 34": "tel [phone:FR]", "vu 98 12 34 56 7": WITHHELD,
        "Down (Unknown Opioid)": "Down (Unknown Opioid)", "u-47700": "u-47700", "n_cases": words(["n_cases"])["n_cases"],
    }  # fmt: skip
    assert words([]) == {} and WITHHELD == "[withheld]"
    assert words(["n_cases"], headers=True) == {"n_cases": "n_cases"}
    assert words(["País Vasco"], headers=True) == {"País Vasco": "País Vasco"}
    assert words(["Mehdi_Benali"], headers=True) != {"Mehdi_Benali": "Mehdi_Benali"}


def test_what_a_person_types_is_kept_masked_or_not_at_all() -> None:
    assert written(" bien vu ", "note") == "bien vu"
    assert written("appelle Mehdi", "note") == "appelle [name]"
    with pytest.raises(
        ConfigError, match="the reason may identify someone and was not kept"
    ) as wrong:
        written("vu 98 12 34 56 7", "reason")
    assert wrong.value.do == "write it without names or numbers"


def test_what_a_file_does_not_say_of_a_record_is_told_as_such() -> None:
    sample, document, answer = RawSample("f", 1, ""), RawDocument("f", 1, "x"), RawResult("MDMA")
    assert (sample.precision, document.precision, answer.role) == ("unknown", "day", "minor")
    assert (sample.results, document.names, document.hints) == ((), (), ())
    assert (document.edited, answer.censored, sample.of_case) == (False, False, False)
    others = [name for name in RawSample.__slots__ if name not in
              ("file", "record", "reference", "precision", "results", "of_case")]  # fmt: skip
    assert [getattr(sample, name) for name in others] == [None] * len(others)
