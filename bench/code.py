"""Time `fanal code` as a whole, on a store: `python bench/code.py [--messages 400000]`.

Prints messages a second with one process and with two and their ratio, for messages of which 5 %
have a cue and for a fourth as many that are menus; then how time and the peak of the proportional
memory (PSS) of all processes grow as the input doubles. The stores are made without the door,
which `bench/ingest.py` times.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

from coder import corpus
from ingest import SOURCE, measured
from menus import menu

import fanal
from fanal.records import Document
from fanal.testing import load


def coded(texts: list[str], processes: int) -> tuple[float, float]:
    """Put texts into a new store and code them; return seconds and peak PSS in MiB."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "observatory"
        with fanal.create(folder) as observatory:
            observatory.add_source(SOURCE)
            step = 100_000
            for first in range(0, len(texts), step):
                part = load.documents_of(texts[first : first + step], f"part {first}")
                observatory.tables.append(Document, part)
        with (folder / "fanal.toml").open("a", encoding="utf-8") as settings:
            settings.write(f"\nprocesses = {processes}\n")
        seconds, peak = measured([sys.executable, "-m", "fanal.cli", "code", "-d", str(folder)])
    return seconds, peak / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=400_000)
    count = parser.parse_args().messages
    draw = random.Random(7)
    usual = corpus(count, 0.05)
    menus = [menu(draw)[0] for _ in range(max(count // 4, 1))]
    coded(usual[:1000], 1)  # the vocabulary is compiled and kept
    for label, texts, goal in (("5 % with a cue", usual, 60_000), ("all menus", menus, 10_000)):
        one, _ = coded(texts, 1)
        two, peak = coded(texts, 2)
        print(
            f"{len(texts):,} messages, {label}: {len(texts) / one:,.0f}/s with one process, "
            f"{len(texts) / two:,.0f}/s with two (goal {goal:,}), {one / two:.2f} × (goal 1.8)"
        )
        if texts is usual:
            whole = two, peak
    half, less = coded(usual[: count // 2], 2)
    print(
        f"input doubled: time × {whole[0] / half:.2f} (goal 2.2), peak PSS {less:.0f} → "
        f"{whole[1]:.0f} MiB, two processes, {os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main()
