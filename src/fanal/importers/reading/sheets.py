"""Old and open spreadsheets (XLS, ODS): recognised, guarded and read whole, as rows of values."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.reading.archives import (
    head,
    is_zip,
    names_in,
    open_archive,
    read_member,
    read_whole,
)
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.xls_formats import Formats, xls_formats

LARGEST = 128 << 20  # bytes of a workbook, or of its unpacked content: it is held in memory
REPEATS = 4_096  # of a cell or row that is not empty: more is no table, but a bomb
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

SINCE_1904 = 1_462  # days between the two ways of counting them
# of a number format: words, an escaped letter, a currency, a percent sign, digits, bare signs
_FORMAT = re.compile(
    r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].|\[[^\]]*\]|(%)|([0#?]|General)|([€$£ ])|.'
)
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell [^>]*?ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"'
)
# a cell with a formula, no value and no kind: a program wrote it that computes none
_UNSAVED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?:(?!\bt=)[^>])*>'
    rb"<f[^>]*?(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)
_MONEY = ("€", "$", "£", "EUR", "USD", "GBP", "CHF")
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}

Grid = list[list[Any]]
Merged = list[
    tuple[int, int, int]
]  # of a column of merged cells: column, first and last row, from 0
MERGED = 100_000  # ranges of merged cells of a sheet: more is no table


class Unsaved(str):
    """An empty cell of a formula that has no saved value."""

    __slots__ = ()


class Shown(float):
    """A number of a workbook as its format shows it: a share of 0.72 is 72 with the unit %.

    In a workbook that counts days from 1904, `days` is what to add to its serial numbers.
    """

    unit: str = ""
    days: int = 0


def shown(value: Any, number_format: str, from_1904: bool = False) -> Any:
    """Return the value of a cell as its number format shows it; what is no number stays.

    >>> shown(0.72, "0.0%"), shown(0.72, "0.0%").unit
    (72.0, '%')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    unit, factor = unit_of(number_format)
    if not unit and not from_1904:
        return value
    number = Shown(float(f"{value * factor:.12g}") if factor != 1 else value)
    number.unit, number.days = unit, SINCE_1904 if from_1904 else 0
    return number


@lru_cache(4096)
def unit_of(number_format: str) -> tuple[str, int]:
    """Return the unit that a number format writes, and by how much it multiplies."""
    before, after, factor, placed = "", "", 1, False
    for quoted, plain, currency, percent, place, sign in _FORMAT.findall(
        number_format.partition(";")[0]
    ):
        placed = placed or bool(place)
        factor = 100 if percent else factor
        text = quoted or plain or currency or percent or sign
        if placed:
            after += text
        else:
            before += text
    if not placed:
        return "", 1
    if factor == 100:
        return "%", 100
    after, before = after.strip(), before.strip()
    if any(c.isalpha() or c in "%‰€$£" for c in after):
        return after, 1
    return (before, 1) if before in _MONEY else ("", 1)


def spread(
    rows: Iterable[tuple[int, list[Any]]], merged: Merged
) -> Iterator[tuple[int, list[Any]]]:
    """Give what cells that are merged over rows show to each of the rows, numbered from 1.

    Cells merged across columns stay where they begin: a title is none of its columns.
    """
    starting: dict[int, list[tuple[int, int]]] = {}
    for column, first, last in merged:
        starting.setdefault(first, []).append((column, last))
    active: dict[int, tuple[int, Any]] = {}
    for number, row in rows:
        for column, (last, value) in list(active.items()):
            if number - 1 > last:
                del active[column]
            else:
                row += [None] * (column + 1 - len(row))
                row[column] = value if row[column] in (None, "") else row[column]
        for column, last in starting.get(number - 1, ()):
            if column < len(row) and row[column] not in (None, ""):
                active[column] = last, row[column]
        yield number, row


def marks_of(stream: BinaryIO) -> tuple[Merged, set[tuple[int, int]]]:
    """Return what the values of an XLSX sheet do not show.

    Cells merged over rows, and row and column, from 0, of formulas that have no saved value.

    Raises:
        ImporterError: there are too many.
    """
    found: Merged = []
    unsaved: set[tuple[int, int]] = set()
    rest = b""
    while block := stream.read(1 << 20):
        block = rest + block
        unsaved |= {(int(row) - 1, _column(column)) for column, row in _UNSAVED.findall(block)}
        for column, first, last in _MERGE.findall(block):
            if last > first or len(last) > len(first):
                found.append((_column(column), int(first) - 1, int(last) - 1))
        rest = block[-2048:]
        if len(found) > MERGED:
            raise ImporterError(f"more than {MERGED:,} merged cells", do="save it as CSV")
    return list(dict.fromkeys(found)), unsaved


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def kind_of_sheets(path: File) -> str | None:
    """Recognise a spreadsheet by content: xls, ods or none."""
    start = head(path, 4096)
    if start.startswith(_OLE):
        try:
            content = read_whole(path, LARGEST)
        except ImporterError:
            return None
        return "xls" if any(stream in content for stream in _STREAMS) else None
    if is_zip(path) and {"content.xml", "mimetype"} <= names_in(path):
        try:
            with open_archive(path) as archive:
                return "ods" if read_member(archive, "mimetype", 1024).strip() == _ODS else None
        except ImporterError:
            return None
    return None


