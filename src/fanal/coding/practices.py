"""Practices: the codes of the scheme that are told by words, with their rules kept as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fanal.coding.facts import Fact, Hit, Mention


@dataclass(frozen=True)
class Rules:
    """The lexical rules of the practices; `phrases` go into the shared scan."""

    phrases: frozenset[str]

    @classmethod
    def load(cls, path: Path | None = None) -> Rules:
        """Return the shipped rules, or those of a user's file."""
        return cls(frozenset())

    def read(self, folded: str, hits: Sequence[Hit], mentions: Sequence[Mention]) -> list[Fact]:
        """Return the practices said in a text; hits of other vocabularies are passed over."""
        return []
