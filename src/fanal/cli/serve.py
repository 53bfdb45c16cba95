"""Verb of the web application: serve."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, out
from fanal.errors import ConfigError, StorageError


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    origin: Annotated[
        str, typer.Option(help="What people open, where a proxy stands before: https://…")
    ] = "",
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; more than one needs PostgreSQL.")
    ] = 1,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Serve the web application until it is stopped; the first start prints a one-time link."""
    from fanal.people import accounts
    from fanal.wording.language import spoken

    origin = origin.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if not origin.startswith("https://") and not _here(host):
        raise ConfigError(
            f"passwords would cross the network in clear from {host}",
            allowed="this machine alone, or --origin https://… with a proxy that speaks TLS",
            do="see docs/howto/serve.md",
        )
    with opened(folder, quiet=True) as workspace:
        spoken(workspace.settings.language)
        if workers > 1 and workspace.state.engine.dialect.name == "sqlite":
            raise ConfigError(
                "several workers need PostgreSQL", do="set `state` in fanal.toml, or one worker"
            )
        with contextlib.suppress(StorageError), workspace.writing():
            pass  # tables of an earlier version are brought to this one's before they are read
        secret = accounts.first_link(workspace.state, workspace.who, datetime.now(UTC))
        workspace.audit("serve", {})
    link = f"{origin}/link/{secret}" if secret else None

    def show() -> None:
        if link:
            out.print("Nobody can administer this observatory yet. Open this link, once:")
            out.print(f"  {link}", soft_wrap=True)
        out.print(f"Serving {origin} (stop with Ctrl-C)", soft_wrap=True)

    finish(as_json, {"origin": origin, "link": link}, show)
    sys.stdout.flush()
    _run(host, port, origin, workers, folder)


def _here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _run(host: str, port: int, origin: str, workers: int, folder: Path) -> None:
    import uvicorn

    os.environ["FANAL_DIR"], os.environ["FANAL_ORIGIN"] = str(folder.resolve()), origin
    uvicorn.run(
        "fanal.web.app:from_environment", factory=True, host=host, port=port, workers=workers,
        log_level="warning", access_log=False, server_header=False,  # no address in a log line
    )  # fmt: skip
