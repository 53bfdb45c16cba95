"""Short words of tables: headings that look like names and are none, and names that are joined."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import cache

from fanal.door import lexicon
from fanal.door.normalise import fold
from fanal.thesaurus import load_places

WIDE = 3  # characters of the code of a country, region or département: no commune, people bear them
_WORD = re.compile(r"[^\W\d_]+")
_JOINED = re.compile(r"(?<![^\W\d_])(?=([^\W\d_]+)([._-])([^\W\d_]+))")
_BEGUN = re.compile(r"(?<![^\W_])[^\W\d_]+")  # no part of a code: 9FRED7H
_DATE = re.compile(  # 17041988, 17-04-1988, 19880417
    r"(?<!\d)(?:(\d\d)([-./ _]?)(\d\d)\2((?:19|20)\d\d)"
    r"|((?:19|20)\d\d)([-./ _]?)(\d\d)\6(\d\d))(?!\d)"
)
_GROWN = 12  # years: nobody younger brings a sample
_SAMPLED = 2010  # a sample whose day is not told was hardly taken before
_LEAST = 4  # letters of a word on a list of names that is one without a second


def unjoined(text: str) -> str:
    """Return a short text without the given and family names joined in it: `lila_morel`.

    Two words of every day are left, as in `cross_mark`, and so are towns and substances. Hyphens
    join communes and molecules too: there the two must be small, and the only words.

    >>> unjoined("prix_lila_morel"), unjoined("post_id"), unjoined("costa-rica")
    ('prix_[name]', 'post_id', 'costa-rica')
    """
    if fold(text) in lexicon.drugs():
        return text
    hyphens = text.islower() and len(_WORD.findall(text)) == 2
    found = [
        match
        for match in _JOINED.finditer(text)
        if (match[2] != "-" or hyphens) and _is_pair(match) and not _is_common(match)
    ]
    for match in reversed(found):
        text = f"{text[: match.start(1)]}[name]{text[match.end(3) :]}"
    return text


def is_somebodys(reference: str) -> bool:
    """Say whether a reference holds a name: a joined one, or a word that is nothing else.

    More is taken for a name here than in a heading: what stands for a reference serves as well.

    >>> [is_somebodys(said) for said in ("jean.martin-3", "MARTIN-02", "LILLE-003", "Lot-12")]
    [True, True, False, False]
    """
    if any(_is_pair(match) for match in _JOINED.finditer(reference)):
        return True
    return any(
        len(word) >= _LEAST
        and _is_borne(word)
        and word not in lexicon.never_names() | lexicon.drugs() | lexicon.protected().keys()
        and (word not in lexicon.words() or _is_both(word))
        for word in map(fold, _BEGUN.findall(reference))
    )


def is_birth(reference: str, taken: date | None) -> bool:
    """Say whether a reference holds a date of birth: one long before the sample was taken.

    >>> [is_birth(said, date(2025, 4, 12)) for said in ("JT-17041988", "20250412-03", "2025-0412")]
    [True, False, False]
    """
    before = (taken.year - _GROWN) if taken else _SAMPLED
    return any(year < before for year in map(_year, _DATE.finditer(reference)) if year)


def undated(reference: str, taken: date | None) -> str:
    """Return a reference without a date of the sample's time: "20250412-03" is no telephone.

    >>> [undated(said, date(2025, 4, 12)) for said in ("20250412-03", "17041988-03")]
    ['-03', '17041988-03']
    """
    if taken is None:
        return reference
    near = (taken.year - 1, taken.year, taken.year + 1)
    return _DATE.sub(lambda match: "" if _year(match) in near else match[0], reference)


def _year(match: re.Match[str]) -> int | None:
    """Return the year of eight digits, if they are a date."""
    day, month, year, years, months, days = match.group(1, 3, 4, 5, 7, 8)
    with suppress(ValueError):
        return date(int(year or years), int(month or months), int(day or days)).year
    return None


def _is_pair(match: re.Match[str]) -> bool:
    """Say whether two joined words are a given and a family name, in whichever order."""
    one, other = fold(match[1]), fold(match[3])
    if one == other or {one, other} & (lexicon.drugs() | lexicon.never_names()):
        return False
    if {f"{one} {other}", f"{one}-{other}"} & lexicon.protected().keys():
        return False
    given, family = lexicon.first_names(), lexicon.last_names()
    return (one in given and other in family) or (other in given and one in family)


def _is_common(match: re.Match[str]) -> bool:
    return {fold(match[1]), fold(match[3])} <= lexicon.words()


def unheaded(heading: str) -> str | None:
    """Return a heading without the areas and measures that it names; None if it says more.

    What is left has figures and words of every day, and may be an identifier still.

    >>> unheaded("País Vasco"), unheaded("Tasa de Karim Benali")
    ('', None)
    """
    words = [(m.span(), fold(m[0])) for m in _WORD.finditer(heading)]
    known, at = set[int](), 0
    while at < len(words):
        said = tuple(word for _, word in words[at : at + _longest()])
        length = next((n for n in range(len(said), 0, -1) if said[:n] in _known()), 0)
        (start, end), word = words[at]
        if not length and not (heading[start:end].islower() and _is_plain(word)):
            if word not in lexicon.drugs() or _is_borne(word):
                return None
            length = 1
        known.update(*(range(*span) for span, _ in words[at : at + length]))
        at += max(length, 1)
    return "".join(" " if n in known else char for n, char in enumerate(heading)).strip()


def _is_borne(word: str) -> bool:
    return word in lexicon.first_names() or word in lexicon.last_names()


def _is_both(word: str) -> bool:
    """Say whether people bear a word as given and as family name: Martin, which is a bird too."""
    return word in lexicon.first_names() and word in lexicon.last_names()


def _is_plain(word: str) -> bool:
    """Say whether a word in small letters is one of every day, and nobody's name."""
    return len(word) < 3 or (word in lexicon.words() and not _is_borne(word))


@cache
def _known() -> frozenset[tuple[str, ...]]:
    """Return the words of areas and of measures; Jordan and Chad, that people bear, are none."""
    areas = [name.name for name in load_places().names if len(name.code) <= WIDE]
    said = {tuple(_WORD.findall(fold(name))) for name in (*areas, *lexicon.regions())}
    borne = {words for words in said if len(words) == 1 and words[0] in lexicon.first_names()}
    return frozenset(said - borne | {(word,) for word in lexicon.measures()}) - {()}


@cache
def _longest() -> int:
    return max(map(len, _known()))
