"""The articles in one text of a press database: Europresse, Factiva and Nexis.

A text may be cut in several ways: at the marks of a database, at its heads, at who has the rights.
A way counts where the whole cut makes sense: what it parts are articles, each with its text and,
where the marks alone prove nothing, several of them with a day each. What stands in no article is
told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from fanal.importers.reading.dated_lines import is_alone
from fanal.importers.reading.dates import Moment, date_inside, read_date
from fanal.importers.reading.press_marks import END, LABEL, NAMED, NUMBERED, RIGHTS, WORDS
from fanal.importers.reading.speakers import is_name_like

LEAST = 200  # characters of an article among others on a page; less is a teaser
LISTED = 30  # characters of a line that is part of a title, in a list of them
HEAD = 14  # lines in which an article says where and when it was published

_BODY = re.compile(
    r"(?:Body|Corps|Texte|Text|Full text|Volltext|Haupttext|Cuerpo|Corpo|Testo|Tekst)",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    r"(?P<tag>HD|BY|WC|PD|ET|SN|SC|PG|LA|CY|LP|TD|CO|IN|NS|RE|PUB|AN|CR|RF|IPC|IPD"
    r"|ED|VOL|CLM|CT|RST|CX|SE|NGC|GC|HLP|DLN|ATC|PP)(?:\s{1,}(?P<text>.*))?"
)
# what a database or a printer writes around a text, and in the middle of it where a page ends
_FOOT = re.compile(
    r"(?i)(?:page \d+ (?:de|sur|of)|ce document est r[ée]serv[ée]|certificat [ée]mis).{0,200}"
    r"|(?:copyright|\(c\)|©).*|(?:tous droits r[ée]serv[ée]s|all rights reserved|alle rechte"
    r" vorbehalten|tutti i diritti riservati|todos los derechos reservados|alle rechten"
    r" voorbehouden)\.?|.*l['’]utilisateur d[ée]sign[ée] par.*|.*lois et conventions.*"
)
# what stands at the head or foot of an article, and says how long it is or of what
_FACT = re.compile(
    rf"(?i){_FOOT.pattern[4:]}|[\d\s,.\u202f]+{WORDS}(?:[,•|]\s?p.{{1,10}})?"
    r"|(?:length|longueur|l[äa]nge|lunghezza|longitud"
    r"|lengte|section|rubrique|rubrik|ressort|sezione|secci[óo]n|source|quelle|fonte|fuente"
    r"|load-date|update|date de chargement|ladedatum|highlight|graphic|dateline"
    r"|(?:publication-)?type|language|langue|sprache|lingua|idioma|subject|sujet|geographic"
    r"|industry|edition)\s?:.*|(?:type de source|p[ée]riodicit[ée]|couverture g[ée]ographique"
    r"|provenance|aussi paru|documents? sauvegard|\d+ documents?|sommaire).{0,200}"
    rf"|.{{0,60}}[•,]\s?(?:p\.?\s?\d+|[\d\s]+{WORDS}).{{0,30}}"
    r"|(?:p|pg|page|seite|p[áa]g)\.?\s?\d+.*|fran[çc]ais|anglais|deutsch|allemand|italiano|italien"
    r"|espa[ñn]ol|espagnol|nederlands|english|french|german|(?-i:[A-Z]{2,8})"
)
# what stands beside a newspaper: "La Voix Fictive • p. LIL12 • 42 mots"
_BESIDE = re.compile(rf"(?i)p(?:ag)?\.?\s?\w{{1,8}}|[\d\s]+{WORDS}")
_COUNTED_BESIDE = re.compile(rf"(?i)(?:^|[•|]\s?)[\d\s\u202f]+{WORDS}\b")
_COUNT = re.compile(rf"(?i)[\d\s,.\u202f\xa0]+{WORDS}")
# Factiva's line of a newspaper, its day and the number of words
_COUNTED = re.compile(
    rf"(?i)(?P<outlet>[^,\d]{{2,60}}), [^,]{{6,30}}(?:,[^,]{{4,30}})?, [\d\s.]+{WORDS}\b"
)
NOTICE = 300  # characters of what follows "all rights reserved" on the next lines
SHORT = 100  # characters of a line that says when an article was published
_DATELINE = re.compile(
    r"(?i)\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b|\b\w{3,6}day\b"
    rf"|\b\w{{3,7}}(?:tag|woch)\b|\b\w{{3,7}}dì\b|\b(?:lunes|martes|mi[ée]rcoles|jueves"
    rf"|viernes)\b|\d {WORDS}\b"
)
_BY = r"(?:par|by|von|di|por|door)"
_BYLINE = re.compile(
    r"(?i)(?:(?:byline|auteurs?|authors?|autor(?:en|es|a|in)?|autore|auteur|par|by)\s?:?"
    r"|(?:von|di|por|door)(?=\s(?-i:[A-ZÀ-Þ])))\s+(?P<names>[^.:]{3,120})"
)
_CAPITALS = re.compile(r"[A-ZÀ-Þ][\w'’-]+|von|van|de|del|della|di|da|du|la|le|der|den|ten|y|et|e"
                       r"|und|and|en|&")  # fmt: skip


@dataclass(slots=True)
class Article:
    """One article as its file shows it; `native` is the database's own number."""

    title: str = ""
    outlet: str = ""
    moment: Moment | None = None
    authors: list[str] = field(default_factory=list)
    text: str = ""
    native: str = ""


