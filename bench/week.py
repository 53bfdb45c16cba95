"""Print what a new week costs, stage by stage, in stores of two sizes; and what a new name costs.

    python bench/week.py [--documents 30000] [--times 4] [--week 2000]

A store of three years is made, with everything coded, counted and searched. Then one more week
comes in, then a name is added to the thesaurus that stands nowhere, and one that stands in some
messages: CPU seconds of each stage. Which messages say nearly the same, what is counted and what
detectors look at are of the whole store; coding and search go by the week.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import unittest.mock
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from figures import say

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from fanal.records import Document
from fanal.stages import detecting, recoding, tallying
from fanal.testing import load
from fanal.thesaurus import Alias
from fanal.upkeep import erasing
from fanal.workspace import Workspace

LAST = date(2025, 12, 28)
SOURCES = 6
SOURCE = """
name = "{name}"
title = "{name}"
publisher = "bench"
kind = "public posts"
site = "lyon"
legal_basis = "public task"
invented = true
"""


def store(folder: Path, documents: int) -> Workspace:
    """Make an observatory of three years of public posts."""
    ws = Workspace.create(folder, "Bench")
    texts = load.texts(documents, 1, 0.2)
    table = load.documents_of(texts, "store")
    names = [f"s{i % SOURCES}" for i in range(documents)]
    days = [LAST - timedelta(days=1095 - i * 1095 // documents) for i in range(documents)]
    sites = [("lyon", "lille", "toulouse")[i % SOURCES % 3] for i in range(documents)]
    columns: dict[str, list[Any]] = {
        "source": names,
        "site": sites,
        "day": days,
        "month": [f"{day:%Y-%m}" for day in days],
        "author": [(i % 4999).to_bytes(16, "big") for i in range(documents)],
        "thread": [name.encode().ljust(16) for name in names],
        "run": [f"{day:%G-%V}" for day in days],
    }
    for name, values in columns.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(
            at, table.schema.field(at), pa.array(values, table.schema.field(at).type)
        )
    with ws.writing():
        ws.tables.append(Document, table)
    return ws


@contextmanager
def timed(name: str, said: dict[str, float]) -> Iterator[None]:
    before = os.times()
    yield
    after = os.times()
    said[name] = sum(after[:4]) - sum(before[:4])


def staged(ws: Workspace) -> dict[str, float]:
    """Run what `fanal run` runs after ingest, each stage by itself."""
    said: dict[str, float] = {}
    reposts = recoding.find_reposts
    with timed("code", said), unittest.mock.patch.object(recoding, "find_reposts"):
        recoding.code(ws)
    with timed("reposts", said), ws.writing():
        reposts(ws)
    with timed("index", said):
        recoding.index(ws)
    with timed("retention", said), ws.writing():
        erasing.retain(ws, LAST)
    with timed("compact", said), ws.writing():
        ws.tables.compact()
    with timed("count", said):
        tallying.count(ws)
    with timed("detect", said):
        detecting.detect(ws)
    with timed("prepare", said):
        ws.prepare()
    return said


def measure(folder: Path, documents: int, week: int) -> dict[str, dict[str, float]]:
    ws = store(folder, documents)
    (folder / "sources").mkdir(exist_ok=True)
    ws.add_source(SOURCE.format(name="new"))
    export = folder / "result.json"
    load.telegram(export, week, seed=7, first=LAST + timedelta(days=1))
    out = {"all": staged(ws)}
    said: dict[str, float] = {}
    with timed("ingest", said):
        ws.ingest([export], "new")
    out["week"] = said | staged(ws)
    out["nothing"] = staged(ws)
    ws.add_to_thesaurus(Alias("cocaine", "zorglubine", "fr", "street", source="own"))
    out["new name, nowhere"] = staged(ws)
    ws.add_to_thesaurus(Alias("cocaine", "lunettes", "fr", "street", source="own"))
    out["new name"] = staged(ws)
    ws.close()
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=30_000)
    parser.add_argument("--times", type=int, default=4)
    parser.add_argument("--week", type=int, default=2_000)
    given = parser.parse_args()
    coded = []
    for size in (given.documents, given.documents * given.times):
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder) / "o", size, given.week)
        for what, said in found.items():
            stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in said.items())
            total = sum(said.values())
            print(f"{size:,} documents, {what}: {total:.2f} s ({stages})", flush=True)
        coded.append(found["week"]["code"] + found["week"]["index"])
    say(coded=coded[1] / coded[0])


if __name__ == "__main__":
    main()
