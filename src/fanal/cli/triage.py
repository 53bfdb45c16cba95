"""Verbs of triage: list, show, decide; and phenomena."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fanal.cli.app import HERE, Json, Where, app, finish, opened, out, table
from fanal.triage import VERDICTS

triage_app = typer.Typer(help="Look at signals and decide on them.", no_args_is_help=True)
app.add_typer(triage_app, name="triage")


@triage_app.command("list")
def triage_list(
    state: Annotated[str | None, typer.Option(help="Only signals in this state.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Beyond the budget, and old.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """List the signals by rank, as many as a session's budget."""
    with opened(folder, quiet=True) as workspace:
        signals = workspace.signals(state)
        shown = signals if everything else workspace.session(state)
    finish(
        as_json, {"rows": shown, "total": len(signals)}, lambda: show_signals(shown, len(signals))
    )


def show_signals(shown: list[dict[str, Any]], total: int) -> None:
    """Print signals as a table."""
    columns = ["id", "concept", "place", "novelty", "first", "last", "observed", "expected",
               "threshold", "score", "detector", "state"]  # fmt: skip
    numbers = ("observed", "expected", "threshold", "score")
    table(
        f"Signals ({len(shown)} of {total})",
        columns,
        [[f"{s[c]:.3g}" if c in numbers else s[c] for c in columns] for s in shown],
    )


@triage_app.command("show")
def triage_show(signal: str, folder: Where = HERE, as_json: Json = False) -> None:
    """Show a signal with its evidence, for and against."""
    with opened(folder, quiet=True) as workspace:
        found = workspace.evidence(signal)

    def show() -> None:
        show_signals([found["signal"]], 1)
        columns = ["kind", "stance", "documents", "sources", "sites", "read"]
        rows = [[", ".join(r[c]) if c == "sites" else r[c] for c in columns]
                for r in found["corroboration"]]  # fmt: skip
        table("Who says so, by kind of source", columns, rows)
        recent = found["history"][-12:]
        table("History", ["period", "value", "of"], [[p["period"], p["value"], p["denominator"]]
                                                     for p in recent])  # fmt: skip
        table("Excerpts", ["day", "site", "kind", "text"],
              [[e["day"], e["site"], e["kind"], e["text"]] for e in found["excerpts"]])  # fmt: skip
        decisions = [[d["time"], d["verdict"], d["who"], d["reason"]] for d in found["decisions"]]
        table("Decisions", ["when", "verdict", "who", "reason"], decisions)

    finish(as_json, found, show)


@triage_app.command("decide")
def triage_decide(
    signal: str,
    verdict: Annotated[str, typer.Argument(help=", ".join(VERDICTS))],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in a sentence.")],
    harm: Annotated[int | None, typer.Option(help="assess: 1 low to 4 very high.")] = None,
    quality: Annotated[int | None, typer.Option(help="assess: 1 weak to 4 strong.")] = None,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Decide on a signal; decisions are only ever added."""
    with opened(folder, quiet=True) as workspace:
        workspace.decide(signal, verdict, reason, harm=harm, quality=quality)
        state = workspace.signal(signal)["state"]
    finish(as_json, {"signal": signal, "state": state}, lambda: out.print(f"{signal}: {state}"))
