"""Backups of an observatory, and of its keys apart from it; and how they come back.

A backup holds the tables as their logs name them (so nothing that was erased), the judgements as
lines of JSON with the revision of their schema, and the settings; never a key, never raw
material, so nothing of what waits for a review. Restored over an observatory, what was erased there
since stays erased, what waits goes on waiting, and a year whose key was destroyed stays destroyed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from fanal import settings
from fanal.door import desk
from fanal.door.pseudonyms import AWAITED, WAITING, KeyRing
from fanal.errors import ConfigError, StorageError
from fanal.observatory import Observatory
from fanal.records import RECORDS, VERSION, Audit
from fanal.storage import migrations
from fanal.storage.packing import Archive, extract, manifest
from fanal.storage.state import HEAD_FILE, State
from fanal.upkeep import erasing

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("sources", "thesaurus", "coded", "publications", "network")  # beside the tables


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a backup holds: its manifest."""

    format: int
    version: str  # of Fanal
    revision: str  # of the database of judgements
    made: str  # when, UTC, ISO 8601
    title: str
    destroyed: list[tuple[str, int]]  # site and year of the keys that are gone
    rows: dict[str, int]  # by table
    files: dict[str, str]  # name in the archive: SHA-256


# --- backup -------------------------------------------------------------------------------------


def backup(ws: Observatory, path: Path) -> Inventory:
    """Write everything but the keys to one new file; the caller holds the writer lock.

    Returns what it holds.

    Raises:
        ConfigError: the file exists, or the tables are not in a folder.
    """
    if "://" in ws.tables.root or not Path(ws.tables.root).is_relative_to(ws.folder):
        raise ConfigError(
            "the tables are not in the folder of the observatory",
            where=ws.tables.root,
            do="back them up with the tools of their store, without its old versions",
        )
    ws.tables.purge()  # no file in a backup holds what the logs no longer name
    counts, made = ws.tables.counts(), datetime.now(UTC).isoformat()
    destroyed = [(s, year) for s, year, gone in KeyRing(ws.keys).years() if gone]
    with Archive(path) as archive:
        for file, name in _files(ws):
            archive.add(file, name)
        for table, rows in ws.state.dump():
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            archive.write(f"judgements/{table}.jsonl", lines.encode())
        held = Inventory(
            FORMAT, VERSION, migrations.HEAD, made, ws.settings.title, destroyed, counts,
            dict(archive.digests),
        )  # fmt: skip
        archive.write(MANIFEST, json.dumps(asdict(held), ensure_ascii=False).encode())
    return held


def backup_keys(ws: Observatory, path: Path) -> None:
    """Write the keys to one new file: whoever has it can make every id and pseudonym again."""
    KeyRing(ws.keys)  # finishes a rotation that was cut short
    with Archive(path) as archive:
        for file in sorted(ws.keys.rglob("*")):
            kept = file.parent.name != WAITING  # what waits for a review is in no backup
            if kept and file.is_file() and file.suffix in (".key", ".destroyed"):
                archive.add(file, file.relative_to(ws.keys).as_posix())


def _files(ws: Observatory) -> Iterator[tuple[Path, str]]:
    yield ws.folder / settings.FILE, settings.FILE
    for folder in FOLDERS:
        for file in sorted((ws.folder / folder).rglob("*")):
            if file.is_file() and not file.is_symlink():
                yield file, file.relative_to(ws.folder).as_posix()
    root = Path(ws.tables.root)
    for record in RECORDS:
        table = root / record.table
        named = {Path(name.removeprefix("file://")).resolve() for name in ws.tables.files(record)}
        for file in sorted(table.rglob("*")):
            logged = "_delta_log" in file.parts or file.resolve() in named
            if file.is_file() and logged:
                yield file, file.relative_to(ws.folder).as_posix()


# --- restore ------------------------------------------------------------------------------------


