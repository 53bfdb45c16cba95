"""Keys and pseudonyms: stable, apart, and gone when they are destroyed."""

# ruff: noqa: E501
from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.door import pseudonyms
from fanal.door.pseudonyms import KeyRing, canonical, show
from fanal.errors import ConfigError, StorageError

NUMBER = [
    "06 39 98 12 34", "0639981234", "06.39.98.12.34", "06-39-98-12-34", "+33639981234",
    "+33 6 39 98 12 34", "0033 6 39 98 12 34", "+33 (0)6 39 98 12 34", "(+33) 6 39 98 12 34",
    "wa.me/33639981234", "tel:+33639981234", "\u202a+33\u00a06\u00a039\u00a098\u00a012\u00a034\u202c", "０６３９９８１２３４",
]  # fmt: skip
HANDLE = ["@Plug_75", "plug_75", "t.me/plug_75", "https://t.me/Plug_75", "https://www.instagram.com/plug_75/", " PLUG_75 "]  # fmt: skip


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def test_spellings_of_one_author_are_one() -> None:
    assert {canonical(number) for number in NUMBER[:9] + NUMBER[10:]} == {"+33639981234"}
    assert canonical("33639981234") != canonical("0639981235")
    assert {canonical(handle) for handle in HANDLE} == {"plug_75"}
    assert canonical("0470 12 34 56", "BE") == "+32470123456"
    assert canonical("~ Émilie  B.") == canonical("émilie b.")


@pytest.mark.parametrize(
    "prefix",
    [
        "", "@", "~ ", "t.me/", "T.ME/", "telegram.me/", "wa.me/", "instagram.com/", "snapchat.com/add/", "discord.gg/",
        "facebook.com/", "tiktok.com/", "signal.me/#p/", "signal.me/#p/@", "tg://resolve?domain=", "mailto:", "tel:", "https://", "http://",
        "https://www.", "http://t.me/", "https://www.t.me/", "www.snapchat.com/add/", "\u200b@", "\ufeff \u2060",
    ],
)  # fmt: skip
def test_an_author_is_known_without_what_leads_there(prefix: str) -> None:
    for name in ("Plug_75", "PLUG_75 ", "ｐｌｕｇ_75", "plug_75/", "p\u00adlug\u200f_75"):
        assert canonical(prefix + name) == "plug_75"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Straße  Nord", "strasse nord"),
        ("12345678", "+3312345678"),
        ("1234567", "1234567"),
        ("t.me/t.me/x", "t.me/x"),
        ("plug 06 39 98 12 34", "plug 06 39 98 12 34"),
        ("(06) 39-98/12.34", "+33639981234"),
        ("", ""),
        ("@ ~", ""),
    ],
)
def test_what_an_author_is_called(author: str, name: str) -> None:
    assert canonical(author) == name


def test_an_id_as_shown_is_eight_letters_and_its_beginning() -> None:
    identifier = bytes(range(250, 256)) + bytes(10)
    assert show(identifier) == "7l57z7p6"
    assert pseudonyms.prefix_of(show(identifier)) == identifier[:5]
    assert pseudonyms.prefix_of(" 7L57Z7P6\n") == identifier[:5]
    for wrong in ("", "7l57z7p", "7l57z7p6aaaaaaaa", "7l57z7p!", "00000000"):
        with pytest.raises(ConfigError, match="not an id as shown"):
            pseudonyms.prefix_of(wrong)


def test_ids_are_stable_apart_and_16_bytes(ring: KeyRing) -> None:
    again = KeyRing(ring.folder)
    assert ring.document_ids("s", ["c"], ["1"])[0] == again.document_ids("s", ["c"], ["1"])[0]
    ids = [
        ring.document_ids("s", ["c"], ["1"])[0], ring.document_ids("sc", [""], ["1"])[0], ring.document_ids("s", ["c1"], [""])[0],
        ring.thread_id("s", "c"), ring.file_id("sc"), ring.digest("sc"), ring.channel_id("c"),
        ring.fallback_id("s", "c", "1", None, "", 0), ring.media_hash(b"sc"),
        ring.author("a", 2024, "x"), ring.author("b", 2024, "x"), ring.author("a", 2025, "x"), ring.author("a", 2024, "y"),
    ]  # fmt: skip
    assert len(set(ids)) == len(ids)
    assert all(isinstance(one, bytes) and len(one) == 16 for one in ids)
    assert show(ids[0]) == show(ids[0]).lower() and len(show(ids[0])) == 8


def test_another_observatory_gives_other_ids_unless_it_is_of_the_network(tmp_path: Path) -> None:
    one, two = KeyRing(tmp_path / "a"), KeyRing(tmp_path / "b")
    three = KeyRing.create(tmp_path / "c", one.id_key)
    assert one.document_ids("s", ["c"], ["1"])[0] != two.document_ids("s", ["c"], ["1"])[0]
    assert one.document_ids("s", ["c"], ["1"])[0] == three.document_ids("s", ["c"], ["1"])[0]
    assert one.author("lille", 2024, "x") != three.author("lille", 2024, "x")
    with pytest.raises(ConfigError):
        KeyRing.create(tmp_path / "c", one.id_key)
    with pytest.raises(ConfigError):
        KeyRing(tmp_path / "a", two.id_key)


