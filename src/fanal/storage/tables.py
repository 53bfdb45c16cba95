"""Evidence and derived tables: Delta Lake for writing, DuckDB for asking.

The recipes (exactly once on one handle, statistics on ids and dates only, erasing down to the
files that no log names) are in `docs/explanation/decisions/storage.md`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction, RemoveAction
from pyarrow import fs

from fanal.errors import StorageError
from fanal.records import RECORDS, Coding, Observation, Record, conform, schema_of, table_of

ATTEMPTS = 5
MEMORY = "1GB"  # DuckDB spills to the workspace above this

VIEWS = Path(__file__).with_name("views.sql")
SQL = {  # how DuckDB calls the types of records
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.timestamp("us", "UTC"): "TIMESTAMP WITH TIME ZONE",
}
Log = frozenset[str]  # of a table: its commits and checkpoints
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Judged:
    """What decides which observations count; `stamp` changes whenever that does."""

    cut: float = 0.5  # confidence from which a fact counts
    codings: pa.Table = field(default_factory=lambda: table_of([], Coding))  # that hold now
    stamp: str = ""


@dataclass(slots=True)
class _Views:
    """A database with the views of a moment, and how many read it."""

    database: duckdb.DuckDBPyConnection
    files: list[list[str]]
    judged: Judged
    readers: int = 0


class Tables:
    """The Delta tables of one observatory, by record class."""

    def __init__(self, root: str, scratch: Path, judged: Callable[[], Judged] = Judged) -> None:
        self.root = root.rstrip("/")
        self.scratch = scratch
        self.judged = judged
        self._opened: dict[str, tuple[Log, DeltaTable]] = {}  # by the log of then
        self._listed: dict[str, tuple[Log, list[str]]] = {}
        self._of_now: dict[str, Log] = {}  # the log with which a schema was as of now
        self._views: _Views | None = None
        self._turn = threading.Lock()
        self._kept: dict[str, tuple[str, Any]] = {}
        self._remembered: dict[str, tuple[str, dict[Hashable, Any]]] = {}

    def uri(self, record: type[Record]) -> str:
        """Return where the rows of a record class lie."""
        return f"{self.root}/{record.table}"

    def open(self, record: type[Record]) -> DeltaTable:
        """Return a handle on the table, made empty if it is not there."""
        uri = self.uri(record)
        if found := self._found(uri, _log(uri)):
            return found
        return DeltaTable.create(
            uri,
            schema_of(record),
            mode="ignore",
            partition_by=list(record.partition) or None,
            name=record.table,
            # Without this the log would hold the smallest and the largest text.
            configuration={
                "delta.dataSkippingStatsColumns": ",".join(record.stats),
                "delta.logRetentionDuration": "interval 0 days",
            },
        )

    def _found(self, uri: str, log: Log | None) -> DeltaTable | None:
        """Return a handle on a table that is there; one of a log that did not grow serves again."""
        opened = self._opened.get(uri)
        if log and opened and opened[0] == log:
            return opened[1]
        if not DeltaTable.is_deltatable(uri):
            return None
        handle = DeltaTable(uri)
        if log:
            self._opened[uri] = (log, handle)
        return handle

    def files(self, record: type[Record]) -> list[str]:
        """Return the Parquet files that the log lists now; a log that did not grow is not read."""
        uri = self.uri(record)
        log = _log(uri)
        known = self._listed.get(uri)
        if log and known and known[0] == log:
            return known[1]
        files = []
        if handle := self._found(uri, log):
            # `file_uris` would write a space or an accent of the folder as a URL does.
            actions = pa.table(handle.get_add_actions())
            files = [f"{uri}/{path}" for path in actions.column("path").to_pylist()]
        if log:
            self._listed[uri] = (log, files)
        return files

    def by_month(self, record: type[Record], size: int) -> dict[str, list[list[str]]]:
        """Return the files of each month, small ones together up to a size in bytes."""
        actions = pa.table(self.open(record).get_add_actions(flatten=True))
        columns = [actions.column(n).to_pylist() for n in ("partition.month", "path", "size_bytes")]
        found: dict[str, list[list[str]]] = {}
        room: dict[str, int] = {}
        for month, path, taken in sorted(zip(*columns, strict=True)):
            room[month] = room.get(month, 0) - taken
            if room[month] < 0:
                found.setdefault(month, []).append([])
                room[month] = size - taken
            found[month][-1].append(f"{self.uri(record)}/{path}")
        return found

    def done(self, record: type[Record], transactions: Sequence[str]) -> set[str]:
        """Return which of these transactions were already committed."""
        handle = self.open(record)
        return {name for name in transactions if handle.transaction_version(name) is not None}

    def append(
        self,
        record: type[Record],
        rows: pa.Table | pa.RecordBatchReader,
        transactions: Sequence[str] = (),
    ) -> None:
        """Append rows in one commit that also remembers the transactions.

        The caller holds the writer lock and has asked `done` first.
        """
        self._write(record, rows, transactions, mode="append")

    def replace(
        self,
        record: type[Record],
        rows: pa.Table | pa.RecordBatchReader,
        *,
        predicate: str | None = None,
        transactions: Sequence[str] = (),
        fingerprint: str = "",
    ) -> None:
        """Replace the rows that a predicate names (all of them without one) in one commit."""
        self._write(
            record,
            rows,
            transactions,
            mode="overwrite",
            predicate=predicate,
            metadata={"fanal.fingerprint": fingerprint} if fingerprint else None,
        )

    def adopt(
        self,
        record: type[Record],
        written: Sequence[Mapping[str, Any]],
        *,
        replaces: str | None = None,
        transactions: Sequence[str] = (),
    ) -> None:
        """Commit files of one month that were written beside the log (`workers.WRITTEN`).

        With `replaces`, they take the place of everything in that month.
        """
        handle = self.open(record)
        now = int(time.time() * 1000)
        added: list[AddAction | RemoveAction] = [
            AddAction(row["path"], row["bytes"], {"month": row["month"]}, now, True, row["stats"])
            for row in written
        ]
        with _refused(record):
            handle.create_write_transaction(
                added,
                "overwrite" if replaces else "append",
                handle.schema(),
                list(record.partition),
                [("month", "=", replaces)] if replaces else None,
                commit_properties=_properties(transactions),
            )

    def place(
        self,
        record: type[Record],
        files: Mapping[str, Path],
        partitions: Mapping[str, dict[str, str]],
        transactions: Sequence[str],
    ) -> None:
        """Append local Parquet files as they are, under new names, in one commit.

        Each is of one partition and lacks its columns. The same names again are the same files:
        a commit that was cut short is tried again.
        """
        handle = self.open(record)
        dates = [
            name for name in record.stats if pa.types.is_date(schema_of(record).field(name).type)
        ]
        actions: list[AddAction | RemoveAction] = []
        with _refused(record):
            store = fs.PyFileSystem(DeltaStorageHandler.from_table(handle._table))
            for name, path in files.items():
                values = partitions[name]
                target = "/".join([*(f"{key}={value}" for key, value in values.items()), name])
                fs.copy_files(str(path), target, fs.LocalFileSystem(), store)
                size, written = path.stat().st_size, int(path.stat().st_mtime * 1000)
                told = _statistics(path, dates)
                actions.append(AddAction(target, size, values, written, True, told))
            handle.create_write_transaction(
                actions,
                "append",
                handle.schema(),
                list(record.partition),
                commit_properties=_properties(transactions),
            )

    def _write(
        self,
        record: type[Record],
        rows: pa.Table | pa.RecordBatchReader,
        transactions: Sequence[str],
        *,
        mode: Any,
        predicate: str | None = None,
        metadata: dict[str, str] | None = None,
    ) -> None:
        handle = self.open(record)
        with _refused(record):
            write_deltalake(
                handle,
                rows,
                mode=mode,
                predicate=predicate,
                commit_properties=_properties(transactions, metadata),
            )

    def fingerprint(self, record: type[Record]) -> str:
        """Return the fingerprint left by the last `replace` of the whole table."""
        uri = self.uri(record)
        if not (handle := self._found(uri, _log(uri))):
            return ""
        for commit in handle.history(20):
            if "fanal.fingerprint" in commit:
                return str(commit["fanal.fingerprint"])
        return ""

    def version(self, record: type[Record]) -> str:
        """Return a text that changes when the rows of a table may have changed.

        Of observations, also when other ones count: people corrected some, or the cut moved.
        """
        names = sorted(Path(name).name for name in self.files(record))
        return "|".join([*names, self.judged().stamp] if record is Observation else names)

    @contextlib.contextmanager
    def connect(
        self, memory: str = MEMORY, **arrow: pa.Table
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open DuckDB with a view for each table, those of `views.sql`, and the Arrow tables given.

        The views are of one moment: rows that come later are not seen. `memory` is what all who
        read them may take meanwhile; above it, they spill.
        """
        with self._turn:
            views = self._current()
            views.readers += 1
        connection = views.database.cursor()
        try:
            if memory != MEMORY:
                connection.execute(f"SET memory_limit = '{memory}'")
            for name, table in arrow.items():
                connection.register(name, table)
            yield connection
        finally:
            if memory != MEMORY:
                with contextlib.suppress(duckdb.Error):  # a database that failed takes no orders
                    connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.close()
            with self._turn:
                views.readers -= 1

    def _current(self) -> _Views:
        """Return the views of the files that are listed now, made anew only where they changed.

        Who still reads the older views keeps them, in a database of their own.
        """
        files = [self.files(record) for record in RECORDS]
        judged = self.judged()
        known = self._views
        if known:
            if (known.files, known.judged.stamp) == (files, judged.stamp):
                return known
            if not known.readers and known.judged.cut == judged.cut:
                self._views = None  # what fails on the way is not kept
                self._views = _laid_anew(known, files, judged)
                return self._views
        self.scratch.mkdir(parents=True, exist_ok=True)
        made = database(files, judged, self.scratch / "duckdb", MEMORY)
        self._views = _Views(made, files, judged)
        return self._views

    def close(self) -> None:
        """Let go of the views."""
        self._views = None

    def query(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), **arrow: pa.Table
    ) -> pa.Table:
        """Return the answer to a DuckDB query over the tables as one Arrow table."""
        try:
            return self._answer(sql, parameters, arrow)
        except duckdb.IOException:  # files were purged after we looked: look again
            self.close()
            return self._answer(sql, parameters, arrow)

    def _answer(
        self,
        sql: str,
        parameters: Sequence[Any] | Mapping[str, Any],
        arrow: Mapping[str, pa.Table],
    ) -> pa.Table:
        with self.connect(**arrow) as connection:
            return _ask(connection, sql, parameters).to_arrow_table()

    def kept(
        self,
        name: str,
        records: Sequence[type[Record]],
        make: Callable[[], Any],
        about: str = "",
    ) -> Any:
        """Return figures that take a look at whole tables, made again only when these changed.

        They are kept beside the tables: `fanal run` makes them, and no page waits for them. They
        are JSON, of counts and names of sources alone; one is kept for each name.
        """
        rows = "|".join(map(self.version, records))
        moment = hashlib.blake2b(f"{about}|{rows}".encode(), digest_size=16).hexdigest()
        known = self._kept.get(name)
        if known and known[0] == moment:
            return known[1]
        file = self.scratch / "kept" / f"{name}.json"
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            stored = json.loads(file.read_bytes())
            if stored["moment"] == moment:
                self._kept[name] = (moment, stored["value"])
                return stored["value"]
        # As it is read back: who asks first and who asks later are told the same.
        value = json.loads(as_json(make()))
        self._kept[name] = (moment, value)
        with contextlib.suppress(OSError):  # who may only read the folder makes it each time
            file.parent.mkdir(parents=True, exist_ok=True)
            written = file.with_suffix(f".{os.getpid()}")
            written.write_bytes(as_json({"moment": moment, "value": value}).encode())
            written.replace(file)
        return value

    def remembered(
        self, name: str, records: Sequence[type[Record]], key: Hashable, make: Callable[[], T]
    ) -> T:
        """Return an answer that is asked for again and again, made anew when one of these changed.

        It is in memory alone. Then nothing of before stays: texts may have been erased.
        """
        moment = "|".join(map(self.version, records))
        known = self._remembered.get(name)
        if known is None or known[0] != moment:
            known = self._remembered[name] = moment, {}
        answers = known[1]
        if key not in answers:
            answers[key] = make()
        found: T = answers[key]
        return found

    def rows(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), **arrow: pa.Table
    ) -> list[dict[str, Any]]:
        """Return the answer to a query as a list of rows: for small answers."""
        return list(self.query(sql, parameters, **arrow).to_pylist())

    def delete(self, record: type[Record], column: str, ids: pa.Array) -> int:
        """Delete the rows whose keyed id is listed; returns how many. `purge` removes the bytes."""
        if not len(ids):
            return 0
        handle = self.open(record)
        # A merge takes the ids as rows: a predicate would write them all into the log.
        outcome = (
            handle.merge(
                pa.table({"id": ids}), f"t.{column} = s.id", source_alias="s", target_alias="t"
            )
            .when_matched_delete()
            .execute()
        )
        return int(outcome["num_target_rows_deleted"])

    def upgrade(self) -> list[str]:
        """Rewrite tables of an earlier version in the schema of now; returns their names.

        Columns that are new are empty, or the version before says how they are filled.

        Raises:
            ContractError: a new column may not be empty.
        """
        changed = []
        for record in RECORDS:
            uri = self.uri(record)
            log = _log(uri)
            if log and self._of_now.get(uri) == log:
                continue
            if not (handle := self._found(uri, log)):
                continue
            present = [field.name for field in handle.schema().fields]
            schema = schema_of(record)
            if present == schema.names:
                if log:
                    self._of_now[uri] = log
                continue
            rows = _as_now(self._stored(record, present), record)
            write_deltalake(handle, rows, mode="overwrite", schema_mode="overwrite")
            changed.append(record.table)
        return changed

    def _stored(self, record: type[Record], columns: Sequence[str]) -> pa.Table:
        files = self.files(record)
        if not files:
            return pa.table({name: pa.array([], pa.string()) for name in columns})
        listed = ", ".join(f"'{_quoted(name)}'" for name in files)
        with duckdb.connect() as connection:
            return connection.sql(
                f"SELECT {', '.join(columns)} FROM read_parquet([{listed}], union_by_name = true, "
                f"hive_partitioning = {bool(record.partition)}, hive_types_autocast = false)"
            ).to_arrow_table()

    def compact(self) -> None:
        """Join small files: called at the end of a run."""
        for record in RECORDS:
            uri = self.uri(record)
            if DeltaTable.is_deltatable(uri):
                handle = DeltaTable(uri)
                if len(self.files(record)) > 8:
                    handle.optimize.compact()

    def purge(self) -> list[str]:
        """Remove every byte that the logs no longer name; returns the names removed."""
        removed: list[str] = []
        for record in RECORDS:
            uri = self.uri(record)
            if not DeltaTable.is_deltatable(uri):
                continue
            handle = DeltaTable(uri)
            removed += handle.vacuum(
                retention_hours=0, dry_run=False, enforce_retention_duration=False
            )
            handle.create_checkpoint()
            handle.cleanup_metadata()
            for path in self.strays(record):
                path.unlink()
                removed.append(path.name)
        return removed

    def strays(self, record: type[Record]) -> list[Path]:
        """Return local data files that the log does not name: what a killed write left."""
        folder = Path(self.uri(record))
        if not folder.is_dir():
            return []
        named = {Path(name).resolve() for name in map(_local, self.files(record))}
        return [
            path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and "_delta_log" not in path.parts and path.resolve() not in named
        ]

    def counts(self) -> dict[str, int]:
        """Return table → rows."""
        with self.connect() as connection:
            return {
                record.table: connection.execute(f"SELECT count(*) FROM {record.table}").fetchone()[
                    0
                ]  # type: ignore[index]
                for record in RECORDS
            }


