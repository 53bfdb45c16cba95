"""Roles that single out one person: "le pharmacien de Plouzélan"."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("offices")


def read(text: Views) -> Iterator[Span]:
    """Yield roles with the name of the one place where there is one of them."""
    for match in _DATA["cased-of-place"].finditer(text.cased):
        yield Span(match.start("role"), match.end("role"), "role")
