"""The language of a text."""

import pytest

from fanal.text.languages import of_texts, vote


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Salut, on se retrouve demain soir devant la gare avec les autres", "fr"),
        ("See you tomorrow at the station, I have the tickets", "en"),
        ("Hola, hoy no hay nada pero mañana sí", "es"),
        ("Ich habe heute keine Zeit, aber morgen", "de"),
        ("Livraison 7j/7 sur toute la région", "fr"),
        ("Привет, как дела? Я буду завтра вечером", "ru"),
        ("10g 50€", None),
        ("", None),
        ("[phone:FR] [link:telegram|web]", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert of_texts([text]) == [language]


def test_batch_and_unsure_vote() -> None:
    assert of_texts(["merci pour la livraison", "ok"]) == ["fr", None]
    assert of_texts([]) == []


def test_the_vote_reads_words_within_signs() -> None:
    assert vote(["«Livraison», jusqu'à demain !", "ok", ""]) == ["fr", None, None]
    # words of several languages decide nothing by themselves
    assert vote(["que para que como que para"]) == [None]


def test_a_batch_is_voted_on_as_its_texts_one_by_one():
    texts = ["merci pour la livraison et la qualité", "the best in town and for you", "", "ok 12 g"]
    texts += ["dispo ce soir à Lille", "le la the and of", "x\u00a0la\u00a0le\u2003les"]
    assert vote(texts * 3) == [vote([text])[0] for text in texts] * 3
