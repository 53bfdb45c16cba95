"""A detector: twice as much as the period before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from fanal.detectors.base import Detector
from fanal.detectors.panel import Bounds, Panel, alarms_of


@dataclass(frozen=True)
class Doubled(Detector):
    """Speaks up where a practice is told of `times` as often as in the period before.

    Parameters
    ----------
    times : float
        How many times as often.

    When to use
    -----------
    To see how a detector is made; a doubling of small counts is chance.
    """

    name: ClassVar[str] = "doubled"
    watches: ClassVar[tuple[str, ...]] = ("practices/",)

    times: float = 2.0

    @classmethod
    def rarity(cls, score: float, parameters: Mapping[str, Any]) -> float:
        return math.log10(score)

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        return alarms_of(self, points, since, self.bounds)

    def bounds(self, panel: Panel, first: int) -> Bounds:
        """Return what was there before, the threshold, how many times it is, and the alarms."""
        before = np.pad(panel.values, ((0, 0), (1, 0)), constant_values=np.nan)[:, first:-1]
        score = panel.values[:, first:] / np.where(before > 0, before, np.nan)
        return Bounds(before, self.times * before, score, np.nan_to_num(score) >= self.times)
