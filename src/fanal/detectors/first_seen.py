"""First seen: what a laboratory found and never had found before; dangers against their past."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import betainc
from scipy.stats import nbinom

from fanal.detectors.base import Detector
from fanal.detectors.novelty import Novelty
from fanal.detectors.panel import Bounds, Mask, Matrix, Panel, alarms_of, quiet

_RECENT = 6  # periods that say whether it is usual
_MANY = 1e6  # samples, where it is not said of how many
_BASELINE = 24  # periods of its own past that a danger is compared with


@dataclass(frozen=True)
class FirstSeen(Detector):
    """Flag the first finding of what was never found, and dangers that are more than usual.

    - A first finding (`measures`) is flagged once enough was read to call anything a first.
    - A danger, or a name sold for another thing (`against_own_past`), is flagged when it is first
      found; then, while it is rare, where there is twice of what its own past leads to expect;
      once it is usual, where its past makes so many incredible. A danger is one however little
      was read before; what is not as it was sold is unexpected only where enough was read to
      expect anything: of the series itself, or of all samples where it is of all places.

    When to use: laboratory results, where a single finding of a substance never seen is a signal
    the same day. When not: words in public posts, where a single mention means nothing
    (`novelty`).

    Parameters
    ----------
    measures : tuple of str
        Measures (first part of the series' name) of laboratory findings.
    against_own_past : tuple of str
        Measures that are compared with their own past: rules of danger, names whose content is
        another's.
    always : tuple of str
        Measures of which every value is an event: names whose content changed.
    learning : int
        Periods that were read before a finding can be the first, or unexpected.
    needed : int
        Samples analysed before it can: what is in a tenth of all samples is
        missed by 30 of them once in twenty times.
    rare : int
        A danger is usual once it was found in so many of the last six periods that were read.
    alpha : float
        Tail probability of so many, given the past, below which a usual danger is flagged.

    Notes
    -----
    Before a first finding nothing was expected, and the score is the count. Of a danger with a
    past, `expected` and `threshold` are of its predictive distribution (`novelty`, one period)
    over 24 periods, and the score is -log10 of the tail probability. `"why"` in the parameters of
    an alarm says which: `first`, `rare`, `more` or `event`.

    References
    ----------
    EUDA. Guidelines on the EU Early Warning System: a first identification is notified at once.
    Hanley JA, Lippman-Hand A. JAMA 1983;249:1743–1745, on what no finding in n can say.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(4)]
    >>> points = table_of(
    ...     [Point("found/substance=cocaine/week", week, "week", 9.0, 20.0, False)
    ...      for week in weeks]
    ...     + [Point("found/substance=metonitazene/week", weeks[3], "week", 1.0, 20.0, False)],
    ...     Point)
    >>> FirstSeen().detect(points, since=weeks[0]).column("series").to_pylist()
    ['found/substance=metonitazene/week']
    """

    name: ClassVar[str] = "first-seen"
    watches: ClassVar[tuple[str, ...]] = ("found/", "danger/", "missold/", "changed/")
    sees: ClassVar[Literal["closed", "begun", "shared"]] = "begun"  # one finding is enough

    # Beginnings of series that say what was not expected: names, and rules that ask for the name.
    unexpected: ClassVar[tuple[str, ...]] = (
        "missold/",
        "danger/rule=fentanyl-unexpected/",
        "danger/rule=synthetic-cannabinoid-in-cannabis/",
    )

    measures: tuple[str, ...] = ("found",)
    against_own_past: tuple[str, ...] = ("danger", "missold")
    always: tuple[str, ...] = ("changed",)
    learning: int = 3
    needed: int = 30
    rare: int = 3
    alpha: float = 0.01

    @classmethod
    def rarity(cls, score: float, parameters: Mapping[str, Any]) -> float:
        """Return how rare: a first detection has no chance to be compared with, and counts most."""
        return score if parameters.get("why") == "more" else math.inf

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    @quiet
    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        measured = np.array([name.partition("/")[0] for name in panel.series])
        found, dangerous, events = (
            np.isin(measured, measures)[:, None]
            for measures in (self.measures, self.against_own_past, self.always)
        )
        there = panel.values > 0
        earliest = there & (np.cumsum(there, axis=1) == 1)
        expected, threshold = np.zeros(there.shape), np.ones(there.shape)
        score = panel.values.copy()
        why = np.full(there.shape, "event", dtype=object)
        learnt, known = self._learnt(panel, found[:, 0])
        new = (earliest & found & learnt) | (earliest & dangerous)
        why[new] = "first"
        rows = np.flatnonzero(dangerous[:, 0])
        mean, bound, tail = self._usual(panel, rows)
        later = (there & ~earliest)[rows]
        values = panel.values[rows]
        rare = later & (_recent(values) < self.rare) & (values >= 2 * mean)
        more = later & ~rare & (tail < self.alpha) & (values > mean)
        expected[rows], threshold[rows] = np.where(later, mean, 0.0), np.where(later, bound, 1.0)
        threshold[rows] = np.where(rare, np.maximum(1.0, np.ceil(2 * mean)), threshold[rows])
        score[rows] = np.where(more, -np.log10(np.maximum(tail, 1e-300)), score[rows])
        why[rows] = np.where(rare, "rare", np.where(more, "more", why[rows]))
        new[rows] |= rare | more
        new &= known
        new |= there & events
        notes = np.empty(new.shape, dtype=object)
        for row, column in np.argwhere(new):
            notes[row, column] = {"why": why[row, column]}
        keep = slice(first, None)
        return Bounds(
            expected[:, keep],
            threshold[:, keep],
            score[:, keep],
            new[:, keep],
            notes=notes[:, keep],
        )

    def _learnt(self, panel: Panel, found: NDArray[np.bool_]) -> tuple[Mask, Mask]:
        """Return where enough of all samples was read before (1 × columns), and for each cell."""
        read = ~np.isnan(panel.values)
        samples = np.where(read, np.where(np.isnan(panel.given), _MANY, panel.given), 0.0)
        all_read: Mask = np.any(read[found], axis=0)[None, :]
        learnt = self._enough(all_read, samples[found].max(axis=0, initial=0.0, keepdims=True))
        asks = np.array([name.startswith(self.unexpected) for name in panel.series])[:, None]
        anywhere = np.array(["/site=" not in name for name in panel.series])[:, None]
        return learnt, ~asks | self._enough(read, samples) | (anywhere & learnt)

    def _enough(self, read: Mask, samples: Matrix) -> Mask:
        """Return where enough was read before a cell of its row."""
        periods: Matrix = np.cumsum(read, axis=1) - 1.0 * read
        analysed: Matrix = np.cumsum(samples, axis=1) - samples
        enough: Mask = (periods >= self.learning) & (analysed >= self.needed)
        return enough

    def _usual(self, panel: Panel, rows: NDArray[np.intp]) -> tuple[Matrix, Matrix, Matrix]:
        """Return what the past of these rows leads to expect: mean, least alarm, tail."""
        part = Panel(
            [panel.series[row] for row in rows],
            panel.step,
            panel.weekday,
            panel.origin,
            panel.values[rows],
            panel.given[rows],
        )
        said = Novelty(window=1, baseline=_BASELINE).predict(part, 0)
        chance = said.expected / (said.expected + said.size)
        tail = betainc(np.maximum(said.observed, 1e-9), said.size, chance)
        bound = nbinom.isf(self.alpha, said.size, 1 - chance) + 1
        return np.nan_to_num(said.expected), np.nan_to_num(bound, nan=1.0), tail


def _recent(values: Matrix) -> NDArray[np.int64]:
    """Return in how many of the last six periods that were read, each before a cell, it was."""
    known = ~np.isnan(values)
    there = np.cumsum(values > 0, axis=1)
    out = np.zeros(values.shape, dtype=np.int64)
    for row in range(len(values)):
        read = np.flatnonzero(known[row])
        counts = np.concatenate([[0], there[row, read]])
        place = np.cumsum(known[row]) - known[row]  # periods read before
        out[row] = counts[place] - counts[np.maximum(0, place - _RECENT)]
    return out
