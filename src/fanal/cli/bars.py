"""A series as a few lines of text: bars, what was missing, and where the detector spoke up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fanal.edition import Value

WIDEST = 78
HEIGHT = 4
BARS = " ▁▂▃▄▅▆▇█"
MISSING = "·"


def chart(history: Sequence[Value], alarms: Collection[date], threshold: float | None) -> list[str]:
    """Return the lines of a chart of values: the last `WIDEST` periods.

    Without a `threshold` none is marked: it may be one of a sum over weeks. The row below the
    bars has `^` under an alarm and `·` under a period that was not read.
    """
    if not history:
        return ["nothing was counted"]
    recent = _with_gaps(history)[-WIDEST:]
    top = max([value for _, value in recent if value is not None] + [threshold or 0.0, 1e-9])
    width = len(_number(top))
    lines = []
    for level in range(HEIGHT, 0, -1):
        cells = "".join(_cell(value, top, level) for _, value in recent)
        low, high = (level - 1) / HEIGHT * top, level / HEIGHT * top
        marked = threshold is not None and low < threshold <= high
        mark = " ← threshold" if marked else ""
        label = _number(top) if level == HEIGHT else ""
        lines.append(f"{label:>{width}} │{cells}{mark}")
    below = "".join(
        "^" if period in alarms else MISSING if value is None else " " for period, value in recent
    )
    first, last = recent[0][0].isoformat(), recent[-1][0].isoformat()
    dates = f"{first} … {last}" if len(recent) < len(first) * 2 + 3 else (
        first + " " * (len(recent) - len(first) - len(last)) + last
    )  # fmt: skip
    return [*lines, f"{0:>{width}} └{below}".rstrip(), f"{'':>{width}}  {dates}"]


def _with_gaps(history: Sequence[Value]) -> list[tuple[date, float | None]]:
    """Return the periods with those between that nobody read."""
    rows = [(value.period, value.value) for value in history]
    gaps = [b[0] - a[0] for a, b in pairwise(rows)]
    if not gaps or min(gaps) != timedelta(weeks=1):
        return rows
    out: list[tuple[date, float | None]] = []
    for period, value in rows:
        while out and period - out[-1][0] > timedelta(weeks=1):
            out.append((out[-1][0] + timedelta(weeks=1), None))
        out.append((period, value))
    return out


def _cell(value: float | None, top: float, level: int) -> str:
    if value is None:
        return " "
    filled = value / top * HEIGHT - (level - 1)
    eighths = max(0, min(8, round(filled * 8)))
    if level == 1 and value > 0:
        eighths = max(1, eighths)
    return BARS[eighths]


def _number(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"
