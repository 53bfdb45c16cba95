"""Up to when the evidence goes.

- A day of a source counts if two earlier days of it are near, by its own rhythm, or if it has half
  of what is usual in a day, and three at least: else it is a stray.
- A source is on time until its next day is due: a week after its last, or its usual gap.
- Then it is late, not silent: for as long as it had spoken, at most sixteen weeks (a file comes
  in every quarter, and not on its first day), or three of its gaps. Then it is gone.
- The evidence ends with the last day on which half of the sources that are not gone are on time.
- Where half of the laboratories are on time, texts that are `BEHIND` have fallen silent together:
  one source ahead of its like tells nothing of the others.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fanal.answers import sites
from fanal.laboratory import findings
from fanal.observatory import Observatory
from fanal.records import Document, Run, Sample

# The last day of a point's period.
ENDED = """CASE step WHEN 'week' THEN period + 6 WHEN 'month' THEN last_day(period)
  ELSE make_date(year(period), 12, 31) END"""
# Until when a document, a sample or a figure can speak: today, and the day on which it came in
# (anywhere on earth). A later date is somebody's slip, and stays one when that day has come.
_SEEN = """(
  SELECT t.*, least($today, coalesce(r.came, $today)) AS seen FROM ({rows}) t LEFT JOIN (
    SELECT regexp_replace(id, '-[0-9]+$', '') AS run,
           CAST(max(started) + INTERVAL 14 HOUR AS DATE) AS came
    FROM runs WHERE stage = 'ingest' GROUP BY ALL
  ) r USING (run)
)"""
_DOCUMENTS = _SEEN.format(rows="SELECT day, source, precision, run FROM documents")
_SAMPLES = _SEEN.format(rows="SELECT day, source, precision, run FROM samples")
_FIGURES = _SEEN.format(rows="SELECT period AS day, step AS precision, run FROM indicators")

# The last day of the period that a sample or a figure is known to be of, where that is over: a
# sample of March and a figure of 2024 count once March and 2024 have ended.
_KNOWN = f"""CASE WHEN {findings.ENDED.format(s="s")} <= seen
  THEN {findings.ENDED.format(s="s")} ELSE s.day END"""


def newest(ws: Observatory) -> date:
    """Return the last day that any evidence speaks of: detectors see no further.

    A date that was yet to come when it came in is somebody's slip, and no end of anything.
    """
    rows = ws.tables.rows(
        f"SELECT max(day) AS day FROM (SELECT max(day) AS day FROM {_DOCUMENTS} WHERE day <= seen "
        f"UNION ALL SELECT max({_KNOWN}) FROM {_SAMPLES} s WHERE day <= seen "
        f"UNION ALL SELECT max({_KNOWN}) FROM {_FIGURES} s WHERE day <= seen "
        f"UNION ALL SELECT max({ENDED}) FROM points WHERE frozen)",
        {"today": datetime.now(UTC).date()},
    )
    return max(rows[0]["day"] or date(1900, 1, 1), sites.newest(ws))


# Texts and samples come in by ways of their own: what is a month and some days behind the other
# waits for no file that comes in every month.
BEHIND = timedelta(weeks=5)

_ENDS = f"""
WITH said AS (
  SELECT day, source, material, count(*) AS n FROM (
    SELECT day, source, precision, seen, 'texts' AS material FROM {_DOCUMENTS} UNION ALL
    SELECT {_KNOWN} AS day, source, precision, seen, 'samples' FROM {_SAMPLES} s
  ) WHERE day <= seen AND precision <> 'year' GROUP BY ALL
), spoke AS (
  SELECT *, day - lag(day, 2) OVER (PARTITION BY source, material ORDER BY day) AS span,
         sum(n) OVER (PARTITION BY day) AS busy FROM said
), usual AS (
  SELECT *, coalesce(median(span) OVER own, median(span) OVER every, span) AS rhythm,
         greatest(3, median(busy) OVER every / 2) AS much
  FROM spoke WINDOW
    own AS (PARTITION BY source, material ORDER BY day
            ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING),
    every AS (ORDER BY day, source ROWS BETWEEN 90 PRECEDING AND 1 PRECEDING)
), rhythms AS (
  SELECT material,
         max(day) FILTER (n >= much OR span <= greatest(28, 3 * rhythm)) AS last,
         last - min(day) + 1 AS life, max_by(rhythm, day) / 2 AS gap
  FROM usual GROUP BY source, material
), silent AS (
  SELECT material, ends.day, ends.day - last AS days, gap,
         least(life, greatest(16 * 7, 3 * gap)) AS missed
  FROM rhythms, (SELECT DISTINCT last AS day FROM rhythms) ends
), ending AS (
  SELECT material, day FROM silent GROUP BY GROUPING SETS ((day), (day, material))
  HAVING 2 * count(*) FILTER (days < greatest(7, gap))
      >= count(*) FILTER (days <= greatest(7, missed))
)
SELECT (SELECT max(day) FROM ending WHERE material IS NULL) AS both,
       (SELECT max(day) FROM ending) AS either
"""


def _ends(ws: Observatory) -> dict[str, date | None]:
    """Return the day with which both materials together end, and the later end of either."""
    today = datetime.now(UTC).date()

    def make() -> dict[str, str | None]:
        [row] = ws.tables.rows(_ENDS, {"today": today})
        return {name: None if day is None else str(day) for name, day in row.items()}

    kept = ws.tables.kept("ends", (Document, Sample, Run), make, str(today))
    return {name: date.fromisoformat(day) if day else None for name, day in kept.items()}


def last_day(ws: Observatory) -> date:
    """Return the day with which the evidence ends: of pages, bulletins and sessions.

    One file of one source with later dates does not move it, nor do a stray date or two, or one
    that was yet to come when it came in: else a quarter that ends there would be all but empty.
    """
    end, theirs = _ends(ws)["both"], sites.last_day(ws)
    if end is None:
        return theirs or newest(ws)
    return max(end, theirs or date.min)


def last_of_either(ws: Observatory) -> date:
    """Return the day with which texts or samples end, whichever go on for longer."""
    return max(_ends(ws)["either"] or date.min, last_day(ws))


def silent_by(ws: Observatory) -> date:
    """Return the day up to which a source from which nothing came has fallen silent.

    It is the end of the evidence, or of one material that left the other `BEHIND`. Of the sources
    of other sites it is not known whether they would have sent more.
    """
    end, either = last_day(ws), last_of_either(ws)
    return either if either - end > BEHIND and not sites.sites(ws) else end
