"""The application: its routes, what stands around each of them, and how errors are shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from fanal import show
from fanal.edition import half
from fanal.errors import (
    ConfigError,
    ConflictError,
    ContractError,
    FanalError,
    MissingError,
    StorageError,
)
from fanal.people.accounts import TooManyError
from fanal.records import VERSION
from fanal.web import api, permissions, words
from fanal.web.pages import FAMILIES
from fanal.web.reading import Readings
from fanal.web.routing import declared
from fanal.web.visits import Content, ForbiddenError, NotSignedInError, language_of, visit
from fanal.wording.language import capital
from fanal.wording.marks import N_
from fanal.workspace import Workspace

HERE = Path(__file__).parent
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HOUR = 3600
SAFE = ("GET", "HEAD", "OPTIONS")
SHOWN: tuple[type[Exception], ...] = (
    FanalError, NotSignedInError, ForbiddenError, HTTPException, RequestValidationError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ErrorPage(Content):
    """What went wrong, and what to do."""

    template: ClassVar[str] = "error.html.j2"
    title: str
    what: str
    do: str


def create_app(folder: Path, origin: str = "http://127.0.0.1:8000") -> FastAPI:
    """Return the application of the observatory in a folder.

    `origin` is the address that people open: scheme, host and port, as their browsers say it.

    Raises:
        ContractError: a route declares no permission.
    """
    app = FastAPI(
        title="Fanal",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
    )
    app.state.ws = Workspace(folder)
    app.state.origin = origin.rstrip("/")
    app.state.families = FAMILIES
    app.state.templates = _templates()
    app.state.readings = Readings()
    app.mount("/static", StaticFiles(directory=HERE / "static"), "static")
    app.state.routers = (*FAMILIES, api.routes)
    for router in app.state.routers:
        app.include_router(router)
    if not list(declared(app.state.routers)) or any(isinstance(r, Route) for r in app.routes):
        raise ContractError("a route stands beside the families", where="web/app.py")
    app.middleware("http")(_around)
    for kind in SHOWN:
        app.add_exception_handler(kind, _failed)
    return app


def from_environment() -> FastAPI:
    """Return the application that `fanal serve` named: each worker makes its own."""
    return create_app(Path(os.environ["FANAL_DIR"]), os.environ["FANAL_ORIGIN"])


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    hourly = asyncio.create_task(_expiring(app.state.ws))
    yield
    hourly.cancel()
    app.state.ws.close()


async def _expiring(ws: Workspace) -> None:
    """Destroy what waited too long for a review, though nobody asks for a page."""
    while True:
        await asyncio.to_thread(ws.waiting)
        await asyncio.sleep(HOUR)


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("fanal.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["short"] = show
    environment.filters["half"] = half
    environment.filters["capital"] = capital  # Jinja's own makes the other letters small
    environment.filters["laid"] = words.laid
    environment.globals |= words.IN_TEMPLATES | {"permission": permissions}
    return environment


async def _around(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what another site sends, and give every answer its headers."""
    refused = _refused(request)
    if refused:
        what, do = refused[1], N_("open the address that this observatory is served at")
        if not request.url.path.startswith("/api/"):
            say = language_of(request, request.app.state.ws).say
            what, do = say(what), say(do)
        error = ConfigError(what, do=do)
        response: Response = JSONResponse(error.as_json(), refused[0])
    else:
        response = await answer(request)
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.app.state.origin.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.url.path.startswith("/static/"):
        headers["Cache-Control"] = "public, max-age=3600"
    else:
        headers.setdefault("Cache-Control", "no-store")
    return response


def _refused(request: Request) -> tuple[int, str] | None:
    """Return the status and words that refuse a request, or None.

    A change needs a browser that says it comes from this very origin; a program that carries its
    own key instead of a cookie cannot be made to act by another site.
    """
    origin = request.app.state.origin
    if request.headers.get("host", "") != urlsplit(origin).netloc:
        return 400, N_("another host is asked for")
    if request.method in SAFE:
        return None
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return 403, N_("this request comes from another site")
    if "authorization" in request.headers and "cookie" not in request.headers:
        return None
    if request.headers.get("origin") != origin:
        return 403, N_("this request comes from another site")
    return None


async def _failed(request: Request, error: Exception) -> Response:
    """Return an error in the one shape of its reader: a page, or JSON for the API."""
    api = request.url.path.startswith("/api/")
    if isinstance(error, NotSignedInError):
        if not api and request.method in SAFE:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?to={quote(asked, safe='')}", 303)
        error, status = ConfigError(N_("nobody is signed in"), do=N_("sign in")), 401
    elif isinstance(error, ForbiddenError):
        error, status = ConfigError(N_("this account may not do that")), 403
    elif isinstance(error, HTTPException):
        status = error.status_code
        error = MissingError(N_("there is no such page")) if status == 404 else ConfigError(
            str(error.detail)
        )  # fmt: skip
    elif isinstance(error, RequestValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        error, status = ConfigError(first["msg"], where=where), 422
    else:
        status = _status(error)
    assert isinstance(error, FanalError)
    if api:
        return JSONResponse(error.as_json(), status)
    return _error_page(request, error, status)


def _status(error: Exception) -> int:
    kinds = {
        TooManyError: 429,
        MissingError: 404,
        ConflictError: 409,
        ConfigError: 400,
        StorageError: 503,
    }
    return next((status for kind, status in kinds.items() if isinstance(error, kind)), 500)


def _error_page(request: Request, error: FanalError, status: int) -> Response:
    asking = visit(request)
    titles = {
        401: N_("Sign-in needed"),
        403: N_("Access refused"),
        404: N_("Not found"),
        429: N_("Too many attempts"),
        503: N_("Busy"),
    }
    title = titles.get(status, N_("Not possible"))
    allowed = f" ({error.allowed})" if error.allowed else ""
    return asking.render(
        ErrorPage(asking.say(title), asking.say(error.what) + allowed, asking.say(error.do)), status
    )
