"""Verbs of people's rights: erase, key (list, rotate, destroy, share), backup, restore."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, out, plain, table

if TYPE_CHECKING:
    from fanal.upkeep import erasing


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
    from fanal.upkeep import erasing

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


# What can be linked afterwards; docs/howto/keys.md says it at length.
ROTATED = (
    (
        "Every key is wrapped by a new master key. Ids and pseudonyms are as before: what could be "
        "linked can be linked."
    ),
    "Copies of the old key files open with the old master key only: remove those copies.",
    "Back up the keys again: fanal backup --keys FILE",
)
DESTROYED = (
    (
        "No document of {site} in {year} can be linked to a person any more, known or not, nor its "
        "authors to those of other years."
    ),
    (
        "Within {year} documents of one author still carry the same pseudonym, and documents keep "
        "their ids."
    ),
    (
        "Exports that number their messages stay duplicates; without numbers (WhatsApp) what comes "
        "in again of {year} is new, without authors."
    ),
    (
        "A backup of the keys from before brings the year back: destroy those copies, and back up "
        "the keys again."
    ),
)
key_app = typer.Typer(help="Look after the keys.", no_args_is_help=True)
app.add_typer(key_app, name="key")


@key_app.command("list")
def key_list(folder: Where = HERE, as_json: Json = False) -> None:
    """List the years of each site that have, or had, a key."""
    from fanal.door.pseudonyms import KeyRing

    with opened(folder, quiet=True) as workspace:
        years = KeyRing(workspace.keys).years()
    rows = [{"site": site, "year": year, "destroyed": gone} for site, year, gone in years]
    finish(
        as_json,
        {"rows": rows},
        lambda: table("Keys of authors", ["site", "year", ""],
                      [[s, y, "destroyed" if gone else ""] for s, y, gone in years]),
    )  # fmt: skip


@key_app.command("rotate")
def key_rotate(folder: Where = HERE, as_json: Json = False) -> None:
    """Wrap every key by a new master key; nothing that is stored changes."""
    with opened(folder, quiet=True) as workspace:
        workspace.rotate_keys()
    finish(as_json, {"rotated": True, "afterwards": ROTATED}, lambda: _say(ROTATED))


@key_app.command("destroy")
def key_destroy(
    site: str,
    year: int,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Destroy the key of a site's authors of a year: their documents become anonymous."""
    said = [line.format(site=site, year=year) for line in DESTROYED]
    if not yes and sys.stdin.isatty():
        _say(said)
        typer.confirm(f"Destroy the key of {site} for {year}? It cannot be made again", abort=True)
    with opened(folder, quiet=True) as workspace:
        workspace.destroy_key(site, year)
    found = {"destroyed": {"site": site, "year": year}, "afterwards": said}
    finish(as_json, found, lambda: _say(said))


@key_app.command("share")
def key_share(
    file: Annotated[Path, typer.Argument(help="New file, for: fanal init --network-key.")],
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Write the id key of this network to a file, for a site that joins; it is a secret."""
    from fanal.door.pseudonyms import KeyRing

    with opened(folder, quiet=True) as workspace:
        KeyRing(workspace.keys).share(file)
        workspace.audit("share id key", {})
    said = (
        "Give it to the site by a safe way, then destroy the file: it holds the id key in clear.",
    )
    finish(as_json, {"file": str(file)}, lambda: _say(said))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="New file.")],
    keys: Annotated[bool, typer.Option("--keys", help="The keys, and nothing else.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Write a backup: everything but the keys, or the keys alone."""
    with opened(folder, quiet=True) as workspace:
        held = workspace.backup(file, keys=keys)
    if keys:
        said = ["The keys are in it in clear: keep it in another place than the other backups."]
    else:
        said = [
            "It holds no keys: back them up apart with --keys.",
            "It holds nothing that was erased before now.",
        ]
    found = {"file": str(file), "keys": keys, "rows": held.rows if held else {}}
    finish(as_json, found, lambda: _say(said))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    keys: Annotated[bool, typer.Option("--keys", help="It is a backup of the keys.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="In the place of the observatory there.")
    ] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Restore a backup in a new folder, or over an observatory, whose erasures are kept."""
    from fanal.door.pseudonyms import AWAITED
    from fanal.upkeep import backups
    from fanal.workspace import Workspace

    if keys:
        count = backups.restore_keys(file, folder)
        finish(as_json, {"keys": count}, lambda: out.print("the keys are in place"))
        return
    held = Workspace.restore(file, folder, replace=replace)
    said = [f"The observatory of {held.made[:16]} is in {folder}."]
    if (folder / "keys" / AWAITED).exists():
        said.append("It waits for its keys: fanal restore --keys FILE; until then it can be read.")
    if not replace:
        said.append("Erased since that backup: only what you restore over is erased again.")
    finish(as_json, {"folder": str(folder), "rows": held.rows}, lambda: _say(said))


def _say(lines: Sequence[str]) -> None:
    for line in lines:
        out.print(line, soft_wrap=True)
