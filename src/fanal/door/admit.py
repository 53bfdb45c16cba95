"""The door: raw documents in, documents without identifiers out, a batch at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pyarrow as pa

from fanal.door import identifiers, tagger
from fanal.door.coarsening import PRECISION, REGION_OF, Place, Time, coarsened, coarser_place
from fanal.door.media import perceptual_hash
from fanal.door.named_later import Rosters
from fanal.door.normalise import clean, unclean
from fanal.door.pseudonyms import KeyRing, canonical
from fanal.door.raw import RawDocument, RawSample
from fanal.door.recognisers.names import roster
from fanal.door.samples import Samples, Scope, admit_samples
from fanal.door.spans import CLASSES, Span, merge, overlapping
from fanal.records import Document, Issue, schema_of

BELIEVED = 0.01  # how probable it must be that somebody is meant, to be looked at
SENTENCE = 30  # characters, below which a text may be names and nothing else
_REMEMBERED = 65_536  # texts without a message number whose ordinal is remembered
_WHOLE_OFFSETS = 1973  # from then on all zones are whole quarters of an hour from each other
_SCHEMA = schema_of(Document)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that the door does not let in: where it is and why, never what it says."""

    file: str  # keyed id, hexadecimal
    record: int
    reason: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """What came of a batch: every raw document or sample is in exactly one of the four."""

    documents: pa.Table
    quarantined: list[Quarantined] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    samples: Samples | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A text before it is stored, and what would be masked in it."""

    text: str  # clean: offsets are in it
    spans: tuple[Span, ...]
    reason: str  # why it would be kept out; "" if it would not
    believed: tuple[tagger.Opinion, ...]  # what else the tagger half believes


class Door:
    """Admits the raw documents of one source.

    The records of one file whose format numbers no messages go through one `Door`, in order: the
    ordinal that tells equal texts of one minute apart is counted here, and whose names were given
    in a thread is known for the others who write there.
    """

    def __init__(
        self,
        keys: KeyRing,
        *,
        source: str,
        site: str,
        kind: str,
        run: str,
        zone: str = "Europe/Paris",
        country: str = "FR",
        time: Time = "day",
        place: Place = "département",
        global_ids: bool = False,
    ) -> None:
        """Set what holds for every document of the source; times without a zone are in `zone`.

        With `global_ids` a message without a chat is the same in every file.
        """
        self._global_ids = global_ids
        self._keys = keys
        self._source, self._site, self._kind, self._run = source, site, kind, run
        self._zone = ZoneInfo(zone)
        self._country = country
        self._time, self._place = time, place
        self._scope = Scope(source, site, kind, run, time, place, country)
        self._sampled: dict[bytes, int] = {}  # ordinals of samples without a reference
        self._named = roster.Threads()
        self._threads: dict[str, bytes] = {}
        self._channels: dict[str, bytes] = {}
        self._files: dict[str, str] = {}
        self._ordinals: OrderedDict[bytes, int] = OrderedDict()
        self._counted = ""  # the file that the ordinals are of
        self._authors: dict[tuple[int, str], bytes | None] = {}
        self._dates: dict[tuple[object, str], tuple[int, date, str, str]] = {}

    def admit(self, batch: Sequence[RawDocument | RawSample]) -> Admitted:
        """Return the documents and samples of a batch in its order, and what was kept out."""
        self._named.begin()
        raws = [raw for raw in batch if isinstance(raw, RawDocument)]
        tested = [raw for raw in batch if isinstance(raw, RawSample)]
        samples = None
        texts, reasons = self._screened(raws)
        if tested:
            samples = admit_samples(tested, self._keys, self._scope, self._sampled)
        return self._admitted(raws, texts, reasons, samples)

    def propose(self, raws: Sequence[RawDocument]) -> list[Proposal]:
        """Return what would be masked in the documents of a whole file, for a person to decide."""
        self._named.begin()
        texts, found = self._looked(raws)
        none: tuple[Sequence[Span], str] = ((), "")
        out = []
        for index, believed in enumerate(tagger.opinions(texts, {}, BELIEVED)):
            spans, reason = found.get(index, none)
            more = [one for one in believed if not overlapping(one.span, spans)]
            out.append(Proposal(texts[index], tuple(self._placed(spans)), reason, tuple(more)))
        return out

    def decided(self, raws: Sequence[RawDocument], reasons: Sequence[str]) -> Admitted:
        """Return documents whose texts a person has decided on: they are stored as they stand."""
        return self._admitted(raws, [raw.text for raw in raws], reasons, None)

    def _admitted(
        self,
        raws: Sequence[RawDocument],
        texts: Sequence[str],
        reasons: Sequence[str],
        samples: Samples | None,
    ) -> Admitted:
        quarantined: list[Quarantined] = []
        issues: list[Issue] = []
        admitted: list[tuple[RawDocument, str]] = []
        for raw, text, reason in zip(raws, texts, reasons, strict=True):
            if reason:
                quarantined.append(Quarantined(self._file(raw.file), raw.record, reason))
            elif issue := undated(raw):
                issues.append(replace(issue, file=self._file(raw.file)))
            else:
                admitted.append((raw, text))
                if text is not raw.text and _is_mostly_masked(raw.text, text):
                    issues.append(_masked(raw.record, self._file(raw.file)))
        return Admitted(self._documents(admitted), quarantined, issues, samples)

    def rosters(self) -> Rosters:
        """Return who writes in each thread of what was admitted: never to be written down."""
        return {self._thread(chat): known for chat, known in self._named.rosters().items()}

    # text

    def _screened(self, raws: Sequence[RawDocument]) -> tuple[list[str], list[str]]:
        """Return the texts as stored and, for each, why it is kept out ("" if it is not)."""
        texts, found = self._looked(raws)
        reasons = [""] * len(texts)
        for index, (spans, reason) in found.items():
            texts[index] = identifiers.mask(texts[index], self._placed(spans))
            reasons[index] = reason
        return texts, reasons

    def _looked(
        self, raws: Sequence[RawDocument]
    ) -> tuple[list[str], dict[int, tuple[Sequence[Span], str]]]:
        """Return the clean texts, and by their place what is to be masked and what is in doubt."""
        texts = [raw.text for raw in raws]
        maps: dict[int, list[int]] = {}
        for index in unclean(texts):
            texts[index], back = clean(texts[index])
            if back is not None:
                maps[index] = back
        hints = {
            index: list(_hints(raw, maps.get(index))) for index, raw in enumerate(raws) if raw.hints
        }
        threads = [raw.chat or raw.file for raw in raws]
        for raw, thread in zip(raws, threads, strict=True):
            if raw.names:
                self._named.add(thread, raw.names)
        given = [raw.names for raw in raws]
        self._called(texts, threads, given)
        people = {index: given[index] for index in roster.holding(texts, given)}
        abroad = identifiers.spoken_abroad(texts, threads, self._kind, self._country)
        screened = identifiers.screen_batch(texts, hints, people, self._kind, abroad)
        if self._kind in identifiers.LONG_KINDS:
            for index, (spans, _) in screened.items():
                named = [texts[index][s.start : s.stop] for s in spans if s.kind == "name"]
                self._named.add(threads[index], named)
            more = self._called(texts, threads, given)
            again = identifiers.screen_batch(
                [texts[index] for index in more],
                {place: hints.get(index, []) for place, index in enumerate(more)},
                {place: given[index] for place, index in enumerate(more)},
                self._kind,
                {place for place, index in enumerate(more) if index in abroad},
            )
            screened |= {more[place]: found for place, found in again.items()}
        return texts, screened

    def _called(
        self, texts: Sequence[str], threads: Sequence[str], given: list[tuple[str, ...]]
    ) -> list[int]:
        """Add to the names given those of the thread that texts may hold; return those texts."""
        more: dict[int, None] = {}
        for index, person in self._named.named(texts, threads):
            if person not in given[index]:
                given[index] = (*given[index], person)
                more[index] = None
        return list(more)

    def _placed(self, spans: Sequence[Span]) -> Sequence[Span]:
        """Return spans with places no finer than the source allows."""
        if self._place in ("commune", "département"):
            return spans
        return [
            span._replace(kind=_coarser(span.kind, self._place)) if ":" in span.kind else span
            for span in spans
        ]

    # row

    def _documents(self, admitted: list[tuple[RawDocument, str]]) -> pa.Table:
        keys = self._keys
        raws = [raw for raw, _ in admitted]
        texts = [text for _, text in admitted]
        dates = [self._date(raw) for raw in raws]
        pseudonyms = [
            self._author(date[0], raw.author) if raw.author else None
            for raw, date in zip(raws, dates, strict=True)
        ]
        chats = [raw.chat or raw.file for raw in raws]
        homes = [raw.chat or "" for raw in raws] if self._global_ids else chats
        ids = keys.document_ids(self._source, homes, [raw.message for raw in raws])
        for index, raw in enumerate(raws):
            if raw.message is None:
                ids[index] = self._numbered(raw, pseudonyms[index], texts[index])
        columns: dict[str, object] = {
            "id": ids,
            "version": 1,
            "source": self._source,
            "site": self._site,
            "kind": self._kind,
            "thread": [self._thread(chat) for chat in chats],
            "position": [r.record - 1 if r.position is None else r.position for r in raws],
            "author": pseudonyms,
            "day": [date[1] for date in dates],
            "precision": [date[3] for date in dates],
            "language": None,
            "text": texts,
            "digest": keys.digests(texts),
            "forwarded_from": [r.forwarded_from and self._channel(r.forwarded_from) for r in raws],
            "media_kind": [r.media_kind for r in raws],
            "media_bytes": [r.media_bytes for r in raws],
            "media_hash": [self._media(r.media) if r.media else None for r in raws],
            "month": [date[2] for date in dates],
            "run": self._run,
            "place": [coarser_place(r.place, self._place) if r.place else None for r in raws],
        }
        arrays = []
        for column in _SCHEMA:
            values = columns[column.name]
            if isinstance(values, list):
                arrays.append(pa.array(values, column.type))
            else:
                arrays.append(pa.repeat(pa.scalar(values, column.type), len(raws)))
        return pa.Table.from_arrays(arrays, schema=_SCHEMA)

    def _media(self, content: bytes) -> bytes | None:
        perceptual = perceptual_hash(content)
        return self._keys.media_hash(perceptual) if perceptual else None

    def _date(self, raw: RawDocument) -> tuple[int, date, str, str]:
        """Return the year, the coarsened day, its month and the precision of a document."""
        time = raw.time
        assert time is not None
        key: tuple[object, str] = (time, raw.precision)
        if isinstance(time, datetime) and time.tzinfo is not None and time.year >= _WHOLE_OFFSETS:
            key = (int(time.timestamp()) // 900, raw.precision)
        try:
            return self._dates[key]
        except KeyError:
            pass
        day = self._local(time)
        day = day.date() if isinstance(day, datetime) else day
        precision = max(raw.precision, self._time, key=PRECISION.__getitem__)
        if len(self._dates) > _REMEMBERED:
            self._dates.clear()
        self._dates[key] = found = (day.year, *coarsened(day, precision), precision)
        return found

    def _local(self, time: date) -> date:
        """Return a time in the zone of the source."""
        aware = isinstance(time, datetime) and time.tzinfo is not None
        return time.astimezone(self._zone) if aware else time  # type: ignore[attr-defined]

    def _thread(self, chat: str) -> bytes:
        try:
            return self._threads[chat]
        except KeyError:
            self._threads[chat] = identifier = self._keys.thread_id(self._source, chat)
            return identifier

    def _author(self, year: int, author: str) -> bytes | None:
        try:
            return self._authors[year, author]
        except KeyError:
            pass
        if len(self._authors) > 4 * _REMEMBERED:
            self._authors.clear()
        name = canonical(author, self._country)
        pseudonym = self._keys.author(self._site, year, name) if name else None
        self._authors[year, author] = pseudonym
        return pseudonym

    def _numbered(self, raw: RawDocument, author: bytes | None, text: str) -> bytes:
        """Return the id of a message without a number: the nth of its text in its minute."""
        assert raw.time is not None
        time = self._local(raw.time)
        if raw.file != self._counted:
            self._counted = raw.file
            self._ordinals.clear()
        moment = f"{time:%Y-%m-%dT%H:%M}" if isinstance(time, datetime) else f"{time:%Y-%m-%d}"
        parts = (self._source, raw.chat or "", moment, author, text)
        first = self._keys.fallback_id(*parts, 0)
        ordinal = self._ordinals.pop(first, -1) + 1
        self._ordinals[first] = ordinal
        if len(self._ordinals) > _REMEMBERED:
            self._ordinals.popitem(last=False)
        return self._keys.fallback_id(*parts, ordinal) if ordinal else first

    def _channel(self, name: str) -> bytes:
        try:
            return self._channels[name]
        except KeyError:
            if len(self._channels) > _REMEMBERED:
                self._channels.clear()
            self._channels[name] = identifier = self._keys.channel_id(name)
            return identifier

    def _file(self, name: str) -> str:
        if name not in self._files:
            self._files[name] = self._keys.file_id(name).hex()
        return self._files[name]


def undated(raw: RawDocument) -> Issue | None:
    """Return what is wrong with a document that has no date; None where it has one."""
    if raw.time is None or raw.time.year < 1900:
        return Issue("no date", raw.record, "time", _NO_DATE)
    return None


def _is_mostly_masked(said: str, stored: str) -> bool:
    """Say whether names were most of a sentence, which is hardly one then."""
    left = stored.replace("[name]", "")
    return len(said) >= SENTENCE and left != stored and 2 * len(left) < len(said)


def _masked(record: int, file: str) -> Issue:
    hint = "names are most of what is said here: look at this record in the original"
    return Issue("text mostly masked", record, "", hint, "warning", file=file)


# who reads the file says what gives it one: a column, a line at the top, a parameter
_NO_DATE = "nothing is stored without a date: give the record one"


def _coarser(kind: str, place: Place) -> str:
    """Return a class with its place coarsened: address:69 as address:R84 or address."""
    name, _, area = kind.partition(":")
    if name != "address":
        return kind
    region = REGION_OF.get(area, "") if place == "région" else ""
    return f"address:{region}" if region else "address"


def _hints(raw: RawDocument, back: list[int] | None) -> list[Span]:
    """Return the spans that the export marks, in the clean text."""
    spans = []
    for hint in raw.hints:
        if hint.kind.partition(":")[0] not in CLASSES:
            continue
        start, stop = max(0, hint.start), min(len(raw.text), hint.stop)
        if back is not None:
            start = next((i for i, at in enumerate(back) if at >= start), len(back) - 1)
            stop = next((i for i, at in enumerate(back) if at >= stop), len(back) - 1)
        spans.append(Span(start, stop, hint.kind))
    return merge(spans)


def proposed(lines: Sequence[str], kind: str) -> list[Proposal]:
    """Return what would be masked in the turns of one document that is nowhere stored."""
    with TemporaryDirectory() as folder:
        door = Door(KeyRing(Path(folder)), source="", site="", kind=kind, run="")
        return door.propose([RawDocument("", n, line) for n, line in enumerate(lines)])
