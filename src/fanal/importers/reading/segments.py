"""Which lines with a date begin parts of a text: whole segmentations are judged, and no line alone.

Lines of one shape begin parts together or not at all: nothing but the date, the date and what it is
of, a heading with one. The surest shape comes first, and each counts where the text makes sense cut
at its lines too: it recurs, or is proof enough; it begins at the top; words stand under its lines;
their days go one way, none is years from the next, and all suit the title and the headings around.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from fanal.importers.reading.dated import day_of, listed
from fanal.importers.reading.dated_lines import Line, is_fact
from fanal.importers.reading.dates import Moment
from fanal.text.folding import fold

ENOUGH = 1.0  # sense, from which the lines of a shape begin parts
# how surely a line begins a part by itself, by how it is written: see `Line.style`
PROOFS = {
    "keyed": 1.0, "heads": 0.4, "begins": 0.4, "comma": 0.3, "point": 0.3, "blank": 0.3,
    "other": 0.2, "after": 0.2, "told": -0.4, "chat": -0.2,
}  # fmt: skip
_LOOSE = ("alone", "keyed", "heads", "begins")  # may stand in any order: a notebook is kept so
_BESIDE = ("other", "after")  # what stands beside the date is the heading, and no text
TITLED = 3  # lines of a title, under which more than every second line begins with a day
TOP = 6  # lines within which the first part begins, where other lines may begin with a date too
FEW = 3  # words of a line with a full stop that is no sentence yet
APART = timedelta(days=366)  # of days that follow each other; more is somebody's life
SINCE = timedelta(days=92)  # that a report goes back, from the day of its title
_LONG = {"week": 6, "month": 30, "quarter": 91, "year": 365}  # days more than the first

Moments = dict[int, Moment | None]  # by number of line


class _Text(NamedTuple):
    lines: Sequence[str]
    moments: Moments
    title: Line | None  # the first line with a day: it may be that of the whole
    known: Moment | None  # what else says it: a title with more words, the name of the file


def chosen(
    found: Sequence[Line], moments: Moments, lines: Sequence[str], known: Moment | None
) -> set[int]:
    """Return the numbers of the lines that begin parts.

    `moments` are what all lines would be of, `known` is the date of the whole text.
    """
    dated = any(moments.values())
    real = [line for line in found if moments[line.number] or line.said.either or not dated]
    days = (line for line in real if line.said.kind in ("day", "several"))
    text = _Text(lines, moments, next(days, None), known)
    shapes: dict[tuple[str, str, bool], list[Line]] = {}
    for line in real:
        kind = line.said.kind if line.style == "alone" else ""
        styled = line.styled and line.style in ("alone", "heads")
        shapes.setdefault((line.style, kind, styled), []).append(line)
    taken: list[Line] = []
    for shape in sorted(shapes.values(), key=lambda each: -_proof(each[0], moments)):
        if _sense(shape, taken, text) < ENOUGH:
            continue
        last, several = shape[-1], len(taken) + len(shape) > 1
        if several and last.is_alone and last.number == len(lines) - 1 and not last.rest:
            shape.pop()  # nothing stands under it: a signature
        taken = sorted([*taken, *shape], key=lambda line: line.number)
    return {line.number for line in taken}


def _proof(line: Line, moments: Moments) -> float:
    """Return how surely a line so written begins a part by itself."""
    said = line.said
    if line.style == "heads" and line.styled and line.number:
        return 0.9  # the first line is the title of all
    if line.style != "alone":
        return PROOFS[line.style]
    whole = said.kind in ("day", "several", "week") or (said.kind != "year" and said.year)
    named = said.kind == "number" and said.weekday >= 0 and moments[line.number]
    return 1.0 if whole or named or line.styled else 0.5


def _sense(shape: list[Line], taken: list[Line], text: _Text) -> float:
    """Return how much sense a text makes that is cut at the lines of a shape too."""
    first, filled = shape[0], _is_filled(shape, taken, len(text.lines))
    if len(taken) > 1 and not first.is_alone and first.style != "chat":
        return ENOUGH * (filled and _are_inside(shape, taken, text))
    sense = _proof(first, text.moments) + (0.0 if filled else -1.0)
    if len(shape) > 1:
        loose = first.style in _LOOSE
        sense += 0.5 + (0.3 if _goes_one_way(shape, text.moments) else 0.0 if loose else -1.0)
    top = min([first, *taken[:1]]).number
    sense += 0.3 if top < TOP or 2 * top <= len(text.lines) else -0.3
    if first.style == "chat":
        return sense + len(shape) - 1.5
    return sense + _of_list(shape, text) + (0.0 if first.is_alone else _in_mind(shape, text))


def _of_list(shape: list[Line], text: _Text) -> float:
    """Return what speaks against days that the line above lists, as what is planned."""
    first = shape[0].number
    above = text.lines[first - 1].rstrip() if first else " "
    is_list = above[-1] == ":" and len(shape) < len(text.lines) / 2 and not shape[0].is_alone
    return -1.5 if is_list or listed("planned").search(fold(above)) else 0.0


def _in_mind(shape: list[Line], text: _Text) -> float:
    """Return what the time and the title of a text say for days that stand beside words."""
    first, told, title = shape[0].number, shape[0].style == "told", text.title
    days = [day_of(moment) for line in shape if (moment := text.moments[line.number])]
    most = first < TITLED and 2 * len(shape) > len(text.lines) - first
    if not most and any(abs(two - one) > APART for one, two in pairwise(days)):
        return -1.0
    day, top = text.known, 0
    if title and title.number < first:
        day, top = text.moments[title.number], title.number + 1
    elif told or (day and (day.precision != "day" or day_of(day) in days)):
        return 0.4 * (told and most)
    if told or day is None:
        return -1.0 * told
    if any(map(_is_sentence, text.lines[top:first])):
        return -0.7
    return 0.3 * all(day_of(day) - SINCE <= each <= _end_of(day) for each in days)


def _is_sentence(line: str) -> bool:
    return len(line.split()) > FEW and line.rstrip()[-1:] in (*".!?…»",) and not is_fact(line)


def _end_of(moment: Moment) -> date:
    """Return the last day of a moment."""
    return day_of(moment) + timedelta(days=_LONG.get(moment.precision, 0))


def _are_inside(shape: list[Line], taken: list[Line], text: _Text) -> bool:
    """Say whether the days of lines are between those of the surer headings around each.

    Under a month or a week they are its days; under a day they are written as the headings are.
    """
    headings = [(line.number, moment) for line in taken if (moment := text.moments[line.number])]
    numbers, forms = [number for number, _ in headings], {line.form for line in taken}
    for line in shape:
        at, moment = bisect(numbers, line.number), text.moments[line.number]
        if moment is None or not at:
            return False
        above, here = headings[at - 1][1], day_of(moment)
        if above.precision != "day":
            if not day_of(above) <= here <= _end_of(above):
                return False
            continue
        alike = line.form in forms or line.styled
        if not alike or at == len(numbers) or not day_of(above) < here < day_of(headings[at][1]):
            return False
    return True


def _is_filled(shape: list[Line], taken: list[Line], end: int) -> bool:
    """Say whether words stand under the lines of a shape, or beside a day that begins them.

    Under a heading may stand one of another shape: under its month, its days.
    """
    beside = shape[0].style not in _BESIDE
    others = () if shape[0].is_alone else taken
    numbers = {end, *(line.number for line in (*shape, *others))}
    empty = sum(line.number + 1 in numbers and not (beside and line.rest) for line in shape)
    return end == 1 or empty <= (len(shape) / 2 if beside else 0)


def _goes_one_way(shape: list[Line], moments: Moments) -> bool:
    """Say whether days go on or back, but for one in eight."""
    days = [day_of(moment) for line in shape if (moment := moments[line.number])]
    back = sum(two < one for one, two in pairwise(days))
    on = sum(two > one for one, two in pairwise(days))
    return min(back, on) <= len(days) / 8
