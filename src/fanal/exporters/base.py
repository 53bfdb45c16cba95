"""The exporter family: from an edition to files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar


class Exporter(ABC):
    """Writes one format. A subclass is a frozen dataclass: its fields are its parameters."""

    name: ClassVar[str]

    @abstractmethod
    def export(self, content: Any, folder: Path) -> list[Path]:
        """Write the content into the folder and return the files written, all or none."""
