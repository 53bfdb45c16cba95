"""Communes, départements, régions, countries and what people call them.

Codes are the normal form of a `place`: an INSEE commune (`69123`, `2A004`), a département (`92`,
`2A`, `974`), a région (`R84`), a country (ISO 3166 alpha-2, `BO`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import NamedTuple

from fanal.thesaurus.concepts import fold_name, read_rows


class Place(NamedTuple):
    """A place of the official lists.

    `kind` is `commune`, `arrondissement` (of Paris, Lyon, Marseille), `département`, `région` or
    `country`; `parent` the code of the place around it; `population` 0 where unknown.
    """

    code: str
    name: str
    kind: str
    parent: str = ""
    population: int = 0
    postcodes: tuple[str, ...] = ()


class PlaceName(NamedTuple):
    """A name of a place; `ambiguous` where it is also an ordinary word, so that context decides."""

    name: str
    code: str
    language: str
    ambiguous: bool


@dataclass(frozen=True)
class Places:
    """All places by code, and all their names."""

    places: dict[str, Place]
    names: tuple[PlaceName, ...]

    @cached_property
    def by_fold(self) -> dict[str, tuple[PlaceName, ...]]:
        """The places of each name, by its fold, the most populous first."""
        found: dict[str, list[PlaceName]] = {}
        for name in self.names:
            found.setdefault(fold_name(name.name), []).append(name)
        return {
            folded: tuple(sorted(names, key=lambda n: -self.places[n.code].population))
            for folded, names in found.items()
        }

    def around(self, code: str) -> tuple[str, ...]:
        """Return the codes of the places around one: département, région, country."""
        found: list[str] = []
        while parent := self.places[code].parent:
            found.append(parent)
            code = parent
        return tuple(found)


@cache
def load_places() -> Places:
    """Return the places that ship."""
    folder = files(__package__) / "places"
    columns: tuple[str, ...] = ("code", "name_fr", "name_en", "ambiguous")
    countries = list(read_rows(folder / "countries.tsv", columns))
    columns = ("code", "name", "parent", "population", "postcodes", "ambiguous")
    communes = list(read_rows(folder / "communes.tsv", columns))
    places = [Place(row["code"], row["name_fr"], "country") for row in countries]
    for row in read_rows(folder / "regions.tsv", ("code", "name")):
        places.append(Place(row["code"], row["name"], "région", "FR"))
    for row in read_rows(folder / "departements.tsv", ("code", "name", "region", "chief_town")):
        places.append(Place(row["code"], row["name"], "département", row["region"]))
    wide = [place for place in places if place.kind != "country"]
    for row in communes:
        kind = "arrondissement" if len(row["parent"]) == 5 else "commune"
        population, postcodes = int(row["population"]), tuple(row["postcodes"].split())
        places.append(Place(row["code"], row["name"], kind, row["parent"], population, postcodes))
    # of one name, the town comes before its département and its région, and these before a country
    names = [PlaceName(r["name"], r["code"], "fr", r["ambiguous"] == "1") for r in communes]
    words = {fold_name(name.name) for name in names if name.ambiguous}
    names += [PlaceName(p.name, p.code, "fr", fold_name(p.name) in words) for p in wide]
    for row in countries:
        doubtful = row["ambiguous"] == "1"  # China and china
        names.append(PlaceName(row["name_fr"], row["code"], "fr", doubtful))
        names.append(PlaceName(row["name_en"], row["code"], "en", doubtful))
    for row in read_rows(folder / "names.tsv", ("name", "code", "language", "ambiguous")):
        names.append(PlaceName(row["name"], row["code"], row["language"], row["ambiguous"] == "1"))
    return Places({place.code: place for place in places}, tuple(names))


@cache
def regions_abroad() -> dict[str, Place]:
    """Return the regions of countries around, by their codes and by their names, folded.

    They are areas of official tables, and none of the places that are looked for in texts. A code
    is that of the European nomenclature (`ES61`), or of ISO 3166 where it has none (`GB-ENG`).
    """
    found: dict[str, Place] = {}
    columns = ("code", "name", "country", "also")
    for row in read_rows(files(__package__) / "places" / "regions_abroad.tsv", columns):
        place = Place(row["code"], row["name"], "région", row["country"])
        names = [name for name in (place.name, *row["also"].split("|")) if name]
        found |= {place.code: place} | {fold_name(name): place for name in names}
    return found


def place_name(code: str, language: str) -> str | None:
    """Return what people call the place of a code, in `fr` or `en`; None where it is no code.

    >>> place_name("13", "en"), place_name("ES61", "fr"), place_name("lille", "fr")
    ('Bouches-du-Rhône', 'Andalucía', None)
    """
    if not _CODE.fullmatch(code):
        return None
    if code not in load_places().places:
        return regions_abroad()[code].name if code in regions_abroad() else None
    place = load_places().places[code]
    if place.kind == "country" and language == "en":
        return _english().get(code, place.name)
    return place.name


_CODE = re.compile(r"[0-9A-Z]{2,5}|[A-Z]{2}-[A-Z]{3}")  # a site is written in small letters


@cache
def _english() -> dict[str, str]:
    countries = read_rows(files(__package__) / "places" / "countries.tsv",
                          ("code", "name_fr", "name_en", "ambiguous"))  # fmt: skip
    return {row["code"]: row["name_en"] for row in countries}
