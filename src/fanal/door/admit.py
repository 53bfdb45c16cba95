"""The door: raw documents in, documents without identifiers out, a batch at a time."""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import pyarrow as pa

from fanal.door import identifiers, names, screening
from fanal.door.media import perceptual_hash
from fanal.door.normalise import clean, is_clean
from fanal.door.pseudonyms import KeyRing, canonical
from fanal.door.raw import RawDocument
from fanal.door.spans import Span, merge
from fanal.records import Document, Issue, schema_of

Time = Literal["day", "week", "month", "year"]
Place = Literal["commune", "département", "région", "none"]

_PRECISION = {"day": 0, "week": 1, "month": 2, "year": 3}
_REMEMBERED = 65_536  # texts without a message number whose ordinal is remembered
_SCHEMA = schema_of(Document)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record that the door does not let in: where it is and why, never what it says."""

    file: str  # keyed id, hexadecimal
    record: int
    reason: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """What came of a batch: every raw document is in exactly one of the three."""

    documents: pa.Table
    quarantined: list[Quarantined] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class Door:
    """Admits the raw documents of one source.

    The records of one file whose format numbers no messages go through one `Door`, in order: the
    ordinal that tells equal texts of one minute apart is counted here.
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
    ) -> None:
        """Set what holds for every document of the source; times without a zone are in `zone`."""
        self._keys = keys
        self._source, self._site, self._kind, self._run = source, site, kind, run
        self._zone = ZoneInfo(zone)
        self._country = country
        self._time, self._place = time, place
        self._threads: dict[str, bytes] = {}
        self._channels: dict[str, bytes] = {}
        self._files: dict[str, str] = {}
        self._ordinals: OrderedDict[bytes, int] = OrderedDict()
        self._counted = ""  # the file that the ordinals are of
        self._authors: dict[tuple[int, str], bytes | None] = {}

    def admit(self, raws: Sequence[RawDocument]) -> Admitted:
        """Return the documents of a batch in its order, and what was kept out."""
        texts, reasons = self._screened(raws)
        columns: list[list[object]] = [[] for _ in _SCHEMA]
        quarantined: list[Quarantined] = []
        issues: list[Issue] = []
        for raw, text, reason in zip(raws, texts, reasons, strict=True):
            if reason:
                quarantined.append(Quarantined(self._file(raw.file), raw.record, reason))
            elif raw.time is None:
                issues.append(
                    Issue("no date", raw.record, "time", _NO_DATE, file=self._file(raw.file))
                )
            else:
                try:
                    row = self._row(raw, raw.time, text)
                except (OverflowError, ValueError):
                    issues.append(
                        Issue("wrong date", raw.record, "time", _NO_DATE, file=self._file(raw.file))
                    )
                    continue
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
        arrays = [
            pa.array(values, column.type) for values, column in zip(columns, _SCHEMA, strict=True)
        ]
        return Admitted(pa.Table.from_arrays(arrays, schema=_SCHEMA), quarantined, issues)

    # text

    def _screened(self, raws: Sequence[RawDocument]) -> tuple[list[str], list[str]]:
        texts = [raw.text for raw in raws]
        reasons = [""] * len(texts)
        maps: dict[int, list[int]] = {}
        bits = screening.screen(texts)
        unclean = [index for index, bit in bits.items() if bit & screening.DIRTY]
        if not unicodedata.is_normalized("NFC", "\n".join(texts)):
            unclean = [i for i, text in enumerate(texts) if not is_clean(text)]
        for index in unclean:
            texts[index], back = clean(texts[index])
            if back is not None:
                maps[index] = back
        if unclean:
            again = screening.screen([texts[index] for index in unclean])
            bits.update({index: again.get(n, 0) for n, index in enumerate(unclean)})
        modelled: dict[int, list[Span]] = {}
        if self._kind in identifiers.LONG_KINDS:
            filled = [i for i, text in enumerate(texts) if text]
            found = names.modelled([texts[i] for i in filled])
            modelled = {i: spans for i, spans in zip(filled, found, strict=True) if spans}
        suspects = {index for index, bit in bits.items() if bit & screening.EVERYTHING}
        suspects.update(i for i, raw in enumerate(raws) if raw.names or raw.hints)
        suspects.update(modelled)
        for index in suspects:
            raw, text, bit = raws[index], texts[index], bits.get(index, 0)
            hints = [*_hints(raw, maps.get(index)), *modelled.get(index, ())]
            spans = identifiers.screen_one(text, hints, raw.names, bit)
            if spans:
                text = texts[index] = identifiers.mask(text, self._placed(spans))
            reasons[index] = identifiers.residual_risk(text, bit)
        return texts, reasons

    def _placed(self, spans: list[Span]) -> list[Span]:
        """Return spans with places no finer than the source allows."""
        if self._place in ("commune", "département"):
            return spans
        return [
            span._replace(kind=_coarser(span.kind, self._place)) if ":" in span.kind else span
            for span in spans
        ]

    # row

    def _row(self, raw: RawDocument, time: datetime | date, text: str) -> tuple[object, ...]:
        keys, source = self._keys, self._source
        local = time
        if isinstance(time, datetime):
            if time.tzinfo is not None:
                local = time.astimezone(self._zone)
            day = date(local.year, local.month, local.day)
        else:
            day = time
        chat = raw.chat or raw.file
        thread = self._threads.get(chat)
        if thread is None:
            thread = self._threads[chat] = keys.thread_id(source, chat)
        author = self._author(day.year, raw.author) if raw.author else None
        if raw.message is not None:
            identifier = keys.document_id(source, chat, raw.message)
        else:
            identifier = self._numbered(raw, local, author, text)
        precision = max(raw.precision, self._time, key=_PRECISION.__getitem__)
        day, month = _coarsened(day, precision)
        media = perceptual_hash(raw.media) if raw.media else None
        return (
            identifier,
            1,
            source,
            self._site,
            self._kind,
            thread,
            raw.record - 1 if raw.position is None else raw.position,
            author,
            day,
            precision,
            None,
            text,
            keys.digest(text),
            self._channel(raw.forwarded_from) if raw.forwarded_from else None,
            raw.media_kind,
            raw.media_bytes,
            keys.media_hash(media) if media else None,
            month,
            self._run,
        )

    def _author(self, year: int, author: str) -> bytes | None:
        try:
            return self._authors[year, author]
        except KeyError:
            if len(self._authors) > 4 * _REMEMBERED:
                self._authors.clear()
            name = canonical(author, self._country)
            pseudonym = self._keys.author(self._site, year, name) if name else None
            self._authors[year, author] = pseudonym
            return pseudonym

    def _numbered(self, raw: RawDocument, time: date, author: bytes | None, text: str) -> bytes:
        """Return the id of a message without a number: the nth of its text in its minute."""
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


