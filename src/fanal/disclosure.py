"""Small numbers: what of a count of persons may leave, and what must go with it.

A count of persons below the threshold is withheld, and so are the cells from which it could be
computed. The attacker of `intervals` knows every total, that a withheld small count is between 1
and the threshold, and how we withhold; what is left to them is an interval, found by linear
programming (HiGHS). A cell is added to what is withheld until every interval is wide enough, so
the guarantee is the attack itself. Why not a package: `docs/explanation/decisions/disclosure.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from fanal.counting import name_of, parts_of
from fanal.exporters.edition import Edition, Few, LabFact, SignalFact, Value, Witness

# Measures that count persons, or samples, each of which is a person's.
PERSONS = ("authors", "found", "expected", "danger")
INTERVIEWED = ("interview", "field notes")  # kinds of source whose documents are persons' words
TOO_MUCH = 1 / 3  # of the cells withheld: the table is to be published coarser
DIMENSIONS = ("site", "kind")  # by which a count is told apart


class Sum(NamedTuple):
    """A cell that is the sum of others."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """Which cells of a table are withheld: those that are small, and those that would tell them."""

    small: frozenset[int]
    others: frozenset[int]

    @property
    def withheld(self) -> frozenset[int]:
        """Return every cell that is not shown."""
        return self.small | self.others


def protect(
    values: Sequence[int],
    sums: Sequence[Sum],
    least: int,
    *,
    persons: Set[int] | None = None,
    unseen: Set[int] = frozenset(),
) -> Protected:
    """Return what is withheld of a table of counts; a zero is shown.

    `persons` are the cells that count persons (all of them by default); `unseen` those that are
    published nowhere in any case.

    Raises:
        ValueError: a total is not the sum of its parts.
    """
    for total, parts in sums:
        if values[total] != sum(values[i] for i in parts):
            raise ValueError(f"cell {total} is not the sum of its parts")
    small = frozenset(
        i for i, value in enumerate(values)
        if 0 < value < least and i not in unseen and (persons is None or i in persons)
    )  # fmt: skip
    if not small:
        return Protected(small, frozenset())
    hidden = set(small | unseen)
    _pair(values, sums, hidden)
    while weak := _weak(values, sums, small, hidden, least) - unseen:
        added = _next(values, sums, hidden, weak)
        if added is None:  # nothing is left that could be withheld with them
            break
        hidden.add(added)
        _pair(values, sums, hidden)
    return Protected(small, frozenset(hidden - small - unseen))


def _pair(values: Sequence[int], sums: Sequence[Sum], hidden: set[int]) -> None:
    """Withhold a second cell wherever one alone could be computed from its sum."""
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            if sum(i in hidden for i in (total, *parts)) == 1:
                free = [i for i in parts if i not in hidden and values[i]]
                free = free or [i for i in (total,) if i not in hidden and values[i]]
                if free:
                    hidden.add(min(free, key=lambda i: (values[i], i)))
                    changed = True


def _weak(
    values: Sequence[int],
    sums: Sequence[Sum],
    small: frozenset[int],
    hidden: set[int],
    least: int,
) -> set[int]:
    """Return the withheld cells that an attacker would know too well."""
    found = intervals(values, sums, small, hidden, least)
    return {i for i, (low, high) in found.items() if high - low < _width(i in small, least)}


def _width(small: bool, least: int) -> float:
    """Return how wide the interval of a withheld cell must be."""
    return (least - 1) / 2 - 0.5 if small else 2.0


def _next(
    values: Sequence[int], sums: Sequence[Sum], hidden: set[int], weak: Set[int]
) -> int | None:
    """Return the cheapest shown cell that stands in a sum with one that is known too well."""
    for known in (weak, hidden):
        near = {
            i for total, parts in sums for i in (total, *parts)
            if i not in hidden and values[i] and not known.isdisjoint((total, *parts))
        }  # fmt: skip
        if near:
            return min(near, key=lambda i: (values[i], i))
    return None


def intervals(
    values: Sequence[int],
    sums: Sequence[Sum],
    small: Set[int],
    hidden: Set[int],
    least: int,
) -> dict[int, tuple[float, float]]:
    """Return what an attacker can say of each withheld cell, given the shown ones and the sums."""
    import numpy as np
    from scipy.optimize import linprog

    order = sorted(hidden)
    column = {cell: i for i, cell in enumerate(order)}
    rows, right = [], []
    for total, parts in sums:
        row = np.zeros(len(order))
        known = 0.0
        for cell, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
            if cell in column:
                row[column[cell]] += sign
            else:
                known += sign * values[cell]
        if row.any():
            rows.append(row)
            right.append(-known)
    bounds = [(1, least - 1) if cell in small else (0, None) for cell in order]
    found = {}
    for cell in order:
        aim = np.zeros(len(order))
        aim[column[cell]] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(
                sign * aim, A_eq=np.array(rows) if rows else None,
                b_eq=right if rows else None, bounds=bounds, method="highs",
            )  # fmt: skip
            ends.append(sign * solved.fun if solved.status == 0 else -sign * np.inf)
        found[cell] = (float(ends[0]), float(ends[1]))
    return found


# --- series ---------------------------------------------------------------------------------------


def counts_persons(series: str) -> bool:
    """Say whether the values of a series are counts of persons."""
    measure, dimensions, _ = parts_of(series)
    return measure in PERSONS or (
        measure not in ("price", "purity", "indicator") and dimensions.get("kind") in INTERVIEWED
    )


def withheld(points: Mapping[str, Mapping[date, float]], least: int) -> set[tuple[str, date]]:
    """Return which values of series, by period, are withheld.

    Give a concept's series by site and by kind together with its total, whichever of them is
    published: two publications then tell no more than one.
    """
    families: dict[str, list[str]] = {}
    for name in points:
        measure, dimensions, step = parts_of(name)
        rest = {key: value for key, value in dimensions.items() if key not in DIMENSIONS}
        families.setdefault(name_of(measure, rest, step), []).append(name)
    found: set[tuple[str, date]] = set()
    for total, names in families.items():
        if not any(map(counts_persons, names)):
            continue
        for period in sorted({period for name in names for period in points[name]}):
            cells = {n: round(points[n][period]) for n in names if period in points[n]}
            found |= {(name, period) for name in _of_period(total, cells, least)}
    return found


def _of_period(total: str, cells: dict[str, int], least: int) -> list[str]:
    """Return which of a concept's series are withheld in one period."""
    names, values, sums = list(cells), list(cells.values()), []
    for dimension in DIMENSIONS if total in cells else ():
        parts = [i for i, name in enumerate(names) if _told_by(name) == {dimension}]
        rest = cells[total] - sum(values[i] for i in parts)
        if not parts or rest < 0:  # counted in two parts: no sum holds that could be solved
            continue
        if rest:  # what was read elsewhere
            parts = [*parts, len(values)]
            values.append(rest)
        sums.append(Sum(names.index(total), tuple(parts)))
    persons = {i for i, name in enumerate(names) if counts_persons(name)}
    unseen = frozenset(range(len(names), len(values)))
    kept = protect(values, sums, least, persons=persons, unseen=unseen).withheld
    return [names[i] for i in sorted(kept)]


