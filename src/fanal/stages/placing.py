"""Placing a signal against the observatory's own past: a proposed novelty class.

OFDT TREND puts everything against earlier reports, to state its age, persistence, novelty or
cyclical character; totally new phenomena are exceptional. In this order:

==========  ======================================================================================
fading      it falls; or it rose for half a year and has been below half of that for eight weeks
cyclical    in two earlier years or more it was twice as frequent at this season as over the year
new         no trace before it began, at most half a year ago, in three months or more of reading
returning   it was there, then absent for half a year of reading or more, and began again of late
persistent  anything else: it was there all along, or nothing was read before with which to compare
==========  ======================================================================================

What a laboratory finds needs less: `new` where any period was read before without it, or where it
is one finding or two in the very first. Found in many samples from the first, it was there.
A share that falls (samples that hold what they were sold as) and a content that changed are
`new`, until they last for a year.

Levels (price, purity) are not there or absent: a level is `returning` where a month more than half
a year ago was as far out as now, `cyclical` where that was at this season in two earlier years,
else `new`; `persistent` once it has lasted for a year. Weeks that nobody read are no absence. One
document that stands alone for half a year is no presence: coders err. What an earlier report said
counts as past as well: what it told is not new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from fanal.series import LEVELS

# Periods of reading: without a trace before a return, and before anything can be called new.
ABSENT = {"week": 26, "month": 6, "year": 2}
NEEDED = {"week": 13, "month": 3, "year": 1}
FOUND = ("found", "danger")  # measures of what laboratories find
SHARES = ("expected", "changed")
FEW = 3  # findings, below which the first period of all tells of a first

Days = NDArray[np.datetime64]
YEAR = np.timedelta64(364, "D")
HALF = np.timedelta64(182, "D")


@dataclass(frozen=True, slots=True)
class Past:
    """What was read of a concept at a place: every period that was read, and what it gave."""

    step: str
    when: Days
    values: NDArray[np.float64]
    found: list[np.datetime64] = field(
        default_factory=list
    )  # periods in which a laboratory found it
    told: list[int] = field(default_factory=list)  # years of which a report speaks of it


def propose(measure: str, rises: bool, observed: float, first: date, last: date, past: Past) -> str:
    """Return the novelty class of a signal that lasted from `first` to `last`."""
    start, stop = np.datetime64(first, "D"), np.datetime64(last, "D")
    if measure in LEVELS:
        return _of_level(rises, observed, start, stop, past)
    if measure in SHARES:
        return "persistent" if stop - start >= YEAR else "new"
    if not rises or _over(past, start, stop):
        return "fading"
    if _cyclical(past.when, past.values, start):
        return "cyclical"
    placed = _by_traces(past, start, _needed(measure, observed, past))
    earlier = [year for year in past.told if year < first.year]
    if placed == "new" and earlier:
        return "persistent" if max(earlier) == first.year - 1 else "returning"
    return placed


def _over(past: Past, start: np.datetime64, stop: np.datetime64) -> bool:
    if stop - start < HALF:
        return False  # a burst that is over was new, or returned; it never settled
    during = past.values[(past.when >= start) & (past.when <= stop)]
    after = past.values[past.when > stop]
    return bool(len(after) >= 8 and len(during) and after[-8:].mean() < 0.5 * during.mean())


def _needed(measure: str, observed: float, past: Past) -> int:
    """Return how many periods were to be read without it before it can be called new."""
    if measure not in FOUND:
        return NEEDED[past.step]
    return 0 if observed < FEW else 1


def _by_traces(past: Past, start: np.datetime64, needed: int) -> str:
    read = int((past.when < start).sum())
    traces = sorted(_traces(past, read, start))
    quiet = ABSENT[past.step]
    began = read
    earlier = False
    for trace in reversed(traces):
        if began - trace > quiet:
            earlier = True
            break
        began = trace
    if read - began > quiet:
        return "persistent"
    if earlier:
        return "returning"
    return "new" if began >= needed else "persistent"


def _traces(past: Past, read: int, start: np.datetime64) -> Iterable[int]:
    """Return the numbers of the periods before `start` in which it was there."""
    there = np.flatnonzero(past.values[:read] > 0)
    for place, number in enumerate(there):
        near = [there[i] for i in (place - 1, place + 1) if 0 <= i < len(there)]
        alone = all(abs(number - other) > ABSENT[past.step] for other in near)
        if past.values[number] > 1 or not alone:
            yield int(number)
    for day in past.found:  # what a laboratory found was there
        if day < start:
            yield int(np.searchsorted(past.when[:read], day))


def _of_level(
    rises: bool, observed: float, start: np.datetime64, stop: np.datetime64, past: Past
) -> str:
    if stop - start >= YEAR:
        return "persistent"
    before = past.when < start
    when, values = past.when[before], past.values[before]
    month = 4 if past.step == "week" else 1
    if len(values) < month:
        return "new"
    levels = np.median(np.lib.stride_tricks.sliding_window_view(values, month), axis=1)
    as_far = when[month - 1 :][levels >= observed if rises else levels <= observed]
    # What moves is told after some periods only: those before are of this move, of no other.
    as_far = as_far[as_far < start - HALF]
    if not len(as_far):
        return "new"
    season = np.timedelta64(35, "D")
    years = [back for back in (1, 2, 3) if (np.abs(as_far - _back(start, back)) <= season).any()]
    off_season = all(
        any(abs(day - _back(start, back)) <= 2 * season for back in years) for day in as_far
    )
    return "cyclical" if len(years) >= 2 and off_season else "returning"


def _back(day: np.datetime64, years: int) -> np.datetime64:
    return day - np.timedelta64(round(365.25 * years), "D")


def _cyclical(when: Days, values: NDArray[np.float64], first: np.datetime64) -> bool:
    years = 0
    for back in (1, 2, 3):
        middle = _back(first, back)
        year = values[np.abs(when - middle) <= HALF]
        season = values[np.abs(when - middle) <= np.timedelta64(35, "D")]
        if len(year) >= 40 and len(season) and season.mean() > 2 * year.mean():
            years += 1
    return years >= 2
