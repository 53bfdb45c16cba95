"""Which encoding a text file is in, found from its bytes."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

from charset_normalizer import from_bytes

from fanal.errors import ImporterError
from fanal.importers.archives import open_input
from fanal.importers.base import File

SAMPLE = 256 << 10
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# one byte a letter, in the order in which French and English users have them
_SINGLE_BYTE = ["cp1252", "latin_1", "mac_roman", "cp850", "cp1250", "cp1251", "cp1254", "cp1256"]
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")


def encoding_of(content: bytes) -> str:
    """Return the name of the encoding of a text's first bytes; UTF-8 where nothing speaks against.

    A UTF-8 text with a few stray bytes is UTF-8: `text_lines` reads those as Windows does.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
    units = max(1, min(len(content), 4096) // 2)
    if odd > 0.4 * units and even < 0.1 * units:
        return "utf-16-le"
    if even > 0.4 * units and odd < 0.1 * units:
        return "utf-16-be"
    stray = len(_HIGH.findall(_SEQUENCE.sub(b"", content[:-3] if len(content) > 3 else content)))
    if stray <= len(_SEQUENCE.findall(content)):
        return "utf-8"
    # charset-normalizer guesses widely on short texts: ask only about what people here have,
    # and about the multi-byte encodings that it tells apart well
    best = from_bytes(
        content, cp_isolation=[*_SINGLE_BYTE, "gb18030", "big5", "shift_jis", "euc_kr"]
    ).best()
    return best.encoding if best else "cp1252"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", "replace"), error.end


codecs.register_error("fanal-windows", _as_windows)


@contextmanager
def open_text(path: File) -> Iterator[io.TextIOWrapper]:
    """Open a text file of any encoding; line ends come out as a line feed.

    Stray bytes in a UTF-8 text are read as Windows-1252, which is what they nearly always are.

    Raises:
        ImporterError: the file cannot be opened.
    """
    with open_input(path) as stream:
        encoding = encoding_of(stream.read(SAMPLE))
    errors = "fanal-windows" if encoding.startswith("utf-8") else "replace"
    with open_input(path) as stream, io.TextIOWrapper(stream, encoding, errors) as text:
        yield text


LONGEST_LINE = 16 << 20


def bounded_lines(path: File, longest: int = LONGEST_LINE) -> Iterator[str]:
    """Yield the lines of a text file without their ends and without NUL.

    Raises:
        ImporterError: a line is longer than any can be, or the file cannot be read.
    """
    with open_text(path) as text:
        number = 0
        try:
            while line := text.readline(longest):
                number += 1
                if len(line) == longest:
                    raise ImporterError(
                        f"a line is longer than {longest >> 20} million characters",
                        where=f"line {number}",
                        do="the file is damaged: export it again",
                    )
                yield line.rstrip("\n").replace("\0", "")
        except UnicodeError:
            raise ImporterError(
                "the text is damaged", where=f"line {number + 1}", do="save it as UTF-8"
            ) from None
