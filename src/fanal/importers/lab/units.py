"""Units as laboratories write them: in headers, in cells, in a column of their own."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from fanal.importers.reading.column_words import words_of

_PIECES = (
    ("tablet", r"comprim[ée]s?|comprimidos?|cpr?s?|comp\.?|compress[ea]|pill(?:e|en|s)?|pil"),
    ("tablet", r"pastillas?|tab(?:let)?s?|tablett?(?:es?|en)|stück|cachets?|unit[ée]s?"),
    ("tablet", r"unidad(?:es)?"),
    ("capsule", r"caps?(?:ules?)?|g[ée]lules?|kapseln?"),
    ("blotter", r"buvards?|blotters?|cartons?"),
    ("unit", r"units?|dos(?:es?|is)"),
)
PIECES = "|".join(words for _, words in _PIECES)
PER = rf"{PIECES}|kg|mg|g|ml|l"  # what an amount may be in
_MASSES = (
    ("kg", r"kg|kilos?|kilogram\w*"),
    ("mg", r"mg|mill?igram\w*"),
    ("µg", r"µg|μg|ug|mcg|mi[ck]rogram\w*"),
    ("ng", r"ng|nanogram\w*"),
    ("g", r"g|gr|gram\w*"),
    ("ml", r"ml|millilit\w*"),
)
_SHARE = (
    r"%(?:\s*(?:m/m|w/w|p/p|v/v|base))?|(?:gew|wt|masse|m)[.\s-]*%|‰|pour\s?cents?|per\s?cent|pct"
    r"|pro[zc]ent|por\s?ciento|per\s?cento"
)
# Of a column of units; in a header it names the column: "Substance_Percentage".
_IN_WORDS = r"pourcentages?|percentages?|porcentajes?|percentuale"
_MASS = "|".join(words for _, words in _MASSES)
UNIT = rf"m?g/100\s?m?g(?![^\W\d_])|(?:{_MASS})(?:/(?:{PER}))?(?![^\W\d_])|{_SHARE}|ppm|parts"
BULK = rf"{_MASS}|cl|l|lit(?:er|re)s?|oz|onces?|ounces?|lb"  # what is bought or seized
# The same, as the records have it.
IN_BULK = words_of("kg g l ml cl oz lb tablet capsule blotter unit")
_IN = re.compile(
    rf"(?<=[a-zµ])\s+(?:/|per|par|pro|por|je)\s+(?=(?:{PER})(?![^\W\d_]))", re.IGNORECASE
)
_NONE = re.compile(r"n/?a|nan|null|none|aucune?|unknown|inconnue?", re.IGNORECASE)
# What results are kept in where amounts are told in more: exactly so many of it.
_EXACTLY = {
    "kg": ("mg", "1000000"), "g": ("mg", "1000"), "g/tablet": ("mg/tablet", "1000"),
    "g/capsule": ("mg/capsule", "1000"), "g/unit": ("mg/unit", "1000"),
    "g/100g": ("%", "1"), "mg/100mg": ("%", "1"),
}  # fmt: skip


def slashed(text: str) -> str:
    """Return a text with one way to write what an amount is in: `mg per tablet` → `mg/tablet`."""
    return joined_units(re.sub(r"\s*/\s*", "/", text.replace("μ", "µ")))


def joined_units(text: str) -> str:
    """Return a text whose units are one word each; other slashes stand between substances."""
    return _IN.sub("/", text)


@lru_cache(4_096)
def tidy_unit(text: str | None) -> str | None:
    """Return a unit as the records have it; None where there is none."""
    plain = slashed((text or "").strip().casefold()).strip("()[] ")
    if not re.search(r"[^\W\d_]|[%‰]", plain) or _NONE.fullmatch(plain):
        return None
    if plain != "‰" and (plain.startswith("%") or re.fullmatch(rf"{_SHARE}|{_IN_WORDS}", plain)):
        return "%"
    mass, per, whole = plain.partition("/")
    return _worded(mass, _MASSES) + per + _worded(whole, (*_MASSES, *_PIECES))


def _worded(text: str, units: tuple[tuple[str, str], ...]) -> str:
    text = re.sub(r"^100\s+", "100", text)
    return next((unit for unit, words in units if re.fullmatch(words, text)), text)


def is_unit(text: str) -> bool:
    """Say whether a cell is a unit and nothing else: of a share, of a weight, of pieces."""
    return (
        re.fullmatch(rf"{UNIT}|{BULK}|{PIECES}", slashed(text.strip()), re.IGNORECASE) is not None
    )


def is_measure(text: str) -> bool:
    """Say whether a cell is a unit of a share or of a weight, and nothing else."""
    return bool(re.fullmatch(rf"{UNIT}|{BULK}|{_IN_WORDS}", slashed(text.strip()), re.IGNORECASE))


def bulk_or_piece(word: str) -> str | None:
    """Return the unit of what is bought or seized as the records have it: comprimés → tablet.

    None where the word is no such unit.
    """
    known = (*_MASSES, ("l", r"l|lit(?:er|re)s?"), ("oz", r"oz|onces?|ounces?"), *_PIECES)
    word = word.strip().casefold()
    unit = _worded(word, known)
    return unit if unit != word or re.fullmatch(rf"{BULK}|{PIECES}", word) else None


def kept_in(unit: str | None) -> tuple[str | None, Decimal]:
    """Return the unit that amounts in another are kept in, and how many of it one is."""
    kept, times = _EXACTLY.get(unit or "", (unit, "1"))
    return kept, Decimal(times)


def unit_in(header: str) -> tuple[str, str | None]:
    """Split a header such as `MDMA (mg)` or `teneur en %` into what it names and its unit.

    >>> unit_in("MDMA (mg)"), unit_in("teneur_mg_par_comprime")
    (('MDMA', 'mg'), ('teneur', 'mg/tablet'))
    """
    for written in dict.fromkeys((header.strip(), header.replace("_", " ").strip())):
        found = re.fullmatch(
            rf"(.*?)(?:[\s_]+(?:en|in|as))?[\s_]*[(\[]?\s*((?<![^\W\d_])(?:{UNIT}))\s*[)\]]?",
            slashed(written),
            re.I,
        )
        if found and found[1].strip():
            return found[1].strip(), tidy_unit(found[2])
    return header, None


def whole_unit(header: str) -> str | None:
    """Return the unit that a header is and nothing else; a bare weight may be of anything.

    >>> whole_unit("mg_par_comprime"), whole_unit("mg per tablet"), whole_unit("mg")
    ('mg/tablet', 'mg/tablet', None)
    """
    plain = slashed(header.replace("_", " ").strip())
    return tidy_unit(plain) if "/" in plain and is_measure(plain) else None
