"""Series to look at: what there is, one by its dimensions, what may leave of it, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fanal.answers import withholding
from fanal.errors import MissingError
from fanal.observatory import Observatory
from fanal.records import Point
from fanal.series import lineage, name_of, parts_of

MEASURES = (
    "mentions", "practices", "platforms", "places", "channels", "authors", "price", "purity",
    "strength", "found", "expected", "danger", "documents", "indicator",
)  # fmt: skip
BY = ("site", "kind", "source")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for one


@dataclass(frozen=True, slots=True)
class Line:
    """One series and its points."""

    series: str
    points: tuple[tuple[date, float, float | None], ...]  # period, value, denominator where told
    withheld: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Ends:
    """A series with its number of points, and its first and last period."""

    series: str
    points: int
    first: date
    last: date


def concepts(ws: Observatory, measure: str, step: str) -> list[str]:
    """Return what a measure was counted of: series without their site, kind and source."""
    rows = ws.tables.rows(
        "SELECT DISTINCT series FROM points WHERE starts_with(series, $start) "
        "AND ends_with(series, $end)",
        {"start": f"{measure}/", "end": f"/{step}"},
    )
    return sorted({base(row["series"]) for row in rows})


def catalogue(
    ws: Observatory, measure: str, holds: str, limit: int, offset: int
) -> tuple[list[Ends], int]:
    """Return a stretch of the series in order, each with its points and ends, and how many are.

    Of a measure, where one is given, whose names hold some text.
    """
    asked = {"measure": f"{measure}/" if measure else "", "holds": holds}
    where = "starts_with(series, $measure) AND contains(series, $holds)"
    rows = ws.tables.rows(
        "SELECT series, count(*) AS points, min(period) AS first, max(period) AS last, "
        f"FROM points WHERE {where} GROUP BY series ORDER BY series "
        "LIMIT $limit OFFSET $offset",
        asked | {"limit": limit, "offset": offset},
    )
    counted = ws.tables.rows(f"SELECT count(DISTINCT series) AS n FROM points WHERE {where}", asked)
    return [Ends(**row) for row in rows], counted[0]["n"]


def base(series: str) -> str:
    """Return a series without its site, kind and source."""
    measure, dimensions, step = parts_of(series)
    return name_of(measure, {k: v for k, v in dimensions.items() if k not in BY}, step)


def family(ws: Observatory, concept: str) -> dict[str, Line]:
    """Return a concept's series: in all, by site, by kind, by source.

    Raises:
        MissingError: there is none.
    """
    found = {name: line for name, line in _read(ws, concept).items() if base(name) == concept}
    if not found:
        raise MissingError("no such series")
    return found


def _read(ws: Observatory, concept: str) -> dict[str, Line]:
    """Return a concept's series, and those of what makes it up with it."""
    measure, dimensions, step = parts_of(concept)
    pair = {measure, withholding.COMPLEMENT.get(measure, measure)}
    pair |= {m for m, other in withholding.COMPLEMENT.items() if other == measure}
    holds = [f"/{k}={v}/" for k, v in dimensions.items()]
    found = {
        name: one for start in sorted(pair)
        for name, one in _lines_of(ws, f"{start}/", step, holds).items()
    }  # fmt: skip
    wanted = withholding.family_of(concept)
    return {name: one for name, one in found.items() if withholding.family_of(name) == wanted}


def _lines_of(ws: Observatory, start: str, step: str, holds: Sequence[str] = ()) -> dict[str, Line]:
    """Return the series that begin so, of a step, that hold all of these."""
    more = " ".join(f"AND contains(series, $d{i})" for i in range(len(holds)))
    rows = ws.tables.rows(
        "SELECT series, period, value, denominator FROM points WHERE starts_with(series, $start) "
        f"AND ends_with(series, $end) {more} ORDER BY series, period",
        {"start": start, "end": f"/{step}"} | {f"d{i}": part for i, part in enumerate(holds)},
    )
    found: dict[str, list[tuple[date, float, float | None]]] = {}
    for row in rows:
        found.setdefault(row["series"], []).append(
            (row["period"], row["value"], row["denominator"])
        )
    return {name: Line(name, tuple(points)) for name, points in found.items()}


def lines(ws: Observatory, concept: str, by: str, least: int) -> list[Line]:
    """Return a concept's series by a dimension, or in all where there is none.

    What tells a count of persons below `least` is taken out.
    """
    every = family(ws, concept)
    wanted = [
        line for name, line in every.items()
        if {k for k in parts_of(name)[1] if k in BY} == ({by} if by else set())
    ]  # fmt: skip
    if not wanted and not by:  # a measure that is counted by site alone
        wanted = [line for name, line in every.items() if "site" in parts_of(name)[1]]
    return _told(ws, concept, wanted, least)


def line(ws: Observatory, series: str, least: int) -> Line:
    """Return one series, without what tells a count of persons below `least`.

    Raises:
        MissingError: there is none.
    """
    every = family(ws, base(series))
    if series not in every:
        raise MissingError("no such series")
    return _told(ws, base(series), [every[series]], least)[0]


