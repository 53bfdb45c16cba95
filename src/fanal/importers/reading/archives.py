"""Files and ZIP members opened for reading only: guarded, in memory, never unpacked to a disk."""

from __future__ import annotations

import io
import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Literal, cast

from fanal.errors import ImporterError
from fanal.importers.base import File

if TYPE_CHECKING:
    from typing_extensions import Buffer

MIB = 1 << 20
FREE = 32 * MIB  # below this size no ratio is asked for: small texts compress very well
RATIO = 200  # chat exports and worksheets reach 10 to 60; deflate's bombs 1,032
MEMBERS = 100_000
NESTED = 128 * MIB  # an archive within an archive is held in memory while it is read
DEPTH = 3
SNIFF = 64 * 1024

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    ArithmeticError,
    LookupError,
    RuntimeError,
)


def open_input(path: File) -> BinaryIO:
    """Open a file or an archive member for reading bytes.

    Raises:
        ImporterError: it is not there, is a folder or may not be read.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise _not_opened(error) from None


def _not_opened(error: OSError) -> ImporterError:
    return ImporterError(
        f"the file cannot be opened ({type(error).__name__})", do="check that it may be read"
    )


def head(path: File, size: int = SNIFF) -> bytes:
    """Return the first bytes of a file, enough to recognise a format; b"" if it cannot be read."""
    try:
        with open_input(path) as stream:
            return stream.read(size)
    except ImporterError:
        return b""


_OFFICE = (
    ("ppt/presentation.xml", "a presentation"),
    ("META-INF/container.xml", "an EPUB book"),
    ("[Content_Types].xml", "a document of another program"),
    ("content.xml", "a document of another program"),
    ("Index/Document.iwa", "a document of Pages, Numbers or Keynote"),
)


def is_of_office(path: File) -> str:
    """Say what a zip is that is one document and no archive of files; "" where it is none."""
    names = names_in(path)
    return next((what for part, what in _OFFICE if part in names), "")


def is_page_of(path: File, mark: bytes) -> bool:
    """Say whether a file is a page that a program wrote, by a name in its style sheet."""
    start = head(path)
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and mark in start


def read_whole(path: File, limit: int) -> bytes:
    """Return all bytes of a file that has to be read at once.

    Raises:
        ImporterError: it is larger than `limit` bytes.
    """
    with open_input(path) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise ImporterError(f"the file is larger than {limit // MIB} MiB", do="split it")
    return content


def is_zip(path: File) -> bool:
    """Say whether a file starts like a ZIP archive."""
    return head(path, 4) in (b"PK\x03\x04", b"PK\x05\x06")


def names_in(path: File) -> frozenset[str]:
    """Return the names in a ZIP archive, none if it is not one or cannot be trusted."""
    if not is_zip(path):
        return frozenset()
    try:
        with open_archive(path) as archive:
            return frozenset(archive.namelist())
    except ImporterError:
        return frozenset()


@contextmanager
def open_archive(path: File) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP archive after looking for bombs, traversal names and too many members.

    Raises:
        ImporterError: it is broken or hostile.
    """
    outermost = path
    while isinstance(outermost, Member):
        outermost = outermost.archive
    stamp: tuple[int, ...] = ()
    if isinstance(outermost, Path):
        try:
            state = outermost.stat()
        except OSError as error:
            raise _not_opened(error) from None
        stamp = (state.st_ino, state.st_size, state.st_mtime_ns)
    yield _archive(path, stamp)


# An archive of n files is asked for each of them, several times over: reading its list of members
# every time would take time that grows with the square of n.
@lru_cache(maxsize=4)
def _archive(path: File, stamp: tuple[int, ...]) -> zipfile.ZipFile:
    # a ZIP needs its end first, and a compressed stream cannot jump there
    source = path if isinstance(path, Path) else io.BytesIO(read_whole(path, NESTED))
    try:
        archive = zipfile.ZipFile(source)
    except _BROKEN as error:
        raise ImporterError(
            f"the archive is damaged ({type(error).__name__})", do="export or copy it again"
        ) from None
    size = len(source.getbuffer()) if isinstance(source, io.BytesIO) else stamp[1]
    _check(archive, size)
    return archive


def _check(archive: zipfile.ZipFile, size: int) -> None:
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        raise ImporterError(f"the archive has more than {MEMBERS:,} members", do="split it")
    total = sum(info.file_size for info in infos)
    if total > max(FREE, RATIO * size):
        raise ImporterError(
            f"the archive would unpack to more than {RATIO} times its size",
            do="bring in the files that it should hold",
        )
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            raise ImporterError(
                "the archive holds names that point outside of it", do="do not trust this file"
            )


def open_member(archive: zipfile.ZipFile, name: str) -> BinaryIO:
    """Open one member as a seekable stream that stops at bombs and damage.

    Raises:
        ImporterError: no such member, it is encrypted, or (while reading) damaged or a bomb.
    """
    try:
        info = archive.getinfo(name)
        if info.flag_bits & 1:
            raise ImporterError("the archive is encrypted", do="export it without a password")
        stream = archive.open(info)
    except KeyError:
        raise ImporterError(
            "the archive lacks a part of its format", do="export it again"
        ) from None
    except _BROKEN as error:
        raise _damaged(error) from None
    allowed = max(FREE, RATIO * info.compress_size)
    return cast(BinaryIO, io.BufferedReader(_Guarded(stream, allowed), 64 * 1024))


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Return all bytes of one member.

    Raises:
        ImporterError: as `open_member`, or it is larger than `limit` bytes.
    """
    with open_member(archive, name) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise ImporterError(f"a part of the file is larger than {limit // MIB} MiB", do="split it")
    return content


class _Guarded(io.RawIOBase):
    """A member's stream that counts what comes out and names its failures."""

    def __init__(self, stream: IO[bytes], allowed: int) -> None:
        self._stream = stream
        self._allowed = allowed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._stream.seek(offset, whence)
        except _BROKEN as error:
            raise _damaged(error) from None

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        try:
            content = self._stream.read(len(view))
        except _BROKEN as error:
            raise _damaged(error) from None
        if self._stream.tell() > self._allowed:
            raise ImporterError(
                f"a member unpacks to more than {RATIO} times its size", do="do not trust this file"
            )
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _damaged(error: Exception) -> ImporterError:
    return ImporterError(
        f"a member of the archive is damaged ({type(error).__name__})", do="export it again"
    )


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """A file inside a ZIP archive, read through the archive each time that it is opened."""

    archive: File
    path: str
    depth: int = 1

    @property
    def name(self) -> str:
        """Name without the folders."""
        return posixpath.basename(self.path)

    @property
    def stem(self) -> str:
        """Name without the folders and the ending."""
        return posixpath.splitext(self.name)[0]

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """Open for reading, through the archive."""
        with open_archive(self.archive) as archive:
            return open_member(archive, self.path)

    def __repr__(self) -> str:
        return f"Member(depth {self.depth})"  # a name may name a person


def members(path: File) -> Iterator[Member]:
    """Yield the files in a ZIP archive without unpacking any; a member may be an archive again.

    Raises:
        ImporterError: the archive is broken or hostile, or archives are nested too deep.
    """
    depth = path.depth + 1 if isinstance(path, Member) else 1
    if depth > DEPTH:
        raise ImporterError(f"archives are nested deeper than {DEPTH}", do="unpack the inner ones")
    with open_archive(path) as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
    for name in names:
        parts = name.split("/")
        if "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1] == "Thumbs.db":
            continue  # left by file browsers, never an export
        yield Member(path, name, depth)
