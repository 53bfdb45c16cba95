"""Code what is not yet coded, link reposts, and index what can be searched."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from fanal.coding.base import Coder
from fanal.coding.duplicates import duplicates
from fanal.coding.lexicon import BUILTIN
from fanal.coding.names.changes import Change
from fanal.observatory import Observatory
from fanal.plugins import fields_of, known, make
from fanal.records import Document, Observation, Repost, conform, empty, schema_of
from fanal.stages import generations
from fanal.stages.generations import Generation
from fanal.stages.runs import Outcome, recorded
from fanal.stages.workers import BYTES_A_TASK, DOCUMENTS_A_BATCH, WRITTEN, FilesToCode, code_files
from fanal.storage.tables import as_json

HOME = "FR"  # country of sources that do not say
POOL_FROM = 100_000  # documents from which a pool pays for its start


def coder_for(ws: Observatory) -> Coder:
    """Return the coder of the settings as this observatory has it: its own aliases and countries.

    Raises:
        ConfigError: there is no such coder.
    """
    countries = {name: s.country for name, s in ws.sources.items() if s.country != HOME}
    additions = str(ws.additions) if ws.additions.is_dir() else ""
    return coder_named(ws.settings.coder, additions=additions, countries=countries)


def coder_named(name: str = "lexicon", **more: Any) -> Coder:
    """Return a coder, for texts of home unless told; it is given what it has parameters for.

    Raises:
        ConfigError: there is no such coder.
    """
    plugins = known("coders", BUILTIN)
    fields = fields_of(plugins[name]) if name in plugins else []
    given = {key: value for key, value in {"country": HOME, **more}.items() if key in fields}
    return make(plugins, "coder", name, **given)


def code(ws: Observatory) -> Outcome:
    """Code what is not yet coded with the present coder and thesaurus; one commit a month.

    Documents that came in since are coded. Where names were added, changed or removed, one scan for
    them alone finds the documents that they stand in, and only these are coded anew; where anything
    else of the coder changed, every document is.
    """
    with ws.writing(), recorded(ws, "code", {"coder": ws.settings.coder}) as outcome:
        coder = coder_for(ws)
        outcome.detail["fingerprint"] = coder.fingerprint
        generation = generations.present(ws, coder)
        work, unchanged = _uncoded(ws, coder, generation)
        if unchanged:
            ws.tables.append(Observation, empty(Observation), unchanged)
        total = sum(month.documents for month in work)
        for documents, rows in _coded(ws, coder, work):
            outcome.rows_in += documents
            outcome.rows_out += rows
            outcome.changed = True
            ws.progress("code", outcome.rows_in, total)
        find_reposts(ws)
    return outcome


@dataclass(frozen=True, slots=True)
class _Month:
    """Documents of one month that are to be coded."""

    name: str
    runs: list[str]  # all documents of these
    found: pa.Table | None  # and these ones of the others (`id`, `version`)
    documents: int
    fresh: bool  # nothing of the month was coded otherwise: what is new is added
    transactions: list[str]


def _uncoded(
    ws: Observatory, coder: Coder, generation: Generation
) -> tuple[list[_Month], list[str]]:
    """Return what is to be coded, and the marks of what other names leave as it is."""
    rows = ws.tables.rows("SELECT month, run, count(*) AS n FROM documents GROUP BY ALL")
    size = {(row["month"], row["run"]): row["n"] for row in rows}
    coded_by = generations.coded_by(ws, set(size))
    waiting = sorted(run for run in size if coded_by.get(run) != generation)
    months: dict[str, list[str]] = defaultdict(list)
    for month, run in waiting:
        months[month].append(run)
    if not months:
        return [], []
    known = {month for month, _ in coded_by}
    # Of months that no generation is known to have coded, what is there is not trusted.
    lost = {row["month"] for row in ws.tables.rows("SELECT DISTINCT month FROM observations")}
    lost = lost - known
    earlier = {run: by for run, by in coded_by.items() if by != generation}
    found = _found(ws, coder, earlier)
    work, unchanged = [], []
    for month, runs in months.items():
        whole = month in lost or any((month, run) in found.anew for run in runs)
        texts = [run for run in runs if (month, run) not in coded_by]
        if whole:  # all of the month, marked or not
            runs = sorted(run for name, run in size if name == month)
        rows_found = None if whole else found.rows.get(month)
        marks = [generation.mark(month, run) for run in runs]
        some = runs if whole else texts
        documents = sum(size[month, run] for run in some)
        documents += rows_found.num_rows if rows_found is not None else 0
        if some or rows_found is not None:
            fresh = not whole and rows_found is None
            work.append(_Month(month, some, rows_found, documents, fresh, marks))
        else:
            unchanged += marks
    return work, unchanged


@dataclass(frozen=True, slots=True)
class _Found:
    """What a change of names touches: runs of months as a whole, and documents by month."""

    anew: set[tuple[str, str]]
    rows: dict[str, pa.Table]


def _found(ws: Observatory, coder: Coder, earlier: Mapping[tuple[str, str], Generation]) -> _Found:
    """Scan what earlier generations coded for the names that have changed since."""
    changes = {}
    for generation in set(earlier.values()):
        then = generation.coder(coder)
        changes[generation] = coder.since(then) if then is not None else None
    anew = {run for run, by in earlier.items() if changes[by] is None}
    rows: dict[str, list[pa.Table]] = defaultdict(list)
    with ws.tables.connect() as connection, ThreadPoolExecutor(ws.processes) as threads:
        for generation, change in changes.items():
            if change is None or not change.terms:
                continue
            runs: dict[str, list[str]] = defaultdict(list)
            for (month, run), by in sorted(earlier.items()):
                if by == generation:
                    runs[month].append(run)
            batches = _texts(connection, runs)
            for month, table in _in_turn(threads, change, batches, ws.processes):
                if table.num_rows:
                    rows[month].append(table)
    return _Found(anew, {month: pa.concat_tables(tables) for month, tables in rows.items()})


def _texts(
    connection: DuckDBPyConnection, runs: Mapping[str, list[str]]
) -> Iterator[tuple[str, pa.RecordBatch]]:
    for month, names in runs.items():
        reader = connection.sql(
            "SELECT id, version, text FROM documents WHERE month = ? AND list_contains(?, run)",
            params=[month, names],
        ).to_arrow_reader(DOCUMENTS_A_BATCH)
        yield from ((month, batch) for batch in reader)


def _in_turn(
    threads: ThreadPoolExecutor,
    change: Change,
    batches: Iterator[tuple[str, pa.RecordBatch]],
    at_once: int,
) -> Iterator[tuple[str, pa.Table]]:
    """Yield the documents of each batch that a change touches; a few batches at a time."""

    def look(batch: pa.RecordBatch) -> pa.Table:
        table = pa.Table.from_batches([batch])
        return table.select(["id", "version"]).take(change.rows(table["text"]))

    waiting: deque[tuple[str, Future[pa.Table]]] = deque()
    for month, batch in batches:
        waiting.append((month, threads.submit(look, batch)))
        if len(waiting) > at_once:
            name, future = waiting.popleft()
            yield name, future.result()
    for name, future in waiting:
        yield name, future.result()


def _coded(ws: Observatory, coder: Coder, work: list[_Month]) -> Iterator[tuple[int, int]]:
    """Code and commit; yields documents and observations. A few documents are coded here."""
    if ws.engine.parts == 1:
        yield from _coded_here(ws, coder, work)
        return
    yield from _coded_by_file(ws, coder, [month for month in work if month.found is None])
    yield from _coded_here(ws, coder, [month for month in work if month.found is not None])


def _coded_here(ws: Observatory, coder: Coder, work: list[_Month]) -> Iterator[tuple[int, int]]:
    """Code and commit one month after the other; yields documents and observations of each."""
    total = sum(month.documents for month in work)
    with ws.tables.connect() as connection, _pool(ws, coder, total) as pool:
        for month in work:
            coded = _Coded(connection, coder, month, pool)
            reader = pa.RecordBatchReader.from_batches(schema_of(Observation), iter(coded))
            if month.fresh:
                ws.tables.append(Observation, reader, month.transactions)
            else:
                predicate = f"month = '{month.name}'"
                ws.tables.replace(
                    Observation, reader, predicate=predicate, transactions=month.transactions
                )
            yield month.documents, coded.rows


def _coded_by_file(ws: Observatory, coder: Coder, work: list[_Month]) -> Iterator[tuple[int, int]]:
    """Let the engine code files of documents and write files of observations; commit by month."""
    ws.tables.open(Observation)
    files = ws.tables.by_month(Document, BYTES_A_TASK)
    table, fingerprint = ws.tables.uri(Observation), coder.fingerprint
    for first in range(0, len(work), ws.engine.parts):
        months = work[first : first + ws.engine.parts]
        tasks = [
            FilesToCode(tuple(some), month.name, tuple(month.runs), table, coder, fingerprint)
            for month in months
            for some in files[month.name]
        ]
        written = pa.concat_tables(ws.engine.map(code_files, tasks, WRITTEN)).to_pylist()
        for month in months:
            mine = [row for row in written if row["month"] == month.name]
            replaces = None if month.fresh else month.name
            ws.tables.adopt(Observation, mine, replaces=replaces, transactions=month.transactions)
            yield month.documents, sum(row["rows"] for row in mine)


class _Coded:
    """The observations of a month as a stream of batches, from a pool or from here.

    It is read by the writer of the table from inside its own runtime: no Delta table may be
    opened there, so the connection is open before.
    """

    def __init__(
        self,
        connection: DuckDBPyConnection,
        coder: Coder,
        month: _Month,
        pool: ProcessPoolExecutor | None,
    ) -> None:
        self.connection, self.coder, self.month, self.pool = connection, coder, month, pool
        self.rows = 0
        connection.register("found", _NONE if month.found is None else month.found)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        if self.month.found is not None:
            yield from self._as_they_were()
        for table in self._tables():
            self.rows += table.num_rows
            yield from table.to_batches()

    def _as_they_were(self) -> Iterator[pa.RecordBatch]:
        """Yield the observations of the month that stay."""
        reader = self.connection.sql(
            "SELECT o.* FROM observations o ANTI JOIN found f "
            "ON f.id = o.document AND f.version = o.version WHERE o.month = ?",
            params=[self.month.name],
        ).to_arrow_reader(DOCUMENTS_A_BATCH)
        for batch in reader:
            yield from conform(pa.Table.from_batches([batch]), Observation).to_batches()

    def _tables(self) -> Iterator[pa.Table]:
        waiting: deque[Future[pa.Table]] = deque()
        for documents in self._batches():
            if self.pool is None:
                yield conform(self.coder.code(documents), Observation)
                continue
            waiting.append(self.pool.submit(_code_there, documents))
            if len(waiting) > 4:  # back-pressure: a few batches in flight, no more
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _batches(self) -> Iterator[pa.Table]:
        reader = self.connection.sql(
            "SELECT d.* FROM documents d WHERE d.month = ? AND (list_contains(?, d.run) OR EXISTS "
            "(SELECT 1 FROM found f WHERE f.id = d.id AND f.version = d.version))",
            params=[self.month.name, self.month.runs],
        ).to_arrow_reader(DOCUMENTS_A_BATCH)
        for batch in reader:
            yield conform(pa.Table.from_batches([batch]), Document)


_NONE = pa.table({"id": pa.array([], pa.binary()), "version": pa.array([], pa.int64())})
_THERE: list[Coder] = []


def _prepare_there(coder: Coder) -> None:
    _THERE[:] = [coder]


def _code_there(documents: pa.Table) -> pa.Table:
    return conform(_THERE[0].code(documents), Observation)


@contextlib.contextmanager
def _pool(ws: Observatory, coder: Coder, documents: int) -> Iterator[ProcessPoolExecutor | None]:
    if ws.processes < 2 or documents < POOL_FROM:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        ws.processes, mp_context=context, initializer=_prepare_there, initargs=(coder,)
    ) as pool:
        yield pool


def find_reposts(ws: Observatory) -> None:
    """Link public posts that say nearly the same to the first of them; reposts count once."""
    runs = "SELECT month, run, version, count(*) AS n FROM documents GROUP BY ALL ORDER BY ALL"
    stamp = hashlib.blake2b(as_json(ws.tables.rows(runs)).encode(), digest_size=16).hexdigest()
    if ws.tables.fingerprint(Repost) == stamp:
        return
    documents = ws.tables.query(
        "SELECT id, text, day, position FROM current_documents "
        "WHERE kind = 'public posts' AND text <> ''"
    )
    found = duplicates(documents).rename_columns(["document", "original", "share"])
    ws.tables.replace(Repost, conform(found, Repost), fingerprint=stamp)


def index(ws: Observatory) -> Outcome:
    """Bring the full-text search to what the tables say: only months that changed."""
    with ws.writing(), recorded(ws, "index", {"cut": ws.settings.cut}) as outcome:
        outcome.rows_out = ws.search.refresh(ws.tables)
        outcome.changed = outcome.rows_out > 0
    return outcome
