"""Verb of benchmarks: how good is it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fanal.cli.app import Json, app, finish, table

benchmark_app = typer.Typer(help="Measure what is promised.", no_args_is_help=True)
app.add_typer(benchmark_app, name="benchmark")


@benchmark_app.command("detection")
def benchmark_detection(
    seed: Annotated[int, typer.Option(help="Of the simulated series.")] = 1,
    replicates: Annotated[int, typer.Option(help="Series of each of the 42 scenarios.")] = 5,
    real: Annotated[Path | None, typer.Option(help="Folder of real series.")] = None,
    as_json: Json = False,
) -> None:
    """Replay the detection benchmarks, ours beside the published figures."""
    from fanal.benchmarks import detection

    rows = detection.run(seed, replicates, real)
    columns = list(rows[0]) if rows else []
    finish(
        as_json,
        {"rows": rows},
        lambda: table("Detection", columns, [[row.get(c, "") for c in columns] for row in rows]),
    )
