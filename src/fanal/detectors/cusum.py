"""CUSUM of counts: small rises that last, added up until they show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import xlogy

from fanal.detectors.base import Detector
from fanal.detectors.panel import PERIODS_A_YEAR, Bounds, Matrix, Panel, alarms_of, exceeds, quiet

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Cusum(Detector):
    """Flag when deviations above the mean of the first periods add up past a limit.

    Counts are brought to a standard normal scale by `transform`, then
    `S = max(0, S + x - reference)`; an alarm is `S > limit`.

    When to use: a rise of a third or a half that no single week shows, against a level that was
    learnt once, for instance since a measure was taken. When not: series that drift by themselves
    (the first periods stop being a fair comparison: `farrington`), abrupt rises (`ears`).

    Parameters
    ----------
    reference : float
        Half of the shift to be found, in standard deviations (`k` in the papers).
    limit : float
        Where the sum speaks up (`h`); 1.04 and 2.26 give a false alarm in some 500 periods.
    transform : {"rossi", "standard", "anscombe", "anscombe2nd", "negative binomial"}
        How counts are standardised; `rossi` keeps the distribution nearest to normal in counts
        of 3 and more.
    baseline : int
        First periods of a series, from which its level is learnt.
    season : bool
        The level has a yearly wave (needs two years of `baseline`).
    dispersion : float
        For `negative binomial`: variance is m + dispersion · m².
    reset : bool
        Start again at zero after an alarm.

    Notes
    -----
    The threshold is the count at which the present sum would pass the limit, so an old excess
    lowers it. With denominators the level is a rate.

    References
    ----------
    Rossi G, Lampugnani L, Marchi M. Stat Med 1999;18:2111–2122. Höhle M. Comput Stat 2007;22:571.
    Page ES. Biometrika 1954;41:100–115.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(40)]
    >>> counts = [4.0, 6.0, 5.0, 3.0, 7.0] * 6 + [8.0, 9.0, 8.0, 10.0, 9.0] * 2
    >>> points = table_of(
    ...     [Point("mentions/substance=gbl/week", week, "week", value, None, False)
    ...      for week, value in zip(weeks, counts)], Point)
    >>> alarms = Cusum(baseline=26).detect(points, since=weeks[26])
    >>> alarms.column("period").to_pylist()[0]
    datetime.date(2024, 8, 26)
    """

    name: ClassVar[str] = "cusum"

    reference: float = 1.04
    limit: float = 2.26
    transform: Literal["rossi", "standard", "anscombe", "anscombe2nd", "negative binomial"] = (
        "rossi"
    )
    baseline: int = 52
    season: bool = False
    dispersion: float = 0.1
    reset: bool = True

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
        known = ~np.isnan(panel.values) & (panel.denominators > 0)
        age = np.cumsum(known, axis=1)
        learning = known & (age <= self.baseline)
        level = self._level(panel, learning)
        shape = (len(panel.series), panel.width - first)
        threshold, score = np.full(shape, np.nan), np.full(shape, np.nan)
        total = np.zeros(len(panel.series))
        for t in range(panel.width):
            active = known[:, t] & (age[:, t] > self.baseline) & (level[:, t] > 0)
            if not active.any():
                continue
            y, m = panel.values[active, t], level[active, t]
            room = self.limit + self.reference - total[active]
            raised = total[active] + self._standard(y, m) - self.reference
            total[active] = np.maximum(0.0, raised)
            if t >= first:
                threshold[active, t - first] = self._count(room, m)
                score[active, t - first] = total[active] / self.limit
            if self.reset:
                total[exceeds(total, self.limit)] = 0.0
        expected = np.where(np.isnan(threshold), np.nan, level[:, first:])
        return Bounds(expected, threshold, score, exceeds(score, 1.0))

    def _level(self, panel: Panel, learning: NDArray[np.bool_]) -> Matrix:
        """Return the mean count of each cell, learnt from the first periods of its series."""
        y = np.where(learning, panel.values, 0.0)
        read = np.where(learning, panel.denominators, 0.0)
        rate = y.sum(axis=1, keepdims=True) / read.sum(axis=1, keepdims=True)
        if not self.season:
            return np.asarray(rate * panel.denominators)
        angle = 2 * np.pi * np.arange(1, panel.width + 1) / PERIODS_A_YEAR[panel.step]
        design = np.column_stack([np.ones(panel.width), np.sin(angle), np.cos(angle)])
        level = np.full(panel.values.shape, np.nan)
        for row in np.flatnonzero(rate[:, 0] > 0):
            cells = learning[row]
            beta = _poisson(y[row, cells], read[row, cells], design[cells])
            level[row] = panel.denominators[row] * np.exp(design @ beta)
        return level

    def _standard(self, y: Vector, m: Vector) -> Vector:
        """Return counts on a standard normal scale."""
        if self.transform == "standard":
            return np.asarray((y - m) / np.sqrt(m))
        if self.transform == "negative binomial":
            return np.asarray((y - m) / np.sqrt(m + self.dispersion * m**2))
        if self.transform == "rossi":
            return np.asarray((y - 3 * m + 2 * np.sqrt(y * m)) / (2 * np.sqrt(m)))
        second = m ** (-1 / 3) / 9 if self.transform == "anscombe2nd" else 0.0
        return np.asarray(1.5 * (y ** (2 / 3) - m ** (2 / 3) + second) / m ** (1 / 6))

    def _count(self, x: Vector, m: Vector) -> Vector:
        """Return the count that lies at `x` on the standard normal scale, or 0 if none does."""
        if self.transform == "standard":
            count = np.ceil(m + x * np.sqrt(m))
        elif self.transform == "negative binomial":
            count = m + x * np.sqrt(m + self.dispersion * m**2)
        elif self.transform == "rossi":
            count = (np.sqrt(4 * m + 2 * x * np.sqrt(m)) - np.sqrt(m)) ** 2
        else:
            # The exponent of the second-order term is that of the reference implementation, so
            # that bounds agree; the alarm, and the sum, rest on the right one above.
            second = m ** (1 / 3) / 9 if self.transform == "anscombe2nd" else 0.0
            count = (m ** (2 / 3) - second + x * m ** (1 / 6) / 1.5) ** 1.5
        return np.fmax(0.0, count)


def _poisson(y: Vector, read: Vector, design: Matrix) -> Vector:
    """Fit log(mean / read) = design · beta by the usual steps, stopped where others stop."""
    mu: Vector = np.asarray(y + 0.1)
    before = np.inf
    eta: Vector = np.log(mu)
    beta = np.zeros(design.shape[1])
    for _ in range(25):
        z = eta - np.log(read) + (y - mu) / mu
        root = np.sqrt(mu)
        beta = np.asarray(np.linalg.lstsq(design * root[:, None], z * root, rcond=None)[0])
        eta = np.asarray(np.log(read) + design @ beta)
        mu = np.asarray(np.exp(eta))
        deviance = 2 * float((xlogy(y, y / mu) - (y - mu)).sum())
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            break
        before = deviance
    return np.asarray(beta)
