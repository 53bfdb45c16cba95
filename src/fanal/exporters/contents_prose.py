"""What a bulletin says of names and contents: as expected, changed, another's."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.edition import ContentFact, Edition, Few
from fanal.exporters.blocks import Block, Heading, Paragraph, Runs, Table, text
from fanal.wording.language import Language, capital
from fanal.wording.marks import N_

TWICE = N_(
    "A sample counts under the name that the service understood, and under the one that was "
    "written: rows of the last table may be of the same samples."
)


def contents(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield what laboratories found under names; rows of a page say what samples they count."""
    if not edition.contents:
        return
    title = language.say("Names and contents")
    yield Heading(1, title, "names")
    yield Paragraph(
        text(
            language.say(
                "What laboratories found in samples sold under a name. Samples brought to a "
                "service are no random draw. In brackets, the 95% interval."
            )
        )
    )
    for kind, caption in (
        ("expected", N_("Names most analysed")),
        ("changed", N_("Names whose content changed")),
        ("other", N_("Names whose content is another's")),
    ):
        facts = [f for f in edition.contents if f.kind == kind]
        if kind == "other" and not all(fact.link for fact in facts):  # a name as it was written
            yield Paragraph(text(language.say(TWICE)))
        if facts:
            yield _table(kind, facts, language.say(caption), language)


def _table(kind: str, facts: list[ContentFact], caption: str, language: Language) -> Table:
    head = language.say("Sold as|Years|Held it|Share").split("|")
    if kind == "changed":
        head.insert(3, language.say("And nothing else"))
    if kind == "other":
        head.append(language.say("Found"))
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
            found = [language.set(name.in_(language.code)) for name in fact.instead]
            cells.append(text(f"{language.list(found)} ({language.number(fact.others)})"))
        rows.append(tuple(cells))
    widths = {"expected": (34, 18, 22, 26), "changed": (30, 18, 16, 16, 20),
              "other": (24, 10, 15, 19, 32)}[kind]  # fmt: skip
    counted = tuple(" ".join(filter(None, (fact.link, fact.of_link))) for fact in facts)
    numeric = (2, 3, 4) if kind == "changed" else (2, 3)
    return Table(caption, tuple(head), tuple(rows), numeric, widths=widths, counted=counted)


def _share(fact: ContentFact, language: Language) -> str:
    if isinstance(fact.samples, Few) or isinstance(fact.of, Few):
        return "–"
    share, low, high = (round(100 * x) for x in (fact.samples / fact.of, fact.low, fact.high))
    return f"{language.of_hundred(share)} [{low}–{high}]"
