"""What is coded of every text that is known here, to the letter; and each gold line as it says.

`coded_texts.txt` has texts that the door lets in, those of the gold, and one for each word and
shape of what denies, places and names, with their mentions, practices, platforms and places, and
with what is offered: prices, amounts, bonuses, purities, strengths and hours. A rule
that changes on purpose changes it too: `pytest tests/unit/test_known_texts.py --update`, and the
diff is read as somebody else's work.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from fanal.benchmarks.evaluation import evaluate, read_gold
from fanal.coding.facts import Fact
from fanal.coding.lexicon import Lexicon, code_texts

HERE = Path(__file__).parent
CODED = HERE / "coded_texts.txt"
GOLD = sorted((HERE.parent / "gold").glob("*.jsonl"))

KINDS = {"mention": "substance", "practice": "code", "platform": "platform", "place": "place"}
OFFERED = ("price", "quantity", "bonus", "purity", "strength", "hours")


def said(text: str, fact: Fact) -> str:
    """Return a fact as the file writes it: "coke=mention cocaine .9 coke (market)"."""
    if fact.kind in OFFERED:
        fields = [f"{name}:{value}" for name, value in sorted(fact.fields.items())]
    else:
        fields = [str(fact.fields[KINDS[fact.kind]]), str(fact.fields.get("role") or "")]
    named = " ".join(filter(None, (fact.kind, *fields, f"{fact.confidence:g}", fact.rule)))
    return f"{fact.start} {text[fact.start : fact.stop]}={named}".replace("\n", "⏎")


def told(texts: list[str]) -> list[str]:
    """Return each text with its facts, after tabs."""
    plain = [text.replace("⏎", "\n") for text in texts]
    return [
        "\t".join((text, *(said(raw, fact) for fact in facts)))
        for text, raw, facts in zip(
            texts, plain, code_texts(Lexicon().vocabulary, plain), strict=True
        )
    ]


def test_what_is_coded_of_each_text(update: bool) -> None:
    rows = CODED.read_text("utf-8").split("\n")[:-1]
    found = told([row.partition("\t")[0] for row in rows])
    if update:
        CODED.write_text("\n".join([*found, ""]), "utf-8")
        rows = found
    assert found == rows


# What the coder reads otherwise than the gold, by file: a rule that mends one takes it away from
# here. A file that is not here is judged by its bars alone.
MISREAD: dict[str, set[str]] = {
    "ads_evening": {"ads-evening-005", "ads-evening-023"},
    "ads_last": {"ads-last-008", "ads-last-023"},
    "ads_messaging": {"ads-messaging-010", "ads-messaging-015", "ads-messaging-054"},
    "ads_quotes": {"ads1-096"},
    "ads_reviews": {
        "ads-reviews-015",
        "ads-reviews-027",
        "ads-reviews-033",
        "ads-reviews-037",
        "ads-reviews-049",
        "ads-reviews-061",
        "ads-reviews-065",
        "ads-reviews-068",
    },
    "mentions_en": set(),
    "mentions_fr": set(),
    "near_counter": set(),
    "near_household": {"near-household-028", "near-household-036"},
    "near_last": {"near-last-004", "near-last-023", "near-last-025"},
    "near_misses": set(),
    "near_promos": {"near-promos-033"},
    "near_prose": {"near-prose-015", "near-prose-053"},
    "near_quotes": set(),
    "near_shopping": set(),
    "obfuscations": set(),
    "offers": {"offers-040"},
    "prose_quotes": {
        "prose-carer-115",
        "prose-court-081",
        "prose-court-091",
        "prose-field-notes-055",
        "prose-field-notes-056",
        "prose-group-095",
        "prose-group-097",
        "prose-group-100",
        "prose-group-105",
        "prose-group-106",
        "prose-interview-004",
        "prose-interview-005",
        "prose-interview-009",
        "prose-interview-012",
        "prose-interview-013",
        "prose-interview-021",
        "prose-interview-025",
        "prose-interview-027",
        "prose-interview-028",
        "prose-interview-035",
        "prose-press-063",
        "prose-press-074",
    },
    "scheme": set(),
}


@cache
def misread() -> dict[str, set[str]]:
    coder = Lexicon()
    wrong = {file.stem: evaluate(read_gold(file), coder, errors=True)["errors"] for file in GOLD}
    return {name: {error["id"] for error in errors} for name, errors in wrong.items()}


@pytest.mark.parametrize("name", MISREAD)
def test_each_gold_line_is_read_as_it_says(name: str) -> None:
    assert misread()[name] - MISREAD[name] == set()
