"""The rows of what stands behind a signal: `evidence` finds them, pages and bulletins tell them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from fanal.edition import Value
from fanal.people.triage import SignalRow
from fanal.records import Decision, Phenomenon
from fanal.series import parts_of


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm of a signal, as `Alarm` has it."""

    series: str
    period: date  # its first day
    observed: float
    expected: float
    threshold: float
    score: float
    detector: str
    parameters: str  # of the detector, JSON

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the alarm of a row of the table."""
        return cls(*(row[field.name] for field in fields(cls)))

    @property
    def step(self) -> str:
        """Return week, month or year."""
        return parts_of(self.series)[2]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another concept that a signal gathers."""

    concept: str
    series: str  # of its first alarm
    first: date  # first period with an alarm
    places: tuple[str, ...]  # sites and areas, by name
    alarms: int
    last: date


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What one kind of source says of a signal; laboratories speak by samples, not documents."""

    kind: str
    documents: int  # that speak of it, reposts once
    sources: int  # of these; those that repost each other are one
    sites: tuple[str, ...]  # of these, by name
    threads: int  # of these
    read: int  # documents in all, over the same stretch
    sources_read: int
    against: int  # that deny it; samples sold as it that hold something else
    stance: str  # for, against, silent or not read
    few: bool  # silent, and too few were read to tell


@dataclass(frozen=True, slots=True)
class AnalysedSample:
    """A sample that a laboratory analysed, with what was found in it."""

    id: bytes
    reference: str
    source: str
    site: str
    day: date
    form: str | None
    sold_as: str | None  # substance id
    sold_as_label: str | None
    found: list[str] | None  # substance ids, or the laboratory's words; None: nothing
    labels: list[str] | None  # the laboratory's words for what was looked for
    methods: list[str] | None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of a document around what was coded, from after the door."""

    document: bytes
    day: date
    site: str
    source: str
    kind: str  # of source
    rule: str  # of the coder
    text: str
    start: int  # first code point of what was coded, in `text`
    stop: int  # code point after it


@dataclass(frozen=True, slots=True)
class Behind:
    """A signal with what stands behind it; without more than the signal, nothing is known yet."""

    signal: SignalRow
    stretch: tuple[date, date] | None = None  # first and last day that all of it is of
    history: tuple[Value, ...] = ()  # points of its series
    alarms: tuple[AlarmRow, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    first_seen: date | None = None  # first day that a document of these sites carries it
    first_anywhere: date | None = None
    corroboration: tuple[Corroboration, ...] = ()
    samples: tuple[AnalysedSample, ...] = ()  # that hold it, or were sold as it
    analysed: int = 0  # samples in all
    reposts: int = 0
    documents: int = 0  # that carry it, reposts once
    excerpts: tuple[Excerpt, ...] = ()
    denials: tuple[Excerpt, ...] = ()  # where texts say that there is none
    said: tuple[Phenomenon, ...] = ()  # of it and its neighbours, the latest year first
    decisions: tuple[Decision, ...] = ()
