"""Backups and restores: equal, without keys, and nothing that was erased comes back."""

import hashlib
import json
import random
import shutil
import subprocess
import tarfile

import pyarrow.parquet as pq
import pytest
from channel_export import SOURCE, export
from deltalake import write_deltalake
from killing import carried_out, killed_after

import fanal
from fanal.errors import ConfigError, StorageError
from fanal.records import RECORDS, Audit, Document
from fanal.storage import migrations
from fanal.storage.state import broken
from fanal.storage.tables import Tables
from fanal.upkeep import backups, erasing
from fanal.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with fanal.create(folder / "o") as observatory:
        for name in ("rouge", "vert"):
            observatory.add_source(SOURCE.format(name=name, more=""))
            observatory.ingest([export(folder / f"{name}.json", 90, mark=name)], name)
        observatory.run()
    return folder / "o"


@pytest.fixture
def folder(made, tmp_path):
    subprocess.run(["cp", "-a", made, tmp_path / "o"], check=True)
    return tmp_path / "o"


def logical(folder):
    """Return every row of every table, and every judgement but the last lines of the audit."""
    with fanal.open(folder) as observatory:
        rows = {r.table: observatory.tables.rows(f"SELECT * FROM {r.table} ORDER BY ALL")
                for r in RECORDS}  # fmt: skip
        judgements = dict(observatory.state.dump())
        audit = [line for line in judgements.pop("audit")
                 if line["action"] not in ("backup", "restore")]  # fmt: skip
        assert broken(observatory.state.all(Audit)) is None
    return rows, judgements, audit


def saved(folder, name="b.tar", keys=False):
    with fanal.open(folder) as observatory:
        observatory.backup(folder.parent / name, keys=keys)
    return folder.parent / name


def holds(path, mark, scratch):
    """Return the members of a tar file that hold a mark, in the columns of tables as well."""
    shutil.rmtree(scratch, ignore_errors=True)
    with tarfile.open(path) as archive:
        archive.extractall(scratch, filter="data")
    found = [p.name for p in scratch.rglob("*") if p.is_file() and mark.encode() in p.read_bytes()]
    tables = [p for p in scratch.rglob("*.parquet") if "_delta_log" not in p.parts]
    return found + [p.name for p in tables if mark in str(pq.read_table(p).to_pylist())]


def test_a_restored_observatory_equals_the_one_that_was_backed_up(folder, tmp_path):
    before = logical(folder)
    path = saved(folder)
    assert path.stat().st_mode & 0o077 == 0
    Workspace.restore(path, tmp_path / "new")
    assert logical(tmp_path / "new") == before
    with tarfile.open(path) as archive:
        names = archive.getnames()
    assert not [n for n in names if n.startswith("keys") or n.endswith(".key") or ".scratch" in n]
    assert {"fanal.toml", "sources/rouge.toml", "judgements/audit.jsonl"} <= set(names)


def test_without_its_keys_it_is_read_and_takes_nothing_in(folder, tmp_path):
    path, keys = saved(folder), saved(folder, "keys.tar", keys=True)
    new = tmp_path / "new"
    Workspace.restore(path, new)
    with fanal.open(new) as observatory:
        assert observatory.status().tables["documents"] == 180
        with pytest.raises(StorageError, match="restored without its keys"):
            observatory.ingest([export(tmp_path / "x.json", 95, mark="rouge")], "rouge")
    backups.restore_keys(keys, new)
    with fanal.open(new) as observatory:
        found = observatory.ingest([export(tmp_path / "x.json", 95, mark="rouge")], "rouge")[0]
        assert (found.documents, found.duplicates) == (5, 90)
        outcomes = observatory.run()
        assert outcomes[0].rows_in == 5, "what was coded before is not coded again"
        wrong = [row for row in observatory.check() if row.level == "error"]
        assert wrong == []
    with pytest.raises(ConfigError, match="keys are here"):
        backups.restore_keys(keys, new)


def test_what_was_erased_is_in_no_later_backup_and_an_earlier_one_does_not_bring_it_back(
    folder, tmp_path
):
    earlier = saved(folder)
    assert holds(earlier, "zzqrouge", tmp_path / "x"), "the searcher finds what is there"
    with fanal.open(folder) as observatory:
        observatory.erase(erasing.select(observatory, source="rouge"))
    later = saved(folder, "later.tar")
    assert holds(later, "zzqrouge", tmp_path / "x") == []
    before = logical(folder)[0]
    with pytest.raises(ConfigError, match="--replace"):
        Workspace.restore(earlier, folder)
    Workspace.restore(earlier, folder, replace=True)
    after = logical(folder)[0]
    assert after["documents"] == before["documents"]
    counted = [{**row, "frozen": None} for row in after["points"]]
    assert counted == [{**row, "frozen": None} for row in before["points"]]
    assert {row["id"] for row in after["tombstones"]} == {row["id"] for row in before["tombstones"]}
    assert not list(tmp_path.glob("o.*")), "nothing is left beside it"
    with fanal.open(folder) as observatory:
        found = observatory.ingest([export(tmp_path / "x.json", 95, mark="rouge")], "rouge")[0]
        assert found.documents == 0


