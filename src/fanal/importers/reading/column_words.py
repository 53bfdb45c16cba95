"""Names of columns as they are compared: without case, accents and separators."""

from __future__ import annotations

from functools import lru_cache

from fanal.text.folding import bare


@lru_cache(16_384)
def folded(name: str) -> str:
    """Fold a column name for comparing: case, accents, separators."""
    return "_".join("".join(c if c.isalnum() else " " for c in bare(name).casefold()).split())


@lru_cache(16_384)
def words_of(name: str) -> frozenset[str]:
    """Return the words of a column name, folded."""
    return frozenset(folded(name).split("_"))
