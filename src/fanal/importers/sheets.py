"""Old and open spreadsheets (XLS, ODS): recognised, guarded and read whole, as rows of values."""

from __future__ import annotations

import io
from typing import Any

from fanal.errors import ImporterError
from fanal.importers.archives import head, is_zip, names_in, open_archive, read_member, read_whole
from fanal.importers.base import File
from fanal.importers.foreign import foreign

LARGEST = 128 << 20  # bytes of a workbook, or of its unpacked content: it is held in memory
REPEATS = 4_096  # of a cell or row that is not empty: more is no table, but a bomb
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))

Grid = list[list[Any]]


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
    if content.startswith(b"PK"):
        _guard(path)
    with foreign("workbook"):
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            return {
                name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # a panic of Rust is no Exception
                raise
            raise ImporterError("the workbook is damaged", do="save it again") from None


def _guard(path: File) -> None:
    """Refuse an OpenDocument sheet whose repeated cells or rows would fill the memory."""
    from defusedxml.ElementTree import iterparse

    with open_archive(path) as archive, foreign("workbook"):
        content = io.BytesIO(read_member(archive, "content.xml", LARGEST))
        for _, element in iterparse(content):
            kind = element.tag.rpartition("}")[2]
            if kind not in ("table-cell", "table-row"):
                continue
            repeated = max(
                int(value) if value.isdecimal() else 0
                for name, value in {"": "1", **element.attrib}.items()
                if not name or name.endswith("-repeated")
            )
            filled = bool("".join(element.itertext()).strip())
            if filled and repeated > REPEATS:
                raise ImporterError(
                    f"a {kind} is repeated {repeated:,} times", do="do not trust this file"
                )
            if kind == "table-row":
                element.clear()
