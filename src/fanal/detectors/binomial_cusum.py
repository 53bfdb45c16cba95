"""Binomial CUSUM: a share that shifts, by the likelihood ratio of two shares."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from fanal.detectors.base import Detector
from fanal.detectors.panel import Bounds, Panel, alarms_of, exceeds, quiet


@dataclass(frozen=True)
class BinomialCusum(Detector):
    """Flag when a share of `value` in `denominator` fits a shifted share better than its own past.

    The log likelihood ratio of the two shares is added up and never falls below zero; an alarm is
    a sum past `limit`.

    When to use: shares of samples adulterated, sold as something else, above a purity; counts out
    of a known number. When not: values that may exceed their denominator (mentions per document:
    `farrington`), measures without a denominator (`shift`).

    Parameters
    ----------
    odds_ratio : float
        Shift to be found, as the ratio of odds; below 1 for a fall.
    limit : float
        Where the sum of log likelihood ratios speaks up (`h`). With 4, a false alarm comes in
        some 400 periods at 50 a period.
    base : float, optional
        Share in control; without it the share of the first `baseline` periods.
    baseline : int
        Periods from which the share in control is learnt.
    reset : bool
        Start again at zero after an alarm.
    relearn : bool
        After an alarm learn the share anew from the next `baseline` periods: a shift that lasts is
        told once, and then is the past.

    Notes
    -----
    Periods whose value exceeds the denominator, or that have none, are left out. `expected` is the
    share in control times the denominator; `threshold` is the count at which the present sum would
    pass the limit.

    References
    ----------
    Höhle M. Online change-point detection in categorical time series. In: Statistical Modelling
    and Regression Structures, 2010, 377–397. Steiner SH et al. Biostatistics 2000;1:441–452.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(40)]
    >>> adulterated = [3.0, 5.0, 4.0] * 10 + [8.0] * 10
    >>> points = table_of(
    ...     [Point("adulterated/substance=heroin/week", week, "week", value, 40.0, False)
    ...      for week, value in zip(weeks, adulterated)], Point)
    >>> alarms = BinomialCusum(odds_ratio=2.0).detect(points, since=weeks[26])
    >>> alarms.column("period").to_pylist()[0]
    datetime.date(2024, 8, 12)
    """

    name: ClassVar[str] = "binomial-cusum"
    watches: ClassVar[tuple[str, ...]] = ("expected/",)

    odds_ratio: float = 2.0
    limit: float = 4.0
    base: float | None = None
    baseline: int = 26
    reset: bool = True
    relearn: bool = False

    @classmethod
    def rarity(cls, score: float, parameters: Mapping[str, Any]) -> float:
        """Return how rare: a sum that reaches S is about as rare as exp(-S) (Siegmund 1985)."""
        return score * math.log10(math.e)

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @property
    def direction(self) -> Literal["up", "down"]:
        return "up" if self.odds_ratio > 1 else "down"

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        x, n = panel.values, panel.given
        known = (n > 0) & (x >= 0) & (x <= n)
        steady = self.base is not None
        seen, of, age = np.zeros((3, len(x)))
        shape = (len(x), panel.width - first)
        expected, score, threshold = (np.full(shape, np.nan) for _ in range(3))
        total = np.zeros(len(x))
        for t in range(panel.width):
            learnt = steady | (age >= self.baseline)
            # Half a case and half a control keep a share of nothing or of all away from the edge.
            share = np.full(len(x), self.base) if steady else (seen + 0.5) / (of + 1)
            shifted = self.odds_ratio * share / (1 - share + self.odds_ratio * share)
            case, control = np.log(shifted / share), np.log((1 - shifted) / (1 - share))
            now, learning = known[:, t] & learnt, known[:, t] & ~learnt
            read = n[:, t]
            if t >= first:
                needed = (self.limit - total - read * control) / (case - control)
                threshold[:, t - first] = np.where(now, needed, np.nan)
                expected[:, t - first] = np.where(learnt, share * read, np.nan)
            step = x[:, t] * case + (read - x[:, t]) * control
            total = np.where(now, np.maximum(0.0, total + step), total)
            if t >= first:
                score[:, t - first] = np.where(now | (read == 0), total, np.nan)
            seen = seen + np.where(learning, x[:, t], 0.0)
            of = of + np.where(learning, read, 0.0)
            age = age + learning
            alarm = exceeds(total, self.limit)
            if self.reset:
                total = np.where(alarm, 0.0, total)
            if self.relearn:
                seen, of, age = (np.where(alarm, 0.0, sums) for sums in (seen, of, age))
        return Bounds(expected, threshold, score, exceeds(score, self.limit))
