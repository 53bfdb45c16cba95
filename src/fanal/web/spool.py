"""An upload on its way to the door: encrypted while it waits, and gone with whoever holds it.

The file has no name in any folder from the moment it is opened, so that nothing stays behind
however the process ends; its key is in memory only.
"""

from __future__ import annotations

import io
import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Literal, cast

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from fanal.errors import ConfigError

BLOCK = 16
BUFFER = 1 << 20
LARGEST = 4 << 30  # bytes of one upload
PSEUDONYMS = "pseudonyms"  # field of a table that is used while files are read


@dataclass(frozen=True, slots=True, repr=False)
class Spool:
    """A file that importers can read (`fanal.importers.base.File`)."""

    fd: int
    key: bytes
    size: int
    name: str  # as the person called it: may name somebody; shown while reading, never stored
    field: str = ""  # of the form that it came in

    @property
    def stem(self) -> str:
        """Name without its ending."""
        return PurePath(self.name).stem

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """Open for reading from the start; several may read at once."""
        return cast(BinaryIO, io.BufferedReader(_Reader(self), BUFFER))

    def close(self) -> None:
        """Let go of the file: its bytes are gone."""
        os.close(self.fd)

    def __repr__(self) -> str:
        return f"Spool({self.size} bytes)"


class _Reader(io.RawIOBase):
    """Reads and deciphers from any place on."""

    def __init__(self, spool: Spool) -> None:
        self._spool, self._at = spool, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._spool.size}[whence]
        if start + offset < 0:
            raise ValueError("before the start")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        first = self._at - self._at % BLOCK
        sealed = os.pread(self._spool.fd, self._at - first + len(view), first)
        plain = _cipher(self._spool.key, first).decryptor().update(sealed)[self._at - first :]
        view[: len(plain)] = plain
        self._at += len(plain)
        return len(plain)


def _cipher(key: bytes, offset: int) -> Cipher[modes.CTR]:
    """Return AES in counter mode from a block on; the key is used for one file only."""
    return Cipher(algorithms.AES(key), modes.CTR((offset // BLOCK).to_bytes(BLOCK)))


class Writer:
    """A spool while it is being filled."""

    def __init__(self, folder: Path, name: str, field: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.fd, path = tempfile.mkstemp(dir=folder)
        Path(path).unlink()
        self.key, self.size, self.name, self.field = secrets.token_bytes(32), 0, name, field
        self._seal = _cipher(self.key, 0).encryptor()

    def write(self, content: bytes) -> None:
        self.size += len(content)
        if self.size > LARGEST:
            raise ConfigError("the file is too large", allowed=f"{LARGEST >> 30} GiB",
                              do="bring it in with: fanal ingest")  # fmt: skip
        sealed = memoryview(self._seal.update(content))
        while sealed:
            sealed = sealed[os.write(self.fd, sealed) :]

    def done(self) -> Spool:
        """Return what was written, to be read."""
        return Spool(self.fd, self.key, self.size, self.name, self.field)


async def receive(content_type: str, chunks: AsyncIterator[bytes], folder: Path) -> list[Spool]:
    """Return the files of a multipart form, never on a disk in clear.

    Raises:
        ConfigError: it is no such form, or a file is too large.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise ConfigError("no file was sent", do="choose a file")
    form = _Form(folder)
    try:
        parser = MultipartParser(options[b"boundary"], form.callbacks())
        async for chunk in chunks:
            parser.write(chunk)
        parser.finalize()
    except ConfigError:
        form.drop()
        raise
    except (FormParserError, ClientDisconnect) as error:
        form.drop()
        raise ConfigError(
            f"the upload was cut short ({type(error).__name__})", do="send it again"
        ) from None
    return form.spools


class _Form:
    """Collects the files of a form as its parser meets them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spools: list[Spool] = []
        self._writer: Writer | None = None
        self._field, self._value = b"", b""
        self._headers: dict[bytes, bytes] = {}

    def callbacks(self) -> Any:
        return {
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._on_header,
            "on_headers_finished": self._on_headers,
            "on_part_data": self._on_data,
            "on_part_end": self._on_end,
        }

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header(self) -> None:
        self._headers[self._field.lower()] = self._value
        self._field, self._value = b"", b""

    def _on_headers(self) -> None:
        _, options = parse_options_header(self._headers.pop(b"content-disposition", b""))
        name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._headers.clear()
        field = options.get(b"name", b"").decode("utf-8", "replace")
        self._writer = Writer(self.folder, name[:255], field) if name else None

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._writer:
            self._writer.write(data[start:end])

    def _on_end(self) -> None:
        if self._writer:
            self.spools.append(self._writer.done())
            self._writer = None

    def drop(self) -> None:
        """Let go of everything that came so far."""
        for spool in self.spools:
            spool.close()
        if self._writer:
            os.close(self._writer.fd)
