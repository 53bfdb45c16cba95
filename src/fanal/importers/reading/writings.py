"""Written documents (TXT, MD, DOCX, ODT, RTF, PDF, HTML) as paragraphs of plain text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import unescape
from statistics import median
from typing import Any

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Issue
from fanal.importers.reading import word
from fanal.importers.reading.archives import (
    head,
    is_zip,
    names_in,
    open_archive,
    read_member,
    read_whole,
)
from fanal.importers.reading.encodings import decode
from fanal.importers.reading.foreign import foreign, quietly
from fanal.importers.reading.numbered_lines import unnumbered
from fanal.importers.reading.pages import page_blocks
from fanal.importers.reading.preambles import FrontMatter, front_matter
from fanal.importers.reading.printed import pdf_paragraphs, scans_in
from fanal.importers.reading.prose import refuse_chat, refuse_other
from fanal.importers.reading.recordings import recording_in
from fanal.importers.reading.rows import is_otr, sniffed
from fanal.importers.reading.speakers import find_cast, labels_of
from fanal.importers.reading.word import PACKED, XML, Headline, is_header, is_of_days, table_lines

PLAIN = 8 << 20  # bytes of a text; the longest interviews have less than one
LINES = 200_000
# of a page of a site: no program of transcripts or of texts writes so
_OF_A_SITE = re.compile(rb"(?i)<(?:script|nav|article|link rel=.?canonical)\b|property=.?og:")
GROUPS = 200_000  # of an RTF document, each of which the library holds

Lines = list[str]


def left_out(path: File) -> Iterator[Issue]:
    """Yield what of a document is not read: comments of Word, which nobody said, and scans."""
    if kind_of(path) == "pdf":
        yield from scans_in(path)
    else:
        yield from word.comments_in(path)
        yield from _remarks_in(path)


def _remarks_in(path: File) -> Iterator[Issue]:
    """Say that the comments of an OpenDocument text are not read: nobody said them."""
    if kind_of(path) != "odt":
        return
    from defusedxml.ElementTree import fromstring

    with open_archive(path) as archive, foreign("OpenDocument text"):
        top = fromstring(read_member(archive, "content.xml", XML))
    marks = (e for e in top.iter() if str(e.tag).endswith("}annotation"))
    text = "".join(t for mark in marks for p in mark.iter() if str(p.tag).endswith("}p")
                   for t in p.itertext())  # fmt: skip
    if len(text.strip()) > word.WORTH_TELLING:
        yield word.beside("comments")


def kind_of(path: File) -> str | None:
    """Recognise a written document by content: docx, odt, rtf, pdf, html, otr, txt or none."""
    start = head(path)
    if start.startswith(b"%PDF-") or b"%PDF-" in start[:1024]:
        return "pdf"
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if is_zip(path):
        names = names_in(path)
        if "word/document.xml" in names:
            return "docx"
        return "odt" if {"content.xml", "mimetype"} <= names and _is_odt(path) else None
    text = sniffed(start).lstrip("\ufeff \r\n\t")
    if re.match(r"(?i)<(?:!doctype html|html|head|body|!--)", text):
        return "html"
    if is_otr(text):
        return "otr"
    if (
        not text
        or text.startswith("{")
        or re.match(r"<(?:\?xml|!|[A-Za-z][\w:.-]*(?:\s[^<>\n]{0,2000})?/?>)", text)
        or re.match(r"\[\s*[\[{]", text)
    ):
        return None
    return "txt"


def _is_odt(path: File) -> bool:
    try:
        with open_archive(path) as archive:
            kind = read_member(archive, "mimetype", 1024)
    except ImporterError:
        return False
    return kind.strip() == b"application/vnd.oasis.opendocument.text"


def front_of(path: File) -> FrontMatter:
    """Return what a program of notes put above a text; it is none of its paragraphs."""
    return front_matter(sniffed(head(path))) if kind_of(path) == "txt" else FrontMatter()


def paragraphs_in(path: File) -> Lines:
    """Return the paragraphs of a document, none of them empty; a paragraph may have line breaks.

    A `Headline` is one that looks like one.

    Raises:
        ImporterError: it is none of the known kinds, damaged, too large, or has no text.
    """
    kind = kind_of(path)
    if kind == "docx":
        paragraphs = word.paragraphs_of(path)
    elif kind == "odt":
        paragraphs = _odt(path)
    elif kind == "rtf":
        paragraphs = _rtf(read_whole(path, PLAIN))
    elif kind == "pdf":
        paragraphs = pdf_paragraphs(path, edges=False)
    elif kind == "html":
        paragraphs = page_blocks(path)
    elif kind == "otr":
        paragraphs = _otranscribe(read_whole(path, PLAIN))
    elif kind == "txt":
        text = decode(read_whole(path, PLAIN))
        text = text[front_matter(text).length :]
        text = unnumbered(text)
        refuse_other(text)
        refuse_chat(text.split("\n"))
        paragraphs = _markdown(text) if _is_markdown(path, text) else _blocks(text)
    else:
        raise ImporterError(
            "no text document",
            allowed="TXT, MD, DOCX, ODT, RTF, PDF, HTML, VTT, SRT, OTR",
            do="save it as DOCX",
        )
    paragraphs = [type(p)(p.replace("\x00", "").replace("\ufeff", "").strip()) for p in paragraphs]
    paragraphs = [p for p in paragraphs if p]
    if kind in ("docx", "odt", "rtf", "html"):
        refuse_chat(paragraphs)
    if len(paragraphs) + sum(p.count("\n") for p in paragraphs) > LINES:
        raise ImporterError(f"the document has more than {LINES:,} lines", do="split it")
    if not paragraphs:
        raise ImporterError("the document holds no text", do="a scan needs text recognition first")
    return paragraphs


def is_dialogue(path: File) -> bool:
    """Say whether a PDF's first pages, or a page that a word processor saved, are turns."""
    try:
        if kind_of(path) == "pdf":
            first = pdf_paragraphs(path, pages=4)
        else:
            first = [] if _OF_A_SITE.search(head(path)) else page_blocks(path)
    except ImporterError:
        return False
    lines = [line for paragraph in first for line in paragraph.split("\n") if line.strip()]
    return bool(find_cast(labels_of(lines)).labels or recording_in(lines))


