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
