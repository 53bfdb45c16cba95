"""Several tables one under the other in one sheet, each with its title, header and notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from fanal.importers.base import Issue, Skipped
from fanal.importers.reading.periods import periods_within
from fanal.importers.reading.rows import Found, Table, as_text, fitted, named, padded

WITHIN = 2_000  # rows of a sheet in which further tables are looked for
LEAST = 2  # periods that a row of figures would not have as words: 2021, 2022

Row = tuple[int, list[Any]]


def stacked(page: Table) -> list[Table]:
    """Return the tables of a sheet: itself, where it holds one."""
    rows = list(islice(page.loose(), WITHIN))
    starts = list(_starts(page, rows))
    if not starts:
        return [page]
    begins = [rows[0][0], *(begin for begin, _ in starts)]
    headers = [page.header, *(header for _, header in starts)]
    ends = [*(begin for begin, _ in starts), None]
    return [_cut(page, *each) for each in zip(begins, headers, ends, strict=True)]


def _starts(page: Table, rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Yield where further tables begin, with their title, and the number of their header."""
    for at, (number, cells) in enumerate(rows):
        if number <= page.header + 1 or not _is_header(page, cells):
            continue
        before = at - 1
        while before > 0 and sum(map(bool, map(as_text, rows[before][1]))) == 1:
            before -= 1
        empty = not any(map(as_text, rows[before][1]))
        if empty or before < at - 1:
            yield rows[before + 1][0], number


def _is_header(page: Table, cells: Sequence[Any]) -> bool:
    """Say whether a row is the header again, or one of periods and the same first column."""
    said = [text for cell in cells if (text := as_text(cell))]
    first = as_text(cells[0]) if cells else ""
    if len(said) < LEAST or first.isdigit():
        return False
    if said == [name for name in page.columns if not name.startswith("column ")]:
        return True
    return first == page.columns[0] and len(periods_within(said[1:])) >= LEAST


def _at(found: tuple[int, Any] | Issue) -> int:
    """Return the record that something is of; what is told of the whole sheet is of its header."""
    return found[0] if isinstance(found, tuple) else found.record


def _cut(page: Table, begin: int, header: int, end: int | None) -> Table:
    def loose() -> Iterator[Row]:
        return ((n, row) for n, row in page.loose() if n >= begin and (end is None or n < end))

    if header == page.header:
        columns = page.columns
    else:
        columns = named(next([as_text(c) for c in row] for n, row in loose() if n == header))

    def rows() -> Iterator[Found]:
        if header == page.header:  # what is told of the whole sheet comes first
            yield from (
                f for f in page.rows()
                if not isinstance(f, Skipped) and (end is None or _at(f) < end)
            )  # fmt: skip
            yield from (f for f in fitted(loose(), columns, header) if isinstance(f, Skipped))
            return
        yield from fitted(padded(loose(), len(columns)), columns, header)

    return replace(page, columns=columns, rows=rows, header=header, loose=loose)
