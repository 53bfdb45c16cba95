"""Word lists of the door: first names, family names, common words, words that are never names."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from fanal import thesaurus
from fanal.door.normalise import fold

_TOWN = 5_000  # inhabitants from which on a commune is known by its name


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
        re.sub(r"[\s\-]+", "-", fold(alias.alias).strip()) for alias in thesaurus.shipped().aliases
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
def protected() -> dict[str, str]:
    """Return what no list of names and no capital makes a person: folded name → its kind.

    Kinds: medicine, eponym, institution, brand, figure (artists, politicians, authors, saints,
    works), quarter, place. Names of substances are `drugs()`. Places of the thesaurus are among
    them, communes from 5,000 inhabitants on; left out are those that people bear as names.
    """
    names = {fold(row[0]): row[1] for row in map(_cells, _lines("protected.tsv")[1:])}
    return dict.fromkeys(_places(), "place") | names


def _cells(line: str) -> list[str]:
    return line.split("\t")


def _places() -> frozenset[str]:
    """Return towns, départements, regions and countries, folded, but those that people bear."""
    folder = files("fanal.thesaurus").joinpath("places")
    tables = {
        name: [_cells(line) for line in folder.joinpath(name).read_text("utf-8").splitlines()[1:]]
        for name in ("communes.tsv", "departements.tsv", "regions.tsv")
    }
    towns = (row for row in tables.pop("communes.tsv") if int(row[3] or 0) >= _TOWN)
    areas = (row for rows in tables.values() for row in rows)
    found = {fold(row[1]) for rows in (towns, areas) for row in rows}
    sure = {name for name, is_word in first_names().items() if not is_word}
    borne = (first_names().keys() | last_names()) - never_names()
    return frozenset(found | countries()) - borne - sure


@cache
def words() -> frozenset[str]:
    """Return common French and English words, folded."""
    return frozenset(_lines("words.txt")) | never_names()


@cache
def never_names() -> frozenset[str]:
    """Return folded words that look like names and are drugs, brands, places or peoples."""
    return frozenset(_lines("never_names.txt"))


@cache
def regions() -> tuple[str, ...]:
    """Return the regions of countries around, as their official tables write them."""
    return tuple(_lines("regions.txt"))


@cache
def measures() -> tuple[str, ...]:
    """Return folded words by which official tables say what they measure."""
    return tuple(_lines("measures.txt"))


@cache
def helplines() -> tuple[tuple[str, str], ...]:
    """Return country and national number, digits only, of the public helplines."""
    rows = (line.split("\t") for line in _lines("helplines.tsv")[1:])
    return tuple((row[0], row[1]) for row in rows)


@cache
def helpline_names() -> tuple[tuple[str, str, str], ...]:
    """Return country, national number and folded service of the public helplines."""
    rows = (line.split("\t") for line in _lines("helplines.tsv")[1:])
    return tuple((row[0], row[1], fold(row[2].partition(", formerly")[0])) for row in rows)
