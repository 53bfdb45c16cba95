"""What the readers of a document hand to each other: hits of the scan, mentions, coded facts.

Spans are code points of the document's text (folding keeps them: one code point to one).
"""

from __future__ import annotations

from typing import Any, NamedTuple

CUT = 0.5  # facts below this confidence are kept and not counted


class Hit(NamedTuple):
    """A term of the shared scan, where it stands."""

    start: int
    stop: int
    term: str  # as it was given to the scan, folded


class Mention(NamedTuple):
    """A substance named in the text."""

    start: int
    stop: int
    substance: str
    confidence: float = 1.0
    ambiguous: bool = False  # an ordinary word too: counts beside a unit or a price


class Fact(NamedTuple):
    """One coded fact; `fields` has the names and normal forms of `Observation`."""

    kind: str
    start: int
    stop: int
    fields: dict[str, Any]
    confidence: float
    rule: str
