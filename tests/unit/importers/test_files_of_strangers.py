"""What a file is, of files that nobody had seen: read whole, or refused by what was seen in it."""

import base64
import time
import tomllib
from pathlib import Path

import pytest

from fanal.door.raw import RawDocument, RawSample
from fanal.errors import ImporterError
from fanal.importers import identify
from fanal.importers.transcripts import Transcripts

FILES = tomllib.loads(Path(__file__).with_name("files_of_strangers.toml").read_text("utf-8"))
REFUSED = [file for file in FILES["file"] if "refused" in file]
READ = [file for file in FILES["file"] if "read" in file]


def written(folder, file):
    path = folder / file["name"]
    content = base64.b64decode(file["base64"]) if "base64" in file else file["text"].encode()
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file["name"])
def test_what_nobody_reads_is_refused_by_what_it_is(tmp_path, file):
    path = written(tmp_path, file)
    with pytest.raises(ImporterError) as told:
        list(identify(path)().extract(path))  # a table may be refused by who reads tables
    words = file["refused"]
    assert not words or any(word.casefold() in str(told.value).casefold() for word in words)
    assert told.value.do
    # names are in none of it
    assert not any(
        name in str(told.value) for name in ("Karim", "karim", "Sophie", "0639", "06 39")
    )


@pytest.mark.parametrize("file", READ, ids=lambda file: file["name"])
def test_what_somebody_reads_is_read_whole(tmp_path, file):
    path = written(tmp_path, file)
    kind = identify(path)
    assert kind.name == file["read"]
    importer = kind(date="2025-03") if kind is Transcripts else kind()
    rows = [r for r in importer.extract(path) if isinstance(r, RawDocument | RawSample)]
    assert len(rows) == file.get("documents", len(rows)) > 0
    texts = [row.text for row in rows if isinstance(row, RawDocument)]
    assert not [text for text in texts for word in file.get("never", ()) if word in text]


def test_people_whom_the_top_names_are_told_to_the_door(tmp_path):
    path = tmp_path / "e.md"
    path.write_text(
        "---\nauthor: Karim Benali\nteam:\n  - Lou Petit\ntitle: Une maraude\n---\n"
        "Titre : Entretien 7\nRéalisé par Sophie Marchand, transcrit par Paul Martin\n\n"
        "Q : Depuis quand ?\nR : Dix ans.\nQ : À quel prix ?\nR : 60.\n",
        "utf-8",
    )
    rows = [row for row in Transcripts().extract(path) if isinstance(row, RawDocument)]
    assert [row.text for row in rows] == ["Depuis quand ?", "Dix ans.", "À quel prix ?", "60."]
    people = {"Karim Benali", "Lou Petit", "Sophie Marchand", "Paul Martin"}
    assert all(people <= set(row.names) and "Une maraude" not in row.names for row in rows)


def test_the_date_of_front_matter_is_that_of_the_text(tmp_path):
    path = tmp_path / "note.md"
    path.write_text("---\ndate: 2025-03-12T10:00\n---\nLa coke est à 60 ce soir.\n", "utf-8")
    (row,) = (row for row in Transcripts().extract(path) if isinstance(row, RawDocument))
    assert (row.text, row.time.isoformat()[:10]) == ("La coke est à 60 ce soir.", "2025-03-12")


def test_it_is_decided_by_the_head_of_a_file(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("Maraude calme ce soir, la coke est à 60 euros.\n\n" * 200_000, "utf-8")
    started = time.process_time()
    assert identify(path) is Transcripts
    assert time.process_time() - started < 5
