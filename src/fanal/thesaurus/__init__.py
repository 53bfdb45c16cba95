"""Substances, their names, families of new ones and places: the vocabulary that coders match."""

from fanal.thesaurus.concepts import (
    AMBIGUITIES,
    KINDS,
    LANGUAGES,
    Alias,
    Family,
    Substance,
    Thesaurus,
    fold_name,
    load,
    shipped,
)
from fanal.thesaurus.curation import add, check, remove, show
from fanal.thesaurus.names import named_in, resolve, surely_named
from fanal.thesaurus.places import Place, PlaceName, Places, load_places, regions_abroad
from fanal.thesaurus.unnamed import bared, denied, names_a_class, names_nothing, says_nothing_yet

__all__ = [
    "AMBIGUITIES",
    "KINDS",
    "LANGUAGES",
    "Alias",
    "Family",
    "Place",
    "PlaceName",
    "Places",
    "Substance",
    "Thesaurus",
    "add",
    "bared",
    "check",
    "denied",
    "fold_name",
    "load",
    "load_places",
    "named_in",
    "names_a_class",
    "names_nothing",
    "regions_abroad",
    "remove",
    "resolve",
    "says_nothing_yet",
    "shipped",
    "show",
    "surely_named",
]
