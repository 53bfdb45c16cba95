"""Shift: a price or a purity that moves away from its own past and stays there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
from scipy.stats import norm

from fanal.detectors.base import Detector
from fanal.detectors.panel import PERIODS_A_YEAR, Bounds, Matrix, Panel, alarms_of, exceeds, quiet
from fanal.series import LEVELS

_CUT = 2.5  # robust standard deviations past which a period is pulled in
# Variance that a standard normal keeps when pulled in at the cut.
_KEPT = 1 - 2 * norm.sf(_CUT) - 2 * _CUT * norm.pdf(_CUT) + 2 * norm.sf(_CUT) * _CUT**2
_CLIP = 3.0  # standardised residuals count for at most this much: one outlier is no shift


@dataclass(frozen=True)
class Shift(Detector):
    """Flag a level that rises or falls against a robust centre and spread of its past.

    Values are taken in logarithms, standardised by centre and spread of up to `baseline` weeks
    that end `gap` weeks ago, and added up on both sides over the last `memory` weeks (CUSUM).

    When to use: unit prices by substance and quantity band, purity, strength: one typical value a
    period (a median). When not: counts (`farrington`, `novelty`), shares of samples
    (`binomial-cusum`), a mixture of quantities in one series: a gram costs more per gram than ten.

    Parameters
    ----------
    measures : tuple of str
        Measures (first part of the series' name) that are levels, not counts; empty for all.
    reference : float
        Half of the shift to be found, in standard deviations.
    limit : float
        Where the sum speaks up. With .5 and 3.75 a steady series makes a false alarm in 98
        periods, and a shift of one standard deviation is found in a median of 6.
    baseline : int
        Weeks that centre and spread are learnt from; in monthly series as many months as fit.
    needed : int
        Fewest periods with a value before anything is said.
    gap : int
        Last weeks left out of the baseline.
    memory : int
        Weeks that the sum reaches back; at least `needed` periods.
    least : float
        Smallest spread that is believed, in logarithms; .02 is 2 %.

    Notes
    -----
    `"direction"` in the parameters of an alarm says rise or fall. `threshold` is the value at which
    the sum would pass the limit, or `expected` where the periods before suffice. The score is the
    larger sum divided by the limit.

    References
    ----------
    Montgomery DC. Introduction to Statistical Quality Control, 2009, ch. 9 (tabular CUSUM).
    Huber PJ. Robust Statistics, 1981, §1.7 (winsorised spread).

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(36)]
    >>> prices = [60.0, 63.0, 58.0, 61.0, 59.0, 62.0] * 5 + [52.0, 50.0, 53.0, 51.0, 50.0, 52.0]
    >>> points = table_of(
    ...     [Point("price/substance=cocaine/band=1 g/week", week, "week", value, None, False)
    ...      for week, value in zip(weeks, prices)], Point)
    >>> alarms = Shift().detect(points, since=weeks[20])
    >>> alarms.select(["period", "observed"]).to_pylist()[0]
    {'period': datetime.date(2024, 8, 5), 'observed': 50.0}
    """

    name: ClassVar[str] = "shift"
    watches: ClassVar[tuple[str, ...]] = tuple(f"{level}/" for level in LEVELS)

    measures: tuple[str, ...] = LEVELS
    reference: float = 0.5
    limit: float = 3.75
    baseline: int = 104
    needed: int = 12
    gap: int = 4
    memory: int = 26
    least: float = 0.02

    @classmethod
    def rarity(cls, score: float, parameters: Mapping[str, Any]) -> float:
        """Return how rare: a sum that reaches S is about as rare as exp(-S) (Siegmund 1985)."""
        limit: float = parameters.get("limit", 4.0)
        return score * limit * math.log10(math.e)

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        chosen = [
            not self.measures or name.partition("/")[0] in self.measures for name in panel.series
        ]
        rows = np.flatnonzero(chosen)
        logs = np.where(panel.values[rows] > 0, np.log(panel.values[rows]), np.nan)
        # Lengths are in weeks: a month of a monthly series is worth four and a third.
        scale = PERIODS_A_YEAR[panel.step] / 52
        baseline, memory = (
            max(self.needed, round(n * scale)) for n in (self.baseline, self.memory)
        )
        gap = round(self.gap * scale)
        start = max(0, first - memory)
        centre, spread = (np.full((len(rows), panel.width - start), np.nan) for _ in range(2))
        for t in range(start, panel.width):
            past = logs[:, max(0, t - gap - baseline) : max(0, t - gap)]
            centre[:, t - start], spread[:, t - start] = self._past(past)
        residual = np.clip((logs[:, start:] - centre) / spread, -_CLIP, _CLIP)
        rise = _sums(residual - self.reference, memory)
        fall = _sums(-residual - self.reference, memory)
        up = rise >= fall
        total = np.where(up, rise, fall)
        # What the present period would have to be, the periods before being what they were.
        missing = np.maximum(self.limit - total + np.where(up, residual, -residual), 0.0)
        bound = np.exp(centre + np.where(up, missing, -missing) * spread)
        known = ~np.isnan(residual)
        shape = (len(panel.series), panel.width - first)
        out = [np.full(shape, np.nan) for _ in range(3)]
        for whole, part in zip(out, (np.exp(centre), bound, total / self.limit), strict=True):
            whole[rows] = np.where(known, part, np.nan)[:, first - start :]
        notes = np.full(shape, {"direction": "fall"}, dtype=object)
        rising = np.zeros(shape, dtype=bool)
        rising[rows] = up[:, first - start :]
        notes[rising] = {"direction": "rise"}
        return Bounds(out[0], out[1], out[2], exceeds(out[2], 1.0), notes=notes)

    def _past(self, past: Matrix) -> tuple[Matrix, Matrix]:
        """Return robust centre and spread of each row, NaN where the past is too short."""
        n = (~np.isnan(past)).sum(axis=1)
        centre, spread = np.full(len(past), np.nan), np.full(len(past), np.nan)
        enough = n >= self.needed
        if not enough.any():
            return centre, spread
        past, n = past[enough], n[enough]
        middle = np.nanmedian(past, axis=1, keepdims=True)
        scale = 1.4826 * np.nanmedian(np.abs(past - middle), axis=1, keepdims=True)
        scale = np.maximum(scale * (1 + 0.8 / n[:, None]), self.least)
        pulled = np.clip(past, middle - _CUT * scale, middle + _CUT * scale)
        centre[enough] = np.nanmean(pulled, axis=1)
        variance = np.nanvar(pulled, axis=1, ddof=1) / _KEPT
        spread[enough] = np.maximum(np.sqrt(variance), self.least)
        return centre, spread


def _sums(steps: Matrix, memory: int) -> Matrix:
    """Return the largest sum of the last 1 to `memory` steps, at least 0."""
    steps = np.nan_to_num(steps)
    best, run = np.zeros_like(steps), np.zeros_like(steps)
    for reach in range(min(memory, steps.shape[1])):
        run[:, reach:] += steps[:, : steps.shape[1] - reach]
        best[:, reach:] = np.maximum(best[:, reach:], run[:, reach:])
    return best
