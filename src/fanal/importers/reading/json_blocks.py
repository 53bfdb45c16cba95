"""Large JSON exports cut into blocks of whole records without parsing them twice.

Exporters write one key or brace a line, and a JSON string cannot hold a raw line break: a line
break, the indentation of the records and `}` can only be the end of a record. Cutting there is
a byte search, so a file is read in constant memory at the speed of the typed decoder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from fanal.errors import ImporterError

CHUNK = 1 << 20
LARGEST = 32 << 20  # a longer record is damage: platforms cap texts at kilobytes
HEADER = 64 << 10  # what precedes an array and may hold its owner's name, type and id

_ARRAY = re.compile(rb'\n([ \t]*)"messages"[ \t]*:[ \t]*\[')
_FIRST = re.compile(rb"\s*(?:(\])|\{)")
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Owner:
    """The object that holds an array of records: its scalars, and where it stands."""

    root: bool  # the array is a key of the file's root
    section: str  # key of the root that it stands under; "messages" for the root itself
    fields: dict[str, object]
    first: int  # number of its first record


@dataclass(slots=True)
class Tally:
    """The number of the next record. Who decodes a block counts it: that is cheaper than here."""

    record: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records of one owner, as they stand in the file."""

    owner: Owner
    start: int  # byte in the file
    separator: bytes
    content: bytes

    def count(self) -> int:
        """Return the number of records without decoding them."""
        return self.content.count(self.separator + b",") + 1


class OddShape(Exception):  # noqa: N818 - not an error: another way of reading follows
    """The file is not laid out one key a line."""


def repaired(content: bytes) -> bytes:
    r"""Return JSON in which escapes such as `\x0B`, which are none of JSON's, are `\u000B`."""
    if b"\\x" not in content:
        return content
    return _ESCAPE.sub(lambda m: b"\\u00" + m[1] if m[1] else m[0], content)


def records_in(content: bytes, separator: bytes) -> list[bytes]:
    """Return the records of a block one by one, for when one of them is damaged."""
    pieces = content.split(separator + b",")
    return [piece + separator for piece in pieces[:-1]] + pieces[-1:]


def blocks(stream: BinaryIO, fields: tuple[str, ...], tally: Tally) -> Iterator[Block]:
    """Yield the records of every array called `messages`, in the order of the file.

    Raises:
        OddShape: before the first block, if the file is not laid out one key a line.
        ImporterError: the file ends early, or a record is larger than any can be.
    """
    window = _Window(stream)
    window.more()
    opening = re.match(rb'\{(\r?\n)([ \t]+)"', window.content)
    if not opening:
        raise OddShape
    window.line_end, unit = opening.groups()
    section_key = re.compile(rb"\n" + unit + rb'"(\w+)"[ \t]*:')
    section = ""
    while True:
        found = _ARRAY.search(window.content, window.at)
        before = window.content[window.at : found.start() + 1 if found else None]
        for key in section_key.finditer(before):
            section = key[1].decode()
        if not found:
            window.at = max(window.at, len(window.content) - HEADER)
            if not window.more():
                break
            continue
        indent = found[1]
        owner = Owner(
            root=indent == unit,
            section="messages" if indent == unit else section,
            fields=_scalars(before[-HEADER:], indent, fields),
            first=tally.record,
        )
        window.at = found.end()
        first = window.match(_FIRST)
        if not first:
            raise _ends_early(tally)
        lead = first[0][:-1]
        window.at = first.end() if first[1] else window.at + len(lead)
        if first[1]:
            continue
        if b"\n" not in lead:
            raise OddShape
        separator = b"\n" + lead.rpartition(b"\n")[2] + b"}"
        yield from _until_end(window, owner, tally, separator)
    if not window.content.rstrip().endswith(b"}"):
        raise _ends_early(tally)


