"""What a source holds decides who reads its pages; the day of the work is that of its records."""

import json
import re

import pytest
from trial import NOTES, POSTS, PRESS, TALK, Place

PAGE = (
    "<html><body><h2>Journal</h2><p>Mardi 3 mars 2026</p><p>On parle de speed coupé.</p>"
    "<p>Mercredi 4 mars 2026</p><p>Le speed est à dix euros.</p></body></html>"
)
KOBO = (
    "start;end;Date de la maraude;Lieu;Observations;_id;_uuid;_submission_time\n"
    "2026-03-15T09:12:33.120+01:00;2026-03-15T09:40:01.220+01:00;2026-03-12;Gare;"
    "Beaucoup de crack autour de la gare, dix euros la galette.;331;a-44;2026-03-15T08:40:05\n"
)
HOURS = (
    "Date;Heure;Lieu;Notes\n12/03/2026;14h;Gare;On parle de crack à dix euros.\n"
    "13/03/2026;9h30;Parc;Des seringues près du bassin.\n"
)
SAID = "SELECT day, text FROM documents WHERE source = ? ORDER BY day, position"


def test_a_page_is_notes_where_notes_are_brought_in(tmp_path):
    place = Place(tmp_path)
    notes, talk = place.source(NOTES), place.source(TALK)
    assert place.read(notes, "a.html", PAGE) == ("transcripts", 5, 2)
    assert place.read(talk, "a.html", PAGE)[0] == "transcripts"
    assert [(str(day), text) for day, text in place.ask(SAID, notes)] == [
        ("2026-03-03", "On parle de speed coupé."), ("2026-03-04", "Le speed est à dix euros."),
    ]  # fmt: skip


def test_a_text_is_one_article_where_the_press_is_brought_in(tmp_path):
    place = Place(tmp_path)
    notes, press = place.source(NOTES), place.source(PRESS)
    text = (
        "La 3-MMC gagne du terrain\n\n12 mars 2026\n\nLe gramme se vend trente euros.\n\n"
        "3 mars 2026 : première saisie\n5 mars 2026 : deuxième saisie\n"
    )
    assert place.read(press, "a.txt", text) == ("press", 1, 1)
    assert [str(day) for day, _ in place.ask(SAID, press)] == ["2026-03-12"]
    spoken = "Que vendez-vous ?\nDu matériel.\n"
    talk = "12 mars 2026\nQuestion : " + spoken + "Question : Rien ?\nRéponse : Rien.\n"
    assert place.read(press, "b.txt", talk) == ("press", 1, 1)
    assert place.read(notes, "a.txt", text)[0] == "transcripts"
    assert place.read(press, "c_2026-03-12.srt", "1\n00:00:01,000 --> 00:00:02,000\nbonjour\n")[
        0
    ] == ("transcripts")


def test_the_day_of_the_work_wins_over_what_the_form_notes(tmp_path):
    place = Place(tmp_path)
    for importer in ("survey", "tables"):
        source = place.source(NOTES, f'importer = "{importer}"\n')
        place.read(source, "kobo.csv", KOBO)
        assert [str(day) for day, _ in place.ask(SAID, source)] == ["2026-03-12"]


def test_an_hour_without_minutes_is_one(tmp_path):
    place = Place(tmp_path)
    source = place.source(NOTES)
    assert place.read(source, "a.csv", HOURS) == ("tables", 2, 2)
    assert [str(day) for day, _ in place.ask(SAID, source)] == ["2026-03-12", "2026-03-13"]


PUBLISHED = json.dumps(
    [{"id": n, "date": f"2026-05-0{n}", "text": f"coke à {50 + n}"} for n in (1, 2, 3)]
)
TELEGRAM = json.dumps({
    "name": "Canal", "type": "public_channel", "id": 1, "messages": [
        {"id": 1, "type": "message", "date": "2026-05-02T10:00:00", "date_unixtime": "1777716000",
         "from": "Canal", "from_id": "channel1", "text": "coke à 60",
         "text_entities": [{"type": "plain", "text": "coke à 60"}]}],
})  # fmt: skip
SAMPLES = "référence;date;vendu comme;substance;teneur\nA1;2026-03-02;cocaïne;cocaïne;62 %\n"
FIGURES = "indicateur;departement;annee;valeur\nusage;59;2023;11\nusage;59;2024;12\n"


@pytest.mark.parametrize(
    ("kind", "name", "content", "looks"),
    [
        (TALK, "posts.json", PUBLISHED, "a table of posts or notes"),
        (TALK, "canal.json", TELEGRAM, "an export of Telegram"),
        (NOTES, "canal.json", TELEGRAM, "an export of Telegram"),
        (TALK, "labo.csv", SAMPLES, "a table of samples of a laboratory"),
        (POSTS, "labo.csv", SAMPLES, "a table of samples of a laboratory"),
        (PRESS, "taux.csv", FIGURES, "a table of published figures"),
    ],
)
def test_what_is_no_material_of_a_source_is_refused_by_what_it_looks_like(
    tmp_path, kind, name, content, looks
):
    place = Place(tmp_path)
    (told,) = place.ingest(place.source(kind), (name, content), code=1)
    assert told["status"] == "failed"
    assert f"the file looks like {looks}, and the source is of the kind '{kind}'" in told["detail"]
    assert place.ask("SELECT count(*) FROM documents") == [(0,)]
    # both of what it says is to be done
    usual, importer = re.findall(r'(?:kind|importer) = "([\w -]+)"', told["detail"])
    (there,) = place.ingest(place.source(usual), (name, content))
    (named,) = place.ingest(place.source(kind, f'importer = "{importer}"\n'), (name, content))
    assert (there["importer"], named["importer"]) == (importer, importer)
    assert there["read"] == named["read"] > 0


def test_what_a_source_may_hold_is_read(tmp_path):
    """Posts of a web page, notes in a table, a chat with one person, columns that were named."""
    place = Place(tmp_path)
    assert place.read(place.source(POSTS), "posts.json", PUBLISHED) == ("tables", 3, 3)
    assert place.read(place.source(NOTES), "notes.json", PUBLISHED) == ("tables", 3, 3)
    chat = "[13/05/2026, 18:00:00] Mia: coke 60\n[14/05/2026, 18:00:00] Lou: ok\n"
    assert place.read(place.source(TALK), "_chat.txt", chat) == ("whatsapp", 2, 2)
    mapped = place.source(TALK, '[mapping]\ntext = "text"\ntime = "date"\n')
    assert place.read(mapped, "posts.json", PUBLISHED) == ("tables", 3, 3)


def test_a_damaged_transcript_is_called_what_it_is(tmp_path):
    place = Place(tmp_path)
    source = place.source(TALK)
    whole = json.dumps({"text": "<p>Date : 12 mars 2026</p><p>Que du crack.</p>", "media": "x.mp3"})
    assert place.read(source, "whole.otr", whole) == ("transcripts", 2, 1)
    (told,) = place.ingest(source, ("note.otr", whole[:-20]), code=1)
    assert told["detail"].startswith("the oTranscribe file (OTR) is damaged")
