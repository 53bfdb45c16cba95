"""Levels and shares by who tells them: a source that joins moves a median, and no market.

Prices, purity, strength and the share of samples that hold what they were sold as are told by
*voices*: each source that joined in the last `RECENT`, and all others together. A level that moved
stands where one of them moved against its own past, in the weeks of late (`LATE`): the others, or
a source that has been read for `LEARNING` before. A name whose content changed stands where the
others say so too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from fanal.answers.prices import ASKS
from fanal.laboratory.findings import changes_seen
from fanal.records import Brought, conform, table_of
from fanal.series import LEVELS, name_of, parts_of
from fanal.stages.counting import CONTENTS
from fanal.stages.grouping import EFFECT

SHARES = ("expected",)
CHANGED = "changed"
TOLD = (*LEVELS, *SHARES, CHANGED)
RECENT = timedelta(weeks=104)  # as long as the past that `shift` compares with
LATE = {"week": timedelta(weeks=8), "month": timedelta(days=92)}
LEARNING = timedelta(weeks=13)
ODDS = 2.0  # of a share that moved: half of what `binomial-cusum` looks for is not believed

Told = dict[date, tuple[float, float]]  # period: value, and of how many
Voices = dict[str, dict[str, Told]]  # series: source, empty for all others

_STAY = "coalesce(s.source, '') AS voice"
_JOIN = """LEFT JOIN stays s ON s.measure = '{what}' AND s.source = {t}.source
  AND {t}.day BETWEEN s.began AND s.recent WHERE {t}.day >= (SELECT min(began) FROM stays)"""
_ASKED = "SELECT DISTINCT first, substance, currency, unit, quantity, amount, band, price, voice"


def _by_step(step: str, precisions: str) -> str:
    period = f"CAST(date_trunc('{step}', day) AS DATE) AS period, '{step}' AS step"
    known = f"precision IN ({precisions})"
    band = "'price/band=' || format('{:g}', band) || '/currency=' || currency || '/'"
    return f"""
    SELECT {band} AS head, 'substance=' || substance || '/unit=' || unit AS tail, voice, period,
           step, median(price) AS value, count(*) AS n
    FROM ({_ASKED}, {period} FROM asked WHERE {known}) GROUP BY ALL
    UNION ALL
    SELECT {band} || 'site=' || site || '/', 'substance=' || substance || '/unit=' || unit, voice,
           period, step, median(price), count(*)
    FROM ({_ASKED}, site, {period} FROM asked WHERE {known}) GROUP BY ALL
    UNION ALL
    SELECT 'purity/basis=' || basis || '/', 'substance=' || substance, voice, period, step,
           median((percent + most) / 2), count(*)
    FROM (SELECT DISTINCT first, basis, substance, percent, most, voice, {period}
          FROM claimed WHERE {known}) GROUP BY ALL
    """


_VOICES = f"""
WITH asked AS (
  SELECT a.*, {_STAY} FROM ({ASKS}) a {_JOIN.format(what="documents", t="a")}
), claimed AS (
  SELECT f.*, coalesce(percent_max, percent) AS most, {_STAY}
  FROM facts f {_JOIN.format(what="documents", t="f")}
    AND f.kind = 'purity' AND f.substance IS NOT NULL AND f.analyte IS NULL
), tested AS (
  SELECT t.*, CAST(date_trunc('month', t.day) AS DATE) AS period, 'month' AS step, {_STAY}
  FROM analysed t {_JOIN.format(what="samples", t="t")}
    AND t.precision IN ('day', 'week', 'month')
), {CONTENTS}, held AS (
  SELECT t.*, {_STAY} FROM contents t {_JOIN.format(what="samples", t="t")}
), told AS (
  {_by_step("week", "'day', 'week'")}
  UNION ALL
  {_by_step("month", "'day', 'week', 'month'")}
  UNION ALL
  SELECT head, tail, voice, period, step, median(amount), count(*) FROM held GROUP BY ALL
  UNION ALL
  SELECT head || 'site=' || site || '/', tail, voice, period, step, median(amount), count(*)
  FROM held GROUP BY ALL
  UNION ALL
  SELECT 'expected/', 'substance=' || t.sold_as, t.voice, t.period, t.step,
         count(*) FILTER (h.sample IS NOT NULL), count(*)
  FROM tested t LEFT JOIN (
    SELECT DISTINCT f.sample, m.substance FROM found f JOIN members m ON m.member = f.substance
  ) h ON h.sample = t.id AND h.substance = t.sold_as
  WHERE t.sold_as IS NOT NULL GROUP BY ALL
)
SELECT head || CASE voice WHEN '' THEN '' ELSE 'source=' || voice || '/' END || tail || '/' || step
         AS series, period, step, CAST(value AS DOUBLE) AS value, CAST(n AS DOUBLE) AS denominator,
       false AS frozen
