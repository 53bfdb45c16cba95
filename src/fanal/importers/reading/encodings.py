"""Which encoding a text file is in, found from its bytes, and its lines in constant memory."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from charset_normalizer import from_bytes

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.reading.archives import open_input

LINE = 4 << 20  # characters; a longer line is no line of text
CHUNK = 1 << 20
SAMPLE = 256 << 10

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# one byte a letter, in the order in which French and English users have them, then the multi-byte
# ones that charset-normalizer tells apart well; it guesses widely if it may choose from all
_LEGACY = ["cp1252", "latin_1", "mac_roman", "cp850", "cp1250", "cp1251", "cp1254", "cp1256"]
_LEGACY += ["gb18030", "big5", "shift_jis", "euc_kr"]
# what French and English texts have beyond ASCII; the same bytes are rare signs in other encodings
_WESTERN = frozenset(
    "éèêëàâäçùûüîïôöœæÿÉÈÊËÀÂÄÇÙÛÜÎÏÔÖŒÆŸ’‘“”«»…–—€£§°²³½¼¾·•µ±×©®™ñáíóú\u00a0\u00ad"
)
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_OFTEN = {"é": 6, "à": 4, "è": 3, "ê": 2, "ç": 2, "ù": 1, "ô": 1, "î": 1, "û": 1, "â": 1, "’": 3}
_ALONE = re.compile(r"(?<![\w’'])[^\W\d_\x00-\x7f](?![\w’'])")
_HIGH = re.compile(rb"[\x80-\xff]")


class Encoding(NamedTuple):
    """A codec, and whether some bytes are not in it."""

    codec: str
    damaged: bool = False

    @property
    def errors(self) -> str:
        """How stray bytes are read: in UTF-8 as Windows-1252, which they nearly always are."""
        return "fanal-windows" if self.codec.startswith("utf-8") else "replace"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", "replace"), error.end


codecs.register_error("fanal-windows", _as_windows)


def find_encoding(stream: BinaryIO, whole: bool = True) -> Encoding:
    """Find how a stream's text is encoded; reads all of it once, or only its start.

    A byte-order mark decides; else UTF-8 if every byte fits; else UTF-8 with damage if most of
    what is not ASCII fits; else the likeliest older encoding of French and English files.
    """
    stream.seek(0)
    chunk = stream.read(SAMPLE)
    for mark, codec in _MARKS:
        if chunk.startswith(mark):
            return Encoding(codec)
    if wide := _wide(chunk):
        return Encoding(wide)
    decoder = codecs.getincrementaldecoder("utf-8")()
    while chunk:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            return _other(chunk)
        chunk = stream.read(CHUNK) if whole else b""
    # whole and undecided bytes left: cut in the middle of a character
    return Encoding("utf-8", damaged=whole and bool(decoder.getstate()[0]))


def _wide(start: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes: every second one in western text."""
    units = min(len(start), 4096) // 2
    even, odd = start[: 2 * units : 2].count(0), start[1 : 2 * units : 2].count(0)
    if units < 4 or max(even, odd) < 0.4 * units or min(even, odd) > 0.1 * units:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _other(chunk: bytes) -> Encoding:
    stray = len(_HIGH.findall(_SEQUENCE.sub(b"", chunk[:-3] if len(chunk) > 3 else chunk)))
    older = {codec: chunk[:SAMPLE].decode(codec) for codec in ("mac_roman", "cp850")}
    likely = {codec: _french(text) for codec, text in older.items() if _is_western(text)}
    likely = {codec: score for codec, score in likely.items() if score > 0}
    if stray <= len(_SEQUENCE.findall(chunk)) and not likely:
        return Encoding("utf-8", damaged=True)
    with suppress(UnicodeDecodeError):
        if _is_western(chunk[:SAMPLE].decode("cp1252")):
            return Encoding("cp1252")
    if likely:
        return Encoding(max(likely, key=lambda codec: likely[codec]))
    best = from_bytes(chunk[:SAMPLE], cp_isolation=_LEGACY).best()
    return Encoding(best.encoding if best else "cp1252", damaged=best is None)


def _is_western(text: str) -> bool:
    return all(c < "\x80" or c in _WESTERN for c in text)


def _french(text: str) -> int:
    """Return how much the letters of a text with few accents are those of French."""
    letters = Counter(c for c in text if c > "\x7f")
    alone = Counter(_ALONE.findall(text))
    often = sum(_OFTEN.get(letter, 0) * count for letter, count in letters.items())
    return often - 10 * sum(count for letter, count in alone.items() if letter not in "àÀÉ")


def encoding_of(content: bytes) -> str:
    """Return the name of the encoding of a text's first bytes."""
    return find_encoding(io.BytesIO(content), whole=False).codec


def lines_of(stream: BinaryIO, encoding: Encoding, limit: int = LINE) -> Iterator[str]:
    """Yield the lines of a stream from its start, with their ends (\\n, \\r\\n or \\r).

    Raises:
        ImporterError: a line is longer than `limit` characters.
    """
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding.codec, encoding.errors, newline="")
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


def bounded_lines(path: File) -> Iterator[str]:
    """Yield the lines of a text file without their ends and without NUL characters.

    Raises:
        ImporterError: the file cannot be opened, or a line is longer than any line of text.
    """
    with open_input(path) as stream:
        for line in lines_of(stream, find_encoding(stream, whole=False)):
            yield line.rstrip("\r\n").replace("\0", "")


def decode(content: bytes) -> str:
    """Return a small text file's content with line ends as \\n and without NUL characters."""
    encoding = find_encoding(io.BytesIO(content))
    text = content.decode(encoding.codec, encoding.errors)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
