"""Dates of birth, with the words that announce them."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span
from fanal.door.things import is_day_of_event

_DATA = recogniser("birthdates")


def read(text: Views) -> Iterator[Span]:
    """Yield dates of birth; an association or a product is born without being somebody."""
    for _, pattern in _DATA.searched():
        for match in pattern.finditer(text.folded):
            before = text.folded[max(0, match.start() - 60) : match.start()]
            if not _DATA["founded-before"].search(before):
                yield Span(match.start(), match.end(), "birthdate")


def days_of_events(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the days when something happened, was published or founded: nobody's birth."""
    for match in _DATA["day"].finditer(folded):
        before = folded[max(0, match.start() - 60) : match.start()]
        born = _DATA["born-before"].search(before)
        founded = born and _DATA["founded-before"].search(before[: born.start()])
        if founded or is_day_of_event(folded, *match.span()):
            yield match.span()
