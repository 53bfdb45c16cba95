"""Rows of tables in any container: CSV, TSV, XLSX, JSON lines and Parquet in constant memory.

XLS and ODS are held whole.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Issue, Skipped
from fanal.importers.reading import delimited
from fanal.importers.reading.archives import (
    head,
    is_zip,
    names_in,
    open_archive,
    open_input,
    read_whole,
)
from fanal.importers.reading.beside_values import (
    EMPTY,
    ERRORS,
    Failed,
    Marks,
    Unsaved,
    across,
    marks_of,
    notes_of,
)
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.day_columns import DATE, day_columns
from fanal.importers.reading.encodings import find_encoding, lines_of
from fanal.importers.reading.foreign import foreign, quietly
from fanal.importers.reading.headings import COLUMNS, find_header, rows_of
from fanal.importers.reading.numbered_lines import unnumbered
from fanal.importers.reading.sheets import Shown, grids, kind_of_sheets, shown, spread, unit_of
from fanal.importers.reading.usual_names import is_usual
from fanal.importers.reading.usual_names import texts as usual_texts

_ARRAY = re.compile(r"\[\s*\{")
ABOVE = "line above the header"  # the rule that leaves it out
HEARD = "start\tend\ttext"  # the header of what Whisper heard: no table of messages
_RULE = "-–—:|=_ "  # what lines between rows are drawn with
WORKBOOK = 128 << 20  # of a workbook inside an archive, which is held in memory
FIRST_ROWS = 200  # by which it is judged what a table is and what its columns hold
STRINGS = 64 << 20  # openpyxl holds the shared strings of a workbook in memory

Cells = Mapping[str, Any]
Found = tuple[int, Cells] | Issue | Skipped
Numbered = Callable[[], Iterator[tuple[int, list[Any]]]]  # rows by their number, each time anew
Told = Collection[str]  # names of columns that a description gives


@dataclass(frozen=True)
class Table:
    """A table whose rows can be read several times, each time from the start."""

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Found]] = field(repr=False)
    sheet: str = ""
    header: int = 1  # record number of the header
    # every record as it stands, those above and below the table too
    loose: Numbered = field(default=lambda: iter(()), repr=False)

    @cached_property
    def first(self) -> list[Cells]:
        """The first rows, read once for all that is to be known by them."""
        return [found[1] for found in islice(self.rows(), FIRST_ROWS) if isinstance(found, tuple)]


@dataclass(frozen=True)
class _Sheet:
    """A sheet of a workbook: its cells, and what they do not show."""

    cells: Numbered
    marks: Callable[[], Marks]


def kind_of(path: File) -> str | None:
    """Recognise a table's container by content.

    It is parquet, xlsx, xls, ods, jsonl, delimited or none.
    """
    start = head(path)
    if start.startswith(b"PAR1"):
        return "parquet"
    if is_zip(path):
        return "xlsx" if "xl/workbook.xml" in names_in(path) else kind_of_sheets(path)
    if sheets := kind_of_sheets(path):
        return sheets
    if not start.strip() or start.startswith((b"%PDF", b"{\\rtf")):
        return None
    text = sniffed(start).lstrip("\ufeff \r\n\t")
    if text.startswith("{"):
        return "jsonl" if _is_json_lines(text, len(start)) and not is_otr(text) else None
    if text.startswith("["):
        return "json" if _ARRAY.match(text) else None
    if text.startswith(HEARD):
        return None
    if "\t" in text:
        text = unnumbered(text)  # who speaks may have a column: nobody names it
    lines = text.splitlines(keepends=True)
    return "delimited" if delimited.looks_like_table(lines) else None


def open_table(path: File, told: Told = (), sheet: str = "") -> Table:
    """Open a table; its header is the row that has the names `told`, or else looks like one.

    Raises:
        ImporterError: it is no table, has no header, or is too wide.
    """
    kind = kind_of(path)
    if kind == "parquet":
        return _parquet(path)
    if kind in ("xlsx", "xls", "ods"):
        return _dated(_workbook(path, kind, told, sheet), told)
    if kind == "jsonl":
        return _json_lines(path)
    if kind == "json":
        return _json_array(path)
    if is_zip(path):
        raise ImporterError("an archive is not a table", do="bring in the files that it holds")
    return _dated(_delimited(path, told), told)


def as_text(cell: object) -> str:
    """Return a cell as the text that a person saw in it."""
    if cell is None:
        return ""
    if isinstance(cell, Shown) and cell.unit:
        return f"{as_text(float(cell))} {cell.unit}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", errors="replace")
    return str(cell).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def sniffed(start: bytes) -> str:
    """Decode the start of a file; "" where it is not text."""
    encoding = find_encoding(io.BytesIO(start), whole=False)
    text = start.decode(encoding.codec, errors="ignore")
    odd = sum(1 for c in text if ord(c) < 32 and c not in "\t\n\r\x0b\x0c")
    return "" if odd > len(text) / 100 else text


def named(cells: list[str]) -> tuple[str, ...]:
    """Name the columns; empty and repeated names are told apart by their number."""
    if len(cells) > COLUMNS:
        raise ImporterError(
            f"the table has {len(cells):,} columns",
            where="record 1",
            allowed=f"at most {COLUMNS:,}",
            do="check the delimiter, or keep only the columns that are needed",
        )
    names: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or f"column {number}"
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)


def headed(rows: Iterator[tuple[int, list[Any]]], told: Told) -> tuple[tuple[str, ...], int]:
    """Return the names of the columns and the number of the last row of the header."""
    first = rows_of((number, [as_text(cell) for cell in row]) for number, row in rows)
    found = find_header(first, told)
    if found is None:
        raise ImporterError("the table is empty", do="export it again")
    return named(found.cells), found.number


def fitted(
    rows: Iterator[tuple[int, list[Any]]], columns: tuple[str, ...], header: int
) -> Iterator[Found]:
    """Give each row under the header its column names; a ragged one is an issue."""
    again = columns
    for number, cells in rows:
        if number == header:
            again = named([as_text(cell) for cell in cells])
            continue
        if all(
            cell is None or (isinstance(cell, str) and not cell.strip().strip(_RULE))
            for cell in cells
        ):
            yield Skipped("empty row")
        elif number < header:
            yield Skipped(ABOVE)
        elif len(cells) < len(columns):
            yield _ragged("too few cells", number)
        elif any(cell not in (None, "") for cell in cells[len(columns) :]):
            yield _ragged("too many cells", number)
        elif " ".join(as_text(cells[0]).split()) in (again[0], "") and _same(cells, again):
            yield Skipped("header again")
        else:
            yield number, dict(zip(columns, cells, strict=False))


def padded(rows: Iterable[tuple[int, list[Any]]], width: int) -> Iterator[tuple[int, list[Any]]]:
    """Yield rows as wide as the table: they end at their last cell, and the rest is empty."""
    return ((number, row + [None] * (width - len(row))) for number, row in rows)


def _same(cells: list[Any], names: tuple[str, ...]) -> bool:
    filled = [(as_text(cell), name) for cell, name in zip(cells, names, strict=False) if cell]
    return len(filled) > 1 and all(" ".join(cell.split()) == name for cell, name in filled)


def _ragged(kind: str, number: int) -> Issue:
    return Issue(kind, number, hint="look for a delimiter or a quote inside a cell of this row")


def _delimited(path: File, told: Told) -> Table:
    with open_input(path) as stream:
        encoding = find_encoding(stream)
        sample = delimited.sample(lines_of(stream, encoding))
    delimiter = delimited.find_delimiter(sample, told)
    columns, header = headed(delimited.records(iter(sample), delimiter), told)

    def rows() -> Iterator[Found]:
        if encoding.damaged:
            yield Issue(
                "characters not readable",
                1,
                hint="some bytes do not fit the encoding and were replaced; export the file again",
                level="warning",
            )
        with open_input(path) as stream:
            lines = delimited.Lines(lines_of(stream, encoding))
            yield from fitted(delimited.records(lines, delimiter), columns, header)
            if lines.open_quote:
                yield Issue(
                    "quote never closed",
                    lines.open_quote,
                    hint=f"this row swallowed the rest of the file, {lines.swallowed} lines",
                )

    def loose() -> Iterator[tuple[int, list[Any]]]:
        with open_input(path) as stream:
            yield from delimited.records(delimited.Lines(lines_of(stream, encoding)), delimiter)

    return Table(columns, rows, "", header, loose)


def _dated(table: Table, told: Told) -> Table:
    """Return a table whose days are in three columns with one of days in their place."""
    parts = day_columns(table.columns, told)
    if parts is None:
        return table
    kept = tuple(name for name in table.columns if name not in parts)

    def rows() -> Iterator[Found]:
        for found in table.rows():
            if isinstance(found, tuple):
                number, row = found
                yield number, {DATE: parts.cell(row)} | {name: row[name] for name in kept}
            else:
                yield found

    return replace(table, columns=(DATE, *kept), rows=rows)


def _is_json_lines(text: str, size: int) -> bool:
    lines = text.strip().splitlines()
    try:
        first = msgspec.json.decode(lines[0])
    except (msgspec.DecodeError, RecursionError):
        return False
    if not isinstance(first, dict):
        return False
    # one object alone may as well be a program's whole export on one line
    said = not {folded(name) for name in first}.isdisjoint(usual_texts()["body"])
    within = [] if said else [v for v in first.values() if isinstance(v, dict)]
    return len(lines) > 1 or not any(map(_holds_records, (first, *within)))


def _holds_records(value: dict[str, Any]) -> bool:
    """Say whether an array of objects stands in an object."""
    return any(isinstance(v, list) and v and isinstance(v[0], dict) for v in value.values())


def is_otr(text: str) -> bool:
    """Say whether a text begins as a transcript of oTranscribe does: JSON around some HTML."""
    return bool(re.match(r'\{\s*"(?:text|media(?:-source|-time)?)"\s*:', text)) and (
        '"media' in text or bool(re.match(r'\{\s*"text"\s*:\s*"<', text))
    )


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row under the names that its columns have here: without spaces at their ends."""
    if all(name == name.strip() and "  " not in name for name in row):
        return row
    return {" ".join(name.split()): cell for name, cell in row.items()}


