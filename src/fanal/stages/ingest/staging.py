"""One part of a file through the importer and the door into staged Parquet: runs in a worker.

It knows neither the tables nor the other parts: a worker loads nothing of those. The staged files
of documents are those that the table will have: of one month each, without the partition column.
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fanal.door.admit import Door, Quarantined
from fanal.door.named_later import Again, Rosters, sought
from fanal.door.pseudonyms import KeyRing
from fanal.door.samples import Samples
from fanal.door.words import words
from fanal.errors import ContractError, ImporterError
from fanal.importers import BUILTIN
from fanal.importers.base import File, Importer, Part, Skipped
from fanal.plugins import fields_of, known, make
from fanal.records import Document, Indicator, Issue, Result, Sample, schema_of, table_of
from fanal.sources import Source
from fanal.text import languages

BATCH = 8192  # raw documents through the door at once
PIECE = 100_000  # documents of one staged file: a worker holds them all in memory
# UTF-8 that was read as Windows-1252 and saved again: "dÃ©jÃ ", "lâ€™offre"
_GARBLED = "Ã[©¨ª«¢®¯´»¼¹§]|â€[™œ¦“”]"
GARBLED = 0.1  # share of such documents, from which it is told
PAST_RETENTION = "past the retention of its source"
ERASED = "erased before, and asked to stay so"

_FIGURE_WORDS = ("name", "area", "step", "unit", "substance", "note", "revision")
# What repeats is stored as a dictionary; ids, digests and texts never repeat.
_REPEATING = [
    "version", "source", "site", "kind", "thread", "author", "day", "precision", "language",
    "forwarded_from", "media_kind", "run", "place",
]  # fmt: skip


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
    replaced: int = 0  # records that are a new version of a stored one
    quarantined: int = 0
    waiting: int = 0  # records that a person looks at before they are stored
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

    def fail(self, error: ImporterError) -> None:
        """Say why nothing of the file came in."""
        self.status, self.detail = "failed", str(error)
        self.read = self.documents = self.quarantined = self.issues = self.warnings = 0
        self.waiting = 0
        self.skipped = {}

    def check(self) -> None:
        """Assert that every record read became exactly one thing."""
        total = (
            self.documents + self.duplicates + self.replaced + self.skipped_total
            + self.quarantined + self.waiting + self.issues
        )  # fmt: skip
        if total != self.read:
            raise ContractError(
                f"{self.read} records read but {total} accounted for", where=f"file {self.file}"
            )


@dataclass(frozen=True, slots=True)
class Told:
    """Issues of one kind."""

    kind: str
    level: str
    field: str
    hint: str
    records: int


def hurry() -> None:
    """Let the garbage collector of a worker look seldom: rows are many objects and no cycles."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


class Settled(NamedTuple):
    """What a person has decided on, as an importer would yield it."""

    records: Sequence[Any]
    doubts: Sequence[str]  # why each of the documents stays outside; "" where it does not

    def __repr__(self) -> str:
        return f"Settled({len(self.records)})"


class Staged(NamedTuple):
    """What came of one part of a file, and who writes in it: the latter is never written down."""

    part: Path  # beginning of the names of its staged files
    reckoning: Reckoning
    rosters: Rosters


