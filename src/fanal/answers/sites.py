"""What the sites of a network sent: their points and signals, laid beside the nation's own.

The nation keeps the latest file of each site in `network/`: series of each site as they are, and
totals for what adds up. Authors are not linked across sites, so that the same person counts once
in each.
"""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median_high

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fanal.errors import ConfigError, ContractError, StorageError
from fanal.observatory import Observatory
from fanal.records import Point, Signal, conform, empty
from fanal.series import name_of, parts_of
from fanal.sources import SITE
from fanal.storage.packing import extract, manifest

FOLDER = "network"
FORMAT = 1
# What adds up over sites, and what tells how much was read: the same for all concepts of a family.
FAMILY = {
    "mentions": "documents",
    "practices": "documents",
    "platforms": "documents",
    "places": "documents",
    "channels": "channels",
    "authors": "authors",
    "found": "samples",
}
SUMMED = ("documents", "expected")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a site says of the aggregates that it sends."""

    format: int
    version: str  # of Fanal
    site: str
    title: str
    made: str  # when, UTC, ISO 8601
    as_of: str  # last day that they speak of, ISO 8601
    points: int
    signals: int


@dataclass(frozen=True, slots=True)
class SiteSignal(Signal):
    """A signal of a site of the network."""

    site: str


def sites(ws: Observatory) -> list[Manifest]:
    """Return the manifest of each site's latest aggregates."""
    return [manifest_of(path) for path in _files(ws)]


def site_signals(ws: Observatory) -> list[SiteSignal]:
    """Return the signals of the sites, each with its site, by rank within a site."""
    rows = []
    for path in _files(ws):
        said, _, signals = read(path)
        ranked = sorted(signals.to_pylist(), key=lambda s: -s["score"])
        rows += [SiteSignal(**signal, site=said.site) for signal in ranked]
    return rows


def stamp(ws: Observatory) -> list[str]:
    """Return what changes when a site's aggregates change."""
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(ws)]


def newest(ws: Observatory) -> date:
    """Return the last day that any site speaks of."""
    return max(_ends(ws), default=date(1900, 1, 1))


def last_day(ws: Observatory) -> date | None:
    """Return the day up to which half of the sites speak; None where there are no sites."""
    ends = _ends(ws)
    return median_high(ends) if ends else None


def _ends(ws: Observatory) -> list[date]:
    return [date.fromisoformat(said.as_of) for said in sites(ws)]


def _files(ws: Observatory) -> list[Path]:
    return sorted((ws.folder / FOLDER).glob("*.tar"))


def manifest_of(path: Path) -> Manifest:
    with tarfile.open(path) as archive:
        member = archive.extractfile("manifest.json")
        return manifest(Manifest, member.read() if member else "{}")


def read(path: Path) -> tuple[Manifest, pa.Table, pa.Table]:
    if not path.is_file():
        raise ConfigError("no such file", where=str(path))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        extract(path, folder)
        try:
            said = manifest(Manifest, (folder / "manifest.json").read_text("utf-8"))
            if said.format > FORMAT:
                raise StorageError(
                    f"aggregates by a later version of Fanal ({said.version})",
                    where=path.name,
                )
            date.fromisoformat(said.as_of)
            datetime.fromisoformat(said.made)
            if not SITE.fullmatch(said.site):
                raise ValueError
            points = conform(pq.read_table(folder / "points.parquet"), Point)
            signals = conform(pq.read_table(folder / "signals.parquet"), Signal)
        except (OSError, ValueError, KeyError, TypeError, ContractError):
            # Parquet's own errors are ValueError and OSError.
            raise StorageError("not the aggregates of a site", where=path.name) from None
    return said, points, signals


def sent(ws: Observatory) -> pa.Table:
    """Return the points that the sites sent, each under the name of its site (`Point`)."""
    return pa.concat_tables([empty(Point), *(read(path)[1] for path in _files(ws))])


def joined(own: pa.Table, theirs: pa.Table) -> pa.Table:
    """Return the nation's own points with those of its sites, and totals over all (`Point`)."""
    if not theirs.num_rows:
        return own
    names = pa.concat_tables([own.select(["series"]), theirs.select(["series"])])
    labels = pa.Table.from_pylist(
        [row for row in map(_label, names.column("series").unique().to_pylist()) if row],
        schema=_LABELS,
    )
    with duckdb.connect() as connection:
        for name, table in (("own", own), ("theirs", theirs), ("labels", labels)):
            connection.register(name, table)
        found = connection.sql(_JOINED).to_arrow_table()
    return conform(found, Point)


_LABELS = pa.schema(
    [(name, pa.string()) for name in ("series", "label", "site", "family", "scope")]
)


def _label(series: str) -> dict[str, str | None] | None:
    """Return what a series adds to: itself without its site; nothing where it adds to nothing."""
    measure, dimensions, step = parts_of(series)
    if (measure not in FAMILY and measure not in SUMMED) or "source" in dimensions:
        return None
    rest = {key: value for key, value in dimensions.items() if key != "site"}
    return {
        "series": series,
        "label": name_of(measure, rest, step),
        "site": dimensions.get("site", ""),
        "family": FAMILY.get(measure),
        "scope": f"{dimensions.get('kind', '')}/{step}",
    }


# A site that never named a concept has no series of it: what it read counts all the same.
_JOINED = """
WITH parts AS (
  SELECT l.*, p.period, p.step, p.value, p.denominator FROM theirs p JOIN labels l USING (series)
  UNION ALL
  SELECT l.*, p.period, p.step, p.value, p.denominator FROM own p JOIN labels l USING (series)
  WHERE l.site = ''
), reading AS (
  SELECT family, scope, step, site, period, max(denominator) AS n FROM parts
  WHERE family IS NOT NULL GROUP BY ALL
), read AS (
  SELECT family, scope, step, period, sum(n) AS n FROM reading GROUP BY ALL
), said AS (
  SELECT label, family, scope, step, period, sum(value) AS value, sum(denominator) AS denominator
  FROM parts GROUP BY ALL
), grid AS (
  SELECT l.label AS series, r.period, r.step, r.n
  FROM (SELECT DISTINCT label, family, scope FROM parts) l
  JOIN read r ON r.family = l.family AND r.scope = l.scope
), totals AS (
  SELECT g.series, g.period, g.step, coalesce(s.value, 0) AS value, g.n AS denominator
  FROM grid g LEFT JOIN said s ON s.label = g.series AND s.period = g.period
  UNION ALL
  SELECT label, period, step, value, denominator FROM said WHERE family IS NULL
)
SELECT series, period, step, value, denominator, false AS frozen FROM totals
UNION ALL
SELECT series, period, step, value, denominator, false FROM theirs
UNION ALL
SELECT series, period, step, value, denominator, false
FROM own ANTI JOIN totals USING (series, period)
ORDER BY series, period
"""
