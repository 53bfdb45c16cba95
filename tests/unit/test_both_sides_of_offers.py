"""Hours, apps, reposts and denials: what is read of a text, and the nearest that is not."""

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest

from fanal.coding.duplicates import duplicates
from fanal.coding.lexicon import Lexicon, code_texts
from fanal.text.languages import leaning, of_texts, vote

FILLER = "x" * 9 + " "  # ten characters that say nothing


def told(kind: str, text: str, *names: str) -> list[tuple[object, ...]]:
    (facts,) = code_texts(Lexicon().vocabulary, [text])
    return [
        (*(fact.fields.get(name) for name in names), fact.confidence)
        for fact in facts
        if fact.kind == kind
    ]


HOURS: dict[str, list[tuple[str | None, str | None, str | None, float]]] = {
    "ouvert 18h-2h": [(None, "18:00", "02:00", 0.8)],
    "livre lundi-vendredi 18h-2h": [("Mo-Fr", "18:00", "02:00", 0.8)],
    "ouvert lundi et mardi 10h-12h30": [("Mo,Tu", "10:00", "12:30", 0.8)],
    "ouvert lundi, mardi et mercredi 10h-12h": [("Mo-We", "10:00", "12:00", 0.8)],
    "ouvert lundi, mardi et jeudi 10h-12h": [("Mo,Tu,Th", "10:00", "12:00", 0.8)],
    "ouvert samedi au dimanche 10h-12h": [("Sa,Su", "10:00", "12:00", 0.8)],
    "ouvert vendredi au dimanche 10h-12h": [("Fr-Su", "10:00", "12:00", 0.8)],
    "ouvert jeudi au lundi 10h-12h": [("Th-Mo", "10:00", "12:00", 0.8)],
    "ouvert 24/7": [("Mo-Su", "00:00", "24:00", 0.8)],
    "ouvert h24 sauf lundi": [("Tu-Su", "00:00", "24:00", 0.8)],
    "jusqu'à 2h ouvert": [(None, None, "02:00", 0.8)],
    "à partir de 18h ouvert": [(None, "18:00", None, 0.8)],
    "à partir de 18h": [(None, "18:00", None, 0.4)],
    "open 6-11pm": [(None, "18:00", "23:00", 0.8)],
    "open 11-2am": [(None, "11:00", "02:00", 0.8)],
    "open 6am-11am": [(None, "06:00", "11:00", 0.8)],
    "open 12pm-12am": [(None, "12:00", "00:00", 0.8)],
    "open 9am to 5.30pm": [(None, "09:00", "17:30", 0.8)],
    "ouvert de 9h30 à 24h": [(None, "09:30", "00:00", 0.8)],
    "18h-2h": [(None, "18:00", "02:00", 0.4)],
    "lundi 18h-2h": [("Mo", "18:00", "02:00", 0.6)],
    "cours 18h-2h ouvert": [(None, "18:00", "02:00", 0.3)],
    "kétamine, 18h-2h": [(None, "18:00", "02:00", 0.6)],
    "ouvert week-end 18h-2h": [("Sa,Su", "18:00", "02:00", 0.8)],
    "ouvert en semaine 18h-2h": [("Mo-Fr", "18:00", "02:00", 0.8)],
    "ouvert 18h-2h, lundi": [("Mo", "18:00", "02:00", 0.8)],
    "ouvert 18h-2h       lundi": [("Mo", "18:00", "02:00", 0.8)],
    "ouvert 18h-2h        lundi": [(None, "18:00", "02:00", 0.8)],
    "ouvert 18h-2h,   lundi": [(None, "18:00", "02:00", 0.8)],
    "ouvert mardi 10h-12h jeudi 14h-16h": [
        ("Tu", "10:00", "12:00", 0.8), ("Th", "14:00", "16:00", 0.8),
    ],
    "ouvert mar 10h-12h": [(None, "10:00", "12:00", 0.8)],
    # the days stand at most forty characters before, and in the same clause
    f"ouvert lundi {FILLER * 3}x        18h-2h": [("Mo", "18:00", "02:00", 0.8)],
    f"ouvert lundi {FILLER * 3}x         18h-2h": [(None, "18:00", "02:00", 0.8)],
    "ouvert lundi ! De 18h-2h": [(None, "18:00", "02:00", 0.8)],
    # what tells that something opens stands at most eighty before, or sixty behind
    f"ouvert {FILLER * 7}xx 18h-2h": [(None, "18:00", "02:00", 0.8)],
    f"ouvert {FILLER * 7}xxx 18h-2h": [(None, "18:00", "02:00", 0.4)],
    f"18h-2h {FILLER * 5}xxx ouvert": [(None, "18:00", "02:00", 0.8)],
    f"18h-2h {FILLER * 5}xxxx ouvert": [(None, "18:00", "02:00", 0.4)],
    "ouvert 7j/7": [("Mo-Su", None, None, 0.7)],
    "ouvert 25h-26h": [],
}  # fmt: skip


