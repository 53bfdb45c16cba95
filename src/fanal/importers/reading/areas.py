"""Areas as tables write them: a code, a name of France's map or of a country."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from fanal.importers.reading.column_words import words_of
from fanal.importers.reading.periods import period_in
from fanal.thesaurus import fold_name, load_places, regions_abroad

# Unions of countries, not the communes that are spelled so: EU is not Eu (76255).
UNIONS = frozenset({"EU", "UE", "EEA", "EEE"})
_REGIONS = frozenset({"region", "regions", "reg", "regs"})
_PROVINCES = words_of("provincia provincias province provincie provinz")  # which no map of ours has
WIDE = 3  # characters of the code of a country, region or département; communes have more
_PARTS = re.compile(r"\s*[,;:()]\s*|\s+[-–—]\s+")
_IN = re.compile(r"\b(?:en|in|dans|au|aux|à)\s+(?:la\s+|le\s+|les\s+|l['’])?", re.IGNORECASE)


_NUMBERED = re.compile(
    r"(?P<number>\d{1,5}|2[ABab]\d{0,3}|[A-Z]\d{8})(?:\s*[-–:.]\s*|\s+)(?P<name>[^\W\d_]{2}\D*)"
)  # a code before a name

LEVELS = ("commune", "département", "région", "country")  # the finest first
# what a column may be called whose cells are all of one kind of place
_NAMED = {
    "country": words_of(
        "pays pais paises country countries paese paesi staat nation location iso iso3 alpha3"
    ),
    "région": _REGIONS,
    "département": words_of("departement departements dep deps dept depts dpt dpts") | _PROVINCES,
    "commune": words_of("commune communes ville villes city cities town towns municipality codgeo"),
}
_OWN = {"EL": "GR", "UK": "GB"}  # the Union's codes of countries that are not the standard's
_LANGUAGES = ("de", "es", "it", "nl")
KNOWN = 5_000  # inhabitants from which on a town is meant though its name is also a word: Calais
RIVAL = 0.5  # of the inhabitants of a town, from which on another of its name may be meant


# parts of what their names are found by elsewhere: regions of before 2016, towns and states abroad
_PARTS_OF = frozenset(map(fold_name, (
    "Amsterdam", "Anvers", "Antwerp", "Barcelone", "Bruxelles", "Brussels", "Cali", "California",
    "Californie", "Geneva", "Genève", "Prague", "Rotterdam", "Saint-Domingue",
    "Alsace", "Aquitaine", "Auvergne", "Basse-Normandie", "Bourgogne", "Champagne-Ardenne",
    "Franche-Comté", "Haute-Normandie", "Languedoc-Roussillon", "Limousin", "Lorraine",
    "Midi-Pyrénées", "Nord-Pas-de-Calais", "Picardie", "Poitou-Charentes", "Rhône-Alpes",
)))  # fmt: skip
_WHOLE = {fold_name(name): "FR" for name in ("France entière", "Ensemble de la France")}


def is_part(text: str) -> bool:
    """Say whether a name is of a part of the area which it is found by: Limousin, Amsterdam."""
    return fold_name(text) in _PARTS_OF


@lru_cache(1_024)
def level_of(column: str) -> str:
    """Return of which kind of place a column is by its name; "" for none, or several.

    >>> level_of("Code département"), level_of("geo")
    ('département', '')
    """
    words = words_of(column)
    levels = [level for level, names in _NAMED.items() if words & names]
    return levels[0] if len(levels) == 1 else ""


@lru_cache(16_384)
def area_code(text: str, widest: bool = False, level: str = "") -> str | None:
    """Return the code of an area; None if it is none that we know.

    With `widest`, a name that a commune shares with its département is the département; with a
    `level`, it is the place of that kind.
    """
    places = load_places()
    code = text.strip().upper()
    if code in UNIONS and text.strip().isupper():
        return None
    if text.strip().isupper() and code in _OWN:
        return _OWN[code]
    if level == "country" and (standard := _standard(code)):
        return standard
    padded = code.zfill(2) if code.isdigit() and len(code) < 2 else code
    if padded in places.places and (
        widest or level == "country" or not padded.isalpha()
    ):  # CA: a country, or California?
        return padded
    if level and (found := _of_level(text, level)):
        return found
    if whole := _WHOLE.get(fold_name(text)):
        return whole
    if widest and (region := _region_abroad(text)):
        return region
    named = [n for n in places.by_fold.get(fold_name(text), ()) if widest or not n.ambiguous]
    if widest:
        named.sort(key=lambda n: (len(n.code) > 3, n.ambiguous, n.code))
    if named:
        return named[0].code
    if (widest or level == "country") and (country := _abroad().get(fold_name(text))):
        return country
    return _numbered(text, level) if widest else None


def _region_abroad(text: str) -> str | None:
    """Return the code of a region abroad, by it or by its name: `Madrid, Comunidad de`.

    Registers turn names round, for the word that tells them apart to stand first.
    """
    known, turned = regions_abroad(), re.sub(r"^([^,]+),\s*([^,]+)$", r"\2 \1", text.strip())
    found = known.get(text.strip()) or known.get(fold_name(text)) or known.get(fold_name(turned))
    return found.code if found else None


def _numbered(text: str, level: str) -> str | None:
    """Return the area of a name with a number before it, which says another thing elsewhere.

    `01 Andalucía` is no Ain. Towns are known by their whole number alone: `59350 Lille`.
    """
    found = _NUMBERED.fullmatch(text.strip())
    code = area_code(found["name"], widest=True, level=level) if found else None
    if found is None or code is None or not (is_wide(code) or code == found["number"]):
        return None
    return code


def is_wide(code: str) -> bool:
    """Say whether a code is that of a country, a region or a département: no town's."""
    return len(code) <= WIDE or code in regions_abroad()


