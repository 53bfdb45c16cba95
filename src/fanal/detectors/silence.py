"""Silence: a source that spoke regularly and no longer does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import betaincc
from scipy.stats import nbinom

from fanal.detectors.base import Detector
from fanal.detectors.panel import (
    PERIODS_A_YEAR,
    Bounds,
    Mask,
    Matrix,
    Panel,
    alarms_of,
    quiet,
    window_sum,
)

# Spread believed of a source whose past is too short to show its own (squared CV of a block).
_LEAST_SPREAD = 0.02
# Periods by which a pause of one year comes earlier or later than that of the year before.
_ABOUT = {"week": 3, "month": 1, "year": 0}


@dataclass(frozen=True)
class Silence(Detector):
    """Flag a source from which much less comes than its past makes credible.

    A dead source looks just like "nothing happened": a channel that moved, a laboratory that
    closed, an export that stopped. This looks at how much was read, and speaks when the sum of
    the last periods lies in the lower tail of the predictive distribution of the past and below
    a fraction of the expected.

    When to use: series of documents, authors or channels read by source, and the denominators of
    other series. When not: a substance that is spoken of less while the source goes on.

    Parameters
    ----------
    measures : tuple of str
        Measures (first part of the series' name) that count how much a source says.
    window : int
        Periods summed.
    baseline : int
        Periods of the past that the rate is learnt from, before the window.
    alpha : float
        Probability of the lower tail.
    fraction : float
        Silence is at most this fraction of the expected.
    needed : int
        Fewest active periods in the baseline: before that nothing was normal.

    Notes
    -----
    Here a missing period counts as zero once the source has spoken, unless no series at all has a
    point in that period. A denominator that several series share is looked at once, and only where
    no series of `measures` shows the same figures; its alarm carries the name of the first of
    them and `"of": "denominator"` in the parameters. The alarm is for the periods of silence up to
    one baseline after the last sign of life; then the silence is the normal. A source that fell
    silent at the same time of the year before, and spoke again, makes a pause: it is told where it
    stays silent for three weeks longer.

    References
    ----------
    Architecture rule on dead sources; Hulth A et al. Euro Surveill 2010;15:19633, on monitoring
    that reports arrive. Predictive distribution as in `novelty`.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(20)]
    >>> points = table_of(
    ...     [Point("documents/source=canal-a/week", week, "week", 30.0 if i < 17 else 0.0, None,
    ...            False) for i, week in enumerate(weeks)], Point)
    >>> Silence().detect(points, since=weeks[10]).column("period").to_pylist()[0]
    datetime.date(2024, 5, 6)
    """

    name: ClassVar[str] = "silence"
    watches: ClassVar[tuple[str, ...]] = ("documents/source=",)
    sees: ClassVar[Literal["closed", "begun", "shared"]] = "shared"
    budgeted: ClassVar[bool] = False

    measures: tuple[str, ...] = ("documents", "authors", "channels", "threads")
    window: int = 2
    baseline: int = 26
    alpha: float = 0.001
    fraction: float = 0.2
    needed: int = 6

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        own = np.array([name.partition("/")[0] in self.measures for name in panel.series], bool)
        watched = np.where(own[:, None], panel.values, panel.given)
        anything = np.any(~np.isnan(panel.values) | ~np.isnan(panel.given), axis=0)
        begun = np.cumsum(~np.isnan(watched), axis=1) > 0
        counted = begun & anything
        values = np.where(counted, np.nan_to_num(watched), 0.0)
        start = max(0, first - PERIODS_A_YEAR[panel.step] - _ABOUT[panel.step])
        shape = (len(watched), panel.width - start)
        observed = window_sum(values, self.window)[:, start:]
        expected, threshold, score = (np.full(shape, np.nan) for _ in range(3))
        silent, paused = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        for i, t in enumerate(range(start, panel.width)):
            mean, size = self._predict(values, counted, t)
            chance = size / (size + mean)
            tail = betaincc(observed[:, i] + 1, size, 1 - chance)  # P(at most so many)
            expected[:, i], score[:, i] = mean, -np.log10(np.maximum(tail, 1e-300))
            threshold[:, i] = np.fmin(nbinom.ppf(self.alpha, size, chance), self.fraction * mean)
            quiet = observed[:, i] <= self.fraction * mean
            silent[:, i] = (tail < self.alpha) & quiet & anything[t]
            paused[:, i] = silent[:, i] & _a_year_ago(silent[:, :i], panel.step).any(axis=1)
            counted[:, t] &= ~paused[:, i]  # a pause is no past of what follows it
        alarm = _once(silent & ~paused, own, expected, score)
        notes = np.empty(shape, dtype=object)
        notes[:] = {"of": "value"}
        notes[~own] = {"of": "denominator"}
        keep = slice(first - start, None)
        return Bounds(
            expected[:, keep],
            threshold[:, keep],
            score[:, keep],
            alarm[:, keep],
            observed[:, keep],
            notes[:, keep],
        )

    def _predict(
        self, values: Matrix, counted: Mask, t: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean and size of the negative binomial of the window that ends at column `t`."""
        stop = t - self.window + 1
        past = slice(max(0, stop - self.baseline), max(0, stop))
        y, known = values[:, past], counted[:, past]
        n = known.sum(axis=1)
        mean = y.sum(axis=1) / n
        variance = (np.where(known, y - mean[:, None], 0.0) ** 2).sum(axis=1) / (n - 1)
        # A block of `window` periods varies less than a period does, where periods are independent.
        spread = np.maximum((variance - mean) / mean**2 / self.window, _LEAST_SPREAD)
        active = ((y > 0) & known).sum(axis=1)
        regular = (active >= self.needed) & (mean > 0)
        expected = np.where(regular, self.window * mean, np.nan)
        return expected, np.where(regular, 1 / (spread + 1 / y.sum(axis=1)), np.nan)


def _a_year_ago(before: Mask, step: str) -> Mask:
    """Return the columns at this time of the year before, of those that lie before the present."""
    year, about, now = PERIODS_A_YEAR[step], _ABOUT[step], before.shape[1]
    return before[:, max(0, now - year - about) : max(0, now - year + about + 1)]


def _once(alarm: Mask, own: NDArray[np.bool_], expected: Matrix, score: Matrix) -> Mask:
    """Keep one alarm of those that one silence makes: a source's own series, or the first one."""
    kept = np.zeros_like(alarm)
    for column in np.flatnonzero(alarm.any(axis=0)):
        seen: set[tuple[float, float]] = set()
        rows = np.flatnonzero(alarm[:, column])
        for row in (*rows[own[rows]], *rows[~own[rows]]):
            figures = (expected[row, column], score[row, column])
            kept[row, column] = own[row] or figures not in seen
            seen.add(figures)
    return kept