def _json_array(path: File) -> Table:
    """Read an array of objects one by one: it may be larger than the memory."""
    import ijson

    def rows() -> Iterator[Found]:
        with foreign("JSON file"), open_input(path) as stream:
            for number, row in enumerate(ijson.items(stream, "item", use_float=True), 1):
                if isinstance(row, dict):
                    yield number, _named(row)
                else:
                    yield Issue("not a JSON object", number, hint="an array of objects is expected")

    return _of_objects(rows)


def _of_objects(rows: Callable[[], Iterator[Found]]) -> Table:
    """Return the table of objects, whose columns are the keys of the first of them."""
    columns: dict[str, None] = {}
    for found in islice(rows(), 1_000):
        if isinstance(found, tuple):
            columns |= dict.fromkeys(found[1])
    if not columns:
        raise ImporterError("the table is empty", do="export it again")
    return Table(named(list(columns)), rows)


def _json_lines(path: File) -> Table:
    with open_input(path) as stream:
        encoding = find_encoding(stream)

    def rows() -> Iterator[Found]:
        with open_input(path) as stream:
            for number, line in enumerate(lines_of(stream, encoding), 1):
                if not line.strip():
                    yield Skipped("empty row")
                    continue
                try:
                    row = msgspec.json.decode(line)
                except (msgspec.DecodeError, RecursionError, UnicodeError):
                    yield Issue("not valid JSON", number, hint="export the file again")
                    continue
                if isinstance(row, dict):
                    yield number, _named(row)
                else:
                    yield Issue("not a JSON object", number, hint="one object a line is expected")

    return _of_objects(rows)


