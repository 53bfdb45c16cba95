"""What a bulletin shows of published figures, and of what was planted in sample material."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.exporters import charts
from fanal.exporters.blocks import (
    Block,
    Figure,
    Heading,
    Paragraph,
    Run,
    Runs,
    Table,
    text,
)
from fanal.exporters.edition import Edition, FigureFact, half
from fanal.exporters.language import Language, capital

AREAS = 10  # rows of a table of areas


def figures(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield published figures, one picture each, a table where there are many areas."""
    if not edition.figures:
        return
    title = language.pick("Chiffres publiés par ailleurs", "Figures published elsewhere")
    yield Heading(1, title, "figures")
    yield Paragraph(
        text(
            language.pick(
                "Ces chiffres sont réels. Ils viennent des sources nommées sous chaque figure.",
                "These figures are real. They come from the sources named under each picture.",
            )
        )
    )
    groups: dict[tuple[str, str], list[FigureFact]] = {}
    for fact in edition.figures:
        if any(p.value is not None for p in fact.points):
            groups.setdefault((fact.name.en, fact.source), []).append(fact)
    for i, group in enumerate(groups.values()):
        yield from (
            _figure(group[0], f"f{i}", language) if len(group) == 1 else [_areas(group, language)]
        )


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
    said_fr = f"{name} ({fact.area}) : {a} en {t}, {b} en {u} ({unit})."
    said_en = f"{name} ({fact.area}): {a} in {t}, {b} in {u} ({unit})."
    yield Paragraph(text(language.pick(said_fr, said_en)))
    source = half(fact.source, language.code)
    caption = language.pick(f"{name}. Source : {source}.", f"{name}. Source: {source}.")
    svg = charts.draw(charts.figure(fact, language), id_, language)
    yield Figure(svg, language.pick(said_fr, said_en), caption)


def _areas(group: list[FigureFact], language: Language) -> Table:
    """Return the first and last figure of the areas with the most."""
    by_last = sorted(
        group, key=lambda f: -next(p.value for p in reversed(f.points) if p.value is not None)
    )
    rows = []
    for fact in by_last[:AREAS]:
        a, t, b, u = _ends(fact, language)
        rows.append(tuple(map(text, (fact.area, t, a, u, b))))
    name = capital(language.set(group[0].name.in_(language.code)))
    unit, source = group[0].unit.in_(language.code), half(group[0].source, language.code)
    shown, total = language.number(len(rows)), language.number(len(group))
    caption = language.pick(
        f"{name} ({unit}) : {shown} zones sur {total}, les plus hautes. Source : {source}.",
        f"{name} ({unit}): {shown} areas of {total}, the highest. Source: {source}.",
    )
    head = language.pick("Zone|Début|Valeur|Fin|Valeur", "Area|First|Value|Last|Value").split("|")
    return Table(caption, tuple(head), tuple(rows), (2, 4))


def planted(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield what the sample material holds, and whether it was found."""
    if not edition.planted:
        return
    yield Heading(
        1,
        language.pick("Ce qui a été semé, et trouvé ou non", "What was planted, and found or not"),
        "planted",
    )
    found = sum(p.signal is not None for p in edition.planted)
    total = language.count(len(edition.planted), "phenomenon")
    yield Paragraph(
        text(
            language.pick(
                f"Le matériel d'exemple contient {total} dont la vérité est connue. Ce bulletin "
                f"en trouve {language.number(found)}.",
                f"The sample material holds {total} whose truth is known. This bulletin finds "
                f"{language.number(found)}.",
            )
        )
    )
    rows = []
    for p in edition.planted:
        verdict: Runs = (
            (Run(language.pick("trouvé : ", "found: ")), Run(p.signal, f"#s-{p.signal}", "code"))
            if p.signal
            else text(
                language.pick("pas encore trouvé", "not yet found")
                + (
                    language.pick(" : ", ": ") + language.set(p.needs.in_(language.code))
                    if p.needs
                    else ""
                )
            )
        )
        sites = language.list([language.site(s) for s in p.sites])
        rows.append(
            (
                text(language.set(p.text.in_(language.code))),
                text(sites),
                text(language.day(p.first)),
                verdict,
            )
        )
    head = language.pick(
        "Phénomène semé|Sites|Depuis|Dans ce bulletin",
        "Planted phenomenon|Sites|Since|In this bulletin",
    ).split("|")
    yield Table(
        language.pick("Phénomènes semés", "Planted phenomena"),
        tuple(head),
        tuple(rows),
        widths=(46, 18, 16, 20),
    )
