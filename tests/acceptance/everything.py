"""Everything that a folder holds, and what of it names somebody who was planted."""

import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pypdfium2

from fanal.testing.sought import Sought


def pieces(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    """Yield everything that an observatory holds, formats and compression undone."""
    read = {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    for path, content in read.items():  # to open a database takes what stood beside it away
        name = str(path.relative_to(folder))
        yield name, name
        yield name, content
        if path.suffix == ".parquet":
            yield name, str(pq.read_table(path).to_pylist())
        elif path.suffix == ".db":
            connection = sqlite3.connect(path)
            yield name, "\n".join(connection.iterdump())
            connection.close()
        elif path.suffix == ".pdf":
            paper = pypdfium2.PdfDocument(path)
            yield name, "\n".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
            paper.close()
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{name}/{m}", archive.read(m)) for m in archive.namelist())


def found_in(folder: Path, sought: Sought) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, content in pieces(folder):
        found.setdefault(name, set()).update(sought.find(content))
    return {name: values for name, values in found.items() if values}
