"""Series of counts of persons: which of their values may not be told.

A count of persons below the threshold is withheld, and so is whatever it could be computed from:
the rest of a sum (sites, kinds of source, sources, the periods of a year, weeks beside months, the
members of a group), the complement (`missold` of `expected`), the number that it is a share of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date, timedelta
from typing import Any, NamedTuple

from fanal.answers.suppression import Sum, exposed, narrow, protect
from fanal.edition import too_small
from fanal.series import LEVELS, name_of, parts_of

# Measures that count persons, or samples, each of which is a person's.
PERSONS = ("authors", "found", "expected", "missold", "changed", "danger")
INTERVIEWED = ("interview", "field notes")  # kinds of source whose documents are persons' words
PERSONAL = (*INTERVIEWED, "lab")  # and those whose samples are persons'
DIMENSIONS = ("site", "kind", "source")  # by which a count is told apart
DISTINCT = ("authors", "channels", "changed")  # counted anew for each period: no sum over time
CONTENTS = ("purity", "strength")  # medians of what samples hold
COMPLEMENT = {"missold": "expected"}  # measure: the one that it makes up the samples of a name with

Sources = Mapping[str, tuple[str, str]]  # name of a source: its site and its kind
Cell = tuple[str, date]  # a value of a series
ByMonth = Mapping[date, Mapping[date, Mapping[str, int]]]  # month, period, series


def counts_persons(series: str, sources: Sources | None = None) -> bool:
    """Say whether the values of a series are counts of persons.

    What is said in interviews and field notes is; so is what a source or a site gives that has
    nothing else.
    """
    measure, dimensions, _ = parts_of(series)
    if measure in PERSONS:
        return True
    if measure in (*LEVELS, "indicator"):
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


class Span(NamedTuple):
    """Periods whose sums are told, of the series by one dimension, or in all where it is empty."""

    step: str
    first: date  # first days of the first and the last of the periods
    last: date
    by: str = ""


def told_over(
    steps: Mapping[str, Mapping[str, Mapping[date, float]]],
    spans: Sequence[Span],
    hidden: Set[Cell],
    least: int,
    sources: Sources,
) -> list[set[str]]:
    """Return for each span the series whose sum over it may be told.

    `steps` are a concept's series by week and by month, `hidden` what is withheld of them. A sum is
    told where it makes no small count known better, of a period or of a span, than what is told
    already: sums of public posts first, then by the order of the spans.
    """
    table = _Table(sources)
    weeks, months = steps.get("week", {}), steps.get("month", {})
    at, done = {step: _by_month(points) for step, points in steps.items()}, set[date]()
    for stretch in _stretches(weeks.values(), months.values()):
        table.add_stretch(steps, at, stretch)
        done |= set(stretch)
    table.add_periods(weeks, at.get("week", {}), at.get("week", {}).keys() - done)
    unknown = {i for i, cell in enumerate(table.names) if cell is None}
    unknown |= {number for cell, number in table.number.items() if cell in hidden}
    start, asked = len(table.values), []
    for span in spans:
        by = {span.by} if span.by else set()
        cells = table.add_span(steps, span)
        asked.append({name: cell for name, cell in cells.items()
                      if parts_of(name)[1].keys() & set(DIMENSIONS) == by})  # fmt: skip
    unknown |= set(range(start, len(table.values)))  # what follows from what is told comes out
    small = {i for i in table.persons if too_small(table.values[i], least)}

    def exposes(cells: Iterable[int]) -> set[int]:
        left = unknown - set(cells)
        return exposed(table.values, table.sums, small & left, left, least, solved=0)

    may = [i for wanted in asked for i in wanted.values() if i in unknown and i not in small]
    may.sort(key=table.persons.__contains__)
    told = set(may)
    if told and exposes(may):  # nearly always all of them may be told at once
        known, told = exposes(()), set[int]()
        for i in may:
            if exposes({*told, i}) <= known:
                told.add(i)
    return [{name for name, i in wanted.items() if i in told} for wanted in asked]


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
                                  or too_small((of.get(name, {}).get(period) or 0) - value, least))
            }  # fmt: skip
    again = {(total, p) for total, points in steps.items() for vs in points.values() for p in vs}
    while again:
        for total, period in again:
            points = steps[total]
            cells = {n: round(points[n][period]) for n in points if period in points[n]}
            also = {name for name, day in found if day == period and name in points}
            found |= {(n, period) for n in _of_period(total, cells, least, sources, also)}
        more: set[Cell] = set()
        for name, values in every.items():
            more |= _over_time(name, values, found, least)
        if not more:
            more = _of_both_steps(steps, found, least, sources) - found
        if not more and parts_of(next(iter(steps)))[0] == "documents":
            more = {cell for points in steps.values()
                    for cell in _in_all(points, found, least, sources)}  # fmt: skip
        again = {(family_of(other), period) for other, period in more}
        found |= more
    return found


class _Table:
    """Cells of series, of one period or of many, with the sums that hold between them."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.names: list[Cell | None] = []  # None: what is published nowhere
        self.values: list[int] = []
        self.sums: list[Sum] = []
        self.persons: set[int] = set()
        self._of_persons: dict[str, bool] = {}
        self.number: dict[Cell, int] = {}
        self.spans: list[Span] = []

    def add(self, value: int, cell: Cell | None = None) -> int:
        """Add a cell and return its number."""
        number = len(self.values)
        self.names.append(cell)
        self.values.append(value)
        if cell is not None:
            self.number[cell] = number
            name = cell[0]
            if name not in self._of_persons:
                self._of_persons[name] = counts_persons(name, self.sources)
            if self._of_persons[name]:
                self.persons.add(number)
        return number

    def add_period(self, total: str, period: date, cells: Mapping[str, int]) -> None:
        """Add a concept's series in one period, and what makes up what."""
        names = list(cells)
        numbers = [self.add(value, (name, period)) for name, value in cells.items()]
        for whole, parts in _partitions(names, total, self.sources):
            mine = [numbers[i] for i in parts]
            among = sum(self.values[i] for i in mine)
            # a whole that is told nowhere may be known
            at = self.add(among) if whole is None else numbers[whole]
            if whole is None:
                self.names[at] = (total, period)
            rest = self.values[at] - among
            if rest < 0:  # counted in two parts: no sum holds that could be solved
                continue
            if rest:  # what was read elsewhere
                other = self.add(rest)
                self.persons |= {other} if self.persons & set(mine) else set()
                mine.append(other)
            self.sums.append(Sum(at, tuple(mine)))

    def add_periods(
        self, points: Mapping[str, Mapping[date, float]], at: ByMonth, months: Iterable[date]
    ) -> None:
        """Add a concept's series of one step in the periods that begin in some months."""
        if points:
            total = family_of(next(iter(points)))
            for month in sorted(months):
                for period, cells in at.get(month, {}).items():
                    self.add_period(total, period, cells)

    def add_stretch(
        self,
        steps: Mapping[str, Mapping[str, Mapping[date, float]]],
        at: Mapping[str, ByMonth],
        stretch: Sequence[date],
    ) -> None:
        """Add a concept's series in some months and the weeks that begin in them.

        Each has one sum by both steps, but for sources whose documents are known by month alone.
        `at` are the same series by month (`_by_month`).
        """
        weeks, months = steps.get("week", {}), steps["month"]
        starts = at.get("week", {})
        self.add_periods(weeks, starts, stretch)
        self.add_periods(months, at["month"], stretch)
        inside_all = set(stretch)
        for name, values in months.items():
            by_week = name.removesuffix("month") + "week"
            if by_week not in weeks:
                continue
            alone = [n for n in _sources_in(name, months, self.sources)
                     if n.removesuffix("month") + "week" not in weeks]  # fmt: skip
            for block in _stretches([weeks[by_week]], [values]):
                mine = [self.number[name, m] for m in block if m in inside_all]
                parts = [self.number[by_week, w] for m in block if m in inside_all
                         for w in starts.get(m, ()) if (by_week, w) in self.number]  # fmt: skip
                parts += [self.number[n, m] for n in alone for m in block
                          if m in inside_all and (n, m) in self.number]  # fmt: skip
                both = sum(self.values[i] for i in mine)
                if both and both == sum(self.values[i] for i in parts):
                    whole = self.add(both)
                    self.sums += [Sum(whole, tuple(mine)), Sum(whole, tuple(parts))]

    def add_span(
        self, steps: Mapping[str, Mapping[str, Mapping[date, float]]], span: Span
    ) -> dict[str, int]:
        """Add what a concept's series come to over some periods; return their cells by series."""
        points = steps.get(span.step, {})
        inside = {n: [p for p in vs if span.first <= p <= span.last] for n, vs in points.items()}
        inside = {name: periods for name, periods in inside.items() if periods}
        if not inside:
            return {}
        mark = date.max - timedelta(days=len(self.spans))  # no period begins so late
        self.spans.append(span)
        summed = {n: sum(round(points[n][p]) for p in periods) for n, periods in inside.items()}
        self.add_period(family_of(next(iter(points))), mark, summed)
        found = {name: self.number[name, mark] for name in summed}
        for name, cell in found.items():
            self.sums.append(Sum(cell, tuple(self.number[name, p] for p in inside[name])))
            if span.step == "month":
                by_week = name.removesuffix("month") + "week"
                weeks = [self.number[by_week, w] for w in steps.get("week", {}).get(by_week, ())
                         if span.first <= w.replace(day=1) <= span.last]  # fmt: skip
                if self.values[cell] == sum(self.values[i] for i in weeks):
                    self.sums.append(Sum(cell, tuple(weeks)))
        return found

    def withheld(self, least: int, found: Set[Cell]) -> set[Cell]:
        """Return which cells are withheld, given those that are in any case."""
        also = {number for cell, number in self.number.items() if cell in found}
        if not also and not any(too_small(self.values[i], least) for i in self.persons):
            return set()
        unseen = {i for i, cell in enumerate(self.names) if cell is None}
        kept = protect(self.values, self.sums, least, persons=self.persons, unseen=unseen,
                       also=also, solved=0)  # fmt: skip
        return {cell for i in kept.withheld if (cell := self.names[i]) in self.number}


