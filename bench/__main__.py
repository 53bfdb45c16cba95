"""Run every bench, one after the other, and write `docs/reference/benchmarks.md`: `make bench`.

Takes about 25 minutes on two quiet cores; `python -m bench coder detectors` runs some alone and
prints what the page would say. A bench that fails or takes too long is said on the page.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from figures import heard

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "reference" / "benchmarks.md"
LONGEST = 480  # s, of one bench


@dataclass(frozen=True, slots=True)
class Goal:
    """A row of the table: a figure of a bench, and what it should be."""

    what: str
    script: str
    figure: str
    goal: float
    unit: str
    least: bool = False  # at least the goal; else at most

    def row(self, figures: dict[str, dict[str, float]]) -> str:
        """Return the row of the table."""
        measured = figures.get(self.script, {}).get(self.figure)
        aim = f"{'≥' if self.least else '≤'} {self.goal:,g} {self.unit}".strip()
        command = f"`python bench/{self.script}.py`"
        if measured is None:
            return f"| {self.what} | {aim} | not measured | – | – | {command} |"
        held = measured >= self.goal if self.least else measured <= self.goal
        ratio = measured / self.goal if self.goal else measured
        told = f"{measured:,.0f}" if measured >= 1000 else f"{measured:,.3g}"
        part = f"{ratio:.2f}" if self.goal else "–"
        verdict = "yes" if held else "**no**"
        return f"| {self.what} | {aim} | {told} {self.unit} | {part} | {verdict} | {command} |"


GOALS = (
    Goal("matcher (fold, match, offsets) against raw hyperscan on folded text", "coder",
         "to_hyperscan", 10, "×"),
    Goal("matcher against flashtext2", "coder", "flashtext2", 5, "×", least=True),
    Goal("matcher against spaCy PhraseMatcher", "coder", "spacy", 200, "×", least=True),
    Goal("wrong offsets in all that the coder found", "coder", "wrong_offsets", 0, ""),
    Goal("`fanal ingest`, 3 % of messages with an identifier", "ingest", "messages_3",
         60_000, "messages/s", least=True),
    Goal("`fanal ingest`, peak PSS of all processes", "ingest", "peak_mib", 600, "MiB"),
    Goal("`fanal code`, 5 % of messages with a cue, two processes", "code", "usual",
         60_000, "messages/s", least=True),
    Goal("`fanal code`, every message a menu, two processes", "code", "menus",
         10_000, "messages/s", least=True),
    Goal("`fanal code`, two processes against one", "code", "two_to_one", 1.8, "×", least=True),
    Goal("`fanal code`, time where the input doubles", "code", "doubled", 2.2, "×"),
    Goal("ingest and code, time where the input doubles", "sizes", "doubled", 2.2, "×"),
    Goal("pages over 10 M documents, read from points: the slowest median", "dashboard",
         "points", 0.3, "s"),
    Goal("the same over raw observations: the slowest median", "dashboard", "raw", 1, "s"),
    Goal("10,000 series of ten years and a new week, Farrington", "detectors", "farrington",
         2, "s"),
    Goal("the same, all detectors", "detectors", "all", 60, "s"),
    Goal("Spark, warm, against the pool of processes", "spark", "warm_to_pool", 3.5, "×"),
    Goal("rows that differ between Spark and the pool", "spark", "differ", 0, ""),
    Goal("a new week: CPU time to code and search it in a store four times as large", "week",
         "coded", 1.5, "×"),
)  # fmt: skip
# What has a name of its own and no goal comes last.
SCRIPTS = (*dict.fromkeys(goal.script for goal in GOALS), "ingest_telegram", "menus")
ABOUT = """
A goal is held where the measured figure is at most (≤) or at least (≥) it. The *ratio* is the
measured figure in parts of the goal. Ratios within one run say more than seconds: machines differ
and are shared. Below the table is all that each script printed; each runs by itself as shown.
"""


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; {busy:.1f} processes were running before"
    )


def _run(name: str) -> str:
    """Return what a bench printed, and what became of it if it failed."""
    environment = os.environ | {"PYTHONPATH": str(HERE.parent / "src"), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(HERE / f"{name}.py")]
    try:
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, check=False,
            timeout=LONGEST,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        said = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        return f"{said}stopped after {LONGEST} s"
    failed = f"failed with exit code {done.returncode}" if done.returncode else ""
    return f"{done.stdout}{failed}".strip()


def _page(head: str, said: dict[str, str]) -> str:
    figures = {name: heard(text) for name, text in said.items()}
    lines = [head, ABOUT, "| what | goal | measured | ratio | held | command |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    lines += [goal.row(figures) for goal in GOALS]
    for name, text in said.items():
        told = "\n".join(line for line in text.splitlines() if not line.startswith("figures: "))
        lines.append(f"\n## `python bench/{name}.py`\n\n```\n{told}\n```")
        if name == "sizes":
            lines.append("\n![Time and memory against the size of the export](sizes.svg)")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page as the benches end, so that what was measured stays."""
    chosen = sys.argv[1:] or [name for name in SCRIPTS if (HERE / f"{name}.py").exists()]
    head = f"# Benchmarks\n\nWritten by `make bench` on {datetime.now(UTC).date()}. {_machine()}."
    said: dict[str, str] = {}
    for name in chosen:
        print(f"{name} …", flush=True)
        clock = time.perf_counter()
        said[name] = _run(name)
        print(f"{said[name]}\n{name}: {time.perf_counter() - clock:.0f} s", flush=True)
        if len(sys.argv) == 1:
            PAGE.write_text(_page(head, said), "utf-8")
    if len(sys.argv) > 1:
        print(_page(head, said))


if __name__ == "__main__":
    main()
