"""Who writes in a thread is masked in all of it, in what was written long before too."""

import json
import zipfile

import pytest
from command_line import said

from fanal.stages.ingest import files
from fanal.workspace import Workspace

SOURCE = """
name = "groupe"
title = "INVENTED"
publisher = "essai"
kind = "public posts"
site = "lille"
legal_basis = "essai"
invented = true
"""
MANY = 20_000
LATE = 15_000  # the message with which somebody begins to write
NAMED = {
    10: "zorglin est là ce soir",
    8_500: "Zorglin, t'es où",
    9_000: "brumelk est là ce soir",  # who never writes
    19_000: "merci zorglin",
}
TEXTS = """
SELECT position, text, version FROM current_documents WHERE text NOT LIKE 'message %' ORDER BY 1
"""
MASKED = [
    (10, "[name] est là ce soir", 1),
    (8_500, "[name], t'es où", 1),
    (9_000, "brumelk est là ce soir", 1),
    (19_000, "merci [name]", 1),
]


def export(path, messages=MANY):
    """Write a group of Telegram, in which one of two hundred begins to write late."""
    made = [
        {
            "id": number,
            "type": "message",
            "date": "2026-05-22T10:00:00",
            "date_unixtime": str(1_779_436_800 + 60 * number),
            "from": "Zorglin" if number == LATE else f"Membre{number % 200}",
            "from_id": "user9999" if number == LATE else f"user{number % 200}",
            "text": NAMED.get(number, f"message numéro {number}"),
        }
        for number in range(messages)
    ]
    group = {"name": "groupe", "type": "public_supergroup", "id": 7, "messages": made}
    path.write_text(json.dumps(group, ensure_ascii=False), "utf-8")
    return path


@pytest.mark.parametrize("part", [files.PART, 1 << 20])
def test_a_name_that_first_writes_late(tmp_path, monkeypatch, part):
    """In one part of a file, and where the parts of it know nothing of each other."""
    monkeypatch.setattr(files, "PART", part)
    at = tmp_path / "ws"
    with Workspace.create(at, "essai") as workspace:
        workspace.add_source(SOURCE)
    [row] = said("ingest", export(tmp_path / "a.json"), "-s", "groupe", "--dir", at)["rows"]
    assert (row["status"], row["read"], row["documents"]) == ("done", MANY, MANY)
    with Workspace(at) as workspace:
        assert [tuple(r.values()) for r in workspace.tables.rows(TEXTS)] == MASKED
    # the same group a day later says the same of them: nothing is a correction
    again = export(tmp_path / "b.json", MANY + 10)
    [row] = said("ingest", again, "-s", "groupe", "--dir", at)["rows"]
    assert (row["documents"], row["duplicates"], row["replaced"]) == (10, MANY, 0)
    with Workspace(at) as workspace:
        assert [tuple(r.values()) for r in workspace.tables.rows(TEXTS)] == MASKED


VIBER = """Date,Time,Sender name,Phone number,Message
22/05/2026,10:01:00,Zorglin,+33 6 39 98 11 22,salut
23/05/2026,10:02:00,Brumelk,+33 6 39 98 11 23,zorglin est là ce soir
"""
BESIDE = """author_id,author_name,date,text
77120001,Zorglin,2026-05-22,salut
77120002,Brumelk,2026-05-23,zorglin est là ce soir
"""


@pytest.mark.parametrize("text", [VIBER, BESIDE])
def test_a_column_of_names_is_of_who_writes(tmp_path, text):
    """The table that Viber exports, and names beside the ids that are the authors."""
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
    row = said("ingest", tmp_path / "a.csv", "-s", "groupe", "--dir", tmp_path / "ws")["rows"][0]
    assert (row["importer"], row["documents"], row["issues"]) == ("tables", 2, 0)
    query = "SELECT day::VARCHAR AS day, text, author IS NULL AS nobody FROM current_documents"
    with Workspace(tmp_path / "ws") as workspace:
        stored = [tuple(r.values()) for r in workspace.tables.rows(f"{query} ORDER BY 1")]
    assert stored == [
        ("2026-05-22", "salut", False),
        ("2026-05-23", "[name] est là ce soir", False),
    ]


def test_people_whom_an_archive_lists_are_masked_in_its_messages(tmp_path):
    """Slack: messages have ids of people, and how these are called stands in `users.json`."""
    users = [
        {"id": "U111AAAAA", "name": "zorglin59", "profile": {"real_name": "Nadège Brumelk"}},
        {"id": "U222BBBBB", "name": "autre", "real_name": "Arsène Vorgulas"},
    ]
    day = [
        {"type": "message", "user": user, "ts": f"174083{n}400.000100", "text": text}
        for n, (user, text) in enumerate(
            [("U111AAAAA", "coke à 60 chez vorgulas"), ("U222BBBBB", "merci brumelk, mdma à 10")]
        )
    ]
    path = tmp_path / "slack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("general/2025-03-01.json", json.dumps(day))
        archive.writestr("users.json", json.dumps(users))
    at = tmp_path / "ws"
    with Workspace.create(at, "essai") as workspace:
        workspace.add_source(SOURCE)
    told = said("ingest", path, "-s", "groupe", "--dir", at)["rows"]
    assert [(row["documents"], row["skipped"]) for row in told] == [
        (2, {}), (0, {"person of a list": 2}),
    ]  # fmt: skip
    with Workspace(at) as workspace:
        texts = workspace.tables.rows("SELECT text FROM current_documents ORDER BY position")
    assert [row["text"] for row in texts] == [
        "coke à 60 chez [name]", "merci [name], mdma à 10",
    ]  # fmt: skip
