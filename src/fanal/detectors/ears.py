"""EARS C1, C2 and C3: today against the mean and spread of the last few periods."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.lib.stride_tricks import sliding_window_view
from scipy.stats import norm

from fanal.detectors.base import Detector
from fanal.detectors.panel import Bounds, Matrix, Panel, alarms_of, exceeds, quiet


@dataclass(frozen=True)
class Ears(Detector):
    """Flag a count above the mean of the periods just before it by so many standard deviations.

    When to use: counts of at least a few a week, a history of 2 to 12 months, an abrupt rise.
    When not: sparse series (a term said twice a month: use `novelty`, which finds more than twice
    as many at the same number of false alarms), seasonal series with years of history
    (`farrington`), slow rises (the baseline rises with them).

    Parameters
    ----------
    method : {"C1", "C2", "C3"}
        C1 compares with the periods just before; C2 leaves a gap of two, so that a beginning rise
        does not lift its own baseline; C3 adds up what C2 found over the last three periods,
        `sum(max(0, C2 - 1))`, the current period included.
    baseline : int
        Periods in the baseline.
    alpha : float
        One-sided probability of a false alarm for C1 and C2 if counts were normal. They are not:
        expect 4 % at .001.
    min_sigma : float
        Smallest standard deviation that is believed, in counts. Without it a baseline of zeros
        makes an alarm of any single mention.
    c3_limit : float
        Where C3 speaks up, in standard deviations added up.

    Notes
    -----
    With denominators the baseline is of rates, brought to the denominator of the current period.
    Missing periods are left out; fewer than half of the baseline gives no bound.

    References
    ----------
    Hutwagner L, Thompson W, Seeman GM, Treadwell T. The bioterrorism preparedness and response
    Early Aberration Reporting System (EARS). J Urban Health 2003;80:i89–i96.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(9)]
    >>> points = table_of(
    ...     [Point("mentions/substance=3-mmc/week", week, "week", value, None, False)
    ...      for week, value in zip(weeks, [3, 2, 4, 3, 2, 3, 4, 3, 14])], Point)
    >>> Ears(method="C1").detect(points, since=weeks[7]).select(["period", "observed"]).to_pylist()
    [{'period': datetime.date(2024, 2, 26), 'observed': 14.0}]
    """

    name: ClassVar[str] = "ears"
    watches: ClassVar[tuple[str, ...]] = ("mentions/", "practices/", "platforms/")

    method: Literal["C1", "C2", "C3"] = "C2"
    baseline: int = 7
    alpha: float = 0.001
    min_sigma: float = 0.5
    c3_limit: float = 2.0

    @classmethod
    def rarity(cls, score: float, parameters: Mapping[str, Any]) -> float:
        """Return how rare: the score is in standard deviations of a normal count."""
        return -math.log10(max(0.5 * math.erfc(score / math.sqrt(2)), 1e-300))

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        gap = 0 if self.method == "C1" else 2
        back = 2 if self.method == "C3" else 0
        start = max(0, first - back)
        mean, sigma = self._baseline(panel, start, gap)
        values = panel.values[:, start:]
        score = (values - mean) / sigma
        threshold = mean + norm.ppf(1 - self.alpha) * sigma
        if self.method != "C3":
            # A spread of zero has no score in standard deviations, but is still exceeded.
            score = np.where(sigma > 0, score, values - mean)
            return Bounds(mean, threshold, score, exceeds(values, threshold))
        excess = np.fmax(0.0, np.nan_to_num(score - 1, nan=0.0, posinf=0.0, neginf=0.0))
        padded = np.pad(excess, ((0, 0), (2, 0)))
        before = (padded[:, :-2] + padded[:, 1:-1])[:, first - start :]
        total = before + excess[:, first - start :]
        mean, sigma = mean[:, first - start :], sigma[:, first - start :]
        values = values[:, first - start :]
        # The count at which today's part of the sum would fill what is left to the limit.
        threshold = mean + sigma * (1 + np.maximum(0.0, self.c3_limit - before))
        alarm = exceeds(total, self.c3_limit) & exceeds(values, mean) & (sigma > 0)
        return Bounds(mean, threshold, total, alarm)

    def _baseline(self, panel: Panel, first: int, gap: int) -> tuple[Matrix, Matrix]:
        """Return mean and standard deviation of the baseline of each column from `first` on."""
        rates = panel.values / panel.denominators
        reach = self.baseline + gap
        padded = np.pad(rates, ((0, 0), (reach, 0)), constant_values=np.nan)
        windows = sliding_window_view(padded[:, first:-1], reach, axis=1)[..., : self.baseline]
        windows = windows * panel.denominators[:, first:, None]
        known = ~np.isnan(windows)
        n = known.sum(axis=2)
        mean = np.where(known, windows, 0.0).sum(axis=2) / n
        spread = np.where(known, windows - mean[..., None], 0.0)
        sigma = np.sqrt((spread**2).sum(axis=2) / (n - 1))
        enough = n >= max(2, (self.baseline + 1) // 2)
        sigma = np.maximum(sigma, self.min_sigma)
        return np.where(enough, mean, np.nan), np.where(enough, sigma, np.nan)
