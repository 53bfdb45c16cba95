"""Scoring against gold."""

import itertools
import json
from pathlib import Path

import pytest

from fanal.benchmarks.evaluation import compare, evaluate, read_gold
from fanal.coding.lexicon import Lexicon
from fanal.errors import ConfigError

GOLD = Path(__file__).parent.parent / "gold"


def test_mentions_and_practices_count_once() -> None:
    gold = [{"kind": "mention", "substance": "cocaine"}] * 2
    found = [{"substance": "cocaine", "start": 0}, {"substance": "cocaine", "start": 9}]
    assert compare("mention", gold, found) == ([], [], 1)


def test_spans_count_where_the_gold_gives_them() -> None:
    gold = [{"kind": "mention", "substance": "cocaine", "start": 9, "end": 12}]
    found = [{"substance": "cocaine", "start": n, "stop": n + 3} for n in (0, 9)]
    missed, extra, right = compare("mention", gold, found)
    assert (missed, len(extra), right) == ([], 1, 1)


@pytest.mark.parametrize(
    ("field", "value", "right"),
    [("amount", 60, 1), ("amount", 60.0000001, 1), ("amount", 61, 0), ("substance", None, 0)],
)
def test_exact_on_the_given_fields(field: str, value: object, right: int) -> None:
    found = [{"amount": 60.0, "currency": "EUR", "substance": "cocaine"}]
    assert compare("price", [{"kind": "price", field: value}], found)[2] == right


def test_matching_is_one_to_one_and_the_best() -> None:
    gold = [{"kind": "price", "amount": 1}, {"kind": "price", "amount": 1, "currency": "EUR"}]
    found = [{"amount": 1, "currency": "EUR"}, {"amount": 1}]
    assert compare("price", gold, found) == ([], [], 2)


def test_evaluate() -> None:
    lines = [
        {"id": "a", "text": "cocaïne et kétamine", "lang": "fr", "kinds": ["mention"]},
        {"id": "b", "text": "rien", "kinds": ["mention"]},
    ]
    lines[0]["observations"] = [
        {"kind": "mention", "substance": "cocaine"},
        {"kind": "mention", "substance": "heroin"},
    ]
    result = evaluate(lines, Lexicon(), errors=True)
    assert result["lines"] == 2
    assert result["kinds"] == {
        "mention": dict(gold=2, found=2, right=1, precision=0.5, recall=0.5, f1=0.5)  # noqa: C408
    }
    assert [(e["id"], e["error"]) for e in result["errors"]] == [("a", "missed"), ("a", "extra")]
    assert "rien" not in json.dumps(result)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"text": 3}',
        '{"text": "x", "observations": [{"kind": "prize"}]}',
        '{"text": "x", "observations": [{"kind": "price", "sum": 3}]}',
        '{"text": "x", "kinds": ["all"]}',
    ],
)
def test_wrong_lines_are_named_by_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"text": "ok"}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"gold.jsonl line 3"):
        read_gold(file)


WRITTEN = """# author: nobody

Ramené par un livreur, 60 à 65 le gé,⏎à Saint-Denis.
  = mention cocaine
  = practice supply.mode.home-delivery
  = price cocaine 60-65 EUR / 1 g
  = price-past cocaine 80 EUR / 1 g
  = place Saint-Denis event
  = bonus - 100 + 20-30 EUR

Un 10 balles, de midi à deux heures, pure à 71.
  = price - 10 EUR / -
  = hours - 12:00 02:00
  = purity mdma 71 % measured
  = figure term 4 year established

Rien.
"""


def test_written_examples_are_gold_lines(tmp_path: Path) -> None:
    file = tmp_path / "wording-x.txt"
    file.write_text(WRITTEN, "utf-8")
    first, second, nothing = read_gold(file)
    assert (first["id"], first["text"]) == (
        "wording-x:3", "Ramené par un livreur, 60 à 65 le gé,\nà Saint-Denis.",
    )  # fmt: skip
    assert {"93066", "97411"} <= set(first["observations"][3].pop("code"))
    assert first["observations"] == [
        {"kind": "mention", "substance": "cocaine"},
        {"kind": "practice", "code": "supply.mode.home-delivery"},
        {"kind": "price", "substance": "cocaine", "amount": 60.0, "amount_max": 65.0,
         "currency": "EUR", "quantity": 1.0, "unit": "g"},
        {"kind": "place", "role": "event"},
        {"kind": "bonus", "substance": None, "bought": 100.0, "free": 20.0, "unit": "EUR",
         "free_unit": "EUR"},
    ]  # fmt: skip
    assert second["observations"] == [
        {"kind": "price", "substance": None, "amount": 10.0, "currency": "EUR"},
        {"kind": "hours", "opens": "12:00", "closes": "02:00"},
        {"kind": "purity", "substance": "mdma", "percent": 71.0, "basis": "measured"},
    ]
    assert (nothing["text"], nothing["observations"]) == ("Rien.", [])


@pytest.mark.parametrize(
    "fact", ["  = prize cocaine", "  = price cocaine 60", "  = place Brest in"]
)
def test_a_fact_of_no_form_is_named_by_its_line(tmp_path: Path, fact: str) -> None:
    file = tmp_path / "wording-x.txt"
    file.write_text(f"Tête : secret\n{fact}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"wording-x.txt line 2") as told:
        read_gold(file)
    assert "secret" not in str(told.value)


def test_a_place_is_right_as_any_of_its_name() -> None:
    gold = [{"kind": "place", "code": ["93066", "97411"], "role": "event"}]
    assert compare("place", gold, [{"code": "97411", "role": "event"}])[2] == 1
    assert compare("place", gold, [{"code": "75056", "role": "event"}])[2] == 0


def f1(name: str) -> float:
    result = evaluate(read_gold(GOLD / f"{name}.jsonl"), Lexicon())
    print(name, json.dumps(result["kinds"]))
    return float(result["kinds"]["mention"]["f1"])


@pytest.mark.parametrize(
    ("name", "least"), [("mentions_fr", 0.95), ("mentions_en", 0.95), ("obfuscations", 0.95)]
)
def test_gold(name: str, least: float) -> None:
    assert f1(name) >= least


def test_near_misses_stay_silent() -> None:
    lines = read_gold(GOLD / "near_misses.jsonl")
    loud = {e["id"] for e in evaluate(lines, Lexicon(), errors=True)["errors"]}
    assert len(loud) <= 0.05 * len(lines)


def test_obfuscations_by_kind() -> None:
    lines = read_gold(GOLD / "obfuscations.jsonl")
    kinds = sorted({line["id"].rsplit("-", 1)[0] for line in lines})
    for kind in kinds:
        some = [line for line in lines if line["id"].rsplit("-", 1)[0] == kind]
        recall = evaluate(some, Lexicon())["kinds"]["mention"]["recall"]
        assert recall >= (0.85 if kind == "digits for letters" else 0.95), kind


def test_ordinary_french_messages() -> None:
    texts = (GOLD / "ordinary_fr.txt").read_text(encoding="utf-8").splitlines()
    texts += [f"{one}. {two}" for one, two in itertools.pairwise(texts)]
    lines = [{"id": n, "text": text, "kinds": ["mention"]} for n, text in enumerate(texts)]
    loud = {e["id"] for e in evaluate(lines, Lexicon(), errors=True)["errors"]}
    assert len(texts) >= 500
    assert len(loud) <= 0.003 * len(texts), sorted(loud)
