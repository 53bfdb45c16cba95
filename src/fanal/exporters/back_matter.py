"""The end of a bulletin: limits, method, sources and licences, evidence."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.edition import Edition, Evidence, half
from fanal.exporters import signals_prose as prose
from fanal.exporters.blocks import Block, Bullets, Heading, Paragraph, Run, Runs, Table, text
from fanal.wording.language import Language, capital

STANDING_LIMITS = (
    (
        (
            "Un signal est une donnée qui peut vouloir dire un risque. Sauf mention contraire, il "
            "n'est pas vérifié."
        ),
        "A signal is data that may mean a risk. Unless stated otherwise, it has not been verified.",
    ),
    (
        (
            "Les textes disent ce qui est offert ou raconté, non ce qui est vendu ou consommé. Les "
            "prix sont des prix demandés."
        ),
        "Texts tell what is offered or told, not what is sold or used. Prices are asking prices.",
    ),
    (
        (
            "Disponible ne veut pas dire accessible : qu'un produit se trouve ne dit rien de "
            "l'effort "
            "qu'il faut pour l'obtenir."
        ),
        (
            "Available does not mean accessible: that a product can be found says nothing of the "
            "effort to get it."
        ),
    ),
    (
        (
            "Les sources sont choisies, non tirées au sort : les comptes ne mesurent ni un marché "
            "ni "
            "une population."
        ),
        (
            "Sources are chosen, not drawn at random: counts measure neither a market nor a "
            "population."
        ),
    ),
    (
        (
            "Le codage est fait par un programme et corrigé par des personnes ; il se trompe "
            "parfois, "
            "dans les deux sens."
        ),
        "Coding is done by a program and corrected by people; it is sometimes wrong, both ways.",
    ),
)


def limits(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield what the reader must keep in mind."""
    yield Heading(1, language.pick("Limites", "Limits"), "limits")
    r = edition.reckoning
    rows = [language.pick(fr, en) for fr, en in STANDING_LIMITS]
    if r.pictures:
        posts, were = (
            language.count(r.pictures, "post"),
            ("n'étaient", "were") if r.pictures > 1 else ("n'était", "was"),
        )
        rows.append(
            language.pick(
                f"{posts} {were[0]} que des images : comptées, non lues.",
                f"{posts} {were[1]} only pictures: counted, not read.",
            )
        )
    if r.quarantined:
        n = language.count(r.quarantined, "record")
        s, verb = ("s", "were") if r.quarantined > 1 else ("", "was")
        rows.append(
            language.pick(
                f"{n} écarté{s} à l'entrée par prudence : une donnée identifiante pouvait y "
                "rester.",
                f"{n} {verb} set aside at the door, in case something identifying was left in.",
            )
        )
    rows += [language.set(name.in_(language.code)) for name in edition.limits]
    yield Bullets(tuple(map(text, rows)))


def method(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield how the edition was made, and the reckoning of records."""
    yield Heading(1, language.pick("Méthode", "Method"), "method")
    r = edition.reckoning
    counts = (r.read, r.documents, r.duplicates, r.skipped, r.quarantined, r.issues)
    read, documents, duplicates, skipped, quarantined, issues = map(language.number, counts)
    yield Paragraph(
        text(
            language.pick(
                "À l'entrée, chaque donnée identifiante est remplacée par sa sorte. Des fichiers "
                f"d'où vient ce qui est compté ici, enregistrements lus : {read} ; gardés : "
                f"{documents} ; déjà connus : {duplicates} ; laissés par règle : {skipped} ; mis "
                f"en quarantaine : {quarantined} ; illisibles : {issues}.",
                "At the door, whatever identifies someone is replaced by its kind. Of the files "
                f"that what is counted here came in with, records read: {read}; kept: {documents}; "
                f"already known: {duplicates}; left out by rule: {skipped}; in quarantine: "
                f"{quarantined}; unreadable: {issues}.",
            )
        )
    )
    rows = []
    for m in edition.methods:
        about = language.set(m.text.in_(language.code)) + (
            f" ({m.reference})" if m.reference else ""
        )
        name = capital(prose.detector(m.name, language))
        rows.append((Run(name, style="strong"), Run(language.pick(" : ", ": ") + about)))
    if rows:
        yield Bullets(tuple(rows))
    yield Paragraph(
        text(
            language.pick(
                f"Fanal {edition.version} ; codeur et thésaurus {edition.fingerprint}.",
                f"Fanal {edition.version}; coder and thesaurus {edition.fingerprint}.",
            )
        ),
        "note",
    )


def sources(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield the sources with their publishers and terms."""
    yield Heading(1, language.pick("Sources et licences", "Sources and licences"), "sources")
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
                        prose.kind(s.kind, language),
                        language.site(s.site),
                        language.read(s.documents, s.samples, s.figures),
                        terms,
                    ),
                )
            )
        )
    head = language.pick(
        "Source|Éditeur|Sorte|Lieu|Lu|Conditions",
        "Source|Publisher|Kind|Place|Read|Terms",
    ).split("|")
    yield Table(
        language.pick("Les sources de ce bulletin", "The sources of this bulletin"),
        tuple(head),
        tuple(rows),
        (4,),
        widths=(25, 18, 13, 11, 13, 20),
    )


def evidence(edition: Edition, language: Language, public: bool) -> Iterator[Block]:
    """Yield the documents that the statements link to."""
    yield Heading(1, language.pick("Preuves", "Evidence"), "evidence")
    seen: dict[str, Evidence] = {}
    for e in (
        *(e for s in edition.signals for e in s.evidence),
        *(e for p in edition.prices for e in p.evidence),
    ):
        seen.setdefault(e.document, e)
    listed = sorted(seen.values(), key=lambda e: (e.day, e.document))
    if not listed:
        yield Paragraph(text(language.pick("Aucune preuve à montrer.", "No evidence to show.")))
        return
    yield Paragraph(
        text(
            language.pick(
                "Un document est nommé par huit caractères. Ce qui est entre crochets remplace "
                "une donnée identifiante.",
                "A document is named by eight characters. What stands in brackets replaces "
                "something identifying.",
            )
            if not public
            else language.pick(
                "Un document est nommé par huit caractères. L'édition publique ne cite aucun "
                "texte.",
                "A document is named by eight characters. The public edition quotes no text.",
            )
        )
    )
    rows = []
    for e in listed:
        day = language.day(
            e.day, "month" if public and e.precision in ("day", "week") else e.precision
        )
        about = f"{prose.kind(e.kind, language)}, {language.site(e.site)}"
        cells: list[Runs] = [
            (Run(e.document, style="code"),),
            text(day),
            text(half(e.source, language.code)),
            text(about),
        ]
        rows.append(tuple(cells if public else [*cells, prose.excerpt(e) or text("–")]))
    head = language.pick(
        "Document|Date|Source|Sorte, lieu|Extrait", "Document|Date|Source|Kind, place|Excerpt"
    ).split("|")
    yield Table(
        language.pick("Documents cités", "Documents cited"),
        tuple(head[:4] if public else head),
        tuple(rows),
        anchors=tuple(f"e-{e.document}" for e in listed),
        widths=(13, 15, 22, 18) if public else (13, 17, 17, 15, 38),
    )