def _of_both_steps(
    steps: Mapping[str, Mapping[str, Mapping[date, float]]],
    found: Set[Cell],
    least: int,
    sources: Sources,
) -> set[Cell]:
    """Return which values by week or by month are withheld, both solved together.

    From one month that begins with a week, or in a week with nothing in it, to the next, the weeks
    and the months of a series have one sum, but for sources whose documents are known by the month
    alone. So the months of such a stretch, with all their weeks, are one table.
    """
    pair = {parts_of(total)[2]: total for total in steps}
    weekly, monthly = pair.get("week"), pair.get("month")
    if weekly is None or monthly is None or parts_of(weekly)[0] in DISTINCT:
        return set()
    weeks, months = steps[weekly], steps[monthly]
    both = {"week": weeks, "month": months}
    at = {step: _by_month(points) for step, points in both.items()}
    added: set[Cell] = set()
    for stretch in _stretches(weeks.values(), months.values()):
        table = _Table(sources)
        table.add_stretch(both, at, stretch)
        added |= table.withheld(least, found)
    return added


def _stretches(
    weeks: Iterable[Mapping[date, float]], months: Iterable[Mapping[date, float]]
) -> list[list[date]]:
    """Return months in stretches that no week with something in it runs into or out of."""
    end = timedelta(days=6)
    running = {(first + end).replace(day=1) for values in weeks for first, n in values.items()
               if n and (first + end).month != first.month}  # fmt: skip
    found: list[list[date]] = []
    for month in sorted({m for values in months for m in values}):
        if month not in running or not found:
            found.append([])
        found[-1].append(month)
    return found


