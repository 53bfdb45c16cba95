"""Notebooks, mails, speakers, articles, archives: where each begins, and what begins none."""

from __future__ import annotations

import zipfile
from datetime import date

import pytest

from fanal.errors import ImporterError
from fanal.importers.reading import archives
from fanal.importers.reading.archives import (
    DEPTH,
    Member,
    head,
    is_of_office,
    is_page_of,
    is_zip,
    members,
    names_in,
    open_archive,
    read_member,
    read_whole,
)
from fanal.importers.reading.articles import export_of, is_database
from fanal.importers.reading.dated_lines import begins_with_day
from fanal.importers.reading.dates import Moment
from fanal.importers.reading.entries import entries_in, noted_by_hour, order_of
from fanal.importers.reading.mails import mails_in
from fanal.importers.reading.prose import refuse_other
from fanal.importers.reading.speakers import find_cast, is_name_like, label_of

KNOWN = Moment(date(2025, 3, 12))  # a Wednesday


def begun(*lines, known=None, order="dmy"):
    found = entries_in(list(lines), order, known)
    return [(n, str(e.moment.time), e.moment.precision, e.rest) for n, e in found.begins.items()]


@pytest.mark.parametrize(
    ("line", "day", "precision"),
    [
        ("Semaine 12", "2025-03-17", "week"), ("Semaine 11", "2025-03-10", "week"),
        ("Semaine 10", "2026-03-02", "week"), ("Jeudi 13", "2025-03-13", "day"),
        ("Mercredi 12", "2025-03-12", "day"), ("13 mars", "2025-03-13", "day"),
        ("8 février", "2026-02-08", "day"), ("9 février", "2025-02-09", "day"),
        ("Jeudi 13 mars", "2025-03-13", "day"),
        ("Du 10 au 16 mars 2025", "2025-03-10", "week"),
        ("Du 10 au 17 mars 2025", "2025-03-10", "week"),
        ("Du 10 au 18 mars 2025", "2025-03-10", "month"),
        ("Nuit du 10 au 11 mars 2025", "2025-03-10", "day"),
        ("Du 10 au 11 mars 2025", "2025-03-10", "week"),
        ("Du 28 février au 3 mars 2025", "2025-02-28", "week"),
        ("S12 2025", "2025-03-17", "week"), ("mars 2025", "2025-03-01", "month"),
        ("Semaine 3 (10 - 16 mars 2025)", "2025-03-10", "week"),
        ("# 2025-03-13", "2025-03-13", "day"),
        ("Date : 13 mars 2025", "2025-03-13", "day"), ("le 13/03/25", "2025-03-13", "day"),
    ],
)  # fmt: skip
def test_a_line_that_is_a_day(line, day, precision):
    assert begun(line, known=KNOWN) == [(0, day, precision, "")]


@pytest.mark.parametrize(
    "line",
    ["2025", "12", "Vendredi 13", "vingt mars", "Produit : 13 mars 2025", "31 février 2025",
     "Du 16 au 10 mars 2025", "13 mars 2025 : 20 €"[:0] or "13/03 la gare", "3/4", ""],
)  # fmt: skip
def test_a_line_that_is_no_day(line):
    assert begun(line, known=KNOWN) == []


def test_what_stands_beside_a_day_begins_entries_where_two_do():
    two = ["13 mars 2025 : la gare", "x", "14 mars 2025 : le parc"]
    assert [rest for *_, rest in begun(*two)] == ["la gare", "le parc"]
    assert begun(two[0], "x") == []
    assert begun(*["x"] * 6, *two) == [] and len(begun(*["x"] * 5, *two)) == 2
    heads = ["Entretien du 13 mars 2025", "x", "Entretien du 14 mars 2025"]
    assert [n for n, *_ in begun(*heads)] == [0, 2]
    assert begun("Entretien du 13 mars 2025.", "x", "Entretien du 14 mars 2025.") == []
    alone = ["13 mars 2025", "x", "14 mars 2025", "15 mars 2025 : prévu", "16 mars 2025 : prévu"]
    found = entries_in(alone, "dmy", None)
    assert (list(found.begins), found.doubtful) == ([0, 2], (3, 4))


