"""Wallets of crypto-currencies, where capitals count."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import CASED, recogniser
from fanal.door.spans import Span

_DATA = recogniser("wallets")


def read(text: Views) -> Iterator[Span]:
    """Yield wallets, by their currency."""
    for name, pattern in _DATA.searched():
        currency = name.removeprefix(CASED).partition("-")[0]
        for match in pattern.finditer(text.cased):
            if any(c.isdigit() for c in match[0][1:]):
                yield Span(match.start(), match.end(), f"wallet:{currency}")
