"""Verbs of triage: list, show, decide; and phenomena."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from fanal import show
from fanal.cli.app import HERE, Json, Where, app, finish, opened, out, table
from fanal.cli.bars import chart
from fanal.people.verdicts import NOVELTY, VERDICTS

if TYPE_CHECKING:
    from fanal.answers.behind import Behind, Corroboration
    from fanal.edition import SignalFact
    from fanal.people.triage import SignalRow, Tie
    from fanal.records import Phenomenon
    from fanal.workspace import Workspace

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
        shown = named(workspace, signals if everything else workspace.session(state))
    finish(
        as_json, {"rows": shown, "total": len(signals)}, lambda: show_signals(shown, len(signals))
    )


def named(workspace: Workspace, signals: list[SignalRow]) -> list[dict[str, Any]]:
    """Return signals as JSON has them, with their `title`; one that lapsed has no numbers."""
    from fanal.exporters.signal_words import title
    from fanal.publishing.signal_facts import fact, numbers
    from fanal.wording.language import Language

    english, thesaurus = Language("en"), workspace.thesaurus()
    told = [fact(workspace, thesaurus, signal) for signal in signals]
    return [
        asdict(signal) | asdict(numbers(signal, one)) | {"title": title(one, english)}
        for signal, one in zip(signals, told, strict=True)
    ]


def show_signals(shown: list[dict[str, Any]], total: int) -> None:
    """Print signals as a table."""
    columns = ["id", "title", "novelty", "first", "last", "observed", "expected",
               "threshold", "score", "detector", "state"]  # fmt: skip
    table(
        f"Signals ({len(shown)} of {total})",
        columns,
        [[_shown(s, c) for c in columns] for s in shown],
    )


def _shown(signal: dict[str, Any], column: str) -> str:
    """Return a cell of the table: what no alarm speaks for any more counts nothing."""
    if signal[column] is None or (signal["untold"] and column == "novelty"):
        return "–"
    if column == "score":
        return f"{signal[column]:.3g}"
    return _figure(signal[column]) if isinstance(signal[column], float) else signal[column]


def _figure(value: float) -> str:
    """Return a value as pages tell it: an expected one that is small is not nothing."""
    from fanal.exporters.signal_words import figure
    from fanal.wording.language import Language

    return figure(value, Language("en"))


@triage_app.command("show")
def triage_show(signal: str, folder: Where = HERE, as_json: Json = False) -> None:
    """Show a signal with its evidence, for and against."""
    from fanal.publishing.signal_facts import fact

    with opened(folder, quiet=True) as workspace:
        found = workspace.evidence(signal)
        told = fact(workspace, workspace.thesaurus(), found.signal, found)
        titled = named(workspace, [found.signal])
    finish(as_json, asdict(found) | {"signal": titled[0]}, lambda: _show(found, told, titled))


def _show(found: Behind, told: SignalFact, titled: list[dict[str, Any]]) -> None:
    from fanal.exporters.signals_prose import sentence
    from fanal.wording.language import Language

    signal = found.signal
    show_signals(titled, 1)
    _say_past(found.said, signal)
    own = [a.period for a in found.alarms if a.series == signal.series]
    sums = f", each with the {told.window - 1} {told.step}s before" if told.window > 1 else ""
    out.print(f"\n[bold]History[/] {escape(signal.series)}{sums}")
    flat = told.lapsed or told.event or told.direction == "silent"
    for line in chart(told.compared, own, None if flat else signal.threshold):
        out.print(line, highlight=False, soft_wrap=True)
    parameters = json.loads(signal.parameters)
    if told.lapsed or told.event:
        out.print(sentence(told, Language("en")))
    else:
        out.print(
            f"strongest: observed {_figure(signal.observed)}, expected "
            f"{_figure(signal.expected)}, threshold {_figure(signal.threshold)}"
        )
    out.print(f"{signal.detector}: {', '.join(f'{k} {v}' for k, v in parameters.items())}")
    first = found.first_seen or "unknown"
    if found.first_anywhere != found.first_seen:
        first = f"{first} here, known elsewhere since {found.first_anywhere}"
    since, until = found.stretch or (signal.first, signal.last)
    out.print(
        f"first seen {first}; {found.documents} documents from {since} to "
        f"{until}, {found.reposts} near-duplicates left out"
    )
    if told.posted_again:
        out.print(f"a text reposted in several {told.step}s counts in each of them, and once here")
    columns = ["concept", "first", "last", "places", "alarms"]
    rows = [[", ".join(r.places) if c == "places" else getattr(r, c) for c in columns]
            for r in found.neighbours]  # fmt: skip
    if rows:
        table("What moves with it", columns, rows)
    columns = ["kind", "stance", "documents", "sources", "sites", "read", "sources_read"]
    rows = [[", ".join(r.sites) if c == "sites" else _stance(r) if c == "stance" else getattr(r, c)
             for c in columns] for r in found.corroboration]  # fmt: skip
    table("Who says so, by kind of source", columns, rows)
    table("Excerpts", ["day", "site", "kind", "text"],
          [[e.day, e.site, e.kind, e.text] for e in found.excerpts])  # fmt: skip
    if found.denials:
        table("Against", ["day", "site", "kind", "text"],
              [[e.day, e.site, e.kind, e.text] for e in found.denials])  # fmt: skip
    decisions = [[d.time, d.verdict, d.who, d.reason] for d in found.decisions]
    table("Decisions", ["when", "verdict", "who", "reason"], decisions)


def _stance(row: Corroboration) -> str:
    """Return what a kind of source says, in words."""
    if row.few:
        return f"silent ({row.read} read: too few to tell)"
    if row.against:
        how = "samples hold something else" if row.kind == "lab" else "deny it"
        return f"{row.stance} ({row.against} {how})"
    return str(row.stance)


def _say_past(said: Sequence[Phenomenon], signal: SignalRow) -> None:
    year = signal.last.year
    earlier = [p for p in said if p.year < year]
    out.print("\n[bold]What we said before[/]")
    if not earlier:
        out.print("nothing: enter what earlier reports said with: fanal triage phenomenon new")
    for p in earlier:
        by = p.origin or "this observatory"
        where = f" ({p.sites})" if p.sites else ""
        out.print(
            f"{p.year}, {escape(by)}: {escape(p.title)}, {p.novelty}{where}. {escape(p.statement)}"
        )
    for p in said:
        if p.year >= year:
            out.print(f"this year: {escape(p.title)}. {escape(p.statement)}")


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
    from fanal.people.triage import response
    from fanal.people.verdicts import RESPONSES

    with opened(folder, quiet=True) as workspace:
        workspace.decide(signal, verdict, reason, harm=harm, quality=quality)
        state = workspace.signal(signal).state
    answer = {"signal": signal, "state": state}
    if harm and quality:
        answer["response"] = response(harm, quality)
    suggested = f"; suggested: {RESPONSES[answer['response']]}" if "response" in answer else ""
    finish(as_json, answer, lambda: out.print(f"{signal}: {state}{suggested}"))


phenomenon_app = typer.Typer(
    help="What we say of verified trends, over years.", no_args_is_help=True
)
triage_app.add_typer(phenomenon_app, name="phenomenon")

Statement = Annotated[str, typer.Option("--statement", "-s", help="What we say, in a sentence.")]
Novelty = Annotated[str, typer.Option(help=", ".join(NOVELTY))]
Year = Annotated[int | None, typer.Option(help="Year that it is about; this year if not given.")]
Sites = Annotated[str, typer.Option(help="Sites, with commas; none: everywhere.")]
Origin = Annotated[str, typer.Option(help="The report that said it, if not this observatory.")]


@phenomenon_app.command("new")
def phenomenon_new(
    title: str,
    concept: Annotated[str, typer.Option(help="substance=…, practice=…: what ties signals to it.")],
    statement: Statement,
    novelty: Novelty = "new",
    year: Year = None,
    sites: Sites = "",
    origin: Origin = "",
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Enter a phenomenon: one of ours, or (with --origin) one that an earlier report told."""
    from fanal.people.triage import state_phenomenon

    with opened(folder, quiet=True) as workspace:
        now = datetime.now(UTC)
        row = state_phenomenon(
            title, concept, statement, novelty, year or now.year, workspace.who, now,
            sites=sites, origin=origin,
        )  # fmt: skip
        workspace.state_phenomenon(row)
    short = show(row.id)
    finish(as_json, {"id": short}, lambda: out.print(f"{short}: {escape(title)}"))


