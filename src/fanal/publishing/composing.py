"""From the tables to an edition: what a bulletin says about a period, with its evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from fanal import exporters
from fanal.answers import disclosure, evidence, explore, prices, withholding
from fanal.answers.behind import AlarmRow, Behind, Excerpt
from fanal.answers.ends import last_day
from fanal.answers.following import link, years
from fanal.coding.practices import Rules
from fanal.door.identifiers import leaks
from fanal.door.pseudonyms import show
from fanal.edition import (
    EVERYWHERE,
    Beside,
    ContentFact,
    Edition,
    Evidence,
    FigureFact,
    LabFact,
    MethodFact,
    Name,
    PlantedFact,
    PriceFact,
    Reckoning,
    SignalFact,
    SourceFact,
    Value,
    Witness,
    half,
)
from fanal.errors import MissingError, StoppedError
from fanal.exporters import signals_prose
from fanal.exporters.method_words import METHODS
from fanal.laboratory import findings
from fanal.observatory import Observatory
from fanal.people.triage import SignalRow
from fanal.plugins import fields_of, known, make
from fanal.records import VERSION, Indicator, Point
from fanal.series import (
    PAIR,
    about,
    budgeted,
    concept_of,
    end_of,
    halves,
    lineage,
    parts_of,
    site_of,
    stretch,
    summed,
)
from fanal.stages.counting import NAMED
from fanal.stages.grouping import within
from fanal.thesaurus import Thesaurus
from fanal.wording.language import Language, both, capital, named, spoken
from fanal.wording.marks import N_, NC_

NAMES = 12  # under which most samples were analysed


def bulletin(
    ws: Observatory,
    last: date | None = None,
    first: date | None = None,
    planted: tuple[PlantedFact, ...] = (),
    title: Name | None = None,
) -> Edition:
    """Return the edition of a period: by default the quarter that ends with the evidence.

    It tells of nothing that came after, and is the same whenever it is made, but for what people
    said since of the signals: one that was dismissed stays away.
    """
    last = last or last_day(ws)
    first = first or prices.quarter(last)
    thesaurus = ws.thesaurus()
    signals = _signals(ws, thesaurus, first, last)
    figures = _figures(ws, thesaurus, last)
    sources = _sources(ws, first, last, signals)
    return Edition(
        title=title or Name(ws.settings.title, ws.settings.title),
        first=first,
        last=last,
        published=date.today(),  # noqa: DTZ011 - the calendar day where the person sits
        version=VERSION,
        fingerprint=thesaurus.fingerprint,
        sites=tuple(sorted({s.site for s in sources if s.documents or s.samples})),
        signals=tuple(fact for _, fact in signals),
        prices=_prices(ws, thesaurus, first, last),
        contents=_contents(ws, thesaurus, first, last),
        figures=figures,
        sources=sources,
        reckoning=_reckoning(ws, first, last),
        activity=_activity(ws, first, last),
        planted=planted,
        methods=_methods(ws),
        sample=any(source.invented for source in sources),
        least=ws.settings.small_number,
    )


def publish(
    ws: Observatory, edition: Edition, folder: Path, formats: list[str], *, public: bool = False
) -> list[Path]:
    """Write an edition in these formats; a `public` one without texts and small counts."""
    plugins = known("exporters", exporters.BUILTIN)
    if public:
        least = ws.settings.small_number
        edition = disclosure.public(
            edition,
            least,
            lambda one: _periods(ws, one, least),
            lambda kind: _read(ws, kind, least),
        )
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name in formats:
        # An exporter that cannot leave texts out is refused a public edition.
        asked: dict[str, Any] = {"public": True} if public else {}
        if "languages" in fields_of(plugins.get(name, object)):
            asked["languages"] = tuple(spoken(code).code for code in ws.settings.languages)
        written += make(plugins, "exporter", name, **asked).export(edition, folder)
    ws.audit("export", {"files": [path.name for path in written], "public": public})
    return written


def label(thesaurus: Thesaurus, concept: str, ws: Observatory) -> Name:
    """Return what people call a concept, in both languages."""
    if concept.startswith(PAIR):
        order = sorted(halves(concept), key=lambda half: (not half.startswith("substance"), half))
        one, other = (label(thesaurus, half, ws) for half in order)
        return named(lambda language: f"{one.in_(language.code)} + {other.in_(language.code)}")
    pairs = about(concept)
    if "substance" in pairs:
        return _substance(thesaurus, pairs["substance"])
    if "group" in pairs:
        return _substance(thesaurus, pairs["group"])
    if pairs.get("class") in thesaurus.classes:
        return Name(*thesaurus.classes[pairs["class"]])
    if "practice" in pairs:
        code = Rules.load().codes.get(pairs["practice"])
        if not code:
            return Name(pairs["practice"], pairs["practice"])
        return named(lambda language: code.label.get(language.code, code.label["en"]))
    if "source" in pairs:
        title = ws.sources[pairs["source"]].title if pairs["source"] in ws.sources else "?"
        return Name(title, title)
    if "platform" in pairs:
        app = APPS.get(pairs["platform"], capital(pairs["platform"]))
        return both("%(app)s app", app=app)
    if "place" in pairs:
        place = pairs["place"]
        return named(lambda language: language.area(place))
    if "name" in pairs:
        figure = _indicator(pairs["name"])
        return Name(capital(figure.fr), capital(figure.en))
    value = capital(next(iter(pairs.values()), concept))
    return Name(value, value)


APPS = {
    "encrochat": "EncroChat", "icq": "ICQ", "imessage": "iMessage", "simplex": "SimpleX",
    "skyecc": "Sky ECC", "tiktok": "TikTok", "wechat": "WeChat", "whatsapp": "WhatsApp",
}  # fmt: skip


def _indicator(name: str) -> Name:
    """Return the name of an indicator, which may hold both languages."""
    plain = name.replace("∕", "/")  # a slash parts the name of a series
    return Name(half(plain, "fr"), half(plain, "en"))


def measured(ws: Observatory, series: str) -> Name:
    """Return what a series measures, with its unit, as a title says it."""
    measure, dimensions, _ = parts_of(series)
    if measure == "price":
        unit = f"{dimensions.get('currency', '')}/{dimensions.get('unit', '')}".strip("/")
        return named(lambda language: language.per(unit))
    if measure == "indicator":
        return _unit(ws, series)
    if measure in ("purity", "strength"):
        return both(BASES.get(dimensions.get("basis", ""), ""))
    if measure == "danger":
        rule = dimensions.get("rule")
        label = next((r.label for r in findings.rules() if r.name == rule), None)
        if label:
            return named(
                lambda language: language.say(
                    "danger: %(what)s", what=label.get(language.code, label["en"])
                )
            )
    return both(MEASURED.get(measure, ""))


MEASURED = {
    "documents": N_("documents read"),
    "mentions": N_("mentions in texts"),
    "practices": N_("mentions in texts"),
    "platforms": N_("mentions in texts"),
    "places": N_("mentions in texts"),
    "together": N_("named together"),
    "found": N_("found in the laboratory"),
    "danger": N_("danger"),
    "expected": N_("samples that hold what they say"),
    "missold": N_("sold as what it is not"),
    "changed": N_("content changed"),
}
BASES = {
    "claimed": NC_("purity", "claimed"),
    "measured": NC_("purity", "said to be measured"),
    "measured-lab": N_("in the laboratory"),
}


def _unit(ws: Observatory, series: str) -> Name:
    """Return the unit of a published figure."""
    units: dict[str, str] = ws.tables.kept(
        "units of figures",
        (Indicator,),
        lambda: {
            "\n".join((row["label"], row["area"], row["substance"], row["step"])): row["unit"]
            for row in ws.tables.rows(
                f"WITH {NAMED} SELECT DISTINCT label, area, coalesce(substance, '') AS substance, "
                "step, unit FROM named ORDER BY unit DESC"
            )
        },
    )
    _, dimensions, step = parts_of(series)
    name = dimensions.get("name", "").replace("∕", "/").replace("＝", "=")
    key = (name, dimensions.get("area", ""), dimensions.get("substance", ""), step)
    unit = units.get("\n".join(key), "")
    return Name(half(unit, "fr"), half(unit, "en"))


def _substance(thesaurus: Thesaurus, substance: str) -> Name:
    if substance not in thesaurus.substances:
        return Name(substance, substance)
    return Name(thesaurus.label(substance, "fr"), thesaurus.label(substance, "en"))


def _signals(
    ws: Observatory, thesaurus: Thesaurus, first: date, last: date
) -> list[tuple[str, SignalFact]]:
    """Return the signals of the period, each with its concept: by rank, within the budget.

    Dismissed ones are left out; sources that fell silent come on top of the budget. A signal is
    told by the alarms, the evidence and the past that were there at the end of the period. A
    first detection does not wait for its month to end, unless more is known of that month.
    """
    from fanal import detectors  # their statistics take a second to load

    rarities = detectors.rarities()
    current = last >= last_day(ws)
    alarms: dict[bytes, list[AlarmRow]] = defaultdict(list)
    for row in ws.tables.rows("SELECT * FROM alarms WHERE signal IS NOT NULL"):
        if (row["period"] if current else end_of(row["period"], row["step"])) <= last:
            alarms[row["signal"]].append(AlarmRow.of(row))
    chosen = []
    for signal in ws.signals():
        mine = [r for r in alarms[signal.id] if end_of(r.period, r.step) >= first]
        if mine and signal.state != "closed":
            chosen.append(within(signal, mine, rarities))
            alarms[signal.id] = mine
    ranked = [signal for signal in chosen if budgeted(signal.parameters)]
    on_top = [signal for signal in chosen if not budgeted(signal.parameters)]
    wider = lineage(thesaurus)
    told = []
    for signal in ranked[: ws.settings.budget] + on_top:
        # Of the alarms of the period: the first of them may count from before it.
        since = min(alarm.period for alarm in alarms[signal.id])
        period = replace(signal, first=max(signal.first, since))
        behind = evidence.of(ws.tables, period, wider, areas=ws.areas())
        step = parts_of(signal.series)[2]
        history = tuple(
            v for v in behind.history if v.period <= signal.last or end_of(v.period, step) <= last
        )
        if behind.stretch:  # a month that goes on was read up to the end of the edition
            behind = replace(behind, stretch=(behind.stretch[0], min(behind.stretch[1], last)))
        behind = replace(behind, history=history, alarms=tuple(alarms[signal.id]))
        one = fact(ws, thesaurus, signal, behind)
        if one.direction == "new" and one.first < first:  # an earlier edition told it as new
            one = replace(one, direction="up")
        told.append((signal.concept, one))
    return told


def titled(ws: Observatory, signal: SignalRow, language: Language) -> str:
    """Return what a signal is about, where and which measure, as it is called everywhere."""
    return signals_prose.title(fact(ws, ws.thesaurus(), signal), language)


def fact(
    ws: Observatory,
    thesaurus: Thesaurus,
    signal: SignalRow,
    behind: Behind | None = None,
) -> SignalFact:
    """Return a signal as it is told, with what stands behind it (`evidence.of`) where given."""
    lapsed = behind is not None and signal.state == "closed" and not behind.alarms
    behind = behind or Behind(signal)
    measure, dimensions, step = parts_of(signal.series)
    told = ("series", "observed", "expected", "detector", "parameters")
    peak = next(
        (
            alarm.period for alarm in behind.alarms
            if all(getattr(alarm, key) == getattr(signal, key) for key in told)
        ),
        signal.last,
    )  # fmt: skip
    site, area = dimensions.get("site", ""), dimensions.get("area", "")
    one_of = bool(area) and not signal.place
    areas = {parts_of(a.series)[1].get("area", "") for a in behind.alarms} - {""}
    among = one_of and areas != {area}
    # What is told of one area of several began and ended with its own alarms.
    own = [a.period for a in behind.alarms if a.series == signal.series] if one_of else []
    rises = signal.observed > signal.expected
    direction = (
        "silent" if measure == "documents" and not rises
        else "new" if signal.novelty == "new" and rises
        else "up" if rises else "down"
    )  # fmt: skip
    window = 1 if direction == "silent" else summed(signal.parameters)
    first, last = stretch(peak, step, signal.parameters)
    return SignalFact(
        id=show(signal.id),
        concept=_concept(thesaurus, signal, ws),
        direction=direction,
        measure=measure,
        place=signal.place or area,
        step=step,
        first=min(own, default=signal.first),
        last=max(own, default=signal.last),
        peak=peak,
        observed=signal.observed,
        expected=signal.expected,
        threshold=signal.threshold,
        denominator=_denominator(behind.history, first, last),
        history=behind.history,
        detector=signal.detector,
        parameters=signal.parameters,
        novelty=signal.novelty,
        state=signal.state,
        witnesses=tuple(
            Witness(row.kind, row.documents, max(0, row.read - row.documents), row.sources,
                    len(row.sites), row.against, row.few)
            for row in behind.corroboration if row.read
        ),
        evidence=tuple(_piece(ws, excerpt) for excerpt in behind.excerpts),
        documents=behind.documents,
        lab=_lab(thesaurus, behind),
        currency=dimensions.get("currency", "EUR"),
        quantity=_quantity(dimensions),
        measured=measured(ws, signal.series),
        unit=_unit(ws, signal.series) if measure == "indicator" else Name("", ""),
        among=among,
        window=window,
        counted_at=_counted_at(signal.place, site, area, measure),
        counted_in=dimensions.get("kind", ""),
        stretch=behind.stretch,
        series=signal.series,
        beside=_beside(ws, thesaurus, signal, behind.alarms, signal.place or area),
        lapsed=lapsed,
    )  # fmt: skip


def _beside(
    ws: Observatory,
    thesaurus: Thesaurus,
    signal: SignalRow,
    alarms: Iterable[AlarmRow],
    place: str,
) -> tuple[Beside, ...]:
    """Return what else alarmed in a signal, by first alarm: elsewhere, and other things.

    A group or a class that alarms with one of its own tells nothing more.
    """
    gathered: dict[tuple[str, str], list[AlarmRow]] = defaultdict(list)
    for alarm in alarms:
        concept, where = concept_of(alarm.series), site_of(alarm.series)
        if concept == signal.concept:
            if where and where != place:
                gathered["", where].append(alarm)
        elif not {"group", "class"} & about(concept).keys():
            gathered[concept, ""].append(alarm)
    found = []
    for (concept, where), mine in gathered.items():
        first = min(mine, key=lambda alarm: (alarm.period, alarm.series))
        name = Name("", "")
        if concept:
            what, of = label(thesaurus, concept, ws), measured(ws, first.series)
            name = named(partial(_with_measure, what, of))
        sites = {site_of(alarm.series) for alarm in mine} - {"", place}
        found.append(
            Beside(name, (where,) if where else tuple(sorted(sites)), first.period, first.step)
        )
    return tuple(sorted(found, key=lambda one: (one.what.en != "", one.first, one.places)))


def _with_measure(what: Name, of: Name, language: Language) -> str:
    name, measure = what.in_(language.code), of.in_(language.code)
    return f"{capital(name)} ({measure})" if measure else capital(name)


def for_reader(ws: Observatory, fact: SignalFact, least: int) -> SignalFact:
    """Return a signal as somebody is told it who may not know counts of persons below `least`.

    In a list, where nothing of its past is drawn, it is told as on its own page.
    """
    whole = fact if fact.history or least <= 1 else _with_past(ws, fact)
    told = disclosure.signal(whole, least, lambda one: _periods(ws, one, least))
    return told if fact.history else replace(told, history=())


def _with_past(ws: Observatory, fact: SignalFact) -> SignalFact:
    """Return a signal with the points of its series, and the period that its count is of."""
    (row,) = ws.tables.rows(
        "SELECT min(period) AS peak FROM alarms WHERE series = ? AND detector = ? "
        "AND observed = ? AND period BETWEEN ? AND ?",
        [fact.series, fact.detector, fact.observed, fact.first, fact.last],
    )
    past = evidence.history(ws.tables, fact.series)
    return replace(fact, peak=row["peak"] or fact.peak, history=past)


_TOLD: dict[str, tuple[str, dict[tuple[str, int], explore.Line]]] = {}


def _line(ws: Observatory, series: str, least: int) -> explore.Line:
    """Return what may be told of a series: it is asked for again and again, and takes a while."""
    moment = ws.tables.version(Point) + repr(sorted(explore.sources_of(ws).items()))
    if ws.tables.root not in _TOLD or _TOLD[ws.tables.root][0] != moment:
        _TOLD[ws.tables.root] = (moment, {})
    found = _TOLD[ws.tables.root][1]
    if (series, least) not in found:
        found[series, least] = explore.line(ws, series, least)
    return found[series, least]


def _periods(ws: Observatory, fact: SignalFact, least: int) -> disclosure.Periods | None:
    """Return what may be told of the series behind a signal; None: it holds no small number."""
    try:
        line = _line(ws, fact.series, least)
    except MissingError:  # its texts were erased, and its points with them
        persons = withholding.counts_persons(fact.series, explore.sources_of(ws))
        return {} if persons else None
    return {period: (value, of) for period, value, of in line.points}


def _read(ws: Observatory, kind: str, least: int) -> disclosure.Periods:
    """Return what may be told of the documents read of a kind of source by week."""
    line = explore.line(ws, f"documents/kind={kind}/week", least)
    return {period: (value, of) for period, value, of in line.points}


def _quantity(dimensions: dict[str, str]) -> str:
    """Return the quantity that a price is asked for; empty where it is no price."""
    if "band" not in dimensions:
        return ""
    return prices.band_label(dimensions.get("unit", ""), float(dimensions["band"]))


def _counted_at(place: str, site: str, area: str, measure: str) -> str:
    """Return the site that a count is of where it is not the signal's place."""
    if area or measure == "documents" or site == place:
        return ""
    return site or EVERYWHERE


