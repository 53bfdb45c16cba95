"""The detector family: from points to alarms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal

import pyarrow as pa

# What counts documents or samples.
COUNTS = ("mentions/", "practices/", "platforms/", "found/", "indicator/")


class Detector(ABC):
    """Looks at series. A subclass is a frozen dataclass: its fields are its parameters.

    It says what it wants to see and how its alarms are taken; nothing else knows it by its name.
    """

    name: ClassVar[str]
    watches: ClassVar[tuple[str, ...]] = COUNTS  # beginnings of the names of series
    # Periods that have ended; those that have begun too; those to which all sources have come.
    sees: ClassVar[Literal["closed", "begun", "shared"]] = "closed"
    budgeted: ClassVar[bool] = True  # else its signals come on top of a session's budget

    @classmethod
    def rarity(cls, score: float, parameters: Mapping[str, Any]) -> float:
        """Return -log10 of how rarely an alarm would come by chance, from its score."""
        return score

    @abstractmethod
    def detect(self, points: pa.Table, since: date) -> pa.Table:
        """Return the alarms of all periods from `since` on (`Point` → `Alarm`, `signal` empty).

        A period absent from a series is missing, not zero. An alarm never depends on a later
        point. Deterministic; rows ordered by series, then period.
        """
