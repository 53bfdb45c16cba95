"""Verbs of the coder's knowledge: thesaurus, codebook, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fanal import thesaurus
from fanal.cli.app import HERE, Json, Where, app, finish, opened, out, table

thesaurus_app = typer.Typer(
    help="Look at substances and names, add some, take them out.", no_args_is_help=True
)
app.add_typer(thesaurus_app, name="thesaurus")


@thesaurus_app.command("show")
def thesaurus_show(name: str, folder: Where = HERE, as_json: Json = False) -> None:
    """Show a substance, asked for by its id or by any of its names."""
    with opened(folder, quiet=True) as workspace:
        found = thesaurus.show(workspace.thesaurus(), name)

    def show() -> None:
        rows = [[key, value] for key, value in found.items() if key != "aliases" and value]
        table(name, ["field", "value"], rows)
        columns = ["alias", "language", "kind", "ambiguity", "source", "first_seen"]
        aliases = found.get("aliases", [])
        table("Names", columns, [[alias[c] for c in columns] for alias in aliases])

    finish(as_json, found, show)


@thesaurus_app.command("add")
def thesaurus_add(
    substance: Annotated[str, typer.Argument(help="Id of the substance.")],
    alias: Annotated[str, typer.Argument(help="The new name.")],
    language: Annotated[str, typer.Option(help="fr, en, mul.")] = "fr",
    kind: Annotated[str, typer.Option(help=", ".join(thesaurus.KINDS))] = "street",
    ambiguity: Annotated[str, typer.Option(help=", ".join(thesaurus.AMBIGUITIES))] = "plain",
    label_fr: Annotated[str, typer.Option(help="New substance: its French label.")] = "",
    label_en: Annotated[str, typer.Option(help="New substance: its English label.")] = "",
    klass: Annotated[str, typer.Option("--class", help="New substance: its class.")] = "",
    parent: Annotated[str, typer.Option(help="New substance: the broader one.")] = "",
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Add a name; the next run codes the past with it. With labels, a new substance as well."""
    from fanal.thesaurus import Alias, Substance

    with opened(folder, quiet=True) as workspace:
        if label_fr or label_en:
            new = Substance(substance, label_fr or label_en, label_en or label_fr, klass, parent)
            workspace.add_to_thesaurus(new)
        added = workspace.add_to_thesaurus(
            Alias(substance, alias, language, kind, ambiguity, "own", "")
        )
    finish(as_json, added, lambda: out.print(f"{alias} → {substance}; it counts from: fanal run"))


@thesaurus_app.command("remove")
def thesaurus_remove(
    substance: Annotated[str, typer.Argument(help="Id of the substance.")],
    alias: Annotated[
        str | None,
        typer.Argument(help="The name; without it, an own substance with all its names."),
    ] = None,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Take out what was added here; the next run codes the past without it."""
    with opened(folder, quiet=True) as workspace:
        gone = workspace.take_out_of_thesaurus(substance, alias)
    finish(
        as_json, {"rows": gone}, lambda: out.print(f"{len(gone)} rows; it holds from: fanal run")
    )


@thesaurus_app.command("check")
def thesaurus_check(folder: Where = HERE, as_json: Json = False) -> None:
    """Check the thesaurus, the observatory's own additions included."""
    with opened(folder, quiet=True) as workspace:
        problems = thesaurus.check(workspace.thesaurus())
    rows = [[p["where"], p["problem"], p["allowed"]] for p in problems]
    finish(
        as_json, {"rows": problems}, lambda: table("Problems", ["where", "what", "allowed"], rows)
    )
    if problems:
        raise typer.Exit(1)


@thesaurus_app.command("export")
def thesaurus_export(
    to: Annotated[Path, typer.Argument(help="File to write, SKOS in Turtle.")],
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Write the thesaurus as SKOS."""
    from fanal.thesaurus.skos import export_skos

    with opened(folder, quiet=True) as workspace:
        to.write_text(export_skos(workspace.thesaurus()), "utf-8")
    finish(as_json, {"file": str(to)}, lambda: out.print(str(to)))


@thesaurus_app.command("suggest")
def thesaurus_suggest(
    limit: Annotated[int, typer.Option(help="How many.")] = 30,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Propose names that the thesaurus lacks, learned on the observatory's own texts."""
    with opened(folder, quiet=as_json) as workspace:
        rows = workspace.suggest(limit)
    columns = ["name", "score", "documents", "resembles", "growth", "example"]
    finish(
        as_json,
        {"rows": rows},
        lambda: table(
            "May be names", columns, [[getattr(row, c) for c in columns] for row in rows]
        ),
    )


@app.command()
def codebook(
    to: Annotated[Path, typer.Argument(help="File to write, a REFI-QDA codebook (.qdc).")],
    language: Annotated[str, typer.Option(help="Of labels and definitions: fr or en.")] = "fr",
    as_json: Json = False,
) -> None:
    """Write the scheme of practices for a program of qualitative analysis."""
    from fanal.coding.practices import Rules
    from fanal.coding.practices.codebook import LANGUAGES, as_qdc
    from fanal.errors import ConfigError

    if language not in LANGUAGES:
        raise ConfigError(f"no codebook in {language!r}", allowed=", ".join(LANGUAGES))
    to.write_bytes(as_qdc(Rules.load(), language))
    finish(as_json, {"file": str(to)}, lambda: out.print(str(to)))


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Gold: JSON by lines, or .txt as people write it.")],
    errors: Annotated[bool, typer.Option("--errors", help="List what was missed.")] = False,
    as_json: Json = False,
) -> None:
    """Score the coder against gold: precision, recall and F1 by kind."""
    from fanal.benchmarks import evaluation  # its library takes half a second to load
    from fanal.stages.recoding import coder_named

    result = evaluation.evaluate(evaluation.read_gold(gold), coder_named(), errors=errors)
    finish(as_json, result, lambda: _show(result))


def _show(result: dict[str, Any]) -> None:
    columns = ["gold", "found", "right", "precision", "recall", "f1"]
    rows = [[kind, *(scores[c] for c in columns)] for kind, scores in result["kinds"].items()]
    table(f"{result['lines']} lines", ["kind", *columns], rows)
    for error in result.get("errors", []):
        out.print_json(data=error)
