"""Erasure on request and at the end of retention, down to the last byte, and not to come back.

What is to go is written to a journal first (`.erasing/`, ids only), then carried out: tombstones,
documents with all that was coded from them, corrections and notes of people on them, points,
then every byte that no log names. Each step can be done twice, so a killed erasure is finished by
the next command that writes.

Charts do not change: a point of a closed period that the remaining evidence no longer gives is
kept as it was, frozen. An aggregate says nothing of a person.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fanal.door.pseudonyms import KeyRing, canonical, prefix_of
from fanal.errors import ConfigError
from fanal.observatory import Observatory
from fanal.records import (
    Audit,
    Detail,
    Document,
    Indicator,
    Issue,
    Observation,
    Repost,
    Result,
    Sample,
    Tombstone,
    schema_of,
)
from fanal.stages import recoding, runs, tallying
from fanal.storage.tables import as_json

JOURNAL = ".erasing"
_HEX = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Selection:
    """What to erase: everything that meets all of the conditions given."""

    documents: tuple[bytes, ...] = ()
    pseudonyms: tuple[bytes, ...] = ()
    source: str | None = None
    first: date | None = None
    last: date | None = None

    @property
    def whole_source(self) -> bool:
        """Whether a source goes altogether, with its figures."""
        return bool(self.source) and not (
            self.documents or self.pseudonyms or self.first or self.last
        )

    @property
    def scope(self) -> Detail:
        """What the audit log says of it: numbers, a source, days; no pseudonym."""
        named = {
            "documents_named": len(self.documents),
            "pseudonyms_named": len(self.pseudonyms),
            "source": self.source,
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
        }
        return {key: value for key, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went, or would go."""

    documents: int = 0
    observations: int = 0
    samples: int = 0
    results: int = 0
    indicators: int = 0
    codings: int = 0
    memos: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def nothing(self) -> bool:
        """Whether there is nothing of it."""
        return not (self.documents or self.samples or self.indicators)


