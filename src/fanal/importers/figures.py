"""Cells of official tables: figures in French and English, their marks, periods, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from fanal.importers.dates import read_date

_SPACE = r"[ \u00a0\u2009\u202f']"
_FIGURE = re.compile(
    rf"(?P<sign>[-−–+])?(?P<whole>\d{{1,3}}(?:{_SPACE}\d{{3}})+|\d+(?:[.,]\d{{3}})+(?![\d])|\d+)"
    r"(?P<rest>[.,]\d+)?\s*(?P<unit>%|‰|€)?"
    r"\s*(?P<mark>(?:[*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+|\(?[a-z]{1,2}\)?|\(\d{1,2}\)|\[\w{1,2}\]|\s)*)",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"[-–—.:…/*]+|\.\.\.|n\.?[adcrsp]\.?|nan|null|none|s|c|secret.*|non disponible|indisponible"
    r"|<\s*\d+|≤\s*\d+|(?:moins de|fewer than|less than)\s+\d+|not available|confidential|x",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-/ ]?(?:[TQ][1-4]|W\d{1,2}|M?\d{1,2}(?!\d))?"
    r"|[TQ][1-4][ -]?(?:19|20)\d{2}|\d{2}/(?:19|20)\d{2}"
    r"|(?:jan|f[ée]v|feb|mar|a[pv]r|ma[iy]|ju[iln]|ao[uû]|aug|sep|oct|nov|d[ée]c)[^\W\d_]*\.?[ -]"
    r"(?:19|20)?\d{2})(?!\d)",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?P<mark>[*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+|\(?\d{1,2}\)|\(?[a-z]{1,2}\)|[a-z]{1,2}(?=\s*[:=]))"
    r"\s*[:.=-]?\s*(?P<text>\S.*)",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"(?:sources?|champ|note|notes?|lecture|avertissement|unité|unit|scope|coverage|last update"
    r"|mise à jour|légende|legend|définition|définitions?|footnotes?)\b\s*[:.]",
    re.IGNORECASE,
)


class Figure(NamedTuple):
    """A cell: its value, or why there is none."""

    value: float | None
    unit: str = ""
    mark: str = ""  # of a footnote, as written without brackets
    said: str = ""  # what stands where a value is missing: "<5", "secret", …


class Period(NamedTuple):
    """A period of a header or cell."""

    first: date
    step: str  # week, month, quarter or year


def read_figure(text: str, comma: str = "") -> Figure | None:
    """Read a figure; None where the cell is none. `comma` is the sign before decimals, if known.

    >>> read_figure("1 234,5 (p)").value
    1234.5
    >>> read_figure("<5").value is None
    True
    """
    text = text.strip().strip('"').replace("\u2212", "-")
    if not text:
        return Figure(None)
    if _ABSENT.fullmatch(text):
        return Figure(None, said=text)
    found = _FIGURE.fullmatch(text)
    if not found:
        return None
    whole, rest = found["whole"], found["rest"] or ""
    if grouped := re.fullmatch(r"(\d{1,3})((?:[.,]\d{3})+)", whole):
        signs = set(re.findall(r"[.,]", whole))
        if not rest and whole.count(",") + whole.count(".") == 1 and comma in signs:
            whole, rest = grouped[1], grouped[2]  # "1,234" where commas stand before decimals
        elif len(signs) > 1:
            return None
    plain = re.sub(rf"[.,]|{_SPACE}", "", whole) + rest.replace(",", ".")
    value = float(plain) * (-1 if found["sign"] in ("-", "–") else 1)
    mark = re.sub(r"[()\[\]\s]", "", found["mark"] or "")
    return Figure(value, found["unit"] or "", mark)


def decimal_comma(cells: Iterable[str]) -> str:
    """Return which sign stands before decimals in a table; "" where it does not show."""
    votes = {",": 0, ".": 0}
    for cell in cells:
        for sign, other in ((",", "."), (".", ",")):
            plain = rf"{re.escape(sign)}(?:\d{{1,2}}|\d{{4,}})(?!\d)"
            grouped = rf"\d{re.escape(other)}\d{{3}}{re.escape(sign)}\d"
            if re.search(f"{plain}|{grouped}", cell):
                votes[sign] += 1
        if re.search(r"\d[ \u00a0\u202f]\d{3}\b", cell):
            votes[","] += 1  # thousands parted by a space: a French table
    best = max(votes, key=lambda sign: votes[sign])
    return best if votes[best] > min(votes.values()) else ""


@lru_cache(16_384)
def read_period(text: str) -> Period | None:
    """Read a period that is a cell of its own: 2016, 2016-03, janvier 2016, T1 2016, 2016-W05."""
    text = " ".join(text.split()).strip(" .")
    text = re.sub(r"^(?:année|annee|an|year|fy)\s+(?=\d{4}$)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*(?:\(\w{1,2}\)|\*+|(?<=\d{4})[pe])$", "", text)  # provisional
    text = re.sub(r"^(\d{4})[-/ ]?M(\d{1,2})$", lambda m: f"{m[1]}-{int(m[2]):02}", text)
    if re.fullmatch(r"(19|20)\d{2}(\.0)?", text):
        return Period(date(int(text[:4]), 1, 1), "year")
    moment = read_date(text, "dmy")
    if moment is None:
        return None
    day = moment.time.date() if isinstance(moment.time, datetime) else moment.time
    if moment.precision == "day":
        if day.day != 1:
            return None
        return Period(day, "month")
    return Period(day, moment.precision)


def period_within(header: str) -> tuple[Period, str] | None:
    """Find a period in a header such as "Usage 2016"; returns it with the other words."""
    whole = read_period(header)
    if whole:
        return whole, ""
    for found in _PERIOD.finditer(header):
        if period := read_period(found[0].strip()):
            rest = (header[: found.start()] + " " + header[found.end() :]).strip(" -–:,()")
            return period, " ".join(rest.split())
    return None


def read_note(line: str) -> tuple[str, str] | None:
    """Read a line under a table: the mark it explains ("" for the whole table), and its text."""
    line = " ".join(line.split())
    if ABOUT.match(line):
        return "", line
    found = _NOTE.fullmatch(line)
    if found:
        return re.sub(r"[()]", "", found["mark"]), found["text"]
    return None
