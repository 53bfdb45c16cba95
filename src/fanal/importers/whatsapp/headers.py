"""The beginnings of WhatsApp lines: one grammar for all phones and languages.

WhatsApp writes dates and times as the phone's language does and says nowhere which language that
was. So the shape is read line by line, and what cannot be known from a line (which number is the
day) is inferred from the whole file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.reading.dated import month_words
from fanal.text.folding import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# CLDR's words for the two halves of the day, in the languages that WhatsApp has; folded.
_MORNING = _words(
    """
    am ap d damanhã de delamañana delmatin mañana dop dopoldne eparadites f fh fm förmiddag
    g m manhã matin paradite pd pg priekšp priekšpusdiena priekšpusdienā priešpiet prp rn s
    sa to v vm öö πμ дп претпл проб үө ա לפנהצ ص صباحا ق قبلازظهر قظ परवहन ਪਦ ఉ กอนเทยง
    ກອນທຽງ နနက ጠ ጥዋት 上午 午前 오전 凌晨 早上 清晨 半夜
    """
)
_AFTERNOON = _words(
    """
    c ch datarde delatarde delanoche noche du e eftermiddag eh em epasdites in ip md n nm
    odp p pasdite pm pop popiet popoldne ptg pēcp pēcpusd pēcpusdiena pēcpusdienā soir tarde
    tk ös μμ попл пп слоб үх հ אחהצ ب بظ بعدازظهر م مساء अपरहन ਬਦ స หลงเทยง ຫງທຽງ ညန ከ ከሰዓት
    下午 午後 오후 中午 傍晚 晚上
    """
)
_HALVES = _MORNING | _AFTERNOON
_BETWEEN = _words(
    """
    at à a um kl klo ob o om alle às as ás lúc в г г в о у u den pukul
    """
)

_PROBE = 64  # no header is longer, without the name
_WITH_NAME = 160  # characters in which a name ends whose header says not itself where it ends
MARKS = "\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_LIKE = {
    **dict.fromkeys(map(ord, MARKS), "\u200e"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212－"), "-"),
    **{ord(a): b for a, b in zip("،，、：．／［］", ",,,:./[]", strict=True)},
    **{code: " " for code in range(0x80, 0x10000) if unicodedata.category(chr(code)) == "Zs"},
    **{
        code: str(unicodedata.digit(chr(code)))
        for code in range(0x80, 0x10000)
        if unicodedata.category(chr(code)) == "Nd"
    },
}

_DAY = r"""(?:
      (?P<a>\d{1,4}) [\u200e ]* (?P<sep>[./-]) [\u200e ]*
      (?P<b>\d{1,2}) [\u200e ]* (?P=sep) [\u200e ]*
      (?P<c>\d{1,4}) \.?
    | (?P<ya>\d{2,4})\ ?[年년]\ ?(?P<mb>\d{1,2})\ ?[月월]\ ?(?P<dc>\d{1,2})\ ?[日일]
    )"""
_DAY_IN_WORDS = r"""(?: [^\W\d_]{2,10}[.,]{0,2}\ )?? (?:
      (?P<a>\d{1,2})(?:\.|er|º|st|nd|rd|th)?\ (?:de\ )?
      (?P<word>[^\W\d_]{3,12})\.?,?\ (?:de\ )?(?P<c>\d{4})
    | (?P<word2>[^\W\d_]{3,12})\.?\ (?P<b>\d{1,2})(?:st|nd|rd|th)?,?\ (?P<c2>\d{4})
    )"""
_CLOCK = r"""(?<!\d)
    (?P<hour>\d{1,2}) (?: [.:] | \ ?h\ ? ) (?P<minute>\d{2})
    (?: (?:[.:]|\ min\ )(?P<second>\d{2}) (?:\ s\b)? )?"""
_BETWEEN_THEM = r"(?P<between> [^\d\[\]:]{0,20}? )"
_HALF = r"(?P<after> [\u200e ]* [^\W\d_] [^\d\[\]:-]{0,20}? )?"
_END = r"""[\u200e ]*
    (?: \] (?(open)|(?!)) [\u200e ]?
      | (?(open)(?!)|(?:\ ?-\ |\ ?-\Z))
      | : \ (?(open)(?!)|(?(second)|(?!)))
    )"""
# a name must follow where the header does not say itself that it ends
_END_AT_NAME = r" (?(open)(?!)) (?::\ |(?(second)\ |(?!))) (?=[^\W\d_][^:\n\]]{0,60}:\ )"


def _compiled(*parts: str) -> re.Pattern[str]:
    return re.compile(r"\u200e*\ ?(?P<open>\[)?[\u200e ]*" + "".join(parts), re.VERBOSE)


_HEADER = _compiled(_DAY, _BETWEEN_THEM, _CLOCK, _HALF, _END)
_CLOCK_FIRST = _compiled(_CLOCK, _HALF, r"[\u200e ]*,?\ (?P<between>)", _DAY, _END)
_IN_WORDS = _compiled(_DAY_IN_WORDS, _BETWEEN_THEM, _CLOCK, _HALF, _END)
_BEFORE_A_NAME = _compiled(_DAY, _BETWEEN_THEM, _CLOCK, r"(?P<after>)", _END_AT_NAME)
_MONTHS_OF = (
    "en", "fr", "es", "it", "pt", "de", "nl", "ca", "da", "sv", "nb", "fi", "pl", "tr", "ro", "cs",
    "ru", "uk", "el", "hr", "hu", "bg", "sk", "id",
)  # fmt: skip
_START = re.compile(rf"[{MARKS} ]*\[?[{MARKS} ]*(?:\d|[^\W\d_]{{2,12}}[.,]{{0,2}} \d)")
_DATED = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d")
_DATED_FILE = re.compile(r"-WA\d{4}|-(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)-\d\d-\d\d-\d\d\.")
_DATED_ANDROID = re.compile(r"[A-Z]{3}-(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)-WA\d{4}")


class Shape(NamedTuple):
    """What all headers of one phone have in common."""

    bracket: bool
    separator: str
    year_first: bool | None  # None where no number has four digits
    seconds: bool
    halves: bool  # a word for the half of the day
    ended_by: str

    @property
    def is_loose(self) -> bool:
        """Whether a line of notes may begin in the same way."""
        return not self.ended_by or (self.ended_by == ":" and not self.seconds)


class Header(NamedTuple):
    """The beginning of a line, before it is known which number is the day."""

    shape: Shape
    numbers: tuple[int, int, int]
    hour: int
    minute: int
    second: int
    stop: int  # first character after the header


def _folded(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())


@cache
def _months() -> dict[str, int]:
    """Return the words for months, folded; without those that name another one elsewhere."""
    return month_words(_MONTHS_OF)


def header_of(line: str) -> Header | None:
    """Return the header that a line begins with, None if it begins with none."""
    if not line or not _START.match(line):
        return None
    probe = line[:_PROBE]
    if not probe.isascii():
        probe = probe.translate(_LIKE)
    for pattern in (_HEADER, _CLOCK_FIRST, _IN_WORDS):
        if (found := pattern.match(probe)) and (header := _header(found)):
            return header
    if _DATED.match(probe) and (found := _BEFORE_A_NAME.match(line[:_WITH_NAME].translate(_LIKE))):
        return _header(found)
    return None


def _header(found: re.Match[str]) -> Header | None:
    before, half = _folded(found["between"]), _folded(found["after"] or "")
    if before and before not in _BETWEEN:
        if half or before not in _HALVES:
            return None
        half = before
    if half and half not in _HALVES:
        return None
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > 24 or minute > 59 or second > 59:
        return None
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    groups = found.groupdict()
    if word := groups.get("word") or groups.get("word2"):
        month = _months().get(fold(word))
        if month is None:
            return None
        first, middle, last = groups["c"] or groups["c2"], str(month), groups["a"] or groups["b"]
    elif groups["sep"]:
        first, middle, last = found.group("a", "b", "c")
    else:
        first, middle, last = found.group("ya", "mb", "dc")
    separator = groups.get("sep") or "年"
    if len(first) == 3 or len(last) == 3 or (len(first) > 2 and len(last) > 2):
        return None
    end = found[0].strip("\u200e ")[-1:]
    shape = Shape(
        bracket=bool(found["open"]),
        separator=separator,
        year_first=True
        if len(first) == 4 or separator == "年"
        else None
        if len(last) < 4
        else False,
        seconds=bool(found["second"]),
        halves=bool(half),
        ended_by=end if end in "]-:" else "",
    )
    numbers = (int(first), int(middle), int(last))
    return Header(shape, numbers, hour % 24, minute, second, found.end())


ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2), "ydm": (0, 2, 1)}


_SOLAR_HIJRI = range(1379, 1415)  # years of Iran and Afghanistan from 2000 to 2036
_NOWRUZ = date(2000, 3, 20)  # the first day of 1379
_HIJRI = range(1420, 1470)


def _is_long(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _from_solar_hijri(year: int, month: int, day: int) -> date | None:
    """Return the date of a day of Iran's calendar, by its cycles of 33 years."""
    length = 31 if month <= 6 else 30 if month < 12 or _is_long(year) else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        return None
    years = year - _SOLAR_HIJRI.start
    leaps = sum(map(_is_long, range(_SOLAR_HIJRI.start, year)))
    days = 365 * years + leaps + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1
    return date.fromordinal(_NOWRUZ.toordinal() + days)


