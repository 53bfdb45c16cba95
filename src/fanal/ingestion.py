"""Stage 1, ingest: files → importer → door → staged Parquet → one commit.

Nothing before the door touches a disk. What the door admits is staged as Parquet; once a group of
files is staged whole, a manifest with its reckoning is put beside it, and only then is it
committed to the documents, the issues and the runs. A killed run leaves either a folder without a
manifest (thrown away at the next start) or one with it (committed at the next start): each commit
carries its transaction, so nothing is written twice.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fanal import __version__
from fanal.coding import language
from fanal.door import Door, KeyRing, Quarantined, Samples
from fanal.errors import ConfigError, ContractError, ImporterError
from fanal.importers import BUILTIN, files_in
from fanal.importers.archives import open_input
from fanal.importers.base import File, Importer, Part, Skipped
from fanal.plugins import known, make
from fanal.records import Document, Indicator, Issue, Result, Run, Sample, schema_of, table_of
from fanal.revising import revised
from fanal.sources import Source
from fanal.storage.tables import Tables, as_json

BATCH = 8192  # raw documents through the door at once
PAST_RETENTION = "past the retention of its source"
KEPT = "kept.parquet"  # which rows of a settled group are new
PIECE = 100_000  # documents an append: the writer holds them all in memory
MEMORY = "300MB"  # of the comparison with what is stored: it spills above this
GROUP = 50_000  # rows a commit, where there are as many
PART = 16 * 2**20  # bytes of a file for one worker at a time
POOL_FROM = 24 * 2**20  # bytes from which a pool pays for its start

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One part of one file, for one worker."""

    path: File
    part: Part
    importer: str
    source: Source
    keys: Path
    staged: Path  # beginning of the names of its staged files
    dry_run: bool
    run: str
    file: str  # keyed id of the file
    oldest: date | None = None  # what is older is past the source's retention


@dataclass(slots=True)
class Reckoning:
    """What became of the records of one file: the sum is asserted."""

    file: str
    name: str  # shown while reading, never stored
    importer: str = ""
    read: int = 0
    documents: int = 0
    duplicates: int = 0
    quarantined: int = 0
    issues: int = 0
    warnings: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    status: str = "done"
    detail: str = ""

    @property
    def skipped_total(self) -> int:
        """Records left out by a rule."""
        return sum(self.skipped.values())

    def check(self) -> None:
        """Assert that every record read became exactly one thing."""
        total = (
            self.documents + self.duplicates + self.skipped_total + self.quarantined + self.issues
        )
        if total != self.read:
            raise ContractError(
                f"{self.read} records read but {total} accounted for", where=f"file {self.file}"
            )


def stage(job: Job) -> Reckoning:
    """Read one part of a file through the door into staged Parquet: runs in a worker.

    A file that cannot be read comes back with status `failed` and leaves nothing staged.
    """
    reckoning = Reckoning(job.file, job.path.name, job.importer)
    started = time.perf_counter()
    skipped: Counter[str] = Counter()
    sink = _Sink(None if job.dry_run else job.staged)
    try:
        importer = importer_for(job.source, job.importer)
        door = _door(job)
        for batch in _batches(importer, job, reckoning, skipped, sink):
            admitted = door.admit(batch)
            reckoning.quarantined += len(admitted.quarantined)
            sink.issues([*admitted.issues, *map(_held, admitted.quarantined)], job, reckoning)
            documents = _retained(admitted.documents, job.oldest)
            if past := admitted.documents.num_rows - documents.num_rows:
                skipped[PAST_RETENTION] += past
                reckoning.read -= past  # those skipped are added below
            reckoning.documents += documents.num_rows
            sink.documents(_spoken(documents))
            if admitted.samples is not None:
                sink.samples(admitted.samples, reckoning)
        sink.close()
    except ImporterError as error:
        sink.discard()
        reckoning.status, reckoning.detail = "failed", str(error)
        reckoning.documents = reckoning.quarantined = reckoning.issues = reckoning.read = 0
        skipped.clear()
    reckoning.skipped = dict(skipped)
    reckoning.read += reckoning.skipped_total
    reckoning.seconds = time.perf_counter() - started
    reckoning.check()
    return reckoning


def _door(job: Job) -> Door:
    source = job.source
    return Door(
        KeyRing(job.keys),
        source=source.name,
        site=source.site,
        kind=source.kind,
        run=job.run,
        zone=source.zone,
        country=source.country,
        time=source.coarsening.time,
        place=source.coarsening.place,
    )


def _retained(documents: pa.Table, oldest: date | None) -> pa.Table:
    if oldest is None:
        return documents
    return documents.filter(pc.greater_equal(documents.column("day"), pa.scalar(oldest)))


