"""The API: signals, series, points, phenomena and decisions, typed, for programs.

A program sends the key that an account made (`Authorization: Bearer …`) and has its rights. What
a reader gets has small counts of persons withheld; no text of a document is given to anybody.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Body, Depends, Path, Query
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from fanal import show
from fanal.answers import disclosure, explore, profiles
from fanal.answers.prices import LEAST_PRICES, asked, band_label, quarter
from fanal.edition import SignalFact
from fanal.errors import MissingError
from fanal.exporters import signal_words
from fanal.people.triage import SignalRow, state_phenomenon
from fanal.publishing import signal_facts
from fanal.records import Decision, Phenomenon
from fanal.web.permissions import DECIDE, SEE, TELL
from fanal.web.routing import Routes
from fanal.web.visits import ForbiddenError, Visiting
from fanal.wording.language import Language

Short = Annotated[str, Path(pattern=r"^[a-z2-7]{8}$", description="id as people see it")]
WORD = r"[^\s\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f]"  # something that can be read
Words = Annotated[str, Field(min_length=1, max_length=4000, pattern=rf"^[^\x00]*{WORD}[^\x00]*$")]
Line = Annotated[str, Field(max_length=400, pattern=r"^[^\x00-\x1f]*$")]


class What(BaseModel):
    """What went wrong, where, what is allowed and what to do."""

    what: str
    where: str
    allowed: str
    do: str


class ErrorOut(BaseModel):
    """The one shape of an error."""

    error: What


class SignalOut(BaseModel):
    """A signal, of all its `places`. `untold` says why its numbers are empty.

    `withheld`: they tell a small count of persons; `lapsed`: no alarm speaks for it any more. No
    number was `expected` of a content that changed, and it has no `threshold`.
    """

    id: str
    concept: str
    name_fr: str
    name_en: str
    title_fr: str
    title_en: str
    measure: str
    direction: str
    place: str
    places: list[str]
    state: str
    novelty: str
    first: date
    last: date
    observed: float | None
    expected: float | None
    threshold: float | None
    score: float | None
    untold: str
    series: str
    detector: str


class WitnessOut(BaseModel):
    """What a kind of source says: documents that speak of it, of those read; empty: withheld.

    `stance` is for, against (`against` documents deny it, or samples hold something else), silent
    (read, and does not speak of it; `few`: too few to tell) or not read.
    """

    kind: str
    stance: str
    few: bool
    documents: int | None
    against: int | None
    read: int | None
    sources: int
    sites: list[str]


class DecisionOut(BaseModel):
    """One human act on a signal."""

    id: str
    signal: str
    verdict: str
    reason: str
    who: str
    time: datetime
    harm: int | None
    quality: int | None
    phenomenon: str | None


class OneSignalOut(SignalOut):
    """A signal with its witnesses and decisions."""

    witnesses: list[WitnessOut]
    decisions: list[DecisionOut]


class SignalsOut(BaseModel):
    """Signals by rank."""

    rows: list[SignalOut]
    total: int


class StepIn(BaseModel):
    """A decision, and how many on this signal the person had seen: another number is a conflict."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["verify", "dismiss", "alert", "close", "retract", "reopen"]
    reason: Words
    seen: Annotated[int, Field(ge=0, le=10**6)]


class AssessIn(StepIn):
    """An assessment: harm and quality of evidence, each from 1 to 4."""

    verdict: Literal["assess"]  # type: ignore[assignment]
    harm: Annotated[int, Field(ge=1, le=4)]
    quality: Annotated[int, Field(ge=1, le=4)]


class LinkIn(StepIn):
    """A signal as evidence for or against a phenomenon."""

    verdict: Literal["support", "contradict"]  # type: ignore[assignment]
    phenomenon: Annotated[str, Field(pattern=r"^[a-z2-7]{8}$")]


DecisionIn = Annotated[StepIn | AssessIn | LinkIn, Body(discriminator="verdict")]


class SeriesOut(BaseModel):
    """A series and its span."""

    series: str
    points: int
    first: date
    last: date


class AllSeriesOut(BaseModel):
    """Series in the order of their names."""

    rows: list[SeriesOut]
    total: int


class PointOut(BaseModel):
    """One value; empty and `withheld` where small numbers of persons could be told from it.

    A denominator is empty where there is none, and where it would tell such a number.
    """

    period: date
    value: float | None
    denominator: float | None
    withheld: bool


class PointsOut(BaseModel):
    """The points of one series."""

    series: str
    rows: list[PointOut]


class PriceOut(BaseModel):
    """What is asked for one unit where so much is bought: the median and the middle half."""

    unit: str
    currency: str
    quantity: str
    band: float
    n: int
    median: float
    low: float
    high: float


