"""Reads uploads in a process of its own, and tells how far it is.

A page must not wait for a reading, nor a reading for the pages. The files are handed over as
open descriptors, their keys through a pipe: neither touches a disk. What the process says is one
JSON object a line.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fanal.door.desk import Waiting
from fanal.errors import FanalError, StorageError
from fanal.stages.ingest.replacing import REMEDY
from fanal.stages.ingest.staging import Reckoning
from fanal.web.spool import PSEUDONYMS, Spool
from fanal.wording.marks import N_
from fanal.workspace import Workspace

PATIENCE = 600  # seconds to wait for another run to end
KEPT = 50  # readings remembered; what became of each is in the runs for good


@dataclass(slots=True)
class Reading:
    """One upload and what became of it."""

    id: str
    source: str
    site: str
    who: str
    started: datetime
    names: list[str]  # of the files; in memory only
    stage: str = "waiting"
    done: int = 0
    total: int = 0
    files: list[dict[str, Any]] = field(default_factory=list)  # their reckonings
    error: dict[str, Any] | None = None
    ended: bool = False


class Readings:
    """The uploads that this process of the application knows of."""

    def __init__(self) -> None:
        self._known: dict[str, Reading] = {}

    def get(self, id_: str) -> Reading | None:
        """Return a reading."""
        return self._known.get(id_)

    def of(self, source: str) -> list[Reading]:
        """Return the readings of a source, the latest first."""
        return [r for r in reversed(self._known.values()) if r.source == source]

    def start(
        self, ws: Workspace, source: str, spools: Sequence[Spool], replace: bool = False
    ) -> Reading:
        """Begin to read uploads of a source; they may `replace` others."""
        named = [{"fd": s.fd, "key": s.key.hex(), "size": s.size, "name": s.name, "field": s.field}
                 for s in spools]  # fmt: skip
        return self._begin(ws, source, spools, {"files": named, "replace": replace})

    def confirm(self, ws: Workspace, waiting: Waiting, seen: int, replace: bool = False) -> Reading:
        """Begin to store a review that a person has confirmed; it may `replace` other records."""
        order = {"review": waiting.id, "seen": seen, "replace": replace}
        return self._begin(ws, waiting.source, (), order)

    def _begin(
        self, ws: Workspace, source: str, spools: Sequence[Spool], order: dict[str, Any]
    ) -> Reading:
        site = ws.source(source).site
        reading = Reading(secrets.token_hex(8), source, site, ws.who, datetime.now(UTC),
                          [spool.name for spool in spools])  # fmt: skip
        self._known[reading.id] = reading
        while len(self._known) > KEPT:
            self._known.pop(next(iter(self._known)))
        order |= {"folder": str(ws.folder), "source": source, "who": ws.who}
        process = subprocess.Popen(
            [sys.executable, "-m", "fanal.web.reading"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            pass_fds=[spool.fd for spool in spools], env=environment(),
        )  # fmt: skip
        for spool in spools:
            spool.close()
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode())
        process.stdin.close()
        threading.Thread(target=_follow, args=(reading, process), daemon=True).start()
        return reading


def environment() -> dict[str, str]:
    """Return this process's environment with the same Fanal first on the path."""
    here = str(Path(__file__).parents[2])
    return os.environ | {"PYTHONPATH": os.pathsep.join([here, *sys.path[1:]])}


def _follow(reading: Reading, process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            for name, value in json.loads(line).items():
                setattr(reading, name, value)
    if process.wait() and reading.error is None:
        reading.error = {"what": N_("the reading was cut short"), "do": N_("send the file again")}
    reading.ended = True


# --- in the other process -------------------------------------------------------------------------


def main() -> None:
    """Do what standard input says."""
    order = json.loads(sys.stdin.buffer.read())
    spools = [
        Spool(f["fd"], bytes.fromhex(f["key"]), f["size"], f["name"], f["field"])
        for f in order.get("files", ())
    ]
    try:
        with Workspace(Path(order["folder"])) as opened:
            ws = opened.acting(order["who"])
            ws.progress = lambda stage, done, total: _say(stage=stage, done=done, total=total)
            found = _patiently(lambda: _brought(ws, order, spools))
            _say(files=[_told(reckoning) for reckoning in found])
            if any(r.status == "done" for r in found):
                _patiently(ws.run)
    except FanalError as error:
        _say(error=error.as_json()["error"])
    _say(stage="done")


def _brought(ws: Workspace, order: dict[str, Any], spools: Sequence[Spool]) -> list[Reckoning]:
    """Bring uploads in, or what somebody confirmed."""
    if "review" in order:
        replace = order["replace"]
        stored = ws.confirm_review(order["review"], seen=order["seen"], replace=replace)
        return [stored] if stored else []
    table = next((spool for spool in spools if spool.field == PSEUDONYMS), None)
    files = [spool for spool in spools if spool.field != PSEUDONYMS]
    return ws.ingest(files, order["source"], pseudonyms=table, replace=order["replace"])


def _patiently(work: Any) -> Any:
    """Do work that needs the writer lock, once whoever holds it has let it go."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return work()
        except StorageError as error:
            if "another run" not in error.what or time.monotonic() > until:
                raise
        _say(stage="waiting")
        time.sleep(1)


def _told(reckoning: Any) -> dict[str, Any]:
    return {
        "name": reckoning.name, "importer": reckoning.importer, "status": reckoning.status,
        "read": reckoning.read, "documents": reckoning.documents,
        "duplicates": reckoning.duplicates, "replaced": reckoning.replaced,
        "skipped": reckoning.skipped_total,
        "quarantined": reckoning.quarantined, "issues": reckoning.issues,
        "detail": reckoning.detail,
        "asks": reckoning.status == "failed" and REMEDY in reckoning.detail,
    }  # fmt: skip


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
