"""Judgements: what people decided, in SQL (SQLite by default, PostgreSQL by URL), append-only."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from fanal.errors import StorageError
from fanal.records import (
    JUDGEMENTS,
    Audit,
    Coding,
    Detail,
    Memo,
    Record,
    Subscription,
    field_types,
)
from fanal.storage import migrations
from fanal.storage.tables import as_json

R = TypeVar("R", bound=Record)
ATTEMPTS = 40
HEAD_FILE = "audit.head"  # beside the database, in the folder of the observatory
FIRST = b"\0" * 32  # what the first audit line follows


class _Moment(sa.TypeDecorator[datetime]):
    """A UTC time that comes back aware: SQLite forgets zones."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


SQL: dict[type, Any] = {
    str: sa.Text(),
    int: sa.BigInteger(),
    float: sa.Double(),
    bool: sa.Boolean(),
    bytes: sa.LargeBinary(),
    datetime: _Moment(),
}


ASKED_BY = {
    ("decisions", "signal"),
    ("codings", "document"),
    ("memos", "subject"),
    ("audit", "action"),
    ("accounts", "name"),
    ("sessions", "token"),
    ("sessions", "account"),
}


def sql_table(record: type[Record], metadata: sa.MetaData) -> sa.Table:
    """Return the SQL table of a record class: `seq` keeps the order of writing."""
    first = next(iter(field_types(record)))
    return sa.Table(
        record.table,
        metadata,
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        *(
            sa.Column(
                name,
                SQL[kind],
                nullable=nullable,
                unique=True if record is Audit and name == first else None,
                index=True if (record.table, name) in ASKED_BY else None,
            )
            for name, (kind, nullable, _) in field_types(record).items()
        ),
    )


METADATA = sa.MetaData()
SQL_TABLES = {record: sql_table(record, METADATA) for record in JUDGEMENTS}


