"""An open observatory: its folder, its tables and what people said, and who is using it.

::

    fanal.toml      settings
    sources/        one source description each
    tables/         evidence and derived rows (Delta Lake)
    keys/           keys: outside the tables, and never in a backup of them
    state.db        judgements (SQLite; elsewhere with `state` in the settings)
    audit.head      where the audit log ended last: outside the database
    search.db       full-text search over the documents; made again at will, in no backup
    thesaurus/      the observatory's own aliases and substances
    publications/   bulletins, alerts, open tables
    .scratch/       staging and spill; emptied at each start
"""

from __future__ import annotations

import contextlib
import copy
import getpass
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from fanal import settings, sources
from fanal.coding.gazetteer import areas_of
from fanal.coding.names.spellings import without_unusable
from fanal.door.pseudonyms import KeyRing, show
from fanal.engines import Engine, Here
from fanal.errors import ConfigError, MissingError, StorageError
from fanal.people import triage
from fanal.people.codings import in_force
from fanal.people.triage import SignalRow
from fanal.records import Coding, Decision, Detail, Document, Phenomenon, table_of
from fanal.storage import search
from fanal.storage.state import HEAD_FILE, State
from fanal.storage.tables import Judged, Tables
from fanal.thesaurus import Thesaurus, load

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, and how many documents came in from it."""

    name: str
    title: str
    publisher: str
    kind: str
    site: str
    invented: bool
    documents: int
    first: date | None  # day of the first document
    last: date | None


class Observatory:
    """What stages and answers work with. Reading needs no lock; what writes takes the one lock.

    It has no verbs: those that people use are in `Workspace`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = settings.read(folder)
        self.sources, self._wrong_sources = sources.usable(folder / "sources")
        self.scratch = folder / ".scratch"
        tables = self.settings.tables
        where = tables if "://" in tables else str(folder / tables)
        self.tables = Tables(where, self.scratch, self._judged)
        self.keys = folder / self.settings.keys
        self.additions = folder / "thesaurus"
        self.publications = folder / "publications"
        self.search = search.Search(folder / search.FILE)
        url = self.settings.state or f"sqlite:///{folder / 'state.db'}"
        self.state = State(url, folder / HEAD_FILE)
        self.progress: Progress = lambda _stage, _done, _total: None
        self.engine: Engine = Here()
        self.who = f"{_login()}@command-line"
        self._lock = FileLock(folder / ".lock", mode=0o600)
        self._judgement = Judged()

    @classmethod
    def create(
        cls, folder: Path, title: str, site: str | None = None, id_key: bytes | None = None
    ) -> Self:
        """Make an observatory in an empty or new folder, with keys of its own.

        `id_key` is the one key that the sites of a network share (`fanal key share`).

        Raises:
            ConfigError: there is one already, or other files are in the way.
        """
        if (folder / settings.FILE).exists():
            raise ConfigError("an observatory is here already", where=str(folder))
        if folder.exists() and any(folder.iterdir()):
            raise ConfigError(
                "the folder is not empty", where=str(folder), do="choose an empty or new folder"
            )
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "sources").mkdir()
        KeyRing.create(folder / "keys", id_key)
        (folder / settings.FILE).write_text(settings.template(title, site), "utf-8")
        return cls(folder)

    def _judged(self) -> Judged:
        """Return the cut and the corrections of people that hold now: they count at once."""
        stamp = f"{self.settings.cut}|{self.state.stamp(Coding)}"
        if self._judgement.stamp != stamp:
            codings = table_of(in_force(self.state.all(Coding)), Coding)
            self._judgement = Judged(self.settings.cut, codings, stamp)
        return self._judgement

    def close(self) -> None:
        """Let go of the databases."""
        self.state.close()
        self.tables.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer lock; what a killed run left is finished or cleared first.

        Raises:
            StorageError: another run holds it.
        """
        try:
            with self._lock.acquire(timeout=0):
                if self._lock.lock_counter == 1:
                    self.recover()
                yield
        except Timeout:
            raise StorageError(
                "another run is writing to this observatory",
                where=str(self.folder),
                do="wait until it has ended",
            ) from None

    def signal_key(self) -> bytes:
        """Return the key of signal ids, derived from the id key."""
        ring = KeyRing(self.keys)
        return hashlib.blake2b(b"signal", key=ring.id_key, digest_size=32).digest()

    def acting(self, who: str) -> Self:
        """Return this observatory as it is used by another person: what they do is theirs.

        Source descriptions are read anew: another process may have added one.
        """
        theirs = copy.copy(self)
        theirs.who = who
        theirs.sources, theirs._wrong_sources = sources.usable(self.folder / "sources")
        return theirs

    def using(self, **settings: Any) -> None:
        """Use other settings than those of `fanal.toml`, until it is closed; None: as there."""
        given = {name: value for name, value in settings.items() if value}
        self.settings = self.settings.model_copy(update=given)

    @property
    def processes(self) -> int:
        """Return how many worker processes to use."""
        return self.settings.processes or os.cpu_count() or 1

    def source(self, name: str) -> sources.Source:
        """Return a source description.

        Raises:
            MissingError: there is none of that name.
        """
        if name not in self.sources:
            for error in self._wrong_sources:
                if error.where == f"{name}.toml":
                    raise error
            raise MissingError(
                f"no source called {name!r}",
                allowed=", ".join(sorted(self.sources)) or "none yet",
                do="describe it with: fanal source add",
            )
        return self.sources[name]

    def thesaurus(self) -> Thesaurus:
        """Return the thesaurus with this observatory's own additions."""
        return self._thesaurus()[0]

    def left_out(self) -> list[ConfigError]:
        """Return what of the descriptions and of the own thesaurus is wrong and not used."""
        return [*self._wrong_sources, *self._thesaurus()[1]]

    def objections(self) -> list[ConfigError]:
        """Return what of the descriptions in use should not be so."""
        return [e for one in self.sources.values() for e in sources.objections(one)]

    def _thesaurus(self) -> tuple[Thesaurus, list[ConfigError]]:
        files = sorted(self.additions.glob("*"))
        stamp = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
        return _thesaurus(self.additions if self.additions.is_dir() else None, stamp)

    def signals(self, state: str | None = None) -> list[SignalRow]:
        """Return the signals by rank, each with its state."""
        states = triage.fold(self.state.all(Decision))
        rows = self.tables.rows("SELECT * FROM signals ORDER BY score DESC, concept, first")
        found = [SignalRow(**row, state=states[row["id"]]) for row in rows]
        return [signal for signal in found if state in (None, signal.state)]

    def signal(self, short: str) -> SignalRow:
        """Return the signal whose id begins with these base-32 characters.

        Raises:
            MissingError: none, or more than one.
        """
        found = [s for s in self.signals() if show(s.id).startswith(short.lower())]
        if len(found) != 1:
            raise MissingError(
                f"{'no' if not found else 'more than one'} signal with the id {short!r}",
                do="see: fanal triage list",
            )
        return found[0]

    def source_rows(self) -> list[SourceRow]:
        """Return the sources, each with what came in."""
        query = (
            "SELECT source, count(*) AS documents, min(day) AS first, max(day) AS last "
            "FROM current_documents GROUP BY source"
        )
        rows = self.tables.kept("sources", (Document,), lambda: self.tables.rows(query))
        counted = {
            row["source"]: row
            | {end: date.fromisoformat(row[end]) for end in ("first", "last") if row[end]}
            for row in rows
        }
        none = {"documents": 0, "first": None, "last": None}
        said = {"name", "title", "publisher", "kind", "site", "invented"}
        return [
            SourceRow(
                **source.model_dump(include=said), **{k: counted.get(name, none)[k] for k in none}
            )
            for name, source in self.sources.items()
        ]

    def phenomena(self) -> list[Phenomenon]:
        """Return every statement on phenomena, in the order of writing."""
        return self.state.all(Phenomenon)

    def areas(self) -> dict[str, set[str]]:
        """Return the areas that each site lies in: by its name, and by what its sources say.

        An official table is no witness of where a site is.
        """
        found: dict[str, set[str]] = {}
        for source in self.sources.values():
            mine = found.setdefault(source.site, set(areas_of(source.site)))
            if source.kind != "official table":
                mine.add(source.country)
        return found

    def audit(self, action: str, detail: Detail, who: str | None = None) -> None:
        """Add a line to the audit log."""
        self.state.audit(who or self.who, action, detail, datetime.now(UTC))

    def forget_scratch(self) -> None:
        """Remove what queries of killed commands spilled to disk."""
        shutil.rmtree(self.scratch / "duckdb", ignore_errors=True)

    def recover(self) -> None:
        """Finish or clear what a killed run left; whoever has stages does it for them."""
        self.tables.upgrade()


@lru_cache(maxsize=4)
def _thesaurus(
    additions: Path | None, _stamp: tuple[tuple[str, int, int], ...]
) -> tuple[Thesaurus, list[ConfigError]]:
    """Return the thesaurus, and what of the observatory's own rows is left out of it."""
    unread: list[ConfigError] = []
    thesaurus, unusable = without_unusable(load(additions, unread))
    return thesaurus, [*unread, *unusable]


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
