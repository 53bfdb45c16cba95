"""Geographic positions finer than a kilometre or so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("positions")
_MIXED = re.compile(r"\d.*[a-z]|[a-z].*\d")  # "4000+20" is a sum


def read(text: Views) -> Iterator[Span]:
    """Yield positions in degrees, in the codes of maps and in three words."""
    for name, pattern in _DATA.searched():
        for match in pattern.finditer(text.folded):
            if name != "open-location" or _MIXED.search(match[0]):
                yield Span(match.start(), match.end(), "gps")
