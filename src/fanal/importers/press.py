"""Press articles saved from a browser or as PDF, and references with their abstracts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar, Literal
from urllib.parse import urlsplit

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import head, read_whole
from fanal.importers.reading.article_pages import articles_on, head_of, published_on
from fanal.importers.reading.articles import Article, export_of, is_database
from fanal.importers.reading.dates import Moment, read_date
from fanal.importers.reading.encodings import find_encoding
from fanal.importers.reading.foreign import foreign, quietly
from fanal.importers.reading.openings import date_in_name
from fanal.importers.reading.press_reviews import compiled_in, reviewed
from fanal.importers.reading.printed import joined, joined_pages, pdf_pages, without_edges
from fanal.importers.reading.published import is_either, order_of_days, published_in, said_published
from fanal.importers.reading.references import is_references, references_in
from fanal.importers.reading.subtitles import subtitle_kind
from fanal.importers.reading.writings import (
    is_dialogue,
    kind_of,
    left_out,
    paragraphs_in,
)

# classes and ids of what readers say under an article
_OF_READERS = [
    f"//*[contains(concat(' ', translate(@class, 'CKR', 'ckr'), ' ', translate(@id, 'CKR', 'ckr'), "
    f"' '), ' {name} ')]"
    for name in (
        "comments", "comments-area", "comments-section", "comment-section", "comment-list",
        "commentlist", "comment", "commentaires", "commentaire", "comentarios", "comentario",
        "kommentare", "kommentar", "commenti", "commento", "reacties", "reactie", "disqus_thread",
    )
]  # fmt: skip
# a day of publishing that a page tells programs
_OF_PROGRAMS = (
    "//time/@datetime|//*[@itemprop='datePublished']|//meta[contains(@property, 'published_time')"
    " or contains(@property, 'datePublished') or @name='date' or @name='DC.date']"
    "|//script[@type='application/ld+json'][contains(., 'datePublished')]"
)
PAGE = 8 << 20  # bytes of a saved page without its pictures
TOP = 12  # paragraphs at the head of a printed article, which say when and by whom
_BYLINE = re.compile(
    r"(?:Par|By|Propos recueillis par|De notre correspondante?)\s+"
    r"((?:[A-ZÀ-Þ][\w'’.-]+\s+){1,3}[A-ZÀ-Þ][\w'’.-]+)"
)
# the word that begins the sentence behind a byline, on one line with it: "Jusqu'ici discrète"
_SENTENCE = re.compile(
    r"\s+(?!(?:avec|et|pour|à|and|for|in|at|with|für|und|mit|aus|in|e|con|per|y|en|para|de|voor|met)\s)"
    r"[a-zà-ÿ]"
)
_EXPORTED_CHAT = re.compile(rb"class=\"(?:page_wrap|history|tgme)|<title>Exported Data</title>")


# the list of what Europresse found: titles and first words, and no text of an article
_RESULTS = re.compile(rb"(?i)\b(?:class|id)=[\"'][^\"']{0,80}\bdocList")
_WRITTEN = ("docx", "rtf", "txt", "odt")


def reads_text(path: File) -> bool:
    """Say whether a file that any reader of texts takes is an article where the press is."""
    return subtitle_kind(path) is None and kind_of(path) in (*_WRITTEN, "pdf", "html")


def _is_database(path: File) -> bool:
    """Say whether a written document is the export of a press database."""
    try:
        lines = [line for paragraph in paragraphs_in(path) for line in paragraph.split("\n")]
    except ImporterError:
        return False
    return is_database(lines) or is_references(lines)


@dataclass(frozen=True)
class Press(Importer):
    """Reads saved web articles (HTML), press PDF and what press databases give, each article.

    Use it for newspaper articles, press releases and reports that a browser saved or printed, and
    for exports of Europresse, Factiva and Nexis (HTML, DOCX, RTF, PDF), which hold many, and for
    references with abstracts of Zotero, PubMed and others (RIS, NBIB). The main text is taken out
    of the page (menus, comments and advertisements are left), with title, date, outlet and
    authors. The thread is the outlet; nothing is fetched from the network.

    Parameters
    ----------
    outlet : str
        Name of the newspaper where files do not say it.
    date : str
        Day of articles that name none.
    date_order : str
        "dmy" or "mdy" for dates such as 03/04/2025 in PDF.

    Examples
    --------
    In a source description::

        importer = "press"
        kind = "press"

    Limits
    ------
    Pictures, comments of readers and text that only a script would load are not in the file.
    What no database wrote is one article, whatever days it tells of, unless a newspaper and a day
    stand above each of several, as in press reviews; a scan needs text recognition first. Of
    several days, the one that is said to be that of publishing counts, then the first. What runs at
    the head and foot of printed pages is left out, of a single page only its number and what a
    browser prints. At most 8 MiB a page.
    """

    name: ClassVar[str] = "press"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "platform"
    breadth: ClassVar[int] = 1

    outlet: str = ""
    date: str = ""
    date_order: str = ""

    def identify(self, path: File) -> bool:
        kind = kind_of(path)
        if kind == "html":
            return not _EXPORTED_CHAT.search(head(path)) and not is_dialogue(path)
        if kind in _WRITTEN:
            return _is_database(path)
        return kind == "pdf" and not is_dialogue(path)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        kind = kind_of(path)
        yield from left_out(path)
        if kind == "html":
            yield from self._page(path)
        elif kind == "pdf":
            yield from self._print(path)
        elif kind in _WRITTEN:
            paragraphs = paragraphs_in(path)
            lines = [line for p in paragraphs for line in p.split("\n")]
            blocks = [p.split("\n") for p in paragraphs]
            yield from self._text(path, lines, lambda order: compiled_in(blocks, order), [])
        else:
            raise ImporterError(
                "no press article",
                allowed="HTML, PDF, DOCX, ODT, RTF, TXT",
                do="save the page again",
            )

    def _page(self, path: File) -> Iterator[RawDocument | Issue]:
        """Yield the articles of a saved page: a database's, or the one that a site shows."""
        if (
            _RESULTS.search(content := read_whole(path, PAGE))
            and b"docOcurrContainer" not in content
        ):
            raise ImporterError(
                "this is the list of results of Europresse, which holds no texts of articles",
                do="choose the documents in Europresse, and save them as HTML or PDF with their "
                "texts",
            )
        with foreign("HTML page"):
            articles = articles_on(_parsed(_as_text(content)), self._order)
        if several := list(self._listed(path, articles)):
            yield from self._undated(several)
            return
        article, said, order = self._saved(path, content)
        if article.time is None and any(is_either(line, order) for line in said):
            yield _WHICH_FIRST
        yield from self._undated([article])

    def _print(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        """Yield the articles of a PDF; what runs over its pages may say when it was published."""
        whole = pdf_pages(path)
        pages = without_edges(whole)
        running = [
            line.strip() for one, other in zip(whole, pages, strict=True)
            for line in one if line not in other
        ]  # fmt: skip
        lines = joined_pages(pages)
        review = reviewed(pages, order_of_days(lines, self.date_order))
        if review or export_of(lines, self._order) or is_references(lines):
            review = [(article, joined(each)) for article, each in review]
            yield from self._text(path, lines, lambda _: review, running)
        else:
            flowing = joined([line for page in pages for line in page])
            blocks = [[line] for line in flowing]
            yield from self._text(path, flowing, lambda order: compiled_in(blocks, order), running)

    def _text(
        self,
        path: File,
        lines: list[str],
        compiled: Callable[[str], list[tuple[Article, list[str]]]],
        running: list[str],
    ) -> Iterator[RawDocument | Issue | Skipped]:
        """Yield the articles of lines: what a database exported, a review compiled, or the one."""
        order = order_of_days(lines, self.date_order)
        if is_references(lines):
            yield from self._undated(list(self._listed(path, references_in(lines, order))))
        elif export := export_of(lines, order):
            yield from self._undated(list(self._listed(path, export.articles)))
            yield from _not_read(lines, export.left)
        elif review := compiled(order):
            yield from self._review(path, review)
        else:
            top = [line for line in lines if line.strip()][:TOP]
            sure = published_in(top, order, told=False) or published_in(running, order)
            sure = sure or self._moment(path)
            if any(is_either(line, order) for line in top) and not self._moment(path):
                yield _WHICH_FIRST
                article = self._printed(path, lines, None)
            else:
                article = self._printed(path, lines, sure or published_in(top, order))
            if sure is None and article.time is not None:
                yield _TOLD
            yield from self._undated([article])

    def _undated(self, articles: list[RawDocument]) -> Iterator[RawDocument | Issue]:
        """Yield articles, and before them what to do about those without a day."""
        for article in articles:
            if article.time is not None:
                continue
            yield Issue(
                "no date",
                article.record,
                field="date",
                hint="put the date in the name of the file, as article_2025-03-12.html, or add "
                'date = "2025-03-12" under [parameters] in the source description',
                level="warning",
            )
        yield from articles

    def _listed(self, path: File, found: Iterable[Article]) -> Iterator[RawDocument]:
        """Yield the articles of a file that holds several.

        The date in the file's name is that of the export, and none of theirs.
        """
        for record, article in enumerate(found, 1):
            moment = article.moment or read_date(self.date, self.date_order)
            title = article.title if article.title != article.text else ""
            yield RawDocument(
                file=path.name,
                record=record,
                text=f"{title}\n\n{article.text}" if title else article.text,
                time=moment.time if moment else None,
                precision=moment.precision if moment else "day",
                chat=self.outlet or article.outlet or None,
                message=article.native or None,
                author="; ".join(article.authors) or None,
                names=tuple(article.authors),
                position=record - 1,
            )

    @property
    def _order(self) -> str:
        return self.date_order or "dmy"

    def _moment(self, path: File) -> Moment | None:
        return date_in_name(path.stem, self.date_order) or read_date(self.date, self.date_order)

    def _saved(self, path: File, content: bytes) -> tuple[RawDocument, list[str], str]:
        """Return the article of a page, the lines under its heading, and their order of days."""
        import trafilatura

        with foreign("HTML page"):
            page = _as_text(content)
            # the page is given as a string and no address with it: nothing is fetched
            found = quietly(
                lambda: trafilatura.bare_extraction(
                    page,
                    with_metadata=True,
                    include_comments=False,
                    prune_xpath=_OF_READERS,
                    include_tables=True,
                    date_extraction_params={"original_date": True, "extensive_search": False},
                )
            )
        article = found.as_dict() if found is not None and not isinstance(found, dict) else found
        body = (article or {}).get("text") or ""
        if not article or not body.strip():
            raise ImporterError(
                "no article found in the page", do="save the page with its text, or as PDF"
            )
        if all(line.lstrip().startswith("|") for line in body.strip().split("\n")):
            raise ImporterError(
                "the page holds a table and no article",
                do="open it in a spreadsheet program and save it as XLSX or CSV",
            )
        title = (article.get("title") or "").strip()
        said = head_of(shown := _parsed(page))
        order = order_of_days([*said, *body.split("\n")], self.date_order)
        moment = said_published(said, order) or published_on(shown)
        # without a day for programs, that of the library is the first that it can read
        if not moment and (shown.xpath(_OF_PROGRAMS) or not any(is_either(x, order) for x in said)):
            moment = read_date(article.get("date") or "", order) or published_in(said, order)
        moment = moment or self._moment(path)
        authors = [
            name.strip() for name in (article.get("author") or "").split(";") if name.strip()
        ]
        outlet = self.outlet or article.get("sitename") or article.get("hostname") or None
        document = RawDocument(
            file=path.name,
            record=1,
            text=body.strip() if not title or title in body[:400] else f"{title}\n\n{body.strip()}",
            time=moment.time if moment else None,
            precision=moment.precision if moment else "day",
            chat=outlet,
            message=_address(article.get("url")) if outlet else None,
            author="; ".join(authors) or None,
            names=tuple(authors),
        )
        return document, said, order

    def _review(
        self, path: File, review: list[tuple[Article, list[str]]]
    ) -> Iterator[RawDocument | Skipped]:
        """Yield the articles of a press review; its cover says nothing that they do not."""
        for record, (article, lines) in enumerate(review, 1):
            if article.moment is None:
                yield Skipped("cover of a press review")
                continue
            found = self._printed(path, lines, article.moment, article.authors)
            found.record, found.position = record, record - 1
            found.chat = self.outlet or article.outlet or None
            yield found

    def _printed(
        self, path: File, read: list[str], moment: Moment | None, authors: Iterable[str] = ()
    ) -> RawDocument:
        paragraphs = [p for p in read if p.strip()]
        written = [name for line in paragraphs[:TOP] for name in _written_by(line)]
        authors = list(dict.fromkeys([*authors, *written]))
        return RawDocument(
            file=path.name,
            record=1,
            text="\n".join(paragraphs),
            time=moment.time if moment else None,
            precision=moment.precision if moment else "day",
            chat=self.outlet or None,
            author="; ".join(authors) or None,
            names=tuple(authors),
        )


_WHICH_FIRST = Issue(
    "order of day and month not shown",
    1,
    field="date",
    hint='nothing says whether the day or the month comes first: add date_order = "dmy" '
    'or "mdy" under [parameters] in the source description',
    level="warning",
)


_TOLD = Issue(
    "date inside a text",
    1,
    field="date",
    hint="nothing says when the article was published: the day of which it tells first is taken; "
    "put the day in the name of the file, as article_2025-03-12.html",
    level="warning",
)


def _not_read(lines: list[str], left: list[int]) -> Iterator[Issue]:
    """Yield an issue for the lines that are in no article, one for those that are together."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    places = {number: place for place, number in enumerate(filled)}
    for _, run in groupby(enumerate(left), lambda each: places[each[1]] - each[0]):
        numbers = [number for _, number in run]
        yield Issue(
            "lines of no article",
            numbers[0] + 1,
            hint=f"{len(numbers)} lines from here on are in no article that was found: if they are "
            "one, save it as a file of its own",
            level="warning",
        )


def _written_by(line: str) -> Iterator[str]:
    """Yield who a line says has written; the first word of a sentence behind is no name."""
    for found in _BYLINE.finditer(line):
        name = found[1].split()
        if len(name) > 2 and _SENTENCE.match(line, found.end()):
            del name[-1]
        yield " ".join(name)


def _parsed(text: str) -> Any:
    from lxml import html

    return html.document_fromstring(
        text.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8")
    )


def _as_text(content: bytes) -> str:
    """Decode a page: what it declares of itself counts if its bytes agree."""
    declared = re.search(rb"(?i)<meta[^>]{0,200}charset=[\"']?([\w-]{3,20})", content[:4096])
    if declared:
        try:
            return content.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return content.decode(find_encoding(io.BytesIO(content)).codec, errors="replace")


def _address(url: object) -> str | None:
    """Return an article's address without tracking, as its native id."""
    parts = urlsplit(url) if isinstance(url, str) else None
    return f"{parts.netloc}{parts.path}" if parts and parts.path.strip("/") else None
