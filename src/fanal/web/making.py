"""Makes a bulletin in a process of its own: pages go on, and the drawing's memory is given back."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from fanal.errors import ConfigError, FanalError
from fanal.publishing import editions
from fanal.publishing.editions import Publication
from fanal.web.reading import environment
from fanal.workspace import Workspace

LONGEST = 600  # seconds


def make(ws: Workspace, first: date | None, last: date | None) -> Publication:
    """Make an edition as `fanal.publishing.editions.make` does.

    Raises:
        ConfigError: what that raises, or that it was cut short.
    """
    order = {"folder": str(ws.folder), "who": ws.who,
             "first": first and first.isoformat(), "last": last and last.isoformat()}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "fanal.web.making"],
        input=json.dumps(order).encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment(), timeout=LONGEST, check=False,
    )  # fmt: skip
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise ConfigError("the bulletin could not be made", do="see: fanal check") from None
    if "error" in told:
        raise ConfigError(**told["error"])
    return Publication(**told)


def main() -> None:
    """Do what standard input says."""
    order = json.loads(sys.stdin.buffer.read())
    first, last = (date.fromisoformat(order[k]) if order[k] else None for k in ("first", "last"))
    try:
        with Workspace(Path(order["folder"])) as opened:
            told = asdict(editions.make(opened.acting(order["who"]), first, last))
    except FanalError as error:
        told = error.as_json()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
