"""Where the entries of a notebook begin: lines that say the day, the week or the month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.reading.dates import DateColumn, Moment, date_inside, read_date
from fanal.importers.reading.rows import folded

TOP = 6  # lines within which the first entry begins, where other lines may begin with a date too
HEADING = 80  # characters
NOTED_BELOW = 4  # lines under a date that may say where and when

_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_WEEKDAYS = {
    **{name[:size]: n for n, name in enumerate(_DAYS) for size in (3, len(name))},
    **{
        name[:size]: n
        for n, name in enumerate(
            ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        )
        for size in (3, len(name))
        if name[:size] not in ("mar", "sam", "dim")
    },
}
_MONTH = r"(?!lieu|date|le\b)[^\W\d_]{3,9}\.?"
_DATE = re.compile(
    r"(?:le\s+)?(?:(?P<weekday>[^\W\d_]{3,9})\.?,?\s+(?:le\s+)?)?"
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}(?:\3(?P<y1>\d{4}|\d{2}))?"
    rf"|\d{{1,2}}(?:er|st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<y2>\d{{4}}))?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+(?P<y3>\d{{4}}))?)"
    r"(?![\w/.€%-]|\s*(?:€|%|h\b|euros?\b|g\b|pers))"
    r"(?:,?\s*(?:à\s+|at\s+|vers\s+)?\d{1,2}\s?[h:]\s?(?:\d{2})?(?!\w))?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:(?:semaine|week|sem\.?)\s+)?(?:du|from|of)\s+(?P<first>\d{1,2})(?:er)?"
    r"(?P<month>\s+[^\W\d_]{3,9})?(?:\s+(?P<year>\d{4}))?\s+(?:au|to|-|–)\s+(?P<last>[^:]{5,30}\d{4})",
    re.IGNORECASE,
)
_WEEK_OF = re.compile(r"(?i)(?:semaine|week)\s+(?:du|of)\s+(?P<date>.{6,40})")
_WEEK = re.compile(
    r"(?i)(?:semaine|week|sem\.?|s|w)\s?(?P<week>\d{1,2})\s*(?:[-–,/(]|de|of)?\s*(?P<year>\d{4})\)?"
)
_AFTER = re.compile(r"\s*(?:[:–—|]|-(?=\s|$)|[)\]])\s*")
_DATE_KEYS = {"date", "jour", "day", "mois", "month", "semaine", "week", "date_de_l_entretien"}
_DATE_KEYS |= {"date_de_la_maraude", "date_de_l_observation", "date_du_jour", "le"}
_FACT_KEYS = {"lieu", "place", "site", "duree", "duration", "heure", "time", "ville", "city", "ou"}
HEADS = re.compile(
    r"(?i)(?:entretien|interview|observation|notes?|compte[- ]rendu|s[ée]ance|session|r[ée]union"
    r"|meeting|focus group|groupe|journal|carnet|visite|maraude|tourn[ée]e|outreach|permanence"
    r"|accueil|sortie|soir[ée]e|night|shift|visit)\b"
)


class Entry(NamedTuple):
    """The line that begins an entry: its date, and what else it says."""

    moment: Moment
    rest: str
    style: str  # alone: nothing but the date; begins: with it; heads: a heading that holds it


class Entries(NamedTuple):
    """The entries of a text by the number of their first line."""

    begins: dict[int, Entry]
    facts: frozenset[int]  # lines under a date that only say where and when
    doubtful: tuple[int, ...]  # lines that begin with a date, and may begin no entry


def order_of(lines: list[str], order: str, usual: str) -> str:
    """Return the order of day and month that the dates at line starts show, else the usual one."""
    column = DateColumn(order)
    for line in lines:
        if found := _DATE.match(_bare(line)):
            column.see(found["date"])
    try:
        column.settle()
    except ImporterError:
        return usual
    return column.order or usual


def entries_in(lines: list[str], order: str, known: Moment | None) -> Entries:
    """Find where entries begin; `known` is the date of the whole, for days without a year."""
    found: dict[int, Entry] = {}
    unread: list[int] = []
    last = known
    for number, line in enumerate(lines):
        if entry := _entry(line, order, last):
            found[number] = entry
            last = entry.moment
        elif _without_year(line):
            unread.append(number)
    styles = [entry.style for entry in found.values()]
    days = [entry for entry in found.values() if entry.moment.precision == "day"]
    wanted = {"alone"}
    if styles.count("alone") < 2:
        for style in ("begins", "heads"):
            first = next((n for n, e in found.items() if e.style == style), TOP)
            # under the date of a note, lines that begin with one are what is planned or was heard
            if styles.count(style) >= 2 and first < TOP and days and days[0].style == style:
                wanted.add(style)
                break
    begins = {number: entry for number, entry in found.items() if entry.style in wanted}
    doubtful = sorted(
        [*unread, *(n for n, e in found.items() if n not in begins and e.style == "begins")]
    )
    facts = {
        below
        for number, entry in begins.items()
        if entry.style == "alone"
        for below in _facts_below(lines, number)
    }
    return Entries(begins, frozenset(facts), tuple(doubtful))


def parted(heading: str) -> str:
    """Return a heading that begins with a date with the rest of it on a line below."""
    found = _DATE.match(heading)
    after = _AFTER.match(heading, found.end()) if found else None
    if not found or not after or not heading[after.end() :].strip():
        return heading
    return f"{found[0].strip()}\n{heading[after.end() :].strip()}"


def _facts_below(lines: list[str], number: int) -> Iterator[int]:
    for below in range(number + 1, min(number + 1 + NOTED_BELOW, len(lines))):
        key, colon, value = lines[below].partition(":")
        if not colon or folded(key) not in _FACT_KEYS or len(value.split()) > 8:
            return
        yield below


def _bare(line: str) -> str:
    return line.strip(" \t\xa0#*_>•=[").removeprefix("- ").removeprefix("– ").strip()


def _entry(line: str, order: str, last: Moment | None) -> Entry | None:
    bare = _bare(line).rstrip("*_#= ]")
    if not bare or bare.isdecimal():
        return None
    key, colon, value = bare.partition(":")
    if colon and folded(key) in _DATE_KEYS and len(value) <= HEADING:
        moment = _whole(value.strip(" .*_"), order, last) or date_inside(value, order)
        return Entry(moment, "", "alone") if moment else None
    if len(bare) <= HEADING and (moment := _whole(bare.strip(" .:-–—"), order, last)):
        return Entry(moment, "", "alone")
    if (found := _DATE.match(bare)) and (moment := _moment(found, order, last)):
        if after := _AFTER.match(bare, found.end()):
            style = "alone" if line.lstrip().startswith(("#", "**")) else "begins"
            return Entry(moment, bare[after.end() :].strip(), style)
        if len(bare) <= HEADING and bare[-1] not in ".!?,;" and HEADS.search(bare, found.end()):
            return Entry(moment, bare, "heads")
        return None
    if len(bare) <= HEADING and bare[-1] not in ".!?,;" and HEADS.match(bare):
        moment = date_inside(bare, order)
        return Entry(moment, bare, "heads") if moment and moment.precision == "day" else None
    return None


def _whole(text: str, order: str, last: Moment | None) -> Moment | None:
    """Read a text that is nothing but a day, a week or a month."""
    if found := _DATE.fullmatch(text):
        return _moment(found, order, last)
    if found := _RANGE.fullmatch(text):
        return _range(found, order)
    if found := _WEEK_OF.fullmatch(text):
        moment = read_date(found["date"], order)
        return Moment(moment.time, "week") if moment and moment.precision == "day" else None
    if found := _WEEK.fullmatch(text):
        return read_date(f"{found['year']}-W{found['week']}")
    moment = read_date(text, order) if len(text) < 60 else None
    return moment if moment and moment.precision != "year" else None


def _range(found: re.Match[str], order: str) -> Moment | None:
    stop = read_date(found["last"].strip(), order)
    if not stop or stop.precision != "day":
        return None
    last = _day(stop)
    month = found["month"] or ""
    written = f"{found['first']}{month} {found['year'] or last.year}"
    start = read_date(written, order) if month else None
    try:
        first = _day(start) if start else last.replace(day=int(found["first"]))
    except ValueError:
        return None
    days = (last - first).days
    return Moment(first, "week" if days <= 7 else "month") if 0 <= days <= 31 else None


def _moment(found: re.Match[str], order: str, last: Moment | None) -> Moment | None:
    """Read a date at the start of a line; a day without a year is the nearest after the last."""
    weekday = _weekday(found["weekday"])
    if found["weekday"] and weekday is None:
        return None
    text = found["date"]
    if found["y1"] or found["y2"] or found["y3"] or re.match(r"\d{4}-", text):
        moment = read_date(text, order)
        return moment if moment and moment.precision == "day" else None
    if last is None or not (weekday is not None or any(map(str.isalpha, text)) or _dated(found)):
        return None
    return _nearest(text, order or "dmy", _day(last), weekday)


def _dated(found: re.Match[str]) -> bool:
    """Say whether "04/06" is a day: before a colon; else it may be anything."""
    return bool(re.fullmatch(r"\d{1,2}[./]\d{2}", found["date"])) and bool(
        re.match(r"\s*[:–—]", found.string[found.end() :])
    )


def _without_year(line: str) -> bool:
    """Say whether a line begins as an entry does, with a day whose year nothing tells."""
    found = _DATE.match(bare := _bare(line))
    if not found or found["y1"] or found["y2"] or found["y3"] or found["date"][:4].isdecimal():
        return False
    if found["weekday"] and _weekday(found["weekday"]) is None:
        return False
    ends = found.end() == len(bare) or _AFTER.match(bare, found.end())
    named = bool(found["weekday"]) or read_date(f"{found['date']} 2024") is not None
    return bool(ends) and (named or _dated(found))


def _nearest(text: str, order: str, last: date, weekday: int | None) -> Moment | None:
    for year in (last.year, last.year + 1):
        separator = next((c for c in text if c in "./-"), " ")
        moment = read_date(f"{text}{separator}{year}", order)
        if not moment or moment.precision != "day":
            return None
        day = _day(moment)
        fits = weekday is None or day.weekday() == weekday
        if fits and day >= last - timedelta(days=31):
            return moment
    return None


def _weekday(word: str | None) -> int | None:
    return _WEEKDAYS.get(word.casefold().strip(".")) if word else None


def _day(moment: Moment) -> date:
    return moment.time.date() if isinstance(moment.time, datetime) else moment.time
