"""What a site of a network sends, packed by hand."""

import json

from fanal.records import Point, Signal, empty, table_of
from fanal.storage.packing import Archive
from fanal.upkeep import network


def packed(path, site, rows, made="2025-02-01T00:00:00+00:00", as_of="2025-02-01"):
    """Write these points of a site to a new file, as its export would."""
    with Archive(path) as archive:
        archive.write("points.parquet", network._parquet(table_of(rows, Point)))
        archive.write("signals.parquet", network._parquet(empty(Signal)))
        manifest = {"format": 1, "version": "0", "site": site, "title": "t", "made": made,
                    "as_of": as_of, "points": len(rows), "signals": 0}  # fmt: skip
        archive.write("manifest.json", json.dumps(manifest).encode())