def test_facts_under_a_day():
    lines = ["13 mars 2025", "Lieu : gare", "Heure : 18h", "Note : rien", "Lieu : parc"]
    assert entries_in(lines, "dmy", None).facts == {1, 2}
    long = ["13 mars 2025", "Lieu : un deux trois quatre cinq six sept huit", "Lieu : neuf"]
    assert entries_in(long, "dmy", None).facts == {1, 2}
    longer = ["13 mars 2025", "Lieu : un deux trois quatre cinq six sept huit neuf"]
    assert entries_in(longer, "dmy", None).facts == frozenset()
    many = ["13 mars 2025", *["Lieu : gare"] * 6]
    assert entries_in(many, "dmy", None).facts == {1, 2, 3, 4}


def test_days_whose_year_or_order_nothing_tells_begin_entries_of_no_day():
    found = entries_in(["13 mars", "jeudi 14 mars : x", "04/06 : x"], "dmy", None)
    assert (found.yearless, found.unordered, found.doubtful) == ((0, 1, 2), (), ())
    assert [e.rest for e in found.begins.values() if not e.moment] == ["", "x", "x"]
    found = entries_in(["04/06/2025", "x", "05/06/2025", "x"], "", None)
    assert (found.yearless, found.unordered, list(found.begins)) == ((), (0, 2), [0, 2])
    assert entries_in(["04/06 x", "13 mars la gare", "Produit 13"], "dmy", None).begins == {}


def test_the_order_of_days_at_the_start_of_lines():
    assert order_of(["13/02/2025 : x", "01/02/2025"], "", "") == "dmy"
    assert order_of(["02/13/2025 : x", "01/02/2025"], "", "") == "mdy"
    assert order_of(["01/02/2025"], "", "dmy") == "dmy"
    assert order_of(["rien"], "", "mdy") == "mdy"


MAIL = ["De : Ana Exemple <ana@exemple.org>", "Envoyé : 13 mars 2025 10:00", "À : Léa Exemple"]


def test_the_head_of_a_mail():
    found = mails_in(["avant", *MAIL, "Objet : x", "texte"], "dmy")
    assert (found.lines, list(found.begins)) == ({1, 2, 3, 4}, [1])
    assert str(found.begins[1].moment.time) == "2025-03-13"
    assert found.names == ("Ana Exemple", "Léa Exemple")
    assert mails_in(MAIL[:2], "dmy").begins == {} and mails_in(MAIL[:2], "dmy").names == ()
    assert list(mails_in(MAIL, "dmy").begins) == [0]
    twice = mails_in([*MAIL, "texte", *MAIL], "dmy")
    assert list(twice.begins) == [0, 4]


def test_hours_at_the_start_of_lines():
    assert noted_by_hour(["18h30 : la gare", "x", "22h – le parc"]) == {0, 2}
    assert noted_by_hour(["18h30 : la gare", "x"]) == frozenset()
    assert noted_by_hour(["21:05 Arrivée", "24h : fin", "25h : rien"]) == {0, 1}


def test_a_line_begins_with_a_day():
    assert begins_with_day("13 mars : x") and begins_with_day("2025-03-13 x")
    assert not begins_with_day("13 xyzt : x") and not begins_with_day("x 13 mars")


