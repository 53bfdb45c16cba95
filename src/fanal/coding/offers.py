"""The grammar of offers: prices, quantities, bonuses, purity, strength and hours in one text."""

from __future__ import annotations

from collections.abc import Sequence

from fanal.coding.facts import Fact, Mention


def cues() -> frozenset[str]:
    """Return the folded terms whose presence makes a document worth reading for offers."""
    return frozenset()


def read(
    text: str, folded: str, mentions: Sequence[Mention], country: str | None = None
) -> list[Fact]:
    """Return the offers in a text, in order of their spans.

    `folded` is the text folded one code point to one; `mentions` are sorted by `start` and do
    not overlap; `country` (ISO 3166 alpha-2) is where the source sells, for a price without a
    currency.
    """
    return []
