"""The articles on a saved page: a press database's, or those of a site."""

from __future__ import annotations

import re
from typing import Any

from fanal.importers.reading.articles import (
    HEAD,
    LEAST,
    Article,
    is_fact,
    is_tagged,
    people_in,
    tagged_in,
)
from fanal.importers.reading.dates import Moment, date_inside, read_date
from fanal.importers.reading.press_marks import END

_PUBLISHED = (
    "//meta[@property='article:published_time' or @name='article:published_time']/@content"
    "|//*[@itemprop='datePublished']/@content|//*[@itemprop='datePublished']/@datetime"
)
_PUBLISHED_LINKED = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d\d-\d\d)')
UNDER = 30  # parts of a page under its heading, that may say when it was published
_WITHIN = (
    "//article[not(ancestor::article)]|//div[contains(concat(' ', @class, ' '), ' article ')]"
    "[not(ancestor::article)][not(ancestor::div[contains(concat(' ', @class, ' '), ' article ')])]"
)
_OF_DATABASE = "//*[contains(@class,'titreArticle') or contains(@class,'enHeadline')]"
_SAID = ".//p[not(ancestor::header)]|.//li[not(.//p)]|.//blockquote[not(.//p)]"
_TITLE = "ancestor-or-self::*[contains(@class,'itre') or contains(@class,'title')]"
_BODY_OF = ".//*[contains(@class,'docOcurrContainer') or contains(@class,'DocText')]"


def articles_on(page: Any, order: str) -> list[Article]:
    """Return the articles of a page that holds several, as databases and blogs write them.

    A database's are all read, however short; on other pages short ones are teasers.
    """
    for line_break in page.xpath("//br"):
        line_break.tail = f"\n{line_break.tail or ''}"
    least = 1 if page.xpath(_OF_DATABASE) else LEAST
    found = [_on_page(element, order, least) for element in page.xpath(_WITHIN)]
    articles = [article for article in found if article]
    return articles if len(articles) > 1 or any(article.native for article in articles) else []


def head_of(page: Any) -> list[str]:
    """Return what stands directly under the heading of a page: day, authors, first lines."""
    parts = page.xpath(
        "(//h1)[1]/following::*[not(ancestor-or-self::aside or ancestor-or-self::footer"
        " or ancestor-or-self::nav or ancestor-or-self::script or ancestor-or-self::style)]"
        "[self::p or self::time or self::span or self::li or self::div[not(.//div or .//p)]]"
    )
    return [text for part in parts[:UNDER] if (text := _plain(part))]


def published_on(page: Any) -> Moment | None:
    """Return the day that a page tells programs as that of publishing, whatever it was changed on.

    Teasers of other articles may tell days of theirs: where a way tells several, another counts.
    """
    linked = " ".join(page.xpath("//script[@type='application/ld+json']/text()"))
    for told in (page.xpath(_PUBLISHED), _PUBLISHED_LINKED.findall(linked)):
        days = {written[:10]: moment for written in map(str.strip, map(str, told))
                if (moment := read_date(written[:10], "dmy"))}  # fmt: skip
        if len(days) == 1:
            return next(iter(days.values()))
    return None


def _in_table(element: Any, order: str) -> Article | None:
    """Read an article of Factiva whose parts are rows: their tag, then what they say."""
    rows = [[_plain(cell) for cell in row.xpath("./td|./th")] for row in element.xpath(".//tr")]
    lines = [" ".join(row) for row in rows if row and is_tagged(row[0])]
    article = tagged_in(lines, order) if len(lines) >= 4 else None
    if article:
        ends = (END.fullmatch(row[-1]) for row in rows if row)
        article.native = next((found["factiva"] or "" for found in ends if found), "")
    return article


def _on_page(element: Any, order: str, least: int) -> Article | None:
    kinds = " ".join(element.xpath("ancestor-or-self::*/@class")).casefold()
    if "comment" in kinds or element.xpath("ancestor::aside|ancestor::footer|ancestor::nav"):
        return None
    if article := _in_table(element, order):
        return article
    paragraphs = [
        text for p in element.xpath(_SAID) if not p.xpath(_TITLE) and (text := _plain(p))
    ] or [text for body in element.xpath(_BODY_OF)[:1] if (text := _plain(body))]
    ends = [found for text in paragraphs if (found := END.fullmatch(text))]
    paragraphs = [text for text in paragraphs if not END.fullmatch(text)]
    linked = sum(len(_plain(a)) for a in element.xpath(".//p//a"))
    size = sum(map(len, paragraphs))
    if size < (1 if ends else least) or linked > size / 2:
        return None
    article = Article(text="\n".join(paragraphs))
    article.title = _one(element, "itre", "eadline", "title") or _heading(element)
    article.outlet = _one(element, "PublicationName", "publication", "source-name", "sourceName")
    article.native = next((f["factiva"] or f["europresse"] or "" for f in ends), "")
    if not article.outlet and article.native:
        article.outlet = _under_day(
            [_plain(d) for d in element.xpath(".//div[not(.//div)]")], order
        )
    author = _one(element, "docAuthors", "author", "byline")
    article.authors = people_in(author) if author else []
    article.moment = _moment(element, order)
    return article


def _moment(element: Any, order: str) -> Moment | None:
    for written in element.xpath(".//time/@datetime|.//*[@itemprop='datePublished']/@content"):
        if moment := read_date(str(written)[:25], order) or date_inside(str(written), order):
            return moment
    for part in element.xpath(".//*[contains(@class,'eader') or contains(@class,'date')]"):
        if moment := date_inside(_plain(part), order):
            return moment
    for line in [_plain(div) for div in element.xpath(".//div[not(.//div)]|.//span")][:HEAD]:
        if len(line) <= 60 and (moment := read_date(line, order)):
            return moment
    return None


def _under_day(lines: list[str], order: str) -> str:
    """Return what stands under the day of an article: in Factiva's order the newspaper."""
    dated = (n for n, line in enumerate(lines) if len(line) <= 60 and read_date(line, order))
    at = next(dated, len(lines))
    return next((line for line in lines[at + 1 :] if line and not is_fact(line)), "")


def _one(element: Any, *names: str) -> str:
    for name in names:
        for part in element.xpath(f".//*[contains(@class,'{name}')]"):
            if text := _plain(part):
                return text[:300]
    return ""


def _heading(element: Any) -> str:
    return next((text for h in element.xpath(".//h1|.//h2|.//h3|.//h4") if (text := _plain(h))), "")


def _plain(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