@pytest.mark.parametrize("text", HOURS)
def test_opening_hours(text: str) -> None:
    assert told("hours", text, "days", "opens", "closes") == HOURS[text]


APPS: dict[str, list[tuple[str, str, float]]] = {
    "snap : lune": [("snapchat", "redirect", 0.75)],
    "sur signal": [("signal", "mentioned", 0.6)],
    "sur session": [("session", "mentioned", 0.45)],
    "signal": [("signal", "mentioned", 0.3)],
    "coke sur signal": [("signal", "mentioned", 0.85)],
    "kétamine signal": [("signal", "mentioned", 0.55)],
    "telegram fermé, passez sur signal": [
        ("telegram", "redirect", 0.9), ("signal", "redirect", 0.85),
    ],
    "mon backup telegram": [("telegram", "backup", 0.9)],
    "ajoute moi sur telegram [handle:telegram]": [("telegram", "redirect", 0.9)],
    "pas de telegram": [],
    "signal ou telegram": [("signal", "mentioned", 0.55), ("telegram", "mentioned", 0.9)],
    "mon backup telegram. telegram": [("telegram", "backup", 0.9)],
}  # fmt: skip


@pytest.mark.parametrize("text", APPS)
def test_apps(text: str) -> None:
    assert told("platform", text, "platform", "role") == APPS[text]


def reposts(*texts: str) -> list[tuple[int, int, float]]:
    table = pa.table(
        {
            "id": pa.array([bytes([n]) for n in range(len(texts))], pa.binary()),
            "text": pa.array(texts, pa.string()),
            "day": pa.array([datetime.date(2026, 1, 1)] * len(texts), pa.date32()),
            "position": pa.array(range(len(texts)), pa.int64()),
        }
    )
    rows = duplicates(table).to_pylist()
    return [(r["document"][0], r["first"][0], round(r["overlap"], 3)) for r in rows]


WORDS = [f"lot{n}" for n in range(18)]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (WORDS, [*WORDS[:15], "a", "b", "c"], [(1, 0, 0.7)]),
        (WORDS[:17], [*WORDS[:14], "a", "b", "c"], []),
        (WORDS[:11], [*WORDS[:9], "a", "b"], []),
        (WORDS[:10], [*WORDS[:9], "a"], [(1, 0, 0.8)]),
        (WORDS[:5], WORDS[:6], [(1, 0, 0.8)]),
        (WORDS[:4], WORDS[:5], []),
        (WORDS[:4], WORDS[:4], [(1, 0, 1.0)]),
        (WORDS[:4], WORDS[3::-1], []),
        (["ab", "c"], ["a", "bc"], []),
        ([], [], []),
    ],
)
def test_reposts(one: list[str], other: list[str], found: list[tuple[int, int, float]]) -> None:
    assert reposts(" ".join(one), " ".join(other)) == found


def test_a_repost_is_of_the_first_of_all() -> None:
    text = " ".join(WORDS)
    assert reposts("rien", text, f"{text} a", f"{text} b", text) == [
        (2, 1, round(17 / 18, 3)), (3, 1, round(17 / 18, 3)), (4, 1, 1.0),
    ]  # fmt: skip


