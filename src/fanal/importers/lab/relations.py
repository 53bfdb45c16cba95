"""Samples and findings in linked tables: of an SQLite file, or on the sheets of a workbook."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from fanal.importers.base import File
from fanal.importers.lab.layout import Layout
from fanal.importers.reading.archives import head, read_whole
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.rows import Table, as_text

LARGEST = 512 << 20  # bytes of a database, which is held in memory
TIED = 0.6  # of the references among results must be of samples, or the sheets are not linked
Row = dict[str, Any]


@dataclass(frozen=True)
class Joined:
    """Each sample with its number, its own row, and the rows of what was found in it."""

    columns: tuple[str, ...]
    own: frozenset[str]  # the columns of the two tables; the others describe what they point to
    rows: list[tuple[int, Row, list[Row]]]


def is_database(path: File) -> bool:
    """Say whether a file is an SQLite database."""
    return head(path).startswith(b"SQLite format 3\x00")


def joined_tables(path: File, layout: Callable[[Sequence[str]], Layout]) -> Joined | None:
    """Return samples joined to what was found; None where no two tables are linked so."""
    tables = _tables(path)
    for name, rows in tables.items():
        if not rows:
            continue
        for other, samples in tables.items():
            keys = [k for k in _keys(other, samples) if k in rows[0]]
            if other == name or not keys:
                continue
            wide = _widened(other, samples, tables, [name])
            if not wide:
                continue
            answers = _widened(name, rows, tables, [other])
            found = layout(tuple(dict.fromkeys([*wide[0], *answers[0]])))
            substance = found.groups.get(0, {}).get("substance")
            if substance in wide[0] or substance not in answers[0]:
                continue
            if not set(found.sample.get("reference", ())) & set(wide[0]):
                continue
            by_key: dict[Any, list[Row]] = defaultdict(list)
            for row in answers:
                by_key[row[keys[0]]].append(row)
            joined = [(n, row, by_key.get(row[keys[0]], [])) for n, row in enumerate(wide, 1)]
            columns = tuple(dict.fromkeys([*wide[0], *answers[0]]))
            return Joined(columns, frozenset([*rows[0], *samples[0]]), joined)
    return None


def _tables(path: File) -> dict[str, list[Row]]:
    with foreign("database"), closing(sqlite3.connect(":memory:")) as connection:
        # in memory: a database beside its journal would be written to when opened
        connection.deserialize(read_whole(path, LARGEST))
        connection.row_factory = sqlite3.Row
        names = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')]
            for name in names if not name.startswith("sqlite_")
        }  # fmt: skip


def _keys(name: str, rows: list[Row]) -> list[str]:
    """Return the columns of a table that tell its rows apart, its first ones."""
    if not rows:
        return []
    first = next(iter(rows[0]))
    values = [row[first] for row in rows]
    return [first] if None not in values and len(set(values)) == len(values) else []


def _widened(
    name: str, rows: list[Row], tables: dict[str, list[Row]], without: list[str]
) -> list[Row]:
    """Return rows with the columns of the tables that they point to by a key of the same name."""
    if not rows:
        return []
    wide = [dict(row) for row in rows]
    own = _keys(name, rows)
    for other, looked in tables.items():
        if other == name or other in without:
            continue
        for key in _keys(other, looked):
            if key not in rows[0] or key in own:
                continue
            by_key = {row[key]: row for row in looked}
            for row in wide:
                for column, value in (by_key.get(row[key]) or dict.fromkeys(looked[0])).items():
                    row.setdefault(column, value)
    return wide


def joined_sheets(pages: Sequence[Table], layouts: Sequence[Layout]) -> list[tuple[int, int]]:
    """Return pairs of sheets: samples without what was found, and what was found in them."""
    pairs: list[tuple[int, int]] = []
    for results, answers in enumerate(layouts):
        if not answers.tells_contents:
            continue
        for samples, layout in enumerate(layouts):
            about = {"sold_as", "sold_as_label", "date", "form", "place"} & set(layout.sample)
            ours = layout.groups.get(0, {}).keys() & {"substance"} or layout.contents
            if (
                samples != results
                and about - set(answers.sample)
                and not ours
                and tied(pages[samples], pages[results])
                and results not in {number for pair in pairs for number in pair}
            ):
                pairs.append((samples, results))
                break
    return pairs


def tied(samples: Table, results: Table) -> tuple[str, str] | None:
    """Return the column that tells samples apart and the one of results that points to it."""
    ours = {
        name: values for name, values in _values(samples).items()
        if len(values) > 1 and len(set(values)) == len(values)
    }  # fmt: skip
    best: tuple[float, str, str] = (TIED, "", "")
    for theirs, pointing in _values(results).items():
        pointed = set(pointing)
        for name, values in ours.items():
            share = len(pointed & set(values)) / max(1, len(pointed))
            if share > best[0] and len(pointed) > 1:
                best = (share, name, theirs)
    return best[1:] if best[1] else None


def _values(page: Table) -> dict[str, list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for found in page.rows():
        if isinstance(found, tuple):
            for name, cell in found[1].items():
                if text := as_text(cell):
                    values[name].append(text)
    return values
