"""Reading documents: one with its codes, the corrections and notes of people on it.

A correction is a `Coding`: append-only, the last word on a span, kind and concept counts. What a
person rejected does not count, what they added or confirmed does, whatever the coder says.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fanal.coding.practices import Rules
from fanal.door.pseudonyms import KeyRing, prefix_of, show
from fanal.door.words import written
from fanal.errors import ConfigError, MissingError
from fanal.observatory import Observatory
from fanal.people.codings import in_force
from fanal.records import Coding, Detail, Document, Memo
from fanal.storage.tables import as_json

VERDICTS = ("confirm", "reject", "add")
AROUND = 2  # documents of the same thread shown before and after
CONCEPTS = {  # kinds that a person may add, and the field that says what
    "mention": "substance",
    "practice": "code",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One code on a document, as it counts now."""

    start: int
    stop: int
    kind: str
    fields: Detail  # of the observation, by name
    rule: str  # of the coder that fired; empty where a person added it
    confidence: float
    coder: str  # coder and version, or the account
    counts: bool
    denied: bool  # the text says that there is none: it never counts (the view `facts`)
    said: str = ""  # confirm, reject or add: the last word of a person
    who: str = ""
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """A document near another in the same thread."""

    id: bytes
    day: date
    position: int  # order within the thread
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as a person reads it."""

    document: Document
    codes: tuple[Code, ...]
    memos: tuple[Memo, ...]
    before: tuple[Around, ...]  # of the same thread
    after: tuple[Around, ...]
    original: bytes | None  # the document that it says again
    stale: int  # corrections made on an earlier text, which no longer count


def find(ws: Observatory, short: str) -> bytes:
    """Return the id that begins with these base-32 characters.

    Raises:
        MissingError: none, or more than one.
    """
    try:
        low = prefix_of(short)
    except ConfigError:
        low = b""
    if len(low) < 2:
        raise MissingError("there is no document with this id")
    high = (int.from_bytes(low) + 1).to_bytes(len(low) + 1)[1:] or b"\xff"
    high = high if high > low else b"\xff" * 17
    rows = ws.tables.rows(
        "SELECT DISTINCT id FROM documents WHERE id >= $low AND id < $high LIMIT 2",
        {"low": low, "high": high},
    )
    if len(rows) != 1:
        raise MissingError("there is no document with this id")
    id_: bytes = rows[0]["id"]
    return id_


def about(ws: Observatory, id_: bytes) -> Document:
    """Return a document in its present version."""
    rows = ws.tables.rows(
        "SELECT * FROM documents WHERE id = $id ORDER BY version DESC LIMIT 1", {"id": id_}
    )
    return Document(**rows[0])


def read(ws: Observatory, document: Document) -> Reading:
    """Return a document with its codes, notes and neighbours."""
    id_ = document.id
    observed = ws.tables.rows(
        "SELECT * FROM observations WHERE document = $id AND version = $version "
        "AND month = $month ORDER BY start, stop, kind",
        {"id": id_, "version": document.version, "month": document.month},
    )
    corrections = ws.state.all(Coding, document=id_)
    held = [c for c in in_force(corrections) if c.version == document.version]
    rows = ws.tables.rows(
        "SELECT id, day, position, text FROM current_documents WHERE thread = $thread "
        "AND source = $source AND position BETWEEN $low AND $high AND id <> $id ORDER BY position",
        {
            "thread": document.thread, "source": document.source, "id": id_,
            "low": document.position - AROUND, "high": document.position + AROUND,
        },
    )  # fmt: skip
    around = [Around(**row) for row in rows]
    repost = ws.tables.rows("SELECT original FROM reposts WHERE document = $id", {"id": id_})
    return Reading(
        document,
        _codes(observed, held, ws.settings.cut),
        tuple(memo for memo in ws.state.all(Memo, subject=id_) if memo.about == "document"),
        tuple(one for one in around if one.position < document.position),
        tuple(one for one in around if one.position > document.position),
        repost[0]["original"] if repost else None,
        sum(c.version != document.version for c in in_force(corrections)),
    )


def _codes(
    observed: list[dict[str, Any]], corrections: list[Coding], cut: float
) -> tuple[Code, ...]:
    said = {(c.kind, c.start, c.stop): c for c in corrections if c.verdict != "add"}
    codes = []
    for row in observed:
        word = said.get((row["kind"], row["start"], row["stop"]))
        denied = row["kind"] == "mention" and row["role"] == "denied"
        counts = word.verdict == "confirm" if word else row["confidence"] >= cut
        codes.append(
            Code(
                row["start"], row["stop"], row["kind"],
                {k: v for k, v in row.items() if k in _FIELDS and v is not None},
                row["rule"], row["confidence"], row["coder"], counts and not denied, denied,
                *((word.verdict, word.who, word.time) if word else ()),
            )
        )  # fmt: skip
    codes += [
        Code(c.start, c.stop, c.kind, json.loads(c.fields), "", 1.0, c.who, True, False,
             c.verdict, c.who, c.time)
        for c in corrections if c.verdict == "add"
    ]  # fmt: skip
    return tuple(sorted(codes, key=lambda c: (c.start, c.stop, c.kind)))


_FIELDS = (
    "substance", "amount", "amount_max", "currency", "quantity", "unit", "bought", "free",
    "free_unit", "percent", "percent_max", "basis", "analyte", "per", "days", "opens", "closes",
    "place", "role", "platform", "code",
)  # fmt: skip


def correct(
    ws: Observatory,
    document: Document,
    verdict: str,
    kind: str,
    start: int,
    stop: int,
    concept: str,
    time: datetime,
) -> Coding:
    """Say that a code of the coder is right, or wrong, or add one that it missed.

    `concept` is the substance or the practice meant; counts follow with the next run. With the last
    mention of a substance goes what was read of it, prices and amounts, and comes back with it.

    Raises:
        ConfigError: no such verdict, span, kind or concept.
    """
    text = document.text
    if verdict not in VERDICTS:
        raise ConfigError(f"no verdict {verdict!r}", allowed=", ".join(VERDICTS))
    if not 0 <= start < stop <= len(text):
        raise ConfigError("the passage is not in the text", do="mark a passage of the text")
    fields: Detail = {}
    if concept:
        if kind not in CONCEPTS:
            raise ConfigError(f"no code of the kind {kind!r} can be added",
                              allowed=", ".join(CONCEPTS))  # fmt: skip
        _known(ws, kind, concept)
        fields = {CONCEPTS[kind]: concept}
    elif verdict == "add":
        raise ConfigError("it is not said what is added", do="choose a substance or a practice")
    with_it = _resting(ws, document, start, stop, verdict) if kind == "mention" else []
    keys = KeyRing(ws.keys)
    coding, *_ = codings = [
        Coding(
            id=secrets.token_bytes(16),
            document=document.id,
            version=document.version,
            start=first,
            stop=last,
            quote=keys.digest(text[first:last]),
            verdict=verdict,
            kind=what,
            fields=as_json(fields),
            who=ws.who,
            time=time,
        )
        for what, first, last in [(kind, start, stop), *with_it]
    ]
    ws.state.append(*codings)
    told = {"document": show(document.id), "verdict": verdict, "kind": kind}
    ws.audit("correct", told)
    return coding


def _resting(
    ws: Observatory, document: Document, start: int, stop: int, verdict: str
) -> list[tuple[str, int, int]]:
    """Return the codes that a verdict on a mention takes along: what was read of its substance.

    They are rejected with its last mention, and confirmed with it where they went with it.
    """
    codes = read(ws, document).codes
    here = [c for c in codes if (c.kind, c.start, c.stop) == ("mention", start, stop)]
    meant = {c.fields["substance"] for c in here if c.fields.get("substance")}
    of_it = [c for c in codes if c.fields.get("substance") in meant]
    others = [c for c in of_it if c.kind == "mention" and (c.start, c.stop) != (start, stop)]
    with_it = {c.when for c in of_it if c.kind == "mention" and c.said}
    rest = [c for c in of_it if c.kind != "mention" and (not c.said or c.when in with_it)]
    if verdict == "reject" and not any(c.counts for c in others):
        return [(c.kind, c.start, c.stop) for c in rest if c.counts]
    if verdict == "confirm":
        return [(c.kind, c.start, c.stop) for c in rest if c.said == "reject"]
    return []


def _known(ws: Observatory, kind: str, concept: str) -> None:
    known = ws.thesaurus().substances if kind == "mention" else Rules.load().codes
    if concept not in known:
        raise ConfigError(f"no {CONCEPTS[kind]} called {concept!r}", do="choose one of the list")


def note(ws: Observatory, document: Document, text: str, time: datetime) -> Memo:
    """Write a note on a document; it goes through the door like everything else.

    Raises:
        ConfigError: it is empty, or the door does not let it in.
    """
    if not text.strip():
        raise ConfigError("the note is empty")
    stored = written(text, "note", "field notes")
    memo = Memo(secrets.token_bytes(16), "document", document.id, stored, ws.who, time)
    ws.state.append(memo)
    ws.audit("memo", {"document": show(document.id)})
    return memo
