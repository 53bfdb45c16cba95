"""Verbs of the coder's knowledge: evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fanal import evaluation
from fanal.cli.app import Json, app, finish, out, table
from fanal.pipeline import plain_coder


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Gold observations, one JSON object a line.")],
    errors: Annotated[bool, typer.Option("--errors", help="List what was missed.")] = False,
    as_json: Json = False,
) -> None:
    """Score the coder against gold: precision, recall and F1 by kind."""
    result = evaluation.evaluate(evaluation.read_gold(gold), plain_coder(), errors=errors)
    finish(as_json, result, lambda: _show(result))


def _show(result: dict[str, Any]) -> None:
    columns = ["gold", "found", "right", "precision", "recall", "f1"]
    rows = [[kind, *(scores[c] for c in columns)] for kind, scores in result["kinds"].items()]
    table(f"{result['lines']} lines", ["kind", *columns], rows)
    for error in result.get("errors", []):
        out.print_json(data=error)
