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
EDGE = 2  # lines at the top and at the foot of a page
LONGEST = 120  # characters of a line that runs over pages
RUNNING = 3  # pages on which it is seen at least
MOST = 0.6  # of the pages
_PAGE = re.compile(
    r"\W*(?:(?P<page>page|seite)|p\.)?\s*(?P<n>\d{1,4})\s*(?:(?:/|sur|of|von)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_PAGED = re.compile(r"\b(?P<n>\d{1,4})(?:\s*(?:/|sur|of|von)\s*\d{1,4})?\W*$")

Lines = list[str]


def pdf_paragraphs(path: File, pages: int = PAGES, edges: bool = True) -> Lines:
    """Return the paragraphs of a PDF's text layer, lines of one paragraph joined again.

    Without its `edges`: the lines that run at the top and the foot of its pages, and their numbers.

    Raises:
        ImporterError: damaged, encrypted, too long or without a text layer.
    """
    import pypdfium2

    content = read_whole(path, PACKED)
    _refuse_bomb(content)
    read: list[Lines] = []
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
                read.append(_unbroken(whole, in_lines=columns is None).splitlines())
                text.close()
                page.close()
        finally:
            document.close()
    lines = [line for page in (read if edges else _without_edges(read)) for line in page]
    if not any(line.strip() for line in lines):
        raise ImporterError(
            "the PDF has no text layer", do="run text recognition on the scan first"
        )
    refuse_chat(lines, printed=True)
    return _joined(lines)


def _without_edges(pages: list[Lines]) -> list[Lines]:
    """Return pages without lines that come again at an edge of most, and without their numbers."""
    numbers: dict[tuple[int, str], list[int]] = {}
    for page in pages:
        for place, at in _edges(page):
            shape, number = _shape(page[at])
            numbers.setdefault((place, shape), []).append(number)
    often = max(RUNNING, MOST * len(pages))
    running = {
        key
        for key, n in numbers.items()
        if len(n) >= {"#": 2, "page #": 1}.get(key[1], often)
        and (n[0] < 0 or n == [*range(n[0], n[0] + len(n))])
    }
    kept = []
    for page in pages:
        left = {at for place, at in _edges(page) if (place, _shape(page[at])[0]) in running}
        kept.append([line for at, line in enumerate(page) if at not in left])
    return kept


def _edges(page: Lines) -> Iterator[tuple[int, int]]:
    """Yield the first and last lines of a page that are not empty: which of them, and where."""
    filled = [at for at, line in enumerate(page) if line.strip()]
    for place in (0, 1, -2, -1) if len(filled) > 2 * EDGE else (0, -1) if filled else ():
        at = filled[place]
        if len(page[at]) <= LONGEST:
            yield place, at


def _shape(line: str) -> tuple[str, int]:
    """Return a line without the number of its page, and that; "#" where it is all, "page #".

    -1 where it has none.
    """
    plain = " ".join(line.split()).casefold()
    if found := _PAGE.fullmatch(plain):
        return "page #" if found["page"] else "#", int(found["n"])
    if found := _PAGED.search(plain):
        return f"{plain[: found.start()]}#", int(found["n"])
    return plain, -1


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
