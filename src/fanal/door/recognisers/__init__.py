"""What identifies somebody: one recogniser each, with its words and shapes in a file beside it.

Where they overlap the order of `patterns.NAMES` is precedence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from fanal.door.normalise import Views
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
