"""What a stage did: its outcome for people, and its Run row."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fanal.errors import StoppedError
from fanal.observatory import Observatory
from fanal.records import VERSION, Detail, Run, table_of
from fanal.storage.tables import as_json


@dataclass(slots=True)
class Outcome:
    """What a stage did, for people and for its Run row."""

    stage: str
    rows_in: int = 0
    rows_out: int = 0
    seconds: float = 0.0
    changed: bool = False
    detail: Detail = field(default_factory=dict)


@contextlib.contextmanager
def recorded(ws: Observatory, stage: str, parameters: Detail) -> Iterator[Outcome]:
    """Time a stage and write its Run row, if it changed anything or failed."""
    outcome = Outcome(stage)
    started, clock = datetime.now(UTC), time.perf_counter()
    status = "done"
    try:
        yield outcome
    except StoppedError:
        status = "stopped"
        raise
    except BaseException:
        status = "failed"
        raise
    finally:
        outcome.seconds = time.perf_counter() - clock
        if outcome.changed or status != "done":
            row = Run(
                id=secrets.token_hex(8),
                stage=stage,
                version=VERSION,
                parameters=as_json(parameters),
                fingerprint=str(outcome.detail.get("fingerprint", "")),
                started=started,
                seconds=outcome.seconds,
                rows_in=outcome.rows_in,
                rows_out=outcome.rows_out,
                duplicates=0,
                skipped=0,
                quarantined=0,
                issues=0,
                status=status,
                detail=as_json(outcome.detail),
            )
            ws.tables.append(Run, table_of([row], Run))


def note(ws: Observatory, stage: str, parameters: Detail, detail: Detail, mark: str) -> None:
    """Leave the Run row of a stage that may be finished by a later command, once."""
    if ws.tables.done(Run, [mark]):
        return
    row = Run(
        id=secrets.token_hex(8),
        stage=stage,
        version=VERSION,
        parameters=as_json(parameters),
        fingerprint="",
        started=datetime.now(UTC),
        seconds=0.0,
        rows_in=int(detail.get("documents", 0)),
        rows_out=0,
        duplicates=0,
        skipped=0,
        quarantined=0,
        issues=0,
        status="done",
        detail=as_json(detail),
    )
    ws.tables.append(Run, table_of([row], Run), [mark])