FROM told
QUALIFY bool_or(voice <> '') OVER (PARTITION BY head, tail, step, period)
"""


def voices(connection: duckdb.DuckDBPyConnection, counted: set[str]) -> pa.Table:
    """Return what each source that joined told of late, and beside it all others (`Brought`).

    `connection` has the views of the tables, `stays` and what `findings.prepare` makes; `counted`
    are the series that there are.
    """
    told = conform(connection.sql(_VOICES).to_arrow_table(), Brought)
    return pa.concat_tables([_of_series(told, counted), _changed(connection)])


def _changed(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return who told of a name in a year, and which changes are seen without who joined."""
    rows = connection.sql(
        f"""
        SELECT DISTINCT t.sold_as, s.source, CAST(year(t.day) AS INTEGER)
        FROM analysed t {_JOIN.format(what="samples", t="t")}
          AND s.source IS NOT NULL AND t.sold_as IS NOT NULL
        """
    ).fetchall()
    others = (
        "NOT EXISTS (SELECT 1 FROM stays s WHERE s.measure = 'samples' AND s.source = a.source "
        "AND a.day BETWEEN s.began AND s.recent)"
    )
    told = [({"substance": name, "source": voice}, date(year, month, 1), 0.0)
            for name, voice, year in rows for month in range(1, 13)]  # fmt: skip
    told += [({"substance": change.name}, change.month, float(change.samples))
             for change in (changes_seen(connection, others) if told else ())]  # fmt: skip
    return table_of(
        [Brought(name_of(CHANGED, about, "month"), month, "month", n, None, False)
         for about, month, n in told], Brought,
    )  # fmt: skip


def by_voice(points: pa.Table, brought: pa.Table, wanted: set[str]) -> Voices:
    """Return what was told of these series, by voice; nothing where no source had joined."""
    found: Voices = defaultdict(lambda: defaultdict(dict))
    for row in _of(brought, wanted):
        measure, dimensions, step = parts_of(row["series"])
        voice = dimensions.pop("source", "")
        told = found[name_of(measure, dimensions, step)][voice]
        told[row["period"]] = row["value"], row["denominator"]
    spoken = {series: set().union(*told.values()) for series, told in found.items()}
    for row in _of(points, set(found)):
        if row["period"] not in spoken[row["series"]]:
            told = found[row["series"]][""]
            told[row["period"]] = row["value"], row["denominator"]
    return found


def _of(table: pa.Table, wanted: set[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _of_series(table, wanted).to_pylist()
    return found


def _of_series(table: pa.Table, wanted: set[str]) -> pa.Table:
    """Return the rows of these series, of all sources or of one."""
    names = [name for name in table.column("series").unique().to_pylist() if _all(name) in wanted]
    return table.filter(pc.is_in(table.column("series"), pa.array(names, pa.string())))


def _all(series: str) -> str:
    """Return the series of all sources."""
    measure, dimensions, step = parts_of(series)
    return name_of(measure, {k: v for k, v in dimensions.items() if k != "source"}, step)


def moved(series: str, until: date, rises: bool, told: Mapping[str, Told]) -> bool:
    """Say whether a voice moved by a period as an alarm says; without voices the alarm stands."""
    measure, _, step = parts_of(series)
    if measure == CHANGED:
        spoken = {voice for voice, of in told.items() if until.year in {p.year for p in of}}
        return "" in spoken or not spoken
    since = until - LATE[step]
    recent = [p for voice, of in told.items() if voice for p in of if since - RECENT < p <= until]
    if not recent:
        return True
    return any(
        _moved(measure, rises, of, since, until)
        for voice, of in told.items()
        if not voice or since - min(of) >= LEARNING
    )


def _moved(measure: str, rises: bool, told: Told, since: date, until: date) -> bool:
    late = [both for period, both in told.items() if since < period <= until]
    past = [both for period, both in told.items() if since - RECENT < period <= since]
    if not late or not past:
        return False
    if measure in SHARES:
        return _shifted(rises, late, past)
    now, before = (median(value for value, _ in told) for told in (late, past))
    return (now - before if rises else before - now) >= (EFFECT - 1e-9) * before


def _shifted(rises: bool, late: list[tuple[float, float]], past: list[tuple[float, float]]) -> bool:
    """Say whether the odds of a share are nearer to `ODDS` times those of the past than to them."""
    now, before = (
        (hits + 0.5) / (of - hits + 0.5)
        for hits, of in (map(sum, zip(*told, strict=True)) for told in (late, past))
    )
    ratio = now / before if rises else before / now
    return bool(ratio >= ODDS**0.5)
