"""What a bulletin shows of published figures, and of what was planted in sample material."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fanal.edition import Edition, FigureFact, half, too_small
from fanal.exporters import charts
from fanal.exporters.blocks import Block, Figure, Heading, Paragraph, Run, Table, laid, text
from fanal.wording.language import Language, capital
from fanal.wording.marks import N_, hole

MAPPED = 50  # départements with a figure, from which there is a map
AREAS = 10  # rows of a table of areas
DECIMALS = 2  # of a rate


def figures(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield published figures, one picture each, a table where there are many areas."""
    if not edition.figures:
        return
    title = language.say("Figures published elsewhere")
    yield Heading(1, title, "figures")
    yield Paragraph(
        text(
            language.say(
                "These figures are real. They come from the sources named under each picture."
            )
        )
    )
    groups: dict[tuple[str, str], list[FigureFact]] = {}
    for fact in edition.figures:
        if any(p.value is not None for p in fact.points):
            groups.setdefault((fact.name.en, fact.source), []).append(fact)
    rates = {f.name.en: group for group in groups.values() for f in group[:1] if _is_rate(f)}
    for i, ((name, _), group) in enumerate(groups.items()):
        if len(group) == 1:
            yield from _figure(group[0], f"f{i}", language)
        elif _mapped(group) < MAPPED:
            yield _areas(group, language)
        elif not _is_rate(group[0]):  # counts follow the population: the map is of the rates
            beside = next((g for n, g in rates.items() if n.startswith(f"{name} (")), [])
            yield from _map(group, beside, edition.least, f"f{i}", language)
        elif not any(n != name and name.startswith(f"{n} (") for n, _ in groups):
            yield from _map([], group, edition.least, f"f{i}", language)


def _is_rate(fact: FigureFact) -> bool:
    return fact.unit.en in ("‰", "%") or fact.unit.en.startswith("/")


def _mapped(group: list[FigureFact]) -> int:
    codes = {f["properties"]["code"] for f in charts.departements()["features"]}
    return len(codes & {fact.area for fact in group})


def _map(
    counts: list[FigureFact], rates: list[FigureFact], least: int, id_: str, language: Language
) -> Iterator[Block]:
    """Yield a map of the latest rates by département, with the table of all of them.

    A count below `least` is not shown, nor its rate, which would give it away; no total is given,
    from which it could be had.
    """
    shown = rates or counts
    when = max(p.period for f in shown for p in f.points if p.value is not None)
    by_count, by_rate = _at(counts, when), _at(rates, when)
    hidden = {area for area, value in by_count.items() if too_small(value, least)}
    names = {f["properties"]["code"]: f["properties"]["nom"]
             for f in charts.departements()["features"]}  # fmt: skip
    fact = (counts or rates)[0]
    name = capital(language.set(fact.name.in_(language.code).replace("_", " ")))
    day, source = language.day(when, fact.step), half(fact.source, language.code)
    small = language.say("fewer than %(least)s", least=least)
    rows = []
    for area in sorted(by_count | by_rate):
        cells = [area, names.get(area, "")]
        if counts:
            value = by_count.get(area)
            cells.append("" if value is None else small if area in hidden
                         else language.number(value))  # fmt: skip
        if rates:
            rate = None if area in hidden else by_rate.get(area)
            cells.append("" if rate is None else language.aligned(rate, DECIMALS))
        rows.append(tuple(map(text, cells)))
    head = language.say("Code|Département").split("|")
    head += [language.say("Number")] if counts else []
    if rates:
        head.append(language.say("Rate (%(unit)s)", unit=rates[0].unit.in_(language.code)))
    caption = language.say(
        "%(name)s, by département, %(day)s. Source: %(source)s.", name=name, day=day, source=source
    )
    table = Table(caption, tuple(head), tuple(rows), tuple(range(2, len(head))))
    if not rates:
        yield table  # no map of counts: it would be one of the population
        return
    values = {a: v for a, v in by_rate.items() if a not in hidden}
    ranked = sorted(values, key=lambda a: -values[a])
    most = language.list([f"{names.get(a, a)} ({language.aligned(values[a], DECIMALS)})"
                          for a in ranked[:3]])  # fmt: skip
    lowest = language.list([f"{names.get(a, a)} ({language.aligned(values[a], DECIMALS)})"
                           for a in ranked[-3:]])  # fmt: skip
    said = language.say(
        "The highest rates: %(most)s; the lowest: %(lowest)s.", most=most, lowest=lowest
    )
    if hidden:
        said += " " + language.say("White: fewer than %(least)s cases, not shown.", least=least)
    if len(by_rate) < len(names):
        said += " " + language.say("Grey: no figure.")
    unit = rates[0].unit.in_(language.code)
    svg = charts.draw(charts.choropleth(values, hidden, unit, language), id_, language)
    yield Figure(svg, f"{caption} {said}", f"{caption} {said}")
    yield table


