"""Sources that moved: what a silent one said of late comes on under another name.

A channel that is closed and begins again elsewhere brings its texts along. Where another source has
half of the texts of the last weeks of a silent one, three at least, and goes on after it, nothing
fell silent: the alarm is kept, and is no news.
"""

from __future__ import annotations

import pyarrow as pa

from fanal.observatory import Observatory
from fanal.series import parts_of

WEEKS = 8  # of the last texts of a source, which are looked for in others
LEAST = 3  # texts in common

_MOVED = """
WITH ends AS (
  SELECT source, max(day) AS last FROM texts WHERE day IS NOT NULL GROUP BY source
), late AS (
  SELECT DISTINCT t.source, e.last, t.first FROM texts t JOIN ends e USING (source)
  WHERE list_contains($silent, t.source) AND t.day > e.last - 7 * $weeks
), heirs AS (
  SELECT l.source, o.source AS heir, count(DISTINCT l.first) AS n
  FROM late l JOIN texts o ON o.first = l.first AND o.source <> l.source
  JOIN ends e ON e.source = o.source AND e.last >= l.last + 14
  GROUP BY ALL
)
SELECT DISTINCT source FROM heirs h
WHERE n >= $least AND 2 * n >= (SELECT count(*) FROM late l WHERE l.source = h.source)
"""


def still(ws: Observatory, alarms: pa.Table) -> list[bool]:
    """Return for each alarm whether it stands: all do but the silence of a source that moved."""
    sources = [
        parts_of(series)[1].get("source", "") if series.startswith("documents/") else ""
        for series in alarms.column("series").to_pylist()
    ]
    silent = sorted(set(sources) - {""})
    asked = {"silent": silent, "weeks": WEEKS, "least": LEAST}
    moved = {row["source"] for row in ws.tables.rows(_MOVED, asked)} if silent else set()
    return [source not in moved for source in sources]
