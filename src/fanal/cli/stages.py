"""Verbs of the stages: init, ingest, code, detect, run, status, door."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fanal.cli.app import HERE, Json, Where, app, err, finish, opened, out, plain, table
from fanal.errors import ConfigError

if TYPE_CHECKING:
    from fanal.stages.ingest.files import Reckoning
    from fanal.stages.runs import Outcome
    from fanal.workspace import Workspace

On = Annotated[str, typer.Option("--engine", help="Where stages run: local or spark.")]
Master = Annotated[
    str | None, typer.Option(help="Spark master; without one, the cores of this machine.")
]


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="New or empty folder.")],
    title: Annotated[str, typer.Option(help="Name of the observatory.")] = "Observatory",
    site: Annotated[str | None, typer.Option(help="Site, where it is of one.")] = None,
    network_key: Annotated[
        Path | None, typer.Option(help="Id key of its network: fanal key share.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Create an observatory, with keys of its own."""
    from fanal.door.pseudonyms import read_shared
    from fanal.workspace import Workspace

    shared = read_shared(network_key) if network_key else None
    with Workspace.create(folder, title, site, shared):
        pass
    made = {"folder": str(folder), "title": title, "site": site}
    finish(
        as_json,
        made,
        lambda: out.print(
            f"An observatory is in [bold]{folder}[/].\n"
            f"Keep a copy of {folder / 'keys'} in another place than that of the tables.\n"
            f"Next: describe a source with [bold]fanal source add --dir {folder}[/]"
        ),
    )


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders or archives.")],
    source: Annotated[str, typer.Option("--source", "-s", help="Name of the source.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also files that would replace many other records.")
    ] = False,
    pseudonyms: Annotated[
        Path | None,
        typer.Option(help="CSV of name and pseudonym, where a person looks first; not stored."),
    ] = None,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Bring files in through the door; their formats are recognised by content.

    Interviews and field notes wait for a person to look at them: fanal door review.
    """
    if pseudonyms and not pseudonyms.is_file():
        raise ConfigError("no such file", where=str(pseudonyms), do="check the path")
    with opened(folder, quiet=as_json) as workspace:
        found = workspace.ingest(
            paths, source, dry_run=dry_run, replace=replace, pseudonyms=pseudonyms
        )
        some = not dry_run and any(r.issues + r.warnings for r in found)
        told = workspace.told(source) if some else []
    rows = [reckoning_row(r) for r in found]
    finish(as_json, {"rows": rows, "dry_run": dry_run}, lambda: show_reckoning(found, dry_run))
    for i in () if as_json else told:
        field = f", {i.field}" if i.field else ""
        said = f"  {i.level}: {i.kind}{field} ({i.records} records): {i.hint}"
        out.print(said, markup=False, soft_wrap=True)
    if any(r.status == "failed" or r.issues for r in found):
        raise typer.Exit(1)


PASSED_OVER = {
    "known": "already in",
    "erased": "erased, not taken again",
    "partly erased": "already in, but for what was erased",
    "waiting": "waits for a review",
}


def reckoning_row(reckoning: Reckoning) -> dict[str, Any]:
    """Return a reckoning as a row of JSON."""
    row: dict[str, Any] = plain(reckoning)
    return row


def show_reckoning(found: list[Reckoning], dry_run: bool) -> None:
    """Print what became of each file."""
    columns = ["file", "importer", "read", "documents", "duplicates", "replaced", "skipped",
               "quarantined", "waiting", "issues", "status"]  # fmt: skip
    table(
        "Would bring in" if dry_run else "Brought in",
        columns,
        [
            [r.name, r.importer, r.read, r.documents, r.duplicates, r.replaced, r.skipped_total,
             r.quarantined, r.waiting, r.issues, PASSED_OVER.get(r.status, r.status)]
            for r in found
        ],
    )  # fmt: skip
    if any(r.status == "waiting" for r in found):
        out.print("What waits is stored once somebody has looked at it: fanal door review list")
    for reckoning in found:
        if reckoning.status == "failed":
            err.print(f"{reckoning.name}: {reckoning.detail}", markup=False, soft_wrap=True)
        for rule, n in reckoning.skipped.items():
            out.print(f"  {reckoning.name}: {n} skipped ({rule})", markup=False, soft_wrap=True)


@contextmanager
def engine_of(workspace: Workspace, name: str, master: str | None) -> Iterator[None]:
    """Let an observatory's stages run on the engine of that name.

    Raises:
        ConfigError: there is none, or it cannot start.
    """
    from fanal.engines import Spark

    if name not in ("local", "spark"):
        raise ConfigError(f"no engine {name!r}", where="--engine", allowed="local, spark")
    if name == "local":
        if master:
            raise ConfigError("only Spark has a master", where="--master", do="add --engine spark")
        yield
        return
    with Spark(master or "local[*]", workspace.scratch) as workspace.engine:
        yield


@app.command()
def code(
    folder: Where = HERE,
    coder: Annotated[str | None, typer.Option(help="Another than in the settings.")] = None,
    engine: On = "local",
    master: Master = None,
    as_json: Json = False,
) -> None:
    """Code what is not yet coded with the present coder and thesaurus."""
    with opened(folder, quiet=as_json) as workspace, engine_of(workspace, engine, master):
        workspace.using(coder=coder)
        outcome = workspace.code()
    _finish_stages(as_json, [outcome])


@app.command()
def detect(
    folder: Where = HERE,
    detector: Annotated[
        list[str] | None, typer.Option(help="Others than in the settings; may be repeated.")
    ] = None,
    engine: On = "local",
    master: Master = None,
    as_json: Json = False,
) -> None:
    """Count the series and let the detectors look at them."""
    with opened(folder, quiet=as_json) as workspace, engine_of(workspace, engine, master):
        workspace.using(detectors=detector)
        outcome = workspace.detect()
    _finish_stages(as_json, [outcome])


@app.command()
def run(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files to bring in first, with --source.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", "-s", help="Their source.")] = None,
    folder: Where = HERE,
    engine: On = "local",
    master: Master = None,
    as_json: Json = False,
) -> None:
    """Ingest, code, count and detect in one go; a killed run is finished by the next."""
    if bool(paths) != bool(source):
        raise ConfigError("files and --source belong together", do="give both or neither")
    found: list[Reckoning] = []
    with opened(folder, quiet=as_json) as workspace, engine_of(workspace, engine, master):
        if paths and source:
            found = workspace.ingest(paths, source)
        outcomes = workspace.run()
    rows = {"files": [reckoning_row(r) for r in found], "rows": [plain(o) for o in outcomes]}
    if as_json:
        finish(True, rows, lambda: None)
    else:
        if found:
            show_reckoning(found, dry_run=False)
        _finish_stages(False, outcomes)
    if any(r.status == "failed" or r.issues for r in found):
        raise typer.Exit(1)


def _finish_stages(as_json: bool, outcomes: list[Outcome]) -> None:
    rows: list[list[Any]]
    rows = [[o.stage, o.rows_in, o.rows_out, f"{o.seconds:.1f} s", "" if o.changed else "as it was"]
            for o in outcomes]  # fmt: skip
    finish(
        as_json,
        {"rows": [plain(o) for o in outcomes]},
        lambda: _show_stages(rows, outcomes),
    )


def _show_stages(rows: list[list[Any]], outcomes: list[Outcome]) -> None:
    table("Stages", ["stage", "rows in", "rows out", "time", ""], rows)
    for wrong, named in (("left_out", "Left out"), ("objections", "Wrong")):
        for error in (e for o in outcomes for e in o.detail.get(wrong, ())):
            told = "; ".join(error[part] for part in ("what", "allowed", "do") if error[part])
            out.print(f"{named}: {error['where']}: {told}", markup=False)


@app.command()
def status(folder: Where = HERE, as_json: Json = False) -> None:
    """Say what is in the observatory, what waits, and what went wrong."""
    from fanal.answers import arrivals
    from fanal.observatory import Observatory

    with Observatory(folder) as observatory:  # no stage and no importer is loaded for it
        found = arrivals.status(observatory)

    def show() -> None:
        table("Tables", ["table", "rows"], list(found.tables.items()))
        table("Signals", ["state", "signals"], list(found.signals.items()))
        columns = ["stage", "started", "rows_in", "rows_out", "issues", "status"]
        table("Last runs", columns, [[getattr(run, c) for c in columns] for run in found.runs])
        table("Issues", ["source", "kind", "records"],
              [[wrong.source, wrong.kind, wrong.records] for wrong in found.issues])  # fmt: skip

    finish(as_json, found, show)
