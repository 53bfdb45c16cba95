"""What a person looks at before it is stored: sealed while it waits, read in memory only.

::

    reviews/<id>.text      what was read of one file, and what the door would mask in it
    reviews/<id>.acts      what people decided so far
    keys/review/<id>.key   the key of both, wrapped by the master key

The first line of a text says for lists of which source it is and until when it waits; it names
nobody. What is over is destroyed by its key first: what is left then is noise.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock

from fanal.door.admit import Door, Proposal, undated
from fanal.door.normalise import fold
from fanal.door.pseudonyms import WAITING, KeyRing
from fanal.door.raw import RawDocument
from fanal.door.recognisers.names import roster
from fanal.door.spans import Span, merge
from fanal.errors import ConflictError, ImporterError, MissingError, StorageError
from fanal.records import Issue

FOLDER = "reviews"
_NONCE = 12
_PLAIN = ("hints", "media", "time")  # fields of a record that JSON does not hold as they are


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file that waits: what its first line says."""

    id: str
    source: str
    site: str
    importer: str
    file: str  # keyed id
    transaction: str
    held: datetime
    until: datetime
    records: int


class Act(NamedTuple):
    """What a person decided: of a text wherever it stands, or `here`, of one place."""

    do: str  # mask, person, keep
    text: str
    who: str
    kind: str = "name"
    here: tuple[int, int, int] | None = None  # number of the turn, start, stop


@dataclass(frozen=True, slots=True, repr=False)
class Turn:
    """One document before it is stored."""

    raw: RawDocument
    proposed: tuple[Span, ...]
    doubt: str  # why the door would keep it out
    believed: tuple[tuple[Span, float], ...] = ()  # what the tagger half believes


@dataclass(frozen=True, slots=True, repr=False)
class Review:
    """A file that waits, opened."""

    waiting: Waiting
    turns: list[Turn]
    issues: list[Issue]
    skipped: list[tuple[str, int]]
    people: tuple[str, ...]  # whom the file and a table of pseudonyms name
    acts: list[Act] = field(default_factory=list)
    first: str = ""  # who confirmed it, where a second person must too
    last: str = ""  # who confirmed it, so that it is stored


class Desk:
    """The files that wait in an observatory."""

    def __init__(self, folder: Path, keys: Path) -> None:
        """Name the folder of what waits and that of the keys."""
        self.folder, self._keys = folder, keys

    def hold(
        self,
        waiting: Waiting,
        door: Door,
        documents: Sequence[Any],
        beside: tuple[list[Issue], list[tuple[str, int]]],
        pseudonyms: Mapping[str, str],
    ) -> Waiting | None:
        """Seal what was read of a file; returns it as it waits, with its id; None without a text.

        Raises:
            ImporterError: the file holds texts and something else.
        """
        raws = [one for one in documents if isinstance(one, RawDocument)]
        if not any(raw for raw in raws if not undated(raw)):
            return None
        if len(raws) < len(documents):
            raise ImporterError(
                "only texts can wait for a review",
                do="bring samples and figures in under a source of their own",
            )
        issues = [issue for raw in raws if (issue := undated(raw))]
        raws = [raw for raw in raws if not undated(raw)]
        seen = door.propose(raws)
        turns = [
            {**_said(replace(raw, text=each.text)), "doubt": each.reason, "proposed": spans,
             "believed": each.believed}
            for raw, each, spans in zip(raws, seen, _everywhere(seen, pseudonyms), strict=True)
        ]  # fmt: skip
        content = {
            "turns": turns,
            "issues": [asdict(issue) for issue in (*beside[0], *issues)],
            "skipped": beside[1],
            "people": sorted({*pseudonyms, *(name for raw in raws for name in raw.names)}),
        }
        waiting = replace(waiting, id=secrets.token_hex(8), records=len(turns))
        self.folder.mkdir(mode=0o700, exist_ok=True)
        head = json.dumps(asdict(waiting), default=str).encode()
        key = KeyRing(self._keys).new_key(waiting.id)
        _write(self._path(waiting.id, "text"), head + b"\n" + _sealed(key, content, head))
        return waiting

    def waiting(self) -> list[Waiting]:
        """Return what waits, the oldest first."""
        found = [_head(path) for path in self.folder.glob("*.text")]
        return sorted((one for one in found if one), key=lambda one: (one.held, one.id))

    def find(self, start: str) -> Waiting:
        """Return what waits under an id that begins so.

        Raises:
            MissingError: nothing, or more than one.
        """
        found = [w for w in self.waiting() if start and w.id.startswith(start)]
        if len(found) != 1:
            raise MissingError(
                f"{'no' if not found else 'more than one'} review with the id {start!r}",
                do="see: fanal door review list",
            )
        return found[0]

    def open(self, id_: str) -> Review:
        """Open what waits.

        Raises:
            MissingError: it was stored or destroyed meanwhile.
            StorageError: it is damaged.
        """
        try:
            head, _, sealed = self._path(id_, "text").read_bytes().partition(b"\n")
        except FileNotFoundError:
            raise _gone() from None
        key = KeyRing(self._keys).key_of(id_)
        if key is None:
            raise _gone()
        content = _opened(key, sealed, head)
        path = self._path(id_, "acts")
        told = _opened(key, path.read_bytes(), id_.encode()) if path.exists() else {}
        return Review(
            _waiting(head),
            [_turn(one) for one in content["turns"]],
            [Issue(**one) for one in content["issues"]],
            [(rule, count) for rule, count in content["skipped"]],
            tuple(content["people"]),
            [_act(one) for one in told.get("acts", ())],
            told.get("first", ""),
            told.get("last", ""),
        )

    def keep(self, review: Review, seen: int) -> None:
        """Keep what people decided in the place of what they had.

        Raises:
            ConflictError: there are not as many acts as they had `seen`.
        """
        id_ = review.waiting.id
        with FileLock(self.folder / ".lock", mode=0o600):
            if seen != len(self.open(id_).acts):
                raise ConflictError("somebody decided on it meanwhile", do="look at it again")
            key = KeyRing(self._keys).key_of(id_)
            if key is None:
                raise _gone()
            acts = [act._asdict() for act in review.acts]
            told = {"acts": acts, "first": review.first, "last": review.last}
            _write(self._path(id_, "acts"), _sealed(key, told, id_.encode()))

    def destroy(self, id_: str) -> bool:
        """Destroy what waits; say whether it was there: of several at once one has done it.

        Its key goes first, so that it cannot be read if this is cut short.
        """
        KeyRing(self._keys).shred_key(id_)
        self._path(id_, "acts").unlink(missing_ok=True)
        try:
            self._path(id_, "text").unlink()
        except FileNotFoundError:
            return False
        return True

    def expire(self, now: datetime) -> list[Waiting]:
        """Destroy what waited too long; returns it."""
        over = [one for one in self.waiting() if one.until <= now]
        return [one for one in over if self.destroy(one.id)]

    def tidy(self) -> None:
        """Clear away what a killed command left; the caller holds the writer lock."""
        if not self.folder.is_dir():
            return
        ring = KeyRing(self._keys)
        for folder in (self.folder, self._keys / WAITING):
            for left in folder.glob("*.new"):
                left.unlink()
        whole = {one.id for one in self.waiting()} & set(ring.waiting())
        known = {path.stem for path in self.folder.glob("*.*") if path.suffix in (".text", ".acts")}
        for id_ in (known | set(ring.waiting())) - whole:
            self.destroy(id_)

    def _path(self, id_: str, ending: str) -> Path:
        return self.folder / f"{id_}.{ending}"


