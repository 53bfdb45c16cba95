"""One's own account: what it may, keys for programs, signing out everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fastapi.responses import Response

from fanal.people import accounts
from fanal.web.permissions import SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visiting
from fanal.web.words import ROLES

pages = Pages()


@dataclass(frozen=True, slots=True)
class OwnAccount(Content):
    """What an account may, and a key that was just made."""

    template: ClassVar[str] = "account.html.j2"
    role: str
    sites: str
    key: str = ""  # shown this once


def _content(visit: Visiting, key: str = "") -> OwnAccount:
    assert visit.account is not None  # the route needs one
    role = visit.say(ROLES[visit.account.role])
    return OwnAccount(role, visit.account.sites or visit.say("all"), key)


@pages.shows("/account", SEE)
def account(visit: Visiting) -> Response:
    """Show one's own account."""
    return visit.render(_content(visit))


@pages.does("/account/key", SEE)
def make_key(visit: Visiting) -> Response:
    """Make a key with which a program may use the API as this account."""
    assert visit.account is not None
    name = visit.account.name
    key = accounts.start(visit.ws.state, name, "program", visit.now, accounts.YEAR)
    visit.ws.audit("key for a program", {})
    return visit.render(_content(visit, key))


@pages.does("/account/end", SEE)
def end_everywhere(visit: Visiting) -> Response:
    """End every session and every key of this account."""
    assert visit.account is not None
    accounts.end_all(visit.ws.state, visit.account.name, visit.now)
    return visit.to("/sign-in", "out")
