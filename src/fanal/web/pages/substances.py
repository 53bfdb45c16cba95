"""Substances: one page that joins everything that is known of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi.responses import Response

from fanal.answers import analyses, disclosure, explore
from fanal.answers import profiles as known
from fanal.answers.prices import band_label
from fanal.answers.profiles import LIMITS, Contents, Figure, Prices, Share, Told
from fanal.door.pseudonyms import show
from fanal.edition import Few, Value, half, too_small
from fanal.errors import MissingError
from fanal.exporters.axes import Spec
from fanal.laboratory.findings import Expected, SoldAs
from fanal.publishing.signal_facts import titled
from fanal.records import Phenomenon
from fanal.web import labels, series_charts
from fanal.web.permissions import SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.language import capital
from fanal.wording.marks import N_

pages = Pages(N_("Substances"), home="/substances")
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
    picture: Spec
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
    mentions: list[Value]
    picture: Spec | None
    prices: list[PriceTable]
    inside: list[list[Any]]
    names: list[list[Any]]
    contents: list[list[Any]]
    purities: Spec | None
    practices: list[list[Any]]
    figures: list[list[Any]]
    signals: list[tuple[str, str, str]]  # short id, what, state
    said: list[tuple[str, Phenomenon]]
    few: bool  # some small numbers are withheld
    untold: bool  # documents name it, and their numbers are withheld
    limits: dict[str, str]  # part: what its figures do not say


@pages.shows("/substances", SEE)
def substances(visit: Visiting, q: str = "") -> Response:
    """List the substances."""
    say, thesaurus = visit.language, visit.ws.thesaurus()
    rows = []
    found = known.listed(visit.ws, visit.least)
    in_all = _in_all(visit, found)
    for row in found:
        id_ = row.substance
        rows.append([
            (capital(thesaurus.label(id_, say.code)), f"/substances/{id_}"),
            thesaurus.class_label(thesaurus.substances[id_].klass, say.code),
            say.number(row.mentions or 0),
            _thousand(visit, row.mentions, row.read),
            _thousand(visit, row.before, row.read_before),
            in_all[id_],
        ])  # fmt: skip
    compared = any(row.read_before for row in found)
    wanted = q.strip().casefold()
    matches = [
        (f"/substances/{id_}", name) for id_, name in labels.substances(visit)
        if wanted and (wanted in name.casefold() or wanted in id_)
    ]  # fmt: skip
    return visit.render(
        ListOfSubstances(rows, compared, len(thesaurus.substances), q, matches[:40])
    )


def _thousand(visit: Visit, n: float | None, read: float | None) -> str:
    """Return how many of a thousand documents read; a dash where that is not known, nor told."""
    if not read or isinstance(n, Few) or isinstance(read, Few):
        return "–"
    return visit.language.number(round(1000 * (n or 0) / read, 1))


def _held(visit: Visit) -> dict[str, Expected]:
    """Return how many samples held what they were sold as; nothing where no count is withheld."""
    return analyses.expected(visit.ws) if visit.least > 1 else {}


def _in_all(visit: Visit, found: list[Told]) -> dict[str, str]:
    """Return in how many samples, each a person's, each substance was found, as it may be told."""
    by: dict[str, list[SoldAs]] = {}
    if visit.least > 1:
        for one in analyses.matrix(visit.ws):
            by.setdefault(one.substance, []).append(one)
    held, shown = _held(visit), {}
    for row in found:
        n, sold = int(row.found or 0), by.get(row.substance, [])
        told = [
            disclosure.of_name(one.sold_as, one.substance, (one.samples, one.of), held, visit.least)
            for one in sold
        ]
        may = disclosure.whole(n, [one.samples for one in sold], told, visit.least)
        n = disclosure.few(n, visit.least)
        shown[row.substance] = visit.language.number(n) if may or isinstance(n, Few) else "–"
    return shown


