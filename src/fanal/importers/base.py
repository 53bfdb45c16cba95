"""The importer family: one module, one export format."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar, Literal, Protocol

from fanal.door.raw import Hint, RawDocument, RawResult, RawSample
from fanal.records import Indicator, Issue

__all__ = [
    "File", "Hint", "Importer", "Indicator", "Issue", "Part", "RawDocument", "RawResult",
    "RawSample", "Skipped",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Skipped:
    """Records left out by a rule (service messages, empty rows, …), counted in the reckoning."""

    rule: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one file that a process can read by itself: plain values, so it travels."""

    start: int = 0  # first byte
    stop: int | None = None  # byte after the last; None: to the end
    record: int = 1  # number of its first record in the file
    context: tuple[str, ...] = ()  # what the importer must know from before `start`


class File(Protocol):
    """What an importer reads: a `pathlib.Path`, or a member of an archive that stays in memory."""

    @property
    def name(self) -> str:
        """Name of the file, which may name a person."""

    @property
    def stem(self) -> str:
        """Name without its ending."""

    def __hash__(self) -> int:
        """Where the file is, not what is in it."""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """Open for reading; `archives.open_input` turns failures into `ImporterError`."""


class Importer(ABC):
    """Reads one export format.

    A subclass is a frozen dataclass: its fields are the parameters that a source description may
    set under `[parameters]`. It streams in constant memory and raises only `ImporterError`.
    Every record read comes out as exactly one thing: a `RawDocument`, a `RawSample`, an
    `Indicator` (a published figure: nobody is in it; source and run are filled by the pipeline),
    an `Issue` of level `error`, or counted in a `Skipped`. Issues of level `note` and `warning`
    come in addition.
    """

    name: ClassVar[str]
    # where the ids of its records hold: "platform" everywhere; "row" in a chat of a file; "file" in
    # a file, which is its chat; "chat" nowhere: it has none, and the file's name is the chat's
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "file"
    breadth: ClassVar[int] = 0  # 0 one program's export, 1 a layout of many programs, 2 any text

    @abstractmethod
    def identify(self, path: File) -> bool:
        """Say whether the content of a file is in this format; names and endings prove nothing."""

    @abstractmethod
    def extract(
        self, path: File
    ) -> Iterator[RawDocument | RawSample | Indicator | Issue | Skipped]:
        """Yield what the file holds, in its order.

        Raises:
            ImporterError: the file cannot be read; says at which record and what to do.
        """

    def parts(self, path: File, size: int) -> Iterator[Part]:
        """Yield stretches of about `size` bytes that can be read at the same time.

        Their rows, one stretch after the other, are those of `extract`. A format that cannot be
        cut is one part.

        Raises:
            ImporterError: as `extract`; parts already yielded are whole.
        """
        yield Part()

    def extract_part(
        self, path: File, part: Part
    ) -> Iterator[RawDocument | RawSample | Indicator | Issue | Skipped]:
        """Yield what one stretch of a file holds.

        Raises:
            ImporterError: as `extract`.
        """
        return self.extract(path)
