"""The gold that ships, by the whole path: what each kind must reach, and silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanal.benchmarks.evaluation import evaluate, read_gold
from fanal.coding.facts import CUT
from fanal.coding.lexicon import Lexicon, code_texts

GOLD = Path(__file__).parents[1] / "gold"
BARS = {"mention": 0.95, "price": 0.95, "bonus": 0.95, "purity": 0.95, "practice": 0.9}
OFFERS = ("mention", "price", "bonus")


def test_each_kind_reaches_its_bar() -> None:
    lines = [line for file in sorted(GOLD.glob("*.jsonl")) for line in read_gold(file)]
    found = evaluate(lines, Lexicon())["kinds"]
    assert {kind: found[kind]["f1"] for kind, bar in BARS.items() if found[kind]["f1"] < bar} == {}


@pytest.mark.parametrize("name", ["shopping", "promos", "household", "last", "quotes", "counter"])
def test_near_misses_stay_silent(name: str) -> None:
    texts = [line["text"] for line in read_gold(GOLD / f"near_{name}.jsonl")]
    coded = code_texts(Lexicon().vocabulary, texts)
    loud = [
        text
        for text, facts in zip(texts, coded, strict=True)
        if any(fact.kind in OFFERS and fact.confidence >= CUT for fact in facts)
    ]
    assert len(loud) <= 0.1 * len(texts), loud


def test_money_told_beside_a_substance_is_no_price_of_it() -> None:
    found = evaluate(read_gold(GOLD / "near_prose.jsonl"), Lexicon(), errors=True)
    assert len({error["id"] for error in found["errors"]}) <= 2, found["errors"]