def day_of(numbers: tuple[int, int, int], order: str) -> date | None:
    """Return the date of a header's numbers in an order, None if there is no such day."""
    y, m, d = ORDERS[order]
    year = numbers[y]
    if year < 100:
        year += 2000
    elif year > 2400:  # Buddhist calendar
        year -= 543
    elif year in _SOLAR_HIJRI:
        return _from_solar_hijri(year, numbers[m], numbers[d])
    try:
        return date(year, numbers[m], numbers[d]) if 2000 <= year < 2100 else None
    except ValueError:
        return None


@dataclass(slots=True)
class _Trial:
    """How one order of day, month and year fares over a file."""

    last: date | None = None
    impossible: int = 0
    backwards: int = 0
    travelled: int = 0
    confirmed: int = 0

    def add(self, day: date | None) -> None:
        if day is None:
            self.impossible += 1
            return
        if self.last:
            days = (day - self.last).days
            self.backwards += days < 0
            self.travelled += abs(days)
        self.last = day


@dataclass(slots=True)
class Dates:
    """What a file's headers of one shape say about the order of day, month and year."""

    shape: Shape
    headers: int = 0
    is_hijri: bool = False  # years of the Islamic calendar
    different: bool = False  # some day is not the same number as its month
    trials: dict[str, _Trial] = field(default_factory=dict)
    _last: tuple[int, int, int] = (0, 0, 0)

    def add(self, header: Header, rest: str) -> None:
        """Take one more header and what follows it in its line into account."""
        self.headers += 1
        if header.numbers != self._last:
            self._last = header.numbers
            orders = (
                ("dmy", "mdy", "ymd", "ydm")
                if self.shape.year_first is None
                else ("ymd", "ydm")
                if self.shape.year_first
                else ("dmy", "mdy")
            )
            days = {order: day_of(header.numbers, order) for order in orders}
            for order, day in days.items():
                self.trials.setdefault(order, _Trial()).add(day)
            self.is_hijri |= any(number in _HIJRI for number in header.numbers)
            self.different |= days[orders[0]] != days[orders[1]]
        if "-20" in rest or "-WA" in rest:
            self._confirm(header, rest)

    def _confirm(self, header: Header, rest: str) -> None:
        """A media file's name holds its date, year first."""
        named = _DATED_ANDROID.search(rest) or _DATED_FILE.search(rest)
        if named and named["y"]:
            for order, trial in self.trials.items():
                day = day_of(header.numbers, order)
                if day and (day.year, day.month, day.day) == (
                    int(named["y"]),
                    int(named["m"]),
                    int(named["d"]),
                ):
                    trial.confirmed += 1

    def order(self, date_order: str) -> str | None:
        """Return the order of day, month and year, None if the file leaves it open.

        `date_order` says which of day and month is first, "dmy" or "mdy"; "" where nothing does.
        """
        possible = {
            name: trial
            for name, trial in self.trials.items()
            # a few impossible dates are lines that people pasted
            if trial.impossible * 50 <= self.headers
        }
        if not possible:
            return None
        if self.shape.separator == "年":
            return "ymd" if "ymd" in possible else None
        if date_order:
            day_first = {n for n in possible if n in ("dmy", "ydm")}
            wanted = possible.keys() & {date_order}
            if not wanted:  # the year is told first: what is told of day and month holds
                wanted = day_first if date_order == "dmy" else possible.keys() - day_first
            if self.shape.year_first is None:
                wanted -= {"ydm"}
            possible = {name: possible[name] for name in wanted} or possible
        fewest = min(trial.impossible for trial in possible.values())
        if fewest == 0:
            possible = {n: t for n, t in possible.items() if t.impossible == 0}
        possible = _best(possible)
        if len(possible) > 1 and self.shape.year_first is None:
            last = {n: t for n, t in possible.items() if n[-1] == "y"}
            first = {n: t for n, t in possible.items() if n[0] == "y"}
            nearest = min(t.travelled for t in possible.values())
            # neighbours in a chat are near in time: years that run like days are no years
            if last and (nearest == 0 or min(t.travelled for t in last.values()) <= 3 * nearest):
                possible = last
            else:
                possible = first or last
        if len(possible) == 1:
            return next(iter(possible))
        if "ymd" in possible and "dmy" not in possible:
            return "ymd"
        # no language of the CLDR puts the month first with a point or a dash
        if "dmy" in possible and (not self.different or self.shape.separator in ".-"):
            return "dmy"
        return None


