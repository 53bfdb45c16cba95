"""Samples and results that come again: a repetition, an addition, or a correction.

Laboratories send the month's file again with corrected rows. A file that repeats what is known of
most of its samples is such a file: where it says otherwise, it is right, and what was said before
with the same method is of the past; what it leaves out was withdrawn. Any other file adds: what a
second method found, or a substance that was measured later. Nothing is overwritten: a correction
is the next version, and the views `samples` and `results` show the latest.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from fanal.records import Result, Sample, schema_of

_KEPT = ("id", "source", "run", "version")  # of a sample: no part of what is said of it
_SAID = ("label", "substance", "role", "amount", "amount_max", "unit", "censored")

Row = dict[str, Any]


@dataclass
class _Known:
    """What is known of the samples of a group: as stored, then with each file of the group."""

    samples: dict[bytes, Row] = field(default_factory=dict)
    results: dict[bytes, dict[str | None, tuple[int, list[Row]]]] = field(default_factory=dict)


def revised(
    connection: duckdb.DuckDBPyConnection, samples: str, results: str
) -> tuple[pa.Table, pa.Table]:
    """Return the rows of staged files that are to be stored, each with `part`, `piece`, `version`.

    `samples` and `results` list the staged files, for DuckDB.
    """
    part = "split_part(parse_filename(filename), '.', 1) AS part"
    staged = _rows(
        connection,
        f"SELECT s.* EXCLUDE (filename), {part} FROM read_parquet([{samples}], filename = true) s "
        "WHERE s.id NOT IN (SELECT id FROM tombstones WHERE scope = 'sample') "
        "ORDER BY filename, piece",
    )
    answers = (
        _rows(
            connection,
            f"SELECT r.* EXCLUDE (filename), {part} FROM read_parquet([{results}], "
            "filename = true) r WHERE r.sample NOT IN "
            "(SELECT id FROM tombstones WHERE scope = 'sample') ORDER BY filename, piece",
        )
        if results
        else []
    )
    ids = pa.table({"id": pa.array(sorted({row["id"] for row in staged}), pa.binary())})
    connection.register("touched", ids)
    known = _Known()
    for row in _rows(connection, "SELECT * FROM samples WHERE id IN (SELECT id FROM touched)"):
        known.samples[row["id"]] = row
    for row in _rows(connection, "SELECT * FROM results WHERE sample IN (SELECT id FROM touched)"):
        _, rows = known.results.setdefault(row["sample"], {}).setdefault(
            row["method"], (row["version"], [])
        )
        rows.append(row)
    fresh_samples: list[Row] = []
    fresh_results: list[Row] = []
    for file in dict.fromkeys(_file(row) for row in staged):
        _take(
            known,
            [row for row in staged if _file(row) == file],
            [row for row in answers if _file(row) == file],
            fresh_samples,
            fresh_results,
        )
    return _table(fresh_samples, Sample), _table(fresh_results, Result)


def _take(
    known: _Known,
    staged: list[Row],
    answers: list[Row],
    fresh_samples: list[Row],
    fresh_results: list[Row],
) -> None:
    """Lay one file over what is known."""
    said: dict[bytes, dict[str | None, list[Row]]] = defaultdict(dict)
    for row in answers:
        rows = said[row["sample"]].setdefault(row["method"], [])
        if all(_key(row) != _key(other) for other in rows):
            rows.append(row)
    first: dict[bytes, Row] = {}
    for row in staged:
        first.setdefault(row["id"], row)
    corrects = _corrects(known, said)
    for identifier, sample in first.items():
        before = known.samples.get(identifier)
        if before is None:
            sample["version"] = 1
        elif corrects and _differs(before, sample):
            sample |= {k: before[k] for k in before if sample.get(k) is None}
            sample["version"] = before["version"] + 1
        else:
            sample = before
        if sample is not before:
            fresh_samples.append(sample)
            known.samples[identifier] = sample
        stored = known.results.setdefault(identifier, {})
        for method, rows in said.get(identifier, {}).items():
            version, old = stored.get(method, (1, []))
            keys = {_key(row) for row in old}
            if keys == {_key(row) for row in rows}:
                continue
            if old and corrects:
                version, old, keys = version + 1, [], set()
            new = [row | {"version": version} for row in rows if _key(row) not in keys]
            stored[method] = (version, [*old, *new])
            fresh_results += new


def _corrects(known: _Known, said: dict[bytes, dict[str | None, list[Row]]]) -> bool:
    """Say whether a file repeats what is known of most of its samples that were known."""
    both = repeats = 0
    for identifier, methods in said.items():
        for method, rows in methods.items():
            _, old = known.results.get(identifier, {}).get(method, (1, []))
            if old:
                both += 1
                names = {_name(row) for row in old}
                repeats += any(_name(row) in names for row in rows)
    return both > 0 and 2 * repeats > both


def _differs(before: Row, now: Row) -> bool:
    """Say whether a sample is told otherwise; what is left out is not otherwise."""
    return any(
        now[k] is not None and now[k] != before[k]
        for k in before if k not in _KEPT and k in now
    )  # fmt: skip


def _name(row: Row) -> str:
    return row["substance"] or " ".join(row["label"].casefold().split())


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _SAID)


def _file(row: Row) -> str:
    return str(row["part"]).partition("-")[0]


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    rows: list[Row] = connection.sql(query).to_arrow_table().to_pylist()
    return rows


def _table(rows: list[Row], record: type[Sample] | type[Result]) -> pa.Table:
    schema = schema_of(record)
    schema = schema.append(pa.field("part", pa.string())).append(pa.field("piece", pa.int64()))
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in rows], schema
    )
