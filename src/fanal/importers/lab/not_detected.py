"""What "nd" means in a table: not detected, or not dosed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from fanal.importers.lab.cells import listed
from fanal.importers.lab.layout import Layout
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.rows import Table, as_text

_ND = re.compile(
    r"\bn\.?\s?d\.?\s*[:=–-]\s*(?:non|not|nicht|no|niet)\s+(?P<what>\w+)", re.IGNORECASE
)
_FOUND = ("det", "dét", "trouv", "found", "nachgew", "rilev", "aangetoond", "ident")


class Absences(NamedTuple):
    """What the rows of a table say together of what "nd" means."""

    absent: bool | None  # "not detected", or "not measured"; None where it is not shown
    several: frozenset[str]  # references of samples with a row for each of several substances


def absences_of(page: Table, layout: Layout) -> Absences:
    """Look at all rows: where each sample lists nearly the same substances, they are a panel."""
    column = layout.groups.get(0, {}).get("substance")
    key = (layout.sample.get("reference") or [""])[0]
    absent = _legend(page)
    if not column:
        return Absences(bool(layout.contents) if absent is None else absent, frozenset())
    by_sample: dict[str, set[str]] = defaultdict(set)
    rows: Counter[str] = Counter()
    last = ""
    for found in page.rows():
        if isinstance(found, tuple):
            last = as_text(found[1].get(key)) or last
            rows[last] += 1
            by_sample[last] |= {folded(label) for label, _ in listed(as_text(found[1].get(column)))}
    usual = sorted(len(found) for found in by_sample.values())[len(by_sample) // 2 :][:1]
    different = len({label for found in by_sample.values() for label in found})
    if absent is None and usual and usual[0] >= 3 and different <= 1.5 * usual[0]:
        absent = True
    return Absences(absent, frozenset(r for r, times in rows.items() if key and times > 1))


def _legend(page: Table) -> bool | None:
    """Return whether a note says that "n.d." is what was not found; None where none says it."""
    for _, row in page.loose():
        said = [text for text in map(as_text, row) if text]
        if len(said) == 1 and (found := _ND.search(said[0])):
            return found["what"].casefold().startswith(_FOUND)
    return None
