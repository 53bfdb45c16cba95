"""A visit: who asks, for which observatory, in which language; and how a page answers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from fanal.people import accounts
from fanal.records import Account
from fanal.web.permissions import DECIDE, SMALL, Permission
from fanal.wording.language import Language, languages
from fanal.wording.marks import N_, NC_
from fanal.workspace import Workspace

THEMES = ("auto", "light", "dark")
DONE = {  # what a page says after a redirect: ?done=…
    "decided": N_("Decision recorded."),
    "linked": N_("Signal tied to the phenomenon."),
    "stated": N_("Phenomenon recorded."),
    "made": N_("Draft made: read it over."),
    "out now": N_("Bulletin put out."),
    "named": N_("Name added: it counts from the next run on."),
    "unnamed": N_("Name taken out: it counts no more from the next run on."),
    "mailed": N_("Message sent."),
    "passed on": N_("Confirmed: another person must read it before it is stored."),
    "destroyed": N_("Destroyed: nothing of it is stored."),
    "added": N_("Source added."),
    "changed": N_("Change recorded."),
    "password": N_("Password recorded: you can sign in."),
    "out": N_("You are signed out."),
}


class NotSignedInError(Exception):
    """A page needs an account and nobody is signed in."""


class ForbiddenError(Exception):
    """The account that is signed in may not do this."""


class Content:
    """What a template shows: a dataclass, each field documented where it is declared."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request."""

    request: Request
    ws: Workspace  # acting for the account
    account: Account | None
    language: Language

    @property
    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)

    @property
    def least(self) -> int:
        """Return below what a count of persons is withheld from this account; 1: none is."""
        return 1 if self.may(SMALL) else self.ws.settings.small_number

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in this visit's language."""
        return self.language.say(message, **values)

    def may(self, permission: Permission, site: str | None = None) -> bool:
        """Say whether the account has a permission, for a site where the permission is local.

        Without a site: whether it has it for any.
        """
        if not permission.granted(self.account):
            return False
        if not permission.local or site is None:
            return True
        return self.account is not None and accounts.concerns(self.account, site)

    def require(self, permission: Permission, site: str) -> None:
        """Refuse an account that has no such permission for a site.

        Raises:
            ForbiddenError: it has not.
        """
        if not self.may(permission, site):
            raise ForbiddenError

    def may_decide(self, place: str) -> bool:
        """Say whether the account decides on signals of a place; of no place: for every site."""
        if place:
            return self.may(DECIDE, place)
        every = {source.site for source in self.ws.sources.values()}
        return self.may(DECIDE) and set(self.sites(DECIDE)) == every

    def sites(self, permission: Permission) -> list[str]:
        """Return the sites of the observatory for which the account has a permission."""
        every = sorted({source.site for source in self.ws.sources.values()})
        return [site for site in every if self.may(permission, site)]

    def render(self, content: Content, status: int = 200) -> Response:
        """Return a page; the template sees the fields of the content, and `visit`."""
        shown = {field.name: getattr(content, field.name) for field in fields(content)}  # type: ignore[arg-type]
        theme = self.request.cookies.get("theme", "auto")
        template = self.request.app.state.templates.get_template(content.template)
        done = DONE.get(self.request.query_params.get("done", ""))
        page = template.render(
            **shown,
            visit=self,
            say=self.say,
            say_n=self.language.say_n,
            NC_=NC_,
            l=self.language,
            spoken=[Language(code) for code in languages()],
            here=self.request.url.path,
            theme=theme if theme in THEMES else "auto",
            done=self.say(done) if done else "",
            nav=[
                (family.home, self.say(family.name))
                for family in self.request.app.state.families
                if family.home and self.may(family.permission)
            ],
        )
        return HTMLResponse(page, status)

    def to(self, path: str, done: str = "") -> Response:
        """Send the browser on after a change; `done` is a key of `DONE`."""
        return RedirectResponse(f"{path}?{urlencode({'done': done})}" if done else path, 303)

    def with_query(self, **changed: Any) -> str:
        """Return this page's address with some of its query changed; None takes a part away."""
        asked = dict(self.request.query_params) | changed
        asked.pop("done", None)
        kept = {name: value for name, value in asked.items() if value not in (None, "")}
        return f"{self.request.url.path}?{urlencode(kept)}" if kept else self.request.url.path

    def day(self, day: date | datetime | None) -> str:
        """Return a date as it is read; a dash where there is none."""
        if isinstance(day, datetime):
            day = day.date()
        return self.language.day(day) if day else "–"

    def moment(self, time: datetime) -> str:
        """Return a date and the time of day in the observatory's zone."""
        from zoneinfo import ZoneInfo

        local = time.astimezone(ZoneInfo(self.ws.settings.zone))
        return f"{self.language.day(local.date())}, {local:%H:%M}"


def cookie_of(request: Request) -> str:
    """Return the name of the session's cookie; over https it is bound to this host."""
    return "__Host-fanal" if request.app.state.origin.startswith("https:") else "fanal"


def _account(request: Request, ws: Workspace) -> Account | None:
    bearer = request.headers.get("authorization", "")
    now = datetime.now(UTC)
    if bearer.lower().startswith("bearer "):
        return accounts.recognise(ws.state, bearer[7:].strip(), "program", now)
    secret = request.cookies.get(cookie_of(request))
    return accounts.recognise(ws.state, secret, "browser", now) if secret else None


def language_of(request: Request, ws: Workspace) -> Language:
    """Return the language that was chosen, else the observatory's."""
    chosen = request.cookies.get("language")
    return Language(chosen if chosen in languages() else ws.settings.language)


def visit(request: Request) -> Visit:
    """Return who asks; the account's name stands in everything that is done here."""
    ws: Workspace = request.app.state.ws
    account = _account(request, ws)
    who = account.name if account else "nobody"
    return Visit(request, ws.acting(who), account, language_of(request, ws))


Visiting = Annotated[Visit, Depends(visit)]


@dataclass(frozen=True, slots=True)
class Needs:
    """The dependency of a route that refuses whoever lacks its permission."""

    permission: Permission

    def __call__(self, visit: Visiting) -> None:
        """Refuse whoever lacks the permission."""
        if self.permission.granted(visit.account):
            return
        if visit.account is None:
            raise NotSignedInError
        raise ForbiddenError
