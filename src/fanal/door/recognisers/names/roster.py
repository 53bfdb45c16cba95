"""The names that records give: of who writes, of who speaks, of who writes in the same thread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from fanal.door import lexicon
from fanal.door.normalise import clean, fold
from fanal.door.recognisers.names.token import DATA
from fanal.door.spans import Span


@lru_cache(maxsize=65_536)
def _parts(person: str) -> tuple[str, ...]:
    """Return what of a person's name is masked: the whole, and each part that is not a word."""
    whole = fold(clean(person)[0]).strip(" ~@:\t\n")
    if len(whole) < 2 or (whole in lexicon.words() and len(whole) < 4):
        return ()
    parts = [
        part
        for part in DATA["token"].findall(whole)
        if len(part) > 2 and part not in lexicon.words() and part not in lexicon.never_names()
    ]
    return tuple(dict.fromkeys((whole, *parts)))


# All but Latin-1, punctuation, symbols and pictures: only these need the slow folding.
_BEYOND = re.compile(
    "[^\x00-\xff\u2000-\u23ff\u2500-\u2bff\u3000-\u303f\ufe0f\U0001f200-\U0001faff]"
)
_FOLDED = bytes(
    code if len(plain := fold(chr(code))) != 1 or ord(plain) > 255 else ord(plain)
    for code in range(256)
)


def holding(texts: Sequence[str], people: Sequence[Sequence[str]]) -> list[int]:
    """Return which texts could hold one of the names that their records give; quick."""
    lines = "\x00".join(texts).encode("latin-1", "replace").translate(_FOLDED).split(b"\x00")
    if len(lines) != len(texts):
        lines = [text.encode("latin-1", "replace").translate(_FOLDED) for text in texts]
    return [
        index
        for index, given in enumerate(people)
        if given and _may_hold(texts[index], lines[index], given)
    ]


def _may_hold(text: str, line: bytes, people: Sequence[str]) -> bool:
    if b"?" in line and _BEYOND.search(text):
        folded = fold(text)
        return any(part in folded for person in people for part in _parts(person))
    for person in people:
        for part in _parts_folded(person):
            if part in line:
                return True
    return False


@lru_cache(maxsize=65_536)
def _parts_folded(person: str) -> tuple[bytes, ...]:
    """Return the parts of a name that can stand in a text of Latin-1 letters alone."""
    return tuple(part.encode("latin-1", "replace").translate(_FOLDED) for part in _parts(person))


MOST_THREADS = 10_000
MOST_KNOWN = 5_000  # people of a thread whose names are looked for in what others write

_WORDS = re.compile(rb"[a-z0-9\x80-\xff]+")
_SPACED = bytes(  # folded, and what is of no word is a space; the sign between texts stays
    code if not code or _WORDS.fullmatch(bytes([code])) else 32 for code in _FOLDED
)


class Roster(NamedTuple):
    """Whom others in a thread may name, and who of them came after the first batch of a part."""

    people: frozenset[str]
    late: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Roster({len(self.people)})"


class Threads:
    """Names of those who write in each thread, which others there may write too."""

    def __init__(self, most: int = MOST_THREADS) -> None:
        """Remember the names of so many threads at most."""
        self._most = most
        self._people: dict[str, dict[bytes, set[str]]] = {}
        self._known: dict[str, set[str]] = {}
        self._late: dict[str, set[str]] = {}  # who came when others had been read already
        self._batches = 0

    def begin(self) -> None:
        """Begin a batch: who comes in it was not looked for in those before."""
        self._batches += 1

    def rosters(self) -> dict[str, Roster]:
        """Return whom is looked for in each thread."""
        return {
            thread: Roster(
                frozenset[str]().union(*words.values()), frozenset(self._late.get(thread, ()))
            )
            for thread, words in self._people.items()
        }

    def add(self, thread: str, people: Sequence[str]) -> None:
        """Take the names that a record of a thread gives."""
        if thread not in self._known and len(self._known) >= self._most:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._people.pop(oldest, None)
            self._late.pop(oldest, None)
        known = self._known.setdefault(thread, set())
        for person in people:
            if person in known or len(known) >= MOST_KNOWN:
                continue
            known.add(person)
            parts = _parts(person)
            if not parts or parts[0] in lexicon.words() or parts[0] in lexicon.never_names():
                continue  # who calls himself by a word does not make it a name for all
            words = self._people.setdefault(thread, {})
            if self._batches > 1:
                self._late.setdefault(thread, set()).add(person)
            for part in _parts_folded(person):
                for word in _WORDS.findall(part)[:1]:
                    words.setdefault(word, set()).add(person)

    def named(self, texts: Sequence[str], threads: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Yield which text may name which person of its thread; quick."""
        plain, lines = _lines(texts)
        for index, (line, thread) in enumerate(zip(lines, threads, strict=True)):
            if words := self._people.get(thread):
                if b"?" in plain[index] and _BEYOND.search(texts[index]):
                    line = fold(texts[index]).encode("latin-1", "replace").translate(_SPACED)
                said = line.split()
                if words.keys().isdisjoint(said):
                    continue
                for word in words.keys() & said:
                    for person in sorted(words[word]):
                        yield index, person


def _lines(texts: Sequence[str]) -> tuple[list[bytes], list[bytes]]:
    """Return texts in one byte a letter, and folded, with spaces between words."""
    joined = "\x00".join(texts).encode("latin-1", "replace")
    plain, lines = joined.split(b"\x00"), joined.translate(_SPACED).split(b"\x00")
    if len(lines) != len(texts):
        plain = [text.encode("latin-1", "replace") for text in texts]
        lines = [line.translate(_SPACED) for line in plain]
    return plain, lines


def given(folded: str, people: Sequence[str]) -> Iterator[Span]:
    """Yield the names that a record itself gives (author, speaker), wherever they stand in it."""
    for person in people:
        for part in _parts(person):
            for match in re.finditer(rf"(?<!\w)@?{re.escape(part)}(?!\w)", folded):
                yield Span(match.start(), match.end(), "name")
