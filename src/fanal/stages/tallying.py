"""Count every series anew where the evidence changed; frozen points stay as they are."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

import duckdb
import pyarrow as pa

from fanal.answers import sites
from fanal.answers.ends import ENDED
from fanal.observatory import Observatory
from fanal.records import RECORDS, VERSION, Brought, Point, conform
from fanal.series import lineage, name_of, parts_of
from fanal.stages import counting, joining
from fanal.stages.joining import whole
from fanal.stages.runs import Outcome, recorded
from fanal.stages.workers import WindowToCount, tally

WIDER = ("mentions", "channels", "authors", "found")  # measures that tell of groups and classes


def count(ws: Observatory, *, freeze: date | None = None) -> Outcome:
    """Count every series anew where the evidence changed; frozen points stay as they are.

    With `freeze`, what was counted for periods that ended before that day and is no longer given
    by the evidence is frozen: texts were erased, and the charts of the past do not change.
    """
    with ws.writing(), recorded(ws, "count", {"cut": ws.settings.cut}) as outcome:
        inputs = [ws.tables.version(r) for r in counting.READS]
        thesaurus = ws.thesaurus()
        inputs += [
            thesaurus.fingerprint,
            str(counting.RULES),
            VERSION,
            *sites.stamp(ws),
        ]
        fingerprint = hashlib.blake2b("\n".join(inputs).encode(), digest_size=16).hexdigest()
        outcome.detail["fingerprint"] = fingerprint
        if freeze is None and ws.tables.fingerprint(Point) == fingerprint:
            return outcome
        with ws.tables.connect() as connection:
            wider = lineage(thesaurus)
            tallies = _tallies(ws, wider)
            points = counting.points(connection, tallies, wider)
            theirs = sites.sent(ws)
            points = _kept(connection, Point, sites.joined(points, theirs), freeze)
            points = _widened(connection, Point, points, wider, points, freeze)
            read = pa.concat_tables(
                [joining.samples(connection), joining.read_by_sites(connection, theirs)]
            )
            since = joining.sources(points, _kept(connection, Brought, read, freeze))
            said = joining.brought(connection, since, wider, points)
            of_sites = joining.said_by_sites(connection, theirs, since)
            every = pa.concat_tables([read, said, of_sites])
            brought = _kept(connection, Brought, every, freeze)
            brought = _widened(connection, Brought, brought, wider, points, freeze)
        ws.tables.replace(Brought, brought)
        ws.tables.replace(Point, points, fingerprint=fingerprint)
        outcome.rows_out, outcome.changed = points.num_rows, True
    return outcome


def _tallies(ws: Observatory, wider: pa.Table) -> pa.Table:
    """Count in texts: all of time here, or windows of it by what the engine has for parts."""
    months = [row["month"] for row in ws.tables.rows("SELECT DISTINCT month FROM documents")]
    windows = counting.windows(months, ws.engine.parts)
    if not windows:
        with ws.tables.connect() as connection:
            return counting.tally(connection, wider)
    files = [ws.tables.files(record) if record in counting.TEXTS else [] for record in RECORDS]
    spill = ws.scratch / "staging"  # emptied when the next run starts
    spill.mkdir(parents=True, exist_ok=True)
    tasks = [
        WindowToCount(window, files, ws.tables.judged(), wider, str(spill)) for window in windows
    ]
    return pa.concat_tables(ws.engine.map(tally, tasks, counting.TALLY))


def _kept(
    connection: duckdb.DuckDBPyConnection,
    record: type[Point],
    fresh: pa.Table,
    freeze: date | None,
) -> pa.Table:
    """Return what the evidence gives, with what is frozen in its place or beside it."""
    connection.register("fresh", fresh)
    query = _FROZEN.format(table=record.table)
    connection.register("frozen", connection.sql(query, params={"freeze": freeze}).to_arrow_table())
    kept = connection.sql(
        "SELECT * FROM fresh ANTI JOIN frozen USING (series, period) "
        "UNION ALL BY NAME SELECT * FROM frozen ORDER BY series, period"
    ).to_arrow_table()
    return conform(kept, record)


def _widened(
    connection: duckdb.DuckDBPyConnection,
    record: type[Point],
    kept: pa.Table,
    wider: pa.Table,
    points: pa.Table,
    freeze: date | None,
) -> pa.Table:
    """Return what was kept, with what was erased of their members in groups and classes.

    A group or class is told once a second member comes: what was erased before that is known of
    its members alone. What was told of it before this erasure stays as it was, and is frozen with
    them. `points` tell which are told; `fresh` is what the evidence gives.
    """
    told = {whole(name) for name in points.column("series").unique().to_pylist()}
    names = kept.filter(kept.column("frozen")).column("series").unique().to_pylist()
    above = [pair for pair in _above(names, wider) if whole(pair["above"]) in told]
    if not above:
        return kept
    connection.register("kept", kept)
    connection.register("above", pa.Table.from_pylist(above))
    query = _WIDENED.format(table=record.table)
    return conform(connection.sql(query, params={"freeze": freeze}).to_arrow_table(), record)


def _above(names: Iterable[str], wider: pa.Table) -> Iterator[dict[str, str]]:
    """Yield each series of a substance with those of its groups and its class."""
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in wider.to_pylist():
        groups[row["substance"]].append({row["dimension"]: row["wider"]})
    for series in names:
        measure, dimensions, step = parts_of(series)
        if measure in WIDER:
            for group in groups[dimensions.pop("substance", "")]:
                yield {"series": series, "above": name_of(measure, dimensions | group, step)}


_WIDENED = """
WITH erased AS (
  SELECT a.above AS series, k.period, any_value(k.step) AS step,
         sum(greatest(0, k.value - coalesce(f.value, 0))) AS value,
         max(k.denominator) AS denominator
  FROM kept k JOIN above a USING (series)
  LEFT JOIN fresh f ON f.series = k.series AND f.period = k.period
  WHERE k.frozen GROUP BY ALL
)
SELECT series, period, coalesce(k.step, e.step) AS step,
       CASE WHEN k.frozen OR told THEN k.value
         ELSE coalesce(k.value, 0) + coalesce(e.value, 0) END AS value,
       CASE WHEN k.frozen OR told THEN k.denominator
         ELSE greatest(k.denominator, e.denominator) END AS denominator,
       coalesce(k.frozen, false) OR (coalesce(told, false) AND e.series IS NOT NULL) AS frozen
FROM kept k FULL JOIN erased e USING (series, period)
LEFT JOIN (SELECT series, period, $freeze IS NOT NULL AS told FROM {table})
  USING (series, period)
ORDER BY series, period
"""

_FROZEN = f"""
SELECT p.* EXCLUDE (ended) REPLACE (true AS frozen)
FROM (SELECT *, {ENDED} AS ended FROM {{table}}) p
LEFT JOIN fresh f ON f.series = p.series AND f.period = p.period
WHERE p.frozen OR (
  $freeze IS NOT NULL AND p.ended < $freeze
  AND (f.series IS NULL OR f.value <> p.value OR f.denominator IS DISTINCT FROM p.denominator)
)
"""