def _gone() -> MissingError:
    return MissingError("this review is over", do="see: fanal door review list")


def _everywhere(seen: Sequence[Proposal], pseudonyms: Mapping[str, str]) -> list[list[Span]]:
    """Return what would be masked in each text: whom one names goes from all.

    People of a table go under their pseudonym.
    """
    people = {person: f"name:{pseudonym}" for person, pseudonym in pseudonyms.items()}
    for each in seen:
        named = (each.text[s.start : s.stop] for s in each.spans if s.kind == "name")
        people = {**dict.fromkeys(named, "name"), **people}
    spans = [list(each.spans) for each in seen]
    texts = [each.text for each in seen]
    for person, kind in people.items():
        for index in roster.holding(texts, [(person,)] * len(texts)):
            found = roster.given(fold(texts[index]), [person])
            spans[index] += [span._replace(kind=kind) for span in found]
    return [merge(each) for each in spans]


# --- as it lies on the disk -----------------------------------------------------------------------


def _sealed(key: bytes, content: Any, beside: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    plain = json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
    return nonce + AESGCM(key).encrypt(nonce, plain, beside)


def _opened(key: bytes, sealed: bytes, beside: bytes) -> Any:
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], beside)
    except (InvalidTag, ValueError):
        raise StorageError(
            "what waits for a review is damaged",
            where=FOLDER,
            do="destroy it (fanal door review destroy) and bring the file in again",
        ) from None
    return json.loads(plain.decode("utf-8", "surrogatepass"))


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or nothing."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    new.touch(0o600)
    with new.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _head(path: Path) -> Waiting | None:
    """Return what the first line of a file says; None where it went meanwhile or says nothing."""
    try:
        with path.open("rb") as stream:
            return _waiting(stream.readline())
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _waiting(head: bytes) -> Waiting:
    said = json.loads(head)
    times = {name: datetime.fromisoformat(said[name]) for name in ("held", "until")}
    return Waiting(**{**said, **times})


def _said(raw: RawDocument) -> dict[str, Any]:
    """Return a record as JSON holds it; what the export marked has become a proposal."""
    kept = {f.name: getattr(raw, f.name) for f in fields(raw) if f.name not in _PLAIN}
    assert raw.time is not None
    kept["time"] = raw.time.isoformat()
    kept["media"] = base64.b64encode(raw.media).decode() if raw.media else None
    return kept


def _turn(said: dict[str, Any]) -> Turn:
    proposed = tuple(Span(*span) for span in said.pop("proposed"))
    believed = tuple((Span(*span), probable) for span, probable in said.pop("believed", ()))
    doubt, time, media = said.pop("doubt"), said.pop("time"), said.pop("media")
    raw = RawDocument(
        **{**said, "names": tuple(said["names"])},
        time=datetime.fromisoformat(time) if "T" in time else date.fromisoformat(time),
        media=base64.b64decode(media) if media else None,
    )
    return Turn(raw, proposed, doubt, believed)


def _act(said: dict[str, Any]) -> Act:
    return Act(**{**said, "here": tuple(said["here"]) if said["here"] else None})
