"""Coming in and going out: sign in, one-time links, language and theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal.errors import ConfigError, MissingError
from fanal.people import accounts
from fanal.web.permissions import ANYBODY, SEE
from fanal.web.routing import Pages
from fanal.web.visits import THEMES, Content, Visiting, cookie_of
from fanal.wording.language import languages

pages = Pages()
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class SignIn(Content):
    """The form to sign in."""

    template: ClassVar[str] = "sign_in.html.j2"
    to: str  # page to go to afterwards
    name: str = ""  # what was typed
    error: str = ""


@dataclass(frozen=True, slots=True)
class Password(Content):
    """The form behind a one-time link."""

    template: ClassVar[str] = "password.html.j2"
    secret: str  # of the link
    name: str  # account
    error: str = ""


@pages.shows("/sign-in", ANYBODY)
def sign_in(visit: Visiting, to: str = "/") -> Response:
    """Show the form to sign in."""
    return visit.to(_local(to)) if visit.account else visit.render(SignIn(_local(to)))


@pages.does("/sign-in", ANYBODY)
def signed_in(
    visit: Visiting,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Sign in: the browser gets the secret of a session."""
    client = visit.request.client
    try:
        secret = accounts.sign_in(
            visit.ws.state, name, password, client.host if client else "", visit.now
        )
    except accounts.TooManyError:
        wait = visit.say("Too many attempts: wait a minute.")
        return visit.render(SignIn(_local(to), name, wait), 429)
    except ConfigError:
        wrong = visit.say("This name and this password do not go together.")
        return visit.render(SignIn(_local(to), name, wrong), 400)
    response = visit.to(_local(to))
    _keep(visit, response, cookie_of(visit.request), secret, int(accounts.DAY.total_seconds()))
    return response


@pages.does("/sign-out", SEE)
def sign_out(visit: Visiting) -> Response:
    """End the session."""
    name = cookie_of(visit.request)
    accounts.end(visit.ws.state, visit.request.cookies.get(name, ""), visit.now)
    response = visit.to("/sign-in", "out")
    _keep(visit, response, name, "", 0)
    return response


@pages.shows("/link/{secret}", ANYBODY)
def link(visit: Visiting, secret: str) -> Response:
    """Show the form behind a one-time link."""
    account = accounts.invited(visit.ws.state, secret, visit.now)
    return visit.render(Password(secret, account.name))


@pages.does("/link/{secret}", ANYBODY)
def chosen(
    visit: Visiting,
    secret: str,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set the password; the link is used."""
    account = accounts.invited(visit.ws.state, secret, visit.now)
    if password != again:
        wrong = visit.say("The two are not the same.")
        return visit.render(Password(secret, account.name, wrong), 400)
    try:
        accounts.choose_password(visit.ws.state, secret, password, visit.now)
    except MissingError:
        raise
    except ConfigError:
        wrong = visit.say(
            "At least twelve characters, without the account's name: a sentence of four or "
            "five words will do."
        )
        return visit.render(Password(secret, account.name, wrong), 400)
    visit.ws.acting(account.name).audit("password", {})
    return visit.to("/sign-in", "password")


@pages.does("/preferences", ANYBODY)
def preferences(
    visit: Visiting,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "/",
) -> Response:
    """Keep the language and the theme that a person likes."""
    response = visit.to(_local(to))
    if language in languages():
        _keep(visit, response, "language", language, YEAR)
    if theme in THEMES:
        _keep(visit, response, "theme", theme, YEAR)
    return response


def _keep(visit: Visiting, response: Response, name: str, value: str, seconds: int) -> None:
    https = visit.request.app.state.origin.startswith("https:")
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax"
    )


def _local(to: str) -> str:
    """Return the address within this application that was asked for, else the first page."""
    plain = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if plain else "/"
