"""Keys to the letter: what each id is of, what a folder must be, what waits has of its own."""

from __future__ import annotations

import os

import pytest

from fanal.door import pseudonyms
from fanal.door.pseudonyms import AWAITED, KeyRing, read_shared
from fanal.errors import ConfigError, StorageError
from fanal.sources import SITE_TOLD

KEY = bytes(range(32))
IDS = {
    "documents": ["4a30bc5537cbb3ad332936baf5b879d2", "", "3c982bf6de7360d8803f264d88ceb62f"],
    "fallback": "e4b8fe9cd911faff2bc93ec34b56270c",
    "second": "1a6392af9a2163cf368ffc6207c10fdd",
    "sample": "64f2b848eead6be9d64f48f20d2dd6bf",
    "reference": "ref-dqjprhnhbdlgcsnf",
    "thread": "9f149eb502d7d2b98f7af4d0a7d18e91",
    "channel": "3092d38377ebd74103f9f3ad9ccd018c",
    "file": "a6b09fd286e29cdfcc534c40f0efdbb9",
    "digest": "34699eda8f8fd5ae8d506f4156e04c20",
    "digests": ["34699eda8f8fd5ae8d506f4156e04c20", "89f8f85a1f2afa49840d3e40580591fd"],
    "media": "0bee36854421ae376558016db40a2d50",
}


def hexadecimal(found):
    return (
        found
        if isinstance(found, str)
        else found.hex()
        if isinstance(found, bytes)
        else [one.hex() for one in found]
    )


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "keys", KEY)


def test_ids_are_the_same_in_every_release(ring) -> None:
    """What is stored leads to what comes again by these alone."""
    found = {
        "documents": ring.document_ids("s", ["c", "c", "d"], ["1", None, "1"]),
        "fallback": ring.fallback_id("s", "c", "2024-05-01T21:30", b"\x01", "text", 0),
        "second": ring.fallback_id("s", "c", "2024-05-01T21:30", None, "text", 1),
        "sample": ring.sample_id("s", "r"),
        "reference": ring.reference(" 06 39  ÉA "),
        "thread": ring.thread_id("s", "c"),
        "channel": ring.channel_id("https://t.me/Canal"),
        "file": ring.file_id("é.json"),
        "digest": ring.digest("é"),
        "digests": ring.digests(["é", ""]),
        "media": ring.media_hash(b"12345678"),
    }
    assert {name: hexadecimal(one) for name, one in found.items()} == IDS
    assert ring.reference("06 39 éa") == found["reference"]
    assert ring.channel_id("canal") == found["channel"]
    assert ring.digests([]) == [] and ring.document_ids("s", [], []) == []


def test_letters_that_are_none_have_an_id_too(ring) -> None:
    odd = "\ud83d"
    ids = [ring.file_id(odd), ring.digest(odd), *ring.digests([odd]), ring.thread_id("s", odd),
           ring.author("lille", 2024, odd), *ring.document_ids("s", [odd], [odd])]  # fmt: skip
    assert all(len(one) == 16 for one in ids)


def test_what_waits_has_a_key_of_its_own(ring) -> None:
    one, two = "0123456789abcdef", "1" * 16
    assert ring.key_of(one) is None and ring.waiting() == []
    first, second = ring.new_key(two), ring.new_key(one)
    assert len(first) == len(second) == 32 and first != second
    again = KeyRing(ring.folder)
    assert (again.key_of(two), again.key_of(one)) == (first, second)
    assert again.waiting() == [one, two]
    assert ring.check() == []
    assert [p.stat().st_mode & 0o777 for p in (ring.folder / "review").iterdir()] == [0o600] * 2
    ring.rotate()
    assert KeyRing(ring.folder).key_of(one) == second
    ring.shred_key(two)
    ring.shred_key(two)
    assert ring.key_of(two) is None and ring.waiting() == [one]
    assert [p.name for p in (ring.folder / "review").iterdir()] == [f"{one}.key"]


