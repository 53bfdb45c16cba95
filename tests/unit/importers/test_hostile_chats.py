"""Files made to hurt: every one is refused or read, in little time and memory, and says where."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from fanal.errors import ImporterError
from fanal.importers.discord import Discord
from fanal.importers.fourcat import FourCat
from fanal.importers.instagram import Instagram
from fanal.importers.signal import Signal
from fanal.importers.telegram import Telegram
from fanal.importers.whatsapp.chats import WhatsApp

MIB = 1 << 20
LONG = b"x" * (24 * MIB)
DEEP = b"[" * 10_000 + b"]" * 10_000
CHAT = b'{\n "name": "x",\n "type": "public_channel",\n "id": 1,\n "messages": [\n  '
ONE = b'{\n   "id": 1,\n   "type": "message",\n   "date_unixtime": "1709283600",\n   "text": '
MINIFIED = (
    b'{"type":"public_channel","id":1,"messages":[{"id":1,"type":"message","text":"a","poll":'
)
FOURCAT = b"id,thread_id,timestamp,unix_timestamp,body,author"
LINE = b"13/02/2024, 09:12 - A: "

CASES = {
    "one long text": (Telegram, CHAT + ONE + b'"' + LONG + LONG + b'"\n  }\n ]\n}'),
    "one long text, minified": (Telegram, MINIFIED + b'"' + LONG + b'"}]}'),
    "a deep message": (Telegram, CHAT + ONE + b'"a", "poll": ' + DEEP + b"\n  }\n ]\n}"),
    "a deep message, minified": (Telegram, MINIFIED + DEEP + b"}]}"),
    "only openings": (Telegram, b'{"a":' * 100_000),
    "only arrays": (Telegram, b"[" * 200_000),
    "only separators": (Telegram, CHAT + b"{" + b"\n  }," * 50_000 + b"\n  }\n ]\n}"),
    "only spaces": (Telegram, b'{\n "messages": [' + b" " * (24 * MIB) + b"]}"),
    "only line ends": (Telegram, CHAT + b"{" + b"\n" * (40 * MIB)),
    "a number of a million digits": (Telegram, MINIFIED + b"9" * MIB + b"}]}"),
    "a long line": (WhatsApp, LINE + LONG + b"\n" + LINE + b"b\n"),
    "a long message": (WhatsApp, LINE + b"b\n" + b"xxxxxxxxx\n" * 120_000),
    "colons": (WhatsApp, LINE + b"b\n" + LINE + b"a:" * 300_000),
    "angles": (WhatsApp, LINE + b"b\n" + LINE + b"<a" * MIB),
    "NUL": (WhatsApp, LINE + b"a\0b\n" + b"\0" * (24 * MIB)),
    "impossible dates": (WhatsApp, b"77/88/2024, 09:12 - A: b\n" * 1000),
    "many shapes": (WhatsApp, b"".join(b"%d.1.2024, 9:12 - A: b\n" % (n % 99) for n in range(999))),
    "brackets": (Signal, b"[2024-02-18, 12:01] A: " + b"[a](" * 100_000),
    "stickers": (Signal, b"[2024-02-18, 12:01] A: " + b"\n(( " * 50_000),
    "a long cell": (FourCat, FOURCAT + b'\n1,1,2024-01-01,1709283600,"' + LONG + b'",a\n'),
    "an open quote": (FourCat, FOURCAT + b'\n1,1,2024-01-01,1709283600,"' + b"xxxxxxx\n" * 560_000),
    "columns": (
        FourCat,
        FOURCAT + b",c" * 100_000 + b"\n1,1,2024-01-01,1709283600,x,a" + b"," * 100_000,
    ),
    "deep lines": (FourCat, b'{"id":1,"thread_id":1,"timestamp":0,"body":"a"}\n{"a":' + DEEP),
    "a long content": (Instagram, b'{"messages":[{"content":"' + LONG + b'"}]}'),
    "deep embeds": (
        Discord,
        b'{"guild":{"id":"1"},"channel":{"id":"2"},"messages":[{"embeds":' + DEEP + b"}]}",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_hostile(tmp_path: Path, case: str) -> None:
    kind, content = CASES[case]
    path = tmp_path / "file"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        kind().identify(path)
        for _ in kind().extract(path):
            pass
    except ImporterError as error:
        assert error.what and error.do
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 256 * MIB


def archive(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "members",
    [
        {"_chat.txt": LINE + b"a\n" + b"\0" * (200 * MIB)},
        {"_chat.txt": LINE + b"a\n", "../../outside.txt": b"x"},
        {"_chat.txt": LINE + b"a\n", "/etc/outside.txt": b"x"},
        {"_chat.txt": LINE + b"a\n", "C:\\outside.txt": b"x"},
        {"other.txt": b"no chat"},
        {},
    ],
    ids=["bomb", "traversal", "absolute", "drive", "no chat", "empty"],
)
def test_hostile_archives(tmp_path: Path, members: dict[str, bytes]) -> None:
    path = archive(tmp_path / "inside" / "x.zip" if False else tmp_path / "x.zip", members)
    before = sorted(tmp_path.parent.rglob("*"))
    assert not WhatsApp().identify(path)
    with pytest.raises(ImporterError):
        list(WhatsApp().extract(path))
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_an_archive_that_lies_about_sizes(tmp_path: Path) -> None:
    content = LINE + b"a\n" + LINE + b"b\n" * (20 * MIB)
    path = archive(tmp_path / "x.zip", {"_chat.txt": content})
    size = len(content).to_bytes(4, "little")
    assert path.read_bytes().count(size) == 2
    path.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))
    with pytest.raises(ImporterError):
        list(WhatsApp().extract(path))


def test_a_record_larger_than_any_message_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CHAT + b"{" + b"\n" * (33 * MIB))
    with pytest.raises(ImporterError, match=r"^record 1: a record is larger than 32 MiB"):
        list(Telegram().extract(path))