def _otranscribe(content: bytes) -> Lines:
    """Return the lines of a transcript of oTranscribe: HTML within JSON; no time stamps."""
    try:
        written = msgspec.json.decode(content.lstrip(b"\xef\xbb\xbf"), type=dict[str, Any]).get(
            "text"
        )
    except (msgspec.DecodeError, RecursionError):
        raise ImporterError(
            "the oTranscribe file (OTR) is damaged", do="export or save it again"
        ) from None
    text = re.sub(r"<span[^>]*timestamp[^>]*>[^<]*</span>", "", str(written or ""))
    text = re.sub(r"(?i)<br ?/?>|</(?:p|div|li)>", "\n", text)
    return unescape(re.sub(r"<[^>]*>", "", text)).replace("\xa0", " ").split("\n")


def _blocks(text: str) -> Lines:
    """Part a plain text at empty lines; where there are none, at line ends if lines are long."""
    blocks = re.split(r"\n[ \t\u00a0]*\n", text.strip("\n"))
    if len(blocks) > 1:
        return blocks
    lines = text.split("\n")
    return lines if median(map(len, lines)) >= 60 or len(text) > 6_000 else [text]


def _odt(path: File) -> Lines:
    from defusedxml.ElementTree import iterparse
    from odf.opendocument import load

    with foreign("OpenDocument text"), open_archive(path) as archive:
        for part in archive.namelist():
            if part.endswith(".xml"):
                # the library prints what it cannot parse and would resolve entities: look first
                for _, element in iterparse(io.BytesIO(read_member(archive, part, XML))):
                    element.clear()
    content = read_whole(path, PACKED)
    with foreign("OpenDocument text"):
        document = quietly(lambda: load(io.BytesIO(content)))
        return list(_odt_blocks(document.text))


