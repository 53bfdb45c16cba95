"""Numbers of identity papers and of files that an office keeps on somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("paperwork")
_LETTERS_OF_DNI = "trwagmyfpdxbnjzsqvhlcke"
_LEAST = 5  # digits of a number that identifies somebody


def read(text: Views) -> Iterator[Span]:
    """Yield the numbers that a word announces, and those with the shape of a paper."""
    said = (_DATA[name].finditer(text.folded) for name in ("said", "numbered"))
    for match in chain.from_iterable(said):
        number = _number(match["paper"])
        if sum(c.isdigit() for c in number) >= _LEAST and not (
            _DATA["date"].search(number)
            or (match[0].startswith("patient") and _DATA["amount"].match(number))
        ):
            yield Span(match.start("paper"), match.start("paper") + len(number), "id-document")
    for match in _DATA["shaped"].finditer(text.folded):
        if match["dni"] and _LETTERS_OF_DNI[int(match["dni"]) % 23] != match["letter"]:
            continue
        yield Span(match.start(), match.end(), "id-document")


def _number(paper: str) -> str:
    """Return what of the words after a cue is a number: "2024/PSY/08841" of "… du parquet"."""
    if _DATA["preposition"].match(paper):
        return ""
    kept: list[str] = []
    for part in re.split(r"(?<=[ .\-/])", paper):
        word = part.strip(" .-/")
        joined = part[-1] in "-/" and len(word) < 6
        if not any(c.isdigit() for c in part) and len(word) > 2 and not joined:
            break
        kept.append(part)
    while kept and len(kept[-1].strip(" .-/")) > 1 and not any(map(str.isdigit, kept[-1])):
        kept.pop()
    return "".join(kept).rstrip(" .-/")
