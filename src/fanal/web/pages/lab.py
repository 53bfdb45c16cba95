"""Lab: what was found under each name, what changed, dangers, one sample's result."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi.responses import Response

from fanal.answers import analyses, disclosure, reports
from fanal.answers.analyses import Overview
from fanal.answers.reports import SampleResult
from fanal.edition import too_small
from fanal.errors import ConfigError
from fanal.laboratory import findings
from fanal.laboratory.findings import Expected, SoldAs
from fanal.web import labels
from fanal.web.permissions import READ, SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.language import capital
from fanal.wording.marks import N_

pages = Pages(N_("Lab"), home="/lab")
CONTENTS = 4  # of a name, the most frequent first


@dataclass(frozen=True, slots=True)
class Lab(Content):
    """What laboratories found."""

    template: ClassVar[str] = "lab.html.j2"
    samples: str
    expected: list[list[Any]]
    matrix: list[list[Any]]
    changed: list[list[Any]]
    instead: list[list[Any]]
    dangers: list[list[Any]]
    doses: list[list[Any]]
    few: bool
    may_ask: bool
    reference: str
    result: list[SampleResult]
    error: str


@pages.shows("/lab", SEE)
def lab(visit: Visiting, reference: str = "") -> Response:
    """Show what laboratories found."""
    found = analyses.overview(visit.ws)
    may = visit.may(READ)
    result, error = _result(visit, reference) if reference and may else ([], "")
    say = visit.language
    told = {rule.name: rule.label.get(say.code, rule.label["en"]) for rule in findings.rules()}
    return visit.render(
        Lab(
            _analysed(visit, found),
            [[_named(visit, r.sold_as), *_held(visit, r)] for r in found.expected],
            _matrix(visit, found.matrix, {r.sold_as: r for r in found.expected}),
            [[_named(visit, r.sold_as), f"{r.first} – {r.last}", *_held(visit, r)[:-1]]
             for r in found.changed],
            [[capital(str(r.name)), str(r.year), _list(visit, r.instead),
              _n(visit, r.of)] for r in found.other],
            [[capital(told.get(rule, rule)), _named(visit, what), _n(visit, n),
              visit.day(last)] for rule, what, n, last in found.dangers],
            [[_named(visit, r.substance), labels.form(visit, r.form),
              say.site(r.site), say.per(r.unit),
              say.number(r.n), *(None if n is None else say.number(n)
                                    for n in (r.q1, r.median, r.q3))]
             for r in found.doses if r.n and not too_small(r.n, visit.least)],
            visit.least > 1, may, reference, result, error,
        ),
        404 if error else 200,
    )  # fmt: skip


def _analysed(visit: Visit, found: Overview) -> str:
    """Return how many samples there are; a dash where less those told by name it tells few."""
    names = {row.sold_as: row.of for row in found.matrix}
    names |= {row.sold_as: row.of for row in found.expected}
    counts = list(names.values())
    told = [disclosure.chain([n], visit.least)[0] for n in counts]
    may = disclosure.whole(found.analysed, counts, told, visit.least)
    return _n(visit, found.analysed) if may else "–"


def _n(visit: Visit, *counts: int) -> str:
    """Return the last of nested counts of samples, each a person's, as it may be told."""
    n = disclosure.told(disclosure.chain(counts, visit.least)[-1], counts[-1], visit.least)
    return "–" if n is None else visit.language.number(n)


def _held(visit: Visit, row: Expected) -> list[str]:
    """Return how many were analysed under a name, held it (share, interval), and nothing else."""
    say, least = visit.language, visit.least
    real = (row.of, row.samples, row.alone)
    shown = disclosure.chain(real, least)
    of, samples, alone = (
        "–" if (n := disclosure.told(may, is_, least)) is None else say.number(n)
        for may, is_ in zip(shown, real, strict=True)
    )
    if shown[0] is None or shown[1] is None:
        return [of, samples, "–", "–", alone]
    interval = f"{say.percent(row.low)} – {say.percent(row.high)}"
    return [of, samples, say.percent(row.share), interval, alone]


def _named(visit: Visit, substance: str) -> str:
    return capital(labels.value(visit, "substance", substance))


def _list(visit: Visit, substances: str) -> str:
    return ", ".join(labels.value(visit, "substance", s) for s in substances.split(", "))


def _matrix(visit: Visit, found: list[SoldAs], held: dict[str, Expected]) -> list[list[Any]]:
    """Return what was found most under each name."""
    by_name: dict[str, list[SoldAs]] = {}
    for row in found:
        by_name.setdefault(row.sold_as, []).append(row)
    rows: list[list[Any]] = []
    for name, contents in by_name.items():
        told = []
        for r in contents[:CONTENTS]:
            shown = disclosure.of_name(r.sold_as, r.substance, (r.samples, r.of), held, visit.least)
            share = visit.language.percent(r.share) if shown is not None else ""
            told.append(f"{labels.value(visit, 'substance', r.substance)} {share}".strip())
        rows.append([(_named(visit, name), f"/substances/{name}"),
                     _n(visit, contents[0].of), " · ".join(told)])  # fmt: skip
    return rows


def _result(visit: Visit, reference: str) -> tuple[list[SampleResult], str]:
    found: list[SampleResult] = []
    with contextlib.suppress(ConfigError):
        found = reports.result_of(visit.ws, reference)
    mine = set(visit.sites(READ))
    sites = {name: source.site for name, source in visit.ws.sources.items()}
    rows = [r for r in found if sites.get(r.source) in mine]
    if not rows:
        return [], visit.say("No sample has that reference.")
    visit.ws.audit("read", {"samples": len({r.source for r in rows})})
    return rows, ""
