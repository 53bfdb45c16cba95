"""Sources that join: what a new one brings is no news until its own past was read.

A source that begins later than the observatory (by more than `TOGETHER`) brings its own words and
its own substances: against the past of the others they would all be new. So an alarm stands on
what is left when

- what comes from a source that is still learnt (its first `LEARNING`, and for a laboratory its
  first `NEEDED` samples) is left out;
- what a source of less than a `YEAR` is known to say, by its own past, is expected as well.

A danger needs no past, and is never left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from fanal.laboratory.findings import WHAT, prepare
from fanal.series import COUNTED, parts_of, stretch
from fanal.stages.grouping import rising

RULES = 1  # of what is no news: another number looks at the past anew
TOGETHER = timedelta(weeks=4)  # sources that begin within this time of the first began with it
LEARNING = timedelta(weeks=13)
NEEDED = 30  # samples, as for `first-seen`
YEAR = timedelta(weeks=52)
WATCHED = ("mentions", "practices", "platforms", "together", "found")
ABOUT = (*(dimension for dimension, _, _ in COUNTED.values()), "group", "class", "label", "with")


@dataclass(slots=True)
class _Source:
    """A source that joined: when, and how much was read of it on which day."""

    lab: bool
    site: str
    kind: str
    began: date
    read: dict[date, int] = field(default_factory=dict)

    def units(self, first: date, last: date) -> int:
        """Return how many documents or samples of it were read in a stretch."""
        return sum(n for day, n in self.read.items() if first <= day <= last)

    def learnt(self, before: date) -> bool:
        """Say whether enough of it was read before a day to know what it usually says."""
        enough = not self.lab or self.units(self.began, before - timedelta(days=1)) >= NEEDED
        return before - self.began >= LEARNING and enough


def news(connection: duckdb.DuckDBPyConnection, alarms: pa.Table, wider: pa.Table) -> list[bool]:
    """Return for each alarm whether it stands without what sources brought that joined.

    `connection` has the views of the tables; `wider` is the lineage of substances
    (`counting.lineage`).
    """
    rows = alarms.to_pylist()
    sources = _joined(connection)
    if not sources or not rows:
        return [True] * len(rows)
    concepts = {concept for row in rows for concept in _concepts(row["series"])}
    brought = _brought(connection, sorted(sources), sorted(concepts), wider)
    return [_stands(row, sources, brought) for row in rows]


def _concepts(series: str) -> list[str]:
    """Return what a watched series is about, as `substance=x`; nothing of other series."""
    measure, dimensions, _ = parts_of(series)
    if measure not in WATCHED:
        return []
    lab = "found " if measure == "found" else ""
    return [
        f"{lab}{'substance' if key == 'with' else key}={value}"
        for key, value in dimensions.items()
        if key in ABOUT
    ]


Brought = dict[str, dict[str, dict[bytes, date]]]  # concept: source: document or sample: its day


def _stands(row: dict[str, Any], sources: dict[str, _Source], brought: Brought) -> bool:
    concepts = _concepts(row["series"])
    if not concepts or not rising(row):
        return True
    _, dimensions, step = parts_of(row["series"])
    first, last = stretch(row["period"], step, row["parameters"])
    left, known = row["observed"], 0.0
    for name in sorted(set().union(*(brought.get(concept, {}) for concept in concepts))):
        source = sources[name]
        if any(getattr(source, key) != dimensions.get(key, getattr(source, key))
               for key in ("site", "kind")):  # fmt: skip
            continue
        days = [brought.get(concept, {}).get(name, {}) for concept in concepts]
        both = [day for it, day in days[0].items() if all(it in other for other in days)]
        now = sum(first <= day <= last for day in both)
        if not source.learnt(first):
            left -= now
        elif first - source.began < YEAR:
            past = first - timedelta(days=1)
            said = sum(day <= past for day in both)
            share = said / max(1, source.units(source.began, past))
            known += share * source.units(first, last)
    left -= max(0.0, known - row["expected"])
    # A level of evidence that is gathered over weeks may lie below what was expected.
    return bool(left >= max(min(row["threshold"], row["observed"]), 1.0))


def _joined(connection: duckdb.DuckDBPyConnection) -> dict[str, _Source]:
    """Return the sources that began later than the observatory, texts and samples apart."""
    began = connection.sql(
        """
        WITH counted AS (
          SELECT split_part(split_part(series, '=', 2), '/', 1) AS source, min(period) AS began
          FROM points WHERE series LIKE 'documents/source=%' AND value > 0 GROUP BY ALL
        ), texts AS (
          SELECT source, any_value(site) AS site, any_value(kind) AS kind, min(day) AS began
          FROM current_documents WHERE day IS NOT NULL GROUP BY source
        )
        SELECT false AS lab, source, site, kind, least(t.began, c.began) AS began
        FROM texts t LEFT JOIN counted c USING (source)
        UNION ALL
        SELECT true, source, any_value(site), 'lab', min(day) FROM samples
        WHERE day IS NOT NULL AND id IN (SELECT sample FROM results) GROUP BY source
        """
    ).fetchall()
    found: dict[str, _Source] = {}
    for medium in (False, True):
        mine = [row for row in began if row[0] == medium]
        start = min((row[4] for row in mine), default=date.min)
        found |= {row[1]: _Source(medium, row[2], row[3], row[4])
                  for row in mine if row[4] > start + TOGETHER}  # fmt: skip
    for table in ("current_documents", "samples"):
        read = connection.sql(
            f"SELECT source, day, count(*) FROM {table} "
            "WHERE day IS NOT NULL AND list_contains($sources, source) GROUP BY ALL",
            params={"sources": sorted(found)},
        ).fetchall()
        for source, day, n in read:
            found[source].read[day] = found[source].read.get(day, 0) + n
    return found


def _brought(
    connection: duckdb.DuckDBPyConnection,
    sources: list[str],
    concepts: list[str],
    wider: pa.Table,
) -> Brought:
    """Return which documents and samples of these sources carry the concepts, reposts not."""
    connection.register("wider", wider)
    prepare(connection)
    named = " UNION ALL ".join(
        f"SELECT document, source, first, day, '{dimension}=' || {column} AS concept FROM facts "
        f"WHERE kind = '{kind}'"
        for dimension, column, kind in COUNTED.values()
    )
    rows = connection.sql(
        f"""
        WITH named AS (
          {named}
          UNION ALL
          SELECT f.document, f.source, f.first, f.day, w.dimension || '=' || w.wider
          FROM facts f JOIN wider w USING (substance) WHERE f.kind = 'mention'
        ), {WHAT}, held AS (
          SELECT sample, what FROM what
          UNION
          SELECT sample, dimension || '=' || wider FROM what JOIN wider USING (substance)
        )
        SELECT concept, source, document, day FROM named
        WHERE list_contains($sources, source) AND list_contains($concepts, concept)
          AND day IS NOT NULL AND document = first
        UNION
        SELECT 'found ' || w.what, s.source, s.id, s.day
        FROM samples s JOIN held w ON w.sample = s.id
        WHERE list_contains($sources, s.source) AND list_contains($concepts, 'found ' || w.what)
          AND s.day IS NOT NULL
        """,
        params={"sources": sources, "concepts": concepts},
    ).fetchall()
    found: Brought = defaultdict(lambda: defaultdict(dict))
    for concept, source, what, day in rows:
        found[concept][source][what] = day
    return found