def database(
    files: Sequence[list[str]], judged: Judged, spill: Path, memory: str, threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Return a database with a view of each table's files, tables as in `RECORDS`, and `VIEWS`."""
    made = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": memory,
            "temp_directory": str(spill),
            **({"threads": threads} if threads else {}),
        }
    )
    made.execute("SET enable_progress_bar = false")  # it would print among our lines
    for record, listed in zip(RECORDS, files, strict=True):
        _view(made, record, listed)
    _judge(made, judged)
    made.execute(VIEWS.read_bytes().decode().replace("$cut", repr(float(judged.cut))))
    return made


def _laid_anew(views: _Views, files: list[list[str]], judged: Judged) -> _Views:
    """Return the views with those made anew whose files changed: `VIEWS` go by their names."""
    for record, old, new in zip(RECORDS, views.files, files, strict=True):
        if old != new:
            _drop(views.database, record, old)
            _view(views.database, record, new)
    if views.judged.stamp != judged.stamp:
        _judge(views.database, judged)
    return _Views(views.database, files, judged)


def _judge(database: duckdb.DuckDBPyConnection, judged: Judged) -> None:
    # As a table of its own: what is registered is seen by the one connection only.
    database.register("judged", judged.codings)
    database.execute(f"CREATE OR REPLACE TABLE {Coding.table} AS SELECT * FROM judged")
    database.unregister("judged")


