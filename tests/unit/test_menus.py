"""Whose the prices of a menu are: a line begins with its product, and no price goes to another."""

from __future__ import annotations

from functools import cache

import pytest

from fanal.coding.facts import CUT
from fanal.coding.lexicon import Lexicon, code_texts
from fanal.coding.names.vocabulary import Vocabulary


@cache
def vocabulary() -> Vocabulary:
    return Lexicon().vocabulary


def priced(menu: str) -> list[tuple[str | None, float, float | None, str | None]]:
    """Return substance, amount, quantity and unit of each price of a menu, in order."""
    [facts] = code_texts(vocabulary(), [menu])
    return [
        (
            f.fields.get("substance"),
            f.fields["amount"],
            f.fields.get("quantity"),
            f.fields.get("unit"),
        )
        for f in facts
        if f.kind == "price" and f.confidence >= CUT
    ]


def named(menu: str) -> list[str]:
    [facts] = code_texts(vocabulary(), [menu])
    return [f.fields["substance"] for f in facts if f.kind == "mention" and f.confidence >= CUT]


@pytest.mark.parametrize(
    ("menu", "expected"),
    [
        (
            "coke ⚪ 1g = 70€\nZorg Blob ⚪ 1g = 45€, 2g = 70€",
            [("cocaine", 70, 1, "g")],
        ),
        ("shit : 5 g 30 €\nZorglub : 5 g 45 €", [("cannabis-resin", 30, 5, "g")]),
        (
            "• rabla → 30e le g\n• Zorglub → 35e le g\n2g 60e",
            [("heroin", 30, 1, "g"), (None, 60, 2, "g")],
        ),
        ("• héro → 30e le g\n• ballons → 30e l'unité", [("heroin", 30, 1, "g")]),
        (
            "coke : 60 € le g\ncaillou : 20 €",
            [("cocaine", 60, 1, "g"), ("crack-cocaine", 20, 1, "unit")],
        ),
        (
            "LSD 🌈 1 buvard = 10€\nD 💜 1g = 45€",
            [("lsd", 10, 1, "blotter"), (None, 45, 1, "g")],
        ),
        ("🐴 Zorglub 🐴\n1g 40€", [(None, 40, 1, "g")]),
        (
            "• la 7 → 30€ le g\n• static → 7€ le g",
            [(None, 30, 1, "g"), ("cannabis-resin", 7, 1, "g")],
        ),
    ],
)
def test_a_product_that_nobody_knows_ends_the_line_above(menu, expected):
    assert priced(menu) == expected


@pytest.mark.parametrize(
    ("menu", "expected"),
    [
        ("coke 1g 60€\nPromo 5g 250€", [("cocaine", 60, 1, "g"), ("cocaine", 250, 5, "g")]),
        ("coke 1g 60€\n2g 110€", [("cocaine", 60, 1, "g"), ("cocaine", 110, 2, "g")]),
        (
            "proto : 30 €\nballons : 2 € le ballon",
            [("nitrous-oxide", 30, None, None), ("nitrous-oxide", 2, 1, "unit")],
        ),
        ("❄️ COKE ❄️\nÉcaille : 1g 70€", [("cocaine", 70, 1, "g")]),
        ("🍫 5 g 30 €", [("cannabis-resin", 30, 5, "g")]),
        ("🍫 Promo 🍫\n5 g 30 €", [("cannabis-resin", 30, 5, "g")]),
        ("3MMC\nFrozen : 5 g 30 €", [("cannabis-resin", 30, 5, "g")]),
        ("coke ⚪ 1g = 70€\nK 🐴 1g = 40€", [("cocaine", 70, 1, "g"), ("ketamine", 40, 1, "g")]),
        ("c 60€/g, k 40€/g", [("cocaine", 60, 1, "g"), ("ketamine", 40, 1, "g")]),
        ("les 3 → 80€, coke", [("cocaine", 80, 3, "g")]),
        ("taz tesla 25€ les 3 cachets", [("mdma", 25, 3, "tablet")]),
        ("Lyrica, je la paie 3 euros le taz", [("pregabalin", 3, 1, "tablet")]),
        ("coke 60 € le g, 10 € le taz", [("cocaine", 60, 1, "g"), ("mdma", 10, 1, "tablet")]),
        ("la MDMA c 35 le gramme par ici", [("mdma", 35, 1, "g")]),
        ("9/10 ecsta, je recommande", []),
    ],
)
def test_what_the_line_above_hands_down(menu, expected):
    assert priced(menu) == expected


