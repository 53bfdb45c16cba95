"""The `fanal` command: how every verb prints, fails and shows progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from fanal import show

if TYPE_CHECKING:
    from fanal.workspace import Workspace

app = typer.Typer(
    name="fanal",
    help="A drug-trend observatory: ingest, code, count, detect, triage, publish.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Where = Annotated[
    Path,
    typer.Option("--dir", "-d", envvar="FANAL_DIR", help="Folder of the observatory."),
]
HERE = Path()


@contextmanager
def opened(folder: Path, *, quiet: bool = False) -> Iterator[Workspace]:
    """Open the observatory, with a progress bar for what takes longer than a moment."""
    from fanal.workspace import Workspace

    with Workspace(folder) as workspace:
        if quiet or not err.is_terminal:
            yield workspace
            return
        with Progress(
            TextColumn("{task.description:<8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=err,
            transient=True,
        ) as bar:
            tasks: dict[str, Any] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bar.add_task(stage, total=total)
                bar.update(tasks[stage], completed=done, total=total)

            workspace.progress = show
            yield workspace


def plain(value: Any) -> Any:
    """Return a value as JSON can say it; ids as people see them."""
    if isinstance(value, bytes):
        return show(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(part) for part in value]
    if isinstance(value, Path):
        return str(value)
    return value


def say(value: Any) -> None:
    """Print one JSON object on standard output."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, allow_nan=False) + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table for people."""
    shown = Table(title=title, title_justify="left", show_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(unmarked("" if cell is None else str(plain(cell))) for cell in row))
    out.print(shown)


def unmarked(text: str) -> str:
    """Return text that the console prints as it is, its brackets included."""
    return text.replace("[", r"\[")


def finish(as_json: bool, value: Any, show: Callable[[], None]) -> None:
    """Print for a program or for people."""
    if as_json:
        say(value)
    else:
        show()
