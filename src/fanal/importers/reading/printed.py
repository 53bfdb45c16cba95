"""Printed documents (PDF) as paragraphs of plain text: columns, hyphens, pages that are scans."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from fanal.errors import ImporterError
from fanal.importers.base import File, Issue
from fanal.importers.reading.archives import FREE, RATIO, read_whole
from fanal.importers.reading.columns import gone_on, in_columns
from fanal.importers.reading.dated_lines import is_alone
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.numbered_lines import unnumbered
from fanal.importers.reading.press_marks import is_mark
from fanal.importers.reading.prose import refuse_chat
from fanal.importers.reading.word import PACKED

PAGES = 5_000
EDGE = 2  # lines at the top and at the foot of a page
LONGEST = 120  # characters of a line that runs over pages
RUNNING = 3  # pages on which it is seen at least, where there are so many
MOST = 0.6  # of the pages
_PAGE = re.compile(
    r"\W*(?:(?P<page>page|seite)|p\.)?\s*(?P<n>\d{1,4})\s*(?:(?:/|sur|of|von)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_DASHED = re.compile(r"[-–—]\s?\d{1,4}\s?[-–—]")  # a page's number, and nothing else
_NUMBERED = re.compile(r"^(?P<n>\d{1,4})\s+(?=[^\W\d_]{2}|\W\s)")
DAY = 40  # characters of a line that is a day and no more
_ABOVE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+\d{1,2}[:h]\d{2}\b")
_BELOW = re.compile(r"(?:https?://|www\.|file:)\S+(?:\s+\d{1,4}\s?(?:/|sur|of|von)\s?\d{1,4})?")
_PAGED = re.compile(r"\b(?P<n>\d{1,4})(?:\s*(?:/|sur|of|von)\s*\d{1,4})?\W*$")

Lines = list[str]


def pdf_paragraphs(path: File, pages: int = PAGES, edges: bool = True) -> Lines:
    """Return the paragraphs of a PDF's text layer, lines of one paragraph joined again.

    The numbers of a transcript's lines are left out before: they are of lines as printed.
    Without its `edges`: the lines that run at the top and the foot of its pages, and their numbers.

    Raises:
        ImporterError: damaged, encrypted, too long or without a text layer.
    """
    lines = [line for page in pdf_pages(path, pages, edges) for line in page]
    return joined(unnumbered("\n".join(lines)).split("\n"))


def pdf_pages(path: File, pages: int = PAGES, edges: bool = True) -> list[Lines]:
    """Return the lines of each page of a PDF, as `pdf_paragraphs` reads them."""
    texts: list[tuple[str, bool]] = []  # of each page, and whether it is in lines
    for text in text_pages(path, pages):
        columns = in_columns(text)
        texts.append((columns or text.get_text_bounded(), columns is None))
    hyphened = {word.casefold() for text, _ in texts for word in _HYPHENED.findall(text)}
    read = [_unbroken(text, in_lines, hyphened).splitlines() for text, in_lines in texts]
    read = read if edges else without_edges(read)
    lines = [line for page in read for line in page]
    if not any(line.strip() for line in lines):
        raise ImporterError(
            "the PDF has no text layer", do="run text recognition on the scan first"
        )
    refuse_chat(lines, printed=True)
    return read


def joined_pages(pages: list[Lines]) -> Lines:
    """Return the paragraphs of pages of which each may begin with another article."""
    paragraphs: Lines = []
    for page in pages:
        first, *others = [p for p in joined(page) if p.strip()] or [""]
        if paragraphs and first[:1].islower():
            paragraphs[-1] = gone_on(paragraphs[-1], first)
        else:
            paragraphs.append(first)
        paragraphs += others
    return paragraphs


def text_pages(path: File, pages: int = PAGES) -> Iterator[Any]:
    """Yield the text layer of each page of a PDF, open until the next is asked for.

    Raises:
        ImporterError: damaged, encrypted or too long.
    """
    import pypdfium2

    content = read_whole(path, PACKED)
    _refuse_bomb(content)
    with foreign("PDF"):
        document = pypdfium2.PdfDocument(content)
        try:
            if len(document) > pages == PAGES:
                raise ImporterError(f"the PDF has more than {PAGES:,} pages", do="split it")
            for number in range(min(len(document), pages)):
                page = document[number]
                text = page.get_textpage()
                yield text
                text.close()
                page.close()
        finally:
            document.close()


def without_edges(pages: list[Lines]) -> list[Lines]:
    """Return pages without lines that come again at an edge of most, and without their numbers."""
    numbers: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for number, page in enumerate(pages):
        for place, at in _edges(page):
            shape, said = _shape(page[at])
            numbers.setdefault((place, shape), []).append((number, said))
    often = max(min(RUNNING, max(2, len(pages))), MOST * len(pages))
    running = {
        key
        for key, n in numbers.items()
        if len(n) >= {"#": 2, "page #": 1}.get(key[1], often)
        and (_in_step(n) or (key[1] not in ("#", "page #") and len({said for _, said in n}) == 1))
    } | _numbered_alike(numbers, len(pages))
    kept = []
    for page in pages:
        left = {at for place, at in _edges(page) if (place, _shape(page[at])[0]) in running}
        if browser := _printed_by_browser(page):
            left |= browser
        kept.append([line for at, line in enumerate(page) if at not in left])
    return kept


def _in_step(numbers: list[tuple[int, int]]) -> bool:
    """Say whether the numbers of lines rise as their pages do."""
    return len({said - number for number, said in numbers}) == 1


def _numbered_alike(
    numbers: dict[tuple[int, str], list[tuple[int, int]]], pages: int
) -> set[tuple[int, str]]:
    """Return lines of one edge that all have the number of their page: left and right heads."""
    found = set[tuple[int, str]]()
    for place in (0, 1, -2, -1):
        here = {key: n for key, n in numbers.items() if key[0] == place and n[0][1] >= 0}
        steps = Counter(said - number for n in here.values() for number, said in n)
        step, times = max(steps.items(), key=lambda each: each[1], default=(0, 0))
        if times >= max(RUNNING, MOST * pages) and len(here) <= times / 2 + 1:
            found |= {key for key, n in here.items() if all(s - at == step for at, s in n)}
    return found


def _printed_by_browser(page: Lines) -> set[int]:
    """Return the lines that a browser prints around a page: day and title above, address below."""
    filled = [at for at, line in enumerate(page) if line.strip()]
    if len(filled) < RUNNING:
        return set()
    above, below = (page[filled[at]].strip() for at in (0, -1))
    return {filled[0], filled[-1]} if _ABOVE.match(above) and _BELOW.fullmatch(below) else set()


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
        return "page #" if found["page"] or _DASHED.fullmatch(plain) else "#", int(found["n"])
    if found := _PAGED.search(plain) or _NUMBERED.match(plain):
        return f"{plain[: found.start()]}#{plain[found.end() :]}", int(found["n"])
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


# a word at the end of a line, and its rest
_STOPS = '.!?:;…»”"'
SHORT = 0.7  # of a full line
# words of two parts whose hyphen is their own: soixante-dix, celui-ci, peut-être, au-delà
_COMPOUND = re.compile(
    r"(?:vingt|trente|quarante|cinquante|soixante|quatre|dix|cent)-(?:et|une?|deux|trois|quatre|cinq"
    r"|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?)"
    r"|(?:celui|celle|ceux|celles)-(?:ci|là)|peut-être|(?:au|là|par|ci)-(?:del[àa]|dessus|dessous"
    r"|devant|dedans|dehors|bas)|grand-chose|rendez-vous"
)
_CUT = re.compile(
    r"(?P<word>[^\W\d_]+)[\x02\ufffe]\s*(?P<rest>[a-zà-ÿ][^\W\d_]*)(?P<more>\S*)"
    r"(?P<end>\r?\n|[ \t])?"
)
_HYPHENED = re.compile(r"[^\W\d_]+-[^\W\d_]+")


def _unbroken(text: str, in_lines: bool, hyphened: Collection[str] = ()) -> str:
    """Undo the hyphens at line ends, which the library marks: inside a word, else a real one.

    Where a text is `in_lines` the line ends behind the word: its length tells of its paragraph.
    `hyphened` are words that have their hyphen in the middle of a line too: `soixante-dix`.
    """

    def whole(found: re.Match[str]) -> str:
        parts = f"{found['word']}-{found['rest']}".casefold()
        sign = "-" * (parts in hyphened or _COMPOUND.fullmatch(parts) is not None)
        end = "\n" if in_lines else found["end"] or ""
        return f"{found['word']}{sign}{found['rest']}{found['more']}{end}"

    return re.sub(r"[\x02\ufffe]\s*", "-", _CUT.sub(whole, text))


_LABELLED = re.compile(r"[#\[(\d:\]). -]*[^\W\d_][^:\n]{0,40}\s?:(?:\s|$)")


def joined(lines: Lines) -> Lines:
    """Join the lines of each paragraph: a full line goes on unless its successor starts anew."""
    lengths = sorted(len(line) for line in lines if line.strip())
    full = lengths[len(lengths) * 9 // 10] * 0.75 if lengths else 0
    joined: Lines = []
    goes_on = inside = False
    for raw in lines:
        line = raw.strip()
        alone = is_mark(line) or (len(line) <= DAY and is_alone(line, "dmy"))
        follows = goes_on or (inside and line[:1].islower())
        if follows and line and not (alone or _LABELLED.match(line)):
            joined[-1] = gone_on(joined[-1], line)
        else:
            joined.append(line)
        goes_on = bool(line) and len(line) >= full and not alone
        # justified lines are of many lengths: one that ends within a sentence may be short
        inside = len(line) >= full * SHORT and not alone and line[-1] not in _STOPS
    return joined
