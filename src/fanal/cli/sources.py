"""Verbs of sources: guess, add, edit, list, show, form."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer

from fanal.cli.app import HERE, Json, Where, app, err, finish, opened, out, plain, table
from fanal.errors import ConfigError

if TYPE_CHECKING:
    from fanal.sources import Source
    from fanal.stages.ingest.guessing import Guess, Read, Row
    from fanal.stages.ingest.redescribing import Change, Compared

source_app = typer.Typer(help="Describe sources.", no_args_is_help=True)
app.add_typer(source_app, name="source")

Set = Annotated[
    list[str] | None,
    typer.Option("--set", help="key=value, as parameters.date_order=dmy; may be repeated."),
]


def _given(pairs: list[str] | None) -> dict[str, str]:
    given = {}
    for pair in pairs or ():
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise ConfigError(f"no value in {pair!r}", where="--set", do="write key=value")
        given[key.strip()] = value.strip()
    return given


@source_app.command("guess")
def source_guess(
    file: Annotated[Path, typer.Argument(help="A file, a folder or an archive.")],
    given: Set = None,
    write: Annotated[
        bool, typer.Option("--write", help="Add it, once nothing is to be decided.")
    ] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Propose a source description from a file, with what the file becomes under it.

    Nothing is stored of the file. What the file does not tell is marked "to be decided".
    """
    from fanal.stages.ingest import guessing

    here = _observatory(folder)
    if write and here is None:
        raise ConfigError("no observatory is here", where=str(folder), do="see: fanal init")
    if not file.exists():
        raise ConfigError("no such file or folder", where=str(file), do="check the path")
    site, sites, countries = here or ("", [], [])
    today = datetime.now(UTC).date()
    found = guessing.guess(
        file, site=site, sites=sites, countries=countries, today=today, said=_given(given)
    )
    if write and found.undecided:
        raise ConfigError(
            f"{', '.join(found.undecided)}: to be decided",
            where="--write",
            do="add --set key=value for each, as --set publisher=…",
        )
    if write:
        with opened(folder, quiet=True) as workspace:
            workspace.add_source(found.toml)
    read = found.read
    value = {
        "toml": found.toml, "undecided": found.undecided, "written": write, "files": _files(read),
        "documents": read.documents, "samples": read.samples, "indicators": read.indicators,
        "issues": read.issues, "rows": read.rows,
    }  # fmt: skip
    finish(as_json, value, lambda: _show_guess(found))
    if any(r.status == "failed" for r in read.files):
        raise typer.Exit(1)


def _observatory(folder: Path) -> tuple[str, list[str], list[str]] | None:
    """Return the site of the observatory in a folder, and sites and countries of its sources."""
    from fanal import settings, sources

    if not (folder / settings.FILE).exists():
        return None
    described, _ = sources.usable(folder / "sources")
    sites = sorted({source.site for source in described.values()})
    countries = sorted({source.country for source in described.values()})
    return settings.read(folder).site or "", sites, countries


def _files(read: Read) -> list[dict[str, Any]]:
    """Return the reckonings without the names of the files, which may name somebody."""
    rows: list[dict[str, Any]] = [plain(r) for r in read.files]
    return [{k: v for k, v in row.items() if k not in ("name", "file")} for row in rows]


def _show_guess(found: Guess) -> None:
    """Print the description, and what the file becomes as comments: the whole is TOML."""
    read = found.read
    lines = [found.toml.rstrip(), ""]
    for number, r in enumerate(read.files, 1):
        lines.append(
            f"# file {number}: {r.importer}, {r.status}: {r.read} read = {r.documents} new + "
            f"{r.duplicates} duplicates + {r.replaced} replaced + {r.skipped_total} skipped + "
            f"{r.quarantined} quarantined + {r.issues} issues"
        )
        lines += [f"#   {r.detail}"] * bool(r.detail)
    lines.append(
        f"# it becomes {read.documents} documents, {read.samples} samples, "
        f"{read.indicators} indicators"
    )
    for i in read.issues:
        field = f", {i.field}" if i.field else ""
        lines.append(f"# {i.level}: {i.kind}{field} ({i.records} records): {i.hint}")
    lines += ["# as they would be stored:"] * bool(read.rows)
    lines += [f"#   {_row(row)}" for row in read.rows]
    sys.stdout.write("\n".join(lines) + "\n")


