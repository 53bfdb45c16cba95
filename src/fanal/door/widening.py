"""A pattern of `re` as one for the first look: it finds at least as much, in one byte a character.

The first look reads a whole batch as bytes, one for each character: plain letters, figures and
signs as they are, letters with accents without them, each sign that a pattern names by a byte of
its own, other letters and other signs by two. Texts begin and end with 0. What a pattern says of
the characters around it is kept at its edges and left out elsewhere: that only finds more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import numpy.typing as npt

from fanal.door.normalise import cased

_LETTER, _SIGN = 0xFE, 0xFF  # of no alphabet that a pattern names
_FIRST = 0x80  # of the bytes for signs that patterns name
# Where letters, figures and signs lie that are read one by one; all others are letters.
_READ = (range(0x3000), range(0xA640, 0xAC00), range(0xF900, 0x10000), range(0x1D400, 0x1D800),
         range(0x1F000, 0x1FB00))  # fmt: skip
_BLANK = 0x0B  # the byte of what is blank and has no plain sign
_EVERY = frozenset(range(1, 256))
_FOLDED = _EVERY - frozenset(range(ord("A"), ord("Z") + 1))
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_AROUND = (op.ASSERT, op.ASSERT_NOT, op.AT)
_BACK = 8  # characters that a group named again has at most

_Table = npt.NDArray[np.uint8]
_Tree = Sequence[tuple[Any, Any]]


class Alphabet:
    """The bytes that stand for characters."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        """Give each sign that a pattern names a byte of its own.

        Raises:
            ValueError: they name too many.
        """
        trees = [_parser.parse(pattern.pattern, pattern.flags) for pattern in patterns]
        named = sorted({code for tree in trees for code in _named(tree) if code > 0x7F})
        named = [code for code in named if _plain()[code] >= _LETTER]
        if len(named) > _LETTER - _FIRST:
            raise ValueError(f"{len(named)} signs, {_LETTER - _FIRST} at most")
        self.table = _plain().copy()
        self.table[named] = np.arange(_FIRST, _FIRST + len(named), dtype=np.uint8)

    def bytes_of(self, joined: str) -> bytes:
        """Return texts, joined by NUL, as the bytes that patterns are looked for in."""
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        found: _Table = self.table[codes]
        return found.tobytes()

    def widened(self, pattern: re.Pattern[str], *, capitals: bool = False) -> bytes:
        """Return a pattern of hyperscan that finds what this one does, in `bytes_of` a text.

        Without `capitals` it is to be compiled caseless.
        """
        tree = _parser.parse(pattern.pattern, pattern.flags)
        return _Writer(self.table, _EVERY if capitals else _FOLDED).sequence(
            tree, edges=(True, True)
        )


@cache
def _plain() -> _Table:
    """Return the bytes of all code points as long as no pattern names a sign."""
    table = np.full(0x110000, _LETTER, dtype=np.uint8)
    codes = [code for block in _READ for code in block]
    for code, view in zip(codes, cased("".join(map(chr, codes))), strict=True):
        if view < "\x80":
            table[code] = ord(view)
        elif view.isspace():
            table[code] = _BLANK
        elif not view.isalnum():
            table[code] = _SIGN
    return table


def _named(tree: Any) -> Iterator[int]:
    """Yield the code points that a pattern names one by one."""
    for kind, value in tree:
        if kind in (op.LITERAL, op.NOT_LITERAL):
            yield value
        elif kind is op.IN:
            yield from _named(value)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from _named(branch)
        elif kind in _REPEATS:
            yield from _named(value[2])
        elif kind is op.SUBPATTERN:
            yield from _named(value[3])
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from _named(value[1])
        elif kind is op.ATOMIC_GROUP:
            yield from _named(value)


def _may_be_empty(item: tuple[Any, Any]) -> bool:
    kind, value = item
    if kind in _REPEATS:
        return value[0] == 0 or all(map(_may_be_empty, value[2]))
    if kind is op.SUBPATTERN:
        return all(map(_may_be_empty, value[3]))
    if kind is op.BRANCH:
        return any(all(map(_may_be_empty, branch)) for branch in value[1])
    return kind is op.AT


class _Writer:
    """Writes a parsed pattern anew; `every` are the bytes that may stand in a text."""

    def __init__(self, table: _Table, every: frozenset[int]) -> None:
        self._table = table
        self._every = every

    def sequence(self, tree: _Tree, edges: tuple[bool, bool] = (False, False)) -> bytes:
        items = list(tree)
        first, last = edges
        while last and len(items) > 1 and _may_be_empty(items[-1]):
            items.pop()
        ends = len(items) - 1
        return b"".join(
            self._item(kind, value, (first and at == 0, last and at == ends))
            for at, (kind, value) in enumerate(items)
        )

    def _item(self, kind: Any, value: Any, edges: tuple[bool, bool]) -> bytes:
        if kind in _AROUND:
            return self._around(kind, value, edges)
        if kind in _REPEATS:
            least, most, inner = value
            inside = self.sequence(inner)
            return b"(?:%b){%d,%b}" % (inside, least, _most(most)) if inside else b""
        if kind is op.SUBPATTERN:
            if value[1] & re.IGNORECASE:
                return b"(?i:%b)" % _Writer(self._table, _FOLDED).sequence(value[3], edges)
            return b"(?:%b)" % self.sequence(value[3], edges)
        if kind is op.BRANCH:
            return b"(?:%b)" % b"|".join(self.sequence(each, edges) for each in value[1])
        if kind is op.ATOMIC_GROUP:
            return b"(?:%b)" % self.sequence(value)
        if kind is op.GROUPREF:
            return rb"[^\x00]{0,%d}" % _BACK
        return _written(self._set(kind, value))

    def _around(self, kind: Any, value: Any, edges: tuple[bool, bool]) -> bytes:
        """Return what looks around: a character more at an edge, else nothing."""
        if kind is op.AT or not edges[0 if value[0] < 0 else 1]:
            return b""
        if kind is op.ASSERT:
            return self.sequence(value[1], (False, value[0] > 0))
        if len(value[1]) != 1 or value[1][0][0] not in (op.IN, op.LITERAL):
            return b""
        return _written(self._but(self._set(*value[1][0])) | {0})

    def _set(self, kind: Any, value: Any) -> frozenset[int]:
        """Return the bytes of the characters that one element of a pattern stands for."""
        if kind is op.IN:
            parts = [self._set(*each) for each in value if each[0] is not op.NEGATE]
            found = frozenset[int]().union(*parts)
            if value[0][0] is not op.NEGATE:
                return found
            classes = [self._set(*each) for each in value if each[0] is op.CATEGORY]
            return self._but(found, sure=frozenset[int]().union(*classes))
        if kind is op.CATEGORY:
            return self._category(value)
        if kind is op.ANY:
            return self._but(frozenset({ord("\n")}))
        if kind is op.NOT_LITERAL:
            return self._but(self._codes(value, value))
        if kind in (op.LITERAL, op.RANGE):
            return self._codes(*(value if kind is op.RANGE else (value, value)))
        raise ValueError(f"the first look knows no {kind}")

    def _codes(self, first: int, last: int) -> frozenset[int]:
        return frozenset(np.unique(self._table[first : last + 1]).tolist()) - {0}

    def _category(self, name: Any) -> frozenset[int]:
        """Return the bytes of letters, figures, blanks, or of all but those."""
        of = {
            op.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
            op.CATEGORY_DIGIT: str.isdecimal,
            op.CATEGORY_SPACE: str.isspace,
        }
        negated = {
            op.CATEGORY_NOT_WORD: op.CATEGORY_WORD,
            op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT,
            op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE,
        }
        plain = negated.get(name, name)
        found = frozenset(code for code in range(1, _FIRST) if of[plain](chr(code)))
        if plain is op.CATEGORY_WORD:
            found |= {_LETTER}
        return self._every - found if name in negated else found & self._every

    def _but(self, found: frozenset[int], sure: frozenset[int] = frozenset()) -> frozenset[int]:
        """Return the other bytes; those of many characters stay, they may be another of them."""
        return self._every - found | ({_LETTER, _SIGN} - sure)


def _most(count: Any) -> bytes:
    return b"" if count is op.MAXREPEAT else b"%d" % count


def _written(found: frozenset[int]) -> bytes:
    """Return a class of bytes, as short as can be."""
    codes = sorted(found)
    if len(codes) == 1:
        return _sign(codes[0])
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return b"[%b]" % b"".join(
        _sign(one) if one == two else b"%b-%b" % (_sign(one), _sign(two)) for one, two in runs
    )


def _sign(code: int) -> bytes:
    return bytes([code]) if code < _FIRST and chr(code).isalnum() else b"\\x%02x" % code
