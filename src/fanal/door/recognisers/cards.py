"""Numbers of bank cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.recognisers.phones import is_of_a_thing
from fanal.door.spans import Span

_DATA = recogniser("cards")
_LENGTHS = (15, 16)


def read(text: Views) -> Iterator[Span]:
    """Yield numbers of cards: written in groups, of a card's length, or with its check digit."""
    for match in _DATA["card"].finditer(text.folded):
        digits = re.sub(r"\D", "", match[0])
        shaped = len(match[0]) > len(digits) or len(digits) in _LENGTHS
        if (shaped or luhn(digits)) and not is_of_a_thing(text.folded, match.start()):
            yield Span(match.start(), match.end(), "card")


def luhn(digits: str) -> bool:
    """Say whether digits end in their Luhn check digit."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(map(int, "".join(map(str, doubled)))) % 10 == 0
