"""What the columns of a table look like by their cells, where their names say nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any

from fanal.importers.base import File
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.column_words import words_of
from fanal.importers.reading.dates import read_date
from fanal.importers.reading.figures import read_figure
from fanal.importers.reading.rows import Cells, Table, as_text, open_table
from fanal.importers.reading.usual_names import FIGURES

MOST = 0.8  # of the cells that are filled
IN_WORDS = 4  # words of a usual cell of a column of texts
COMPACT = (8, 14)  # figures of a day, of a day and its time
_AREAS = words_of(FIGURES["area"]) | words_of(
    "ou where lieu wo numero nom insee de du des la le of the"
)


@dataclass(frozen=True)
class Look:
    """One column by its first cells, those that are filled: which share of them is of a kind."""

    name: str
    cells: tuple[Any, ...]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The cells as a person sees them."""
        return tuple(map(as_text, self.cells))

    @property
    def filled(self) -> int:
        """How many cells there are."""
        return len(self.cells)

    def share(
        self, kind: Callable[[str], object], but: Callable[[str], object] | None = None
    ) -> float:
        """Return the share of the cells, `but` some, of which `kind` says yes; 0 of none."""
        texts = [text for text in self.texts if not (but and but(text))]
        return sum(bool(kind(text)) for text in texts) / max(len(texts), 1)

    @cached_property
    def dates(self) -> float:
        """Days and times."""
        return self._of_all(bool(read_date(c, "dmy") or read_date(c, "mdy")) for c in self.cells)

    @cached_property
    def figures(self) -> float:
        """Figures."""
        return self.share(lambda text: read_figure(text) is not None)

    @cached_property
    def areas(self) -> float:
        """Areas that the map has."""
        return _areas(self.name, self.texts) / max(self.filled, 1)

    @cached_property
    def digits(self) -> float:
        """What has a figure in it."""
        return self.share(lambda text: any(map(str.isdigit, text)))

    @cached_property
    def different(self) -> float:
        """How many different ones there are, of all."""
        return len(set(self.texts)) / max(self.filled, 1)

    @cached_property
    def words(self) -> float:
        """The words of a usual cell."""
        return median([len(text.split()) for text in self.texts] or [0])

    @cached_property
    def width(self) -> int:
        """The characters of each cell; 0 where they differ."""
        widths = set(map(len, self.texts))
        return widths.pop() if len(widths) == 1 else 0

    @cached_property
    def nested(self) -> bool:
        """Whether there are objects of JSON."""
        return any(isinstance(cell, dict | list) for cell in self.cells)

    def _of_all(self, said: Iterable[bool]) -> float:
        return sum(said) / max(self.filled, 1)

    @property
    def is_date(self) -> bool:
        """Whether its cells are days or times; of bare figures only 20250312 is one."""
        return self.dates >= MOST and (self.figures < MOST or self.width in COMPACT)

    @property
    def is_text(self) -> bool:
        """Whether its cells are what somebody wrote."""
        return self.words >= IN_WORDS and not self.is_date and self.different > 0.5

    @property
    def is_id(self) -> bool:
        """Whether its cells tell rows apart."""
        return self.different == self.digits == 1 and self.words <= 1 and self.filled > 1


def looks(path: File) -> list[Look]:
    """Return what the columns of a table look like, in their order.

    Raises:
        ImporterError: it is no table.
    """
    return looks_of(open_table(path))


def longest_text(columns: Sequence[Look]) -> str:
    """Return the column of the longest texts beside one of days; "" where there is none."""
    texts = [column for column in columns if column.is_text and not column.nested]
    if not texts or not any(column.is_date for column in columns):
        return ""
    return max(texts, key=lambda column: column.words).name


def looks_of(table: Table) -> list[Look]:
    """Return what the columns of a table look like by its first rows."""
    return looks_at(table.columns, table.first)


def looks_at(columns: Sequence[str], rows: Sequence[Cells]) -> list[Look]:
    """Return what columns look like by some rows."""
    return [
        Look(name, tuple(cell for row in rows if as_text(cell := row.get(name))))
        for name in columns
    ]


def _areas(name: str, texts: Sequence[str]) -> int:
    """Count the cells that are areas: of bare numbers only where the column says so, or one does.

    10, 11 and 59 may be départements or counts; 01 and 2A are no counts.
    """
    numbers = sum(text.isdigit() for text in texts)
    coded = any(re.fullmatch(r"0\d{1,4}|2[AB]\d{0,3}", text) for text in texts)
    if numbers > len(texts) / 2 and not coded and not words_of(name) <= _AREAS:
        return 0
    return sum(area_code(text, widest=True) is not None for text in texts)