_NO_DATE = "give the record a date, or map the column that holds it"
_REGIONS = {
    "R11": "75 77 78 91 92 93 94 95", "R24": "18 28 36 37 41 45", "R27": "21 25 39 58 70 71 89 90",
    "R28": "14 27 50 61 76", "R32": "02 59 60 62 80", "R44": "08 10 51 52 54 55 57 67 68 88",
    "R52": "44 49 53 72 85", "R53": "22 29 35 56", "R75": "16 17 19 23 24 33 40 47 64 79 86 87",
    "R76": "09 11 12 30 31 32 34 46 48 65 66 81 82", "R84": "01 03 07 15 26 38 42 43 63 69 73 74",
    "R93": "04 05 06 13 83 84", "R94": "2A 2B", "R01": "971", "R02": "972", "R03": "973",
    "R04": "974", "R06": "976",
}  # fmt: skip
_REGION_OF = {area: region for region, areas in _REGIONS.items() for area in areas.split()}


def _coarser(kind: str, place: Place) -> str:
    """Return a class with its place coarsened: address:69 as address:R84 or address."""
    name, _, area = kind.partition(":")
    if name != "address":
        return kind
    region = _REGION_OF.get(area, "") if place == "région" else ""
    return f"address:{region}" if region else "address"


@lru_cache(maxsize=4096)
def _coarsened(day: date, precision: str) -> tuple[date, str]:
    """Return the first day of the period that a day is in, and that day's month."""
    if precision == "week":
        day = day - timedelta(days=day.weekday()) if day > date(1, 1, 7) else day
    elif precision == "month":
        day = day.replace(day=1)
    elif precision == "year":
        day = day.replace(month=1, day=1)
    return day, f"{day.year:04d}-{day.month:02d}"


def _hints(raw: RawDocument, back: list[int] | None) -> list[Span]:
    """Return the spans that the export marks, in the clean text."""
    spans = []
    for hint in raw.hints:
        if hint.kind.partition(":")[0] not in identifiers.CLASSES:
            continue
        start, stop = max(0, hint.start), min(len(raw.text), hint.stop)
        if back is not None:
            start = next((i for i, at in enumerate(back) if at >= start), len(back) - 1)
            stop = next((i for i, at in enumerate(back) if at >= stop), len(back) - 1)
        if start < stop:
            spans.append(Span(start, stop, hint.kind))
    return merge(spans)
