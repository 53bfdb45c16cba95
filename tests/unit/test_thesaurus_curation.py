"""What is added to a thesaurus is checked first; what goes out as SKOS comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fanal.errors import ConfigError
from fanal.thesaurus import Alias, Substance, Thesaurus, add, check, load, show
from fanal.thesaurus.curation import cas_digit_holds
from fanal.thesaurus.skos import export_skos, import_skos

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


def test_skos_out_and_in_is_the_same() -> None:
    back = import_skos(export_skos(SMALL))
    assert back.aliases == SMALL.aliases
    assert back.substances == SMALL.substances
    assert back.classes == SMALL.classes
    assert back.fingerprint == SMALL.fingerprint


def test_a_strangers_labels_need_context() -> None:
    text = """
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix f: <urn:fanal:thesaurus:term:> .
        <urn:x:1> a skos:Concept ; skos:notation "cocaine" ; skos:prefLabel "Cocaine"@en ;
            f:class <urn:fanal:thesaurus:class:stimulants> ;
            skos:altLabel "schnee"@de, "coco"@fr ; skos:hiddenLabel "koks" .
    """
    back = import_skos(text, source="partner")
    assert back.substances["cocaine"].label_fr == "Cocaine"
    assert {(a.alias, a.language, a.ambiguity, a.source) for a in back.aliases} == {
        ("schnee", "mul", "needs context", "partner"),
        ("coco", "fr", "needs context", "partner"),
        ("koks", "mul", "needs context", "partner"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "not turtle at all <",
        "@prefix s: <http://www.w3.org/2004/02/skos/core#> . <urn:x:1> a s:Concept .",
    ],
)
def test_what_is_no_thesaurus_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        import_skos(text)