def _concept(thesaurus: Thesaurus, signal: SignalRow, ws: Observatory) -> Name:
    """Return what a signal is about: of a published figure its name, and the substance."""
    measure, dimensions, _ = parts_of(signal.series)
    name = label(thesaurus, signal.concept, ws)
    if measure != "indicator" or "name" not in dimensions:
        return name
    figure = _indicator(dimensions["name"])
    short = name.fr.split(" (")[0]  # 4-MMC (méphédrone)
    if "substance" not in dimensions or short.casefold() in figure.fr.casefold():
        return figure
    return Name(f"{name.fr}, {figure.fr}", f"{name.en}, {figure.en}")


def _denominator(history: tuple[Value, ...], first: date, last: date) -> float | None:
    """Return how many were read in the stretch that a count is of."""
    read = [v.denominator for v in history if first <= v.period <= last and v.denominator]
    return sum(read) if read else None


def _lab(thesaurus: Thesaurus, behind: Behind) -> LabFact | None:
    """Return what laboratories say beside a signal; None where no sample concerns it."""
    samples = behind.samples
    if not samples:
        return None
    names = Counter(s.sold_as or s.sold_as_label for s in samples)
    found = Counter(f for s in samples for f in s.found or ())
    return LabFact(
        samples=len(samples),
        analysed=behind.analysed,
        sold_as=tuple((_substance(thesaurus, n), k) for n, k in names.most_common(4) if n),
        found=tuple((_substance(thesaurus, n), k) for n, k in found.most_common(4)),
        references=tuple(s.reference for s in samples[:8] if s.reference),
    )


