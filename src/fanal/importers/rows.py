"""Rows of tables in any container (CSV, TSV, XLSX, JSON lines, Parquet), in constant memory."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

import msgspec

from fanal.errors import ImporterError
from fanal.importers import delimited
from fanal.importers.archives import head, is_zip, names_in, open_archive, open_input, read_whole
from fanal.importers.base import File, Issue, Skipped
from fanal.importers.encodings import find_encoding, lines_of
from fanal.importers.foreign import foreign, quietly

COLUMNS = 2_000
HEADER_WITHIN = 20  # a person may have written a title and notes above the header
WORKBOOK = 128 << 20  # of a workbook inside an archive, which is held in memory
STRINGS = 64 << 20  # openpyxl holds the shared strings of a workbook in memory

Cells = Mapping[str, Any]
Found = tuple[int, Cells] | Issue | Skipped
Wanted = Callable[[tuple[str, ...]], bool]


@dataclass(frozen=True)
class Table:
    """A table whose rows can be read several times, each time from the start."""

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Found]] = field(repr=False)


def kind_of(path: File) -> str | None:
    """Recognise a table's container by content: parquet, xlsx, jsonl, delimited, or none."""
    start = head(path)
    if start.startswith(b"PAR1"):
        return "parquet"
    if is_zip(path):
        return "xlsx" if "xl/workbook.xml" in names_in(path) else None
    if not start.strip() or start.startswith((b"%PDF", b"{\\rtf")):
        return None
    text = sniffed(start)
    if text.lstrip().startswith("{"):
        return "jsonl" if _is_json_lines(text, len(start)) else None
    lines = text.splitlines(keepends=True)
    return "delimited" if delimited.looks_like_table(lines) else None


def open_table(path: File, wanted: Wanted, sheet: str = "") -> Table:
    """Open a table; `wanted` says whether a row can be the header.

    Raises:
        ImporterError: it is no table, has no header, or is too wide.
    """
    kind = kind_of(path)
    if kind == "parquet":
        return _parquet(path)
    if kind == "xlsx":
        return _workbook(path, wanted, sheet)
    if kind == "jsonl":
        return _json_lines(path)
    if is_zip(path):
        raise ImporterError("an archive is not a table", do="name the importer of what it holds")
    return _delimited(path, wanted)


