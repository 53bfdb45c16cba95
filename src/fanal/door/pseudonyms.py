"""Keyed ids and pseudonyms, and the keys behind them: made, wrapped, rotated, destroyed.

What can still be linked afterwards, with everything else left on disk:

- *rotate*: everything as before; copies of the old files open only with the old master key.
- *destroy a year*: no document of that year can be linked to an author, known or not, nor the
  authors of that year to other years. Documents keep their ids, so re-imports stay duplicates.
- *lost master key*: what is stored stays readable; nothing new can be linked to it, and the same
  export would come in as new. There is no way around: that is what a master key is for.
- *restored backup*: a year destroyed since stays destroyed as long as either the marker
  `<year>.destroyed` or the present master key is in place. A backup of the whole key folder
  from before brings the year back: destroy those copies too.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock

from fanal.errors import ConfigError, StorageError
from fanal.sources import SITE, SITE_TOLD

AWAITED = "awaited"  # marks a folder whose keys lie in a backup of their own
WAITING = "review"  # folder of the keys of what waits, in no backup
BYTES = 16  # length of every id and pseudonym
_KEY = 32
_NONCE = 12
# Hexadecimal in letters that make no word and no number: the door takes them for no identifier.
_CONSONANTS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
_HEXADECIMAL = re.compile(r"[0-9a-f]{16}\Z")
_PREFIX = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|wa\.me|(?:www\.)?instagram\.com|"
    r"(?:www\.)?snapchat\.com/add|signal\.me/#p|discord\.gg|facebook\.com|tiktok\.com)/|"
    r"tg://resolve\?domain=|https?://(?:www\.)?|mailto:|tel:",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\(?\+?\d[\d\s().\-/]{7,20}\Z")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def show(identifier: bytes) -> str:
    """Return an id as people see it: 8 base-32 characters."""
    return base64.b32encode(identifier[:5]).decode("ascii").lower()


def prefix_of(shown: str) -> bytes:
    """Return the beginning of the id that is shown as these 8 base-32 characters.

    Raises:
        ConfigError: they are not an id as shown.
    """
    try:
        found = base64.b32decode(shown.strip().upper())
    except ValueError:
        found = b""
    if len(found) != 5:
        raise ConfigError("not an id as shown", allowed="8 characters of a-z and 2-7")
    return found


@lru_cache(maxsize=65_536)
def canonical(author: str, country: str = "FR") -> str:
    """Return the one spelling of an author: E.164 for numbers, else folded without @ or URL.

    `country` is the one that a national number is read in.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", author)).strip()
    text = _PREFIX.sub("", text, count=1).strip().lstrip("~@ ").rstrip("/ ")
    if _PHONE.match(text):
        try:
            number = phonenumbers.parse(text.replace("(0)", ""), country)
        except phonenumbers.NumberParseException:
            pass
        else:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return " ".join(unicodedata.normalize("NFKC", text.casefold()).split())


def read_shared(path: Path) -> bytes:
    """Return the id key of a network from the file that `KeyRing.share` wrote.

    Raises:
        ConfigError: there is none in the file.
    """
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != _KEY:
        raise ConfigError(
            "no id key of a network", where=path.name, do="write one with: fanal key share FILE"
        )
    return key


