"""What the tagger is told of words, and what is made of what it says, whatever its weights are.

Words, lists, grammar, clusters and probabilities are made by hand here: the names of facts are what
weights were learned by, so that each of them is known to the letter.
"""

# ruff: noqa: E501
from __future__ import annotations

import re
import sys
from types import SimpleNamespace

import pytest

from fanal.door import lexicon, tagger
from fanal.door.normalise import fold
from fanal.door.spans import Span
from fanal.door.tagger import words as grammar
from fanal.door.tagger.words import Word

told = sys.modules["fanal.door.tagger.features"]  # whose name is that of its function too

# --- words ----------------------------------------------------------------------------------------


def made(text, parts="", entities=""):
    """Return the words of a text, with parts of speech and entities as they are given."""
    found = list(grammar._WORD.finditer(text))
    named = dict(enumerate(entities.split())), dict(enumerate(parts.split()))
    return [
        Word(m.start(), m.end(), m[0], fold(m[0]), named[1].get(n, "X"), named[0].get(n, ""))
        for n, m in enumerate(found)
    ]


class Token(SimpleNamespace):
    def __len__(self):
        return self.long


class Doc(list):
    text = "L'été!"


class Model:
    """A grammar that knows "L'" and "été" and no sign."""

    vocab = SimpleNamespace(strings={"Lundi": 1, "rouge": 2, "vert": 3})

    def pipe(self, texts, batch_size):
        assert list(texts) == ["L'été!"]
        yield Doc([Token(idx=0, long=2, pos_="DET", ent_type_=""),
                   Token(idx=2, long=3, pos_="NOUN", ent_type_="MISC")])  # fmt: skip


def test_a_word_has_the_grammar_of_the_token_that_it_stands_in(monkeypatch) -> None:
    monkeypatch.setattr(grammar, "_model", Model)
    (found,) = grammar.read(["L'été!"])
    assert found == [
        Word(0, 1, "L", "l", "DET", ""), Word(1, 2, "'", "'", "DET", ""),
        Word(2, 5, "été", "ete", "NOUN", "MISC"), Word(5, 6, "!", "!", "", ""),
    ]  # fmt: skip


def test_clusters_are_those_of_a_word_as_written_or_else_in_small_letters(monkeypatch) -> None:
    monkeypatch.setattr(grammar, "_model", Model)
    rows = {1: 0, 2: 1}  # "vert" is a word without a vector
    table = grammar.np.array([[7, 70], [8, 80]])
    monkeypatch.setattr(grammar, "_clusters", lambda: (rows, table))
    of = grammar.clusters.__wrapped__
    assert (of("Lundi"), of("rouge"), of("Rouge"), of("ROUGE")) == ((7, 70), *[(8, 80)] * 3)
    assert of("lundi") is None and of("vert") is None and of("xqz") is None


def test_each_list_has_its_letter(monkeypatch) -> None:
    monkeypatch.setattr(lexicon, "first_names", lambda: {"sure": False, "word": True, "all": True})
    letters = {"rare_names": "r", "last_names": "l", "everyday": "e", "words": "w", "drugs": "d",
               "never_names": "n", "countries": "c"}  # fmt: skip
    for name, letter in letters.items():
        monkeypatch.setattr(lexicon, name, lambda letter=letter: {letter, "all"})
    of = grammar.lists.__wrapped__
    assert (of("sure"), of("word"), of("all"), of("none")) == ("F", "f", "frlewdnc", "")
    assert [of(letter) for letter in letters.values()] == list(letters.values())


def place(name, population, kind="commune"):
    return SimpleNamespace(name=name, population=population, kind=kind)