def test_files_are_private_and_keys_are_wrapped(ring: KeyRing) -> None:
    ring.author("lille", 2024, "x")
    assert ring.check() == []
    assert {path.relative_to(ring.folder).as_posix() for path in ring.folder.rglob("*.key")} == {
        "id.key", "master.key", "person/lille/2024.key",
    }  # fmt: skip
    assert ring.id_key not in (ring.folder / "id.key").read_bytes()
    (ring.folder / "id.key").chmod(0o644)
    (ring.folder / "person").chmod(0o755)
    assert [line.partition(": ")[2] for line in ring.check()] == [
        "mode 0644; do: chmod 600", "mode 0755; do: chmod 700",
    ]  # fmt: skip


def test_rotation_changes_the_wrapping_and_nothing_else(ring: KeyRing, tmp_path: Path) -> None:
    author, document = ring.author("lille", 2024, "x"), ring.document_ids("s", ["c"], ["1"])[0]
    backup = tmp_path / "backup"
    shutil.copytree(ring.folder, backup)
    ring.rotate()
    again = KeyRing(ring.folder)
    assert again.author("lille", 2024, "x") == author
    assert again.document_ids("s", ["c"], ["1"])[0] == document
    # an old wrapped key under the new master key opens no more
    shutil.copy(backup / "person/lille/2024.key", ring.folder / "person/lille/2024.key")
    with pytest.raises(StorageError, match="not wrapped"):
        KeyRing(ring.folder).author("lille", 2024, "x")
    assert any("not wrapped" in line for line in ring.check())


class Killed(BaseException):
    """As good as kill -9: nothing catches it."""


def _stopped_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def counted(real: object) -> object:
        def call(*args: object, **options: object) -> object:
            nonlocal count
            count += 1
            if count == step:
                raise Killed
            return real(*args, **options)  # type: ignore[operator]

        return call

    for owner, name in (
        (os, "open"),
        (os, "write"),
        (os, "fsync"),
        (Path, "replace"),
        (Path, "unlink"),
    ):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))


@pytest.mark.parametrize("verb", ["rotate", "destroy"])
def test_stopped_at_any_step_the_next_start_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    first = KeyRing(tmp_path / "keys")
    kept = {year: first.author("lille", year, "x") for year in (2022, 2023, 2024)}
    document = first.document_ids("s", ["c"], ["1"])[0]
    finished = False
    for step in range(1, 200):
        folder = tmp_path / f"at{step}"
        shutil.copytree(first.folder, folder)
        ring = KeyRing(folder)
        with monkeypatch.context() as patched:
            _stopped_at(step, patched)
            try:
                ring.rotate() if verb == "rotate" else ring.destroy("lille", 2023)
                finished = True
            except Killed:
                pass
        again = KeyRing(folder)
        assert again.document_ids("s", ["c"], ["1"])[0] == document
        assert again.author("lille", 2022, "x") == kept[2022]
        assert again.author("lille", 2024, "x") == kept[2024]
        assert again.author("lille", 2023, "x") in (
            (kept[2023],) if verb == "rotate" else (kept[2023], None)
        )
        assert not (folder / "master.next").exists()
        shutil.rmtree(folder)
        if finished:
            break
    assert finished and step > 10


def test_after_destroying_a_year_no_known_author_can_be_linked(
    ring: KeyRing, tmp_path: Path
) -> None:
    known = [canonical(f"06 39 98 {n // 100:02d} {n % 100:02d}") for n in range(10_000)]
    stored = {ring.author("lille", 2023, name) for name in known}
    ring.author("lille", 2024, known[0])
    backup = tmp_path / "backup.key"
    shutil.copy(ring.folder / "person/lille/2023.key", backup)
    ring.destroy("lille", 2023)
    # Whoever has the whole disk tries every key there is, in every domain, and a restored file.
    shutil.copy(backup, ring.folder / "person/lille/2023.key")
    attacker = KeyRing(ring.folder)
    linked = 0
    for name in known:
        tries = (
            attacker.author("lille", 2023, name), attacker.author("lille", 2024, name),
            attacker.digest(name), attacker.file_id(name), attacker.channel_id(name), attacker.thread_id("", name),
        )  # fmt: skip
        linked += any(one in stored for one in tries)
    assert linked == 0
    assert attacker.author("lille", 2023, "anyone") is None
    assert not (ring.folder / "person/lille/2023.key").exists()
    assert attacker.years() == [("lille", 2023, True), ("lille", 2024, False)]


def test_a_lost_master_key_says_what_it_means(ring: KeyRing) -> None:
    (ring.folder / "master.key").unlink()
    with pytest.raises(StorageError, match="put it back"):
        KeyRing(ring.folder)
    (ring.folder / "master.key").write_bytes(bytes(32))
    with pytest.raises(StorageError, match="not wrapped"):
        KeyRing(ring.folder)


def test_id_key_gone_is_not_replaced_silently(ring: KeyRing) -> None:
    ring.author("lille", 2024, "x")
    (ring.folder / "id.key").unlink()
    with pytest.raises(StorageError, match=r"id\.key is missing"):
        KeyRing(ring.folder)


def test_site_names_cannot_leave_the_folder(ring: KeyRing) -> None:
    for site in ("..", "a/b", "", "../x", "a\0", ".a", "a=b"):
        with pytest.raises(ConfigError):
            ring.author(site, 2024, "x")


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_canonical_is_idempotent(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once or once.startswith("+") or not once


def test_parts_cannot_be_confused() -> None:
    assert pseudonyms._parts("ab", "c") != pseudonyms._parts("a", "bc")
