"""Files that are not read are told what they are, and what to do."""

import openpyxl
import pytest

from fanal.door.raw import RawSample
from fanal.errors import ImporterError
from fanal.importers.base import Indicator, Issue
from fanal.importers.indicators import Indicators
from fanal.importers.lab.drug_checking import Lab
from fanal.importers.reading.prose import refuse_other
from fanal.importers.transcripts import Transcripts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BEGIN:VCARD\nVERSION:3.0\nFN:Mia Roth\nEND:VCARD\n", "book of addresses"),
        ("INSERT INTO posts VALUES (1, 'la keta, écrire à momo3');\n", "a dump of a database"),
        ("-- dump\nSET NAMES utf8;\nCREATE TABLE posts (id int, body text);\n", "a dump of a"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "calendar"),
        ("18:05 <kev> la coke est à 60\n18:06 <mia> et la keta\n18:07 <kev> 30\n", "a chat"),
        ("[18:05] <@kev> la coke\n[18:05] -!- mia has joined\n[18:06] <mia> oui\n", "a chat"),
        ("P A,08/03/2026,18:05:11,Mia,+33,60\nP A,08/03/2026,18:06:00,Lou,+33,ok\n", "a table"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_named(tmp_path, text, said):
    (tmp_path / "x.txt").write_text(text, "utf-8")
    with pytest.raises(ImporterError, match=said):
        list(Transcripts(date="2026-03").extract(tmp_path / "x.txt"))


@pytest.mark.parametrize(
    "text",
    [
        "18h05 : arrivée à la gare, deux vendeurs.\n19h10 : la coke est à soixante.\n",
        "== 3 mars 2026 ==\nLa coke est à soixante.\n== 10 mars 2026 ==\nLa kéta manque.\n",
        "Le prix est < 10 € le gramme.\nDeux fois, <5 personnes.\nPuis rien.\n",
        "Vu le 08/03/2026, 18:05, à la gare, avec Lou.\nRevu le 09/03/2026, le soir, à Fives.\n",
    ],
)
def test_notes_are_not_taken_for_one(text):
    refuse_other(text)


def test_figures_of_days_are_told_to_be_so(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "dep;date_de_passage;nbre_pass_intox;nbre_pass_tot\n59;2026-03-01;3;850\n"
        "59;2026-03-02;1;910\n62;2026-03-01;0;430\n",
        "utf-8",
    )
    with pytest.raises(ImporterError, match="figures are of days"):
        list(Indicators().extract(path))


def test_records_inside_an_object_are_read_under_its_title(tmp_path):
    path = tmp_path / "t.json"
    records = '[{"annee": 2021, "valeur": 450}, {"annee": 2022, "valeur": 460}]'
    path.write_text(f'{{"titre": "Décès", "unite": "personnes", "donnees": {records}}}', "utf-8")
    found = [f for f in Indicators(area="FR").extract(path) if isinstance(f, Indicator)]
    assert [(f.name, f.value, f.unit) for f in found] == [
        ("Décès", 450, "personnes"), ("Décès", 460, "personnes"),
    ]  # fmt: skip


def test_numbered_units_name_columns_under_a_row_of_groups(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Laboratoire régional – campagne 2026"])
    page.append(["Échantillon", None, None, "Composition", None, None, None])
    page.append(["N°", "Date", "Attendu", "Substance 1", "% 1", "Substance 2", "% 2"])
    page.merge_cells("A2:C2")
    page.merge_cells("D2:G2")
    page.append(["L1", "2026-01-12", "cocaïne", "cocaïne", 62, "lévamisole", 8])
    page.append(["L2", "2026-01-13", "héroïne", "héroïne", 11, "caféine", 40])
    book.save(tmp_path / "t.xlsx")
    rows = list(Lab().extract(tmp_path / "t.xlsx"))
    assert [
        (s.reference, s.sold_as, [(r.substance, r.amount, r.unit) for r in s.results])
        for s in rows if isinstance(s, RawSample)
    ] == [
        ("L1", "cocaine", [("cocaine", 62.0, "%"), ("levamisole", 8.0, "%")]),
        ("L2", "heroin", [("heroin", 11.0, "%"), ("caffeine", 40.0, "%")]),
    ]  # fmt: skip
    assert not [r for r in rows if isinstance(r, Issue) and r.level == "error"]