class Export(NamedTuple):
    """The articles of a text, in its order, and the numbers of the lines that are of none."""

    articles: list[Article]
    left: list[int]


class _Block(NamedTuple):
    """Lines of one article, from the first to before the last, and the mark that ends it."""

    start: int
    stop: int
    mark: re.Match[str] | None = None
    head: int = 0  # which of its first lines says when it was published, from 1 on
    counted: bool = False  # the line above counts it: one of the first says when


def export_of(lines: Sequence[str], order: str) -> Export | None:
    """Return what a press database wrote; None where no way to cut a text in articles makes sense.

    `order` is that of day and month.
    """
    bare = [line.strip() for line in lines]
    for way, sure in _WAYS:
        blocks = way(bare, order)
        read = [(block, _read(bare, block, order)) for block in blocks]
        articles = [article for _, article in read if article]
        dated = [a for a in articles if a.moment and len(a.text) >= LEAST]
        if sure and articles:
            return Export(articles, _left(bare, read))
        if len(dated) > 1 and len(dated) == len(blocks):
            return Export(articles, _left(bare, read))
    return None


def is_database(lines: Sequence[str]) -> bool:
    """Say whether a text is what a press database gives."""
    return export_of(lines, "dmy") is not None


def _ends(lines: list[str], order: str) -> list[_Block]:
    """Cut a text under the marks that end articles; what is below the last may be one more."""
    blocks, start = list[_Block](), 0
    for number, line in enumerate(lines):
        if found := END.fullmatch(line):
            blocks.append(_Block(start, number, found))
            start = number + 1
    rest = sum(map(len, lines[start:]))
    return [*blocks, _Block(start, len(lines))] if blocks and rest >= LEAST else blocks


def _numbers(lines: list[str], order: str) -> list[_Block]:
    """Cut a text of Nexis under the lines that count its documents."""
    starts = [number + 1 for number, line in enumerate(lines) if NUMBERED.fullmatch(line)]
    blocks = _from(starts, len(lines) + 1)
    return [block._replace(stop=block.stop - 1, counted=True) for block in blocks]


def _labels(lines: list[str], order: str) -> list[_Block]:
    """Cut a text of Europresse above the labels that name each newspaper."""
    return _from([n for n, line in enumerate(lines) if NAMED.fullmatch(line)], len(lines))


def _heads(lines: list[str], order: str) -> list[_Block]:
    """Cut a text of Europresse above its heads: a day, below it the page and the length.

    The newspaper stands beside these, or in the line above the day.
    """
    filled = [n for n, line in enumerate(lines) if line]
    heads = [
        place for place, (day, below) in enumerate(pairwise(filled))
        if len(lines[day]) <= SHORT and _COUNTED_BESIDE.search(lines[below])
        and not _COUNTED_BESIDE.search(lines[day]) and date_inside(lines[day], order)
    ]  # fmt: skip
    named = all(
        place and lines[filled[place + 1]][:1].isdigit() and is_title(lines[filled[place - 1]])
        for place in heads
    )
    starts = [filled[place - named] for place in heads]
    return [block._replace(head=1 + named) for block in _from(starts, len(lines))]