def _seekable(path: File, stream: BinaryIO) -> BinaryIO:
    """A member of an archive is read into memory where a library jumps about in the file."""
    return stream if hasattr(path, "parent") else io.BytesIO(read_whole(path, WORKBOOK))


def _parquet(path: File) -> Table:
    import pyarrow.parquet as pq

    with foreign("Parquet file"), open_input(path) as stream:
        columns = named(list(pq.ParquetFile(_seekable(path, stream)).schema_arrow.names))

    def rows() -> Iterator[Found]:
        with foreign("Parquet file"), open_input(path) as stream:
            number = 0
            # small batches and no read-ahead: a row may hold a whole article
            file = pq.ParquetFile(_seekable(path, stream), pre_buffer=False, buffer_size=1 << 20)
            for batch in file.iter_batches(batch_size=512, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield number, _named(row)

    return Table(columns, rows)


def _workbook(path: File, kind: str, told: Told, sheet: str) -> Table:
    sheets = _sheets(path, kind)
    if sheet and sheet not in sheets:
        raise ImporterError(
            "no sheet of that name",
            where="sheet",
            allowed=", ".join(sheets),
            do="correct sheet under [parameters] in the source description",
        )
    chosen = sheet or _fitting_sheet(sheets, told)
    table = _page(sheets[chosen], told, chosen)

    def rows() -> Iterator[Found]:
        yield from table.rows()
        for other, page in sheets.items():
            if other != chosen and (count := sum(1 for _, row in page.cells() if any(row))):
                yield Skipped("row of another sheet", count)

    return Table(table.columns, rows, chosen)


def left_out(page: Table) -> Iterator[Issue | Skipped]:
    """Tell of a sheet that is not read: its name, and how many rows it has."""
    rows = 1 + sum(1 for found in page.rows() if not isinstance(found, Issue))
    if page.sheet:
        hint = f"rows: {rows}; save it as a file of its own if it counts"
        yield Issue("sheet not read", page.header, page.sheet, hint, "note")
    yield Skipped("row of another sheet", rows)


def open_sheets(path: File, told: Told = ()) -> list[Table]:
    """Open every sheet of a workbook that is not empty; any other table is the only one.

    Raises:
        ImporterError: as `open_table`.
    """
    kind = kind_of(path)
    if kind not in ("xlsx", "xls", "ods"):
        return [open_table(path, told)]
    tables = []
    for name, page in _sheets(path, kind).items():
        if any(any(cell not in (None, "") for cell in row) for _, row in page.cells()):
            tables.append(_dated(_page(page, told, name), told))
    if not tables:
        raise ImporterError("the table is empty", do="export it again")
    return tables


def _page(page: _Sheet, told: Told, name: str) -> Table:
    columns, header = headed(page.cells(), told)

    def rows() -> Iterator[Found]:
        yield from page.marks().told(columns, name, header)
        told: set[tuple[type, str]] = set()
        for found in fitted(padded(page.cells(), len(columns)), columns, header):
            row = found[1] if isinstance(found, tuple) else {}
            for column, kind in [(n, type(c)) for n, c in row.items() if type(c) in EMPTY]:
                if (kind, column) not in told and isinstance(found, tuple):
                    told.add((kind, column))
                    said, hint = EMPTY[kind]
                    yield Issue(said, found[0], column, hint, "warning")
            yield found

    return Table(columns, rows, name, header, page.cells)


def _sheets(path: File, kind: str) -> dict[str, _Sheet]:
    """Return how to read each sheet of a workbook."""
    if kind == "xlsx":
        sheets = {name: _excel(path, name, hidden) for name, hidden in _excel_names(path)}
    else:
        sheets = {name: _listed(*page) for name, page in grids(path).items()}
    if not sheets:
        raise ImporterError("the workbook has no sheet", do="save it again")
    return sheets


def _listed(grid: list[list[Any]], marks: Marks) -> _Sheet:
    return _Sheet(lambda: ((n, list(row)) for n, row in enumerate(grid, 1)), lambda: marks)


FIRST = 100  # rows of a sheet that are kept: what it is is asked of them again and again


def _excel(path: File, name: str, hidden: bool) -> _Sheet:
    @contextmanager
    def opened() -> Iterator[tuple[Any, Any]]:
        import openpyxl

        with foreign("workbook"), open_input(path) as stream:
            # values only: formulas are never computed, links to other workbooks never followed
            book = quietly(
                lambda: openpyxl.load_workbook(
                    _seekable(path, stream), read_only=True, data_only=True, keep_links=False
                )
            )
            yield book, book[name]

    @cache
    def marks() -> Marks:
        with opened() as (book, page):
            with book._archive.open(page._worksheet_path) as content:
                found = marks_of(content)
            found.notes = notes_of(book._archive, page._worksheet_path)
            found.hidden = hidden
            return found

    def cells() -> Generator[tuple[int, list[Any]], None, None]:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        unsaved, merged, wide = marks().unsaved, marks().merged, marks().across
        with opened() as (book, page):
            page.reset_dimensions()  # what the file says of its own size may be wrong
            from_1904 = book.epoch == CALENDAR_MAC_1904
            plain = not from_1904 and not _shows_units(book)
            numbered = enumerate(page.iter_rows(values_only=plain), 1)

            def read() -> Iterator[tuple[int, list[Any]]]:
                while chunk := quietly(lambda: list(islice(numbered, 100))):
                    for number, row in chunk:
                        cells = [c if plain else _excel_value(c, from_1904) for c in row]
                        cells = [Failed() if type(c) is str and c in ERRORS else c for c in cells]
                        for column in range(len(cells)) if unsaved else ():
                            if (number - 1, column) in unsaved:
                                cells[column] = Unsaved()
                        for column in range(len(cells)) if wide else ():
                            if (number - 1, column) in wide:
                                cells[column] = across(cells[column])
                        yield number, cells

            yield from spread(read(), merged)

    @cache
    def first() -> list[tuple[int, list[Any]]]:
        with closing(cells()) as found:
            return list(islice(found, FIRST + 1))

    def again() -> Iterator[tuple[int, list[Any]]]:
        yield from ((number, list(row)) for number, row in first()[:FIRST])
        if len(first()) > FIRST:
            yield from islice(cells(), FIRST, None)

    return _Sheet(again, marks)


def _shows_units(book: Any) -> bool:
    """Say whether a style of a workbook shows a number with a unit, as 72 %."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    own = dict(enumerate(book._number_formats, BUILTIN_FORMATS_MAX_SIZE))
    used = {style.numFmtId for style in book._cell_styles}
    return any(unit_of({**BUILTIN_FORMATS, **own}.get(number, ""))[0] for number in used)


def _excel_value(cell: Any, from_1904: bool) -> Any:
    value = cell.value
    if type(value) not in (int, float) or not (cell.has_style or from_1904):
        return value
    return shown(value, cell.number_format, from_1904)


def _excel_names(path: File) -> list[tuple[str, bool]]:
    """Return the sheets of a workbook, and whether each is hidden."""
    import openpyxl

    with open_archive(path) as archive:
        for info in archive.infolist():
            if info.filename.endswith("sharedStrings.xml") and info.file_size > STRINGS:
                raise ImporterError(
                    f"the workbook holds more than {STRINGS >> 20} MiB of text",
                    do="save it as CSV",
                )
    with foreign("workbook"), open_input(path) as stream:
        book = quietly(
            lambda: openpyxl.load_workbook(
                _seekable(path, stream), read_only=True, keep_links=False
            )
        )
        return [(page.title, page.sheet_state != "visible") for page in book.worksheets]


def _fitting_sheet(sheets: dict[str, _Sheet], told: Told) -> str:
    """Choose the first sheet whose columns have names as tables have; else the first not empty."""
    filled = ""
    for name, page in sheets.items():
        try:
            columns, _ = headed(page.cells(), told)
        except ImporterError:
            continue
        if sum(map(is_usual, columns)) > 1:
            return name
        filled = filled or name
    return filled or next(iter(sheets))
