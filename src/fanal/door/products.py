"""Names of substances in a text: what the observatory is for, and no identifier of anybody."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from fanal import thesaurus
from fanal.door import lexicon
from fanal.door.normalise import fold
from fanal.door.spans import Span

_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"(?<![^\W_])[^\W_](?:[\w,'-]*[^\W_])?")
_GAP = re.compile(r"[^\w\n\x01]{0,3}|_")
# Names that nobody bears; those of the street are nicknames of people too.
_OFFICIAL = ("international name", "chemical", "brand")
_JOINING = frozenset(["a", "and", "et", "de", "du", "la", "le", "b", "the", "s"])


class Product(NamedTuple):
    """Where a substance is named; `official`: by a name that no person bears."""

    start: int
    stop: int
    official: bool


class Index:
    """Names of one word or more, looked for in folded texts; of two the longer is taken."""

    def __init__(self, names: Collection[tuple[str, ...]]) -> None:
        """Take names as their words."""
        self._names = names
        lengths: dict[str, set[int]] = {}
        for words in names:
            lengths.setdefault(words[0], set()).add(len(words))
        self._lengths = {w: tuple(sorted(found, reverse=True)) for w, found in lengths.items()}

    def found(self, folded: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
        """Yield the names that stand in a text, and where each starts and ends."""
        words = list(_WORD.finditer(folded))
        index = 0
        while index < len(words):
            for length in self._lengths.get(words[index][0], ()):
                run = words[index : index + length]
                name = tuple(word[0] for word in run)
                if name in self._names and _joined(folded, run):
                    yield name, run[0].start(), run[-1].end()
                    index += length - 1
                    break
            index += 1


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name, folded."""
    return tuple(_WORD.findall(fold(name)))


@cache
def _names() -> tuple[dict[tuple[str, ...], bool], Index]:
    """Return the names as words → official, and what finds them.

    Left out are those that people bear ("Emma", "Bruce Banner"): there a text decides.
    """
    names: dict[tuple[str, ...], bool] = {}
    for alias in thesaurus.load().aliases:
        words = words_of(alias.alias)
        if words and not _is_personal(words):
            names[words] = names.get(words, False) or alias.kind in _OFFICIAL
    for word in _classes():
        names[(word,)] = names[("unknown", word)] = True
    return names, Index(names)


def _classes() -> set[str]:
    """Return the names of classes in one word, as laboratories write them: "unknown opioid"."""
    found = set()
    for labels in thesaurus.load().classes.values():
        for label in labels:
            found |= {word for word in _WORD.findall(fold(label)) if word.endswith("s")}
    return found | {word.removesuffix("s") for word in found}


@cache
def _people() -> frozenset[str]:
    return frozenset(lexicon.first_names()) | lexicon.last_names()


def _is_personal(words: tuple[str, ...]) -> bool:
    people = _people()
    return any(word in people for word in words) and all(
        word in people or word in _JOINING for word in words
    )


def products(folded: str) -> list[Product]:
    """Return where the names of substances stand in a folded text, the longest first taken."""
    names, index = _names()
    return [Product(start, stop, names[name]) for name, start, stop in index.found(folded)]


@cache
def _families() -> re.Pattern[str]:
    """Return the pattern of names that the families of the thesaurus form by rule."""
    return re.compile("|".join(f"(?:{family.pattern})" for family in thesaurus.load().families))


def formed(folded: str) -> Iterator[tuple[int, int]]:
    """Yield where names stand that the families of the thesaurus form by rule: "3-FPM"."""
    for match in _TOKEN.finditer(folded):
        if is_of_family(match[0]):
            yield match.span()


def is_of_family(word: str) -> bool:
    """Say whether a folded word is a name that a family of the thesaurus forms by rule."""
    return _families().fullmatch(word) is not None


def _joined(folded: str, run: list[re.Match[str]]) -> bool:
    return all(
        _GAP.fullmatch(folded, first.end(), second.start()) is not None
        for first, second in pairwise(run)
    )


def inside(span: Span, folded: str, found: list[Product], *, official: bool = False) -> bool:
    """Say whether a span is nothing but the name of a substance, or a part of one."""
    return any(
        name.start <= span.start and span.stop <= name.stop and (name.official or not official)
        for name in found
    ) or (_families().fullmatch(folded, span.start, span.stop) is not None)
