"""The articles of press reviews: what people compile of newspapers, printed or typed."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import NamedTuple

from fanal.importers.reading.articles import LEAST, SHORT, Article, is_title, people_in
from fanal.importers.reading.dated_lines import is_alone
from fanal.importers.reading.dates import date_inside

BRIEF = 60  # characters of one in a review that somebody compiled, under its head
TOP = 4  # lines of a page among which a press review names the newspaper and the day
# the head of an article in a press review: "La Voix Fictive - 12/03/2025", "…, publié le 12 mars"
_REVIEWED = re.compile(
    r"(?P<outlet>[^\W_][^\d:;!?.,|•–—(]{1,58}?)\s*(?:\s-|[–—|•,(])\s*(?:[^\W\d]+[\s,.]+){0,4}"
    r"\d{1,4}(?:er|\.|st|nd|rd|th)?[/.\s-]+[\w./-]+(?:[\s,]+\d{4})?\)?\b.{0,30}"
)
# the same, the day first: "12 mars 2025 – La Voix Fictive"
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+[\s.]+)?\d{1,4}(?:er|\.|st|nd|rd|th)?[/.\s-]+[\w./-]+(?:[\s,]+\d{4})?"
    r"\s*(?:\s-|[–—|•,:])\s*(?P<outlet>[A-ZÀ-Þ0-9][^\d:;!?.,|•–—(]{1,58}?)"
)
# the same before what was written: "- La Voix Fictive (3 mars 2026) : La 3-MMC …"
_BEFORE = re.compile(r"[^:\n]{6,90}?\d(?:\)|\s)*(?=\s?:\s|\s[–—]\s)")
_LABELLED = re.compile(
    r"(?i)(?:date|datum|fecha|data|jour|parution|publi[ée] le)\s?:\s*(?P<date>.{4,60})"
    r"|(?:source|journal|m[ée]dia|titre de presse|quelle|zeitung|fonte|giornale|fuente|peri[óo]dico"
    r"|bron|krant|newspaper|outlet)\s?:\s*(?P<outlet>.{2,60})"
    r"|(?:titre|title|titel|titolo|t[íi]tulo)\s?:\s*(?P<title>.{2,200})"
    r"|(?:auteurs?|autrice|author|autor|autore|auteur|par|by|von)\s?:\s*(?P<author>.{2,100})"
    r"|(?:lien|url|link|enlace)\s?:\s*(?P<link>\S+)"
)
# before the agency from which an article has it, or before each newspaper of a review
_SAID = re.compile(r"(?i)\A(?:[(\[]*\s*(?:source|quelle|fonte|fuente|bron)\s?:\s*|[(\[]+)")
_LINK = re.compile(r"https?://\S+")
_RULE = re.compile(r"(?:[-=_*~—–#]\s*){3,}")  # between articles
_CALLED = re.compile(r"[A-ZÀ-Þ][^\d:;!?.…»«]{1,40}")  # what a newspaper is called
_REVIEW = re.compile(
    r"(?i)revue d[e'’]|presse|panorama|press\b|pressespiegel|rassegna|prensa|knipsel|veille"
)


def reviewed(pages: list[list[str]], order: str) -> list[tuple[Article, list[str]]]:
    """Return the articles of a press review, each with its lines, which begin at a page's top.

    A head names the newspaper and the day; what comes before the first
    is its cover, without either. None where fewer than two have heads of their own.
    """
    found: list[tuple[Article, list[str]]] = []
    heads = set[str]()
    for page in pages:
        filled = [line.strip() for line in page if line.strip()]
        head = next((line for line in filled[:TOP] if newspaper_in(line, order)), "")
        if head and head not in heads:
            heads.add(head)
            article = Article(outlet=newspaper_in(head, order), moment=date_inside(head, order))
            found.append((article, []))
        elif not found:
            found.append((Article(), []))
        found[-1][1].extend(page)
    sizes = (sum(map(len, lines)) for article, lines in found if article.moment)
    return found if len(heads) > 1 and min(sizes) >= LEAST else []


def compiled_in(paragraphs: list[list[str]], order: str) -> list[tuple[Article, list[str]]]:
    """Return the articles of a press review that somebody typed, as `reviewed` does.

    A head names the newspaper and the day, in a line, in several or under labels; where the text
    says that it is a review, a day alone is one. It stands above each article, or each time
    between its title and its text, or under it. What stands above the first is a cover: a sentence
    there is of an article, which tells days of its own.
    """
    lines = [line.strip() for p in paragraphs for line in p if line.strip()]
    counts = accumulate(sum(bool(line.strip()) for line in p) for p in paragraphs)
    opens = {0, *counts}  # the lines with which paragraphs begin
    for heads in (_newspapers, _labelled, _datelines, _days):
        found = heads(lines, order)
        if len(found) > 1 and (review := _cut(lines, opens, found)):
            return review
    return []


class _Head(NamedTuple):
    """The lines that say of an article where and when it was published."""

    start: int
    stop: int
    article: Article


def _cut(lines: list[str], opens: set[int], heads: list[_Head]) -> list[tuple[Article, list[str]]]:
    """Return the articles of lines under or above heads; none where one has no text."""
    if heads[-1].stop == len(lines) and heads[0].start > 0:  # under each article
        starts = [0, *(head.stop for head in heads[:-1])]
    else:
        titled = _are_titled(lines, opens, heads)
        starts = [head.start - titled for head in heads]
    found = list(pairwise([*starts, len(lines)]))
    sizes = (
        sum(map(len, lines[a:b])) - sum(map(len, lines[head.start : head.stop]))
        for head, (a, b) in zip(heads, found, strict=True)
    )
    cover = lines[: starts[0]]
    if min(sizes) < BRIEF or not all(map(is_title, cover)):
        return []
    articles = [
        (head.article, [line for line in lines[a:b] if not _RULE.fullmatch(line)])
        for head, (a, b) in zip(heads, found, strict=True)
    ]
    return [*([(Article(), cover)] if cover else []), *articles]


def _are_titled(lines: list[str], opens: set[int], heads: list[_Head]) -> bool:
    """Say whether the title of each article stands above its head, which names the newspaper.

    It is in the paragraph of the head, or one of its own that follows upon a text.
    """
    if not all(head.start and head.article.outlet for head in heads):
        return False
    if not all(is_title(lines[head.start - 1]) for head in heads):
        return False
    over = {head.stop - 1 for head in heads}  # under which the text begins
    alone = [head.start - 1 in opens and head.start - 2 not in over for head in heads]
    return all(alone) or not any(head.start in opens for head in heads)


def _newspapers(lines: list[str], order: str) -> list[_Head]:
    """Return the lines that name a newspaper and a day, before a text or alone.

    An agency in brackets or after "Source :" is no head where several are written without, or the
    first is. A name in small letters is one, as "taz", where another begins with a capital. The
    address of an article under its head is of it.
    """
    heads = []
    for number, line in enumerate(lines):
        whole = newspaper_in(line, order)
        begins = whole or (newspaper_in(found[0], order) if (found := _BEFORE.match(line)) else "")
        if begins:
            said = Article(outlet=begins, moment=date_inside(line[:SHORT], order))
            stop = number + bool(whole)
            stop += bool(whole and stop < len(lines) and _LINK.fullmatch(lines[stop]))
            heads.append(_Head(number, stop, said))
    bare = [head for head in heads if not _SAID.match(lines[head.start])]
    if len(bare) > 1 or heads[:1] == bare[:1]:
        heads = bare
    capital = any(not head.article.outlet[:1].islower() for head in heads)
    return heads if capital else []


def _labelled(lines: list[str], order: str) -> list[_Head]:
    """Return the runs of labels that say the day of an article: "Date : …", "Source : …"."""
    heads, number = list[_Head](), 0
    while number < len(lines):
        start, said, keys = number, Article(), set[str]()
        while number < len(lines) and (found := _LABELLED.fullmatch(lines[number])):
            key = next(name for name, text in found.groupdict().items() if text is not None)
            if key in keys:
                break
            keys.add(key)
            said.moment = date_inside(found["date"], order) if key == "date" else said.moment
            said.outlet = found["outlet"] if key == "outlet" else said.outlet
            said.authors = people_in(found["author"]) if key == "author" else said.authors
            number += 1
        if said.moment:
            heads.append(_Head(start, number, said))
        number += number == start
    return heads


def _datelines(lines: list[str], order: str) -> list[_Head]:
    """Return the days that stand alone with a newspaper in the line below, or above."""
    days = [n for n, line in enumerate(lines) if is_alone(line, order)]
    for beside in (1, -1):
        near = [lines[n + beside] if 0 <= n + beside < len(lines) else "" for n in days]
        if near and all(_CALLED.fullmatch(line) for line in near):
            return [
                _Head(min(n, n + beside), max(n, n + beside) + 1,
                      Article(outlet=line, moment=date_inside(lines[n], order)))
                for n, line in zip(days, near, strict=True) if date_inside(lines[n], order)
            ]  # fmt: skip
    return []


def _days(lines: list[str], order: str) -> list[_Head]:
    """Return the days that stand alone, where the text says that it is a review of the press."""
    days = [(n, m) for n, line in enumerate(lines)
            if is_alone(line, order) and (m := date_inside(line, order))]  # fmt: skip
    if not days or not any(map(_REVIEW.search, lines[: days[0][0]])):
        return []
    told = [str(moment.time)[:10] for _, moment in days]
    in_order = told in (sorted(told), sorted(told, reverse=True))
    return [_Head(n, n + 1, Article(moment=m)) for n, m in days] if in_order else []


def newspaper_in(line: str, order: str) -> str:
    """Return the newspaper that a line names with a day, and nothing else but its page or hour."""
    bare = _SAID.sub("", line.strip(" \t#*_)]–—-"), count=1)
    if len(bare) > SHORT or not (moment := date_inside(bare, order)) or moment.precision != "day":
        return ""
    found = (
        None if is_alone(bare, order) else _REVIEWED.fullmatch(bare) or _DAY_FIRST.fullmatch(bare)
    )
    return found["outlet"].strip() if found else ""
