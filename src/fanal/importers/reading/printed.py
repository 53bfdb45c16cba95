"""Printed documents (PDF) as paragraphs of plain text: columns, hyphens, pages that are scans."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from fanal.errors import ImporterError
from fanal.importers.base import File, Issue
from fanal.importers.reading.archives import FREE, RATIO, read_whole
from fanal.importers.reading.columns import in_columns, is_cut
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.unknown import refuse_chat
from fanal.importers.reading.word import PACKED

PAGES = 5_000

Lines = list[str]


def pdf_paragraphs(path: File, pages: int = PAGES) -> Lines:
    """Return the paragraphs of a PDF's text layer, lines of one paragraph joined again.

    Raises:
        ImporterError: damaged, encrypted, too long or without a text layer.
    """
    import pypdfium2

    content = read_whole(path, PACKED)
    _refuse_bomb(content)
    lines: Lines = []
    with foreign("PDF"):
        document = pypdfium2.PdfDocument(content)
        try:
            if len(document) > pages == PAGES:
                raise ImporterError(f"the PDF has more than {PAGES:,} pages", do="split it")
            for number in range(min(len(document), pages)):
                page = document[number]
                text = page.get_textpage()
                columns = in_columns(text)
                whole = columns or text.get_text_bounded()
                lines.extend(_unbroken(whole, in_lines=columns is None).splitlines())
                text.close()
                page.close()
        finally:
            document.close()
    if not any(line.strip() for line in lines):
        raise ImporterError(
            "the PDF has no text layer", do="run text recognition on the scan first"
        )
    refuse_chat(lines)
    return _joined(lines)


def scans_in(path: File) -> Iterator[Issue]:
    """Say which pages of a PDF are pictures without text: nothing of them is read."""
    import pypdfium2

    content = read_whole(path, PACKED)
    with foreign("PDF"):
        document = pypdfium2.PdfDocument(content)
        try:
            scans = [number for number in range(len(document)) if _is_scan(document[number])]
        finally:
            document.close()
    if scans:
        hint = f"{len(scans):,} pages are pictures, and were not read: run text recognition on them"
        yield Issue("page without text", scans[0] + 1, hint=hint, level="warning")


def _is_scan(page: Any) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    text = page.get_textpage()
    try:
        return not text.get_text_bounded().strip() and any(
            page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3)
        )
    finally:
        text.close()
        page.close()


def _refuse_bomb(content: bytes) -> None:
    """Look whether a packed part of a PDF unpacks to far more than its size, as archives are."""
    for found in re.finditer(rb"stream\r?\n", content):
        unpacker, size, position = zlib.decompressobj(), 0, found.end()
        try:
            while not unpacker.eof and position < len(content) and size <= FREE:
                packed = unpacker.unconsumed_tail
                if not packed:
                    packed = content[position : position + 65_536]
                    position += len(packed)
                size += len(unpacker.decompress(packed, 1 << 20))
        except zlib.error:
            continue  # packed in another way, or not at all
        if size > FREE and size > RATIO * (position - found.end()):
            raise ImporterError(
                f"a part of the PDF unpacks to more than {RATIO} times its size",
                do="print the file anew to PDF",
            )


_CUT = r"(?<=[^\W\d_])[\x02\ufffe]\s*([a-zà-ÿ]\S*)"  # a word at the end of a line, and its rest


def _unbroken(text: str, in_lines: bool) -> str:
    """Undo the hyphens at line ends, which the library marks: inside a word, else a real one.

    Where a text is `in_lines` the line ends behind the word: its length tells of its paragraph.
    """
    if in_lines:
        text = re.sub(rf"{_CUT}(?:\r?\n|[ \t])?", "\\1\n", text)
    return re.sub(r"[\x02\ufffe]\s*", "-", re.sub(_CUT, r"\1", text))


# lines that go on with none before, and with which none goes on
_ALONE = re.compile(
    r"(?i)©|\(c\) \d{4}|copyright\b|news[·.\u2022]\d{8}|nom de la source\b|type de source\b"
)
_LABELLED = re.compile(r"[#\[(\d:\]). -]*[^\W\d_][^:\n]{0,40}\s?:(?:\s|$)")


def _joined(lines: Lines) -> Lines:
    """Join the lines of each paragraph: a full line goes on unless its successor starts anew."""
    lengths = sorted(len(line) for line in lines if line.strip())
    full = lengths[len(lengths) * 9 // 10] * 0.75
    joined: Lines = []
    goes_on = False
    for raw in lines:
        line = raw.strip()
        alone = _ALONE.match(line)
        if goes_on and line and not (alone or _LABELLED.match(line)):
            last = joined[-1]
            joined[-1] = last[:-1] + line if is_cut(last, line) else f"{last} {line}"
        else:
            joined.append(line)
        goes_on = bool(line) and len(line) >= full and not alone
    return joined
