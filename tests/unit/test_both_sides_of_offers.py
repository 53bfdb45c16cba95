"""Hours, apps, reposts and denials: what is read of a text, and the nearest that is not."""

from __future__ import annotations

import datetime

import pyarrow as pa
import pytest

from fanal.coding.duplicates import duplicates
from fanal.coding.lexicon import Lexicon, code_texts
from fanal.coding.offers import grammar
from fanal.text.folding import fold
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


SUMS: dict[str, list[tuple[float, str, float | None, str | None]]] = {
    # number words of other languages, before what they count
    "Koks zwei Gramm 160.-": [(160, "CHF", 2, "g")],
    "Koks fünf Gramm 400.-": [(400, "CHF", 5, "g")],
    "Koks drei Gramm 200 Franken": [(200, "CHF", 3, "g")],
    "Koks fünfundzwanzig Gramm 1500.-": [(1500, "CHF", 25, "g")],
    "Koks zweihundert Gramm 9000.-": [(9000, "CHF", 200, "g")],
    "Sechs Gramm Koks für dreihundert Euro": [(300, "EUR", 6, "g")],
    "twee gram cocaïne voor 100 euro": [(100, "EUR", 2, "g")],
    "dos gramos de cocaína por 100 euros": [(100, "EUR", 2, "g")],
    "otto grammi di cocaina a 400 euro": [(400, "EUR", 8, "g")],
    "Koks das Gramm 90.-": [(90, "CHF", 1, "g")],
    "due £60 for cocaine": [(60, "GBP", None, None)],
    "très bonne cocaïne, 60 € le g": [(60, "EUR", 1, "g")],
    # what is said of the past, beside what is
    "A gram used to be £100, these days coke is £60 a gram.": [(60, "GBP", 1, "g")],
    "A gram used to be £100, coke is £60 a gram.": [(60, "GBP", 1, "g")],
    "A gram of coke is £60, a gram of weed is £10.": [(60, "GBP", 1, "g"), (10, "GBP", 1, "g")],
    # what is denied
    "La cocaïne n'est pas à 60 € le gramme.": [],
    "La cocaïne n'est pas à soixante euros le gramme.": [],
    "La cocaïne n'est pas à 60 € le gramme, elle est à 80 €.": [(80, "EUR", 1, "g")],
    "Kokain kostet nicht 60 Euro das Gramm.": [],
    "La cocaína no cuesta 60 euros el gramo.": [],
    "La cocaina non costa 60 euro al grammo.": [],
    "N'hésite pas à venir, cocaïne à 60 € le gramme.": [(60, "EUR", 1, "g")],
    "La cocaïne n'est pas chère, 60 € le gramme.": [(60, "EUR", 1, "g")],
    # what one must spend to be served
    "Déplacement à partir de 100€, 3-MMC 25€ le g.": [(25, "EUR", 1, "g")],
    "Le g de 3-MMC à 25€, livraison possible dès 100€.": [(25, "EUR", 1, "g")],
    "Déplacement à partir de 100 € les 4 g de 3-MMC": [(100, "EUR", 4, "g")],
    "3-MMC à partir de 25 €": [(25, "EUR", None, None)],
    # the same in another place, without the sign
    "Le gramme de coke est à 60 € dans le 13e et à 70 dans le 16e.": [
        (60, "EUR", 1, "g"), (70, "EUR", 1, "g"),
    ],
    "Le gramme de coke est à 60 € et à 10 minutes.": [(60, "EUR", 1, "g")],
    "Le gramme de coke est à 60 €, 50 dans le coffre.": [(60, "EUR", 1, "g")],
    # as other languages write a sum and an amount
    "Een pil kost 5,- en een gram speed 8,-": [(5, "EUR", 1, "tablet"), (8, "EUR", 1, "g")],
    "cocaine 800,- kr": [],
    "Medio gramo de cocaína, 30 euros.": [(30, "EUR", 0.5, "g")],
    "El gramo de coca a 60 euros": [(60, "EUR", 1, "g")],
    "Mezzo grammo di coca a 40 euro": [(40, "EUR", 0.5, "g")],
    "la coca a 60 euro al grammo": [(60, "EUR", 1, "g")],
    "un coca à 3 €": [],
    "Koks 50,- € das Gramm": [(50, "EUR", 1, "g")],
}  # fmt: skip


