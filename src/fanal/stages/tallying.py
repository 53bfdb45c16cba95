"""Count every series anew where the evidence changed; frozen points stay as they are."""

from __future__ import annotations

import hashlib
from datetime import date

import duckdb
import pyarrow as pa

from fanal.answers import sites
from fanal.answers.ends import ENDED
from fanal.observatory import Observatory
from fanal.records import RECORDS, VERSION, Brought, Point, conform
from fanal.series import lineage
from fanal.stages import counting, joining
from fanal.stages.runs import Outcome, recorded
from fanal.stages.workers import WindowToCount, tally


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
            points = _kept(connection, Point, sites.joined(ws, points), freeze)
            read = joining.samples(connection)
            since = joining.sources(points, _kept(connection, Brought, read, freeze))
            said = joining.brought(connection, since, wider, points)
            brought = _kept(connection, Brought, pa.concat_tables([read, said]), freeze)
        ws.tables.replace(Brought, brought)
        ws.tables.replace(Point, points, fingerprint=fingerprint)
        outcome.rows_out, outcome.changed = points.num_rows, True
    return outcome


def _tallies(ws: Observatory, wider: pa.Table) -> pa.Table:
    """Let the engine count in texts, by windows of time."""
    files = [ws.tables.files(record) if record in counting.TEXTS else [] for record in RECORDS]
    months = [row["month"] for row in ws.tables.rows("SELECT DISTINCT month FROM documents")]
    spill = ws.scratch / "staging"  # emptied when the next run starts
    spill.mkdir(parents=True, exist_ok=True)
    tasks = [
        WindowToCount(window, files, ws.tables.judged(), wider, str(spill))
        for window in counting.windows(months, ws.engine.parts)
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


_FROZEN = f"""
SELECT p.* EXCLUDE (ended) REPLACE (true AS frozen)
FROM (SELECT *, {ENDED} AS ended FROM {{table}}) p
LEFT JOIN fresh f ON f.series = p.series AND f.period = p.period
WHERE p.frozen OR (
  $freeze IS NOT NULL AND p.ended < $freeze
  AND (f.series IS NULL OR f.value <> p.value OR f.denominator IS DISTINCT FROM p.denominator)
)
"""
