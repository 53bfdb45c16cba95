"""Signals: the ranked list, and one signal with its evidence, where people decide."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal import show
from fanal.answers import disclosure
from fanal.answers.behind import AlarmRow, Behind, Neighbour
from fanal.answers.disclosure import ShownWitness
from fanal.edition import Evidence, Few, SignalFact
from fanal.errors import ConfigError, ConflictError
from fanal.exporters import signal_pictures, signal_words, signals_prose
from fanal.exporters.axes import Spec
from fanal.exporters.signal_words import NOVELTY
from fanal.people.triage import SignalRow
from fanal.people.verdicts import STEPS
from fanal.publishing import signal_facts, titles
from fanal.series import summed
from fanal.thesaurus import Thesaurus
from fanal.web import wide_charts
from fanal.web.permissions import DECIDE, READ, SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, ForbiddenError, Visit, Visiting
from fanal.web.words import DIRECTIONS, STATES
from fanal.wording.marks import N_

pages = Pages(N_("Signals"), home="/signals")
A_PAGE = 25
TYPED = ("verdict", "reason", "harm", "quality", "phenomenon", "link", "why")


@dataclass(frozen=True, slots=True)
class Row:
    """A signal in a list."""

    id: str
    title: str
    fact: SignalFact
    score: float | None  # None: a count that is withheld could be computed from it


def listed(visit: Visiting, signals: list[SignalRow]) -> list[Row]:
    """Return signals as a list shows them."""
    thesaurus = visit.ws.thesaurus()
    return _as_told(
        visit, [(signal_facts.fact(visit.ws, thesaurus, one), one.score) for one in signals]
    )


def _as_told(visit: Visit, facts: list[tuple[SignalFact, float]]) -> list[Row]:
    """Return rows of signals, without the small counts that this account may not know."""
    rows = []
    for fact, score in facts:
        told = signal_facts.for_reader(visit.ws, fact, visit.least)
        title = signal_words.title(told, visit.language)
        rows.append(Row(told.id, title, told, None if isinstance(told.observed, Few) else score))
    return rows


@dataclass(frozen=True, slots=True)
class Signals(Content):
    """The ranked list with its filters."""

    template: ClassVar[str] = "signals.html.j2"
    rows: list[Row]
    total: int  # signals that meet the filters
    page: int
    last: int  # number of pages
    chosen: dict[str, str]  # filter: value
    options: dict[str, list[tuple[str, str]]]  # filter: values with their names


@pages.shows("/signals", SEE)
def signals(
    visit: Visiting,
    state: str = "",
    place: str = "",
    novelty: str = "",
    direction: str = "",
    page: int = 1,
) -> Response:
    """List the signals by rank."""
    thesaurus = visit.ws.thesaurus()
    rows = [(signal_facts.fact(visit.ws, thesaurus, s), s.score) for s in visit.ws.signals()]
    chosen = {"state": state, "place": place, "novelty": novelty, "direction": direction}
    met = [(fact, score) for fact, score in rows if signal_facts.meets(fact, chosen)]
    places = sorted({place for fact, _ in rows for place in fact.places})
    options = {
        "state": [(key, visit.say(words)) for key, words in STATES.items()],
        "place": [(place, visit.language.site(place)) for place in places],
        "novelty": [(key, visit.say(words)) for key, words in NOVELTY.items()],
        "direction": [(key, visit.say(words)) for key, words in DIRECTIONS.items()],
    }
    last = max(1, -(-len(met) // A_PAGE))
    page = min(max(page, 1), last)
    shown = _as_told(visit, met[(page - 1) * A_PAGE : page * A_PAGE])
    return visit.render(Signals(shown, len(met), page, last, chosen, options))


@dataclass(frozen=True, slots=True)
class OneSignal(Content):
    """One signal, and the forms that decide on it."""

    template: ClassVar[str] = "signal.html.j2"
    id: str
    title: str
    fact: SignalFact
    sentence: str  # what, since when, how much, against what
    corroboration: str  # who says so, in sentences
    laboratory: str
    unit: str  # what the chart measures
    spec: Spec  # Vega-Lite
    alt: str  # the chart in a sentence
    points: list[list[Any]]  # period, value, expected, threshold
    behind: Behind
    witnesses: list[ShownWitness]
    denials: list[Evidence]  # excerpts that say that there is none
    neighbours: list[list[str]]  # what moves with it, since when, where, alarms
    parameters: dict[str, Any]  # of the detector
    verdicts: list[str]  # that its state allows
    phenomena: list[tuple[str, str]]  # id, title
    seen: int  # decisions before this person's eyes
    following: str | None  # id of the next signal that awaits
    may_decide: bool
    withheld: int  # documents behind it whose texts this account may not read
    typed: dict[str, str]  # what was typed into the form, after a conflict or an error
    error: str = ""


def _one(visit: Visiting, short: str, typed: dict[str, str], error: str = "") -> OneSignal:
    ws, language = visit.ws, visit.language
    behind = ws.evidence(short, visit.sites(READ))
    signal = behind.signal
    fact = signal_facts.fact(ws, ws.thesaurus(), signal, behind)
    fact = signal_facts.for_reader(ws, fact, visit.least)
    own = [a for a in behind.alarms if a.series == signal.series]
    if isinstance(fact.expected, Few):
        own = []
    unit = signal_words.unit(fact, language)
    if fact.window > 1:
        unit = f"{unit} {signal_words.summed(fact, language)}"
    awaiting = [show(s.id) for s in ws.session("received")]
    others = [one for one in awaiting if one != fact.id]
    later = awaiting[awaiting.index(fact.id) + 1 :] if fact.id in awaiting else others
    latest = {p.id: p for p in sorted(ws.phenomena(), key=lambda p: p.year)}
    return OneSignal(
        id=fact.id,
        title=signal_words.title(fact, language),
        fact=fact,
        sentence=signals_prose.sentence(fact, language),
        corroboration=signals_prose.corroboration(fact, language),
        laboratory=signals_prose.laboratory(fact.lab, language) if fact.lab else "",
        unit=unit,
        spec=wide_charts.signal(fact, own, unit, language),
        alt=signal_pictures.described(fact, language),
        points=_points(visit, fact, own),
        behind=behind,
        witnesses=disclosure.witnesses(behind.corroboration, visit.least),
        denials=[signal_facts.piece(ws, excerpt) for excerpt in behind.denials],
        neighbours=_neighbours(visit, behind.neighbours),
        parameters=json.loads(signal.parameters or "{}"),
        verdicts=list(STEPS[signal.state]),
        phenomena=[(show(p.id), f"{p.title} ({p.year})") for p in latest.values()],
        seen=len(behind.decisions),
        following=next(iter(later or others), None),
        may_decide=visit.may_decide(signal.place),
        withheld=behind.documents if not behind.excerpts else 0,
        typed=dict.fromkeys(TYPED, "") | typed,
        error=error,
    )


def _neighbours(visit: Visiting, rows: Sequence[Neighbour]) -> list[list[str]]:
    thesaurus = visit.ws.thesaurus()
    return [
        [
            _neighbour(visit, thesaurus, row),
            visit.day(row.first),
            ", ".join(map(visit.language.site, row.places)),
            visit.language.number(row.alarms),
        ]
        for row in rows
    ]


def _neighbour(visit: Visiting, thesaurus: Thesaurus, row: Neighbour) -> str:
    """Return what moves with a signal, and which measure of it."""
    code = visit.language.code
    name = titles.label(thesaurus, row.concept, visit.ws).in_(code)
    what = titles.measured(visit.ws, row.series).in_(code)
    return visit.language.set(f"{name} ({what})" if what else name)


def _points(visit: Visiting, fact: SignalFact, alarms: list[AlarmRow]) -> list[list[Any]]:
    """Return the numbers of the chart, latest first."""
    number = visit.language.number
    by_period = {a.period: a for a in alarms if summed(a.parameters) == fact.window}
    rows = []
    for value in reversed(fact.compared):
        alarm = by_period.get(value.period)
        rows.append(
            [
                visit.day(value.period),
                "–" if value.value is None else number(value.value),
                "–" if value.denominator is None else number(value.denominator),
                number(alarm.expected) if alarm and not fact.event else "",
                number(max(0.0, alarm.threshold)) if alarm and not fact.event else "",
            ]
        )
    return rows


@pages.shows("/signals/{short}", SEE)
def signal(visit: Visiting, short: str) -> Response:
    """Show one signal with its evidence, for and against."""
    return visit.render(_one(visit, short, {}))


@pages.does("/signals/{short}/decide", DECIDE)
def decide(
    visit: Visiting,
    short: str,
    verdict: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    harm: Annotated[str, Form()] = "",
    quality: Annotated[str, Form()] = "",
    seen: Annotated[int, Form()] = 0,
    go: Annotated[str, Form()] = "",
) -> Response:
    """Decide on a signal, unless somebody decided meanwhile: then their decision is shown."""
    found = visit.ws.signal(short)
    if not visit.may_decide(found.place):
        raise ForbiddenError
    typed = {"verdict": verdict, "reason": reason, "harm": harm, "quality": quality}
    grades = [int(v) if v in ("1", "2", "3", "4") else None for v in (harm, quality)]
    try:
        visit.ws.decide(short, verdict, reason, harm=grades[0], quality=grades[1], seen=seen)
    except ConflictError:
        if verdict:
            return _again(visit, short, typed, 409)
        nothing = visit.say("Choose a decision.")
        return visit.render(_one(visit, short, typed, nothing), 400)
    except ConfigError as error:
        return visit.render(_one(visit, short, typed, _wrong(visit, typed, error)), 400)
    following = _one_after(visit, short) if go == "next" else short
    return visit.to(f"/signals/{following}", "decided")


def _again(visit: Visiting, short: str, typed: dict[str, str], status: int) -> Response:
    said = visit.say(
        "Somebody decided meanwhile: read their decision below, then decide. Nothing "
        "that you wrote is lost."
    )
    return visit.render(_one(visit, short, typed, said), status)


def _wrong(visit: Visiting, typed: dict[str, str], error: ConfigError) -> str:
    """Return what is missing from a decision, in the visit's language."""
    if not typed["reason"].strip():
        return visit.say("Say why, in a sentence.")
    if typed["verdict"] == "assess" and not (typed["harm"] and typed["quality"]):
        return visit.say("An assessment grades harm and quality of evidence.")
    return error.what


def _one_after(visit: Visiting, short: str) -> str:
    awaiting = [show(s.id) for s in visit.ws.session("received")]
    return next((one for one in awaiting if one != short), short)


@pages.does("/signals/{short}/link", DECIDE)
def link(
    visit: Visiting,
    short: str,
    phenomenon: Annotated[str, Form()] = "",
    verdict: Annotated[str, Form()] = "support",
    reason: Annotated[str, Form()] = "",
    seen: Annotated[int, Form()] = 0,
) -> Response:
    """Tie a signal to a phenomenon, as evidence for it or against it."""
    found = visit.ws.signal(short)
    if not visit.may_decide(found.place):
        raise ForbiddenError
    typed = {"phenomenon": phenomenon, "link": verdict, "why": reason}
    if not phenomenon or verdict not in ("support", "contradict") or not reason.strip():
        said = visit.say("Choose a phenomenon and say why.")
        return visit.render(_one(visit, short, typed, said), 400)
    known = visit.ws.phenomenon(phenomenon)[-1]
    try:
        visit.ws.decide(short, verdict, reason, phenomenon=known.id, seen=seen)
    except ConflictError:
        return _again(visit, short, typed, 409)
    return visit.to(f"/signals/{short}", "linked")
