"""Sources that join: what a new one brings is no news until its own past was read.

A source that begins later than the observatory (by more than `TOGETHER`) brings its own words and
its own substances: against the past of the others they would all be new. So an alarm stands on
what is left when

- what comes from a source that is still learnt (its first `LEARNING`, and for a laboratory its
  first `NEEDED` samples) is left out;
- what a source has said since it joined is compared with the time since then alone, as long as
  the detector looks further back: what is left must be rare (`RARE`) against it too.

What is a danger by itself, whatever it was sold as, needs no past: its first finding is never left
out. Texts that come again after more than a `YEAR` without any are those of a source that joins.
A site of a network is a source that joins with what it sends (`read_by_sites`).

Since when a source speaks, and what it said after it joined, are counts (`Brought`), kept as
points are when texts and samples are erased: an alarm is judged later as it is today.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from fanal.laboratory import findings
from fanal.laboratory.findings import WHAT, prepare
from fanal.records import Brought, conform, empty, schema_of
from fanal.series import COUNTED, PAIR, name_of, parts_of, reaches, stretch
from fanal.stages import voices
from fanal.stages.grouping import rising

RULES = 6  # of what is no news: another number looks at the past anew
TOGETHER = timedelta(weeks=4)  # sources that begin within this time of the first began with it
LEARNING = timedelta(weeks=13)
NEEDED = 30  # samples, as for `first-seen`
YEAR = timedelta(weeks=52)
LATEST = YEAR + timedelta(weeks=5)  # alarms are of some weeks
RARE = 0.0005  # tail probability against the time since a source joined
SPREAD = 0.1  # believed between periods of that time, as the detectors do where they cannot know
WHERE = ("site", "kind")
OF_SITE = "@"  # before the name of a site that is a source: no name of a source begins so
OF_SAMPLES = ("found", "danger", "missold")
WATCHED = ("mentions", "practices", "platforms", PAIR, *OF_SAMPLES)


@dataclass(slots=True)
class Source:
    """Since when texts or samples of a source are read, and how many in which period."""

    lab: bool
    read: dict[str, dict[date, float]] = field(default_factory=lambda: defaultdict(dict))  # by step
    joined: list[date] = field(default_factory=list)  # none where it is as old as the observatory

    def begins(self) -> list[date]:
        """Return the days on which it began, and began again."""
        days = sorted(self.read["week"] or self.read["month"])
        return days[:1] + [b for a, b in pairwise(days) if not self.lab and b - a > YEAR]

    def units(self, step: str, first: date, last: date) -> float:
        """Return how many documents or samples of it were read in the periods that begin so."""
        return sum(n for period, n in self.read[step].items() if first <= period <= last)

    def learnt(self, step: str, began: date, before: date) -> bool:
        """Say whether enough of it was read before a day to know what it usually says."""
        read = self.units(step, began.replace(day=1), before - timedelta(days=1))
        return before - began >= LEARNING and (not self.lab or read >= NEEDED)


Sources = dict[tuple[str, str], Source]  # by what is read (documents, samples) and name
Past = dict[date, tuple[float, float]]  # period: how many of a series, of how many
Said = dict[str, dict[str, list[tuple[dict[str, str], date, float]]]]  # series, source: counts


# --- counting ------------------------------------------------------------------------------------


def samples(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return how many samples with results were read of each source (`Brought`)."""
    dated = "precision IN ('day', 'week', 'month')"
    counted = " UNION ALL ".join(
        f"""
        SELECT 'samples/source=' || source || '/{step}' AS series,
               CAST(date_trunc('{step}', day) AS DATE) AS period, '{step}' AS step,
               CAST(count(*) AS DOUBLE) AS value, CAST(NULL AS DOUBLE) AS denominator,
               false AS frozen
        FROM samples WHERE day IS NOT NULL AND {which} AND id IN (SELECT sample FROM results)
        GROUP BY ALL
        """
        for step, which in (("week", "true"), ("month", dated))
    )
    return conform(connection.sql(counted).to_arrow_table(), Brought)


