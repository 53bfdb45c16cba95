"""Stage 1, ingest: files → importer → door → staged Parquet → one commit.

Nothing before the door touches a disk. What the door admits is staged as Parquet; once a group of
files is staged whole, a manifest with its reckoning is put beside it, and only then is it
committed to the documents, the issues and the runs. A killed run leaves either a folder without a
manifest (thrown away at the next start) or one with it (committed at the next start): each commit
carries its transaction, so nothing is written twice.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path

from fanal.door.pseudonyms import KeyRing
from fanal.errors import ConfigError, ImporterError
from fanal.importers import BUILTIN, files_in
from fanal.importers.base import File, Importer
from fanal.importers.reading.archives import open_input
from fanal.importers.reading.towns import HOME
from fanal.plugins import fields_of, known
from fanal.records import Run
from fanal.sources import Source
from fanal.stages.ingest.claims import reader
from fanal.stages.ingest.committing import GROUP, Reading, recover, settle
from fanal.stages.ingest.reviewing import Table, hold
from fanal.stages.ingest.staging import (
    Job,
    Reckoning,
    Staged,
    Told,
    hurry,
    importer_for,
    mask_again,
    stage,
)
from fanal.storage.tables import Tables, as_json

__all__ = ["Progress", "Reckoning", "content_id", "ingest", "recover"]

PART = 16 * 2**20  # bytes of a file for one worker at a time
POOL_FROM = 24 * 2**20  # bytes from which a pool pays for its start

Progress = Callable[[str, int, int], None]


# --- which files ------------------------------------------------------------------------------


def content_id(path: File, key: bytes) -> str:
    """Return the keyed id of a file's content: the same export again is known by it."""
    digest = hashlib.blake2b(key=key, person=b"content", digest_size=16)
    with open_input(path) as stream:
        while block := stream.read(2**20):
            digest.update(block)
    return digest.hexdigest()


# --- the run ------------------------------------------------------------------------------------


def ingest(
    tables: Tables,
    source: Source,
    paths: Sequence[File],
    *,
    keys: Path,
    scratch: Path,
    processes: int,
    progress: Progress,
    today: date,
    dry_run: bool = False,
    replace: bool = False,
    desk: Table | None = None,
) -> list[Reckoning]:
    """Bring files in and return the reckoning of each; the caller holds the writer lock.

    With a `desk` nothing is stored: what was read waits there for a person to look at it.

    A file that was brought in before under the same description is passed over, unless nothing of
    it came in; its status says whether it was erased since. A file that cannot be read, or that the
    importer of another format claims than the one that the parameters are of, is a `failed`
    reckoning, and the others go on; so is one that would replace many other records, unless it may
    `replace` them.
    """
    check_parameters(source)
    workers = _workers(paths, processes)
    ring = KeyRing(keys)
    run = secrets.token_hex(8)
    folder = scratch / "staging" / run
    folder.mkdir(parents=True, mode=0o700)
    try:
        readings, outcomes = _readings(
            tables, source, paths, ring, keys, folder, run, today, dry_run
        )
        if desk is not None and not dry_run:
            held = [(reading, hold(desk, reading, source)) for reading in readings]
            outcomes += [reckoning for _, reckoning in held if reckoning is not None]
            readings = [reading for reading, reckoning in held if reckoning is None]
        group: list[tuple[Reading, Reckoning]] = []
        for reading, reckoning in _staged(readings, workers, progress):
            outcomes.append(reckoning)
            group.append((reading, reckoning))
            if sum(r.documents for _, r in group) >= GROUP:
                settle(tables, source, folder, group, dry_run, replace)
                group = []
        settle(tables, source, folder, group, dry_run, replace)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return outcomes


