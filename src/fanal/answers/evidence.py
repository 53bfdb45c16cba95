"""What stands behind a signal: history, neighbours, documents and excerpts, who says so.

Everything is of one stretch of time: from the first day to the last of what the alarms counted;
and of one place: a published figure of an area is borne out by sites that lie in it, and a site
by figures of what it lies in. Who bears it out is told in `witnesses`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import pyarrow as pa

from fanal.answers import witnesses
from fanal.answers.behind import AlarmRow, Behind, Excerpt, Neighbour
from fanal.answers.witnesses import Concept, Lab, Passage
from fanal.door.pseudonyms import show
from fanal.edition import Value
from fanal.observatory import Observatory
from fanal.people.triage import SignalRow
from fanal.records import (
    Alarm,
    Decision,
    Document,
    Indicator,
    Observation,
    Point,
    Repost,
    Result,
    Sample,
)
from fanal.series import (
    PAIR,
    concept_of,
    end_of,
    lineage,
    name_of,
    parts_of,
    site_of,
    stretch,
    summed,
    ties,
)
from fanal.storage.tables import Tables

EXCERPTS = 6
AROUND = 160  # code points of context on each side of a coded span


Areas = Mapping[str, Collection[str]]
_NOWHERE: Mapping[str, Collection[str]] = {}


def behind(ws: Observatory, short: str, sites: Collection[str] | None = None) -> Behind:
    """Return a signal with what stands behind it and what was decided; that it was read is kept.

    Excerpts are of these sites alone, or of all.
    """
    signal = ws.signal(short)
    decisions = ws.state.all(Decision, signal=signal.id)
    wider = lineage(ws.thesaurus())
    found = of(ws.tables, signal, wider, sites, ws.areas())
    concepts = [signal.concept, *(row.concept for row in found.neighbours)]
    linked = {d.phenomenon for d in decisions if d.phenomenon is not None}
    said = [
        p for p in ws.phenomena()
        if p.id in linked or any(ties(p, c, signal.place) for c in concepts)
    ]  # fmt: skip
    said.sort(key=lambda p: (-p.year, p.title))
    read = [show(excerpt.document) for excerpt in (*found.excerpts, *found.denials)]
    if read:
        ws.audit("read", {"signal": show(signal.id), "documents": read})
    return replace(found, said=tuple(said), decisions=tuple(decisions))


def of(
    tables: Tables,
    signal: SignalRow,
    wider: pa.Table | None = None,
    sites: Collection[str] | None = None,
    areas: Areas = _NOWHERE,
) -> Behind:
    """Return a signal with its evidence; what people said and decided of it is left out.

    Texts are from after the door. Reposts count once. `wider` is the lineage of substances: with
    it, what a group or a class is named by shows. Excerpts are of `sites` alone, where given.
    `areas` are those that each site lies in.
    What was found is kept until a table changes: the next look at the same signal is quick.
    """
    measure, dimensions, _ = parts_of(signal.series)
    concept = Concept.of(measure, dimensions, wider)
    key = (
        signal.id,
        signal.series,
        signal.first,
        signal.last,
        signal.place,
        str(concept),
        str(sites),
        str(sorted((site, *sorted(areas[site])) for site in areas)),
    )
    found = tables.remembered(
        "behind", READS, key, lambda: _of(tables, signal, concept, sites, areas)
    )
    return replace(found, signal=signal)


READS = (Document, Observation, Repost, Sample, Result, Indicator, Point, Alarm)


def _of(
    tables: Tables,
    signal: SignalRow,
    concept: Concept | None,
    sites: Collection[str] | None,
    areas: Areas,
) -> Behind:
    rows = tables.rows("SELECT * FROM alarms WHERE signal = ? ORDER BY period, series", [signal.id])
    alarms = tuple(map(AlarmRow.of, rows))
    first, until = stretch_of(signal, alarms)
    within = _within(signal, alarms, areas)
    passages = witnesses.passages(tables, concept, within, first, until)
    denying = witnesses.denying(tables, passages, concept, within, first, until)
    lab = Lab.of(tables, signal.series, concept)
    analysed = [] if lab is None else witnesses.samples(tables, within, first, until)
    samples = [sample for sample in analysed if lab and (lab.holds(sample) or lab.named(sample))]
    place = signal.place
    around = {place, *areas.get(place, ())} if place else None
    texts = [
        witnesses.with_figures(tables, row, concept, alarms, around, first, until)
        if row.kind == "official table" else row
        for row in witnesses.texts(tables, passages, denying, concept, within, first, until)
    ]  # fmt: skip
    past = history(tables, signal.series)
    return Behind(
        signal,
        stretch=(first, until),
        history=past,
        alarms=alarms,
        neighbours=_neighbours(alarms, signal.concept),
        first_seen=witnesses.first_seen(tables, concept, within),
        first_anywhere=witnesses.first_seen(tables, concept, None),
        corroboration=(*texts, witnesses.laboratories(lab, analysed)),
        samples=tuple(samples),
        analysed=len(analysed),
        reposts=sum(1 for p in passages if p.original != p.id),
        documents=len({p.original for p in passages}),
        excerpts=_excerpts(tables, [p for p in passages if sites is None or p.site in sites]),
        denials=_excerpts(tables, [p for p in denying if sites is None or p.site in sites]),
    )


def alarming(tables: Tables) -> dict[bytes, list[str]]:
    """Return signal → the series whose alarms it gathers."""
    rows = "SELECT signal, list(DISTINCT series) AS series FROM alarms GROUP BY signal"
    return tables.remembered(
        "alarming", (Alarm,), (), lambda: {r["signal"]: r["series"] for r in tables.rows(rows)}
    )


def history(tables: Tables, series: str) -> tuple[Value, ...]:
    """Return the points of a series by period: of a pair also those in which none named both.

    The series of a pair holds the weeks in which both were named; what was read of the others is
    told beside one of them.
    """
    measure, dimensions, step = parts_of(series)
    name, one = next(((k, v) for k, v in dimensions.items() if k == "substance"), ("", ""))
    beside = name_of("mentions", {name: one}, step) if measure == PAIR and name else ""
    rows = tables.rows(
        """
        SELECT period, coalesce(p.value, 0) AS value,
               coalesce(p.denominator, m.denominator) AS denominator
        FROM (SELECT * FROM points WHERE series = $series) p
        FULL JOIN (SELECT * FROM points WHERE series = $beside) m USING (period)
        ORDER BY period
        """,
        {"series": series, "beside": beside},
    )
    return tuple(Value(**row) for row in rows)


def _within(signal: SignalRow, alarms: Collection[AlarmRow], areas: Areas) -> list[str] | None:
    """Return the sites whose texts and samples can speak of a signal; None: any of them.

    Of a published figure these are the sites that its area holds, and those whose own counts
    alarm with it.
    """
    if "area" not in parts_of(signal.series)[1]:
        return [signal.place] if signal.place else None
    own = [a.series for a in alarms if concept_of(a.series) == signal.concept]
    told = {site_of(series) for series in own if not series.startswith("indicator/")}
    if "" in told:
        return None
    where = {signal.place} if signal.place else {site_of(series) for series in own}
    return sorted(told | {site for site in areas if where & set(areas[site])})


def stretch_of(signal: SignalRow, alarms: Collection[AlarmRow]) -> tuple[date, date]:
    """Return the first and the last day of what a signal's own alarms counted.

    Alarms outside `first` and `last` of the signal as it is given are left out; of samples also
    sums over more or fewer months than are told of, and all are looked at to the last month.
    """
    measure, _, step = parts_of(signal.series)
    sampled = measure in ("found", "danger", *witnesses.SOLD)
    published = measure == "indicator"  # what figures count is not what texts do
    told = [
        stretch(alarm.period, alarm.step, alarm.parameters)
        for alarm in alarms
        if concept_of(alarm.series) == signal.concept
        and alarm.series.startswith("indicator/") == published
        and signal.first <= alarm.period <= signal.last
        and not (sampled and summed(alarm.parameters) != summed(signal.parameters))
    ]
    told = told or [(stretch(signal.first, step, signal.parameters)[0],
                     end_of(signal.last, step))]  # fmt: skip
    if sampled:
        told.append((signal.last, end_of(signal.last, step)))
    return min(first for first, _ in told), max(last for _, last in told)


def _neighbours(alarms: Collection[AlarmRow], front: str) -> tuple[Neighbour, ...]:
    """Return the other concepts that the signal gathers, by first alarm."""
    found: dict[str, list[AlarmRow]] = {}
    for alarm in alarms:
        concept = concept_of(alarm.series)
        if concept != front:
            found.setdefault(concept, []).append(alarm)
    return tuple(
        Neighbour(
            concept,
            mine[0].series,
            mine[0].period,
            tuple(sorted({site_of(alarm.series) for alarm in mine} - {""})),
            len(mine),
            mine[-1].period,
        )
        for concept, mine in found.items()
    )


def _excerpts(tables: Tables, passages: list[Passage]) -> tuple[Excerpt, ...]:
    """Return a few passages, of as many different sources as there are; reposts once."""
    chosen: list[Passage] = []
    seen: set[bytes] = set()
    by_source: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.original not in seen:
            seen.add(passage.original)
            by_source.setdefault(passage.source, []).append(passage)
    while len(chosen) < EXCERPTS and any(by_source.values()):
        for queue in by_source.values():
            if queue and len(chosen) < EXCERPTS:
                chosen.append(queue.pop(0))
    if not chosen:
        return ()
    texts = {
        row["id"]: row["text"]
        for row in tables.rows(
            "SELECT id, text FROM current_documents WHERE list_contains($ids, id) "
            "AND day BETWEEN $first AND $last",
            {
                "ids": [p.id for p in chosen],
                "first": min(p.day for p in chosen),
                "last": max(p.day for p in chosen),
            },
        )
    }
    return tuple(
        Excerpt(
            p.id, p.day, p.site, p.source, p.source_kind, p.rule,
            *_around(texts[p.id], p.start, p.stop),
        )
        for p in chosen
    )  # fmt: skip


def _around(text: str, start: int, stop: int) -> tuple[str, int, int]:
    """Return the text around a span, cut at spaces, with the span's place in it."""
    left, right = max(0, start - AROUND), min(len(text), stop + AROUND)
    while 0 < left < start and not text[left - 1].isspace():
        left += 1
    while stop < right < len(text) and not text[right].isspace():
        right -= 1
    before = "…" if left else ""
    after = "…" if right < len(text) else ""
    shift = len(before) - left
    return f"{before}{text[left:right]}{after}", start + shift, stop + shift
