"""Time reading a generated Telegram export: `python bench/ingest_telegram.py --megabytes 1000`.

Prints messages a second and the peak of memory for the decoder alone, for the importer in one
process, and for its parts in a pool. `--keep FILE` leaves the export for `fanal ingest`. The text
is invented and drawn from a seed; `--identifiers` is the share of messages that hold one.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from fanal.importers.base import RawDocument
from fanal.importers.telegram import Telegram

TEXT = """
arrivage dispo ce soir sur Lille livraison rapide gramme qualité nouvelle adresse
bientôt merci la team promo fidélité cadeau offert commande minimum zone métro ouvert
midi minuit photo vidéo avis client retour test labo pureté stock limité prix en
baisse semaine prochaine
"""
WORDS = TEXT.split()
FIRST_DAY = 1_672_531_200  # 2023-01-01


def identifier(draw: random.Random) -> tuple[str, str]:
    """Return an invented identifier and the name that Telegram gives its kind."""
    number = f"06 39 98 {draw.randrange(100):02} {draw.randrange(100):02}"
    return draw.choice(
        [
            (number, "phone"),
            (f"@contact_{draw.randrange(10_000)}", "mention"),
            (f"compte{draw.randrange(10_000)}@example.org", "email"),
        ]
    )


def message(number: int, draw: random.Random, share: float) -> dict[str, object]:
    """Return one message as Telegram Desktop writes it."""
    seconds = FIRST_DAY + number * 20
    words = " ".join(draw.choices(WORDS, k=draw.randint(3, 18)))
    text: object = words
    entities = [{"type": "plain", "text": words}]
    if draw.random() < share:
        value, kind = identifier(draw)
        marked = {"type": kind, "text": value}
        text = [words + " ", marked]
        entities = [{"type": "plain", "text": words + " "}, marked]
    author = draw.randrange(3_000)
    return {
        "id": number,
        "type": "message",
        "date": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)),
        "date_unixtime": str(seconds),
        "from": f"Client {author}",
        "from_id": f"user{author}",
        "text": text,
        "text_entities": entities,
    }


def write_export(path: Path, megabytes: int, share: float, seed: int = 7) -> int:
    """Write an export of about that size; return the number of messages."""
    draw = random.Random(seed)
    head = '{\n "name": "Canal d\'essai",\n "type": "public_supergroup",\n "id": 1234567890,\n'
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(head + ' "messages": [\n  ')
        size = 0
        while size < megabytes * 1_000_000:
            lines = json.dumps(message(count + 1, draw, share), ensure_ascii=False, indent=1)
            text = (",\n  " if count else "") + lines.replace("\n", "\n  ")
            stream.write(text)
            size += len(text.encode())
            count += 1
        stream.write("\n ]\n}")
    return count


def extract(path: Path) -> int:
    """Read with the importer in this process."""
    return sum(isinstance(row, RawDocument) for row in Telegram(pictures=False).extract(path))


def extract_part(path: Path, part: object) -> int:
    """Read one part with the importer."""
    rows = Telegram(pictures=False).extract_part(path, part)  # type: ignore[arg-type]
    return sum(isinstance(row, RawDocument) for row in rows)


def in_pool(path: Path) -> int:
    """Read the parts in two processes."""
    with ProcessPoolExecutor(2) as pool:
        tasks = [
            pool.submit(extract_part, path, part)
            for part in Telegram(pictures=False).parts(path, 32 << 20)
        ]
        return sum(task.result() for task in tasks)


def scan(path: Path) -> int:
    """Find the parts only."""
    return sum(1 for _ in Telegram(pictures=False).parts(path, 32 << 20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--identifiers", type=float, default=0.03)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "result.json"
        count = write_export(path, options.megabytes, options.identifiers)
        print(f"{path.stat().st_size / 1e6:.0f} MB, {count:,} messages")
        for name, read in (("parts", scan), ("extract", extract), ("pool of two", in_pool)):
            start = time.perf_counter()
            read(path)
            seconds = time.perf_counter() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{name}: {seconds:.2f} s, {count / seconds:,.0f} messages/s, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
