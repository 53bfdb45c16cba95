"""Numbers that are of things and reach nobody: DOI, codes of goods and medicines, prices."""

from __future__ import annotations

import re

from fanal.door import helplines

# A DOI with or without the address that leads to it; ended by a blank, not by its own full stops.
_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|(?<![\w./@-])(?:doi(?:\.org/|\s?:\s?|\s))?)"
    r"10\.\d{4,9}/[a-z0-9][\w.;()/:\-]{2,80}"
)
# Thirteen digits after their cue; those that begin as a telephone number from abroad are none.
_GOODS = re.compile(
    r"(?<![a-z])(?:ean|gtin|cip|ucd|isbn|code[ -]?barres?|bar ?code)(?:[- ]?1[03])?[ :=#°n]{1,4}"
    r"(?:[3-9]|0[1-58-9])(?:[ -]?\d){12}(?![ -]?\d)"
)
_CUE = (
    r"(?:cas|cip(?:13)?|ean|isbn|ucd|lots?|batch|art(?:icles?)?|lois?|decrets?|arretes?|circulaires?"
    r"|ordonnances?|directives?|reglements?|bill|section|act)"
)
_CUED = re.compile(rf"(?<![a-z]){_CUE}(?![a-z])[^!?\n;]{{0,40}}\Z")
_PRICE = r"[1-9]\d{0,2}/[1-9]\d{0,2}[05](?![\d/])"
_PRICES = re.compile(rf"(?<![\d/.])(?<!\d[ .\-]){_PRICE}(?:[ ,;|]{{1,3}}{_PRICE})+(?![ .\-/]?\d)")


def hidden(folded: str) -> str:
    """Return a folded text without numbers of things and of helplines, for readers of numbers."""
    if "10." in folded:
        folded = _DOI.sub(_blank, folded)
    return helplines.hidden(_GOODS.sub(_blank, folded))


def numbers(folded: str, start: int, stop: int, *, short: bool) -> bool:
    """Say whether a stretch of a folded text is a number of a thing, of a law, of a helpline.

    `short`: of a helpline of four digits too, which a code of a door may be as well.
    """
    if helplines.hidden(hidden(folded), short=short)[start:stop] != folded[start:stop]:
        return True
    return _CUED.search(folded[max(0, start - 60) : start]) is not None


def is_cue(folded: str) -> bool:
    """Say whether a folded text is a word before such a number: "CIP13"."""
    return re.fullmatch(_CUE, folded) is not None


def reaching_nobody(folded: str) -> str:
    """Return a folded text without prices in a row, "3/50 5/80 10/150", and short helplines."""
    return helplines.hidden(_PRICES.sub(_blank, folded), short=True)


def _blank(match: re.Match[str]) -> str:
    return "\x01" * (match.end() - match.start())