def _properties(
    transactions: Sequence[str], metadata: dict[str, str] | None = None
) -> CommitProperties:
    return CommitProperties(
        custom_metadata=metadata,
        max_commit_retries=ATTEMPTS,
        app_transactions=[Transaction(name, 1) for name in transactions],
    )


@contextlib.contextmanager
def _refused(record: type[Record]) -> Iterator[None]:
    """Say in our words why a commit was refused."""
    try:
        yield
    except CommitFailedError:
        raise StorageError(
            "another writer committed at the same time",
            where=record.table,
            do="run the command again",
        ) from None
    except OSError as error:
        raise StorageError(
            f"cannot write ({error.strerror or 'disk full or not writable'})",
            where=record.table,
            do="free some space or mend the permissions, then run the command again",
        ) from None


def _statistics(path: Path, columns: Sequence[str]) -> str:
    """Return what the log says of a file, from its footer: rows, and the bounds of these dates."""
    footer = pq.read_metadata(path)
    at = {footer.schema.column(n).name: n for n in range(footer.num_columns)}
    least: dict[str, str] = {}
    most: dict[str, str] = {}
    groups = [footer.row_group(n) for n in range(footer.num_row_groups)]
    for name in columns:
        bounds = [group.column(at[name]).statistics for group in groups]
        least[name] = min(bound.min for bound in bounds).isoformat()
        most[name] = max(bound.max for bound in bounds).isoformat()
    nulls = dict.fromkeys(columns, 0)  # statistics are kept of columns that are never empty
    return json.dumps(
        {"numRecords": footer.num_rows, "minValues": least, "maxValues": most, "nullCount": nulls}
    )


