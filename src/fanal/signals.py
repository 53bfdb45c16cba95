"""From alarms to signals: one for each phenomenon, ranked, with a proposed novelty class.

Alarms of neighbouring series belong together: the same concept over sites, kinds of source and
ways of counting (documents, channels, authors), without a gap of more than `GAP` periods. The
signal's place is the one site that alarms, or empty where several do.

The score that ranks signals is
``surprise × (1 + 0.1 × periods) × (1 + 0.5 × (kinds of source − 1)) × (1 + 0.25 × (sites − 1))``,
where *surprise* is -log10 of how rarely the detector's strongest alarm would come by chance, at
most 10 (`surprise` says how each detector's score becomes one), and *periods* are those with an
alarm, at most 10. It orders a list; it is not a probability.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from fanal.counting import parts_of
from fanal.records import Alarm, Signal, conform, table_of

GAP = {"week": timedelta(weeks=13), "month": timedelta(days=200), "year": timedelta(days=740)}
MOST = 10.0  # beyond one in ten milliards nothing more is learnt
ABSENT = {"week": 26, "month": 6, "year": 2}  # periods without a trace before a return
MENTIONS = ("mentions", "channels", "authors", "found", "danger")
FAMILY = {"documents": "silence", "price": "price", "purity": "purity", "expected": "expected"}


def concept_of(series: str) -> str:
    """Return what a series is about: its dimensions without site, kind and quantity band.

    Ways of counting one thing share a concept; its price and its purity are things of their own.
    """
    measure, dimensions, _ = parts_of(series)
    apart: tuple[str, ...] = ("site", "kind", "band", "area")
    if measure == "documents":
        apart = ()
    elif "substance" in dimensions:
        apart = (
            *apart,
            "name",
            "rule",
        )  # a published figure on a substance is about that substance
    about = [f"{k}={v}" for k, v in dimensions.items() if k not in apart]
    prefix = FAMILY.get(measure, "")
    return " ".join([prefix, *about]).strip() or measure


def group(
    alarms: pa.Table,
    points: pa.Table,
    previous: pa.Table,
    key: Callable[[str], bytes],
) -> tuple[pa.Table, pa.Table]:
    """Group alarms into signals (`Alarm`, `Point`, earlier `Signal` → `Signal`, `Alarm`).

    `key` makes a keyed id of a text. A group that overlaps an earlier signal of its concept keeps
    that signal's id, so that decisions stay with what they were about. The alarms come back with
    the signal that each belongs to.
    """
    history = _history(points, set(alarms.column("series").to_pylist()))
    known: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in previous.to_pylist():
        known[row["concept"]].append(row)
    signals: list[Signal] = []
    linked: list[dict[str, Any]] = []
    for concept, rows in _by_concept(alarms).items():
        for episode in _episodes(rows):
            signal = _signal(concept, episode, history, known[concept], key)
            signals.append(signal)
            linked += [{**row, "signal": signal.id} for row in episode]
    signals.sort(key=lambda s: (-s.score, s.concept, s.first))
    linked.sort(key=lambda r: (r["series"], r["period"], r["detector"]))
    table = pa.Table.from_pylist(linked, schema=alarms.schema) if linked else alarms.slice(0, 0)
    return table_of(signals, Signal), conform(table, Alarm)


def _by_concept(alarms: pa.Table) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in alarms.to_pylist():
        found[concept_of(row["series"])].append(row)
    return {
        concept: sorted(rows, key=lambda r: (r["period"], r["series"]))
        for concept, rows in sorted(found.items())
    }


def _episodes(rows: Sequence[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    episode: list[dict[str, Any]] = []
    for row in rows:
        if episode and row["period"] - episode[-1]["period"] > GAP[row["step"]]:
            yield episode
            episode = []
        episode.append(row)
    if episode:
        yield episode


def surprise(row: dict[str, Any]) -> float:
    """Return -log10 of how rarely an alarm would come by chance, at most `MOST`.

    Most detectors give a tail probability; a CUSUM that reaches S is about as rare as exp(-S)
    (Siegmund 1985, for a reference value of half a standard deviation); a first detection has no
    chance to be compared with and counts most.
    """
    detector: str = row["detector"]
    score: float = row["score"]
    if detector == "first-seen":
        return MOST
    if detector in ("shift", "cusum", "binomial-cusum"):
        limit = json.loads(row["parameters"]).get("limit", 4.0)
        return float(min(MOST, score * limit * math.log10(math.e)))
    if detector == "ears":
        return min(MOST, -math.log10(max(0.5 * math.erfc(score / math.sqrt(2)), 1e-300)))
    if detector == "farrington":
        return min(MOST, 2.0 * score)
    return float(min(MOST, score))


def _signal(
    concept: str,
    episode: Sequence[dict[str, Any]],
    history: dict[str, tuple[list[date], np.ndarray]],
    known: Sequence[dict[str, Any]],
    key: Callable[[str], bytes],
) -> Signal:
    strongest = max(episode, key=lambda r: (surprise(r), r["score"], r["period"]))
    sites, kinds = set(), set()
    for row in episode:
        dimensions = parts_of(row["series"])[1]
        sites |= {dimensions[name] for name in ("site", "area") if name in dimensions}
        kinds |= {dimensions["kind"]} if "kind" in dimensions else set()
    first, last = episode[0]["period"], episode[-1]["period"]
    same = [s for s in known if s["first"] <= last and s["last"] >= first]
    score = (
        surprise(strongest)
        * (1 + 0.1 * min(10, len({row["period"] for row in episode})))
        * (1 + 0.5 * max(0, len(kinds) - 1))
        * (1 + 0.25 * max(0, len(sites) - 1))
    )
    return Signal(
        id=same[0]["id"] if same else key(f"signal/{concept}/{first.isoformat()}"),
        concept=concept,
        measure=parts_of(strongest["series"])[0],
        place=next(iter(sites)) if len(sites) == 1 else "",
        first=first,
        last=last,
        novelty=_novelty(strongest, first, last, history),
        score=round(score, 4),
        observed=strongest["observed"],
        expected=strongest["expected"],
        threshold=strongest["threshold"],
        series=strongest["series"],
        detector=strongest["detector"],
        parameters=strongest["parameters"],
        evidence=sum({r["period"]: abs(r["observed"] - r["expected"]) for r in episode}.values()),
    )


def _history(points: pa.Table, wanted: set[str]) -> dict[str, tuple[list[date], np.ndarray]]:
    found: dict[str, tuple[list[date], list[float]]] = {}
    for row in points.select(["series", "period", "value"]).to_pylist():
        if row["series"] in wanted:
            periods, values = found.setdefault(row["series"], ([], []))
            periods.append(row["period"])
            values.append(row["value"])
    return {name: (periods, np.array(values)) for name, (periods, values) in found.items()}


def _novelty(
    strongest: dict[str, Any],
    first: date,
    last: date,
    history: dict[str, tuple[list[date], np.ndarray]],
) -> str:
    """Propose a novelty class from the observatory's own past (OFDT TREND's five)."""
    periods, values = history.get(strongest["series"], ([], np.array([])))
    when = np.array(periods, dtype="datetime64[D]")
    before = values[when < np.datetime64(first)]
    after = values[when > np.datetime64(last)]
    if strongest["observed"] < strongest["expected"]:
        return "fading"
    if not before.any():
        return "new"
    quiet = ABSENT[strongest["step"]]
    if len(after) >= 8 and after[-8:].mean() < 0.5 * values[when >= np.datetime64(first)].mean():
        return "fading"
    if _cyclical(when, values, np.datetime64(first)):
        return "cyclical"
    if len(before) >= quiet and not before[-quiet:].any():
        return "returning"
    level = before[-26:].mean()
    return "new" if len(before) >= quiet and level < 0.1 * strongest["observed"] else "persistent"


def _cyclical(when: np.ndarray, values: np.ndarray, first: np.datetime64) -> bool:
    """Say whether at least two earlier years had their peak within five weeks of this season."""
    years = 0
    for back in (1, 2, 3):
        middle = first - np.timedelta64(round(365.25 * back), "D")
        year = values[np.abs(when - middle) <= np.timedelta64(182, "D")]
        season = values[np.abs(when - middle) <= np.timedelta64(35, "D")]
        if len(year) >= 40 and len(season) and season.mean() > 2 * year.mean():
            years += 1
    return years >= 2


def keyed(secret: bytes) -> Callable[[str], bytes]:
    """Return a function that makes 16-byte keyed ids of texts."""
    return lambda text: hashlib.blake2b(text.encode(), key=secret, digest_size=16).digest()
