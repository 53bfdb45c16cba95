"""A network: a site sends its aggregates, a national observatory takes them in.

What travels is one file: the points of a site and its signals; no text, no pseudonym, nothing of
a single document. What the nation does with them is in `answers/sites.py`.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fanal.answers import ends
from fanal.answers.sites import FAMILY, FOLDER, FORMAT, SUMMED, Manifest, manifest_of, read
from fanal.errors import ConfigError, StorageError
from fanal.observatory import Observatory
from fanal.records import SOURCE_KINDS, VERSION, Point, Signal, conform
from fanal.series import LEVELS, name_of, parts_of
from fanal.storage.packing import Archive

MEASURES = (*FAMILY, *SUMMED, *LEVELS)  # levels are kept by site
_WORD = re.compile(r"[^\x00-\x1f\x7f\s]{1,64}\Z")


# --- a site sends ---------------------------------------------------------------------------------


def export(ws: Observatory, path: Path) -> Manifest:
    """Write the aggregates of this site to one new file; returns its manifest.

    Raises:
        ConfigError: the observatory is not of one site, or the file exists.
    """
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
    manifest = Manifest(
        format=FORMAT,
        version=VERSION,
        site=site,
        title=ws.settings.title,
        made=datetime.now(UTC).isoformat(),
        as_of=ends.last_day(ws).isoformat(),
        points=points.num_rows,
        signals=signals.num_rows,
    )
    with Archive(path) as archive:
        archive.write("points.parquet", _parquet(points))
        archive.write("signals.parquet", _parquet(signals))
        archive.write("manifest.json", json.dumps(asdict(manifest), ensure_ascii=False).encode())
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


def take(ws: Observatory, path: Path) -> Manifest:
    """Take a site's aggregates in, in the place of its earlier ones; returns their manifest.

    The caller holds the writer lock; they count from the next `fanal run` on.

    Raises:
        StorageError: the file is damaged, or says things that aggregates do not say.
        ConfigError: it is this site's own, or older than what is here.
    """
    manifest, points, _ = read(path)
    site = manifest.site
    own = {row["site"] for row in ws.tables.rows("SELECT DISTINCT site FROM documents")}
    if site in own or site == ws.settings.site:
        raise ConfigError("these are aggregates of a site that is read here already", where=site)
    _check(points, site, path.name)
    present = ws.folder / FOLDER / f"{site}.tar"
    if present.exists() and manifest_of(present).made > manifest.made:
        raise ConfigError("later aggregates of this site are here already", where=site)
    present.parent.mkdir(exist_ok=True, mode=0o700)
    new = present.with_suffix(".new")
    new.write_bytes(path.read_bytes())
    new.chmod(0o600)
    with new.open("rb") as stream:
        os.fsync(stream.fileno())
    new.rename(present)
    return manifest


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
