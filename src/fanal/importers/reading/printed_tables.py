"""Tables of printed pages (PDF): cells by where they stand, columns by what stands over what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.reading.columns import Piece, pieces_of, rows_of_pieces
from fanal.importers.reading.printed import text_pages
from fanal.importers.reading.word import Grid

GAP = 0.6  # of the height of a line, from which on a space parts cells
LEAST = 2  # lines of as many cells, from which on they are a table


class _Cell(NamedTuple):
    left: float
    right: float
    text: str


Line = list[_Cell]


def printed_blocks(path: File) -> list[str | Grid]:
    """Return the lines and tables of a PDF in their order; a table that goes on over pages is one.

    Raises:
        ImporterError: as `printed.text_pages`; or what stands in a column is not plain.
    """
    blocks: list[str | Grid] = []
    for number, page in enumerate(text_pages(path), 1):
        lines = [_cells(row) for row in rows_of_pieces(pieces_of(page))]
        for block in _blocks(lines, number):
            before = blocks[-1] if blocks else ""
            if isinstance(block, list) and isinstance(before, list) and _alike(before, block):
                before.extend(block)
            else:
                blocks.append(block)
    return blocks


def _alike(one: Grid, other: Grid) -> bool:
    return len(one[0]) == len(other[0])


def _cells(row: Sequence[Piece]) -> Line:
    """Join the pieces of a line that no wide space parts."""
    cells: Line = []
    for before, piece in pairwise((None, *row)):
        assert piece is not None
        height = piece.top - piece.bottom
        if before and cells and piece.left - before.right < GAP * height:
            last = cells.pop()
            cells.append(_Cell(last.left, piece.right, f"{last.text} {piece.text}"))
        else:
            cells.append(_Cell(piece.left, piece.right, piece.text))
    return cells


def _blocks(lines: Sequence[Line], page: int) -> Iterator[str | Grid]:
    """Yield the lines of a page, and those of several cells after one another as a table."""
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and (len(lines[end]) > 1 or _goes_on(lines, at, end)):
            end += 1
        if end - at >= LEAST and len(lines[at]) > 1:
            yield _table(lines[at:end], page)
            at = end
        else:
            yield " ".join(cell.text for cell in lines[at])
            at += 1


def _goes_on(lines: Sequence[Line], at: int, end: int) -> bool:
    """Say whether a line of one cell is of a row of the table around it: rows follow, not far."""
    if end == at or end + 1 >= len(lines) or len(lines[end]) != 1 or len(lines[end + 1]) < 2:
        return False
    bands = _bands(lines[at:end])
    return len(bands) > 1 and len(_under(lines[end][0], bands)) == 1


def _table(lines: Sequence[Line], page: int) -> Grid:
    bands = _bands(lines)
    grid: Grid = []
    for line in lines:
        row = [""] * len(bands)
        for cell in line:
            under = _under(cell, bands)
            if len(under) != 1 or row[under[0]]:
                raise ImporterError(
                    "the columns of a printed table cannot be told apart",
                    where=f"page {page}",
                    do="copy the table into a spreadsheet, look it over, and save it as CSV",
                )
            row[under[0]] = cell.text
        grid.append(row)
    return grid


def _bands(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """Return from where to where each column goes, by the lines that have the most cells."""
    most = max(map(len, lines))
    full = [line for line in lines if len(line) == most]
    return [
        (median(line[n].left for line in full), median(line[n].right for line in full))
        for n in range(most)
    ]


def _under(cell: _Cell, bands: Sequence[tuple[float, float]]) -> list[int]:
    """Return the columns over which a cell stands; the nearest where it stands over none."""
    found = [n for n, (left, right) in enumerate(bands) if cell.left < right and left < cell.right]
    if found:
        return found
    return [min(range(len(bands)), key=lambda n: _apart(cell, bands[n]))]


def _apart(cell: _Cell, band: tuple[float, float]) -> float:
    return max(band[0] - cell.right, cell.left - band[1])
