"""Cells of official tables: figures in French and English, their marks, footnotes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from fanal.importers.reading.rows import as_text
from fanal.importers.reading.sheets import Shown

_SPACE = r"[ \u00a0\u2009\u202f'\u2019]"
_FIGURE = re.compile(
    rf"(?P<sign>[-–+])?(?:[€$£]\s*)?(?P<whole>\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d{1,3}(?:,\d{3}){2,}(?!\d)"
    r"|\d{1,3}(?:\.\d{3})+(?=,\d)|\d{1,3}(?:,\d{3})+(?=\.\d)|\d+|(?=[.,]\d))"
    r"(?P<rest>[.,]\d+)?(?P<power>e[+-]?\d{1,2}(?!\d))?\s*(?P<unit>%|‰|[km]?€"
    r"|(?:kgs?|mg|µg|g|t|l|ml|cl|tonnes?|kilos?|kilogrammes?|grammes?|litres?|doses?|plants?|pieds?"
    r"|comprim[ée]s?|tablets?|unit[ée]s?|units?)(?![^\W\d_]))?"
    # a mark is no part of a word: "6.2 Drugsmisdrijf" is a label
    r"\s*(?P<mark>(?:[*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+|\(?[a-z]{1,2}\)?(?![^\W\d_])|\(\d{1,2}\)|\[\w{1,2}\]|\s)*)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(rf"\(\s*\d(?:\d|[.,]|{_SPACE})*\s*[%‰€]?\s*\)")
_BOUND = r"\d[\d.,]*\s*%?"
_INTERVAL = re.compile(  # "5,6 [5,3-5,9]": the bounds behind it
    rf"({_BOUND})\s*[\[(]\s*((?:[CI]{{2}}\s*(?:95\s*%)?\s*:?\s*)?{_BOUND}\s*(?:[-–;à]|to)\s*{_BOUND})\s*[\])]",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"[-–—.:…/*]+|\.\.\.|n[./]?\s?[adcrsp]\.?|n\.\s?[a-z]{1,4}\.|ndiff|non (?:diffus|communiqu"
    r"|renseign|publi|significat).*|supprim[ée]|suppressed|masqu[ée]e?|not (?:applicable|published)"
    r"|k\.\s?a\.|geheim|s\.\s?d\.|[01]\s?(?:à|-|–|to|bis|a)\s?\d{1,2}|[rz]|\[[a-z]{1,2}\]|:\s*[a-z]{1,2}|nan|null"
    r"|none|[sc]\.?|secret.*|non disponible|indisponible"
    r"|<\s*\d+|≤\s*\d+|(?:moins de|fewer than|less than)\s+\d+|not available|confidential|x",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?P<mark>[*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+|\(?\d{1,2}\)|\(?[a-z]{1,2}\)|[a-z]{1,2}(?=\s*[:=]))"
    r"\s*[:.=-]?\s*(?P<text>\S.*)",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"(?:sources?|fonte|fuente|quelle|bron|champ|note|notes?|nota|lecture|avertissement|unité|unit"
    r"|scope|coverage|last update|mise à jour|légende|legend|définitions?|footnotes?)\b\s*[:.]",
    re.IGNORECASE,
)


class Figure(NamedTuple):
    """A cell: its value, or why there is none."""

    value: float | None
    unit: str = ""
    mark: str = ""  # of a footnote, as written without brackets
    said: str = ""  # what stands where a value is missing: "<5", "secret", …
    open: str = ""  # the sign that may stand before decimals or between thousands: "1.234"


def read_figure(cell: object, decimal: str = "") -> Figure | None:
    """Read a figure; None where the cell is none. `decimal` is the sign before decimals, if known.

    A number of a workbook is what it is. A text with one sign before three figures is read only
    where `decimal` says what the sign is: else the value is missing, and `open` is the sign.

    >>> read_figure("1 234,5 (p)").value
    1234.5
    >>> read_figure("<5").value is None
    True
    >>> read_figure("14.217").open
    '.'
    """
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        value = float(cell)
        return Figure(
            value if isfinite(value) else None, cell.unit if isinstance(cell, Shown) else ""
        )
    text = as_text(cell).strip('"').strip().replace("\u2212", "-")
    if not text:
        return Figure(None)
    if _ABSENT.fullmatch(text) or _BRACKETS.fullmatch(text):
        return Figure(None, said=text)
    if (within := _INTERVAL.fullmatch(text)) and (read := read_figure(within[1], decimal)):
        return read._replace(said=f"[{within[2]}]")
    found = _FIGURE.fullmatch(text)
    if not found:
        return None
    whole, rest, power = found["whole"], found["rest"] or "", found["power"] or ""
    unit = found["unit"] or ""
    mark = re.sub(r"[()\[\]\s]", "", found["mark"] or "")
    if not power and re.fullmatch(r"[1-9]\d{0,2}", whole) and len(rest) == 4:
        if not decimal:
            return Figure(None, unit, mark, open=rest[0])
        if decimal != rest[0]:
            whole, rest = whole + rest[1:], ""  # it stands between thousands
    plain = re.sub(rf"[.,]|{_SPACE}", "", whole) + rest.replace(",", ".") + power
    value = float(plain) * (-1 if found["sign"] in ("-", "–") else 1)
    return Figure(value, unit, mark)


_PLAIN = r"\d+(?:[.,]\d{1,2})?"
_RANGE = re.compile(
    rf"(?:(?:de|entre|from|between|von|zwischen|van|tussen|da|tra|desde)\s+)?({_PLAIN})\s*€?"
    rf"\s*(?:[-/–—]|à|et|to|and|bis|und|tot|en|a|y|e)\s*({_PLAIN})\s*(?:€|eur(?:os?)?)?",
    re.IGNORECASE,
)


def read_range(cell: object) -> tuple[str, str] | None:
    """Return both ends of a range of prices; None where a cell is none.

    >>> read_range("60/70"), read_range("entre 60 et 70 €"), read_range("70-60"), read_range("60")
    (('60', '70'), ('60', '70'), None, None)
    """
    found = _RANGE.fullmatch(cell.strip()) if isinstance(cell, str) else None
    ends = (found[1], found[2]) if found else ("0", "0")
    low, high = (float(end.replace(",", ".")) for end in ends)
    return ends if low < high else None


_COUNT = re.compile(
    r"\b(?:nombres?|effectifs?|number|counts?|nb|total|totaux|faits|victimes|personnes?|persons?"
    r"|people|infractions?|offences?|mis en cause|cas|cases|d[ée]c[èe]s|deaths|passages?|visits?"
    r"|population|habitants?|inhabitants?|unit[ée]s|comprim[ée]s|tablets|interpellations?|arrests?"
    r"|usagers|users|patients?|clients?|admissions?|hospitali[sz]ations?"
    r"|consultations?|treatments?|overdoses?|seringues|syringes|anzahl|f[äa]lle|todesf[äa]lle"
    r"|\w*tote|straftaten|verfahren|tatverd[äa]chtige|verurteilte|opfer|konsument(?:en|innen)"
    r"|personen|delikte|einwohner|aantal|misdrijven|misdrijf|delicten|verdachten|slachtoffers"
    r"|sterfgevallen|doden|gevallen|inwoners|delitos|detenciones|detenid[oa]s|condenas"
    r"|condenad[oa]s|hechos|infracciones|casos|muertes|fallecidos|v[íi]ctimas|n[úu]mero|habitantes"
    r"|reati|delitti|denunce|denunciati|segnalazioni|decessi|casi|arresti|abitanti|ricoveri"
    r"|persone|personas)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:[ée]volution|variation|solde|change|difference|diff[ée]rence|[ée]cart|balance|delta)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"\b(?:kg|g|mg|tonnes?|litres?|liters?|ml|l)\b", re.IGNORECASE)
_SCALED = re.compile(
    r"\b(?:milliers?|millions?|thousands?|tausend|miles|migliaia|duizend\w*)\b", re.I
)
_RATE = re.compile(
    r"%|‰|/\s*\d|\b(?:pour|per|je|pro) \d|\b(?:taux|rates?|ratio|part|parts|share|pr[ée]valences?"
    r"|pourcentage|percentage|pct|pour (?:cent|mille)|per cent|pourcent|percent|proportion|indice"
    r"|index|moyen(?:ne)?s?|mean|average|avg|m[ée]dian[es]?|prix|price|anteil|prozent|quote"
    r"|(?:durch|mittel)\w*|pr[äa]valenz)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"%|‰|(?:pour|per|je|pro) (?:cent|mille|1[ ,.]?000)\b|pourcent|percent|\bpct\b|prozent"
    r"|prevalence|pr[ée]valence|pr[äa]valenz|proportion",
    re.IGNORECASE,
)
_MONEY = re.compile(r"€|\beuros?\b|\beur\b|[$£]|\bchf\b|\busd\b|\bgbp\b", re.IGNORECASE)
_FRENCH = re.compile(
    r"[éèêàçœ]|\b(?:nombre|taux|valeur|libelle|indicateur|departement|territoire|usage|saisies"
    r"|unite|mois|semaine|trimestre|annee)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:of|the|number|rate|value|count|year|month|week|seizures|use|per|offences|deaths|sample"
    r"|sold|tested|expected|purity|received|strength)\b",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"[äöüß]|\b(?:und|jahr|monat|anzahl|kreis|land|einwohner|je|pro|drogen\w*|rauschgift\w*"
    r"|personen|delikte|sicherstellungen)\b",
    re.IGNORECASE,
)


def language_of(words: Iterable[str]) -> str:
    """Return the language that the words around figures are of: fr, en or de; "" if not plain."""
    text = " ".join(words).replace("_", " ")
    written = {"fr": _FRENCH, "en": _ENGLISH, "de": _GERMAN}
    spoken = [language for language, cues in written.items() if cues.search(text)]
    return spoken[0] if len(spoken) == 1 else ""


def is_count(words: str) -> bool:
    """Say whether what is counted is told by words, and no change of it: it is never below zero."""
    words = words.replace("_", " ")
    return bool(_COUNT.search(words)) and not _RATE.search(words) and not _CHANGE.search(words)


@dataclass
class _Seen:
    """How the figures of a group are written."""

    decimal: set[str] = field(default_factory=set)  # stood before one, two, four … figures
    grouping: set[str] = field(default_factory=set)  # stood between thousands
    open: set[str] = field(default_factory=set)
    ungrouped: bool = False  # a thousand or more without a sign, or with spaces between thousands
    small: bool = False  # a whole number below a thousand


class Signs:
    """Which sign stands before decimals, group by group of the figures of a table.

    `see` every cell, then ask for `decimal`. One way of writing goes through a group (a column and
    its unit), and mostly through a table; a share is below its base, and a count is whole.
    """

    def __init__(self, decimal: str = "", words: Iterable[str] = ()) -> None:
        """Take what the description says of the sign, and words to know the language by."""
        self._said = decimal
        self._groups: dict[Hashable, _Seen] = defaultdict(_Seen)
        self._table = _Seen()
        self._language = language_of(words)

    def see(self, group: Hashable, cell: object) -> None:
        """Take one cell into account."""
        if not isinstance(cell, str) or self._said:
            return
        found = _FIGURE.fullmatch(cell.strip().replace("\u2212", "-"))
        if not found:
            return
        whole, rest = found["whole"], found["rest"] or ""
        share = isinstance(group, tuple) and _SHARE.search(" ".join(group).replace("_", " "))
        for seen in (self._groups[group], self._table):
            if re.search(_SPACE, whole):
                seen.ungrouped = True
            seen.grouping |= {c for c in whole if c in ".,"}
            if rest and (len(rest) != 4 or not re.fullmatch(r"[1-9]\d{0,2}", whole)):
                seen.decimal.add(rest[0])
            elif rest:  # of a share they are decimals
                (seen.decimal if share else seen.open).add(rest[0])
            elif whole.isdigit() and len(whole) > 3:
                seen.ungrouped = True
            elif whole.strip("0"):
                seen.small = True

    def decimal(self, group: Hashable, sign: str, words: str) -> str:
        """Return the sign before decimals where `sign` stands in "1.234"; "" where it is not shown.

        `words` say what the figure is: its header, its unit, its name.
        """
        if self._said:
            return self._said
        words = words.replace("_", " ")
        other = "," if sign == "." else "."
        seen = self._groups[group]
        if _SHARE.search(words):  # a thousand percent is no share
            return "" if other in seen.decimal and sign not in seen.decimal else sign
        whole = _COUNT.search(words) and not _MEASURED.search(words) and not _RATE.search(words)
        whole = whole and not _MONEY.search(words) and not _SCALED.search(words)
        for one in (seen, *(() if whole else (self._table,))):  # beside rates, a count is whole
            before = sign in one.decimal
            between = sign in one.grouping or (other in one.decimal and not before)
            if before != between:
                return sign if before else other
            if before or other in one.open:
                return ""
        for one in (seen, self._table):
            if one.ungrouped:
                return sign
        if _MONEY.search(words):  # a gram for 65.125 on average, or a kilo for 30.000?
            return "" if _RATE.search(words) else other
        if _RATE.search(words):
            return "" if seen.small else sign
        if (_COUNT.search(words) and not _MEASURED.search(words)) or seen.small:
            return other
        if sign == ",":
            return {"fr": sign, "de": sign, "en": other}.get(self._language, "")
        return sign if self._language == "en" else ""


def read_note(line: str) -> tuple[str, str] | None:
    """Read a line under a table: the mark it explains ("" for the whole table), and its text."""
    line = " ".join(line.split())
    if ABOUT.match(line):
        return "", line
    found = _NOTE.fullmatch(line)
    if found:
        return re.sub(r"[()]", "", found["mark"]), found["text"]
    return None
