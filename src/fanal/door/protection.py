"""What in a text is nobody's, and hidden before the tagger decides.

Substances, medicines, towns, institutions; numbers of things, of laws and of helplines; days of
events; and what is masked already.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from fanal.door import lexicon, things
from fanal.door.normalise import Views
from fanal.door.products import formed, products
from fanal.door.recognisers import birthdates
from fanal.door.recognisers.names import is_product
from fanal.door.recognisers.names.nicknames import of_products
from fanal.door.recognisers.names.person import is_phrase
from fanal.door.recognisers.names.protected import cited, is_protected, protected_names
from fanal.door.recognisers.names.token import DATA, PARTICLES, Line, tokens
from fanal.door.spans import Span

_AROUND = 24  # characters
_ARTICLES = re.compile(rf"(?<!\w)(?:(?:{'|'.join(sorted(PARTICLES))})[\s'-])+\Z")
NOBODY = ""  # kind of what identifies in no way; others say what it is not


def protected(text: Views) -> Iterator[Span]:
    """Yield the stretches that are nobody; those of kind `name` may be part of something else."""
    for start, stop in (*things.numbers(text.folded), *birthdates.days_of_events(text.folded)):
        yield Span(start, stop, NOBODY)
    line = Line(text, tokens(text))
    borne_by_none = [*protected_names(text), *_protected_words(line)]
    firsts = {start for start, _ in borne_by_none}
    borne_by_none = [(_with_article(text, start), stop) for start, stop in borne_by_none]
    for start, stop in (
        *things.cues(text.folded), *cited(text), *borne_by_none, *_opening(line, firsts),
        *_products(text), *_left_to_lists(line),
    ):  # fmt: skip
        yield Span(start, stop, "name")


def _with_article(text: Views, start: int) -> int:
    article = _ARTICLES.search(text.folded, max(0, start - _AROUND), start)
    return article.start() if article else start


def _protected_words(line: Line) -> Iterator[tuple[int, int]]:
    for token in line.found:
        if token.capital and is_protected(line.text, Span(token.start, token.stop, "name")):
            yield token.start, token.stop


def _opening(line: Line, firsts: Container[int]) -> Iterator[tuple[int, int]]:
    """Yield words before what is protected that have a capital for the sentence's sake."""
    for index, token in enumerate(line.found):
        following = line.next(index)
        if (
            following
            and following.capital
            and following.start in firsts
            and token.capital
            and line.starts_sentence(token)
            and token.word not in lexicon.first_names()
        ):
            yield token.start, token.stop


def _products(text: Views) -> Iterator[tuple[int, int]]:
    named = products(text.folded)
    for product in named:
        if is_product(text.folded, Span(*product[:2], "name"), named):
            yield product[:2]
    yield from formed(text.folded)
    yield from of_products(text)


def _left_to_lists(line: Line) -> Iterator[tuple[int, int]]:
    """Yield strains and brands in two words, articles of law, street names that start a sentence.

    There a sentence tells no more than the capital; the lists read what stands around it. "Jeff,
    le grand" is told of by its comma. Articles of law look like initials: "R. 3121-33".
    """
    for index, token in enumerate(line.found):
        article = DATA["article-after"].match(line.text.folded, token.stop)
        if is_phrase(line, index):
            yield token.start, line.found[index + 1].stop
        elif token.capital and article:
            yield token.start, article.end()
        elif token.capital and token.word in lexicon.drugs() and line.starts_sentence(token):
            after = line.next(index)
            hailed = line.gap(index).startswith(",") and token.word in lexicon.first_names()
            if not hailed and not (after and after.capital):
                yield token.start, token.stop
