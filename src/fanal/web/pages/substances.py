"""Substances: one page that joins everything that is known of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi.responses import Response

from fanal import profiles as known
from fanal.door import show
from fanal.exporters.edition import Few, half
from fanal.exporters.language import capital
from fanal.prices import band_label
from fanal.profiles import Prices
from fanal.publishing import titled
from fanal.records import Phenomenon
from fanal.substances import LIMITS
from fanal.web import names, series_charts
from fanal.web.permissions import BRING, SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting

pages = Pages("Substances", "Substances", home="/substances")
ALIASES = 14


@dataclass(frozen=True, slots=True)
class ListOfSubstances(Content):
    """The substances that were named or found, most named first."""

    template: ClassVar[str] = "substances.html.j2"
    rows: list[list[Any]]
    compared: bool  # the twelve months before were read too
    total: int  # of the thesaurus
    words: str
    matches: list[tuple[str, str]]  # of a search among all of them: address, name


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices in one unit: a chart over time, the discount curve as a table."""

    title: str
    picture: dict[str, Any]
    alt: str
    period: str  # that the rows are of
    rows: list[list[Any]]


@dataclass(frozen=True, slots=True)
class OneSubstance(Content):
    """Everything that is known of a substance."""

    template: ClassVar[str] = "substance.html.j2"
    id: str
    name: str
    klass: str
    above: list[tuple[str, str]]
    below: list[tuple[str, str]]
    aliases: list[str]
    more_aliases: int
    mentions: list[dict[str, Any]]
    picture: dict[str, Any] | None
    prices: list[PriceTable]
    inside: list[list[Any]]
    names: list[list[Any]]
    contents: list[list[Any]]
    purities: dict[str, Any] | None
    practices: list[list[Any]]
    figures: list[list[Any]]
    signals: list[tuple[str, str, str]]  # short id, what, state
    said: list[tuple[str, Phenomenon]]
    few: bool  # some small numbers are withheld
    limits: dict[str, str]  # part: what its figures do not say


@pages.shows("/substances", SEE)
def substances(visit: Visiting, q: str = "") -> Response:
    """List the substances."""
    say, thesaurus = visit.language, visit.ws.thesaurus()
    few = not visit.may(BRING)
    rows = []
    found = known.listed(visit.ws)
    for row in found:
        id_ = row["substance"]
        rows.append([
            (capital(thesaurus.label(id_, say.code)), f"/substances/{id_}"),
            thesaurus.class_label(thesaurus.substances[id_].klass, say.code),
            say.number(int(row["mentions"] or 0)),
            _thousand(visit, row["mentions"], row["read"]),
            _thousand(visit, row["before"], row["read_before"]),
            _count(visit, int(row["found"] or 0), few),
        ])  # fmt: skip
    compared = any(row["read_before"] for row in found)
    wanted = q.strip().casefold()
    matches = [
        (f"/substances/{id_}", name) for id_, name in names.substances(visit)
        if wanted and (wanted in name.casefold() or wanted in id_)
    ]  # fmt: skip
    return visit.render(
        ListOfSubstances(rows, compared, len(thesaurus.substances), q, matches[:40])
    )


def _thousand(visit: Visit, n: float | None, read: float | None) -> str:
    """Return how many of a thousand documents read; a dash where they were not read."""
    return visit.language.number(round(1000 * (n or 0) / read, 1)) if read else "–"


def _count(visit: Visit, n: int, few: bool) -> str:
    """Return a count of samples, each a person's: a reader is not told a small one."""
    least = visit.ws.settings.small_number
    return visit.language.number(Few(least) if few and 0 < n < least else n)


