"""Tables of laboratories and statistical offices in any container: what each row becomes.

`tables_of_strangers.txt` has them: `#` begins a file, its name and its kind of source; `$` is a
parameter, `^` a paragraph of a document, `>` what a row becomes, `! error` words of its refusal.
Rows of workbooks, documents and printed pages stand there as TSV.
"""

import json
import sys
from pathlib import Path

import pytest
from test_laboratories_as_they_write import amount

from fanal.errors import ImporterError
from fanal.importers import BUILTIN, files_in
from fanal.importers.base import Indicator, Issue, RawSample
from fanal.sources import Source
from fanal.stages.ingest import claims

sys.path.insert(0, str(Path(__file__).parents[2] / "acceptance"))
from printing import printed

FILES = Path(__file__).with_name("tables_of_strangers.txt").read_text("utf-8").split("\n# ")[1:]
NAMED = {text.split()[0]: text for text in FILES}
KINDS = {"lab": "lab", "figures": "official table"}


def workbook(path, rows):
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    book.save(path)


def sheet(path, rows):
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book, page = OpenDocumentSpreadsheet(), Table(name="S")
    book.spreadsheet.addElement(page)
    for row in rows:
        line = TableRow()
        page.addElement(line)
        for text in row:
            cell = TableCell(valuetype="string")
            line.addElement(cell)
            cell.addElement(P(text=text))
    book.save(path)


def document(path, lines):
    import docx

    word, table = docx.Document(), None
    for line in lines:
        if line.startswith("^ "):
            word.add_paragraph(line[2:])
            table = None
            continue
        cells = line.split("\t")
        table = table or word.add_table(rows=0, cols=len(cells))
        for cell, text in zip(table.add_row().cells, cells, strict=False):
            cell.text = text
    word.save(path)


def page(path, lines):
    top, said = 780, []
    for line in lines:
        if line.startswith("^ "):
            said.append((40, top, 12, line[2:]))
            top -= 12
        else:
            said += [(40 + 105 * n, top, 10, text) for n, text in enumerate(line.split("\t"))]
        top -= 18
    printed(path, [said])


def written(folder, name, lines):
    path = folder / name
    rows = [line.split("\t") for line in lines]
    if path.suffix in (".xlsx", ".xls"):
        path = path.with_suffix(".xlsx")
        workbook(path, rows)
    elif path.suffix == ".ods":
        sheet(path, rows)
    elif path.suffix == ".docx":
        document(path, lines)
    elif path.suffix == ".pdf":
        page(path, lines)
    else:
        path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def shown(number):
    return "None" if number is None else f"{number:.10g}"


def line(found):
    """Return a sample or a figure as `tables_of_strangers.txt` has it."""
    if isinstance(found, RawSample):
        day = "-" if found.time is None else str(found.time)[:10]
        results = [f"{r.substance or '-'}: {amount(r)}, {r.role}" for r in found.results]
        return " | ".join([found.reference or "-", day, found.sold_as or "-", *results])
    more = "" if found.denominator is None else f" / {shown(found.denominator)}"
    more += "" if found.substance is None else f" = {found.substance}"
    when = f"{found.period} {found.step}"
    return f"{found.name} | {found.area} | {when} | {shown(found.value)} {found.unit}{more}".strip()


def read(path, kind, parameters):
    """Return what a file of a kind of source becomes, read by whom it is given to."""
    source = Source(name="s", title="T", publisher="essai", kind=KINDS[kind], site="lille",
                    legal_basis="essai", invented=True)  # fmt: skip
    [(file, decision)] = files_in(path)
    reader = next(k for k in BUILTIN if k.name == claims.reader(source, decision, file))
    return list(reader(**parameters).extract(file))


@pytest.mark.parametrize("name", NAMED)
def test_a_table_of_a_stranger(tmp_path, name):
    head, *lines = NAMED[name].strip("\n").split("\n")
    kind = head.split()[1]
    given = dict(each[2:].split(" = ") for each in lines if each.startswith("$ "))
    given = {k: json.loads(v) if v.startswith("{") else v for k, v in given.items()}
    expected = [each[2:].strip() for each in lines if each.startswith("> ")]
    refused = [each.removeprefix("! error ") for each in lines if each.startswith("! error ")]
    content = [each for each in lines if not each.startswith(("$ ", "> ", "! "))]
    path = written(tmp_path, name, content)
    if refused:
        with pytest.raises(ImporterError) as told:
            read(path, kind, given)
        assert all(word in str(told.value) for word in refused[0].split(", "))
        return
    found = read(path, kind, given)
    assert [line(f) for f in found if isinstance(f, RawSample | Indicator)] == expected
    assert not [f for f in found if isinstance(f, Issue) and f.level == "error"]
