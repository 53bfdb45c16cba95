"""Samples and results that come again: a repetition, an addition, or a correction.

Laboratories send the month's file again with corrected rows. A file that repeats what is known of
most of its samples is such a file: where it says otherwise, it is right, and what was said before
with the same method is of the past; what it leaves out was withdrawn. Any other file adds: what a
second method found, or a substance that was measured later. Nothing is overwritten: a correction
is the next version, and the views `samples` and `results` show the latest.

References may begin again each year, or on each sheet: a file whose references are known, but
mostly of other days or of what was sold as something else, is another series, and its samples have
ids of their own. Results that are the same say of a sample whose day or name differs that it was
corrected, but not of one of another year: next year's first cocaine holds what this year's held.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from fanal.records import Result, Sample, schema_of
from fanal.stages.ingest.identity import again
from fanal.stages.ingest.replacing import too_many

_KEPT = ("id", "source", "run", "version")  # of a sample: no part of what is said of it
_SAID = ("label", "substance", "role", "amount", "amount_max", "unit", "censored")

Row = dict[str, Any]


@dataclass
class _Stored:
    """What is known of the samples of a group: as stored, then with each file of the group."""

    samples: dict[bytes, Row] = field(default_factory=dict)
    results: dict[bytes, dict[str | None, tuple[int, list[Row]]]] = field(default_factory=dict)
    erased: set[bytes] = field(default_factory=set)


class Revised(NamedTuple):
    """The rows of staged files that are to be stored, each with `part`, `piece` and `version`."""

    samples: pa.Table
    results: pa.Table
    erased: Counter[str]  # part → samples that stay out, since they were erased
    refused: dict[str, list[bytes]]  # file → samples that it would replace


def revised(
    connection: duckdb.DuckDBPyConnection,
    samples: str,
    results: str,
    global_ids: bool = False,
    replace: bool = False,
) -> Revised:
    """Return what of staged files is to be stored.

    `samples` and `results` list the staged files, for DuckDB. With `global_ids` a reference is one
    sample for ever. A file stops that would replace many others, unless it may `replace` them.
    """
    part = "split_part(parse_filename(filename), '.', 1) AS part"
    staged = _rows(
        connection,
        f"SELECT s.* EXCLUDE (filename), {part} FROM read_parquet([{samples}], filename = true) s "
        "ORDER BY filename, piece",
    )
    answers = (
        _rows(
            connection,
            f"SELECT r.* EXCLUDE (filename), {part} FROM read_parquet([{results}], "
            "filename = true) r ORDER BY filename, piece",
        )
        if results
        else []
    )
    known = _known(connection, {row["id"] for row in staged}, global_ids)
    fresh_samples: list[Row] = []
    fresh_results: list[Row] = []
    erased: Counter[str] = Counter()
    refused: dict[str, list[bytes]] = {}
    by_file: dict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for row in staged:
        by_file[_file(row)][0].append(row)
    for row in answers:
        by_file[_file(row)][1].append(row)
    for file in dict.fromkeys(_file(row) for row in staged):
        mine, said = by_file[file]
        if not global_ids:
            _tell_apart(known, mine, said)
        others = [row["id"] for row in mine if _is_other(known, row, row["id"], _by_row(said))]
        if not replace and too_many(len(others), len(mine)):
            refused[file] = others
            continue
        gone = {(row["part"], row["piece"]) for row in mine if row["id"] in known.erased}
        erased.update(part for part, _ in gone)
        mine = [row for row in mine if row["id"] not in known.erased]
        said = [row for row in said if row["sample"] not in known.erased]
        _take(known, mine, said, fresh_samples, fresh_results)
    return Revised(_table(fresh_samples, Sample), _table(fresh_results, Result), erased, refused)


def _known(connection: duckdb.DuckDBPyConnection, ids: set[bytes], global_ids: bool) -> _Stored:
    """Return what is stored of these samples, and of the series that have their references."""
    known = _Stored()
    gone = _rows(connection, "SELECT DISTINCT id FROM tombstones WHERE scope = 'sample'")
    known.erased = {row["id"] for row in gone}
    for time in count():
        numbered = {again(i, time) for i in ids}
        touched = pa.table({"id": pa.array(sorted(numbered), pa.binary())})
        connection.register("touched", touched)
        samples = _rows(connection, "SELECT * FROM samples WHERE id IN (SELECT id FROM touched)")
        known.samples |= {row["id"]: row for row in samples}
        query = "SELECT * FROM results WHERE sample IN (SELECT id FROM touched)"
        for row in _rows(connection, query):
            _, rows = known.results.setdefault(row["sample"], {}).setdefault(
                row["method"], (row["version"], [])
            )
            rows.append(row)
        if global_ids or not (samples or numbered & known.erased):
            break
    return known


def _tell_apart(known: _Stored, staged: list[Row], answers: list[Row]) -> None:
    """Give the samples of a file the ids of their series."""
    series: dict[int, list[Row]] = defaultdict(list)
    begun: dict[bytes, list[Row]] = defaultdict(list)
    alike = _one_series(staged)
    for row in staged:  # in one file too, references may begin again: each year, on each sheet
        known_as = begun[row["id"]]
        place = next((n for n, first in enumerate(known_as) if alike(first, row)), len(known_as))
        if place == len(known_as):
            known_as.append(row)
        series[place].append(row)
    said = _by_row(answers)
    taken: set[bytes] = set()
    for rows in series.values():
        time = _time(known, rows, said, taken)
        for row in rows:
            row["id"] = again(row["id"], time)
            for answer in said[row["part"], row["piece"]]:
                answer["sample"] = row["id"]
        taken |= {row["id"] for row in rows}


def _one_series(staged: list[Row]) -> Callable[[Row, Row], bool]:
    """Return how rows of one reference are told to be one sample: by year, or by day and name.

    Where most that come again disagree, references have begun again within the file.
    """
    first: dict[bytes, Row] = {}
    repeated = [row for row in staged if first.setdefault(row["id"], row) is not row]
    agreed = sum(_agree(first[row["id"]], row) for row in repeated)
    return _of_one_year if 2 * agreed >= len(repeated) else _agree


def _of_one_year(before: Row, now: Row) -> bool:
    days = [row["day"].year for row in (before, now) if row["day"]]
    return len(set(days)) < 2


def _time(
    known: _Stored, rows: list[Row], said: dict[tuple[str, int], list[Row]], taken: set[bytes]
) -> int:
    """Return which series of their references these samples are.

    What was said of erased ones is not known: they are taken for it unless a series agrees.
    """
    erased: int | None = None
    for time in count():
        ids = {again(row["id"], time) for row in rows}
        common = [row for row in rows if again(row["id"], time) in known.samples]
        strange = sum(_is_other(known, row, again(row["id"], time), said) for row in common)
        if ids & taken or 2 * strange > len(common):
            continue
        if not common and ids & known.erased:
            erased = time if erased is None else erased
        else:
            return time if common or erased is None else erased
    raise AssertionError("count() ends never")


def _by_row(answers: list[Row]) -> dict[tuple[str, int], list[Row]]:
    said: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in answers:
        said[row["part"], row["piece"]].append(row)
    return said


def _is_other(
    known: _Stored, row: Row, identifier: bytes, said: dict[tuple[str, int], list[Row]]
) -> bool:
    """Say whether a row tells of another sample than the one that is known by this id."""
    if identifier not in known.samples or _agree(known.samples[identifier], row):
        return False
    if not _of_one_year(known.samples[identifier], row):
        return True
    before = known.results.get(identifier, {}).values()
    keys = {_key(old) for _, olds in before for old in olds}
    now = {_key(answer) for answer in said[row["part"], row["piece"]]}
    return not now or not now <= keys


def _agree(before: Row, now: Row) -> bool:
    """Say whether two rows can tell of one sample: of one day, and sold as one thing."""
    return all(
        before[k] is None or now[k] is None or before[k] == now[k] for k in ("day", "sold_as")
    )


def _take(
    known: _Stored,
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


def _corrects(known: _Stored, said: dict[bytes, dict[str | None, list[Row]]]) -> bool:
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
