"""Platforms: apps named in a text, and what part they play in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fanal.coding.facts import Fact, Hit, Mention


@dataclass(frozen=True)
class Platforms:
    """The names of platforms; `phrases` go into the shared scan."""

    phrases: frozenset[str]

    @classmethod
    def load(cls, path: Path | None = None) -> Platforms:
        """Return the shipped names, or those of a user's file."""
        return cls(frozenset())

    def read(self, folded: str, hits: Sequence[Hit], mentions: Sequence[Mention]) -> list[Fact]:
        """Return the platforms named in a text; hits of other vocabularies are passed over."""
        return []
