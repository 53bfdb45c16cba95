"""From the tables to an edition: what a bulletin says about a period, and its files."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fanal import exporters
from fanal.answers import disclosure, evidence, explore, prices, told_sums
from fanal.answers.behind import AlarmRow
from fanal.answers.ends import last_day
from fanal.answers.following import link, years
from fanal.answers.withholding import Span
from fanal.edition import (
    ContentFact,
    Edition,
    Few,
    FigureFact,
    MethodFact,
    Name,
    PlantedFact,
    PriceFact,
    Reckoning,
    SignalFact,
    SourceFact,
    Value,
    half,
)
from fanal.exporters.method_words import METHODS
from fanal.laboratory import findings
from fanal.observatory import Observatory
from fanal.plugins import fields_of, known, make
from fanal.publishing import signal_facts, titles
from fanal.records import VERSION
from fanal.series import budgeted, earlier, end_of, lineage, parts_of
from fanal.stages.grouping import within
from fanal.thesaurus import Thesaurus
from fanal.wording.language import both, spoken

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
            lambda one: signal_facts.periods(ws, one, least),
            lambda kind: _read(ws, kind, least),
            _given(ws, edition.first, edition.last, least),
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
        one = signal_facts.fact(ws, thesaurus, signal, behind)
        if one.direction == "new" and one.first < first:  # an earlier edition told it as new
            one = replace(one, direction="up")
        told.append((signal.concept, one))
    return told


def _read(ws: Observatory, kind: str, least: int) -> disclosure.Periods:
    """Return what may be told of the documents read of a kind of source by week."""
    line = explore.line(ws, f"documents/kind={kind}/week", least)
    return {period: (value, of) for period, value, of in line.points}


def _given(ws: Observatory, first: date, last: date, least: int) -> dict[str, int]:
    """Return what came in of each source in a period as may be told beside weeks and months."""
    after = last + timedelta(days=1)
    spans = [Span(step, first, earlier(after, step, 1), "source") for step in ("week", "month")]
    read, found = told_sums.read(ws, least, spans), dict[str, int]()
    for span in spans:
        for series, n in read[span].items():
            source = parts_of(series)[1]["source"]
            found[source] = n if isinstance(n, Few) else found.get(source, n)
    return found


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
                substance=titles.substance(thesaurus, p.substance),
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
        name=titles.substance(thesaurus, name),
        first=first,
        last=last,
        samples=row.samples,
        of=row.of,
        low=row.low,
        high=row.high,
        link=held,
        of_link=of,
        alone=None if isinstance(row, findings.Other) else row.alone,
        instead=tuple(titles.substance(thesaurus, one) for one in instead),
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
    label = titles.substance(thesaurus, substance)
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
    reckoned = _reckoned(ws, first, last)
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
            reckoning=reckoned.get(name, Reckoning()),
        )
        for name, source in ws.sources.items()
        if documents.get(name) or samples.get(name) or figures[name] or name in silent
    )


def _by_source(ws: Observatory, query: str, **asked: date) -> dict[str, int]:
    return {row["source"]: row["n"] for row in ws.tables.rows(query, asked)}


def _reckoned(ws: Observatory, first: date, last: date) -> dict[str, Reckoning]:
    """Return by source what became of the records of the files that it had for the period."""
    asked = {"first": first, "last": last}
    rows = ws.tables.rows(
        "SELECT json_extract_string(parameters, '$.source') AS source, sum(rows_in) AS read, "
        "sum(rows_out) AS documents, sum(duplicates) AS duplicates, sum(skipped) AS skipped, "
        "sum(quarantined) AS quarantined, sum(issues) AS issues "
        "FROM runs WHERE stage = 'ingest' AND regexp_replace(id, '-[0-9]+$', '') IN ("
        "SELECT run FROM current_documents WHERE day BETWEEN $first AND $last "
        "UNION SELECT run FROM samples WHERE day BETWEEN $first AND $last) GROUP BY ALL",
        asked,
    )
    pictures = _by_source(
        ws, "SELECT source, count(*) AS n FROM current_documents WHERE text = '' AND media_kind "
        "IS NOT NULL AND day BETWEEN $first AND $last GROUP BY source", **asked,
    )  # fmt: skip
    found = {}
    for row in rows:
        name = row.pop("source")
        counts = {key: int(n or 0) for key, n in row.items()}
        found[name] = Reckoning(**counts, pictures=pictures.get(name, 0))
    return found


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
