"""What the values of a sheet do not show: merged cells, notes, errors, what is hidden."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from zipfile import ZipFile

from fanal.errors import ImporterError
from fanal.importers.base import Issue

MERGED = 100_000  # ranges of merged cells of a sheet: more is no table
NOTES = 32 << 20  # bytes of the notes of a sheet
# what a program shows where a formula has no answer
ERRORS = frozenset(
    ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)

_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell [^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
# a cell with a formula, no value and no kind: a program wrote it that computes none
_UNSAVED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:(?!\bt=)[^>])*>'
    rb"<f[^>]*?(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)
_HIDDEN = re.compile(rb'<(?:\w+:)?(row|col) ([^>]*?\bhidden="(?:1|true)"[^>]*)>')
_NUMBER = re.compile(rb'\b(r|min|max)="(\d{1,7})"')
_NOTE = re.compile(rb'<(?:\w+:)?comment [^>]*?\bref="([A-Z]{1,3})(\d{1,7})"')
_RELATION = re.compile(r"<(?:\w+:)?Relationship ([^>]*)>")

# of a column of merged cells: column, first and last row, from 0
Merged = list[tuple[int, int, int]]
Place = tuple[int, int]  # row and column of a cell, from 0


class Unsaved(str):
    """An empty cell of a formula that has no saved value."""

    __slots__ = ()


class Failed(str):
    """An empty cell of a formula that has an error for its answer."""

    __slots__ = ()


class Across(str):
    """What stands in a cell that is merged over several columns: of which of them, nothing says."""

    __slots__ = ()


def across(cell: Any) -> Any:
    """Return what stands in a cell that covers several columns; no words and no figure stay."""
    plain = isinstance(cell, str | int | float) and not isinstance(cell, bool) and cell != ""
    return Across(f"{cell:.15g}" if isinstance(cell, float) else cell) if plain else cell


EMPTY: dict[type, tuple[str, str]] = {  # what a cell without a value is told as, and what to do
    Unsaved: (
        "formula without a value",
        "open the workbook in a spreadsheet program and save it again",
    ),
    Failed: ("error in a cell", "it stays unknown: mend its formula and save the workbook again"),
}


@dataclass
class Marks:
    """What stands in a sheet beside its values; rows and columns are counted from 0."""

    merged: Merged = field(default_factory=list)
    unsaved: set[Place] = field(default_factory=set)
    failed: set[Place] = field(default_factory=set)
    notes: set[Place] = field(default_factory=set)
    across: set[Place] = field(default_factory=set)  # where cells begin that cover several columns
    columns: list[tuple[int, int]] = field(default_factory=list)  # hidden: first and last
    first: int = -1  # hidden row
    rows: int = 0  # how many are hidden
    hidden: bool = False

    def hide(self, row: int, rows: int = 1) -> None:
        """Take rows for hidden."""
        self.first = row if self.first < 0 else self.first
        self.rows += rows

    def told(self, columns: Sequence[str], sheet: str, header: int) -> Iterator[Issue]:
        """Yield what is to be said of a table with these columns: all its values are read."""
        read = "read as the others are: take out of the file what is not meant to come in"
        if self.hidden:
            yield Issue("hidden sheet", header, sheet, read, "warning")
        for first, last in self.columns:
            for name in columns[first : last + 1]:
                yield Issue("hidden column", header, name, read, "warning")
        if self.rows:
            hint = f"{self.rows:,} rows, {read}"
            yield Issue("hidden rows", self.first + 1, "", hint, "warning")
        noted: dict[int, list[int]] = {}
        for row, column in self.notes:
            noted.setdefault(column, []).append(row)
        for column, rows in sorted(noted.items()):
            name = columns[column] if column < len(columns) else ""
            hint = f"{len(rows):,} in this column, not read: write what they say into a cell"
            yield Issue("note on a cell", min(rows) + 1, name, hint, "warning")


def marks_of(stream: BinaryIO) -> Marks:
    """Return the marks of an XLSX sheet that stand in its own part of the file.

    Raises:
        ImporterError: there are too many.
    """
    marks = Marks()
    found: dict[tuple[int, int, int], None] = {}
    last, rest = -1, b""
    while block := stream.read(1 << 20):
        block = rest + block
        marks.unsaved |= {_place(*cell) for cell in _UNSAVED.findall(block)}
        for letters, start, until, stop in _MERGE.findall(block):
            if letters != until:
                marks.across.add(_place(letters, start))
            if start != stop:
                found[_column(letters), int(start) - 1, int(stop) - 1] = None
        for kind, said in _HIDDEN.findall(block) if b'hidden="' in block else ():
            at = {name: int(number) - 1 for name, number in _NUMBER.findall(said)}
            row, span = at.get(b"r", -1), (at.get(b"min", 0), at.get(b"max", 0))
            if kind == b"row" and row > last:  # what is seen twice is not hidden twice
                marks.hide(row)
                last = row
            elif kind == b"col" and span not in marks.columns:
                marks.columns.append(span)
        rest = block[-2048:]
        if max(len(found), len(marks.across)) > MERGED:
            raise ImporterError(f"more than {MERGED:,} merged cells", do="save it as CSV")
    marks.merged = list(found)
    return marks


def notes_of(archive: ZipFile, page: str) -> set[Place]:
    """Return the cells of an XLSX sheet that have a note, by the path of the sheet."""
    folder, name = posixpath.split(page.lstrip("/"))
    found: set[Place] = set()
    try:
        relations = archive.read(f"{folder}/_rels/{name}.rels").decode("utf-8", "replace")
    except KeyError:
        return found
    for said in _RELATION.findall(relations):
        target = re.search(r'\bTarget="([^"]+)"', said)
        if target and re.search(r'\bType="[^"]*/comments"', said):
            path = posixpath.normpath(posixpath.join(f"/{folder}", target[1])).lstrip("/")
            with archive.open(path) as stream:
                found |= {_place(*cell) for cell in _NOTE.findall(stream.read(NOTES))}
    return found


def _place(letters: bytes, row: bytes) -> Place:
    return int(row) - 1, _column(letters)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