def grids(path: File) -> dict[str, Grid]:
    """Return the rows of each sheet; an empty cell is "".

    Raises:
        ImporterError: it is damaged, too large or hostile.
    """
    from python_calamine import CalamineWorkbook  # reads both formats; no formula is computed

    content = read_whole(path, LARGEST)
    # the library reads values and not how they are shown
    formats = _ods_formats(path) if content.startswith(b"PK") else xls_formats(content)
    with foreign("workbook"):
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
            found = {n: sheet.to_python(skip_empty_area=False) for n, sheet in sheets.items()}
            merged = {n: _merged(sheet.merged_cell_ranges or ()) for n, sheet in sheets.items()}
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # a panic of Rust is no Exception
                raise
            raise ImporterError("the workbook is damaged", do="save it again") from None
    for name, grid in found.items():
        ranges = [*formats.merged.get(name, ()), *merged[name]]
        found[name] = [row for _, row in spread(enumerate(grid, 1), ranges)]
    for name, grid in found.items():
        cells = formats.cells.get(name, {})
        for row, column in cells if not formats.from_1904 else _everywhere(grid):
            if row < len(grid) and column < len(grid[row]):
                how = cells.get((row, column), "General")
                grid[row][column] = shown(grid[row][column], how, formats.from_1904)
    return found


def _merged(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> Merged:
    return [(column, first, last) for (first, column), (last, _) in ranges if last > first]


def _everywhere(grid: Grid) -> Iterator[tuple[int, int]]:
    return ((row, column) for row, cells in enumerate(grid) for column in range(len(cells)))


def _ods_formats(path: File) -> Formats:
    """Return how the cells of an OpenDocument sheet are shown.

    Raises:
        ImporterError: its repeated cells or rows would fill the memory.
    """
    from defusedxml.ElementTree import iterparse

    formats, cells, at = Formats({}), dict[tuple[int, int], str](), 0
    with open_archive(path) as archive, foreign("workbook"):
        content = io.BytesIO(read_member(archive, "content.xml", LARGEST))
        for _, element in iterparse(content):
            kind = element.tag.rpartition("}")[2]
            if kind == "table":
                name = next((v for k, v in element.attrib.items() if k.endswith("}name")), "")
                formats.cells[name], cells, at = cells, {}, 0
                formats.merged[name] = formats.merged.pop("", [])
            if kind not in ("table-cell", "table-row"):
                continue
            repeated = _repeated(element)
            filled = bool("".join(element.itertext()).strip())
            if filled and repeated > REPEATS:
                raise ImporterError(
                    f"a {kind} is repeated {repeated:,} times", do="do not trust this file"
                )
            if kind == "table-row":
                column = 0
                for cell in element:
                    wide = _repeated(cell)
                    if (tall := _spanned(cell)) > 1:
                        formats.merged.setdefault("", []).append((column, at, at + tall - 1))
                    if how := _ods_format(cell):
                        places = range(column, column + wide)
                        cells |= {(at + r, c): how for r in range(repeated) for c in places}
                    column += wide
                at += repeated
                element.clear()
    return formats


def _repeated(element: Any) -> int:
    """Return how many cells or rows an element stands for."""
    said = [value for name, value in element.attrib.items() if name.endswith("-repeated")]
    return max([1, *(int(value) for value in said if value.isdecimal())])


def _spanned(cell: Any) -> int:
    """Return over how many rows a cell is merged."""
    said = [value for name, value in cell.attrib.items() if name.endswith("}number-rows-spanned")]
    return int(said[0]) if said and said[0].isdecimal() else 1


def _ods_format(cell: Any) -> str:
    """Return a number format that shows a cell as it is shown; "" for a plain number."""
    said = {name.rpartition("}")[2]: value for name, value in cell.attrib.items()}
    kind = said.get("value-type")
    if kind == "percentage":
        return "0%"
    if kind == "currency":
        code = said.get("currency", "")
        return f'0"{_SIGNS.get(code, code)}"'
    if kind != "float":
        return ""
    words = re.fullmatch(
        r"[-\d\s.,']*\d\s*([^\W\d_][^\d\"]*|[‰%€])", "".join(cell.itertext()).strip()
    )
    return f'0"{words[1].strip()}"' if words else ""
