"""A stretch of text that identifies someone, and how overlapping ones become one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """An identifier at [start, stop) in code points; `kind` is its class, say `phone:FR`."""

    start: int
    stop: int
    kind: str

    @property
    def placeholder(self) -> str:
        """Return what stands for it in the text."""
        return f"[{self.kind}]"


# Classes of identifiers. Where two overlap, the one that comes first names what covers both.
CLASSES = (
    "email", "link", "wallet", "iban", "nir", "card", "id-document", "reference", "phone", "gps",
    "ip", "address", "code", "plate", "birthdate", "user-id", "handle", "role", "name",
)  # fmt: skip
_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(CLASSES)})(?::[A-Za-z0-9-]{{1,12}})?\]")
_RANK = {kind: rank for rank, kind in enumerate(CLASSES)}


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, overlapping ones joined under the class that ranks first."""
    out: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.stop:
            continue
        if out and span.start < out[-1].stop:
            last = out[-1]
            kind = min(last.kind, span.kind, key=_rank)
            out[-1] = Span(last.start, max(last.stop, span.stop), kind)
        else:
            out.append(span)
    return out


def unmasked(text: str) -> str:
    """Return a text in which nobody reads the placeholders of what is masked."""
    return _PLACEHOLDER.sub(_hide, text) if "[" in text else text


def _hide(match: re.Match[str]) -> str:
    return "\x01" * (match.end() - match.start())


def overlapping(span: Span, others: Iterable[Span]) -> bool:
    """Say whether a span shares a character with one of others."""
    return any(span.start < other.stop and other.start < span.stop for other in others)


def _rank(kind: str) -> tuple[int, bool]:
    return _RANK.get(kind.partition(":")[0], len(CLASSES)), ":" not in kind
