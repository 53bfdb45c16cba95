"""Ids of accounts and devices, keys, internet addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("technical")
_IDS = ("uuid", "key", "fingerprint", "mac", "pgp", "mention", "snowflake")


def read(text: Views) -> Iterator[Span]:
    """Yield technical ids; releases of programs are numbered like internet addresses and stay."""
    folded = text.folded
    for name in _IDS:
        for match in _DATA[name].finditer(folded):
            yield Span(match.start(), match.end(), "user-id")
    for match in _DATA["account"].finditer(folded):
        group = match.lastgroup or "id"
        yield Span(match.start(group), match.end(group), "user-id")
    for match in _DATA["ip"].finditer(folded):
        if _is_internet(folded, match):
            yield Span(match.start(), match.end(), "ip")
    for match in _DATA["cased-long"].finditer(text.cased):
        token = match[0]
        plain = text.clean[match.start() : match.end()].isascii()
        if plain and sum(map(str.isdigit, token)) > 2 and sum(map(str.isalpha, token)) > 2:
            yield Span(match.start(), match.end(), "user-id")


def _is_internet(folded: str, match: re.Match[str]) -> bool:
    """Say whether this is an internet address, not the number of a release or of a telephone."""
    if _DATA["release-before"].search(folded[max(0, match.start() - 24) : match.start()]):
        return False
    if ":" in match[0]:
        return True
    return any(len(number) != 2 for number in match[0].split("."))
