"""Files that Fanal packs and unpacks itself: backups, and the aggregates of a site."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from fanal.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Said = TypeVar("Said", bound="DataclassInstance")


class Archive:
    """A tar file, whole or not there, readable by its owner only; with a digest of each member."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise ConfigError("the file exists already", where=path.name, do="choose another name")
        self.path, self.new = path, path.with_name(path.name + ".new")
        self.digests: dict[str, str] = {}

    def __enter__(self) -> Archive:
        self.new.unlink(missing_ok=True)
        handle = os.open(self.new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)
        return self

    def add(self, file: Path, name: str) -> None:
        with file.open("rb") as stream:
            self.digests[name] = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            self._member(name, os.fstat(stream.fileno()).st_size, stream)

    def write(self, name: str, content: bytes) -> None:
        self.digests[name] = hashlib.sha256(content).hexdigest()
        self._member(name, len(content), io.BytesIO(content))

    def _member(self, name: str, size: int, stream: Any) -> None:
        member = tarfile.TarInfo(name)  # no owner, no time: they are of no use and may name someone
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, stream)

    def __exit__(self, kind: Any, *_: object) -> None:
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            self.new.rename(self.path)
        else:
            self.new.unlink()


def extract(path: Path, folder: Path) -> None:
    """Unpack a file into a folder, for its owner only.

    Raises:
        StorageError: it is damaged, or a name in it leads out of the folder.
    """
    try:
        with tarfile.open(path) as archive:
            # The filter refuses names that lead out of the folder, links and devices.
            archive.extractall(folder, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise StorageError(
            f"not a file that Fanal packed, or a damaged one ({type(error).__name__})",
            where=path.name,
        ) from None
    for made in [folder, *folder.rglob("*")]:
        made.chmod(0o700 if made.is_dir() else 0o600)


def manifest(kind: type[Said], text: bytes | str) -> Said:
    """Return a manifest read from JSON; what it says beyond its fields is left out.

    Raises:
        KeyError: it does not say everything.
    """
    said = json.loads(text)
    return kind(**{field.name: said[field.name] for field in fields(kind)})
