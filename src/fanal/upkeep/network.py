"""A network: sites send their aggregates, a national observatory counts and detects over them.

What travels is one file: the points of a site and its signals; no text, no pseudonym, nothing of
a single document. The nation keeps the latest file of each site in `network/` and lays it beside
its own counts: series of each site as they are, and totals for what adds up. Authors are not
linked across sites, so that the same person counts once in each.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median_high
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fanal import __version__
from fanal.errors import ConfigError, ContractError, StorageError
from fanal.observatory import Observatory
from fanal.records import SOURCE_KINDS, Point, Signal, conform
from fanal.series import name_of, parts_of
from fanal.upkeep.packing import Archive, extract

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
ALONE = ("price", "purity")  # medians: never added, kept by site
MEASURES = (*FAMILY, *SUMMED, *ALONE)
_SITE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
_WORD = re.compile(r"[^\x00-\x1f\x7f\s]{1,64}\Z")


# --- a site sends ---------------------------------------------------------------------------------


def export(ws: Observatory, path: Path) -> dict[str, Any]:
    """Write the aggregates of this site to one new file; returns its manifest.

    Raises:
        ConfigError: the observatory is not of one site, or the file exists.
    """
    from fanal import pipeline

    site = ws.settings.site
    if site is None:
        raise ConfigError(
            "this observatory is not of a site", where="fanal.toml", do='add: site = "…"'
        )
    points = _of_site(ws, site)
    signals = conform(
        ws.tables.query("SELECT * FROM signals WHERE score > 0 AND place IN ('', ?)", [site]),
        Signal,
    )
    manifest = {
        "format": FORMAT,
        "version": __version__,
        "site": site,
        "title": ws.settings.title,
        "made": datetime.now(UTC).isoformat(),
        "as_of": pipeline.last_day(ws).isoformat(),
        "points": points.num_rows,
        "signals": signals.num_rows,
    }
    with Archive(path) as archive:
        archive.write("points.parquet", _parquet(points))
        archive.write("signals.parquet", _parquet(signals))
        archive.write("manifest.json", json.dumps(manifest, ensure_ascii=False).encode())
    return manifest


def _of_site(ws: Observatory, site: str) -> pa.Table:
    """Return the points of a site under names that say so.

    Totals without a site are the site's own where it has no document of another.
    """
    sites = {row["site"] for row in ws.tables.rows("SELECT DISTINCT site FROM documents")}
    names = {row["series"] for row in ws.tables.rows("SELECT DISTINCT series FROM points")}
    kept: dict[str, str] = {}
    for name in sorted(names):
        measure, dimensions, step = parts_of(name)
        if measure not in MEASURES or "source" in dimensions:
            continue
        if "site" not in dimensions and sites <= {site}:
            sited = name_of(measure, {**dimensions, "site": site}, step)
            if sited not in names:
                kept[name] = sited
        elif dimensions.get("site") == site:
            kept[name] = name
    renamed = pa.table({"old": list(kept), "new": list(kept.values())}, schema=_NAMES)
    return conform(
        ws.tables.query(
            "SELECT p.* REPLACE (r.new AS series, false AS frozen) FROM points p "
            "JOIN renamed r ON r.old = p.series ORDER BY r.new, period",
            renamed=renamed,
        ),
        Point,
    )


_NAMES = pa.schema([("old", pa.string()), ("new", pa.string())])


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    written: bytes = sink.getvalue().to_pybytes()
    return written


# --- the nation takes -----------------------------------------------------------------------------


def take(ws: Observatory, path: Path) -> dict[str, Any]:
    """Take a site's aggregates in, in the place of its earlier ones; returns their manifest.

    The caller holds the writer lock; they count from the next `fanal run` on.

    Raises:
        StorageError: the file is damaged, or says things that aggregates do not say.
        ConfigError: it is this site's own, or older than what is here.
    """
    manifest, points, _ = _read(path)
    site = manifest["site"]
    own = {row["site"] for row in ws.tables.rows("SELECT DISTINCT site FROM documents")}
    if site in own or site == ws.settings.site:
        raise ConfigError("these are aggregates of a site that is read here already", where=site)
    _check(points, site, path.name)
    present = ws.folder / FOLDER / f"{site}.tar"
    if present.exists() and _manifest(present)["made"] > manifest["made"]:
        raise ConfigError("later aggregates of this site are here already", where=site)
    present.parent.mkdir(exist_ok=True, mode=0o700)
    new = present.with_suffix(".new")
    new.write_bytes(path.read_bytes())
    new.chmod(0o600)
    with new.open("rb") as stream:
        os.fsync(stream.fileno())
    new.rename(present)
    return manifest


def sites(ws: Observatory) -> list[dict[str, Any]]:
    """Return the manifest of each site's latest aggregates."""
    return [_manifest(path) for path in _files(ws)]


def site_signals(ws: Observatory) -> list[dict[str, Any]]:
    """Return the signals of the sites, each with its site, by rank within a site."""
    rows = []
    for path in _files(ws):
        manifest, _, signals = _read(path)
        ranked = sorted(signals.to_pylist(), key=lambda s: -s["score"])
        rows += [{**signal, "site": manifest["site"]} for signal in ranked]
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
    return [date.fromisoformat(manifest["as_of"]) for manifest in sites(ws)]


def _files(ws: Observatory) -> list[Path]:
    return sorted((ws.folder / FOLDER).glob("*.tar"))


def _manifest(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as archive:
        member = archive.extractfile("manifest.json")
        found: dict[str, Any] = json.loads(member.read()) if member else {}
    return found


def _read(path: Path) -> tuple[dict[str, Any], pa.Table, pa.Table]:
    if not path.is_file():
        raise ConfigError("no such file", where=str(path))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        extract(path, folder)
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            if manifest["format"] > FORMAT:
                raise StorageError(
                    f"aggregates by a later version of Fanal ({manifest['version']})",
                    where=path.name,
                )
            date.fromisoformat(manifest["as_of"])
            datetime.fromisoformat(manifest["made"])
            if not _SITE.match(manifest["site"]):
                raise ValueError
            points = conform(pq.read_table(folder / "points.parquet"), Point)
            signals = conform(pq.read_table(folder / "signals.parquet"), Signal)
        except (OSError, ValueError, KeyError, TypeError, ContractError):
            # Parquet's own errors are ValueError and OSError.
            raise StorageError("not the aggregates of a site", where=path.name) from None
    return manifest, points, signals


def _check(points: pa.Table, site: str, where: str) -> None:
    """Refuse what aggregates of this site would not say: free text most of all."""
    for name in points.column("series").unique().to_pylist():
        if not _is_aggregate(name, site):
            raise StorageError("a series that is not an aggregate of its site", where=where)


def _is_aggregate(series: str, site: str) -> bool:
    try:
        measure, dimensions, step = parts_of(series)
    except ValueError:
        return False
    return (
        measure in MEASURES
        and step in ("week", "month", "year")
        and dimensions.get("site") == site
        and "source" not in dimensions
        and dimensions.get("kind", SOURCE_KINDS[0]) in SOURCE_KINDS
        and all(_WORD.match(v) for key, v in dimensions.items() if key != "kind")
        and series == name_of(measure, dimensions, step)
    )


# --- counting -----------------------------------------------------------------------------------


def joined(ws: Observatory, own: pa.Table) -> pa.Table:
    """Return the nation's own points with those of its sites, and totals over all (`Point`)."""
    taken = [_read(path)[1] for path in _files(ws)]
    if not taken:
        return own
    theirs = pa.concat_tables(taken)
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
