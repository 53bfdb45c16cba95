"""Exports that other projects test with, read in place, against their own expected results."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from fanal.door.raw import RawDocument
from fanal.importers import identify

pytestmark = pytest.mark.shared

# chat_miner drops a message that is nothing but a full stop; it is a message
EXTRA = {("2019-01-20T11:23:00", "John Doe", ".")}


def told(path):
    kind = identify(path)
    for row in kind().extract(path):
        if isinstance(row, RawDocument):
            author = row.names[0] if row.names else row.author
            time = row.time.replace(tzinfo=None)
            yield time.isoformat(timespec="seconds"), author, " ".join(row.text.split())


@pytest.mark.parametrize("format_", ["whatsapp", "telegram", "signal", "instagram"])
def test_chat_miner(shared_data, format_):
    folder = shared_data / "formats/chat_miner/test" / format_
    target = {
        (row["timestamp"], row["author"], " ".join(row["message"].split()))
        for row in json.loads((folder / "target.json").read_text("utf-8"))
    }
    samples = sorted(path for path in folder.iterdir() if path.name != "target.json")
    assert samples
    for path in samples:
        assert identify(path).name == format_
        found = set(told(path))
        assert target <= found, path.name
        assert found - target <= EXTRA, path.name


def test_whatstk(shared_data):
    folder = shared_data / "formats/whatstk"
    lorem, pokemon = list(told(folder / "lorem.txt")), list(told(folder / "pokemon.txt"))
    assert len(lorem) == 500 and len({author for _, author, _ in lorem}) == 4
    times = [datetime.fromisoformat(time) for time, _, _ in lorem]
    assert times == sorted(times)
    assert len(pokemon) == 18  # of 20 lines, two are notices of encryption


def test_discord(shared_data):
    (path,) = (shared_data / "formats/discord").rglob("*.json")
    assert identify(path).name == "discord"
    assert [time for time, _, _ in told(path)] == ["2023-01-06T14:03:03"]
