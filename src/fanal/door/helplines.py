"""Public helplines: their numbers are information for everybody and stay in the text.

Only the exact numbers of `lists/helplines.tsv` (country, national number, service, source), as they
are written in print. Numbers of two and three digits are too short for the readers of telephone
numbers to take them; several of four together are not, so they are listed.
"""

from __future__ import annotations

import re
from functools import cache

from fanal.door import lexicon

_CALLING = {
    "FR": "33", "BE": "32", "GB": "44", "DE": "49", "CH": "41", "NL": "31", "IE": "353", "ES": "34",
    "IT": "39", "PT": "351",
}  # fmt: skip
_SHORT = 4
_WORD = re.compile(r"[^\W\d_]+")
# what may stand between a helpline's name and its number: the rest of the name, "on", ":"
_TO_NUMBER = (
    r"(?:\s[^\W\d_]+)?\s?[:,(–-]?\s?"
    r"(?:(?:on|at|au|sur\sle|unter|op|al|allo|en\sel|dial)\s|[☎📞]\s?)?"
)
_BETWEEN = r"[ .\-/\u00a0\u202f]?"


def _written(country: str, number: str) -> str:
    """Return a pattern of the ways in which a number is written."""
    national = _BETWEEN.join(number)
    if len(number) < 7:
        return national
    abroad = _BETWEEN.join(number.removeprefix("0"))
    if country in ("US", "CA"):
        return rf"(?:(?:\+\s?)?1{_BETWEEN})?\(?{number[:3]}\)?{_BETWEEN}{_BETWEEN.join(number[3:])}"
    return rf"(?:{national}|(?:\+|00){_CALLING[country]}{_BETWEEN}(?:\(0\)\s?)?{abroad})"


def is_named(folded: str, start: int, stop: int) -> bool:
    """Say whether words are the name of a helpline, or of it, directly before its own number.

    "call FRANK on 0300 123 6600" is nobody; "call Frank on 06 …" is.
    """
    words = _WORD.findall(folded[start:stop])
    services = [_services().get(word, frozenset()) for word in words]
    meant = frozenset.intersection(*services) if services else frozenset()
    if not meant:
        return False
    pattern = "|".join(_written(country, number) for country, number in sorted(meant))
    return re.compile(rf"{_TO_NUMBER}(?:{pattern})(?![ .\-/]?\d)").match(folded, stop) is not None


@cache
def _services() -> dict[str, frozenset[tuple[str, str]]]:
    """Return word → country and number of the helplines in whose names it stands."""
    found: dict[str, set[tuple[str, str]]] = {}
    for country, number, service in lexicon.helpline_names():
        for word in _WORD.findall(service):
            found.setdefault(word, set()).add((country, number))
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def _pattern(*, short: bool) -> re.Pattern[str]:
    numbers = "|".join(
        _written(country, number)
        for country, number in lexicon.helplines()
        if (len(number) == _SHORT) == short
    )
    # A digit close by makes it part of another number.
    return re.compile(rf"(?=[\d+(])(?<![\d+])(?<!\d[ .\-/])(?:{numbers})(?![ .\-/]?\d)")


def hidden(folded: str, *, short: bool = False) -> str:
    """Return a folded text with its helplines blanked, so that no reader of numbers sees them.

    `short` blanks those of four digits and no others: they may be somebody's code of a door.
    """
    return _pattern(short=short).sub(lambda match: "\x01" * (match.end() - match.start()), folded)
