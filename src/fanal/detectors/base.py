"""The detector family: from points to alarms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from typing import ClassVar

import pyarrow as pa


class Detector(ABC):
    """Looks at series. A subclass is a frozen dataclass: its fields are its parameters."""

    name: ClassVar[str]

    @abstractmethod
    def detect(self, points: pa.Table, since: date) -> pa.Table:
        """Return the alarms of all periods from `since` on (`Point` → `Alarm`, `signal` empty).

        A period absent from a series is missing, not zero. An alarm never depends on a later
        point. Deterministic; rows ordered by series, then period.
        """
