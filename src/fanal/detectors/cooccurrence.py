"""Co-occurrence: two things said together that never were before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import poisson

from fanal.detectors.base import Detector
from fanal.detectors.panel import Bounds, Matrix, Panel, alarms_of, quiet, window_sum

# Dimension of a pair: measure of what is said of it alone.
_SINGLES = {
    "substance": "mentions/",
    "with": "mentions/",
    "practice": "practices/",
    "platform": "platforms/",
    "place": "places/",
}


@dataclass(frozen=True)
class Cooccurrence(Detector):
    """Flag a pair that is met several times within a few periods and never was before.

    A pair is a series of `measure` with two dimensions, `together/practice=b/substance=a/week`.
    Where the two single series exist (`practices/practice=b/week`, `mentions/substance=a/week`)
    the pair must also be met more often than by chance.

    When to use: combinations of products, a known product in a new kind of place or under a new
    way of selling. When not: a pair that has always existed and grows (`novelty`).

    Parameters
    ----------
    measure : str
        Measure of the pairs.
    window : int
        Periods within which the pair must be met.
    least : int
        How often it must be met in them.
    history : int
        Fewest periods of the observatory before anything can be new.
    alpha : float
        Probability of meeting them so often by chance, both being as frequent as they are.

    Notes
    -----
    `observed` and `expected` are of the window; `expected` is 0 where the single series or the
    denominators are missing. Alarms are given from the period in which `least` is reached until
    `window` periods after the first meeting. A pair absent before its first point was not met.

    References
    ----------
    Finney JM, Walker AS, Peto TEA, Wyllie DH. J Biomed Semantics 2011;2:S6, and Norén GN et al.
    Stat Methods Med Res 2013;22:57–69, on observed against expected pairs.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(20)]
    >>> read = [Point("mentions/substance=3-mmc/week", week, "week", 4.0, 300.0, False)
    ...         for week in weeks]
    >>> pair = [Point("together/practice=slamming/substance=3-mmc/week", week, "week", n, 300.0,
    ...               False) for week, n in zip(weeks[17:], [1.0, 1.0, 2.0])]
    >>> alarms = Cooccurrence().detect(table_of(read + pair, Point), since=weeks[9])
    >>> alarms.select(["period", "observed"]).to_pylist()
    [{'period': datetime.date(2024, 5, 13), 'observed': 4.0}]
    """

    name: ClassVar[str] = "cooccurrence"
    watches: ClassVar[tuple[str, ...]] = (
        "together/", "mentions/", "practices/", "platforms/", "places/",
    )  # fmt: skip

    measure: str = "together"
    window: int = 4
    least: int = 3
    history: int = 8
    alpha: float = 0.001

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        pairs = np.array([name.partition("/")[0] == self.measure for name in panel.series], bool)
        met = np.where(pairs[:, None], np.nan_to_num(panel.values), 0.0)
        observed = window_sum(met, self.window)
        ever = np.cumsum(met, axis=1)
        new = (observed > 0) & (ever == observed)
        new[:, : self.history] = False
        chance = np.zeros_like(panel.values)
        chance[pairs] = self._chance(panel, np.flatnonzero(pairs))
        expected = window_sum(chance, self.window)[:, first:]
        observed = observed[:, first:]
        tail = poisson.sf(observed - 1, expected)
        threshold = np.maximum(float(self.least), poisson.isf(self.alpha, expected) + 1)
        alarm = new[:, first:] & (observed >= self.least) & (tail < self.alpha)
        alarm &= panel.values[:, first:] > 0
        score = -np.log10(np.maximum(tail, 1e-300))
        return Bounds(expected, threshold, score, alarm, observed)

    def _chance(self, panel: Panel, pairs: NDArray[np.intp]) -> Matrix:
        """Return how often each pair is met by chance: product of the singles over what is read."""
        row_of = {name: row for row, name in enumerate(panel.series)}
        out = np.zeros((len(pairs), panel.width))
        for i, row in enumerate(pairs):
            parts = panel.series[row].split("/")
            names = [f"{_SINGLES.get(part.split('=')[0], '')}{part}" for part in parts[1:3]]
            names = [f"{name.replace('with=', 'substance=')}/{parts[-1]}" for name in names]
            if all(name in row_of for name in names):
                a, b = (panel.values[row_of[name]] for name in names)
                out[i] = np.nan_to_num(a * b / panel.given[row_of[names[0]]], posinf=0.0)
        return out