def _held(quarantined: Quarantined) -> Issue:
    """Return the line that says a record stayed outside; a warning: it is reckoned by itself."""
    hint = "look at this record in the original; nothing of it was stored"
    return Issue(f"quarantined: {quarantined.reason}", quarantined.record, "", hint, "warning")


def _spoken(documents: pa.Table) -> pa.Table:
    """Return documents with their language."""
    spoken = language.of_texts(documents.column("text").to_pylist())
    column = pa.array(spoken, pa.string())
    return documents.set_column(
        documents.schema.get_field_index("language"), schema_of(Document).field("language"), column
    )


def _batches(
    importer: Importer, job: Job, reckoning: Reckoning, skipped: Counter[str], sink: _Sink
) -> Iterator[list[Any]]:
    batch: list[Any] = []
    issues: list[Issue] = []
    figures: list[Indicator] = []
    for record in importer.extract_part(job.path, job.part):
        if isinstance(record, Skipped):
            skipped[record.rule] += record.count
        elif isinstance(record, Issue):
            reckoning.read += record.level == "error"
            issues.append(record)
            if len(issues) >= BATCH:
                sink.issues(issues, job, reckoning)
                issues = []
        elif isinstance(record, Indicator):
            figures.append(replace(record, source=job.source.name, run=job.run))
            if len(figures) >= BATCH:
                sink.indicators(figures, reckoning)
                figures = []
        else:
            batch.append(record)
            if len(batch) >= BATCH:
                reckoning.read += len(batch)
                yield batch
                batch = []
    sink.issues(issues, job, reckoning)
    sink.indicators(figures, reckoning)
    if batch:
        reckoning.read += len(batch)
        yield batch


class _Sink:
    """Staged Parquet of one part: what came in, and issues; nothing at all in a dry run."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._writers: dict[type, pq.ParquetWriter] = {}
        self._pieces = 0

    def documents(self, table: pa.Table) -> None:
        self._write(Document, table)

    def issues(self, issues: Sequence[Issue], job: Job, reckoning: Reckoning) -> None:
        if not issues:
            return
        errors = sum(issue.level == "error" for issue in issues)
        reckoning.issues += errors
        reckoning.warnings += len(issues) - errors
        rows = [replace(i, source=job.source.name, file=job.file, run=job.run) for i in issues]
        self._write(Issue, table_of(rows, Issue))

    def indicators(self, figures: Sequence[Indicator], reckoning: Reckoning) -> None:
        reckoning.read += len(figures)
        reckoning.documents += len(figures)
        self._write(Indicator, table_of(figures, Indicator))

    def samples(self, admitted: Samples, reckoning: Reckoning) -> None:
        """Stage samples and results with the number of the record that they came in."""
        reckoning.documents += admitted.samples.num_rows
        first, self._pieces = self._pieces, self._pieces + admitted.samples.num_rows
        pieces = pa.array(range(first, self._pieces), pa.int64())
        self._write(Sample, admitted.samples.append_column("piece", pieces))
        pieces = pa.array([first + piece for piece in admitted.pieces], pa.int64())
        self._write(Result, admitted.results.append_column("piece", pieces))

    def _write(self, record: type, table: pa.Table) -> None:
        if self.path is None or not table.num_rows:
            return
        if record not in self._writers:
            target = self.path.with_suffix(f".{record.__name__.lower()}.parquet")
            self._writers[record] = pq.ParquetWriter(target, table.schema, compression="lz4")
        self._writers[record].write_table(table)

    def close(self) -> None:
        for writer in self._writers.values():
            writer.close()

    def discard(self) -> None:
        self.close()
        if self.path is not None:
            for left in self.path.parent.glob(f"{self.path.name}.*.parquet"):
                left.unlink()


def importer_for(source: Source, name: str) -> Importer:
    """Return the importer with the parameters that a source description sets."""
    plugins = known("importers", BUILTIN)
    parameters = dict(source.parameters)
    if source.mapping:
        parameters["mapping"] = dict(source.mapping)
    return make(plugins, "importer", name, **parameters)


# --- which files ------------------------------------------------------------------------------


def content_id(path: File, key: bytes) -> str:
    """Return the keyed id of a file's content: the same export again is known by it."""
    digest = hashlib.blake2b(key=key, person=b"content", digest_size=16)
    with open_input(path) as stream:
        while block := stream.read(2**20):
            digest.update(block)
    return digest.hexdigest()


