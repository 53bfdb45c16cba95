"""The life of keys in a real observatory, with everything else left on disk."""

import json
import random
import subprocess

import pytest
from channel_export import SOURCE, export
from killing import carried_out, killed_after
from typer.testing import CliRunner

import fanal
from fanal.cli.app import app
from fanal.cli.main import register
from fanal.door.pseudonyms import KeyRing, canonical
from fanal.errors import StorageError

RUN = CliRunner()
register()


def fanal_json(*words):
    done = RUN.invoke(app, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture
def folder(tmp_path):
    with fanal.create(tmp_path / "o") as made:
        made.add_source(SOURCE.format(name="rouge", more=""))
        made.ingest([export(tmp_path / "a.json", 60, mark="a")], "rouge")
    return tmp_path / "o"


def pseudonyms(folder):
    with fanal.open(folder) as observatory:
        rows = observatory.tables.rows("SELECT DISTINCT author FROM documents")
        return {row["author"] for row in rows}


def linked(folder, year=2025):
    """Return the stored pseudonyms that somebody with all files can link to known authors."""
    ring = KeyRing(folder / "keys")
    guesses = {ring.author("lille", year, canonical(f"user77{i:04d}")) for i in range(10_000)}
    return pseudonyms(folder) & (guesses - {None})


def test_rotation_changes_nothing_that_is_stored(folder, tmp_path):
    before = pseudonyms(folder), linked(folder)
    assert len(before[1]) == 7
    said = fanal_json("key", "rotate", "--dir", folder)["afterwards"]
    assert "as before" in said[0]
    assert (pseudonyms(folder), linked(folder)) == before
    with fanal.open(folder) as observatory:
        more = observatory.ingest([export(tmp_path / "b.json", 65, mark="a")], "rouge")[0]
    assert (more.documents, more.duplicates) == (5, 60)
    assert pseudonyms(folder) == before[0]


def test_after_destroying_a_year_none_of_10_000_known_authors_can_be_linked(folder, tmp_path):
    assert len(linked(folder)) == 7
    assert fanal_json("key", "list", "--dir", folder)["rows"] == [
        {"site": "lille", "year": 2025, "destroyed": False}
    ]
    said = fanal_json("key", "destroy", "lille", "2025", "--dir", folder)
    assert any("No document of lille in 2025" in line for line in said["afterwards"])
    assert linked(folder) == set()
    assert fanal_json("key", "list", "--dir", folder)["rows"][0]["destroyed"]
    with fanal.open(folder) as observatory:
        more = observatory.ingest([export(tmp_path / "b.json", 65, mark="a")], "rouge")[0]
        assert (more.documents, more.duplicates) == (5, 60), "messages with numbers keep their ids"
    assert None in pseudonyms(folder)


def test_no_such_year(folder):
    done = RUN.invoke(app, ["key", "destroy", "lille", "2019", "--dir", str(folder)])
    assert done.exit_code
    assert "lille 2025" in str(done.exception)


def test_a_lost_master_key_makes_nothing_new_and_loses_nothing(folder, tmp_path):
    before = pseudonyms(folder)
    (folder / "keys" / "master.key").unlink()
    with pytest.raises(StorageError, match="master key is missing"):
        KeyRing(folder / "keys")
    with fanal.open(folder) as observatory, pytest.raises(StorageError, match="master key"):
        observatory.ingest([export(tmp_path / "b.json", 65, mark="a")], "rouge")
    assert pseudonyms(folder) == before, "what is stored stays readable"
    assert not (folder / "keys" / "master.key").exists(), "and no new key is made in its place"


def test_old_key_files_put_back_do_not_bring_a_destroyed_year_back(folder, tmp_path):
    subprocess.run(["cp", "-a", folder / "keys", tmp_path / "old"], check=True)
    fanal_json("key", "destroy", "lille", "2025", "--dir", folder)
    year = "person/lille/2025.key"
    subprocess.run(["cp", tmp_path / "old" / year, folder / "keys" / year], check=True)
    assert linked(folder) == set()
    assert not (folder / "keys" / year).exists()
    # Without the marker the file still does not open: its master key is gone.
    subprocess.run(["cp", tmp_path / "old" / year, folder / "keys" / year], check=True)
    (folder / "keys" / "person/lille/2025.destroyed").unlink()
    with pytest.raises(StorageError, match="not wrapped by this master key"):
        linked(folder)


def _killed(folder, tmp_path, times, seed):
    chance = random.Random(seed)
    expected = pseudonyms(folder), len(linked(folder))
    words = ["key", "rotate", "--dir", folder]
    length = carried_out(*words)
    for _ in range(times):
        killed_after(chance.uniform(0, 1.0) * length, *words)
        assert (pseudonyms(folder), len(linked(folder))) == expected
        assert not (folder / "keys" / "master.next").exists()


def test_rotations_killed_a_few_times(folder, tmp_path):
    _killed(folder, tmp_path, 1, seed=4)


@pytest.mark.bars
def test_rotations_killed_at_100_points(folder, tmp_path):
    _killed(folder, tmp_path, 100, seed=20254)
