"""Series to look at: what there is, one by its dimensions, what may leave of it, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fanal import disclosure
from fanal.counting import name_of, parts_of
from fanal.errors import MissingError

if TYPE_CHECKING:
    from fanal.workspace import Workspace

MEASURES = (
    "mentions", "practices", "platforms", "places", "channels", "authors", "price", "purity",
    "found", "expected", "danger", "documents", "indicator",
)  # fmt: skip
BY = ("site", "kind", "source")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for one


@dataclass(frozen=True, slots=True)
class Line:
    """One series and its points."""

    series: str
    points: tuple[tuple[date, float, float | None], ...]  # period, value, denominator
    withheld: frozenset[date] = frozenset()


def concepts(ws: Workspace, measure: str, step: str) -> list[str]:
    """Return what a measure was counted of: series without their site, kind and source."""
    rows = ws.tables.rows(
        "SELECT DISTINCT series FROM points WHERE starts_with(series, $start) "
        "AND ends_with(series, $end)",
        {"start": f"{measure}/", "end": f"/{step}"},
    )
    return sorted({base(row["series"]) for row in rows})


def base(series: str) -> str:
    """Return a series without its site, kind and source."""
    measure, dimensions, step = parts_of(series)
    return name_of(measure, {k: v for k, v in dimensions.items() if k not in BY}, step)


def family(ws: Workspace, concept: str) -> dict[str, Line]:
    """Return a concept's series: in all, by site, by kind, by source.

    Raises:
        MissingError: there is none.
    """
    measure, dimensions, step = parts_of(concept)
    holds = " ".join(f"AND contains(series, $d{i})" for i in range(len(dimensions)))
    asked = {f"d{i}": f"/{k}={v}/" for i, (k, v) in enumerate(dimensions.items())}
    rows = ws.tables.rows(
        "SELECT series, period, value, denominator FROM points WHERE starts_with(series, $start) "
        f"AND ends_with(series, $end) {holds} ORDER BY series, period",
        {"start": f"{measure}/", "end": f"/{step}"} | asked,
    )
    found: dict[str, list[tuple[date, float, float | None]]] = {}
    for row in rows:
        if base(row["series"]) == concept:
            found.setdefault(row["series"], []).append(
                (row["period"], row["value"], row["denominator"])
            )
    if not found:
        raise MissingError("no such series")
    return {name: Line(name, tuple(points)) for name, points in found.items()}


def lines(ws: Workspace, concept: str, by: str, *, protected: bool) -> list[Line]:
    """Return a concept's series by a dimension, or in all where there is none.

    `protected` takes out what tells small counts of persons; all of the family is looked at.
    """
    every = family(ws, concept)
    wanted = [
        line for name, line in every.items()
        if {k for k in parts_of(name)[1] if k in BY} == ({by} if by else set())
    ]  # fmt: skip
    if not wanted and not by:  # a measure that is counted by site alone
        wanted = [line for name, line in every.items() if "site" in parts_of(name)[1]]
    if not protected:
        return wanted
    kept = withheld(ws, every)
    return [
        Line(
            line.series,
            tuple(p for p in line.points if (line.series, p[0]) not in kept),
            frozenset(p[0] for p in line.points if (line.series, p[0]) in kept),
        )
        for line in wanted
    ]


def withheld(ws: Workspace, every: Mapping[str, Line]) -> set[tuple[str, date]]:
    """Return which values of a family of series may not leave."""
    points = {
        name: {period: value for period, value, _ in line.points}
        for name, line in every.items() if "source" not in parts_of(name)[1]
    }  # fmt: skip
    return disclosure.withheld(points, ws.settings.small_number)


def as_csv(
    named: Mapping[str, Line], measure: str, source: str, least: int, values: str, period: str
) -> str:
    """Return lines by their name as CSV, one row for each value; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["series", "measure", period, values, "denominator", "note", "source"])
    for name, line in named.items():
        rows = [(p, f"{v:g}", "" if d is None else f"{d:g}", "") for p, v, d in line.points]
        rows += [(p, "", "", f"withheld: fewer than {least}, or would tell one that is")
                 for p in line.withheld]  # fmt: skip
        for day, value, of, note in sorted(rows):
            writer.writerow([plain(name), plain(measure), day, value, of, note, plain(source)])
    return out.getvalue()


def plain(cell: str) -> str:
    """Return a cell that no spreadsheet computes (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