@phenomenon_app.command("add")
def phenomenon_add(
    phenomenon: str,
    statement: Statement,
    novelty: Annotated[str | None, typer.Option(help=", ".join(NOVELTY))] = None,
    year: Year = None,
    sites: Annotated[str | None, typer.Option(help="Sites, if they changed.")] = None,
    origin: Origin = "",
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Add what we say of a phenomenon this year; earlier statements stay."""
    from fanal.people.triage import state_phenomenon

    with opened(folder, quiet=True) as workspace:
        last = workspace.phenomenon(phenomenon)[-1]
        now = datetime.now(UTC)
        row = state_phenomenon(
            last.title, last.concept, statement, novelty or last.novelty, year or now.year,
            workspace.who, now, sites=last.sites if sites is None else sites, origin=origin,
            phenomenon=last.id,
        )  # fmt: skip
        workspace.state_phenomenon(row)
    short = show(row.id)
    finish(as_json, {"id": short, "year": row.year}, lambda: out.print(f"{short}: {row.year}"))


@phenomenon_app.command("list")
def phenomenon_list(folder: Where = HERE, as_json: Json = False) -> None:
    """List the phenomena, each with its latest statement."""
    with opened(folder, quiet=True) as workspace:
        latest = {p.id: p for p in sorted(workspace.phenomena(), key=lambda p: p.year)}
    rows = [asdict(p) for p in latest.values()]
    columns = ["id", "title", "concept", "novelty", "year", "sites", "origin", "statement"]
    shown = [[r[c] for c in columns] for r in rows]
    finish(as_json, {"rows": rows}, lambda: table("Phenomena", columns, shown))


@phenomenon_app.command("show")
def phenomenon_show(phenomenon: str, folder: Where = HERE, as_json: Json = False) -> None:
    """Show what was said of a phenomenon over the years, and the signals for and against."""
    with opened(folder, quiet=True) as workspace:
        told = workspace.history_of(phenomenon)
        tied = [_tied(workspace, tie) for tie in told.ties]

    def show() -> None:
        columns = ["year", "novelty", "sites", "origin", "statement", "who"]
        table(told.statements[-1].title, columns,
              [[getattr(s, c) for c in columns] for s in told.statements])  # fmt: skip
        columns = ["verdict", "id", "concept", "place", "first", "last", "reason", "who"]
        table("Signals for and against", columns,
              [[s.get(c, "") for c in columns] for s in tied])  # fmt: skip

    finish(as_json, {"statements": told.statements, "signals": tied}, show)


def _tied(workspace: Workspace, tie: Tie) -> dict[str, Any]:
    """Return a signal for or against a phenomenon as JSON has it: of one that is gone, its id."""
    (signal,) = named(workspace, [tie.signal]) if tie.signal else ({"id": tie.decision.signal},)
    return signal | {k: getattr(tie.decision, k) for k in ("verdict", "reason", "who", "time")}


@phenomenon_app.command("link")
def phenomenon_link(
    phenomenon: str,
    signal: str,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in a sentence.")],
    against: Annotated[bool, typer.Option("--against", help="It speaks against it.")] = False,
    folder: Where = HERE,
    as_json: Json = False,
) -> None:
    """Tie a signal to a phenomenon, as evidence for it or against it."""
    verdict = "contradict" if against else "support"
    with opened(folder, quiet=True) as workspace:
        known = workspace.phenomenon(phenomenon)[-1]
        workspace.decide(signal, verdict, reason, phenomenon=known.id)
    answer = {"phenomenon": show(known.id), "signal": signal, "verdict": verdict}
    finish(as_json, answer, lambda: out.print(f"{signal}: {verdict} {escape(known.title)}"))
