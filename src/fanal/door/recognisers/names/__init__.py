"""Names of people: by the lists and the words around; in long texts the tagger decides."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import FIGURES, Views
from fanal.door.products import Product, inside, products
from fanal.door.recognisers.names.extent import extent
from fanal.door.recognisers.names.nicknames import nicknames
from fanal.door.recognisers.names.person import (
    Word,
    goes_on,
    is_name,
    is_namesake,
    is_only_word,
    is_phrase,
)
from fanal.door.recognisers.names.protected import is_protected
from fanal.door.recognisers.names.token import DATA, Line, tokens
from fanal.door.spans import Span

_UNKNOWN = 5  # letters from which on a word that no list has is a family name after an initial
_CELL = 3  # words at most where capitals are a cell's or a signature's, not of a text that shouts


def read(text: Views) -> Iterator[Span]:
    """Yield names by the lists and the words around them, not in titles of works."""
    works = titles(text)
    named: list[Product] | None = None
    for span in _listed(text):
        if any(span.start in title and span.stop - 1 in title for title in works):
            continue
        named = products(text.folded) if named is None else named
        if not (is_product(text.folded, span, named) or is_protected(text, span)):
            yield span
    yield from nicknames(text)


def titles(text: Views) -> list[range]:
    """Return where titles of works and stamps of products stand between quotation marks."""
    if not any(sign in text.cased for sign in '«"'):
        return []
    return [
        range(match.start(), match.end())
        for match in DATA["cased-titles"].finditer(text.cased)
        if DATA["titled-before"].search(text.folded[max(0, match.start() - 40) : match.start()])
        or DATA["shown-after"].match(text.folded, match.end())
    ]


def is_product(folded: str, span: Span, named: list[Product]) -> bool:
    """Say whether a name found is a substance's; a street name may be a nickname of somebody."""
    title = DATA["title"].match(folded, span.start, span.stop)
    bare = span._replace(start=title.end()) if title else span
    called = DATA["appellation"].search(folded[max(0, bare.start - 48) : bare.start])
    return inside(bare, folded, named, official=called is not None)


def _listed(text: Views) -> Iterator[Span]:
    line = Line(text, tokens(text))
    if not line.found:
        return
    loud = _is_loud(line)
    yield from _initials(text)
    yield from _loud_initials(text, loud and len(line.found) > _CELL)
    yield from _disguised(text)
    index, accepted = 0, -1  # where the last name ended
    while index < len(line.found):
        token = line.found[index]
        if is_phrase(line, index):
            index += 2
        elif not token.capital and is_only_word(token.word):
            index += 1
        elif token.capital and is_namesake(line, index):
            index += line.run_length(index)
        elif is_name(Word(line, index, loud)) or (not loud and goes_on(line, token, accepted)):
            start, accepted = extent(line, index)
            yield Span(start, accepted, "name")
            while index < len(line.found) and line.found[index].start < accepted:
                index += 1
        else:
            index += 1


def _is_loud(line: Line) -> bool:
    """Say whether a text is in capitals, or each of its words begins with one."""
    capitals, text = sum(token.capital for token in line.found), line.text.cased
    shouting = sum(map(str.isupper, text)) > max(5, 0.7 * sum(map(str.isalpha, text)))
    titled = capitals > 0.7 * len(line.found) and len(line.found) > 5
    return (capitals > 0 and shouting) or titled


def _initials(text: Views) -> Iterator[Span]:
    """Yield initials with a family name, or after a title: "J.-P. Martin", "Mme D."."""
    if "." not in text.cased:
        return
    for match in DATA["cased-initials"].finditer(text.cased):
        surname = text.folded[match.start("last") : match.end()]
        common = surname in lexicon.words() or surname in lexicon.drugs()
        if surname in lexicon.last_names() or not (common or surname in lexicon.never_names()):
            title = DATA["title-before"].search(
                text.folded[max(0, match.start() - 16) : match.start()]
            )
            yield Span(match.start() - (len(title[0]) if title else 0), match.end(), "name")
    for match in DATA["cased-initial-alone"].finditer(text.cased):
        yield Span(match.start(), match.end(), "name")


def _loud_initials(text: Views, loud: bool) -> Iterator[Span]:
    """Yield initials with a family name in capitals, or after one: "J.MARTIN", "MARTIN J."."""
    if "." not in text.cased:
        return
    for match in DATA["cased-initials-loud"].finditer(text.cased):
        surname = text.folded[match.start("last") : match.end()]
        unknown = not match["gap"] and len(surname) >= _UNKNOWN and not _is_common(surname)
        if unknown or _is_family(surname, loud and match["gap"] != ""):
            yield Span(match.start(), match.end(), "name")
    for match in DATA["cased-initials-after"].finditer(text.cased):
        surname = text.folded[match.start("last") : match.end("last")]
        if _is_family(surname, loud or not match["last"].isupper()):
            yield Span(match.start(), match.end(), "name")


def _is_family(word: str, plain: bool) -> bool:
    """Say whether a word is a family name; its capitals tell nothing where it is `plain`."""
    if word not in lexicon.last_names() or word in DATA.words["head"]:
        return False
    if not plain:
        return True
    return word not in lexicon.words() or (
        word in lexicon.first_names() and word not in lexicon.drugs() | lexicon.never_names()
    )


def _is_common(word: str) -> bool:
    return any(word in known for known in (lexicon.words(), lexicon.drugs(), lexicon.protected()))


def _disguised(text: Views) -> Iterator[Span]:
    """Yield first names with a figure for a letter: "L3a"."""
    for match in DATA["cased-disguised"].finditer(text.cased):
        plain = text.folded[match.start() : match.end()].translate(FIGURES)
        if lexicon.first_names().get(plain) is False and plain not in lexicon.rare_names():
            yield Span(match.start(), match.end(), "name")
