"""Checks that every exporter passes: `check_exporter` raises AssertionError."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fanal.exporters.base import Exporter


def check_exporter(exporter: Exporter, content: Any, folder: Path) -> None:
    """Export twice into new folders: files inside the folder, not empty, the same both times."""
    first, second = folder / "first", folder / "second"
    once = _export(exporter, content, first)
    again = _export(exporter, content, second)
    assert once == again, "two exports of one content differ"


def _export(exporter: Exporter, content: Any, folder: Path) -> dict[Path, bytes]:
    folder.mkdir(parents=True)
    written = exporter.export(content, folder)
    assert written, "nothing was written"
    here = {path for path in folder.rglob("*") if path.is_file()}
    assert set(written) == here, "the files returned are not the files written"
    out = {path.relative_to(folder): path.read_bytes() for path in written}
    assert all(out.values()), "an empty file"
    return out