def _log(uri: str) -> Log | None:
    """Return the names of the files of a local log; None where it is not local."""
    try:
        names = [entry.name for entry in os.scandir(f"{_local(uri)}/_delta_log")]
    except OSError:
        return None
    return frozenset(names) or None


def _view(database: duckdb.DuckDBPyConnection, record: type[Record], files: list[str]) -> None:
    """Make the view of a table's files; of none, an empty table, which is quicker to read."""
    if not files:
        columns = ", ".join(f"{each.name} {SQL[each.type]}" for each in schema_of(record))
        for name in _names(record):
            database.execute(f"CREATE TABLE {name} ({columns})")
        return
    source = _source(record, files)
    try:
        _lay(database, record, f"SELECT {', '.join(schema_of(record).names)} FROM {source}")
    except duckdb.BinderException:  # an earlier version wrote them, and nothing was written since
        present = database.sql(f"SELECT * FROM {source} LIMIT 0").columns
        columns = ", ".join(
            each.name
            if each.name in present
            else f"{_absent(each.name)}::{SQL[each.type]} AS {each.name}"
            for each in schema_of(record)
        )
        _lay(database, record, f"SELECT {columns} FROM {source}")


def _absent(column: str) -> str:
    """Return what a column holds that an earlier version did not write, as SQL.

    Before there were versions nothing was corrected.
    """
    return "1" if column == "version" else "NULL"