def test_what_is_known_by_name_has_a_kind_and_communes_one_by_their_size(monkeypatch) -> None:
    places = [place("Aa", 20_000), place("Bb", 20_001), place("Cc", 3_000), place("Dd", 3_001),
              place("Ee", 90_000, "région"), place("Kardégic", 1)]  # fmt: skip
    found = SimpleNamespace(places=dict(enumerate(places)))
    monkeypatch.setattr(grammar, "load_places", lambda: found)
    names = {"kardegic": "medicine", "x y": "brand", "": "brand"}
    monkeypatch.setattr(lexicon, "protected", lambda: names)
    aliases = [SimpleNamespace(alias=alias) for alias in ("X y z", "Bb", "coke")]
    monkeypatch.setattr(grammar.thesaurus, "load", lambda: SimpleNamespace(aliases=aliases))
    known = grammar._known.__wrapped__()
    assert known == {
        "x": [(("x", "y", "z"), "drug"), (("x", "y"), "brand")],
        "kardegic": [(("kardegic",), "medicine")], "coke": [(("coke",), "drug")],
        "aa": [(("aa",), "town")], "bb": [(("bb",), "city")],
        "cc": [(("cc",), "village")], "dd": [(("dd",), "town")],
    }  # fmt: skip
    monkeypatch.setattr(grammar, "_known", lambda: known)
    assert grammar.known(made("le X y z, X y et X. Coke")) == [
        "", "drug>", "drug+", "drug+", "", "brand>", "brand+", "", "", "", "drug",
    ]  # fmt: skip
    assert grammar.known([]) == []


# --- facts ----------------------------------------------------------------------------------------

