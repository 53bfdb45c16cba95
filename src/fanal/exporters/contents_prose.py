"""What a bulletin says of names and contents: as expected, changed, another's."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.exporters.blocks import Block, Heading, Paragraph, Run, Runs, Table, text
from fanal.exporters.edition import ContentFact, Edition
from fanal.exporters.language import NARROW, Language, capital


def contents(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield what laboratories found under names; each figure says how to list its samples."""
    if not edition.contents:
        return
    title = language.pick("Noms et contenus", "Names and contents")
    yield Heading(1, title, "contents")
    yield Paragraph(
        text(
            language.pick(
                "Ce que les laboratoires ont trouvé dans les échantillons vendus sous un nom. Des "
                "échantillons apportés à un service ne sont pas un tirage au sort. Entre crochets, "
                "l'intervalle à 95 %. « Lignes » se donne à fanal lab rows, qui liste les "
                "échantillons comptés.",
                "What laboratories found in samples sold under a name. Samples brought to a "
                "service are no random draw. In brackets, the 95 % interval. Give “rows” to "
                "fanal lab rows to list the samples counted.",
            )
        )
    )
    for kind, caption in (
        ("expected", ("Noms les plus analysés : ce qui les contenait", "Names most analysed")),
        ("changed", ("Noms dont le contenu a changé", "Names whose content changed")),
        ("other", ("Noms dont le contenu est un autre", "Names whose content is another's")),
    ):
        facts = [f for f in edition.contents if f.kind == kind]
        if facts:
            yield _table(kind, facts, language.pick(*caption), language)


def _table(kind: str, facts: list[ContentFact], caption: str, language: Language) -> Table:
    head = language.pick(
        "Vendu comme|Années|Le contenaient|Part|Lignes",
        "Sold as|Years|Held it|Share|Rows",
    ).split("|")
    if kind == "changed":
        head.insert(3, language.pick("Et rien d'autre", "And nothing else"))
    if kind == "other":
        head.insert(4, language.pick("Trouvé", "Found"))
    rows = []
    for fact in facts:
        years = f"{fact.first}" if fact.first == fact.last else f"{fact.first}–{fact.last}"
        of = language.number(fact.of)
        cells: list[Runs] = [
            text(capital(language.set(fact.name.in_(language.code)))),
            text(years),
            text(f"{language.number(fact.samples)} / {of}"),
            text(_share(fact, language)),
        ]
        if kind == "changed":
            cells.insert(3, text(language.number(fact.alone or 0)))
        if kind == "other":
            cells.append(text(f"{fact.instead} ({language.number(fact.others)})"))
        links = [link for link in (fact.link, fact.of_link) if link]
        cells.append(tuple(Run(link + ("" if link == links[-1] else " · "), "", "code")
                           for link in links))  # fmt: skip
        rows.append(tuple(cells))
    widths = {"expected": (16, 12, 14, 20, 38), "changed": (14, 12, 13, 11, 18, 32),
              "other": (14, 8, 12, 18, 18, 30)}[kind]  # fmt: skip
    return Table(caption, tuple(head), tuple(rows), (2, 3), widths=widths)


def _share(fact: ContentFact, language: Language) -> str:
    sign = f"{NARROW}%" if language.code == "fr" else "%"
    share, low, high = (round(100 * x) for x in (fact.samples / fact.of, fact.low, fact.high))
    return f"{share}{sign} [{low}–{high}]"
