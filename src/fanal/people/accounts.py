"""People who use an observatory: roles and sites, passwords, one-time links, sessions.

=============  ==================================================================
role           may
=============  ==================================================================
reader         read aggregates of the nation, small numbers withheld
observer       … and read the texts of their sites, and add material to them
coordinator    … and correct codes and decide on signals of their sites
analyst        … and do all of that for every site, and publish
administrator  … and look after accounts, keys, retention and the audit log
=============  ==================================================================

Nobody but the person knows a password: a one-time link lets them choose one. Neither links nor
the secrets of sessions are stored, only their digests.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from fanal.errors import ConfigError, MissingError
from fanal.records import Account, Session
from fanal.storage.state import State

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES = ("reader", "observer", "coordinator", "analyst", "administrator")
NATIONAL = ("analyst", "administrator")
FIRST = "administrator"  # name and role of the first account
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LEAST, MOST = 12, 256  # characters of a password
DAY = timedelta(hours=12)  # how long a browser stays signed in
YEAR = timedelta(days=365)  # how long a key of the API lasts
FAILURES, WINDOW = 5, timedelta(minutes=1)  # for an account, and for an address
LINK = timedelta(days=3)
FAILED = "sign-in failed"


class TooManyError(ConfigError):
    """Too many failed sign-ins of late for this account or from this address."""


def at_least(role: str, least: str) -> bool:
    """Say whether a role may all that another may."""
    return ROLES.index(role) >= ROLES.index(least)


def sites_of(account: Account) -> tuple[str, ...]:
    """Return the sites that an account is of."""
    return tuple(site.strip() for site in account.sites.split(",") if site.strip())


def concerns(account: Account, site: str) -> bool:
    """Say whether a site is one of the account's: every one is for those who work nationally."""
    return account.role in NATIONAL or site in sites_of(account)


# --- accounts -------------------------------------------------------------------------------


def present(state: State) -> dict[str, Account]:
    """Return the accounts as they are now, by name."""
    return dict(sorted({row.name: row for row in state.all(Account)}.items()))


def find(state: State, name: str) -> Account:
    """Return an account.

    Raises:
        MissingError: there is none of that name.
    """
    rows = state.all(Account, name=name)
    if not rows:
        raise MissingError(f"no account called {name!r}")
    return rows[-1]


def invite(
    state: State, name: str, role: str, sites: Sequence[str], who: str, time: datetime
) -> str:
    """Make an account, or open an existing one anew; return the secret of its one-time link.

    Raises:
        ConfigError: not a name, no such role, or a local role without a site.
    """
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise ConfigError(
            "not the name of an account",
            allowed="2 to 40 letters a to z, digits, dots, hyphens; begins with a letter or digit",
        )
    _check(role, sites)
    rows = state.all(Account, name=name)
    password = rows[-1].password if rows else ""
    secret = secrets.token_urlsafe(32)
    state.append(
        Account(
            name, role, ", ".join(sites), password, link=_dated(secret, time + LINK), active=True,
            who=who, time=time,
        )
    )  # fmt: skip
    return secret


def change(
    state: State,
    name: str,
    who: str,
    time: datetime,
    *,
    role: str,
    sites: Sequence[str],
    active: bool,
) -> Account:
    """Change what an account may; its sessions end.

    Raises:
        ConfigError: nobody would be left who can administer.
    """
    _check(role, sites)
    before = find(state, name)
    after = replace(
        before, role=role, sites=", ".join(sites), active=active, who=who, time=time,
        link=before.link if active else b"",
    )  # fmt: skip
    others = [a for a in present(state).values() if a.name != name and _administers(a)]
    if _administers(before) and not _administers(after) and not others:
        raise ConfigError("nobody would be left who can administer", do="name another one first")
    state.append(after)
    end_all(state, name, time)
    return after


def _administers(account: Account) -> bool:
    return account.active and account.role == "administrator" and bool(account.password)


def _check(role: str, sites: Sequence[str]) -> None:
    if role not in ROLES:
        raise ConfigError(f"no role {role!r}", allowed=", ".join(ROLES))
    if role not in (*NATIONAL, "reader") and not sites:
        raise ConfigError(f"the role {role!r} is of a site", do="choose one or more sites")


# --- one-time links and passwords -----------------------------------------------------------


def first_link(state: State, who: str, time: datetime) -> str | None:
    """Return the secret that opens the first account; None once somebody can administer."""
    if any(_administers(account) for account in present(state).values()):
        return None
    return invite(state, FIRST, "administrator", (), who, time)


def invited(state: State, secret: str, time: datetime) -> Account:
    """Return the account that a one-time link opens.

    Raises:
        MissingError: the link is used, too old, or none of ours.
    """
    for account in present(state).values():
        if account.link and account.active and _opens(account.link, secret, time):
            return account
    raise MissingError("this link is used or too old", do="ask an administrator for another one")


