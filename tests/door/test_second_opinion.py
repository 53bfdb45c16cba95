"""The order: what is protected is hidden, what is sure stays, the tagger decides the rest."""

from __future__ import annotations

import pytest

from fanal.door import identifiers, second_opinion, tagger
from fanal.door.normalise import Views
from fanal.door.protection import protected
from fanal.door.recognisers import certain
from fanal.door.spans import Span, unmasked

# --- what is hidden -------------------------------------------------------------------------------


def hidden(text, said, kind):
    """Say whether no word of a stretch may be of a class."""
    at = text.index(said)
    covered = [
        position
        for start, stop, of in protected(Views.of(unmasked(text)))
        if of in ("", kind)
        for position in range(start, stop)
    ]
    return all(p in covered or not text[p].isalnum() for p in range(at, at + len(said)))


@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        ("vu [name] là", "name", "name"),  # who is masked already
        ("lot 230415A ici", "230415A", "reference"), ("lot Léa2 ici", "Léa2", "name"),
        ("art. R. 3121", "R.", "name"), ("loi Lé", "Lé", "name"),
        ("le 3919 là", "3919", "reference"),
        ("de la kétamine", "kétamine", "name"), ("le CIP13", "CIP13", "name"),
        ("le CIP", "CIP", "name"), ("vu Kardégic", "Kardégic", "name"),
        ("de la Courneuve", "de la Courneuve", "name"),
        ("vu Bruce Banner", "Bruce Banner", "name"), ("Nova Dona dort", "Nova", "name"),
        ("selon R. 3121-33", "R.", "name"), ("selon Lucie 3121-33", "Lucie", "name"),
        ("Mary dort", "Mary", "name"), ("Jeff dort", "Jeff", "name"),
        ("Hier Kardégic va", "Hier Kardégic", "name"), ("du 4-CMC pur", "4-CMC", "name"),
        ("Drogues Info Service écoute", "Drogues Info Service", "name"),
        ("d'après Delattre et al. (2019)", "Delattre", "name"),
        ("Delattre C., Petit R., 2012", "Delattre C., Petit R.", "name"),
        ("la loi du 31 décembre 1970", "31 décembre 1970", "birthdate"),
        ('weed known as "the lemon"', "lemon", "name"),
        ("Le 12/03/1991, la saisie", "12/03/1991", "birthdate"),
        ("(ats) 12.03.2024 06:12 - Le", "12.03.2024", "birthdate"),
        ("AFP 12 03 2024 06:45", "12 03 2024", "birthdate"),
        ("né ici. Publié le 12 mars 2024", "12 mars 2024", "birthdate"),
        ("une association née le 12 mars 2024", "12 mars 2024", "birthdate"),
        ("(ats / 0612 120324 mar 24)", "0612 120324", "reference"),
    ],
)  # fmt: skip
def test_nobody(text, said, kind) -> None:
    assert hidden(text, said, kind)


@pytest.mark.parametrize(
    ("text", "said", "kind"),
    [
        ("vu 230415A ici", "230415A", "reference"), ("vu Léa2", "Léa2", "name"),
        ("loi Léa", "Léa", "name"), ("lot! ab12", "ab12", "reference"),
        ("de la kétamine", "kétamine", "address"), ("hier Mary dort", "Mary", "name"),
        ("Mary, elle dort", "Mary", "name"), ("Mary Delattre dort", "Mary", "name"),
        ("Jeff, le grand", "Jeff", "name"), ("Zoubi dort", "Zoubi", "name"),
        ("vu Hier Kardégic", "Hier", "name"), ("Lucie Kardégic va", "Lucie", "name"),
        ("hier Kardégic va", "hier", "name"), ("Rat et Zed", "Rat", "name"),
        ("La Fusée va", "La", "name"), ("Karim Kardégic va", "Kardégic", "name"),
        ("weed known as \"Karim\"", "Karim", "name"),
        ("Karim, 12/03/1991, Lille", "12/03/1991", "birthdate"),
        ("né à Lens le 12/03/1991 à 10h30", "12/03/1991", "birthdate"),
        ("12.03.1991 geboren", "12.03.1991", "birthdate"),
        ("l'infirmière de l'association née le 12/03/1991", "12/03/1991", "birthdate"),
        ("contact ats 0612 120324", "0612 120324", "code"),
        ("ats 0612 120398", "0612 120398", "code"),
    ],
)  # fmt: skip
def test_somebody_it_may_be(text, said, kind) -> None:
    assert not hidden(text, said, kind)


# --- what is sure ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "kind", "sure"),
    [
        ("je m'appelle ", "name", True), ("chez ", "name", True), ("dormi chez la ", "name", True),
        ("chez le ", "name", True), ("chez l'", "name", True), ("chez les ", "name", False),
        ("archez ", "name", False), ("chez moi ", "name", False), ("avec ", "name", False),
        ("", "name", False), ("il habite ", "address", True), ("elle dort ", "address:69", True),
        ("il habite ", "name", False), ("il habite loin ", "address", False),
    ],
)  # fmt: skip
def test_words_directly_before_leave_no_doubt(before, kind, sure) -> None:
    span = Span(len(before), len(before) + 5, kind)
    assert certain(Views.of(f"{before}zoubi dort"), span) == sure


