"""The end of a bulletin: limits, method, sources and licences, evidence."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.edition import Edition, Evidence, half
from fanal.exporters import signal_words
from fanal.exporters import signals_prose as prose
from fanal.exporters.blocks import Block, Bullets, Heading, Paragraph, Run, Runs, Table, laid, text
from fanal.wording.language import Language, capital
from fanal.wording.marks import N_, hole

STANDING_LIMITS = (
    N_("A signal is data that may mean a risk. Unless stated otherwise, it has not been verified."),
    N_("Texts tell what is offered or told, not what is sold or used. Prices are asking prices."),
    N_(
        "Available does not mean accessible: that a product can be found says nothing "
        "of the effort to get it."
    ),
    N_(
        "Sources are chosen, not drawn at random: counts measure neither a market nor a population."
    ),
    N_("Coding is done by a program and corrected by people; it is sometimes wrong, both ways."),
)


def limits(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield what the reader must keep in mind."""
    yield Heading(1, language.say("Limits"), "limits")
    r = edition.reckoning
    rows = [language.say(limit) for limit in STANDING_LIMITS]
    if r.pictures:
        rows.append(
            language.say_n(
                "%(posts)s was only pictures: counted among the documents read, without a text.",
                "%(posts)s were only pictures: counted among the documents read, without a text.",
                r.pictures,
                posts=language.count(r.pictures, "post"),
            )
        )
    if r.quarantined:
        rows.append(
            language.say_n(
                "%(n)s was set aside at the door, in case something identifying was left in.",
                "%(n)s were set aside at the door, in case something identifying was left in.",
                r.quarantined,
                n=language.count(r.quarantined, "record"),
            )
        )
    rows += [language.set(name.in_(language.code)) for name in edition.limits]
    yield Bullets(tuple(map(text, rows)))


def method(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield how the edition was made, and the reckoning of records."""
    yield Heading(1, language.say("Method"), "method")
    r = edition.reckoning
    counted = [s for s in edition.sources if s.reckoning.read]
    here = min(r.documents, sum(s.documents + s.samples for s in counted))
    counts = (r.read, here, r.documents - here, r.duplicates, r.skipped, r.quarantined, r.issues)
    read, here_, other, duplicates, skipped, quarantined, issues = map(language.number, counts)
    yield Paragraph(
        text(
            language.say(
                "At the door, whatever identifies someone is replaced by its kind. Records in the "
                "files that this bulletin draws on: %(read)s; kept, of its period: %(here)s; "
                "kept, of other days: %(other)s; already known: %(duplicates)s; left out by rule: "
                "%(skipped)s; in quarantine: %(quarantined)s; unreadable: %(issues)s.",
                read=read,
                here=here_,
                other=other,
                duplicates=duplicates,
                skipped=skipped,
                quarantined=quarantined,
                issues=issues,
            )
        )
    )
    rows = []
    for m in edition.methods:
        about = language.set(m.text.in_(language.code)) + (
            f" ({m.reference})" if m.reference else ""
        )
        name = capital(signal_words.detector(m.name, language))
        told = language.of(hole("name"), hole("about"))
        rows.append(laid(told, name=(Run(name, style="strong"),), about=text(about)))
    if rows:
        yield Bullets(tuple(rows))
    yield Paragraph(
        text(
            language.say(
                "Fanal %(version)s; coder and thesaurus %(fingerprint)s.",
                version=edition.version,
                fingerprint=edition.fingerprint,
            )
        ),
        "note",
    )


def sources(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield the sources with their publishers and terms."""
    yield Heading(1, language.say("Sources and licences"), "sources")
    rows = []
    for s in edition.sources:
        parts = [half(part, language.code) for part in (s.licence, s.link) if part]
        terms = ", ".join(parts) or half(s.legal_basis, language.code)
        rows.append(
            tuple(
                map(
                    text,
                    (
                        half(s.title, language.code),
                        half(s.publisher, language.code),
                        signal_words.kind(s.kind, language),
                        language.site(s.site),
                        language.read(s.documents, s.samples, s.figures),
                        terms,
                    ),
                )
            )
        )
    head = language.say("Source|Publisher|Kind|Place|Read|Terms").split("|")
    yield Table(
        language.say("The sources of this bulletin"),
        tuple(head),
        tuple(rows),
        (4,),
        widths=(25, 18, 13, 11, 13, 20),
    )


def evidence(edition: Edition, language: Language, public: bool) -> Iterator[Block]:
    """Yield the documents that the statements link to."""
    yield Heading(1, language.say("Evidence"), "evidence")
    seen: dict[str, Evidence] = {}
    for e in (
        *(e for s in edition.signals for e in s.evidence),
        *(e for p in edition.prices for e in p.evidence),
    ):
        seen.setdefault(e.document, e)
    listed = sorted(seen.values(), key=lambda e: (e.day, e.document))
    if not listed:
        yield Paragraph(text(language.say("No evidence to show.")))
        return
    yield Paragraph(
        text(
            language.say(
                "A document is named by eight characters. What stands in brackets replaces "
                "something identifying."
            )
            if not public
            else language.say(
                "A document is named by eight characters. The public edition quotes no text."
            )
        )
    )
    rows = []
    for e in listed:
        day = language.day(
            e.day, "month" if public and e.precision in ("day", "week") else e.precision
        )
        about = f"{signal_words.kind(e.kind, language)}, {language.site(e.site)}"
        cells: list[Runs] = [
            (Run(e.document, style="code"),),
            text(day),
            text(half(e.source, language.code)),
            text(about),
        ]
        rows.append(tuple(cells if public else [*cells, prose.excerpt(e) or text("–")]))
    head = language.say("Document|Date|Source|Kind, place|Excerpt").split("|")
    yield Table(
        language.say("Documents cited"),
        tuple(head[:4] if public else head),
        tuple(rows),
        anchors=tuple(f"e-{e.document}" for e in listed),
        widths=(13, 15, 22, 18) if public else (13, 17, 17, 15, 38),
    )