def _lay(database: duckdb.DuckDBPyConnection, record: type[Record], query: str) -> None:
    for name in _names(record):
        database.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")
        if record.latest:
            latest = ", ".join(record.latest)
            query += f" QUALIFY version = max(version) OVER (PARTITION BY {latest})"


def _drop(database: duckdb.DuckDBPyConnection, record: type[Record], files: list[str]) -> None:
    for name in _names(record):
        database.execute(f"DROP {'VIEW' if files else 'TABLE'} {name}")


def _names(record: type[Record]) -> tuple[str, ...]:
    """Return what a table is called: where rows are corrected, `every_…` is all that was said."""
    return (f"every_{record.table}", record.table) if record.latest else (record.table,)


def _source(record: type[Record], files: list[str]) -> str:
    listed = ", ".join(f"'{_quoted(name)}'" for name in files)
    partitions = ", ".join(f"'{name}': 'VARCHAR'" for name in record.partition)
    hive = (
        f"hive_partitioning = true, hive_types = {{{partitions}}}"
        if partitions
        else "hive_partitioning = false"
    )
    return f"read_parquet([{listed}], {hive})"


def _as_now(table: pa.Table, record: type[Record]) -> pa.Table:
    """Return stored rows in a record's schema of now; columns that they lack are empty."""
    schema = schema_of(record)
    columns = [
        table.column(field.name)
        if field.name in table.column_names
        else pa.repeat(pa.scalar(1, field.type), table.num_rows)
        if field.name == "version"  # nothing was corrected before there were versions
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return conform(pa.table(columns, names=schema.names), record)


def _ask(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | Mapping[str, Any]
) -> duckdb.DuckDBPyRelation:
    return connection.sql(sql, params=parameters) if parameters else connection.sql(sql)


def _local(uri: str) -> str:
    return uri.removeprefix("file://")


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def as_json(value: Any) -> str:
    """Return canonical JSON: parameters and fingerprints are compared as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
