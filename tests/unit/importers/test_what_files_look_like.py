"""Files that looked like something else: arrays, tables under a title, chats that nobody knows."""

import json

import pytest

from fanal.door.raw import RawDocument
from fanal.errors import ImporterError
from fanal.importers import UnreadError, identify
from fanal.importers.base import Issue
from fanal.importers.indicators import Indicators
from fanal.importers.tables import Tables
from fanal.importers.transcripts import Transcripts


def write(folder, text, name="f.txt"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def texts(rows):
    return [row.text for row in rows if isinstance(row, RawDocument)]


POSTS = [{"id": n, "date": f"2026-05-0{n}", "text": f"coke à {50 + n}"} for n in range(1, 4)]


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_of_posts(tmp_path, indent):
    path = write(tmp_path, json.dumps(POSTS, indent=indent), "posts.json")
    assert identify(path) is Tables
    assert texts(Tables().extract(path)) == ["coke à 51", "coke à 52", "coke à 53"]


def test_an_array_of_no_posts_is_no_text(tmp_path):
    path = write(tmp_path, "[\n  [1, 2],\n  [3, 4]\n]")
    with pytest.raises(UnreadError, match="the file is JSON of an unknown program"):
        identify(path)


TABLE = "Date;Texte;Auteur\n" + "".join(
    f"0{n}/05/2026;message {n} sur la coke;Kev{n}\n" for n in range(1, 5)
)


@pytest.mark.parametrize(
    "above", ["Relevé de veille;;\n", "Relevé de veille\nExtrait le 01/06/2026\n\n", "Titre\n;;\n"]
)
def test_a_title_above_a_header(tmp_path, above):
    path = write(tmp_path, above + TABLE + "Source : veille\n", "veille.csv")
    assert identify(path) is Tables
    rows = list(Tables(date_order="dmy").extract(path))
    assert texts(rows) == [f"message {n} sur la coke" for n in range(1, 5)]


def test_a_title_above_an_official_table(tmp_path):
    text = "Tableau 2 : Saisies (en kg);;;\nDépartement;2022;2023;2024\nNord;1.234;1.300;999\n"
    path = write(tmp_path, text + "Rhône;12;–;8\nParis;1 234,5;n.d.;1 500\nNote : provisoire;;;\n")
    assert identify(path) is Indicators
    rows = list(Indicators().extract(path))
    assert not [r for r in rows if isinstance(r, Issue)]
    figures = [r for r in rows if not hasattr(r, "rule")]
    assert [f.value for f in figures] == [1234, 1300, 999, 12, None, 8, 1234.5, None, 1500]
    assert {f.unit for f in figures} == {"kg"}


@pytest.mark.parametrize(
    "line",
    [
        "[18:05, 0{n}/03/2026] Mia: salut {n}",
        "02-12-18 22:5{n}:45 Ewout: salut {n}",
        "24/3/14, 13:5{n}: Lena Roth: salut {n}",
        "{n} mars 2016, 18:05 - Mia: salut {n}",
        "Mar {n}, 2016, 6:05 PM - Mia: salut {n}",
        "2026-03-0{n}T18:05 Mia : salut {n}",
    ],
)
def test_a_chat_that_nobody_knows_is_read_by_its_lines(tmp_path, line):
    path = write(tmp_path, "\n".join(line.format(n=n) for n in range(1, 5)))
    rows = [r for r in Transcripts(date_order="dmy").extract(path) if isinstance(r, RawDocument)]
    assert [row.text for row in rows] == ["salut 1", "salut 2", "salut 3", "salut 4"]
    assert {row.author for row in rows} == {f"{path.stem}: {rows[0].names[0]}"}
    assert {row.time.month for row in rows} in ({3}, {12})


@pytest.mark.parametrize(
    "text",
    [
        "[00:12:40] Karim : la keta est à trente\n[00:12:50] Nadia : oui\n[00:13:00] Karim : bon\n",
        "12/03/2026 14h30\nMaraude à la gare.\n\n19/03/2026 15h00\nRien de neuf.\n",
        (
            "Le 12 mars 2026 à 18h30, Paul dit : rien.\nIl pleuvait.\nLa suite fut calme.\nFin.\n"
            "Personne.\nRien.\n"
        ),
    ],
)
def test_interviews_and_notebooks_are_still_read(tmp_path, text):
    assert texts(Transcripts().extract(write(tmp_path, text)))


def test_a_table_without_a_header_is_no_prose(tmp_path):
    path = write(tmp_path, "".join(f"Karim;coke;{n};60\n" for n in range(4)))
    with pytest.raises(ImporterError, match="looks like a table"):
        list(Transcripts().extract(path))


def test_a_transcript_of_otranscribe(tmp_path):
    html = (
        '<p>Date : 12 mars 2026</p><p><span class="timestamp" data-timestamp="12.5">00:12</span>'
        'Enquêteur : et les prix ?</p><p><span class="timestamp" data-timestamp="15">00:15</span>'
        "Karim&nbsp;: la keta est à trente euros.<br>Enquêteur : merci.</p><p>Karim : de rien.</p>"
    )
    path = write(tmp_path, json.dumps({"text": html, "media": "x.mp3", "media-time": 15}), "e.otr")
    assert identify(path) is Transcripts
    rows = [row for row in Transcripts().extract(path) if isinstance(row, RawDocument)]
    assert [row.text for row in rows] == [
        "et les prix ?", "la keta est à trente euros.", "merci.", "de rien.",
    ]  # fmt: skip
    assert {name for row in rows for name in row.names} == {"Karim"}
    assert rows[0].time.isoformat() == "2026-03-12"
