"""Word documents as paragraphs: what was inserted, boxes, notes and tables within tables too."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from fanal.importers.base import File, Issue
from fanal.importers.reading.archives import names_in, open_archive, read_member, read_whole
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import keys, said_at
from fanal.importers.reading.foreign import foreign, quietly

PACKED = 128 << 20  # bytes of a document with its pictures
XML = 24 << 20  # bytes of the text part of DOCX and ODT, which libraries hold as a tree
WORTH_TELLING = 40  # characters
SHORT = 120  # characters of a heading
_STYLE = re.compile(r"(?i)heading|title|titre|berschrift|titel|kop\d|t[ií]?tul")

_NOT_SAID = {"del", "moveFrom", "delText", "instrText", "Fallback", "annotationRef", "rPr", "pPr"}
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_BESIDE = (("word/comments.xml", "comments"),)
_SPEAKERS = {"locuteur", "locutrice", "speaker", "interlocuteur", "intervenant", "qui", "personne"}
_SPEAKERS |= {"who", "person", "name", "nom", "participant", "role", "parle"}
_SAID = {"propos", "texte", "text", "verbatim", "paroles", "transcription", "transcript", "words"}
_SAID |= {"contenu", "content", "dit", "said", "discours", "parole", "utterance", "talk"}
_COUNTED = re.compile(r"[\[(#]?(?:\d{1,4}[.)]?|\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?)[\])#]?")


Grid = list[list[str]]


class Headline(str):
    """A paragraph that the document shows as a heading, by its style or in bold letters."""

    __slots__ = ()


def paragraphs_of(path: File) -> list[str]:
    """Return the paragraphs of a Word document; a row of a table is one.

    Raises:
        ImporterError: it is damaged or too large.
    """
    from docx.oxml import parse_xml

    with open_archive(path) as archive:
        names = names_in(path)
        notes = [read_member(archive, name, XML) for name in _NOTES if name in names]
    body = _body(path)
    with foreign("Word document"):
        left = [note for part in notes for note in _placed(body, parse_xml(part))]
        return [*_blocks(body), *(line for note in left for line in _blocks([note]))]


def _placed(body: Any, part: Any) -> list[Any]:
    """Put notes where their marks stand, as boxes; return those that have none.

    What a note says belongs to who speaks at its mark, and not to who speaks last.
    """
    kind = _tag(part).removesuffix("s")
    notes = {_numbered(note): note for note in part if _tag(note) == kind}
    for mark in [element for element in body.iter() if _tag(element) == f"{kind}Reference"]:
        if (note := notes.pop(_numbered(mark), None)) is not None:
            box = mark.makeelement(mark.tag.replace(f"{kind}Reference", "txbxContent"), {})
            box.extend(list(note))
            mark.getparent().replace(mark, box)
    return list(notes.values())


def _numbered(element: Any) -> str:
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), "")


def _body(path: File) -> Any:
    import docx

    with open_archive(path) as archive:
        read_member(archive, "word/document.xml", XML)  # refuses what would not fit in memory
    content = read_whole(path, PACKED)
    with foreign("Word document"):
        # the library resolves no entities and follows no links to other files
        return quietly(lambda: docx.Document(io.BytesIO(content))).element.body


def grids_of(path: File) -> list[str | Grid]:
    """Return the paragraphs of a Word document, and its tables as rows of cells, in their order.

    Raises:
        ImporterError: as `paragraphs_of`.
    """
    body = _body(path)
    with foreign("Word document"):
        blocks = list(_inside(body, "p", "tbl"))
        return [_text(b, []) if _tag(b) == "p" else _grid(b)[0] for b in blocks]


def comments_in(path: File) -> Iterator[Issue]:
    """Say that the comments of a Word document are not read: nobody said them."""
    if "word/document.xml" not in names_in(path):
        return
    from docx.oxml import parse_xml

    for part, what in _BESIDE:
        if part in names_in(path):
            with open_archive(path) as archive, foreign("Word document"):
                text = "".join(parse_xml(read_member(archive, part, XML)).itertext())
            if len(text.strip()) > WORTH_TELLING:
                yield beside(what)


def beside(what: str) -> Issue:
    """Return the issue of what stands beside the text of a document and is not read."""
    hint = f"the {what} of the document are not read; copy what counts into its text"
    return Issue("text not read", 1, field=what, hint=hint, level="warning")


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _blocks(top: Any) -> Iterator[str]:
    """Yield paragraphs and rows in the order of the document, what a box holds after its anchor."""
    waiting = list(reversed(top))
    while waiting:
        element = waiting.pop()
        kind = _tag(element)
        if kind == "p":
            boxes: list[Any] = []
            text = _text(element, boxes)
            yield Headline(text) if _is_heading(element, text) else text
            waiting.extend(reversed(boxes))
        elif kind == "tbl":
            yield from _table(element)
        elif kind not in _NOT_SAID and kind != "sectPr":
            waiting.extend(reversed(element))


def _is_heading(paragraph: Any, text: str) -> bool:
    """Say whether a short paragraph has the style of a heading, or only bold letters."""
    if not text or len(text) > SHORT:
        return False
    styles = [value for mark in paragraph.iter() if _tag(mark) == "pStyle"
              for value in mark.attrib.values()]  # fmt: skip
    if any(map(_STYLE.search, styles)):
        return True
    runs = [run for run in paragraph.iter() if _tag(run) == "r" and _text(run, []).strip()]
    return bool(runs) and all(any(_tag(mark) == "b" for mark in run.iter()) for run in runs)


def _text(paragraph: Any, boxes: list[Any]) -> str:
    pieces: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        kind = _tag(element)
        if kind == "t":
            pieces.append(element.text or "")
        elif kind in _BREAKS:
            pieces.append(_BREAKS[kind])
        elif kind == "txbxContent":
            boxes.append(element)
        elif kind not in _NOT_SAID:
            waiting.extend(reversed(element))
    return "".join(pieces)


def _table(table: Any) -> list[str]:
    return table_lines(*_grid(table))


def _grid(table: Any) -> tuple[Grid, Grid]:
    """Return the rows of a table, and what boxes and tables within each of them say."""
    rows: Grid = []
    below: Grid = []
    for row in _inside(table, "tr"):
        if any(_tag(mark) == "del" for props in row if _tag(props) == "trPr" for mark in props):
            continue
        cells: list[str] = []
        under: list[str] = []
        for cell in _inside(row, "tc"):
            said: list[str] = []
            for block in _inside(cell, "p", "tbl"):
                if _tag(block) == "tbl":
                    under += _table(block)
                else:
                    boxes: list[Any] = []
                    said.append(_text(block, boxes))
                    under += [line for box in boxes for line in _blocks(box)]
            cells.append("\n".join(line for line in said if line.strip()))
        rows.append(cells)
        below.append(under)
    return rows, below


def _inside(top: Any, *kinds: str) -> Iterator[Any]:
    """Yield the elements of some kinds within one, those within content controls too."""
    for element in top:
        if _tag(element) in kinds:
            yield element
        elif _tag(element) in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _inside(element, *kinds)


def table_lines(rows: list[list[str]], below: list[list[str]] | None = None) -> list[str]:
    """Write the rows of a table as lines: who speaks and what, else all cells as they stand.

    A column of numbers or times is left out of what is said, and so is a header that names the
    columns. `below` are the lines to write under each row.
    """
    rows = [[cell.strip() for cell in row] for row in rows]
    named = bool(rows) and is_of_days(rows[0])
    column = _days_of(rows) if named else None
    if column is not None or (named and len(rows) > 2):
        rows, below = rows[1:], below[1:] if below else None
        if column is not None:
            under = below or [[]] * len(rows)
            return [line for row, more in zip(rows, under, strict=True)
                    for line in (_dated(row, column), *more)]  # fmt: skip
    header = rows[0] if len(rows) > 1 and is_header(rows[0]) else None
    body = rows[1:] if header else rows
    width = max(map(len, body), default=0)
    counted = {
        column
        for column in range(width)
        if (cells := [row[column] for row in body if column < len(row) and row[column]])
        and all(map(_COUNTED.fullmatch, cells))
    }
    talk = len(body) > 1 and width - len(counted) == 2
    if header and width - len(counted) > 2:
        return _told(body, header, below[1:] if below else [])
    lines: list[str] = []
    for number, row in enumerate(rows):
        if not (header and number == 0 and talk):
            kept = [c for column, c in enumerate(row) if c and not (talk and column in counted)]
            kept = [c for c in kept if not re.fullmatch(r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?", c)]
            lines.append(_row(kept))
        lines += below[number] if below else []
    return lines


def _told(rows: list[list[str]], header: list[str], below: list[list[str]]) -> list[str]:
    """Write who speaks and what from the columns so named, remarks of others in brackets."""
    names = [set(folded(cell).split("_")) for cell in header]
    who = next(n for n, words in enumerate(names) if words & _SPEAKERS)
    what = next((n for n, words in enumerate(names) if words & _SAID and n != who), who)
    lines: list[str] = []
    for number, row in enumerate(rows):
        cells = row + [""] * (len(header) - len(row))
        others = [c for n, c in enumerate(cells) if n not in (who, what) and c]
        remarks = [f"({cell})" for cell in others if not _COUNTED.fullmatch(cell)]
        text = " ".join(part for part in (cells[what], *remarks) if part)
        lines.append(_row([cell for cell in (cells[who], text) if cell]))
        lines += below[number] if below else []
    return lines


def is_header(row: list[str]) -> bool:
    """Say whether a row names a column of speakers and one of what they say."""
    words = {word for cell in row for word in folded(cell).split("_")}
    return bool(words & _SPEAKERS and words & _SAID)


def is_of_days(row: list[str]) -> bool:
    """Say whether a row names the columns of notes, one of which is their day."""
    names = [folded(cell) for cell in row]
    short = all(cell and len(cell) <= 30 and not any(map(str.isdigit, cell)) for cell in row)
    return short and len(set(names)) == len(names) > 1 and _day_column(names) is not None


def _day_column(names: list[str]) -> int | None:
    return next((n for n, name in enumerate(names) if name.split("_")[0] in keys("keys")), None)


def _days_of(rows: list[list[str]]) -> int | None:
    """Return the column of a table of notes that holds their days, where all its cells are days."""
    column = _day_column([folded(cell) for cell in rows[0]])
    days = [row[column] for row in rows[1:] if column is not None and len(row) > column]
    return column if all(said_at(day, "dmy") for day in days if day) and any(days) else None


def _dated(row: list[str], column: int) -> str:
    """Write a row of a table of notes: its day on a line of its own."""
    day = row[column] if column < len(row) else ""
    rest = " | ".join(cell for n, cell in enumerate(row) if cell and n != column)
    return "\n".join(filter(None, (day, rest)))


def _row(cells: list[str]) -> str:
    """Write two cells as "Speaker: text", others as they stand."""
    if len(cells) == 2 and len(cells[0]) <= 63 and "\n" not in cells[0] and cells[0] != cells[1]:
        label, text = cells
        return f"{label.rstrip(' :')} : {text}"
    return " | ".join(cells)
