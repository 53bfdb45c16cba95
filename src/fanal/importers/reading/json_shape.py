"""What a JSON file looks like from its first bytes, and JSON that no fast reader takes."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, cast

import ijson

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.reading.archives import SNIFF, head, open_input
from fanal.importers.reading.encodings import encoding_of
from fanal.importers.reading.json_blocks import repaired

if TYPE_CHECKING:
    from typing_extensions import Buffer

JSON_ERRORS = (ijson.JSONError, ValueError, RecursionError, MemoryError)
_DEEPEST = 5
NESTED = 200  # levels; exports have a dozen, and what a parser keeps grows with their square
LONGEST_TEXT = 8 << 20  # bytes
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
# ijson's C parser crashes where Python refuses to make an integer of so many digits
_LONG_NUMBER = re.compile(rb"[0-9]{64}")
_STEP = {0x5B: 1, 0x7B: 1, 0x5D: -1, 0x7D: -1}


@dataclass(slots=True)
class Shape:
    """Keys by the prefix of the object that holds them, and the first value of each scalar."""

    keys: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)

    def at(self, prefix: str) -> set[str]:
        """Return the keys of the objects at a prefix such as `messages.item`."""
        return self.keys.get(prefix, set())


def shape_of(path: File) -> Shape:
    """Return the shape of a JSON file's first bytes, an empty one if it is not JSON."""
    shape = Shape()
    content = head(path, SNIFF)
    if not content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith((b"{", b"[")):
        return shape
    text = content.decode(encoding_of(content), "replace").lstrip("\ufeff")
    content = repaired(text.encode("utf-8", "replace"))
    sizes = (SNIFF, SNIFF // 8, SNIFF // 64)  # less of it, where the rest is nested too deep
    size = next((size for size in sizes if _Nesting().allows(content[:size])), 0)
    with suppress(*JSON_ERRORS):  # the head ends in the middle: `extract` reads the rest
        for prefix, event, value in ijson.parse(io.BytesIO(content[:size])):
            if prefix.count(".") > _DEEPEST:
                continue
            if event == "map_key":
                shape.keys.setdefault(prefix, set()).add(value)
            elif event in ("string", "number", "boolean"):
                shape.values.setdefault(prefix, value)
    return shape


@contextmanager
def json_stream(path: File) -> Iterator[BinaryIO]:
    """Open a JSON file of any Unicode encoding as UTF-8 with its escapes repaired.

    Raises:
        ImporterError: it cannot be read, or holds a string larger than any record.
    """
    with open_input(path) as stream:
        encoding = encoding_of(stream.read(SNIFF))
    with open_input(path) as stream:
        yield cast(BinaryIO, io.BufferedReader(_Repaired(stream, encoding), SNIFF))


class _Repaired(io.RawIOBase):
    """A stream turned into JSON that parsers take, as far as bytes can be repaired one by one."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._held = b""
        self._ready = b""
        self._unquoted = 0
        self._depth = _Nesting()
        self._first = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        while not self._ready:
            chunk = self._stream.read(SNIFF)
            self._ready = self._next(chunk)
            if not chunk:
                break
        view = memoryview(buffer)
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _next(self, chunk: bytes) -> bytes:
        text = self._decoder.decode(chunk, final=not chunk)
        if self._first and text:
            self._first = False
            text = text.removeprefix("\ufeff")
        content = self._held + text.encode("utf-8", "replace")
        self._unquoted = 0 if b'"' in content else self._unquoted + len(content)
        if self._unquoted > LONGEST_TEXT:
            raise ImporterError(
                f"a text is larger than {LONGEST_TEXT >> 20} MiB",
                do="the file is damaged: export it again",
            )
        keep = len(content) if not chunk else _before_escape(content)
        self._held = content[keep:]
        ready = repaired(content[:keep])
        if not self._depth.allows(ready):
            raise ImporterError(
                f"the JSON is nested deeper than {NESTED} levels, or holds a number without end",
                do="the file is damaged: export it again",
            )
        return ready


class _Nesting:
    """What a parser cannot bear, looked for from piece to piece: deep nesting, endless numbers."""

    def __init__(self) -> None:
        self._level = 0
        self._open = b""  # a string that goes on in the next piece

    def allows(self, content: bytes) -> bool:
        """Say whether a piece can be parsed."""
        outside = _STRING.sub(b"", self._open + content)
        start = outside.find(b'"')
        self._open = b'"' if start >= 0 else b""
        if start >= 0 and outside.endswith(b"\\"):
            self._open = b'"\\'
        outside = outside[:start] if start >= 0 else outside
        if _LONG_NUMBER.search(outside):
            return False
        brackets = outside.translate(None, _NOT_BRACKETS)
        for bracket in brackets:
            self._level += _STEP[bracket]
            if self._level > NESTED:
                return False
        return True


def _before_escape(content: bytes) -> int:
    """Return where to cut so that no escape is cut: before the last run of backslashes, if near."""
    last = content.rfind(b"\\", max(0, len(content) - 4))
    if last < 0:
        return len(content)
    while last > 0 and content[last - 1] == 0x5C:
        last -= 1
    return last


_SURROGATE = re.compile("[\ud800-\udfff]")


def whole_characters(text: str) -> str:
    """Return a text in which halves of surrogate pairs, which cannot be stored, are replaced."""
    return _SURROGATE.sub("\ufffd", text) if _SURROGATE.search(text) else text


def records_of(path: File, prefix: str) -> Iterator[tuple[int, object]]:
    """Yield the number and the value of each element of an array, in constant memory.

    Raises:
        ImporterError: the JSON is damaged; says from which record on.
    """
    record = 0
    try:
        with json_stream(path) as stream:
            for value in ijson.items(stream, prefix, use_float=True):
                record += 1
                yield record, value
    except JSON_ERRORS as error:
        raise ImporterError(
            f"the JSON is damaged ({type(error).__name__})",
            where=f"record {record + 1}",
            do="export or copy it again",
        ) from None
