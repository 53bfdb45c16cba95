"""How good detection is: simulated, planted and real series, beside the published figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanal.benchmarks import planted, real, sim42
from fanal.detectors import Default, Ears, Farrington, Novelty
from fanal.detectors.panel import Bounds, Panel

QUIET = 26  # weeks without an alarm after which the same term is a new signal
_TESTED = sim42.WEEKS - sim42.TESTED


def run(seed: int, replicates: int = 35, real_series: Path | None = None) -> list[dict[str, Any]]:
    """Return one row a figure: benchmark, method, measure, ours, published, must.

    35 replicates make the 1,470 series of the published table. `real_series` is the folder of
    real series; without it those rows are left out.
    """
    rows = [*scenarios(seed, replicates), *terms(seed)]
    return rows if real_series is None else [*rows, *known_truth(real_series)]


def panel_of(counts: NDArray[np.float64], read: NDArray[np.float64] | None = None) -> Panel:
    given = np.full_like(counts, np.nan) if read is None else np.tile(read, (len(counts), 1))
    return Panel(
        [f"mentions/term={i:05d}/week" for i in range(len(counts))], "week", 0, 1000, counts, given
    )


def _row(
    benchmark: str,
    method: str,
    measure: str,
    ours: float | str,
    published: str = "",
    must: str = "",
) -> dict[str, Any]:
    shown = round(ours, 4) if isinstance(ours, float) else ours
    return {
        "benchmark": benchmark,
        "method": method,
        "measure": measure,
        "ours": shown,
        "published": published,
        "must": must,
    }


# method, detector, weeks of history cut off, published FPR / POD / first week / PPV, must
def _methods() -> list[tuple[str, Any, int, tuple[str, ...], tuple[str, str]]]:
    rate = Default(control="rate")
    return [
        ("Farrington Flexible, nbPlugin, .01", Farrington(calendar=False), 0,
         ("0.93", "51.5", "41.6", "63.6"), ("0.7–1.2", "≥ 50")),
        ("Farrington Flexible, muan, .01", Farrington("muan", calendar=False), 0,
         ("0.50", "38.9", "31.8", "71.3"), ("", "")),
        ("EARS C1, .001", Ears("C1", min_sigma=0.0), 0,
         ("3.9", "55.3", "50.1", "26.9"), ("", "")),
        ("default, one series at a time", rate, 0, ("0.5", "40", "", ""), ("≤ 0.5", "≥ 44")),
        ("default, one year of history, .01", Default(control="rate", alpha=0.01), _TESTED - 56,
         ("1.9", "50", "", ""), ("≤ 2", "≥ 48")),
    ]  # fmt: skip


def scenarios(seed: int, replicates: int) -> Iterator[dict[str, Any]]:
    """Yield the 42-scenario table."""
    drawn = sim42.draw(seed, replicates)
    for method, detector, cut, published, must in _methods():
        quiet, outbreak = drawn.quiet[:, cut:], drawn.outbreak[:, cut:]
        without = detector.bounds(panel_of(quiet), _TESTED - cut).alarm
        with_it = detector.bounds(panel_of(quiet + outbreak), _TESTED - cut).alarm
        found = sim42.metrics(without, with_it, outbreak)
        name = f"42 scenarios, {found.series} series"
        for measure, value, error, index in (
            ("FPR, %", found.false_positive, found.error, 0),
            ("POD, %", found.detected, found.detected_error, 1),
            ("first-week POD, %", found.first_week, 0.0, 2),
            ("PPV, %", found.predictive, 0.0, 3),
        ):
            ours = f"{100 * value:.2f} ± {100 * error:.2f}" if error else f"{100 * value:.1f}"
            asked = must[index] if index < 2 else ""
            yield _row(name, method, measure, ours, published[index], asked)


def signals(found: Bounds) -> list[tuple[int, int]]:
    """Return (column, series) of each alarm that comes after `QUIET` weeks without."""
    out = []
    for row in np.flatnonzero(found.alarm.any(axis=1)):
        weeks = np.flatnonzero(found.alarm[row])
        fresh = np.diff(weeks, prepend=-QUIET - 1) > QUIET
        out += [(int(week), int(row)) for week in weeks[fresh]]
    return sorted(out)


def terms(seed: int) -> Iterator[dict[str, Any]]:
    """Yield recall, precision and delay on planted terms, and signals of a quiet observatory."""
    year = ("at 1 a week: .77", "at 1 a week: .70", "4", "")
    for weeks, method, detector, published in (
        (52, "novelty", Novelty(), year),
        (104, "default", Default(), ("", "", "", "")),
    ):
        drawn = planted.draw(seed, weeks=weeks)
        first = drawn.counts.shape[1] - weeks
        said = signals(detector.bounds(panel_of(drawn.counts, drawn.read), first))
        delay: dict[int, int] = {}
        for week, row in said:
            if 0 <= drawn.start[row] <= week + first:
                delay.setdefault(row, week + first - int(drawn.start[row]) + 1)
        name = f"2,000 terms, {weeks} weeks, 40 planted"
        sought = drawn.start >= 0
        yield _row(name, method, "recall", len(delay) / int(sought.sum()), published[0], "≥ .75")
        precise = len(delay) / max(1, len(said))
        yield _row(name, method, "precision", precise, published[1], "≥ .65")
        late = float(np.median(list(delay.values()))) if delay else float("nan")
        yield _row(name, method, "median delay, weeks", late, published[2], "≤ 4")
        yield _row(name, method, "signals a week", len(said) / weeks, published[3], "≤ 1")
    drawn = planted.draw(seed + 1, planted=0)
    first = drawn.counts.shape[1] - 104
    said = signals(Default().bounds(panel_of(drawn.counts, drawn.read), first))
    name = "2,000 series, 104 weeks, nothing planted"
    yield _row(name, "default", "signals a week", len(said) / 104, "", "≤ 1")


def known_truth(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what is found in real series of known truth."""
    sums: list[tuple[float, float]] = []
    for row in real.labelled(folder):
        pair = tuple(
            f"{row[f'{who}_sensitivity']:.2f} + {row[f'{who}_specificity']:.3f}"
            for who in ("ours", "ears")
        )
        name = f"outbreaks: {row['series']}, {row['outbreak']} of {row['weeks']} weeks"
        yield _row(name, "default", "sensitivity + specificity", pair[0], f"EARS C1: {pair[1]}")
        if row["outbreak"]:
            sums.append(
                tuple(
                    row[f"{who}_sensitivity"] + row[f"{who}_specificity"]
                    for who in ("ours", "ears")
                )
            )
    ours, ears = np.mean(sums, axis=0)
    yield _row(
        "outbreaks: mean",
        "default",
        "sensitivity + specificity",
        float(ours),
        f"EARS C1: {ears:.3f}",
        "above EARS",
    )
    found = real.shortage(folder)
    drought = [month for month in found["drought"] if month >= date(2023, 1, 1)]
    name = "US fentanyl, 24 months of warm-up"
    yield _row(
        name,
        "default",
        "shortage first signalled",
        str(drought[0])[:7],
        "2023-07",
        "2023-07 to 2023-10",
    )
    for measure in ("purity rises", "purity falls"):
        months = found[measure]
        yield _row(
            name, "shift", f"{measure} from", str(months[0])[:7] if months else "–", "", "signalled"
        )
    for substance, must in (("3-mmc", "by 2019"), ("4-fa", "none from 2018")):
        for kind, periods in real.forum_and_lab(folder, substance).items():
            late = [period for period in periods if period >= date(2018, 1, 1)]
            chosen = late if substance == "4-fa" else periods
            yield _row(
                f"NL {substance}",
                "default",
                f"{kind}, first rise",
                str(chosen[0])[:7] if chosen else "none",
                "",
                must,
            )
