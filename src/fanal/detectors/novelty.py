"""Novelty: four weeks against the predictive distribution of the year before (gamma-Poisson)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import betainc
from scipy.stats import nbinom

from fanal.detectors.base import Detector
from fanal.detectors.panel import Bounds, Matrix, Panel, alarms_of, quiet, window_sum

# How many blocks of history the panel's own spread weighs against a series' own, and the spread
# believed where neither knows: both of the squared coefficient of variation beyond Poisson.
_BORROWED = 6.0
_PRIOR_SPREAD = 0.1


@dataclass(frozen=True)
class Predicted:
    """Mean and size of a negative binomial, and the sum that it is of."""

    expected: Matrix
    size: Matrix
    observed: Matrix


@dataclass(frozen=True)
class Novelty(Detector):
    """Flag a term said more often in the last periods than its past allows, down to never said.

    The rate of a series has a gamma distribution learnt from the year before; the sum of the last
    `window` periods then has a negative binomial predictive distribution, made wider by the
    spread between blocks of that length in the series' own past, borrowed in part from all
    series. An alarm is a sum in its upper tail.

    When to use: sparse series, many at a time; new words, new products, new practices; a history
    of a few months is enough. When not: strong seasons with years of history (`farrington` knows
    what July is like), large counts where a change within one week matters (`ears`), laboratory
    results, where one finding is enough (`first_seen`).

    Parameters
    ----------
    alpha : float
        Probability of the upper tail. .00005 shows about one new signal in two weeks among 2,000
        series, four in five of them real (`fanal benchmark detection`).
    window : int
        Periods summed.
    baseline : int
        Periods of the past that the rate is learnt from, before the window.
    least : int
        Fewest counts in the window that make an alarm.
    shape : float
        Shape of the gamma prior, in counts: .5 is Jeffreys'. What was never said in a year of
        reading is expected at half a count a year.

    Notes
    -----
    `observed`, `expected` and `threshold` are of the whole window. The score is -log10 of the
    tail probability. With denominators the rate is per unit read: a source that speaks more is
    no rise. A series that begins inside an observatory's history had zero before, wherever its
    denominator says that somebody was reading; where nothing was read, periods are missing.

    References
    ----------
    Gelman A et al. Bayesian Data Analysis, 3rd ed., 2013, §2.6 (gamma-Poisson predictive).
    Espinosa L et al. Epitweetr. Euro Surveill 2022;27:2200177, for the task.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(40)]
    >>> points = table_of(
    ...     [Point("mentions/substance=3-mmc/week", week, "week", value, 200.0, False)
    ...      for week, value in zip(weeks, [0.0] * 37 + [1.0, 2.0, 4.0])], Point)
    >>> alarms = Novelty().detect(points, since=weeks[30])
    >>> alarms.select(["period", "observed"]).to_pylist()
    [{'period': datetime.date(2024, 9, 30), 'observed': 7.0}]
    """

    name: ClassVar[str] = "novelty"

    alpha: float = 0.00005
    window: int = 4
    baseline: int = 52
    least: int = 3
    shape: float = 0.5

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        said = self.predict(panel, first)
        expected, size, observed = said.expected, said.size, said.observed
        tail = betainc(observed, size, expected / (expected + size))
        score = -np.log10(np.maximum(tail, 1e-300))
        limit = nbinom.isf(self.alpha, size, size / (size + expected)) + 1
        threshold = np.fmax(limit, float(self.least))
        alarm = (tail < self.alpha) & (observed >= self.least) & (panel.values[:, first:] > 0)
        return Bounds(expected, threshold, score, alarm & (observed > expected), observed)

    @quiet
    def predict(self, panel: Panel, first: int) -> Predicted:
        """Return the predictive distribution of the window that ends at each column."""
        shape = (len(panel.series), panel.width - first)
        expected, observed, size = (np.full(shape, np.nan) for _ in range(3))
        known = ~np.isnan(panel.values)
        values = np.where(known, panel.values, 0.0)
        exposure = np.where(known, panel.denominators, 0.0)
        counts, exposures = window_sum(values, self.window), window_sum(exposure, self.window)
        for i, t in enumerate(range(first, panel.width)):
            expected[:, i], size[:, i] = self._predict(values, exposure, counts, exposures, t)
            observed[:, i] = np.where(known[:, t], counts[:, t], np.nan)
        return Predicted(expected, size, observed)

    def _predict(
        self, values: Matrix, exposure: Matrix, counts: Matrix, exposures: Matrix, t: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean and size of the negative binomial of the window that ends at column `t`."""
        stop = t - self.window + 1
        start = max(0, stop - self.baseline)
        none = np.full(len(values), np.nan)
        if stop - start < self.window:
            return none, none
        seen = values[:, start:stop].sum(axis=1)
        read = exposure[:, start:stop].sum(axis=1)
        now = exposures[:, t]
        gained = self.shape + seen
        mean = now * gained / read
        ends = np.arange(stop - 1, start + self.window - 2, -self.window)
        spread, block = _spread(counts[:, ends], exposures[:, ends], now)
        size = 1 / (spread + (1 + spread * block) / gained)
        silent = (read <= 0) | (now <= 0)
        return np.where(silent, np.nan, mean), np.where(silent, np.nan, size)


def _spread(
    counts: Matrix, exposures: Matrix, now: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the squared coefficient of variation beyond Poisson between blocks, and their mean.

    Each series' own moment estimate is weighed by how much it can know, `m² / (1 + m)²` a block,
    against that of all series.
    """
    usable = exposures > 0
    scale = np.where(usable, now[:, None] / exposures, 0.0)
    scaled = counts * scale
    n = usable.sum(axis=1)
    mean = scaled.sum(axis=1) / np.maximum(n, 1)
    variance = (np.where(usable, scaled - mean[:, None], 0.0) ** 2).sum(axis=1) / np.maximum(
        n - 1, 1
    )
    noise = (np.where(usable, scale, 0.0) * mean[:, None]).sum(axis=1) / np.maximum(n, 1)
    own = np.where((mean > 0) & (n > 1), (variance - noise) / mean**2, 0.0)
    weight = np.where((mean > 0) & (n > 1), (n - 1) * (mean / (1 + mean)) ** 2, 0.0)
    pooled = (np.sum(weight * own) + _BORROWED * _PRIOR_SPREAD) / (np.sum(weight) + _BORROWED)
    pooled = max(pooled, 0.0)
    spread = (weight * own + _BORROWED * pooled) / (weight + _BORROWED)
    return np.maximum(spread, 0.01), mean
