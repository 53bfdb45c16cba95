"""An importer: a diary, one entry a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import head, open_input

FIRST = b"diary of "
ENTRY = re.compile(r"(\d{4}-\d\d-\d\d) (.+)")


@dataclass(frozen=True)
class Diary(Importer):
    """Reads diaries: a first line `diary of …`, then a day and what was seen, line by line.

    Examples
    --------
    In a source description::

        importer = "diary"

    Limits
    ------
    An entry is one line; a line without a day is an issue.
    """

    name: ClassVar[str] = "diary"

    def identify(self, path: File) -> bool:
        return head(path, len(FIRST)) == FIRST

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        with open_input(path) as stream:
            yield Skipped("first line")
            next(stream, b"")
            for number, line in enumerate(stream, 2):
                found = ENTRY.match(line.decode("utf-8", "replace").strip())
                if found is None:
                    yield Issue("no date", number, hint="begin the line with a day: 2025-03-31")
                    continue
                day = date.fromisoformat(found[1])
                yield RawDocument(
                    path.name, number, found[2], day, chat="diary", message=str(number)
                )