@pytest.mark.parametrize("text", SUMS)
def test_sums_with_their_currency(text: str) -> None:
    found = told("price", text, "amount", "currency", "quantity", "unit")
    assert [row[:4] for row in found if row[4] >= 0.5] == SUMS[text]


def test_even_sums_are_of_the_country_in_the_north() -> None:
    for country, currency in (("NO", "NOK"), ("DK", "DKK"), ("NL", "EUR"), ("CH", "EUR")):
        folded = fold("een pil 5,-")
        (fact,) = grammar.read("een pil 5,-", folded, [], country)
        assert (fact.fields["amount"], fact.fields["currency"]) == (5.0, currency)


AMOUNTS_OF_OTHERS: dict[str, list[tuple[float, str]]] = {  # the quantities above the cut
    "5G dispo partout.": [],
    "5G dispo partout, la fibre aussi.": [],
    "4G partout, et de la cocaïne": [],
    "cocaïne 5G dispo": [(5, "g")],
    "5G d'héroïne dispo partout": [(5, "g")],
    "5g dispo partout": [(5, "g")],
    "1 g de cocaïne et 2 L de bière": [(1, "g")],
    "1 g de cocaïne et 1 L de soda": [(1, "g")],
    "1 L de GBL": [(1, "l")],
    "28 g of gold cannabis": [(28, "g")],
}


@pytest.mark.parametrize("text", AMOUNTS_OF_OTHERS)
def test_amounts_of_what_is_no_drug(text: str) -> None:
    found = told("quantity", text, "quantity", "unit")
    assert [row[:2] for row in found if row[2] >= 0.5] == AMOUNTS_OF_OTHERS[text]


PURITIES: dict[str, list[tuple[float, float | None, str]]] = {
    "Sold as 90% pure, the lab found 41% cocaine.": [
        (90, None, "claimed"), (41, None, "measured"),
    ],
    "Analyse du labo : cocaïne 69 %, MDMA 84 %": [(69, None, "measured"), (84, None, "measured")],
    "Cocaïne vendue pour pure à 90 %.": [(90, None, "claimed")],
    "La cocaïne est vendue à 80 % de pureté mais le labo a trouvé 35 %.": [
        (80, None, "claimed"), (35, None, "measured"),
    ],
    "Cocaïne, testée à 41 %": [(41, None, "measured")],
    "La pureza de la cocaína va del 40 al 75 %.": [(40, 75, "claimed")],
    "La purezza della cocaina va dal 50 all'80 %.": [(50, 80, "claimed")],
    "La purezza della cocaina è tra il 50 e l'80 %.": [(50, 80, "claimed")],
    "Der Reinheitsgehalt von Kokain lag von 62 bis 88 %.": [(62, 88, "claimed")],
    "Cocaine purity was between 60% and 85%.": [(60, 85, "claimed")],
    "MDMA in crystals, between 75 and 84 per cent, as measured.": [(75, 84, "measured")],
    "Cocaïne en promo, 50 %": [],
    "Cocaine purity 40 upto 75 %": [],
    "La pureté de la cocaïne en 2023 atteint 80 %": [(80, None, "claimed")],
}  # fmt: skip


@pytest.mark.parametrize("text", PURITIES)
def test_purities_with_their_ends_and_whose_word_they_are(text: str) -> None:
    found = told("purity", text, "percent", "percent_max", "basis")
    assert [row[:3] for row in found] == PURITIES[text]


ELIDED = {
    "On trouve de l'héro": ["heroin"], "J'ai pris d'l'héro": ["heroin"],
    "On trouve le héro": [], "l'héro du film": [], "les héros": [],
}  # fmt: skip


@pytest.mark.parametrize("text", ELIDED)
def test_an_elided_hero_is_the_drug(text: str) -> None:
    found = told("mention", text, "substance")
    assert [row[0] for row in found if row[1] >= 0.5] == ELIDED[text]