def restore(
    opening: Callable[[Path], Observatory], path: Path, folder: Path, *, replace: bool = False
) -> Inventory:
    """Make an observatory of a backup in a new folder, or in the place of one with `replace`.

    The keys of an observatory that is replaced are kept; what it erased is erased again. In a new
    folder the keys come from their own backup (`restore_keys`); until then nothing can come in.
    `opening` opens an observatory with its verbs. Returns what the backup holds.

    Raises:
        ConfigError: there is an observatory and `replace` was not asked for, or no backup there.
        StorageError: the backup is damaged.
    """
    aside, making = _beside(folder, "replaced"), _beside(folder, "restoring")
    if aside.exists() and not folder.exists():
        aside.rename(folder)  # an earlier attempt was cut short between two renames
    there = (folder / settings.FILE).exists()
    if there and not replace:
        raise ConfigError("an observatory is here already", where=str(folder), do="add --replace")
    if not there and folder.exists() and any(folder.iterdir()):
        raise ConfigError("the folder is not empty", where=str(folder))
    for left in (making, aside):
        shutil.rmtree(left, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    try:
        held = _unpack(path, making)
        tombstones = None
        if there:
            with opening(folder) as old, old.writing():
                tombstones = old.tables.query("SELECT DISTINCT * FROM tombstones")
                _keep_keys(old.keys, making)
                if (folder / desk.FOLDER).is_dir():
                    shutil.copytree(folder / desk.FOLDER, making / desk.FOLDER)
        _judgements(making, held.revision, replace=replace)
        with opening(making) as ws:
            if not (ws.keys / "id.key").exists():
                _mark(ws.keys / AWAITED)
            for site, year in held.destroyed:
                _mark(ws.keys / "person" / site / f"{year:04d}.destroyed")
            ws.tables.upgrade()
            with ws.writing():
                if tombstones is not None:
                    erasing.erase_again(ws, tombstones, datetime.now(UTC).date())
                erasing.retain(ws, datetime.now(UTC).date())
                ws.audit("restore", {"made": held.made})
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(aside)
    making.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)
    return held


def restore_keys(path: Path, folder: Path) -> int:
    """Put the keys of a backup into an observatory that has none; returns how many files.

    Years that were destroyed stay so.

    Raises:
        ConfigError: keys are there already.
    """
    keys = folder / settings.read(folder).keys
    if (keys / "id.key").exists():
        raise ConfigError("keys are here already", where=str(keys), do="move them away first")
    making = _beside(keys, "restoring")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        extract(path, making)
        KeyRing(making)  # they open with the master key among them
        destroyed = [mark.relative_to(keys) for mark in keys.glob("person/*/*.destroyed")]
        for mark in destroyed:
            _mark(making / mark)
        KeyRing(making)  # shreds the years that were destroyed since
        (making / ".lock").unlink(missing_ok=True)
        count = sum(1 for file in making.rglob("*") if file.is_file())
        for file in making.rglob("*"):
            if file.is_dir():
                file.chmod(0o700)
        shutil.rmtree(keys, ignore_errors=True)
        making.rename(keys)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return count


def _beside(folder: Path, what: str) -> Path:
    return folder.resolve().with_name(f"{folder.resolve().name}.{what}")


def _keep_keys(keys: Path, making: Path) -> None:
    wanted = settings.read(making).keys
    if not Path(wanted).is_absolute():  # elsewhere they stay where they are
        shutil.copytree(keys, making / wanted)


def _mark(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)


def _unpack(path: Path, folder: Path) -> Inventory:
    """Unpack a backup and compare every file with the manifest."""
    if not path.is_file():
        raise ConfigError("no such file", where=str(path))
    extract(path, folder)
    try:
        held = manifest(Inventory, (folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        raise StorageError("not a backup of an observatory", where=path.name) from None
    if held.format > FORMAT or held.revision > migrations.HEAD:
        raise StorageError(
            f"a backup by a later version of Fanal ({held.version})",
            where=path.name,
            do="install that version",
        )
    (folder / MANIFEST).unlink()
    found = {}
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            found[file.relative_to(folder).as_posix()] = digest
    if found != held.files:
        raise StorageError("the backup is damaged", where=path.name, do="use another copy")
    return held


def _judgements(folder: Path, revision: str, *, replace: bool) -> None:
    dumped = {
        file.stem: [json.loads(line) for line in file.read_text("utf-8").split("\n") if line]
        for file in sorted((folder / "judgements").glob("*.jsonl"))
    }
    url = settings.read(folder).state
    state = State(url or f"sqlite:///{folder / 'state.db'}", folder / HEAD_FILE)
    try:
        if url and not replace and state.all(Audit):
            raise ConfigError(
                "the database of the judgements is not empty",
                where="state",
                do="add --replace, or name an empty database in fanal.toml",
            )
        state.load(dumped, revision)
    finally:
        state.close()
    shutil.rmtree(folder / "judgements")
