"""Names of columns as they are compared: without case, accents and separators."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """Fold a column name for comparing: case, accents, separators."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())


def words_of(name: str) -> frozenset[str]:
    """Return the words of a column name, folded."""
    return frozenset(folded(name).split("_"))
