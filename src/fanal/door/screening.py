"""The first look at a batch: which texts could hold an identifier at all."""

from __future__ import annotations

from collections.abc import Sequence

from fanal.door.normalise import is_clean


def unclean(texts: Sequence[str]) -> list[int]:
    """Return the texts that are not yet in the form that is stored."""
    return [index for index, text in enumerate(texts) if not is_clean(text)]


def suspects(texts: Sequence[str]) -> list[int]:
    """Return the texts that the scanner must read."""
    return list(range(len(texts)))