def _counted(lines: list[str], order: str) -> list[_Block]:
    """Cut a text of Factiva above its heads: title, authors, number of words, day, newspaper."""
    filled = [n for n, line in enumerate(lines) if line]
    starts = []
    for place, (count, day) in enumerate(pairwise(filled)):
        if not place or not _COUNT.fullmatch(lines[count]) or len(lines[day]) > SHORT:
            continue
        if date_inside(lines[day], order):
            above = lines[filled[place - 1]]
            signed = place > 1 and bool(_named_by(above) or is_name_like(above))
            starts.append(filled[place - 1 - signed])
    return _from(starts, len(lines))


def _rights(lines: list[str], order: str) -> list[_Block]:
    """Cut a text below who has the rights in each article.

    A page's foot has the same words: what stands between two of them has no head of its own.
    """
    stops = [number + 1 for number, line in enumerate(lines) if RIGHTS.search(line)]
    return [_Block(a, b) for a, b in pairwise([0, *stops])]


def _from(starts: list[int], end: int) -> list[_Block]:
    return [_Block(a, b) for a, b in pairwise([*starts, end])]


# the ways to cut a text, and which of them prove by themselves that a database wrote it
_WAYS: tuple[tuple[Callable[[list[str], str], list[_Block]], bool], ...] = (
    (_numbers, True),
    (_ends, True),
    (_labels, False),
    (_heads, False),
    (_counted, False),
    (_rights, False),
)


def is_fact(line: str) -> bool:
    """Say whether a line tells of an article how long it is, or in which language, and the like."""
    return _FACT.fullmatch(line) is not None


def is_tagged(line: str) -> bool:
    """Say whether a line begins with a field of Factiva."""
    return _TAGGED.fullmatch(line) is not None


def _read(lines: list[str], block: _Block, order: str) -> Article | None:
    """Read the article of a block; the mark that ends it has its number and its day."""
    filled = [line for line in lines[block.start : block.stop] if line]
    filled = [line for line in filled if not END.fullmatch(line)]
    if not filled:
        return None
    if block.head:
        return _under_head(filled, block.head - 1, order)
    if block.counted:
        days = (n for n, line in enumerate(filled[:4]) if n and date_inside(line, order))
        if at := next((n for n in days if len(filled[n]) <= SHORT), None):
            return _under_head(filled, at, order)
    found = block.mark
    day = (found["d1"] or found["d2"]) if found else None
    published = read_date(day) if day else None
    article = _article(filled, order, published if found and found["d2"] else None)
    if article and found:
        article.native = found["factiva"] or found["europresse"] or ""
        article.moment = article.moment or published
    return article


def _left(lines: list[str], read: list[tuple[_Block, Article | None]]) -> list[int]:
    """Return the lines that are of no article, and tell nothing of one."""
    inside = dict[int, Article]()
    for block, article in read:
        if article:
            inside |= dict.fromkeys(range(block.start, block.stop), article)
    titles = [a.title.casefold() for a in inside.values() if a.title]
    said = {id(a): _said_of(a) for a in inside.values()}
    marks = {block.stop for block, _ in read if block.mark}
    return [
        number for number, line in enumerate(lines)
        if line and number not in marks and not _is_about(line)
        and not (number and LABEL.fullmatch(lines[number - 1]))
        and not ((article := inside.get(number)) and _is_said(line, said[id(article)], article))
        and not (article is None and (_lists(line, titles) or is_alone(line, "dmy")))
    ]  # fmt: skip


def _said_of(article: Article) -> set[str]:
    """Return the lines of an article, as they are stored."""
    return {*article.text.split("\n"), article.title, article.outlet}


