"""What a page of HTML shows, in its order: paragraphs, headings, and tables as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fanal.importers.base import File
from fanal.importers.reading.archives import read_whole
from fanal.importers.reading.beside_values import Across
from fanal.importers.reading.encodings import decode
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.word import Grid, Headline, table_lines

PAGE = 8 << 20  # bytes
SPAN = 100  # columns or rows that a cell may stand for
_UNSHOWN = ("script", "style", "head", "noscript", "template")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "div", "li", "pre", "blockquote", "section", "dt", "dd", "figcaption", *_HEADINGS)
# no characters of a text
_BLOCK, _HEADLINE, _BREAK, _TABLE = "\ue000", "\ue001", "\ue002", "\ue003"


def page_blocks(path: File) -> list[str]:
    """Return paragraphs, headings and rows of tables, none empty, line breaks where a page has."""
    blocks: list[str] = []
    for part in page_parts(decode(read_whole(path, PAGE))):
        if isinstance(part, str):
            blocks.append(part)
        else:
            blocks += table_lines([row for row in part if any(row)])
    return blocks


def page_parts(text: str) -> list[str | Grid]:
    """Return the paragraphs, headings and tables of a page, none empty.

    A table is the rows of an inner one; those that hold others only lay out a page. What is said
    of a table stands before it.

    Raises:
        ImporterError: no page of HTML.
    """
    from lxml import html

    text = re.sub(r"\A\s*<\?xml[^>]{0,200}\?>|[\ue000-\ue003]", "", text)
    parts: list[str | Grid] = []
    with foreign("HTML page"):
        top = html.document_fromstring(
            text.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8")
        )
        for element in [e for e in top.iter() if e.tag in _UNSHOWN or not isinstance(e.tag, str)]:
            if element.getparent() is not None:
                element.drop_tree()
        grids = [_taken(t, n) for n, t in enumerate(_innermost(top))]
        for element in top.iter("br", *_BLOCKS):
            mark = _BREAK if element.tag == "br" else _BLOCK
            if mark == _BLOCK:
                begins = _BLOCK + (_HEADLINE if element.tag in _HEADINGS else "")
                element.text = begins + (element.text or "")
            element.tail = mark + (element.tail or "")
        for block in top.text_content().split(_BLOCK):
            if block.startswith(_TABLE):
                parts.append(grids[int(block.removeprefix(_TABLE))])
            elif (said := _block(block)).strip():
                parts.append(said)
    return parts


def _innermost(top: Any) -> list[Any]:
    return [table for table in top.iter("table") if table.find(".//table") is None]


def _taken(table: Any, number: int) -> Grid:
    """Return the rows of a table, in whose place its caption and its number are left."""
    from lxml.html import builder

    rows = spread(
        [
            (_said(cell), _span(cell, "colspan"), _span(cell, "rowspan"))
            for cell in row.iter("td", "th")
        ]
        for row in table.iter("tr")
    )
    captions = [builder.P(text) for c in table.iter("caption") if (text := _said(c))]
    table[:] = [*captions, builder.P(f"{_TABLE}{number}")]
    table.text, table.tag = None, "div"
    return rows


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _span(cell: Any, name: str) -> int:
    told = cell.get(name) or "1"
    return min(int(told), SPAN) if told.isdecimal() and int(told) else 1


def spread(rows: Iterable[list[tuple[str, int, int]]]) -> Grid:
    """Return rows of as many cells: one that spans columns stands first, one over rows in each."""
    grid: Grid = []
    over: dict[int, tuple[str, int]] = {}  # column → what stands there, and in how many more rows
    for row in rows:
        cells: list[str] = []
        for text, wide, tall in row:
            _reach_down(over, cells)
            for column in range(wide):
                said = "" if column else Across(text) if wide > 1 else text
                over[len(cells)] = said, tall - 1
                cells.append(said)
        _reach_down(over, cells)
        grid.append(cells)
    return grid


def _reach_down(over: dict[int, tuple[str, int]], cells: list[str]) -> None:
    """Add to a row the cells of rows above that reach down to where it goes on."""
    while over.get(len(cells), ("", 0))[1]:
        text, left = over[len(cells)]
        over[len(cells)] = text, left - 1
        cells.append(text)


def _block(text: str) -> str:
    headed = text.startswith(_HEADLINE)
    lines = (" ".join(line.split()) for line in text.lstrip(_HEADLINE).split(_BREAK))
    block = "\n".join(filter(None, lines))
    return Headline(block) if headed else block
