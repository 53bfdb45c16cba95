"""Axes of charts: where ticks stand and how they read, so that no two labels say the same.

Vega would choose both by itself, and then round ticks of 0.5 to whole numbers, name four weeks of
one month alike, or write 2200 as 2.2e+3.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from fanal.wording.language import Language

Spec = dict[str, Any]  # of Vega-Lite, or a part of one
MOST = 9  # ticks of an axis of time
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)  # from one tick to the next
SHORT = 70  # days, under which months are too far apart to tell periods by
WIDEST = 36.0  # of a bar, pixels
LETTER = 6.0  # of a title, pixels: most are narrower


def amounts(
    values: Iterable[float | None],
    title: str | None,
    also: Iterable[float] = (),
    ticks: int = 5,
    room: float = math.inf,
) -> Spec:
    """Return type, scale and axis of numbers: from zero, with room for all `values` and `also`.

    A title that is longer than `room` pixels stands in several lines.
    Ticks are about `ticks` steps of 1, 2 or 5 times a power of ten, written in full; between whole
    `values` they are whole.
    """
    told = [v for v in values if v is not None and math.isfinite(v)]
    every = [0.0, *told, *(v for v in also if math.isfinite(v))]
    low, high = min(every), max(every)
    if low == high:
        high = 1.0
    step = _step((high - low) / ticks)
    if all(float(v).is_integer() for v in told):
        step = max(1.0, step)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    at = [round(i * step, decimals) for i in range(first, last + 1)]
    return {
        "type": "quantitative",
        "title": _lines(title, room) if title else None,
        "scale": {"domain": [at[0], at[-1]], "nice": False, "zero": False},
        "axis": {"values": at, "format": f",.{decimals}f", "labelOverlap": False},
    }


def _lines(title: str, room: float) -> str | list[str]:
    """Return a title, or its lines where it would be longer than so many pixels."""
    if len(title) * LETTER <= room:
        return title
    return textwrap.wrap(title, max(1, int(room / LETTER)), break_long_words=False)


def _step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, … times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= least * (1 - 1e-9))


def times(periods: Iterable[date], language: Language) -> Spec:
    """Return the channel of time: field `t`, days of UTC, room for half a bar at both ends."""
    days = sorted(set(periods)) or [date(2000, 1, 1)]
    gap = timedelta(days=gap_of(days))
    room = max(gap / 2, (days[-1] - days[0]) / 300)
    low, high = days[0] - room, days[-1] + room
    at, form = _ticks(days, low, high, language.digits)
    return {
        "field": "t",
        "type": "temporal",
        "title": language.say("period"),
        "scale": {"type": "utc", "domain": [_moment(low), _moment(high)], "nice": False},
        "axis": {
            "title": None, "grid": False, "labelOverlap": True,
            "values": [_moment(day) for day in at], "format": form,
        },
    }  # fmt: skip


def gap_of(days: Sequence[date]) -> int:
    """Return the days from one period to the next: the shortest that is met; 7 of a single one."""
    ordered = sorted(set(days))
    return min(((b - a).days for a, b in pairwise(ordered)), default=7)


def bar(periods: Iterable[date], width: float) -> float:
    """Return how wide a bar is in a chart so many pixels wide, so that no two touch."""
    days = sorted(set(periods))
    slots = (days[-1] - days[0]).days / gap_of(days) + 1 if days else 1
    return max(1.5, min(WIDEST, width / slots * 0.7))


def _ticks(days: Sequence[date], low: date, high: date, form: str) -> tuple[list[date], str]:
    """Return where ticks stand and how they read, where `form` is how a day does."""
    if (days[-1] - days[0]).days < SHORT:
        return list(days[:: -(-len(days) // MOST)]), form
    at: list[date] = []
    months = range(low.year * 12 + low.month - 1, high.year * 12 + high.month)
    for every in MONTHS:
        at = [date(m // 12, m % 12 + 1, 1) for m in months if m % every == 0]
        at = [day for day in at if low <= day <= high]
        if len(at) <= MOST:
            return at, "%Y" if every >= 12 else form[3:]
    return at, "%Y"


def _moment(day: date) -> Spec:
    """Return a day as Vega-Lite has it; pages interpret expressions, and know no milliseconds."""
    return {"year": day.year, "month": day.month, "date": day.day, "utc": True}
