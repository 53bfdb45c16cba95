"""The `fanal` command: all verbs together, and how a failure ends."""

from __future__ import annotations

import json
import sys

import typer

from fanal.cli.app import app, err, unmarked
from fanal.errors import FanalError


def main() -> None:
    """Run a command; errors are printed in their one shape and give their exit code."""
    register()
    try:
        code = app(standalone_mode=False)
    except FanalError as error:
        _complain(error)
        sys.exit(error.exit_code)
    except typer.Exit as leave:
        sys.exit(leave.exit_code)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        if hasattr(error, "format_message"):  # wrong usage, as the command-line library says it
            error.show()  # type: ignore[attr-defined]
            sys.exit(2)
        raise
    sys.exit(code or 0)


def register() -> None:
    """Load the modules of the verbs."""
    from fanal.cli import (  # noqa: F401 - each registers its verbs
        benchmark,
        door,
        knowledge,
        lab,
        network,
        publishing,
        rights,
        serve,
        sources,
        stages,
        triage,
        upkeep,
    )


def _complain(error: FanalError) -> None:
    if "--json" in sys.argv:
        print(json.dumps(error.as_json(), ensure_ascii=False), file=sys.stderr)  # noqa: T201
    else:
        err.print(f"[bold red]error:[/] {unmarked(str(error))}", soft_wrap=True)
