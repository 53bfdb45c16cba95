"""The thesaurus as a SKOS concept scheme, out and in.

Every substance is a `skos:Concept`; its parent is `skos:broader`, its class a concept of its own.
A name is a `skos:altLabel` for programs that read no more, and an XL label that carries kind,
ambiguity, source and date, so that what goes out comes back the same.
"""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import quote

from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from fanal.errors import ConfigError
from fanal.thesaurus.thesaurus import Alias, Substance, Thesaurus

BASE = "urn:fanal:thesaurus:"
FANAL = Namespace(BASE + "term:")
XL = Namespace("http://www.w3.org/2008/05/skos-xl#")
SCHEME = URIRef(BASE + "scheme")


def export_skos(thesaurus: Thesaurus) -> str:
    """Return the thesaurus in Turtle."""
    graph = Graph()
    for prefix, space in (("skos", SKOS), ("xl", XL), ("dct", DCTERMS), ("fanal", FANAL)):
        graph.bind(prefix, space)
    graph.add((SCHEME, RDF.type, SKOS.ConceptScheme))
    graph.add((SCHEME, DCTERMS.identifier, Literal(thesaurus.fingerprint)))
    for id, (fr, en) in thesaurus.classes.items():
        concept = URIRef(f"{BASE}class:{id}")
        graph.add((concept, RDF.type, FANAL.Class))
        graph.add((concept, SKOS.prefLabel, Literal(fr, lang="fr")))
        graph.add((concept, SKOS.prefLabel, Literal(en, lang="en")))
    for substance in thesaurus.substances.values():
        _add_substance(graph, substance)
    for number, alias in enumerate(thesaurus.aliases):
        _add_alias(graph, alias, number)
    return graph.serialize(format="turtle")


def _concept(id: str) -> URIRef:
    return URIRef(f"{BASE}substance:{quote(id)}")


def _add_substance(graph: Graph, s: Substance) -> None:
    concept = _concept(s.id)
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, SCHEME))
    graph.add((concept, SKOS.notation, Literal(s.id)))
    graph.add((concept, SKOS.prefLabel, Literal(s.label_fr, lang="fr")))
    graph.add((concept, SKOS.prefLabel, Literal(s.label_en, lang="en")))
    graph.add((concept, FANAL["class"], URIRef(f"{BASE}class:{s.klass}")))
    if s.parent:
        graph.add((concept, SKOS.broader, _concept(s.parent)))
    else:
        graph.add((concept, SKOS.topConceptOf, SCHEME))
    for term, text in (("cas", s.cas), ("inchikey", s.inchikey)):
        if text:
            graph.add((concept, FANAL[term], Literal(text)))
    if s.nps:
        graph.add((concept, FANAL.nps, Literal(True)))


def _add_alias(graph: Graph, a: Alias, number: int) -> None:
    label = URIRef(f"{BASE}label:{number}")
    text = Literal(a.alias) if a.language == "mul" else Literal(a.alias, lang=a.language)
    graph.add((_concept(a.substance), SKOS.altLabel, text))
    graph.add((_concept(a.substance), XL.altLabel, label))
    graph.add((label, XL.literalForm, text))
    graph.add((label, FANAL.kind, Literal(a.kind)))
    graph.add((label, FANAL.ambiguity, Literal(a.ambiguity)))
    graph.add((label, DCTERMS.source, Literal(a.source)))
    if a.first_seen:
        graph.add((label, DCTERMS.issued, Literal(a.first_seen)))


def import_skos(text: str, source: str = "skos") -> Thesaurus:
    """Return the substances and names of a SKOS scheme in Turtle.

    Of a scheme that is not ours, an alternative or hidden label is a street name that needs
    context: nothing in SKOS says that it is unequivocal. A concept without a class or a notation
    is refused, since a class cannot be guessed.
    """
    graph = Graph()
    try:
        graph.parse(data=text, format="turtle")
    except Exception as error:  # rdflib's parsers raise many kinds
        raise ConfigError("no Turtle", allowed="SKOS in Turtle") from error
    substances: dict[str, Substance] = {}
    aliases: list[tuple[int, Alias]] = []
    for concept in sorted(graph.subjects(RDF.type, SKOS.Concept), key=str):
        substance = _substance(graph, concept)
        substances[substance.id] = substance
        aliases += _aliases(graph, concept, substance.id, source)
    classes = {
        str(c).rpartition(":")[2]: (_label(graph, c, "fr"), _label(graph, c, "en"))
        for c in graph.subjects(RDF.type, FANAL.Class)
    }
    rows = tuple(alias for _, alias in sorted(aliases, key=lambda pair: pair[0]))
    return Thesaurus(substances, rows, (), classes)


def _text(graph: Graph, subject: Node, predicate: URIRef) -> str:
    value = graph.value(subject, predicate)
    return "" if value is None else str(value)


def _label(graph: Graph, concept: Node, language: str) -> str:
    labels: dict[str, str] = defaultdict(str)
    for label in graph.objects(concept, SKOS.prefLabel):
        labels[getattr(label, "language", None) or ""] = str(label)
    return labels[language] or labels[""] or next(iter(labels.values()), "")


def _substance(graph: Graph, concept: Node) -> Substance:
    id = _text(graph, concept, SKOS.notation)
    klass = _text(graph, concept, FANAL["class"]).rpartition(":")[2]
    if not id or not klass:
        raise ConfigError(
            "a concept without notation or class",
            where=_label(graph, concept, "en") or str(concept),
            allowed="skos:notation with the substance id, and a class of the thesaurus",
        )
    broader = graph.value(concept, SKOS.broader)
    return Substance(
        id,
        _label(graph, concept, "fr"),
        _label(graph, concept, "en"),
        klass,
        "" if broader is None else _text(graph, broader, SKOS.notation),
        _text(graph, concept, FANAL.cas),
        _text(graph, concept, FANAL.inchikey),
        graph.value(concept, FANAL.nps) is not None,
    )


def _position(label: str) -> int:
    """Return the row that a label of ours was, which orders the meanings of a shared name."""
    number = label.removeprefix(f"{BASE}label:")
    return int(number) if number.isdigit() else 0


def _aliases(graph: Graph, concept: Node, id: str, source: str) -> list[tuple[int, Alias]]:
    found: list[tuple[int, Alias]] = []
    told = set()
    for label in graph.objects(concept, XL.altLabel):
        form = graph.value(label, XL.literalForm)
        if form is None:
            continue
        told.add(form)
        alias = Alias(
            id,
            str(form),
            getattr(form, "language", None) or "mul",
            _text(graph, label, FANAL.kind) or "street",
            _text(graph, label, FANAL.ambiguity) or "needs context",
            _text(graph, label, DCTERMS.source) or source,
            _text(graph, label, DCTERMS.issued),
        )
        found.append((_position(str(label)), alias))
    for predicate in (SKOS.altLabel, SKOS.hiddenLabel):
        for form in sorted(graph.objects(concept, predicate), key=str):
            if form not in told:
                language = getattr(form, "language", None)
                spoken = language if language in ("fr", "en") else "mul"
                row = Alias(id, str(form), spoken, "street", "needs context", source)
                found.append((0, row))
    return found