def _at(facts: list[FigureFact], when: date) -> dict[str, float]:
    return {
        fact.area: p.value for fact in facts for p in fact.points
        if p.period == when and p.value is not None
    }  # fmt: skip


def _ends(fact: FigureFact, language: Language) -> tuple[str, str, str, str]:
    known = [p for p in fact.points if p.value is not None]
    first, last = known[0], known[-1]
    return (
        language.number(first.value or 0),
        language.day(first.period, fact.step),
        language.number(last.value or 0),
        language.day(last.period, fact.step),
    )


def _figure(fact: FigureFact, id_: str, language: Language) -> Iterator[Block]:
    name = capital(language.set(fact.name.in_(language.code)))
    a, t, b, u = _ends(fact, language)
    unit = fact.unit.in_(language.code)
    top = max((p for p in fact.points if p.value is not None), key=lambda p: p.value or 0)
    most, when = language.number(top.value or 0), language.day(top.period, fact.step)
    where = language.area(fact.area)
    message = N_(
        "%(name)s (%(where)s): %(earliest)s in %(then)s, %(latest)s in %(now)s, at most %(most)s "
        "in %(when)s (%(unit)s)."
    )
    if not unit:
        message = N_(
            "%(name)s (%(where)s): %(earliest)s in %(then)s, %(latest)s in %(now)s, at most "
            "%(most)s in %(when)s."
        )
    said = language.say(
        message, name=name, where=where, earliest=a, then=t, latest=b, now=u, most=most, when=when,
        unit=unit,
    )  # fmt: skip
    source = half(fact.source, language.code)
    caption = said + " " + language.say("Source: %(source)s.", source=source)
    svg = charts.draw(charts.figure(fact, language), id_, language)
    yield Figure(svg, said, caption)


def _areas(group: list[FigureFact], language: Language) -> Table:
    """Return the first and last figure of the areas with the most."""
    by_last = sorted(
        group, key=lambda f: -next(p.value for p in reversed(f.points) if p.value is not None)
    )
    rows = []
    for fact in by_last[:AREAS]:
        a, t, b, u = _ends(fact, language)
        rows.append(tuple(map(text, (language.area(fact.area), t, a, u, b))))
    name = capital(language.set(group[0].name.in_(language.code)))
    unit, source = group[0].unit.in_(language.code), half(group[0].source, language.code)
    shown, total = language.number(len(rows)), language.number(len(group))
    message = N_(
        "%(name)s (%(unit)s): %(shown)s areas of %(total)s, the highest. Source: %(source)s."
    )
    if not unit:
        message = N_("%(name)s: %(shown)s areas of %(total)s, the highest. Source: %(source)s.")
    caption = language.say(
        message,
        name=name,
        unit=unit,
        shown=shown,
        total=total,
        source=source,
    )
    head = language.say("Area|First|Value|Last|Value").split("|")
    return Table(caption, tuple(head), tuple(rows), (2, 4))


def planted(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield what the sample material holds, and whether it was found."""
    if not edition.planted:
        return
    yield Heading(
        1,
        language.say("What was planted, and found or not"),
        "planted",
    )
    found = sum(p.signal is not None for p in edition.planted)
    total = language.count(len(edition.planted), "phenomenon")
    yield Paragraph(
        text(
            language.say(
                "The sample material holds %(total)s whose truth is known. This bulletin finds "
                "%(found)s.",
                total=total,
                found=language.number(found),
            )
        )
    )
    rows = []
    for p in edition.planted:
        if p.signal:
            link = (Run(p.signal, f"#s-{p.signal}", "code"),)
            verdict = laid(language.say("found: %(signal)s", signal=hole("link")), link=link)
        elif p.needs:
            needs = p.needs.in_(language.code)
            verdict = text(language.say("not yet found: %(needs)s", needs=needs))
        else:
            verdict = text(language.say("not yet found"))
        sites = language.list([language.site(s) for s in p.sites])
        rows.append(
            (
                text(language.set(p.text.in_(language.code))),
                text(sites),
                text(language.day(p.first)),
                verdict,
            )
        )
    head = language.say("Planted phenomenon|Sites|Since|In this bulletin").split("|")
    yield Table(
        language.say("Planted phenomena"),
        tuple(head),
        tuple(rows),
        widths=(46, 18, 16, 20),
    )
