"""Small numbers: what of a count of persons may leave, and what must go with it.

This is the one place that decides: pages, API, downloads, feeds and public editions ask here. A
count of persons below the threshold is withheld, and so is whatever it could be computed from: the
rest of a sum (sites, kinds of source, sources, the periods of a year, the members of a group), the
complement (`missold` of `expected`), the number that it is a share of.

The attacker of `intervals` knows every total, that a withheld small count is between 1 and the
threshold, and how we withhold; what is left to them is an interval, found by linear programming
(HiGHS). A cell is added to what is withheld until every interval is wide enough, so the guarantee
is the attack itself. Why not a package: `docs/explanation/decisions/disclosure.md`.

Who may see small counts has the threshold 1 (`fanal.web.visits.Visit.least`): nothing is below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from fanal.answers.behind import Corroboration
from fanal.edition import (
    ContentFact,
    Edition,
    Few,
    LabFact,
    Name,
    SignalFact,
    Untold,
    Value,
    Witness,
)
from fanal.series import earlier, name_of, parts_of

# Measures that count persons, or samples, each of which is a person's.
PERSONS = ("authors", "found", "expected", "missold", "changed", "danger")
INTERVIEWED = ("interview", "field notes")  # kinds of source whose documents are persons' words
PERSONAL = (*INTERVIEWED, "lab")  # and those whose samples are persons'
DIMENSIONS = ("site", "kind", "source")  # by which a count is told apart
DISTINCT = ("authors", "channels", "changed")  # counted anew for each period: no sum over time
COMPLEMENT = {"missold": "expected"}  # measure: the one that it makes up the samples of a name with
SOLVED = 60  # withheld cells of one table up to which the attack is solved in full


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
    also: Set[int] = frozenset(),
    solved: int = SOLVED,
) -> Protected:
    """Return what is withheld of a table of counts; a zero is shown.

    `persons` are the cells that count persons (all of them by default); `unseen` those that are
    published nowhere in any case; `also` those that are withheld for another reason. Beyond
    `solved` withheld cells the attack looks at each sum, and at what all of them determine.

    Raises:
        ValueError: a total is not the sum of its parts.
    """
    for total, parts in sums:
        if values[total] != sum(values[i] for i in parts):
            raise ValueError(f"cell {total} is not the sum of its parts")
    small = frozenset(
        i for i, value in enumerate(values)
        if 0 < value < least and (persons is None or i in persons)
    )  # fmt: skip
    if not small and not also:
        return Protected(small, frozenset())
    hidden = set(small | unseen | also)
    _pair(values, sums, hidden)
    while weak := _weak(values, sums, small, hidden, least, solved) - (unseen - small):
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
    solved: int,
) -> set[int]:
    """Return the withheld cells that an attacker would know too well."""
    weak = _of_one_sum(values, sums, small, hidden, least) or _determined(sums, hidden)
    if weak or len(hidden) > solved or not _crossed(sums, hidden):
        return weak
    found = intervals(values, sums, small, hidden, least)
    return {i for i, (low, high) in found.items() if high - low < _width(i in small, least)}


def _crossed(sums: Sequence[Sum], hidden: Set[int]) -> bool:
    """Say whether a withheld cell stands in two sums: then one sum alone does not say it all."""
    seen: set[int] = set()
    for total, parts in sums:
        here = hidden & {total, *parts}
        if here & seen:
            return True
        seen |= here
    return False


def _of_one_sum(
    values: Sequence[int], sums: Sequence[Sum], small: Set[int], hidden: Set[int], least: int
) -> set[int]:
    """Return the withheld cells that one sum tells too well."""
    weak = set()
    for total, parts in sums:
        mine = [i for i in parts if i in hidden]
        if total in hidden:  # its value is unknown: the parts tell it, it does not tell them
            if not mine:
                weak.add(total)
            continue
        rest = sum(values[i] for i in mine)
        for i in narrow(rest, [i in small for i in mine], least):
            weak.add(mine[i])
    return weak


def narrow(rest: int, small: Sequence[bool], least: int) -> list[int]:
    """Return which of some withheld counts their sum tells too well, by number.

    A small one is known to be between 1 and the threshold, another one to be no less than 0.
    """
    low = sum(small)
    most = (least - 1) * low
    bounded = all(small)
    found = []
    for i, is_small in enumerate(small):
        bottom = max(1, rest - (most - (least - 1))) if bounded else int(is_small)
        if not is_small and sum(not s for s in small) == 1:
            bottom = max(0, rest - most)
        top = rest - (low - is_small)
        top = min(least - 1, top) if is_small else top
        if top - bottom < _width(is_small, least):
            found.append(i)
    return found


def _determined(sums: Sequence[Sum], hidden: Set[int]) -> set[int]:
    """Return the withheld cells whose value all of the sums together leave no choice of."""
    import numpy as np

    order = sorted(hidden)
    column = {cell: i for i, cell in enumerate(order)}
    rows = []
    for total, parts in sums:
        row = np.zeros(len(order))
        for cell, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
            if cell in column:
                row[column[cell]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return set()
    _, singular, right = np.linalg.svd(np.array(rows))
    free = right[int((singular > 1e-9).sum()) :]  # what the sums leave open
    return {cell for cell in order if not (abs(free[:, column[cell]]) > 1e-9).any()}


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


Sources = Mapping[str, tuple[str, str]]  # name of a source: its site and its kind
Cell = tuple[str, date]  # a value of a series


def counts_persons(series: str, sources: Sources | None = None) -> bool:
    """Say whether the values of a series are counts of persons.

    What is said in interviews and field notes is; so is what a source or a site gives that has
    nothing else.
    """
    measure, dimensions, _ = parts_of(series)
    if measure in PERSONS:
        return True
    if measure in ("price", "purity", "indicator"):
        return False
    if "kind" in dimensions:
        return dimensions["kind"] in INTERVIEWED
    if sources and dimensions.get("source", next(iter(sources))) not in sources:
        return True  # a source that is no longer described
    kinds = {
        kind for name, (site, kind) in (sources or {}).items()
        if dimensions.get("source", name) == name and dimensions.get("site", site) == site
    }  # fmt: skip
    return bool(kinds) and kinds <= set(PERSONAL)


def family_of(series: str) -> str:
    """Return the series in all that a series is a part of; what makes it up counts with it."""
    measure, dimensions, step = parts_of(series)
    rest = {key: value for key, value in dimensions.items() if key not in DIMENSIONS}
    return name_of(COMPLEMENT.get(measure, measure), rest, step)


def withheld(
    points: Mapping[str, Mapping[date, float]],
    least: int,
    *,
    of: Mapping[str, Mapping[date, float | None]] | None = None,
    sources: Sources | None = None,
    members: Set[str] = frozenset(),
) -> set[Cell]:
    """Return which values of series, by period, are withheld.

    Give a concept's series by site, kind and source together with its total, whichever of them is
    published: two publications then tell no more than one. `of` are their denominators: what makes
    a count up to one is a count of persons too. `members` are series of what a group or class
    gathers, beside its own.
    """
    families: dict[str, list[str]] = {}
    for name in points:
        families.setdefault(family_of(name), []).append(name)
    concepts: dict[str, list[str]] = {}
    for total in families:
        concepts.setdefault(total.rpartition("/")[0], []).append(total)
    found: set[Cell] = set()
    for totals in sorted(concepts.values(), key=lambda totals: members.isdisjoint(totals)):
        mine = {total: {name: points[name] for name in families[total]} for total in totals}
        if any(counts_persons(name, sources) for names in mine.values() for name in names):
            wider: set[Cell] = set()
            for total in totals:
                if total not in members:
                    wider |= _wider(points, total, members, found, least)
            found |= _of_concept(mine, least, of or {}, sources or {}, wider)
    return found


def _of_concept(
    steps: Mapping[str, Mapping[str, Mapping[date, float]]],
    least: int,
    of: Mapping[str, Mapping[date, float | None]],
    sources: Sources,
    found: set[Cell],
) -> set[Cell]:
    """Return which values of one concept's series are withheld: `found`, and what they need.

    `steps` are its series by week and by month, under the name of the one in all.
    """
    every = {name: values for points in steps.values() for name, values in points.items()}
    for name, values in every.items():
        measure, dimensions, _ = parts_of(name)
        gathers = measure not in PERSONS and bool(dimensions.keys() & {"group", "class"})
        if counts_persons(name, sources):
            found |= {
                (name, period) for period, value in values.items()
                if value > 0 and (gathers  # less its members it would tell theirs
                                  or 0 < (of.get(name, {}).get(period) or 0) - value < least)
            }  # fmt: skip
    again = {(total, p) for total, points in steps.items() for vs in points.values() for p in vs}
    while again:
        for total, period in again:
            points = steps[total]
            cells = {n: round(points[n][period]) for n in points if period in points[n]}
            also = {name for name, day in found if day == period and name in points}
            found |= {(n, period) for n in _of_period(total, cells, least, sources, also)}
        again = set()
        for name, values in every.items():
            more = _over_time(name, values, found, least)
            if name.endswith("/week"):
                monthly = name.removesuffix("week") + "month"
                more |= _between_steps(name, values, monthly, every.get(monthly, {}), found | more)
            again |= {(family_of(other), period) for other, period in more}
            found |= more
    return found


def _between_steps(
    weekly: str,
    weeks: Mapping[date, float],
    monthly: str,
    months: Mapping[date, float],
    found: Set[Cell],
) -> set[Cell]:
    """Return which more weeks or months of a series are withheld: each step tells the other.

    From one month that begins with a week, or in a week with nothing in it, to the next, weeks and
    months have one sum: of all of them together, one alone that is withheld could be computed.
    """
    if parts_of(weekly)[0] in DISTINCT:
        return set()
    week = timedelta(days=6)
    running = {(first + week).replace(day=1) for first, n in weeks.items()
               if n and (first + week).month != first.month}  # fmt: skip
    blocks: list[list[date]] = []
    for month in sorted(months):
        if month not in running or not blocks:
            blocks.append([])
        blocks[-1].append(month)
    added: set[Cell] = set()
    for block in blocks:
        there = [first for first, n in weeks.items() if n > 0 and first.replace(day=1) in block]
        cells = [(monthly, month) for month in block if months[month] > 0]
        hidden = [cell for cell in (*cells, *((weekly, w) for w in there)) if cell in found]
        if len(hidden) != 1 or not there:
            continue
        name, period = hidden[0]
        near = [w for w in there if w.replace(day=1) == period and name == monthly]
        free = [(weekly, w) for w in near or there if (weekly, w) != hidden[0]]
        if name == weekly and (monthly, period.replace(day=1)) in cells:
            added.add((monthly, period.replace(day=1)))
        elif free:
            added.add(min(free, key=lambda cell: (weeks[cell[1]], cell[1])))
    return added


def _of_period(
    total: str, cells: dict[str, int], least: int, sources: Sources, also: Set[str]
) -> list[str]:
    """Return which of a concept's series are withheld in one period."""
    names, values, sums = list(cells), list(cells.values()), []
    persons = {i for i, name in enumerate(names) if counts_persons(name, sources)}
    unseen: set[int] = set()
    if not also and not any(0 < values[i] < least for i in persons):
        return []
    for whole, parts in _partitions(names, total, sources):
        among = sum(values[i] for i in parts)
        if whole is None:  # the whole is told nowhere, and may be known
            names.append(total)
            values.append(among)
            whole = len(names) - 1
        rest = values[whole] - among
        if rest < 0:  # counted in two parts: no sum holds that could be solved
            continue
        if rest:  # what was read elsewhere
            parts = (*parts, len(values))
            unseen.add(len(values))
            persons |= {len(values)} if persons & set(parts) else set()
            names.append("")
            values.append(rest)
        sums.append(Sum(whole, tuple(parts)))
    told = {i for i, name in enumerate(names) if name in also}
    kept = protect(values, sums, least, persons=persons, unseen=unseen, also=told, solved=0)
    return [names[i] for i in sorted(kept.withheld) if names[i] in cells]


