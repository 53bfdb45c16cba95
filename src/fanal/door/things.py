"""Numbers that are of things and reach nobody: DOI, codes of goods and medicines, prices."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_CUED = re.compile(rf"(?<![a-z]){_CUE}(?![a-z])(?=(?P<near>[^!?\n;]{{0,40}}))")
_NUMBER = re.compile(
    r"(?<![^\W_])(?:\d{1,2}(?:er)?\s[a-z]{3,9}\s(?:19|20)\d\d(?!\d)|[^\W_]*\d[^\W_]*"
    r"|[a-z]{1,2}(?![^\W_])\.?)"
)
_PRICE = r"[1-9]\d{0,2}/[1-9]\d{0,2}[05](?![\d/])"
_PRICES = re.compile(rf"(?<![\d/.])(?<!\d[ .\-]){_PRICE}(?:[ ,;|]{{1,3}}{_PRICE})+(?![ .\-/]?\d)")


_HOUR = r"(?:[01]\d|2[0-3])[0-5]\d"
_SIX = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])[0-3]\d"
_AGENCY = r"(?:keystone|k?ats|sda|afp|dpa|reuters|ansa|efe|belga|anp|sbv|awp|depeches?|dispatch)"
# When a press agency sent something: "sbv 0612 120324", "(Keystone-ATS / 0612 120324 mar 24)"; its
# own name or the month and year after it tell it from a telephone number of ten figures.
_SENT = re.compile(
    rf"(?<![a-z])(?<!contact )(?<!appelle )(?<!tel ){_AGENCY}(?![a-z])[\w/ .:-]{{0,16}}?"
    rf"(?<!\d){_HOUR} (?:{_SIX}"
    r"|(?:0[1-9]|[12]\d|3[01])[ .](?:0[1-9]|1[0-2])[ .](?:20)?[0-3]\d)(?![ .\-/]?\d)"
    rf"|(?<!\d)(?:{_HOUR} )?{_SIX} "
    r"(?:jan|fev|feb|mar|mrz|avr|apr|mai|may|jui?n|jui?l|aou|aug|sep|oct|okt|nov|dec|dez)[a-z]{0,6}"
    r" \d\d(?!\d)"
)
_CLOCK = (
    r"\s?(?:[,(/]|-|a|at|um|alle|a las|kl\.?)?\s{0,2}(?:[01]?\d|2[0-4])"
    r"\s?(?:[:h.]\s?[0-5]\d|h(?![a-z])|[0-5]\d(?![\d.,]))"
)
_CLOCK_AFTER = re.compile(_CLOCK)
_DATE_AND_CLOCK = re.compile(rf"\d{{1,4}}[ ./-]\d{{1,2}}[ ./-]\d{{2,4}}{_CLOCK}")
_BETWEEN = (
    r"\s{0,2}(?:[:,]\s{0,2}|le |am |il |el |on |the )?(?:lundi |mardi |mercredi |jeudi |vendredi "
    r"|samedi |dimanche )?\Z"
)
_PUBLISHED = re.compile(
    r"(?<![a-z])(?:publiee?s?|paru(?:e|tion)?|mise? a jour|mise? en ligne|modifiee?|actualisee?"
    r"|published|posted|updated?|veroffentlicht|erschienen|stand|aktualisiert|pubblicat[oa]"
    rf"|aggiornat[oa]|publicad[oa]|actualizad[oa]|gepubliceerd|bijgewerkt){_BETWEEN}"
)
_ON = re.compile(
    r"(?<![a-z])(?:le|du|au|des le|depuis le|jusqu'au|vom|am|seit dem|bis zum|el|dal|il|from|since"
    rf"|until){_BETWEEN}"
)
_BIRTH = re.compile(
    r"(?<![a-z])(?:nee?s?|naiss\w*|ddn|dob|d\.o\.b|born|birth\w*|anniv\w*|geb\w*|nat[oa]|nacid[oa]"
    r"|nacimiento|nascita|au monde|ages?|agee?s?|bapteme)(?![a-z])"
)


def is_day_of_event(folded: str, start: int, stop: int) -> bool:
    """Say whether a date is when something happened or was published: nobody's birth is near it.

    An hour stands after it, or a word before it that says so: "le 12/03/1991, la saisie …".
    """
    before = folded[max(0, start - 60) : start].rpartition("\n")[2]
    if _PUBLISHED.search(before):
        return True
    if _BIRTH.search(before + folded[start : stop + 40].partition("\n")[0]):
        return False
    clock = _CLOCK_AFTER.match(folded, stop) or _DATE_AND_CLOCK.match(folded, start)
    return bool(clock or _ON.search(before))


def hidden(folded: str) -> str:
    """Return a folded text without numbers of things and of helplines, for readers of numbers."""
    if "10." in folded:
        folded = _DOI.sub(_blank, folded)
    folded = _SENT.sub(_blank, folded)
    return helplines.hidden(_GOODS.sub(_blank, folded))


def numbers(folded: str) -> Iterator[tuple[int, int]]:
    """Yield where numbers of things, of laws and of helplines stand, and what is hidden already."""
    seen = helplines.hidden(helplines.hidden(hidden(folded)), short=True)
    yield from (match.span() for match in _HIDDEN.finditer(seen))
    for cue in _CUED.finditer(folded):
        near = range(cue.end(), cue.end("near") + 1)
        for match in _NUMBER.finditer(folded, near.start):
            if match.start() not in near:
                break
            yield match.span()


def cues(folded: str) -> Iterator[tuple[int, int]]:
    """Yield where the words before such numbers stand: "CIP13"."""
    yield from (match.span() for match in _CUED.finditer(folded))


def reaching_nobody(folded: str) -> str:
    """Return a folded text without prices in a row, "3/50 5/80 10/150", and short helplines."""
    return helplines.hidden(_PRICES.sub(_blank, folded), short=True)


_HIDDEN = re.compile("\x01+")


def _blank(match: re.Match[str]) -> str:
    return "\x01" * (match.end() - match.start())