def _by_month(points: Mapping[str, Mapping[date, float]]) -> ByMonth:
    """Return the values of series by the month that a period begins in, and by period."""
    found: dict[date, dict[date, dict[str, int]]] = {}
    for name, values in points.items():
        for period, value in values.items():
            month = found.setdefault(period.replace(day=1), {})
            month.setdefault(period, {})[name] = round(value)
    return {month: dict(sorted(periods.items())) for month, periods in found.items()}


def _sources_in(series: str, names: Iterable[str], sources: Sources) -> list[str]:
    """Return the series by source that a series by site, by kind or in all holds."""
    mine = {k: v for k, v in parts_of(series)[1].items() if k in DIMENSIONS}
    if "source" in mine:
        return []
    found = []
    for name in names:
        source = parts_of(name)[1].get("source")
        site, kind = sources.get(source or "", ("", ""))
        if source and mine.get("site", site) == site and mine.get("kind", kind) == kind:
            found.append(name)
    return found


def _of_period(
    total: str, cells: dict[str, int], least: int, sources: Sources, also: Set[str]
) -> list[str]:
    """Return which of a concept's series are withheld in one period."""
    table = _Table(sources)
    table.add_period(total, date.min, cells)
    return [name for name, _ in table.withheld(least, {(name, date.min) for name in also})]


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
        if too_small(sum(round(values[p]) for p in block), least):
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