def _partitions(
    names: list[str], total: str, sources: Sources
) -> Iterable[tuple[int | None, tuple[int, ...]]]:
    """Yield which of a concept's series make up which, by number; None: one that is not there."""
    told = [{k: v for k, v in parts_of(n)[1].items() if k in DIMENSIONS} for n in names]
    number = {n: i for i, n in enumerate(names)}
    whole = number.get(total)
    for dimension in DIMENSIONS:
        parts = tuple(i for i, t in enumerate(told) if set(t) == {dimension})
        if parts and not (whole is None and len(parts) == 1):
            yield whole, parts
    for at, dimension in enumerate(("site", "kind")):
        for i, t in enumerate(told):
            if set(t) == {dimension}:
                mine = tuple(
                    j for j, other in enumerate(told)
                    if set(other) == {"source"}
                    and sources.get(other["source"], ("", ""))[at] == t[dimension]
                )  # fmt: skip
                if mine:
                    yield i, mine


def _over_time(name: str, values: Mapping[date, float], found: Set[Cell], least: int) -> set[Cell]:
    """Return which more periods of a series are withheld: a sum over time is told elsewhere."""
    measure, _, step = parts_of(name)
    mine = {period for period in values if (name, period) in found}
    if not mine or measure in DISTINCT:
        return set()
    added: set[date] = set()
    blocks: dict[Any, list[date]] = {}
    stretch = 0
    for period in sorted(values):
        stretch += step == "week" and period.day == 1  # here months end as well
        blocks.setdefault(stretch if step == "week" else period.year, []).append(period)
    every = sorted(values)
    late = 4 if step == "week" else 12  # what pages compare with as many before
    stretches = [*blocks.values(), every[-late:], every[-2 * late : -late], every]
    for block in stretches:
        if 0 < sum(round(values[p]) for p in block) < least:
            continue  # their sum is small itself, and told nowhere
        while True:
            hidden = [p for p in block if p in mine and values[p] > 0]
            rest = sum(round(values[p]) for p in hidden)
            tight = narrow(rest, [values[p] < least for p in hidden], least)
            free = [p for p in block if p not in mine and values[p] > 0]
            if not tight or not free:
                break
            extra = min(free, key=lambda p: (values[p], p))
            mine.add(extra)
            added.add(extra)
    return {(name, period) for period in added}


