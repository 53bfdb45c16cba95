"""Full-text search over documents: an SQLite FTS5 index beside the tables, rebuilt at will.

The index follows the tables month by month. Months whose stamp (of their documents and of what
counts in them) is not the stored one are compared with the tables and mended, some at a time in
one transaction, so a killed refresh loses nothing and a second one changes nothing. A document's
number holds its day, so that the newest come first without sorting. Facets are words of a column
of their own.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from fanal.records import Document, Observation
from fanal.storage.tables import Tables

FILE = "search.db"
LAYOUT = 3  # of the index: another one is thrown away and made again
LOOK = 3_000  # the newest matches: what is ranked, and what the facets count
PAGE = 20
BATCH = 20_000
START = 3  # letters that a start of a word must have: shorter ones are in every text
NUMBERS = 24  # bits of a number below its day
FACETS = {
    "site": "s",
    "source": "o",
    "kind": "k",
    "language": "l",
    "substance": "b",
    "practice": "p",
}
ALL = "all"  # a mark of every document
OPEN, SHUT = "\ue000", "\ue001"  # around a match: private-use signs
EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")

SCHEMA = """
CREATE TABLE documents (
  number INTEGER PRIMARY KEY, id BLOB NOT NULL, version INTEGER NOT NULL,
  month TEXT NOT NULL, precision TEXT NOT NULL, marks TEXT NOT NULL
);
CREATE INDEX documents_by_month ON documents (month);
CREATE TABLE months (month TEXT PRIMARY KEY, stamp TEXT NOT NULL, read TEXT NOT NULL);
CREATE VIRTUAL TABLE texts USING fts5(
  text, marks, tokenize = "unicode61 remove_diacritics 2", prefix = "3"
);
"""

_CURRENT = """
CREATE OR REPLACE TEMP TABLE current AS
SELECT id, version, month, day, precision, thread, position, site, source, kind, language
FROM current_documents WHERE text <> '' AND ($months IS NULL OR list_contains($months, month))
"""
_STAMPS = """
SELECT month, string_agg(concat(what, n, '-', h), ' ' ORDER BY what) AS stamp FROM (
  SELECT 'd' AS what, month, count(*) AS n, sum(hash(id, version)) AS h
  FROM current GROUP BY month
  UNION ALL
  SELECT 'f', month, count(*), sum(hash(document, substance, code)) FROM facts
  WHERE kind IN ('mention', 'practice') AND ($months IS NULL OR list_contains($months, month))
  GROUP BY month
) GROUP BY month
"""
_WANTED = """
CREATE OR REPLACE TEMP TABLE wanted AS
WITH said AS (
  SELECT document, string_agg(DISTINCT mark, ' ' ORDER BY mark) AS marks FROM (
    SELECT document, 'b' || lower(hex(substance)) AS mark FROM facts
    WHERE list_contains($months, month) AND kind = 'mention' AND substance IS NOT NULL
    UNION ALL
    SELECT document, 'p' || lower(hex(code)) FROM facts
    WHERE list_contains($months, month) AND kind = 'practice' AND code IS NOT NULL
  ) GROUP BY document
)
SELECT d.id, d.version, d.month, d.day, d.precision, d.thread, d.position, concat_ws(' ',
  's' || lower(hex(d.site)), 'o' || lower(hex(d.source)), 'k' || lower(hex(d.kind)),
  'l' || lower(hex(d.language)), said.marks) AS marks
