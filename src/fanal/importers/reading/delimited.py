"""Delimited text (CSV, TSV and what spreadsheets call so): delimiter and records found."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from statistics import mode

from fanal.errors import ImporterError
from fanal.importers.reading.headings import COLUMNS, WITHIN, find_header, rows_of

DELIMITERS = ",;\t|"
ONE_COLUMN = "\x1f"  # a delimiter that no text holds
CELL = 1 << 20  # characters
SAMPLE_LINES = 1_000
SAMPLE = 1 << 20
EVEN = 0.5  # share of the rows that a delimiter splits alike
ROWS = 3  # with a header, from which lines of a text with a title are a table
WIDE = 10 * COLUMNS

_END = "\x00the end\x00"


class Lines:
    """Lines for the CSV reader with a mark after the last: a quote left open swallows the mark."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = chain(lines, [_END])
        self._number = 0
        self._record_at = 0  # number of the line where the current record starts
        self.open_quote = 0  # number of the record whose quote is never closed
        self.swallowed = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._number += 1
        return line

    def ended(self, record: int, cells: list[str]) -> bool:
        """Say whether this record is, or has swallowed, the mark."""
        if cells == [_END]:
            return True
        if cells and cells[-1].endswith(_END):
            self.open_quote = record
            self.swallowed = self._number - self._record_at - 1
            return True
        self._record_at = self._number
        return False


def sample(lines: Iterator[str]) -> list[str]:
    """Return the first lines of a file, enough to find the delimiter and the header."""
    taken: list[str] = []
    size = 0
    for line in lines:
        taken.append(line)
        size += len(line)
        if size > SAMPLE or len(taken) >= SAMPLE_LINES:
            break
    return taken


def records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield numbered records, from 1, the header among them.

    Raises:
        ImporterError: a cell is too long, which an open quote makes it, or a row too wide.
    """
    csv.field_size_limit(CELL)
    marked = lines if isinstance(lines, Lines) else Lines(lines)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(marked, delimiter=delimiter), 1):
            if marked.ended(number, cells):
                return
            if len(cells) > WIDE:
                raise ImporterError(
                    f"a row has {len(cells):,} cells",
                    where=f"record {number}",
                    do="check the delimiter and the line ends",
                )
            yield number, [] if number == 1 and _announced(delimiter.join(cells)) else cells
    except csv.Error:
        raise ImporterError(
            f"a cell is longer than {CELL >> 20} Mi characters",
            where=f"record {number + 1}",
            do="look for a quote in this row that is never closed",
        ) from None


def find_delimiter(lines: list[str], told: Collection[str] = ()) -> str:
    """Return the delimiter that gives a header of known names, else the one that splits evenly.

    Raises:
        ImporterError: there is none.
    """
    if lines and (announced := _announced(lines[0])):
        return announced
    scores = {delimiter: _evenness(lines, delimiter) for delimiter in DELIMITERS}
    known = {delimiter: _known(lines, delimiter, told) for delimiter in (*DELIMITERS, ONE_COLUMN)}
    fitting = [delimiter for delimiter in DELIMITERS if known[delimiter] > 1]
    if fitting:
        return max(fitting, key=lambda d: (scores[d] >= EVEN, known[d], scores[d]))
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    if scores[best] >= EVEN:
        return best
    if known[ONE_COLUMN]:
        return ONE_COLUMN
    if lines and lines[0].lstrip("\ufeff ").startswith("{"):
        raise ImporterError(
            "no table found: the records of this JSON stand inside an object",
            allowed="an array of records, or one on each line",
            do="save the array by itself, or export it as CSV with a header row",
        )
    raise ImporterError(
        "no table found: no delimiter splits the rows evenly",
        allowed="comma, semicolon, tab, |",
        do="export it as CSV with a header row",
    )


def _known(lines: list[str], delimiter: str, told: Collection[str]) -> int:
    """Return how many columns have names as tables have them, where a delimiter splits."""
    rows = enumerate(([cell.strip() for cell in row] for row in _rows(lines, delimiter)), 1)
    header = find_header(rows_of(rows), told)
    return header.usual if header else 0


def looks_like_table(lines: list[str]) -> bool:
    """Say whether the start of a text file is a table with a header: no prose, no chat."""
    if lines and _announced(lines[0]):
        return True
    for delimiter in DELIMITERS:
        rows = list(_rows(lines, delimiter))
        if delimiter == "|" and _in_a_note(rows):
            continue
        # the last row may be cut
        if _is_table(rows, delimiter) or (len(rows) > 2 and _is_table(rows[:-1], delimiter)):
            return True
    return False


def _told_apart(named: list[str]) -> bool:
    """Say whether names differ; of a wide header some come again: `Substance, %, Substance, %`."""
    different = len({*named})
    return different == len(named) or (len(named) > 5 and 2 * different >= len(named))


def _is_table(rows: list[list[str]], delimiter: str) -> bool:
    """Say whether most rows have as many cells, the first of them names."""
    rows = _within(rows)
    if _share(rows) < 0.85:
        return False
    further = [cell for row in rows for cell in row[1:] if cell.strip()]
    if delimiter in ",;" and sum(cell[0].isspace() for cell in further) > len(further) / 2:
        return False  # a sentence has a space after its commas, a table has none
    usual = mode([len(row) for row in rows])
    filled = ([cell.strip() for cell in row if cell.strip()] for row in rows if len(row) == usual)
    named = next(filter(None, filled), [])
    return (
        len(named) >= 2
        and all(len(cell) <= 200 and _names(cell) for cell in named)
        and any(c.isalpha() for cell in named for c in cell)
        and _told_apart(named)
        and not all(cell.endswith((".", "!")) for cell in named)
    )


def _in_a_note(rows: list[list[str]]) -> bool:
    """Say whether a table of Markdown stands among sentences: it is part of what they tell."""
    rule = any(len(row) > 1 and not "".join(row).strip(" :-") for row in rows)
    return rule and any(len(row) == 1 and not row[0].startswith("#") for row in rows)


def _names(cell: str) -> bool:
    """Say whether a cell may name a column: with letters, or a year of figures."""
    return any(c.isalpha() for c in cell) or bool(re.fullmatch(r"(?:19|20)\d{2}", cell))


def _rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from filter(None, csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return


def _evenness(lines: list[str], delimiter: str) -> float:
    """Return the share of rows with the usual number of cells; 0 where that is one."""
    csv.field_size_limit(CELL)
    return _share(list(_rows(lines, delimiter)))


def _within(rows: list[list[str]]) -> list[list[str]]:
    """Return rows without a title and notes above the header, and notes and sources below."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    table = [number for number, cells in enumerate(filled) if cells > 1]
    if len(table) < ROWS or table[0] > WITHIN:
        return rows
    return rows[table[0] : table[-1] + 1]


def _share(rows: list[list[str]]) -> float:
    widths = [len(row) for row in rows]
    if len(widths) < 2:
        return 0.0
    usual = mode(widths)
    # among equals the one that splits more
    return 0.0 if usual < 2 else widths.count(usual) / len(widths) + min(usual, 100) / 10_000


def _announced(line: str) -> str:
    """Read the line `sep=;` that spreadsheets understand."""
    line = line.strip('\r\n "')
    return line[4] if len(line) == 5 and line.lower().startswith("sep=") else ""