LISTS = {"rose": "fw", "et": "w", "lea": "F", "du": "w", "chez": "w"}
FACTS = [  # of each word of the text, in order; ~ for a blank
    " +1+2=rose_, -1:end -2:end -3:end 1:e3=ose 1:k=1 1:kk=2 1:l=fw 1:p=PROPN 1:p|p=PROPN|ADP 1:r=name> 1:rose 1:s=Xxx 1:t= 1:w|l=rose|w 1:w|s=rose|Xx 2:, 2:l= 2:p=PUNCT 2:s=, 3:et 3:line apart+ b2=ch b3=che e2=ez e3=hez k=none l=w n=O n|s=O|Xxx p=ADP p|l=ADP|w p|starts=ADP|True|Xx r= r|l=|w r|p=|ADP s=Xxx starts starts|Xxx|w s|l=Xxx|w t= w=chez",
    " +1+2=,_et -1+1=chez_, -1:chez -1:e3=hez -1:l=w -1:p=ADP -1:p|p=ADP|PROPN -1:r= -1:s=Xxx -1:t= -1:w|l=chez|fw -1:w|s=chez|Xx -2:end -3:end 1:, 1:e3=, 1:l= 1:p=PUNCT 1:p|p=PUNCT|PROPN 1:r= 1:s=, 1:t= 1:w|l=,|fw 1:w|s=,|Xx 2:et 2:l=w 2:line 2:p=CCONJ 2:s=xx 3:k=1 3:line 3:rose a=human apart- b2=ro b3=ros c=before c|X=before|True e2=se e3=ose in=f joined+ k=1 kk=2 l=fw n=PER n|s=PER|Xxx p=PROPN p|l=PROPN|fw p|starts=PROPN|False|Xx r=name> r|l=name>|fw r|p=name>|PROPN s=Xxx small~too s|l=Xxx|fw t= w=rose",
    " +1+2=et_rose -1+1=rose_et -1:e3=ose -1:k=1 -1:kk=2 -1:l=fw -1:p=PROPN -1:p|p=PROPN|PUNCT -1:r=name> -1:rose -1:s=Xxx -1:t= -1:w|l=rose| -1:w|s=rose|, -2-1=chez_rose -2:chez -2:l=w -2:p=ADP -2:s=Xxx -3:end 1:e3=et 1:et 1:l=w 1:line 1:p=CCONJ 1:p|p=CCONJ|PUNCT 1:r= 1:s=xx 1:t= 1:w|l=et| 1:w|s=et|, 2:k=1 2:kk=3 2:l=fw 2:line 2:p=X 2:rose 2:s=xx 3:12 3:line apart+ b2=, b3=, e2=, e3=, joined- k=none l= n= no~word n|s=|, one|, p=PUNCT p|l=PUNCT| p|starts=PUNCT|False|, r= r|l=| r|p=|PUNCT s=, s|l=,| t= w=,",
    " +1+2=rose_12 -1+1=,_rose -1:, -1:e3=, -1:l= -1:line -1:p=PUNCT -1:p|p=PUNCT|CCONJ -1:r= -1:s=, -1:t= -1:w|l=,|w -1:w|s=,|xx -2-1=rose_, -2:k=1 -2:kk=2 -2:l=fw -2:line -2:p=PROPN -2:rose -2:s=Xxx -3:chez -3:line 1:e3=ose 1:k=1 1:kk=3 1:l=fw 1:p=X 1:p|p=X|CCONJ 1:r= 1:rose 1:s=xx 1:t= 1:w|l=rose|w 1:w|s=rose|xx 2:12 2:l= 2:p=X 2:s=dd 3:du apart+ apart- b2=et b3=et e2=et e3=et k=none l=w n= n|s=|xx p=CCONJ p|l=CCONJ|w p|starts=CCONJ|True|xx r= r|l=|w r|p=|CCONJ s=xx starts starts|xx|w s|l=xx|w t= w=et",
    " +1+2=12_du -1+1=et_12 -1:e3=et -1:et -1:l=w -1:p=CCONJ -1:p|p=CCONJ|X -1:r= -1:s=xx -1:t= -1:w|l=et|fw -1:w|s=et|xx -2-1=,_et -2:, -2:l= -2:line -2:p=PUNCT -2:s=, -3:k=1 -3:line -3:rose 1:12 1:e3=12 1:l= 1:p=X 1:p|p=X|X 1:r= 1:s=dd 1:t= 1:w|l=12|fw 1:w|s=12|xx 2:du 2:l=w 2:p=X 2:s=XX 3:lea apart+ apart- b2=ro b3=ros e2=se e3=ose in=f k=1 kk=3 l=fw n= n|s=|xx p=X p|l=X|fw p|starts=X|False|xx r= r|l=|fw r|p=|X s=xx s|l=xx|fw t= w=rose",
    " +1+2=du_lea -1+1=rose_du -1:e3=ose -1:k=1 -1:kk=3 -1:l=fw -1:p=X -1:p|p=X|X -1:r= -1:rose -1:s=xx -1:t= -1:w|l=rose| -1:w|s=rose|dd -2-1=et_rose -2:et -2:l=w -2:p=CCONJ -2:s=xx -3:, -3:line 1:du 1:e3=du 1:l=w 1:p=X 1:p|p=X|X 1:r= 1:s=XX 1:t= 1:w|l=du| 1:w|s=du|dd 2:l=F 2:lea 2:p=X 2:s=Xxx 3:x apart+ apart- b2=12 b3=12 digits=2 e2=12 e3=12 k=none l= n= no~word n|s=|dd p=X p|l=X| p|starts=X|False|dd r= r|l=| r|p=|X s=dd s|l=dd| t= w=12",
    " +1+2=lea_x -1+1=12_lea -1:12 -1:e3=12 -1:l= -1:p=X -1:p|p=X|X -1:r= -1:s=dd -1:t= -1:w|l=12|w -1:w|s=12|XX -2-1=rose_12 -2:k=1 -2:kk=3 -2:l=fw -2:p=X -2:rose -2:s=xx -3:et 1:e3=lea 1:l=F 1:lea 1:p=X 1:p|p=X|X 1:r= 1:s=Xxx 1:t=place> 1:w|l=lea|w 1:w|s=lea|XX 2:l= 2:p=X 2:s=x 2:x 3:end apart+ apart- b2=du b3=du capitals e2=du e3=du k=none l=w n= n|s=|XX p=X p|l=X|w p|starts=X|False|XX r= r|l=|w r|p=|X s=XX s|l=XX|w t= w=du",
    " -1+1=du_x -1:du -1:e3=du -1:l=w -1:p=X -1:p|p=X|X -1:r= -1:s=XX -1:t= -1:w|l=du|F -1:w|s=du|Xx -2-1=12_du -2:12 -2:l= -2:p=X -2:s=dd -3:k=1 -3:rose 1:e3=x 1:l= 1:p=X 1:p|p=X|X 1:r= 1:s=x 1:t=place+ 1:w|l=x|F 1:w|s=x|Xx 1:x 2:end 3:end a=after apart+ apart- b2=le b3=lea e2=ea e3=lea in=F k=none l=F n= no~word n|s=|Xxx p=X p|l=X|F p|starts=X|False|Xx r= r|l=|F r|p=|X s=Xxx s|l=Xxx|F t=place> t|-1=place>|du t|X=place>|True t|p=place>|X t|r=place>| w=lea",
    " -1:e3=lea -1:l=F -1:lea -1:p=X -1:p|p=X|X -1:r= -1:s=Xxx -1:t=place> -1:w|l=lea| -1:w|s=lea|x -2-1=du_lea -2:du -2:l=w -2:p=X -2:s=XX -3:12 1:end 2:end 3:end apart- b2=x b3=x e2=x e3=x k=none l= n= no~word n|s=|x one|x p=X p|l=X| p|starts=X|False|x r= r|l=| r|p=|X s=x s|l=x| t=place+ t|-1=place+|lea t|X=place+|False t|p=place+|X t|r=place+| w=x",
]
TEXT = "Chez Rose,\net rose 12 DU Léa x"


