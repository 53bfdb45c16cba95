"""Administration: accounts, sites and retention, keys, the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal.door.pseudonyms import KeyRing
from fanal.edition import half
from fanal.errors import ConfigError
from fanal.people import accounts
from fanal.records import Audit
from fanal.storage.state import broken
from fanal.web.permissions import ADMINISTER
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visiting
from fanal.wording.marks import N_

pages = Pages(N_("Administration"), home="/administration", permission=ADMINISTER)
LINES = 50


@dataclass(frozen=True, slots=True)
class Accounts(Content):
    """The accounts, and the forms that change them."""

    template: ClassVar[str] = "accounts.html.j2"
    rows: list[accounts.AccountRow]
    sites: list[str]  # of the observatory
    link: str = ""  # one-time link that was just made: shown this once
    invited: str = ""  # account that it is for
    error: str = ""


def _accounts(visit: Visiting, **more: str) -> Accounts:
    sites = sorted({source.site for source in visit.ws.sources.values()})
    return Accounts(accounts.listed(visit.ws.state), sites, **more)


@pages.shows("/administration", ADMINISTER)
def people(visit: Visiting) -> Response:
    """Show the accounts."""
    return visit.render(_accounts(visit))


@pages.does("/administration/invite", ADMINISTER)
def invite(
    visit: Visiting,
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    sites: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make an account, or a new link for one that exists; the link is shown this once."""
    ws = visit.ws
    try:
        secret = accounts.invite(ws.state, name, role, _known(visit, sites), ws.who, visit.now)
    except ConfigError as error:
        return visit.render(_accounts(visit, error=_said(error)), 400)
    ws.audit("invite", {"account": name.strip().lower(), "role": role})
    link = f"{visit.request.app.state.origin}/link/{secret}"
    return visit.render(_accounts(visit, link=link, invited=name.strip().lower()))


@pages.does("/administration/change", ADMINISTER)
def change(
    visit: Visiting,
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    sites: Annotated[list[str] | None, Form()] = None,
    active: Annotated[str, Form()] = "",
) -> Response:
    """Change what an account may; its sessions end."""
    ws = visit.ws
    try:
        accounts.change(
            ws.state, name, ws.who, visit.now,
            role=role, sites=_known(visit, sites), active=bool(active),
        )  # fmt: skip
    except ConfigError as error:
        return visit.render(_accounts(visit, error=_said(error)), 400)
    ws.audit("change account", {"account": name, "role": role, "active": bool(active)})
    return visit.to("/administration", "changed")


def _known(visit: Visiting, sites: list[str] | None) -> list[str]:
    known = {source.site for source in visit.ws.sources.values()}
    return [site for site in sites or () if site in known]


def _said(error: ConfigError) -> str:
    return ". ".join(part for part in (error.what, error.allowed, error.do) if part)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a source."""

    title: str
    site: str
    legal_basis: str
    months: int | None  # that texts are kept; None: without end
    documents: int
    first: date | None  # day of the oldest text


@dataclass(frozen=True, slots=True)
class Retention(Content):
    """What may be kept of each source, and until when."""

    template: ClassVar[str] = "retention.html.j2"
    rows: list[Kept]


@pages.shows("/administration/retention", ADMINISTER)
def retention(visit: Visiting) -> Response:
    """Show sites, their sources, and how long texts are kept."""
    counted = {row.name: row for row in visit.ws.source_rows()}
    rows = [
        Kept(
            half(source.title, visit.language.code),
            source.site,
            source.legal_basis,
            source.retention_months,
            counted[name].documents,
            counted[name].first,
        )
        for name, source in visit.ws.sources.items()
    ]
    return visit.render(Retention(sorted(rows, key=lambda row: (row.site, row.title))))


@dataclass(frozen=True, slots=True)
class Keys(Content):
    """The keys of pseudonyms, by site and year."""

    template: ClassVar[str] = "keys.html.j2"
    rows: list[tuple[str, int, bool]]  # site, year, destroyed
    error: str = ""


@pages.shows("/administration/keys", ADMINISTER)
def keys(visit: Visiting) -> Response:
    """Show the keys of pseudonyms."""
    return visit.render(Keys(list(KeyRing(visit.ws.keys).years())))


@pages.does("/administration/keys/destroy", ADMINISTER)
def destroy_key(
    visit: Visiting,
    site: Annotated[str, Form()] = "",
    year: Annotated[int, Form()] = 0,
    again: Annotated[str, Form()] = "",
) -> Response:
    """Destroy the key of a site's year, where its name was written once more."""
    if again.strip().lower() != f"{site} {year}":
        said = visit.say("To destroy a key, write the site and the year.")
        return visit.render(Keys(list(KeyRing(visit.ws.keys).years()), said), 400)
    visit.ws.destroy_key(site, year)
    return visit.to("/administration/keys", "changed")


@pages.does("/administration/keys/rotate", ADMINISTER)
def rotate_keys(visit: Visiting) -> Response:
    """Wrap every key by a new master key."""
    visit.ws.rotate_keys()
    return visit.to("/administration/keys", "changed")


@dataclass(frozen=True, slots=True)
class AuditLog(Content):
    """The audit log, latest first."""

    template: ClassVar[str] = "audit.html.j2"
    rows: list[Audit]
    total: int
    page: int
    last: int
    checked: bool  # whether the chain was looked at
    wrong: int | None  # first line that does not follow


@pages.shows("/administration/audit", ADMINISTER)
def audit(visit: Visiting, page: int = 1, check: str = "") -> Response:
    """Show the audit log; with `check`, whether each line follows the one before."""
    state = visit.ws.state
    total = state.audit_lines()
    last = max(1, -(-total // LINES))
    page = min(max(page, 1), last)
    newest = total - (page - 1) * LINES
    rows = state.audited(newest - LINES + 1, newest)[::-1]
    wrong = broken(state.all(Audit), state.head()) if check else None
    return visit.render(AuditLog(rows, total, page, last, bool(check), wrong))
