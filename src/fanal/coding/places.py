"""Places: communes, départements, régions and countries, where the context says a place is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fanal.coding.facts import Fact, Hit, Mention


@dataclass(frozen=True)
class Gazetteer:
    """The names of places; `phrases` go into the shared scan."""

    phrases: frozenset[str]

    @classmethod
    def load(cls, path: Path | None = None) -> Gazetteer:
        """Return the shipped names, or those of a user's file."""
        return cls(frozenset())

    def read(self, folded: str, hits: Sequence[Hit], mentions: Sequence[Mention]) -> list[Fact]:
        """Return the places named in a text; hits of other vocabularies are passed over."""
        return []