def stage(job: Job, settled: Settled | None = None) -> Staged:
    """Read one part of a file through the door into staged Parquet: runs in a worker.

    `settled` is what a person has decided on, in the place of what the file holds. A file that
    cannot be read comes back with status `failed` and leaves nothing staged.
    """
    reckoning = Reckoning(job.file, job.path.name, job.importer)
    started = time.perf_counter()
    skipped: Counter[str] = Counter()
    garbled = 0
    sink = _Sink(None if job.dry_run else job.staged)
    door = door_of(job)
    try:
        records = read(job) if settled is None else settled.records
        doubts = iter(() if settled is None else settled.doubts)
        for batch in _batches(records, job, reckoning, skipped, sink):
            if settled is None:
                admitted = door.admit(batch)
            else:
                admitted = door.decided(batch, list(islice(doubts, len(batch))))
            reckoning.quarantined += len(admitted.quarantined)
            sink.issues([*admitted.issues, *map(_held, admitted.quarantined)], job, reckoning)
            documents = _retained(admitted.documents, job.oldest)
            if past := admitted.documents.num_rows - documents.num_rows:
                skipped[PAST_RETENTION] += past
                reckoning.read -= past  # those skipped are added below
            reckoning.documents += documents.num_rows
            garbled += _garbled(documents)
            sink.documents(_spoken(documents))
            if admitted.samples is not None:
                sink.samples(admitted.samples, reckoning)
        if garbled and garbled >= GARBLED * reckoning.documents:
            sink.issues([_accents_broken(garbled)], job, reckoning)
        sink.close()
    except ImporterError as error:
        sink.discard()
        reckoning.fail(error)
        # it names columns and keys, which may name somebody
        reckoning.detail = _line_by_line(reckoning.detail)
        skipped.clear()
    reckoning.skipped = dict(skipped)
    reckoning.read += reckoning.skipped_total
    reckoning.seconds = time.perf_counter() - started
    reckoning.check()
    return Staged(job.staged, reckoning, door.rosters())


def mask_again(parts: Sequence[Staged], job: Job) -> None:
    """Mask in the staged texts of a file whom its threads name only later, or in another part."""
    digests = KeyRing(job.keys).digests
    for part, people in zip(parts, sought([p.rosters for p in parts]), strict=True):
        again = Again(people, job.source.kind, job.source.country)
        left = part.part.parent.glob(f"{part.part.name}.*.document.parquet") if people else ()
        for path in sorted(left):
            table = pq.read_table(path)
            texts = table.column("text").to_pylist()
            masked = again.masked(texts, table.column("thread").to_pylist())
            if not masked:
                continue
            changed = dict(zip(masked, digests(list(masked.values())), strict=True))
            stored = table.column("digest").to_pylist()
            for name, values, new in (("text", texts, masked), ("digest", stored, changed)):
                for row, value in new.items():
                    values[row] = value
                at = table.schema.get_field_index(name)
                column = pa.array(values, table.schema.field(at).type)
                table = table.set_column(at, table.schema.field(at), column)
            path.unlink()
            write_documents(table, path)


def door_of(job: Job) -> Door:
    """Return the door of what a part holds."""
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
        global_ids=source.ids == "global",
    )


def _retained(documents: pa.Table, oldest: date | None) -> pa.Table:
    if oldest is None:
        return documents
    return documents.filter(pc.greater_equal(documents.column("day"), pa.scalar(oldest)))


def _held(quarantined: Quarantined) -> Issue:
    """Return the line that says a record stayed outside; a warning: it is reckoned by itself."""
    hint = "look at this record in the original; nothing of it was stored"
    return Issue(f"quarantined: {quarantined.reason}", quarantined.record, "", hint, "warning")


def _garbled(documents: pa.Table) -> int:
    """Return how many documents have letters that were decoded wrongly before they came here."""
    return int(pc.sum(pc.match_substring_regex(documents.column("text"), _GARBLED)).as_py() or 0)


def _accents_broken(count: int) -> Issue:
    hint = (
        f"{count} texts have Ã© for é: they were opened in a wrong encoding and saved before; "
        "export them again as UTF-8"
    )
    return Issue("accents broken", 1, "text", hint, "warning")


def _spoken(documents: pa.Table) -> pa.Table:
    """Return documents with their language."""
    spoken = languages.of_texts(documents.column("text").combine_chunks())
    column = pa.array(spoken, pa.string())
    return documents.set_column(
        documents.schema.get_field_index("language"), schema_of(Document).field("language"), column
    )


def read(job: Job) -> Iterator[Any]:
    """Yield what one part of a file holds, before the door."""
    return importer_for(job.source, job.importer).extract_part(job.path, job.part)