@pytest.fixture
def silent(monkeypatch):
    """A tagger that says nothing."""
    monkeypatch.setattr(tagger, "opinions", lambda texts, *_, **__: ([] for _ in texts))


@pytest.mark.parametrize("kind", ["name", "handle:snapchat", "address:69", "role", "reference"])
def test_these_are_decided_by_the_tagger(silent, kind) -> None:
    found = Span(3, 6, kind)
    assert second_opinion.decided(["vu Zed là"], {0: [found]}) == ({0: []}, {0: [found]})


@pytest.mark.parametrize("kind", ["phone:FR", "email", "link:web", "code", "plate", "id-document"])
def test_these_stay_whatever_it_says(silent, kind) -> None:
    found = Span(3, 6, kind)
    assert second_opinion.decided(["vu Zed là"], {0: [found]}) == ({0: [found]}, {0: []})


def test_what_is_sure_is_not_put_to_the_tagger(silent) -> None:
    text, found = "je m'appelle Zoubi", Span(13, 18, "name")
    assert second_opinion.decided([text], {0: [found]}) == ({0: [found]}, {0: []})


# --- what is hidden from it -----------------------------------------------------------------------

SURE = 0.9


@pytest.fixture
def sure_of_all(monkeypatch):
    """A tagger that takes each word for somebody's name, or for somebody's role a little."""
    each = {"name": 0.6, "role": 0.3, "O": 0.1}
    monkeypatch.setattr(
        tagger, "_probabilities", lambda text, words, _: [dict(each) for _ in words]
    )


def said(text, nobody=()):
    (found,) = tagger.opinions([text], {}, nobody={0: nobody})
    return [(text[a:b], kind, round(sure, 3)) for (a, b, kind), sure in found]


def test_of_what_is_nobody_nothing_is_said(sure_of_all) -> None:
    text = "Zed Kardégic Ada"
    assert said(text) == [(text, "name", SURE)]
    apart = [("Zed", "name", SURE), ("Ada", "name", SURE)]
    assert said(text, [Span(4, 12, "")]) == said(text, [Span(11, 13, "")]) == apart
    assert said(text, [Span(3, 4, "")]) == [(text, "name", SURE)]  # a blank is no word


def test_what_is_no_name_may_be_part_of_one(sure_of_all) -> None:
    text = "Zed de Kardégic"
    whole = [(text, "name", SURE)]
    assert said(text, [Span(4, 15, "name")]) == said(text, [Span(7, 15, "name")]) == whole
    assert said("Ada'Kardégic", [Span(0, 3, "name"), Span(4, 12, "name")]) == []
    assert said("La Kardégic", [Span(3, 11, "name")]) == [("La Kardégic", "name", SURE)]
    assert said("…") == []
    assert said("Kardégic", [Span(0, 8, "role")]) == [("Kardégic", "name", SURE)]
    assert said("vu Kardégic", [Span(3, 11, "name")]) == [("vu Kardégic", "name", SURE)]
    for initials in ("K.", "J-M", "K"):
        letters = [Span(at, at + 1, "name") for at, sign in enumerate(initials) if sign.isalpha()]
        assert said(initials, letters) == ([] if initials == "K" else [(initials, "name", SURE)])


def test_what_a_recogniser_found_is_not_hidden(sure_of_all) -> None:
    text, found = "de Kardégic", Span(3, 11, "name")
    assert second_opinion.decided([text], {}) == ({}, {})
    assert second_opinion.decided([text], {0: [found]})[0] == {0: [Span(0, 11, "name"), found]}


# --- languages that it has not learned ------------------------------------------------------------

GERMAN = ["Er hat das nicht mit der Polizei und den anderen gesehen", "Feldnotiz"]
FRENCH = ["On a vu les deux dans la rue avec des amis et une fille", "Feldnotiz"]


def abroad(texts, country="FR", threads=""):
    return second_opinion.abroad(texts, threads or ["a"] * len(texts), country)


def test_texts_of_one_thread_speak_together() -> None:
    halves = ["Er hat das nicht", "Feldnotiz", "mit der Polizei"]
    assert abroad(halves) == {0, 1, 2} and abroad(["Feldnotiz", "mit"]) == set()
    assert abroad(FRENCH * 4, "DE") == set() and abroad(FRENCH, "DE") == {0, 1}
    assert abroad([*GERMAN, *FRENCH], threads="aabb") == {0, 1}
    assert abroad([]) == set()


def test_a_text_that_speaks_for_itself_needs_no_other() -> None:
    long = GERMAN[0] * 4
    assert len(GERMAN[0]) < second_opinion.SPOKEN <= len(long)
    assert abroad([*[FRENCH[0]] * 9, long, GERMAN[0]]) == {9}
    assert abroad([*[GERMAN[0]] * 9, FRENCH[0] * 4, "Feldnotiz"]) == {*range(9), 10}


