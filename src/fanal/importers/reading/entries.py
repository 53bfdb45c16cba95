"""Where the parts of a text begin: lines that say the day, the week or the month of what follows.

A date may stand in any line; `segments` says which lines are headings. What may be one and is none
is told, and so is a day whose year or order nothing says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.reading.dated import said_at, said_in, settled
from fanal.importers.reading.dated_lines import (
    HEADING,
    NUMBERED,
    Form,
    Line,
    bare_of,
    is_fact,
    is_session,
    line_of,
)
from fanal.importers.reading.dates import DateColumn, Moment
from fanal.importers.reading.segments import chosen

NOTED_BELOW = 4  # lines under a date that may say where and when
_YEAR = re.compile(r"(?<![\d.,/€])(?<!\d-)20\d\d(?![\d.,/€]|-\d)")
_FIGURE = re.compile(r"\d")
_HALF = re.compile(r"(\d{1,2})/(\d)(?=\s|$)(?!\s?(?:€|%|g\b|mg\b|ml\b|eur))")
_PAIRS = re.compile(r"(\d\d)[-./](\d\d)[-./](\d\d)")
RULE = re.compile(r"\s*[-=_*~—–]{3,}\s*")
_LETTERS, _DAYS = re.compile(r"[^\W\d_]+"), re.compile(r"(?<!\d)\d\d?(?!\d)|(?<!\d)20\d\d(?!\d)")
# the hour at which something was noted: "18h30 : …", "22h – …", "21:05 Arrivée", "14u30 …"
_HOUR = r"(?:[01]?\d|2[0-4])\s?(?:[hu]\s?(?:[0-5]\d)?|:[0-5]\d)(?:\s?(?:Uhr|uur))?"
_CLOCK = re.compile(
    rf"(?:(?i:vers|à|at|ore|alle|um|gegen|rond|om|às|a las)\s+)?{_HOUR}"
    rf"(?:\s?(?:[-–—]|à)\s?{_HOUR})?"
    r"(?:\s*[:,–—|-]\s*\S|\s+[^\W\d_«\"]|\s*$)"
)


class Entry(NamedTuple):
    """The line that begins an entry: its date if it is known, what else it says, who writes."""

    moment: Moment | None
    rest: str
    style: str  # alone: nothing but the date; begins: with it; heads: a heading; chat: a message
    label: str = ""


class Entries(NamedTuple):
    """The entries of a text by the number of their first line."""

    begins: dict[int, Entry]
    facts: frozenset[int]  # lines around a date that only say where and when
    doubtful: tuple[int, ...] = ()  # lines that begin with a date, and may begin no entry
    yearless: tuple[int, ...] = ()  # lines that begin an entry of no known year
    unordered: tuple[int, ...] = ()  # lines whose day may be the month


def order_of(lines: list[str], order: str, usual: str) -> str:
    """Return the order of day and month that the dates at line starts show, else the usual one."""
    column, figures = DateColumn(order), list[tuple[int, ...]]()
    for line in lines:
        bare = bare_of(line)
        said = said_at(bare, "") if _FIGURE.search(bare, 0, HEADING) else None
        if said and not said.last[2]:
            column.see(written := bare[said.start : said.stop].removeprefix("le "))
            if pairs := _PAIRS.fullmatch(written):
                figures.append(tuple(map(int, pairs.groups())))
    if not order and _is_year_first(figures):
        return "ymd"
    try:
        column.settle()
    except ImporterError:
        return usual
    return column.order or usual


def _is_year_first(figures: list[tuple[int, ...]]) -> bool:
    """Say whether "25-03-03", "25-03-10" are of one year, and not of one day of many years."""
    years = [[each[0] for each in figures], [each[2] for each in figures]]
    real = all(1 <= each[1] <= 12 and 1 <= each[2] <= 31 for each in figures)
    first, last = (max(found) - min(found) if found else 0 for found in years)
    return len(figures) > 1 and real and first <= 1 and last >= 3 and figures == sorted(figures)


def entries_in(
    lines: list[str],
    order: str,
    known: Moment | None,
    styled: frozenset[int] = frozenset(),
    turns: frozenset[int] = frozenset(),
) -> Entries:
    """Find where entries begin; `known` is the date of the whole, for days without a year.

    `styled` are the lines that look like headings, `turns` those that begin none: what somebody
    says after a label.
    """
    lines = _padded(lines)
    found = [
        line
        for number, text in enumerate(lines)
        if number not in turns and (line := line_of(number, text, number in styled, order))
    ]
    moments = _moments(found, known)
    taken = chosen(found, moments, lines, known)
    headings = [line for line in found if line.number in taken]
    settled_again = _moments(headings, known)
    begins, facts = dict[int, Entry](), set[int]()
    for line in headings:
        if line.said.kind == "year":
            facts.add(line.number)
            continue
        top = _top_of(lines, line, taken) if line.style == "keyed" else line.number
        facts |= {*range(top, line.number + (top < line.number)), *_facts_below(lines, line)}
        moment = settled_again[line.number]
        begins[top] = Entry(moment, line.rest, line.kind, line.label)
    dated = [line for line in headings if line.said.kind != "year"]
    lost = [line for line in dated if settled_again[line.number] is None]
    forms = {line.form for line in headings if line.said.kind == "day"}
    left = (line for line in found if line.number not in taken)
    doubtful = [line for line in left if _is_doubtful(line, moments[line.number], forms)]
    odd = _misspelt(lines, headings, {line.number for line in found})
    return Entries(
        begins,
        frozenset(facts),
        tuple(sorted([*odd, *(line.number for line in doubtful)])),
        tuple(line.number for line in lost if not line.said.either),
        tuple(line.number for line in lost if line.said.either),
    )


def _padded(lines: list[str]) -> list[str]:
    """Return lines with "12/4" at their start as "12/04", where several are days that go on.

    Shares, marks and numbers of pages are none: one has a day above 12, all are in order of time.
    """
    halves = {n: half for n, line in enumerate(lines) if (half := _HALF.match(bare_of(line)))}
    days = [(int(half[2]), int(half[1])) for half in halves.values()]
    turns = sum(before > after for before, after in pairwise(days))
    real = all(month > 0 and 0 < day <= 31 for month, day in days)
    if len(days) < 2 or not real or max(day for _, day in days) <= 12 or turns > 1:
        return lines
    return [
        line.replace(halves[n][0], f"{halves[n][1]}/0{halves[n][2]}", 1) if n in halves else line
        for n, line in enumerate(lines)
    ]


def _moments(found: list[Line], known: Moment | None) -> dict[int, Moment | None]:
    """Return the moment of each line, each after the one above; those above the first too."""
    back, moments = _is_backwards(found), dict[int, Moment | None]()
    near = known
    for line in found:
        moments[line.number] = moment = settled(line.said, near, back=back)
        near = moment or near
    first = next((n for n, line in enumerate(found) if moments[line.number]), 0)
    if known is None and first:
        near = moments[found[first].number]
        for line in reversed(found[:first]):
            moments[line.number] = moment = settled(line.said, near, back=not back)
            near = moment or near
    return moments


def _is_backwards(found: list[Line]) -> bool:
    """Say whether the latest stand first: forwards, the years would fly."""
    days = [line.said.first for line in found if line.said.first[1] and line.said.first[2]]
    steps = [(372 * (y2 - y if y and y2 else 0) + 31 * (m2 - m) + d2 - d, bool(y and y2))
             for (y, m, d), (y2, m2, d2) in pairwise(days)]  # fmt: skip
    forwards = sum(step % 372 if not whole else step if step >= 0 else 372 for step, whole in steps)
    backwards = sum(
        -step % 372 if not whole else -step if step <= 0 else 372 for step, whole in steps
    )
    return forwards >= 372 and 2 * backwards < forwards


def _is_doubtful(line: Line, moment: Moment | None, forms: set[Form]) -> bool:
    """Say whether a line that begins nothing looks so much like one that does that it is told."""
    if line.style in ("chat", "other", "alone", "told") or line.said.kind in ("week", "year"):
        return False
    dated = moment is not None or (line.said.kind == "day" and not line.said.year)
    alike = line.form in forms or (line.style == "after" and bool(line.said.year))
    return dated and (line.style == "begins" or (alike and line.style != "heads"))


def _misspelt(lines: list[str], headings: list[Line], read: set[int]) -> Iterator[int]:
    """Yield lines that are written as the headings are and hold no day: "10 marrs 2025"."""
    shapes = {_shape(lines[line.number]) for line in headings if line.is_alone and line.said.year}
    shapes = {shape for shape in shapes if shape.count(" ") > 1}
    if shapes:
        numbers = (n for n, line in enumerate(lines) if n not in read and len(line) <= HEADING)
        yield from (number for number in numbers if _shape(lines[number]) in shapes)


def _shape(line: str) -> str:
    """Return how a line is written: "10 mars 2025" is "9 a 9999"."""
    return _DAYS.sub("9", _LETTERS.sub("a", line.strip()))


def _facts_below(lines: list[str], line: Line) -> Iterator[int]:
    if not line.is_alone and line.style != "heads":
        return
    for below in range(line.number + 1, min(line.number + 1 + NOTED_BELOW, len(lines))):
        if not is_fact(lines[below]):
            return
        yield below


def _top_of(lines: list[str], line: Line, taken: set[int]) -> int:
    """Return the first of the lines above "Date : …" that say only what it is the date of."""
    top = line.number
    while top and line.number - top < NOTED_BELOW and top - 1 not in taken:
        above = lines[top - 1]
        named = is_session(above) or NUMBERED.fullmatch(above.strip())
        titled = named and len(above) <= HEADING and above.strip()[-1] not in ".!?…"
        if not titled and not is_fact(above):
            break
        top -= 1
    return top


def noted_by_hour(lines: list[str]) -> frozenset[int]:
    """Return the lines that begin with an hour, where several do: each is a note of its own."""
    found = frozenset(number for number, line in enumerate(lines) if _CLOCK.match(bare_of(line)))
    return found if len(found) > 1 else frozenset()


def days_told(lines: list[str], order: str, day: Moment) -> Iterator[int]:
    """Yield the lines that begin with another day than that of a text, told whole."""
    for number, line in enumerate(lines):
        said = said_at(bare_of(line), order)
        moment = settled(said, None) if said and said.year and said.kind == "day" else None
        if moment and moment.time != day.time:
            yield number


def period_told(lines: Sequence[str], order: str) -> Moment | None:
    """Return the one month, week or year that a file's name or its title tells.

    It is that of days that tell none: "Carnet mars 2026", "Relevé, semaine 12 2026".
    """
    plain = [line.replace("_", " ") for line in lines]
    said = (each for line in plain for each in said_in(line, order) if each.year)
    periods = {settled(each, None) for each in said if each.kind in ("month", "week", "quarter")}
    if len(periods) == 1:
        return periods.pop()
    years = {year for line in plain for year in _YEAR.findall(line)}
    return Moment(date(int(years.pop()), 1, 1), "year") if len(years) == 1 else None
