"""Composes a bulletin: from the facts of an edition to sections in one language."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.edition import Edition, Few, SignalFact
from fanal.exporters import (
    back_matter,
    charts,
    contents_prose,
    figures_prose,
    prices_prose,
    signal_pictures,
    signal_words,
)
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
    laid,
    text,
)
from fanal.series import LEVELS
from fanal.wording.language import Language
from fanal.wording.marks import N_, hole


def compose(edition: Edition, code: str, public: bool = False) -> Bulletin:
    """Return the edition in a language; `public` leaves every excerpt out."""
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
        language.say(
            "Bulletin, %(first)s to %(last)s. %(sites)s", first=first, last=last, sites=sites
        ),
        language.say("Published %(published)s", published=language.day(edition.published)),
        language.say("Contents"),
        language.say("Skip to the text"),
        language.say("The figures behind this picture"),
        language.notice,
        tuple(parts),
    )


def _of(edition: Edition, *directions: str) -> list[SignalFact]:
    return [s for s in edition.signals if s.direction in directions]


def _rests(edition: Edition, language: Language) -> str:
    """Return what an edition rests on, and of how many sources that is withheld."""
    read = [s for s in edition.sources if s.documents or s.samples or s.figures]
    known = [s for s in read if not isinstance(s.documents, Few)]
    withheld = language.count(len(read) - len(known), "source")
    told = language.read(
        sum(s.documents for s in known),
        sum(s.samples for s in known),
        sum(s.figures for s in known),
    )
    sources = language.count(len(known), "source")
    if read and not known:
        message = N_("This bulletin rests on %(withheld)s; how much was read there is withheld.")
    elif len(known) < len(read):
        message = N_(
            "This bulletin rests on %(read)s from %(sources)s. Of %(withheld)s more, how much was "
            "read is withheld."
        )
    else:
        message = N_("This bulletin rests on %(read)s from %(sources)s.")
    rests = language.say(message, read=told, sources=sources, withheld=withheld)
    return f"{rests} {language.say(LINKED)}"


LINKED = N_("Each statement links to its evidence, gathered at the end.")


def _brief(edition: Edition, language: Language) -> Iterator[Block]:
    if edition.sample:
        yield Paragraph(
            text(
                language.say(
                    "Sample material. The channels, interviews, notes, articles and laboratory "
                    "results of this bulletin are invented by a program; only the “figures "
                    "published elsewhere” are real."
                )
            ),
            "banner",
        )
    yield Heading(1, language.say("In brief"), "brief")
    yield Paragraph(text(_rests(edition, language)), "lead")
    rows = []
    for directions, words, nothing in (
        (
            ("new",),
            N_("New"),
            N_("Nothing new was seen."),
        ),
        (
            ("up",),
            N_("Rising"),
            N_("Nothing rose past its threshold."),
        ),
        (
            ("down",),
            N_("Falling"),
            N_("Nothing fell past its threshold."),
        ),
        (
            ("silent",),
            N_("Fallen silent"),
            N_("No source fell silent."),
        ),
    ):
        found = _of(edition, *directions)
        label = language.say(words)
        none = text(language.say(nothing))
        rows.append(_named(found, label, language) if found else none)
    yield Bullets(tuple(rows))
    if edition.activity:
        names = {kind: signal_words.kind(kind, language) for kind in edition.activity}
        svg = charts.draw(charts.activity(edition.activity, names, language), "activity", language)
        weeks = [p.period for points in edition.activity.values() for p in points]
        n = (max(weeks) - min(weeks)).days // 7 + 1 if weeks else 1  # some were read in few of them
        means = [
            f"{names[kind]} {language.number(round(sum(p.value or 0 for p in points) / n, 1))}"
            for kind, points in edition.activity.items()
            if points and all(p.value is not None for p in points)
        ]
        caption = language.say("Documents read a week, by kind of source.")
        if any(p.value is None for points in edition.activity.values() for p in points):
            caption += " " + language.say(signal_pictures.GREY)
        alt = language.say("Mean a week: %(means)s.", means=language.list(means)) if means else ""
        yield Figure(svg, f"{caption} {alt}".strip(), caption)


def _named(found: list[SignalFact], label: str, language: Language) -> Runs:
    links = {
        f"link{i}": (Run(signal_words.title(fact, language), f"#{prose.anchor(fact)}"),)
        for i, fact in enumerate(found)
    }
    several = language.parts([hole(name) for name in links])
    told = language.say("%(what)s: %(links)s.", what=hole("label"), links=several)
    return laid(told, label=(Run(label, style="strong"),), **links)


def _signals(edition: Edition, language: Language, public: bool) -> Iterator[Block]:
    for id_, words, directions, nothing in (
        (
            "new",
            N_("What is new"),
            ("new",),
            N_("Nothing new in this period."),
        ),
        (
            "moves",
            N_("What rose and fell"),
            ("up", "down"),
            N_("No series departs from its past beyond the threshold."),
        ),
    ):
        yield Heading(1, language.say(words), id_)
        found = _of(edition, *directions)
        if not found:
            yield Paragraph(text(language.say(nothing)))
        for fact in found:
            yield from prose.blocks(fact, language, public)


def _silent(edition: Edition, language: Language, public: bool) -> Iterator[Block]:
    yield Heading(1, language.say("Sources that fell silent"), "silent")
    found = _of(edition, "silent")
    if not found:
        yield Paragraph(text(language.say("No source fell silent.")))
    for fact in found:
        yield from prose.blocks(fact, language, public)


def _witnesses(edition: Edition, language: Language) -> Iterator[Block]:
    yield Heading(1, language.say("Who says so"), "witnesses")
    found = [s for s in edition.signals if s.witnesses and _attested(s)]
    if not found:
        none = language.say("No signal to corroborate.")
        yield Paragraph(text(none))
        return
    yield Paragraph(
        text(
            language.say(
                "A phenomenon is established when independent observers and methods agree. For "
                "each kind of source: the documents that speak of it, then, after the bar, the "
                "documents read over the stretch that the signal counts. Zero means that nothing "
                "of it was noted there, not that nobody speaks of it, nor that anybody denies it; "
                "a dash, that nothing of that kind was read, or that such sources cannot speak of "
                "it."
            )
        )
    )
    kinds = [k for k in signal_words.KINDS if any(w.kind == k for s in found for w in s.witnesses)]
    rows = [_witness_row(fact, kinds, language) for fact in found]
    head = [
        language.say("Signal"),
        *(signal_words.kind(k, language) for k in kinds),
        language.say("sources"),
        language.say("sites"),
    ]
    if any(s.against for s in found):
        head.append(language.say("samples of something else"))
    else:
        rows = [row[:-1] for row in rows]
    yield Table(
        language.say("Who speaks of it, by kind of source"),
        tuple(head),
        tuple(rows),
        tuple(range(1, len(head))),
        widths=(26, *[12] * (len(head) - 1)),
    )


def _attested(fact: SignalFact) -> bool:
    """Say whether documents can speak for it: not for a silence, nor for a median that moved."""
    return fact.direction != "silent" and fact.measure not in LEVELS


def _witness_row(fact: SignalFact, kinds: list[str], language: Language) -> tuple[Runs, ...]:
    by = {w.kind: w for w in fact.witnesses}
    cells: list[Runs] = [(Run(signal_words.title(fact, language), f"#{prose.anchor(fact)}"),)]
    for kind in kinds:
        w = by.get(kind)
        told = language.number(w.supports) if w and w.supports + w.without else "–"
        # Of others it may be all that was read, or how many were read is withheld.
        if w and (w.without or (w.supports and w.kind in prose.OPEN)):
            told += f"\u00a0/\u00a0{language.number(w.supports + w.without)}"
        cells.append(text(told))
    cells.append(text(language.number(sum(w.sources for w in fact.witnesses))))
    cells.append(text(language.number(max((w.sites for w in fact.witnesses), default=0))))
    cells.append(text(language.number(fact.against)))
    return tuple(cells)