def read_by_sites(connection: duckdb.DuckDBPyConnection, theirs: pa.Table) -> pa.Table:
    """Return how much each site of a network read (`Point`), as one source would (`Brought`)."""
    renamed, labs = [], []
    for name in theirs.column("series").unique().to_pylist():
        measure, dimensions, step = parts_of(name)
        source = {"source": OF_SITE + dimensions["site"]}
        if measure == "documents" and "kind" not in dimensions:
            renamed.append((name, name_of(measure, source, step)))
        elif measure == "found":
            labs.append((name, name_of("samples", source, step)))
    samples = _renamed(connection, theirs, labs, "max(denominator)")
    return pa.concat_tables([_renamed(connection, theirs, renamed, "sum(value)"), samples])


def said_by_sites(
    connection: duckdb.DuckDBPyConnection, theirs: pa.Table, since: Sources
) -> pa.Table:
    """Return what sites of a network said that joined it (`Point`), as a source (`Brought`)."""
    renamed = []
    joined = {name for (_, name), source in since.items() if source.joined}
    names = set(theirs.column("series").unique().to_pylist())
    for name in names:
        measure, dimensions, step = parts_of(name)
        source = OF_SITE + dimensions["site"]
        if source not in joined or measure not in WATCHED or _weekly(name) in names - {name}:
            continue
        if measure in OF_SAMPLES or "kind" in dimensions:  # texts once, by their kind
            renamed.append((name, name_of(measure, dimensions | {"source": source}, step)))
    return _renamed(connection, theirs, renamed, "sum(value)")


def _weekly(series: str) -> str:
    return series.rpartition("/")[0] + "/week"


def _renamed(
    connection: duckdb.DuckDBPyConnection,
    points: pa.Table,
    names: list[tuple[str, str]],
    value: str,
) -> pa.Table:
    if not names:
        return empty(Brought)
    columns = [pa.array(column, pa.string()) for column in zip(*names, strict=True)]
    connection.register("sent", points)
    connection.register("names", pa.table(columns, names=["old", "new"]))
    rows = connection.sql(
        f"SELECT new AS series, period, step, {value} AS value, NULL AS denominator, "
        "false AS frozen FROM sent JOIN names ON old = series GROUP BY ALL "
        f"HAVING {value} > 0"
    ).to_arrow_table()
    return conform(rows, Brought)


def sources(points: pa.Table, brought: pa.Table) -> Sources:
    """Return since when each source is read: `Point` tells of texts, `Brought` of all else."""
    found: Sources = {}
    for table, measure in ((points, "documents"), (brought, "documents"), (brought, "samples")):
        own = pc.starts_with(table.column("series"), f"{measure}/source=")
        for row in table.filter(own).to_pylist():
            name = parts_of(row["series"])[1]["source"]
            source = found.setdefault((measure, name), Source(lab=measure == "samples"))
            if row["value"] > 0:
                source.read[row["step"]][row["period"]] = row["value"]
    for measure in ("documents", "samples"):
        mine = {key: source.begins() for key, source in found.items() if key[0] == measure}
        start = min((day for days in mine.values() for day in days), default=date.min)
        for key, days in mine.items():
            found[key].joined = [day for day in days if day > start + TOGETHER]
    return found


def brought(
    connection: duckdb.DuckDBPyConnection, since: Sources, wider: pa.Table, points: pa.Table
) -> pa.Table:
    """Return what sources said after they joined, reposts not, in the series of `points`.

    `connection` has the views of the tables and `dangers`; `wider` is the lineage of substances.
    """
    stays = [
        {"measure": measure, "source": name, "began": day.replace(day=1), "until": day + LATEST,
         "recent": day + voices.RECENT}
        for (measure, name), source in since.items()
        for day in source.joined
    ]  # fmt: skip
    if not stays:
        return schema_of(Brought).empty_table()
    connection.register("stays", pa.Table.from_pylist(stays))
    connection.register("wider", wider)
    prepare(connection)
    names = set(points.column("series").unique().to_pylist())
    names |= {whole(name) for name in names if name.startswith("danger/")}  # counted by site alone
    rows = _missold(connection, since)
    for row in connection.sql(_SAID).fetchall():
        measure, one, value, other, beside, source, site, kind, step, period, n = row
        about = {one: value} | ({other: beside} if other else {})
        weekly = step == "month" and name_of(measure, about, "week") in names
        if not weekly and name_of(measure, about, step) in names:
            dimensions = about | {"source": source, "site": site, "kind": kind}
            rows.append((name_of(measure, dimensions, step), period, step, float(n), None, False))
    columns = list(zip(*rows, strict=True)) or [()] * 6
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, schema_of(Brought), strict=True)]
    said = pa.Table.from_arrays(arrays, schema=schema_of(Brought))
    return pa.concat_tables([said, voices.voices(connection, names)])


