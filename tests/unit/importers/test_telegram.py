"""Telegram exports: shapes, offsets, parts, and what must never come out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.door.raw import RawDocument
from fanal.errors import ConfigError, ImporterError
from fanal.importers.base import Issue, Skipped
from fanal.importers.reading import json_blocks
from fanal.importers.telegram import Telegram


def message(number: int, text: object = "bonjour", **more: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "message",
        "date": "2024-03-01T10:00:00",
        "date_unixtime": str(1_709_283_600 + number),
        "from": f"Personne {number}",
        "from_id": f"user{number}",
        "text": text,
        **more,
    }


def chat(messages: list[dict[str, object]], kind: str = "public_channel", **more: object) -> dict:
    return {"name": "Verger", "type": kind, "id": 5, **more, "messages": messages}


def save(path: Path, content: object, **layout: object) -> Path:
    layout = {"indent": 1, "ensure_ascii": False, **layout}
    path.write_text(json.dumps(content, **layout), "utf-8")
    return path


def documents(path: Path, **parameters: object) -> list[RawDocument]:
    return [r for r in Telegram(**parameters).extract(path) if isinstance(r, RawDocument)]


LAYOUTS = {
    "as Telegram": {"indent": 1},
    "two spaces": {"indent": 2},
    "tabs": {"indent": "\t"},
    "minified": {"indent": None, "separators": (",", ":")},
    "one line": {"indent": None},
    "sorted": {"indent": 1, "sort_keys": True},
    "escaped": {"indent": 1, "ensure_ascii": True},
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("account", [False, True])
def test_every_layout_reads_alike(tmp_path, monkeypatch, layout, line_end, account):
    monkeypatch.setattr(json_blocks, "CHUNK", 700)
    content = chat([message(n, f'texte {n} {{ ] }}, "é" 🍏\n[') for n in range(1, 40)])
    if account:
        private = chat([message(1, "privé")], "personal_chat")
        contacts = {"list": [{"first_name": "Secret", "phone_number": "0639980001"}]}
        content = {"contacts": contacts, "chats": {"about": "", "list": [private, content]}}
    path = save(tmp_path / "result.json", content, **layout)
    path.write_bytes(path.read_bytes().replace(b"\n", line_end.encode()))
    found = documents(path)
    assert Telegram().identify(path)
    assert [row.text for row in found] == [f'texte {n} {{ ] }}, "é" 🍏\n[' for n in range(1, 40)]
    assert [row.record for row in found] == list(range(1 + account, 40 + account))
    assert {row.chat for row in found} == {"5"}
    parts = Telegram().parts(path, 1500)
    again = [r for part in parts for r in Telegram().extract_part(path, part)]
    assert [r.record for r in again if isinstance(r, RawDocument)] == [r.record for r in found]


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["plain", "bold", "phone", "email", "mention", "bank_card", "link"]),
            st.text(min_size=1, max_size=12),
        ),
        max_size=8,
    )
)
def test_hints_stand_where_the_text_has_them(tmp_path_factory, stretches):
    text = [part if kind == "plain" else {"type": kind, "text": part} for kind, part in stretches]
    entities = [{"type": kind, "text": part} for kind, part in stretches]
    folder = tmp_path_factory.mktemp("hints")
    path = save(folder / "r.json", chat([message(1, text or "x", text_entities=entities)]))
    (row,) = documents(path)
    marked = [part for kind, part in stretches if kind not in ("plain", "bold")]
    assert [row.text[hint.start : hint.stop] for hint in row.hints] == marked


def test_hints_come_from_entities_where_the_text_is_a_string(tmp_path):
    entities = [{"type": "plain", "text": "au "}, {"type": "phone", "text": "06 39 98 00 01"}]
    good = message(1, "au 06 39 98 00 01", text_entities=entities)
    other = message(2, "tout autre texte", text_entities=entities)
    first, second = documents(save(tmp_path / "r.json", chat([good, other])))
    assert first.hints == ((3, 17, "phone"),)
    assert second.hints == ()


@pytest.mark.parametrize("escape", [r"\x0B", r"\x1f", r"a\\\x0Bb"])
def test_control_characters_are_repaired(tmp_path, escape):
    path = save(tmp_path / "r.json", chat([message(1, "AVANT@APRÈS")]))
    path.write_text(path.read_text("utf-8").replace("@", escape), "utf-8")
    (row,) = documents(path)
    assert row.text.startswith("AVANT")
    assert any(ord(letter) < 32 for letter in row.text)
    minified = tmp_path / "m.json"
    minified.write_text(path.read_text("utf-8").replace("\n", " "), "utf-8")
    assert [r.text for r in documents(minified)] == [row.text]


def test_an_escaped_backslash_before_x_is_text(tmp_path):
    (row,) = documents(save(tmp_path / "r.json", chat([message(1, r"C:\x41 et \\x0B")])))
    assert row.text == r"C:\x41 et \\x0B"


@pytest.mark.parametrize(
    "kind", ["private_group", "personal_chat", "bot_chat", "saved_messages", "private_channel"]
)
def test_one_private_chat_is_refused_with_the_reason(tmp_path, kind):
    path = save(tmp_path / "r.json", chat([message(1, "secret")], kind))
    with pytest.raises(ImporterError, match="not public") as caught:
        documents(path)
    assert "allow" in caught.value.do
    assert documents(path, allow=["public_channel", kind])[0].text == "secret"


def test_an_unknown_type_in_allow_names_the_known_ones():
    with pytest.raises(ConfigError, match="public_channel"):
        Telegram(allow=("public",))


def test_nothing_of_the_exporter_comes_out(tmp_path):
    secrets = ("Exportatrice", "0639980099", "192.0.2.9", "biographie")
    content = {
        "personal_information": {"first_name": secrets[0], "phone_number": secrets[1]},
        "contacts": {"list": [{"first_name": secrets[0], "phone_number": secrets[1]}]},
        "sessions": {"list": [{"last_ip": secrets[2]}]},
        "other_data": {"messages": [{"id": 1, "type": "message", "text": secrets[3]}]},
        "chats": {"list": [chat([message(1, "public")]), chat([message(2)], "personal_chat")]},
    }
    for layout in LAYOUTS.values():
        path = save(tmp_path / "r.json", content, **layout)
        rows = list(Telegram().extract(path))
        told = " ".join(
            str([getattr(row, slot) for slot in row.__slots__]) if hasattr(row, "__slots__") else ""
            for row in rows
        )
        assert "public" in told
        assert not any(secret in told for secret in secrets)
        assert sum(r.count for r in rows if isinstance(r, Skipped)) == 1


def test_a_damaged_message_is_one_issue(tmp_path):
    path = save(tmp_path / "r.json", chat([message(n) for n in range(1, 10)]))
    path.write_text(path.read_text("utf-8").replace('"id": 4,', '"id": 4!'), "utf-8")
    rows = list(Telegram().extract(path))
    assert [r.record for r in rows if isinstance(r, Issue)] == [4]
    assert [r.record for r in rows if isinstance(r, RawDocument)] == [1, 2, 3, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_cut_file_gives_what_is_whole_and_names_the_record(tmp_path, layout):
    path = save(tmp_path / "r.json", chat([message(n, "x" * 100) for n in range(1, 400)]), **layout)
    path.write_bytes(path.read_bytes()[:-3_000])
    found: list[object] = []
    with pytest.raises(ImporterError, match=r"record \d+"):
        found.extend(Telegram().extract(path))
    if layout != LAYOUTS["sorted"]:
        assert len(found) > 300


def test_a_picture_beside_the_file_is_read_and_none_outside(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "1.jpg").write_bytes(b"picture")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    folder = tmp_path / "photos"
    path = save(
        folder / "r.json", chat([message(1, photo="1.jpg"), message(2, photo="../secret.jpg")])
    )
    assert [row.media for row in documents(path)] == [b"picture", None]
    assert [row.media for row in documents(path, pictures=False)] == [None, None]


def test_exact_time_is_preferred_and_local_time_has_no_zone(tmp_path):
    local = {"id": 2, "type": "message", "date": "2019-05-01T12:00:00", "text": "x"}
    exact, old = documents(save(tmp_path / "r.json", chat([message(1), local])))
    assert exact.time == datetime(2024, 3, 1, 9, 0, 1, tzinfo=UTC)
    assert old.time == datetime(2019, 5, 1, 12)  # noqa: DTZ001