def _wider(
    points: Mapping[str, Mapping[date, float]],
    total: str,
    members: Set[str],
    found: Set[Cell],
    least: int,
) -> set[Cell]:
    """Return the values of a group that tell those of its members which are withheld."""
    told: set[Cell] = set()
    if not members:
        return told
    for period, value in points.get(total, {}).items():
        hidden = [m for m in members if (m, period) in found]
        shown = sum(points[m].get(period, 0) for m in members if (m, period) not in found)
        small = [0 < points[m][period] < least for m in hidden]
        if hidden and (len(hidden) == 1 or narrow(max(0, round(value - shown)), small, least)):
            told.add((total, period))
    return told


def denominators_withheld(series: str, of: Mapping[date, float | None], least: int) -> set[date]:
    """Return the periods in which what a series is a share of is a count of persons not to be told.

    By site, kind or source it is never told: the whole less the others would give it. Give the
    denominators of samples: their sum over time is told elsewhere.
    """
    measure, dimensions, _ = parts_of(series)
    if measure not in (*PERSONS, "channels", "purity"):
        return set()
    if measure == "purity":
        lab = dimensions.get("basis") == "measured-lab"
        return {p for p, n in of.items() if lab and n is not None and 0 < n < least}
    if dimensions.keys() & set(DIMENSIONS):
        return set(of)
    known = {period: n for period, n in of.items() if n is not None}
    small = {(series, period) for period, n in known.items() if 0 < n < least}
    return {period for _, period in small | _over_time(series, known, small, least)}


