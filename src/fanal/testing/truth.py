"""What was planted, and where it shows: the yardstick of the demo and of the detection tests."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path

from fanal.testing.planter import Planted

START = date(2024, 7, 1)  # a Monday
WEEKS = 78


def monday(week: int) -> date:
    """Return the first day of a week, counted from 0."""
    return START + timedelta(weeks=week)


@dataclass(slots=True)
class Phenomenon:
    """One planted phenomenon: `concepts` are the codes under which a signal may name it."""

    name: str
    kind: str  # new product, price fall, migration, spread, silence, first detection
    concepts: tuple[str, ...]
    first: dict[str, date]  # site → first day of its first week
    found_by: str  # the part of the observatory that can see it
    fr: str
    en: str
    shows: dict[str, dict[str, int]] = field(default_factory=dict)  # source → Monday → documents

    def seen(self, source: str, day: date) -> None:
        """Count one document that shows it."""
        week = (day - timedelta(days=day.weekday())).isoformat()
        weeks = self.shows.setdefault(source, {})
        weeks[week] = weeks.get(week, 0) + 1


@dataclass(slots=True)
class Truth:
    """What a folder of sample material holds that a reader should find, or must not find."""

    seed: int
    start: date
    end: date  # the day after the last
    phenomena: dict[str, Phenomenon]
    planted: list[Planted] = field(default_factory=list)
    documents: dict[str, int] = field(default_factory=dict)  # source → posts, turns, articles

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        plain = asdict(self)
        plain["documents"] = dict(sorted(self.documents.items()))
        path.write_text(
            json.dumps(plain, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8"
        )


def phenomena() -> dict[str, Phenomenon]:
    """Return what the simulator plants, with nothing shown yet."""
    listed = (
        Phenomenon(
            "tucibi",
            "new product",
            ("substance=tucibi",),
            {"lyon": monday(50), "toulouse": monday(58)},
            "mentions",
            "Une poudre rose vendue comme « tucibi » ou « cocaïne rose », où le laboratoire trouve "
            "de la kétamine et de la MDMA.",
            "A pink powder sold as “tucibi” or “pink cocaine”, in which the laboratory finds "
            "ketamine and MDMA.",
        ),
        Phenomenon(
            "cocaine-price",
            "price fall",
            ("substance=cocaine",),
            {"lyon": monday(58)},
            "prices",
            "À Lyon, le gramme de cocaïne passe d’environ 70 € à moins de 50 €.",
            "In Lyon, a gram of cocaine falls from about 70 € to less than 50 €.",
        ),
        Phenomenon(
            "app-migration",
            "migration",
            ("practice=supply.channel.migration", "platform=signal", "platform=potato"),
            {"toulouse": monday(62)},
            "practices",
            "À Toulouse, un canal annonce qu’il quitte Telegram pour Signal, puis pour Potato.",
            "In Toulouse, a channel announces that it leaves Telegram for Signal, then Potato.",
        ),
        Phenomenon(
            "loyalty-card",
            "spread",
            ("practice=supply.marketing.loyalty-card", "practice=supply.marketing.bonus", "bonus"),
            {"lille": monday(40), "toulouse": monday(52), "lyon": monday(61)},
            "bonuses",
            "Des cartes de fidélité (« dix achetés, un offert ») se répandent d’un site à l’autre.",
            "Loyalty cards (“buy ten, get one free”) spread from one site to the next.",
        ),
        Phenomenon(
            "silent-channel",
            "silence",
            ("source=lille-express",),
            {"lille": monday(69)},
            "silence",
            "Un canal de Lille, actif chaque semaine, cesse de publier.",
            "A channel in Lille that posted every week stops posting.",
        ),
        Phenomenon(
            "nitazene-tablets",
            "first detection",
            ("substance=nitazenes",),
            {"lille": monday(64)},
            "lab results",
            "Des comprimés vendus comme de l’oxycodone, où le laboratoire trouve un nitazène.",
            "Tablets sold as oxycodone in which the laboratory finds a nitazene.",
        ),
    )
    return {p.name: p for p in listed}
