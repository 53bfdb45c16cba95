"""Texts as one buffer of bytes to scan, one byte a code point (a letter, a digit, or a blank).

A position in the buffer *is* a code point of the document: no offset map is needed, and it costs
less than the scan. It goes further than the fold, which keeps punctuation. Expects NFC text without
zero-width characters, which is what the door lets through.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fanal.text.folding import LOOKALIKES, fold

Ints = npt.NDArray[np.int64]
Buffer = npt.NDArray[np.uint8]

# What `views` writes: a–z and 0–9 stand for themselves.
BLANK = 0x20
END = 0x00  # between two documents
HIDDEN = 0x01  # the elided letter of "c'est", the "s" of "it's": no word of their own
INSIDE = {"@": 0x0E, "$": 0x0F, "*": 0x10, "!": 0x11}  # for a letter inside a word: "c@ke"
LETTER = 0x7F  # a letter or mark outside a–z: part of a word, never equal to a letter of a term
# Written first, then settled by what stands beside them.
_APOSTROPHE = 0x12
_UNSETTLED = INSIDE | {"'": _APOSTROPHE}
_DOLLAR, _FIRST = INSIDE["$"], min(INSIDE.values())


@cache
def _bytes_table() -> Buffer:
    """Return code point → byte of the view."""
    out = np.full(0x110000, BLANK, np.uint8)
    # Letters and marks: outside the ranges below, everything is a sign or a blank.
    for point in (*range(0x80), *range(0xA0, 0x20000)):
        char = chr(point)
        category = unicodedata.category(char)
        if category in ("Cn", "Co", "Cs"):
            continue  # nothing, or nobody's
        if category == "Lo" and char not in LOOKALIKES and not unicodedata.decomposition(char):
            out[point] = LETTER  # the hundred thousand of other scripts, which no fold changes
            continue
        char = fold(char)
        if char.isascii() and char.isalnum():
            out[point] = ord(char)
        elif char in _UNSETTLED:
            out[point] = _UNSETTLED[char]
        elif char.isalpha() or unicodedata.category(char) in ("Mn", "Mc"):
            out[point] = LETTER
    out[0] = END
    out[0x20000:0x33000] = LETTER
    for low, high in ((0xFE00, 0xFE10), (0xE0100, 0xE01F0)):  # variation selectors are no letters
        out[low:high] = BLANK
    out[0x20E3] = BLANK  # the box of a key-cap
    return out


@dataclass(frozen=True, slots=True)
class View:
    """Some documents as one buffer to scan: a blank before and after each, `END` between.

    `start[i]` is where document `first + i` begins; a position minus that is a code point of it.
    `points` and `where` are the characters outside ASCII and the dollars, in order: emoji and
    currency signs are found there.
    """

    first: int
    buffer: Buffer
    start: Ints
    where: Ints
    points: Ints

    def document(self, at: Ints) -> Ints:
        """Return which document of the view (from 0) each position falls in."""
        return np.searchsorted(self.start, at, side="right") - 1


def texts_of(texts: Any) -> pa.LargeStringArray:
    """Return a column of text (Arrow array or chunked array, Polars series, list) as one array."""
    if hasattr(texts, "to_arrow"):
        texts = texts.to_arrow()
    if not isinstance(texts, (pa.Array, pa.ChunkedArray)):
        texts = pa.array(texts, pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = pa.concat_arrays(texts.chunks) if texts.num_chunks else pa.array([], texts.type)
    return texts.cast(pa.large_string())


# Small enough that the arrays of a view stay in the cache; larger ones were slower.
LIMIT = 2 << 20


def views(texts: pa.LargeStringArray, limit: int = LIMIT) -> Iterator[View]:
    """Yield the documents in views of at most `limit` bytes (one long document may be more)."""
    if not len(texts):
        return
    sizes = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(sizes.astype(np.int64) + 3)
    low = 0
    while low < len(texts):
        before = ends[low - 1] if low else 0
        high = max(low + 1, int(np.searchsorted(ends, before + limit, side="right")))
        yield _view(texts.slice(low, high - low), low)
        low = high


_CONTINUATION = bytes(range(0x80, 0xC0))


@cache
def _ascii() -> bytes:
    return bytes(_bytes_table()[:0x80]) + bytes([LETTER]) * 0x80


def _view(texts: pa.LargeStringArray, first: int) -> View:
    joined = pc.binary_join(
        pa.LargeListArray.from_arrays(
            pa.array([0, len(texts)], pa.int64()), pc.fill_null(texts, "")
        ),
        pa.scalar(" \0 ", pa.large_string()),
    )[0].as_buffer()
    raw = bytearray(joined.size + 2)
    raw[0] = raw[-1] = BLANK
    raw[1:-1] = memoryview(joined)
    lengths = pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False)
    start = np.empty(len(texts), np.int64)
    start[0] = 1
    np.cumsum(lengths[:-1].astype(np.int64) + 3, out=start[1:])
    start[1:] += 1
    # One byte a code point: continuation bytes go, and the lead bytes that stay are written over.
    buffer = np.frombuffer(raw.translate(_ascii(), _CONTINUATION), np.uint8)
    where, points = _outside_ascii(np.frombuffer(raw, np.uint8))
    buffer[where] = _bytes_table()[points]
    unsettled = np.flatnonzero(buffer - np.uint8(_FIRST) <= _APOSTROPHE - _FIRST)
    sign = buffer[unsettled]
    _hide_elisions(buffer, unsettled[sign == _APOSTROPHE])
    _keep_signs_inside(buffer, unsettled[sign != _APOSTROPHE])
    dollars = np.setdiff1d(unsettled[sign == _DOLLAR], where, assume_unique=True)
    if len(dollars):
        order = np.argsort(np.concatenate([where, dollars]), kind="stable")
        where = np.concatenate([where, dollars])[order]
        points = np.concatenate([points, np.full(len(dollars), ord("$"))])[order]
    return View(first, buffer, start, where, points)


def _outside_ascii(raw: Buffer) -> tuple[Ints, Ints]:
    """Return position (in code points) and code point of each character outside ASCII."""
    at = np.flatnonzero(raw >= 0xC0)
    lead = raw[at].astype(np.int64)
    extra = 1 + (lead >= 0xE0) + (lead >= 0xF0)  # continuation bytes of each
    point = lead & np.array([0, 0x1F, 0x0F, 0x07])[extra]
    for step in (1, 2, 3):
        more = extra >= step
        point[more] = (point[more] << 6) | (raw[at[more] + step] & 0x3F)
    return at - (np.cumsum(extra) - extra), point


def _is_word(buffer: Buffer) -> npt.NDArray[np.bool_]:
    return buffer > 0x2F


def _hide_elisions(buffer: Buffer, at: Ints) -> None:
    """Blank the apostrophes; hide the letters that they cut off, which are no words."""
    before, after = _is_word(buffer[at - 1]), _is_word(buffer[at + 1])
    one = before & ~_is_word(buffer[at - 2]) & after
    last = before & after & ~one & ~_is_word(buffer[np.minimum(at + 2, len(buffer) - 1)])
    buffer[at[one] - 1] = HIDDEN
    buffer[at[last] + 1] = HIDDEN
    buffer[at] = BLANK


def _keep_signs_inside(buffer: Buffer, at: Ints) -> None:
    """Keep @ * $ ! where they stand for a letter; elsewhere they are blanks."""
    left, right = buffer[at - 1], buffer[at + 1]
    letter = (left >= 0x61) & (left <= 0x7A)
    first = (left == BLANK) & (buffer[at] == _DOLLAR)
    inside = (right >= 0x61) & (right <= 0x7A) & (letter | first)
    buffer[at[~inside]] = BLANK