def _is_about(line: str) -> bool:
    """Say whether a line is a mark of a database, or what it tells of any article."""
    marks = END, NUMBERED, NAMED, LABEL, _BODY, _FACT, _COUNT, _TAGGED
    return any(mark.fullmatch(line) for mark in marks) or re.fullmatch(r"\d{1,3}", line) is not None


def _is_said(line: str, said: set[str], article: Article) -> bool:
    """Say whether a line of an article is stored with it: its text, title, newspaper, day, names.

    Who has the rights in it is no part of it, nor are the fields of a database.
    """
    if line in said or RIGHTS.sub("", line).strip() in said or RIGHTS.match(line):
        return True
    if any(article.text.find(part) >= 0 for part in (line, line.partition(" ")[2]) if part):
        return True
    named = any(name in line for name in article.authors)
    names_outlet = bool(article.outlet) and article.outlet in line
    dated = article.moment is not None and len(line) <= SHORT and bool(date_inside(line, "dmy"))
    return named or names_outlet or dated or (article.title != "" and article.title in line)


def _lists(line: str, titles: list[str]) -> bool:
    """Say whether a line above the articles is of the list of them."""
    fold = line.casefold()
    return any(title in fold or (len(fold) > LISTED and fold in title) for title in titles)


def is_title(line: str) -> bool:
    return len(line) <= SHORT and line[-1:] not in tuple(".!?…»")


# --- one article ----------------------------------------------------------------------------------


def _article(block: list[str], order: str, published: Moment | None = None) -> Article | None:
    """Return the article of some lines; the day on which it was published says where it begins."""
    lines = [line for line in block if line]
    if not lines:
        return None
    at = _headed(lines, order, published)
    if at is None and _begins_with_newspaper(lines, order):
        at = 1
    if at is not None:
        return _under_head(lines, at, order)
    if sum(bool(_TAGGED.fullmatch(line)) for line in lines) >= 4:
        return tagged_in(lines, order)
    article = Article()
    start = next((n + 1 for n, line in enumerate(lines[:40]) if _BODY.fullmatch(line)), 0)
    top = lines[: start - 1] if start else lines[:HEAD]
    kept: list[str] = []
    counted = next((n for n, line in enumerate(top[:6]) if _COUNT.fullmatch(line)), 0)
    if counted > 1:  # Factiva's order: title, authors, number of words, day, newspaper
        article.authors = people_in(top[counted - 1])
        top = [*top[: counted - 1], *top[counted + 1 :]]
    for number, line in enumerate(top):
        if not article.title:
            article.title = line
        elif names := _named_by(line):
            article.authors += names
        elif article.moment is None and len(line) <= SHORT and (moment := date_inside(line, order)):
            article.moment = moment
            if not article.outlet and (found := _COUNTED.match(line)):
                article.outlet = found["outlet"]
        elif _FACT.fullmatch(line) or (article.moment and re.fullmatch(r"\d{1,3}", line)):
            continue
        elif not article.outlet and number <= 6 and len(line) <= 60 and line[-1] not in ".!?":
            article.outlet = line
        else:
            kept.append(line)
    body = lines[start:] if start else [*kept, *lines[HEAD:]]
    article.text = "\n".join(_of_text(body))
    return article if article.text else None


def _headed(lines: list[str], order: str, published: Moment | None) -> int | None:
    """Return the line that says when an article of Europresse was published, if there is one.

    A list of contents above the first article has the same days, and the day of the export.
    """
    named = next((n for n, line in enumerate(lines) if NAMED.fullmatch(line)), None)
    if published is None and named is None:
        return None
    dated = [
        n for n, line in enumerate(lines)
        if n > (named or -1) and len(line) <= SHORT and (moment := date_inside(line, order))
        and (published or moment).time == moment.time
    ]  # fmt: skip
    return next((n for n in dated if _DATELINE.search(lines[n])), next(iter(dated), None))


def _begins_with_newspaper(lines: list[str], order: str) -> bool:
    """Say whether an article begins with its newspaper and day, and its title is below them.

    Others begin with their title, which is longer than the name of a newspaper under the day.
    """
    if len(lines) < 4 or len(lines[1]) > SHORT or not date_inside(lines[1], order):
        return False
    newspaper, _, title, below, *_ = lines
    longer = len(newspaper) < len(title) <= 2 * SHORT and len(title.split()) > 2
    return longer and not (_FACT.fullmatch(title) or _COUNT.fullmatch(below))