# --- counts that stand together -----------------------------------------------------------------


def chain(counts: Sequence[int], least: int) -> list[int | None]:
    """Return nested counts (each is of those before it) as they may be told; None: withheld.

    None of them is small, and neither is any difference of two of them.
    """
    shown: list[int] = []
    told: list[int | None] = []
    for n in counts:
        safe = not 0 < n < least and not any(0 < abs(n - other) < least for other in shown)
        if safe:
            shown.append(n)
        told.append(n if safe else None)
    return told


def parts(total: int, counts: Sequence[int], least: int) -> list[int | None]:
    """Return a total and the counts that it is the sum of (with what is not listed), as told."""
    rest = max(0, total - sum(counts))
    values = [sum(counts) + rest, *counts, rest]
    kept = protect(values, [Sum(0, tuple(range(1, len(values))))], least).withheld
    return [None if i in kept else values[i] for i in range(len(counts) + 1)]


def of_name(
    row: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]], least: int
) -> int | None:
    """Return how many samples sold under a name held a substance, as every page tells it.

    `row` is of `findings.sold_as_found`, `held` the rows of `findings.as_expected` by name.
    """
    known = held.get(row["sold_as"])
    counts = [(known or row)["of"]]
    if known and row["substance"] == row["sold_as"]:  # beside what held it in any form
        counts += [known["samples"], known["alone"]]
    return chain([*counts, row["samples"]], least)[-1]


