"""`fanal run` killed at random points: the next run ends in the same state, nothing twice."""

import random
import subprocess
import time
from pathlib import Path

import pytest
from killing import carried_out, killed_after

import fanal
from fanal.records import RECORDS

SOURCE = """
name = "{name}"
title = "INVENTED: canal d'essai"
publisher = "invented"
kind = "public posts"
site = "lille"
legal_basis = "invented sample material"
invented = true
"""


def _state(folder: Path) -> dict[str, object]:
    """Return what must be the same in the end: rows by table, ids and facts."""
    with fanal.open(folder) as observatory:
        tables = observatory.tables
        return {
            "counts": {
                name: n for name, n in tables.counts().items() if name not in ("runs", "issues")
            },
            "issues": tables.rows("SELECT kind, record, file FROM issues ORDER BY ALL"),
            "documents": tables.rows(
                "SELECT id, version, digest, text FROM documents ORDER BY ALL"
            ),
            "facts": tables.rows(
                "SELECT document, start, stop, kind, substance, amount FROM observations "
                "ORDER BY ALL"
            ),
            "points": tables.rows("SELECT series, period, value FROM points ORDER BY ALL"),
            "signals": tables.rows("SELECT id, score FROM signals ORDER BY ALL"),
            "read": tables.rows(
                "SELECT sum(rows_in) AS r, sum(rows_out) AS o FROM runs WHERE stage = 'ingest'"
            ),
            "strays": [p for record in RECORDS for p in tables.strays(record)],
        }


def _new(folder: Path, keys_from: Path | None = None) -> Path:
    with fanal.create(folder) as observatory:
        observatory.add_source(SOURCE.format(name="canal"))
    if keys_from:
        subprocess.run(["cp", "-a", f"{keys_from}/keys/.", f"{folder}/keys/"], check=True)
    return folder


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    from fanal.testing import simulator

    folder = tmp_path_factory.mktemp("material")
    simulator.write(folder, 3)
    return sorted((folder / "material" / "lille-groupe").glob("*")) + sorted(
        (folder / "material" / "toulouse-groupe").glob("*")
    )


def _kills(tmp_path: Path, material: list[Path], times: int, seed: int) -> None:
    whole = _new(tmp_path / "whole")
    run = ["run", *map(str, material), "--source", "canal", "--json", "--dir"]
    length = carried_out(*run, whole)
    expected = _state(whole)
    chance = random.Random(seed)
    folder = _new(tmp_path / "killed", whole)
    killed = 0
    for number in range(times):
        if number % 5 == 0 and number:
            subprocess.run(["rm", "-rf", str(folder)], check=True)
            _new(folder, whole)
        killed += killed_after(chance.uniform(0, 1.0) * length, *run, folder)
        if number % 5 == 4:
            carried_out(*run, folder)
            carried_out("check", "--clean", "--dir", folder)
            assert _state(folder) == expected | {"strays": []}, f"kill {number} of seed {seed}"
    assert killed, "each kill came too late"


@pytest.mark.torture
def test_killed_anywhere(tmp_path, material):
    _kills(tmp_path, material, 500, seed=int(time.time()))


@pytest.mark.bars
def test_killed_at_100_points(tmp_path, material):
    _kills(tmp_path, material, 100, seed=20251)


def test_killed_a_few_times(tmp_path, material):
    _kills(tmp_path, material[:1], 5, seed=7)