@pytest.mark.parametrize("country", ["DE", "AT", "IT", "ES", "NL"])
def test_where_texts_say_too_little_their_country_does(country) -> None:
    assert abroad(["Kokain", "Ketamin"], country) == {0, 1}


@pytest.mark.parametrize("country", ["FR", "GB", "CH", "BE"])
def test_of_a_country_that_speaks_what_was_learned_the_tagger_is_asked(country) -> None:
    assert abroad(["Kokain", "Ketamin"], country) == set()


def test_abroad_the_tagger_is_not_asked(sure_of_all) -> None:
    texts = ["Feldnotiz", "Feldnotiz"]
    assert second_opinion.decided(texts, {}, {1})[0] == {0: [Span(0, 9, "name")], 1: []}


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("DE", "Lachgas bei Minderjährigen"), ("DE", "Kälte und Nässe"), ("DE", "Anzahl Proben"),
        ("DE", "Substanz, Menge, Fundort"), ("IT", "Serata tranquilla, poca gente in giro"),
        ("IT", "Stazione centrale, lato parcheggio"), ("IT", "Anno, Regione, Decessi"),
        ("IT", "Due mila pastiglie sequestrate"), ("IT", "Il grammo costa ottanta euro adesso"),
        ("ES", "El gramo está a sesenta"), ("ES", "Rojas o azules, da igual"),
        ("ES", "Sí, claro, los fines de semana"), ("NL", "Rustige avond, weinig mensen op straat"),
    ],
)  # fmt: skip
def test_words_of_other_languages_are_nobody(country, text) -> None:
    assert identifiers.screen_text([text], "interview", country)[0].text == text


@pytest.mark.parametrize(
    ("country", "text", "stored"),
    [
        ("DE", "Ich heiße Jürgen und bin dreißig", "Ich heiße [name] und bin dreißig"),
        ("DE", "Frau Kälte wohnt hier", "Frau [name] wohnt hier"),
        ("DE", "Kälte. Stefan Müller in Berlin", "Kälte. [name] in Berlin"),
        ("IT", "La signora Ferrari abita qui", "La signora [name] abita qui"),
        ("IT", "ho visto marco ieri", "ho visto [name] ieri"),
        ("ES", "Las llevaba Rojas ayer", "Las llevaba [name] ayer"),
        ("ES", "Carmen sigue vendiendo", "[name] sigue vendiendo"),
        ("NL", "Ik zag Jan de Vries daar", "Ik zag [name] daar"),
        ("NL", "Meneer Visser heeft gebeld", "Meneer [name] heeft gebeld"),
    ],
)  # fmt: skip
def test_people_of_other_languages_are_masked(country, text, stored) -> None:
    assert identifiers.screen_text([text], "interview", country)[0].text == stored


# --- as it is stored ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["interview", "field notes", "public posts"])
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('Weed known as "the lemon".', 'Weed known as "the lemon".'),
        (
            'He sold ketamine known as "yellow rocket".',
            'He sold ketamine known as "yellow rocket".',
        ),
        ('Il vend de l\'herbe dite "la jaune".', 'Il vend de l\'herbe dite "la jaune".'),
        ('Weed known as "Karim".', 'Weed known as "[name]".'),
        ('De l\'héro surnommée "la brune".', 'De l\'héro surnommée "la brune".'),
        ("De l'héro, surnommée la brune.", "De l'héro, surnommée la brune."),
        ("De l'héro surnommée Kiki.", "De l'héro surnommée [name]."),
        (
            "Ils l'appellent « la Diva », c'est une résine.",
            "Ils l'appellent « la Diva », c'est une résine.",
        ),
        ("On l'appelle la Brune, c'est une poudre.", "On l'appelle la Brune, c'est une poudre."),
        (
            "On l'appelle « la Diva », c'est une vendeuse.",
            "On l'appelle « [name] », c'est une vendeuse.",
        ),
        (
            "On l'appelle « la Diva », c'est une résine qu'elle vend.",
            "On l'appelle « [name] », c'est une résine qu'elle vend.",
        ),
        ("Ils l'appellent Rose, c'est une résine.", "Ils l'appellent [name], c'est une résine."),
        ("Ils l'appellent Karim, c'est une résine.", "Ils l'appellent [name], c'est une résine."),
        (
            "Sophie vend de la coke, ils l'appellent « la Diva ».",
            "[name] vend de la coke, ils l'appellent « [name] ».",
        ),
        ("Sa voisine, surnommée la blonde.", "Sa voisine, surnommée [name]."),
        ('My dealer, known as "the lemon", has weed.', 'My dealer, known as "[name]", has weed.'),
    ],
)
def test_what_a_product_is_called_in_quotes_is_nobody(kind: str, text: str, kept: str) -> None:
    assert identifiers.screen_text([text], kind)[0].text == kept
