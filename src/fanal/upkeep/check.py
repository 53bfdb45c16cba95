"""What `fanal check` looks at."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from fanal.door.pseudonyms import KeyRing
from fanal.observatory import Observatory
from fanal.records import RECORDS, Audit
from fanal.storage.state import broken

LOW_DISK = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, and what to do where it is not as it should be."""

    what: str
    found: str
    level: str = "ok"  # or warning, error
    do: str = ""


def check(ws: Observatory) -> list[Check]:
    """Return what was looked at, and what was found."""
    return [
        *_keys(ws), *_permissions(ws), *_tables(ws), _search(ws), _disk(ws), _audit(ws), *_runs(ws),
        *_described(ws),
    ]  # fmt: skip


def _keys(ws: Observatory) -> list[Check]:
    wrong = KeyRing(ws.keys).check()
    if not wrong:
        return [Check("keys", "whole, and readable by their owner alone")]
    return [Check("keys", text, "error", "see docs/howto/keys.md") for text in wrong]


def _permissions(ws: Observatory) -> list[Check]:
    mode = stat.S_IMODE(ws.folder.stat().st_mode)
    if mode & 0o077:
        return [
            Check(
                "permissions",
                f"the folder is open to others ({mode:o})",
                "warning",
                f"chmod 700 {ws.folder}",
            )
        ]
    return [Check("permissions", "the folder is its owner's alone")]


def _tables(ws: Observatory) -> list[Check]:
    rows = []
    strays: list[Path] = []
    for record in RECORDS:
        strays += ws.tables.strays(record)
        for name in ws.tables.files(record):
            try:
                if "://" not in name:
                    pq.read_metadata(name)
            except (OSError, ValueError) as error:
                rows.append(
                    Check(
                        f"table {record.table}",
                        f"a file cannot be read ({type(error).__name__})",
                        "error",
                        "restore a backup: fanal restore",
                    )
                )
    try:
        counts = ws.tables.counts()
        rows.append(
            Check("tables", ", ".join(f"{k} {v}" for k, v in counts.items() if v) or "empty")
        )
    except duckdb.Error as error:
        rows.append(Check("tables", f"cannot be read ({type(error).__name__})", "error", "restore"))
    if strays:
        rows.append(
            Check(
                "files that no log names",
                f"{len(strays)} ({sum(path.stat().st_size for path in strays) / 2**20:.1f} MiB), "
                "replaced since, or left by a write that was cut short",
                do="fanal check --clean",
            )
        )
    return rows


def _described(ws: Observatory) -> list[Check]:
    """Return what of the descriptions and of the own thesaurus is not used, or should not be so."""
    wrong = [(error, "error") for error in ws.left_out()]
    wrong += [(error, "warning") for error in ws.objections()]
    rows = [
        Check("description", f"{e.where}: {e.what}", level, e.do or f"allowed: {e.allowed}")
        for e, level in wrong
    ]
    return rows or [Check("descriptions", "sources and names can all be used")]


def _search(ws: Observatory) -> Check:
    if not ws.search.whole():
        return Check(
            "search", "the index is damaged", "error", "remove search.db, then: fanal code"
        )
    stale = ws.search.stale(ws.tables)
    if stale:
        months = ", ".join(stale[:6]) + (", …" if len(stale) > 6 else "")
        return Check("search", f"not up to date for {months}", "warning", "fanal code")
    return Check("search", "finds what the tables hold")


def _disk(ws: Observatory) -> Check:
    free = shutil.disk_usage(ws.folder).free
    level = "warning" if free < LOW_DISK else "ok"
    return Check("disk", f"{free / 2**30:.1f} GiB free", level, "free some space" * (level != "ok"))


def _audit(ws: Observatory) -> Check:
    lines = ws.state.all(Audit)
    at = broken(lines, ws.state.head())
    if at is None:
        return Check("audit log", f"{len(lines)} lines, each follows the one before, to the last")
    return Check("audit log", f"line {at} does not follow", "error", "restore a backup and compare")


def _runs(ws: Observatory) -> list[Check]:
    failed = ws.tables.rows(
        "SELECT stage, count(*) AS n FROM runs WHERE status <> 'done' GROUP BY stage ORDER BY stage"
    )
    return [Check(f"runs of {r['stage']}", f"{r['n']} did not end well", "warning", "fanal status")
            for r in failed]  # fmt: skip
