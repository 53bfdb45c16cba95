"""What "nd" means in a table: not detected, or not dosed."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from fanal.importers.lab.answers import BELOWS, said
from fanal.importers.lab.cells import listed
from fanal.importers.lab.layout import Layout
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.rows import Table, as_text


class Absences(NamedTuple):
    """What the rows of a table say together of what "nd" means."""

    absent: bool | None  # "not detected", or "not measured"; None where it is not shown
    several: frozenset[str]  # references of samples with a row for each of several substances


def absences_of(page: Table, layout: Layout) -> Absences:
    """Look at all rows: where each sample lists nearly the same substances, they are a panel."""
    column = layout.groups.get(0, {}).get("substance")
    key = (layout.sample.get("reference") or [""])[0]
    if not column:
        return Absences(bool(layout.contents), frozenset())
    absent = _beside_limits(page, layout.groups[0].get("amount", "")) or None
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


def _beside_limits(page: Table, column: str) -> bool:
    """Say whether a column of amounts has a limit for what is there and too little: `< LQ`.

    Then "nd" beside it is not detected.
    """
    cells = (as_text(f[1].get(column)) for f in page.rows() if isinstance(f, tuple))
    return bool(column) and any(said(cell) == "absent" and BELOWS.match(cell) for cell in cells)