def _piece(ws: Observatory, excerpt: Excerpt) -> Evidence:
    source = ws.sources.get(excerpt.source)
    # A second look at whatever leaves: an older door may have let through what today's stops.
    withheld = bool(leaks(excerpt.text))
    return Evidence(
        document=show(excerpt.document),
        source=source.title if source else excerpt.source,
        kind=excerpt.kind,
        site=excerpt.site,
        day=excerpt.day,
        text=None if withheld else excerpt.text,
        marks=() if withheld else ((excerpt.start, excerpt.stop),),
    )


def _prices(
    ws: Observatory, thesaurus: Thesaurus, first: date, last: date
) -> tuple[PriceFact, ...]:
    """Return unit prices by substance and quantity band, beside those of as long before."""
    day = timedelta(days=1)
    past = {
        (p.substance, p.unit, p.currency, p.band): p
        for p in prices.asked(ws.tables, first - (last - first) - day, first - day)
    }
    facts = []
    for p in prices.asked(ws.tables, first, last):
        if p.n < prices.LEAST_PRICES:
            continue
        before = past.get((p.substance, p.unit, p.currency, p.band))
        enough = before is not None and before.n >= prices.LEAST_PRICES
        facts.append(
            PriceFact(
                substance=_substance(thesaurus, p.substance),
                place="",
                quantity=prices.band_label(p.unit, p.band),
                unit=p.unit,
                currency=p.currency,
                n=p.n,
                median=p.median,
                low=p.low,
                high=p.high,
                before=before.median if before is not None and enough else None,
                before_n=before.n if before is not None else 0,
            )
        )
    return tuple(sorted(facts, key=lambda f: (f.substance.en, f.unit, -f.n)))


