"""Word lists of the door: first names, family names, common words, words that are never names."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from fanal import thesaurus
from fanal.door.normalise import fold


def _lines(name: str) -> list[str]:
    text = files("fanal.door").joinpath("lists", name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def first_names() -> dict[str, bool]:
    """Return folded first names; True where the name is also a word, a place or a drug."""
    return {line.rstrip("?!~"): "?" in line for line in _lines("first_names.txt")}


@cache
def rare_names() -> frozenset[str]:
    """Return the first names too rare to be one in small letters without words that say so."""
    return frozenset(line[:-1] for line in _lines("first_names.txt") if line.endswith("~"))


@cache
def drugs() -> frozenset[str]:
    """Return every name of a substance, folded, words joined by hyphens as in `never_names`."""
    return frozenset(
        re.sub(r"[\s\-]+", "-", fold(alias.alias).strip()) for alias in thesaurus.load().aliases
    ) - {""}


@cache
def small_names() -> frozenset[str]:
    """Return the first names that are words too, yet often names where no capitals are used."""
    return frozenset(line[:-2] for line in _lines("first_names.txt") if line.endswith("!"))


@cache
def last_names() -> frozenset[str]:
    """Return folded family names."""
    return frozenset(line.rstrip("?") for line in _lines("last_names.txt"))


@cache
def everyday() -> frozenset[str]:
    """Return the family names that are everyday words too: petit, may, page."""
    return frozenset(line[:-1] for line in _lines("last_names.txt") if line.endswith("?"))


@cache
def countries() -> frozenset[str]:
    """Return the names of countries in one word, French and English, folded."""
    table = files("fanal.thesaurus").joinpath("places", "countries.tsv").read_text("utf-8")
    return frozenset(
        fold(name) for line in table.splitlines()[1:] for name in line.split("\t")[1:3]
    )


@cache
def words() -> frozenset[str]:
    """Return common French and English words, folded."""
    return frozenset(_lines("words.txt")) | never_names()


@cache
def never_names() -> frozenset[str]:
    """Return folded words that look like names and are drugs, brands, places or peoples."""
    return frozenset(_lines("never_names.txt"))


@cache
def helplines() -> tuple[tuple[str, str], ...]:
    """Return country and national number, digits only, of the public helplines."""
    rows = (line.split("\t") for line in _lines("helplines.tsv")[1:])
    return tuple((row[0], row[1]) for row in rows)
