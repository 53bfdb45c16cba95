"""Verbs of laboratory results: lab table, changed, other, result, rows; publish alert, prices."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, out, table
from fanal.cli.publishing import Day, publish_app

lab_app = typer.Typer(help="What laboratories found.", no_args_is_help=True)
app.add_typer(lab_app, name="lab")


def _show(title: str, rows: list[dict[str, Any]], as_json: bool) -> None:
    columns = list(rows[0]) if rows else []
    cells = [
        [round(v, 3) if isinstance(v, float) else v for v in row.values()] for row in rows
    ]  # fmt: skip
    finish(as_json, {"rows": rows}, lambda: table(title, columns, cells))


@lab_app.command("table")
def lab_table(folder: Where = HERE, as_json: Json = False) -> None:
    """Show what was found under each name, with 95 % intervals."""
    from fanal.answers import analyses

    with opened(folder, quiet=as_json) as workspace:
        rows = analyses.matrix(workspace)
    _show("Sold as, and found", [asdict(row) for row in rows], as_json)


@lab_app.command("changed")
def lab_changed(folder: Where = HERE, as_json: Json = False) -> None:
    """Show names whose content changed, by stretches of years."""
    from fanal.answers import analyses

    with opened(folder, quiet=as_json) as workspace:
        rows = analyses.changed(workspace)
    _show("Names whose content changed", [asdict(row) for row in rows], as_json)


@lab_app.command("other")
def lab_other(folder: Where = HERE, as_json: Json = False) -> None:
    """Show names under which something else was found."""
    from fanal.answers import analyses

    with opened(folder, quiet=as_json) as workspace:
        rows = analyses.other(workspace)
    _show("One name, another content", [asdict(row) for row in rows], as_json)


@lab_app.command("doses")
def lab_doses(
    threshold: Annotated[float | None, typer.Option(help="Count the share at or above it.")] = None,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Show how much of each substance was measured, by form, site and unit."""
    from fanal.answers import analyses

    with opened(folder, quiet=as_json) as workspace:
        rows = analyses.doses(workspace, threshold)
    _show("Doses and purities", [asdict(row) for row in rows], as_json)


@lab_app.command("result")
def lab_result(
    reference: Annotated[str, typer.Argument(help="The service's reference of the sample.")],
    history: Annotated[bool, typer.Option(help="Also answers that were corrected since.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Give a sample's result back by its reference."""
    from fanal.answers import reports

    with opened(folder, quiet=as_json) as workspace:
        rows = reports.result_of(workspace, reference, history)
    _show("Result", [asdict(row) for row in rows], as_json)


@lab_app.command("rows")
def lab_rows(
    link: Annotated[str, typer.Argument(help="What a report gives as rows: samples?name=mdma")],
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """List the rows that a figure of a report counts."""
    from fanal.answers.following import follow

    with opened(folder, quiet=as_json) as workspace:
        rows = follow(workspace.tables, link)
    _show("Rows behind the figure", rows, as_json)


@publish_app.command("alert")
def publish_alert(
    signal: Annotated[str, typer.Argument(help="Id of the signal.")],
    language: Annotated[str, typer.Option(help="Code of a language: fr, en, de, …")] = "fr",
    to: Annotated[Path | None, typer.Option(help="Folder; publications/ if unsaid.")] = None,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Prefill the alert form (a)-(j) from a signal, as PDF, DOCX and JSON. Nothing is sent."""
    from fanal.exporters import BUILTIN
    from fanal.plugins import known, make
    from fanal.publishing import alerts

    with opened(folder, quiet=as_json) as workspace:
        form = alerts.alert_form(workspace, signal, language)
        target = to or workspace.publications
        target.mkdir(parents=True, exist_ok=True)
        files: list[Path] = []
        for name in ("alert-pdf", "alert-docx", "alert-json"):
            files += make(known("exporters", BUILTIN), "exporter", name).export(form, target)
        workspace.audit("export", {"files": [path.name for path in files]})
    finish(as_json, {"rows": files}, lambda: out.print("\n".join(map(str, files))))


@publish_app.command("prices")
def publish_prices(
    since: Day = None,
    until: Day = None,
    to: Annotated[Path | None, typer.Option(help="Folder; publications/ if unsaid.")] = None,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Write the table of prices and purities that focal points fill, as CSV."""
    from fanal.answers import reports

    with opened(folder, quiet=as_json) as workspace:
        rows = reports.prices_and_purities(
            workspace, since.date() if since else None, until.date() if until else None
        )
        target = to or workspace.publications
        target.mkdir(parents=True, exist_ok=True)
        path = target / "prices.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            names = ["substance", "measure", "unit", "quantity", "minimum", "mean", "median",
                     "maximum", "observations"]  # fmt: skip
            writer = csv.DictWriter(file, names, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(asdict(row) for row in rows)
        workspace.audit("export", {"files": [path.name]})
    finish(as_json, {"rows": [path]}, lambda: out.print(str(path)))
