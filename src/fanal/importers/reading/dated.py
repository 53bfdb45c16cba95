"""How people write days, nights, weeks and months: the grammar of `dated.toml`, compiled.

What a date leaves unsaid (the year, the month) is told by the dates around it: `settled` is given
the one before.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from fanal.importers.reading.dates import FIRST, LAST, Moment
from fanal.text.folding import fold

NEAR = timedelta(days=31)  # that a day without a year may stand before the one above it
_NAMED = re.compile(r"\{([a-z][a-z-]*)\}")
_COUNTED = re.compile(r"\d{1,3}\s[-–—:]\s(?=\d)")  # of "Entretien 1 – 12 mars 2025"
Day = tuple[int, int, int]  # year, month and day, 0 where it is not said


class Said(NamedTuple):
    """A date as a line says it: what is left unsaid is 0, or -1 for a day of the week."""

    start: int
    stop: int
    first: Day = (0, 0, 0)
    last: Day = (0, 0, 0)  # of several days
    weekday: int = -1
    week: int = 0
    quarter: int = 0
    night: bool = False
    weekly: bool = False  # a day that stands for its week: "Week of 3 March"
    ends: bool = False  # and is its last: "Week ending 9 March"
    either: bool = False  # the day or the month may come first
    named: bool = False  # in words, or with words that say that it is a date

    @property
    def kind(self) -> str:
        """Return what is said: several days, day, number, weekday, week, month, quarter or year."""
        if self.week or self.quarter:
            return "week" if self.week else "quarter"
        if self.last[2]:
            return "several"
        if self.either:
            return "day"
        year, month, day = self.first
        if day:
            return "day" if month else "number"
        if self.weekday >= 0:
            return "weekday"
        return "month" if month else "year" if year else "none"

    @property
    def year(self) -> int:
        """Return the year that is said, 0 where none is."""
        return self.first[0] or self.last[0]


def said_at(line: str, order: str, at: int = 0) -> Said | None:
    """Read the date with which a line goes on at a character; None if there is none."""
    folded = fold(line)
    return _at(folded, order, at) if _start().match(folded, at) else None


def _at(folded: str, order: str, at: int) -> Said | None:
    if said := _said(folded, order, at):
        return said
    lead = _lead().match(folded, at)
    counted = lead and not lead["before"] and _COUNTED.match(folded, lead.end())
    said = _said(folded, order, lead.end()) if lead and not counted else None
    if not lead or not said or said.kind in ("week", "year"):
        return None
    weekly = bool(lead["weekly"]) and said.kind in ("day", "several")
    night, ends = bool(lead["night"]), bool(lead["ends"])
    return said._replace(start=at, night=night, weekly=weekly, ends=ends, named=True)


def said_in(line: str, order: str) -> Iterator[Said]:
    """Yield the dates inside a line, from left to right."""
    at = 0
    folded = fold(line)
    for word in _start().finditer(folded):
        if word.start() < at:
            continue
        counted = _COUNTED.match(line, word.start()) if word.start() else None
        said = _at(folded, order, counted.end() if counted else word.start())
        if said:
            yield said
            at = said.stop


def day_inside(line: str, order: str) -> Moment | None:
    """Return the first date inside a short line that is told whole, with its year."""
    whole = (
        settled(said, None) for said in said_in(line, order) if said.year and said.kind != "year"
    )
    return next(filter(None, whole), None)


def _said(folded: str, order: str, at: int) -> Said | None:
    for pattern in _forms():
        if found := pattern.match(folded, at):
            said = _of(found, order)
            if said and said.kind == "week" and not said.year:
                said = _with_span(said, folded, order)
            return said
    return None


def _of(found: re.Match[str], order: str) -> Said | None:
    said: dict[str, str] = {key: text or "" for key, text in found.groupdict().items()}
    get = said.get
    year, either = _year(get("y") or get("short") or ""), False
    first, last = (year, _month(get("m")), _number(get("d") or get("d_"))), (0, 0, 0)
    if get("a"):
        day, month, either = _ordered(said["a"], said["b"], said["sign"], order)
        first = (year, month, day)
        if order == "ymd" and 0 < len(said["y"]) == len(said["a"]):
            first = (_year(said["a"]), int(said["b"]), int(said["y"]))
    if get("d2"):
        last = (_year(get("y2") or ""), _month(get("m2")) or first[1], _number(get("d2")))
        first = (first[0], first[1] or last[1], first[2])
    elif get("a2"):
        day, month, either = _ordered(said["a2"], said["b2"], said["sign"], order)
        last = (_year(get("y2") or ""), month, day)
    if not either and max(first[1], last[1]) > 12:
        return None
    weekday = _weekdays().get(get("weekday", "").strip("."), -1)
    named = not get("sign") or weekday >= 0 or found.start(found.lastgroup or 0) > found.start()
    return Said(
        *found.span(),
        first,
        last,
        weekday,
        _number(get("week")),
        _number(get("quarter") or get("q")),
        either=either,
        named=named,
    )


def _with_span(said: Said, folded: str, order: str) -> Said:
    """Add the days that stand beside the number of a week: "KW 14 (31.3.–6.4.2025)"."""
    beside = re.compile(r"\s*[(:,-]?\s*").match(folded, said.stop)
    days = _said(folded, order, beside.end()) if beside else None
    if not days or days.kind != "several":
        return said
    stop = days.stop + (folded[days.stop : days.stop + 1] == ")")
    return said._replace(stop=stop, first=days.first, last=days.last, either=days.either)


def _ordered(a: str, b: str, sign: str, order: str) -> tuple[int, int, bool]:
    """Return day and month of two figures, and whether they may be the other way round."""
    one, other = int(a), int(b)
    if sign == "." or order in ("dmy", "ymd") or one > 12 or one == other:
        return one, other, False
    if order == "mdy" or other > 12:
        return other, one, False
    return 0, 0, True


def _number(text: str | None) -> int:
    return int(text) if text else 0


def _month(word: str | None) -> int:
    if not word:
        return 0
    return int(word) if word.isdecimal() else _months().get(word.strip("."), 0)


def _year(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    return int(digits) + (2000 if len(digits) == 2 else 0) if digits else 0


# --- what is left unsaid ------------------------------------------------------------------------


def settled(
    said: Said, near: Moment | None, *, back: bool = False, any_year: bool = False
) -> Moment | None:
    """Return the moment of a date; what it leaves unsaid is told by the one before, `near`.

    `back`: the latest stand first. `any_year`: the year is not known, and no day of the week fits.
    """
    try:
        moment = _settled(said, near, back, any_year)
    except (ValueError, OverflowError):
        return None
    return moment if moment and FIRST <= day_of(moment).year < LAST else None


def is_real(said: Said) -> bool:
    """Say whether there is such a day in any year: none is the 31st of February."""
    if said.either or said.kind in ("number", "weekday", "week", "quarter"):
        return True
    leap = Moment(date(2024, 1, 1), "year")
    return settled(said, leap, any_year=True) is not None


def _settled(said: Said, near: Moment | None, back: bool, any_year: bool) -> Moment | None:
    kind = said.kind
    if said.either or kind == "none":
        return None
    if kind == "week":
        return _week(said, near, back)
    if kind == "year":
        return Moment(date(said.year, 1, 1), "year")
    if kind == "quarter":
        return Moment(date(said.year, 3 * said.quarter - 2, 1), "quarter")
    if kind in ("number", "weekday"):
        return (
            _next(said, near, back)
            if near and (near.precision != "year" or kind == "weekday")
            else None
        )
    if not said.year and near is None:
        return None
    weekday = -1 if any_year or said.year else said.weekday
    if kind == "several":
        return _several(said, near, back)
    day = _day(said.first, near, back, weekday, 1)
    if day and said.ends:
        day -= timedelta(days=6)
    precision = "month" if kind == "month" else "week" if said.weekly else "day"
    return Moment(day, precision) if day else None


def _day(
    parts: Day, near: Moment | None, back: bool, weekday: int, default: int = 1
) -> date | None:
    """Return a day; without a year it is the nearest after the last one, or before it."""
    year, month, number = parts
    if year or near is None:
        return date(year, month, number or default)
    last = day_of(near)
    if near.precision == "year":
        years = [last.year, last.year + 1] if weekday >= 0 else [last.year]
    else:
        years = [last.year, last.year - 1] if back else [last.year, last.year + 1]
    for each in years:
        try:
            day = date(each, month, number or default)
        except ValueError:
            continue
        close = day <= last + NEAR if back else day >= last - NEAR
        if (weekday < 0 or day.weekday() == weekday) and (close or near.precision == "year"):
            return day
    return None


def _several(said: Said, near: Moment | None, back: bool) -> Moment | None:
    """Return the moment of several days: a night is of the day on which it began."""
    (year, month, number), (last_year, last_month, last_number) = said.first, said.last
    if last_year and not year:
        year = last_year - ((month, number) > (last_month, last_number))
    first = _day((year, month, number), near, back, -1)
    if first is None:
        return None
    turned = (last_month, last_number) < (first.month, first.day)
    if turned and month == last_month:
        return None
    last = date(last_year or first.year + turned, last_month, last_number)
    days = (last - first).days
    if days == 1 and said.night:
        return Moment(first)
    return Moment(first, "week" if days <= 7 else "month") if 0 <= days <= 31 else None


def _week(said: Said, near: Moment | None, back: bool) -> Moment | None:
    """Return a week; without a year it is the first that is not before the last entry."""
    if said.year and not said.last[2]:
        return Moment(date.fromisocalendar(said.year, said.week, 1), "week")
    if said.last[2] and (said.year or near):
        return _several(said, near, back)
    if near is None:
        return None
    last = day_of(near)
    monday = last - timedelta(days=last.weekday())
    days = (monday + timedelta(weeks=-n if back else n) for n in range(53))
    return next((Moment(day, "week") for day in days if day.isocalendar().week == said.week), None)


def _next(said: Said, near: Moment, back: bool) -> Moment | None:
    """Return the day of a number, a day of the week or both: the first after the last entry."""
    last, number = day_of(near), said.first[2]
    if said.kind == "weekday" and near.precision == "year":
        return None
    same = near.precision != "day" or bool(number)
    days = (last + timedelta(days=-n if back else n) for n in range(0 if same else 1, 62))
    fits = (
        day
        for day in days
        if (not number or day.day == number) and said.weekday in (-1, day.weekday())
    )
    return next(map(Moment, fits), None)


def day_of(moment: Moment) -> date:
    """Return the first day of a moment."""
    return moment.time.date() if isinstance(moment.time, datetime) else moment.time


# --- words and patterns -------------------------------------------------------------------------


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("fanal.importers.reading").joinpath("dated.toml").read_text("utf-8"))


@cache
def _months() -> dict[str, int]:
    more: dict[str, int] = _data()["words"]["months"]
    return month_words(_data()["words"]["languages"]) | more


def month_words(languages: Iterable[str]) -> dict[str, int]:
    """Return the folded words for months; without those that name another one elsewhere."""
    return _words_of("months", languages, ("wide", "abbreviated"))


@cache
def _weekdays() -> dict[str, int]:
    data = _data()["words"]
    short = _words_of("days", ("de", "nl"), ("short",))
    long = _words_of("days", data["languages"], ("wide", "abbreviated"))
    more: dict[str, int] = data["weekdays"]
    return short | long | more


def _words_of(what: str, languages: Iterable[str], widths: Iterable[str]) -> dict[str, int]:
    from babel import Locale

    numbers: dict[str, set[int]] = {}
    for language in languages:
        for forms in getattr(Locale.parse(language), what).values():
            for width in widths:
                for number, word in forms.get(width, {}).items():
                    numbers.setdefault(fold(word).strip("."), set()).add(number)
    return {word: found.pop() for word, found in numbers.items() if len(found) == 1}


@cache
def listed(name: str) -> re.Pattern[str]:
    """Return what finds a word or phrase of a list of the grammar in folded text."""
    return re.compile(rf"(?<!\w)(?:{_part(name)})(?!\w)")


@cache
def keys(name: str) -> frozenset[str]:
    """Return the words of a list of the grammar."""
    return frozenset(word.strip() for word in fold(_data()["words"][name]).split(","))


@cache
def _part(name: str) -> str:
    words = {
        "month": _months(), "weekday": _weekdays(),
        "mid-weekday": [word for word in _weekdays() if len(word) > 2],
        "long-weekday": [word for word in _weekdays() if len(word) > 4],
        "long-month": [word for word in _months() if len(word) > 3],
    }.get(name)  # fmt: skip
    if words is not None:
        return _alternatives(words) + (r"\.?" if name in ("month", "weekday") else "")
    data = _data()
    if name in data["words"]:
        return _alternatives(keys(name))
    return f"(?:{_expanded(data['parts'][name])})"


def _alternatives(words: Iterable[str]) -> str:
    """Return the pattern of some words, the longest first; "(s)" may stand or not."""
    found = sorted(words, key=lambda word: (-len(word), word))
    escaped = (
        re.escape(w).replace(r"\ ", r"\s").replace(r"\(", "(?:").replace(r"\)", ")?") for w in found
    )
    return f"(?:{'|'.join(escaped)})"


def _expanded(pattern: str) -> str:
    return _NAMED.sub(lambda named: _part(named[1]), pattern)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of the grammar, with words and parts in the place of their names."""
    return re.compile(_expanded(pattern), re.VERBOSE)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    return tuple(compiled(form["pattern"]) for form in _data()["form"])


@cache
def _lead() -> re.Pattern[str]:
    return compiled(_data()["parts"]["lead"])


@cache
def _start() -> re.Pattern[str]:
    return compiled(_data()["parts"]["start"])
