"""The door: what it makes of a text file (`fanal door FILE`); the desk (`fanal door review`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from fanal.cli.app import app, finish, out, table
from fanal.cli.review import review_app

if TYPE_CHECKING:
    from fanal.benchmarks.marked import Kept


class _Door(TyperGroup):
    """What is no verb of the door is a file."""

    def parse_args(self, context: Any, words: list[str]) -> list[str]:
        if words and words[0] not in (*self.commands, "--help"):
            words = ["text", *words]
        return super().parse_args(context, words)


door_app = typer.Typer(
    cls=_Door,
    help="Say what the door makes of a FILE (text), or look at what waits (review).",
    no_args_is_help=True,
)
app.add_typer(door_app, name="door")
door_app.add_typer(review_app, name="review")


@door_app.command("text")
def door(
    file: Annotated[Path, typer.Argument(help="A text, one message a line; - for standard input.")],
    kind: Annotated[str, typer.Option(help="Kind of source.")] = "public posts",
    score: Annotated[
        bool, typer.Option("--score", help="How much of what is marked [[CLASS|text]] stays out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print, line by line, what the door would store; nothing is kept."""
    if not score:
        _print(file, kind, as_json=as_json)
        return
    from fanal.benchmarks import marked

    kept = marked.score(marked.read_marked(file), kind)
    finish(as_json, _as_json(kept), lambda: _show(kept))


def _print(file: Path, kind: str, *, as_json: bool) -> None:
    from fanal.door.identifiers import screen_text

    if str(file) == "-":
        lines = sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()
    else:
        lines = file.read_bytes().decode("utf-8-sig", "replace").splitlines()
    for screened in screen_text(lines, kind):
        held = screened.text is None
        if as_json:
            spans = [{"class": s.kind, "start": s.start, "stop": s.stop} for s in screened.found]
            line = {"text": screened.text, "quarantined": held, "found": spans}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(f"{'[quarantined]' if held else screened.text}\n")


def _as_json(kept: Kept) -> dict[str, object]:
    return {
        "classes": {
            name: {"marked": count, "kept_out": kept.kept[name]}
            for name, count in sorted(kept.marks.items())
        },
        "clean": kept.clean,
        "altered": kept.altered,
        "shown": kept.shown,
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
    out.print(f"of what stays, a review would show: {kept.shown} of {len(kept.left)}")
