"""Phenomena: what was said of verified trends over the years, and the evidence of each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal import show
from fanal.errors import ConfigError
from fanal.exporters import signal_words
from fanal.exporters.signal_words import NOVELTY
from fanal.people.triage import SignalRow, state_phenomenon
from fanal.publishing import signal_facts, titles
from fanal.records import Decision, Phenomenon
from fanal.series import pieces
from fanal.web.permissions import SEE, TELL
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visiting
from fanal.wording.marks import N_

pages = Pages(N_("Phenomena"), home="/phenomena")
FIELDS = ("title", "concept", "statement", "novelty", "year", "sites", "origin")


@dataclass(frozen=True, slots=True)
class ListedPhenomenon(Phenomenon):
    """The latest statement on a phenomenon."""

    short: str  # id
    about: str  # what people call its concepts


@dataclass(frozen=True, slots=True)
class Phenomena(Content):
    """The phenomena, each with its latest statement."""

    template: ClassVar[str] = "phenomena.html.j2"
    rows: list[ListedPhenomenon]
    novelty: str  # filter
    options: list[tuple[str, str]]


@pages.shows("/phenomena", SEE)
def phenomena(visit: Visiting, novelty: str = "") -> Response:
    """List the phenomena."""
    latest = {p.id: p for p in sorted(visit.ws.phenomena(), key=lambda p: p.year)}
    rows = [
        ListedPhenomenon(**asdict(p), short=show(p.id), about=about(visit, p.concept))
        for p in sorted(latest.values(), key=lambda p: (-p.year, p.title))
        if novelty in ("", p.novelty)
    ]
    options = [(key, visit.say(words)) for key, words in NOVELTY.items()]
    return visit.render(Phenomena(rows, novelty, options))


def about(visit: Visiting, concepts: str) -> str:
    """Return what people call the concepts of a phenomenon."""
    thesaurus = visit.ws.thesaurus()
    return visit.language.list(
        [
            titles.label(thesaurus, concept, visit.ws).in_(visit.language.code)
            for concept in pieces(concepts)
        ]
    )


@dataclass(frozen=True, slots=True)
class StatePhenomenon(Content):
    """The form for a new phenomenon, or for what is said of one this year."""

    template: ClassVar[str] = "phenomenon_form.html.j2"
    id: str  # of the phenomenon that goes on; empty: a new one
    signal: str  # id of the signal that it is made from; empty: none
    typed: dict[str, str]
    options: list[tuple[str, str]]
    error: str = ""


def _form(
    visit: Visiting, short: str, signal: str, typed: dict[str, str], error: str = ""
) -> StatePhenomenon:
    options = [(key, visit.say(words)) for key, words in NOVELTY.items()]
    return StatePhenomenon(short, signal, dict.fromkeys(FIELDS, "") | typed, options, error)


@pages.shows("/phenomena/new", TELL)
def new(visit: Visiting, signal: str = "") -> Response:
    """Show the form for a new phenomenon, filled in from a signal."""
    typed = {"year": str(visit.now.year), "novelty": "new"}
    if signal:
        found = visit.ws.signal(signal)
        fact = signal_facts.fact(visit.ws, visit.ws.thesaurus(), found)
        typed |= {
            "title": signal_words.title(fact, visit.language),
            "concept": concept_of(found.concept),
            "novelty": found.novelty,
            "sites": found.place,
            "year": str(found.last.year),
        }
    return visit.render(_form(visit, "", signal, typed))


def concept_of(concept: str) -> str:
    """Return the parts of a signal's concept that tie other signals to a phenomenon."""
    tying = ("substance=", "group=", "class=", "practice=", "platform=", "place=")
    kept = [part for part in pieces(concept) if part.startswith(tying)]
    return " ".join(kept) or next((part for part in pieces(concept) if "=" in part), "")