def _batches(
    records: Iterable[Any], job: Job, reckoning: Reckoning, skipped: Counter[str], sink: _Sink
) -> Iterator[list[Any]]:
    batch: list[Any] = []
    issues: list[Issue] = []
    figures: list[Indicator] = []
    for record in records:
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


def _line_by_line(text: str) -> str:
    """Return a message through the door, in the parts that it has: one in doubt hides no other."""
    parts = text.split("; ")
    stored = words(parts, headers=True)
    return "; ".join(stored.get(part, part) for part in parts)


class _Sink:
    """Staged Parquet of one part: what came in, and issues; nothing at all in a dry run."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._writers: dict[type, pq.ParquetWriter] = {}
        self._held: list[pa.Table] = []
        self._flushed = 0
        self._pieces = 0
        self._said: dict[str, str] = {}

    def _words(self, texts: Iterable[str | None]) -> dict[str, str]:
        """Return what is stored of words of a table: names of columns, of figures, of areas."""
        if len(self._said) > BATCH:
            self._said.clear()
        fresh = {text for text in texts if text}.difference(self._said)
        self._said |= words(fresh, headers=True) | {"": ""}
        return self._said

    def documents(self, table: pa.Table) -> None:
        if self.path is not None:
            self._held.append(table)
            if sum(map(len, self._held)) >= PIECE:
                self._flush()

    def _flush(self) -> None:
        """Write what is held, a file a month: versions of one id are told apart in this order."""
        if self.path is None or not self._held:
            return
        held = pa.concat_tables(self._held)
        self._held = []
        months = held.column("month")
        for month in sorted(pc.unique(months).to_pylist()):
            rows = held.filter(pc.equal(months, month)) if len(pc.unique(months)) > 1 else held
            name = f"{self.path.name}.{self._flushed:05d}.{month}.document.parquet"
            write_documents(rows.drop_columns(["month"]), self.path.with_name(name))
        self._flushed += 1

    def issues(self, issues: Sequence[Issue], job: Job, reckoning: Reckoning) -> None:
        if not issues:
            return
        errors = sum(issue.level == "error" for issue in issues)
        reckoning.issues += errors
        reckoning.warnings += len(issues) - errors
        said = self._words([text for i in issues for text in (i.kind, i.field, i.hint)])
        rows = [
            replace(
                i, kind=said[i.kind], field=said[i.field], hint=said[i.hint],
                source=job.source.name, file=job.file, run=job.run,
            )
            for i in issues
        ]  # fmt: skip
        self._write(Issue, table_of(rows, Issue))

    def indicators(self, figures: Sequence[Indicator], reckoning: Reckoning) -> None:
        reckoning.read += len(figures)
        reckoning.documents += len(figures)
        said = self._words([getattr(f, name) for f in figures for name in _FIGURE_WORDS])
        kept = []
        for figure in figures:
            told: dict[str, Any] = {
                name: said[text] for name in _FIGURE_WORDS if (text := getattr(figure, name))
            }
            kept.append(replace(figure, **told))
        self._write(Indicator, table_of(kept, Indicator))

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
        self._flush()
        for writer in self._writers.values():
            writer.close()

    def discard(self) -> None:
        self._held = []
        self.close()
        if self.path is not None:
            for left in self.path.parent.glob(f"{self.path.name}.*.parquet"):
                left.unlink()


def write_documents(rows: pa.Table, path: Path) -> None:
    """Write documents of one month as a file of their table."""
    pq.write_table(rows, path, compression="snappy", use_dictionary=_REPEATING)


def importer_for(source: Source, name: str) -> Importer:
    """Return the importer with the parameters that a source description sets."""
    plugins = known("importers", BUILTIN)
    parameters = dict(source.parameters)
    if source.mapping:
        parameters["mapping"] = dict(source.mapping)
    if name in plugins and "country" in fields_of(plugins[name]):
        parameters.setdefault("country", source.country)
    return make(plugins, "importer", name, **parameters)