_OF_PERIOD = f"""
CREATE OR REPLACE TEMP VIEW samples AS SELECT * FROM every_sample s
WHERE s.day >= DATE '{{first}}' AND {findings.ENDED.format(s="s")} <= DATE '{{last}}'
"""


def _contents(
    ws: Observatory, thesaurus: Thesaurus, first: date, last: date
) -> tuple[ContentFact, ...]:
    """Return what laboratories found under the names that they analysed most, changed or other.

    A content that changed is told in the year from which it did, with the years before.
    """
    with ws.tables.connect() as connection:
        connection.execute("CREATE OR REPLACE TEMP TABLE every_sample AS SELECT * FROM samples")
        connection.execute(_OF_PERIOD.format(first=date.min, last=last))
        changed = findings.changed_contents(connection)
        connection.execute(_OF_PERIOD.format(first=first, last=last))
        expected = findings.as_expected(connection)
        others = findings.other_contents(connection)
    since = {row.sold_as: row.first for row in changed}  # of each, the latest stretch
    bounds = {"first": first.isoformat(), "last": last.isoformat()}
    facts = []
    for row in expected[:NAMES]:
        if row.of >= findings.LEAST:
            held = {"sold_as": row.sold_as} | bounds
            facts.append(_content(thesaurus, "expected", row.sold_as, first.year, last.year, row,
                                  link("samples", **held, expected=row.sold_as),
                                  link("samples", **held)))  # fmt: skip
    for row in changed:
        when, held = years(row.first, row.last), {"sold_as": row.sold_as}
        if since[row.sold_as] >= first.year:
            facts.append(_content(thesaurus, "changed", row.sold_as, row.first, row.last,
                                  row, link("samples", **held, expected=row.sold_as, **when),
                                  link("samples", **held, **when)))  # fmt: skip
    for one in others:
        when = {"first": max(bounds["first"], f"{one.year}-01-01"),
                "last": min(bounds["last"], f"{one.year}-12-31")}  # fmt: skip
        own = one.name in thesaurus.substances
        sold = {"sold_as" if own else "name": one.name} | when
        facts.append(_content(thesaurus, "other", one.name, one.year, one.year, one,
                              link("samples", **sold, expected=one.name) if own else "",
                              link("samples", **sold)))  # fmt: skip
    return tuple(facts)