def select(
    ws: Observatory,
    *,
    documents: tuple[str, ...] = (),
    pseudonyms: tuple[str, ...] = (),
    person: str | None = None,
    source: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Selection:
    """Return what people mean by short ids, a name, a source and days.

    `person` is a number, handle or name as the person gives it: its pseudonyms are computed with
    the keys of every year, and the name itself is kept nowhere.

    Raises:
        ConfigError: nothing was named, or an id is unknown or means more than one thing.
    """
    if not (documents or pseudonyms or person or source or first or last):
        raise ConfigError(
            "nothing to erase was named", allowed="pseudonym, person, document, source, from, to"
        )
    if first and last and first > last:
        raise ConfigError("the period ends before it begins", where=f"{first} – {last}")
    if source and source not in ws.sources and not _known(ws, source):
        ws.source(source)  # says which there are
    named = [_one(ws, "author", "pseudonym", text) for text in pseudonyms]
    if person:
        named += _pseudonyms(ws, person)
    return Selection(
        tuple(_one(ws, "id", "document", text) for text in documents),
        tuple(named),
        source,
        first,
        last,
    )


def _known(ws: Observatory, source: str) -> bool:
    query = "SELECT 1 FROM documents WHERE source = ? LIMIT 1"
    return bool(ws.tables.rows(query, [source]))


def _one(ws: Observatory, column: str, what: str, text: str) -> bytes:
    text = text.strip().lower()
    if _HEX.match(text):
        return bytes.fromhex(text)
    prefix = prefix_of(text)
    rows = ws.tables.rows(
        f"SELECT DISTINCT {column} AS id FROM documents WHERE starts_with(hex({column}), ?)",
        [prefix.hex().upper()],
    )
    if len(rows) != 1:
        raise ConfigError(
            f"{'no' if not rows else 'more than one'} {what} with this id",
            allowed="8 base-32 characters as shown, or all 32 hexadecimal digits",
        )
    found: bytes = rows[0]["id"]
    return found


def _pseudonyms(ws: Observatory, person: str) -> list[bytes]:
    ring = KeyRing(ws.keys)
    countries = sorted({source.country for source in ws.sources.values()} or {"FR"})
    names = {canonical(person, country) for country in countries}
    found = {
        ring.author(site, year, name)
        for site, year, destroyed in ring.years()
        for name in names
        if name and not destroyed
    }
    return sorted(pseudonym for pseudonym in found if pseudonym)


# --- on request ---------------------------------------------------------------------------------


def erase(ws: Observatory, selection: Selection, today: date, *, dry_run: bool = False) -> Erased:
    """Erase a selection, or say what would go; the caller holds the writer lock."""
    documents = _documents(ws, selection)
    samples = _samples(ws, selection)
    found = _reckon(ws, documents, samples, selection.source if selection.whole_source else None)
    if dry_run:
        return found
    tombstones = _tombstones(documents, samples, selection, today)
    if found.nothing and not tombstones.num_rows:
        return found
    _carry_out(ws, "erase", selection, found, documents, samples, tombstones, today)
    return found


def _documents(ws: Observatory, selection: Selection) -> pa.Table:
    """Return id, thread, author, day and digest of the texts of the documents selected."""
    conditions, parameters = _conditions(selection)
    if selection.documents:
        conditions.append("id IN (SELECT id FROM named)")
    if selection.pseudonyms:
        conditions.append("author IN (SELECT id FROM authors)")
    return ws.tables.query(
        "SELECT DISTINCT id, thread, author, day, digest FROM documents "
        f"WHERE {' AND '.join(conditions)}",
        parameters,
        named=_ids(selection.documents),
        authors=_ids(selection.pseudonyms),
    )


def _samples(ws: Observatory, selection: Selection) -> pa.Table:
    if selection.documents or selection.pseudonyms:
        return _ids(())
    conditions, parameters = _conditions(selection)
    query = f"SELECT DISTINCT id FROM samples WHERE {' AND '.join(conditions)}"
    return ws.tables.query(query, parameters)


def _conditions(selection: Selection) -> tuple[list[str], dict[str, Any]]:
    said = {
        "source = $source": ("source", selection.source),
        "day >= $first": ("first", selection.first),
        "day <= $last": ("last", selection.last),
    }
    chosen = {text: pair for text, pair in said.items() if pair[1] is not None}
    return ["true", *chosen], dict(chosen.values())


def _ids(values: tuple[bytes, ...] | list[bytes]) -> pa.Table:
    return pa.table({"id": pa.array(values, pa.binary())})


def _reckon(ws: Observatory, documents: pa.Table, samples: pa.Table, source: str | None) -> Erased:
    ids = set(documents.column("id").to_pylist())
    codings, memos = ws.state.about(ids)
    row = ws.tables.rows(
        """
        SELECT (SELECT count(*) FROM observations WHERE document IN (SELECT id FROM gone))
                 AS observations,
               (SELECT count(*) FROM results WHERE sample IN (SELECT id FROM lab)) AS results,
               (SELECT count(*) FROM indicators WHERE source = $source) AS indicators,
               (SELECT min(day) FROM gone) AS first, (SELECT max(day) FROM gone) AS last
        """,
        {"source": source or ""},
        gone=documents,
        lab=samples,
    )[0]
    return Erased(len(ids), samples=samples.num_rows, codings=codings, memos=memos, **row)


def _tombstones(
    documents: pa.Table, samples: pa.Table, selection: Selection, today: date
) -> pa.Table:
    """Return what keeps the selection out of the next export.

    Documents and, where they were meant, authors and channels: a renamed export is another
    channel with the same documents, and the same channel may come in with other numbers. Where
    numbers begin again in each file, the digest tells another text from the one that was erased.
    """
    marks = [("sample", samples.column("id"))]
    if selection.pseudonyms and not (selection.source or selection.first or selection.last):
        marks.append(("author", _ids(selection.pseudonyms).column("id")))
    if selection.whole_source:
        marks.append(("thread", pc.unique(documents.column("thread"))))
    if selection.documents:
        marks.append(("document", _ids(selection.documents).column("id")))
    texts = documents.select(["id", "digest"])
    tables = [texts.append_column("scope", pa.repeat("document", len(texts)))]
    for scope, ids in marks:
        none = pa.nulls(len(ids), pa.binary())
        columns = [ids, none, pa.repeat(scope, len(ids))]
        tables.append(pa.Table.from_arrays(columns, names=["id", "digest", "scope"]))
    joined = pa.concat_tables(tables).group_by(["id", "digest", "scope"]).aggregate([])
    joined = joined.append_column("day", pa.repeat(pa.scalar(today), len(joined)))
    return joined.select(schema_of(Tombstone).names).cast(schema_of(Tombstone))


# --- retention ----------------------------------------------------------------------------------


def retain(ws: Observatory, today: date) -> dict[str, Erased]:
    """Erase what is past its source's retention; the caller holds the writer lock.

    No tombstones: what is past its retention is left out by rule when it comes again.
    """
    gone: dict[str, Erased] = {}
    for name, source in ws.sources.items():
        first = source.oldest(today)
        if first is None:
            continue
        selection = Selection(source=name, last=first - timedelta(days=1))
        documents, samples = _documents(ws, selection), _samples(ws, selection)
        if documents.num_rows or samples.num_rows:
            found = _reckon(ws, documents, samples, None)
            none = schema_of(Tombstone).empty_table()
            _carry_out(ws, "retention", selection, found, documents, samples, none, today)
            gone[name] = found
    return gone


# --- after a restored backup -------------------------------------------------------------------


def erase_again(ws: Observatory, tombstones: pa.Table, today: date) -> Erased:
    """Erase what tombstones name: a backup from before an erasure brought it back."""
    documents = ws.tables.query(
        """
        SELECT DISTINCT id, thread, author, day FROM documents
        WHERE id IN (SELECT id FROM marks WHERE scope = 'document')
           OR thread IN (SELECT id FROM marks WHERE scope = 'thread')
           OR author IN (SELECT id FROM marks WHERE scope = 'author')
        """,
        marks=tombstones,
    )
    samples = ws.tables.query(
        "SELECT DISTINCT id FROM samples WHERE id IN (SELECT id FROM marks WHERE scope = 'sample')",
        marks=tombstones,
    )
    missing = ws.tables.query(
        "SELECT * FROM marks ANTI JOIN tombstones USING (id, scope)", marks=tombstones
    )
    found = _reckon(ws, documents, samples, None)
    if missing.num_rows or not found.nothing:
        missing = missing.cast(schema_of(Tombstone))
        _carry_out(ws, "erase", Selection(), found, documents, samples, missing, today)
    return found


# --- carrying out -------------------------------------------------------------------------------


def _carry_out(
    ws: Observatory,
    stage: str,
    selection: Selection,
    found: Erased,
    documents: pa.Table,
    samples: pa.Table,
    tombstones: pa.Table,
    today: date,
) -> None:
    tallying.count(ws)  # so that what is frozen is what the evidence said
    journal = ws.folder / JOURNAL
    journal.mkdir(mode=0o700)
    ids = _ids(pc.unique(documents.column("id")).to_pylist())
    pq.write_table(ids, journal / "documents.parquet")
    pq.write_table(samples.select(["id"]), journal / "samples.parquet")
    pq.write_table(tombstones, journal / "tombstones.parquet")
    manifest = {
        "id": secrets.token_hex(8),
        "stage": stage,
        "scope": selection.scope,
        "source": selection.source if selection.whole_source else None,
        "found": asdict(found),
        "today": today.isoformat(),
        "who": ws.who,
    }
    new = journal / "manifest.new"
    new.write_text(as_json(manifest), "utf-8")
    new.rename(journal / "manifest.json")
    _finish(ws, journal)


def recover(ws: Observatory) -> None:
    """Finish an erasure that was cut short, or clear away one that had not begun."""
    journal = ws.folder / JOURNAL
    if (journal / "manifest.json").exists():
        _finish(ws, journal)
    elif journal.exists():
        shutil.rmtree(journal)


def _finish(ws: Observatory, journal: Path) -> None:
    """Carry out a journal; each step may have been done before."""
    manifest = json.loads((journal / "manifest.json").read_text("utf-8"))
    documents = pq.read_table(journal / "documents.parquet").column("id").combine_chunks()
    samples = pq.read_table(journal / "samples.parquet").column("id").combine_chunks()
    tombstones = pq.read_table(journal / "tombstones.parquet", schema=schema_of(Tombstone))
    mark = f"erase/{manifest['id']}"
    tables = ws.tables
    if tombstones.num_rows and not tables.done(Tombstone, [mark]):
        tables.append(Tombstone, tombstones, [mark])
    tables.delete(Observation, "document", documents)
    reposts = tables.delete(Repost, "document", documents)
    reposts += tables.delete(Repost, "original", documents)
    tables.delete(Document, "id", documents)
    tables.delete(Result, "sample", samples)
    tables.delete(Sample, "id", samples)
    if manifest["source"]:
        named = pa.array([manifest["source"]])
        tables.delete(Indicator, "source", named)
        tables.delete(Issue, "source", named)
    ws.state.forget(set(documents.to_pylist()))
    if reposts:
        recoding.find_reposts(ws)
    tallying.count(ws, freeze=date.fromisoformat(manifest["today"]))
    recoding.index(ws)
    ws.search.scrub()
    ws.forget_scratch()
    tables.purge()
    _tell(ws, manifest, mark)
    shutil.rmtree(journal)


def _tell(ws: Observatory, manifest: dict[str, Any], mark: str) -> None:
    """Leave one line in the audit log and one Run, both without content."""
    detail = {**manifest["scope"], **{k: v for k, v in manifest["found"].items() if v}}
    detail["id"] = manifest["id"]
    lines = ws.state.all(Audit, action=manifest["stage"])
    if not any(json.loads(line.detail).get("id") == manifest["id"] for line in lines):
        ws.state.audit(manifest["who"], manifest["stage"], detail, datetime.now(UTC))
    runs.note(ws, manifest["stage"], manifest["scope"], detail, mark)
