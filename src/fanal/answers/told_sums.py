"""Sums over time as they may be told: of the last weeks, of a year, of all time.

A page that adds up what the API withholds would tell it: the whole of some weeks, less what other
pages tell of its parts, is the small count of the rest. So pages ask here, and what they are told
makes no small count known better than the series do. All sums that pages tell are decided on
together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fanal.answers import ends, explore, withholding
from fanal.answers.withholding import Span
from fanal.edition import Few, Untold, too_small
from fanal.observatory import Observatory
from fanal.records import Point

WEEKS = 4  # that are compared with as many before
ALWAYS = (date.min, date.max)
Sums = dict[str, int]  # by series; one that is withheld is `Few` or `Untold`


def late_weeks(ws: Observatory) -> tuple[Span, Span]:
    """Return the last weeks that are over, and as many before."""
    last = ends.last_day(ws) - timedelta(days=6)
    first = last - timedelta(weeks=WEEKS, days=-1)
    day, before = timedelta(days=1), timedelta(weeks=WEEKS)
    return Span("week", first, last), Span("week", first - before, first - day)


def late_years(ws: Observatory) -> tuple[Span, Span]:
    """Return the twelve months that end with the evidence, and the twelve before them."""
    last = ends.last_day(ws).replace(day=1)
    then, before = (last.replace(year=last.year - n) for n in (1, 2))
    day = timedelta(days=1)
    return Span("month", then + day, last), Span("month", before + day, then)


def read(ws: Observatory, least: int, more: Sequence[Span] = ()) -> dict[Span, Sums]:
    """Return how many documents were read over each span that pages tell, and over some `more`."""
    late, before = late_weeks(ws)
    spans = [Span("month", *ALWAYS, "source"), late._replace(by="site"), late, before]
    spans += [*late_years(ws), *more]
    return _told(ws, "read-of-an-edition" if more else "read", ["documents"], spans, least)


def named(ws: Observatory, least: int) -> dict[Span, Sums]:
    """Return how many documents name each substance over each span that pages tell."""
    spans = [*late_weeks(ws), *late_years(ws), Span("month", *ALWAYS)]
    every = explore.concepts(ws, "mentions", "month")
    of = [one.removesuffix("/month") for one in every if one.startswith("mentions/substance=")]
    return _told(ws, "named", of, spans, least)


def _told(
    ws: Observatory, what: str, concepts: Sequence[str], spans: Sequence[Span], least: int
) -> dict[Span, Sums]:
    """Return sums over spans of each concept, kept as `what`."""

    def make() -> list[tuple[int, str, int, str]]:
        return [
            (at, series, int(n), type(n).__name__)
            for concept in concepts
            for at, sums in enumerate(_of_concept(ws, concept, spans, least))
            for series, n in sums.items()
        ]

    about = repr((concepts, spans, least, sorted(explore.sources_of(ws).items())))
    found: dict[Span, Sums] = {span: {} for span in spans}
    kinds = {"Few": Few, "Untold": Untold}
    for at, series, n, kind in ws.tables.kept(f"sums-{what}-{least}", (Point,), make, about):
        found[spans[at]][series] = kinds[kind](n) if kind in kinds else n
    return found


def _of_concept(ws: Observatory, concept: str, spans: Sequence[Span], least: int) -> list[Sums]:
    steps, hidden = explore.both_steps(ws, concept, least)
    sources = explore.sources_of(ws)
    if least <= 1:  # nothing is withheld
        told = [set().union(steps["week"], steps["month"])] * len(spans)
    else:
        told = withholding.told_over(steps, spans, hidden, least, sources)
    found = []
    for span, may in zip(spans, told, strict=True):
        sums: Sums = {}
        for series, values in steps[span.step].items():
            if {key for key in withholding.DIMENSIONS if f"/{key}=" in series} == {span.by} - {""}:
                n = sum(round(v) for p, v in values.items() if span.first <= p <= span.last)
                small = withholding.counts_persons(series, sources) and too_small(n, least)
                withheld = Few(least) if small else Untold(least)
                sums[series] = n if series in may or not n else withheld
        found.append(sums)
    return found
