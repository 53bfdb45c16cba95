"""Farrington Flexible: this week against the same season of past years, outbreaks weighed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import nbinom, norm, poisson
from scipy.stats import t as student

from fanal.detectors.base import Detector
from fanal.detectors.glm import Fit, fit_quasi_poisson
from fanal.detectors.panel import (
    PERIODS_A_YEAR,
    Bounds,
    Mask,
    Matrix,
    Panel,
    alarms_of,
    exceeds,
    quiet,
    window_sum,
)

CHUNK = 128  # series fitted together: their matrices stay in the cache of the processor
_WORTH_THREADS = 8  # chunks


@dataclass(frozen=True)
class Baseline:
    """The columns that a column is compared with."""

    columns: NDArray[np.intp]
    level: NDArray[np.intp]  # season of each; 0 is the season of the present
    time: NDArray[np.float64]
    now: float


@dataclass(frozen=True)
class Farrington(Detector):
    """Flag a count above the upper bound of a seasonal, trended, over-dispersed regression.

    For each period a quasi-Poisson regression on the past `years` years, with a linear trend and a
    factor of `seasons` levels, gives the expected count. Past outbreaks are weighed down by their
    Anscombe residuals and the last `recent` periods are left out, so that what is beginning now
    does not become its own baseline.

    When to use: at least `years` years of history and a few cases a month. Among methods with a
    specificity above 90 % it is the best overall (Noufaily 2019). When not: less history (fewer
    `years` and `seasons`, or `novelty`), sparse series (fewer than 5 cases in 4 periods: no bound).

    Parameters
    ----------
    method : {"nbPlugin", "muan", "delta"}
        Bound from the negative binomial at the fitted mean; the same at an upper bound of the
        mean (fewer alarms); or normal after a 2/3 power (the version of 1996).
    alpha : float
        One-sided probability of a count above the bound.
    years : int
        Years of history (`b` in the papers).
    half_window : int
        Periods on each side of an anniversary that belong to the season of the present (`w`).
        Weekly series; monthly ones use 1.
    seasons : int
        Levels of the seasonal factor, that of the present included; 1 compares with the same
        weeks of past years only. Monthly series use half as many.
    recent : int
        Last periods left out, in weeks; monthly series divide by 4. Only where `seasons` > 1.
    trend : bool
        Fit a trend, if `years` is at least 3 and it does not extrapolate above all that was seen.
    trend_p : float
        Keep the trend only at this significance; 1 keeps it always.
    reweight : bool
        Weigh past outbreaks down.
    weights_threshold : float
        Anscombe residual from which a period is weighed down.
    limit : tuple of int
        (cases, periods): fewer cases than this in the last periods, the present one included, and
        nothing is said.
    calendar : bool
        Anniversaries and time by date; else by 52 weeks or 12 months.

    Notes
    -----
    The score is (observed - expected) / (threshold - expected), in counts for all three methods:
    above 1 is an alarm. Denominators enter as an offset: the regression is of rates. Missing
    periods have no weight.

    References
    ----------
    Farrington CP, Andrews NJ, Beale AD, Catchpole MA. J R Stat Soc A 1996;159:547–563.
    Noufaily A, Enki DG, Farrington P et al. Stat Med 2013;32:1206–1222.
    Salmon M, Schumacher D, Höhle M. J Stat Softw 2016;70(10), for conventions.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2018, 1, 1) + timedelta(weeks=i) for i in range(300)]
    >>> counts = [6.0 + i % 3 for i in range(299)] + [25.0]
    >>> points = table_of(
    ...     [Point("mentions/substance=ketamine/week", week, "week", value, None, False)
    ...      for week, value in zip(weeks, counts)], Point)
    >>> alarms = Farrington().detect(points, since=weeks[290])
    >>> alarms.select(["period", "threshold"]).to_pylist()
    [{'period': datetime.date(2023, 9, 25), 'threshold': 14.0}]
    """

    name: ClassVar[str] = "farrington"

    method: Literal["nbPlugin", "muan", "delta"] = "nbPlugin"
    alpha: float = 0.01
    years: int = 5
    half_window: int = 3
    seasons: int = 10
    recent: int = 26
    trend: bool = True
    trend_p: float = 1.0
    reweight: bool = True
    weights_threshold: float = 2.58
    limit: tuple[int, int] = (5, 4)
    calendar: bool = True

    @classmethod
    def rarity(cls, score: float, parameters: Mapping[str, Any]) -> float:
        """Return how rare: a score of one is at the threshold, about one in a hundred."""
        return 2.0 * score

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        eta, error, phi = self.regress(panel, first)
        observed = panel.values[:, first:]
        enough = window_sum(panel.values, self.limit[1])[:, first:] >= self.limit[0]
        expected = np.where(enough & ~np.isnan(observed), np.exp(eta), np.nan)
        threshold = self.threshold(expected, error, phi)
        score = (observed - expected) / (threshold - expected)
        return Bounds(expected, threshold, score, exceeds(observed, threshold))

    @quiet
    def regress(self, panel: Panel, first: int) -> tuple[Matrix, Matrix, Matrix]:
        """Return log mean, its standard error and the dispersion, of the columns from `first`."""
        shape = (len(panel.series), panel.width - first)
        eta, error, phi = (np.full(shape, np.nan) for _ in range(3))

        @quiet  # what a thread says of divisions by zero is its own
        def fill(part: tuple[slice, int, int, Baseline]) -> None:
            rows, i, t, baseline = part
            eta[rows, i], error[rows, i], phi[rows, i] = self.predict(panel, baseline, rows, t)

        baselines = [(t - first, t, self.baseline(panel, t)) for t in range(first, panel.width)]
        parts = [
            (slice(start, start + CHUNK), i, t, baseline)
            for i, t, baseline in baselines
            if baseline is not None
            for start in range(0, shape[0], CHUNK)
        ]
        if len(parts) < _WORTH_THREADS:
            for part in parts:
                fill(part)
            return eta, error, phi
        with ThreadPoolExecutor(os.cpu_count()) as threads:  # NumPy lets go of the interpreter
            for _ in threads.map(fill, parts):
                pass
        return eta, error, phi

    def baseline(self, panel: Panel, t: int) -> Baseline | None:
        """Return what column `t` is compared with, or nothing where the past is too short."""
        monthly = panel.step == "month"
        half = 1 if monthly else self.half_window
        seasons = self.seasons
        recent = self.recent
        if monthly and seasons > 1:
            seasons, recent = max(2, seasons // 2), max(1, recent // 4)
        if panel.step == "year":
            return None
        marks = [*self._anniversaries(panel, t), t]
        if marks[0] - half < 0:
            return None
        columns: list[int] = []
        level: list[int] = []
        for mark, following in pairwise(marks):
            columns += range(mark - half, mark + half + 1)
            level += [0] * (2 * half + 1)
            if seasons > 1:
                between = np.arange(mark + half + 1, following - half)
                columns += between.tolist()
                # The remainder goes to the first blocks.
                blocks = np.array_split(between, seasons - 1)
                level += [i + 1 for i, block in enumerate(blocks) for _ in block]
        chosen, season = np.array(columns), np.array(level)
        if seasons > 1:
            before = chosen < t - recent
            chosen, season = chosen[before], season[before]
        days = np.array([panel.day(int(column)).toordinal() for column in chosen], dtype=float)
        now = float(panel.day(t).toordinal())
        if not self.calendar:
            days, now = chosen.astype(float), float(t)
        centre, scale = days.mean(), np.ptp(days) / 2
        return Baseline(chosen, season, (days - centre) / scale, (now - centre) / scale)

    def _anniversaries(self, panel: Panel, t: int) -> list[int]:
        """Return the columns of the same time of year, the oldest first."""
        back = range(self.years, 0, -1)
        if not self.calendar or panel.step == "month":
            return [t - i * PERIODS_A_YEAR[panel.step] for i in back]
        today = panel.day(t)
        out = []
        for i in back:
            leap = (today.month, today.day) == (2, 29)
            then = today.replace(year=today.year - i, day=28 if leap else today.day)
            out.append(t - round((today - then).days / 7))
        return out

    def predict(
        self, panel: Panel, baseline: Baseline, rows: slice | NDArray[np.intp], t: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return linear predictor, its standard error and the dispersion."""
        y = panel.values[rows][:, baseline.columns]
        offset = np.log(panel.denominators[rows][:, baseline.columns])
        ahead = np.log(panel.denominators[rows, t])
        if not (self.trend and self.years >= 3):
            flat = self._fit(y, offset, baseline, trend=False)
            eta, error = flat.predict(baseline.now)
            return eta + ahead, error, flat.phi
        fit = self._fit(y, offset, baseline, trend=True)
        eta, error = fit.predict(baseline.now)
        probability = 2 * student.sf(np.abs(fit.slope / fit.slope_error), fit.freedom)
        keep = (probability <= self.trend_p) & (np.exp(eta + ahead) <= np.fmax.reduce(y, axis=1))
        drop = np.flatnonzero(~keep)
        phi = fit.phi
        if drop.size:
            flat = self._fit(y[drop], offset[drop], baseline, trend=False)
            eta[drop], error[drop] = flat.predict(baseline.now)
            phi[drop] = flat.phi
        return eta + ahead, error, phi

    def _fit(self, y: Matrix, offset: Matrix, baseline: Baseline, *, trend: bool) -> Fit:
        time = baseline.time if trend else None
        known = (~np.isnan(y) & np.isfinite(offset)).astype(float)
        y, offset = np.where(known > 0, y, 0.0), np.where(known > 0, offset, 0.0)
        fit = fit_quasi_poisson(y, known, offset, baseline.level, time)
        if not self.reweight:
            return fit
        weights = self._weights(y, known, fit)
        fit = fit_quasi_poisson(y, weights, offset, baseline.level, time)
        # Standard error and trend test rest on the working residuals here, as in the reference
        # implementation that bounds are compared with; the dispersion itself is Pearson's.
        fit.dispersion = (weights * ((y - fit.mu) / fit.mu) ** 2).sum(axis=1) / fit.freedom
        return fit

    def _weights(self, y: Matrix, known: Matrix, fit: Fit) -> Matrix:
        """Return weights from standardised Anscombe residuals, their sum the number of periods."""
        residual = 1.5 * (y ** (2 / 3) * fit.mu ** (-1 / 6) - np.sqrt(fit.mu))
        residual /= np.sqrt(fit.phi[:, None] * (1 - fit.leverage))
        weights = np.where(residual > self.weights_threshold, residual**-2.0, 1.0) * known
        return np.asarray(weights * (known.sum(axis=1) / weights.sum(axis=1))[:, None])

    @quiet
    def threshold(self, expected: Matrix, error: Matrix, phi: Matrix) -> Matrix:
        """Return the upper bound of each cell."""
        z = norm.ppf(1 - self.alpha)
        if self.method == "delta":
            tau = phi + expected * error**2
            power = 1 + 2 / 3 * z * np.sqrt(tau / expected)
            return np.asarray(expected * power**1.5)
        mean = expected * np.exp(z * error) if self.method == "muan" else expected
        return negative_binomial_quantile(1 - self.alpha, mean, phi)


def negative_binomial_quantile(p: float, mean: Matrix, phi: Matrix) -> Matrix:
    """Return the quantile of a count with this mean and variance `phi` times it."""
    out = np.full(mean.shape, np.nan)
    # SciPy's quantile aborts the process on means past any count; there the normal is exact.
    huge = mean > 1e12
    out[huge] = mean[huge] + norm.ppf(p) * np.sqrt(mean[huge] * phi[huge])
    known = (mean <= 1e12) & ~np.isnan(phi)
    wide: Mask = known & (phi > 1)
    size = mean[wide] / (phi[wide] - 1)
    out[wide] = nbinom.ppf(p, size, 1 / phi[wide])
    out[known & ~wide] = poisson.ppf(p, mean[known & ~wide])
    return out
