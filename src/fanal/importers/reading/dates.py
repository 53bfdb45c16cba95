"""Dates as people and programs write them in tables and headings, French and English.

The order of day and month is found from a whole column, never from one value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import ClassVar, NamedTuple

from dateutil import parser as dateutil_parser  # type: ignore[import-untyped]
from dateutil import tz

from fanal.errors import ImporterError
from fanal.importers.reading.sheets import Shown

ORDERS = ("dmy", "mdy", "ymd")
MOST = 0.8  # of its cells that are dates, from which a column is one of dates
MANY_MONTHS = 3  # a file of one month, read the other way, is scattered over the year
SERIALS = range(20_000, 80_000)  # days since 1900 of a spreadsheet: from 1954 to 2119
FIRST, LAST = 1950, 2100  # years that a trace can be from

_CLOCK = (
    r"(?P<h>\d{1,2})\s?(?:[:hHuU.]\s?(?P<m>\d{2})(?:[:m.](?P<s>\d{2})(?:[.,]\d+)?)?|[hHuU](?!\w))"
    r"\s?(?:(?P<half>[apAP])\.?\s?[mM]\.?)?"
    r"(?:\s?(?P<named>[A-Z]{3,5})(?P<zone>[+-]\d{1,2}(?::\d{2})?)?)?"
)
_NUMERIC = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{4}}|\d{{1,2}})"
    rf"(?:(?:,?\s+(?:à\s+|at\s+|-\s+)?|T){_CLOCK})?"
)
_ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
_ISO_MONTH = re.compile(r"(\d{4})[-/](\d{2})|(\d{2})/(\d{4})")
_QUARTER = re.compile(
    r"(?P<y>\d{4})[ -/]*(?:[TQ]|trim(?:estre)?\.?|quarter)\s?(?P<q>[1-4])"
    r"|(?:(?:[TQ]|trim(?:estre)?\.?|quarter)\s?)?(?P<q2>[1-4])\s?(?:er|e|ème|nd|st|rd|th)?"
    r"\s?(?:T|Q|trim(?:estre)?\.?|quarter)?[ -/]*(?P<y2>\d{4})",
    re.IGNORECASE,
)
_ISO_WEEK = re.compile(
    r"(?P<y>\d{4})[ -]*(?:W|S|sem(?:aine)?\.?|week)\s?(?P<w>\d{1,2})"
    r"|(?:W|S|sem(?:aine)?\.?|week)\s?(?P<w2>\d{1,2})[ -/]*(?P<y2>\d{4})",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"(?:le\s+)?(?:(?:lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|edi|anche)?"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})?\.?,?\s*(?=\d)",
    re.IGNORECASE,
)
_ANY_WEEKDAY = re.compile(r"[^\W\d_]{2,12}(?:\.,?|,)\s?(?=\d)")
_DIGITS = re.compile(r"\d{4,16}(?:\.\d+)?")
_SPACES = re.compile(r"[\s\u200e\u200f]+")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial has no zone
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "CET": 3600, "CEST": 7200, "WET": 0, "WEST": 3600,
          "MEZ": 3600, "MESZ": 7200, "EET": 7200, "EEST": 10_800}  # fmt: skip


class Moment(NamedTuple):
    """A date or a time, and how fine it is known: day, week, month, quarter or year."""

    time: datetime | date
    precision: str = "day"


class _Words(dateutil_parser.parserinfo):  # type: ignore[misc]
    """English and French names of months and days, for dateutil."""

    JUMP: ClassVar = [
        *dateutil_parser.parserinfo.JUMP,
        "à",
        "a",
        "le",
        "du",
        "de",
        "er",
        "ème",
        "vers",
    ]
    MONTHS: ClassVar = [  # French and English, then what feeds of neighbours write
        ("jan", "january", "janvier", "janv", "gennaio", "gen", "enero", "ene", "januar",
         "januari", "jänner", "jän"),
        ("feb", "february", "février", "fevrier", "févr", "fevr", "fév", "fev", "febbraio",
         "febrero", "februar", "februari"),
        ("mar", "march", "mars", "marzo", "märz", "maart", "mrt", "mär", "mrz"),
        ("apr", "april", "avril", "avr", "aprile", "abril", "abr"),
        ("may", "mai", "maggio", "mag", "mayo", "mei"),
        ("jun", "june", "juin", "giugno", "giu", "junio", "juni"),
        ("jul", "july", "juillet", "juil", "juill", "luglio", "lug", "julio", "juli"),
        ("aug", "august", "août", "aout", "agosto", "ago", "augustus"),
        ("sep", "sept", "september", "septembre", "settembre", "sett", "set", "septiembre"),
        ("oct", "october", "octobre", "ottobre", "ott", "octubre", "oktober", "okt"),
        ("nov", "november", "novembre", "noviembre"),
        ("dec", "december", "décembre", "decembre", "déc", "dicembre", "dic", "diciembre",
         "dezember", "dez"),
    ]  # fmt: skip
    WEEKDAYS: ClassVar = [
        ("mon", "monday", "lundi", "lun"),
        ("tue", "tuesday", "mardi", "tues"),
        ("wed", "wednesday", "mercredi", "mer"),
        ("thu", "thursday", "jeudi", "jeu", "thurs"),
        ("fri", "friday", "vendredi", "ven"),
        ("sat", "saturday", "samedi", "sam"),
        ("sun", "sunday", "dimanche", "dim"),
    ]


_INFO = _Words()
_FRENCH = re.compile(
    r"(?i)\b(?:janvier|f[ée]vrier|mars|avril|juin|juillet|ao[ûu]t|septembre|octobre|novembre"
    r"|d[ée]cembre)\b"
)
_MONTHS = {name for names in _Words.MONTHS for name in names}


def has_month(text: str) -> bool:
    """Say whether a word of a text is the name of a month."""
    return any(word.lower() in _MONTHS for word in re.findall(r"[^\W\d_]+", text))


def _clean(value: str) -> str:
    """Return a date with plain spaces, without a day of the week before figures."""
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", value)).strip()
    if (found := _ANY_WEEKDAY.match(text)) and has_month(text[found.end() :]):
        return text[found.end() :]  # "mar., 18 oct. 2022" is no day of March
    bare = text if text[:1].isdigit() else _WEEKDAY.sub("", text, count=1)
    return bare if _ISO.fullmatch(bare) or _NUMERIC.fullmatch(bare) else text


def read_date(value: object, order: str = "") -> Moment | None:
    """Read one date; None if it is none, or if its order of day and month is not known.

    `order` is "dmy", "mdy", "ymd" or "" where nothing is known.
    """
    if isinstance(value, datetime):
        # spreadsheets have no dates, only times at midnight
        return _within(value.date() if value.time() == time() and not value.tzinfo else value)
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Shown) and SERIALS.start <= value < SERIALS.stop:
        value = float(value) + value.days
    if isinstance(value, int | float):
        return _from_number(float(value), f"{value:.0f}" if float(value).is_integer() else "")
    if not isinstance(value, str) or len(value) > 80:
        return None
    return _from_text(_clean(value), order)


@lru_cache(4096)
def _from_text(text: str, order: str) -> Moment | None:
    try:
        if _ISO.fullmatch(text):
            return _from_iso(text)
        if re.search(r"[a-z]", text, re.IGNORECASE) and (period := _from_period(text)):
            return period
        if _DIGITS.fullmatch(text):
            return _from_number(float(text), text if text.isdecimal() else "")
        if found := _ISO_MONTH.fullmatch(text):
            year, month, month2, year2 = found.groups()
            return _within(date(int(year or year2), int(month or month2), 1), "month")
        if found := _NUMERIC.fullmatch(text):
            return _from_parts(found, order)
        if has_month(text):
            return _from_words(text)
    except (ValueError, OverflowError):
        return None
    return None


def _from_period(text: str) -> Moment | None:
    """Read a quarter or an ISO week of a year: "T1 2017", "2017-W12"."""
    if found := _QUARTER.fullmatch(text):
        year, quarter = int(found["y"] or found["y2"]), int(found["q"] or found["q2"])
        return _within(date(year, 3 * quarter - 2, 1), "quarter")
    if found := _ISO_WEEK.fullmatch(text):
        year, week = int(found["y"] or found["y2"]), int(found["w"] or found["w2"])
        return _within(date.fromisocalendar(year, week, 1), "week")
    return None


def _within(moment: datetime | date, precision: str = "day") -> Moment | None:
    return Moment(moment, precision) if FIRST <= moment.year < LAST else None


def _from_iso(text: str) -> Moment | None:
    if len(text) == 10:
        return _within(date.fromisoformat(text))
    return _within(datetime.fromisoformat(text.replace("UTC", "Z").replace(" Z", "Z")))


def _from_number(number: float, digits: str) -> Moment | None:
    """Read yyyy, yyyymm, yyyymmdd, seconds, milli- or microseconds, or a spreadsheet's serial."""
    try:
        if len(digits) == 4:
            return _within(date(int(digits), 1, 1), "year")
        if len(digits) == 6 and 1 <= int(digits[4:]) <= 12:
            return _within(date(int(digits[:4]), int(digits[4:]), 1), "month")
        if len(digits) == 8:
            return _within(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
        if len(digits) == 14 and (found := _compact(digits)):
            return found
        if SERIALS.start <= number < SERIALS.stop:
            moment = _EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
            return _within(moment.date() if moment.time() == time() else moment)
        for unit in (1, 1e3, 1e6):
            if 3e8 <= number / unit < 4.2e9:
                return _within(datetime.fromtimestamp(number / unit, UTC))
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _compact(digits: str) -> Moment | None:
    moment = datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007 - local to the source
    return _within(moment)


def _from_parts(found: re.Match[str], order: str) -> Moment | None:
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4:
        year, month, day = a, b, c
    elif len(found["a"]) == 3:
        return None
    else:
        order = order or _order_of(found)
        if not order or (order == "ymd" and len(found["c"]) == 4):
            return None
        day, month, year = {"dmy": (a, b, c), "mdy": (b, a, c), "ymd": (c, b, a)}[order]
        if year < 100:
            year += 2000 if year < 70 else 1900
    plain = date(year, month, day)
    if found["h"] is None:
        return _within(plain)
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    clock = time(hour, int(found["m"] or 0), int(found["s"] or 0), tzinfo=_zone_after(found))
    return _within(datetime.combine(plain, clock))


def _zone_after(found: re.Match[str]) -> timezone | None:
    """Return the zone of "10:05:09 AM UTC+1" or "… CET", as forms write it; None of any other."""
    if not found["named"] or found["named"] not in _ZONES:
        return None
    hours, _, minutes = (found["zone"] or "+0").partition(":")
    more = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(timedelta(seconds=_ZONES[found["named"]]) + more)


def _order_of(found: re.Match[str]) -> str:
    """Say in which order one date can only be, "" if both fit."""
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    if a > 12 >= b and a <= 31:
        return "dmy"
    if b > 12 >= a and b <= 31:
        return "mdy"
    if a == b <= 12 and (len(found["c"]) == 4 or c > 12):
        return "dmy"  # the same day either way
    return ""


def _from_words(text: str) -> Moment | None:
    text = re.sub(r"(\d)\s?h(?:eures?)?(?!\w)", r"\1:00", text)
    text = re.sub(r"(\d)\s?[hH]\s?(\d{2})", r"\1:\2", text)
    # what a date leaves unsaid is taken from the default: two defaults show what was unsaid
    seen: list[datetime] = []
    for default in (datetime(2000, 1, 1), datetime(2004, 2, 2)):  # noqa: DTZ001
        seen.append(dateutil_parser.parse(text, _INFO, default=default, tzinfos=_zone))
    one, other = seen
    if one.year != other.year or one.month != other.month:
        return None
    if one.day != other.day:
        return _within(one.date().replace(day=1), "month")
    return _within(one if re.search(r"\d[:hH]\d|\d\s?[ap]\.?m", text, re.I) else one.date())


def _zone(name: str | None, offset: int | None) -> tz.tzoffset | None:
    if offset is None:
        offset = _ZONES.get(name or "")
    return None if offset is None else tz.tzoffset(name, offset)


def are_dates(cells: Sequence[object]) -> bool:
    """Say whether the filled cells of a column are dates: nearly all, and no plain numbers."""
    dated = [c for c in cells if read_date(c, "dmy") or read_date(c, "mdy")]
    plain = all(isinstance(c, int | float) or (isinstance(c, str) and c.isdigit()) for c in cells)
    return bool(cells) and not plain and len(dated) >= MOST * len(cells)


class DateColumn:
    """The order of day and month of a whole column of dates.

    `see` every value, `settle` once, then `read` each value. What stays open is asked for.
    """

    def __init__(self, order: str = "") -> None:
        if order and order not in ORDERS:
            raise ImporterError(
                f"date_order cannot be {order!r}",
                allowed=", ".join(ORDERS),
                do="correct date_order under [parameters]",
            )
        self.order = order
        self._votes = {"dmy": 0, "mdy": 0}
        self._open = 0
        self._french = False
        self._dots = 0
        self._months: dict[str, set[tuple[int, int]]] = {"dmy": set(), "mdy": set()}
        self._last: dict[str, date | None] = {"dmy": None, "mdy": None}
        self._steps = {"dmy": [0, 0], "mdy": [0, 0]}  # forward and back in the file

    def see(self, value: object) -> None:
        """Take one value of the column into account."""
        if self.order or not isinstance(value, str) or len(value) > 80:
            return
        found = _NUMERIC.fullmatch(_clean(value))
        if not found or len(found["a"]) > 2:
            self._french |= not found and bool(_FRENCH.search(value))
            return
        only = _order_of(found)
        if only and int(found["a"]) != int(found["b"]):
            self._votes[only] += 1
        elif not only:
            self._open += 1
        self._dots += found["sep"] == "."
        for order, last in self._last.items():
            moment = _from_text(_clean(value), order)
            day = moment and _day(moment.time)
            if day:
                self._months[order].add((day.year, day.month))
            if day and last and day != last:
                self._steps[order][day < last] += 1
            self._last[order] = day or last

    def settle(self) -> None:
        """Decide on the order.

        Raises:
            ImporterError: both orders fit every date of the column.
        """
        if self.order or not self._open:
            return
        day_first, month_first = self._votes["dmy"], self._votes["mdy"]
        if day_first or month_first:
            self.order = "dmy" if day_first >= month_first else "mdy"
        elif self._dots or self._french:
            self.order = "dmy"  # nobody writes month.day.year, and no French month first
        else:
            straight = [order for order, steps in self._steps.items() if self._runs_one_way(steps)]
            if len(straight) == 1:
                self.order = straight[0]
            else:
                raise ImporterError(
                    "the dates do not show whether the day or the month comes first",
                    where="column of dates",
                    allowed=", ".join(ORDERS),
                    do='add date_order = "dmy" or "mdy" under [parameters] in the source '
                    "description",
                )

    def settle_or(self, fallback: str) -> str | None:
        """Decide on the order; where both fit, by the month that a file is about, or as told.

        Returns `None` where the dates showed it, else the order that was taken ("": none).
        """
        try:
            self.settle()
        except ImporterError:
            few, many = sorted(self._months, key=lambda order: len(self._months[order]))
            if len(self._months[few]) == 1 and len(self._months[many]) >= MANY_MONTHS:
                self.order = few
                return None
            self.order = fallback
            return fallback
        return None

    def year_of(self, value: object) -> Moment | None:
        """Return the year of a date whose day and month are not told apart; None for others."""
        if self.order or not isinstance(value, str) or len(value) > 80:
            return None
        either = [read_date(value, order) for order in ("dmy", "mdy")]
        years = {_day(moment.time).year for moment in either if moment}
        return Moment(date(years.pop(), 1, 1), "year") if len(years) == 1 else None

    @staticmethod
    def _runs_one_way(steps: list[int]) -> bool:
        return sum(steps) >= 2 and min(steps) == 0

    def read(self, value: object) -> Moment | None:
        """Read one value of the column."""
        return read_date(value, self.order)


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


_INSIDE = re.compile(
    r"(?<![0-9A-Za-z/.-])(?:"
    r"\d{4}-\d{2}-\d{2}"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
    r"|(?:\d{1,2}(?:er|st|nd|rd|th|º|\.)?\s+(?:(?:of|de|di)\s+)?)?"
    r"[^\W\d_]{3,10}\.?\s+(?:de[l]?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}"
    r"|\d{4}-\d{2}"
    r")(?![0-9A-Za-z/-])"
)


def dates_inside(text: str, order: str = "") -> Iterator[tuple[str, Moment]]:
    """Yield the dates inside a short line, each with what stands before it."""
    line = _clean(text)[:200]
    for found in _INSIDE.finditer(line):
        dotted = order or ("dmy" if "." in found.group() else "")  # nobody writes 10.07 for July
        if moment := read_date(found.group(), dotted):
            yield line[: found.start()], moment


def date_inside(text: str, order: str = "") -> Moment | None:
    """Find the first date inside a short line such as "Entretien du 12 mars 2025, Lille"."""
    return next((moment for _, moment in dates_inside(text, order)), None)
