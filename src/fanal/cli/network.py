"""Verbs of a network: a site exports its aggregates, a national observatory takes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, out, plain, table

if TYPE_CHECKING:
    from fanal.answers.sites import Manifest

network_app = typer.Typer(help="Aggregates of sites, without texts.", no_args_is_help=True)
app.add_typer(network_app, name="network")


@network_app.command("export")
def network_export(
    file: Annotated[Path, typer.Argument(help="New file.")],
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Write this site's points and signals to a file: no text, no pseudonym."""
    with opened(folder, quiet=True) as workspace:
        manifest = workspace.export_aggregates(file)
    said = f"{manifest.points} points and {manifest.signals} signals of {manifest.site}"
    finish(as_json, manifest, lambda: out.print(said))


@network_app.command("import")
def network_import(
    files: Annotated[list[Path], typer.Argument(help="Files that sites exported.")],
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Take sites' aggregates in, in the place of their earlier ones; then: fanal detect."""
    with opened(folder, quiet=True) as workspace:
        rows = [workspace.take_aggregates(file) for file in files]
    finish(as_json, {"rows": rows}, lambda: _show("Taken in", rows))


@network_app.command("list")
def network_list(folder: Where = HERE, as_json: Json = False) -> None:
    """List the sites whose aggregates are here, and what they found themselves."""
    from fanal.answers import sites

    with opened(folder, quiet=True) as workspace:
        rows, signals = sites.sites(workspace), sites.site_signals(workspace)

    def show() -> None:
        _show("Sites", rows)
        columns = ["site", "concept", "novelty", "first", "last", "score"]
        table(
            "Their signals",
            columns,
            [[plain(getattr(s, c)) for c in columns] for s in signals[:40]],
        )

    finish(as_json, {"rows": rows, "signals": signals}, show)


def _show(title: str, rows: list[Manifest]) -> None:
    columns = ["site", "title", "as_of", "points", "signals"]
    table(title, columns, [[getattr(row, c) for c in columns] for row in rows])