FROM current d LEFT JOIN said ON said.document = d.id
WHERE list_contains($months, d.month)
"""
_CHANGED = """
SELECT w.id, w.version, w.month, w.day, w.precision, w.marks, d.text
FROM (SELECT * FROM wanted ANTI JOIN indexed USING (id, version, marks)) w
JOIN documents d ON d.id = w.id AND d.version = w.version AND d.month = w.month
WHERE list_contains($months, d.month)
ORDER BY w.day, w.thread, w.position, w.id
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: words, and what the documents must be."""

    words: str = ""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)  # any of the values of each
    sites: Sequence[str] | None = None  # no other site's texts are looked at; None: every site
    first: date | None = None
    last: date | None = None
    by_date: bool = True  # else by relevance (BM25) among the newest `LOOK`
    page: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found; `pieces` is a passage as (text, does it match)."""

    id: bytes
    version: int
    day: date
    precision: str
    marks: dict[str, list[str]]  # values of each facet
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of what was found, and how much there is of each kind among the newest `LOOK`."""

    hits: tuple[Hit, ...]
    total: int
    more: bool  # there are more than `total`
    facets: dict[str, list[tuple[str, int]]]


class Search:
    """The index of one observatory."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()  # a file address cannot be relative

    @contextlib.contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        """Open the index for writing, made anew where it has another layout."""
        if self.path.exists() and not self._present():
            self.remove()
        new = not self.path.exists()
        if new:
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            if new:
                connection.executescript(f"BEGIN;{SCHEMA} PRAGMA user_version = {LAYOUT}; COMMIT;")
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            yield connection
        finally:
            connection.close()

    def _present(self) -> bool:
        """Whether there is an index of this layout."""
        if not self.path.exists():
            return False
        try:
            with self._reading() as connection:
                return bool(connection.execute("PRAGMA user_version").fetchone()[0] == LAYOUT)
        except sqlite3.Error:
            return False

    def remove(self) -> None:
        """Remove the index; the next refresh makes it again."""
        for ending in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    # --- following the tables ---------------------------------------------------------------

    def refresh(self, tables: Tables) -> int:
        """Bring the index to what the tables say; returns how many documents were (re)written.

        The caller holds the writer lock.
        """
        written = 0
        with tables.connect() as duck, self._connect() as index:
            read = _read(tables, duck)
            known = dict(index.execute("SELECT month, read FROM months"))
            months = sorted(m for m in read.keys() | known.keys() if read.get(m) != known.get(m))
            stamps = _stamps(duck, months)
            stored = dict(index.execute("SELECT month, stamp FROM months"))
            stale = [month for month in months if stored.get(month) != stamps.get(month)]
            for some in _together(stale, stamps):
                written += _mend(duck, index, some, stamps)
            index.executemany(
                "UPDATE months SET read = ? WHERE month = ?",
                [(read.get(month, ""), month) for month in months],
            )
            index.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return written

    def scrub(self) -> None:
        """Leave no byte of what was taken out: one segment, a file written anew, no journal."""
        if not self._present():
            return
        with self._connect() as index:
            index.execute("INSERT INTO texts (texts) VALUES ('optimize')")
            index.execute("VACUUM")
            index.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def stale(self, tables: Tables) -> list[str]:
        """Return the months that the index does not tell as the tables do."""
        with tables.connect() as duck:
            stamps = _stamps(duck)
        if not self._present():
            return sorted(stamps)
        with self._reading() as index:
            stored = dict(index.execute("SELECT month, stamp FROM months"))
            counted = dict(index.execute("SELECT month, count(*) FROM documents GROUP BY month"))
        wrong = {m for m in stamps.keys() | stored.keys() if stored.get(m) != stamps.get(m)}
        wrong |= {m for m, stamp in stamps.items() if _documents_in(stamp) != counted.get(m, 0)}
        return sorted(wrong)

    def whole(self) -> bool:
        """Whether the index holds together inside; reads all of it."""
        if not self._present():
            return True
        with self._connect() as index:
            try:
                index.execute("INSERT INTO texts (texts) VALUES ('integrity-check')")
                rows = index.execute("SELECT count(*) FROM documents").fetchone()
                return bool(rows == index.execute("SELECT count(*) FROM texts").fetchone())
            except sqlite3.DatabaseError:
                return False

    # --- asking -----------------------------------------------------------------------------

    def ask(self, question: Question) -> Answer:
        """Return a page of the documents that a question names."""
        if not self._present() or (question.sites is not None and not question.sites):
            return Answer((), 0, False, {name: [] for name in (*FACETS, "month")})
        match, has_words = _match(question)
        with self._reading() as index:
            ranked = has_words and not question.by_date
            score = "bm25(texts, 1.0, 0.0)" if ranked else "0"
            first, last = _span(question.first, question.last)
            newest = index.execute(
                f"SELECT rowid, {score} FROM texts WHERE texts MATCH ? "
                "AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
                (match, first, last, LOOK + 1),
            ).fetchall()
            more, newest = len(newest) > LOOK, newest[:LOOK]
            numbers = [number for number, _ in newest]
            if ranked:
                numbers = [n for n, _ in sorted(newest, key=lambda row: (row[1], -row[0]))]
            start = (max(1, question.page) - 1) * PAGE
            shown = numbers[start : start + PAGE]
            return Answer(_hits(index, match, shown), len(numbers), more, _facets(index, numbers))


