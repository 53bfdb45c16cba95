"""What the columns of a table look like by their cells, where their names say nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from fanal.importers.base import File
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.column_words import words_of
from fanal.importers.reading.dates import read_date
from fanal.importers.reading.figures import read_figure
from fanal.importers.reading.rows import Table, as_text, open_table
from fanal.importers.reading.usual_names import FIGURES

MOST = 0.8  # of the cells that are filled
IN_WORDS = 4  # words of a usual cell of a column of texts
COMPACT = (8, 14)  # figures of a day, of a day and its time
_AREAS = words_of(FIGURES["area"]) | words_of(
    "ou where lieu wo numero nom insee de du des la le of the"
)


@dataclass(frozen=True, slots=True)
class Look:
    """One column: which share of its cells is of a kind."""

    name: str
    filled: int
    dates: float
    figures: float
    areas: float
    digits: float  # with a figure in them
    different: float
    words: float  # of a usual cell
    width: int  # characters of each cell; 0 where they differ
    nested: bool  # objects of JSON

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
    return [_look(name, [row.get(name) for row in table.first]) for name in table.columns]


def _look(name: str, cells: list[Any]) -> Look:
    filled = [cell for cell in cells if as_text(cell)]
    texts = [as_text(cell) for cell in filled]
    n = max(len(texts), 1)
    return Look(
        name,
        len(texts),
        sum(bool(read_date(c, "dmy") or read_date(c, "mdy")) for c in filled) / n,
        sum(read_figure(text) is not None for text in texts) / n,
        _areas(name, texts) / n,
        sum(any(c.isdigit() for c in text) for text in texts) / n,
        len(set(texts)) / n,
        median([len(text.split()) for text in texts] or [0]),
        len(texts[0]) if texts and len(set(map(len, texts))) == 1 else 0,
        any(isinstance(cell, dict | list) for cell in filled),
    )


def _areas(name: str, texts: Sequence[str]) -> int:
    """Count the cells that are areas: of bare numbers only where the column says so, or one does.

    10, 11 and 59 may be départements or counts; 01 and 2A are no counts.
    """
    numbers = sum(text.isdigit() for text in texts)
    coded = any(re.fullmatch(r"0\d{1,4}|2[AB]\d{0,3}", text) for text in texts)
    if numbers > len(texts) / 2 and not coded and not words_of(name) <= _AREAS:
        return 0
    return sum(area_code(text, widest=True) is not None for text in texts)