def test_a_heart_beside_a_word_is_no_substance():
    assert named("Zorglub 💜 1g = 45€") == named("💜 d'ici : 1g 45€") == []
    assert named("💜 5 g 30 €") == ["codeine"]


def test_a_letter_beside_its_picture_is_the_substance():
    assert named("K 🐴 : 1g = 40€") == ["ketamine", "ketamine"]
    assert "ketamine" not in named("K ⚪ : gros lot")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Le g de la C est à 65 euros, et si on prend plus, il baisse",
            [("cocaine", 65, 1, "g")],
        ),
        ("Le gramme de coke, je le touchais à 70 euros", [("cocaine", 70, 1, "g")]),
        (
            "coke 60 € le g livré, 50 si tu viens",
            [("cocaine", 60, 1, "g"), ("cocaine", 50, 1, "g")],
        ),
        ("coke 60 € le g, 2 livreurs ce soir", [("cocaine", 60, 1, "g")]),
        ("J'achetais 5 g d'un coup, ça faisait 250 € de coke", [("cocaine", 250, 5, "g")]),
        ("le taxi 30 €, le gramme de coke 60 €", [("cocaine", 60, 1, "g")]),
        (
            "taz à 10 €, trois pour 25, et LSD à 10 € la goutte",
            [("mdma", 10, 1, "tablet"), ("mdma", 25, 3, "tablet"), ("lsd", 10, 1, "unit")],
        ),
    ],
)
def test_a_sum_takes_its_amount_from_its_sentence(text, expected):
    assert priced(text) == expected


@pytest.mark.parametrize(
    ("text", "once", "now"),
    [
        ("Le g de coke, il y a deux ans c'était 80, maintenant c'est cinquante", 80, 50),
        ("Le gramme de coke est passé de 70 à 60 €", 70, 60),
        ("coke monté à 90 le gramme, puis redescendu à 70", 90, 70),
        ("Le prix du gramme de 3-MMC a baissé : 25 € contre 40 en 2022", 40, 25),
    ],
)
def test_two_sums_in_time_are_kept_the_older_as_such(text, once, now):
    [facts] = code_texts(vocabulary(), [text])
    found = [f for f in facts if f.kind == "price"]
    assert {(f.fields["quantity"], f.fields["unit"]) for f in found} == {(1, "g")}
    told = {(f.fields["amount"], f.rule == "older", f.confidence >= CUT) for f in found}
    assert told == {(once, True, False), (now, False, True)}


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("weed correcte", "cannabis"),
        ("plus rien en coco", "cocaine"),
        ("rupture de blanche", "cocaine"),
    ],
)
def test_a_short_post_names_what_is_in_or_how_it_was(text, substance):
    assert named(text) == [substance]


def test_a_bonus_of_a_loyalty_card_is_of_whatever_is_bought():
    article = "Un réseau de cocaïne démantelé.\nIl avait une carte de fidélité : {}."
    texts = [
        article.format("dix achetés, un offert"),
        article.format("10 g de shit achetés, 1 g offert"),
    ]
    told = [
        [f.fields.get("substance") for f in facts if f.kind == "bonus"]
        for facts in code_texts(vocabulary(), texts)
    ]
    assert told == [[None], ["cannabis-resin"]]


@pytest.mark.parametrize(
    ("text", "unit"), [("MDMA cristaux 5+1", "g"), ("MDMA 5+1", "tablet"), ("taz 5+1", "tablet")]
)
def test_crystals_are_weighed(text, unit):
    [facts] = code_texts(vocabulary(), [text])
    assert [f.fields["unit"] for f in facts if f.kind == "bonus"] == [unit]


@pytest.mark.parametrize("text", ["9/10 bonbonne de proto", "9/10 ecsta, je recommande"])
def test_a_mark_is_no_quantity(text):
    [facts] = code_texts(vocabulary(), [text])
    assert [f for f in facts if f.kind in ("quantity", "price") and f.confidence >= CUT] == []