def words_of(text: str) -> list[tuple[str, bool, bool]]:
    """Return the parts of a person's query as (text, is it the start of a word, is it unwanted).

    >>> words_of('"3 mmc" pres* -test')
    [('3 mmc', False, False), ('pres', True, False), ('test', False, True)]
    """
    parts = []
    plain = text.replace("\0", " ")  # ends an expression of SQLite
    for minus, quoted, bare in re.findall(r'(-?)(?:"([^"]*)"|([^\s"]+))', plain):
        part = quoted or bare
        start = bool(bare) and part.endswith("*") and len(part.rstrip("*")) >= START
        if any(sign.isalnum() or EMOJI.match(sign) for sign in part):
            parts.append((part.rstrip("*"), start, bool(minus)))
    return parts


def mark(facet: str, value: str) -> str:
    """Return the word that a document of this value carries in the index."""
    return FACETS[facet] + value.encode().hex()


def _match(question: Question) -> tuple[str, bool]:
    """Return the FTS5 expression of a question, and whether it asks for words."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for part, start, minus in words_of(question.words):
        said = [f'marks : "{_sign(sign)}"' for sign in EMOJI.findall(part)]
        rest = EMOJI.sub(" ", part).replace('"', " ")
        if any(sign.isalnum() for sign in rest):
            said.append(f'text : "{rest}"{" *" if start else ""}')
        (unwanted if minus else wanted).append(f"({' AND '.join(said)})")
    has_words = bool(wanted)
    chosen = dict(question.facets)
    for name, values in chosen.items():
        if values:
            wanted.append(_any(name, values))
    if question.sites is not None:
        wanted.append(_any("site", question.sites))
    expression = " AND ".join(wanted or [f'(marks : "{ALL}")'])
    if unwanted:
        expression = f"({expression}) NOT ({' OR '.join(unwanted)})"
    return expression, has_words


def _any(facet: str, values: Sequence[str]) -> str:
    return "(" + " OR ".join(f'marks : "{mark(facet, value)}"' for value in values) + ")"


def _sign(sign: str) -> str:
    return f"e{ord(sign):x}"


def _span(first: date | None, last: date | None) -> tuple[int, int]:
    low = first.toordinal() << NUMBERS if first else 0
    high = (last.toordinal() + 1 << NUMBERS) - 1 if last else 2**62
    return low, high


def _hits(index: sqlite3.Connection, match: str, numbers: Sequence[int]) -> tuple[Hit, ...]:
    hits = []
    for number in numbers:
        (passage,) = index.execute(
            "SELECT snippet(texts, 0, ?, ?, '…', 40) FROM texts WHERE texts MATCH ? AND rowid = ?",
            (OPEN, SHUT, match, number),
        ).fetchone()
        id_, version, precision, marks = index.execute(
            "SELECT id, version, precision, marks FROM documents WHERE number = ?", (number,)
        ).fetchone()
        day = date.fromordinal(number >> NUMBERS)
        hits.append(Hit(id_, version, day, precision, _unmarked(marks), _pieces(passage)))
    return tuple(hits)


def _pieces(passage: str) -> tuple[tuple[str, bool], ...]:
    pieces = []
    for number, part in enumerate(re.split(f"[{OPEN}{SHUT}]", passage)):
        if part:
            pieces.append((part, number % 2 == 1))
    return tuple(pieces)


def _unmarked(marks: str) -> dict[str, list[str]]:
    names = {letter: name for name, letter in FACETS.items()}
    found: dict[str, list[str]] = {name: [] for name in FACETS}
    for word in marks.split():
        found[names[word[0]]].append(bytes.fromhex(word[1:]).decode())
    return found


def _facets(index: sqlite3.Connection, numbers: Sequence[int]) -> dict[str, list[tuple[str, int]]]:
    alike: Counter[str] = Counter()  # most documents share their marks with others
    for at in range(0, len(numbers), 500):
        some = numbers[at : at + 500]
        slots = ", ".join("?" * len(some))
        found = index.execute(f"SELECT marks FROM documents WHERE number IN ({slots})", some)
        alike.update(marks for (marks,) in found)
    words: Counter[str] = Counter()
    for marks, n in alike.items():
        for word in marks.split():
            words[word] += n
    names = {letter: name for name, letter in FACETS.items()}
    facets: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
    for word, n in words.most_common():
        facets[names[word[0]]].append((bytes.fromhex(word[1:]).decode(), n))
    days = Counter(number >> NUMBERS for number in numbers)
    months: Counter[str] = Counter()
    for day, n in days.items():
        months[f"{date.fromordinal(day):%Y-%m}"] += n
    facets["month"] = sorted(months.items(), reverse=True)
    return facets


def _stamps(duck: DuckDBPyConnection, months: Sequence[str] | None = None) -> dict[str, str]:
    duck.execute(_CURRENT, {"months": months})
    return dict(duck.execute(_STAMPS, {"months": months}).fetchall())


def _read(tables: Tables, duck: DuckDBPyConnection) -> dict[str, str]:
    """Return what each month is read from: a month read from the same says the same.

    Files of a month are never changed, only replaced. What was edited or corrected by people may
    be of any month.
    """
    edited = duck.execute(
        "SELECT count(*), sum(hash(id, version)) FROM documents WHERE version > 1"
    ).fetchone()
    common = hashlib.blake2b(repr((tables.judged().stamp, edited)).encode(), digest_size=16)
    names: dict[str, list[str]] = {}
    for record in (Document, Observation):
        for file in tables.files(record):
            folder, _, leaf = file.rpartition("/")
            names.setdefault(folder.rpartition("month=")[2], []).append(leaf)
    found = {}
    for month, leaves in names.items():
        digest = common.copy()
        digest.update("|".join(sorted(leaves)).encode())
        found[month] = digest.hexdigest()
    return found


def _documents_in(stamp: str) -> int:
    found = re.match(r"d(\d+)-", stamp)
    return int(found[1]) if found else 0


def _together(months: Sequence[str], stamps: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the months in parts of at most `BATCH` documents, or of one month."""
    some: list[str] = []
    documents = 0
    for month in months:
        more = _documents_in(stamps.get(month, ""))
        if some and documents + more > BATCH:
            yield some
            some, documents = [], 0
        some.append(month)
        documents += more
    if some:
        yield some