@pages.does("/phenomena/state", TELL)
def state(
    visit: Visiting,
    title: Annotated[str, Form()] = "",
    concept: Annotated[str, Form()] = "",
    statement: Annotated[str, Form()] = "",
    novelty: Annotated[str, Form()] = "",
    year: Annotated[str, Form()] = "",
    sites: Annotated[str, Form()] = "",
    origin: Annotated[str, Form()] = "",
    phenomenon: Annotated[str, Form()] = "",
    signal: Annotated[str, Form()] = "",
) -> Response:
    """Add a statement on a phenomenon, a new one or one that is known; tie the signal to it."""
    typed = dict(
        zip(FIELDS, (title, concept, statement, novelty, year, sites, origin), strict=True)
    )
    known = visit.ws.phenomenon(phenomenon)[-1] if phenomenon else None
    try:
        row = state_phenomenon(
            title, concept, statement, novelty, _year(year), visit.ws.who, visit.now,
            sites=sites, origin=origin, phenomenon=known.id if known else None,
        )  # fmt: skip
    except ConfigError as error:
        said = _wrong(visit, typed, error)
        return visit.render(_form(visit, phenomenon, signal, typed, said), 400)
    visit.ws.state_phenomenon(row)
    if signal:
        _tie(visit, signal, row)
    return visit.to(f"/phenomena/{show(row.id)}", "stated")


def _tie(visit: Visiting, signal: str, row: Phenomenon) -> None:
    found = visit.ws.signal(signal)
    if visit.may_decide(found.place):
        visit.ws.decide(signal, "support", row.statement, phenomenon=row.id)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1900 <= int(text[:5]) <= 2100):
        raise ConfigError("not a year", allowed="1900 to 2100")
    return int(text)


def _wrong(visit: Visiting, typed: dict[str, str], error: ConfigError) -> str:
    if not typed["title"].strip() or not typed["statement"].strip():
        return visit.say("A title is needed, and a sentence that says what is seen.")
    return f"{error.what} ({error.allowed})" if error.allowed else error.what


@dataclass(frozen=True, slots=True)
class Act:
    """A decision, with the signal that it is on."""

    decision: Decision
    short: str  # id of the signal
    title: str
    signal: SignalRow | None  # None: no alarm speaks for it any more


@dataclass(frozen=True, slots=True)
class OnePhenomenon(Content):
    """The living record of a phenomenon."""

    template: ClassVar[str] = "phenomenon.html.j2"
    id: str
    latest: Phenomenon
    about: str
    first: int  # year of the first statement
    sites: list[str]  # named in a statement, or the place of a signal for it
    statements: tuple[Phenomenon, ...]  # by year, latest first
    signals: list[Act]  # that tie one to it
    decisions: list[Act]  # on those signals, latest first
    alerts: list[Act]  # issued or retracted, latest first


@pages.shows("/phenomena/{short}", SEE)
def phenomenon(visit: Visiting, short: str) -> Response:
    """Show what was said of a phenomenon, and the evidence for and against."""
    told = visit.ws.history_of(short)
    latest = told.statements[-1]
    thesaurus = visit.ws.thesaurus()
    signals: list[Act] = []
    decisions: list[Act] = []
    for tie in told.ties:
        title, short = "", show(tie.decision.signal)
        if tie.signal:
            fact = signal_facts.fact(visit.ws, thesaurus, tie.signal)
            title = signal_words.title(fact, visit.language)
        signals.append(Act(tie.decision, short, title, tie.signal))
        decisions += [
            Act(decision, short, title or short, tie.signal)
            for decision in visit.ws.state.all(Decision, signal=tie.decision.signal)
        ]
    decisions.sort(key=lambda act: act.decision.time, reverse=True)
    named = {s.strip() for row in told.statements for s in row.sites.split(",") if s.strip()}
    named |= {
        tie.signal.place for tie in told.ties
        if tie.signal and tie.signal.place and tie.decision.verdict == "support"
    }  # fmt: skip
    return visit.render(
        OnePhenomenon(
            id=show(latest.id),
            latest=latest,
            about=about(visit, latest.concept),
            first=told.statements[0].year,
            sites=sorted(named),
            statements=told.statements[::-1],
            signals=signals,
            decisions=decisions,
            alerts=[act for act in decisions if act.decision.verdict in ("alert", "retract")],
        )
    )


@pages.shows("/phenomena/{short}/state", TELL)
def go_on(visit: Visiting, short: str) -> Response:
    """Show the form for what is said of a phenomenon this year."""
    last = visit.ws.phenomenon(short)[-1]
    typed = {name: str(getattr(last, name)) for name in FIELDS}
    typed |= {"statement": "", "origin": "", "year": str(visit.now.year)}
    return visit.render(_form(visit, show(last.id), "", typed))
