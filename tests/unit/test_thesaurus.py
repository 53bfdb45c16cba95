"""The thesaurus that ships: whole, unambiguous where it says so, and laid over by additions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fanal.errors import ConfigError
from fanal.thesaurus import Thesaurus, check, fold_name, load

CORE = [
    "cocaine",
    "crack-cocaine",
    "heroin",
    "cannabis",
    "cannabis-resin",
    "mdma",
    "amphetamine",
    "methamphetamine",
    "ketamine",
    "lsd",
    "psilocybin-mushrooms",
    "ghb",
    "gbl",
    "3-mmc",
    "4-mmc",
    "2c-b",
    "tucibi",
    "nitrous-oxide",
    "pregabalin",
    "tramadol",
    "buprenorphine",
    "clonazepam",
    "alprazolam",
    "diazepam",
    "fentanyl",
    "morphine",
    "oxycodone",
    "codeine",
    "methadone",
    "methylphenidate",
    "khat",
    "synthetic-cannabinoids",
    "hhc",
    "nitazenes",
]
ORDINARY = (Path(__file__).parent / "ordinary_words.txt").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def thesaurus() -> Thesaurus:
    return load()


def test_nothing_is_wrong_with_it(thesaurus: Thesaurus) -> None:
    assert check(thesaurus) == []


def test_it_is_large_enough(thesaurus: Thesaurus) -> None:
    names = {(a.substance, fold_name(a.alias)) for a in thesaurus.aliases}
    elsewhere = {(a.substance, fold_name(a.alias)) for a in thesaurus.aliases if a.language != "fr"}
    french = {(a.substance, fold_name(a.alias)) for a in thesaurus.aliases if a.language == "fr"}
    assert len(thesaurus.substances) >= 900
    assert len(names) >= 6000  # spellings that differ in accents, hyphens, blanks count once
    assert len(french - elsewhere) >= 1500


def test_core_substances_are_there(thesaurus: Thesaurus) -> None:
    assert [id for id in CORE if id not in thesaurus.substances] == []


@pytest.mark.parametrize("word", ORDINARY)
def test_an_ordinary_word_is_never_a_plain_name(thesaurus: Thesaurus, word: str) -> None:
    rows = thesaurus.by_fold.get(fold_name(word), ())
    assert [(a.substance, a.alias) for a in rows if a.ambiguity == "plain"] == []


def test_short_names_numbers_and_emoji_need_context(thesaurus: Thesaurus) -> None:
    rows = [a for a in thesaurus.aliases if a.ambiguity == "plain"]
    assert [a.alias for a in rows if len(fold_name(a.alias)) < 3] == []
    assert [a.alias for a in rows if fold_name(a.alias).isdigit()] == []
    assert [a.alias for a in rows if a.kind == "emoji"] == []


def test_words_that_are_also_something_else_need_context(thesaurus: Thesaurus) -> None:
    for word in ("héroïne", "héro", "weed", "coke", "shit", "trois-meuf", "marie-jeanne", "4-fa"):
        rows = thesaurus.by_fold[fold_name(word)]
        assert {a.ambiguity for a in rows} == {"needs context"}, word


@pytest.mark.parametrize(
    ("name", "substance"),
    [
        ("beuh", "cannabis"),
        ("teushi", "cannabis-resin"),
        ("Lemon Haze", "cannabis"),
        ("rabla", "heroin"),
        ("taz", "mdma"),
        ("kéta", "ketamine"),
        ("3 MMC", "3-mmc"),
        ("3MMC", "3-mmc"),
        ("méphédrone", "4-mmc"),
        ("tusi", "tucibi"),
        ("protoxyde", "nitrous-oxide"),
        ("FastGas", "nitrous-oxide"),
        ("Cream Deluxe", "nitrous-oxide"),
        ("Lyrica", "pregabalin"),
        ("prégab", "pregabalin"),
        ("Skénan", "morphine"),
        ("Subutex", "buprenorphine"),
        ("Rivotril", "clonazepam"),
        ("purple drank", "codeine"),
        ("Ritaline", "methylphenidate"),
        ("isotonitazène", "isotonitazene"),
        ("HHC", "hhc"),
    ],
)
def test_a_plain_name_means_one_substance(thesaurus: Thesaurus, name: str, substance: str) -> None:
    first = thesaurus.by_fold[fold_name(name)][0]
    assert (first.substance, first.ambiguity) == (substance, "plain")


@pytest.mark.parametrize(
    ("name", "substance"),
    [
        ("c", "cocaine"),
        ("coco", "cocaine"),
        ("md", "mdma"),
        ("k", "ketamine"),
        ("speed", "amphetamine"),
        ("crack", "crack-cocaine"),
        ("shit", "cannabis-resin"),
        ("weed", "cannabis"),
        ("trama", "tramadol"),
        ("g", "ghb"),
        ("3m", "3-mmc"),
        ("proto", "nitrous-oxide"),
        ("sub", "buprenorphine"),
        ("codé", "codeine"),
        ("ice", "methamphetamine"),
        ("acid", "lsd"),
        ("❄️", "cocaine"),
        ("🍄", "psilocybin-mushrooms"),
        ("🍫", "cannabis-resin"),
    ],
)
def test_a_shared_name_has_its_usual_meaning_first(
    thesaurus: Thesaurus, name: str, substance: str
) -> None:
    assert thesaurus.by_fold[fold_name(name)][0].substance == substance


def test_groups_are_above_their_substances(thesaurus: Thesaurus) -> None:
    for id, group in {
        "3-mmc": "synthetic-cathinones",
        "cannabis-resin": "cannabis",
        "crack-cocaine": "cocaine",
        "isotonitazene": "nitazenes",
        "mdmb-4en-pinaca": "synthetic-cannabinoids",
        "flualprazolam": "benzodiazepines",
        "carfentanil": "fentanyls",
        "2-fdck": "arylcyclohexylamines",
    }.items():
        assert group in thesaurus.ancestors(id)


def test_labels_are_in_two_languages(thesaurus: Thesaurus) -> None:
    assert thesaurus.label("nitrous-oxide", "fr") == "Protoxyde d'azote"
    assert thesaurus.label("nitrous-oxide") == "Nitrous oxide"
    assert thesaurus.class_label("opioids", "fr") == "Opioïdes"


@pytest.mark.parametrize(
    ("token", "group"),
    [
        ("fluetonitazepyne", "nitazenes"),
        ("fluetonitazen", "nitazenes"),
        ("fluetonitazeen", "nitazenes"),
        ("fluetonitazenen", "nitazenes"),
        ("fluetonitazenos", "nitazenes"),
        ("fluetonitaz", None),
        ("propanoylfentanyl", "fentanyls"),
        ("mdmb-4en-hexinaca", "synthetic-cannabinoids"),
        ("adb-5f-butinaca", "synthetic-cannabinoids"),
        ("jwh-999", "synthetic-cannabinoids"),
        ("4-isopropylmethcathinone", "synthetic-cathinones"),
        ("chlorphedrone", "synthetic-cathinones"),
        ("fluoroclobazolam", "designer-benzodiazepines"),
        ("1q-lsd", "lysergamides"),
        ("cinema", None),
        ("morphine", None),
        ("endorphine", None),
        ("dolphin", None),
        ("amphetamine", None),
        ("u-2", None),
    ],
)
def test_families_know_new_names_by_their_form(
    thesaurus: Thesaurus, token: str, group: str | None
) -> None:
    assert next((f.substance for f in thesaurus.families if f.matches(token)), None) == group


def test_additions_lie_over_what_ships(tmp_path: Path) -> None:
    header = "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\n"
    (tmp_path / "aliases.tsv").write_text(
        header
        + "ketamine\tpoudre de lune\tfr\tstreet\tneeds context\town\t2026-03-01\n"
        + "cannabis\tbeuh\tfr\tverlan\tneeds context\town\t2026-03-02\n",
        encoding="utf-8",
    )
    ours = load(tmp_path)
    assert ours.by_fold["poudredelune"][0].first_seen == "2026-03-01"
    assert {a.ambiguity for a in ours.by_fold["beuh"]} == {"needs context"}
    assert len(ours.aliases) == len(load().aliases) + 1
    assert ours.fingerprint != load().fingerprint


def test_the_fingerprint_is_that_of_the_content(thesaurus: Thesaurus) -> None:
    turned = Thesaurus(thesaurus.substances, thesaurus.aliases[::-1], thesaurus.families)
    assert turned.fingerprint == thesaurus.fingerprint == load().fingerprint
    assert re.fullmatch("[0-9a-f]{16}", thesaurus.fingerprint)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("substance\talias\n", "wrong columns"),
        (
            "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\nmdma\tx\n",
            "line 2: wrong number of fields",
        ),
    ],
)
def test_a_damaged_file_is_named_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "aliases.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load(tmp_path)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("3-MMC", "3mmc"),
        ("Héroïne", "heroine"),
        ("l'héro", "lhero"),
        ("Cœur", "coeur"),
        ("❄️", "❄"),
        ("α-PVP", "αpvp"),
    ],
)
def test_folding_a_name(name: str, folded: str) -> None:
    assert fold_name(name) == folded
