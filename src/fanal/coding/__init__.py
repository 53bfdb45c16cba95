"""Coders: from documents to observations."""

from fanal.coding.base import Coder
from fanal.coding.lexicon import Lexicon

BUILTIN: tuple[type[Coder], ...] = (Lexicon,)

__all__ = ["BUILTIN", "Coder", "Lexicon"]
