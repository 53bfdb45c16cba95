"""Substances, their names, families of new ones and places: the vocabulary that coders match."""

from fanal.thesaurus.thesaurus import (
    AMBIGUITIES,
    KINDS,
    Alias,
    Family,
    Substance,
    Thesaurus,
    fold_name,
    load,
)

__all__ = [
    "AMBIGUITIES",
    "KINDS",
    "Alias",
    "Family",
    "Substance",
    "Thesaurus",
    "fold_name",
    "load",
]