@pages.shows("/substances/{id}", SEE)
def substance(visit: Visiting, id: str) -> Response:
    """Show a substance."""
    ws, say = visit.ws, visit.language
    known.require(ws, id)
    thesaurus = ws.thesaurus()
    row = thesaurus.substances[id]
    few = not visit.may(BRING)
    counted = known.mentions(ws, id)
    laboratory = known.laboratory(ws, id)
    aliases = sorted({a.alias for a in thesaurus.aliases if a.substance == id}, key=str.lower)
    purities = {
        visit.t(*names.BASES.get(basis, (basis, basis))): values
        for basis, values in known.purities(ws, id).items()
    }
    unit, content = (names.measure(visit, m) for m in ("mentions", "purity"))
    return visit.render(
        OneSubstance(
            id, capital(thesaurus.label(id, say.code)), thesaurus.class_label(row.klass, say.code),
            [(a, thesaurus.label(a, say.code)) for a in thesaurus.ancestors(id)
             if a in thesaurus.substances],
            [(s, thesaurus.label(s, say.code)) for s, other in thesaurus.substances.items()
             if other.parent == id][:30],
            aliases[:ALIASES], max(0, len(aliases) - ALIASES),
            counted,
            series_charts.bars(counted, unit, say) if counted else None,
            [_prices(visit, prices) for prices in known.prices(ws, id)],
            [_share(visit, r, few) for r in laboratory["inside"]],
            [_share(visit, r, few) for r in laboratory["names"]],
            _contents(visit, laboratory["contents"], few),
            series_charts.lines(purities, content, say, 180) if purities else None,
            [[names.value(visit, "practice", r["code"]), say.number(r["documents"]),
              say.percent(r["documents"] / r["of"])] for r in known.practices(ws, id)],
            [_figure(visit, r) for r in known.figures(ws, id)],
            [(show(s["id"]), titled(ws, s, say), s["state"])
             for s in known.concerned(ws, id)[:10]],
            [(show(p.id), p) for p in known.said(ws, id)],
            few, {part: visit.t(*pair) for part, pair in LIMITS.items()},
        )
    )  # fmt: skip


def _prices(visit: Visit, prices: Prices) -> PriceTable:
    say = visit.language
    each, currency = say.each(prices.unit), prices.currency

    def amount(band: float) -> str:
        return say.amount(band_label(prices.unit, band), prices.unit)

    rows: list[list[Any]] = [
        [amount(d.band), say.money(d.price, currency), say.number(d.prices),
         say.percent(d.share) if d.share is not None else "–"]
        for d in prices.curve
    ]  # fmt: skip
    kept = {d.band for d in prices.curve}
    shown = {amount(band): rows_ for band, rows_ in prices.bands.items() if band in kept}
    title = visit.t(f"Prix, {each} ({currency})", f"Price, {each} ({currency})")
    alt = title + " : " + " ; ".join(f"{row[0]}, {row[1]}" for row in rows)
    first, last = say.day(prices.first), say.day(prices.last)
    period = visit.t(f"du {first} au {last}", f"{first} to {last}")
    return PriceTable(title, series_charts.lines(shown, currency, say), alt, period, rows)


def _share(visit: Visit, row: dict[str, Any], few: bool) -> list[Any]:
    say, least = visit.language, visit.ws.settings.small_number
    name = names.value(visit, "substance", row["substance"]) if row["substance"] else visit.t(
        "nom inconnu du thésaurus", "a name that the thesaurus does not know"
    )  # fmt: skip
    if few and row["samples"] < least:
        return [capital(name), _count(visit, row["samples"], few), "–", "–"]
    low, high = say.percent(row["low"]), say.percent(row["high"])
    share = say.percent(row["samples"] / row["of"])
    return [capital(name), say.number(row["samples"]), share, f"{low} – {high}"]


def _contents(visit: Visit, rows: list[dict[str, Any]], few: bool) -> list[list[Any]]:
    say, least = visit.language, visit.ws.settings.small_number
    return [
        [str(r["year"] or "–"), r["form"] or "–", r["unit"],
         _count(visit, r["n"], few), *(say.number(r[k]) for k in ("minimum", "median", "maximum"))]
        for r in rows if not few or r["n"] >= least
    ]  # fmt: skip


def _figure(visit: Visit, row: dict[str, Any]) -> list[Any]:
    say, source = visit.language, visit.ws.sources.get(row["source"])
    title = half(source.title, say.code) if source else row["source"]
    now = f"{say.number(row['value'])} {row['unit']} ({row['period'].year})"
    then = f"{say.number(row['value_first'])} ({row['first'].year})"
    return [row["name"], row["area"], now, then, title]
