"""Reviews: what waits before it is stored, as a page; masked, kept, confirmed by the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal.door import deciding
from fanal.door.deciding import KEEP, LIKELY, MASK, MAYBE, Mark, Subject
from fanal.door.desk import Act, Review, Waiting
from fanal.errors import ConfigError, ConflictError, MissingError
from fanal.web import words
from fanal.web.permissions import BRING
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.marks import N_

pages = Pages(N_("Reviews"), home="/reviews", permission=BRING)
AROUND = 32  # characters around a place
MOST = 25  # places of a subject that can be decided on one by one
HEADINGS = {MAYBE: N_("To look at"), MASK: N_("Masked"), KEEP: N_("Kept as it is")}


@dataclass(frozen=True, slots=True)
class ListOfReviews(Content):
    """What waits at the sites of the account."""

    template: ClassVar[str] = "reviews.html.j2"
    rows: tuple[tuple[Waiting, str], ...]  # and the title of its source


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a turn: plain, or marked as a subject of the list."""

    text: str
    start: int
    mark: Mark | None
    subject: int  # its number in the list


@dataclass(frozen=True, slots=True)
class Item:
    """A subject in the list: its number, and each of its places with what stands around."""

    number: int
    subject: Subject
    places: tuple[tuple[deciding.Place, str, str], ...]  # what stands before and after


@dataclass(frozen=True, slots=True)
class Line:
    """One turn as the page shows it."""

    number: int
    speaker: str
    pieces: tuple[Piece, ...]
    doubt: str


@dataclass(frozen=True, slots=True)
class OneReview(Content):
    """What waits of a file, and the list of what is to be decided."""

    template: ClassVar[str] = "review.html.j2"
    waiting: Waiting
    title: str
    lines: tuple[Line, ...]
    groups: tuple[tuple[str, tuple[Item, ...]], ...]  # headings, and what stands under each
    undecided: int
    masks: int
    doubts: int
    seen: int  # decisions so far
    first: str
    second_reader: bool
    error: str = ""


@pages.shows("/reviews", BRING)
def reviews(visit: Visiting) -> Response:
    """List what waits."""
    mine = [one for one in visit.ws.waiting() if visit.may(BRING, one.site)]
    return visit.render(ListOfReviews(tuple((one, _title(visit, one)) for one in mine)))


def _title(visit: Visit, one: Waiting) -> str:
    source = visit.ws.sources.get(one.source)
    return source.title if source else one.source


def _mine(visit: Visit, id_: str) -> Waiting:
    """Return what waits at one of the account's sites; another's is as if it were not there."""
    found = [one for one in visit.ws.waiting() if one.id == id_]
    if not found or not visit.may(BRING, found[0].site):
        raise MissingError(N_("this review is over"), do=N_("see the list of what waits"))
    return found[0]


@pages.shows("/reviews/{review}", BRING)
def review(visit: Visiting, review: str) -> Response:
    """Show what waits of a file."""
    return visit.render(_content(visit, visit.ws.review(_mine(visit, review).id)))


def _content(visit: Visit, found: Review, error: str = "") -> OneReview:
    marked, made = deciding.marks(found), deciding.decided(found)
    subjects = deciding.subjects(found, marked)
    numbers = {place: n for n, subject in enumerate(subjects) for place in subject.places}
    lines = tuple(
        Line(number, deciding.speaker(turn), tuple(_pieces(number, turn.raw.text, line, numbers)),
             visit.say(words.DOUBTS.get(doubt, doubt)) if doubt else "")
        for number, (turn, line, doubt) in enumerate(
            zip(found.turns, marked, made.doubts, strict=True))
    )  # fmt: skip
    source = visit.ws.sources.get(found.waiting.source)
    return OneReview(
        found.waiting, _title(visit, found.waiting), lines, tuple(_groups(visit, found, subjects)),
        sum(s.state == MAYBE for s in subjects), made.masks, sum(map(bool, made.doubts)),
        len(found.acts), found.first, bool(source and source.second_reader), error,
    )  # fmt: skip


