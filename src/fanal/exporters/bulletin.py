"""Composes a bulletin: from the facts of an edition to sections in one language."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.edition import Edition, Few, SignalFact
from fanal.exporters import back_matter, charts, contents_prose, figures_prose, prices_prose
from fanal.exporters import signals_prose as prose
from fanal.exporters.blocks import (
    Block,
    Bulletin,
    Bullets,
    Figure,
    Heading,
    Paragraph,
    Run,
    Runs,
    Table,
    text,
)
from fanal.wording.language import Language


def compose(edition: Edition, code: str, public: bool = False) -> Bulletin:
    """Return the edition in a language (`fr`, `en`); `public` leaves every excerpt out."""
    language = Language(code)
    first, last = language.day(edition.first), language.day(edition.last)
    sites = language.list([language.site(s) for s in edition.sites])
    parts: list[Block] = [
        *_brief(edition, language),
        *_signals(edition, language, public),
        *prices_prose.prices(edition, language),
        *contents_prose.contents(edition, language),
        *_witnesses(edition, language),
        *_silent(edition, language, public),
        *figures_prose.figures(edition, language),
        *figures_prose.planted(edition, language),
        *back_matter.limits(edition, language),
        *back_matter.method(edition, language),
        *back_matter.sources(edition, language),
        *back_matter.evidence(edition, language, public),
    ]
    return Bulletin(
        code,
        language.set(edition.title.in_(code)),
        language.pick(
            f"Bulletin du {first} au {last}. {sites}", f"Bulletin, {first} to {last}. {sites}"
        ),
        language.pick(
            f"Publié le {language.day(edition.published)}",
            f"Published {language.day(edition.published)}",
        ),
        language.pick("Sommaire", "Contents"),
        language.pick("Aller au texte", "Skip to the text"),
        language.pick("Les chiffres de cette figure", "The figures behind this picture"),
        tuple(parts),
    )


def _of(edition: Edition, *directions: str) -> list[SignalFact]:
    return [s for s in edition.signals if s.direction in directions]


def _brief(edition: Edition, language: Language) -> Iterator[Block]:
    if edition.sample:
        yield Paragraph(
            text(
                language.pick(
                    "Matériel d'exemple. Les canaux, entretiens, notes, articles et analyses de "
                    "ce bulletin sont "
                    "inventés par un programme ; seuls les « chiffres publiés par ailleurs » sont "
                    "réels.",
                    "Sample material. The channels, interviews, notes, articles and laboratory "
                    "results of this "
                    "bulletin are invented by a program; only the “figures published elsewhere” "
                    "are real.",
                )
            ),
            "banner",
        )
    yield Heading(1, language.pick("En bref", "In brief"), "brief")
    read = [s.documents for s in edition.sources if s.documents]
    n, k = sum(d for d in read if not isinstance(d, Few)), len(read)
    documents, sources = language.count(n, "document"), language.count(k, "source")
    yield Paragraph(
        text(
            language.pick(
                f"Ce bulletin s'appuie sur {documents} venus de {sources}. Chaque affirmation "
                "renvoie à ses preuves, réunies à la fin.",
                f"This bulletin rests on {documents} from {sources}. Each statement links to its "
                "evidence, gathered at the end.",
            )
        ),
        "lead",
    )
    rows = []
    for directions, (fr, en), (none_fr, none_en) in (
        (
            ("new",),
            ("Nouveau", "New"),
            ("Rien de nouveau n'a été relevé.", "Nothing new was seen."),
        ),
        (
            ("up",),
            ("En hausse", "Rising"),
            ("Rien ne monte au-delà du seuil.", "Nothing rose past its threshold."),
        ),
        (
            ("down",),
            ("En baisse", "Falling"),
            ("Rien ne baisse au-delà du seuil.", "Nothing fell past its threshold."),
        ),
        (
            ("silent",),
            ("Sources devenues silencieuses", "Fallen silent"),
            ("Aucune source ne s'est tue.", "No source fell silent."),
        ),
    ):
        found = _of(edition, *directions)
        label = language.pick(f"{fr} : ", f"{en}: ")
        none = text(language.pick(none_fr, none_en))
        rows.append(_named(found, label, language) if found else none)
    yield Bullets(tuple(rows))
    if edition.activity:
        names = {kind: prose.kind(kind, language) for kind in edition.activity}
        svg = charts.draw(charts.activity(edition.activity, names, language), "activity", language)
        means = [
            f"{names[kind]} "
            f"{language.number(round(sum(p.value or 0 for p in points) / len(points), 1))}"
            for kind, points in edition.activity.items()
            if points
        ]
        caption = language.pick(
            "Documents lus par semaine, par sorte de source.",
            "Documents read a week, by kind of source.",
        )
        alt = language.pick(
            f"Moyenne par semaine : {language.list(means)}.",
            f"Mean a week: {language.list(means)}.",
        )
        yield Figure(svg, caption + " " + alt, caption)


def _named(found: list[SignalFact], label: str, language: Language) -> Runs:
    runs = [Run(label, style="strong")]
    for i, fact in enumerate(found):
        runs += [Run(language.pick(" ; ", "; "))] if i else []
        runs.append(Run(prose.title(fact, language), f"#{prose.anchor(fact)}"))
    return (*runs, Run("."))


def _signals(edition: Edition, language: Language, public: bool) -> Iterator[Block]:
    for id_, (fr, en), directions, (none_fr, none_en) in (
        (
            "new",
            ("Ce qui est nouveau", "What is new"),
            ("new",),
            ("Rien de nouveau dans cette période.", "Nothing new in this period."),
        ),
        (
            "moves",
            ("Ce qui monte, ce qui baisse", "What rose and fell"),
            ("up", "down"),
            (
                "Aucune série ne s'écarte de son passé au-delà du seuil.",
                "No series departs from its past beyond the threshold.",
            ),
        ),
    ):
        yield Heading(1, language.pick(fr, en), id_)
        found = _of(edition, *directions)
        if not found:
            yield Paragraph(text(language.pick(none_fr, none_en)))
        for fact in found:
            yield from prose.blocks(fact, language, public)


def _silent(edition: Edition, language: Language, public: bool) -> Iterator[Block]:
    yield Heading(
        1, language.pick("Les sources qui se sont tues", "Sources that fell silent"), "silent"
    )
    found = _of(edition, "silent")
    if not found:
        yield Paragraph(
            text(language.pick("Aucune source ne s'est tue.", "No source fell silent."))
        )
    for fact in found:
        yield from prose.blocks(fact, language, public)


def _witnesses(edition: Edition, language: Language) -> Iterator[Block]:
    yield Heading(1, language.pick("Qui le dit", "Who says so"), "witnesses")
    found = [s for s in edition.signals if s.witnesses and _attested(s)]
    if not found:
        none = language.pick("Aucun signal à recouper.", "No signal to corroborate.")
        yield Paragraph(text(none))
        return
    yield Paragraph(
        text(
            language.pick(
                "Un phénomène s'établit par la concordance d'observateurs et de méthodes "
                "indépendants. Pour chaque sorte de source : les documents qui en parlent, puis, "
                "après la barre, les documents lus sur la période que compte le signal. Zéro veut "
                "dire que nul n'en parle, non que quelqu'un le nie ; un tiret, que rien de cette "
                "sorte n'a été lu.",
                "A phenomenon is established when independent observers and methods agree. For "
                "each kind of source: the documents that speak of it, then, after the bar, the "
                "documents read over the stretch that the signal counts. Zero means that none "
                "speaks of it, not that anybody denies it; a dash, that nothing of that kind was "
                "read.",
            )
        )
    )
    kinds = [k for k in prose.KINDS if any(w.kind == k for s in found for w in s.witnesses)]
    rows = [_witness_row(fact, kinds, language) for fact in found]
    head = [
        language.pick("Signal", "Signal"),
        *(prose.kind(k, language) for k in kinds),
        language.pick("sources", "sources"),
        language.pick("sites", "sites"),
    ]
    if any(s.against for s in found):
        head.append(language.pick("échantillons d'autre chose", "samples of something else"))
    else:
        rows = [row[:-1] for row in rows]
    yield Table(
        language.pick("Qui en parle, par sorte de source", "Who speaks of it, by kind of source"),
        tuple(head),
        tuple(rows),
        tuple(range(1, len(head))),
        widths=(26, *[12] * (len(head) - 1)),
    )


def _attested(fact: SignalFact) -> bool:
    """Say whether documents can speak for it: not for a silence, nor for a median that moved."""
    return fact.direction != "silent" and fact.measure not in ("price", "purity")


def _witness_row(fact: SignalFact, kinds: list[str], language: Language) -> tuple[Runs, ...]:
    by = {w.kind: w for w in fact.witnesses}
    cells: list[Runs] = [(Run(prose.title(fact, language), f"#{prose.anchor(fact)}"),)]
    for kind in kinds:
        w = by.get(kind)
        told = language.number(w.supports) if w and w.supports + w.without else "–"
        if w and w.without:  # else it is all that was read, or how many were read is withheld
            told += f"\u00a0/\u00a0{language.number(w.supports + w.without)}"
        cells.append(text(told))
    cells.append(text(language.number(sum(w.sources for w in fact.witnesses))))
    cells.append(text(language.number(max((w.sites for w in fact.witnesses), default=0))))
    cells.append(text(language.number(fact.against)))
    return tuple(cells)
