"""Documents: full-text search with facets, and one document with its codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, ClassVar

from fastapi import Form, Query
from fastapi.responses import Response

from fanal.answers import documents as reading
from fanal.door.pseudonyms import show
from fanal.errors import ConfigError, MissingError
from fanal.records import Document, Memo
from fanal.storage.search import FACETS, PAGE, Answer, Hit, Question
from fanal.web import labels
from fanal.web.permissions import CORRECT, NOTE, READ
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.marks import N_

pages = Pages(N_("Documents"), home="/documents", permission=READ)
SHOWN = 8  # values of a facet before the rest is folded away
LOOKED = ("substance", "practice", "kind", "source", "site", "language")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, how many documents have it, and the page that follows from it."""

    text: str
    documents: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values: the first few, and the rest."""

    text: str
    values: tuple[Choice, ...]
    rest: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Found(Content):
    """What a search found."""

    template: ClassVar[str] = "documents.html.j2"
    words: str
    first: str  # as typed
    last: str
    order: str  # date or relevance
    chosen: dict[str, list[str]]  # facet: values
    answer: Answer
    facets: tuple[Facet, ...]
    dropped: tuple[tuple[str, str], ...]  # chosen values, and the page without each
    page: int
    last_page: int
    about: dict[bytes, list[str]]  # what each document on the page is about


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with the codes that stand on it."""

    text: str
    codes: tuple[int, ...]  # numbers in the list of codes
    counts: bool
    denied: bool  # and nothing else stands there


@dataclass(frozen=True, slots=True)
class Coded:
    """A code as the page tells it."""

    code: reading.Code
    kind: str
    text: str
    quote: str
    low: bool  # below the cut: kept, not counted
    concept: str  # the substance or practice that a person added; empty else


@dataclass(frozen=True, slots=True)
class OneDocument(Content):
    """A document with its codes, corrections and notes."""

    template: ClassVar[str] = "document.html.j2"
    reading: reading.Reading
    title: str  # of its source
    kind: str
    about: str  # site and day
    pieces: tuple[Piece, ...]
    codes: tuple[Coded, ...]
    memos: tuple[Memo, ...]
    may_correct: bool
    may_note: bool
    substances: list[tuple[str, str]]
    practices: list[tuple[str, str]]
    error: str = ""


