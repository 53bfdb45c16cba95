"""Abbreviations that a laboratory explains beside its table: `n.r. = non rilevato`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from fanal.importers.base import Issue, Skipped
from fanal.importers.lab.answers import said, short_form
from fanal.importers.reading.below_tables import BELOW, notes_below
from fanal.importers.reading.rows import Found, Table, as_text
from fanal.thesaurus import resolve, shipped

LONGEST = 4  # letters of an abbreviation
_ENTRY = re.compile(
    r"(?<![^\W_])(?P<mark>[<≤]?\s?[^\W\d_](?:[./]?\s?[^\W\d_]){0,3}\.?)\s*(?:[:=]|\s[–-]\s)\s*"
    r"(?P<text>[^;,:=()\n]+?)\s*(?:\([^)]*\))?\s*(?=[;,.]|$)"
)


def legend_of(line: str) -> dict[str, str]:
    """Return abbreviation → what a line says that it stands for; {} where it explains none.

    >>> legend_of("n.q. = nicht quantifizierbar; n.n. = nicht nachgewiesen")
    {'nq': 'nicht quantifizierbar', 'nn': 'nicht nachgewiesen'}
    >>> legend_of("MDMA : non détecté"), legend_of("Source : laboratoire")
    ({}, {})
    """
    entries = {found["mark"].strip(): found["text"] for found in _ENTRY.finditer(line)}
    return {
        short_form(mark): text for mark, text in entries.items()
        if said(text) and not resolve(mark, shipped())[0]
    }  # fmt: skip


def with_legend(page: Table) -> Table:
    """Return a table whose cells say in words what its notes say that they stand for.

    The notes under it are no samples.
    """
    below = notes_below(page)
    lines = list(below.values())
    for number, row in page.loose():
        if number >= page.header:
            break
        lines += [text for cell in row if (text := as_text(cell))]
    legend: dict[str, str] = {}
    for line in lines:
        legend |= legend_of(line)
    if not (below or legend):
        return page

    def rows() -> Iterator[Found]:
        for found in page.rows():
            record = found[0] if isinstance(found, tuple) else getattr(found, "record", 0)
            if record in below and (not isinstance(found, Issue) or found.level == "error"):
                yield Skipped(BELOW)
            elif legend and isinstance(found, tuple):
                yield record, {name: _told(cell, legend) for name, cell in found[1].items()}
            else:
                yield found

    return replace(page, rows=rows)


def _told(cell: object, legend: dict[str, str]) -> object:
    if not isinstance(cell, str) or len(cell) > 2 * LONGEST:
        return cell
    return legend.get(short_form(cell), cell)