class State:
    """The judgements of one observatory."""

    def __init__(self, url: str, head: Path | None = None) -> None:
        """Open the database; `head` is a file outside it that holds the end of the audit log."""
        self._head = head
        # The driver that comes with Fanal; SQLAlchemy would look for another.
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
        self.engine = sa.create_engine(url)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _pragmas)
        try:
            self._prepare()
        except BaseException:
            self.engine.dispose()
            raise
        self._turn = threading.Lock()

    def _prepare(self) -> None:
        """Make the tables where there are none, and bring older ones to the present schema."""
        with self.engine.begin() as connection:
            at = migrations.revision(connection)
            if at == migrations.HEAD:
                return
            known = sa.inspect(connection)
            if at is None and not known.has_table(Audit.table):
                METADATA.create_all(connection)
                migrations.stamp(connection)
                return
            if at is None:
                migrations.stamp(connection, migrations.FIRST)
            elif at > migrations.HEAD:
                raise StorageError(
                    f"the judgements are of a later version of Fanal (revision {at})",
                    allowed=f"up to {migrations.HEAD}",
                    do="install that version",
                )
            migrations.upgrade(connection)

    def append(self, *rows: Record) -> None:
        """Add rows, all or none."""
        with self.engine.begin() as connection:
            for row in rows:
                connection.execute(SQL_TABLES[type(row)].insert().values(**_values(row)))

    def subscribe(self, account: str, row: Subscription | None) -> None:
        """Keep an account's subscription in the place of any earlier one, or none at all."""
        table = SQL_TABLES[Subscription]
        with self.engine.begin() as connection:
            connection.execute(table.delete().where(table.c.account == account))
            if row is not None:
                connection.execute(table.insert().values(**_values(row)))

    def all(self, record: type[R], **equal: Any) -> list[R]:
        """Return the rows of a class in the order of writing, where these columns are equal."""
        table = SQL_TABLES[record]
        query = sa.select(*(table.c[f.name] for f in fields(record))).order_by(table.c.seq)  # type: ignore[arg-type]
        for name, value in equal.items():
            query = query.where(table.c[name] == value)
        with self.engine.connect() as connection:
            return [record(**row._mapping) for row in connection.execute(query)]

    def stamp(self, record: type[R]) -> str:
        """Return a text that changes when the rows of a class do."""
        table = SQL_TABLES[record]
        number = sa.select(sa.func.count()).select_from(table).scalar_subquery()
        query = sa.select(number, table.c.id).order_by(table.c.seq.desc()).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return f"{row[0]}/{row[1].hex()}" if row else ""

    def append_after(self, row: Record, seen: int, **equal: Any) -> bool:
        """Add a row if there are still so many rows where these columns are equal.

        Two people who looked at the same moment cannot both be first: the second is told no.
        """
        table = SQL_TABLES[type(row)]
        query = sa.select(sa.func.count()).select_from(table)
        for name, value in equal.items():
            query = query.where(table.c[name] == value)
        with self._turn, self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))
            # Written first, counted then: SQLite lets one writer in at a time.
            added = connection.execute(table.insert().values(**_values(row)))
            query = query.where(table.c.seq != added.inserted_primary_key[0])  # type: ignore[index]
            if connection.execute(query).scalar_one() != seen:
                connection.rollback()
                return False
            connection.commit()
        return True

    def audited(self, first: int, last: int) -> list[Audit]:
        """Return the audit lines of these numbers, and those between."""
        table = SQL_TABLES[Audit]
        query = sa.select(*(table.c[f.name] for f in fields(Audit))).order_by(table.c.number)
        query = query.where(table.c.number >= first, table.c.number <= last)
        with self.engine.connect() as connection:
            return [Audit(**row._mapping) for row in connection.execute(query)]

    def audit_lines(self) -> int:
        """Return how many lines the audit log has."""
        query = sa.select(sa.func.max(SQL_TABLES[Audit].c.number))
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def lines(self, action: str, since: datetime) -> list[Audit]:
        """Return the audit lines of an action from a moment on."""
        table = SQL_TABLES[Audit]
        query = sa.select(*(table.c[f.name] for f in fields(Audit))).order_by(table.c.seq)
        query = query.where(table.c.action == action, table.c.time >= since)
        with self.engine.connect() as connection:
            return [Audit(**row._mapping) for row in connection.execute(query)]

    def audit(self, who: str, action: str, detail: Detail, time: datetime) -> Audit:
        """Add a line to the audit log, chained to the one before."""
        table = SQL_TABLES[Audit]
        for attempt in range(ATTEMPTS):
            try:
                return self._audit(table, who, action, as_json(detail), time)
            except (sa.exc.IntegrityError, sa.exc.OperationalError):
                # Of two writers at once the second comes too late and chains to the first.
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _audit(self, table: sa.Table, who: str, action: str, detail: str, time: datetime) -> Audit:
        with self._turn, self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # of two writers one waits for the other
                connection.execute(sa.text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))
            last = connection.execute(
                sa.select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
            ).first()
            number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
            line = chained(number, time, who, action, detail, previous)
            connection.execute(table.insert().values(**_values(line)))
            connection.commit()
            self._keep(line)
        return line

    def _keep(self, line: Audit | None) -> None:
        """Write the number and hash of the last audit line beside the database."""
        if self._head is None or not self._head.parent.is_dir():
            return
        text = f"{line.number} {line.hash.hex()}\n" if line else ""
        fresh = self._head.with_name(f".{self._head.name}-{os.getpid()}")
        fresh.touch(0o600)
        fresh.write_bytes(text.encode())
        fresh.replace(self._head)

    def head(self) -> tuple[int, bytes] | None:
        """Return number and hash of the last audit line as kept outside; None where it is not."""
        if self._head is None or not self._head.is_file():
            return None
        words = self._head.read_bytes().split()
        return (int(words[0]), bytes.fromhex(words[1].decode())) if len(words) == 2 else None

    def dump(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yield each table's name with its rows, as JSON can say them, in the order of writing."""
        with self.engine.connect() as connection:
            for table in METADATA.sorted_tables:
                rows = connection.execute(sa.select(table).order_by(table.c.seq)).mappings()
                yield table.name, [{k: _said(v) for k, v in row.items()} for row in rows]

    def load(self, dumped: Mapping[str, list[dict[str, Any]]], revision: str) -> None:
        """Replace every row by those of a dump of this or an earlier revision, all or none."""
        with self.engine.begin() as connection:
            METADATA.drop_all(connection)
            connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
            migrations.upgrade(connection, revision)
            then = sa.MetaData()
            then.reflect(connection)
            for name, rows in dumped.items():
                if not rows:
                    continue
                table = then.tables[name]
                connection.execute(table.insert(), [_meant(table, row) for row in rows])
                if connection.dialect.name == "postgresql":  # the next row follows the last
                    sequence = f"pg_get_serial_sequence('{name}', 'seq')"
                    top = f"SELECT coalesce(max(seq), 0) + 1 FROM {name}"
                    connection.execute(sa.text(f"SELECT setval({sequence}, ({top}), false)"))
            migrations.upgrade(connection)
        self._keep(next(iter(self.all(Audit)[-1:]), None))

    def about(self, documents: Set[bytes]) -> tuple[int, int]:
        """Return how many corrections and notes are on these documents."""
        return tuple(len(found) for found in self._about(documents).values())  # type: ignore[return-value]

    def forget(self, documents: Set[bytes]) -> None:
        """Erase the corrections and notes on documents that were erased, to the last byte."""
        found = self._about(documents)
        if not any(found.values()):
            return
        with self.engine.begin() as connection:
            for record, numbers in found.items():
                table = SQL_TABLES[record]
                for number in numbers:
                    connection.execute(table.delete().where(table.c.seq == number))
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self.engine.dialect.name == "sqlite":
                connection.execute(sa.text("VACUUM"))
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
            else:
                connection.execute(sa.text(f"VACUUM FULL {Coding.table}, {Memo.table}"))

    def _about(self, documents: Set[bytes]) -> dict[type[Record], list[int]]:
        coding, memo = SQL_TABLES[Coding], SQL_TABLES[Memo]
        asked: dict[type[Record], Any] = {
            Coding: sa.select(coding.c.seq, coding.c.document),
            Memo: sa.select(memo.c.seq, memo.c.subject).where(memo.c.about == "document"),
        }
        with self.engine.connect() as connection:
            return {
                record: [seq for seq, subject in connection.execute(query) if subject in documents]
                for record, query in asked.items()
            }

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def chained(
    number: int, time: datetime, who: str, action: str, detail: str, previous: bytes
) -> Audit:
    """Return an audit line with its hash."""
    text = "\x1f".join((str(number), time.astimezone(UTC).isoformat(), who, action, detail))
    digest = hashlib.blake2b(
        previous + text.encode(), digest_size=32, person=b"fanal-audit"
    ).digest()
    return Audit(number, time, who, action, detail, previous, digest)


def broken(lines: Sequence[Audit], head: tuple[int, bytes] | None = None) -> int | None:
    """Return the number of the first audit line that does not follow, or None.

    `head` is the number and hash kept outside the database: with it a cut at the end, or a log
    written anew from its beginning, is found as well. Lines may follow it: of two processes
    the slower one may have kept its own.
    """
    previous = FIRST
    for expected, line in enumerate(lines, 1):
        again = chained(expected, line.time, line.who, line.action, line.detail, previous)
        if again != line:
            return expected
        previous = line.hash
    if head is None or (head[0] <= len(lines) and lines[head[0] - 1].hash == head[1]):
        return None
    return min(head[0], len(lines) + 1)


def _values(row: Record) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}  # type: ignore[arg-type]


def _said(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, datetime) else value


def _meant(table: sa.Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dumped row in the types of a table's columns."""
    out = dict(row)
    for column in table.columns:
        value = out.get(column.name)
        if value is None:
            continue
        if isinstance(column.type, sa.LargeBinary):
            out[column.name] = bytes.fromhex(value)
        elif isinstance(column.type, sa.DateTime):
            out[column.name] = datetime.fromisoformat(value).replace(tzinfo=None)
    return out


def _pragmas(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA foreign_keys = ON")