@pytest.mark.parametrize(
    ("label", "name"),
    [("Karim", True), ("Karim de Lille", True), ("Karim Ben Ali Junior", True), ("karim", False),
     ("Ana Bea Cléo Dina Eva", False), ("Prix", False), ("de", False), ("A" + "b" * 39, True),
     ("A" + "b" * 40, False)],
)  # fmt: skip
def test_what_may_be_a_name(label, name):
    assert is_name_like(label) is name


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        # a quarter of the lines, and three of them
        (["Karim : a", "Karim : b", "Léa : c", "Léa : d", *["x"] * 12], {"karim", "lea"}),
        (["Karim : a", "Karim : b", "Léa : c", "Léa : d", *["x"] * 13], set()),
        (["Karim : a", "Karim : b", "Karim : c", *["x"] * 9], {"karim"}),
        (["Karim : a", "Karim : b", *["x"] * 6], set()),
        # few lines: half of them
        (["Karim : a", "Karim : b", "Léa : c", "x", "x", "x"], {"karim", "lea"}),
        (["Karim : a", "Karim : b", "Léa : c", "x", "x", "x", "x"], set()),
        # a role that recurs, or two roles
        (["Q : a", "Q : b", "Karim : c", *["x"] * 20], {"q", "karim"}),
        (["Q : a", "R : b", *["x"] * 20], {"q", "r"}),
        (["Q : a", *["x"] * 20], set()),
        # a form filled in: three headings in one order, short, without a question
        (["Rue : a", "Bar : b", "Parc : c"] * 2, set()),
        (["Rue : a ?", "Bar : b", "Parc : c"] * 2, {"rue", "bar", "parc"}),
        (["Rue : a b c d e f", "Bar : a b c d e f", "Parc : a b c d e f"] * 2, set()),
        (["Rue : a b c d e f g", "Bar : a b c d e f g", "Parc : a b c d e f g"] * 2,
         {"rue", "bar", "parc"}),
    ],
)  # fmt: skip
def test_who_speaks(lines, labels):
    assert find_cast([label_of(line) for line in lines]).labels == labels


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("=" * 20 + "\nGuild: x\n", "Discord"),
        ("Conversation: x\nFrom: y\nType: z\n", "Signal"),
        ("From: a\nTo: b\nMessage-ID: c\n\nx\n", "e-mail"),
        ("@article{cle,\n title={x}}\n", "BibTeX"),
        ("[Script Info]\nTitle: x\n", "ASS"),
        ("a;b;c\n" * 3, "table"),
        ("a,b,c\n" * 3, "table"),
        ("13/03/2025,b,c\n" * 2, "table"),
        ("[13/03/2025 10:00] Karim\na\n" * 2, "chat"),
        ("[13/03/2025 10:00] Karim\na\n" * 2 + "x\n" * 6, "chat"),
    ],
)
def test_a_text_that_is_refused(text, what):
    with pytest.raises(ImporterError, match=what):
        refuse_other(text)


@pytest.mark.parametrize(
    "text",
    ["=" * 19 + "\nGuild: x\n", "From: a\nTo: b\n\nMessage-ID: c\n", "a;b\n" * 3, "a;b;c\n" * 2,
     "a, b, c\n" * 3, "a,b,c\n" * 2, "[13/03/2025 10:00] Karim\na\n" * 2 + "x\n" * 7,
     "[13/03/2025 10:00] Karim\na\n", "13/03/2025,b,c\n" + "x\n" * 3],
)  # fmt: skip
def test_a_text_that_is_prose(text):
    refuse_other(text)


TEXT = "Les prix baissent dans la métropole. " * 8


def test_articles_end_with_the_marks_of_their_database():
    lines = ["Titre", "Le Monde", "13 mars 2025", "Corps", TEXT, "Fin du document", "x" * 199]
    (one,) = export_of(lines, "dmy").articles
    assert (one.title, one.outlet, str(one.moment.time)) == ("Titre", "Le Monde", "2025-03-13")
    assert one.text == TEXT.strip()
    assert is_database(lines) and not is_database(lines[:5])
    assert len(export_of([*lines[:6], "Deux", "x" * 200], "dmy").articles) == 2


