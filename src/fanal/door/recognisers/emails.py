"""E-mail addresses, plain or with @ and dots spelt out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.recognisers import links
from fanal.door.recognisers.handles import APP_OF
from fanal.door.spans import Span

_DATA = recogniser("emails")


def read(text: Views) -> Iterator[Span]:
    """Yield e-mail addresses."""
    for _, pattern in _DATA.searched():
        for match in pattern.finditer(text.folded):
            if _is_mailed(text.folded, match):
                yield Span(match.start(), match.end(), "email")


def _is_mailed(folded: str, match: re.Match[str]) -> bool:
    """Say whether this is an address: not "chez lui, point de vente", nor "insta @name.of.it"."""
    if said := _DATA["said-at"].search(match[0]):
        provided = _DATA["provider"].match(match[0], said.end())
        if not (_DATA["dot"].search(match[0]) or _DATA["at-provider"].search(match[0])):
            return False
        if not provided and not links.is_address(folded, match.start() + said.end(), match.end()):
            return False
    mention = _DATA["mention"].match(match[0])
    return not (mention and (mention[1] in APP_OF or mention[1] in lexicon.words()))
