"""The order of the stages: ingest, code, count, detect. Each leaves one Run row."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection

from fanal import (
    __version__,
    coding,
    counting,
    findings,
    generations,
    joining,
    network,
    signals,
    triage,
)
from fanal.coding.base import Coder
from fanal.coding.changes import Change
from fanal.coding.duplicates import duplicates
from fanal.errors import StoppedError
from fanal.generations import Generation
from fanal.periods import end_of, stretch
from fanal.plugins import known, make, parameters_of
from fanal.records import (
    RECORDS,
    Alarm,
    Decision,
    Document,
    Observation,
    Point,
    Repost,
    Run,
    Sample,
    Signal,
    conform,
    empty,
    schema_of,
    table_of,
)
from fanal.storage.tables import as_json
from fanal.workers import (
    BYTES_A_TASK,
    DOCUMENTS_A_BATCH,
    WRITTEN,
    FilesToCode,
    SeriesToWatch,
    WindowToCount,
    code_files,
    look,
    tally,
)

if TYPE_CHECKING:
    from fanal.workspace import Workspace

CODER = "lexicon"
ORDER = [(name, "ascending") for name in ("series", "period", "detector")]  # of alarms
HOME = "FR"  # country of sources that do not say
POOL_FROM = 100_000  # documents from which a pool pays for its start
# What each detector looks at; the others look at everything that counts documents or samples.
WATCH: dict[str, tuple[str, ...]] = {
    "silence": ("documents/source=",),
    "shift": ("price/", "purity/"),
    "binomial-cusum": ("expected/",),
    "first-seen": ("found/", "danger/", "missold/", "changed/"),
    "cooccurrence": ("together/", "mentions/", "practices/", "platforms/", "places/"),
    "ears": ("mentions/", "practices/", "platforms/"),
}
COUNTS = ("mentions/", "practices/", "platforms/", "found/", "indicator/")
# What is counted and not watched, and why.
UNWATCHED = {
    "documents": "how much is read tells of the sources: only a source that falls silent is news",
    "channels": "the same mentions, counted by channel: shown beside the documents that rise",
    "authors": "the same mentions, counted by author: shown beside the documents that rise",
    "places": "a place is named for many reasons: only with a substance is it news (together)",
    "quantity": "no series: an amount is told by its price, and unit prices are watched by band",
}


@dataclass(slots=True)
class Outcome:
    """What a stage did, for people and for its Run row."""

    stage: str
    rows_in: int = 0
    rows_out: int = 0
    seconds: float = 0.0
    changed: bool = False
    detail: dict[str, Any] = field(default_factory=dict)


@contextlib.contextmanager
def recorded(ws: Workspace, stage: str, parameters: dict[str, Any]) -> Iterator[Outcome]:
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
                version=__version__,
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


def note(
    ws: Workspace, stage: str, parameters: dict[str, Any], detail: dict[str, Any], mark: str
) -> None:
    """Leave the Run row of a stage that may be finished by a later command, once."""
    if ws.tables.done(Run, [mark]):
        return
    row = Run(
        id=secrets.token_hex(8),
        stage=stage,
        version=__version__,
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


# --- code -----------------------------------------------------------------------------------


def coder_for(ws: Workspace) -> Coder:
    """Return the coder as this observatory has it: with its own aliases, and its countries."""
    countries = {name: s.country for name, s in ws.sources.items() if s.country != HOME}
    additions = str(ws.additions) if ws.additions.is_dir() else ""
    plugins = known("coders", coding.BUILTIN)
    return make(plugins, "coder", CODER, additions=additions, country=HOME, countries=countries)


def plain_coder() -> Coder:
    """Return the coder as it ships, for `fanal evaluate`: no additions, texts of home."""
    return make(known("coders", coding.BUILTIN), "coder", CODER, country=HOME)


def code(ws: Workspace) -> Outcome:
    """Code what is not yet coded with the present coder and thesaurus; one commit a month.

    Documents that came in since are coded. Where names were added, changed or removed, one scan for
    them alone finds the documents that they stand in, and only these are coded anew; where anything
    else of the coder changed, every document is.
    """
    with ws.writing(), recorded(ws, "code", {"coder": CODER}) as outcome:
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


def _uncoded(ws: Workspace, coder: Coder, generation: Generation) -> tuple[list[_Month], list[str]]:
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


def _found(ws: Workspace, coder: Coder, earlier: Mapping[tuple[str, str], Generation]) -> _Found:
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


def _coded(ws: Workspace, coder: Coder, work: list[_Month]) -> Iterator[tuple[int, int]]:
    """Code and commit; yields documents and observations. A few documents are coded here."""
    if ws.engine.parts == 1:
        yield from _coded_here(ws, coder, work)
        return
    yield from _coded_by_file(ws, coder, [month for month in work if month.found is None])
    yield from _coded_here(ws, coder, [month for month in work if month.found is not None])


def _coded_here(ws: Workspace, coder: Coder, work: list[_Month]) -> Iterator[tuple[int, int]]:
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


def _coded_by_file(ws: Workspace, coder: Coder, work: list[_Month]) -> Iterator[tuple[int, int]]:
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
def _pool(ws: Workspace, coder: Coder, documents: int) -> Iterator[ProcessPoolExecutor | None]:
    if ws.processes < 2 or documents < POOL_FROM:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        ws.processes, mp_context=context, initializer=_prepare_there, initargs=(coder,)
    ) as pool:
        yield pool


def find_reposts(ws: Workspace) -> None:
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


def index(ws: Workspace) -> Outcome:
    """Bring the full-text search to what the tables say: only months that changed."""
    with ws.writing(), recorded(ws, "index", {"cut": ws.settings.cut}) as outcome:
        outcome.rows_out = ws.search.refresh(ws.tables)
        outcome.changed = outcome.rows_out > 0
    return outcome


# --- count ----------------------------------------------------------------------------------


def count(ws: Workspace, *, freeze: date | None = None) -> Outcome:
    """Count every series anew where the evidence changed; frozen points stay as they are.

    With `freeze`, what was counted for periods that ended before that day and is no longer given
    by the evidence is frozen: texts were erased, and the charts of the past do not change.
    """
    with ws.writing(), recorded(ws, "count", {"cut": ws.settings.cut}) as outcome:
        inputs = [ws.tables.version(r) for r in counting.READS]
        thesaurus = ws.thesaurus()
        inputs += [
            thesaurus.fingerprint,
            counting.__doc__ or "",
            __version__,
            *network.stamp(ws),
        ]
        fingerprint = hashlib.blake2b("\n".join(inputs).encode(), digest_size=16).hexdigest()
        outcome.detail["fingerprint"] = fingerprint
        if freeze is None and ws.tables.fingerprint(Point) == fingerprint:
            return outcome
        with ws.tables.connect() as connection:
            wider = counting.lineage(thesaurus)
            tallies = _tallies(ws, wider)
            points = counting.points(connection, tallies, wider)
            points = network.joined(ws, points)
            connection.register("fresh", points)
            frozen = connection.sql(_FROZEN, params={"freeze": freeze}).to_arrow_table()
            connection.register("frozen", frozen)
            points = connection.sql(
                "SELECT * FROM fresh ANTI JOIN frozen USING (series, period) "
                "UNION ALL BY NAME SELECT * FROM frozen ORDER BY series, period"
            ).to_arrow_table()
        points = conform(points, Point)
        ws.tables.replace(Point, points, fingerprint=fingerprint)
        outcome.rows_out, outcome.changed = points.num_rows, True
    return outcome


def _tallies(ws: Workspace, wider: pa.Table) -> pa.Table:
    """Let the engine count in texts, by windows of time."""
    files = [ws.tables.files(record) if record in counting.TEXTS else [] for record in RECORDS]
    months = [row["month"] for row in ws.tables.rows("SELECT DISTINCT month FROM documents")]
    spill = ws.scratch / "staging"  # emptied when the next run starts
    spill.mkdir(parents=True, exist_ok=True)
    tasks = [
        WindowToCount(window, files, ws.tables.judged(), wider, str(spill))
        for window in counting.windows(months, ws.engine.parts)
    ]
    return pa.concat_tables(ws.engine.map(tally, tasks, counting.TALLY))


# The last day of a point's period.
_ENDED = """CASE step WHEN 'week' THEN period + 6 WHEN 'month' THEN last_day(period)
  ELSE make_date(year(period), 12, 31) END"""
_FROZEN = f"""
SELECT p.* EXCLUDE (ended) REPLACE (true AS frozen)
FROM (SELECT *, {_ENDED} AS ended FROM points) p
LEFT JOIN fresh f ON f.series = p.series AND f.period = p.period
WHERE p.frozen OR (
  $freeze IS NOT NULL AND p.ended < $freeze
  AND (f.series IS NULL OR f.value <> p.value OR f.denominator IS DISTINCT FROM p.denominator)
)
"""


# --- detect ---------------------------------------------------------------------------------


def detect(ws: Workspace, as_of: date | None = None) -> Outcome:
    """Let the detectors look at the closed periods, and group what they say into signals."""
    from fanal import detectors  # their statistics take a second to load

    count(ws)
    with ws.writing(), recorded(ws, "detect", {"detectors": ws.settings.detectors}) as outcome:
        plugins = known("detectors", detectors.BUILTIN)
        given = ws.settings.parameters
        looking = [make(plugins, "detector", n, **given.get(n, {})) for n in ws.settings.detectors]
        seen = as_of or newest(ws)
        told = ws.phenomena()
        stamp = [ws.tables.fingerprint(Point), str(seen), str(len(told)), signals.__doc__ or ""]
        stamp += [joining.__doc__ or ""]
        stamp += [as_json({d.name: parameters_of(d)}) for d in looking]
        fingerprint = hashlib.blake2b("\n".join(stamp).encode(), digest_size=16).hexdigest()
        outcome.detail |= {"fingerprint": fingerprint, "as_of": str(seen)}
        every = conform(ws.tables.query("SELECT * FROM points"), Point)
        points = closed(every, seen)
        begun = every.filter(pc.less_equal(every.column("period"), pa.scalar(seen)))
        outcome.rows_in = points.num_rows
        if ws.tables.fingerprint(Signal) == fingerprint:
            return outcome
        given_to = {
            "first-seen": begun,  # one finding is enough: it does not wait for the month to end
            # where one file is ahead of the others, these have not fallen silent
            "silence": closed(every, min(seen, last_day(ws))),
        }
        tasks = (SeriesToWatch(d, watched(given_to.get(d.name, points), d.name)) for d in looking)
        alarms = [empty(Alarm)]
        for number, found in enumerate(ws.engine.map(look, tasks, schema_of(Alarm)), 1):
            alarms.append(found)
            ws.progress("detect", number, len(looking))
        previous = conform(ws.tables.query("SELECT * FROM signals"), Signal)
        heard, wider = pa.concat_tables(alarms), counting.lineage(ws.thesaurus())
        with ws.tables.connect() as connection:
            stands = pa.array(joining.news(connection, heard, wider), pa.bool_())
        news = heard.filter(stands)
        grouped, linked = signals.group(
            news,
            points,
            previous,
            signals.keyed(ws.signal_key()),
            wider=wider,
            carried=_carried(ws, news),
            told=told,
        )
        # An alarm that is no news is kept, and belongs to no signal.
        linked = pa.concat_tables([linked, conform(heard.filter(pc.invert(stands)), Alarm)])
        lapsed = _lapsed(ws, previous, grouped)
        ws.tables.replace(Alarm, linked.sort_by(ORDER))
        ws.tables.replace(Signal, pa.concat_tables([grouped, lapsed]), fingerprint=fingerprint)
        _decided(ws, grouped, lapsed)
        outcome.rows_out, outcome.changed = grouped.num_rows, True
        outcome.detail["alarms"] = linked.num_rows
    return outcome


def _carried(ws: Workspace, alarms: pa.Table) -> pa.Table:
    """Return which documents and samples carry the concepts that alarm: `signals.CARRIED`."""
    concepts = {signals.concept_of(name) for name in alarms.column("series").to_pylist()}
    wanted = [
        f"SELECT '{dimension}=' || f.{column} AS concept, f.first AS document, "
        "first(f.site ORDER BY f.day, f.document) AS site, min(f.day) AS day FROM facts f "
        f"WHERE f.kind = '{kind}' AND list_contains($concepts, '{dimension}=' || f.{column}) "
        f"GROUP BY f.{column}, f.first"
        for dimension, column, kind in counting.COUNTED.values()
    ]
    wanted += [
        f"SELECT {concept} AS concept, s.id AS document, s.site, s.day FROM {rows} "
        f"WHERE s.day IS NOT NULL AND list_contains($concepts, {concept})"
        for concept, rows in (
            ("'missold substance=' || s.sold_as", "samples s"),
            ("'substance=' || d.found", "dangers d JOIN samples s ON s.id = d.sample"),
        )
    ]
    parameters = {"concepts": sorted(concepts)}
    with ws.tables.connect() as connection:
        connection.register("dangers", findings.dangers(connection))
        rows = connection.sql(" UNION ALL ".join(wanted), params=parameters).to_arrow_table()
    return rows.cast(signals.CARRIED)


def _lapsed(ws: Workspace, previous: pa.Table, grouped: pa.Table) -> pa.Table:
    """Return the earlier signals that no alarm speaks for any more and that stay on record.

    These are the ones that somebody decided on, and the ones whose codes people rejected. Others
    come and go with the evidence.
    """
    present = set(grouped.column("id").to_pylist())
    decided = {decision.signal for decision in ws.state.all(Decision)}
    rejected: dict[str, list[date]] = defaultdict(list)
    for row in ws.tables.rows(_REJECTED):
        rejected[row["concept"]].append(row["day"])
    members: dict[str, set[str]] = defaultdict(set)
    for row in counting.lineage(ws.thesaurus()).to_pylist():
        members[f"{row['dimension']}={row['wider']}"].add(f"substance={row['substance']}")
    kept = []
    for signal in previous.to_pylist():
        parts = signals.halves(signal["concept"])
        concepts = parts.union(*(members.get(part, ()) for part in parts))
        step = counting.parts_of(signal["series"])[2]
        first, _ = stretch(signal["first"], step, signal["parameters"])
        until = end_of(signal["last"], step)
        taken = any(first <= day <= until for part in concepts for day in rejected.get(part, ()))
        if signal["id"] not in present and (taken or signal["id"] in decided):
            kept.append(signal | {"score": 0.0, "evidence": 0.0})
    return pa.Table.from_pylist(kept, schema=schema_of(Signal))


# What people rejected, under the names of what it was taken for.
_REJECTED = " UNION ".join(
    f"SELECT '{dimension}=' || o.{column} AS concept, t.day FROM observations o "
    "SEMI JOIN (SELECT * FROM codings WHERE verdict = 'reject') r "
    "ON r.document = o.document AND r.version = o.version AND r.kind = o.kind "
    "AND r.start = o.start AND r.stop = o.stop "
    "JOIN texts t ON t.id = o.document AND t.version = o.version AND t.month = o.month "
    f"WHERE o.{column} IS NOT NULL"
    for dimension, column, _ in counting.COUNTED.values()
)


def _decided(ws: Workspace, grouped: pa.Table, lapsed: pa.Table) -> None:
    """Write down what the program decides: what is back is open again, what lapsed is closed."""
    decisions, now = ws.state.all(Decision), datetime.now(UTC)
    ws.state.append(
        *triage.reopened(grouped.to_pylist(), decisions, now),
        *triage.lapses(lapsed.to_pylist(), decisions, now),
    )


# Until when a document, a sample or a figure can speak: today, and the day on which it came in
# (anywhere on earth). A later date is somebody's slip, and stays one when that day has come.
_SEEN = """(
  SELECT t.*, least($today, coalesce(r.came, $today)) AS seen FROM ({rows}) t LEFT JOIN (
    SELECT regexp_replace(id, '-[0-9]+$', '') AS run,
           CAST(max(started) + INTERVAL 14 HOUR AS DATE) AS came
    FROM runs WHERE stage = 'ingest' GROUP BY ALL
  ) r USING (run)
)"""
_DOCUMENTS = _SEEN.format(rows="SELECT day, source, precision, run FROM documents")
_SAMPLES = _SEEN.format(rows="SELECT day, source, precision, run FROM samples")
_FIGURES = _SEEN.format(rows="SELECT period AS day, step AS precision, run FROM indicators")

# The last day of the period that a sample or a figure is known to be of, where that is over: a
# sample of March and a figure of 2024 count once March and 2024 have ended.
_KNOWN = f"""CASE WHEN {findings.ENDED.format(s="s")} <= seen
  THEN {findings.ENDED.format(s="s")} ELSE s.day END"""


def newest(ws: Workspace) -> date:
    """Return the last day that any evidence speaks of: detectors see no further.

    A date that was yet to come when it came in is somebody's slip, and no end of anything.
    """
    rows = ws.tables.rows(
        f"SELECT max(day) AS day FROM (SELECT max(day) AS day FROM {_DOCUMENTS} WHERE day <= seen "
        f"UNION ALL SELECT max({_KNOWN}) FROM {_SAMPLES} s WHERE day <= seen "
        f"UNION ALL SELECT max({_KNOWN}) FROM {_FIGURES} s WHERE day <= seen "
        f"UNION ALL SELECT max({_ENDED}) FROM points WHERE frozen)",
        {"today": datetime.now(UTC).date()},
    )
    return max(rows[0]["day"] or date(1900, 1, 1), network.newest(ws))


# The last day that is not a stray: in the week up to it, half as many sources as usual spoke, and
# a tenth as much was said, or it went on (where the source that says most has ended, the others
# may go on at their own pace). Usual is the middle of the ninety days with evidence before.
_END = f"""
WITH said AS (
  SELECT day, source, count(*) AS n FROM (
    SELECT day, source, precision, seen FROM {_DOCUMENTS} UNION ALL
    SELECT {_KNOWN} AS day, source, precision, seen FROM {_SAMPLES} s
  ) WHERE day <= seen AND precision <> 'year' GROUP BY day, source
), around AS (
  SELECT DISTINCT day, count(DISTINCT source) OVER weeks AS sources, sum(n) OVER weeks AS n,
         count(DISTINCT day) OVER (ORDER BY day RANGE BETWEEN INTERVAL 27 DAYS PRECEDING
                                   AND CURRENT ROW) AS days
  FROM said WINDOW weeks AS (ORDER BY day RANGE BETWEEN INTERVAL 6 DAYS PRECEDING AND CURRENT ROW)
)
SELECT max(day) AS day FROM (
  SELECT * FROM around WINDOW past AS (ORDER BY day ROWS BETWEEN 90 PRECEDING AND 1 PRECEDING)
  QUALIFY 2 * sources >= coalesce(median(sources) OVER past, 0)
    AND (10 * n >= coalesce(median(n) OVER past, 0) OR days >= 4)
)
"""


def last_day(ws: Workspace) -> date:
    """Return the day with which the evidence ends: of pages, bulletins and sessions.

    One file of one source with later dates does not move it, nor does a date that was yet to come
    when it came in: else a quarter or a year that ends there would be all but empty.
    """
    today = datetime.now(UTC).date()

    def make() -> str | None:
        day = ws.tables.rows(_END, {"today": today})[0]["day"]
        return None if day is None else str(day)

    end = ws.tables.kept("end", (Document, Sample, Run), make, str(today))
    sites = network.last_day(ws)
    if end is None:
        return sites or newest(ws)
    return max(date.fromisoformat(end), sites or date.min)


def closed(points: pa.Table, seen: date) -> pa.Table:
    """Return the points of periods that ended by a day: a week half read is no fall."""
    periods = points.column("period").to_pylist()
    steps = points.column("step").to_pylist()
    keep = [end_of(period, step) <= seen for period, step in zip(periods, steps, strict=True)]
    return conform(points.filter(pa.array(keep, pa.bool_())), Point)


def watched(points: pa.Table, detector: str) -> pa.Table:
    """Return the points that a detector looks at: months only where there are no weeks."""
    prefixes = WATCH.get(detector, COUNTS)
    names: list[str] = points.column("series").to_pylist()
    weekly = {name.removesuffix("/week") for name in names if name.endswith("/week")}
    keep = [
        name.startswith(prefixes)
        and not (name.endswith("/month") and name.removesuffix("/month") in weekly)
        for name in names
    ]
    return points.filter(pa.array(keep, pa.bool_()))
