"""The character encoding of a text file, found from its bytes, and its lines in constant memory."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from charset_normalizer import from_bytes

from fanal.errors import ImporterError

LINE = 4 << 20  # characters; a longer line is no line of text
CHUNK = 1 << 20
SAMPLE = 256 * 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What programs in western Europe wrote before UTF-8: Windows, old Macs, DOS.
_LEGACY = ["cp1252", "mac_roman", "cp850"]
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")


class Encoding(NamedTuple):
    """A codec, and whether some bytes are not in it and are read as U+FFFD."""

    codec: str
    damaged: bool = False


def find_encoding(stream: BinaryIO, whole: bool = True) -> Encoding:
    """Find how a stream's text is encoded; reads all of it once, or only its start.

    A byte-order mark decides; else UTF-8 if every byte fits; else UTF-8 with damage if most of
    what is not ASCII fits; else the likeliest older encoding of French and English files.
    """
    stream.seek(0)
    start = stream.read(SAMPLE)
    for mark, codec in _BOMS:
        if start.startswith(mark):
            return Encoding(codec)
    if wide := _wide(start):
        return Encoding(wide)
    decoder = codecs.getincrementaldecoder("utf-8")()
    chunk = start
    while chunk:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            return _other(chunk)
        chunk = stream.read(CHUNK) if whole else b""
    if whole and decoder.getstate()[0]:
        return Encoding("utf-8", damaged=True)  # cut in the middle of a character
    return Encoding("utf-8")


def _wide(start: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes: every second one in western text."""
    pairs = start[:4096]
    half = len(pairs) // 2
    if half < 4:
        return None
    even, odd = pairs[0 : half * 2 : 2].count(0), pairs[1 : half * 2 : 2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _other(chunk: bytes) -> Encoding:
    characters = _MULTIBYTE.findall(chunk)
    stray = len(_HIGH.findall(chunk)) - sum(map(len, characters))
    if len(characters) > stray:
        return Encoding("utf-8", damaged=True)
    best = from_bytes(chunk[:SAMPLE], cp_isolation=_LEGACY).best()
    return Encoding(best.encoding if best else "cp1252", damaged=best is None)


def lines_of(stream: BinaryIO, encoding: Encoding, limit: int = LINE) -> Iterator[str]:
    """Yield the lines of a stream from its start, with their ends (\\n, \\r\\n or \\r).

    Raises:
        ImporterError: a line is longer than `limit` characters, or the bytes end too early.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding.codec, errors="replace", newline="")
    try:
        number = 0
        while line := text.readline(limit):
            number += 1
            if len(line) >= limit:
                raise ImporterError(
                    f"a line is longer than {limit >> 20} Mi characters",
                    where=f"line {number}",
                    do="check that this is a text file, and export it again",
                )
            yield line
    finally:
        if not stream.closed:
            text.detach()


def decode(content: bytes) -> str:
    """Return a small text file's content with line ends as \\n and without NUL characters."""
    codec = find_encoding(io.BytesIO(content)).codec
    text = content.decode(codec, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
