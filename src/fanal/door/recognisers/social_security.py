"""French numbers of social security."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("social_security")


def read(text: Views) -> Iterator[Span]:
    """Yield numbers by their shape, the key is not needed; postcodes in a row are none."""
    for match in _DATA["nir"].finditer(text.folded):
        if any(len(part) != 5 for part in re.findall(r"\d+", match[0])):
            yield Span(match.start(), match.end(), "nir")
