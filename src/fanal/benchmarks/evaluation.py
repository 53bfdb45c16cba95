"""Score a coder against gold lines: precision, recall and F1 by kind, exact on the given fields."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment

from fanal.benchmarks.written import Line, read_written
from fanal.coding.base import Coder
from fanal.coding.facts import CUT
from fanal.errors import ConfigError
from fanal.records import Document, Observation, field_types, schema_of

KINDS = (
    *("mention", "price", "quantity", "bonus", "purity", "strength", "hours"),
    *("place", "platform", "practice"),
)
ONCE = ("mention", "practice")  # count once per text where the gold gives no span
_SPAN = {"start": "start", "stop": "stop", "end": "stop"}
_FIELDS = frozenset(schema_of(Observation).names) - {"document", "version", "coder", "month"}

Found = dict[str, Any]


def read_gold(path: Path) -> Sequence[Line]:
    """Return the lines of a gold file: JSON by lines, or `.txt` as people write them (`written`).

    Raises:
        ConfigError: a line is no gold line; its number is said, its text is not.
    """
    if path.suffix == ".txt":
        return read_written(path)
    lines: list[Line] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except json.JSONDecodeError as error:
            raise ConfigError(
                f"no JSON ({error.msg})", where=f"{path.name} line {number}"
            ) from None
        _check(line, f"{path.name} line {number}")
        lines.append(line)
    return lines


def _check(line: Any, where: str) -> None:
    if not isinstance(line, dict) or not isinstance(line.get("text"), str):
        raise ConfigError("no text", where=where, allowed='{"id", "text", "lang", "observations"}')
    observations = line.get("observations", [])
    if not isinstance(observations, list) or not all(isinstance(o, dict) for o in observations):
        raise ConfigError("observations are no list of objects", where=where)
    for observation in observations:
        if observation.get("kind") not in KINDS:
            raise ConfigError(
                f"no kind {observation.get('kind')!r}", where=where, allowed=", ".join(KINDS)
            )
        unknown = sorted(set(observation) - _FIELDS - {"end"})
        if unknown:
            raise ConfigError(
                f"no field {unknown[0]!r}", where=where, allowed=", ".join(sorted(_FIELDS))
            )
    for kind in line.get("kinds", ()):
        if kind not in KINDS:
            raise ConfigError(f"no kind {kind!r}", where=where, allowed=", ".join(KINDS))


def evaluate(lines: Sequence[Line], coder: Coder, *, errors: bool = False) -> dict[str, Any]:
    """Return `{"kinds": {kind: {"gold", "found", "right", "precision", "recall", "f1"}}, "lines"}`.

    Only observations above the cut are found. A line scores all kinds, or those of its `kinds`;
    an observation is right where every field that the gold gives is equal (numbers to 1e-6). With
    `errors`, a list of what was missed and what was too much, by id of the line.
    """
    tally = {kind: [0, 0, 0] for kind in KINDS}
    wrong: list[dict[str, Any]] = []
    for line, found in zip(lines, _code(lines, coder), strict=True):
        for kind in line.get("kinds", KINDS):
            want = [o for o in line.get("observations", ()) if o["kind"] == kind]
            got = [o for o in found if o["kind"] == kind]
            missed, extra, right = compare(kind, want, got)
            tally[kind][0] += right + len(missed)
            tally[kind][1] += right + len(extra)
            tally[kind][2] += right
            name = line.get("id")
            wrong += [{"id": name, "kind": kind, "error": "missed", "gold": o} for o in missed]
            wrong += [{"id": name, "kind": kind, "error": "extra", "found": o} for o in extra]
    kinds = {kind: _score(*counts) for kind, counts in tally.items() if any(counts)}
    result: dict[str, Any] = {"kinds": kinds, "lines": len(lines)}
    return result | {"errors": wrong} if errors else result


def _score(gold: int, found: int, right: int) -> dict[str, float]:
    """Return the counts with precision, recall and F1; 1 where there was nothing to find."""
    precision = right / found if found else 1.0
    recall = right / gold if gold else 1.0
    f1 = 2 * right / (gold + found) if gold + found else 1.0
    counts = {"gold": gold, "found": found, "right": right}
    return counts | {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
    }


def compare(
    kind: str, gold: Sequence[Line], found: Sequence[Found]
) -> tuple[list[Line], list[Found], int]:
    """Return what was missed, what was too much, and how many are right, matched one to one."""
    want: list[Line] = [{_SPAN.get(k, k): v for k, v in o.items() if k != "kind"} for o in gold]
    got = list(found)
    if kind in ONCE and not any("start" in o or "stop" in o for o in want):
        identity = "substance" if kind == "mention" else "code"
        want = list({json.dumps(o, sort_keys=True): o for o in want}.values())
        got = list({o.get(identity): o for o in got}.values())
    if not want or not got:
        return list(want), got, 0
    fits = np.array([[_fits(o, g) for g in got] for o in want])
    rows, columns = linear_sum_assignment(fits, maximize=True)
    pairs = [(r, c) for r, c in zip(rows.tolist(), columns.tolist(), strict=True) if fits[r, c]]
    matched = {r for r, _ in pairs}, {c for _, c in pairs}
    missed = [o for r, o in enumerate(want) if r not in matched[0]]
    extra = [g for c, g in enumerate(got) if c not in matched[1]]
    return missed, extra, len(pairs)


def _fits(gold: Line, found: Found) -> bool:
    return all(_equal(value, found.get(name)) for name, value in gold.items())


def _equal(one: Any, other: Any) -> bool:
    numbers = (int, float)
    if isinstance(one, numbers) and isinstance(other, numbers):
        return abs(one - other) <= 1e-6
    return bool(other in one if isinstance(one, list) else one == other)  # a list: any of these


def _code(lines: Sequence[Line], coder: Coder) -> list[list[Found]]:
    """Return the observations above the cut of each line, without empty fields."""
    found: list[list[Found]] = [[] for _ in lines]
    for row in coder.code(documents_of(lines)).to_pylist():
        if row["confidence"] >= CUT:
            fields = {k: v for k, v in row.items() if v is not None and k in _FIELDS}
            fields.pop("fingerprint", None)
            if row["kind"] == "place":  # the scheme's normal form calls it a code
                fields["code"] = fields.pop("place")
            found[int.from_bytes(row["document"], "big")].append(fields)
    return found


def documents_of(lines: Iterable[Line]) -> pa.Table:
    """Return gold lines as documents; the id is the number of the line."""
    rows = []
    for number, line in enumerate(lines):
        row: dict[str, Any] = {
            "id": number.to_bytes(16, "big"),
            "version": 1,
            "thread": bytes(16),
            "digest": bytes(16),
            "position": number,
            "day": datetime.date(2026, 1, 1),
            "language": line.get("lang"),
            "text": line["text"],
        }
        for name, (kind, nullable, _) in field_types(Document).items():
            row.setdefault(name, None if nullable else {str: "gold", int: 0}.get(kind))
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=schema_of(Document))