def is_sure(text: str) -> bool:
    """Say whether a label is an area wherever it stands: `Hommes` is a town, and men elsewhere."""
    code = area_code(text, widest=True)
    return code is not None and (is_wide(code) or area_code(text) is not None)


def around(code: str) -> tuple[str, ...]:
    """Return the codes of the places around one that `area_code` knows."""
    if code in regions_abroad():
        return (regions_abroad()[code].parent,)
    return load_places().around(code) if code in load_places().places else ()


@lru_cache(16_384)
def _of_level(text: str, level: str) -> str | None:
    """Return the place of a kind that has a name for its own; None where towns as large have it.

    A small town whose name is a word as well is not surely meant: Mars, Y.
    """
    places, folded = load_places(), fold_name(text)
    named = {n.code: n.ambiguous for n in places.by_fold.get(folded, ())}
    found = [
        place for code, ambiguous in named.items()
        if (place := places.places[code]).kind == level and fold_name(place.name) == folded
        and not (ambiguous and level == "commune" and place.population < KNOWN)
    ]  # fmt: skip
    if not found or (len(found) > 1 and found[1].population >= RIVAL * found[0].population):
        return None
    return found[0].code


def _standard(code: str) -> str | None:
    """Return the code of a country by its code of three letters, which may be a word elsewhere."""
    (alias, *more) = _aliases().get(code, [""]) if len(code) == 3 and code.isalpha() else [""]
    return alias if not more and alias in load_places().places else None


@cache
def _aliases() -> dict[str, list[str]]:
    from babel.core import get_global

    return dict(get_global("territory_aliases"))


@cache
def _abroad() -> dict[str, str]:
    """Return countries as the neighbours' languages call them: name, folded → code."""
    from babel import Locale

    named = [Locale.parse(language).territories.items() for language in _LANGUAGES]
    known = load_places().places
    return {fold_name(name): code for names in named for code, name in names if code in known}


def as_area(text: str, column: str) -> str:
    """Return a cell of a column of areas, with what the name of the column says of it.

    Regions have numbers that départements have too: under `Région` 32 is Hauts-de-France, and one
    of the regions of before 2016 is not on the map. A name that places of several kinds have is
    that of the column's kind.

    >>> as_area("32", "Code région"), as_area("32", "Département"), as_area("31", "Région")
    ('R32', '32', 'Région 31')
    >>> as_area("Granada", "Provincia"), as_area("Granada", "País")
    ('Provincia Granada', 'GD')
    >>> as_area("Bretagne", "Région"), as_area("Paris", "Département"), as_area("Paris", "Commune")
    ('R53', '75', '75056')
    """
    number, level = text.strip(), level_of(column)
    if level == "country":
        return area_code(number, widest=True, level=level) or text
    if not (number.isascii() and number.isdigit()):
        known = (level and number and _of_level(number, level)) or text
        return f"{column} {number}" if known == text and _is_elsewhere(number, column) else known
    if level != "région" or len(number) > 2:
        return text
    code = f"R{number.zfill(2)}"
    if code in load_places().places:
        return code
    return f"{column} {number}" if area_code(number) else number


def _is_elsewhere(name: str, column: str) -> bool:
    """Say whether a province has the name of a country or a town of ours: Granada is no Grenada."""
    code = area_code(name, widest=True) if words_of(column) & _PROVINCES else None
    return code is not None and code not in regions_abroad()


def area_in(title: str) -> str:
    """Return the country, region or département that a title names, the last part first; or "".

    >>> area_in("Passages aux urgences, Île-de-France"), area_in("Saisies de cocaïne")
    ('R11', '')
    """
    for part in reversed(_PARTS.split(title)):
        for said in (part, *_IN.split(part)[1:]):
            if code := _wide(said):
                return code
    return ""


def _wide(said: str) -> str:
    """Return the code of a country, region or département by its whole name; "" for none."""
    code = area_code(said, widest=True) if len(said) > WIDE and not is_part(said) else None
    return code if code and is_wide(code) else ""


def is_place(line: str) -> bool:
    """Say whether a line above a table names a place, and a period at most.

    >>> is_place("Deutschland, 2023"), is_place("Drogentote in Deutschland")
    (True, False)
    """
    parts = [part for part in _PARTS.split(line) if part]
    places = list(filter(None, map(_wide, parts)))
    return bool(places) and all(_wide(part) or period_in(part) for part in parts)
