"""Areas as tables write them: a code, a name of France's map or of a country."""

from __future__ import annotations

import re
from functools import lru_cache

from fanal.thesaurus import fold_name, load_places

# Unions of countries, not the communes that are spelled so: EU is not Eu (76255).
UNIONS = frozenset({"EU", "UE", "EEA", "EEE"})
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