def _pieces(turn: int, text: str, line: Sequence[Mark], numbers: Any) -> Any:
    at = 0
    for mark in line:
        if text[at : mark.start]:
            yield Piece(text[at : mark.start], at, None, -1)
        place = deciding.Place(turn, mark.start, mark.stop)
        yield Piece(text[mark.start : mark.stop], mark.start, mark, numbers[place])
        at = mark.stop
    if text[at:]:
        yield Piece(text[at:], at, None, -1)


def _groups(visit: Visit, found: Review, subjects: Sequence[Subject]) -> Any:
    """Yield the parts of the list: what is likely, what is less so, what is settled."""
    texts = [turn.raw.text for turn in found.turns]
    groups: dict[str, list[Item]] = {}
    for number, one in enumerate(subjects):
        heading = HEADINGS[one.state]
        if one.state == MAYBE and one.score < LIKELY:
            heading = N_("Less likely")
        places = tuple(
            (at, texts[at.turn][max(0, at.start - AROUND) : at.start],
             texts[at.turn][at.stop : at.stop + AROUND])
            for at in one.places[:MOST]
        )  # fmt: skip
        groups.setdefault(heading, []).append(Item(number, one, places))
    for heading, items in groups.items():
        yield visit.say(heading), tuple(items)


@pages.does("/reviews/{review}/acts", BRING)
def act(
    visit: Visiting,
    review: str,
    do: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "name",
    turn: Annotated[int, Form()] = -1,
    start: Annotated[int, Form()] = 0,
    stop: Annotated[int, Form()] = 0,
    seen: Annotated[int, Form()] = -1,
) -> Response:
    """Mask or keep a text everywhere, or in one place; or take the last decision back."""
    waiting = _mine(visit, review)
    here = (turn, start, stop) if turn >= 0 else None
    try:
        if do == "undo":
            after = visit.ws.undo_review(waiting.id, seen)
        else:
            after = visit.ws.decide_review(waiting.id, [Act(do, text, "", kind, here)])
    except ConfigError as error:
        return _refused(visit, waiting, error)
    if _in_place(visit):
        return visit.render(_content(visit, after))
    return visit.to(f"/reviews/{waiting.id}")


def _in_place(visit: Visit) -> bool:
    """Say whether a script asks, to put the answer in the place of what is shown."""
    return "hx-request" in visit.request.headers


def _refused(visit: Visit, waiting: Waiting, error: ConfigError) -> Response:
    """Show what waits, with why a decision was not taken."""
    if isinstance(error, MissingError):
        raise error
    status = 409 if isinstance(error, ConflictError) else 400
    told = visit.say(error.what) if error.what in words.REFUSED else error.what
    content = _content(visit, visit.ws.review(waiting.id), told)
    return visit.render(content, 200 if _in_place(visit) else status)


@pages.does("/reviews/{review}/confirm", BRING)
def confirm(
    visit: Visiting,
    review: str,
    seen: Annotated[int, Form()] = -1,
    replace: Annotated[bool, Form()] = False,
) -> Response:
    """Store what was decided; or hand it to a second reader."""
    waiting = _mine(visit, review)
    try:
        if visit.ws.pass_review_on(waiting.id, seen):
            return visit.to("/reviews", "passed on")
    except ConfigError as error:
        return _refused(visit, waiting, error)
    reading = visit.request.app.state.readings.confirm(visit.ws, waiting, seen, replace)
    return visit.to(f"/sources/{waiting.source}/files/{reading.id}")


@pages.does("/reviews/{review}/destroy", BRING)
def destroy(visit: Visiting, review: str, seen: Annotated[int, Form()] = -1) -> Response:
    """Destroy what waits; nothing of it is stored."""
    waiting = _mine(visit, review)
    try:
        visit.ws.destroy_review(waiting.id, seen)
    except ConfigError as error:
        return _refused(visit, waiting, error)
    return visit.to("/reviews", "destroyed")
