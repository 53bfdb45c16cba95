"""Verbs of upkeep: check."""

from __future__ import annotations

from typing import Annotated

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, table


@app.command()
def check(
    clean: Annotated[bool, typer.Option("--clean", help="Remove what no log names.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Check integrity, permissions, keys, disk, and files that no log names."""
    with opened(folder, quiet=True) as workspace:
        if clean:
            workspace.clean()
        rows = workspace.check()
    finish(
        as_json,
        {"rows": rows},
        lambda: table("Checks", ["what", "found", "do"],
                      [[row.what, row.found, row.do] for row in rows]),
    )  # fmt: skip
    if any(row.level == "error" for row in rows):
        raise typer.Exit(1)
