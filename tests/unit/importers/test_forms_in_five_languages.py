"""Forms and press tables as programs write them in five languages; other tables are none."""

from datetime import UTC, datetime

import pytest

from fanal.importers import identify
from fanal.importers.base import Issue, RawDocument
from fanal.importers.reading.dates import read_date
from fanal.importers.survey import Survey
from fanal.importers.tables import Tables


def written(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("when", "asked", "first", "second"),
    [
        ("Informazioni cronologiche", "Cosa hai notato?",
         "2026/03/12 10:00:00 AM CET", "2026/03/13 9:10:00 PM CET"),
        ("Marca temporal", "¿Qué has notado?", "12/03/2026 10:00:00", "13/03/2026 21:10:00"),
        ("Zeitstempel", "Was ist dir aufgefallen?", "12.03.2026 10:00:00", "13.03.2026 21:10:00"),
        ("Tijdstempel", "Wat viel je op?", "12-3-2026 10:00:00", "13-3-2026 21:10:00"),
    ],
)  # fmt: skip
def test_a_form_without_ids_has_the_day_of_its_first_column(tmp_path, when, asked, first, second):
    said = ("One two three four five.", "Six seven eight nine ten.")
    path = written(tmp_path, f"{when},{asked}\n{first},{said[0]}\n{second},{said[1]}\n")
    assert identify(path) is Survey
    documents = [r for r in Survey().extract(path) if isinstance(r, RawDocument)]
    assert [(str(d.time)[:10], d.text) for d in documents] == [
        ("2026-03-12", said[0]), ("2026-03-13", said[1]),
    ]  # fmt: skip


def test_the_zone_after_a_clock_is_read_by_its_name():
    read = read_date("2026/03/12 10:00:00 AM CET", "dmy")
    assert read and read.time.astimezone(UTC) == datetime(2026, 3, 12, 9, tzinfo=UTC)
    local = read_date("2026/03/12 10:00:00 AM EST", "dmy")  # not ours: of no zone
    assert local and local.time == datetime(2026, 3, 12, 10)  # noqa: DTZ001
    assert read_date("2026/03/12 10:00:00 environ", "dmy") is None


LIME = '"ID de la réponse","Date de soumission","Langue de départ","Quel produit ?","{}"\n'
SHORT = [("1", "cocaïne", "moins cher"), ("2", "speed", "rien"), ("3", "cocaïne", "prix en baisse")]


def of_lime(tmp_path, question):
    rows = "".join(f"{n},2026-03-1{n} 10:00:00,fr,{what},{say}\n" for n, what, say in SHORT)
    path = written(tmp_path, LIME.format(question) + rows)
    assert identify(path) is Survey
    return [r.text for r in Survey().extract(path) if isinstance(r, RawDocument)]


def test_short_remarks_are_answers_in_words(tmp_path):
    assert set(of_lime(tmp_path, "Une remarque ?")) >= {"moins cher", "rien", "prix en baisse"}


@pytest.mark.parametrize("question", ["Votre profession, précisez", "Humeur"])
def test_short_answers_that_are_no_remarks_are_attributes(tmp_path, question):
    assert of_lime(tmp_path, question) == ["cocaïne", "speed", "cocaïne"]


def test_a_case_beside_who_was_asked_and_what_a_program_notes_is_a_survey(tmp_path):
    rows = "1;12/03/2026;{};Les prix ont beaucoup baissé\n2;13/03/2026;{};La coke est moins chère\n"
    asked = written(tmp_path, "N° Obs;DATE_SAISIE;SEXE;PRIX_OUV\n" + rows.format("H", "F"))
    assert identify(asked) is Survey
    noted = written(tmp_path, "N° Obs;DATE_SAISIE;Ville;Observation\n" + rows.format("Lille", "X"))
    assert identify(noted) is Tables


@pytest.mark.parametrize(
    "columns",
    ["Fecha;Titular;Entradilla;Cuerpo", "Date;Titre;Chapô;Texte", "Data;Titolo;Occhiello;Testo",
     "Datum;Überschrift;Vorspann;Artikeltext", "Datum;Kop;Inleiding;Artikel"],
)  # fmt: skip
def test_a_title_and_what_leads_in_stand_above_the_text(tmp_path, columns):
    path = written(tmp_path, f"{columns}\n2026-03-12;A one;B two;C three four five six.\n")
    (document, *told) = Tables().extract(path)
    assert isinstance(document, RawDocument)
    assert document.text == "A one\nB two\nC three four five six."
    assert not told


def test_a_column_of_another_thing_stays_unread_and_is_told(tmp_path):
    path = written(tmp_path, "Datum;Titel;Auflage;Text\n2026-03-12;A one;B two;C three four.\n")
    (document, told) = Tables().extract(path)
    assert document.text == "A one\nC three four."
    assert isinstance(told, Issue)
    assert (told.kind, told.hint.split(":")[0]) == ("columns not read", "Auflage (1)")
