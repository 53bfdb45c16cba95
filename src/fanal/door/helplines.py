"""Public helplines: their numbers are information for everybody and stay in the text.

Only the exact numbers of `lists/helplines.tsv` (country, national number, service, source), as they
are written in print. Emergency and other numbers of two to four digits are too short for the
readers of telephone numbers to take them.
"""

from __future__ import annotations

import re
from functools import cache

from fanal.door import lexicon

_CALLING = {"FR": "33", "BE": "32", "GB": "44", "DE": "49", "US": "1"}
_BETWEEN = r"[ .\-/\u00a0\u202f]?"


def _written(country: str, number: str) -> str:
    """Return a pattern of the ways in which a number is written."""
    national = _BETWEEN.join(number)
    if len(number) < 7:
        return national
    abroad = _BETWEEN.join(number.removeprefix("0"))
    code = _CALLING[country]
    if country == "US":
        return rf"(?:(?:\+\s?)?1{_BETWEEN})?\(?{number[:3]}\)?{_BETWEEN}{_BETWEEN.join(number[3:])}"
    return rf"(?:{national}|(?:\+|00){code}{_BETWEEN}(?:\(0\)\s?)?{abroad})"


@cache
def _pattern() -> re.Pattern[str]:
    numbers = "|".join(_written(country, number) for country, number in lexicon.helplines())
    # A digit close by makes it part of another number.
    return re.compile(rf"(?<![\d+])(?<!\d[ .\-/])(?:{numbers})(?![ .\-/]?\d)")


def hidden(folded: str) -> str:
    """Return a folded text with its helplines blanked, so that no reader of numbers sees them."""
    return _pattern().sub(lambda match: "\x01" * (match.end() - match.start()), folded)
