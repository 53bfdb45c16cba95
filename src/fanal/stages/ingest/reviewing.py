"""What waits for a review: put on the desk in the place of staging, stored once it is confirmed.

A confirmed review is staged, settled and committed as a file that was just read: its id is the run,
so that it is committed once, whenever it is tried again. Only then is what waited destroyed.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Literal

from fanal.door import deciding
from fanal.door.desk import Desk, Review, Waiting
from fanal.errors import ImporterError
from fanal.importers.base import Part, Skipped
from fanal.records import Issue, Run
from fanal.sources import Source
from fanal.stages.ingest.committing import Reading, settle
from fanal.stages.ingest.staging import Job, Reckoning, Settled, door_of, read, stage
from fanal.storage.tables import Tables

WAITS = "waiting"  # status of a file that a person looks at before it is stored


@dataclass(frozen=True, slots=True)
class Table:
    """A desk, from when and how long files wait on it, and what a researcher calls people."""

    desk: Desk
    now: datetime
    days: int
    pseudonyms: Mapping[str, str] = field(default_factory=dict)


def hold(table: Table, reading: Reading, source: Source) -> Reckoning | None:
    """Put a file on the desk; one that waits there already is left as it is.

    None where nothing of it can wait: it cannot be read, or holds no text. It goes the usual way.
    """
    job = reading.jobs[0]
    reckoning = Reckoning(job.file, job.path.name, job.importer, status=WAITS)
    started = time.perf_counter()
    if any(one.transaction == reading.transaction for one in table.desk.waiting()):
        return reckoning
    waiting = Waiting(
        "", source.name, source.site, job.importer, job.file, reading.transaction, table.now,
        table.now + timedelta(days=table.days), 0,
    )  # fmt: skip
    skipped: Counter[str] = Counter()
    issues: list[Issue] = []
    documents: list[Any] = []
    try:
        for record in (record for job in reading.jobs for record in read(job)):
            if isinstance(record, Skipped):
                skipped[record.rule] += record.count
            elif isinstance(record, Issue):
                issues.append(record)
            else:
                documents.append(record)
    except ImporterError:
        return None
    try:
        beside = (issues, list(skipped.items()))
        held = table.desk.hold(waiting, door_of(job), documents, beside, table.pseudonyms)
    except ImporterError as error:
        reckoning.fail(error)
        return reckoning
    if held is None:
        return None
    undated = len(documents) - held.records
    reckoning.issues = sum(issue.level == "error" for issue in issues) + undated
    reckoning.warnings = sum(issue.level != "error" for issue in issues)
    reckoning.waiting, reckoning.skipped = held.records, dict(skipped)
    reckoning.read = reckoning.waiting + reckoning.issues + reckoning.skipped_total
    reckoning.seconds = time.perf_counter() - started
    reckoning.check()
    return reckoning


def store(
    tables: Tables,
    source: Source,
    review: Review,
    *,
    keys: Path,
    scratch: Path,
    today: date,
    replacing: bool,
) -> Reckoning:
    """Commit what was confirmed, once; the caller holds the writer lock.

    One that would replace many other records, and may not, comes back as `failed`, and stays.
    """
    waiting = review.waiting
    folder = scratch / "staging" / waiting.id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    made = deciding.decided(review)
    records: list[Any] = [Skipped(rule, count) for rule, count in review.skipped]
    records += review.issues
    records += [replace(t.raw, text=new) for t, new in zip(review.turns, made.texts, strict=True)]
    job = Job(
        Unnamed(), Part(), waiting.importer, source, keys, folder / "000000-00000", False,
        waiting.id, waiting.file, source.oldest(today),
    )  # fmt: skip
    try:
        staged = stage(job, Settled(records, made.doubts))
        reading = Reading(waiting.file, waiting.transaction, (job,))
        group = [(reading, staged.reckoning)]
        settle(tables, source, folder, group, False, replacing, keep_failed=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return staged.reckoning


def stored(tables: Tables, waiting: Waiting) -> bool:
    """Say whether what waited is stored."""
    return bool(tables.done(Run, [f"group/{waiting.id}/group-000000-00000"]))


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A file whose name is forgotten, and which is read no more."""

    name: str = ""
    stem: str = ""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """Refuse: what it held waits sealed."""
        raise ImporterError("this file is not read again", do="bring it in again")
