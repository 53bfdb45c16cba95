"""What goes out: one's own subscription, messages with a preview, Atom feeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal.errors import ConfigError
from fanal.publishing import atom, mailing
from fanal.publishing.mailing import Draft
from fanal.records import Subscription
from fanal.web import labels
from fanal.web.permissions import PUBLISH, SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.marks import N_

pages = Pages()
ATOM = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class OwnSubscription(Content):
    """What one wants to be told, and the feeds."""

    template: ClassVar[str] = "mail.html.j2"
    mine: Subscription | None
    given: dict[str, str]
    substances: list[tuple[str, str]]
    sites: list[tuple[str, str]]
    works: bool  # a server is set
    error: str = ""


@dataclass(frozen=True, slots=True)
class Preview(Content):
    """A message before it goes out."""

    template: ClassVar[str] = "mail_preview.html.j2"
    draft: Draft
    action: str
    back: str
    works: bool
    error: str = ""


def _own(visit: Visit, given: dict[str, str] | None = None, error: str = "") -> OwnSubscription:
    assert visit.account is not None  # the route needs one
    mine = mailing.subscription(visit.ws, visit.account.name)
    fields = ("address", "topic", "site", "level")
    held = {name: getattr(mine, name, "") for name in fields}
    sites = sorted({source.site for source in visit.ws.sources.values()})
    return OwnSubscription(
        mine, given or held, labels.substances(visit),
        [(site, visit.language.site(site)) for site in sites],
        bool(visit.ws.settings.mail_server), error,
    )  # fmt: skip


@pages.shows("/mail", SEE)
def own(visit: Visiting) -> Response:
    """Show what one is told."""
    return visit.render(_own(visit))


@pages.does("/mail", SEE)
def subscribe(
    visit: Visiting,
    address: Annotated[str, Form()] = "",
    topic: Annotated[str, Form()] = "",
    site: Annotated[str, Form()] = "",
    level: Annotated[str, Form()] = "alerts",
) -> Response:
    """Remember what one wants to be told."""
    assert visit.account is not None
    given = {"address": address.strip(), "topic": topic, "site": site, "level": level}
    try:
        mailing.subscribe(visit.ws, visit.account.name, **given)
    except ConfigError as error:
        return visit.render(_own(visit, given, error.what), 400)
    return visit.to("/mail", "changed")


@pages.does("/mail/stop", SEE)
def unsubscribe(visit: Visiting) -> Response:
    """Forget one's address."""
    assert visit.account is not None
    mailing.unsubscribe(visit.ws, visit.account.name)
    return visit.to("/mail", "changed")


def _origin(visit: Visit) -> str:
    origin: str = visit.request.app.state.origin
    return origin


def _draft(visit: Visit, kind: str, name: str) -> Draft:
    of = mailing.of_bulletin if kind == "bulletins" else mailing.of_alert
    return of(visit.ws, name, _origin(visit))


def _preview(visit: Visit, kind: str, name: str, error: str = "") -> Preview:
    back = "/bulletins" if kind == "bulletins" else f"/signals/{name}"
    works = bool(visit.ws.settings.mail_server and visit.ws.settings.mail_from)
    return Preview(_draft(visit, kind, name), f"/{kind}/{name}/mail", back, works, error)


@pages.shows("/bulletins/{name}/mail", PUBLISH)
def bulletin(visit: Visiting, name: str) -> Response:
    """Show the message that a bulletin is out, before it goes."""
    return visit.render(_preview(visit, "bulletins", name))


@pages.shows("/signals/{short}/mail", PUBLISH)
def alert(visit: Visiting, short: str) -> Response:
    """Show the message of an alert, before it goes."""
    return visit.render(_preview(visit, "signals", short))


@pages.does("/bulletins/{name}/mail", PUBLISH)
def send_bulletin(visit: Visiting, name: str) -> Response:
    """Send the message that a bulletin is out."""
    return _send(visit, "bulletins", name)


@pages.does("/signals/{short}/mail", PUBLISH)
def send_alert(visit: Visiting, short: str) -> Response:
    """Send the message of an alert."""
    return _send(visit, "signals", short)


def _send(visit: Visit, kind: str, name: str) -> Response:
    try:
        mailing.send(visit.ws, _draft(visit, kind, name))
    except ConfigError as error:
        told = f"{error.what}. {error.do}"
        return visit.render(_preview(visit, kind, name, told), 400)
    return visit.to("/bulletins" if kind == "bulletins" else f"/signals/{name}", "mailed")


@pages.shows("/feeds/{name}.atom", SEE)
def feed(visit: Visiting, name: str) -> Response:
    """Give a feed; a reader of feeds shows a key in place of signing in."""
    entries = {"bulletins": atom.bulletins, "alerts": atom.alerts}
    if name not in entries:
        raise ConfigError(f"no feed {name!r}", allowed=", ".join(entries))
    found = entries[name](visit.ws, visit.language)
    title = f"{visit.ws.settings.title} – {visit.say(TITLES[name])}"
    path = f"/feeds/{name}.atom"
    content = atom.atom(title, _origin(visit), path, found, visit.language.code)
    return Response(content, media_type=ATOM)


TITLES = {"bulletins": N_("bulletins"), "alerts": N_("alerts")}
