"""The tagger: what it is told of a word, what it decides, and that a thread's names are learned."""

# ruff: noqa: DTZ001
from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.door import tagger
from fanal.door.admit import Door
from fanal.door.identifiers import found_by_rules, leaks, screen_batch, screen_text
from fanal.door.pseudonyms import KeyRing
from fanal.door.raw import RawDocument
from fanal.door.spans import Span
from fanal.door.tagger.features import features, rules
from fanal.door.tagger.words import clusters, known, lists, read, shape

TEXT = "Chez beber,\nMme Prune : 3 g"


def words(text):
    (found,) = read([text])
    return found


def facts(text, spans=()):
    found = words(text)
    return dict(
        zip([w.written for w in found], features(text, found, rules(found, spans)), strict=True)
    )


def test_words_are_runs_of_letters_and_figures_and_single_signs() -> None:
    found = words("L'ami d'Aïssata_2 : 06-39…")
    assert [word.written for word in found] == [
        "L", "'", "ami", "d", "'", "Aïssata", "_", "2", ":", "06", "-", "39", "…",
    ]  # fmt: skip
    assert (found[5].folded, found[5].start, found[5].stop) == ("aissata", 8, 15)
    assert [w.part for w in words("Marie dort mal.")] == ["PROPN", "VERB", "ADV", "PUNCT"]
    assert words("") == []


@pytest.mark.parametrize(
    ("written", "form"),
    [("Léa", "Xxx"), ("KT", "XX"), ("ABCDE", "XX"), ("t3ssA", "xdxxX"), ("2024", "dd"), (":", ":"),
     ("mandarine", "xx"), ("a1B2c3D4e5", "xdXdxdXd")],
)  # fmt: skip
def test_shapes(written, form) -> None:
    assert shape(written) == form


def test_lists_are_told_by_a_letter() -> None:
    assert "F" in lists("mehdi") and "f" in lists("rose") and "w" in lists("rose")
    assert "d" in lists("ketamine") and "c" in lists("belgique") and lists("xqzt") == ""


def test_words_that_are_used_alike_are_of_one_cluster() -> None:
    assert clusters("lundi") == clusters("Lundi") == clusters("mardi") != clusters("rouge")
    assert clusters("xqztv") is None


def test_things_that_are_known_by_several_words_are_known_as_a_whole() -> None:
    found = words("Près de Nogent-le-Rotrou, du Subutex et Machinchose")
    told = dict(zip([word.written for word in found], known(found), strict=True))
    assert (told["Nogent"], told["le"], told["Rotrou"]) == ("place>", "place+", "place+")
    assert told["Machinchose"] == told["Près"] == ""
    assert told["Subutex"] in ("drug", "medicine")


def test_what_a_word_is_told() -> None:
    told = facts(TEXT, [Span(12, 21, "name")])
    assert {"w=beber", "s=xx", "l=", "no word", "-1:chez", "1:,", "2:line"} <= set(told["beber"])
    assert {"w=prune", "s=Xxx", "-1:mme", "r=name", "-1:r=name>"} <= set(told["Prune"])
    assert {"starts", "-1:line", "r=name>"} <= set(told["Mme"])
    assert {"digits=1", "1:g", "joined-", "apart+"} - {"joined-"} <= set(told["3"])
    assert "starts" not in told["Prune"] and "loud" not in told["Prune"]
    assert "starts" in told["Chez"] and "starts" in told["3"]


def test_a_text_in_capitals_is_loud_from_six_letters_in_ten_on() -> None:
    assert "loud" in facts("ABCDEFG hij")["hij"]
    assert "loud" not in facts("ABCDEF ghij")["ghij"]


def test_the_first_word_of_what_a_rule_found_is_told_apart() -> None:
    found = words("vu Léa Martin hier")
    assert rules(found, [Span(3, 13, "name")]) == ["", "name>", "name", ""]
    assert rules(found, [Span(3, 6, "phone:FR"), Span(14, 18, "role")]) == [
        "",
        "phone>",
        "",
        "role>",
    ]


def test_what_is_doubtful_needs_the_tagger() -> None:
    name, other = Span(12, 16, "name"), Span(20, 24, "handle:snap")
    assert tagger.decided([name, other], []) == ([], [name, other])
    said = Span(15, 18, "name")
    surely = tagger.Opinion(said, 0.9)
    assert tagger.decided([name, other], [surely]) == ([said, name], [other])
    beside = tagger.Opinion(Span(16, 18, "name"), 0.9)
    assert tagger.decided([name], [beside]) == ([beside.span], [name])


def test_what_the_tagger_finds_possible_stays_where_a_rule_says_so() -> None:
    name, here, away = Span(12, 16, "name"), Span(12, 18, "name"), Span(30, 34, "name")
    told = [tagger.Opinion(here, 0.06), tagger.Opinion(away, 0.19)]
    assert tagger.decided([name], told) == ([here, name], [])
    assert tagger.decided([], told) == ([], [])
    assert tagger.decided([], [tagger.Opinion(away, 0.2)]) == ([away], [])
    assert tagger.decided([], [tagger.Opinion(away, 0.3)], cut=0.31) == ([], [])
    assert tagger.decided([], [tagger.Opinion(away, 0.31)], cut=0.31) == ([away], [])


def test_opinions_are_stretches_of_one_class_with_the_probability_of_the_surest_word() -> None:
    (found,) = tagger.opinions(["hier Mehdi Benali est passé au 12 rue des Lilas"], {})
    assert found[0].span == Span(5, 17, "name")
    assert 0.9 < found[0].probability <= 1
    (few,) = tagger.opinions(["hier Mehdi Benali est passé"], {}, least=1.0)
    assert few == []


