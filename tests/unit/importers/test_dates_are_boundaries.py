"""Dates inside a text begin its parts: documents as strangers keep them, in seven languages."""

import re
from pathlib import Path

import docx
import pytest
from odf import table, text
from odf.opendocument import OpenDocumentText

from fanal.importers.base import Issue, RawDocument
from fanal.importers.transcripts import Transcripts

BLOCKS = (Path(__file__).parent / "dated.txt").read_text("utf-8").split("\n== ")[1:]
DOCUMENTS = {block.partition("\n")[0]: block.partition("\n")[2] for block in BLOCKS}


def in_word(path, lines):
    made = docx.Document()
    rows = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            drawn = made.add_table(len(rows), len(rows[0]))
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    drawn.cell(at, column).text = cell
            rows = []
        if line.startswith("# "):
            made.add_heading(line[2:], 1)
        elif line.startswith("**"):
            made.add_paragraph().add_run(line.strip("*")).bold = True
        elif line:
            made.add_paragraph(line)
    made.save(path)


def in_writer(path, lines):
    made = OpenDocumentText()
    drawn = None
    for line in lines:
        if line.startswith("|"):
            drawn = drawn or made.text.addElement(table.Table()) or made.text.lastChild
            row = table.TableRow()
            drawn.addElement(row)
            for cell in line.strip("|").split("|"):
                box = table.TableCell()
                box.addElement(text.P(text=cell.strip()))
                row.addElement(box)
        elif line.startswith("# "):
            made.text.addElement(text.H(outlinelevel=1, text=line[2:]))
        else:
            made.text.addElement(text.P(text=line))
    made.save(path)


def in_rich_text(path, lines):
    body = "".join(f"{line}\\par\n" for line in lines)
    path.write_text(f"{{\\rtf1\\ansi {body}}}", "ascii")


def written(path, content):
    lines = content.strip("\n").split("\n")
    make = {".docx": in_word, ".odt": in_writer, ".rtf": in_rich_text}.get(path.suffix)
    if make:
        make(path, [line for line in lines if line])
    else:
        path.write_text(content.strip("\n") + "\n", "utf-8")


def told(path, parameters):
    """Return a line for each document and each issue."""
    rows = list(Transcripts(**parameters).extract(path))
    lines = []
    for row in rows:
        if isinstance(row, RawDocument):
            day = str(row.time)[:10] if row.time else "-"
            label = f"{row.author.partition(': ')[2]}: " if row.author else ""
            fine = f"{row.precision} " if row.time and row.precision != "day" else ""
            lines.append(f"{fine}{day} {label}{row.text}".replace("\n", " ⏎ "))
    return lines + [f"! {row.kind}" for row in rows if isinstance(row, Issue)]


@pytest.mark.parametrize("head", DOCUMENTS)
def test_dates_are_boundaries(tmp_path, head):
    content, _, right = DOCUMENTS[head].rpartition("\n--\n")
    name, parameters = re.fullmatch(r"(.*\.\w+)((?: \w+=\S+)*)", head).groups()
    path = tmp_path / name
    written(path, content)
    given = dict(each.split("=") for each in parameters.split())
    assert told(path, given) == right.strip().split("\n")
