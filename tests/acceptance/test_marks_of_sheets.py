"""What the values of a sheet do not show is kept, or told by name: XLSX, ODS and XLS alike."""

import zipfile

import openpyxl
import pytest
from command_line import said
from old_workbook import ERROR, old_workbook
from openpyxl.comments import Comment

from fanal.workspace import Workspace

ROWS = [
    ["N°", "Date", "Vendu comme", "Substance", "Teneur (%)", "Prix"],
    ["A1", "22/05/2026", "cocaïne", "cocaïne", 72, (60, "€")],
    ["A2", "22/05/2026", "kétamine", "kétamine", ERROR, (25.5, "€")],
    ["A3", "23/05/2026", "MDMA", "MDMA", 80, ERROR],
]
DRAFT = [ROWS[0], ["A4", "24/05/2026", "MDMA", "MDMA", 81, (10, "€")]]
# of the first sheet: notes on a substance and a price, a hidden row, a hidden column
MARKS = {"notes": [(1, 3), (2, 3), (3, 5)], "rows": [2], "columns": [2]}


def xlsx(folder):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Labo": ROWS, "Brouillon": DRAFT}.items():
        page = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row, 1):
                made = page.cell(number, column)
                made.value = cell[0] if isinstance(cell, tuple) else cell
                if isinstance(cell, tuple):
                    made.number_format = '#,##0.00\\ "€"'
                elif cell == ERROR:
                    made.data_type = "e"
    for row, column in MARKS["notes"]:
        book["Labo"].cell(row + 1, column + 1).comment = Comment("contient du fentanyl", "x")
    book["Labo"].row_dimensions[3].hidden = True
    book["Labo"].column_dimensions["C"].hidden = True
    book["Brouillon"].sheet_state = "hidden"
    book.save(folder / "labo.xlsx")
    return folder / "labo.xlsx"


NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}


def ods(folder):
    """Write the sheets as LibreOffice does: an error is a cell without a value."""

    def cell(value, noted):
        note = "<office:annotation><text:p>contient 1 g</text:p></office:annotation>" * noted
        if value == ERROR:
            said = 'table:formula="of:=1/0" office:value-type="string" office:string-value="" '
            said += 'calcext:value-type="error"'
            shown = ERROR
        elif isinstance(value, tuple):
            said = f'office:value-type="currency" office:currency="EUR" office:value="{value[0]}"'
            shown = f"{value[0]} €"
        elif isinstance(value, str):
            said, shown = 'office:value-type="string"', value
        else:
            said, shown = f'office:value-type="float" office:value="{value}"', value
        return f"<table:table-cell {said}>{note}<text:p>{shown}</text:p></table:table-cell>"

    def page(name, rows, marks, style):
        seen = {True: " table:visibility='collapse'", False: ""}
        columns = "".join(
            f"<table:table-column{seen[n in marks.get('columns', ())]}/>" for n in range(6)
        )
        lines = "".join(
            f"<table:table-row{seen[n in marks.get('rows', ())]}>"
            + "".join(cell(v, (n, c) in marks.get("notes", ())) for c, v in enumerate(row))
            + "</table:table-row>"
            for n, row in enumerate(rows)
        )
        return (
            f'<table:table table:name="{name}" table:style-name="{style}">'
            f"{columns}{lines}</table:table>"
        )

    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in NAMES.items())
    style = (
        '<style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    with zipfile.ZipFile(folder / "labo.ods", "w") as made:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        made.writestr("mimetype", kind)
        made.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>',
        )
        made.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:automatic-styles>{style}"
            "</office:automatic-styles><office:body><office:spreadsheet>"
            + page("Labo", ROWS, MARKS, "ta1") + page("Brouillon", DRAFT, {}, "ta2")
            + "</office:spreadsheet></office:body></office:document-content>",
        )  # fmt: skip
    return folder / "labo.ods"


def xls(folder):
    pages = {"Labo": (ROWS, MARKS), "Brouillon": (DRAFT, {"hidden": True})}
    return old_workbook(folder / "labo.xls", pages)


SOURCE = """
name = "labo"
title = "INVENTED"
publisher = "essai"
kind = "lab"
site = "lille"
legal_basis = "essai"
invented = true
"""
SAMPLES = """
SELECT s.day::VARCHAR AS day, s.sold_as, s.price, s.currency, r.amount, r.unit
FROM samples s JOIN results r ON r.sample = s.id ORDER BY s.day, s.sold_as
"""
TOLD = [
    ("error in a cell", 3, "Teneur (%)", "warning"),
    ("error in a cell", 4, "Prix", "warning"),
    ("hidden column", 1, "Vendu comme", "warning"),
    ("hidden rows", 3, "", "warning"),
    ("hidden sheet", 1, "Brouillon", "warning"),
    ("note on a cell", 2, "Substance", "warning"),
    ("note on a cell", 4, "Prix", "warning"),
]


@pytest.mark.parametrize("made", [xlsx, ods, xls])
def test_what_the_values_do_not_show(tmp_path, made):
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
    [row] = said("ingest", made(tmp_path), "-s", "labo", "--dir", tmp_path / "ws")["rows"]
    assert (row["status"], row["read"], row["documents"], row["issues"]) == ("done", 4, 4, 0)
    with Workspace(tmp_path / "ws") as workspace:
        issues = workspace.tables.rows("SELECT kind, record, field, level, hint FROM issues")
        samples = workspace.tables.rows(SAMPLES)
    assert sorted((i["kind"], i["record"], i["field"], i["level"]) for i in issues) == TOLD
    hints = {(i["kind"], i["record"]): i["hint"].partition(",")[0] for i in issues}
    assert hints["note on a cell", 2] == "2 in this column"
    assert hints["hidden rows", 3] == "1 rows"
    assert [tuple(sample.values()) for sample in samples] == [
        ("2026-05-22", "cocaine", 60.0, "EUR", 72.0, "%"),
        ("2026-05-22", "ketamine", 25.5, "EUR", None, None),
        ("2026-05-23", "mdma", None, None, 80.0, "%"),
        ("2026-05-24", "mdma", 10.0, "EUR", 81.0, "%"),
    ]
