"""First seen: what a laboratory found and never had found before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np
import pyarrow as pa

from fanal.detectors.base import Detector
from fanal.detectors.panel import Bounds, Panel, alarms_of


@dataclass(frozen=True)
class FirstSeen(Detector):
    """Flag the first period in which a series is not zero. One finding is enough, always.

    When to use: laboratory results, where a single finding of a substance never seen is a signal
    the same day. When not: words in public posts, where a single mention means nothing
    (`novelty`).

    Parameters
    ----------
    measures : tuple of str
        Measures (first part of the series' name) of laboratory findings.
    always : tuple of str
        Measures of which every finding is flagged, not the first alone: rules of danger, names
        whose content is another's or changed.

    Notes
    -----
    A series whose very first point is the first of all series of all measures is no news: that is
    where the observatory begins. The score is the count.

    References
    ----------
    EUDA. Guidelines on the EU Early Warning System: a first identification is notified at once.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from fanal.records import Point, table_of
    >>> weeks = [date(2024, 1, 1) + timedelta(weeks=i) for i in range(3)]
    >>> points = table_of(
    ...     [Point("found/substance=cocaine/week", week, "week", 9.0, 20.0, False)
    ...      for week in weeks]
    ...     + [Point("found/substance=metonitazene/week", weeks[2], "week", 1.0, 20.0, False)],
    ...     Point)
    >>> FirstSeen().detect(points, since=weeks[0]).column("series").to_pylist()
    ['found/substance=metonitazene/week']
    """

    name: ClassVar[str] = "first-seen"

    measures: tuple[str, ...] = ("found",)
    always: tuple[str, ...] = ("danger", "missold", "changed")

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return expected, threshold and score of the columns from `first` on."""
        watched = np.array([name.split("/", 1)[0] in self.measures for name in panel.series], bool)
        seen = (panel.values > 0) & watched[:, None]
        new = seen & (np.cumsum(seen, axis=1) == 1)
        new[:, 0] = False
        dangerous = np.array([name.split("/", 1)[0] in self.always for name in panel.series], bool)
        new |= (panel.values > 0) & dangerous[:, None]
        zero = np.zeros((len(panel.series), panel.width - first))
        return Bounds(zero, zero + 1, panel.values[:, first:], new[:, first:])