# --- the run ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file that is to be read, in one or more parts, under one transaction."""

    file: str
    transaction: str
    jobs: tuple[Job, ...]
    bytes: int


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
) -> list[Reckoning]:
    """Bring files in and return the reckoning of each; the caller holds the writer lock.

    A file that was brought in before under the same description is passed over. A file that
    cannot be read is a `failed` reckoning, and the others go on.
    """
    ring = KeyRing(keys)
    run = secrets.token_hex(8)
    folder = scratch / "staging" / run
    folder.mkdir(parents=True, mode=0o700)
    try:
        readings, outcomes = _readings(
            tables, source, paths, ring, keys, folder, run, today, dry_run
        )
        group: list[tuple[_Reading, Reckoning]] = []
        for reading, reckoning in _staged(readings, processes, progress):
            outcomes.append(reckoning)
            group.append((reading, reckoning))
            if sum(r.documents for _, r in group) >= GROUP:
                _settle(tables, source, folder, group, dry_run)
                group = []
        _settle(tables, source, folder, group, dry_run)
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
) -> tuple[list[_Reading], list[Reckoning]]:
    """Return what is to be read, and the reckonings of what is not."""
    todo: list[_Reading] = []
    outcomes: list[Reckoning] = []
    seen: set[str] = set()
    for number, (path, plugin) in enumerate(_files(paths)):
        reckoning = Reckoning(ring.file_id(path.name).hex(), path.name)
        try:
            if isinstance(plugin, ImporterError):
                raise plugin
            name = source.importer or (plugin.name if plugin else None)
            if name is None:
                raise ImporterError(
                    "no importer recognises this file",
                    allowed=", ".join(sorted(known("importers", BUILTIN))),
                    do="set `importer` in the source description if you know what it is",
                )
            reckoning.importer = name
            transaction = _transaction(source, name, content_id(path, ring.id_key))
            if transaction in seen or tables.done(Run, [transaction]):
                reckoning.status = "known"
                outcomes.append(reckoning)
                continue
            seen.add(transaction)
            parts = importer_for(source, name).parts(path, PART)
            jobs = tuple(
                Job(path, part, name, source, keys, folder / f"{number:06d}-{piece:05d}", dry_run,
                    run, reckoning.file, source.oldest(today))
                for piece, part in enumerate(parts)
            )  # fmt: skip
            size = path.stat().st_size if isinstance(path, Path) else 0
            todo.append(_Reading(reckoning.file, transaction, jobs, size))
        except ImporterError as error:
            reckoning.status, reckoning.detail = "failed", str(error)
            outcomes.append(reckoning)
    return todo, outcomes


def _files(
    paths: Sequence[File],
) -> Iterator[tuple[File, type[Importer] | ImporterError | None]]:
    """Yield every file with its importer, or with why it has none."""
    for path in paths:
        if isinstance(path, Path) and not path.exists():
            raise ConfigError("no such file or folder", where=str(path), do="check the path")
        yield from files_in(path)


def _transaction(source: Source, importer: str, content: str) -> str:
    """Return the name under which a file is brought in once: another mapping is another reading."""
    stamp = as_json([source.name, importer, source.parameters, source.mapping])
    digest = hashlib.blake2b(stamp.encode(), digest_size=8).hexdigest()
    return f"ingest/{source.name}/{content}/{digest}"


def _staged(
    readings: Sequence[_Reading], processes: int, progress: Progress
) -> Iterator[tuple[_Reading, Reckoning]]:
    """Stage every file, in this process or in a pool, and yield each with its reckoning."""
    jobs = [(number, job) for number, r in enumerate(readings) for job in r.jobs]
    parts: dict[int, list[Reckoning]] = {number: [] for number in range(len(readings))}
    for done, (number, reckoning) in enumerate(_worked(readings, jobs, processes), 1):
        progress("ingest", done, len(jobs))
        parts[number].append(reckoning)
        if len(parts[number]) == len(readings[number].jobs):
            yield readings[number], _summed(parts.pop(number))


