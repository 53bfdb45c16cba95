"""Names of columns as they are compared: without case, accents and separators."""

from __future__ import annotations

from fanal.text.folding import bare


def folded(name: str) -> str:
    """Fold a column name for comparing: case, accents, separators."""
    return "_".join("".join(c if c.isalnum() else " " for c in bare(name).casefold()).split())


def words_of(name: str) -> frozenset[str]:
    """Return the words of a column name, folded."""
    return frozenset(folded(name).split("_"))
