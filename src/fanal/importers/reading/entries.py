"""Where the entries of a notebook begin: lines that say the day, the week or the month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dates import DateColumn, Moment, date_inside, read_date
from fanal.importers.reading.speakers import is_name_like

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
    r"(?P<hour>,?\s*(?:à\s+|at\s+|vers\s+)?\d{1,2}\s?[h:]\s?(?:\d{2})?(?!\w))?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?:(?P<what>semaine|week|sem\.?|nuits?|night|soir[ée]e|week[- ]?end)\s+)?"
    r"(?:du|from|of)\s+(?P<first>\d{1,2})(?:er)?"
    r"(?P<month>\s+[^\W\d_]{3,9})?(?:\s+(?P<year>\d{4}))?\s+(?:au|to|-|–)\s+(?P<last>[^:]{5,30}\d{4})",
    re.IGNORECASE,
)
_WEEK_OF = re.compile(r"(?i)(?:semaine|week)\s+(?:du|of)\s+(?P<date>.{6,40})")
_WEEK = re.compile(
    r"(?i)(?:semaine|week|sem\.?|s|w)\s?(?P<week>\d{1,2})\s*(?:[-–,/(]|de|of)?\s*(?P<year>\d{4})\)?"
)
_WEEK_ALONE = re.compile(r"(?i)(?:semaine|week|sem\.?)\s?(?:n[°o]\s?)?(?P<week>\d{1,2})")
_SPAN = re.compile(r"\s*\((?P<span>\d{1,2}(?:er)?\b[^()]{3,40}?\d{4})\)")
_SPAN_OF_DAYS = re.compile(
    r"\s*\((?:du\s+|from\s+)?\d{1,2}(?:er)?(?:\s+[^\W\d_]{3,9})?"
    r"\s*(?:au|to|[-–—])\s*\d{1,2}(?:\s+[^\W\d_]{3,9})?\)"
)
_YEAR = re.compile(r"(?<![\d.,/€])(?<!\d-)20\d\d(?![\d.,/€]|-\d)")
_DAY_ALONE = re.compile(r"(?P<weekday>[^\W\d_]{5,9})\s+(?P<day>\d{1,2})(?:er|st|nd|rd|th)?")
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?\S+@\S+")
_STAMPED = re.compile(r"\s+(?=\S)")
_AFTER = re.compile(r"\s*(?:[:–—|]|-(?=\s|$)|[)\]])\s*")
# the hour at which something was noted: "18h30 : …", "22h – …", "21:05 Arrivée"
_CLOCK = re.compile(
    r"(?:(?i:vers|à|at)\s+)?(?:[01]?\d|2[0-4])\s?(?:h\s?(?:[0-5]\d)?|:[0-5]\d)"
    r"(?:\s?(?:[-–—]|à)\s?(?:[01]?\d|2[0-4])\s?(?:h\s?(?:[0-5]\d)?|:[0-5]\d))?"
    r"(?:\s*[:–—|-]\s*\S|\s+[A-ZÀ-Þ«\"])"
)
_MAIL_KEYS = {
    **dict.fromkeys(("de", "from", "von", "da"), "from"),
    **dict.fromkeys(("envoye", "date", "sent", "gesendet", "enviado", "inviato"), "sent"),
    **dict.fromkeys(("a", "to", "an", "para", "objet", "subject", "betreff", "asunto"), "more"),
    **dict.fromkeys(("oggetto", "cc", "cci", "bcc", "pieces_jointes", "attachments"), "more"),
}
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


class Mails(NamedTuple):
    """The heads of e-mails that somebody pasted: their lines, where each begins, who is named."""

    lines: frozenset[int]
    begins: dict[int, Entry]
    names: tuple[str, ...]


def mails_in(lines: list[str], order: str) -> Mails:
    """Find lines that say together who wrote, when, to whom and on what."""
    begins: dict[int, Entry] = {}
    taken: set[int] = set()
    names: list[str] = []
    head: dict[str, str] = {}
    start = 0
    for number, line in enumerate([*lines, ""]):
        key, colon, value = _bare(line).partition(":")
        role = _MAIL_KEYS.get(folded(key)) if colon else None
        if role and (role == "more" or role not in head):
            start = start if head else number
            head.setdefault(role, value.strip(" *_"))
            if role == "from" or folded(key) in ("a", "to", "an"):
                names += (_ADDRESS.sub("", name).strip(" \"'") for name in value.split(";"))
            continue
        moment = date_inside(head.get("sent", ""), order)
        if len(head) == 3 and moment:
            begins[start] = Entry(Moment(_day(moment)), "", "alone")
            taken |= set(range(start, number))
        head, start = ({role: value.strip(" *_")}, number) if role else ({}, 0)
    return Mails(frozenset(taken), begins, tuple(filter(is_name_like, names)) if begins else ())


def noted_by_hour(lines: list[str]) -> frozenset[int]:
    """Return the lines that begin with an hour, where several do: each is a note of its own."""
    found = frozenset(number for number, line in enumerate(lines) if _CLOCK.match(_bare(line)))
    return found if len(found) > 1 else frozenset()


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


def begins_with_day(line: str) -> bool:
    """Say whether a line begins with a day, of a year or of any."""
    found = _DATE.match(_bare(line))
    if not found or (found["weekday"] and _weekday(found["weekday"]) is None):
        return False
    return any(read_date(found["date"] + year) for year in ("", " 2024"))


def _bare(line: str) -> str:
    return line.strip(" \t\xa0#*_>•=[").removeprefix("- ").removeprefix("– ").strip()


def _entry(line: str, order: str, last: Moment | None) -> Entry | None:
    bare = _bare(line).rstrip("*_#= ]")
    if not bare or bare.isdecimal():
        return None
    key, colon, value = bare.partition(":")
    if colon and folded(key) in _DATE_KEYS and len(value) <= HEADING:
        moment = _whole(value.strip(" .*_"), order, last) or _inside(value, order)
        return Entry(moment, "", "alone") if moment else None
    if len(bare) <= HEADING and (moment := _whole(bare.strip(" .:-–—"), order, last)):
        return Entry(moment, "", "alone")
    if (found := _DATE.match(bare)) and (moment := _moment(found, order, last)):
        stamped = found["hour"] and re.match(r"\d+[./-]", found["date"])
        if after := _AFTER.match(bare, found.end()) or (
            _STAMPED.match(bare, found.end()) if stamped else None
        ):
            style = "alone" if line.lstrip().startswith(("#", "**")) else "begins"
            return Entry(moment, bare[after.end() :].strip(), style)
        if len(bare) <= HEADING and bare[-1] not in ".!?,;" and HEADS.search(bare, found.end()):
            return Entry(moment, bare, "heads")
        return None
    if len(bare) <= HEADING and bare[-1] not in ".!?,;" and HEADS.match(bare):
        moment = _inside(bare, order)
        return Entry(moment, bare, "heads") if moment and moment.precision == "day" else None
    return None


def _whole(text: str, order: str, last: Moment | None) -> Moment | None:
    """Read a text that is nothing but a day, a week or a month."""
    if last and (found := _WEEK_ALONE.fullmatch(_SPAN_OF_DAYS.sub("", text))):
        return _next_week(int(found["week"]), _day(last))
    found = _DAY_ALONE.fullmatch(text)
    near = last and last.precision != "year"  # in a year, a day of the week and month is any
    if near and last and found and (weekday := _weekday(found["weekday"])) is not None:
        return _next_day(weekday, int(found["day"]), _day(last))
    if found := _DATE.fullmatch(text):
        return _moment(found, order, last)
    if found := _RANGE.fullmatch(text):
        return _range(found, order)
    if found := _WEEK_OF.fullmatch(text):
        moment = read_date(found["date"], order)
        return Moment(moment.time, "week") if moment and moment.precision == "day" else None
    if found := _WEEK.fullmatch(text):
        return read_date(f"{found['year']}-W{found['week']}")
    if found := _SPAN.search(text):
        span = re.sub(r"\s*[-–—]\s*", " au ", found["span"], count=1)
        return _whole(f"semaine du {span}", order, last) if _WEEK_ALONE.match(text) else None
    moment = read_date(text, order) if len(text) < 60 else None
    return moment if moment and moment.precision != "year" else None


def span_inside(text: str, order: str) -> Moment | None:
    """Find a span of days inside a short line: "Free party, nuit du 14 au 15 mars 2026"."""
    found = _RANGE.search(text)
    return _range(found, order) if found else None


def _inside(text: str, order: str) -> Moment | None:
    return span_inside(text, order) or date_inside(text, order)


def year_told(lines: Sequence[str]) -> Moment | None:
    """Return the one year that a file's name or its title tells, for days that tell none."""
    years = {year for line in lines for year in _YEAR.findall(line.replace("_", " "))}
    return Moment(date(int(years.pop()), 1, 1), "year") if len(years) == 1 else None


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
    if days == 1 and (found["what"] or "").casefold().startswith(("nuit", "night", "soir")):
        return Moment(first)  # a night is of the day on which it began
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


def _next_week(week: int, last: date) -> Moment | None:
    """Return the week of a number without a year: the first that is not before the last entry."""
    monday = last - timedelta(days=last.weekday())
    days = (monday + timedelta(weeks=n) for n in range(53))
    return next((Moment(day, "week") for day in days if day.isocalendar().week == week), None)


def _next_day(weekday: int, number: int, last: date) -> Moment | None:
    """Return the day that "Jeudi 13" is: the first after the last entry, within two months."""
    days = (last + timedelta(days=n) for n in range(62))
    fits = (day for day in days if day.day == number and day.weekday() == weekday)
    return next(map(Moment, fits), None)


def _weekday(word: str | None) -> int | None:
    return _WEEKDAYS.get(word.casefold().strip(".")) if word else None


def _day(moment: Moment) -> date:
    return moment.time.date() if isinstance(moment.time, datetime) else moment.time
