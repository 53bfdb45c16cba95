"""Dates of birth, with the words that announce them."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("birthdates")


def read(text: Views) -> Iterator[Span]:
    """Yield dates of birth; an association or a product is born without being somebody."""
    for _, pattern in _DATA.searched():
        for match in pattern.finditer(text.folded):
            before = text.folded[max(0, match.start() - 60) : match.start()]
            if not _DATA["founded-before"].search(before):
                yield Span(match.start(), match.end(), "birthdate")
