"""What a cell of a laboratory says in words: absent, present, a trace, unknown."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from fanal.importers.reading.column_words import folded

BELOW = (
    r"<=?|≤|inf(?:[ée]r(?:ieure?)?)?\.?\s*[àa]|sous|below|under|less than|moins de|<\s*à|unter"
    r"|weniger als|kleiner als|menos de|menor (?:de|que|a)|inferior a|por debajo de"
    r"|minder dan|kleiner dan|onder|meno di|inferiore a|sotto"
)
BELOWS = re.compile(rf"\s*(?:{BELOW})", re.IGNORECASE)
_LIMIT = re.compile(
    rf"\A(?:{BELOW})\s*(?:(?:la|le|the|el|il|der|die|de)\b|l['’])?\s*(?P<what>[^\W\d].*)", re.I
)
_MARKS = re.compile(r"-+|–|—|/|\?+|\*+|\.")
_PLUS = re.compile(r"\+{1,3}")


@lru_cache(16_384)
def said(text: str) -> str:
    """Return what a cell says in words; "" where it says something else.

    It is `absent`, `vague` (not detected, or not dosed), `trace`, `present`, `not_asked` or
    `unknown`. Below a limit is absent.

    >>> said("N.D"), said("nicht nachweisbar"), said("< LOQ"), said("neg."), said("-")
    ('vague', 'absent', 'absent', 'absent', 'unknown')
    """
    text = text.strip()
    if _MARKS.fullmatch(text):
        return "unknown"
    if _PLUS.fullmatch(text):
        return "present"
    below = _LIMIT.match(text)
    if below and _words()["limit"].match(short_form(below["what"]).split(" ")[0]):
        return "absent"
    form = short_form(text)
    kinds = (kind for kind, words in _words().items() if kind != "limit" and words.fullmatch(form))
    return next(kinds, "")


def short_form(text: str) -> str:
    """Return a cell as the table of words has it: letters that stand alone are one word.

    >>> short_form("N.D."), short_form("n / d")
    ('nd', 'nd')
    """
    return _joined(folded(text).replace("_", " "))


def _joined(text: str) -> str:
    return re.sub(r"(?<=\b\w) (?=\w\b)", "", text)


@cache
def _words() -> dict[str, re.Pattern[str]]:
    """Return kind → the words of all languages; the first kind that has a word is right."""
    content = tomllib.loads((files(__package__) / "answers.toml").read_text("utf-8"))
    return {
        kind: re.compile(
            "|".join(
                _joined(word).replace("*", r"\w*") for words in spoken.values() for word in words
            )
        )
        for kind, spoken in content.items()
    }
