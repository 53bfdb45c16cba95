"""What sources assert of themselves, checked before anything is published."""

from __future__ import annotations

from fanal.errors import StoppedError
from fanal.observatory import Observatory


def check(ws: Observatory) -> None:
    """Check what the sources assert of themselves, before anything is published.

    Raises:
        StoppedError: a total is out of its bounds; says which, and what was found.
    """
    counted = {row.name: row for row in ws.source_rows()}
    rows = ws.tables.rows(
        "SELECT source, count(*) AS n, count(author) AS authors FROM current_documents "
        "GROUP BY source"
    )
    by_source = {row["source"]: row for row in rows}
    for name, source in ws.sources.items():
        asserted, found = source.assertions, by_source.get(name)
        if asserted.min_documents_a_week is not None:
            first, last = counted[name].first, counted[name].last
            weeks = max(1.0, (last - first).days / 7) if first and last else 1.0
            rate = (found["n"] if found else 0) / weeks
            if rate < asserted.min_documents_a_week:
                raise StoppedError(
                    f"{rate:.1f} documents a week, fewer than it asserts",
                    where=f"source {name}",
                    allowed=f"min_documents_a_week = {asserted.min_documents_a_week:g}",
                    do="find out why, or move the bound with an explanation",
                )
        share = found["authors"] / found["n"] if found else 0.0
        if asserted.min_share_with_author is not None and share < asserted.min_share_with_author:
            raise StoppedError(
                f"{share:.0%} of documents have an author, fewer than it asserts",
                where=f"source {name}",
                allowed=f"min_share_with_author = {asserted.min_share_with_author:g}",
            )
