"""An invented edition that holds every part of a bulletin."""

from datetime import date, timedelta
from random import Random

from fanal.edition import (
    ContentFact,
    Edition,
    Evidence,
    FigureFact,
    MethodFact,
    Name,
    PlantedFact,
    PriceFact,
    Reckoning,
    SignalFact,
    SourceFact,
    Value,
    Witness,
)

START = date(2024, 7, 1)


def weeks(values):
    return tuple(Value(START + timedelta(weeks=i), float(v), 110.0) for i, v in enumerate(values))


def evidence(
    prefix,
    n,
    kind="public posts",
    text="Arrivage tucibi rose 💗❄️ parfum fraise, 90€/g\nContact [handle:telegram]",
):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    random = Random(prefix)
    return tuple(
        Evidence(
            "".join(random.choices(alphabet, k=8)),
            "INVENTED: canal Telegram, Lyon",
            kind,
            "lyon",
            date(2025, 8, 1) + timedelta(days=3 * i),
            text=text,
            marks=((9, 15),),
        )
        for i in range(n)
    )


def edition(**changes):
    random = Random(1)
    new = SignalFact(
        id="K7Q2M3XA",
        concept=Name("tucibi", "tucibi"),
        direction="new",
        measure="mentions",
        place="lyon",
        step="week",
        first=date(2025, 6, 16),
        last=date(2025, 12, 15),
        peak=date(2025, 8, 4),
        observed=9.0,
        expected=0.2,
        threshold=3.1,
        denominator=112.0,
        history=weeks([0] * 50 + [random.randrange(2, 9) for _ in range(28)]),
        detector="novelty",
        parameters='{"weeks": 4}',
        novelty="new",
        witnesses=(
            Witness("public posts", 143, 1100, 3, 2, against=1),
            Witness("interview", 6, 80, 2, 2),
            Witness("press", 0, 12, 0, 0),
        ),
        evidence=evidence("a", 8),
        documents=154,
    )
    up = SignalFact(
        id="B2LOYALT",
        concept=Name("carte de fidélité", "loyalty card"),
        direction="up",
        measure="practices",
        place="lille",
        step="week",
        first=date(2025, 4, 7),
        last=date(2025, 12, 15),
        peak=date(2025, 5, 5),
        observed=7.0,
        expected=0.4,
        threshold=2.6,
        denominator=98.0,
        history=weeks(
            [random.choice((0, 0, 0, 1)) for _ in range(40)]
            + [random.randrange(1, 8) for _ in range(38)]
        ),
        detector="ears-c2",
        parameters="{}",
        novelty="new",
        state="verified",
        witnesses=(Witness("public posts", 60, 430, 2, 1),),
        evidence=evidence("b", 3, text="🎫 CARTE DE FIDÉLITÉ 🎫 10 g achetés, 1 offert"),
        documents=60,
    )
    silent = SignalFact(
        id="SILENT22",
        concept=Name("canal Telegram, Lille (inventé)", "Telegram channel, Lille (invented)"),
        direction="silent",
        measure="documents",
        place="lille",
        step="week",
        first=date(2025, 10, 27),
        last=date(2025, 12, 22),
        peak=date(2025, 10, 27),
        observed=0.0,
        expected=11.4,
        threshold=2.0,
        denominator=None,
        history=weeks([random.randrange(6, 17) for _ in range(69)] + [0] * 9),
        detector="silence",
        parameters="{}",
        novelty="fading",
        evidence=evidence("c", 1, text="Bonsoir la team 🌙 on démarre"),
        documents=1,
    )
    prices = (
        PriceFact(
            Name("cocaïne", "cocaine"),
            "lyon",
            "1",
            "g",
            "EUR",
            38,
            50.0,
            45.0,
            55.0,
            70.0,
            41,
            evidence=evidence("d", 2, text="❄️ coke ❄️\n1g 50€"),
        ),
        PriceFact(
            Name("cocaïne", "cocaine"), "lille", "1", "g", "EUR", 30, 65.0, 60.0, 65.0, 65.0, 33
        ),
        PriceFact(
            Name("kétamine", "ketamine"), "toulouse", "2–5", "g", "EUR", 12, 37.5, 35.0, 40.0
        ),
    )
    figures = (
        FigureFact(
            Name(
                "échantillons de 3-MMC trouvés par le laboratoire",
                "3-MMC samples found by the laboratory",
            ),
            "NL",
            Name("échantillons", "samples"),
            "year",
            tuple(
                Value(date(2012 + i, 1, 1), v)
                for i, v in enumerate((1.0, 4, 2, 5, 15, 25, 39, 51, 75, 110))
            ),
            "Trimbos Institute (DIMS)",
        ),
    )
    content = {
        "title": Name(
            "Bulletin de l'observatoire de démonstration",
            "Bulletin of the demonstration observatory",
        ),
        "first": date(2025, 9, 29),
        "last": date(2025, 12, 28),
        "published": date(2026, 1, 1),
        "version": "0.1.0",
        "fingerprint": "3f2a91c0",
        "sites": ("lille", "lyon", "toulouse"),
        "signals": (new, up, silent),
        "prices": prices,
        "contents": (
            ContentFact(
                "expected", Name("kétamine", "ketamine"), 2024, 2025, 87, 93, 0.87, 0.97, "", ""
            ),
        ),
        "figures": figures,
        "sources": (
            SourceFact(
                "lyon-vitrine",
                "INVENTED: canal Telegram, Lyon",
                "public posts",
                "lyon",
                "invented sellers",
                "invented sample material",
                invented=True,
                documents=1075,
                reckoning=Reckoning(10500, 9800, 200, 350, 120, 30, 412),
            ),
            SourceFact(
                "nl-nps",
                "New psychoactive substances in the Netherlands",
                "official table",
                "netherlands",
                "Trimbos Institute",
                "published",
                "figures with source",
                "github.com/k-wal/modus-operandi",
                documents=0,
            ),
        ),
        "activity": {
            "public posts": weeks([random.randrange(80, 130) for _ in range(78)]),
            "press": weeks([random.choice((0, 1, 1, 2)) for _ in range(78)]),
        },
        "planted": (
            PlantedFact(
                Name("Une poudre rose vendue comme « tucibi ».", "A pink powder sold as “tucibi”."),
                "new product",
                ("lyon", "toulouse"),
                date(2025, 6, 16),
                "K7Q2M3XA",
            ),
            PlantedFact(
                Name("À Lyon, le gramme de cocaïne baisse.", "In Lyon, a gram of cocaine falls."),
                "price fall",
                ("lyon",),
                date(2025, 8, 11),
                None,
                Name("il faut le suivi des prix", "needs price monitoring"),
            ),
        ),
        "methods": (
            MethodFact(
                "novelty",
                Name("gamma-Poisson sur quatre semaines", "gamma-Poisson over four weeks"),
                "Noufaily 2019",
            ),
        ),
        "sample": True,
    }
    return Edition(**{**content, **changes})
