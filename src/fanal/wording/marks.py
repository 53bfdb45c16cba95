"""What marks a message that is said elsewhere, so that the catalogues hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator

CONTEXT = "\4"  # between a message and where it stands, as gettext keeps them
HOLE = re.compile("\ue000(\\w+)\ue001")  # of the private use area: no message has them


def N_(message: str) -> str:  # noqa: N802 the name that translators' tools know
    """Return a message that is said later."""
    return message


def NC_(context: str, message: str) -> str:  # noqa: N802
    """Return a message that reads otherwise where it stands: one English word, two in French."""
    return context + CONTEXT + message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Return a message of one and of many that is said later."""
    return one, many


def hole(name: str) -> str:
    """Return what keeps a place of a sentence open, for a link or what is set otherwise."""
    return f"\ue000{name}\ue001"


def pieces(told: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a sentence up to each hole, with the name of it; "" after the last."""
    words = HOLE.split(told)
    yield from zip(words[::2], [*words[1::2], ""], strict=True)