def _content(
    thesaurus: Thesaurus, kind: str, name: str, first: int, last: int,
    row: findings.Expected | findings.Other, held: str, of: str,
) -> ContentFact:  # fmt: skip
    instead = row.instead.split(", ") if isinstance(row, findings.Other) else []
    return ContentFact(
        kind=kind,
        name=_substance(thesaurus, name),
        first=first,
        last=last,
        samples=row.samples,
        of=row.of,
        low=row.low,
        high=row.high,
        link=held,
        of_link=of,
        alone=None if isinstance(row, findings.Other) else row.alone,
        instead=tuple(_substance(thesaurus, one) for one in instead),
        others=row.others if isinstance(row, findings.Other) else 0,
    )


def _figures(ws: Observatory, thesaurus: Thesaurus, last: date) -> tuple[FigureFact, ...]:
    """Return the published figures, of periods that had ended, as their latest edition has them."""
    rows = ws.tables.rows(
        "SELECT name, area, unit, step, period, value, denominator, source, substance "
        "FROM indicators WHERE value IS NOT NULL QUALIFY row_number() OVER ("
        "PARTITION BY source, name, area, unit, step, substance, period "
        "ORDER BY revision DESC, value DESC, denominator) = 1 "
        "ORDER BY source, name, substance NULLS FIRST, area, unit, step, period"
    )
    keys = ("name", "area", "unit", "step", "source", "substance")
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if end_of(row["period"], row["step"]) <= last:
            key = tuple(row[name] or "" for name in keys)
            groups[key].append(row)
    return tuple(
        FigureFact(
            name=_of_substance(thesaurus, name, substance),
            area=area,
            unit=Name(unit, unit),
            step=step,
            points=tuple(Value(r["period"], r["value"], r["denominator"]) for r in group),
            source=ws.sources[source].title if source in ws.sources else source,
        )
        for (name, area, unit, step, source, substance), group in groups.items()
    )