def _told_by(series: str) -> set[str]:
    return {key for key in parts_of(series)[1] if key in DIMENSIONS}


# --- a public edition -----------------------------------------------------------------------------


def public(edition: Edition, least: int) -> Edition:
    """Return an edition for everybody: small counts of persons as “fewer than”, no text.

    What a person released by issuing an alert on it is told as it is.
    """
    return replace(edition, signals=tuple(signal(fact, least) for fact in edition.signals))


def signal(fact: SignalFact, least: int) -> SignalFact:
    """Return a signal for everybody: small counts of persons withheld, no text."""
    lab = _lab(fact.lab, least) if fact.lab else None
    witnesses = tuple(_witness(w, least) for w in fact.witnesses)
    evidence = tuple(replace(e, text=None, marks=()) for e in fact.evidence)
    fact = replace(fact, lab=lab, witnesses=witnesses, evidence=evidence)
    if fact.measure not in PERSONS or fact.state == "alerted":
        return fact
    history = tuple(
        Value(v.period, None if v.value is not None and 0 < v.value < least else v.value)
        for v in fact.history
    )
    if not 0 < fact.observed < least:
        return replace(fact, history=history)
    return replace(fact, observed=Few(least), denominator=None, history=())


def _few(n: int, least: int) -> int | Few:
    return Few(least) if 0 < n < least else n


def _witness(w: Witness, least: int) -> Witness:
    if w.kind not in (*INTERVIEWED, "lab"):
        return w
    read = w.supports + w.without
    supports = _few(w.supports, least)
    without = max(0, read - least) if isinstance(supports, Few) else w.without
    return replace(w, supports=supports, without=without, against=_few(w.against, least))


def _lab(lab: LabFact, least: int) -> LabFact:
    """Return what laboratories say without the services' references and without small counts."""
    parts = [n for _, n in lab.sold_as]
    rest = max(0, lab.samples - sum(parts))
    values = [max(lab.samples, sum(parts)), *parts, rest]
    kept = protect(values, [Sum(0, tuple(range(1, len(values))))], least).withheld

    def shown(i: int) -> Any:
        return Few(least) if 0 < values[i] < least else (None if i in kept else values[i])

    return replace(
        lab,
        samples=shown(0) or Few(least),
        sold_as=tuple((name, shown(i)) for i, (name, _) in enumerate(lab.sold_as, 1)
                      if shown(i) is not None),
        found=tuple((name, _few(n, least)) for name, n in lab.found),
        references=(),
    )  # fmt: skip