# Somebody, whom no list has, and the same word where it is nobody.
SOMEBODY = [
    ("J'ai dormi chez Zoubidal, il m'a prêté un duvet.", "Zoubidal"),
    ("Mon frère s'appelle Kervélan, il est en prison.", "Kervélan"),
    ("Mme Ostrowiak demande un rendez-vous pour son fils.", "Ostrowiak"),
    ("On l'appelait la Rouquine, elle vendait au square.", "Rouquine"),
    ("Vu Tchébé et Marwane sous le pont, ils ont pris deux kits.", "Tchébé"),
]
NOBODY = [
    "La kétamine circule surtout le week-end à Rennes.",
    "Le CAARUD ouvre à 14 h, on a donné 12 kits.",
    "À Villeurbanne, la cocaïne est vendue 60 € le gramme.",
    "Traité par Lovenox puis Kardégic, syndrome de Korsakoff écarté.",
    "Il prend de la méthadone depuis 2019, 60 mg par jour.",
    "Le maire et les habitants se plaignent du bruit.",
]


@pytest.mark.parametrize(("text", "name"), SOMEBODY)
def test_somebody_whom_no_list_has_is_masked(text, name) -> None:
    (screened,) = screen_text([text], "interview")
    assert screened.text is not None and name not in screened.text and "[name]" in screened.text


@pytest.mark.parametrize("kind", ["interview", "field notes", "press"])
def test_a_text_without_anybody_stays_as_it_is(kind) -> None:
    assert [screened.text for screened in screen_text(NOBODY, kind)] == NOBODY


def test_posts_are_read_by_rules_alone(monkeypatch) -> None:
    monkeypatch.setattr(tagger, "opinions", None)
    assert (
        screen_text(["appelle Mehdi au 06 39 98 12 34"])[0].text == "appelle [name] au [phone:FR]"
    )


def test_what_the_tagger_does_not_say_is_masked_in_no_later_round(monkeypatch) -> None:
    monkeypatch.setattr(tagger, "opinions", lambda texts, *_, **__: ([] for _ in texts))
    text = "Mehdi a le 06 39 98 12 34"
    assert [span.kind for span in found_by_rules([text])[0]] == ["name", "phone:FR"]
    assert screen_text([text], "press")[0].text == "Mehdi a le [phone:FR]"
    assert [span.kind for span in leaks(text)] == ["phone:FR"]
    known_here = screen_batch([text], people={0: ["Mehdi"]}, kind="press")
    assert [span.kind for span in known_here[0][0]] == ["name", "phone:FR"]


def test_two_who_are_named_together_are_two() -> None:
    texts = [
        "Zorglin et Xyblork vendent.",
        "Elle vit chez Zorglin. Zorglin dort.",
        "J. Martin est là.",
    ]
    read = list(tagger.opinions(texts, {}, least=0.01))
    said = [[text[a:b] for (a, b, _), _ in found] for text, found in zip(texts, read, strict=True)]
    assert said[0][:2] == ["Zorglin", "Xyblork"]
    assert said[1][:2] == ["Zorglin", "Zorglin"]
    assert said[2][0] == "J. Martin"


def test_what_is_masked_is_not_masked_again() -> None:
    (first,) = screen_text(
        ["Mme Ostrowiak et son fils Zoubidal vivent chez Kervélan."], "interview"
    )
    assert first.text == "[name] et son fils [name] vivent chez [name]."
    assert screen_text([first.text], "interview")[0].text == first.text


def test_a_nickname_that_one_turn_gives_away_is_masked_in_the_others(tmp_path: Path) -> None:
    door = Door(KeyRing(tmp_path / "keys"), source="s", site="lille", kind="interview", run="r")
    turns = ["C'était le cousin zoubidal qui venait.", "Oui.",
             "Mon cousin s'appelle Zoubidal, il habite à Lens."]  # fmt: skip
    day = datetime(2024, 5, 1)
    raws = [RawDocument("e.txt", n, text, time=day) for n, text in enumerate(turns)]
    admitted = door.admit(raws)
    texts = admitted.documents.column("text").to_pylist()
    assert not any("oubidal" in text for text in texts)
    assert texts[1] == "Oui."


def test_short_turns_of_a_country_are_in_its_language(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path / "keys")
    door = Door(keys, source="s", site="x", kind="interview", run="r", country="DE")
    turns = ["Kälte und Nässe", "Zoubidal, Nässe", "Ich heiße Zoubidal"]
    day = datetime(2024, 5, 1)
    admitted = door.admit([RawDocument("e.txt", n, t, time=day) for n, t in enumerate(turns)])
    assert admitted.documents.column("text").to_pylist() == [
        "Kälte und Nässe", "[name], Nässe", "Ich heiße [name]",
    ]  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.text("aLé é'\n.@06-Mehdi🍫", max_size=40), max_size=4))
def test_spans_lie_in_the_text_in_order_and_apart(texts) -> None:
    for index, (spans, _) in screen_batch(texts, kind="interview").items():
        at = 0
        for span in spans:
            assert at <= span.start < span.stop <= len(texts[index])
            at = span.stop


@pytest.mark.parametrize("kind", ["field notes", "press", "interview"])
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Il habite rue des Lilas.", "Il habite [address]."),
        ("Elle vit avenue Jean Jaurès avec son frère", "Elle vit [address] avec son frère"),
        ("Dans la rue des Lilas ça deale", "Dans la rue des Lilas ça deale"),
    ],
)
def test_where_somebody_lives_goes_whatever_the_tagger_says(text, masked, kind):
    (screened,) = screen_text([text], kind=kind)
    assert screened.text == masked
