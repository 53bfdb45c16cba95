"""Today: what a coordinator looks at first in the morning."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar

from fastapi.responses import Response

from fanal.answers import ends, told_sums
from fanal.answers.arrivals import Wrong
from fanal.answers.moves import mentions_of_late
from fanal.edition import Few, half
from fanal.exporters import charts
from fanal.exporters.axes import Spec
from fanal.observatory import SourceRow
from fanal.people.triage import SignalRow
from fanal.publishing import titles
from fanal.records import Run
from fanal.thesaurus import fold_name
from fanal.thesaurus.places import load_places
from fanal.web.pages.signals import Row, listed
from fanal.web.permissions import SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visiting
from fanal.wording.language import capital
from fanal.wording.marks import N_

pages = Pages(N_("Today"), home="/")
LEAST = 12  # mentions over both, below which nothing is said to move
MOVERS = 5
QUIET = timedelta(weeks=3)  # a source from which nothing came for so long is told


@dataclass(frozen=True, slots=True)
class Move:
    """A substance that is named more, or less, than in the weeks before."""

    name: str
    substance: str
    now: int
    past: int
    read: int  # documents, over the same weeks
    read_past: int
    change: float  # of the share of documents, -1 to …


@dataclass(frozen=True, slots=True)
class Site:
    """A site: what came in, and what awaits it."""

    name: str
    sources: int
    documents: int  # over the last weeks, as may be told
    last: Any  # day of the last document
    awaiting: int


@dataclass(frozen=True, slots=True)
class Today(Content):
    """What awaits people, what moves, what fell silent, what ran."""

    template: ClassVar[str] = "today.html.j2"
    until: Any  # last day that texts or samples speak of
    awaiting: list[Row]
    going: list[Row]  # verified or assessed: a next step is due
    states_now: dict[str, int]  # signals by state
    rising: list[Move]
    falling: list[Move]
    sites: list[Site]
    map: Spec | None  # of the sites whose name is that of a French town
    quiet: list[SourceRow]
    runs: tuple[Run, ...]
    issues: tuple[Wrong, ...]


@pages.shows("/", SEE)
def today(visit: Visiting) -> Response:
    """Show what awaits people."""
    ws = visit.ws
    status, until = ws.status(), ends.last_of_either(ws)
    session = ws.session()
    sources = ws.source_rows()
    awaiting = [signal for signal in session if signal.state == "received"]
    moves = _moves(visit, ends.last_day(ws))
    texts = [row for row in sources if row.kind in ("public posts", "press")]
    quiet = [row for row in texts if row.last and row.last < until - QUIET]
    sites = _sites(visit, sources, awaiting)
    working = visit.least == 1  # runs and issues count records of persons
    return visit.render(
        Today(
            until=until,
            awaiting=listed(visit, awaiting),
            going=listed(visit, [s for s in session if s.state in ("verified", "assessed")]),
            states_now=status.signals,
            rising=[m for m in moves if m.change > 0][:MOVERS],
            falling=[m for m in moves[::-1] if m.change < 0][:MOVERS],
            sites=sites,
            map=_map(sites, visit),
            quiet=[replace(row, title=half(row.title, visit.language.code)) for row in quiet],
            runs=status.runs if working else (),
            issues=status.issues if working else (),
        )
    )


def _moves(visit: Visiting, until: Any) -> list[Move]:
    """Return what rises first and what falls last."""
    thesaurus, found = visit.ws.thesaurus(), []
    for row in mentions_of_late(visit.ws, until, told_sums.WEEKS, LEAST, visit.least):
        label = titles.label(thesaurus, f"substance={row.substance}", visit.ws)
        change = row.rate / row.rate_past - 1 if row.rate_past else float("inf")
        name = capital(label.in_(visit.language.code))
        found.append(Move(name, row.substance, row.now, row.past, row.read, row.read_past, change))
    return sorted(found, key=lambda move: (-move.change, move.name))


def _sites(visit: Visiting, sources: list[SourceRow], awaiting: list[SignalRow]) -> list[Site]:
    late, _ = told_sums.late_weeks(visit.ws)
    read = told_sums.read(visit.ws, visit.least)[late._replace(by="site")]
    by_site: dict[str, list[SourceRow]] = {}
    for row in sources:
        by_site.setdefault(row.site, []).append(row)
    return [
        Site(
            name,
            len(rows),
            read.get(f"documents/site={name}/week", 0),
            max((row.last for row in rows if row.last), default=None),
            sum(1 for signal in awaiting if signal.place == name),
        )
        for name, rows in sorted(by_site.items())
    ]


def _map(sites: list[Site], visit: Visiting) -> Spec | None:
    """Return the map of the départements where sites are, by what they read of late."""
    places, read = load_places(), Counter[str]()
    for site in sites:
        towns = [
            name.code for name in places.by_fold.get(fold_name(site.name), ())
            if places.places[name.code].kind == "commune"
        ]  # fmt: skip
        if towns:
            if isinstance(site.documents, Few):
                continue
            read[towns[0][: 3 if towns[0].startswith("97") else 2]] += site.documents
    if not read:
        return None
    unit = visit.language.say("documents read")
    drawn = charts.choropleth(read, set(), unit, visit.language)
    return {**drawn, "width": 290, "height": 260, "config": charts.config(visit.language)}
