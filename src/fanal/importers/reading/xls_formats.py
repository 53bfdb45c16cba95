"""How the cells of an old workbook (XLS) are shown, and its marks: its library reads values only.

An XLS file is a file system in a file (OLE2), with a stream of records (BIFF): formats, then for
each sheet its cells, each with the number of its format. What is damaged has no formats here, and
is refused by the library.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from fanal.importers.reading.beside_values import Marks

END = 0xFFFF_FFF0  # from here on the number of a sector is a mark
_BOF, _EOF, _DATEMODE, _SHEET, _XF, _FORMAT = 0x809, 0x0A, 0x22, 0x85, 0xE0, 0x41E
_NUMBER, _RK, _MULRK, _FORMULA, _ERROR = 0x203, 0x27E, 0xBD, 0x06, 0x205
_ROW, _COLUMN, _NOTE = 0x208, 0x7D, 0x1C


@dataclass
class Formats:
    """How cells are shown: by sheet, (row, column) from 0 → number format of what is not plain."""

    cells: dict[str, dict[tuple[int, int], str]]
    from_1904: bool = False  # serial numbers count the days from then
    marks: dict[str, Marks] = field(default_factory=dict)


def xls_formats(content: bytes) -> Formats:
    """Return how the cells of an XLS file are shown; nothing of a file that cannot be read."""
    try:
        return _Book(_stream(content)).formats()
    except (struct.error, IndexError, ValueError):
        return Formats({})


def _stream(content: bytes) -> bytes:
    """Return the stream of the workbook in the file system of a file."""
    shift, short_shift = struct.unpack_from("<HH", content, 30)
    first, cutoff, short_first = (struct.unpack_from("<I", content, at)[0] for at in (48, 56, 60))
    size, short = 1 << shift, 1 << short_shift

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    tables = list(struct.unpack_from("<109I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    while more < END and len(tables) < len(content) // size + 110:
        numbers = struct.unpack(f"<{size // 4}I", sector(more))
        tables, more = tables + list(numbers[:-1]), numbers[-1]
    following = [
        number for table in tables if table < END
        for number in struct.unpack(f"<{size // 4}I", sector(table))
    ]  # fmt: skip

    def chain(start: int, after: list[int]) -> Iterator[int]:
        for _ in range(len(after)):  # a chain may be a circle in a damaged file
            if start >= END:
                return
            yield start
            start = after[start]

    folder = b"".join(map(sector, chain(first, following)))
    entries = [folder[at : at + 128] for at in range(0, len(folder), 128)]
    for entry in entries:
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
        if name not in ("Workbook", "Book"):
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= cutoff:
            return b"".join(map(sector, chain(start, following)))[:length]
        held = b"".join(map(sector, chain(struct.unpack_from("<I", entries[0], 116)[0], following)))
        raw = b"".join(map(sector, chain(short_first, following)))
        after = list(struct.unpack(f"<{len(raw) // 4}I", raw))
        return b"".join(held[n * short : (n + 1) * short] for n in chain(start, after))[:length]
    raise ValueError("no workbook")


@dataclass
class _Book:
    stream: bytes
    formats_by_number: dict[int, str] = field(default_factory=dict)
    number_by_style: list[int] = field(default_factory=list)
    sheets: list[tuple[str, int]] = field(default_factory=list)
    from_1904: bool = False
    wide: bool = True  # from Excel 97 on texts are Unicode

    def formats(self) -> Formats:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        self.formats_by_number = dict(BUILTIN_FORMATS)
        for kind, data in self._records(0):
            self._take(kind, data)
        return Formats(
            {name: dict(self._cells(at)) for name, at in self.sheets},
            self.from_1904,
            {name: self._marks(at) for name, at in self.sheets},
        )

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        depth = 0  # a chart in a sheet has a beginning and an end of its own
        while at + 4 <= len(self.stream):
            kind, length = struct.unpack_from("<HH", self.stream, at)
            depth += (kind == _BOF) - (kind == _EOF)
            yield kind, self.stream[at + 4 : at + 4 + length]
            if kind == _EOF and depth <= 0:
                return
            at += 4 + length

    def _take(self, kind: int, data: bytes) -> None:
        if kind == _BOF:
            self.wide = struct.unpack_from("<H", data)[0] >= 0x600
        elif kind == _DATEMODE:
            self.from_1904 = bool(struct.unpack_from("<H", data)[0])
        elif kind == _XF:
            self.number_by_style.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _FORMAT:
            self.formats_by_number[struct.unpack_from("<H", data)[0]] = self._text(data, 2, 2)
        elif kind == _SHEET:
            self.sheets.append((self._text(data, 6, 1), struct.unpack_from("<I", data)[0]))

    def _text(self, data: bytes, at: int, counted: int) -> str:
        if not self.wide:
            return data[at + 1 : at + 1 + data[at]].decode("cp1252", "replace")
        length = int.from_bytes(data[at : at + counted], "little")
        at += counted
        if data[at] & 1:
            return data[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
        return data[at + 1 : at + 1 + length].decode("latin-1")

    def _cells(self, at: int) -> Iterator[tuple[tuple[int, int], str]]:
        for kind, data in self._records(at):
            if kind in (_NUMBER, _RK, _FORMULA):
                row, column, style = struct.unpack_from("<HHH", data)
                styles = [style]
            elif kind == _MULRK:
                row, column = struct.unpack_from("<HH", data)
                styles = [struct.unpack_from("<H", data, n)[0] for n in range(4, len(data) - 2, 6)]
            else:
                continue
            for place, style in enumerate(styles, column):
                number = self.number_by_style[style]
                if number and number in self.formats_by_number:
                    yield (row, place), self.formats_by_number[number]

    def _marks(self, at: int) -> Marks:
        marks = Marks()
        for kind, data in self._records(at):
            if kind == _NOTE:
                row, column = struct.unpack_from("<HH", data)
                marks.notes.add((row, column))
            elif (kind == _ERROR and data[7]) or (
                kind == _FORMULA and data[6] == 2 and data[12:14] == b"\xff\xff"
            ):
                row, column = struct.unpack_from("<HH", data)
                marks.failed.add((row, column))
            elif kind == _ROW and data[12] & 0x20:
                marks.hide(struct.unpack_from("<H", data)[0])
            elif kind == _COLUMN and data[8] & 1:
                first, last = struct.unpack_from("<HH", data)
                marks.columns.append((first, last))
        return marks
