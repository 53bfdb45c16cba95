"""Time every page and query of the application over a store of 10 million documents.

    python bench/dashboard.py [--documents 10000000]

A store of three years is written month by month: documents, reposts, observations, points, alarms
and signals. Then each page and query is asked: the first time after the tables changed, and the
median of five more. Goals: what is read from points within 300 ms, what is read from raw
observations within 1 s, at the median.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from fastapi.testclient import TestClient
from figures import say

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from fanal.answers import following, profiles, reports
from fanal.door.pseudonyms import show
from fanal.people import accounts
from fanal.records import Alarm, Document, Observation, Point, Repost, Signal, conform, schema_of
from fanal.web.app import create_app
from fanal.workspace import Workspace

MONTHS = 36
FIRST = date(2023, 1, 1)
SITES = ("lille", "lyon", "marseille", "paris", "rennes", "toulouse")
SOURCES = 24
ORIGIN = "https://fanal.example"
POINTS_GOAL, RAW_GOAL = 0.3, 1.0  # s


def months() -> list[date]:
    return [date(FIRST.year + m // 12, 1 + m % 12, 1) for m in range(MONTHS)]


def store(folder: Path, documents: int) -> Workspace:
    """Make the observatory in constant memory."""
    ws = Workspace.create(folder, "Bench")
    for number in range(SOURCES):
        ws.add_source(
            f'name = "source-{number:02d}"\ntitle = "Source {number}"\npublisher = "bench"\n'
            f'kind = "public posts"\nsite = "{SITES[number % len(SITES)]}"\n'
            'legal_basis = "bench"\ninvented = true\n'
        )
    names = sorted(ws.thesaurus().substances)[:: len(ws.thesaurus().substances) // 80][:80]
    duck = duckdb.connect(config={"memory_limit": "1GB"})
    duck.execute("SET threads = 2")
    duck.execute("CREATE TABLE names AS SELECT unnest($n) AS substance", {"n": names})
    with ws.writing():
        _evidence(ws, duck, documents // MONTHS, names)
        _points(ws, duck, names)
        _signals(ws, duck, names)
        ws.tables.compact()
    return ws


def _filled(record: Any, columns: dict[str, str]) -> str:
    """Return the columns of a record in SQL; those not told are empty."""
    return ", ".join(f"{columns.get(f.name, 'NULL')} AS {f.name}" for f in schema_of(record))


def _evidence(ws: Workspace, duck: Any, each: int, names: list[str]) -> None:
    for number, month in enumerate(months()):
        days = (date(month.year + month.month // 12, month.month % 12 + 1, 1) - month).days
        base, name = number * each, f"'{month:%Y-%m}'"
        row = f"({base} + i)"
        source = f"(hash({row}) % {SOURCES})"
        site = f"{list(SITES)}[1 + CAST({source} % {len(SITES)} AS INT)]"
        columns = {
            "id": f"unhex(md5(CAST({row} AS VARCHAR)))", "version": "1",
            "source": f"format('source-{{:02d}}', CAST({source} AS INT))",
            "site": site, "kind": "'public posts'",
            "thread": f"unhex(md5('t' || CAST({source} AS VARCHAR)))", "position": row,
            "author": f"unhex(md5('a' || CAST(hash({row} + 7) % 40000 AS VARCHAR)))",
            "day": f"DATE '{month}' + CAST(i * {days} // {each} AS INT)", "precision": "'day'",
            "language": "'fr'",
            "text": f"'message ' || {row} || ' dispo ce soir devant la gare, en tout bien tout'",
            "digest": f"unhex(md5('d' || CAST({row} AS VARCHAR)))",
            "month": name, "run": "'bench'",
        }  # fmt: skip
        rows = duck.sql(f"SELECT {_filled(Document, columns)} FROM range({each}) r(i)")
        _append(ws, Document, rows)
        chosen = f"{names}[1 + CAST(floor(least(-9 * ln(1 - u), {len(names) - 1})) AS INT)]"
        columns = {
            "document": f"unhex(md5(CAST({row} AS VARCHAR)))", "version": "1", "start": "10 * k",
            "stop": "10 * k + 6",
            "kind": "CASE k WHEN 0 THEN 'mention' WHEN 1 THEN 'price' ELSE 'practice' END",
            "substance": f"CASE WHEN k < 2 THEN {chosen} END",
            "amount": "CASE k WHEN 1 THEN 10.0 + i % 60 END",
            "currency": "CASE k WHEN 1 THEN 'EUR' END", "quantity": "CASE k WHEN 1 THEN 1.0 END",
            "unit": "CASE k WHEN 1 THEN 'g' END",
            "code": "CASE k WHEN 2 THEN 'a.' || CAST(1 + i % 9 AS VARCHAR) END",
            "confidence": "0.95", "rule": "'bench'", "coder": "'bench'", "fingerprint": "'bench'",
            "month": name,
        }  # fmt: skip
        rows = duck.sql(
            f"SELECT {_filled(Observation, columns)} FROM (SELECT i, (hash({row} + 3) % 1000000) "
            f"/ 1000001.0 AS u FROM range({each}) r(i)) CROSS JOIN range(3) s(k) "
            f"WHERE (hash({row} + 11 * k) % 10) < [3, 1, 1][CAST(k AS INT) + 1]"
        )
        _append(ws, Observation, rows)
    rows = duck.sql(
        "SELECT unhex(md5(CAST(i AS VARCHAR))) AS document, "
        "unhex(md5(CAST(i - 1 - i % 500 AS VARCHAR))) AS original, 0.9 AS share "
        f"FROM range(501, {each * MONTHS}) r(i) WHERE hash(i) % 10 < 3"
    )
    _append(ws, Repost, rows)


def _append(ws: Workspace, record: Any, rows: Any) -> None:
    columns = ", ".join(f"CAST({f.name} AS {_type(f.type)}) AS {f.name}" for f in schema_of(record))
    table = rows.query("given", f"SELECT {columns} FROM given").to_arrow_table()
    ws.tables.append(record, conform(table, record))


def _type(kind: Any) -> str:
    names = {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN",
             "date32[day]": "DATE", "binary": "BLOB"}  # fmt: skip
    return names.get(str(kind), "TIMESTAMPTZ")


def _points(ws: Workspace, duck: Any, names: list[str]) -> None:
    """Write the points of every substance by site and in all, by week and by month."""
    sites = " UNION ALL ".join(f"SELECT '/site={site}' AS site" for site in SITES)
    rows = duck.sql(
        f"""
        WITH periods AS (
          SELECT CAST(unnest(range(DATE '{FIRST + timedelta(days=1)}', DATE '2026-01-01',
                 INTERVAL 7 DAY)) AS DATE) AS period, 'week' AS step
          UNION ALL SELECT CAST(unnest(range(DATE '{FIRST}', DATE '2026-01-01',
                 INTERVAL 1 MONTH)) AS DATE), 'month'
        ), scopes AS (SELECT '/kind=public posts' AS before, '' AS site
          UNION ALL SELECT '', '' UNION ALL SELECT '', site FROM ({sites}))
        SELECT m.measure || s.before || CASE WHEN s.before = '' AND s.site <> '' THEN s.site
                 ELSE '' END || '/substance=' || n.substance || '/' || p.step AS series,
               p.period, p.step, CAST(hash(n.substance, p.period) % 40 AS DOUBLE) AS value,
               2000.0 AS denominator, false AS frozen
        FROM names n, periods p, scopes s,
             (SELECT unnest(['mentions', 'channels', 'authors']) AS measure) m
        UNION ALL
        SELECT 'documents/source=source-' || format('{{:02d}}', CAST(i AS INT)) || '/' || step,
               period, step, 1000.0, NULL, false
        FROM periods, range({SOURCES}) r(i)
        UNION ALL
        SELECT 'price/band=0.75/currency=EUR/substance=' || substance || '/unit=g/' || step,
               period, step, 40.0 + hash(substance, period) % 30, 12.0, false
        FROM names, periods
        ORDER BY 1, 2
        """
    )
    _append(ws, Point, rows)


def _signals(ws: Workspace, duck: Any, names: list[str]) -> None:
    columns = {
        "id": "unhex(md5('s' || substance))", "concept": "'substance=' || substance",
        "place": "''", "first": "DATE '2025-11-24'", "last": "DATE '2025-12-22'",
        "series": "'mentions/substance=' || substance || '/week'",
        "novelty": "'new'",
        "parameters": "'{}'", "measure": "'mentions'", "score": "9.0", "detector": "'farrington'",
        "observed": "30.0",
        "expected": "8.0", "threshold": "12.0", "evidence": "150.0",
    }  # fmt: skip
    text = {f.name: "''" for f in schema_of(Signal) if not f.nullable and str(f.type) == "string"}
    number = {
        f.name: "1"
        for f in schema_of(Signal)
        if not f.nullable and str(f.type) in ("int64", "double")
    }
    _append(ws, Signal, duck.sql(f"SELECT {_filled(Signal, text | number | columns)} FROM names"))
    columns = {
        "series": "'mentions/substance=' || substance || '/week'",
        "step": "'week'", "period": "DATE '2025-11-24' + CAST(7 * k AS INT)",
        "observed": "30.0", "expected": "8.0",
        "threshold": "12.0", "score": "9.0", "detector": "'farrington'", "parameters": "'{}'",
        "as_of": "DATE '2025-12-28'", "signal": "unhex(md5('s' || substance))",
    }  # fmt: skip
    rows = duck.sql(f"SELECT {_filled(Alarm, columns)} FROM names CROSS JOIN range(5) r(k)")
    _append(ws, Alarm, rows)


def pages(ws: Workspace) -> dict[str, str]:
    """Return the pages by name."""
    (signal, *_) = ws.signals()
    substance = signal.concept.removeprefix("substance=")
    series = f"mentions/substance={substance}/month"
    return {
        "today": "/",
        "signals": "/signals",
        "a signal": f"/signals/{show(signal.id)}",
        "substances": "/substances",
        "a substance": f"/substances/{substance}",
        "explore": f"/explore?what={series}",
        "explore by site": f"/explore?what={series}&by=site",
        "explore prices": "/explore?measure=price",
        "sources": "/sources",
        "a source": "/sources/source-01",
        "laboratory": "/lab",
        "phenomena": "/phenomena",
        "series of the API": "/api/series",
    }


def raw(ws: Workspace) -> dict[str, Callable[[], Any]]:
    """Return the queries over raw observations by name."""
    (signal, *_) = ws.signals()
    name = signal.concept.removeprefix("substance=")
    month = f"documents?family={name}&first=2025-11-01&last=2025-11-30"
    quarter = (date(2025, 10, 1), date(2025, 12, 31))
    return {
        "fanal explore: documents of a month": lambda: following.follow(ws.tables, month),
        "practices of a substance": lambda: profiles.practices(ws, name),
        "prices and purities of a quarter": lambda: reports.prices_and_purities(ws, *quarter),
    }


def timed(ask: Callable[[], Any], times: int = 5) -> tuple[float, float]:
    """Return the time of the first call and the median of some more."""
    took = []
    for _ in range(times + 1):
        clock = time.perf_counter()
        ask()
        took.append(time.perf_counter() - clock)
    return took[0], statistics.median(took[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path, help="folder to keep the store in, or that has it")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    folder = given.keep or Path(tempfile.mkdtemp()) / "bench"
    try:
        if not folder.exists():
            clock = time.perf_counter()
            store(folder, given.documents).close()
            print(f"store written in {time.perf_counter() - clock:.0f} s", flush=True)
        figures = measure(folder)
    finally:
        if given.keep is None:
            shutil.rmtree(folder.parent)
    say(**figures)


def measure(folder: Path) -> dict[str, Any]:
    app = create_app(folder, ORIGIN)
    ws = app.state.ws
    now = datetime.now(UTC)
    said: dict[str, tuple[float, float, float]] = {}
    try:
        clock = time.perf_counter()
        ws.prepare()
        print(f"what `fanal run` makes ready for pages: {time.perf_counter() - clock:.1f} s")
        name = f"bench-{now:%H%M%S}"
        secret = accounts.invite(ws.state, name, "administrator", (), "bench", now)
        accounts.choose_password(ws.state, secret, "quatre chevaux dans un pré", now)
        client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        session = accounts.start(ws.state, name, "browser", now, timedelta(hours=1))
        client.cookies.set("__Host-fanal", session, domain="fanal.example", path="/")

        def visit(path: str) -> Callable[[], None]:
            def ask() -> None:
                answer = client.get(path)
                if answer.status_code != 200:
                    sys.exit(f"{path}: {answer.status_code} {answer.text[:500]}")

            return ask

        asked = [(page, visit(path), POINTS_GOAL) for page, path in pages(ws).items()]
        asked += [(query, ask, RAW_GOAL) for query, ask in raw(ws).items()]
        for what, ask, goal in asked:
            said[what] = (*timed(ask), goal)
            first, median, _ = said[what]
            told = f"{what:38s} first {first:7.3f} s   median {median:7.3f} s   goal {goal} s"
            print(told, flush=True)
        total = ws.tables.rows("SELECT count(*) AS n FROM documents")[0]["n"]
    finally:
        ws.close()
    largest = {
        goal: max(m for _, m, g in said.values() if g == goal) for goal in (POINTS_GOAL, RAW_GOAL)
    }
    return {
        "documents": total,
        "points": largest[POINTS_GOAL],
        "raw": largest[RAW_GOAL],
        "first": max(first for first, _, _ in said.values()),
    }


if __name__ == "__main__":
    main()
