"""Judgements: what people decided, in SQL (SQLite by default, PostgreSQL by URL), append-only."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence, Set
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from fanal.records import JUDGEMENTS, Audit, Coding, Memo, Record, field_types
from fanal.storage.tables import as_json

R = TypeVar("R", bound=Record)
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
                comment=text,
                unique=record is Audit and name == first,
            )
            for name, (kind, nullable, text) in field_types(record).items()
        ),
    )


METADATA = sa.MetaData()
SQL_TABLES = {record: sql_table(record, METADATA) for record in JUDGEMENTS}


class State:
    """The judgements of one observatory."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _pragmas)
        METADATA.create_all(self.engine)
        self._turn = threading.Lock()

    def append(self, *rows: Record) -> None:
        """Add rows, all or none."""
        with self.engine.begin() as connection:
            for row in rows:
                connection.execute(SQL_TABLES[type(row)].insert().values(**_values(row)))

    def all(self, record: type[R], **equal: Any) -> list[R]:
        """Return the rows of a class in the order of writing, where these columns are equal."""
        table = SQL_TABLES[record]
        query = sa.select(*(table.c[f.name] for f in fields(record))).order_by(table.c.seq)  # type: ignore[arg-type]
        for name, value in equal.items():
            query = query.where(table.c[name] == value)
        with self.engine.connect() as connection:
            return [record(**row._mapping) for row in connection.execute(query)]

    def audit(self, who: str, action: str, detail: dict[str, Any], time: datetime) -> Audit:
        """Add a line to the audit log, chained to the one before."""
        table = SQL_TABLES[Audit]
        with self._turn, self.engine.begin() as connection:
            last = connection.execute(
                sa.select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
            ).first()
            number, previous = (last.number + 1, last.hash) if last else (1, FIRST)
            # The number is unique: of two writers at once the second fails and tries again.
            line = chained(number, time, who, action, as_json(detail), previous)
            connection.execute(table.insert().values(**_values(line)))
        return line

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


def broken(lines: Sequence[Audit], head: bytes | None = None) -> int | None:
    """Return the number of the first audit line that does not follow, or None.

    `head` is the hash kept outside the database: with it a cut at the end is found as well.
    """
    previous = FIRST
    for expected, line in enumerate(lines, 1):
        again = chained(expected, line.time, line.who, line.action, line.detail, previous)
        if again != line:
            return expected
        previous = line.hash
    return len(lines) + 1 if head is not None and head != previous else None


def _values(row: Record) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}  # type: ignore[arg-type]


def _pragmas(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 10000")
    connection.execute("PRAGMA foreign_keys = ON")