@pages.shows("/documents", READ)
def search(
    visit: Visiting,
    q: str = "",
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "",
    order: str = "date",
    page: int = 1,
    substance: Annotated[list[str], Query()] = [],  # noqa: B006
    practice: Annotated[list[str], Query()] = [],  # noqa: B006
    kind: Annotated[list[str], Query()] = [],  # noqa: B006
    source: Annotated[list[str], Query()] = [],  # noqa: B006
    site: Annotated[list[str], Query()] = [],  # noqa: B006
    language: Annotated[list[str], Query()] = [],  # noqa: B006
) -> Response:
    """Search the texts of one's sites."""
    chosen = {
        "substance": substance, "practice": practice, "kind": kind, "source": source,
        "site": site, "language": language,
    }  # fmt: skip
    answer = visit.ws.search_documents(
        Question(
            q, chosen, visit.sites(READ), _day(visit, first), _day(visit, last),
            by_date=order != "relevance", page=max(1, page),
        )
    )  # fmt: skip
    return visit.render(
        Found(
            q, first, last, order, chosen, answer,
            tuple(_facet(visit, name, answer, chosen[name]) for name in LOOKED),
            tuple(_dropped(visit, chosen)), max(1, page), -(-answer.total // PAGE),
            {hit.id: _about(visit, hit) for hit in answer.hits},
        )
    )  # fmt: skip


def _day(visit: Visit, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(visit.say("this is no date"), allowed="2025-03-31") from None


def _facet(visit: Visit, name: str, answer: Answer, chosen: list[str]) -> Facet:
    values = [
        Choice(labels.value(visit, name, value), n, _toggled(visit, name, value), value in chosen)
        for value, n in answer.facets[name]
    ]
    text = visit.say(labels.DIMENSIONS[name])
    return Facet(text, tuple(values[:SHOWN]), tuple(values[SHOWN : SHOWN * 5]))


def _dropped(visit: Visit, chosen: dict[str, list[str]]) -> Any:
    for name, values in chosen.items():
        for value in values:
            yield labels.value(visit, name, value), _toggled(visit, name, value)


def _toggled(visit: Visit, name: str, value: str) -> str:
    """Return this page's address with a value of a facet chosen, or no longer."""
    from urllib.parse import urlencode

    asked = [
        pair for pair in visit.request.query_params.multi_items() if pair[0] not in ("page", "done")
    ]
    pair = (name, value)
    asked = [p for p in asked if p != pair] if pair in asked else [*asked, pair]
    return f"/documents?{urlencode([p for p in asked if p[1]])}"


def _about(visit: Visit, hit: Hit) -> list[str]:
    return [
        labels.value(visit, facet, value)
        for facet in ("substance", "practice") for value in hit.marks[facet]
    ]  # fmt: skip


# --- one document -------------------------------------------------------------------------------


def _mine(visit: Visit, short: str, permission: Any = READ) -> Document:
    """Return a document of the account's sites; another's is as if it were not there."""
    document = reading.about(visit.ws, reading.find(visit.ws, short))
    if not visit.may(READ, document.site):
        raise MissingError("there is no document with this id")
    visit.require(permission, document.site)
    return document


@pages.shows("/documents/{short}", READ)
def document(visit: Visiting, short: str) -> Response:
    """Show a document with its codes."""
    return visit.render(_content(visit, _mine(visit, short)))


def _content(visit: Visit, row: Document, error: str = "") -> OneDocument:
    found = visit.ws.read_document(row)
    cut = visit.ws.settings.cut
    codes = tuple(
        Coded(
            code, visit.say(labels.KINDS.get(code.kind, code.kind)),
            labels.fact(visit, code.kind, code.fields), row.text[code.start : code.stop],
            code.confidence < cut and code.said != "confirm",
            str(code.fields.get(reading.CONCEPTS.get(code.kind, ""), "")),
        )
        for code in found.codes
    )  # fmt: skip
    source = visit.ws.sources.get(row.source)
    site, day = visit.language.site(row.site), visit.language.day(row.day, row.precision)
    about = ", ".join([site, day, *([visit.language.area(row.place)] if row.place else [])])
    may_correct = visit.may(CORRECT, row.site)
    return OneDocument(
        found,
        source.title if source else row.source,
        labels.value(visit, "kind", row.kind),
        about,
        _pieces(row.text, found.codes),
        codes,
        found.memos,
        may_correct,
        visit.may(NOTE, row.site),
        labels.substances(visit) if may_correct else [],
        labels.practices(visit) if may_correct else [],
        error,
    )


def _pieces(text: str, codes: tuple[reading.Code, ...]) -> tuple[Piece, ...]:
    """Return the text cut where a code begins or ends."""
    edges = sorted({0, len(text), *(e for c in codes for e in (c.start, c.stop) if e <= len(text))})
    pieces = []
    for start, stop in pairwise(edges):
        over = tuple(i for i, c in enumerate(codes) if c.start <= start and stop <= c.stop)
        counts = any(codes[i].counts for i in over)
        denied = not counts and any(codes[i].denied for i in over)
        pieces.append(Piece(text[start:stop], over, counts, denied))
    return tuple(pieces)


@pages.does("/documents/{short}/codes", CORRECT)
def correct(
    visit: Visiting,
    short: str,
    verdict: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    start: Annotated[int, Form()] = 0,
    stop: Annotated[int, Form()] = 0,
    concept: Annotated[str, Form()] = "",
    passage: Annotated[str, Form()] = "",
    substance: Annotated[str, Form()] = "",
    practice: Annotated[str, Form()] = "",
) -> Response:
    """Say that a code is right or wrong, or add one."""
    row = _mine(visit, short, CORRECT)
    try:
        if verdict == "add":
            kind, concept = ("mention", substance) if substance else ("practice", practice)
            start, stop = _passage(visit, row.text, passage)
        visit.ws.correct(row, verdict, kind, start, stop, concept)
    except ConfigError as error:
        return visit.render(_content(visit, row, error.what), 400)
    return visit.to(f"/documents/{show(row.id)}", "changed")


def _passage(visit: Visit, text: str, passage: str) -> tuple[int, int]:
    """Return where a passage that a person copied stands."""
    wanted = passage.strip()
    at = text.find(wanted) if wanted else -1
    at = at if at >= 0 or not wanted else text.casefold().find(wanted.casefold())
    if at < 0:
        raise ConfigError(visit.say("This passage is not in the text: copy it as it is."))
    return at, at + len(wanted)


@pages.does("/documents/{short}/memos", NOTE)
def note(visit: Visiting, short: str, text: Annotated[str, Form()] = "") -> Response:
    """Write a note on a document."""
    row = _mine(visit, short, NOTE)
    try:
        visit.ws.note(row, text)
    except ConfigError as error:
        return visit.render(_content(visit, row, error.what), 400)
    return visit.to(f"/documents/{show(row.id)}", "changed")


assert set(LOOKED) <= set(FACETS)