def _of_substance(thesaurus: Thesaurus, name: str, substance: str) -> Name:
    """Return the name of a published figure, with its substance where the name does not say it."""
    label = _substance(thesaurus, substance)
    if label.fr.split(" (")[0].casefold() in name.casefold():  # 4-MMC (méphédrone)
        return Name(name, name)
    return Name(f"{half(name, 'fr')}, {label.fr}", f"{half(name, 'en')}, {label.en}")


def _sources(
    ws: Observatory, first: date, last: date, signals: list[tuple[str, SignalFact]]
) -> tuple[SourceFact, ...]:
    """Return the sources from which something was read of the period, or whose silence is told."""
    documents = _by_source(
        ws, "SELECT source, count(*) AS n FROM current_documents "
        "WHERE day BETWEEN $first AND $last GROUP BY source", first=first, last=last,
    )  # fmt: skip
    samples = _by_source(
        ws, "SELECT source, count(*) AS n FROM samples s WHERE s.day >= $first "
        f"AND {findings.ENDED.format(s='s')} <= $last GROUP BY source", first=first, last=last,
    )  # fmt: skip
    figures = Counter[str]()
    for row in ws.tables.rows(
        "SELECT DISTINCT source, name, area, unit, substance, period, step FROM indicators "
        "WHERE value IS NOT NULL"
    ):
        figures[row["source"]] += end_of(row["period"], row["step"]) <= last
    silent = {concept.partition("source=")[2] for concept, _ in signals}
    return tuple(
        SourceFact(
            name=name,
            title=source.title,
            kind=source.kind,
            site=source.site,
            publisher=source.publisher,
            legal_basis=source.legal_basis,
            licence=source.licence,
            link=source.link,
            invented=source.invented,
            documents=documents.get(name, 0),
            samples=samples.get(name, 0),
            figures=figures[name],
        )
        for name, source in ws.sources.items()
        if documents.get(name) or samples.get(name) or figures[name] or name in silent
    )


