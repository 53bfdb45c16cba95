"""What stands around a text and is none of it: titles, dated ones too, and the edges of pages."""

import json

import pytest

from fanal.door.raw import RawDocument
from fanal.errors import ImporterError
from fanal.importers.reading.printed import without_edges
from fanal.importers.telegram import Telegram
from fanal.importers.transcripts import Transcripts

TALK = "Enquêteur : et les prix ?\nKarim : ça monte.\nEnquêteur : merci.\nKarim : de rien.\n"


def texts(folder, text):
    path = folder / "f.txt"
    path.write_text(text, "utf-8")
    return [row.text for row in Transcripts().extract(path) if isinstance(row, RawDocument)]


@pytest.mark.parametrize(
    ("above", "kept"),
    [
        ("Entretien avec un usager", False), ("Focus group\nLille, mars", False),
        ("on commence", True), ("Bonjour à tous", True), ("Je lance l'enregistrement", True),
        ("C'est bon pour le son", True), ("So I start the tape", True), ("euh, oui", True),
        ("enregistrement.m4a", False), ("Notes on prices", False),
        ("Interview no 3", False), ("Partie I", False),
    ],
)  # fmt: skip
def test_short_lines_above_the_first_turn_are_kept_where_they_are_spoken(tmp_path, above, kept):
    said = ["et les prix ?", "ça monte.", "merci.", "de rien."]
    assert texts(tmp_path, f"{above}\n\n{TALK}") == ([above] if kept else []) + said


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Note de terrain du 12 mars 2026", False), ("# Maraude du 12 mars 2026, gare", False),
        ("Compte-rendu, 12/03/2026", False),
        ("Maraude du 12 mars 2026, il y avait du monde et la coke a monté", True),
        ("Maraude du 12 mars 2026 : rien.", True), ("Maraude du 12 mars 2026, on a vu Karim", True),
    ],
)  # fmt: skip
def test_a_dated_title_is_no_document(tmp_path, line, kept):
    path = tmp_path / "f.txt"
    path.write_text(f"{line}\n\nLa kétamine est à trente euros partout.\n", "utf-8")
    rows = [row for row in Transcripts().extract(path) if isinstance(row, RawDocument)]
    assert [row.text for row in rows] == [
        *([line] if kept else []), "La kétamine est à trente euros partout."
    ]  # fmt: skip
    assert {str(row.time) for row in rows} == {"2026-03-12"}


def test_a_note_of_one_dated_line_is_a_document(tmp_path):
    assert texts(tmp_path, "Maraude du 12 mars 2026, gare\n") == ["Maraude du 12 mars 2026, gare"]


def page(number, head="Entretien 4, confidentiel", foot="Page {} sur 4"):
    body = [f"La première ligne de la page {number}a", f"ligne b{number}", f"ligne c{number}",
            f"la dernière qui est dite {'abcdef'[number]}"]  # fmt: skip
    return [head, *body, foot.format(number)]


def test_lines_that_run_over_pages_are_left_out():
    assert without_edges([page(n) for n in range(1, 5)]) == [
        page(n)[1:-1] for n in range(1, 5)
    ]  # fmt: skip
    # on two pages of five only, it is what somebody wrote twice
    pages = [
        page(n, head=f"titre {'x' * n}", foot="fin" if n < 3 else "mot" * n) for n in range(1, 6)
    ]
    assert without_edges(pages) == pages


@pytest.mark.parametrize(
    ("feet", "left"),
    [(["1", "2"], True), (["- 7 -", "- 8 -"], True), (["2/9", "3/9"], True),
     (["60", "30"], False), (["1", "1"], False), (["1 g", "2 g"], False)],
)  # fmt: skip
def test_numbers_of_two_pages_go_on(feet, left):
    pages = [["a" * n, "b" * n, "c" * n, foot] for n, foot in enumerate(feet, 1)]
    assert without_edges(pages) == ([p[:-1] for p in pages] if left else pages)


@pytest.mark.parametrize("kind", ["private_group", "private_supergroup", "personal_chat"])
def test_what_to_allow_is_the_type_of_the_chat(tmp_path, kind):
    path = tmp_path / "result.json"
    said = {"id": 1, "type": "message", "date": "2026-05-01T12:00:00", "text": "coke"}
    chat = {"name": "C", "type": kind, "id": 7, "messages": [said]}
    path.write_text(json.dumps(chat, indent=1), "utf-8")
    with pytest.raises(ImporterError) as told:
        list(Telegram().extract(path))
    assert f'allow = ["{kind}"]' in told.value.do
