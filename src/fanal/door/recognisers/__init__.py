"""What identifies somebody: one recogniser each, with its words and shapes in a file beside it.

Where they overlap the order of `patterns.NAMES` is precedence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.recognisers import (
    addresses,
    banking,
    birthdates,
    cards,
    codes,
    emails,
    file_numbers,
    handles,
    links,
    names,
    offices,
    paperwork,
    phones,
    plates,
    positions,
    social_security,
    technical,
    wallets,
)
from fanal.door.spans import Span

READERS: Mapping[str, Callable[[Views], Iterator[Span]]] = {
    "wallets": wallets.read,
    "emails": emails.read,
    "links": links.read,
    "banking": banking.read,
    "cards": cards.read,
    "positions": positions.read,
    "birthdates": birthdates.read,
    "social_security": social_security.read,
    "paperwork": paperwork.read,
    "technical": technical.read,
    "phones": phones.read,
    "addresses": addresses.read,
    "codes": codes.read,
    "plates": plates.read,
    "file_numbers": file_numbers.read,
    "handles": handles.read,
    "offices": offices.read,
    "names": names.read,
}

# Words directly before what is found that leave no doubt, by its class.
_SURE: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "address": (recogniser("addresses")["dwelling-before"],),
}
_CALLED = tuple(recogniser("names")[name] for name in ("before-strong", "at"))
_AROUND = 48  # characters


def certain(text: Views, span: Span) -> bool:
    """Say whether words directly before what was found leave no doubt: "je m'appelle", "habite"."""
    before = text.folded[max(0, span.start - _AROUND) : span.start]
    cues = (*_CALLED, *_SURE.get(span.kind.partition(":")[0], ()))
    return any(cue.search(before) for cue in cues)