class KeyRing:
    """The keys of one observatory, in one folder outside the tables (mode 0700, files 0600)."""

    def __init__(self, folder: Path, id_key: bytes | None = None) -> None:
        """Open the keys in a folder, or make them where there are none.

        `id_key` is given by the network when a site joins it: its sites share that key alone.

        Raises:
            StorageError: the master key is missing, or a key is not wrapped by it.
            ConfigError: `id_key` differs from the one that is there.
        """
        self.folder = Path(folder)
        self._person: dict[tuple[str, int], hashlib.blake2b | None] = {}
        if not (self.folder / "id.key").exists():
            self._make(id_key)
        self._finish()
        self.id_key = self._unwrap(self.folder / "id.key")
        if id_key is not None and id_key != self.id_key:
            raise ConfigError("another id key is in this folder already", where="id.key")
        self._document = self._hasher("document")
        self._fallback = self._hasher("fallback")
        self._thread = self._hasher("thread")
        self._file = self._hasher("file")
        self._digest = self._hasher("digest")
        self._media = self._hasher("media")

    @classmethod
    def create(cls, folder: Path, id_key: bytes | None = None) -> KeyRing:
        """Make the keys of a new observatory; with the id key of its network, if it has one.

        Raises:
            ConfigError: there are keys in the folder.
        """
        if (Path(folder) / "id.key").exists():
            raise ConfigError("keys are here already", where=str(folder), do="open them instead")
        return cls(folder, id_key)

    # ids, all under the one id key

    def document_ids(
        self, source: str, chats: Sequence[str], messages: Sequence[str | None]
    ) -> list[bytes]:
        """Return the id of each message of each chat; b"" where it has no number."""
        begun: dict[str, hashlib.blake2b] = {}
        ids: list[bytes] = []
        for chat, message in zip(chats, messages, strict=True):
            if message is None:
                ids.append(b"")
                continue
            if chat not in begun:
                begun[chat] = h = self._document.copy()
                h.update(f"{len(source)},{len(chat)}:{source}{chat}".encode("utf-8", "replace"))
            h = begun[chat].copy()
            h.update(message.encode("utf-8", "replace"))
            ids.append(h.digest())
        return ids

    def fallback_id(
        self,
        source: str,
        chat: str,
        minute: str,
        author: bytes | None,
        text: str,
        ordinal: int,
    ) -> bytes:
        """Return the id of a message without a number: by minute, author, text and ordinal.

        `author` is the pseudonym and `text` the text after the door: with the native author,
        whoever has the id key could try known authors even after their year is destroyed.
        """
        h = self._fallback.copy()
        h.update(_parts(source, chat, minute, author.hex() if author else "", str(ordinal), text))
        return h.digest()

    def sample_id(self, source: str, reference: str) -> bytes:
        """Return the id of a sample by the reference that its service gave it."""
        h = self._document.copy()
        h.update(b"sample" + _parts(source, reference))
        return h.digest()

    def reference(self, said: str) -> str:
        """Return what stands for a sample's reference that may identify someone.

        The same for the same reference, so that a receipt still leads to its result.
        """
        h = self._document.copy()
        h.update(b"reference" + _parts(" ".join(said.casefold().split())))
        return "ref-" + h.hexdigest()[:16].translate(_CONSONANTS)

    def thread_id(self, source: str, chat: str) -> bytes:
        """Return the id of a channel, interview or report."""
        h = self._thread.copy()
        h.update(_parts(source, chat))
        return h.digest()

    def channel_id(self, chat: str) -> bytes:
        """Return the id of a channel that posts are forwarded from, the same in every source."""
        h = self._thread.copy()
        h.update(_parts(canonical(chat)))
        return h.digest()

    def file_id(self, name: str) -> bytes:
        """Return the id of a file by its name, which may name a person."""
        h = self._file.copy()
        h.update(name.encode("utf-8", "replace"))
        return h.digest()

    def digest(self, text: str) -> bytes:
        """Return the digest that tells whether a text has changed."""
        h = self._digest.copy()
        h.update(text.encode("utf-8", "replace"))
        return h.digest()

    def digests(self, texts: list[str]) -> list[bytes]:
        """Return the digest of each text."""
        base = self._digest
        out = []
        for text in texts:
            h = base.copy()
            h.update(text.encode("utf-8", "replace"))
            out.append(h.digest())
        return out

    def media_hash(self, perceptual: bytes) -> bytes:
        """Return the keyed form of a perceptual hash."""
        h = self._media.copy()
        h.update(perceptual)
        return h.digest()

    # pseudonyms, under the key of a site and a year

    def author(self, site: str, year: int, name: str) -> bytes | None:
        """Return the pseudonym of a canonical author; None where that year's key is destroyed."""
        try:
            base = self._person[site, year]
        except KeyError:
            base = self._person[site, year] = self._year(site, year)
        if base is None:
            return None
        h = base.copy()
        h.update(name.encode("utf-8", "replace"))
        return h.digest()

    # a key of its own for what waits for a person to look at it

    def new_key(self, name: str) -> bytes:
        """Make the key of something that waits; destroyed, nobody can read it any more."""
        with self._lock():
            _folder(self.folder / WAITING)
            key = os.urandom(_KEY)
            self._wrap(self._waiting(name), key, self._masters()[-1])
        return key

    def key_of(self, name: str) -> bytes | None:
        """Return the key of something that waits; None where it was destroyed."""
        path = self._waiting(name)
        return self._unwrap(path) if path.exists() else None

    def waiting(self) -> list[str]:
        """Return the names of what waits and has a key."""
        return sorted(path.stem for path in (self.folder / WAITING).glob("*.key"))

    def shred_key(self, name: str) -> None:
        """Destroy the key of something that waits; cut short, it is none any more either."""
        path = self._waiting(name)
        with self._lock():
            if path.exists():
                path.replace(path.with_suffix(".gone"))
            _shred(path.with_suffix(".gone"))

    # the life of keys

    def rotate(self) -> None:
        """Wrap every key by a new master key; killed at any point, the next start finishes it."""
        with self._lock():
            self._rotate()

    def destroy(self, site: str, year: int) -> None:
        """Destroy the key of a site and year, then rotate: copies of it no longer open."""
        path = self._path(site, year)
        with self._lock():
            self._masters()  # without a master key nothing could be wrapped anew
            _folder(path.parent)
            _write(path.with_suffix(".destroyed"), b"")
            _shred(path)
            self._person[site, year] = None
            self._rotate()

    def share(self, path: Path) -> None:
        """Write the id key to a new file, for the sites of a network; years are never shared.

        Raises:
            ConfigError: the file exists.
        """
        if path.exists():
            raise ConfigError("the file exists already", where=path.name)
        _write(path, self.id_key.hex().encode() + b"\n")

    def check(self) -> list[str]:
        """Return what is wrong with the keys, for `fanal check`; nothing if all is well."""
        wrong: list[str] = []
        for path in [self.folder, *sorted(self.folder.rglob("*"))]:
            name = path.relative_to(self.folder.parent)
            mode = stat.S_IMODE(path.lstat().st_mode)
            if path.is_symlink():
                wrong.append(f"{name}: a link; keys must lie in their folder itself")
            elif path.is_dir() and mode & 0o077:
                wrong.append(f"{name}: mode {mode:04o}; do: chmod 700")
            elif path.is_file() and mode & 0o077:
                wrong.append(f"{name}: mode {mode:04o}; do: chmod 600")
            if path.lstat().st_uid != os.getuid():
                wrong.append(f"{name}: belongs to another account")
            if path.suffix == ".new":
                wrong.append(f"{name}: left by a stopped write; it can be removed")
        if (self.folder / "master.next").exists():
            wrong.append("a rotation is unfinished; the next command finishes it")
        for path in self._wrapped():
            try:
                self._unwrap(path)
            except StorageError as error:
                wrong.append(str(error))
        return wrong

    def years(self) -> list[tuple[str, int, bool]]:
        """Return (site, year, destroyed) of every year that has or had a key."""
        found = [
            (path.parent.name, int(path.stem), path.suffix == ".destroyed")
            for path in (self.folder / "person").glob("*/*")
            if path.suffix in (".key", ".destroyed") and path.stem.isdigit()
        ]
        return sorted(found)

    # on disk

    def _hasher(self, domain: str) -> hashlib.blake2b:
        return hashlib.blake2b(key=self.id_key, person=domain.encode(), digest_size=BYTES)

    def _lock(self) -> FileLock:
        return FileLock(self.folder / ".lock", mode=0o600)

    def _path(self, site: str, year: int) -> Path:
        if not SITE.fullmatch(site):
            raise ConfigError("not the name of a site", where="keys", allowed=SITE_TOLD)
        return self.folder / "person" / site / f"{year:04d}.key"

    def _waiting(self, name: str) -> Path:
        if not _HEXADECIMAL.match(name):
            raise ConfigError("not the name of what waits", where="keys")
        return self.folder / WAITING / f"{name}.key"

    def _wrapped(self) -> Iterator[Path]:
        yield self.folder / "id.key"
        yield from sorted((self.folder / "person").glob("*/*.key"))
        yield from sorted((self.folder / WAITING).glob("*.key"))

    def _masters(self) -> list[bytes]:
        keys = [
            path.read_bytes()
            for name in ("master.key", "master.next")
            if (path := self.folder / name).exists()
        ]
        if not keys or any(len(key) != _KEY for key in keys):
            raise StorageError(
                "the master key is missing or damaged",
                where="master.key",
                do="put it back from its own backup; without it no id or pseudonym can be made "
                "again, and a new set of keys would take every re-imported document as new",
            )
        return keys

    def _make(self, id_key: bytes | None) -> None:
        if id_key is not None and len(id_key) != _KEY:
            raise ConfigError("an id key has 32 bytes", where="id.key")
        _folder(self.folder)
        with self._lock():
            if (self.folder / AWAITED).exists():
                raise StorageError(
                    "this observatory was restored without its keys",
                    where=str(self.folder),
                    do="put them back: fanal restore --keys KEYS.tar; new keys would take every "
                    "document as new and forget what was erased",
                )
            if any((self.folder / "person").glob("*/*.key")):
                raise StorageError(
                    "years have keys but id.key is missing",
                    where="id.key",
                    do="put it back from the backup of the keys",
                )
            if not (self.folder / "id.key").exists():
                if not (self.folder / "master.key").exists():
                    _write(self.folder / "master.key", os.urandom(_KEY))
                self._wrap(self.folder / "id.key", id_key or os.urandom(_KEY), self._masters()[0])

    def _year(self, site: str, year: int) -> hashlib.blake2b | None:
        path = self._path(site, year)
        if not path.exists() and not path.with_suffix(".destroyed").exists():
            with self._lock():
                if not path.exists():
                    _folder(path.parent)
                    self._wrap(path, os.urandom(_KEY), self._masters()[-1])
        if path.with_suffix(".destroyed").exists():
            return None
        return hashlib.blake2b(
            f"{site}/{year}/".encode(), key=self._unwrap(path), person=b"author", digest_size=BYTES
        )

    def _wrap(self, path: Path, key: bytes, master: bytes) -> None:
        nonce = os.urandom(_NONCE)
        _write(path, nonce + AESGCM(master).encrypt(nonce, key, self._name(path)))

    def _unwrap(self, path: Path) -> bytes:
        try:
            wrapped = path.read_bytes()
        except OSError as error:
            raise StorageError("cannot be read", where=path.name) from error
        for master in self._masters():
            try:
                key = AESGCM(master).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], self._name(path))
            except (InvalidTag, ValueError):
                continue
            return key
        raise StorageError(
            "not wrapped by this master key",
            where=self._name(path).decode(),
            do="it is damaged or from an older backup: put back the master key of that time "
            "(fanal key rotate then re-wraps it), or remove the file",
        )

    def _name(self, path: Path) -> bytes:
        return path.relative_to(self.folder).as_posix().encode()

    def _rotate(self) -> None:
        following = self.folder / "master.next"
        if not following.exists():
            _write(following, os.urandom(_KEY))
        master = following.read_bytes()
        for path in self._wrapped():
            self._wrap(path, self._unwrap(path), master)
        following.replace(self.folder / "master.key")
        _sync(self.folder)

    def _finish(self) -> None:
        """Complete a rotation or a destruction that was cut short."""
        markers = list((self.folder / "person").glob("*/*.destroyed"))
        back = [key for mark in markers if (key := mark.with_suffix(".key")).exists()]
        gone = list((self.folder / WAITING).glob("*.gone"))
        if not back and not gone and not (self.folder / "master.next").exists():
            return
        with self._lock():
            for path in gone:
                _shred(path)
            if not back and not (self.folder / "master.next").exists():
                return
            for path in back:
                _shred(path)
            self._rotate()


def _parts(*texts: str) -> bytes:
    """Return texts as one byte string that no other texts give."""
    lengths = ",".join([str(len(text)) for text in texts])
    return f"{lengths}:{''.join(texts)}".encode("utf-8", "surrogatepass")


def _folder(path: Path) -> None:
    for folder in [*reversed(path.parents), path]:
        folder.mkdir(mode=0o700, exist_ok=True)


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or nothing, readable by its owner only."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    new.replace(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shred(path: Path) -> None:
    """Overwrite a file before it goes; file systems that copy on write need the rotation too."""
    try:
        handle = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    try:
        os.write(handle, os.urandom(path.stat().st_size))
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()
    _sync(path.parent)
