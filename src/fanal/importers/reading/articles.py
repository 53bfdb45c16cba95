"""The articles in one file of a press database: Europresse, Factiva and Nexis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fanal.importers.reading.dates import Moment, date_inside, read_date
from fanal.importers.reading.speakers import is_name_like

LEAST = 200  # characters of an article among others on a page; less is a teaser
UNDER = 30  # parts of a page under its heading, that may say when it was published
TOP = 4  # lines of a page among which a press review names the newspaper and the day
HEAD = 14  # lines in which an article says where and when it was published

_END = re.compile(
    r"(?P<nexis>End of Document|Fin du document|Document-Ende|Ende des Dokuments|Fine del documento"
    r"|Fin(?:al)? del documento|Einde van (?:het )?document)"
    r"|(?:AN\s+)?Do[ck]ument[oe]? (?P<factiva>[A-Z][A-Z0-9]{3,9}(?P<d1>\d{8})[a-z0-9]{6,})"
    r"|(?:.{0,40}[\s(])?news[·.\u2022](?P<d2>\d{8})[·.\u2022](?P<europresse>[\w·.\u2022-]+)\)?"
)
# what stands above each article of a text of Nexis: "1 of 12 DOCUMENTS", "Dokument 1 von 12"
_NUMBERED = re.compile(
    r"(?i)(?P<word>do[ck]ument(?:o|e|s|os|i|en)? )?\d{1,4} (?:of|de|von|di|van|sur) \d{1,4}"
    r"(?(word)| do[ck]ument(?:e|s|os|i|en)?)"
)
_BODY = re.compile(
    r"(?:Body|Corps|Texte|Text|Full text|Volltext|Haupttext|Cuerpo|Corpo|Testo|Tekst)",
    re.IGNORECASE,
)
_TAGGED = re.compile(
    r"(?P<tag>HD|BY|WC|PD|ET|SN|SC|PG|LA|CY|LP|TD|CO|IN|NS|RE|PUB|AN|CR|RF|IPC|IPD"
    r"|ED|VOL|CLM|CT|RST|CX|SE|NGC|GC|HLP|DLN|ATC|PP)(?:\s{1,}(?P<text>.*))?"
)
_WORDS = r"(?:mots|words|w[öo]rter|parole|palabras|woorden)"
_FACT = re.compile(
    rf"(?i)(?:[\d\s,.\u202f]+{_WORDS}|(?:length|longueur|l[äa]nge|lunghezza|longitud|lengte"
    r"|section|rubrique|rubrik|ressort|sezione|secci[óo]n|source|quelle|fonte|fuente|load-date"
    r"|update|date de chargement|ladedatum|highlight|graphic|dateline|(?:publication-)?type"
    r"|language|langue|sprache|lingua|idioma|subject|sujet|geographic"
    r"|industry|edition)\s?:.*|(?:type de source|p[ée]riodicit[ée]|couverture g[ée]ographique"
    r"|provenance|aussi paru|documents? sauvegard|\d+ documents?|page \d+ (?:de|sur|of)|sommaire"
    rf"|ce document est r[ée]serv[ée]|certificat [ée]mis)"
    rf".{{0,200}}|.{{0,60}}[•,]\s?(?:p\.?\s?\d+|[\d\s]+{_WORDS}).{{0,30}}"
    r"|(?:copyright|\(c\)|©).*|(?:tous droits r[ée]serv[ée]s|all rights reserved|alle rechte"
    r" vorbehalten|tutti i diritti riservati|todos los derechos reservados|alle rechten"
    r" voorbehouden)\.?|.*l['’]utilisateur d[ée]sign[ée] par.*|.*lois et conventions.*"
    r"|(?:p|pg|page|seite|p[áa]g)\.?\s?\d+.*|fran[çc]ais|anglais|deutsch|allemand|italiano|italien"
    r"|espa[ñn]ol|espagnol|nederlands|english|french|german|[A-Z]{2,8})"
)
# what stands beside a newspaper: "La Voix Fictive • p. LIL12 • 42 mots"
_BESIDE = re.compile(rf"(?i)p(?:ag)?\.?\s?\w{{1,8}}|[\d\s]+{_WORDS}")
_COUNT = re.compile(rf"(?i)[\d\s,.\u202f\xa0]+{_WORDS}")
# Factiva's line of a newspaper, its day and the number of words
_COUNTED = re.compile(
    rf"(?i)(?P<outlet>[^,\d]{{2,60}}), [^,]{{6,30}}(?:,[^,]{{4,30}})?, [\d\s.]+{_WORDS}\b"
)
# the head of an article in a press review: "La Voix Fictive - 12/03/2025", "…, publié le 12 mars"
_REVIEWED = re.compile(
    r"(?P<outlet>[A-ZÀ-Þ0-9][^\d:;!?.,|•–—(]{1,58}?)\s*(?:\s-|[–—|•,(])\s*(?:[^\W\d]+[\s,.]+){0,4}"
    r"\d{1,4}(?:er|\.|st|nd|rd|th)?[/.\s-]+[\w./-]+(?:[\s,]+\d{4})?\)?\b.{0,30}"
)
_NAMED = re.compile(r"(?i)nom de la source\s?:?(?:\s+(?P<name>.+))?")
# what Europresse says of a newspaper: the line below is what it is
_LABEL = re.compile(
    r"(?i)(?:type de source|p[ée]riodicit[ée]|couverture g[ée]ographique|provenance)\s?:?"
)
# what stands under an article where the database left out its own marks
_RIGHTS = re.compile(
    r"(?i)(?:©|\(c\)|copyright)\s*(?:19|20)\d{2}\b.*?"
    r"(?:tous droits r[ée]serv|all rights reserved|alle rechte vorbehalten"
    r"|tutti i diritti riservati|todos los derechos reservados|alle rechten voorbehouden).*"
)
NOTICE = 300  # characters of what follows "all rights reserved" on the next lines
SHORT = 100  # characters of a line that says when an article was published
_DATELINE = re.compile(
    r"(?i)\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b|\b\w{3,6}day\b"
    rf"|\b\w{{3,7}}(?:tag|woch)\b|\b\w{{3,7}}dì\b|\b(?:lunes|martes|mi[ée]rcoles|jueves"
    rf"|viernes)\b|\d {_WORDS}\b"
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


def is_database(lines: list[str]) -> bool:
    """Say whether a text is what a press database gives: articles end with its marks."""
    return any(
        _END.fullmatch(line.strip()) or _NUMBERED.fullmatch(line.strip()) for line in lines
    ) or bool(_under_rights(lines, "dmy"))


def articles_of(lines: list[str], order: str) -> Iterator[Article]:
    """Yield the articles of a text that `is_database`, in its order."""
    if any(_NUMBERED.fullmatch(line.strip()) for line in lines):
        yield from _under_numbers(lines, order)
        return
    block: list[str] = []
    marked = False
    for line in lines:
        if found := _END.fullmatch(line.strip()):
            marked = True
            day = found["d1"] or found["d2"]
            published = read_date(day) if day else None
            if article := _article(block, order, published if found["d2"] else None):
                article.native = found["factiva"] or found["europresse"] or ""
                article.moment = article.moment or published
                yield article
            block = []
        else:
            block.append(line.strip())
    if not marked:
        yield from _under_rights(lines, order)
    elif (article := _article(block, order)) and len(article.text) >= LEAST:
        yield article


def reviewed(pages: list[list[str]], order: str) -> list[tuple[Article, list[str]]]:
    """Return the articles of a press review, each with its lines, which begin at a page's top.

    A head names the newspaper and the day; what comes before the first is its cover, without
    either. None where fewer than two pages have heads of their own.
    """
    found: list[tuple[Article, list[str]]] = []
    heads = set[str]()
    for page in pages:
        filled = [line.strip() for line in page if line.strip()]
        head = next((line for line in filled[:TOP] if _newspaper(line, order)), "")
        if head and head not in heads:
            heads.add(head)
            article = Article(outlet=_newspaper(head, order), moment=date_inside(head, order))
            found.append((article, []))
        elif not found:
            found.append((Article(), []))
        found[-1][1].extend(page)
    sizes = (sum(map(len, lines)) for article, lines in found if article.moment)
    return found if len(heads) > 1 and min(sizes) >= LEAST else []


def _newspaper(line: str, order: str) -> str:
    """Return the newspaper that a line names with a day, and nothing else but its page or hour."""
    found = _REVIEWED.fullmatch(line) if len(line) <= SHORT else None
    moment = date_inside(line, order) if found else None
    return found["outlet"] if found and moment and moment.precision == "day" else ""


def _under_numbers(lines: list[str], order: str) -> Iterator[Article]:
    """Yield the articles of Nexis under the lines that count them."""
    block: list[str] = []
    for line in [*lines, "1 of 1 DOCUMENTS"]:
        if not _NUMBERED.fullmatch(line.strip()):
            block.append(line.strip())
            continue
        filled = [each for each in block if each and not _END.fullmatch(each)]
        days = (n for n, each in enumerate(filled[:4]) if n and date_inside(each, order))
        at = next((n for n in days if len(filled[n]) <= SHORT), None)
        if article := _under_head(filled, at, order) if at else _article(filled, order):
            yield article
        block = []


def _under_rights(lines: list[str], order: str) -> list[Article]:
    """Return the articles that end with who has the rights in them; none where one has no date.

    A page's foot has the same words: what stands between two of them has no head of its own.
    """
    articles, block = [], list[str]()
    for line in lines:
        found = _RIGHTS.search(line)
        block.append(line[: found.start()].strip() if found else line.strip())
        if found:
            article = _article(block, order)
            if article is None or article.moment is None or len(article.text) < LEAST:
                return []
            articles.append(article)
            block = []
    return articles if len(articles) > 1 else []


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
        return _tagged(lines, order)
    article = Article()
    start = next((n + 1 for n, line in enumerate(lines[:40]) if _BODY.fullmatch(line)), 0)
    top = lines[: start - 1] if start else lines[:HEAD]
    kept: list[str] = []
    counted = next((n for n, line in enumerate(top[:6]) if _COUNT.fullmatch(line)), 0)
    if counted > 1:  # Factiva's order: title, authors, number of words, day, newspaper
        article.authors = _people(top[counted - 1])
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
    article.text = "\n".join(line for line in body if not _FACT.fullmatch(line))
    return article if article.text else None


def _headed(lines: list[str], order: str, published: Moment | None) -> int | None:
    """Return the line that says when an article of Europresse was published, if there is one.

    A list of contents above the first article has the same days, and the day of the export.
    """
    named = next((n for n, line in enumerate(lines) if _NAMED.fullmatch(line)), None)
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
    below = [line for line in _without_rights(lines[at + 1 :]) if not _FACT.fullmatch(line)]
    title = next((n for n, line in enumerate(below[:3]) if len(line.split()) > 2), 0)
    article.title = below[title] if below else ""
    rest = below[title + 1 :]
    if rest and (names := _named_by(rest[0])):
        article.authors = names
    elif rest and is_name_like(rest[0]):
        article.authors = _people(rest[0])
    rest = rest[1:] if article.authors else rest
    article.text = "\n".join(rest).strip()
    return article if article.text else None


def _without_rights(lines: list[str]) -> list[str]:
    """Return lines without who has the rights in them: the notice goes on to the end, if near."""
    for at, line in enumerate(lines):
        found = _RIGHTS.search(line)
        if found and sum(map(len, lines[at + 1 :])) <= NOTICE:
            return [*lines[:at], line[: found.start()].strip()]
    return [_RIGHTS.sub("", line).strip() for line in lines]


def _outlet(above: list[str]) -> str:
    """Return the newspaper that the lines above its day name; labels stand over what they say."""
    for n in range(len(above) - 1, -1, -1):
        if found := _NAMED.fullmatch(above[n]):
            return found["name"] or next(iter(above[n + 1 : n + 2]), "")
    said = [
        line for n, line in enumerate(above)
        if not (_FACT.fullmatch(line) or (n and _LABEL.fullmatch(above[n - 1])))
    ]  # fmt: skip
    return next(iter(said[-1:]), "")


def _tagged(lines: list[str], order: str) -> Article | None:
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
        _people(" ".join(parts.get("BY", ()))),
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
    return _people(found["names"])


def _people(written: str) -> list[str]:
    written = re.sub(rf"(?i)^{_BY}\s+", "", written.strip())
    names = re.split(r"\s*(?:;|,| et | and | und | e | y | en | & )\s*", written)
    return [name for name in names if 2 <= len(name) <= 60]


# --- pages --------------------------------------------------------------------------------------


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


def _in_table(element: Any, order: str) -> Article | None:
    """Read an article of Factiva whose parts are rows: their tag, then what they say."""
    rows = [[_plain(cell) for cell in row.xpath("./td|./th")] for row in element.xpath(".//tr")]
    lines = [" ".join(row) for row in rows if row and _TAGGED.fullmatch(row[0])]
    article = _tagged(lines, order) if len(lines) >= 4 else None
    if article:
        ends = (_END.fullmatch(row[-1]) for row in rows if row)
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
    ends = [found for text in paragraphs if (found := _END.fullmatch(text))]
    paragraphs = [text for text in paragraphs if not _END.fullmatch(text)]
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
    article.authors = _people(author) if author else []
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
    return next((line for line in lines[at + 1 :] if line and not _FACT.fullmatch(line)), "")


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