def _in_all(
    points: Mapping[str, Mapping[date, float]], found: Set[Cell], least: int, sources: Sources
) -> Iterable[Cell]:
    """Yield values without which few documents of persons, over all time, would be computed.

    A page tells what came in of each source. So what has a source in it that gave few is not told
    in all of its periods: the cheapest of those in which it gave something is withheld.
    """
    few = {}
    for name, values in points.items():
        if "source" in parts_of(name)[1] and counts_persons(name, sources):
            in_all = sum(map(round, values.values()))
            if too_small(in_all, least):
                few[name] = in_all
    for name, values in points.items():
        mine = [source for source in _sources_in(name, points, sources) if source in few]
        if any(n and (name, p) in found for p, n in values.items()):
            continue
        if narrow(sum(few[n] for n in mine), [True] * len(mine), least):
            given = {p for source in mine for p, n in points[source].items() if n}
            free = [p for p, n in values.items() if n and p in given]
            if free:
                yield name, min(free, key=lambda p: (values[p], p))


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
        small = [too_small(points[m][period], least) for m in hidden]
        if hidden and (len(hidden) == 1 or narrow(max(0, round(value - shown)), small, least)):
            told.add((total, period))
    return told


def denominators_withheld(series: str, of: Mapping[date, float | None], least: int) -> set[date]:
    """Return the periods in which what a series is a share of is a count of persons not to be told.

    By site, kind or source it is never told: the whole less the others would give it. Give the
    denominators of samples: their sum over time is told elsewhere.
    """
    measure, dimensions, step = parts_of(series)
    if measure not in (*PERSONS, "channels", *CONTENTS):
        return set()
    if measure in CONTENTS:
        lab = dimensions.get("basis") == "measured-lab"
        # by site or by week they are parts of what is told of all by month
        part = "site" in dimensions or step != "month"
        return {p for p, n in of.items() if lab and n is not None and (part or too_small(n, least))}
    if dimensions.keys() & set(DIMENSIONS):
        return set(of)
    known = {period: n for period, n in of.items() if n is not None}
    small = {(series, period) for period, n in known.items() if too_small(n, least)}
    return {period for _, period in small | _over_time(series, known, small, least)}
