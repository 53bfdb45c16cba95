"""Periods of official tables, read as a column: what one cell leaves open, the others decide.

`202103` is March or the third week, `2011-S2` the second half of a year or a week, `2010-11` a
month or a season, a Monday a week: the header and the other cells say which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from fanal.importers.reading.column_words import words_of
from fanal.importers.reading.dates import read_date

STEPS = ("week", "month", "quarter", "half-year", "year")
# words of a header that say what its periods are, the finest first
_HEADERS: dict[str, frozenset[str]] = {
    step: words_of(words)
    for step, words in {
        "week": "semaine semaines sem week weeks wk woche wochen kw kalenderwoche isoweek epiweek "
        "yearweek anneesemaine yyyyww semana settimana",
        "month": "mois month months monat monate yearmonth anneemois yyyymm aaaamm mes mese",
        "quarter": "trimestre trimestres trim quarter quarters quartal trimester",
        "half-year": "semestre semestres half halfyear halbjahr hy semester",
        "year": "annee annees an ans year years jahr jahre ano anno jaar exercice yr saison season",
    }.items()
}
_IDLE = words_of(
    "no n num numero number nr id iso de la du des of the code date debut start begin beginning "
    "commencing starting from fin end ending ended ref reference referenz ce cdc mmwr epi "
    "epidemiologique epidemiological civile civil calendar financial fiscal label libelle "
    "observation obs stat evenement registration occurrence enregistrement"
)
_ENDS = words_of("fin end ending ended ends jusqu until to")
_SUNDAY = words_of("mmwr epiweek cdc")
_EITHER = frozenset({"epidemiological", "epi"})  # from Sunday in America, from Monday in Europe
_SEASON = words_of("saison season exercice fiscal fy campagne scolaire")
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_JOIN = r"\s*[-/_ .]?\s*"
_NTH = r"\s?(?:er|e|è?me|st|nd|rd|th|\.)?\s?"
_QUARTER = r"(?:[TQ]|trim(?:estre)?\.?|quarter|quartal|kwartaal)"
_WAYS = (
    ("year", rf"(?:année |annee |an |year |jahr )?{_YEAR}(?:\.0)?"),
    ("year", rf"{_YEAR}JJ00"),  # as the Dutch office of statistics writes it
    ("quarter", rf"{_YEAR}KW(?P<n>0[1-4])"),
    ("month", rf"{_YEAR}MM(?P<n>\d\d)"),
    ("week", rf"{_YEAR}{_JOIN}(?:W|KW|sem(?:aine)?\.?|week|woche)\s?(?P<n>\d{{1,2}})"),
    ("week", rf"(?:W|KW|sem(?:aine)?\.?|week|woche)\s?(?P<n>\d{{1,2}}){_JOIN}{_YEAR}"),
    ("quarter", rf"{_YEAR}{_JOIN}{_QUARTER}\s?(?P<n>[1-4])"),
    ("quarter", rf"{_QUARTER}\s?(?P<n>[1-4]){_JOIN}{_YEAR}"),
    ("quarter", rf"(?P<n>[1-4]){_NTH}{_QUARTER}{_JOIN}{_YEAR}"),
    ("quarter", rf"{_YEAR}{_JOIN}(?P<n>[1-4]){_NTH}(?:trimestre|quarter|quartal|kwartaal)"),
    ("half-year", rf"{_YEAR}{_JOIN}(?:H|HY|semestre|half|halbjahr)\s?(?P<n>[12])"),
    ("half-year", rf"(?:H|HY|semestre|half|halbjahr)\s?(?P<n>[12]){_JOIN}{_YEAR}"),
    ("half-year", rf"(?P<n>[12]){_NTH}(?:S|H|semestre|half|halbjahr){_JOIN}{_YEAR}"),
    ("S", rf"{_YEAR}{_JOIN}S\s?(?P<n>\d{{1,2}})"),
    ("S", rf"S\s?(?P<n>\d{{1,2}}){_JOIN}{_YEAR}"),
    ("month", rf"{_YEAR}[-/ ]?M(?P<n>\d{{1,2}})"),
    ("six", rf"{_YEAR}(?P<n>\d{{2}})(?:\.0)?"),
    ("pair", rf"{_YEAR}(?:\s?[-/–]\s?|_(?=\d\d$))(?P<n>\d{{1,2}})"),
    ("month", rf"(?P<n>0?[1-9]|1[0-2])/{_YEAR}"),
    ("season", rf"{_YEAR}\s?[-/–]\s?(?P<n>(?:19|20)\d{{2}})"),
)  # fmt: skip
_READ = [(way, re.compile(pattern, re.IGNORECASE)) for way, pattern in _WAYS]
_MONTHS = re.compile(
    r"\b(?:janv|jan|f[ée]v|feb|mars|m[äa]rz|mar|avr|apr|mai|may|juin|jun|juil|jul|ao[uû]|aug|sep|oct"
    r"|okt|nov|d[ée]c|dez)(?:\.|\b|[a-zéû]*(?:ier|er|ary|ar|ril|il|llet|y|e|ût|ut|ust|bre|ber|ch)\b)"
)
_MONTH = re.compile(r"([^\W\d_]{3,9})\.?\s?[-/ ’']\s?(\d{2})")  # "janv-24"
_NUMERIC = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_SPAN = re.compile(
    r"(?:\D{0,30}?\b(?:du|from|vom)\s+)?(\S+\d)\s*(?:/|–|\s-\s|\bau\b|\bà\b|\bto\b|\bbis\b)\s*(\S+\d)",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}(?:[-/ ]|_(?=\d\d(?!\d)))?"
    r"(?:[TQ][1-4]|[WS]\d{1,2}|H[12]|M?\d{1,2}(?!\d))?"
    r"|[TQ][1-4][ -]?(?:19|20)\d{2}|[SH][12][ -]?(?:19|20)\d{2}|\d{2}/(?:19|20)\d{2}"
    r"|(?:jan|f[ée]v|feb|mar|a[pv]r|ma[iy]|ju[iln]|ao[uû]|aug|sep|oct|nov|d[ée]c)[^\W\d_]*\.?[ -]"
    r"(?:19|20)?\d{2})(?!\d)",
    re.IGNORECASE,
)


class Period(NamedTuple):
    """A period of a header or cell."""

    first: date
    step: str  # one of `STEPS`


class _Cell(NamedTuple):
    """How a period is written: a way of `_WAYS`, or date or span, and its parts."""

    way: str
    year: int = 0
    n: int = 0
    padded: bool = False
    first: date = date.min
    last: date = date.min


def step_of(header: str) -> str:
    """Return the finest step that the words of a header say: `code_semaine` → week; "" if none.

    A word that says anything else makes it another column: `semaine_precedente`.
    """
    words = words_of(header)
    if words - _IDLE - _SUNDAY - frozenset().union(*_HEADERS.values()):
        return ""
    return next((step for step, known in _HEADERS.items() if words & known), "")


def with_year(year: str, cell: str, step: str) -> str:
    """Put a year and what another column says of it together, as one period is written.

    >>> with_year("2020", "53", "week"), with_year("2021", "T3", "quarter")
    ('2020-W53', '2021-Q3')
    """
    cell, year = cell.strip().removesuffix(".0"), year.strip().removesuffix(".0")
    if re.fullmatch(r"\d{2}", year):
        year = f"20{year}"
    if not cell or not re.fullmatch(r"(?:19|20)\d{2}", year):
        return cell or year
    if _parsed(cell):
        return cell  # it has its own year
    number = re.fullmatch(rf"\D{{0,12}}?\s?0?(\d{{1,2}}){_NTH}[^\W\d]*", cell)
    if not number:
        return f"{cell} {year}"  # "janvier"
    sign = {"week": "W", "quarter": "Q", "half-year": "H"}.get(step)
    return f"{year}-{sign}{int(number[1])}" if sign else f"{year}-M{number[1]}"


class PeriodColumn:
    """The periods of a column: `see` every cell, then `read` each.

    What the column does not show is read as nothing, and `open` says what to ask.
    """

    def __init__(self, header: str = "", step: str = "", weeks: str = "") -> None:
        """Take the header, the step that another column says, and when weeks begin if told."""
        words = words_of(header)
        self._step = step or step_of(header)
        self._ending = bool(words & _ENDS)
        self._season = bool(words & _SEASON)
        self._weeks = weeks or ("sunday" if words & _SUNDAY else "")
        self._either = bool(words & _EITHER) and self._step == "week" and not self._weeks
        self._cells: dict[str, _Cell | None] = {}
        self._steps: Mapping[str, str] | None = None
        self.open = ""

    def see(self, text: str) -> None:
        """Take one cell into account."""
        if text not in self._cells:
            self._cells[text] = _parsed(text)
            self._steps = None

    def read(self, text: str) -> Period | None:
        """Read a cell; None if it is no period, or if what it is is not shown."""
        self.see(text)
        if self._steps is None:
            self._ordered()
            self._steps = self._settle()
        cell = self._cells[text]
        if cell is None:
            return None
        step = self._steps.get(cell.way, cell.way)
        try:
            return self._period(cell, step)
        except (ValueError, OverflowError):
            self.open = self.open or "the year has no such week, month or day"
            return None

    def _ordered(self) -> None:
        """Read dates month first where day first leaves some unread, or fits no step."""
        self.open = ""
        numeric = [text for text in self._cells if _NUMERIC.match(text.strip())]
        if not numeric:
            return
        read = {order: {t: _parsed(t, order) for t in numeric} for order in ("dmy", "mdy")}
        fit = {}
        for order, cells in read.items():
            steps = self._of_dates({c.first for c in cells.values() if c and c.way == "date"})
            fit[order] = sum(c is not None for c in cells.values()), steps in STEPS
        self._cells |= read[max(fit, key=lambda order: fit[order])]
        if fit["dmy"] == fit["mdy"] and read["dmy"] != read["mdy"]:
            self._cells |= dict.fromkeys(numeric)
            self.open = "the dates do not show whether the day comes first: write 2025-03-31"

    def _settle(self) -> dict[str, str]:
        """Return way of writing → step, for the ways that leave it open."""
        cells = [cell for cell in self._cells.values() if cell]
        six = [c.n for c in cells if c.way == "six"]
        s = [c for c in cells if c.way == "S"]
        pairs = {(c.year, c.n) for c in cells if c.way == "pair"}
        following = all(n == (year + 1) % 100 for year, n in pairs)
        steps = {
            "six": self._step if self._step in ("week", "quarter")
            else "week" if six and max(six) > 12 and self._step != "month" else "month",
            "S": "week" if self._step == "week" or any(c.n > 2 or c.padded for c in s)
            else "half-year",
            "pair": "season" if pairs and following and (len(pairs) > 1 or self._season)
            else self._step if self._step in ("week", "quarter")
            else "week" if pairs and max(n for _, n in pairs) > 12 and self._step == "" and
            not following else "month",
            "date": self._of_dates({c.first for c in cells if c.way == "date"}),
        }  # fmt: skip
        if "season" in (*(c.way for c in cells), *(steps[c.way] for c in cells if c.way == "pair")):
            self.open = "a season of two years is no period: write its first day, or a year"
        if self._either and any(steps.get(c.way, c.way) == "week" for c in cells):
            self.open = 'add weeks = "monday" or weeks = "sunday" under [parameters]'
        return steps

    def _of_dates(self, days: set[date]) -> str:
        """Return what dates stand for: the widest step that all of them begin or end."""
        if not days:
            return ""
        if self._step == "week":
            return "week"
        ordered = sorted(days)
        firsts = all(day.day == 1 for day in days)
        if firsts or all((day + timedelta(1)).day == 1 for day in days):
            months = {day.month if firsts else day.month % 12 + 1 for day in days}
            if self._step in ("year", "half-year", "quarter", "month"):
                return self._step
            if len(days) > 1 and months == {1}:
                return "year"
            if len(days) > 2 and months <= {1, 4, 7, 10}:
                return "quarter"
            return "month"
        weekdays = {day.weekday() for day in days}
        gaps = {(b - a).days for a, b in pairwise(ordered)}
        if len(days) > 2 and len(weekdays) == 1 and min(gaps) == 7:
            return "week"
        return "day"

    def _period(self, cell: _Cell, step: str) -> Period | None:
        if cell.way == "span":
            return self._of_span(cell.first, cell.last)
        if cell.way == "date":
            return self._of_date(cell.first, step)
        if step == "year":
            return Period(date(cell.year, 1, 1), step)
        if step == "month":
            return Period(date(cell.year, cell.n, 1), step)
        if step == "quarter":
            return Period(date(cell.year, 3 * cell.n - 2, 1), step)
        if step == "half-year":
            return Period(date(cell.year, 6 * cell.n - 5, 1), step)
        if step == "week" and not self._either:
            if self._weeks == "sunday":
                return Period(_from_sunday(cell.year, cell.n), step)
            return Period(date.fromisocalendar(cell.year, cell.n, 1), step)
        return None

    def _of_date(self, day: date, step: str) -> Period | None:
        if step != "week":
            if step not in STEPS:
                return None
            ends = (day + timedelta(1)).day == 1
            if day.day != 1 and not ends:
                return None
            width = {"year": 12, "half-year": 6, "quarter": 3}.get(step, 1)
            return Period(date(day.year, (day.month - 1) // width * width + 1, 1), step)
        if self._ending:
            return Period(day - timedelta(6), step)
        if day.weekday() == 0 or self._weeks:
            return Period(day, step)
        self.open = (
            "say in the header whether weeks begin or end on these days (week_start, week_end)"
        )
        return None

    @staticmethod
    def _of_span(first: date, last: date) -> Period | None:
        days, after = (last - first).days + 1, last + timedelta(1)
        if days == 7:
            return Period(first, "week")
        if first.day == after.day == 1:
            months = (after.year - first.year) * 12 + after.month - first.month
            steps = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
            if months in steps and (first.month - 1) % months == 0:
                return Period(first, steps[months])
        return None


def _parsed(text: str, order: str = "dmy") -> _Cell | None:
    text = " ".join(text.split()).strip(" .")
    text = re.sub(r"\s*(?:\(\w{1,2}\)|\*+|(?<=\d{4})[pe])$", "", text)  # provisional
    for way, pattern in _READ:
        if found := pattern.fullmatch(text):
            written = found.groupdict().get("n") or ""
            if way == "season" and int(written or 0) != int(found["y"]) + 1:
                return None
            n = int(written or 0)
            return _Cell(way, int(found["y"]), n, padded=written[:1] == "0")
    if (span := _SPAN.fullmatch(text)) and not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        days = [_day(part) for part in span.groups()]
        if all(days):
            return _Cell("span", first=days[0] or date.min, last=days[1] or date.min)
    if found := _MONTH.fullmatch(text):
        text = f"{found[1]} 20{found[2]}"
    moment = read_date(text, order)
    if moment is None:
        return None
    day = moment.time.date() if isinstance(moment.time, datetime) else moment.time
    if moment.precision == "day":
        return _Cell("date", first=day)
    if moment.precision == "week":
        year, week, _ = day.isocalendar()
        return _Cell("week", year, week)
    n = {"quarter": (day.month + 2) // 3, "month": day.month}.get(moment.precision, 0)
    return _Cell(moment.precision, day.year, n)


def _day(text: str) -> date | None:
    moment = read_date(text, "dmy")
    if moment is None or moment.precision != "day":
        return None
    return moment.time.date() if isinstance(moment.time, datetime) else moment.time


def _from_sunday(year: int, week: int) -> date:
    """Return the Sunday that begins a week of the American count: the first has four days."""
    start = date(year, 1, 4)
    start -= timedelta((start.weekday() + 1) % 7)
    first = start + timedelta(7 * (week - 1))
    if not 1 <= week <= 53 or (week == 53 and (first + timedelta(3)).year != year):
        raise ValueError(f"{year} has no week {week}")
    return first


def periods_within(headers: Iterable[str]) -> dict[str, tuple[Period, str]]:
    """Find the periods of headers such as "Usage 2016": header → period, and its other words.

    They are read together, as the cells of a column are.
    """
    column, written = PeriodColumn(), dict[str, tuple[str, str]]()
    for header in headers:
        for text, rest in _places(header):
            if (cell := _parsed(text)) and (cell.way != "date" or cell.first.day == 1):
                column.see(text)
                written[header] = text, rest
                break
    read = {header: (column.read(text), rest) for header, (text, rest) in written.items()}
    return {header: (period, rest) for header, (period, rest) in read.items() if period}


def period_in(text: str) -> Period | None:
    """Return the period that a title or note names; None where it names none, or several.

    >>> period_in("Persone in trattamento. Anno 2023")
    Period(first=datetime.date(2023, 1, 1), step='year')
    >>> period_in("Saisies 2019-2023"), period_in("Saisies, 1er semestre 2023")
    (None, None)
    """
    column, found = PeriodColumn(), set[Period]()
    for written in {m[0].strip() for m in _WITHIN.finditer(text)}:
        if period := column.read(written) or column.read(written[-4:]):
            found.add(period)
    finer = frozenset().union(*(w for step, w in _HEADERS.items() if step != "year"))
    if len(found) != 1 or re.search(r"\d\s*[-–/]\s*(?:19|20)\d\d(?!\d)", text):
        return None
    period = found.pop()
    parts = words_of(text) & finer or len(set(_MONTHS.findall(text.casefold()))) > 1
    return None if parts and period.step in ("year", "month") else period


def _places(header: str) -> Iterable[tuple[str, str]]:
    yield header, ""
    for found in _WITHIN.finditer(header):
        rest = header[: found.start()] + " " + header[found.end() :]
        rest = re.sub(r"[(\[]\s*[)\]]", " ", rest).strip(" -–:,")
        for one, other in ("()", "[]"):  # half of a pair was around the period
            if rest.count(one) != rest.count(other):
                rest = rest.strip(one + other)
        yield found[0].strip(), " ".join(rest.split()).strip(" -–:,")
