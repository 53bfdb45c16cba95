"""How long a warm Spark takes for the coding that the pool of processes does, on equal rows.

    python bench/spark.py [--messages 400000] [--master local[2]]

One observatory holds the messages in eight months; each engine codes a copy of it, from the tables
to the tables. Starting Spark, and the first job that loads the coder in its workers, are told
apart, and so is the start of the pool. The goal is a ratio of 3.5 at most.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
from coder import corpus
from figures import say

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import fanal
from fanal.engines import Spark
from fanal.records import Document
from fanal.stages import recoding
from fanal.testing import load
from fanal.workspace import Workspace

MONTHS = 8
ROWS = "SELECT * FROM observations ORDER BY ALL"


def observatory(folder: Path, messages: int) -> None:
    """Make an observatory of messages, an eighth of them in each month."""
    with fanal.create(folder) as workspace:
        every = corpus(messages, 0.05)  # one in twenty with a cue
        for number in range(MONTHS):
            texts = every[number::MONTHS]
            first = date(2024, 1 + number, 1)
            documents = load.documents_of(texts, f"load {number}", first)
            days = pa.array([first] * len(texts), pa.date32())
            months = pa.array([f"{first:%Y-%m}"] * len(texts), pa.string())
            for name, values in (("day", days), ("month", months)):
                place = documents.schema.get_field_index(name)
                documents = documents.set_column(place, documents.schema.field(name), values)
            workspace.tables.append(Document, documents)


def coded(workspace: Workspace) -> tuple[float, int]:
    """Code everything; return seconds and observations."""
    coder = recoding.coder_for(workspace)
    work = recoding._uncoded(workspace, coder.fingerprint)
    way = recoding._coded_here if workspace.engine.parts == 1 else recoding._coded_by_file
    started = time.perf_counter()
    rows = sum(observations for _, observations in way(workspace, coder, work))
    return time.perf_counter() - started, rows


def main() -> None:
    """Print the seconds of each, their ratio, and whether the rows are equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=400_000)
    parser.add_argument("--master", default="local[2]")
    given = parser.parse_args()
    recoding.POOL_FROM = 0
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for some, where in ((2_000, "little"), (given.messages, "much")):
            observatory(folder / where, some)
        shutil.copytree(folder / "much", folder / "pooled")
        with fanal.open(folder / "little") as little:
            coded(little)  # the compiled vocabulary is kept
            shutil.rmtree(folder / "little" / "tables" / "observations")
            starting, _ = coded(little)  # hardly anything else
        with fanal.open(folder / "pooled") as pooled:
            whole, rows = coded(pooled)
            pool = whole - starting
            print(f"{given.messages:,} messages, {rows:,} observations")
            print(f"pool of {pooled.processes}: {pool:.1f} s, and {starting:.1f} s to start",
                  flush=True)  # fmt: skip
            shutil.rmtree(folder / "little" / "tables" / "observations")
            started = time.perf_counter()
            with Spark(given.master, folder) as spark:
                start = time.perf_counter() - started
                with fanal.open(folder / "little") as little:
                    little.engine = spark
                    first, _ = coded(little)
                with fanal.open(folder / "much") as much:
                    much.engine = spark
                    warm, _ = coded(much)
                    equal = much.tables.query(ROWS).equals(pooled.tables.query(ROWS))
        print(f"Spark {spark.version} on {given.master}, warm: {warm:.1f} s")
        print(f"ratio, warm Spark to warm pool: {warm / pool:.2f} (goal: 3.5 at most)")
        print(f"before it is warm: {start:.1f} s to start, {first:.1f} s for the first job")
        print(f"rows equal: {'yes' if equal else 'NO'}")
        say(warm_to_pool=warm / pool, differ=float(not equal))


if __name__ == "__main__":
    main()
