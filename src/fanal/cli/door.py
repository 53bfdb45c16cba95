"""What the door makes of a text file: `fanal door`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fanal.cli.app import Json, app, finish, out, table

if TYPE_CHECKING:
    from fanal.benchmarks.marked import Kept


@app.command()
def door(
    file: Annotated[
        Path, typer.Argument(help="Texts, one a line; what must go may be marked [[CLASS|text]].")
    ],
    kind: Annotated[
        str, typer.Option(help="Kind of source that the texts are of.")
    ] = "public posts",
    score: Annotated[
        bool, typer.Option("--score", help="Say how much of what is marked is kept out, by class.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what would be stored of the lines of a file; nothing is."""
    from fanal.benchmarks import marked
    from fanal.errors import ConfigError
    from fanal.sources import SOURCE_KINDS

    if kind not in SOURCE_KINDS:
        raise ConfigError(f"no kind of source is called {kind}", allowed=", ".join(SOURCE_KINDS))
    texts = marked.read_marked(file)
    if score:
        kept = marked.score(texts, kind)
        finish(as_json, _as_json(kept), lambda: _show(kept))
        return
    lines = list(marked.stored(texts, kind))
    finish(
        as_json,
        {"rows": [{"line": t.line, "stored": s} for t, s in zip(texts, lines, strict=True)]},
        lambda: out.print(
            "\n".join("(withheld)" if line is None else line for line in lines), markup=False
        ),
    )


def _as_json(kept: Kept) -> dict[str, object]:
    return {
        "classes": {
            name: {"marked": count, "kept_out": kept.kept[name]}
            for name, count in sorted(kept.marks.items())
        },
        "clean": kept.clean,
        "altered": kept.altered,
        "left": [{"line": line, "class": name} for line, name in kept.left],
    }


def _show(kept: Kept) -> None:
    rows = [
        [name, count, kept.kept[name], f"{kept.kept[name] / count:.0%}"]
        for name, count in sorted(kept.marks.items())
    ]
    total, kept_out = kept.marks.total(), kept.kept.total()
    if total:
        rows.append(["all", total, kept_out, f"{kept_out / total:.1%}"])
    table("Kept out", ["class", "marked", "kept out", ""], rows)
    out.print(f"clean lines altered: {kept.altered} of {kept.clean}")
