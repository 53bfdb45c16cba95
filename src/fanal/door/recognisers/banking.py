"""Bank accounts: IBAN of the countries that have them, British sort codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("banking")
_LENGTHS = {
    "ad": 24, "at": 20, "be": 16, "bg": 22, "ch": 21, "cy": 28, "cz": 24, "de": 22, "dk": 18,
    "ee": 20, "es": 24, "fi": 18, "fr": 27, "gb": 22, "gi": 23, "gr": 27, "hr": 21, "hu": 28,
    "ie": 22, "it": 27, "li": 21, "lt": 20, "lu": 20, "lv": 21, "ma": 28, "mc": 27, "md": 24,
    "mt": 31, "mu": 30, "nl": 18, "no": 15, "pl": 28, "pt": 25, "ro": 24, "rs": 22, "sa": 24,
    "se": 24, "si": 19, "sk": 24, "sm": 27, "tn": 24, "tr": 26, "ua": 29, "ae": 23, "al": 28,
    "ba": 20, "by": 28, "dz": 26, "eg": 29, "fo": 18, "ge": 22, "gl": 18, "il": 23, "is": 26,
    "jo": 30, "kw": 30, "kz": 20, "lb": 28, "me": 22, "mk": 19, "qa": 29, "xk": 20,
}  # fmt: skip


def read(text: Views) -> Iterator[Span]:
    """Yield account numbers, also where somebody has mistyped or cut one."""
    for match in _DATA["iban"].finditer(text.folded):
        stop, kept = _account(text.folded, match)
        if _is_account(text.folded, match, kept):
            yield Span(match.start(), stop, f"iban:{match[1].upper()}")
    for match in _DATA["sort-code"].finditer(text.folded):
        yield Span(match.start(), match.end(), "iban:GB")


def _account(folded: str, match: re.Match[str]) -> tuple[int, str]:
    """Return where as many letters and figures as its country has end, and those."""
    kept, stop = "", match.start()
    for at in range(match.start(), match.end()):
        if folded[at].isalnum():
            kept, stop = kept + folded[at], at + 1
        if len(kept) == _LENGTHS[match[1]]:
            break
    return stop, kept


def _is_account(folded: str, match: re.Match[str], kept: str) -> bool:
    wanted, digits = _LENGTHS[match[1]], sum(map(str.isdigit, kept))
    dense = digits >= max(9, wanted - 8) and not folded[match.end(1)].isspace()
    checked = len(kept) == wanted and digits > wanted // 2 and _is_checked(kept)
    return (dense and not re.search(r"[a-z]{5}", kept[4:])) or checked


def _is_checked(iban: str) -> bool:
    """Say whether an account number has its right check digits."""
    turned = "".join(str(int(char, 36)) for char in iban[4:] + iban[:4])
    return int(turned) % 97 == 1
