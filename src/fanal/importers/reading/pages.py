"""The blocks of a page that a program of transcripts or of texts saved as HTML."""

from __future__ import annotations

import re
from typing import Any

from fanal.importers.base import File
from fanal.importers.reading.archives import read_whole
from fanal.importers.reading.encodings import decode
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.word import Headline, table_lines

PAGE = 8 << 20  # bytes
_UNSHOWN = ("script", "style", "head", "noscript", "template")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "div", "li", "pre", "blockquote", "section", "dt", "dd", *_HEADINGS)
_BLOCK, _HEADLINE, _BREAK = "\ue000", "\ue001", "\ue002"  # no character of a text


def page_blocks(path: File) -> list[str]:
    """Return paragraphs, headings and rows of tables, none empty, line breaks where a page has."""
    from lxml import html

    text = re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", decode(read_whole(path, PAGE)))
    with foreign("HTML page"):
        top = html.document_fromstring(text)
        for element in [e for e in top.iter() if e.tag in _UNSHOWN or not isinstance(e.tag, str)]:
            if element.getparent() is not None:
                element.drop_tree()
        for table in [e for e in top.iter("table") if e.find(".//table") is None]:
            _write_out(table)
        for element in top.iter("br", *_BLOCKS):
            mark = _BREAK if element.tag == "br" else _BLOCK
            if mark == _BLOCK:
                begins = _BLOCK + (_HEADLINE if element.tag in _HEADINGS else "")
                element.text = begins + (element.text or "")
            element.tail = mark + (element.tail or "")
        blocks = top.text_content().split(_BLOCK)
    return [block for each in blocks if (block := _block(each)).strip()]


def _write_out(table: Any) -> None:
    """Put in the place of a table the lines that its rows are."""
    from lxml.html import builder

    rows = [[" ".join(cell.text_content().split()) for cell in row.iter("td", "th")]
            for row in table.iter("tr")]  # fmt: skip
    lines = table_lines([row for row in rows if any(row)])
    table[:] = [builder.P(line) for line in lines]
    table.text = None
    table.tag = "div"


def _block(text: str) -> str:
    headed = text.startswith(_HEADLINE)
    lines = (" ".join(line.split()) for line in text.lstrip(_HEADLINE).split(_BREAK))
    block = "\n".join(filter(None, lines))
    return Headline(block) if headed else block
