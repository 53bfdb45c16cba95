"""Find thousands of terms in a batch of documents with one scan of one buffer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from fanal.coding import views
from fanal.coding.views import Ints, View
from fanal.errors import ConfigError
from fanal.text import automata
from fanal.text.folding import fold

# May stand between the code points of an emoji: variation selectors, joiner, skin tones.
_SILENT = {0x200D, 0x20E3, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)}


WORTH_KEEPING = 5_000  # expressions: smaller databases compile faster than they are looked up
_BLANKS = re.compile(" +")


@dataclass(frozen=True, slots=True)
class Hits:
    """Where terms were found, by document, then start, then the longest first.

    `start` and `stop` are code points of the document. Hits may overlap and nest.
    """

    document: Ints
    start: Ints
    stop: Ints
    term: Ints

    def __len__(self) -> int:
        return len(self.document)


def viewed(terms: Sequence[str]) -> list[str]:
    """Return terms as the scanned buffer shows them: words between single blanks."""
    if not terms:
        return []
    column = pa.array(terms, pa.large_string())
    shown = b"\0".join(bytes(view.buffer) for view in views.views(column)).split(b"\0")
    return [_BLANKS.sub(" ", t.decode("latin-1")).strip(" ") for t in shown]


def scannable(term: str) -> bool:
    """Say whether a term can be looked for: it has a letter, a digit or a sign that is scanned."""
    return bool(viewed([term])[0]) or _signs(term) is not None


def _signs(term: str) -> tuple[int, ...] | None:
    """Return the code points of a term that is made of signs, None where they are not scanned."""
    points = tuple(p for p in map(ord, fold(term)) if p not in _SILENT)
    if not points or (points[0] < 0x80 and points != (ord("$"),)):
        return None
    return points


class Matcher:
    """Terms compiled once; `scan` may run on several threads at a time.

    A term of letters or digits is found as whole words, whatever stands between its words (one
    blank, hyphen, apostrophe or other sign) and around it. A term of signs alone (an emoji) is
    found anywhere, with or without variation selectors and skin tones. `patterns` are hyperscan
    expressions over the buffer of a `View`; they come after the terms in `Hits.term`, and their
    `start` equals their `stop`, since only the end of a match is known.
    """

    def __init__(self, terms: Sequence[str], patterns: Sequence[str] = ()) -> None:
        self.terms = tuple(terms)
        self.patterns = tuple(patterns)
        words: dict[bytes, int] = {}
        same: list[list[int]] = []  # terms that look alike in the view
        self._signs: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        for number, (term, shown) in enumerate(zip(self.terms, viewed(self.terms), strict=True)):
            if shown:
                key = f" {shown} ".encode("latin-1")
                if key in words:
                    same[words[key]].append(number)
                else:
                    words[key] = len(same)
                    same.append([number])
            else:
                points = _signs(term)
                if points is None:
                    raise ConfigError(
                        "a term without a letter, digit or sign that is scanned for",
                        where=f"term {number}",
                        allowed="words, emoji and other signs outside ASCII, $",
                    )
                self._signs.setdefault(points[0], []).append((points, number))
        self._length = np.array([len(key) - 2 for key in words] + [0] * len(patterns), np.int64)
        # `_same[_first[k]:_first[k + 1]]` are the terms of expression k.
        same += [[len(self.terms) + k] for k in range(len(patterns))]
        self._count = np.array([len(group) for group in same], np.int64)
        self._first = np.concatenate([[0], np.cumsum(self._count)]).astype(np.int64)
        self._same = np.array([n for group in same for n in group], np.int64)
        self._plain_words = len(words)
        self._scanner = _compile([*words], [p.encode("latin-1") for p in patterns])
        self._first_signs = np.array(sorted(self._signs), np.int64)

    def scan(self, texts: Any) -> Hits:
        """Return every hit in a column of texts (Arrow, Polars or a list), folded or not."""
        column = views.texts_of(texts)
        parts = [self.scan_view(view, column) for view in views.views(column)]
        if not parts:
            nothing = np.empty(0, np.int64)
            return Hits(nothing, nothing, nothing, nothing)
        document, start, stop, term = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        order = np.lexsort((term, -stop, start, document))
        return Hits(document[order], start[order], stop[order], term[order])

    def scan_view(self, view: View, texts: pa.LargeStringArray) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the hits of one view, unordered; `texts` is the column that it was made from."""
        expression, end = self._scan_words(view)
        length = self._length[expression]
        stop = end - (length > 0)
        document = view.document(stop - 1)
        base = view.start[document]
        many = self._count[expression]
        pick = np.repeat(np.arange(len(expression)), many)
        rank = np.arange(len(pick)) - np.repeat(np.cumsum(many) - many, many)
        term = self._same[self._first[expression][pick] + rank]
        words = (document, stop - length - base, stop - base)
        parts = [(*(column[pick] for column in words), term), self._scan_signs(view, texts)]
        found = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return found[0] + view.first, found[1], found[2], found[3]

    def _scan_words(self, view: View) -> tuple[Ints, Ints]:
        found: list[int] = []
        if self._scanner is not None:
            add = found.append

            def hit(expression: int, _from: int, to: int, _flags: int, _context: object) -> None:
                add(expression << 32 | to)

            self._scanner.scan(view.buffer.data, hit)
        packed = np.array(found, np.int64)
        return packed >> 32, packed & 0xFFFFFFFF

    def _scan_signs(self, view: View, texts: pa.LargeStringArray) -> tuple[Ints, Ints, Ints, Ints]:
        """Find the terms made of signs among the characters that are no words."""
        at = view.where[np.isin(view.points, self._first_signs)]
        rows: list[tuple[int, int, int, int]] = []
        document = view.document(at)
        numbers, firsts = np.unique(document, return_index=True)
        starts = (at - view.start[document]).tolist()
        ends = [*firsts[1:].tolist(), len(starts)]
        plain = texts.take(pa.array(numbers + view.first)).to_pylist()
        for number, text, first, end in zip(
            numbers.tolist(), plain, firsts.tolist(), ends, strict=False
        ):
            folded = fold(text)
            for start in starts[first:end]:
                for points, term in self._signs[ord(folded[start])]:
                    stop = _match_signs(folded, start, points)
                    if stop:
                        rows.append((number, start, stop, term))
        columns = np.array(rows, np.int64).reshape(-1, 4).T
        return columns[0], columns[1], columns[2], columns[3]


def _match_signs(text: str, start: int, points: tuple[int, ...]) -> int:
    """Return where the signs end if they stand at `start`, silent ones skipped; else 0."""
    at = start
    for point in points:
        while at < len(text) and at > start and ord(text[at]) in _SILENT:
            at += 1
        if at >= len(text) or ord(text[at]) != point:
            return 0
        at += 1
    while at < len(text) and ord(text[at]) in _SILENT and ord(text[at]) != 0x200D:
        at += 1
    return at


def _compile(words: list[bytes], patterns: list[bytes]) -> automata.Scanner | None:
    if not words and not patterns:
        return None
    # Words hold a–z, 0–9, blanks and control characters: nothing to escape in an expression.
    expressions = [*words, *patterns]
    make = automata.kept if len(expressions) >= WORTH_KEEPING else automata.compiled
    return make(expressions, range(len(expressions)))
