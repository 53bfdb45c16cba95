"""What was planted, and where it shows: the yardstick of the demo and of the detection tests."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from importlib.resources import files
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
    text = files("fanal.testing").joinpath("planted.toml").read_text("utf-8")
    told = {name: (words["fr"], words["en"]) for name, words in tomllib.loads(text).items()}
    listed = (
        Phenomenon(
            "tucibi",
            "new product",
            ("substance=tucibi",),
            {"lyon": monday(50), "toulouse": monday(58)},
            "mentions",
            *told["tucibi"],
        ),
        Phenomenon(
            "cocaine-price",
            "price fall",
            ("substance=cocaine",),
            {"lyon": monday(58)},
            "prices",
            *told["cocaine-price"],
        ),
        Phenomenon(
            "app-migration",
            "migration",
            ("practice=supply.channel.migration", "platform=signal", "platform=potato"),
            {"toulouse": monday(62)},
            "practices",
            *told["app-migration"],
        ),
        Phenomenon(
            "loyalty-card",
            "spread",
            ("practice=supply.marketing.loyalty-card", "practice=supply.marketing.bonus", "bonus"),
            {"lille": monday(40), "toulouse": monday(52), "lyon": monday(61)},
            "bonuses",
            *told["loyalty-card"],
        ),
        Phenomenon(
            "silent-channel",
            "silence",
            ("source=lille-express",),
            {"lille": monday(69)},
            "silence",
            *told["silent-channel"],
        ),
        Phenomenon(
            "nitazene-tablets",
            "first detection",
            ("substance=nitazenes",),
            {"lille": monday(64)},
            "lab results",
            *told["nitazene-tablets"],
        ),
    )
    return {p.name: p for p in listed}
