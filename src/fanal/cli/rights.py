"""Verbs of people's rights: erase."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated

import typer

from fanal import erasing
from fanal.cli.app import HERE, Json, Where, app, finish, opened, out, plain


@app.command()
def erase(
    pseudonym: Annotated[
        list[str] | None, typer.Option(help="Author, as shown; may be repeated.")
    ] = None,
    document: Annotated[list[str] | None, typer.Option(help="Document, as shown.")] = None,
    source: Annotated[str | None, typer.Option("--source", "-s", help="Source.")] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")
    ] = None,
    person: Annotated[
        bool,
        typer.Option(
            "--person", help="Read a person's number, handle or name from standard input."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Erase what meets every condition given, for good; charts of the past do not change."""
    name = sys.stdin.readline().strip() if person else None  # not an argument: shells keep those
    with opened(folder, quiet=True) as workspace:
        with workspace.writing():
            selection = erasing.select(
                workspace,
                documents=tuple(document or ()),
                pseudonyms=tuple(pseudonym or ()),
                person=name,
                source=source,
                first=first.date() if first else None,
                last=last.date() if last else None,
            )
        if not dry_run and not yes and sys.stdin.isatty():
            _show(workspace.erase(selection, dry_run=True), dry_run=True)
            typer.confirm("Erase it? It cannot be brought back", abort=True)
        found = workspace.erase(selection, dry_run=dry_run)
    finish(as_json, {**plain(found), "dry_run": dry_run}, lambda: _show(found, dry_run))


def _show(found: erasing.Erased, dry_run: bool) -> None:
    if found.nothing:
        out.print("nothing of it is here")
        return
    what = {name: n for name, n in plain(found).items() if isinstance(n, int) and n}
    days = f" from {found.first} to {found.last}" if found.first else ""
    said = ", ".join(f"{n} {name}" for name, n in what.items())
    out.print(f"{'would erase' if dry_run else 'erased'}: {said}{days}")
    if not dry_run:
        out.print("They do not come back with the next export; charts keep their past as counts.")
        out.print("Backups made before still hold them: remove those, or restore them over this.")
