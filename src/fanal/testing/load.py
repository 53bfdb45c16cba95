"""Makes as many documents as a timing needs, by seed, in the schema of `Document`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from datetime import time as clock
from hashlib import blake2b
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pyarrow as pa

from fanal.records import Document, conform, schema_of
from fanal.testing.channels import Voice
from fanal.testing.planter import Planter
from fanal.testing.sentences import bare, chance, dirty

FIRST_DAY = date(2024, 1, 1)
POOL = 3000  # texts composed; beyond that each is one of them with a mark of its own


def texts(n: int, seed: int, cue_share: float) -> list[str]:
    """Return n invented messages, the share of them that names a product or a price as given."""
    random = chance(seed, "load")
    cue = [_compose(random, True) for _ in range(min(n, POOL))]
    plain = [_compose(random, False) for _ in range(min(n, POOL))]
    out = []
    for i in range(n):
        base = random.choice(cue if random.random() < cue_share else plain)
        out.append(base if i < POOL else f"{base} {random.choice('éàùçôœ')}{i}")
    return out


def _compose(random: Random, cue: bool) -> str:
    site = random.choice(("lille", "lyon", "toulouse"))
    voice = Voice(random, site, random.randrange(78), Planter(random), "load")
    if not cue:
        return bare(dirty(random, voice.say("chat", "small_talk"), 0.4))
    section, rule = random.choice(
        (
            ("chat", "answer_price"),
            ("chat", "experience"),
            ("chat", "review"),
            ("shop", "offer"),
            ("shop", "arrival"),
            ("shop", "bonus"),
        )
    )
    return bare(dirty(random, voice.say(section, rule), 0.3))


def documents_of(rows: Iterable[str], name: str = "load", first: date = FIRST_DAY) -> pa.Table:
    """Return a table of `Document` with these texts, one a minute in the thread of that name."""
    rows = list(rows)
    n = len(rows)
    days = [first + timedelta(days=i // 1440) for i in range(n)]
    key = [blake2b(f"{name}/{i}".encode(), digest_size=16).digest() for i in range(n)]
    digest = [blake2b(text.encode(), digest_size=16).digest() for text in rows]
    columns: dict[str, list[object]] = {
        "id": list(key),
        "version": [1] * n,
        "source": ["load"] * n,
        "site": ["lyon"] * n,
        "kind": ["public posts"] * n,
        "thread": [blake2b(name.encode(), digest_size=16).digest()] * n,
        "position": list(range(n)),
        "day": list(days),
        "precision": ["day"] * n,
        "language": ["fr"] * n,
        "text": list(rows),
        "digest": list(digest),
        "month": [f"{day:%Y-%m}" for day in days],
        "run": ["load"] * n,
    }
    schema = schema_of(Document)
    arrays = [pa.array(columns.get(f.name, [None] * n), f.type) for f in schema]
    return conform(pa.table(arrays, names=schema.names), Document)


def generate(n: int, seed: int = 1, cue_share: float = 0.4) -> pa.Table:
    """Return n documents; the same seed gives the same table."""
    return documents_of(texts(n, seed, cue_share))


def telegram(
    path: Path, n: int, seed: int = 1, cue_share: float = 0.4, first: date = FIRST_DAY
) -> int:
    """Write a Telegram Desktop `result.json` of n messages; return its size in bytes."""
    start = datetime.combine(first, clock(), tzinfo=ZoneInfo("Europe/Paris"))
    pool = texts(min(n, POOL), seed, cue_share)
    random = chance(seed, "telegram")
    with path.open("w", encoding="utf-8") as file:
        file.write('{\n "name": "Charge (fictif)",\n "type": "public_supergroup",\n "id": 1,\n')
        file.write(' "messages": [\n')
        for i in range(n):
            time = start + timedelta(seconds=20 * i)
            text = random.choice(pool) + (f" {i}" if i >= POOL else "")
            who = random.randrange(1, 500)
            message = {
                "id": i + 1,
                "type": "message",
                "date": time.replace(tzinfo=None).isoformat(),
                "date_unixtime": str(round(time.timestamp())),
                "from": f"Personne {who}",
                "from_id": f"user9{who:09d}",
                "text": text,
                "text_entities": [{"type": "plain", "text": text}],
            }
            body = json.dumps(message, ensure_ascii=False, indent=1).replace("\n", "\n  ")
            file.write(f"  {body}{',' if i + 1 < n else ''}\n")
        file.write(" ]\n}\n")
    return path.stat().st_size
