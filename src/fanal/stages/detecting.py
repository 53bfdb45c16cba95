"""Let the detectors look at the closed periods, and group what they say into signals."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from fanal.answers.ends import newest, silent_by
from fanal.laboratory import findings
from fanal.observatory import Observatory
from fanal.people import triage
from fanal.plugins import known, make, parameters_of
from fanal.records import (
    Alarm,
    Brought,
    Decision,
    Point,
    Signal,
    conform,
    empty,
    schema_of,
    table_of,
)
from fanal.series import COUNTED, concept_of, end_of, halves, lineage, parts_of, stretch
from fanal.stages import grouping, joining, successors
from fanal.stages.runs import Outcome, recorded
from fanal.stages.tallying import count
from fanal.stages.workers import SeriesToWatch, look
from fanal.storage.tables import as_json

ORDER = [(name, "ascending") for name in ("series", "period", "detector")]  # of alarms


def detect(ws: Observatory, as_of: date | None = None) -> Outcome:
    """Let the detectors look at the closed periods, and group what they say into signals."""
    from fanal import detectors  # their statistics take a second to load

    count(ws)
    with ws.writing(), recorded(ws, "detect", {"detectors": ws.settings.detectors}) as outcome:
        plugins = known("detectors", detectors.BUILTIN)
        given = ws.settings.parameters
        looking = [make(plugins, "detector", n, **given.get(n, {})) for n in ws.settings.detectors]
        seen = as_of or newest(ws)
        told = ws.phenomena()
        stamp = [ws.tables.fingerprint(Point), str(seen), str(len(told))]
        stamp += [f"{grouping.RULES} {joining.RULES}"]
        stamp += [as_json({d.name: parameters_of(d)}) for d in looking]
        fingerprint = hashlib.blake2b("\n".join(stamp).encode(), digest_size=16).hexdigest()
        outcome.detail |= {"fingerprint": fingerprint, "as_of": str(seen)}
        every = conform(ws.tables.query("SELECT * FROM points"), Point)
        points = closed(every, seen)
        outcome.rows_in = points.num_rows
        if ws.tables.fingerprint(Signal) == fingerprint:
            return outcome
        seeing = {
            "closed": points,
            "begun": every.filter(pc.less_equal(every.column("period"), pa.scalar(seen))),
            # where one file is ahead of the others, these have not fallen silent
            "shared": closed(with_silence(every, silent_by(ws)), min(seen, silent_by(ws))),
        }
        tasks = (SeriesToWatch(d, watched(seeing[d.sees], d.watches)) for d in looking)
        alarms = [empty(Alarm)]
        for number, found in enumerate(ws.engine.map(look, tasks, schema_of(Alarm)), 1):
            alarms.append(found)
            ws.progress("detect", number, len(looking))
        previous = conform(ws.tables.query("SELECT * FROM signals"), Signal)
        heard, wider = pa.concat_tables(alarms), lineage(ws.thesaurus())
        brought = conform(ws.tables.query("SELECT * FROM brought"), Brought)
        news_of = zip(joining.news(heard, every, brought), successors.still(ws, heard), strict=True)
        stands = pa.array(map(all, news_of), pa.bool_())
        news = heard.filter(stands)
        grouped, linked = grouping.group(
            news,
            points,
            previous,
            grouping.keyed(ws.signal_key()),
            wider=wider,
            carried=_carried(ws, news),
            told=told,
            rarities=detectors.rarities(),
            areas=ws.areas(),
        )
        # An alarm that is no news is kept, and belongs to no signal.
        linked = pa.concat_tables([linked, conform(heard.filter(pc.invert(stands)), Alarm)])
        lapsed = _lapsed(ws, previous, grouped)
        ws.tables.replace(Alarm, linked.sort_by(ORDER))
        ws.tables.replace(Signal, pa.concat_tables([grouped, lapsed]), fingerprint=fingerprint)
        _decided(ws, grouped, lapsed)
        outcome.rows_out, outcome.changed = grouped.num_rows, True
        outcome.detail["alarms"] = linked.num_rows
    return outcome


def _carried(ws: Observatory, alarms: pa.Table) -> pa.Table:
    """Return which documents and samples carry the concepts that alarm: `signals.CARRIED`."""
    concepts = {concept_of(name) for name in alarms.column("series").to_pylist()}
    wanted = [
        f"SELECT '{dimension}=' || f.{column} AS concept, f.first AS document, "
        "first(f.site ORDER BY f.day, f.document) AS site, min(f.day) AS day FROM facts f "
        f"WHERE f.kind = '{kind}' AND list_contains($concepts, '{dimension}=' || f.{column}) "
        f"GROUP BY f.{column}, f.first"
        for dimension, column, kind in COUNTED.values()
    ]
    wanted += [
        f"SELECT {concept} AS concept, s.id AS document, s.site, s.day FROM {rows} "
        f"WHERE s.day IS NOT NULL AND list_contains($concepts, {concept})"
        for concept, rows in (
            ("'missold substance=' || s.sold_as", "samples s"),
            ("'changed substance=' || s.sold_as", "samples s"),
            ("'substance=' || d.found", "dangers d JOIN samples s ON s.id = d.sample"),
        )
    ]
    parameters = {"concepts": sorted(concepts)}
    with ws.tables.connect() as connection:
        connection.register("dangers", findings.dangers(connection))
        rows = connection.sql(" UNION ALL ".join(wanted), params=parameters).to_arrow_table()
    return rows.cast(grouping.CARRIED)


def _lapsed(ws: Observatory, previous: pa.Table, grouped: pa.Table) -> pa.Table:
    """Return the earlier signals that no alarm speaks for any more and that stay on record.

    These are the ones that somebody decided on, and the ones whose codes people rejected. Others
    come and go with the evidence.
    """
    present = set(grouped.column("id").to_pylist())
    decided = {decision.signal for decision in ws.state.all(Decision)}
    rejected: dict[str, list[date]] = defaultdict(list)
    for row in ws.tables.rows(_REJECTED):
        rejected[row["concept"]].append(row["day"])
    members: dict[str, set[str]] = defaultdict(set)
    for row in lineage(ws.thesaurus()).to_pylist():
        members[f"{row['dimension']}={row['wider']}"].add(f"substance={row['substance']}")
    kept = []
    for signal in previous.to_pylist():
        parts = halves(signal["concept"])
        concepts = parts.union(*(members.get(part, ()) for part in parts))
        step = parts_of(signal["series"])[2]
        first, _ = stretch(signal["first"], step, signal["parameters"])
        until = end_of(signal["last"], step)
        taken = any(first <= day <= until for part in concepts for day in rejected.get(part, ()))
        if signal["id"] not in present and (taken or signal["id"] in decided):
            kept.append(signal | {"score": 0.0, "evidence": 0.0})
    return pa.Table.from_pylist(kept, schema=schema_of(Signal))


# What people rejected, under the names of what it was taken for.
_REJECTED = " UNION ".join(
    f"SELECT '{dimension}=' || o.{column} AS concept, t.day FROM observations o "
    "SEMI JOIN (SELECT * FROM codings WHERE verdict = 'reject') r "
    "ON r.document = o.document AND r.version = o.version AND r.kind = o.kind "
    "AND r.start = o.start AND r.stop = o.stop "
    "JOIN texts t ON t.id = o.document AND t.version = o.version AND t.month = o.month "
    f"WHERE o.{column} IS NOT NULL"
    for dimension, column, _ in COUNTED.values()
)


def _decided(ws: Observatory, grouped: pa.Table, lapsed: pa.Table) -> None:
    """Write down what the program decides: what is back is open again, what lapsed is closed."""
    decisions, now = ws.state.all(Decision), datetime.now(UTC)
    ws.state.append(
        *triage.reopened(_signals(grouped), decisions, now),
        *triage.lapses(_signals(lapsed), decisions, now),
    )


def _signals(table: pa.Table) -> list[Signal]:
    return [Signal(**row) for row in table.to_pylist()]


def with_silence(points: pa.Table, until: date) -> pa.Table:
    """Return the points, with a zero of each source for each period after the last of all texts.

    Where something was read, a source that says nothing has its zero already (`counting`).
    """
    read = points.filter(pc.starts_with(points.column("series"), "documents/source="))
    zeros = []
    for step in ("week", "month"):
        of_step = read.filter(pc.equal(read.column("step"), step))
        names = of_step.column("series").unique().to_pylist()
        period = pc.max(of_step.column("period")).as_py() or until
        while (period := end_of(period, step) + timedelta(days=1)) <= until:
            zeros += [Point(name, period, step, 0.0, None, False) for name in names]
    return pa.concat_tables([points, table_of(zeros, Point)])


def closed(points: pa.Table, seen: date) -> pa.Table:
    """Return the points of periods that ended by a day: a week half read is no fall."""
    periods = points.column("period").to_pylist()
    steps = points.column("step").to_pylist()
    keep = [end_of(period, step) <= seen for period, step in zip(periods, steps, strict=True)]
    return conform(points.filter(pa.array(keep, pa.bool_())), Point)


def watched(points: pa.Table, prefixes: tuple[str, ...]) -> pa.Table:
    """Return the points of series that begin so: months only where there are no weeks."""
    names: list[str] = points.column("series").to_pylist()
    weekly = {name.removesuffix("/week") for name in names if name.endswith("/week")}
    keep = [
        name.startswith(prefixes)
        and not (name.endswith("/month") and name.removesuffix("/month") in weekly)
        for name in names
    ]
    return points.filter(pa.array(keep, pa.bool_()))
