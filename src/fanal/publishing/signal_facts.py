"""A signal as it is told: what moved, where and since when, what bears it out, and to whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from fanal.answers import disclosure, evidence, explore, prices, withholding
from fanal.answers.behind import AlarmRow, Behind, Excerpt
from fanal.door.identifiers import leaks
from fanal.door.pseudonyms import show
from fanal.edition import (
    EVERYWHERE,
    Beside,
    Evidence,
    Few,
    LabFact,
    Name,
    SignalFact,
    Value,
    Witness,
)
from fanal.errors import MissingError
from fanal.exporters import signal_words
from fanal.observatory import Observatory
from fanal.people.triage import SignalRow
from fanal.publishing import titles
from fanal.records import Point
from fanal.series import about, concept_of, parts_of, site_of, stretch, summed
from fanal.thesaurus import Thesaurus
from fanal.wording.language import Language, capital, named


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted against what; none without an alarm, and of an event none was expected."""

    observed: float | None = None
    expected: float | None = None
    threshold: float | None = None
    score: float | None = None
    untold: str = ""  # why there are none: lapsed, withheld


def titled(ws: Observatory, signal: SignalRow, language: Language) -> str:
    """Return what a signal is about, where and which measure, as it is called everywhere."""
    return signal_words.title(fact(ws, ws.thesaurus(), signal), language)


def fact(
    ws: Observatory,
    thesaurus: Thesaurus,
    signal: SignalRow,
    behind: Behind | None = None,
) -> SignalFact:
    """Return a signal as it is told, with what stands behind it (`evidence.of`) where given."""
    if behind is None:
        behind, alarming = Behind(signal), evidence.alarming(ws.tables).get(signal.id, ())
    else:
        alarming = [alarm.series for alarm in behind.alarms]
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
    areas = {parts_of(series)[1].get("area", "") for series in alarming} - {""}
    among = one_of and bool(areas - {area})
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
        evidence=tuple(piece(ws, excerpt) for excerpt in behind.excerpts),
        documents=behind.documents,
        lab=_lab(thesaurus, behind),
        currency=dimensions.get("currency", "EUR"),
        quantity=_quantity(dimensions),
        measured=titles.measured(ws, signal.series),
        unit=titles.unit(ws, signal.series) if measure == "indicator" else Name("", ""),
        among=among,
        places=_places(ws, signal, alarming),
        window=window,
        counted_at=_counted_at(signal.place, site, area, measure),
        counted_in=dimensions.get("kind", ""),
        stretch=behind.stretch,
        series=signal.series,
        beside=_beside(ws, thesaurus, signal, behind.alarms, signal.place or area),
        lapsed=not alarming and not signal.score,  # kept for what was decided of it
    )  # fmt: skip


def meets(fact: SignalFact, chosen: Mapping[str, str]) -> bool:
    """Say whether a signal is one of those that are asked for; a lapsed one moves no way."""
    told = {"state": (fact.state,), "place": fact.places}
    if not fact.lapsed:
        told |= {"novelty": (fact.novelty,), "direction": (fact.direction,)}
    return all(value in told.get(name, ()) for name, value in chosen.items() if value)


def numbers(row: SignalRow, fact: SignalFact) -> Numbers:
    """Return the numbers of a signal, those of its strongest alarm, as programs are told them."""
    few = isinstance(fact.observed, Few)
    why = "lapsed" if fact.lapsed else "withheld" if few else ""
    if why:
        return Numbers(untold=why)
    if fact.event:
        return Numbers(fact.observed, score=row.score)
    return Numbers(fact.observed, row.expected, row.threshold, row.score)


def _places(ws: Observatory, signal: SignalRow, alarming: Iterable[str]) -> tuple[str, ...]:
    """Return the sites or areas that a signal is of, that of its count first.

    They are those at which its own concept alarmed; where none did, all that were counted.
    """
    measure, dimensions, _ = parts_of(signal.series)
    own = {
        site_of(series) for series in alarming
        if concept_of(series) == signal.concept
        and ("area" in parts_of(series)[1]) == ("area" in dimensions)
    }  # fmt: skip
    first = signal.place or site_of(signal.series)
    told = (own | {first}) - {""}
    counted = [
        source.site for source in ws.sources.values()
        if source.kind == dimensions.get("kind", source.kind) and source.kind != "official table"
        and (source.kind == "lab") == (measure in OF_SAMPLES)
    ]  # fmt: skip
    told = told or set(counted if measure != "indicator" else ())
    return tuple(sorted(told, key=lambda where: (where != first, where)))


OF_SAMPLES = ("found", "danger", "expected", "missold", "changed")


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
            what, of = titles.label(thesaurus, concept, ws), titles.measured(ws, first.series)
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
    told = disclosure.signal(whole, least, lambda one: periods(ws, one, least))
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


def _line(ws: Observatory, series: str, least: int) -> explore.Line:
    """Return what may be told of a series: it is asked for again and again, and takes a while."""
    key = series, least, *sorted(explore.sources_of(ws).items())
    return ws.tables.remembered("lines", (Point,), key, lambda: explore.line(ws, series, least))


def periods(ws: Observatory, fact: SignalFact, least: int) -> disclosure.Periods | None:
    """Return what may be told of the series behind a signal; None: it holds no small number."""
    try:
        line = _line(ws, fact.series, least)
    except MissingError:  # its texts were erased, and its points with them
        persons = withholding.counts_persons(fact.series, explore.sources_of(ws))
        return {} if persons else None
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
    name = titles.label(thesaurus, signal.concept, ws)
    if measure != "indicator" or "name" not in dimensions:
        return name
    figure = titles.figure(dimensions["name"])
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
        sold_as=tuple((titles.substance(thesaurus, n), k) for n, k in names.most_common(4) if n),
        found=tuple((titles.substance(thesaurus, n), k) for n, k in found.most_common(4)),
        references=tuple(s.reference for s in samples[:8] if s.reference),
    )


def piece(ws: Observatory, excerpt: Excerpt) -> Evidence:
    """Return an excerpt as it is shown; without its text where the door would stop it today."""
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