def _readings(
    tables: Tables,
    source: Source,
    paths: Sequence[File],
    ring: KeyRing,
    keys: Path,
    folder: Path,
    run: str,
    today: date,
    dry_run: bool,
) -> tuple[list[Reading], list[Reckoning]]:
    """Return what is to be read, and the reckonings of what is not."""
    todo: list[Reading] = []
    outcomes: list[Reckoning] = []
    seen: set[str] = set()
    for number, (path, decision) in enumerate(_files(paths)):
        reckoning = Reckoning(ring.file_id(path.name).hex(), path.name)
        try:
            name = reader(source, decision, path)
            reckoning.importer = name
            transaction = _transaction(source, name, content_id(path, ring.id_key))
            if transaction in seen or tables.done(Run, [transaction]):
                reckoning.status = _known(tables, source.name, transaction)
                outcomes.append(reckoning)
                continue
            seen.add(transaction)
            parts = _importer(source, name).parts(path, PART)
            jobs = tuple(
                Job(path, part, name, source, keys, folder / f"{number:06d}-{piece:05d}", dry_run,
                    run, reckoning.file, source.oldest(today))
                for piece, part in enumerate(parts)
            )  # fmt: skip
            todo.append(Reading(reckoning.file, transaction, jobs))
        except ImporterError as error:
            reckoning.status, reckoning.detail = "failed", str(error)
            outcomes.append(reckoning)
    return todo, outcomes


# What was erased of this source, or of any, since a file came in; what went with its retention is
# left out by rule, and no erasure.
_ERASURES = """
SELECT stage = 'erase' AS asked, json_extract_string(parameters, '$.source') AS source
FROM runs WHERE (stage = 'erase' OR stage = 'retention') AND started > $since
  AND coalesce(json_extract_string(parameters, '$.source'), $source) = $source
"""

_STORED = """
SELECT (SELECT coalesce(sum(rows_out), 0) FROM runs WHERE starts_with(id, $run || '-')) AS came,
       (SELECT count(*) FROM documents WHERE run = $run)
     + (SELECT count(*) FROM (SELECT id FROM every_samples WHERE run = $run
                              UNION SELECT sample FROM every_results WHERE run = $run))
     + (SELECT count(*) FROM indicators WHERE run = $run) AS left_over
"""


def _known(tables: Tables, source: str, transaction: str) -> str:
    """Return the status of a file that came in before: `known`, `erased` or `partly erased`.

    Limits: files that came in together share it where a part of what came in was erased.
    """
    first = tables.rows(
        "SELECT id, started FROM runs WHERE stage = 'ingest' AND fingerprint = $file "
        "ORDER BY started LIMIT 1",
        {"file": transaction},
    )
    if not first:
        return "known"
    since = tables.rows(_ERASURES, {"since": first[0]["started"], "source": source})
    asked = [row["source"] for row in since if row["asked"]]
    if not asked or (len(asked) < len(since) and source not in asked):
        return "known"
    run = first[0]["id"].rpartition("-")[0]
    [stored] = tables.rows(_STORED, {"run": run})
    if stored["left_over"] >= stored["came"]:
        return "known"
    return "partly erased" if stored["left_over"] else "erased"


TOLD = 20  # kinds of issues that are given; the issues themselves are all stored
_TOLD = """
SELECT level, kind, field, hint, count(*) AS records FROM issues
WHERE source = $source AND run = (
  SELECT arg_max(regexp_replace(id, '-[0-9]+$', ''), started) FROM runs
  WHERE stage = 'ingest' AND json_extract_string(parameters, '$.source') = $source)
GROUP BY level, kind, field, hint
ORDER BY list_position(['error', 'warning', 'note'], level), records DESC, kind, field LIMIT $most
"""


def told(tables: Tables, source: str) -> list[Told]:
    """Return what the latest ingest of a source told, by kind and field, the worst first."""
    return [Told(**row) for row in tables.rows(_TOLD, {"source": source, "most": TOLD})]


def check_parameters(source: Source) -> None:
    """Refuse parameters that the importer named, or where none is named no importer, has.

    Raises:
        ConfigError: names the parameter, and those that there are.
    """
    plugins = known("importers", BUILTIN)
    if source.importer:
        importer_for(source, source.importer)
        return
    fields = {name for plugin in plugins.values() for name in fields_of(plugin)}
    unknown = sorted(set(source.parameters) - fields)
    if unknown:
        raise ConfigError(
            f"no importer has a parameter {unknown[0]!r}",
            where=f"{source.name}.toml",
            allowed=", ".join(sorted(fields - {"mapping"})),
            do="correct or remove it under [parameters] in the source description",
        )


