"""The first look at a batch: which recognisers each text needs, most of them none.

One pass over the whole batch with the patterns of all recognisers, each made wider where it must be
(`widening`), so that nothing that a recogniser finds is passed over. Names are looked for by the
words of their lists besides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import hyperscan
import numpy as np

from fanal.door import lexicon
from fanal.door.patterns import CASED, NAMES, Recogniser, recogniser
from fanal.door.widening import Alphabet
from fanal.text import automata

BITS = {name: 1 << place for place, name in enumerate(NAMES)}
EVERYTHING = (1 << len(NAMES)) - 1
_CALLED = 1 << len(NAMES)  # a word that may announce a name: names, if a capital follows
_ANNOUNCES = "called-"  # how patterns begin that find those
_AUTOMATA = 4  # one takes long to build and to scan with, and sixteen passes take longer too


class _Look(NamedTuple):
    bits: int
    pattern: bytes
    flags: int


@cache
def _alphabet() -> Alphabet:
    return Alphabet(pattern for data in map(recogniser, NAMES) for pattern in data.looks.values())


def _looks(data: Recogniser) -> Iterator[_Look]:
    for name, pattern in data.looks.items():
        called = name.startswith(_ANNOUNCES)
        capitals = name.removeprefix(_ANNOUNCES).startswith(CASED)
        yield _Look(
            _CALLED if called else BITS[data.name],
            _alphabet().widened(pattern, capitals=capitals),
            0 if capitals else hyperscan.HS_FLAG_CASELESS,
        )


@cache
def _scanners() -> list[automata.Scanner]:
    """Return the automata of all patterns; a hit tells the bits of its recogniser."""
    looks = [look for name in NAMES for look in _looks(recogniser(name))]
    groups = list(dict.fromkeys(look.bits for look in looks))
    out = []
    for first in range(_AUTOMATA):
        chosen = [look for look in looks if look.bits in groups[first::_AUTOMATA]]
        bits, patterns, flags = zip(*chosen, strict=True)
        out.append(automata.kept(patterns, bits, flags))
    return out


# Words that are names too, seldom, and of which neither products nor other lists tell.
_PLAIN_WORDS = frozenset(
    ("early", "elle", "else", "german", "kit", "little", "long", "major", "orange", "over", "page",
     "price", "queen", "royal", "spring")
)  # fmt: skip


@cache
def _name_words() -> frozenset[bytes]:
    """Return the words that make the recogniser of names look: in small letters only sure ones."""
    out: set[bytes] = set()
    products = (lexicon.never_names() | lexicon.drugs() | _PLAIN_WORDS) - lexicon.small_names()
    for name, ambiguous in lexicon.first_names().items():
        if ambiguous and name in products:
            continue  # a name only in words that patterns find
        for part in {name, *name.split("-")} if not ambiguous else {name}:
            if len(part) < 3:
                continue
            out.update((part.title().encode(), part.capitalize().encode(), part.upper().encode()))
            if lexicon.first_names().get(part) is False:
                out.update((part.encode(), f"{part}s".encode(), f"{part.title()}s".encode()))
    out.update(name.encode() for name in lexicon.small_names())
    out.update(name.title().encode() for name in lexicon.last_names() - lexicon.words())
    return frozenset(out)


@cache
def _common_capitals() -> frozenset[bytes]:
    """Return the words that with a capital are still no names."""
    out: set[bytes] = set()
    names = lexicon.first_names().keys() | lexicon.last_names()
    for word in (lexicon.words() | lexicon.drugs()) - names:
        out.update((word.title().encode(), word.upper().encode()))
    return frozenset(out)


# Letters stay, texts stay apart, all else is a blank.
_LETTERS = bytes(
    code if code in (0, *range(65, 91), *range(97, 123)) else ord(" ") for code in range(256)
)


def prepare() -> None:
    """Load what `look` reads, so that processes forked from this one share it."""
    _scanners(), _name_words(), _common_capitals()


def look(texts: Sequence[str]) -> dict[int, int]:
    """Return, for each clean text that needs a recogniser, the bits of which ones."""
    joined = "\x00".join(("", *texts, ""))
    if joined.count("\x00") != len(texts) + 1:
        joined = "\x00".join(("", *(text.replace("\x00", "\x01") for text in texts), ""))
    data = _alphabet().bytes_of(joined)
    out = _hit(data)
    names, common = _name_words(), _common_capitals()
    for row, line in enumerate(data[1:].translate(_LETTERS).split(b"\x00")[:-1]):
        words = line.split()
        bits = out.get(row, 0)
        called = bits & _CALLED and any(
            len(word) > 1 and word[0] < 91 and word not in common for word in words
        )
        if called or not names.isdisjoint(words):
            out[row] = bits & EVERYTHING | BITS["names"]
        elif bits & _CALLED:
            out[row] = bits & EVERYTHING
    return {row: bits for row, bits in out.items() if bits}


def _hit(data: bytes) -> dict[int, int]:
    """Return the bits of the patterns that each text holds."""
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 0)
    stops: defaultdict[int, list[int]] = defaultdict(list)

    def hit(identifier: int, start: int, stop: int, flags: int, context: object) -> None:
        stops[identifier].append(stop)

    for scanner in _scanners():
        scanner.scan(data, hit)
    out: dict[int, int] = {}
    for bits, found in stops.items():
        # the last byte of what is found may be the end of its text
        for row in np.unique(np.searchsorted(ends, np.array(found) - 1)).tolist():
            out[row - 1] = out.get(row - 1, 0) | bits
    return out
