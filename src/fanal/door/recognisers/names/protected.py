"""What no list of names and no capital makes a person: Kardégic, Crohn, Arapej, la Guillotière.

The words directly before it may: a title, a kinship, "je m'appelle", a first name. What people
bear as a family name is somebody's too where what follows says so: "Leclerc, 34 ans". Authors in
a reference with its year are protected too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from fanal.door import helplines, lexicon
from fanal.door.normalise import Views, fold
from fanal.door.products import Index, words_of
from fanal.door.recognisers.names.token import DATA, PARTICLES
from fanal.door.spans import Span

_NICKNAMES = ("figure", "brand")  # kinds by whose names people are called
_AROUND = 48  # characters around a name that may belong to what is protected


@cache
def _names() -> tuple[dict[tuple[str, ...], str], Index]:
    """Return what is protected as words → its kind, and what finds it."""
    kinds = {words_of(name): kind for name, kind in lexicon.protected().items()}
    return kinds, Index(kinds)


def protected_names(text: Views) -> Iterator[tuple[int, int]]:
    """Yield where names that are protected stand and nothing makes a person of them."""
    for _, start, stop in _names()[1].found(text.folded):
        if is_protected(text, Span(start, stop, "name")):
            yield start, stop


def cited(text: Views) -> Iterator[tuple[int, int]]:
    """Yield where authors stand in a reference, up to its year: "Delattre C., Petit R., 2012"."""
    for name in DATA["token"].finditer(text.folded):
        after = DATA["cited-after"].match(text.cased, name.end())
        span = Span(name.start(), name.end(), "name")
        if after and text.cased[name.start()].isupper() and is_protected(text, span):
            yield name.start(), after.end()


def is_protected(text: Views, span: Span) -> bool:
    """Say whether a name found is nothing but what is protected, and nothing makes it a person."""
    first = max(0, span.start - _AROUND)
    around = text.folded[first : span.stop + _AROUND]
    after = fold(text.cased[span.start : span.stop + _AROUND])  # numbers of helplines are in it
    if helplines.is_named(after, 0, span.stop - span.start):
        return not _is_named(text, span.start)
    if _is_cited(text, span):
        return not _is_named(text, span.start)
    kinds, index = _names()
    found = [
        (range(first + start, first + stop), kinds[name])
        for name, start, stop in index.found(around)
        if first + start < span.stop and span.start < first + stop
    ]
    if not found or not _is_covered(text.folded, span, [run for run, _ in found]):
        return False
    start = min(span.start, found[0][0].start)
    nickname = found[0][1] in _NICKNAMES and DATA["nicknamed-before"].search(
        text.folded[max(0, start - _AROUND) : start]
    )
    return not (nickname or _is_named(text, start) or _is_borne(text.folded, span))


def _is_cited(text: Views, span: Span) -> bool:
    """Say whether a family name is an author's, in a reference: "Delattre et al. (2019)"."""
    name = DATA["token"].match(text.folded, span.start)
    if name is None or lexicon.first_names().get(name[0]) is False:
        return False
    after = DATA["cited-after"].match(text.cased, name.end())
    return after is not None and after.end() > span.stop


def _is_covered(folded: str, span: Span, runs: list[range]) -> bool:
    return all(
        match[0] in PARTICLES
        or any(match.start() in run and match.end() - 1 in run for run in runs)
        for match in DATA["token"].finditer(folded, span.start, span.stop)
    )


def _is_named(text: Views, start: int) -> bool:
    """Say whether the words directly before a place name a person, or are a first name."""
    before = text.folded[max(0, start - _AROUND) : start]
    if DATA["before-strong"].search(before) or DATA["cased-lawyer-before"].search(
        text.cased[max(0, start - 8) : start]
    ):
        return True
    last = DATA["last-word"].search(before)
    if last is None or not text.cased[start - len(last[0])].isupper():
        return False
    return last["word"] in lexicon.first_names() and last["word"] not in lexicon.never_names()


def _is_borne(folded: str, span: Span) -> bool:
    """Say whether a family name is somebody's by what follows."""
    word = folded[span.start : span.stop]
    if word not in lexicon.last_names() and word not in lexicon.first_names():
        return False
    return any(DATA[name].match(folded, span.stop) for name in ("aged", "speaks", "human"))
