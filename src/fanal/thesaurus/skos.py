"""The thesaurus as a SKOS concept scheme.

Every substance is a `skos:Concept`; its parent is `skos:broader`, its class a concept of its own.
A name is a `skos:altLabel` for programs that read no more, and an XL label that carries kind,
ambiguity, source and date.
"""

from __future__ import annotations

from urllib.parse import quote

from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, Namespace, URIRef

from fanal.thesaurus.concepts import Alias, Substance, Thesaurus

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
