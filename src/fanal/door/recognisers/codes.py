"""Codes of doors, gates and key boxes, passwords, prepaid vouchers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("codes")
_CLOSING = ".,;:!?)\"'»"


def read(text: Views) -> Iterator[Span]:
    """Yield what opens something to whoever reads it, with the words that announce it."""
    folded = text.folded
    for match in _DATA["door"].finditer(folded):
        if _is_door(folded, match):
            yield Span(match.start(), match.end(), "code")
    for match in _DATA["bell"].finditer(folded):
        yield Span(match.start(), match.end(), "code")
    yield from _secrets(folded)
    for match in _DATA["voucher"].finditer(folded):
        if sum(c.isdigit() for c in match["voucher"]) > 3:
            yield Span(match.start("voucher"), match.end("voucher"), "code")
    for match in _DATA["bare"].finditer(folded):
        yield Span(match.start("code"), match.end("code"), "code")
    for name in ("dialled", "to-get-in"):
        for match in _DATA[name].finditer(folded):
            code = re.sub(r"\W", "", match["code"])
            counted = _DATA["amount-or-times-after"].match(folded, match.end())
            if len(code) >= 4 and not counted and not _DATA["amount"].match(code):
                yield Span(match.start(), match.end(), "code")


def _is_door(folded: str, match: re.Match[str]) -> bool:
    """Say whether what a word announces is the code of a door, no promotion and no amount."""
    after = folded[match.end("code") : match.end("code") + 12]
    if any(_DATA["no-door"].search(near) for near in (match[0], after)):
        return False
    code = re.sub(r"\W", "", match["code"])
    least = 4 if _DATA["plain"].match(match[0]) else 3
    return len(code) >= least and not _DATA["amount-after"].match(folded, match.end())


def _secrets(folded: str) -> Iterator[Span]:
    for match in _DATA["secret"].finditer(folded):
        secret = match["secret"].rstrip(_CLOSING)
        mixed = any(c.isdigit() or c in "-_#@$*+=&!" for c in secret)
        if len(secret) > 3 and (mixed or (match["sign"] and secret not in lexicon.words())):
            start = match.start("secret")
            yield Span(start, start + len(secret), "code")