def choose_password(state: State, secret: str, password: str, time: datetime) -> Account:
    """Set the password of the account that a link opens; the link is used, sessions end.

    Raises:
        MissingError: the link is used, too old, or none of ours.
        ConfigError: the password is too short, too long or too plain.
    """
    before = invited(state, secret, time)
    _strong(password, before.name)
    after = replace(before, password=_hasher().hash(password), link=b"", who=before.name, time=time)
    seen = len(state.all(Account, name=before.name))
    if state.all(Account, name=before.name)[-1] != before or not state.append_after(
        after, seen, name=before.name
    ):
        raise MissingError("this link is used or too old", do="ask for another one")
    end_all(state, before.name, time)
    return after


def _strong(password: str, name: str) -> None:
    if not LEAST <= len(password) <= MOST:
        raise ConfigError(
            "a password has at least 12 characters", do="a sentence of four or five words will do"
        )
    if len(set(password)) < 5 or name in password.lower():
        raise ConfigError(
            "this password is too plain", do="a sentence of four or five words will do"
        )


def _dated(secret: str, until: datetime) -> bytes:
    """Return the digest of a link with the moment that it ends, which needs no column then."""
    return int(until.timestamp()).to_bytes(8, "big") + _digest(secret)


def _opens(link: bytes, secret: str, time: datetime) -> bool:
    fresh = int.from_bytes(link[:8], "big") >= time.timestamp()
    return fresh and secrets.compare_digest(link[8:], _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"fanal-secret").digest()


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type  # kept by the authors of the PHC reference binding

    return PasswordHasher(type=Type.ID)


@cache
def _nobody() -> str:
    """Return a hash that no password has: unknown names cost as much as known ones."""
    return _hasher().hash(secrets.token_urlsafe(32))


# --- sessions -------------------------------------------------------------------------------

_ONE_BY_ONE = threading.Lock()


def sign_in(state: State, name: str, password: str, address: str, time: datetime) -> str:
    """Return the secret of a new session.

    Raises:
        ConfigError: a wrong name or password, which of the two is not said.
        TooManyError: five failures within a minute for the account or the address.
    """
    name = name.strip().lower()[:MOST]
    told = {"account": _blind("account", name), "address": _blind("address", address)}
    with _ONE_BY_ONE:  # attempts at once would all be counted before any has failed
        failed = [line.detail for line in state.lines(FAILED, time - WINDOW)]
        for part in told.values():
            if sum(part in detail for detail in failed) >= FAILURES:
                raise TooManyError("too many failed sign-ins", do="wait a minute")
        rows = state.all(Account, name=name)
        known = rows[-1] if rows and rows[-1].active and rows[-1].password else None
        if not _matches(known.password if known else _nobody(), password[: MOST + 1]) or not known:
            state.audit("nobody", FAILED, told, time)
            raise ConfigError("this name and this password do not go together")
    state.audit(name, "sign-in", {}, time)
    return start(state, name, "browser", time, DAY)


def _matches(stored: str, password: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        return _hasher().verify(stored, password)
    except VerifyMismatchError:
        return False


def _blind(kind: str, value: str) -> str:
    """Return a short digest: what was typed as a name may have been a password."""
    return hashlib.blake2b(value.encode(), digest_size=8, person=kind.encode()).hexdigest()


def start(state: State, name: str, purpose: str, time: datetime, lasts: timedelta) -> str:
    """Start a session and return its secret."""
    secret = secrets.token_urlsafe(32)
    state.append(Session(_digest(secret), name, purpose, time + lasts, time))
    return secret


def recognise(state: State, secret: str, purpose: str, time: datetime) -> Account | None:
    """Return the account that a session acts for; None where it has ended or never began."""
    rows = state.all(Session, token=_digest(secret))
    if not rows or rows[-1].expires <= time or rows[-1].purpose != purpose:
        return None
    account = state.all(Account, name=rows[-1].account)[-1]
    return account if account.active else None


def end(state: State, secret: str, time: datetime) -> None:
    """End a session."""
    for row in state.all(Session, token=_digest(secret))[-1:]:
        state.append(replace(row, expires=time, time=time))


def end_all(state: State, name: str, time: datetime) -> None:
    """End every session of an account."""
    last = {row.token: row for row in state.all(Session, account=name)}
    state.append(
        *(replace(row, expires=time, time=time) for row in last.values() if row.expires > time)
    )


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as an administrator sees it."""

    name: str
    role: str
    sites: tuple[str, ...]
    active: bool  # may sign in
    invited: bool  # by a link that still opens
    ready: bool  # has a password
    time: datetime  # since when this holds


def listed(state: State) -> list[AccountRow]:
    """Return the accounts as an administrator sees them: no hash, no digest."""
    now = datetime.now(UTC)
    return [
        AccountRow(
            account.name,
            account.role,
            sites_of(account),
            account.active,
            bool(account.link) and int.from_bytes(account.link[:8]) >= now.timestamp(),
            bool(account.password),
            account.time,
        )
        for account in present(state).values()
    ]
