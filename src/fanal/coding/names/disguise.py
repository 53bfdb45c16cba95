"""See through disguised spellings: c0ke, sh1t, c@ke, cokeeee, c.o.k.e, c o k e.

A second look at the few words that look odd (letters beside digits or signs, a letter three times
in a row, single letters in a row); each is read plainly in several ways and looked up.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import numpy as np

from fanal.coding import views
from fanal.coding.views import Buffer, Ints, View

_SIGNS = {"@": "a", "$": "s", "!": "i", "*": "aeiouh"}
_READ = dict(zip("0134567896", ("o", "il", "e", "a", "s", "g", "t", "b", "g", "g"), strict=True))
_READ |= {chr(views.INSIDE[sign]): letters for sign, letters in _SIGNS.items()}
_ODD = re.compile("[0-9" + "".join(map(chr, views.INSIDE.values())) + "]")
_RUN = re.compile(r"(.)\1{2,}")
_TWICE = re.compile(r"(.)\1+")
_READINGS = 24  # of one word; more odd signs than that are no disguise
_PART = 4  # letters of a name that may stand inside a longer row of single letters


def squeezed(word: str) -> str:
    """Return a word with each letter at most once in a row."""
    return _TWICE.sub(r"\1", word)


class Disguise:
    """Names by their letters without blanks; `names` maps them to any value kept for them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name for name in names if len(name) > 2 and any(c.isalpha() for c in name)}
        self._squeezed: Mapping[str, str] = {squeezed(name): name for name in sorted(self._names)}
        self._longest = max(map(len, self._names), default=0)
        self._read = lru_cache(maxsize=1 << 16)(self._read_word)

    def find(self, view: View) -> list[tuple[int, int, str]]:
        """Return (start, stop, name) in positions of the view's buffer."""
        text = view.buffer.tobytes()
        found = [
            (start, stop, name)
            for start, stop in self._odd_words(view, text)
            if (name := self._read(text[start:stop]))
        ]
        found += self._rows_of_letters(text, _single_letters(view.buffer))
        return found

    def _odd_words(self, view: View, text: bytes) -> Iterator[tuple[int, int]]:
        last = -1
        for at in _odd_positions(view.buffer).tolist():
            if at < last:
                continue
            start = text.rfind(b" ", 0, at) + 1
            stop = last = text.find(b" ", at)
            if 2 < stop - start <= 40:
                yield start, stop

    def _read_word(self, word: bytes) -> str:
        """Return the name that an odd word stands for, or nothing."""
        plain = word.decode("latin-1").strip("\x01")
        if plain in self._names:
            return ""  # the scan finds it as it is
        for reading in self._readings(plain):
            if reading in self._names:
                return reading
            if _RUN.search(reading):
                once = _RUN.sub(r"\1", reading)
                for form in (once, _RUN.sub(r"\1\1", reading)):
                    if form in self._names:
                        return form
                if squeezed(reading) in self._squeezed and len(squeezed(reading)) > 2:
                    return self._squeezed[squeezed(reading)]
        return ""

    def _readings(self, word: str) -> Iterator[str]:
        yield word
        odd = _ODD.findall(word)
        if not odd or sum(c.isalpha() for c in word) < 2 or len(odd) > len(word) / 2:
            return
        choices = [_READ.get(c, c) for c in word]
        if np.prod([len(c) for c in choices]) <= _READINGS:
            for letters in itertools.product(*choices):
                yield "".join(letters)

    def _rows_of_letters(self, text: bytes, at: Ints) -> Iterator[tuple[int, int, str]]:
        last = -1
        for position in at.tolist():
            if position < last:
                continue
            start = position + 1
            stop = start + 1
            while text[stop : stop + 1] == b" " and _alone(text, stop + 1):
                stop += 2
            last = stop - 1
            yield from self._in_row(text[start:stop:2].decode("latin-1"), start)

    def _in_row(self, row: str, start: int) -> Iterator[tuple[int, int, str]]:
        """Find the name that a row of letters spells: the whole row, else the longest part."""
        if row in self._names:
            yield start, start + 2 * len(row) - 1, row
            return
        for size in range(min(len(row) - 1, self._longest), _PART - 1, -1):
            for low in range(len(row) - size + 1):
                if (part := row[low : low + size]) in self._names:
                    yield start + 2 * low, start + 2 * (low + size) - 1, part
                    return


def _odd_positions(buffer: Buffer) -> Ints:
    """Return where a word may be disguised, in order: digits, signs, a letter three times."""
    digits = np.flatnonzero(buffer - np.uint8(0x30) < 10)
    before, after = _letter(buffer[digits - 1]), _letter(buffer[digits + 1])
    high = len(buffer) - 1
    # c0ke, w33d; her0 but not c4; 5hit but not 3g or 10e
    inside = before & (after | _letter(buffer[np.minimum(digits + 2, high)]))
    ends = before & (buffer[digits + 1] == 0x20) & _letter(buffer[digits - 2])
    begins = after & (buffer[digits - 1] == 0x20)
    begins &= _letter(buffer[np.minimum(digits + 2, high)])
    begins &= _letter(buffer[np.minimum(digits + 3, high)])
    signs = np.flatnonzero(buffer - np.uint8(0x0E) < 4)
    same = buffer[1:] == buffer[:-1]
    triple = np.flatnonzero(same[1:] & same[:-1])
    triple = triple[_letter(buffer[triple])]
    return np.unique(np.concatenate([digits[inside | ends | begins], signs, triple]))


def _single_letters(buffer: Buffer) -> Ints:
    """Return the blanks that three single letters or digits follow."""
    blank = buffer == 0x20
    at = np.flatnonzero(blank[:-6] & blank[2:-4] & blank[4:-2] & blank[6:])
    for step in (1, 3, 5):
        at = at[buffer[at + step] > 0x2F]
    return at


def _alone(text: bytes, at: int) -> bool:
    return at + 1 < len(text) and text[at] > 0x2F and text[at + 1] == 0x20


def _letter(values: Buffer) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return values - np.uint8(0x61) < 26