def whole(total: int, counts: Sequence[int], told: Sequence[int | None], least: int) -> bool:
    """Say whether a total may be told beside what is told of the counts that it is the sum of."""
    rest = total - sum(counts)
    hidden = [n for n, as_told in zip(counts, told, strict=True) if n and as_told is None]
    hidden += [rest] if rest > 0 else []
    return not hidden or not narrow(sum(hidden), [n < least for n in hidden], least)


def few(n: int, least: int) -> int:
    """Return a count, or that it is fewer than the threshold."""
    return Few(least) if 0 < n < least else n


def told(n: int | None, real: int, least: int) -> int | Few | None:
    """Return a count as it is told: as it is, as fewer than the threshold, or not at all."""
    return Few(least) if n is None and 0 < real < least else n


# --- a public edition -----------------------------------------------------------------------------


Periods = Mapping[date, tuple[float, float | None]]  # what may be told of a series by period


def public(
    edition: Edition,
    least: int,
    told: Callable[[SignalFact], Periods | None] | None = None,
    read: Callable[[str], Periods] | None = None,
) -> Edition:
    """Return an edition for everybody: small counts of persons as “fewer than”, no text.

    `told` gives what may be told of the series of a signal, `read` of the documents of a kind by
    week. What a person released by issuing an alert on it is told as it is.
    """
    activity = {}
    for kind, values in edition.activity.items():
        weeks = read(kind) if read else {
            v.period: (v.value or 0, None) for v in values
            if kind not in INTERVIEWED or not 0 < (v.value or 0) < least
        }  # fmt: skip
        activity[kind] = tuple(
            Value(v.period, v.value if v.period in weeks else None) for v in values
        )
    return replace(
        edition,
        signals=tuple(signal(fact, least, told) for fact in edition.signals),
        contents=tuple(_content(fact, least) for fact in edition.contents),
        sources=tuple(
            replace(s, documents=Untold(least), samples=0) if s.kind in PERSONAL else s
            for s in edition.sources
        ),
        activity=activity,
    )


def signal(
    fact: SignalFact, least: int, told: Callable[[SignalFact], Periods | None] | None = None
) -> SignalFact:
    """Return a signal for everybody: small counts of persons withheld, no text."""
    if least <= 1:
        return fact
    who = tuple(_witness(w, least) for w in fact.witnesses)
    scarce = {w.kind for w in who if isinstance(w.supports, Few)}
    # All documents less those of the other kinds would tell what a few interviews say.
    fact = replace(
        fact,
        lab=_lab(fact.lab, least) if fact.lab else None,
        witnesses=who,
        documents=Untold(least) if scarce else fact.documents,
        evidence=tuple(replace(e, text=None, marks=()) for e in fact.evidence
                       if e.kind not in scarce),
    )  # fmt: skip
    if fact.state == "alerted":
        return fact
    persons = counts_persons(fact.series) if fact.series else fact.measure in PERSONS
    periods = told(fact) if told else None
    if periods is None and not persons:
        return fact
    if periods is None:
        periods = {
            v.period: (v.value, None) for v in fact.history
            if v.value is not None and not 0 < v.value < least
        }  # fmt: skip
    history = tuple(Value(v.period, *periods.get(v.period, (None, None))) for v in fact.history)
    small = 0 < fact.observed < least
    counted = {earlier(fact.peak, fact.step, n) for n in range(fact.window)}
    if fact.history:
        counted &= {v.period for v in fact.history if v.value}
    if counted <= periods.keys() or (told is None and not small):
        observed: float = Few(least) if small and persons else fact.observed
    else:
        observed = Few(least) if small else Untold(least)
    of = periods.get(fact.peak, (0.0, None))[1]
    if isinstance(observed, Few):  # what was expected is a mean of such counts
        return replace(fact, observed=observed, expected=Untold(least), threshold=Untold(least),
                       denominator=None, history=())  # fmt: skip
    return replace(fact, observed=observed, denominator=of, history=history)


