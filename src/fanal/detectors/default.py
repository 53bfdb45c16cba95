"""The default: chooses a method by history and sparsity, adds up evidence, keeps to a budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import betainc
from scipy.stats import nbinom, norm
from scipy.stats import t as student

from fanal.detectors.base import Detector
from fanal.detectors.farrington import CHUNK, Farrington
from fanal.detectors.novelty import Novelty
from fanal.detectors.panel import PERIODS_A_YEAR, Bounds, Mask, Matrix, Panel, alarms_of, quiet

# Window and baseline of the gamma-Poisson rule by step.
_SHORT = {"week": (4, 52), "month": (4, 24), "year": (1, 8)}
# Tail probabilities far out are worth less than they say; this part of a budget is spent.
_TRUST = 0.03
# A year in whose season a thing was counted less often teaches nothing of it: a mean of zeros is
# no expectation, and what has settled since would be a rise for ever.
_THERE = 3

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Default(Detector):
    """Flag what rises against its past, by the method that fits the length of that past.

    - A year of history or more, and five counts in four weeks: the seasonal regression of
      `farrington`, with as many years as there are, up to five; no year in whose season it was
      counted fewer than three times, nor one before it. Half of last period's excess is added to
      the present count, so that two moderate weeks in a row speak up.
    - Else: the gamma-Poisson predictive of `novelty` on the sum of the last four weeks.

    Both end in a tail probability, so all series can be ranked and held to one budget. Which
    method spoke, and why, stands in the parameters of each alarm.

    When to use: first. When not: levels (`shift`), shares (`binomial-cusum`), laboratory firsts
    (`first-seen`), sources that end (`silence`): run these beside it.

    Parameters
    ----------
    control : {"budget", "fdr", "rate"}
        How false alarms are kept few: at most `budget` a period over all series; a false
        discovery rate of at most `fdr` among the alarms of a period (Benjamini–Hochberg); or
        `alpha` for each series.
    budget : float
        Signals a period that people can look at.
    fdr : float
        Share of false ones among the alarms of a period.
    alpha : float
        Largest tail probability that is an alarm, under any control. .0035 gives a single series a
        false alarm in .5 % of weeks.
    carry : float
        Part of last period's excess that is added to the present count.
    sparse : float
        Counts a week, over the last year, below which the gamma-Poisson rule is used.

    Notes
    -----
    The score is -log10 of the tail probability. The regression's probability includes the
    uncertainty of its mean, which the plain bounds of `farrington` leave out; without that a
    short history makes several times the false alarms that it should.

    References
    ----------
    Noufaily A et al. Bioinformatics 2019;35:3110–3118 (choice of methods). Benjamini Y,
    Hochberg Y. J R Stat Soc B 1995;57:289–300. See also `farrington` and `novelty`.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2022, 1, 3) + timedelta(weeks=i) for i in range(100)]
    >>> counts = [7.0, 9.0, 8.0, 10.0, 6.0] * 19 + [9.0, 11.0, 17.0, 24.0, 30.0]
    >>> points = table_of(
    ...     [Point("mentions/substance=ketamine/week", week, "week", value, 100.0, False)
    ...      for week, value in zip(weeks, counts)], Point)
    >>> alarms = Default().detect(points, since=weeks[80])
    >>> alarms.column("period").to_pylist()[0]
    datetime.date(2023, 11, 20)
    """

    name: ClassVar[str] = "default"

    control: Literal["budget", "fdr", "rate"] = "budget"
    budget: float = 1.0
    fdr: float = 0.1
    alpha: float = 0.0035
    carry: float = 0.5
    sparse: float = 1.25

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        start = max(0, first - 1)
        window, baseline = _SHORT[panel.step]
        short = Novelty(alpha=self.alpha, window=window, baseline=baseline, least=3)
        summed = short.predict(panel, start)
        years = self._years(panel, start)
        mean, size = summed.expected.copy(), summed.size.copy()
        freedom = np.full(mean.shape, np.inf)
        for i in range(panel.width - start):
            for rung in np.unique(years[:, i][years[:, i] > 0]):
                rows = np.flatnonzero(years[:, i] == rung)
                mean[rows, i], size[rows, i], freedom[rows, i] = self._regress(
                    panel, start + i, int(rung), rows
                )
        lost = (years > 0) & np.isnan(mean)
        mean[lost], size[lost], years[lost] = summed.expected[lost], summed.size[lost], 0
        seasonal = years > 0
        values = panel.values[:, start:]
        excess = np.where(seasonal, np.fmax(0.0, np.nan_to_num(values - mean)), 0.0)
        carried = self.carry * np.pad(excess, ((0, 0), (1, 0)))[:, :-1]
        counted = np.where(seasonal, values + carried, summed.observed)
        centre, width = self._with_carry(mean, size, seasonal)
        tail = _student(
            betainc(np.maximum(counted, 1e-9), width, centre / (centre + width)), freedom
        )
        enough = np.where(seasonal, values > mean, (counted >= short.least) & (values > 0))
        tail = np.where(enough & (counted > mean), tail, np.where(np.isnan(tail), np.nan, 1.0))
        keep = slice(first - start, None)
        limit = self._limits(tail[:, keep])
        bound = (
            nbinom.isf(
                _normal(limit, freedom[:, keep]),
                width[:, keep],
                (width / (width + centre))[:, keep],
            )
            + 1
        )
        threshold = bound - np.where(seasonal, carried, 0.0)[:, keep]
        score = -np.log10(np.maximum(tail[:, keep], 1e-300))
        observed = np.where(seasonal, values, summed.observed)[:, keep]
        alarm = tail[:, keep] <= limit
        notes = _notes(years[:, keep], alarm, panel.step)
        return Bounds(mean[:, keep], threshold, score, alarm, observed, notes)

    def _years(self, panel: Panel, start: int) -> NDArray[np.int64]:
        """Return for each cell how many years of history its regression has; 0 for none."""
        shape = (len(panel.series), panel.width - start)
        if panel.step == "year":
            return np.zeros(shape, dtype=np.int64)
        a_year = PERIODS_A_YEAR[panel.step]
        half = 1 if panel.step == "month" else 3
        known = ~np.isnan(panel.values)
        born = np.where(known.any(axis=1), known.argmax(axis=1), panel.width)
        columns = np.arange(start, panel.width)
        # Anniversaries by date may lie one week further back than 52 weeks a year.
        years = (columns[None, :] - born[:, None] - half - 1) // a_year
        padded = np.pad(np.nan_to_num(panel.values), ((0, 0), (1, 0)))
        counts = np.cumsum(padded, axis=1)
        seen = np.cumsum(np.pad(known, ((0, 0), (1, 0))), axis=1)
        ago = np.maximum(0, columns - a_year)
        rate = (counts[:, columns] - counts[:, ago]) / (seen[:, columns] - seen[:, ago])
        # A monthly regression of less than three years has fewer than three values a season.
        least = 3 if panel.step == "month" else 1
        enough = rate >= self.sparse * 52 / a_year
        years = np.clip(years, 0, 5)
        for back in range(5, 0, -1):
            first = np.maximum(0, columns - back * a_year - half)
            season = counts[:, np.minimum(first + 2 * half + 1, panel.width)] - counts[:, first]
            years = np.where((years >= back) & (season < _THERE), back - 1, years)
        return np.where(enough & (years >= least), years, 0)

    def _with_carry(self, mean: Matrix, size: Matrix, seasonal: Mask) -> tuple[Matrix, Matrix]:
        """Return mean and size of a count with `carry` of the excess of the one before.

        The positive part of a centred normal has mean .40 and variance .34 of its variance.
        """
        variance = mean + mean**2 / size
        centre = np.where(seasonal, mean + 0.4 * self.carry * np.sqrt(variance), mean)
        spread = variance * np.where(seasonal, 1 + 0.34 * self.carry**2, 1.0)
        return centre, np.where(seasonal, centre**2 / np.fmax(spread - centre, 1e-9), size)

    def _regress(
        self, panel: Panel, t: int, years: int, rows: NDArray[np.intp]
    ) -> tuple[Vector, Vector, Vector]:
        """Return mean, size and degrees of freedom of the predictive distribution at `t`."""
        method = Farrington(years=years, seasons=10 if years > 1 else 5)
        mean, size = (np.full(len(rows), np.nan) for _ in range(2))
        baseline = method.baseline(panel, t)
        assert baseline is not None  # there are as many years
        known = (~np.isnan(panel.values[rows][:, baseline.columns])).sum(axis=1)
        freedom = np.maximum(1.0, known - len(np.unique(baseline.level)) - (years >= 3))
        for start in range(0, len(rows), CHUNK):
            part = slice(start, start + CHUNK)
            eta, error, phi = method.predict(panel, baseline, rows[part], t)
            mean[part] = np.exp(eta)
            size[part] = 1 / ((phi - 1) / mean[part] + error**2 + 1e-9)
        return mean, size, freedom

    def _limits(self, tail: Matrix) -> Matrix:
        """Return the tail probability that is an alarm, by column, as wide as `tail`."""
        series = (~np.isnan(tail)).sum(axis=0)
        limits = np.full(tail.shape[1], self.alpha)
        if self.control == "budget":
            limits = np.minimum(limits, _TRUST * self.budget / np.maximum(series, 1))
            limits = np.where(series * self.alpha <= self.budget * _TRUST, self.alpha, limits)
        if self.control == "fdr":
            for i in range(tail.shape[1]):
                ranked = np.sort(tail[:, i][~np.isnan(tail[:, i])])
                steps = self.fdr * np.arange(1, len(ranked) + 1) / max(1, len(ranked))
                below = np.flatnonzero(ranked <= steps)
                cut = ranked[below[-1]] if below.size else 0.0
                limits[i] = min(self.alpha, cut)
        return np.broadcast_to(limits, tail.shape)


def _student(tail: Matrix, freedom: Matrix) -> Matrix:
    """Widen a tail probability for a spread that was estimated with so many degrees of freedom."""
    z = norm.isf(np.clip(tail, 1e-300, 1 - 1e-12))
    return np.where(np.isinf(freedom), tail, student.sf(z, freedom))


def _normal(tail: Matrix, freedom: Matrix) -> Matrix:
    """Return the probability that `_student` widens to this one."""
    return np.where(np.isinf(freedom), tail, norm.sf(student.isf(tail, freedom)))


def _notes(years: NDArray[np.int64], alarm: Mask, step: str) -> NDArray[np.object_]:
    """Return for each alarm which method spoke and why, and how many days back it looked."""
    notes = np.empty(years.shape, dtype=object)
    window, baseline = _SHORT[step]
    days = {"week": 7, "month": 31, "year": 366}[step]
    for row, column in np.argwhere(alarm):
        n = int(years[row, column])
        if n:
            said: dict[str, Any] = {"why": f"{n} years of history, not sparse"}
            said["past"] = 365 * n + 4 * days  # and half a season
        else:
            said = {"why": f"sparse or less than a year of history: sum of {window} {step}s"}
            said |= {"window": window, "past": days * (baseline + window)}
        notes[row, column] = {"method": "farrington" if n else "novelty"} | said
    return notes