def _row(row: Row) -> str:
    when = str(row.day or "") if row.precision == "day" else f"{row.precision} {row.day or ''}"
    who = f"thread {row.thread}" * bool(row.thread) + f", author {row.author}" * bool(row.author)
    return " | ".join(part for part in (row.what, when, row.place, who, row.says) if part)


@source_app.command("edit")
def source_edit(
    name: str,
    given: Set = None,
    with_file: Annotated[
        Path | None, typer.Option("--with", help="Try the change on this file of the source.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Change a source description: in $EDITOR, or with --set (an empty value takes a key out).

    What the change does to what is stored is shown before anything is written.
    """
    from fanal.stages.ingest import redescribing

    with opened(folder, quiet=True) as workspace:
        before = workspace.source(name)
        old = workspace.source_text(name)
        new = redescribing.edited(old, _given(given)) if given else _typed(old, before)
        after = redescribing.checked(new, before)
        today = datetime.now(UTC).date()
        found = redescribing.changes(workspace.tables, before, after, today)
        tried = None
        if with_file and found:
            tried = redescribing.compared(before, after, with_file, today)
        if not as_json:
            _show_changes(found, tried)
        if found and not (yes or as_json):
            typer.confirm("Write it?", abort=True)
        written = bool(found) and (yes or not as_json)
        if written:
            workspace.change_source(name, new)
    value = {"rows": found, "compared": tried, "written": written}
    finish(as_json, value, lambda: out.print("written" if written else "nothing is changed"))


def _typed(text: str, before: Source) -> str:
    """Let a person edit a description until it is right."""
    from fanal.stages.ingest import redescribing

    while True:
        text = click.edit(text, extension=".toml") or text
        try:
            redescribing.checked(text, before)
        except ConfigError as error:
            err.print(str(error), markup=False, soft_wrap=True)
            typer.confirm("Edit it again?", default=True, abort=True)
        else:
            return text


def _show_changes(found: list[Change], tried: Compared | None) -> None:
    for change in found:
        out.print(
            f"{change.key}: {change.before!r} → {change.after!r}\n  {change.does}",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    if tried:
        out.print(
            f"the file: {tried.before} records under the description of now, {tried.after} under "
            f"the new one; {tried.same} have the same id ({tried.thread} in another thread, "
            f"{tried.day} on another day, {tried.kind} of another kind or site, {tried.text} with "
            f"another text); {tried.twice} would be stored beside what is stored",
            markup=False, soft_wrap=True,
        )  # fmt: skip


@source_app.command("add")
def source_add(
    files: Annotated[list[Path], typer.Argument(help="Source descriptions, TOML.")],
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Add source descriptions from TOML files."""
    with opened(folder, quiet=True) as workspace:
        added = [workspace.add_source(path.read_text("utf-8")).name for path in files]
    finish(as_json, {"rows": added}, lambda: out.print(f"added: {', '.join(added)}"))


@source_app.command("list")
def source_list(folder: Where = HERE, as_json: Json = False) -> None:
    """List the sources, with what came in from each."""
    with opened(folder, quiet=True) as workspace:
        rows = workspace.source_rows()
    columns = ["name", "kind", "site", "documents", "first", "last"]
    finish(
        as_json,
        {"rows": rows},
        lambda: table("Sources", columns, [[getattr(row, c) for c in columns] for row in rows]),
    )


@source_app.command("show")
def source_show(name: str, folder: Where = HERE, as_json: Json = False) -> None:
    """Show one source description."""
    with opened(folder, quiet=True) as workspace:
        source = workspace.source(name).model_dump()
    finish(
        as_json, source, lambda: table(name, ["key", "value"], [[k, v] for k, v in source.items()])
    )


@source_app.command("form")
def source_form(
    kind: Annotated[str, typer.Argument(help="field notes or interview.")] = "field notes",
    language: Annotated[str, typer.Option(help="fr or en.")] = "fr",
) -> None:
    """Print an empty form (TOML) to be filled in and brought in with `fanal ingest`."""
    from fanal.importers import forms

    sys.stdout.write(forms.template(kind, language))
