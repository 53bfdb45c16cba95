"""The importer family: one module, one export format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from fanal.door.raw import Hint, RawDocument
from fanal.records import Issue

__all__ = ["Hint", "Importer", "Issue", "RawDocument", "Skipped"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Records left out by a rule (service messages, empty rows, …), counted in the reckoning."""

    rule: str
    count: int = 1


class Importer(ABC):
    """Reads one export format.

    A subclass is a frozen dataclass: its fields are the parameters that a source description may
    set under `[importer]`. It streams in constant memory and raises only `ImporterError`.
    Every record read comes out as exactly one thing: a `RawDocument`, an `Issue` of level
    `error`, or counted in a `Skipped`. Issues of level `note` and `warning` come in addition.
    """

    name: ClassVar[str]

    @abstractmethod
    def identify(self, path: Path) -> bool:
        """Say whether the content of a file is in this format; names and endings prove nothing."""

    @abstractmethod
    def extract(self, path: Path) -> Iterator[RawDocument | Issue | Skipped]:
        """Yield what the file holds, in its order.

        Raises:
            ImporterError: the file cannot be read; says at which record and what to do.
        """