@pytest.mark.parametrize("name", ["", "a" * 15, "a" * 17, "g" * 16, "A" * 16, "../" + "a" * 13])
def test_what_waits_has_a_name_of_sixteen_figures(ring, name) -> None:
    with pytest.raises(ConfigError, match="not the name of what waits") as wrong:
        ring.new_key(name)
    assert wrong.value.where == "keys"
    with pytest.raises(ConfigError):
        ring.key_of(name)


def test_a_key_that_was_being_destroyed_is_destroyed_at_the_next_start(ring) -> None:
    ring.new_key("a" * 16)
    path = ring.folder / "review" / f"{'a' * 16}.key"
    path.rename(path.with_suffix(".gone"))
    master = (ring.folder / "master.key").read_bytes()
    KeyRing(ring.folder)
    assert list(path.parent.iterdir()) == []
    assert (ring.folder / "master.key").read_bytes() == master  # no other key had come back


def test_a_year_that_came_back_is_destroyed_and_all_is_wrapped_anew(ring) -> None:
    ring.author("lille", 2024, "x")
    path = ring.folder / "person" / "lille" / "2024.key"
    path.with_suffix(".destroyed").touch()
    master = (ring.folder / "master.key").read_bytes()
    again = KeyRing(ring.folder)
    assert not path.exists() and again.author("lille", 2024, "x") is None
    assert (ring.folder / "master.key").read_bytes() != master
    assert again.years() == [("lille", 2024, True)]


def test_years_are_told_by_site_and_only_those(ring) -> None:
    for site, year in (("paris", 2024), ("lille", 2025), ("lille", 987)):
        ring.author(site, year, "x")
    ring.destroy("lille", 2025)
    (ring.folder / "person" / "lille" / "note.key").touch()
    (ring.folder / "person" / "lille" / "2023.new").touch()
    assert ring.years() == [("lille", 987, False), ("lille", 2025, True), ("paris", 2024, False)]
    assert (ring.folder / "person" / "lille" / "0987.key").exists()


@pytest.mark.parametrize("site", ["a", "a" * 63, "0-9"])
def test_a_site_has_up_to_63_letters(ring, site) -> None:
    assert len(ring.author(site, 2024, "x")) == 16


@pytest.mark.parametrize("site", ["a" * 64, "-a", "_a", "a\n", "a/b", "a-"])
def test_what_is_no_site(ring, site) -> None:
    with pytest.raises(ConfigError, match="not the name of a site") as wrong:
        ring.author(site, 2024, "x")
    assert (wrong.value.where, wrong.value.allowed) == ("keys", SITE_TOLD)


def test_the_key_of_a_network_is_shared_as_one_line(ring, tmp_path) -> None:
    path = tmp_path / "shared"
    ring.share(path)
    assert path.read_bytes() == KEY.hex().encode() + b"\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_shared(path) == KEY
    with pytest.raises(ConfigError, match="the file exists already") as wrong:
        ring.share(path)
    assert wrong.value.where == "shared"
    for said in (b"", KEY.hex().encode()[2:], KEY.hex().encode() + b"00", b"zz", b"\xff"):
        path.write_bytes(said)
        with pytest.raises(ConfigError, match="no id key of a network") as wrong:
            read_shared(path)
        assert (wrong.value.where, wrong.value.do) == (
            "shared", "write one with: fanal key share FILE",
        )  # fmt: skip
    with pytest.raises(ConfigError):
        read_shared(tmp_path / "none")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_an_id_key_has_32_bytes(tmp_path, size) -> None:
    with pytest.raises(ConfigError, match="an id key has 32 bytes") as wrong:
        KeyRing(tmp_path / "other", bytes(size))
    assert wrong.value.where == "id.key"
    assert not (tmp_path / "other").exists()


def test_keys_are_made_once_and_opened_afterwards(ring, tmp_path) -> None:
    assert KeyRing(ring.folder, KEY).id_key == KeyRing(ring.folder).id_key == KEY
    with pytest.raises(ConfigError, match="another id key is in this folder already") as wrong:
        KeyRing(ring.folder, bytes(32))
    assert wrong.value.where == "id.key"
    with pytest.raises(ConfigError, match="keys are here already") as wrong:
        KeyRing.create(ring.folder)
    assert (wrong.value.where, wrong.value.do) == (str(ring.folder), "open them instead")
    deep = KeyRing.create(tmp_path / "a" / "b")
    assert len(deep.id_key) == 32 and deep.id_key != KEY
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