def _told(ws: Observatory, concept: str, wanted: list[Line], least: int) -> list[Line]:
    """Return lines with what may be told of them."""
    if least <= 1:
        return wanted
    measure, dimensions, step = parts_of(concept)
    read = measure == "documents" and not dimensions
    kept = reads_withheld(ws, step, least) if read else withheld(ws, concept, least)
    return [_without(ws, one, {p for name, p in kept if name == one.series}, least)
            for one in wanted]  # fmt: skip


def _without(ws: Observatory, one: Line, hidden: set[date], least: int) -> Line:
    of = withholding.denominators_withheld(one.series, {p: d for p, _, d in one.points}, least)
    measure, dimensions, step = parts_of(one.series)
    if measure in withholding.CONTENTS:
        hidden = hidden | of  # the median of a few samples is theirs
    elif measure not in withholding.PERSONS and measure not in ("channels", "documents", "price"):
        scope = {k: v for k, v in dimensions.items() if k in withholding.DIMENSIONS}
        reads = name_of("documents", scope, step)
        of = of | {p for name, p in reads_withheld(ws, step, least) if name == reads}
    return Line(
        one.series,
        tuple((p, v, None if p in of else d) for p, v, d in one.points if p not in hidden),
        frozenset(hidden),
    )


def withheld(ws: Observatory, concept: str, least: int) -> set[withholding.Cell]:
    """Return which values of a concept's series may not be told."""
    measure, dimensions, step = parts_of(concept)
    members = set[str]()
    every = _read(ws, concept)
    for other in {"week", "month"} - {step} if step in ("week", "month") else ():
        every |= _read(ws, name_of(measure, dimensions, other))  # one step tells the other
    wider = next(((d, dimensions[d]) for d in ("group", "class") if d in dimensions), None)
    if wider and measure == "found":
        below = {r["substance"] for r in lineage(ws.thesaurus()).to_pylist()
                 if (r["dimension"], r["wider"]) == wider}  # fmt: skip
        for name, one in _lines_of(ws, f"{measure}/substance=", step).items():
            if parts_of(name)[1]["substance"] in below:
                every[name] = one
                members.add(name)
    found = withholding.withheld(
        {name: {p: v for p, v, _ in one.points} for name, one in every.items()},
        least,
        of={name: {p: d for p, _, d in one.points} for name, one in every.items()},
        sources=sources_of(ws),
        members=members,
    )
    if measure == "danger":  # all sites' may be all of what was found
        for dimension in ("substance", "group"):
            total = name_of("found", {dimension: dimensions["substance"]}, step)
            months = {period for _, period in withheld(ws, total, least)}
            found |= {(name, p) for name, one in every.items() for p, v, _ in one.points
                      if p in months and v}  # fmt: skip
    return found


def both_steps(
    ws: Observatory, concept: str, least: int
) -> tuple[dict[str, dict[str, dict[date, float]]], set[withholding.Cell]]:
    """Return the points of a concept's series by week and by month, and what is withheld of them.

    The concept is without its step, as `mentions/substance=mdma`.
    """
    steps, hidden = {}, set[withholding.Cell]()
    for step in ("week", "month"):
        every = _read(ws, f"{concept}/{step}")
        steps[step] = {name: {p: v for p, v, _ in one.points} for name, one in every.items()}
        if least > 1 and every:
            read = concept == "documents"
            hidden |= (
                reads_withheld(ws, step, least)
                if read
                else withheld(ws, f"{concept}/{step}", least)
            )
    return steps, hidden


def sources_of(ws: Observatory) -> dict[str, tuple[str, str]]:
    """Return the site and the kind of each source."""
    return {name: (source.site, source.kind) for name, source in ws.sources.items()}


def reads_withheld(ws: Observatory, step: str, least: int) -> set[withholding.Cell]:
    """Return which numbers of documents read may not be told; weeks and months go together."""
    step = "week" if step == "month" else step

    def make() -> list[tuple[str, str]]:
        return [(name, period.isoformat())
                for name, period in sorted(withheld(ws, f"documents/{step}", least))]  # fmt: skip

    about = repr((least, sorted(sources_of(ws).items())))
    rows = ws.tables.kept(f"reads-{step}", (Point,), make, about)
    return {(name, date.fromisoformat(period)) for name, period in rows}


def as_csv(
    named: Mapping[str, Line], measure: str, source: str, head: Sequence[str], untold: str
) -> str:
    """Return lines by their name as CSV, one row for each value; no cell is a formula.

    `head` names the seven columns; `untold` stands beside each value that is withheld.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for name, line in named.items():
        rows = [(p, f"{v:g}", "" if d is None else f"{d:g}", "") for p, v, d in line.points]
        rows += [(p, "", "", untold) for p in line.withheld]
        for day, value, of, note in sorted(rows):
            writer.writerow([plain(name), plain(measure), day, value, of, note, plain(source)])
    return out.getvalue()


def plain(cell: str) -> str:
    """Return a cell that no spreadsheet computes (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
