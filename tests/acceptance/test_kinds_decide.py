"""What a source holds decides who reads its pages; the day of the work is that of its records."""

from trial import NOTES, PRESS, TALK, Place

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
