"""What came in: of one source by week and by run, and of all; what waits, and what went wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fanal.edition import Value
from fanal.observatory import Observatory
from fanal.records import Run


@dataclass(frozen=True, slots=True)
class WrongOfSource:
    """Records of a source that could not be taken as they were, for one reason."""

    kind: str  # what is wrong, in two or three words
    field: str
    level: str  # note, warning or error
    hint: str  # what to do
    records: int


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """What came in of a source, and what went wrong."""

    weeks: tuple[Value, ...]  # with something in them, by time
    counted: str  # what the weeks count: documents, or samples where there are none
    runs: tuple[Run, ...]  # of the ingest, the last 20, latest first
    issues: tuple[WrongOfSource, ...]  # most records first


@dataclass(frozen=True, slots=True)
class Wrong:
    """Records of a source with one thing wrong."""

    source: str
    kind: str
    records: int


@dataclass(frozen=True, slots=True)
class Status:
    """What is in an observatory, what waits and what went wrong."""

    title: str
    tables: dict[str, int]  # name: rows
    signals: dict[str, int]  # state: signals
    runs: tuple[Run, ...]  # the last 10, latest first
    issues: tuple[Wrong, ...]  # most records first


def history(ws: Observatory, name: str) -> SourceHistory:
    """Return what came in of a source: by week, by run, and what went wrong."""
    counted = "documents"
    weeks = ws.tables.rows(
        "SELECT period, value FROM points WHERE series = $series ORDER BY period",
        {"series": f"documents/source={name}/week"},
    )
    if not weeks:
        counted = "samples"
        weeks = ws.tables.rows(
            "SELECT date_trunc('week', day)::DATE AS period, count(*) AS value FROM samples "
            "WHERE source = $name AND day IS NOT NULL GROUP BY period ORDER BY period",
            {"name": name},
        )
    runs = ws.tables.rows(
        "SELECT * FROM runs WHERE stage = 'ingest' AND parameters->>'source' = $name "
        "ORDER BY started DESC, id LIMIT 20",
        {"name": name},
    )
    issues = ws.tables.rows(
        "SELECT kind, field, level, min(hint) AS hint, count(*) AS records FROM issues "
        "WHERE source = $name GROUP BY kind, field, level "
        "ORDER BY records DESC, kind, field, level LIMIT 30",
        {"name": name},
    )
    return SourceHistory(
        tuple(Value(**row) for row in weeks),
        counted,
        tuple(Run(**row) for row in runs),
        tuple(WrongOfSource(**row) for row in issues),
    )


def status(ws: Observatory) -> Status:
    """Return what is in, what waits and what went wrong."""
    runs = ws.tables.rows("SELECT * FROM runs ORDER BY started DESC, id LIMIT 10")
    issues = ws.tables.rows(
        "SELECT source, kind, count(*) AS records FROM issues GROUP BY ALL "
        "ORDER BY records DESC, source, kind LIMIT 20"
    )
    return Status(
        ws.settings.title,
        ws.tables.counts(),
        dict(Counter(signal.state for signal in ws.signals())),
        tuple(Run(**row) for row in runs),
        tuple(Wrong(**row) for row in issues),
    )
