"""The importer family: one module, one export format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Literal, Protocol

from fanal.door.raw import Hint, RawDocument
from fanal.records import Issue

__all__ = ["File", "Hint", "Importer", "Issue", "RawDocument", "Skipped"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Records left out by a rule (service messages, empty rows, …), counted in the reckoning."""

    rule: str
    count: int = 1


class File(Protocol):
    """What an importer reads: a `pathlib.Path`, or a member of an archive that stays in memory."""

    @property
    def name(self) -> str:
        """Name of the file, which may name a person."""

    @property
    def stem(self) -> str:
        """Name without its ending."""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """Open for reading; `archives.open_input` turns failures into `ImporterError`."""


class Importer(ABC):
    """Reads one export format.

    A subclass is a frozen dataclass: its fields are the parameters that a source description may
    set under `[importer]`. It streams in constant memory and raises only `ImporterError`.
    Every record read comes out as exactly one thing: a `RawDocument`, an `Issue` of level
    `error`, or counted in a `Skipped`. Issues of level `note` and `warning` come in addition.
    """

    name: ClassVar[str]
    breadth: ClassVar[int] = 0  # 0 one program's export, 1 a layout of many programs, 2 any text

    @abstractmethod
    def identify(self, path: File) -> bool:
        """Say whether the content of a file is in this format; names and endings prove nothing."""

    @abstractmethod
    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        """Yield what the file holds, in its order.

        Raises:
            ImporterError: the file cannot be read; says at which record and what to do.
        """
