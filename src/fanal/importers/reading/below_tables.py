"""What stands under a table and is no row of it: notes, sources, legends."""

from __future__ import annotations

import re

from fanal.importers.reading.figures import ABOUT, read_note
from fanal.importers.reading.rows import Table, as_text

BELOW = "note under the table"  # the rule that leaves it out
WORDS = 2  # of a line that stands alone, apart from the rows
_EXPLAINED = re.compile(r"[<≤]?\s?[^\W\d_](?:[./]?\s?[^\W\d_]){0,3}\.?\s*=\s*[^\W\d_]{2}")
_TOLD = re.compile(
    _EXPLAINED.pattern.replace("=", "[=:]")
)  # where the line is parted from the rows
_WORD = re.compile(r"[^\W\d_]{2,}")


def notes_below(page: Table) -> dict[int, str]:
    """Return record → text of the lines under the header that are no rows.

    They stand in one cell, and begin as a note or a legend does; or an empty line parts them from
    the last row.
    """
    found: dict[int, str] = {}
    last: dict[int, str] = {}
    apart = False
    for number, row in page.loose():
        if number <= page.header:
            continue
        texts = [text for cell in row if (text := as_text(cell))]
        first = texts[0] if texts else ""
        if not texts:
            apart = True
        elif all(map(_EXPLAINED.match, texts)):
            found[number] = "; ".join(texts)
        elif (
            apart
            and len(row) < len(page.columns)
            and (ABOUT.match(first) or all(map(_TOLD.match, texts)))
        ):
            found[number] = ", ".join(texts)  # the table's delimiter stood in its sentence
        elif len(texts) > 1:
            last, apart = {}, False
        elif read_note(first) is not None:
            found[number] = first
        elif apart and len(_WORD.findall(first)) >= WORDS:
            last[number] = first
    return dict(sorted((found | last).items()))
