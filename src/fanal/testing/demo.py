"""`make demo`: an observatory from invented material, all the way to a bulletin.

Run as ``python -m fanal.testing.demo FOLDER``.
"""

from __future__ import annotations

import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path

import fanal
from fanal.cli.app import opened, out, table
from fanal.cli.triage import named, show_signals
from fanal.edition import Name, PlantedFact
from fanal.people.triage import SignalRow
from fanal.publishing import composing
from fanal.testing import simulator
from fanal.testing.sentences import invented
from fanal.testing.truth import Phenomenon, Truth
from fanal.workspace import Workspace

TITLE = Name(**invented()["observatory"])


def main(folder: Path, seed: int = 1) -> None:
    """Make the observatory, bring everything in, and say what was found and where to look."""
    started = time.perf_counter()
    _clear(folder)
    with Workspace.create(folder, TITLE.fr):
        pass
    out.print("Writing 18 months of invented material for three sites …")
    truth = simulator.write(folder / "material", seed)
    with opened(folder) as workspace:
        for description in sorted((folder / "material" / "sources").glob("*.toml")):
            workspace.add_source(description.read_text("utf-8"))
        rows = _ingest(workspace, folder / "material" / "material")
        columns = ["source", "files", "read", "documents", "quarantined", "skipped", "issues"]
        table("Through the door", columns, rows)
        for outcome in workspace.run():
            out.print(f"{outcome.stage}: {outcome.rows_in} rows in, {outcome.rows_out} out, "
                      f"{outcome.seconds:.1f} s")  # fmt: skip
        edition = composing.bulletin(
            workspace, truth.end - timedelta(days=1), truth.start, _planted(workspace, truth), TITLE
        )
        files = composing.publish(
            workspace, edition, workspace.publications, ["bulletin-html", "bulletin-pdf"]
        )
        shown, total = named(workspace, workspace.session()), len(workspace.signals())
    out.print()
    show_signals(shown, total)
    _planted_table(edition.planted)
    out.print("\n[bold]Where to look[/]")
    for path in files:
        out.print(f"  {path}")
    out.print(f"  fanal triage show ID --dir {folder}")
    out.print(f"Done in {time.perf_counter() - started:.0f} s.")


def _clear(folder: Path) -> None:
    """Remove an earlier demo, and nothing else."""
    if (folder / "material" / "README.md").exists() and (folder / "fanal.toml").exists():
        shutil.rmtree(folder)


def _ingest(workspace: Workspace, material: Path) -> list[list[object]]:
    rows: list[list[object]] = []
    for source in sorted(p.name for p in material.iterdir()):
        found = workspace.ingest([material / source], source)
        names = ("read", "documents", "quarantined", "skipped_total", "issues")
        total = [sum(getattr(r, name) for r in found) for name in names]
        rows.append([source, len(found), *total])
    return rows


def _planted(workspace: Workspace, truth: Truth) -> tuple[PlantedFact, ...]:
    """Return what was planted, each with the first signal that names it at the right time."""
    signals = workspace.signals()
    facts = []
    for phenomenon in truth.phenomena.values():
        needs = invented()["needs"].get(phenomenon.found_by)
        hit = next((s for s in signals if _found(phenomenon, s)), None)
        facts.append(
            PlantedFact(
                text=Name(phenomenon.fr, phenomenon.en),
                kind=phenomenon.kind,
                sites=tuple(sorted(phenomenon.first)),
                first=min(phenomenon.first.values()),
                signal=fanal.show(hit.id) if hit else None,
                needs=None if hit or needs is None else Name(**needs),
            )
        )
    return tuple(facts)


def _found(phenomenon: Phenomenon, signal: SignalRow) -> bool:
    concept = signal.concept
    named = any(concept.removeprefix("silence ") == wanted for wanted in phenomenon.concepts)
    if phenomenon.kind == "price fall":
        named = concept.startswith("price ") and "substance=cocaine" in concept
    return named and signal.last >= min(phenomenon.first.values())


def _planted_table(planted: tuple[PlantedFact, ...]) -> None:
    table(
        "Planted, and whether it was found",
        ["kind", "sites", "from", "signal", "what"],
        [[p.kind, ", ".join(p.sites), p.first, p.signal or "not yet", p.text.en] for p in planted],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
