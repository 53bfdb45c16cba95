"""Cells of workbooks as their number formats show them, and days counted from 1904."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from fanal.door.raw import RawDocument, RawSample
from fanal.errors import ImporterError
from fanal.importers.base import Issue, Skipped
from fanal.importers.indicators import Indicators
from fanal.importers.lab.cells import number, read_amount
from fanal.importers.lab.drug_checking import Lab
from fanal.importers.reading.beside_values import MERGED, Marks, marks_of
from fanal.importers.reading.rows import as_text
from fanal.importers.reading.sheets import grids, shown
from fanal.importers.tables import Tables

HEAD = ["N°", "Date", "Vendu comme", "Substance", "Teneur (%)", "Prix"]
ROWS = [
    ["A1", "22/05/2026", "cocaïne", "cocaïne", 0.72, 60],
    ["A2", "22/05/2026", "kétamine", "kétamine", 0.955, 25.5],
    ["A3", "22/05/2026", "MDMA", "MDMA", 1, 10],
]


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (0.72, "0%", "72 %"),
        (0.07, "0.00%", "7 %"),
        (14.217, '0.0"‰"', "14.217 ‰"),
        (72, '0.0"%"', "72 %"),
        (72, "0.0\\%", "72 %"),
        (0.1, "0.0%;[Red]-0.0%", "10 %"),
        (12.5, 'General" mg"', "12.5 mg"),
        (60, '#,##0.00 "€"', "60 €"),
        (60, "[$€-40C] #,##0", "60 €"),
        (60, '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-', "60 €"),
        (60, "#,##0.00 [$CHF]", "60 CHF"),
        (1200, "0.00E+00", "1200"),
        (0.5, "# ?/?", "0.5"),
        (12, '"A"0000', "12"),
        (12, "General", "12"),
        (True, "0%", "True"),
        (None, "0%", ""),
        ("72 %", "0%", "72 %"),
    ],
)
def test_as_shown(value, number_format, seen):
    assert as_text(shown(value, number_format)) == seen


def xlsx(folder):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    for row in ROWS:
        book.active.append(row)
    for row in range(2, len(ROWS) + 2):
        book.active[f"E{row}"].number_format = "0.0%"
        book.active[f"F{row}"].number_format = '#,##0.00 "€"'
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def ods(folder):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Résultats")
    document.spreadsheet.addElement(table)
    for row in [HEAD, *ROWS]:
        line = TableRow()
        table.addElement(line)
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                made = TableCell(valuetype="string")
            elif column == 4:
                made = TableCell(valuetype="percentage", value=cell)
            else:
                made = TableCell(valuetype="currency", currency="EUR", value=cell)
            made.addElement(P(text=str(cell)))
            line.addElement(made)
    document.save(str(folder / "t.ods"))
    return folder / "t.ods"


def xls(_):
    return Path(__file__).with_name("percent.xls")


@pytest.mark.parametrize("made", [xlsx, ods, xls])
def test_a_share_of_a_laboratory(tmp_path, made):
    samples = [r for r in Lab().extract(made(tmp_path)) if isinstance(r, RawSample)]
    found = [(s.results[0].amount, s.results[0].unit, s.price, s.currency) for s in samples]
    assert found == [(72, "%", 60, "EUR"), (95.5, "%", 25.5, "EUR"), (100, "%", 10, "EUR")]


def test_a_unit_written_by_a_format_in_an_open_sheet(tmp_path):
    document = OpenDocumentSpreadsheet()
    table = Table(name="T")
    document.spreadsheet.addElement(table)
    for cells in (["a", "b"], [12.5, 3]):
        line = TableRow(numberrowsrepeated=1)
        table.addElement(line)
        for cell, words in zip(cells, ["12,5 mg", "3"], strict=True):
            kind = {"valuetype": "float", "value": cell} if not isinstance(cell, str) else {}
            made = TableCell(**kind)
            made.addElement(P(text=words if kind else cell))
            line.addElement(made)
    document.save(str(tmp_path / "t.ods"))
    grid, _ = grids(tmp_path / "t.ods")["T"]
    assert [as_text(cell) for cell in grid[1]] == ["12.5 mg", "3"]


def test_shares_without_a_unit_in_the_header_and_texts_among_them(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["N°", "Date", "Vendu comme", "cocaïne", "lévamisole"])
    book.active.append(["A1", date(2026, 5, 22), "cocaïne", 0.72, "8 %"])
    book.active["D2"].number_format = "0%"
    book.save(tmp_path / "t.xlsx")
    (sample,) = [r for r in Lab().extract(tmp_path / "t.xlsx") if isinstance(r, RawSample)]
    assert [(r.amount, r.unit) for r in sample.results] == [(72, "%"), (8, "%")]


def test_an_official_share(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Indicateur", "Territoire", "Année", "Valeur"])
    for year, value in ((2022, 0.052), (2023, 0.061), (2024, 0.1)):
        book.active.append(["Usage", "FR", year, value])
        book.active.cell(book.active.max_row, 4).number_format = "0.0%"
    book.save(tmp_path / "t.xlsx")
    figures = list(Indicators().extract(tmp_path / "t.xlsx"))
    assert [(f.value, f.unit) for f in figures] == [(5.2, "%"), (6.1, "%"), (10, "%")]


def from_1904(folder):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Date", "Texte"])
    book.active.append([44702, "coke à 60"])
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def from_1904_xls(_):
    return Path(__file__).with_name("from1904.xls")


@pytest.mark.parametrize("made", [from_1904, from_1904_xls])
def test_serial_days_from_1904(tmp_path, made):
    (found,) = [r for r in Tables().extract(made(tmp_path)) if isinstance(r, RawDocument)]
    assert found.time == date(2026, 5, 22)


@pytest.mark.parametrize(
    ("text", "value", "price"),
    [
        ("1 234,5", 1234.5, 1234.5),
        ("1'234.50", 1234.5, 1234.5),
        ("1,234.5", 1234.5, 1234.5),
        ("1.234,5", 1234.5, 1234.5),
        ("1.234.567", 1234567, 1234567),
        ("1.234", 1.234, 1234),
        ("1,200", 1.2, 1200),
        ("0,308", 0.308, 0.308),
        ("12,50", 12.5, 12.5),
        ("0.5 g", 0.5, 0.5),
        ("n.d.", None, None),
        ("(3)", None, None),
    ],
)
def test_numbers_of_a_laboratory(text, value, price):
    assert number(text) == value
    assert number(text, money=True) == price


def test_amounts_with_thousands():
    assert read_amount("1'234,5 mg").value == 1234.5
    assert read_amount("1,234.5 mg").value == 1234.5
    assert read_amount("1.234 mg").value == 1.234


def test_a_damaged_workbook_is_called_one(tmp_path):
    path = tmp_path / "damaged.xls"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 2000)
    with pytest.raises(ImporterError, match=r"^the workbook is damaged"):
        grids(path)


NOTES = [
    ["Date", "Lieu", "Texte"],
    [date(2026, 5, 22), "Lille", "coke à 60"],
    [None, None, "keta 30"],
    [None, None, "speed 5"],
    [date(2026, 5, 23), "Paris", "mdma 10"],
]


def merged_xlsx(folder):
    book = openpyxl.Workbook()
    for row in NOTES:
        book.active.append(row)
    book.active.merge_cells("A2:A4")
    book.active.merge_cells("B2:B4")
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def merged_ods(folder):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Notes")
    document.spreadsheet.addElement(table)
    for place, row in enumerate(NOTES):
        line = TableRow()
        table.addElement(line)
        for cell in row:
            over = {"numberrowsspanned": 3} if place == 1 and cell != row[-1] else {}
            if cell is None:
                line.addElement(CoveredTableCell())
                continue
            kind = {"valuetype": "string"}
            if isinstance(cell, date):
                kind = {"valuetype": "date", "datevalue": cell.isoformat()}
            made = TableCell(**kind, **over)
            made.addElement(P(text=str(cell)))
            line.addElement(made)
    document.save(str(folder / "t.ods"))
    return folder / "t.ods"


def merged_xls(_):
    return Path(__file__).with_name("merged.xls")


@pytest.mark.parametrize("made", [merged_xlsx, merged_ods, merged_xls])
def test_cells_merged_over_rows_say_the_same_in_each(tmp_path, made):
    found = list(
        Tables(mapping={"text": "Texte", "time": "Date", "chat": "Lieu"}).extract(made(tmp_path))
    )
    assert [(r.record, r.time, r.chat, r.text) for r in found] == [
        (2, date(2026, 5, 22), "Lille", "coke à 60"),
        (3, date(2026, 5, 22), "Lille", "keta 30"),
        (4, date(2026, 5, 22), "Lille", "speed 5"),
        (5, date(2026, 5, 23), "Paris", "mdma 10"),
    ]


def test_two_lines_of_header_merged_over_rows_and_columns(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Région", 2020, None, 2021, None],
        [None, "Usage", "Nombre", "Usage", "Nombre"],
        ["Bretagne", 10, 2, 11, 3],
    ):
        book.active.append(row)
    for cells in ("A1:A2", "B1:C1", "D1:E1"):
        book.active.merge_cells(cells)
    book.save(tmp_path / "t.xlsx")
    figures = list(Indicators().extract(tmp_path / "t.xlsx"))
    assert [(f.name, f.area, f.period.year, f.value) for f in figures[1:]] == [
        ("Usage", "R53", 2020, 10), ("Nombre", "R53", 2020, 2),
        ("Usage", "R53", 2021, 11), ("Nombre", "R53", 2021, 3),
    ]  # fmt: skip


def test_too_many_merged_cells_are_refused():
    page = b"".join(b'<mergeCell ref="A%d:A%d"/>' % (n, n + 1) for n in range(1, MERGED + 2))
    two = b'<mergeCell ref="AB9:AB10"/><mergeCell ref="A1:D1"/>'
    assert marks_of(io.BytesIO(two)) == Marks(merged=[(27, 8, 9)], across={(0, 0)})
    with pytest.raises(ImporterError, match="merged"):
        marks_of(io.BytesIO(page))


def test_a_sheet_for_each_month(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Veille"])
    for name, rows in {
        "janvier": [["Date", "Texte"], ["03/01/2026", "coke à 60"]],
        "février": [["Texte", "Date"], ["keta 30", "15/02/2026"]],
        "légende": [["Code", "Description"], ["A", "un mot"]],
    }.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "t.xlsx")
    found = list(Tables().extract(tmp_path / "t.xlsx"))
    assert [(r.time, r.text) for r in found if isinstance(r, RawDocument)] == [
        (date(2026, 1, 3), "coke à 60"), (date(2026, 2, 15), "keta 30"),
    ]  # fmt: skip
    assert [r for r in found if isinstance(r, Skipped)] == [
        Skipped("row of another sheet", 1), Skipped("row of another sheet", 2),
    ]  # fmt: skip
    (alone,) = [
        r
        for r in Tables(sheet="février").extract(tmp_path / "t.xlsx")
        if isinstance(r, RawDocument)
    ]
    assert alone.text == "keta 30"


def test_a_formula_without_a_saved_value_is_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Indicateur", "Pays", "Année", "Valeur"])
    for year, value in ((2021, "=10+2"), (2022, "=5+2"), (2023, 14)):
        book.active.append(["Saisies", "FR", year, value])
    book.save(tmp_path / "t.xlsx")
    told, *figures = Indicators().extract(tmp_path / "t.xlsx")
    assert (told.kind, told.record, told.field) == ("formula without a value", 2, "Valeur")
    assert [figure.value for figure in figures] == [None, None, 14]
    saved = b'<c r="D2"><f>10+2</f><v>12</v></c><c r="D3" t="str"><f>""</f><v></v></c>'
    assert marks_of(io.BytesIO(saved)) == Marks()


@pytest.mark.parametrize("importer", [Lab(), Indicators()])
def test_a_sheet_that_is_not_read_is_named(tmp_path, importer):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {
        "labo": [["Code", "Date", "Vendu comme", "Substance", "%"],
                 ["a1", "2026-05-19", "MDMA", "MDMA", 80], ["a2", "2026-05-20", "MDMA", "MDMA", 7]],
        "chiffres": [["Année", "Pays", "Indicateur", "Valeur"], [2023, "France", "décès", 5],
                     [2024, "France", "décès", 7]],
    }.items():  # fmt: skip
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(tmp_path / "t.xlsx")
    found = list(importer.extract(tmp_path / "t.xlsx"))
    other = "chiffres" if isinstance(importer, Lab) else "labo"
    told = [r for r in found if isinstance(r, Issue) and r.kind == "sheet not read"]
    assert [(r.field, r.level, r.hint.split(";")[0]) for r in told] == [(other, "note", "rows: 3")]
    assert Skipped("row of another sheet", 3) in found