def test_a_destroyed_year_stays_destroyed_after_both_restores(folder, tmp_path):
    keys = saved(folder, "keys.tar", keys=True)
    with fanal.open(folder) as observatory:
        observatory.destroy_key("lille", 2025)
    path = saved(folder)
    Workspace.restore(path, tmp_path / "new")
    backups.restore_keys(keys, tmp_path / "new")
    from fanal.door.pseudonyms import KeyRing

    assert KeyRing(tmp_path / "new" / "keys").years() == [("lille", 2025, True)]


def test_a_damaged_backup_changes_nothing(folder, tmp_path):
    before = logical(folder)
    path = saved(folder)
    whole = path.read_bytes()
    chance = random.Random(1)
    at = [chance.randrange(len(whole)) for _ in range(3)]
    flipped = [whole[:i] + bytes([whole[i] ^ 0xFF]) + whole[i + 1 :] for i in at]
    for number, damaged in enumerate([whole[: len(whole) // 2], b"", b"no tar", *flipped]):
        broken_one = tmp_path / f"{number}.tar"
        broken_one.write_bytes(damaged)
        try:
            Workspace.restore(broken_one, tmp_path / "new")
        except (StorageError, ConfigError):
            assert not (tmp_path / "new").exists()
        else:  # the byte was padding of the archive
            assert logical(tmp_path / "new") == before
            shutil.rmtree(tmp_path / "new")
    with pytest.raises((StorageError, ConfigError)):
        Workspace.restore(tmp_path / "0.tar", folder, replace=True)
    assert logical(folder)[0] == before[0]


def test_names_in_a_backup_cannot_leave_its_folder(tmp_path):
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as archive:
        archive.addfile(tarfile.TarInfo("../escaped"))
    with pytest.raises(StorageError):
        Workspace.restore(evil, tmp_path / "new")
    assert not (tmp_path / "escaped").exists()


def test_a_backup_with_an_older_schema_restores(folder, tmp_path):
    # Tables of a version that had no `forwarded_from`, and judgements at the first revision.
    older = tmp_path / "older"
    with tarfile.open(saved(folder)) as archive:
        archive.extractall(older, filter="data")
    tables = Tables(str(older / "tables"), tmp_path / "scratch")
    documents = tables.query("SELECT * FROM documents").drop(["forwarded_from"])
    handle = tables.open(Document)
    write_deltalake(handle, documents, mode="overwrite", schema_mode="overwrite")
    manifest = json.loads((older / "manifest.json").read_text("utf-8"))
    (older / "manifest.json").unlink()
    files = {
        file.relative_to(older).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in older.rglob("*")
        if file.is_file()
    }
    (older / "manifest.json").write_text(
        json.dumps(manifest | {"revision": migrations.FIRST, "files": files}), "utf-8"
    )
    with tarfile.open(tmp_path / "older.tar", "w") as archive:
        for file in older.rglob("*"):
            if file.is_file():
                archive.add(file, file.relative_to(older).as_posix())
    Workspace.restore(tmp_path / "older.tar", tmp_path / "new")
    with fanal.open(tmp_path / "new") as observatory:
        rows = observatory.tables.query("SELECT * FROM documents")
        assert rows.num_rows == 180
        assert rows.column("forwarded_from").null_count == 180
        assert observatory.state.all(Audit)


def test_judgements_in_postgresql_come_back(folder, postgresql, tmp_path):
    text = (folder / "fanal.toml").read_text("utf-8")
    (folder / "fanal.toml").write_text(f'state = "{postgresql}"\n{text}', "utf-8")
    with fanal.open(folder) as observatory:
        observatory.audit("note", {"n": 1})
    before = logical(folder)
    path = saved(folder)
    with pytest.raises(ConfigError, match="not empty"):
        Workspace.restore(path, tmp_path / "new")
    Workspace.restore(path, tmp_path / "new", replace=True)
    assert logical(tmp_path / "new") == before


def _killed(folder, times, seed):
    chance = random.Random(seed)
    before = logical(folder)
    path = folder.parent / "killed.tar"
    words = ["backup", path, "--dir", folder]
    length = carried_out(*words)
    whole = 0
    for _ in range(times):
        path.unlink(missing_ok=True)
        killed_after(chance.uniform(0, 1.0) * length, *words)
        assert logical(folder) == before
        if path.exists():
            whole += 1
            Workspace.restore(path, folder.parent / "new")
            assert logical(folder.parent / "new") == before
            shutil.rmtree(folder.parent / "new")
    return whole


def test_backups_killed_a_few_times(folder):
    _killed(folder, 1, seed=3)


@pytest.mark.bars
def test_backups_killed_at_100_points(folder):
    print(f"killed 100 times: {_killed(folder, 100, seed=20255)} backups were whole, no other")