@pytest.fixture
def by_hand(monkeypatch):
    """Lists, clusters and things that are made by hand."""
    monkeypatch.setattr(told, "lists", lambda folded: LISTS.get(folded, ""))
    close = {"Rose": (1, 2), "rose": (1, 3)}
    monkeypatch.setattr(told, "clusters", close.get)
    monkeypatch.setattr(told, "known", lambda words: [
        {"Léa": "place>", "x": "place+"}.get(word.written, "") for word in words
    ])  # fmt: skip
    cues = {cue: re.compile(r"(?!)") for cue in (*told._CUES, *told._AFTER)}
    cues |= {"before": re.compile(r"chez \Z"), "after": re.compile(" x"), "human": re.compile(",")}
    monkeypatch.setattr(told, "DATA", cues)
    caches = told._own, told._beside, told._pair
    for cache in caches:
        cache.cache_clear()
    yield cues
    for cache in caches:
        cache.cache_clear()


def facts(text, ruled=(), parts="", entities=""):
    found = made(text, parts, entities)
    out = told.features(text, found, [*ruled, *[""] * (len(found) - len(ruled))])
    return [{fact.replace(" ", "~").replace("\n", "⏎") for fact in one} for one in out]


def test_all_that_is_told_of_each_word_of_a_text(by_hand) -> None:
    found = facts(TEXT, ["", "name>"], "ADP PROPN PUNCT CCONJ", "O PER")
    assert found == [set(one.split(" ")) for one in FACTS]


def test_a_text_without_words_has_no_facts(by_hand) -> None:
    assert facts("") == facts(" ") == []


def starting(text):
    return [w.written for w, one in zip(made(text), facts(text), strict=True) if "starts" in one]


def test_a_word_starts_a_text_a_line_and_a_sentence(by_hand) -> None:
    assert starting("un deux. trois! quatre? cinq… six: sept, huit; neuf") == [
        "un", "trois", "quatre", "cinq", "six", "sept",
    ]  # fmt: skip
    assert starting("un\ndeux trois\n\nquatre") == ["un", "deux", "quatre"]


def test_words_in_capitals_are_told_from_two_letters_on(by_hand) -> None:
    said = dict(zip(["KT", "K", "kt", "Kt", "3", "12"], facts("KT K kt Kt 3 12"), strict=True))
    assert [w for w, one in said.items() if "capitals" in one] == ["KT"]
    assert [w for w, one in said.items() if any(f.startswith("one|") for f in one)] == ["K", "3"]
    assert [w for w, one in said.items() if any(f.startswith("digits=") for f in one)] == [
        "3",
        "12",
    ]
    assert "one|X" in said["K"] and "one|d" in said["3"] and "digits=2" in said["12"]


def test_a_shouted_text_is_loud_and_a_word_of_it_tells_its_lists(by_hand) -> None:
    (one,) = facts("ROSE")
    assert {"loud", "loud|fw"} <= one
    assert not {"loud", "loud|"} & facts("xxxx")[0]
    assert not {"loud", "loud|"} & facts("12")[0]  # nobody shouts without letters


def test_a_word_with_a_capital_that_stands_small_elsewhere_is_told(by_hand) -> None:
    said = facts("Prune prune Zoé PRUNE zoÉ")
    assert ["small~too" in one for one in said] == [True, False, False, True, False]


def test_cues_are_looked_for_in_what_stands_before_from_its_48th_character_on(by_hand) -> None:
    by_hand["kin-of"] = re.compile(r"^y")
    for before, cued in (("y" + 46 * " " + "'", True), ("y" + 47 * " " + "'", False)):
        assert ("c=kin-of" in facts(before + "Zed")[-1]) == cued
    assert {"c=kin-of", "c|X=kin-of|False"} <= facts("y zed")[-1]
    assert not any(f.startswith("c") for f in facts("y 'z")[1])  # a sign is nobody


