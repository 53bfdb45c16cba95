"""Bulletins: read those that are out, make one, look at it, put it out."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from fastapi import Form
from fastapi.responses import HTMLResponse, Response

from fanal.answers.ends import last_day
from fanal.answers.prices import quarter
from fanal.errors import FanalError, MissingError
from fanal.publishing import editions
from fanal.publishing.editions import Publication
from fanal.web import making
from fanal.web.permissions import PUBLISH, SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.marks import N_

pages = Pages(N_("Bulletins"), home="/bulletins")
TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Bulletins(Content):
    """The editions that are out and, for those who publish, the drafts."""

    template: ClassVar[str] = "bulletins.html.j2"
    out: tuple[tuple[Publication, str], ...]  # with its period in words
    drafts: tuple[tuple[Publication, str], ...]
    may_publish: bool
    first: str  # proposed period
    last: str
    languages: dict[str, list[str]]  # that an edition is in, by its name
    error: str = ""


def _content(visit: Visit, error: str = "", first: str = "", last: str = "") -> Bulletins:

    every = [(p, _period(visit, p)) for p in editions.every(visit.ws)]
    may = visit.may(PUBLISH)
    if may and not last:
        day = last_day(visit.ws)
        first, last = str(quarter(day)), str(day)
    return Bulletins(
        tuple(pair for pair in every if pair[0].out),
        tuple(pair for pair in every if may and not pair[0].out),
        may, first, last, {p.name: editions.spoken(visit.ws, p.name) for p, _ in every}, error,
    )  # fmt: skip


def _period(visit: Visit, publication: Publication) -> str:
    first = visit.day(date.fromisoformat(publication.first))
    last = visit.day(date.fromisoformat(publication.last))
    return visit.say("%(first)s to %(last)s", first=first, last=last)


@pages.shows("/bulletins", SEE)
def bulletins(visit: Visiting) -> Response:
    """List the bulletins."""
    return visit.render(_content(visit))


@pages.does("/bulletins", PUBLISH)
def make(
    visit: Visiting, first: Annotated[str, Form()] = "", last: Annotated[str, Form()] = ""
) -> Response:
    """Make a draft of a period."""
    try:
        days = [date.fromisoformat(text) if text else None for text in (first, last)]
    except ValueError:
        wrong = visit.say("This is no date.")
        return visit.render(_content(visit, wrong, first, last), 400)
    if days[0] and days[1] and days[0] > days[1]:
        wrong = visit.say("The period ends before it begins.")
        return visit.render(_content(visit, wrong, first, last), 400)
    try:
        making.make(visit.ws, days[0], days[1])
    except FanalError as error:
        return visit.render(_content(visit, str(error), first, last), 400)
    return visit.to("/bulletins", "made")


@pages.does("/bulletins/{name}/out", PUBLISH)
def put_out(visit: Visiting, name: str) -> Response:
    """Put a draft out."""
    editions.put_out(visit.ws, name)
    return visit.to("/bulletins", "out now")


@pages.does("/bulletins/{name}/discard", PUBLISH)
def discard(visit: Visiting, name: str) -> Response:
    """Throw a draft away."""
    editions.discard(visit.ws, name)
    return visit.to("/bulletins", "changed")


@pages.shows("/bulletins/{name}/{file}", SEE)
def public(visit: Visiting, name: str, file: str) -> Response:
    """Give a file of an edition for everybody; a draft to those who publish alone."""
    if not editions.find(visit.ws, name).out and not visit.may(PUBLISH):
        raise MissingError("there is no such edition")
    return _file(visit, name, "public", file)


@pages.shows("/bulletins/{name}/internal/{file}", PUBLISH)
def internal(visit: Visiting, name: str, file: str) -> Response:
    """Give a file of an edition with excerpts."""
    return _file(visit, name, "internal", file)


def _file(visit: Visit, name: str, kind: str, file: str) -> Response:
    content = editions.file(visit.ws, name, kind, file).read_bytes()
    visit.ws.audit("export", {"edition": name, "kind": kind, "file": file})
    ending = file.rsplit(".", 1)[1]
    if ending == "html":
        page = content.decode("utf-8")
        return HTMLResponse(page, headers={"Content-Security-Policy": policy(page)})
    told = f'attachment; filename="{name}.{kind}.{file}"'
    return Response(content, media_type=TYPES[ending], headers={"Content-Disposition": told})


def policy(page: str) -> str:
    """Return the policy of a page that is complete in itself: its own style, no script at all."""
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in styles]
    told = " ".join(f"'sha256-{h}'" for h in hashes) or "'none'"
    return (
        f"default-src 'none'; style-src {told}; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