def _mend(
    duck: DuckDBPyConnection,
    index: sqlite3.Connection,
    months: Sequence[str],
    stamps: Mapping[str, str],
) -> int:
    """Make some months of the index what the tables say, in one transaction."""
    slots = ", ".join("?" * len(months))
    rows = index.execute(
        f"SELECT id, version, marks, number FROM documents WHERE month IN ({slots})", months
    ).fetchall()
    duck.register("indexed", _indexed(rows))
    del rows
    duck.execute(_WANTED, {"months": months})
    gone = duck.execute(
        "SELECT number FROM indexed ANTI JOIN wanted USING (id, version, marks)"
    ).fetchall()
    index.execute("BEGIN IMMEDIATE")
    try:
        index.executemany("DELETE FROM texts WHERE rowid = ?", gone)
        index.executemany("DELETE FROM documents WHERE number = ?", gone)
        written = _write(duck, index, months)
        index.execute(f"DELETE FROM months WHERE month IN ({slots})", months)
        told = [(month, stamps[month]) for month in months if month in stamps]
        index.executemany("INSERT INTO months VALUES (?, ?, '')", told)
        index.execute("COMMIT")
    except BaseException:
        index.execute("ROLLBACK")
        raise
    finally:
        duck.unregister("indexed")
    return written


def _indexed(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = [[row[i] for row in rows] for i in range(4)]
    kinds = (pa.binary(), pa.int64(), pa.string(), pa.int64())
    names = ["id", "version", "marks", "number"]
    arrays = [pa.array(c, k) for c, k in zip(columns, kinds, strict=True)]
    return pa.Table.from_arrays(arrays, names=names)


def _write(duck: DuckDBPyConnection, index: sqlite3.Connection, months: Sequence[str]) -> int:
    written = 0
    last: dict[date, int] = {}
    changed = duck.sql(_CHANGED, params={"months": months})
    with changed.to_arrow_reader(BATCH) as reader:
        for batch in reader:
            documents, texts = [], []
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                id_, version, month, day, precision, marks, text = row
                number = last[day] + 1 if day in last else _after(index, day)
                last[day] = number
                documents.append((number, id_, version, month, precision, marks))
                signs = " ".join(sorted({_sign(sign) for sign in EMOJI.findall(text)}))
                texts.append((number, _bare(text), f"{ALL} {marks} {signs}"))
            index.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", documents)
            index.executemany("INSERT INTO texts (rowid, text, marks) VALUES (?, ?, ?)", texts)
            written += len(texts)
    return written


def _bare(text: str) -> str:
    return text.replace(OPEN, "").replace(SHUT, "")


def _after(index: sqlite3.Connection, day: date) -> int:
    """Return the first free number of a day."""
    low, high = _span(day, day)
    (taken,) = index.execute(
        "SELECT max(number) FROM documents WHERE number BETWEEN ? AND ?", (low, high)
    ).fetchone()
    return low if taken is None else int(taken) + 1
