"""Which day a text is of, and who speaks in it: sentences, nights, years told once, people."""

import pytest

from fanal.door.raw import RawDocument
from fanal.importers.base import Issue
from fanal.importers.transcripts import Transcripts


def read(folder, text, name="note.txt", **parameters):
    path = folder / name
    path.write_text(text, "utf-8")
    rows = list(Transcripts(**parameters).extract(path))
    said = [
        (str(r.time)[:10] if r.time else None, r.precision, r.author and r.author.split(": ")[1],
         r.text)
        for r in rows if isinstance(r, RawDocument)
    ]  # fmt: skip
    return said, [i.kind for i in rows if isinstance(i, Issue)]


def test_a_sentence_with_a_date_does_not_date_a_text_that_has_another(tmp_path):
    text = (
        "Le 12 mars 2026, il m'a dit avoir acheté de la coke à soixante euros.\n\n"
        "Mais le 15 mars 2026 le prix serait passé à cinquante euros, dit-il.\n"
    )
    said, _ = read(tmp_path, text, "note_2026-03-20.txt")
    assert [day for day, *_ in said] == ["2026-03-20"] * 2
    said, _ = read(tmp_path, text, "note.txt")
    assert said[0][0] == "2026-03-12"
    told = "Depuis le 3 janvier 2024 il ne consomme plus du tout d'héroïne, dit-il.\n"
    assert read(tmp_path, told, "note.txt") == (
        [(None, "day", None, told.strip())], ["no date"]
    )  # fmt: skip
    title = "Entretien du 12 mars 2026 dans les locaux de l'association, à deux.\n\nOui.\n"
    said, _ = read(tmp_path, title, "note.txt")
    assert said[-1][:2] == ("2026-03-12", "day")


@pytest.mark.parametrize(
    ("title", "day", "precision"),
    [
        ("Free party, nuit du 14 au 15 mars 2026", "2026-03-14", "day"),
        ("Maraude, nuit du 28 février au 1er mars 2026", "2026-02-28", "day"),
        ("Festival, du 13 au 15 mars 2026", "2026-03-13", "week"),
    ],
)
def test_a_night_in_a_title_is_of_the_day_on_which_it_began(tmp_path, title, day, precision):
    said, _ = read(
        tmp_path, f"{title}\n\n23h00 : la kétamine est à vingt euros.\n01h30 : on parle de 2C-B.\n"
    )
    assert {(d, p) for d, p, *_ in said} == {(day, precision)}


def test_the_year_of_a_name_or_a_title_is_that_of_days_without_one(tmp_path):
    days = "2 mars : maraude gare\nKeta à 30 € le g.\n\n9 mars : maraude Fives\nCoke à 50 € le g.\n"
    said, issues = read(tmp_path, days, "carnet_2026.txt")
    assert [(d, t) for d, _, _, t in said] == [
        ("2026-03-02", "maraude gare\nKeta à 30 € le g."),
        ("2026-03-09", "maraude Fives\nCoke à 50 € le g."),
    ]
    assert issues == []
    weeks = (
        "Notes hebdomadaires 2026\n\nSemaine 10 (2-8 mars)\nBeaucoup de pregabaline.\n\n"
        "Semaine 11 (9-15 mars)\nLe crack est à dix euros.\n"
    )
    said, issues = read(tmp_path, weeks, "hebdo.txt")
    assert [(d, p, t) for d, p, _, t in said] == [
        ("2026-03-02", "week", "Beaucoup de pregabaline."),
        ("2026-03-09", "week", "Le crack est à dix euros."),
    ]
    for name in ("carnet_2024_2026.txt", "carnet 2024-2026.txt"):
        said, issues = read(tmp_path, days, name)
        assert {d for d, *_ in said} == {None}
        assert "no date" in issues
    named = "# Outreach\n\n## Monday 2 March\n\nTranq is back.\n\n## Thursday 12 March\n\nWeaker.\n"
    said, _ = read(tmp_path, named, "notes-2026.md")
    assert [(d, t) for d, _, _, t in said] == [
        ("2026-03-02", "Tranq is back."), ("2026-03-12", "Weaker.")
    ]  # fmt: skip


def test_the_date_of_a_name_may_stand_after_a_number(tmp_path):
    srt = "1\n00:00:01,000 --> 00:00:04,000\nTrente euros le gramme.\n"
    said, _ = read(tmp_path, srt, "124_2026-03-09_entretien.srt")
    assert said == [("2026-03-09", "day", None, "Trente euros le gramme.")]


def test_turns_may_be_numbered_anew_in_each_part(tmp_path):
    said, _ = read(
        tmp_path,
        "Date : 18/02/2026\n\nPARTIE 1\n1. Enquêteur : De quoi ?\n2. Répondant : De 3-MMC.\n"
        "\nPARTIE 2\n1. Enquêteur : On reprend.\n2. Répondant : La galette est à vingt euros.\n",
    )
    spoken = [(who, text) for _, _, who, text in said if who]
    assert spoken == [
        ("Enquêteur", "De quoi ?"), ("Répondant", "De 3-MMC.\nPARTIE 2"),
        ("Enquêteur", "On reprend."), ("Répondant", "La galette est à vingt euros."),
    ]  # fmt: skip
    assert {day for day, *_ in said} == {"2026-02-18"}


def test_numbers_of_turns_may_stand_in_brackets(tmp_path):
    said, _ = read(
        tmp_path, "[1] Modératrice: On commence ?\n[2] P1: À soixante.\n[3] P2: À cinquante.\n\n"
        "[1] Modératrice: Et la keta ?\n[2] P1: Trente.\n",
        "2026-03-05_focus.txt",
    )  # fmt: skip
    assert [(who, text) for _, _, who, text in said] == [
        ("Modératrice", "On commence ?"), ("P1", "À soixante."), ("P2", "À cinquante."),
        ("Modératrice", "Et la keta ?"), ("P1", "Trente."),
    ]  # fmt: skip


def test_people_listed_at_the_top_speak_though_each_does_once(tmp_path):
    path = tmp_path / "focus.txt"
    path.write_text(
        "Entretien collectif du 18 mars 2026\n"
        "Participants : Karim Belhadj, Zoé Delattre (éducatrice), Lou\n"
        "Animation : Camille Lefort\n\n"
        "Karim : la galette est à dix euros.\nZoé : oui, comme dit belhadj.\nLou : voilà.\n"
        "Camille : merci.\n",
        "utf-8",
    )
    rows = [r for r in Transcripts().extract(path) if isinstance(r, RawDocument)]
    assert [(r.author, r.text) for r in rows] == [
        ("focus: Karim", "la galette est à dix euros."), ("focus: Zoé", "oui, comme dit belhadj."),
        ("focus: Lou", "voilà."), ("focus: Camille", "merci."),
    ]  # fmt: skip
    assert {"Karim Belhadj", "Zoé Delattre", "Camille Lefort"} <= set(rows[0].names)
