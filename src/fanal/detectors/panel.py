"""Points as matrices of series × period, and matrices back to alarms.

Missing is NaN, never zero. All columns of a panel lie one step apart, so that a method may count
columns as time. A denominator of zero makes its value missing: nothing was read.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fanal.errors import ContractError
from fanal.records import Alarm, conform, empty

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

PERIODS_A_YEAR = {"week": 52, "month": 12, "year": 1}
# Missing figures run through the arithmetic as NaN; they are no reason to warn.
quiet = np.errstate(divide="ignore", invalid="ignore", over="ignore")

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Panel:
    """The series of one step, side by side."""

    series: list[str]
    step: str
    weekday: int
    origin: int
    values: Matrix
    given: Matrix  # denominators as given, NaN where a point has none

    @cached_property
    def denominators(self) -> Matrix:
        """Return what values are divided by: 1 in a series that has no denominator at all."""
        bare = np.isnan(self.given).all(axis=1, keepdims=True)
        return np.where(bare & ~np.isnan(self.values), 1.0, self.given)

    @property
    def width(self) -> int:
        return int(self.values.shape[1])

    def day(self, column: int) -> date:
        """Return the first day of a column."""
        return _day(self.origin + column, self.step, self.weekday)

    def last_day(self, column: int) -> date:
        """Return the last day of a column: as far as a detector at that column can see."""
        return self.day(column + 1) - timedelta(days=1)

    def column(self, day: date) -> int:
        """Return the first column that starts on `day` or later, at least 0."""
        column = int(_number(np.array([(day - _EPOCH).days]), self.step, self.weekday)[0])
        if _day(column, self.step, self.weekday) < day:
            column += 1
        return max(0, column - self.origin)


@dataclass(frozen=True)
class Bounds:
    """What a method says of the columns from `first` on; NaN where it says nothing."""

    expected: Matrix
    threshold: Matrix
    score: Matrix
    alarm: Mask
    observed: Matrix | None = None  # where it is not the value itself
    notes: NDArray[np.object_] | None = None  # per cell: parameters beyond the detector's own


def _day(number: int, step: str, weekday: int) -> date:
    if step == "week":
        return _EPOCH + timedelta(days=number * 7 + weekday - _EPOCH.weekday())
    if step == "month":
        return date(1970 + number // 12, number % 12 + 1, 1)
    return date(1970 + number, 1, 1)


def _number(days: NDArray[np.int64], step: str, weekday: int) -> NDArray[np.int64]:
    if step == "week":
        return np.asarray((days - weekday + _EPOCH.weekday()) // 7, dtype=np.int64)
    unit = {"month": "M", "year": "Y"}[step]
    return days.astype("datetime64[D]").astype(f"datetime64[{unit}]").astype(np.int64)


def panels_of(points: pa.Table) -> Iterator[Panel]:
    """Yield one panel for each step; weeks that start on different days of the week stay apart.

    Raises:
        ContractError: a step is not week, month or year.
    """
    if points.num_rows == 0:
        return
    steps = points.column("step")
    days = points.column("period").cast(pa.int32()).to_numpy().astype(np.int64)
    for step in sorted(pc.unique(steps).to_pylist()):
        if step not in PERIODS_A_YEAR:
            raise ContractError(f"unknown step {step!r}", where="points", allowed="week month year")
        of_step = pc.equal(steps, step).to_numpy(zero_copy_only=False)
        anchors = (days + _EPOCH.weekday()) % 7 if step == "week" else np.zeros_like(days)
        for weekday in np.unique(anchors[of_step]):
            rows = np.flatnonzero(of_step & (anchors == weekday))
            yield _panel(points, days, rows, step, int(weekday))


def _panel(
    points: pa.Table, days: NDArray[np.int64], rows: NDArray[np.intp], step: str, weekday: int
) -> Panel:
    names = points.column("series").combine_chunks()
    if len(rows) < len(names):
        names = names.take(pa.array(rows))
    names = names.dictionary_encode()
    texts = names.dictionary.to_pylist()
    order = sorted(range(len(texts)), key=texts.__getitem__)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    row = rank[names.indices.to_numpy()]
    number = _number(days[rows], step, weekday)
    origin = int(number.min())
    shape = (len(texts), int(number.max()) - origin + 1)
    values, given = np.full(shape, np.nan), np.full(shape, np.nan)
    denominators = points.column("denominator").to_numpy().astype(float)[rows]
    counted = points.column("value").to_numpy()[rows]
    values[row, number - origin] = np.where(denominators == 0, np.nan, counted)
    given[row, number - origin] = denominators
    return Panel([texts[i] for i in order], step, weekday, origin, values, given)


def alarms_of(
    detector: Any, points: pa.Table, since: date, method: Callable[[Panel, int], Bounds]
) -> pa.Table:
    """Return the alarms of `method(panel, first column)` over every panel, by series and period."""
    parameters = dataclasses.asdict(detector)
    if not detector.budgeted:
        parameters["budgeted"] = False  # for whoever ranks signals and knows no detector
    tables = []
    for panel in panels_of(points):
        first = panel.column(since)
        if first < panel.width:
            bounds = method(panel, first)
            tables.append(_rows(panel, first, bounds, detector.name, parameters))
    if not tables:
        return empty(Alarm)
    table = pa.concat_tables(tables)
    return table.sort_by([("series", "ascending"), ("period", "ascending")])


def _rows(
    panel: Panel, first: int, bounds: Bounds, name: str, parameters: dict[str, Any]
) -> pa.Table:
    row, column = np.nonzero(bounds.alarm)
    observed = panel.values[:, first:] if bounds.observed is None else bounds.observed
    plain = json.dumps(parameters, ensure_ascii=False, default=str)
    texts = [plain] * len(row)
    if bounds.notes is not None:
        texts = [
            json.dumps({**parameters, **bounds.notes[r, c]}, ensure_ascii=False, default=str)
            for r, c in zip(row, column, strict=True)
        ]
    cells = {
        "series": pa.array([panel.series[r] for r in row], pa.string()),
        "period": pa.array([panel.day(first + c) for c in column.tolist()], pa.date32()),
        "step": pa.array([panel.step] * len(row), pa.string()),
        "observed": observed[row, column],
        "expected": bounds.expected[row, column],
        "threshold": bounds.threshold[row, column],
        "score": bounds.score[row, column],
        "detector": pa.array([name] * len(row), pa.string()),
        "parameters": pa.array(texts, pa.string()),
        "as_of": pa.array([panel.last_day(first + c) for c in column.tolist()], pa.date32()),
        "signal": pa.nulls(len(row), pa.binary()),
    }
    return conform(pa.table(cells), Alarm)


def exceeds(observed: Matrix, threshold: Matrix | float) -> Mask:
    """Return where a value is past its threshold by more than rounding; never where one is NaN."""
    slack = 1e-12 * np.abs(threshold)
    return np.asarray(observed > threshold + slack)


def window_sum(values: Matrix, size: int) -> Matrix:
    """Return for each column the sum of it and the `size` - 1 before; NaN counts as nothing."""
    total = np.cumsum(np.nan_to_num(values), axis=1)
    out = total.copy()
    out[:, size:] -= total[:, :-size]
    return out
