"""What is named more or less of late: some weeks beside as many before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fanal.answers import told_sums
from fanal.edition import Few
from fanal.observatory import Observatory

# Mentions over the last weeks beside those before.
_MOVES = """
WITH recent AS (
  SELECT series, CASE WHEN period > $last - 7 * $weeks THEN 'now' ELSE 'past' END AS half,
         sum(value) AS n, sum(denominator) AS read
  FROM points
  WHERE step = 'week' AND regexp_full_match(series, 'mentions/substance=[^/]+/week')
    AND period > $last - 14 * $weeks AND period <= $last
  GROUP BY ALL
)
SELECT a.series, a.n AS now, b.n AS past, a.read, b.read AS read_past
FROM (FROM recent WHERE half = 'now') a JOIN (FROM recent WHERE half = 'past') b USING (series)
WHERE a.read > 0 AND b.read > 0 AND a.n + b.n >= $least
"""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Documents that name a substance over some weeks, beside as many before."""

    substance: str
    now: int
    past: int
    read: int  # documents, over the same weeks
    read_past: int

    @property
    def rate(self) -> float:
        """Return the share of documents that name it."""
        return self.now / self.read

    @property
    def rate_past(self) -> float:
        """Return the share that named it before."""
        return self.past / self.read_past


def mentions_of_late(
    ws: Observatory, until: date, weeks: int, most: int, least: int
) -> list[Mentions]:
    """Return the substances that were named `most` times or more over twice these weeks.

    `until` is the last day of the evidence; weeks that end later are not counted. Left out is what
    would tell a count of persons below `least`, or help to compute it.
    """
    last = until - timedelta(days=6)
    asked = {"last": last, "weeks": weeks, "least": most}
    found = [
        Mentions(
            row["series"].split("/")[1].removeprefix("substance="),
            *(int(row[key]) for key in ("now", "past", "read", "read_past")),
        )
        for row in ws.tables.rows(_MOVES, asked)
    ]
    if least <= 1:
        return found
    read = told_sums.read(ws, least)
    named = told_sums.named(ws, least)
    untold = {
        name for span in told_sums.late_weeks(ws) for told in (read[span], named[span])
        for name, n in told.items() if isinstance(n, Few)
    }  # fmt: skip
    if "documents/week" in untold:
        return []
    return [one for one in found if f"mentions/substance={one.substance}/week" not in untold]
