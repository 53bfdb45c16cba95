"""Digits in whatever way they are written, each with where it lies in the text.

Telephone numbers are looked for in *runs*: figures, number words and letters that stand for
figures, held together by at most a few separators. A run is read as digits with an offset for each,
so that "zéro six, 39.98 I2 6O" and "0639981260" are the same case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from fanal.door.normalise import FIGURES
from fanal.door.patterns import recogniser

DATA = recogniser("phones")


def _valued(values: range) -> dict[str, int]:
    """Return the words for some numbers."""
    return {word: value for value in values for word in DATA.words.get(f"n{value}", ())}


_ONES, _TEENS, _TENS = _valued(range(10)), _valued(range(10, 20)), _valued(range(20, 100))
_WORDS = {**_ONES, **_TEENS, **_TENS, "vingts": 20}
_JOIN = r"(?:[\s\-_.]{0,2}(?:et|y)[\s\-_.]{0,2}|[\s\-_.]{0,2})"
_FIGURES = {"o": "[o0]", "i": "[i1]", "e": "[e3]"}


def _figured(word: str) -> str:
    """Return a pattern for a number word with figures for some letters: z3ro, s1x."""
    return "".join(_FIGURES.get(char, char) for char in word)


def _any(words: dict[str, int]) -> str:
    return "|".join(_figured(word) for word in sorted(words, key=len, reverse=True))


ONE, TEEN_WORD, TEN = _any(_ONES), _any(_TEENS), _any(_TENS)
TEEN = (
    rf"{_figured('dix')}{_JOIN}(?:{_any(dict.fromkeys(('sept', 'huit', 'neuf'), 0))})|{TEEN_WORD}"
)
_SPELT = (
    rf"(?:quatre{_JOIN}v[i1]ngts?(?:{_JOIN}(?:{TEEN}|{ONE}))?"
    rf"|{_figured('soixante')}{_JOIN}(?:{TEEN})|{TEEN}"
    rf"|(?:{TEN})(?:{_JOIN}(?:{ONE}))?|{ONE})"
)
_LETTER = (
    r"(?:(?<![a-z0-9])[oi]{2}(?![a-z0-9])|(?<![a-z])[oilsb]{1,2}(?=\d)"
    r"|(?<![a-z0-9])o(?=[\s.\-_/]{1,2}(?:\d(?![\da-z])|six|sept|seven|sei|zes|siete)(?![a-z]))"
    r"|(?<=\d)[oilsb]{1,2}(?![a-z]))"
)
# How a piece of digits may begin: most words are passed over at their first letters.
_HEADS = "|".join(sorted({_figured(word[:2]) for word in (*_WORDS, "double", "triple")}))
_PIECE = re.compile(
    rf"""
    (?:(?=[\d⑩-⑳㉑-㉟㊱-㊿])
    |(?<![a-z])(?=z[\s.\-_]|[oilsb]{{1,2}}\d|[oi]{{2}}|o[\s.\-_/]|(?<=\d)[oilsb]|{_HEADS}))
    (?:(?P<twice>(?<![a-z])(?:double|triple)[\s\-](?:(?:{ONE})(?![a-z])|\d(?!\d)))
    |(?P<hundred>(?<![a-z])(?:{ONE})\shundred(?![a-z]))
    |(?P<zero>(?<![a-z0-9])z[\s.\-_]{{1,2}}[e3][\s.\-_]{{1,2}}r[\s.\-_]{{1,2}}[o0](?![a-z0-9]))
    |(?P<tens>(?<![a-z])(?:{TEN})[\s\-]?(?P<one>[1-9])(?!\d))
    |(?P<spelt>(?<![a-z]){_SPELT}(?![a-z]))
    |(?P<glued>(?<![a-z0-9])(?=\d*[a-z])(?:{_SPELT}|\d){{2,12}}(?![a-z0-9]))
    |(?P<digit>\d+)|(?P<circled>[⑩-⑳㉑-㉟㊱-㊿])|(?P<letter>{_LETTER}))
    """,
    re.VERBOSE,
)
_SPELT_OR_DIGIT = re.compile(rf"{_SPELT}|\d")
_A_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_STANDS_FOR = str.maketrans("oilsb", "01158")


class Chunk(NamedTuple):
    """Digits that stand together, with where they lie in the text."""

    digits: str
    start: int
    stop: int


class Pieces(NamedTuple):
    """A folded text with what is surely no number blanked, and every piece of digits in it."""

    text: str
    chunks: list[Chunk]


def pieces(folded: str, blanked: re.Pattern[str]) -> Pieces:
    """Return the pieces of digits in a text, without what a pattern blanks."""
    text = blanked.sub(_blank, DATA["date-and-time"].sub(_blank, folded))
    chunks: list[Chunk] = []
    for match in _PIECE.finditer(text):
        digits, start, stop = _digits(match), match.start(), match.end()
        if chunks and not text[chunks[-1].stop : start].strip("\x7f"):
            last = chunks[-1]
            chunks[-1] = Chunk(last.digits + digits, last.start, stop)
        else:
            chunks.append(Chunk(digits, start, stop))
    return Pieces(text, chunks)


def runs(read: Pieces, between: re.Pattern[str], *, lines: int = 2) -> Iterator[list[Chunk]]:
    """Yield the chunks that only a few separators hold apart, on fewer than so many lines."""
    run: list[Chunk] = []
    for chunk in read.chunks:
        gap = read.text[run[-1].stop : chunk.start] if run else ""
        if run and not (between.match(gap) and gap.count("\n") < lines):
            yield run
            run = []
        run.append(chunk)
    if run:
        yield run


def _blank(match: re.Match[str]) -> str:
    return "\x00" * (match.end() - match.start())


def _digits(match: re.Match[str]) -> str:
    """Return the digits of a piece."""
    kind = match.lastgroup if match.lastgroup != "one" else "tens"
    said = match[0]
    if kind == "digit":
        return said
    if kind == "zero":
        return "0"
    if kind == "circled":
        return str(int(unicodedata.numeric(said)))
    if kind == "hundred":
        return f"{_ONES[said.split()[0].translate(FIGURES)]}00"
    if kind == "glued":
        parts = _SPELT_OR_DIGIT.findall(said)
        return "".join(part if part.isdigit() else _spelt(part) for part in parts)
    if kind == "tens":
        return str(_TENS[said[:-1].rstrip(" -").translate(FIGURES)] + int(match["one"]))
    if kind == "twice":
        how, word = re.split(r"[\s\-]", said)
        digit = word if word.isdigit() else str(_ONES[word.translate(FIGURES)])
        return digit * (3 if how == "triple" else 2)
    return said.translate(_STANDS_FOR) if kind == "letter" else _spelt(said)


def _spelt(words: str) -> str:
    """Return the digits of one number in words: "quatre-vingt-dix", "thirtynine"."""
    parts = [_WORDS[word] for word in _A_WORD.findall(words.translate(FIGURES))]
    if parts[:2] == [4, 20]:
        parts[:2] = [80]
    return str(sum(parts))
