"""Transcripts, press, feeds, forms and surveys: what golden files do not show."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from fanal.door.raw import RawDocument
from fanal.errors import ImporterError
from fanal.importers import identify
from fanal.importers.base import Importer, Issue, Skipped
from fanal.importers.feeds import Feeds, plain_text
from fanal.importers.forms import KINDS, LANGUAGES, Forms, template
from fanal.importers.press import Press
from fanal.importers.refi_qda import RefiQda
from fanal.importers.survey import Survey
from fanal.importers.transcripts import Transcripts

SHARED = Path(os.environ.get("FANAL_SHARED_DATA", "../shared/data"))


def read(importer: Importer, path: Path, content: str) -> list[object]:
    path.write_text(content, "utf-8")
    return list(importer.extract(path))


def documents(rows: list[object]) -> list[RawDocument]:
    return [row for row in rows if isinstance(row, RawDocument)]


def issues(rows: list[object]) -> list[tuple[str, int, str]]:
    return [(row.kind, row.record, row.level) for row in rows if isinstance(row, Issue)]


@pytest.mark.parametrize(
    ("name", "top", "parameters", "day"),
    [
        ("a.txt", "Date : 12 mars 2025", {}, date(2025, 3, 12)),
        ("a.txt", "Fait à Lille, le 12 mars 2025", {}, date(2025, 3, 12)),
        ("a.txt", "Entretien du 12/03/2025 avec un pair", {}, date(2025, 3, 12)),
        ("a.txt", "Date: 12/03/2025", {"date_order": "mdy"}, date(2025, 12, 3)),
        ("entretien_2025-03-12.txt", "Bonjour", {}, date(2025, 3, 12)),
        ("20250312_notes.txt", "Bonjour", {}, date(2025, 3, 12)),
        ("a.txt", "Bonjour", {"date": "2025-03"}, date(2025, 3, 1)),
        # the text names its day: the file's name and the parameter stand back
        ("2020-01-01.txt", "Date : 12 mars 2025", {"date": "2019"}, date(2025, 3, 12)),
        ("a.txt", "Bonjour", {}, None),
        ("a.txt", "Le 12 du mois", {}, None),
    ],
)
def test_day_of_an_interview(
    tmp_path: Path, name: str, top: str, parameters: dict[str, str], day: date | None
) -> None:
    text = f"{top}\n\nQ : Et les prix, dans le quartier ?\nR : Ils sont en baisse.\nQ : Merci.\n"
    rows = read(Transcripts(**parameters), tmp_path / name, text)
    assert {row.time for row in documents(rows)} == {day}
    assert issues(rows) == ([] if day else [("no date", 1, "warning")])


def test_same_label_in_two_interviews_is_two_people(tmp_path: Path) -> None:
    text = "Date : 12 mars 2025\nQ : a ?\nR : b\nQ : c ?\n"
    one = documents(read(Transcripts(), tmp_path / "one.txt", text))
    two = documents(read(Transcripts(), tmp_path / "two.txt", text))
    assert {row.author for row in one}.isdisjoint({row.author for row in two})
    assert {(row.chat, row.message) for row in one}.isdisjoint((r.chat, r.message) for r in two)


def test_damaged_cue_is_said_and_not_logged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nUn\n\n2\n00:00:03,0 -- --> 00:04\nperdu\n\n"
    rows = read(Transcripts(date="2025"), tmp_path / "a.srt", text)
    assert ("cue not readable", 1, "warning") in issues(rows)
    assert capfd.readouterr() == ("", "")


def test_turns_may_be_switched_off(tmp_path: Path) -> None:
    text = "Karim : un\n\nSofia : deux\n\nKarim : trois\n"
    rows = documents(read(Transcripts(turns="paragraphs", date="2025"), tmp_path / "a.txt", text))
    assert [(row.author, row.text) for row in rows] == [
        (None, "Karim : un"),
        (None, "Sofia : deux"),
        (None, "Karim : trois"),
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_template_filled_in_is_read(tmp_path: Path, kind: str, language: str) -> None:
    form = template(kind, language)
    for key, value in (("month", "2025-03"), ("mois", "2025-03"), ("date", "2025-03-12")):
        form = form.replace(f'{key} = ""', f'{key} = "{value}"')
    rows = read(Forms(), tmp_path / "a.toml", form)
    assert identify(tmp_path / "a.toml") is Forms
    assert {type(row) for row in rows} == {Skipped}
    filled = form.replace('"""\n"""', '"""\nUne note.\n\nUne autre.\n"""')
    rows = read(Forms(), tmp_path / "a.toml", filled)
    assert len(documents(rows)) == (7 if kind == "field notes" else 1)
    assert {row.time for row in documents(rows)} <= {date(2025, 3, 1), date(2025, 3, 12)}


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ('form = "field notes"\nmonth = ""', "2025-03"),
        ('form = "field notes"\nmonth = "2025-03"\npeple = "x"', "people"),
        ('form = "diary"', "field notes, interview"),
        ('form = "interview"\nmonth = "2025-03"\nexchanges = "x"', "exchanges"),
        ('form = "interview"\nanswer = "secret\n', "line 2"),
        ('form = "interview"\nanswer = "secret', "end of the form"),
        ('form = "interview"\n' + "a." * 1000 + "b = 1", "nested"),
    ],
)
def test_wrong_form_is_named(tmp_path: Path, form: str, said: str) -> None:
    with pytest.raises(ImporterError, match=said) as caught:
        read(Forms(), tmp_path / "a.toml", form)
    assert "secret" not in str(caught.value)


def test_no_template_of_that_name() -> None:
    with pytest.raises(ImporterError, match="field notes"):
        template("diary")


def test_page_without_article(tmp_path: Path) -> None:
    with pytest.raises(ImporterError, match="no article"):
        read(Press(), tmp_path / "a.html", "<html><body></body></html>")


def test_article_without_date_is_said(tmp_path: Path) -> None:
    page = f"<html><body><article><h1>Un titre</h1><p>{'Une phrase assez longue. ' * 30}</p>"
    rows = read(Press(), tmp_path / "a.html", page)
    assert issues(rows) == [("no date", 1, "warning")]
    rows = read(Press(), tmp_path / "a_2025-03-12.html", page)
    assert issues(rows) == []
    assert [row.time for row in documents(rows)] == [date(2025, 3, 12)]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b", "a\nb"),
        ("<p>a <b>b</b> c</p><p>d</p>", "a b c\nd"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("a<script>x()</script>b<!-- c -->d", "abd"),
        ("2 < 3", "2 < 3"),
        ("a &amp; b", "a & b"),
        ("", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


@pytest.mark.parametrize(
    "content",
    ["<html><body><rss></rss></body></html>", "<svg></svg>", "rss", "<?xml version='1.0'?>"],
)
def test_is_no_feed(tmp_path: Path, content: str) -> None:
    (tmp_path / "a").write_text(content)
    assert not Feeds().identify(tmp_path / "a")


def test_survey_columns_are_named_where_wrong(tmp_path: Path) -> None:
    table = "id,q1 ?,q2 ?\n1,oui,non\n2,non,oui\n"
    with pytest.raises(ImporterError, match=r"q1 \?, q2 \?"):
        read(Survey(text=("q3 ?",)), tmp_path / "a.csv", table)
    with pytest.raises(ImporterError, match="answers in words"):
        read(Survey(), tmp_path / "a.csv", table)
    rows = documents(read(Survey(text=("q1 ?",), date="2025"), tmp_path / "a.csv", table))
    assert [(row.chat, row.text) for row in rows] == [("1", "oui"), ("2", "non")]


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "formats").exists(), reason="real data not there")
@pytest.mark.parametrize(("name", "codes"), [("blank", 0), ("target", 3)])
def test_projects_of_atlas_are_read(name: str, codes: int) -> None:
    path = SHARED / "formats" / "refi_qda" / f"{name}-atlas-project.qdpx"
    assert identify(path) is RefiQda
    rows = list(RefiQda().extract(path))
    assert sum(row.count for row in rows if isinstance(row, Skipped)) == codes
    assert issues(rows) == [("no text in the project", 1, "warning")]


@pytest.mark.parametrize("cases", [[1, 2, 3, 4, 5, 6], [1, 1, 1, 2, 2, 2]])
def test_a_survey_has_a_row_for_each_case(tmp_path: Path, cases: list[int]) -> None:
    rows = [f"{case},{9 - case},j'en prends le soir {n}" for n, case in enumerate(cases)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id,age,Que prends-tu ?", *rows]) + "\n", "utf-8")
    assert Survey().identify(path) is (len(set(cases)) == 6)
    path.write_text(
        "\n".join(["id,age,Que prends-tu ?", *(f"{n},1,oui" for n in range(6))]) + "\n", "utf-8"
    )
    assert Survey().identify(path), "other columns may say the same everywhere"