def _best(trials: dict[str, _Trial]) -> dict[str, _Trial]:
    """Return the orders that fit clearly better than the others."""
    confirmed = max(trial.confirmed for trial in trials.values())
    if confirmed:
        sure = {n: t for n, t in trials.items() if t.confirmed * 2 > confirmed}
        if len(sure) < len(trials):
            return sure
    fewest = min(trial.backwards for trial in trials.values())
    return {
        name: trial
        for name, trial in trials.items()
        if trial.backwards == fewest or trial.backwards < 3 * fewest
    }


def orders_in(found: Iterable[Dates], date_order: str) -> dict[Shape, str]:
    """Return the order of day, month and year for each shape of header that the file really has.

    A shape that is rare and not the first is a line that somebody pasted.

    Raises:
        ImporterError: day and month cannot be told apart.
    """
    shapes = list(found)
    headers = sum(dates.headers for dates in shapes)
    real = [d for n, d in enumerate(shapes) if n == 0 or d.headers * 5 >= headers]
    if real and real[0].headers * 10 < headers and len(real) > 1:
        real = real[1:]
    orders = {dates.shape: dates.order(date_order) for dates in real}
    known = {order for order in orders.values() if order}
    for dates in real:
        if orders[dates.shape] is None:
            shared = known & {n for n, t in dates.trials.items() if t.impossible == 0}
            if len(shared) != 1:
                if all(t.impossible * 50 > dates.headers for t in dates.trials.values()):
                    if dates.is_hijri:
                        raise ImporterError(
                            "the dates of this chat are of the Islamic calendar",
                            where="record 1",
                            do="set the phone to the calendar of 2026, and export the chat again",
                        )
                    raise ImporterError(
                        "the dates of this chat are impossible",
                        where="record 1",
                        do="export the chat from WhatsApp again",
                    )
                raise ImporterError(
                    "the dates of this chat can be read day first or month first",
                    where="record 1",
                    allowed="dmy, mdy",
                    do='add date_order = "dmy" or "mdy" under [parameters] in the source '
                    "description",
                )
            orders[dates.shape] = shared.pop()
    return {shape: order for shape, order in orders.items() if order}


def time_of(header: Header, order: str) -> datetime | None:
    """Return the local time of a header, None if there is no such day."""
    day = day_of(header.numbers, order)
    if day is None:
        return None
    clock = header.hour, header.minute, header.second
    return datetime(day.year, day.month, day.day, *clock)  # noqa: DTZ001 - no zone in the export