def _odt_blocks(top: Any) -> Iterator[str]:
    """Yield headings, paragraphs and rows in the order of the document, notes below their mark.

    What a note says belongs to who speaks at its mark, and not to who speaks last.
    """
    waiting = list(reversed(top.childNodes))
    while waiting:
        node = waiting.pop()
        kind = node.qname[1] if getattr(node, "qname", None) else ""
        notes: list[Any] = []
        if kind in ("p", "h"):
            text = _odt_text(node, notes)
            yield Headline(text) if kind == "h" else text
        elif kind == "table":
            rows, below = list[Lines](), list[Lines]()
            for row in _rows(node):
                of_row: list[Any] = []
                rows.append([_odt_text(cell, of_row) for cell in row.childNodes])
                below.append([line for note in of_row for line in _odt_blocks(note)])
            yield from table_lines(rows, below)
        elif kind != "tracked-changes":
            waiting.extend(reversed(node.childNodes))
        waiting.extend(reversed(notes))


def _rows(table: Any) -> Iterator[Any]:
    for node in table.childNodes:
        kind = node.qname[1] if getattr(node, "qname", None) else ""
        if kind == "table-row":
            yield node
        elif kind in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(node)


def _odt_text(top: Any, notes: list[Any]) -> str:
    pieces: list[str] = []
    waiting = list(reversed(top.childNodes))
    while waiting:
        node = waiting.pop()
        kind = node.qname[1] if getattr(node, "qname", None) else ""
        if not kind:
            pieces.append(str(getattr(node, "data", "")))
        elif kind == "s":
            pieces.append(" " * min(int(node.getAttribute("c") or 1), 100))
        elif kind in ("tab", "line-break"):
            pieces.append("\t" if kind == "tab" else "\n")
        elif kind == "note":
            notes += [p for p in node.childNodes if getattr(p, "qname", ("", ""))[1] == "note-body"]
        elif kind not in ("annotation", "annotation-end"):
            if kind in ("p", "h") and pieces:
                pieces.append("\n")
            waiting.extend(reversed(node.childNodes))
    return "".join(pieces)


def _rtf(content: bytes) -> Lines:
    from striprtf.striprtf import rtf_to_text

    if content.count(b"{") > GROUPS:
        raise ImporterError("the RTF document has too many groups", do="save it as DOCX")
    with foreign("RTF document"):
        # pictures are hexadecimal runs, most of the file and none of the text
        slim = re.sub(r"[0-9a-fA-F\s]{4096,}", "", content.decode("latin-1"))
        text = quietly(lambda: rtf_to_text(slim, errors="replace"))  # type: ignore[no-untyped-call]
    return str(text).split("\n")


def _is_markdown(path: File, text: str) -> bool:
    start = text[:20_000]
    marks = re.findall(r"(?m)^#{1,4} \S|\*\*[^*\n]+\*\*|^\s*[-*] \*\*|^> \S|\]\(https?://", start)
    return path.name.lower().endswith((".md", ".markdown")) or len(marks) >= 3


def _markdown(text: str) -> Lines:
    from markdown_it import MarkdownIt

    rows: list[Lines] = []
    before = ""
    lines: Lines = []
    with foreign("Markdown text"):
        reader = MarkdownIt("commonmark", {"html": False, "maxNesting": 50}).enable("table")
        for token in reader.parse(text):
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "table_close":
                lines += _marked_table(rows)
                rows = []
            elif token.type == "inline" and rows:
                rows[-1].append(token.content)
            elif token.type == "inline":
                content = "".join(
                    "\n" if child.type in ("softbreak", "hardbreak") else child.content
                    for child in token.children or []
                )
                starts = [child.type for child in (token.children or [])[:2]]
                is_heading = before == "heading_open" or "strong_open" in starts
                lines.append(Headline(content) if is_heading else content)
            elif token.type in ("fence", "code_block"):
                lines.append(token.content)
            before = token.type
    return lines


def _marked_table(rows: list[Lines]) -> Lines:
    """Return what the rows of a table say; its first line names the columns."""
    if is_header(rows[0]) or (len(rows) > 1 and is_of_days(rows[0])):
        return table_lines(rows)
    return [" | ".join(filter(None, row)) for row in rows[1:]]
