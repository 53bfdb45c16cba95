"""Areas as tables write them: a code, a name of France's map or of a country."""

from __future__ import annotations

import re
from functools import lru_cache

from fanal.importers.reading.column_words import words_of
from fanal.thesaurus import fold_name, load_places

# Unions of countries, not the communes that are spelled so: EU is not Eu (76255).
UNIONS = frozenset({"EU", "UE", "EEA", "EEE"})
_REGIONS = frozenset({"region", "regions", "reg", "regs"})
WIDE = 3  # characters of the code of a country, region or département; communes have more
_PARTS = re.compile(r"\s*[,;:()]\s*|\s+[-–—]\s+")
_IN = re.compile(r"\b(?:en|in|dans|au|aux|à)\s+(?:la\s+|le\s+|les\s+|l['’])?", re.IGNORECASE)


@lru_cache(16_384)
def area_code(text: str, widest: bool = False) -> str | None:
    """Return the code of an area; None if it is none that we know.

    With `widest`, a name that a commune shares with its département is the département.
    """
    places = load_places()
    code = text.strip().upper()
    if code in UNIONS and text.strip().isupper():
        return None
    padded = code.zfill(2) if code.isdigit() and len(code) < 2 else code
    if padded in places.places and (
        widest or not padded.isalpha()
    ):  # CA: a country, or California?
        return padded
    named = [n for n in places.by_fold.get(fold_name(text), ()) if widest or not n.ambiguous]
    if widest:
        named.sort(key=lambda n: (len(n.code) > 3, n.ambiguous, n.code))
    return named[0].code if named else None


def as_area(text: str, column: str) -> str:
    """Return a cell of a column of areas, with what the name of the column says of bare numbers.

    Regions have numbers that départements have too: under `Région` 32 is Hauts-de-France, and one
    of the regions of before 2016 is not on the map.

    >>> as_area("32", "Code région"), as_area("32", "Département"), as_area("31", "Région")
    ('R32', '32', 'Région 31')
    """
    number = text.strip()
    if not (number.isascii() and number.isdigit() and words_of(column) & _REGIONS):
        return text
    if len(number) > 2:
        return text
    code = f"R{number.zfill(2)}"
    if code in load_places().places:
        return code
    return f"{column} {number}" if area_code(number) else number


def area_in(title: str) -> str:
    """Return the country, region or département that a title names, the last part first; or "".

    >>> area_in("Passages aux urgences, Île-de-France"), area_in("Saisies de cocaïne")
    ('R11', '')
    """
    for part in reversed(_PARTS.split(title)):
        for said in (part, *_IN.split(part)[1:]):
            code = area_code(said, widest=True) if len(said) > WIDE else None
            if code and len(code) <= WIDE:
                return code
    return ""