def _missold(
    connection: duckdb.DuckDBPyConnection, since: Sources
) -> list[tuple[str, date, str, float, None, bool]]:
    """Return samples that are not as they were sold, which without a laboratory nobody counted."""
    joined = sorted((name, min(s.joined)) for (what, name), s in since.items()
                    if what == "samples" and s.joined)  # fmt: skip
    every = findings.missold(connection) if joined else []
    rows: list[tuple[str, date, str, float, None, bool]] = []
    for source, began in joined:
        left = {(r.name, r.month): r.samples for r in findings.missold(connection, source)}
        for row in every:
            n = row.samples - left.get((row.name, row.month), 0)
            if n > 0 and began.replace(day=1) <= row.month <= began + LATEST:
                dimension, value = findings.under(row.name)
                about = {dimension: value, "source": source, "kind": "lab"}
                series = name_of("missold", about, "month")
                rows.append((series, row.month, "month", float(n), None, False))
    return rows


_WHOSE = "document, source, site, source_kind, day, precision"
_NAMED = " UNION ALL ".join(
    f"SELECT {_WHOSE}, '{measure}' AS measure, '{dimension}' AS one, {column} AS value "
    f"FROM here WHERE kind = '{kind}' AND {column} IS NOT NULL"
    for measure, (dimension, column, kind) in COUNTED.items()
)
_BESIDE = ", ".join(f"'{dimension}'" for dimension, _, _ in COUNTED.values())
_SAID = f"""
WITH here AS (
  SELECT f.* FROM facts f JOIN stays s
    ON s.measure = 'documents' AND s.source = f.source AND f.day BETWEEN s.began AND s.until
  WHERE f.document = f.first
), named AS (
  SELECT DISTINCT * FROM (
    {_NAMED}
    UNION ALL
    SELECT {_WHOSE}, 'mentions', w.dimension, w.wider
    FROM here JOIN wider w USING (substance) WHERE kind = 'mention'
  )
), {WHAT}, held AS (
  SELECT sample, what FROM what
  UNION
  SELECT sample, dimension || '=' || wider FROM what JOIN wider USING (substance)
), told AS (
  SELECT *, NULL AS other, NULL AS beside FROM named
  UNION ALL
  SELECT a.* REPLACE ('{PAIR}' AS measure),
         CASE b.one WHEN 'substance' THEN 'with' ELSE b.one END, b.value
  FROM named a JOIN named b USING (document)
  WHERE a.one = 'substance' AND b.one IN ({_BESIDE})
    AND (b.one <> 'substance' OR a.value < b.value)
  UNION ALL
  SELECT s.id, s.source, s.site, 'lab', s.day, s.precision, 'found', split_part(h.what, '=', 1),
         split_part(h.what, '=', 2), NULL, NULL
  FROM analysed s JOIN held h ON h.sample = s.id JOIN stays
    ON stays.measure = 'samples' AND stays.source = s.source
   AND s.day BETWEEN stays.began AND stays.until
  UNION ALL
  SELECT s.id, s.source, s.site, 'lab', s.day, s.precision, 'danger', 'rule', d.rule, 'substance',
         d.found
  FROM analysed s JOIN dangers d ON d.sample = s.id JOIN stays
    ON stays.measure = 'samples' AND stays.source = s.source
   AND s.day BETWEEN stays.began AND stays.until
), counted AS (
  SELECT *, 'week' AS step, date_trunc('week', day) AS period
  FROM told WHERE precision IN ('day', 'week')
  UNION ALL
  SELECT *, 'month', date_trunc('month', day) FROM told WHERE precision IN ('day', 'week', 'month')
)
SELECT measure, one, value, other, beside, source, site, source_kind, step,
       CAST(period AS DATE), count(DISTINCT document)
FROM counted GROUP BY ALL
"""


# --- judging alarms ------------------------------------------------------------------------------


