"""New names: what stands where known names stand is suggested, with what speaks for it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from fanal.coding.lexicon import Lexicon
from fanal.coding.names.discovery import Suggestion, _company, suggest

KNOWN = ("cocaïne", "héroïne", "kétamine", "mdma", "3-mmc")


def corpus(*known: str) -> pa.Table:
    """Lines of a market with known names, one that nobody knows, and talk about something else."""
    texts = []
    for number in range(8):
        texts += [f"je vends {name} {number + 1} g à 50 € ce soir" for name in known]
        texts.append(f"je vends zorblax {number + 1} g à 50 € ce soir")
        texts.append(f"le bus numéro {number} passe devant la gare chaque matin")
    days = [date(2025, 1, 1) + timedelta(number) for number in range(len(texts))]
    return pa.table({"text": texts, "day": days})


def found(*known: str) -> list[Suggestion]:
    return suggest(corpus(*known), Lexicon().vocabulary, limit=3)


def test_a_word_that_stands_where_names_stand_comes_first() -> None:
    first = found(*KNOWN)[0]
    assert (first.name, first.occurrences, first.documents) == ("zorblax", 8, 8)
    assert (first.beside_amounts, first.with_known, first.growth) == (1.0, 0.0, 1.0)
    assert first.examples == ((5, 9, 16), (12, 9, 16), (19, 9, 16))
    assert first.variant_of == ""


@pytest.mark.parametrize(("known", "enough"), [(5, True), (4, False)])
def test_nothing_is_learnt_from_fewer_than_five_names(known: int, enough: bool) -> None:
    assert bool(found(*KNOWN[:known])) is enough


def test_what_is_as_near_to_names_as_to_other_words_keeps_neither_company() -> None:
    known = np.arange(400) % 2 == 0
    assert _company(np.ones((400, 3)), known) == pytest.approx(np.zeros((400, 1)))
    apart = np.where(known[:, None], [1.0, 0.0], [0.0, 1.0])
    assert _company(apart, known)[:, 0] == pytest.approx(np.where(known, 1.0, -1.0))


def market() -> pa.Table:
    """Invented lines: two new names, one of two words, one with hyphens, a misspelling, a date."""
    names = ["cocaïne", "héroïne", "kétamine", "mdma", "3-mmc", "ghb", "lsd", "weed"]
    news = ["zorblax", "blue wump", "4-ho-zor", "kétaminne", "cz"]
    texts = []
    for n in range(6):
        texts += [f"je vends {name} {n + 1} g à {20 + n} € ce soir" for name in names]
        texts += [f"dispo {new} {n + 1} g à 50 €, aussi {names[n]}" for new in news[:4]]
        texts.append(f"le bus numéro {n} passe devant la gare chaque matin avec {names[-n]}")
        texts.append(f"le pain du matin, chaque jour {n} fois, cz 12-34")
    texts += ["arrivage zorblax zorblax ce matin", "arrivage de zorblax ce matin"]
    days = [date(2025, 1, 1) + timedelta(number // 9) for number in range(len(texts))]
    return pa.table({"text": texts, "day": days})


def rounded(found: list[Suggestion]) -> list[tuple[object, ...]]:
    return [
        (s.name, round(s.score, 2), s.occurrences, s.documents, round(s.similarity, 2),
         s.beside_amounts, s.with_known, s.growth, s.variant_of, s.examples[0])
        for s in found
    ]  # fmt: skip


def test_everything_that_is_known_of_each_new_word() -> None:
    found = suggest(market(), Lexicon().vocabulary)
    assert rounded(found) == [
        ("zorblax", 0.1, 9, 8, 0.07, 0.667, 0.75, 2.67, "", (8, 6, 13)),
        ("ce soir", 0.08, 48, 48, 0.17, 1.0, 1.0, 1.0, "", (0, 28, 35)),
        ("chaque jour", 0.06, 6, 6, 0.03, 1.0, 0.0, 1.67, "", (13, 18, 29)),
        ("fois", 0.06, 6, 6, 0.0, 1.0, 0.0, 1.67, "", (13, 32, 36)),
        ("blue wump", 0.06, 6, 6, 0.3, 1.0, 1.0, 1.67, "", (9, 6, 15)),
        ("passe devant", 0.05, 6, 6, 0.06, 1.0, 0.833, 1.67, "", (12, 16, 28)),
        ("du matin", 0.05, 6, 6, 0.0, 1.0, 0.0, 1.67, "", (13, 8, 16)),
        ("la gare", 0.05, 6, 6, 0.05, 1.0, 0.833, 1.67, "", (12, 29, 36)),
        ("je vends", 0.05, 48, 48, 0.05, 1.0, 1.0, 1.0, "", (0, 0, 8)),
        ("aussi", 0.05, 24, 24, 0.06, 1.0, 1.0, 1.89, "", (8, 26, 31)),
        ("zor", 0.04, 6, 6, 0.06, 1.0, 1.0, 1.67, "", (10, 11, 14)),
        ("le bus", 0.04, 6, 6, 0.03, 1.0, 0.833, 1.67, "", (12, 0, 6)),
        ("le pain", 0.02, 6, 6, 0.0, 0.0, 0.0, 1.67, "", (13, 0, 7)),
        ("chaque matin", 0.01, 6, 6, 0.06, 0.0, 0.833, 1.67, "", (12, 37, 49)),
        ("avec", 0.0, 6, 6, 0.05, 0.0, 0.833, 1.67, "", (12, 50, 54)),
        ("ketaminne", 0.06, 6, 6, 0.3, 1.0, 1.0, 1.67, "ketamine", (11, 6, 15)),
        ("numero", 0.02, 6, 6, 0.09, 1.0, 0.833, 1.67, "number", (12, 7, 13)),
    ]
    assert [s.resembles for s in found] == [
        "4-ho-mipt",
        "3-mmc",
        "cannabis",
        "4-ho-mipt",
        "4-ho-mipt",
        "cannabis",
        "4-ho-mipt",
        "cannabis",
        "heroin",
        "heroin",
        "cannabis",
        "cannabis",
        "cannabis",
        "cannabis",
        "cannabis",
        "4-ho-mipt",
        "cannabis",
    ]
    assert suggest(market(), Lexicon().vocabulary, limit=2) == found[:2]
    often = suggest(market(), Lexicon().vocabulary, fewest=7)
    assert {s.name for s in often} == {s.name for s in found if s.occurrences > 6}
    bare = suggest(market().select(["text"]), Lexicon().vocabulary)
    assert [s.growth for s in bare] == [round(1 / (s.occurrences + 1), 2) for s in bare]