@pages.shows("/substances/{id}", SEE)
def substance(visit: Visiting, id: str) -> Response:
    """Show a substance."""
    ws, say = visit.ws, visit.language
    known.require(ws, id)
    thesaurus = ws.thesaurus()
    row = thesaurus.substances[id]
    spoken = f"mentions/substance={id}/month"
    counted = _lines(visit, spoken, visit.least)
    laboratory, held = known.laboratory(ws, id), _held(visit)
    aliases = sorted({a.alias for a in thesaurus.aliases if a.substance == id}, key=str.lower)
    purities = {
        visit.say(labels.BASES.get(basis, basis)): values
        for basis, every in known.purities(ws, id).items()
        if (values := [v for v in every if basis != "measured-lab" or v.denominator is None
                       or not too_small(v.denominator, visit.least)])
    }  # fmt: skip
    unit, content = (labels.measure(visit, m) for m in ("mentions", "purity"))
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
            _inside(visit, id, laboratory.inside, held),
            _names(visit, id, laboratory.names, held),
            _contents(visit, laboratory.contents),
            series_charts.lines(purities, content, say, 180) if purities else None,
            [[labels.value(visit, "practice", r.code), say.number(r.documents),
              say.percent(r.documents / r.of) if r.of else "–"]
             for r in known.practices(ws, id, visit.least)],
            [_figure(visit, r) for r in known.figures(ws, id)],
            [(show(s.id), titled(ws, s, say), s.state)
             for s in known.concerned(ws, id)[:10]],
            [(show(p.id), p) for p in known.said(ws, id)],
            visit.least > 1, not counted and bool(_lines(visit, spoken, 1)),
            {part: visit.say(words) for part, words in LIMITS.items()},
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
    title = visit.say("Price, %(each)s (%(currency)s)", each=each, currency=currency)
    alt = say.of(title, say.parts([f"{row[0]}, {row[1]}" for row in rows]))
    first, last = say.day(prices.first), say.day(prices.last)
    period = visit.say("%(first)s to %(last)s", first=first, last=last)
    return PriceTable(title, series_charts.lines(shown, currency, say), alt, period, rows)


def _lines(visit: Visit, series: str, least: int) -> list[Value]:
    """Return the points of a series that may be told where numbers below `least` may not."""
    try:
        line = explore.line(visit.ws, series, least)
    except MissingError:
        return []
    return [Value(*point) for point in line.points]


def _inside(
    visit: Visit, id: str, rows: Sequence[Share], by_name: dict[str, Expected]
) -> list[list[Any]]:
    """Return what was found in what is sold under its names, beside what the lab page tells."""
    held = [by_name[id]] if id in by_name else []
    shown = []
    for row in rows:
        counts = [n for one in held for n in (one.of, row.of)]
        if row.substance == id:
            counts += [n for one in held for n in (one.samples, one.alone)]
        counts += [row.of, row.samples]
        told = disclosure.chain(counts, visit.least)
        shown.append(_share(visit, row, None if told[-2] is None else told[-1]))
    return shown


def _names(
    visit: Visit, id: str, rows: Sequence[Share], held: dict[str, Expected]
) -> list[list[Any]]:
    """Return under which names it was sold; they add up to the samples that held it."""
    if not rows:
        return []
    told = [
        disclosure.of_name(row.substance, id, (row.samples, row.of), held, visit.least)
        for row in rows
    ]
    may = disclosure.whole(rows[0].of, [row.samples for row in rows], told, visit.least)
    return [_share(visit, row, n, may) for row, n in zip(rows, told, strict=True)]


def _share(visit: Visit, row: Share, n: int | None, of: bool = True) -> list[Any]:
    """Return a name with its count, and its share where it is told `of` how many."""
    say, least = visit.language, visit.least
    name = visit.say("a name that the thesaurus does not know")
    if row.substance:
        name = labels.value(visit, "substance", row.substance)
    told = disclosure.told(n, row.samples, least)
    if n is None:
        return [capital(name), "–" if told is None else say.number(told), "–", "–"]
    if not of:
        return [capital(name), say.number(n), "–", "–"]
    low, high = say.percent(row.low), say.percent(row.high)
    share = say.percent(row.samples / row.of)
    return [capital(name), say.number(n), share, f"{low} – {high}"]


def _contents(visit: Visit, rows: Sequence[Contents]) -> list[list[Any]]:
    say = visit.language
    return [
        [str(r.year or "–"), labels.form(visit, r.form), say.per(r.unit),
         *(say.number(n) for n in (r.n, r.minimum, r.median, r.maximum))]
        for r in rows if not too_small(r.n, visit.least)
    ]  # fmt: skip


def _figure(visit: Visit, row: Figure) -> list[Any]:
    say, source = visit.language, visit.ws.sources.get(row.source)
    title = half(source.title, say.code) if source else row.source
    now = f"{say.number(row.value)} {half(row.unit, say.code)}".strip() + f" ({row.period.year})"
    then = f"{say.number(row.value_first)} ({row.first.year})"
    return [half(row.name, say.code), say.area(row.area), now, then, title]