def blocks_between(
    stream: BinaryIO, start: int, stop: int, owner: Owner, separator: bytes, tally: Tally
) -> Iterator[Block]:
    """Yield the records between two bytes that an earlier reading found to be ends of records."""
    stream.seek(start)
    held = b""
    left = stop - start
    while left:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            raise _ends_early(tally)
        left -= len(chunk)
        held += chunk
        cut = held.rfind(separator + b",") if left else len(held) - len(separator)
        if cut < 0:
            continue
        content = held[: cut + len(separator)]
        yield Block(owner, start, separator, content)
        held = held[cut + len(separator) + 1 :]


def _until_end(window: _Window, owner: Owner, tally: Tally, separator: bytes) -> Iterator[Block]:
    """Yield blocks up to the end of the array that the window stands in."""
    scanned = window.at
    while True:
        end = _array_end(window, separator, scanned)
        cut = end if end >= 0 else window.content.rfind(separator + b",", window.at)
        if cut >= 0:
            stop = cut + len(separator)
            content = window.content[window.at : stop]
            yield Block(owner, window.start + window.at, separator, content)
            window.at = stop if end >= 0 else stop + 1
            if end >= 0:
                return
        elif len(window.content) - window.at > LARGEST:
            raise ImporterError(
                f"a record is larger than {LARGEST >> 20} MiB",
                where=f"record {tally.record}",
                do="the file is damaged: export it again",
            )
        unscanned = len(separator) + 1  # a separator may be cut by the edge of the window
        if not window.more():
            raise _ends_early(tally)
        scanned = max(window.at, window.grown_from - unscanned)


def _array_end(window: _Window, separator: bytes, scanned: int) -> int:
    """Return where the last record of the array ends, -1 if that is not in the window."""
    mark = separator + window.line_end
    at = window.content.find(mark, scanned)
    while at >= 0 and _after(window, at + len(separator)) != b"]":
        at = window.content.find(mark, at + 1)
    return at


def _after(window: _Window, at: int) -> bytes:
    """Return the first byte after `at` that is not space, reading on if needed."""
    while True:
        rest = window.content[at : at + 4096].lstrip()
        if rest or not window.more(forget=False):
            return rest[:1]


def _scalars(before: bytes, indent: bytes, fields: tuple[str, ...]) -> dict[str, object]:
    """Return the scalars that the owner of an array gives before the array."""
    opening = before.rfind(b"{\n" + indent + b'"')
    opening = max(opening, before.rfind(b"{\r\n" + indent + b'"'))
    names = "|".join(fields).encode()
    pattern = rb"\n" + indent + rb'"(' + names + rb')"[ \t]*:[ \t]*("(?:[^"\\\n]|\\.)*"|-?\d+)'
    found: dict[str, object] = {}
    for key, value in re.findall(pattern, before[max(opening, 0) :]):
        try:
            found[key.decode()] = msgspec.json.decode(repaired(value))
        except (msgspec.DecodeError, ValueError):
            continue
    return found


def _ends_early(tally: Tally) -> ImporterError:
    return ImporterError(
        "the file ends in the middle", where=f"record {tally.record}", do="export or copy it again"
    )


class _Window:
    """The bytes of a stream that are being looked at: those before `at` are done with."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.content = b""
        self.start = 0  # byte of the stream that `content` starts at
        self.at = 0
        self.line_end = b"\n"
        self.grown_from = 0  # length of `content` before the latest reading

    def more(self, *, forget: bool = True) -> bool:
        """Read on, forgetting what is done with; say whether there was anything left."""
        chunk = self._stream.read(CHUNK)
        if not chunk:
            return False
        if forget:
            self.start += self.at
            self.content = self.content[self.at :]
            self.at = 0
            self.grown_from = len(self.content)
        self.content += chunk
        return True

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Match where the window stands, reading on if needed."""
        while not (found := pattern.match(self.content, self.at)):
            if len(self.content) - self.at > HEADER or not self.more():
                return None
        return found