def folded(name: str) -> str:
    """Fold a column name for comparing: case, accents, separators."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "_".join("".join(c if c.isalnum() else " " for c in plain).split())


def as_text(cell: object) -> str:
    """Return a cell as the text that a person saw in it."""
    if cell is None:
        return ""
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


def _header(cells: list[str]) -> tuple[str, ...]:
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


def _find_header(
    rows: Iterator[tuple[int, list[Any]]], wanted: Wanted
) -> tuple[tuple[str, ...], int]:
    """Return the header and its record number: the first fitting row, else the first of all."""
    first: tuple[tuple[str, ...], int] | None = None
    for number, row in islice(rows, HEADER_WITHIN):
        cells = [as_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        names = _header(cells)
        if wanted(names):
            return names, number
        first = first or (names, number)
    if first is None:
        raise ImporterError("the table is empty", do="export it again")
    return first


def _fitted(
    rows: Iterator[tuple[int, list[Any]]], columns: tuple[str, ...], header: int
) -> Iterator[Found]:
    """Give each row under the header its column names; a ragged one is an issue."""
    for number, cells in rows:
        if number == header:
            continue
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            yield Skipped("empty row")
        elif number < header:
            yield Skipped("line above the header")
        elif len(cells) < len(columns):
            yield _ragged("too few cells", number)
        elif any(cell not in (None, "") for cell in cells[len(columns) :]):
            yield _ragged("too many cells", number)
        else:
            yield number, dict(zip(columns, cells, strict=False))


def _ragged(kind: str, number: int) -> Issue:
    return Issue(kind, number, hint="look for a delimiter or a quote inside a cell of this row")


def _delimited(path: File, wanted: Wanted) -> Table:
    with open_input(path) as stream:
        encoding = find_encoding(stream)
        sample = delimited.sample(lines_of(stream, encoding))
    delimiter = delimited.find_delimiter(sample, wanted)
    columns, header = _find_header(delimited.records(iter(sample), delimiter), wanted)

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
            yield from _fitted(delimited.records(lines, delimiter), columns, header)
            if lines.open_quote:
                yield Issue(
                    "quote never closed",
                    lines.open_quote,
                    hint=f"this row swallowed the rest of the file, {lines.swallowed} lines",
                )

    return Table(columns, rows)


def _is_json_lines(text: str, size: int) -> bool:
    lines = text.strip().splitlines()
    try:
        first = msgspec.json.decode(lines[0])
    except (msgspec.DecodeError, RecursionError):
        return False
    if not isinstance(first, dict):
        return False
    # one object alone may as well be a program's whole export on one line
    return len(lines) > 1 or not any(
        isinstance(value, list) and value and isinstance(value[0], dict) for value in first.values()
    )


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
                    yield number, row
                else:
                    yield Issue("not a JSON object", number, hint="one object a line is expected")

    columns: dict[str, None] = {}
    for found in islice(rows(), 1_000):
        if isinstance(found, tuple):
            columns |= dict.fromkeys(found[1])
    return Table(_header(list(columns)), rows)


def _seekable(path: File, stream: BinaryIO) -> BinaryIO:
    """A member of an archive is read into memory where a library jumps about in the file."""
    return stream if hasattr(path, "parent") else io.BytesIO(read_whole(path, WORKBOOK))


def _parquet(path: File) -> Table:
    import pyarrow.parquet as pq

    with foreign("Parquet file"), open_input(path) as stream:
        columns = _header(list(pq.ParquetFile(_seekable(path, stream)).schema_arrow.names))

    def rows() -> Iterator[Found]:
        with foreign("Parquet file"), open_input(path) as stream:
            number = 0
            # small batches and no read-ahead: a row may hold a whole article
            file = pq.ParquetFile(_seekable(path, stream), pre_buffer=False, buffer_size=1 << 20)
            for batch in file.iter_batches(batch_size=512, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row

    return Table(columns, rows)


def _workbook(path: File, wanted: Wanted, sheet: str) -> Table:
    with open_archive(path) as archive:
        for info in archive.infolist():
            if info.filename.endswith("sharedStrings.xml") and info.file_size > STRINGS:
                raise ImporterError(
                    f"the workbook holds more than {STRINGS >> 20} MiB of text",
                    do="save it as CSV",
                )

    def cells(name: str) -> Iterator[tuple[int, list[Any]]]:
        import openpyxl

        with foreign("workbook"), open_input(path) as stream:
            # values only: formulas are never computed, links to other workbooks never followed
            book = quietly(
                lambda: openpyxl.load_workbook(
                    _seekable(path, stream), read_only=True, data_only=True, keep_links=False
                )
            )
            page = book[name] if name else book.worksheets[0]
            page.reset_dimensions()  # what the file says of its own size may be wrong
            numbered = enumerate(page.iter_rows(values_only=True), 1)
            while chunk := quietly(lambda: list(islice(numbered, 100))):
                for number, row in chunk:
                    yield number, list(row)

    names = _sheets(path)
    if sheet and sheet not in names:
        raise ImporterError(
            "no sheet of that name", where="sheet", allowed=", ".join(names), do="correct `sheet`"
        )
    chosen = sheet or _fitting_sheet(names, cells, wanted)
    columns, header = _find_header(cells(chosen), wanted)

    def rows() -> Iterator[Found]:
        # rows of a sheet end at their last cell: what is missing on the right is empty
        width = len(columns)
        padded = ((n, row + [None] * (width - len(row))) for n, row in cells(chosen))
        yield from _fitted(padded, columns, header)
        for other in names:
            if other != chosen and (count := sum(1 for _, row in cells(other) if any(row))):
                yield Skipped("row of another sheet", count)

    return Table(columns, rows)


def _sheets(path: File) -> list[str]:
    import openpyxl

    with foreign("workbook"), open_input(path) as stream:
        book = quietly(
            lambda: openpyxl.load_workbook(
                _seekable(path, stream), read_only=True, keep_links=False
            )
        )
        names = [page.title for page in book.worksheets]
    if not names:
        raise ImporterError("the workbook has no sheet", do="save it again")
    return names


def _fitting_sheet(
    names: list[str], cells: Callable[[str], Iterator[tuple[int, list[Any]]]], wanted: Wanted
) -> str:
    """Choose the first sheet with a fitting header; else the first that is not empty."""
    filled = ""
    for name in names:
        try:
            columns, _ = _find_header(cells(name), wanted)
        except ImporterError:
            continue
        if wanted(columns):
            return name
        filled = filled or name
    return filled or names[0]