@dataclass(frozen=True, slots=True)
class ShownWitness:
    """What one kind of source says, as it may be told; None: the count is withheld."""

    kind: str
    stance: str  # for, against, silent or not read
    few: bool  # silent, and too few were read to tell
    documents: int | None  # that speak of it; of laboratories, samples
    against: int | None  # samples sold as it that hold something else
    read: int | None  # documents or samples in all
    sources: int  # that speak of it; those that repost each other are one
    sources_read: int
    sites: tuple[str, ...]  # that speak of it, by name


def witnesses(rows: Iterable[Corroboration], least: int) -> list[ShownWitness]:
    """Return what each kind of source says as it may be told."""
    told_ = []
    for row in rows:
        read: int | None = row.read
        documents: int | None = row.documents
        against: int | None = row.against
        if least > 1 and row.kind in PERSONAL:
            read, documents = chain([row.read, row.documents], least)
            against = None if 0 < row.against < least else row.against
        told_.append(
            ShownWitness(
                row.kind,
                row.stance,
                row.few,
                documents,
                against,
                read,
                row.sources,
                row.sources_read,
                row.sites,
            )
        )
    return told_


def _witness(w: Witness, least: int) -> Witness:
    if w.kind not in PERSONAL:
        return w
    read, supports = chain([w.supports + w.without, w.supports], least)
    against = few(w.against, least)
    if supports is None or read is None:  # how many were read is not told beside it
        return replace(w, supports=few(w.supports, least) if supports is None else supports,
                       without=0, against=against)  # fmt: skip
    return replace(w, supports=supports, without=read - supports, against=against)


def _lab(lab: LabFact, least: int) -> LabFact:
    """Return what laboratories say without the services' references and without small counts."""
    analysed, samples = chain([lab.analysed, lab.samples], least)
    if samples is None:
        return replace(lab, samples=few(lab.samples, least) or Untold(least), sold_as=(),
                       found=(), analysed=_hidden(analysed, lab.analysed, least),
                       references=())  # fmt: skip
    whole, *names = parts(samples, [n for _, n in lab.sold_as], least)
    if whole is None:
        names = [None] * len(names)
    found = [chain([samples, n], least)[1] for _, n in lab.found]
    return replace(
        lab,
        analysed=_hidden(analysed, lab.analysed, least),
        sold_as=_pairs(lab.sold_as, names, least),
        found=_pairs(lab.found, found, least),
        references=(),
    )


def _pairs(
    rows: Sequence[tuple[Name, int]], shown: Sequence[int | None], least: int
) -> tuple[tuple[Name, int], ...]:
    """Return names with their counts as told; one that is withheld for another is left out."""
    told_ = [(name, told(n, real, least)) for (name, real), n in zip(rows, shown, strict=True)]
    return tuple((name, n) for name, n in told_ if n is not None)


def _hidden(n: int | None, real: int, least: int) -> int:
    """Return a count as told; one that is withheld for another says so."""
    shown = told(n, real, least)
    return Untold(least) if shown is None else shown


def _content(fact: ContentFact, least: int) -> ContentFact:
    """Return what was found under a name without small counts, nor shares that tell them."""
    of, samples, alone = chain([fact.of, fact.samples, fact.alone or 0], least)
    others = chain([fact.of, fact.others], least)[1]
    return replace(
        fact,
        of=_hidden(of, fact.of, least),
        samples=_hidden(samples, fact.samples, least),
        alone=None if fact.alone is None else _hidden(alone, fact.alone, least),
        others=_hidden(others, fact.others, least),
        low=0.0 if of is None or samples is None else fact.low,
        high=1.0 if of is None or samples is None else fact.high,
    )