def news(alarms: pa.Table, points: pa.Table, brought: pa.Table) -> list[bool]:
    """Return for each alarm whether it stands without what sources brought that joined."""
    rows = alarms.to_pylist()
    since = sources(points, brought)
    said = _said(brought, {whole(row["series"]) for row in rows})
    past = _past(points, {row["series"] for row in rows if whole(row["series"]) in said})
    levels = {r["series"] for r in rows if r["series"].split("/")[0] in voices.TOLD}
    told = voices.by_voice(points, brought, levels)
    return [
        voices.moved(row["series"], row["period"], rising(row), told.get(row["series"], {}))
        if row["series"] in levels
        else _stands(row, since, said, past.get(row["series"], {}))
        for row in rows
    ]  # fmt: skip


def whole(series: str) -> str:
    """Return a series without its site, its kind and its source."""
    measure, dimensions, step = parts_of(series)
    about = {k: v for k, v in dimensions.items() if k not in (*WHERE, "source")}
    return name_of(measure, about, step)


def _past(points: pa.Table, wanted: set[str]) -> dict[str, Past]:
    found: dict[str, Past] = defaultdict(dict)
    mine = pc.is_in(points.column("series"), pa.array(sorted(wanted), pa.string()))
    for row in points.filter(mine).to_pylist():
        found[row["series"]][row["period"]] = row["value"], row["denominator"] or 1.0
    return found


def _said(brought: pa.Table, wanted: set[str]) -> Said:
    found: Said = defaultdict(lambda: defaultdict(list))
    wanted = {name for name in wanted if name.split("/")[0] in WATCHED}
    names = [name for name in brought.column("series").unique().to_pylist() if
             whole(name) in wanted]  # fmt: skip
    mine = pc.is_in(brought.column("series"), pa.array(names, pa.string()))
    for row in brought.filter(mine).to_pylist():
        _, dimensions, _ = parts_of(row["series"])
        source = dimensions["source"]
        found[whole(row["series"])][source].append((dimensions, row["period"], row["value"]))
    return found


def _stands(row: dict[str, Any], since: Sources, said: Said, past: Past) -> bool:
    measure, dimensions, step = parts_of(row["series"])
    if measure not in WATCHED or not rising(row) or _by_itself(dimensions, row["parameters"]):
        return True
    first, last = stretch(row["period"], step, row["parameters"])
    begins: list[date] = []
    learning: dict[date, float] = defaultdict(float)
    reach = reaches(row["parameters"])
    for name, told in said.get(whole(row["series"]), {}).items():
        source = since["samples" if measure in OF_SAMPLES else "documents", name]
        began = max((day for day in source.joined if day <= last), default=None)
        if began is None:
            continue
        start = began.replace(day=1) if step == "month" else began
        counts = [
            (period, n) for where, period, n in told
            if start <= period <= last
            and all(where[k] == dimensions.get(k, where[k]) for k in WHERE if k in where)
        ]  # fmt: skip
        if not source.learnt(step, began, first):
            for period, n in counts:
                learning[period] += n
        elif first - start < reach and any(period < first for period, _ in counts):
            begins.append(start)
    left = row["observed"] - sum(n for period, n in learning.items() if period >= first)
    # A level of evidence that is gathered over weeks may lie below what was expected.
    if left < max(min(row["threshold"], row["observed"]), 1.0):
        return False
    own = {period: (n - learning.get(period, 0.0), of) for period, (n, of) in past.items()}
    return not begins or _rare(left, own, max(begins), first, last)


def _rare(left: float, own: Past, begins: date, first: date, last: date) -> bool:
    """Say whether so many are rare against the time since a source joined (as `novelty` does)."""
    from scipy.special import betainc  # takes a moment to load

    before = [both for period, both in own.items() if begins <= period < first]
    now = sum(of for period, (_, of) in own.items() if first <= period <= last)
    counted = 0.5 + sum(n for n, _ in before)
    mean = counted * now / max(1.0, sum(of for _, of in before))
    size = 1 / (SPREAD + 1 / counted)
    return bool(betainc(left, size, mean / (mean + size)) < RARE)


def _by_itself(dimensions: dict[str, str], parameters: str) -> bool:
    """Say whether it is the first finding of a danger whatever the sample was sold as."""
    asks = {rule.name for rule in findings.rules() if rule.sold_as or rule.unless_sold_as}
    rule = dimensions.get("rule")
    return bool(rule) and rule not in asks and json.loads(parameters).get("why") == "first"