def test_the_votes_of_words() -> None:
    assert vote(["merci bonjour", "thanks hello", "merci", "merci hello"]) == [
        "fr", "en", None, None,
    ]  # fmt: skip
    assert leaning(["merci beaucoup", "thank you"], "en", "fr") == {"merci beaucoup"}
    assert leaning(["merci beaucoup", "thank you"], "fr", "en") == {"thank you"}
    assert leaning([], "fr", "en") == frozenset()
    # from twelve letters on the model is asked
    assert of_texts(["хорошошошо", "хорошо, приятель"]) == [None, "ru"]
    assert of_texts(["12345678901234567890", "[name] [phone:FR] [link:web]"]) == [None, None]


DENIED = {  # text: amounts of the prices that are there
    "coke à 60€ le g": [60.0], "pas de coke à 60€ le g": [], "plus de coke à 60€ le g": [],
    "pas de kéta, coke à 60€ le g": [60.0], "pas cher coke à 60€ le g": [60.0],
    "encore plus de coke à 60€ le g": [60.0], "coke à 60€ le g, pas de kéta": [60.0],
    "pas de livraison, coke à 60€ le g": [60.0],
}  # fmt: skip


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_has_no_price(text: str) -> None:
    assert [found[0] for found in told("price", text, "amount")] == DENIED[text]


PRICES: dict[str, list[tuple[float | None, ...]]] = {  # amount, upper amount, quantity
    "2 eighths of weed £80": [(80, None, 7)],
    "half a gram of coke £40": [(40, None, 0.5)],
    "two ounces of weed £300": [(300, None, 2)],
    "half an ounce of weed £90": [(90, None, 14)],
    "un gramme et demi de coke 90€": [(90, None, 1.5)],
    "deux grammes et demi de coke 150€": [(150, None, 2.5)],
    "2g50 de coke 150€": [(150, None, 2.5)],
    "2g5 de coke 150€": [(150, None, 2.5)],
    "2g05 de coke 150€": [(150, None, 2.05)],
    "3 x 2 g coke 300€": [(300, None, 6)],
    "½ g de coke 40€": [(40, None, 0.5)],
    "coke 1kg 1,5k€": [(1500, None, 1)],
    "coke 1 kg à 30k": [(30000, None, 1)],
    "coke 50-60k€ le kg": [(50000, 60000, 1)],
    "coke 60/70€ le g": [(60, 70, 1)],
    "taz 2€50": [(2.5, None, 1)],
    "taz 10 x 200mg 40€": [(40, None, 10)],
    "coke 0,5 g 40€ puis 1 g 70€": [(40, None, 0.5), (70, None, 1)],
    "un quart d'once de weed 60€": [(60, None, 7)],
    "quatre-vingt-dix euros le gramme de coke": [(90, None, 1)],
    "cent vingt euros les deux grammes de coke": [(120, None, 2)],
    "mille deux cents euros les cent grammes de shit": [(1200, None, 100)],
    "coke, deux mille euros les 40 g": [(2000, None, 40)],
    "coke 5 g 250€, deux cents les 4": [(250, None, 5), (200, None, 4)],
    "2 savonnettes de shit 1000€": [(1000, None, 500)],
    "coke 2 x 0,5g 80€": [(80, None, 1)],
    # of two sums of one product none is more than five times the other
    "coke à 20 € le gramme, 100 si tu prends du pur": [(20, None, 1), (100, None, 1)],
    "coke à 20 € le gramme, 101 si tu prends du pur": [(20, None, 1)],
    "coke à 100 € le gramme, 20 si tu prends en gros": [(100, None, 1), (20, None, 1)],
    "coke à 100 € le gramme, 19 si tu prends en gros": [(100, None, 1)],
    "coke 60€ le g 2024": [(60, None, 1)],
}


@pytest.mark.parametrize("text", PRICES)
def test_prices(text: str) -> None:
    found = told("price", text, "amount", "amount_max", "quantity")
    assert [row[:3] for row in found] == PRICES[text]