def test_a_half_made_folder_is_finished_with_the_master_key_that_is_there(tmp_path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "master.key").write_bytes(KEY)
    assert KeyRing(folder, KEY).id_key == KEY
    assert (folder / "master.key").read_bytes() == KEY


def test_a_folder_whose_keys_lie_in_a_backup_makes_no_new_ones(tmp_path) -> None:
    (tmp_path / AWAITED).touch()
    with pytest.raises(StorageError, match="this observatory was restored without its keys") as no:
        KeyRing(tmp_path)
    assert no.value.where == str(tmp_path) and "fanal restore --keys KEYS.tar" in no.value.do
    assert not (tmp_path / "id.key").exists()


@pytest.mark.parametrize("content", [None, b"", bytes(31), bytes(33)])
def test_a_master_key_that_is_none_says_so(ring, content) -> None:
    path = ring.folder / "master.key"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(StorageError, match="the master key is missing or damaged") as wrong:
        KeyRing(ring.folder)
    assert wrong.value.where == "master.key" and "take every re-imported document" in wrong.value.do
    with pytest.raises(StorageError):  # before anything is changed
        ring.destroy("lille", 2024)
    assert not (ring.folder / "person").exists()


def test_what_is_wrong_with_a_folder_is_told_by_file(ring, tmp_path, monkeypatch) -> None:
    ring.author("lille", 2024, "x")
    assert ring.check() == []
    person = ring.folder / "person"
    (ring.folder / "id.key").chmod(0o640)
    person.chmod(0o701)
    (ring.folder / "old.new").touch(0o600)
    (person / "lille" / "2024.key").write_bytes(b"short")
    assert ring.check() == [
        "keys/id.key: mode 0640; do: chmod 600",
        "keys/old.new: left by a stopped write; it can be removed",
        "keys/person: mode 0701; do: chmod 700",
        *[line for line in ring.check() if "not wrapped by this master key" in line],
    ]
    assert "person/lille/2024.key" in ring.check()[-1] and len(ring.check()) == 4
    (ring.folder / "master.next").write_bytes(KEY)
    (ring.folder / "master.next").chmod(0o600)
    (ring.folder / "away").symlink_to(tmp_path / "none")
    said = ring.check()
    assert "a rotation is unfinished; the next command finishes it" in said
    assert "keys/away: a link; keys must lie in their folder itself" in said
    assert not any("another account" in line for line in said)
    monkeypatch.setattr(os, "getuid", lambda: -1)
    assert "keys: belongs to another account" in ring.check()
    assert "keys/id.key: belongs to another account" in ring.check()


def test_a_key_that_cannot_be_read_says_which(ring) -> None:
    (ring.folder / "id.key").unlink()
    with pytest.raises(StorageError, match="cannot be read") as wrong:
        ring._unwrap(ring.folder / "id.key")
    assert wrong.value.where == "id.key"


def test_authors_of_a_year_are_its_own_and_stay(ring) -> None:
    one = ring.author("lille", 2024, "x")
    again = KeyRing(ring.folder)
    assert again.author("lille", 2024, "x") == one != again.author("lille", 2025, "x")
    again.destroy("lille", 2024)
    assert again.author("lille", 2024, "x") is None
    assert KeyRing(ring.folder).author("lille", 2024, "y") is None


def test_what_is_shredded_is_overwritten_first(ring, tmp_path, monkeypatch) -> None:
    path, seen = tmp_path / "secret", []
    path.write_bytes(b"secret bytes")
    monkeypatch.setattr(type(path), "unlink", lambda self, **_: seen.append(self.read_bytes()))
    pseudonyms._shred(path)
    assert len(seen[0]) == 12 and seen[0] != b"secret bytes"
    pseudonyms._shred(tmp_path / "none")
    assert len(seen) == 1
