"""Numbers under which somebody is kept in a file: a procedure, a cell, a patient."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("file_numbers")
_LEAST = 4  # digits of a number that leads to somebody


def read(text: Views) -> Iterator[Span]:
    """Yield the numbers that the name of a file announces, without days and years."""
    for match in _DATA["said"].finditer(text.folded):
        start = match.start("number")
        head = _DATA["head"].match(match["number"])
        if head and head[1] in lexicon.words() and head[1] not in _DATA.words["file"]:
            start += head.end()  # "suivi depuis 2019"
        number = text.folded[start : match.end("number")]
        if sum(map(str.isdigit, number)) >= _LEAST and not _DATA["day"].match(number):
            yield Span(start, match.end("number"), "reference")