def test_what_rules_found_is_told_of_the_words_that_it_touches() -> None:
    found = made("ab cd ef")
    assert told.rules(found, [Span(1, 4, "handle:snap")]) == ["handle>", "handle", ""]
    assert told.rules(found, [Span(2, 3, "name")]) == ["", "", ""]
    assert told.rules(found, [Span(3, 6, "name"), Span(0, 5, "role")]) == ["role>", "role", ""]


# --- what is said ---------------------------------------------------------------------------------


class Weights:
    """What is probable of each word: as written, its probability of each class."""

    def __init__(self, said):
        self.said, self.words = said, []

    def set(self, words):
        self.words = words

    def labels(self):
        return ["name", "O", "role"]

    def marginal(self, label, at):
        one = self.said.get(self.words[at], {})
        return one.get(label, 1 - sum(one.values()) if label == "O" else 0.0)


@pytest.fixture
def said(monkeypatch):
    """Return what the tagger says of a text with such weights, as texts."""

    def ask(text, believed, **least):
        monkeypatch.setattr(tagger, "read", lambda texts: map(made, texts))
        monkeypatch.setattr(tagger, "features", lambda t, words, ruled: [w.written for w in words])
        monkeypatch.setattr(tagger, "weights", lambda: Weights(believed))
        (found,) = tagger.opinions([text], {}, **least)
        return [(text[a:b], kind, round(sure, 3)) for (a, b, kind), sure in found]

    return ask


def test_who_may_be_meant_is_said_from_one_in_twenty_on(said) -> None:
    told_of = {"Zed": {"name": 0.06}, "Ada": {"name": 0.03, "role": 0.03}, "Bob": {"name": 0.049}}
    assert said("vu Zed, Ada, Bob", told_of) == [("Zed", "name", 0.06), ("Ada", "name", 0.06)]
    assert said("vu Zed, Ada, Bob", told_of, least=0.1) == []
    assert said("", {}) == said("vu", {}) == []
    half = {"Zed": {"name": 0.5}}
    assert said("vu Zed", half, least=0.5) == [("Zed", "name", 0.5)]


def test_the_likeliest_class_names_it_and_the_surest_word_says_how_sure(said) -> None:
    believed = {"Zed": {"name": 0.2, "role": 0.4}, "Ada": {"name": 0.3}, "Bob": {"name": 0.7}}
    assert said("Zed Ada Bob dort", believed) == [("Zed", "role", 0.6), ("Ada Bob", "name", 0.7)]
    assert said("Bob Ada", believed) == [("Bob Ada", "name", 0.7)]


@pytest.mark.parametrize("sign", ["et", "ou", "and", "or", "avec", *',;:!?…()[]«»"', "."])
def test_a_name_ends_at(said, sign) -> None:
    believed = {word: {"name": 0.9} for word in ("Léa", "Zed", sign)}
    assert said(f"Léa {sign} Zed", believed) == [("Léa", "name", 0.9), ("Zed", "name", 0.9)]


@pytest.mark.parametrize("name", ["J. Martin", "St. Martin", "d'Arc", "Jean-Martin", "el Martin"])
def test_a_name_does_not_end_at_what_is_of_it(said, name) -> None:
    believed = {word.written: {"name": 0.9} for word in made(name)}
    assert said(f"vu {name} là", believed) == [(name, "name", 0.9)]


def test_no_name_begins_with_a_full_stop_and_an_address_may_have_commas(said) -> None:
    assert said(". Zed", {".": {"name": 0.9}, "Zed": {"name": 0.9}}) == [("Zed", "name", 0.9)]
    role = {word: {"role": 0.9} for word in ("maire", ",", "Aa")}
    assert said("le maire, Aa", role) == [("maire, Aa", "role", 0.9)]


@pytest.mark.parametrize("kind", ["name", "handle:snapchat", "address:69", "role", "reference"])
def test_these_are_decided_by_the_tagger(kind) -> None:
    found, said_too = Span(3, 6, kind), tagger.Opinion(Span(5, 9, "name"), 0.06)
    assert tagger.decided([found], []) == ([], [found])
    assert tagger.decided([found], [said_too]) == ([said_too.span, found], [])