def _importer(source: Source, name: str) -> Importer:
    """Return the importer of a file with the parameters of its source.

    Raises:
        ImporterError: they are another importer's: the file is no such file as they are for.
    """
    try:
        return importer_for(source, name)
    except ConfigError as error:
        raise ImporterError(
            f"the file looks like one for the importer {name!r}, and {error.what}",
            do=error.do
            or 'bring it in under a source of its own, or add importer = "…" to the description '
            "if it is what the parameters are for",
        ) from None


def _files(paths: Sequence[File]) -> Iterator[tuple[File, type[Importer] | ImporterError]]:
    """Yield every file with its importer, or with why it has none."""
    for path in paths:
        if isinstance(path, Path) and not path.exists():
            raise ConfigError("no such file or folder", where=str(path), do="check the path")
        yield from files_in(path)


def _transaction(source: Source, importer: str, content: str) -> str:
    """Return the name under which a file is brought in once: another mapping is another reading."""
    said: list[object] = [source.name, importer, source.parameters, source.mapping]
    # what was past its retention, or a version of what another file says, may be neither now
    said += [source.retention_months] if source.retention_months else []
    said += [source.ids] if source.ids != "file" else []
    said += [source.country] if source.country != HOME else []
    stamp = as_json(said)
    digest = hashlib.blake2b(stamp.encode(), digest_size=8).hexdigest()
    return f"ingest/{source.name}/{content}/{digest}"


def _workers(paths: Sequence[File], processes: int) -> tuple[int, BaseContext] | None:
    """Return how many workers read, and how they start; None where one process does it sooner.

    The server that they are forked from loads what they share while files are still looked at.
    """
    if processes < 2 or sum(map(_bytes, paths)) < POOL_FROM:
        return None
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return processes, multiprocessing.get_context("spawn")
    multiprocessing.set_forkserver_preload(["fanal.stages.ingest.loaded"])
    forkserver.ensure_running()
    return processes, multiprocessing.get_context("forkserver")


def _bytes(path: File) -> int:
    if not isinstance(path, Path):
        return 0
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _staged(
    readings: Sequence[Reading], workers: tuple[int, BaseContext] | None, progress: Progress
) -> Iterator[tuple[Reading, Reckoning]]:
    """Stage every file, in this process or in a pool, and yield each with its reckoning."""
    jobs = [(number, job) for number, r in enumerate(readings) for job in r.jobs]
    parts: dict[int, list[Staged]] = {number: [] for number in range(len(readings))}
    for done, (number, staged) in enumerate(_worked(jobs, workers), 1):
        progress("ingest", done, len(jobs))
        parts[number].append(staged)
        if len(parts[number]) == len(readings[number].jobs):
            whole = parts.pop(number)
            total = _summed([part.reckoning for part in whole])
            if total.status != "failed":
                mask_again(whole, readings[number].jobs[0])
            yield readings[number], total


def _worked(
    jobs: Sequence[tuple[int, Job]], workers: tuple[int, BaseContext] | None
) -> Iterator[tuple[int, Staged]]:
    if workers is None or len(jobs) < 2:
        yield from ((number, stage(job)) for number, job in jobs)
        return
    processes, context = workers
    with ProcessPoolExecutor(processes, mp_context=context, initializer=hurry) as pool:
        running = {pool.submit(stage, job): number for number, job in jobs}
        finished = ((running[future], future.result()) for future in as_completed(running))
        last = next(finished)
        for each in finished:
            yield last
            last = each
    yield last  # the workers have ended: their memory is free for the commit


def _summed(parts: Sequence[Reckoning]) -> Reckoning:
    failed = next((part for part in parts if part.status == "failed"), None)
    if failed is not None:
        return failed
    total = Reckoning(parts[0].file, parts[0].name, parts[0].importer)
    skipped: Counter[str] = Counter()
    for part in parts:
        for name in ("read", "documents", "quarantined", "issues", "warnings", "seconds"):
            setattr(total, name, getattr(total, name) + getattr(part, name))
        skipped.update(part.skipped)
    total.skipped = dict(skipped)
    return total
