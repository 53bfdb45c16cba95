"""Files that Fanal packs: whole or not there, for their owner alone, with digests that hold."""

import hashlib
import tarfile
from dataclasses import dataclass

import pytest

from fanal.errors import ConfigError, StorageError
from fanal.storage.packing import Archive, extract, manifest


def modes(folder):
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mode & 0o777
        for path in [folder, *folder.rglob("*")]
    }


def test_what_is_packed_is_unpacked_for_its_owner_alone(tmp_path):
    (tmp_path / "said.txt").write_text("été", "utf-8")
    with Archive(tmp_path / "a.tar") as archive:
        archive.add(tmp_path / "said.txt", "deep/said.txt")
        archive.write("told.json", b"{}")
    assert archive.digests == {
        "deep/said.txt": hashlib.sha256("été".encode()).hexdigest(),
        "told.json": hashlib.sha256(b"{}").hexdigest(),
    }
    assert (tmp_path / "a.tar").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar", "said.txt"]
    with tarfile.open(tmp_path / "a.tar") as packed:
        assert {(m.uid, m.uname, m.mtime, m.mode) for m in packed} == {(0, "", 0, 0o600)}
    folder = tmp_path / "out"
    folder.mkdir()
    extract(tmp_path / "a.tar", folder)
    assert (folder / "deep/said.txt").read_text("utf-8") == "été"
    assert (folder / "told.json").read_bytes() == b"{}"
    assert modes(folder) == {".": 0o700, "deep": 0o700, "deep/said.txt": 0o600, "told.json": 0o600}


def test_an_archive_that_was_cut_short_is_not_there(tmp_path):
    (tmp_path / "a.tar.new").write_bytes(b"left by one that was killed")
    with pytest.raises(ZeroDivisionError), Archive(tmp_path / "a.tar") as archive:
        archive.write("x", b"y")
        1 / 0  # noqa: B018
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_written_over(tmp_path):
    (tmp_path / "a.tar").write_bytes(b"mine")
    with pytest.raises(ConfigError) as refused:
        Archive(tmp_path / "a.tar")
    assert str(refused.value) == "a.tar: the file exists already; choose another name"
    assert (tmp_path / "a.tar").read_bytes() == b"mine"


def test_damaged_files_and_names_that_lead_out_are_refused(tmp_path):
    (tmp_path / "damaged").write_bytes(b"no archive")
    with tarfile.open(tmp_path / "outside", "w") as packed:
        packed.addfile(tarfile.TarInfo("../outside.txt"))
    for name in ("damaged", "outside", "absent"):
        with pytest.raises(StorageError, match=f"^{name}: not a file that Fanal packed"):
            extract(tmp_path / name, tmp_path / "out")
    assert not (tmp_path / "outside.txt").exists()


@dataclass(frozen=True)
class Told:
    version: str
    rows: int


def test_a_manifest_says_everything_and_more_is_left_out():
    assert manifest(Told, '{"version": "1", "rows": 2, "later": true}') == Told("1", 2)
    with pytest.raises(KeyError):
        manifest(Told, b'{"version": "1"}')
