"""Weeks, months and years: where a period ends, which came before, how many a count sums."""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

# step: the month in which the period of each month ends
ENDS_IN: dict[str, Sequence[int]] = {
    "month": range(1, 13), "quarter": [3] * 3 + [6] * 3 + [9] * 3 + [12] * 3, "year": [12] * 12,
}  # fmt: skip


def end_of(period: date, step: str) -> date:
    """Return the last day of a week, month, quarter or year; of anything else the day itself."""
    if step == "week":
        return period + timedelta(days=6)
    if step not in ENDS_IN:
        return period
    month = ENDS_IN[step][period.month - 1]
    return period.replace(month=month, day=monthrange(period.year, month)[1])


def earlier(period: date, step: str, n: int) -> date:
    """Return the first day of the period that lies `n` before another (after it, if negative)."""
    if step == "week":
        return period - timedelta(weeks=n)
    months = period.year * 12 + period.month - 1 - n * {"year": 12, "quarter": 3}.get(step, 1)
    return date(months // 12, months % 12 + 1, 1)


def summed(parameters: str) -> int:
    """Return how many periods the count of an alarm is the sum of.

    A detector that sums says so as `window` in the parameters of its alarms.

    >>> summed('{"alpha": 0.01, "window": 4}'), summed("{}")
    (4, 1)
    """
    return int(json.loads(parameters or "{}").get("window", 1))


def stretch(period: date, step: str, parameters: str) -> tuple[date, date]:
    """Return the first and the last day of what an alarm's count is of."""
    return earlier(period, step, summed(parameters) - 1), end_of(period, step)