def test_articles_that_end_with_their_rights():
    rights = "© 2025 Le Monde. Tous droits réservés."
    block = ["Titre", "Le Monde", "13 mars 2025", TEXT, rights]
    assert [a.title for a in export_of(block * 2, "dmy").articles] == ["Titre", "Titre"]
    assert export_of(block, "dmy") is None
    assert export_of([*block, "Deux", TEXT, rights], "dmy") is None
    assert export_of([*block, *block[:3], "court", rights], "dmy") is None


def packed(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_what_is_in_an_archive(tmp_path):
    path = packed(
        tmp_path / "a.zip",
        {
            "a": b"1",
            "d/b.txt": b"22",
            "d/": b"",
            "d/.c": b"",
            "d/Thumbs.db": b"",
            "__MACOSX/e": b"",
        },
    )
    assert is_zip(path) and len(names_in(path)) == 6
    found = {m.name: m for m in members(path)}
    assert set(found) == {"a", "b.txt"}
    assert (found["b.txt"].depth, found["b.txt"].stem, found["b.txt"].open().read()) == (
        1,
        "b",
        b"22",
    )
    with open_archive(path) as archive:
        assert read_member(archive, "d/b.txt", 2) == b"22"
        with pytest.raises(ImporterError, match="larger"):
            read_member(archive, "d/b.txt", 1)
        with pytest.raises(ImporterError, match="lacks"):
            read_member(archive, "e", 1)
    plain = tmp_path / "plain"
    plain.write_bytes(b"abc")
    assert read_whole(plain, 3) == b"abc" and head(plain, 2) == b"ab"
    assert names_in(plain) == frozenset() and head(tmp_path / "none") == b""
    with pytest.raises(ImporterError, match="larger"):
        read_whole(plain, 2)
    with pytest.raises(ImporterError, match="FileNotFoundError"):
        read_whole(tmp_path / "none", 1)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("../a", True),
        ("/a", True),
        ("C:/a", True),
        ("a\\..\\b", True),
        ("a..b", False),
        ("a/b", False),
    ],
)
def test_names_that_point_outside(tmp_path, name, refused):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "")
        archive.writestr(name, "")
    assert (names_in(path) == frozenset()) is refused


def test_archives_that_hold_too_much(tmp_path, monkeypatch):
    path = packed(tmp_path / "a.zip", {"a": b"0" * 1000, "b": b"1" * 1000})
    monkeypatch.setattr(archives, "FREE", 1999)
    monkeypatch.setattr(archives, "RATIO", 1)
    with pytest.raises(ImporterError, match="more than 1 times"), open_archive(path):
        pass
    monkeypatch.setattr(archives, "FREE", 2000)
    other = packed(tmp_path / "b.zip", {"a": b"0" * 1000, "b": b"1" * 1000})
    with open_archive(other):
        pass
    monkeypatch.setattr(archives, "MEMBERS", 1)
    with pytest.raises(ImporterError, match="more than 1 members"):
        next(members(packed(tmp_path / "c.zip", {"a": b"", "b": b""})))


def test_archives_in_archives(tmp_path):
    path = packed(tmp_path / "a.zip", {"a": b""})
    inner = Member(path, "a.zip", DEPTH)
    with pytest.raises(ImporterError, match="nested deeper than 3"):
        next(members(inner))
    assert repr(inner) == "Member(depth 3)"


def test_what_an_archive_of_one_document_is(tmp_path):
    assert is_of_office(packed(tmp_path / "a.zip", {"a": b""})) == ""
    shown = {"[Content_Types].xml": b"", "ppt/presentation.xml": b""}
    assert is_of_office(packed(tmp_path / "b.zip", shown)) == "a presentation"
    page = tmp_path / "page.html"
    page.write_text("\ufeff <html>.tgme", "utf-8")
    assert is_page_of(page, b"tgme") and not is_page_of(page, b"other")
    page.write_text("x <html>.tgme", "utf-8")
    assert not is_page_of(page, b"tgme")
