"""Verbs of upkeep: check."""

from __future__ import annotations

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, table


@app.command()
def check(folder: Where = HERE, as_json: Json = False) -> None:
    """Check integrity, permissions, keys, disk, and files that no log names."""
    with opened(folder, quiet=True) as workspace:
        rows = workspace.check()
    finish(
        as_json,
        {"rows": rows},
        lambda: table("Checks", ["what", "found", "do"],
                      [[r["what"], r["found"], r["do"]] for r in rows]),
    )  # fmt: skip
    if any(row["level"] == "error" for row in rows):
        raise typer.Exit(1)