def _by_source(ws: Observatory, query: str, **asked: date) -> dict[str, int]:
    return {row["source"]: row["n"] for row in ws.tables.rows(query, asked)}


def _reckoning(ws: Observatory, first: date, last: date) -> Reckoning:
    """Return what became of the records of the files that something of the period came in with."""
    asked = {"first": first, "last": last}
    row = ws.tables.rows(
        "SELECT sum(rows_in) AS read, sum(rows_out) AS documents, sum(duplicates) AS duplicates, "
        "sum(skipped) AS skipped, sum(quarantined) AS quarantined, sum(issues) AS issues "
        "FROM runs WHERE stage = 'ingest' AND regexp_replace(id, '-[0-9]+$', '') IN ("
        "SELECT run FROM current_documents WHERE day BETWEEN $first AND $last "
        "UNION SELECT run FROM samples WHERE day BETWEEN $first AND $last)",
        asked,
    )[0]
    pictures = ws.tables.rows(
        "SELECT count(*) AS n FROM current_documents WHERE text = '' AND media_kind IS NOT NULL "
        "AND day BETWEEN $first AND $last",
        asked,
    )[0]["n"]
    return Reckoning(**{name: int(value or 0) for name, value in row.items()}, pictures=pictures)


def _activity(ws: Observatory, first: date, last: date) -> dict[str, tuple[Value, ...]]:
    rows = ws.tables.rows(
        "SELECT series, period, value FROM points WHERE series LIKE 'documents/kind=%/week' "
        "ORDER BY series, period"
    )
    found: dict[str, list[Value]] = defaultdict(list)
    for row in rows:
        if first <= end_of(row["period"], "week") <= last:
            kind = parts_of(row["series"])[1]["kind"]
            found[kind].append(Value(row["period"], row["value"]))
    return {kind: tuple(values) for kind, values in found.items() if any(v.value for v in values)}


