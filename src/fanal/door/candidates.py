"""What in a text may identify somebody though no rule is sure: for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from fanal.door import lexicon
from fanal.door.normalise import Views, fold
from fanal.door.patterns import CASED, recogniser
from fanal.door.products import products
from fanal.door.recognisers.names.roster import _parts
from fanal.door.recognisers.names.token import Token, tokens
from fanal.door.spans import Span
from fanal.thesaurus.places import load_places

_DATA = recogniser("candidates")
_NAMES = recogniser("names")
_SENTENCE = re.compile(r"(?:^|[.!?…\n:»”\"]|[-–—]\s)\s*[«“\"(]?\s*\Z")
# Classes of what stands for it, and how likely each is to be somebody.
_SHAPES = {
    "at": ("name", 0.9), "called": ("name", 0.95), "cased-initials": ("name", 0.9),
    "reference": ("reference", 0.85),
    "number": ("reference", 0.8), "spot": ("address", 0.88), "role": ("role", 0.89),
    "beside": ("name", 0.7), "mixed": ("user-id", 0.6), "cased-letters": ("name", 0.55),
    "quoted": ("name", 0.5),
}  # fmt: skip
_WORDING = 0.5  # and as much more as the tagger believes: less than a cue says


class Candidate(NamedTuple):
    """A stretch to look at: its class, why, and how likely it is to identify somebody."""

    start: int
    stop: int
    kind: str
    why: str
    score: float


def candidates(
    text: str, roster: Collection[str], believed: Iterable[tuple[Span, float]] = ()
) -> list[Candidate]:
    """Return what may identify somebody in a clean text, in order and apart.

    `roster` are the people who are known to be spoken of; `believed` is what the tagger half
    believes, with its probability. Stretches of \\x01 are settled.
    """
    views = Views.of(text)
    named = [(name.start, name.stop) for name in products(views.folded)]
    found = [*_shapes(views), *_words(views, tuple(sorted(roster)))]
    for (start, stop, kind), probability in believed:
        if "\x01" not in text[start:stop]:
            found.append(Candidate(start, stop, kind, "wording", _WORDING + probability))
    found = [one for one in found if not _within(one, named)]
    out: list[Candidate] = []
    for one in sorted(found, key=lambda c: (-c.score, c.start - c.stop, c.start)):
        if not any(one.start < other.stop and other.start < one.stop for other in out):
            out.append(one)
    return sorted(out)


def _within(one: Candidate, named: list[tuple[int, int]]) -> bool:
    """Say whether what is found is the name of a substance, which no cue says is a person."""
    if one.why in ("roster", "at", "called", "initials"):
        return False
    return any(a <= one.start and one.stop <= b for a, b in named)


def _shapes(views: Views) -> Iterator[Candidate]:
    for why, pattern in _DATA.searched():
        kind, score = _SHAPES[why]
        seen = views.cased if why.startswith(CASED) else views.folded
        for match in pattern.finditer(seen):
            start, stop = match.span("who")
            if _tells(views, why, match):
                yield Candidate(start, stop, kind, why.removeprefix(CASED), score)


def _tells(views: Views, why: str, match: re.Match[str]) -> bool:
    """Say whether what follows a cue is a name: a capital, or a word that no list has."""
    if why in ("at", "called", "beside", "quoted"):
        who = match["who"]
        if views.cased[match.start("who")].isupper():
            return why == "at" or not (who in lexicon.never_names() or who in lexicon.drugs())
        plain = len(who) < 4 or who in _NAMES.words["adverb"]
        return not _known(who) or (why == "called" and not plain)
    if why in ("spot", "role"):
        return views.cased[match.start("name")].isupper() or not _known(match["name"])
    if why == "cased-letters":
        return match["who"].lower() not in lexicon.words()
    return True


def _words(views: Views, people: tuple[str, ...]) -> Iterator[Candidate]:
    """Yield words: near one of the people, names that lists have, capitals that none has."""
    for token in tokens(views):
        if (token.stop - token.start) < 2:
            continue
        why, score = _word(views, token, people)
        if score:
            yield Candidate(token.start, token.stop, "name", why, score)


def _word(views: Views, token: Token, people: tuple[str, ...]) -> tuple[str, float]:
    word = token.word
    if _near(word, people):
        return "roster", 1.0 if token.capital or not _known(word) else 0.45
    known = _known(word)
    first = lexicon.first_names().get(word)
    if token.capital:
        opens = _opens(views, token.start)
        if word in _towns() and first is None:
            return "town", 0.3
        if views.cased[token.start : token.stop].isupper() and len(word) < 6 and first is None:
            return "letters", 0.0 if known else 0.3
        if first is not None or word in lexicon.last_names():
            return "listed", 0.6 if known or first else 0.9
        if not known:
            return "capital", 0.65 if opens else 0.85
        plain = word in lexicon.never_names() or len(word) < 4
        return "capital", 0.0 if opens or plain else 0.4
    if first is False and word not in lexicon.rare_names():
        return "listed", 0.6
    return "unknown", 0.0 if known or not 4 <= len(word) <= 10 or _inflected(word) else 0.2


def _opens(views: Views, start: int) -> bool:
    """Say whether a word opens a sentence, where any has a capital."""
    return _SENTENCE.search(views.cased[max(0, start - 8) : start]) is not None


@lru_cache(maxsize=65_536)
def _known(word: str) -> bool:
    """Say whether a list has a word that names nobody: whole, or each of its parts."""
    lists = (lexicon.words(), lexicon.drugs(), lexicon.countries(), lexicon.never_names())
    parts = [part for part in re.split(r"[-'’]", word) if len(part) > 1]
    return any(word in words or word.removesuffix("s") in words for words in lists) or (
        len(parts) > 1 and all(map(_known, parts))
    )


@cache
def _towns() -> frozenset[str]:
    """Return the names of communes, folded: where somebody lives, by itself nobody."""
    return frozenset(fold(place.name) for place in load_places().places.values())


@cache
def _stems() -> frozenset[str]:
    return frozenset(word[:size] for word in lexicon.words() for size in range(4, len(word) + 1))


def _inflected(word: str) -> bool:
    """Say whether a word begins as one that a list has: "tattooed", "mangerai"."""
    return word[: max(4, len(word) - 2)] in _stems()


@lru_cache(maxsize=65_536)
def _near(word: str, people: tuple[str, ...]) -> bool:
    """Say whether a word is that of one of the people, shortened or with one error of typing."""
    for person in people:
        for part in _parts(person):
            if word == part or (len(word) > 2 and part.startswith(word) and len(part) > len(word)):
                return True
            if len(part) > 4 and part[0] == word[:1] and _one_error(word, part):
                return True
    return False


def _one_error(word: str, part: str) -> bool:
    """Say whether one letter is missing, too many, another one, or two are the other way round."""
    if abs(len(word) - len(part)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, part, strict=False)) if a != b), None)
    if at is None:
        return True
    rests = [(word[at + 1 :], part[at + 1 :]), (word[at + 1 :], part[at:]),
             (word[at:], part[at + 1 :])]  # fmt: skip
    swapped = word[at : at + 2] == part[at : at + 2][::-1] and word[at + 2 :] == part[at + 2 :]
    return swapped or any(a == b for a, b in rests)
