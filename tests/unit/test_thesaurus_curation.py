"""What is added to a thesaurus is checked first; what goes out as SKOS comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, SKOS, Graph

from fanal.errors import ConfigError
from fanal.thesaurus import Alias, Substance, Thesaurus, add, check, load, show
from fanal.thesaurus.curation import cas_digit_holds
from fanal.thesaurus.skos import FANAL, XL, export_skos

CLASSES = {"stimulants": ("Stimulants", "Stimulants")}
COCAINE = Substance("cocaine", "Cocaïne", "Cocaine", "stimulants", cas="50-36-2")
CRACK = Substance("crack-cocaine", "Crack", "Crack cocaine", "stimulants", "cocaine")
NAMES = (
    Alias("cocaine", "cocaïne", "fr", "international name", "plain", "fanal"),
    Alias("cocaine", "neige", "fr", "street", "needs context", "fanal"),
    Alias("cocaine", "❄️", "mul", "emoji", "needs context", "own", "2026-05-01"),
    Alias("crack-cocaine", 'dit "caillou"', "fr", "street", "needs context", "fanal"),
    Alias("crack-cocaine", "crack", "mul", "street", "needs context", "fanal"),
)
SMALL = Thesaurus({s.id: s for s in (COCAINE, CRACK)}, NAMES, (), CLASSES)


def with_names(*names: Alias) -> Thesaurus:
    return replace(SMALL, aliases=(*NAMES, *names))


def with_substance(substance: Substance) -> Thesaurus:
    return replace(SMALL, substances={**SMALL.substances, substance.id: substance})


def test_a_sound_thesaurus_has_no_problem() -> None:
    assert check(SMALL) == []


@pytest.mark.parametrize(
    ("thesaurus", "problem"),
    [
        (with_substance(replace(CRACK, parent="coke")), "unknown parent 'coke'"),
        (with_substance(replace(COCAINE, parent="crack-cocaine")), "is its own ancestor"),
        (with_substance(replace(COCAINE, cas="50-36-3")), "no CAS number: '50-36-3'"),
        (with_substance(replace(CRACK, cas="50-36-2")), "50-36-2 is also cocaine"),
        (with_substance(replace(COCAINE, label_fr=" ")), "empty label"),
        (with_substance(replace(COCAINE, klass="stimulant")), "unknown class 'stimulant'"),
        (with_substance(replace(COCAINE, inchikey="ZPUC")), "no InChIKey: 'ZPUC'"),
        (with_substance(Substance("lsd", "LSD", "LSD", "stimulants")), "has no name"),
        (with_names(Alias("coke", "x", "fr", "street", source="a")), "unknown substance"),
        (with_names(replace(NAMES[1], alias="Neige")), "stands twice"),
        (with_names(replace(NAMES[1], alias=" ")), "empty name, or blanks around it"),
        (with_names(replace(NAMES[1], alias="n", kind="slang")), "'slang' is not allowed"),
        (with_names(replace(NAMES[1], alias="n", language="de")), "'de' is not allowed"),
        (with_names(replace(NAMES[1], alias="n", source="")), "no source"),
        (with_names(replace(NAMES[1], alias="n", first_seen="1/5/26")), "no date"),
        (
            with_names(replace(NAMES[4], alias="Cocaine", ambiguity="plain")),
            "plain for cocaine, crack-cocaine",
        ),
    ],
)
def test_each_problem_is_found(thesaurus: Thesaurus, problem: str) -> None:
    assert problem in [found["problem"] for found in check(thesaurus)]


@pytest.mark.parametrize(
    ("cas", "holds"),
    [("50-36-2", True), ("50-36-4", False), ("7732-18-5", True), ("773218-5", False), ("", False)],
)
def test_the_check_digit_of_a_cas_number(cas: str, holds: bool) -> None:
    assert cas_digit_holds(cas) is holds


def test_an_added_name_is_loaded_again(tmp_path: Path) -> None:
    row = Alias("ketamine", "poussière", "fr", "street", "needs context", "own", "2026-06-01")
    add(tmp_path, row)
    assert row in load(tmp_path).aliases
    with pytest.raises(ConfigError, match="has this name already"):
        add(tmp_path, replace(row, alias="Poussiere"))


def test_an_added_substance_brings_its_names(tmp_path: Path) -> None:
    new = Substance("9-mmc", "9-MMC", "9-MMC", "cathinones", "synthetic-cathinones", nps=True)
    add(tmp_path, new)
    ours = load(tmp_path)
    assert ours.substances["9-mmc"] == new
    assert ours.by_fold["9mmc"][0].substance == "9-mmc"
    assert check(ours) == []


@pytest.mark.parametrize(
    "row",
    [
        Alias("ketamin", "kk", "fr", "street", "needs context", "own"),
        Alias("ketamine", "beuh", "fr", "street", "plain", "own"),
        Alias("ketamine", "a\tb", "fr", "street", "needs context", "own"),
        Substance("New One", "N", "N", "stimulants"),
        Substance("mdma", "MDMA", "MDMA", "entactogens"),
    ],
)
def test_a_wrong_addition_is_refused_and_nothing_written(
    tmp_path: Path, row: Alias | Substance
) -> None:
    with pytest.raises(ConfigError):
        add(tmp_path, row)
    assert list(tmp_path.iterdir()) == []


def test_showing_by_id_name_and_shared_name() -> None:
    shipped = load()
    assert show(shipped, "3-mmc")["id"] == show(shipped, "3 MMC")["id"] == "3-mmc"
    assert "synthetic-cathinones" in show(shipped, "3-mmc")["ancestors"]
    assert "3-mmc" in show(shipped, "synthetic-cathinones")["children"]
    assert show(shipped, "speed")["substances"][0] == "amphetamine"
    with pytest.raises(ConfigError, match="no such substance"):
        show(shipped, "xyzzyqq")


def test_skos_tells_all_of_a_name() -> None:
    graph = Graph().parse(data=export_skos(SMALL), format="turtle")
    concepts = {
        str(graph.value(c, SKOS.notation)): c for c in graph.subjects(RDF.type, SKOS.Concept)
    }
    assert set(concepts) == set(SMALL.substances)
    for id_, substance in SMALL.substances.items():
        labels = {(str(x), x.language) for x in graph.objects(concepts[id_], SKOS.prefLabel)}
        assert labels == {(substance.label_fr, "fr"), (substance.label_en, "en")}
        broader = graph.value(concepts[id_], SKOS.broader)
        assert broader == (concepts[substance.parent] if substance.parent else None)
    told = {
        (id_, str(form), form.language or "mul",
         *(str(graph.value(label, term)) for term in (FANAL.kind, FANAL.ambiguity, DCTERMS.source)))
        for id_, concept in concepts.items()
        for label in graph.objects(concept, XL.altLabel)
        for form in [graph.value(label, XL.literalForm)]
    }  # fmt: skip
    assert told == {
        (a.substance, a.alias, a.language, a.kind, a.ambiguity, a.source) for a in SMALL.aliases
    }