def _under_head(lines: list[str], at: int, order: str) -> Article | None:
    """Read an article of Europresse: newspaper, day, title, authors, text."""
    article = Article(moment=date_inside(lines[at], order))
    article.outlet = _outlet(lines[:at])
    named, *beside = re.split(r"\s*[•|]\s*", next(iter(lines[at + 1 :]), ""))
    if any(map(_BESIDE.fullmatch, beside)) and not _BESIDE.fullmatch(named):
        article.outlet = named
    below = _of_text(_without_rights(lines[at + 1 :]))
    title = next((n for n, line in enumerate(below[:3]) if len(line.split()) > 2), 0)
    article.title = below[title] if below else ""
    rest = below[title + 1 :]
    if rest and (names := _named_by(rest[0])):
        article.authors = names
    elif rest and is_name_like(rest[0]):
        article.authors = people_in(rest[0])
    rest = rest[1:] if article.authors else rest
    article.text = "\n".join(_of_text(rest)).strip()
    return article if article.text else None


def _without_rights(lines: list[str]) -> list[str]:
    """Return lines without who has the rights in them: the notice goes on to the end, if near."""
    for at, line in enumerate(lines):
        found = RIGHTS.search(line)
        if found and sum(map(len, lines[at + 1 :])) <= NOTICE:
            return [*lines[:at], line[: found.start()].strip()]
    return [RIGHTS.sub("", line).strip() for line in lines]


def _of_text(lines: list[str]) -> list[str]:
    """Return lines without the facts above and below them, and without the feet of pages."""
    facts = [_FACT.fullmatch(line) is not None for line in lines]
    first = facts.index(False) if False in facts else len(lines)
    last = len(lines) - facts[::-1].index(False) if False in facts else 0
    return [line for line in lines[first:last] if line and not _FOOT.fullmatch(line)]


def _outlet(above: list[str]) -> str:
    """Return the newspaper that the lines above its day name; labels stand over what they say."""
    for n in range(len(above) - 1, -1, -1):
        if found := NAMED.fullmatch(above[n]):
            return found["name"] or next(iter(above[n + 1 : n + 2]), "")
    said = [
        line for n, line in enumerate(above)
        if not (_FACT.fullmatch(line) or (n and LABEL.fullmatch(above[n - 1])))
    ]  # fmt: skip
    return next(iter(said[-1:]), "")


def tagged_in(lines: list[str], order: str) -> Article | None:
    """Read an article of Factiva by the tags before its lines; None where it has no text."""
    parts: dict[str, list[str]] = {}
    tag = ""
    for line in lines:
        if found := _TAGGED.fullmatch(line):
            tag, line = found["tag"], (found["text"] or "").strip()
        if line:
            parts.setdefault(tag, []).append(line)
    date = " ".join(parts.get("PD", ()))
    article = Article(
        " ".join(parts.get("HD", ())),
        " ".join(parts.get("SN", ())),
        read_date(date, order) or date_inside(date, order),
        people_in(" ".join(parts.get("BY", ()))),
        "\n".join([*parts.get("LP", ()), *parts.get("TD", ())]),
    )
    return article if article.text else None


def _named_by(line: str) -> list[str]:
    """Return who a line says has written an article; nobody where it is a sentence."""
    found = _BYLINE.fullmatch(line)
    if not found:
        return []
    short = re.match(r"(?i)(?:von|di|por|door)\s", line)
    if short and not all(map(_CAPITALS.fullmatch, re.split(r"[\s,;]+", found["names"]))):
        return []
    return people_in(found["names"])


def people_in(written: str) -> list[str]:
    """Return the names that a line of authors lists."""
    written = re.sub(rf"(?i)^{_BY}\s+", "", written.strip())
    names = re.split(r"\s*(?:;|,| et | and | und | e | y | en | & )\s*", written)
    return [name for name in names if 2 <= len(name) <= 60]