def _methods(ws: Observatory) -> tuple[MethodFact, ...]:
    from fanal import detectors

    plugins = known("detectors", detectors.BUILTIN)
    facts = []
    for name in ws.settings.detectors:
        about = (plugins[name].__doc__ or name).strip().split("\n")[0]
        facts.append(MethodFact(name, both(METHODS.get(name, about))))
    return tuple(facts)


def assert_totals(ws: Observatory) -> None:
    """Check what the sources assert of themselves, before anything is published.

    Raises:
        StoppedError: a total is out of its bounds; says which, and what was found.
    """
    counted = {row.name: row for row in ws.source_rows()}
    rows = ws.tables.rows(
        "SELECT source, count(*) AS n, count(author) AS authors FROM current_documents "
        "GROUP BY source"
    )
    by_source = {row["source"]: row for row in rows}
    for name, source in ws.sources.items():
        asserted, found = source.assertions, by_source.get(name)
        if asserted.min_documents_a_week is not None:
            first, last = counted[name].first, counted[name].last
            weeks = max(1.0, (last - first).days / 7) if first and last else 1.0
            rate = (found["n"] if found else 0) / weeks
            if rate < asserted.min_documents_a_week:
                raise StoppedError(
                    f"{rate:.1f} documents a week, fewer than it asserts",
                    where=f"source {name}",
                    allowed=f"min_documents_a_week = {asserted.min_documents_a_week:g}",
                    do="find out why, or move the bound with an explanation",
                )
        share = found["authors"] / found["n"] if found else 0.0
        if asserted.min_share_with_author is not None and share < asserted.min_share_with_author:
            raise StoppedError(
                f"{share:.0%} of documents have an author, fewer than it asserts",
                where=f"source {name}",
                allowed=f"min_share_with_author = {asserted.min_share_with_author:g}",
            )
