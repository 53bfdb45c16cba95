"""Whom an export lists beside its messages goes to the door with every message: Slack."""

import json
import zipfile

import pytest

from fanal.importers import files_in
from fanal.importers.base import RawDocument
from fanal.importers.tables import Tables

USERS = [
    {"id": "U111AAAAA", "name": "zorg59", "real_name": "Nadège Brumelk",
     "profile": {"real_name": "Nadège Brumelk", "display_name": "Zorglinette"}},
    {"id": "U222BBBBB", "name": "vorgulas.a", "real_name": "Arsène Vorgulas"},
    {"id": "U333CCCCC", "name": "autre", "real_name": "Firmin Quelquun"},
]  # fmt: skip
DAY = [
    {"type": "message", "user": "U111AAAAA", "ts": "1740830400.000100", "text": "vu Vorgulas hier"},
    {"type": "message", "user": "U222BBBBB", "ts": "1740830500.000100", "text": "coke à 60"},
    {"type": "message", "user": "U999ZZZZZ", "ts": "1740830600.000100", "text": "zorglinette ?",
     "user_profile": {"real_name": "Lubin Marvalou", "display_name": ""}},
]  # fmt: skip
NAMES = [
    ("U111AAAAA", "zorg59", "Nadège Brumelk", "Zorglinette", "Arsène Vorgulas"),
    ("U222BBBBB", "vorgulas.a", "Arsène Vorgulas"),
    ("U999ZZZZZ", "Lubin Marvalou", "Zorglinette"),
]


def named(path):
    files = [file for file, _ in files_in(path) if file.name == "2025-03-01.json"]
    return [set(r.names) for r in Tables().extract(files[0]) if isinstance(r, RawDocument)]


@pytest.mark.parametrize("folder", ["", "Export du 3 mars/"])
def test_people_of_an_archive(tmp_path, folder):
    path = tmp_path / "slack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{folder}general/2025-03-01.json", json.dumps(DAY))
        archive.writestr(f"{folder}users.json", json.dumps(USERS))
    assert named(path) == list(map(set, NAMES))


def test_people_of_a_folder(tmp_path):
    (tmp_path / "general").mkdir()
    (tmp_path / "general" / "2025-03-01.json").write_text(json.dumps(DAY), "utf-8")
    (tmp_path / "users.json").write_text(json.dumps(USERS), "utf-8")
    assert named(tmp_path) == list(map(set, NAMES))


@pytest.mark.parametrize("other", ["[1, 2]", "{}", "no JSON", '[{"id": 5, "name": "Lou"}]'])
def test_another_file_of_that_name_lists_nobody(tmp_path, other):
    (tmp_path / "2025-03-01.json").write_text(json.dumps(DAY[:2]), "utf-8")
    (tmp_path / "users.json").write_text(other, "utf-8")
    assert named(tmp_path) == [{"U111AAAAA"}, {"U222BBBBB"}]
