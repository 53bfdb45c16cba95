"""Headings of tables that look like names, and are areas and what is measured there."""

from __future__ import annotations

import re
from functools import cache

from fanal.door import lexicon
from fanal.door.normalise import fold
from fanal.thesaurus import load_places

WIDE = 3  # characters of the code of a country, region or département: no commune, people bear them
_WORD = re.compile(r"[^\W\d_]+")


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