def _worked(
    readings: Sequence[_Reading], jobs: Sequence[tuple[int, Job]], processes: int
) -> Iterator[tuple[int, Reckoning]]:
    big = sum(reading.bytes for reading in readings) >= POOL_FROM
    if processes < 2 or len(jobs) < 2 or not big:
        yield from ((number, stage(job)) for number, job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
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


# --- the commit ---------------------------------------------------------------------------------


def _settle(
    tables: Tables,
    source: Source,
    folder: Path,
    group: Sequence[tuple[_Reading, Reckoning]],
    dry_run: bool,
) -> None:
    """Reckon a group of staged files, write the manifest, commit, and clear it away."""
    if not group or dry_run:
        return
    settled = folder / f"group-{group[0][0].jobs[0].staged.name}"
    settled.mkdir()
    for reading, reckoning in group:
        for job in reading.jobs:
            for left in folder.glob(f"{job.staged.name}.*.parquet"):
                if reckoning.status == "failed":
                    left.unlink()
                else:
                    left.rename(settled / left.name)
    fresh = _fresh(tables, source, settled)
    for reading, reckoning in group:
        kept = sum(fresh.get(job.staged.name, 0) for job in reading.jobs)
        if reckoning.status != "failed":
            reckoning.duplicates = reckoning.documents - kept
            reckoning.documents = kept
        reckoning.check()
    manifest = {
        "source": source.name,
        "run": group[0][0].jobs[0].run,
        "started": datetime.now(UTC).isoformat(),
        "files": [
            {"transaction": reading.transaction, **asdict(reckoning)} | {"name": ""}
            for reading, reckoning in group
        ],
    }
    new = settled / "manifest.new"
    new.write_text(as_json(manifest), "utf-8")
    new.rename(settled / "manifest.json")
    commit(tables, settled)


def commit(tables: Tables, settled: Path) -> None:
    """Commit a settled group: documents, issues, runs, each once, whenever it is called again."""
    manifest = json.loads((settled / "manifest.json").read_text("utf-8"))
    read = [f for f in manifest["files"] if f["status"] != "failed"]
    names = [f["transaction"] for f in read]
    group = f"group/{manifest['run']}/{settled.name}"
    for number, documents in enumerate(_new_documents(settled)):
        piece = f"{group}/{number}"
        if not tables.done(Document, [piece]):
            tables.append(Document, documents, [piece])
    if _listed(settled, "indicator") and not tables.done(Indicator, [group]):
        with tables.connect() as connection:
            fresh = connection.sql(_FIGURES.format(files=_listed(settled, "indicator")))
            tables.append(Indicator, fresh.to_arrow_reader(GROUP), [group])
    if _listed(settled, "sample"):
        with tables.connect() as connection:
            _keep_samples(connection, settled)
            for record, mark in ((Result, "results"), (Sample, "samples")):
                if not tables.done(record, [group]):
                    fresh = connection.sql(f"SELECT * EXCLUDE (part, piece) FROM fresh_{mark}")
                    tables.append(record, fresh.to_arrow_reader(GROUP), [group])
    if list(settled.glob("*.issue.parquet")) and not tables.done(Issue, [group]):
        issues = pq.read_table(sorted(settled.glob("*.issue.parquet")), schema=schema_of(Issue))
        tables.append(Issue, issues, [group])
    if not tables.done(Run, [group]):
        rows = [_run_row(manifest, number, f) for number, f in enumerate(manifest["files"])]
        tables.append(Run, table_of(rows, Run), [group, *names])
    shutil.rmtree(settled)


def _new_documents(settled: Path) -> Iterator[pa.Table]:
    """Yield the new documents of a settled group, the same pieces whenever it is asked again."""
    field = schema_of(Document).field("version")
    place = schema_of(Document).get_field_index("version")
    gathered: list[pa.Table] = []
    for path in sorted(settled.glob("*.document.parquet")):
        kept = pq.read_table(settled / KEPT, filters=[("filename", "==", path.name)])
        rows = kept.column("row").to_numpy()
        first = 0
        for batch in pq.ParquetFile(path).iter_batches(BATCH):
            low, high = np.searchsorted(rows, [first, first + batch.num_rows]).tolist()
            new = pa.Table.from_batches([batch]).take(pa.array(rows[low:high] - first))
            first += batch.num_rows
            versions = kept.column("version").slice(low, high - low).cast(field.type)
            gathered.append(new.set_column(place, field, versions))
            if sum(map(len, gathered)) >= PIECE:
                yield pa.concat_tables(gathered)
                gathered = []
    if sum(map(len, gathered)):
        yield pa.concat_tables(gathered)


def recover(tables: Tables, scratch: Path) -> int:
    """Finish what a killed run had settled and throw away what it had not; returns groups."""
    finished = 0
    for manifest in sorted((scratch / "staging").glob("*/*/manifest.json")):
        commit(tables, manifest.parent)
        finished += 1
    shutil.rmtree(scratch / "staging", ignore_errors=True)
    return finished


# Which staged rows are kept: each text of an id once, unless that very text was stored before or
# the document, its author or its thread was erased. A changed text is the next version.
_KEEP = """
COPY (WITH staged AS (
  SELECT id, digest, author, thread, parse_filename(filename) AS filename, file_row_number AS row
  FROM read_parquet([{files}], filename = true, file_row_number = true)
), texts AS (
  SELECT * FROM staged
  QUALIFY row_number() OVER (PARTITION BY id, digest ORDER BY filename, row) = 1
), known AS (
  SELECT id, digest, version FROM documents
  WHERE source = $source AND id IN (SELECT id FROM texts)
), latest AS (
  SELECT id, max(version) AS version FROM known GROUP BY id
), fresh AS (
  SELECT t.*, coalesce(l.version, 0) AS version FROM texts t LEFT JOIN latest l USING (id)
  WHERE NOT EXISTS (SELECT 1 FROM known k WHERE k.id = t.id AND k.digest = t.digest)
    AND t.id NOT IN (SELECT id FROM tombstones WHERE scope = 'document')
    AND t.thread NOT IN (SELECT id FROM tombstones WHERE scope = 'thread')
    AND (t.author IS NULL OR t.author NOT IN (SELECT id FROM tombstones WHERE scope = 'author'))
)
SELECT filename, row,
       version + row_number() OVER (PARTITION BY id ORDER BY filename, row) AS version
FROM fresh ORDER BY filename, row) TO '{kept}'
"""


# A figure that says what the stored one says is a duplicate; another value is a revision of it.
_FIGURES = """
SELECT f.* EXCLUDE (filename) FROM (
  SELECT * FROM read_parquet([{files}], filename = true)
  QUALIFY row_number() OVER (
    PARTITION BY source, name, area, period, step, unit, substance, value ORDER BY filename) = 1
) f WHERE NOT EXISTS (
  SELECT 1 FROM indicators i
  WHERE i.source = f.source AND i.name = f.name AND i.area = f.area AND i.period = f.period
    AND i.step = f.step AND i.unit = f.unit AND i.substance IS NOT DISTINCT FROM f.substance
    AND i.value IS NOT DISTINCT FROM f.value
)
"""


def _keep_samples(connection: Any, settled: Path) -> None:
    """Make `fresh_samples` and `fresh_results`: what of the staged rows is to be stored.

    A killed commit starts with the results: a sample that is stored has its results.
    """
    samples, results = revised(
        connection, _listed(settled, "sample"), _listed(settled, "result")
    )  # fmt: skip
    connection.register("fresh_samples", samples)
    connection.register("fresh_results", results)


def _listed(settled: Path, kind: str) -> str:
    return ", ".join(f"'{path}'" for path in sorted(settled.glob(f"*.{kind}.parquet")))


def _keep(connection: Any, source: str, settled: Path) -> None:
    """Write which of the staged documents are new: asked once, then read at the commit."""
    question = _KEEP.format(files=_listed(settled, "document"), kept=settled / KEPT)
    connection.execute(question, {"source": source})


def _fresh(tables: Tables, source: Source, settled: Path) -> dict[str, int]:
    """Return part → rows that are new, of staged files."""
    found: Counter[str] = Counter()
    with tables.connect(MEMORY) as connection:
        if _listed(settled, "document"):
            _keep(connection, source.name, settled)
            for name, n in connection.execute(
                f"SELECT filename, count(*) FROM '{settled / KEPT}' GROUP BY ALL"
            ).fetchall():
                found[name.split(".")[0]] += n
        if _listed(settled, "indicator"):
            figures = _FIGURES.format(files=_listed(settled, "indicator"))
            for name, n in connection.sql(
                f"SELECT filename, count(*) FROM ({figures.replace(' EXCLUDE (filename)', '')}) "
                "GROUP BY ALL"
            ).fetchall():
                found[Path(name).name.split(".")[0]] += n
        if _listed(settled, "sample"):
            _keep_samples(connection, settled)
            for name, n in connection.execute(
                "SELECT part, count(*) FROM (SELECT part, piece FROM fresh_samples UNION "
                "SELECT part, piece FROM fresh_results) GROUP BY part"
            ).fetchall():
                found[name] += n
    return dict(found)


def _run_row(manifest: dict[str, Any], number: int, file: dict[str, Any]) -> Run:
    return Run(
        id=f"{manifest['run']}-{number}",
        stage="ingest",
        version=__version__,
        parameters=as_json({"source": manifest["source"], "importer": file["importer"]}),
        fingerprint=file["transaction"],
        started=datetime.fromisoformat(manifest["started"]),
        seconds=file["seconds"],
        rows_in=file["read"],
        rows_out=file["documents"],
        duplicates=file["duplicates"],
        skipped=sum(file["skipped"].values()),
        quarantined=file["quarantined"],
        issues=file["issues"],
        status=file["status"],
        detail=file["detail"] or as_json({"file": file["file"], "skipped": file["skipped"]}),
    )
