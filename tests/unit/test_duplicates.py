"""Reposts are linked to their first appearance."""

import datetime
import random

import pyarrow as pa
import pytest

from fanal.coding.duplicates import SCHEMA, duplicates

LONG = "Arrivage ce soir 🔥 livraison sur toute la ville de 13h à 1h, commande par message, merci"


def table(texts: list[str], days: list[int] | None = None) -> pa.Table:
    return pa.table(
        {
            "id": [bytes([n]) for n in range(len(texts))],
            "text": texts,
            "day": [
                datetime.date(2026, 1, 1) + datetime.timedelta(d) for d in days or range(len(texts))
            ],
            "position": list(range(len(texts))),
        },
        schema=pa.schema(
            [
                ("id", pa.binary()),
                ("text", pa.string()),
                ("day", pa.date32()),
                ("position", pa.int64()),
            ]
        ),
    )


def links(texts: list[str], days: list[int] | None = None) -> dict[int, int]:
    found = duplicates(table(texts, days))
    assert found.schema.equals(SCHEMA)
    return {row["document"][0]: row["first"][0] for row in found.to_pylist()}


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (LONG, True),
        (LONG.upper() + " !!!", True),
        (LONG.replace("é", "e").replace("🔥", "❄️"), True),
        (LONG.replace("ce soir", "demain soir"), True),
        (LONG + " à tous", True),
        (
            "Réunion des parents d'élèves jeudi à 18h dans la salle du conseil, venez nombreux",
            False,
        ),
        ("", False),
    ],
)
def test_pairs(other: str, same: bool) -> None:
    assert links([LONG, other]) == ({1: 0} if same else {})


def test_short_texts_only_if_equal() -> None:
    assert links(["dispo ce soir", "dispo demain soir", "Dispo ce soir !"]) == {2: 0}


def test_documents_without_words_are_no_reposts() -> None:
    assert links(["🔥", "🔥", "", ""]) == {}


def test_first_by_day_then_position() -> None:
    assert links([LONG, LONG, LONG], days=[5, 1, 1]) == {0: 1, 2: 1}


def test_chains_end_at_the_first() -> None:
    assert links([LONG, LONG + " oui", LONG + " oui oui", "x y z"]) == {1: 0, 2: 0}


def test_empty() -> None:
    assert links([]) == {}


def test_recall_and_precision_on_mutated_posts() -> None:
    rng = random.Random(3)
    words = [f"mot{n}" for n in range(400)]
    posts = [rng.choices(words, k=rng.randint(8, 40)) for _ in range(80)]
    texts = [" ".join(post) for post in posts]
    for post in posts:
        changed = list(post)
        if len(post) > 12:
            changed[rng.randrange(len(post))] = "autre"
        texts.append(" ".join(changed))
    found = links(texts)
    right = sum(found.get(80 + n) == n for n in range(80))
    assert right >= 76
    assert all(document >= 80 for document in found)
