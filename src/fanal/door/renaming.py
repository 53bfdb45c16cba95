"""A researcher's own table of pseudonyms: used while a file is read, never stored."""

from __future__ import annotations

import csv
import io
import re
from typing import BinaryIO, Literal, Protocol

from fanal.door.normalise import clean, fold
from fanal.errors import ConfigError
from fanal.text.folding import bare

LARGEST = 1 << 20
_PSEUDONYM = re.compile(r"[A-Za-z0-9-]{1,12}\Z")
_HEADINGS = ("pseudonym", "pseudonyme", "pseudo", "alias", "code")
_ALLOWED = "two columns, name and pseudonym; a pseudonym has 1 to 12 letters, digits or hyphens"


class Opens(Protocol):
    """What can be opened as a file."""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """Open it for reading."""


def read(file: Opens) -> dict[str, str]:
    """Return name → pseudonym of a CSV file.

    Raises:
        ConfigError: it is no such table; says in which row, never what stands there.
    """
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if len(content) > LARGEST:
        raise _wrong(0)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    found: dict[str, str] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
        cells = [clean(cell.strip())[0] for cell in row]
        if not any(cells) or (number == 1 and fold(cells[-1]) in _HEADINGS):
            continue
        if len(cells) < 2 or len(cells[0]) < 2:
            raise _wrong(number)
        pseudonym = plain(cells[1])
        if not _PSEUDONYM.match(pseudonym):
            raise _wrong(number)
        found[cells[0]] = pseudonym
    names = {fold(name) for name in found}
    if not found or any(fold(pseudonym) in names for pseudonym in found.values()):
        raise _wrong(0)
    return found


def plain(pseudonym: str) -> str:
    """Return a pseudonym as it can stand in a placeholder: no accents, hyphens for blanks."""
    return re.sub(r"[\s._]+", "-", bare(pseudonym)).strip("-")


def _wrong(row: int) -> ConfigError:
    return ConfigError(
        f"row {row} is no name and pseudonym" if row else "this is no table of pseudonyms",
        where="pseudonyms",
        allowed=_ALLOWED,
        do="no pseudonym may be a name of the table",
    )
