"""Spreadsheets: old and open ones (XLS, ODS) read whole; how cells of all kinds are shown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

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
from fanal.importers.reading.beside_values import ERRORS, Failed, Marks, Merged, Unsaved, across
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
_MONEY = ("€", "$", "£", "EUR", "USD", "GBP", "CHF")
_VALUES = {"value", "string-value", "date-value", "time-value", "boolean-value"}
_ODS_ERROR = re.compile(r"Err:\d{3}|#[A-ZÉ/0]{2,12}\s?[!?]?")  # as they are called in its language
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}

Grid = list[list[Any]]


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


def grids(path: File) -> dict[str, tuple[Grid, Marks]]:
    """Return the rows of each sheet, an empty cell is "", and its marks.

    Raises:
        ImporterError: it is damaged, too large or hostile.
    """
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # computes no formula

    content = read_whole(path, LARGEST)
    # the library reads values and not how they are shown
    formats = _ods_formats(path) if content.startswith(b"PK") else xls_formats(content)
    with foreign("workbook"):
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
            found = {n: sheet.to_python(skip_empty_area=False) for n, sheet in sheets.items()}
            merged = {n: _merged(sheet.merged_cell_ranges or ()) for n, sheet in sheets.items()}
            wide = {
                n: {first for first, last in sheet.merged_cell_ranges or () if last[1] > first[1]}
                for n, sheet in sheets.items()
            }
            shows = {sheet.name: sheet.visible for sheet in book.sheets_metadata}
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # a panic of Rust is no Exception
                raise
            raise ImporterError("the workbook is damaged", do="save it again") from None
    pages = {}
    for name, grid in found.items():
        marks = formats.marks.get(name) or Marks()
        marks.hidden = shows.get(name) not in (None, SheetVisibleEnum.Visible)
        _put(grid, marks.failed, Failed())
        _put(grid, marks.unsaved, Unsaved())
        cells = formats.cells.get(name, {})
        ranges = [*marks.merged, *merged[name]]
        grid = [row for _, row in spread(enumerate(grid, 1), ranges)]
        for row, column in cells if not formats.from_1904 else _everywhere(grid):
            if row < len(grid) and column < len(grid[row]):
                how = cells.get((row, column), "General")
                grid[row][column] = shown(grid[row][column], how, formats.from_1904)
        for row, column in wide[name]:
            if row < len(grid) and column < len(grid[row]):
                grid[row][column] = across(grid[row][column])
        pages[name] = grid, marks
    return pages


def _put(grid: Grid, places: Iterable[tuple[int, int]], value: str) -> None:
    for row, column in places:
        if row < len(grid) and column < len(grid[row]):
            grid[row][column] = value


def _merged(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> Merged:
    return [(column, first, last) for (first, column), (last, _) in ranges if last > first]


def _everywhere(grid: Grid) -> Iterator[tuple[int, int]]:
    return ((row, column) for row, cells in enumerate(grid) for column in range(len(cells)))


def _ods_formats(path: File) -> Formats:
    """Return how the cells of an OpenDocument sheet are shown, and its marks.

    Raises:
        ImporterError: its repeated cells or rows would fill the memory.
    """
    from defusedxml.ElementTree import iterparse

    formats, cells, marks, at = Formats({}), dict[tuple[int, int], str](), Marks(), 0
    across = 0  # columns that were described
    with open_archive(path) as archive, foreign("workbook"):
        content = io.BytesIO(read_member(archive, "content.xml", LARGEST))
        for _, element in iterparse(content):
            kind = element.tag.rpartition("}")[2]
            if kind == "table":
                name = _said(element).get("name", "")
                formats.cells[name], formats.marks[name] = cells, marks
                cells, marks, at, across = {}, Marks(), 0, 0
            if kind == "table-column":
                wide = _repeated(element)
                if _is_hidden(element):
                    marks.columns.append((across, across + wide - 1))
                across += wide
            if kind not in ("table-cell", "table-row"):
                continue
            repeated = _repeated(element)
            filled = bool("".join(element.itertext()).strip())
            if filled and repeated > REPEATS:
                raise ImporterError(
                    f"a {kind} is repeated {repeated:,} times", do="do not trust this file"
                )
            if kind == "table-row":
                if filled and _is_hidden(element):
                    marks.hide(at, repeated)
                _take_cells(element, at, repeated if filled else 1, cells, marks)
                at += repeated
                element.clear()
    return formats


def _take_cells(
    row: Any, at: int, rows: int, cells: dict[tuple[int, int], str], marks: Marks
) -> None:
    """Take the cells of a row of an OpenDocument sheet, which stands for several perhaps."""
    column = 0
    for cell in row:
        wide = _repeated(cell)
        if (tall := _spanned(cell)) > 1:
            marks.merged.append((column, at, at + tall - 1))
        said = _said(cell)
        text = "".join(t for p in cell if p.tag.endswith("}p") for t in p.itertext()).strip()
        how = _ods_format(said, text)
        empty = "formula" in said and not text and not said.keys() & _VALUES
        failed = said.get("formula") and (text in ERRORS or _ODS_ERROR.fullmatch(text))
        noted = any(part.tag.endswith("}annotation") for part in cell)
        if how or empty or failed or noted:
            places = {(at + r, c) for r in range(rows) for c in range(column, column + wide)}
            cells |= dict.fromkeys(places, how) if how else {}
            marks.unsaved |= places if empty else set()
            marks.failed |= places if failed else set()
            marks.notes |= places if noted else set()
        column += wide


def _said(element: Any) -> dict[str, str]:
    """Return the attributes of an element, those of the standard before others of their name."""
    own = sorted(element.attrib.items(), key=lambda each: ":calc:" in each[0])
    return {name.rpartition("}")[2]: value for name, value in reversed(own)}


def _is_hidden(element: Any) -> bool:
    return _said(element).get("visibility") in ("collapse", "filter")


def _repeated(element: Any) -> int:
    """Return how many cells or rows an element stands for."""
    said = [value for name, value in element.attrib.items() if name.endswith("-repeated")]
    return max([1, *(int(value) for value in said if value.isdecimal())])


def _spanned(cell: Any) -> int:
    """Return over how many rows a cell is merged."""
    said = [value for name, value in cell.attrib.items() if name.endswith("}number-rows-spanned")]
    return int(said[0]) if said and said[0].isdecimal() else 1


def _ods_format(said: Mapping[str, str], text: str) -> str:
    """Return a number format that shows a cell as it is shown; "" for a plain number."""
    kind = said.get("value-type")
    if kind == "percentage":
        return "0%"
    if kind == "currency":
        code = said.get("currency", "")
        return f'0"{_SIGNS.get(code, code)}"'
    if kind != "float":
        return ""
    words = re.fullmatch(r"[-\d\s.,']*\d\s*([^\W\d_][^\d\"]*|[‰%€])", text)
    return f'0"{words[1].strip()}"' if words else ""
