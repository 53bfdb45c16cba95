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