class PricesOut(BaseModel):
    """Prices asked for a substance in the texts of a period, reposts counted once."""

    substance: str
    first: date
    last: date
    rows: list[PriceOut]


class PhenomenonOut(BaseModel):
    """One statement on a phenomenon."""

    id: str
    title: str
    concept: str
    statement: str
    novelty: str
    year: int
    sites: str
    origin: str
    who: str
    time: datetime


class PhenomenaOut(BaseModel):
    """Statements on phenomena."""

    rows: list[PhenomenonOut]
    total: int


class PhenomenonIn(BaseModel):
    """A statement: on a new phenomenon, or on one that is known by its id."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[
        str, Field(min_length=1, max_length=200, pattern=rf"^[^\x00-\x1f]*{WORD}[^\x00-\x1f]*$")
    ]
    concept: Annotated[
        str, Field(max_length=400, pattern=r"^[a-z]+=[^\s\x00=]+( [a-z]+=[^\s\x00=]+)*$")
    ]
    statement: Words
    novelty: Annotated[str, Field(pattern="^(new|returning|persistent|cyclical|fading)$")]
    year: Annotated[int, Field(ge=1900, le=2100)]
    sites: Line = ""
    origin: Line = ""
    phenomenon: Annotated[str | None, Field(pattern=r"^[a-z2-7]{8}$")] = None


ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorOut, "description": "not allowed as things stand"},
    401: {"model": ErrorOut, "description": "no key, or one that has ended"},
    403: {"model": ErrorOut, "description": "this account may not do that"},
    404: {"model": ErrorOut, "description": "nothing has this id"},
    409: {"model": ErrorOut, "description": "somebody else acted meanwhile"},
    422: {"model": ErrorOut, "description": "a value is not in its range"},
}
routes = Routes(
    prefix="/api", responses=ERRORS, dependencies=[Depends(HTTPBearer(auto_error=False))]
)


@routes.shows("/openapi.json", SEE, include_in_schema=False)
def openapi(visit: Visiting) -> JSONResponse:
    """Return the description of this API."""
    return JSONResponse(visit.request.app.openapi())


def _signal(visit: Visiting, row: SignalRow, fact: SignalFact) -> dict[str, Any]:
    fact = signal_facts.for_reader(visit.ws, fact, visit.least)
    keys = ("concept", "measure", "place", "state", "novelty", "first", "last", "series",
            "detector")  # fmt: skip
    return {key: getattr(row, key) for key in keys} | {
        "id": fact.id,
        "name_fr": fact.concept.in_("fr"),
        "name_en": fact.concept.in_("en"),
        "title_fr": signal_words.title(fact, Language("fr")),
        "title_en": signal_words.title(fact, Language("en")),
        "direction": fact.direction,
        "places": list(fact.places),
        **asdict(signal_facts.numbers(row, fact)),
    }


@routes.shows("/signals", SEE)
def signals(
    visit: Visiting,
    state: Annotated[str, Query(max_length=40)] = "",
    place: Annotated[str, Query(max_length=80)] = "",
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> SignalsOut:
    """List the signals by rank."""
    thesaurus = visit.ws.thesaurus()
    every = (
        (s, signal_facts.fact(visit.ws, thesaurus, s)) for s in visit.ws.signals(state or None)
    )
    met = [(row, fact) for row, fact in every if signal_facts.meets(fact, {"place": place})]
    rows = [_signal(visit, row, fact) for row, fact in met[offset : offset + limit]]
    return SignalsOut(rows=[SignalOut(**row) for row in rows], total=len(met))


@routes.shows("/signals/{short}", SEE)
def signal(visit: Visiting, short: Short) -> OneSignalOut:
    """Return one signal with its witnesses and decisions."""
    behind = visit.ws.evidence(short, ())
    row = behind.signal
    fact = signal_facts.fact(visit.ws, visit.ws.thesaurus(), row, behind)
    shown = disclosure.witnesses(behind.corroboration, visit.least)
    names = WitnessOut.model_fields
    witnesses = [WitnessOut(**{name: getattr(one, name) for name in names}) for one in shown]
    decisions = [_decision(one) for one in behind.decisions]
    return OneSignalOut(**_signal(visit, row, fact), witnesses=witnesses, decisions=decisions)


def _decision(row: Decision) -> DecisionOut:
    return DecisionOut(
        id=show(row.id),
        signal=show(row.signal),
        verdict=row.verdict,
        reason=row.reason,
        who=row.who,
        time=row.time,
        harm=row.harm,
        quality=row.quality,
        phenomenon=show(row.phenomenon) if row.phenomenon else None,
    )


@routes.shows("/signals/{short}/decisions", SEE)
def decisions(visit: Visiting, short: Short) -> list[DecisionOut]:
    """Return the decisions on a signal, in the order of time."""
    found = visit.ws.signal(short)
    return [_decision(row) for row in visit.ws.state.all(Decision, signal=found.id)]


@routes.does("/signals/{short}/decisions", DECIDE, status_code=201)
def decide(visit: Visiting, short: Short, given: DecisionIn) -> DecisionOut:
    """Decide on a signal."""
    found = visit.ws.signal(short)
    if not visit.may_decide(found.place):
        raise ForbiddenError
    asked: dict[str, Any] = {}
    if isinstance(given, AssessIn):
        asked = {"harm": given.harm, "quality": given.quality}
    elif isinstance(given, LinkIn):
        asked = {"phenomenon": visit.ws.phenomenon(given.phenomenon)[-1].id}
    made = visit.ws.decide(short, given.verdict, given.reason, seen=given.seen, **asked)
    return _decision(made)


@routes.shows("/series", SEE)
def series(
    visit: Visiting,
    measure: Annotated[str, Query(max_length=40)] = "",
    holds: Annotated[str, Query(max_length=120, description="part of the name")] = "",
    offset: Annotated[int, Query(ge=0, le=10**7)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AllSeriesOut:
    """List the series."""
    rows, total = explore.catalogue(visit.ws, measure, holds, limit, offset)
    return AllSeriesOut(rows=[SeriesOut(**asdict(row)) for row in rows], total=total)


@routes.shows("/points", SEE)
def points(
    visit: Visiting, series: Annotated[str, Query(max_length=400, min_length=1)]
) -> PointsOut:
    """Return the points of a series."""
    try:
        told = explore.line(visit.ws, series, visit.least)
    except (ValueError, MissingError):
        raise MissingError("no such series") from None
    rows: list[tuple[date, float | None, float | None, bool]]
    rows = [(period, value, of, False) for period, value, of in told.points]
    rows += [(period, None, None, True) for period in told.withheld]
    return PointsOut(
        series=series,
        rows=[
            PointOut(period=period, value=value, denominator=of, withheld=hidden)
            for period, value, of, hidden in sorted(rows, key=lambda row: row[0])
        ],
    )


@routes.shows("/prices", SEE)
def prices(
    visit: Visiting,
    substance: Annotated[str, Query(max_length=80, min_length=1)],
    first: date | None = None,
    last: date | None = None,
) -> PricesOut:
    """Return the prices asked for a substance: of a period, or of the quarter that its page has."""
    profiles.require(visit.ws, substance)
    since, until, found = profiles.of_late(visit.ws, substance)
    if first or last:
        until = last or until
        since = first or quarter(until)
        found = asked(visit.ws.tables, since, until, substance)
    rows = [
        PriceOut(
            quantity=band_label(p.unit, p.band),
            **{name: getattr(p, name) for name in PriceOut.model_fields if name != "quantity"},
        )
        for p in found if p.n >= LEAST_PRICES
    ]  # fmt: skip
    return PricesOut(substance=substance, first=since, last=until, rows=rows)


def _statement(row: Phenomenon) -> PhenomenonOut:
    shown = {name: getattr(row, name) for name in PhenomenonOut.model_fields if name != "id"}
    return PhenomenonOut(id=show(row.id), **shown)


@routes.shows("/phenomena", SEE)
def phenomena(visit: Visiting) -> PhenomenaOut:
    """List the phenomena, each with its latest statement."""
    latest = {p.id: p for p in sorted(visit.ws.phenomena(), key=lambda p: p.year)}
    rows = [_statement(row) for row in latest.values()]
    return PhenomenaOut(rows=rows, total=len(rows))


@routes.shows("/phenomena/{short}", SEE)
def phenomenon(visit: Visiting, short: Short) -> PhenomenaOut:
    """Return every statement on a phenomenon, by year."""
    rows = [_statement(row) for row in visit.ws.phenomenon(short)]
    return PhenomenaOut(rows=rows, total=len(rows))


@routes.does("/phenomena", TELL, status_code=201)
def state(visit: Visiting, given: PhenomenonIn) -> PhenomenonOut:
    """Add a statement on a phenomenon."""
    known = visit.ws.phenomenon(given.phenomenon)[-1].id if given.phenomenon else None
    row = state_phenomenon(
        given.title, given.concept, given.statement, given.novelty, given.year, visit.ws.who,
        visit.now, sites=given.sites, origin=given.origin, phenomenon=known,
    )  # fmt: skip
    return _statement(visit.ws.state_phenomenon(row))
