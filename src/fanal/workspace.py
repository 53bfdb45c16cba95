"""One observatory on disk: what `fanal.open` opens.

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
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from fanal import (
    backups,
    counting,
    documents,
    erasing,
    evidence,
    ingestion,
    network,
    pipeline,
    profiles,
    publishing,
    settings,
    signals,
    sources,
    substances,
    triage,
    upkeep,
)
from fanal.coding.places import areas_of
from fanal.coding.spellings import usable, without_unusable
from fanal.coding.vocabulary import Vocabulary
from fanal.door import KeyRing, show, written
from fanal.engines import Engine, Here
from fanal.errors import ConfigError, ConflictError, MissingError, StorageError
from fanal.importers.base import File
from fanal.records import Coding, Decision, Document, Memo, Phenomenon, table_of
from fanal.storage import search
from fanal.storage.state import HEAD_FILE, State
from fanal.storage.tables import Judged, Tables
from fanal.thesaurus import Alias, Substance, Thesaurus, add, load, remove

Progress = Callable[[str, int, int], None]


class Workspace:
    """An open observatory. Reading needs no lock; what writes takes the one writer lock."""

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
    ) -> Workspace:
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
            codings = table_of(documents.present(self.state.all(Coding)), Coding)
            self._judgement = Judged(self.settings.cut, codings, stamp)
        return self._judgement

    def close(self) -> None:
        """Let go of the databases."""
        self.state.close()
        self.tables.close()

    def __enter__(self) -> Workspace:
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
                    ingestion.recover(self.tables, self.scratch)
                    self.tables.upgrade()
                    erasing.recover(self)
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

    def acting(self, who: str) -> Workspace:
        """Return this observatory as it is used by another person: what they do is theirs.

        Source descriptions are read anew: another process may have added one.
        """
        theirs = copy.copy(self)
        theirs.who = who
        theirs.sources, theirs._wrong_sources = sources.usable(self.folder / "sources")
        return theirs

    # --- stages -----------------------------------------------------------------------------

    def ingest(
        self, paths: Sequence[File], source: str, *, dry_run: bool = False
    ) -> list[ingestion.Reckoning]:
        """Bring files of a source in through the door."""
        description = self.source(source)
        with self.writing():
            found = ingestion.ingest(
                self.tables,
                description,
                paths,
                keys=self.keys,
                scratch=self.scratch,
                processes=self.processes,
                progress=self.progress,
                today=datetime.now(UTC).date(),
                dry_run=dry_run,
            )
            if not dry_run:
                numbers = {"source": source, "files": len(found)}
                numbers["documents"] = sum(r.documents for r in found)
                self.audit("ingest", numbers)
        return found

    def code(self) -> pipeline.Outcome:
        """Code what is not yet coded; what is coded can be searched."""
        outcome = pipeline.code(self)
        pipeline.index(self)
        return outcome

    def detect(self, as_of: date | None = None) -> pipeline.Outcome:
        """Count, and let the detectors look."""
        return pipeline.detect(self, as_of)

    def run(self) -> list[pipeline.Outcome]:
        """Code, apply retention, count and detect: everything after ingest."""
        outcomes = [self.code()]
        if left_out := self.left_out():
            outcomes[0].detail["left_out"] = [error.as_json()["error"] for error in left_out]
        with self.writing():
            gone = erasing.retain(self, datetime.now(UTC).date())
        if gone:
            erased = sum(found.documents for found in gone.values())
            outcomes.append(pipeline.Outcome("retention", erased, 0, changed=True))
        with self.writing():
            self.tables.compact()  # before counting, which goes by the names of the files
        outcomes.append(self.detect())
        self.prepare()
        return outcomes

    def prepare(self) -> None:
        """Make the figures that look at whole tables, so that no page waits for them."""
        evidence.independent(self.tables)
        substances.read(self.tables)
        profiles.told(self)
        self.source_rows()

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

    def add_source(self, text: str) -> sources.Source:
        """Add a source description, given as TOML.

        Raises:
            ConfigError: it is wrong, or there is one of that name.
        """
        source = sources.parse(text, "source")
        for error in sources.objections(source):
            raise error
        path = self.folder / "sources" / f"{source.name}.toml"
        if path.exists():
            raise ConfigError(f"a source called {source.name!r} is here already", where=path.name)
        path.write_text(text, "utf-8")
        self.sources, self._wrong_sources = sources.usable(self.folder / "sources")
        self.audit("source", {"name": source.name})
        return source

    # --- the thesaurus ----------------------------------------------------------------------

    def thesaurus(self) -> Thesaurus:
        """Return the thesaurus with this observatory's own additions."""
        return self._thesaurus()[0]

    def left_out(self) -> list[ConfigError]:
        """Return what of the descriptions and of the own thesaurus is wrong and not used."""
        return [*self._wrong_sources, *self._thesaurus()[1]]

    def _thesaurus(self) -> tuple[Thesaurus, list[ConfigError]]:
        files = sorted(self.additions.glob("*"))
        stamp = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
        return _thesaurus(self.additions if self.additions.is_dir() else None, stamp)

    def add_to_thesaurus(self, row: Alias | Substance) -> dict[str, Any]:
        """Add a name or a substance; what it changes in the past is coded by the next run."""
        if isinstance(row, Alias):
            row = replace(row, first_seen=datetime.now(UTC).date().isoformat())
            usable([row.alias])
        else:
            usable([row.label_fr, row.label_en])
        self.additions.mkdir(exist_ok=True)
        added = add(self.additions, row)
        self.audit("thesaurus", {"added": added})
        return added

    def take_out_of_thesaurus(
        self, substance: str, alias: str | None = None
    ) -> list[dict[str, str]]:
        """Take an own name out, or an own substance with its names; the next run codes anew."""
        if alias is None and (used := self._names(substance)):
            raise ConfigError(
                f"{used} name this substance",
                where=substance,
                do="take out its names one by one; the substance stays for what is kept of it",
            )
        gone = remove(self.additions, substance, alias)
        self.audit("thesaurus", {"removed": gone})
        return gone

    def _names(self, substance: str) -> str:
        """Return which of the tables name a substance; "" where none does."""
        columns = {"observations": "substance", "results": "substance", "samples": "sold_as",
                   "indicators": "substance"}  # fmt: skip
        found = [
            table
            for table, column in columns.items()
            if self.tables.rows(f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", [substance])
        ]
        signals = self.tables.rows("SELECT concept FROM signals")
        told = {part for row in signals for part in row["concept"].split("/")}
        return ", ".join([*found, *["signals"] * (f"substance={substance}" in told)])

    def suggest(self, limit: int) -> list[dict[str, Any]]:
        """Return words of the public posts that may be names, each with a passage."""
        from fanal.coding.discovery import suggest  # its statistics take a while to load

        documents = self.tables.query("SELECT text, day FROM current_documents WHERE text <> ''")
        vocabulary = Vocabulary.load(self.thesaurus())
        texts = documents.column("text")
        rows = []
        for found in suggest(documents, vocabulary, limit=limit):
            row, start, stop = found.examples[0]
            text = texts[row].as_py()
            passage = text[max(0, start - 40) : stop + 40].replace("\n", " ")
            rows.append({**asdict(found), "example": passage})
        return rows

    # --- judgement --------------------------------------------------------------------------

    def signals(self, state: str | None = None) -> list[dict[str, Any]]:
        """Return the signals by rank, each with its state."""
        states = triage.fold(self.state.all(Decision))
        rows = self.tables.rows("SELECT * FROM signals ORDER BY score DESC, concept, first")
        found = [{**row, "state": states[row["id"]]} for row in rows]
        return [row for row in found if state in (None, row["state"])]

    def session(self, state: str | None = None) -> list[dict[str, Any]]:
        """Return what one triage session looks at: signals of late, by rank, within the budget.

        Sources that fell silent come on top of it: they tell what the others may be missing.
        """
        since = pipeline.last_day(self) - timedelta(weeks=self.settings.horizon)
        recent = [signal for signal in self.signals(state) if signal["last"] >= since]
        silent = [signal for signal in recent if signal["detector"] == "silence"]
        others = [signal for signal in recent if signal["detector"] != "silence"]
        return others[: self.settings.budget] + silent

    def signal(self, short: str) -> dict[str, Any]:
        """Return the signal whose id begins with these base-32 characters.

        Raises:
            MissingError: none, or more than one.
        """
        found = [s for s in self.signals() if identifier(s["id"]).startswith(short.lower())]
        if len(found) != 1:
            raise MissingError(
                f"{'no' if not found else 'more than one'} signal with the id {short!r}",
                do="see: fanal triage list",
            )
        return found[0]

    def decide(
        self,
        short: str,
        verdict: str,
        reason: str,
        *,
        harm: int | None = None,
        quality: int | None = None,
        phenomenon: bytes | None = None,
        who: str | None = None,
        seen: int | None = None,
    ) -> Decision:
        """Decide on a signal; returns the decision, which is never changed afterwards.

        `seen` is how many decisions on it the person had before their eyes.

        Raises:
            ConflictError: somebody decided on it since.
            ConfigError: what `triage.decide` raises, or the door does not let in the reason.
        """
        signal = self.signal(short)
        present = len(self.state.all(Decision, signal=signal["id"]))
        late = ConflictError(
            "somebody decided on this signal meanwhile", do="read their decision, then decide"
        )
        if seen not in (None, present):
            raise late
        decision = triage.decide(
            signal,
            signal["state"],
            verdict,
            written(reason, "reason"),
            who or self.who,
            datetime.now(UTC),
            harm=harm,
            quality=quality,
            phenomenon=phenomenon,
        )
        if not self.state.append_after(decision, present, signal=signal["id"]):
            raise late
        self.audit("decide", {"signal": identifier(signal["id"]), "verdict": verdict}, who)
        return decision

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

    def evidence(self, short: str, sites: Collection[str] | None = None) -> dict[str, Any]:
        """Return a signal with what stands behind it and what was decided.

        Excerpts are of these sites alone, or of all.
        """
        signal = self.signal(short)
        decisions = self.state.all(Decision, signal=signal["id"])
        wider = counting.lineage(self.thesaurus())
        found = evidence.of(self.tables, signal, wider, sites, self.areas())
        concepts = [signal["concept"], *(row["concept"] for row in found["neighbours"])]
        linked = {d.phenomenon for d in decisions if d.phenomenon is not None}
        said = [
            p for p in self.phenomena()
            if p.id in linked or any(signals.ties(p, c, signal["place"]) for c in concepts)
        ]  # fmt: skip
        said.sort(key=lambda p: (-p.year, p.title))
        read = [identifier(e["document"]) for e in found["excerpts"]]
        if read:
            self.audit("read", {"signal": identifier(signal["id"]), "documents": read})
        return {
            "signal": signal,
            **found,
            "said": [asdict(p) for p in said],
            "decisions": [asdict(d) for d in decisions],
        }

    def publish_bulletin(
        self,
        to: Path,
        first: date | None = None,
        last: date | None = None,
        *,
        public: bool = False,
    ) -> list[Path]:
        """Write the bulletin of a period (by default the last quarter) and return the files.

        A public one quotes no text and withholds small counts of persons.

        Raises:
            StoppedError: a source does not hold what it asserts; nothing is written.
        """
        publishing.assert_totals(self)
        edition = publishing.bulletin(self, last, first)
        return publishing.publish(self, edition, to, publishing.BULLETIN, public=public)

    # --- documents --------------------------------------------------------------------------

    def search_documents(self, question: search.Question) -> search.Answer:
        """Return the documents that a question names; that their passages were read is kept."""
        answer = self.search.ask(question)
        if answer.hits:
            self.audit("read", {"documents": [identifier(hit.id) for hit in answer.hits]})
        return answer

    def read_document(self, document: dict[str, Any]) -> documents.Reading:
        """Return a document (`documents.about`) with its codes, notes and neighbours."""
        found = documents.read(self, document)
        read = [document, *found.before, *found.after]
        self.audit("read", {"documents": [identifier(row["id"]) for row in read]})
        return found

    def correct(
        self, document: dict[str, Any], verdict: str, kind: str, start: int, stop: int, concept: str
    ) -> Coding:
        """Say that a code is right or wrong, or add one; counts follow with the next run."""
        now = datetime.now(UTC)
        return documents.correct(self, document, verdict, kind, start, stop, concept, now)

    def note(self, document: dict[str, Any], text: str) -> Memo:
        """Write a note on a document."""
        return documents.note(self, document, text, datetime.now(UTC))

    # --- upkeep -----------------------------------------------------------------------------

    def source_rows(self, since: date = date.max) -> list[dict[str, Any]]:
        """Return the sources, each with what came in; `recent` of it is since a day."""
        query = (
            "SELECT source, count(*) AS documents, min(day) AS first, max(day) AS last, "
            "count(*) FILTER (day >= ?) AS recent FROM current_documents GROUP BY source"
        )
        rows = self.tables.kept(
            "sources" if since == date.max else "sources-of-late",
            (Document,),
            lambda: self.tables.rows(query, [since]),
            str(since),
        )
        counted = {
            row["source"]: row
            | {end: date.fromisoformat(row[end]) for end in ("first", "last") if row[end]}
            for row in rows
        }
        none = {"documents": 0, "first": None, "last": None, "recent": 0}
        said = {"name", "title", "publisher", "kind", "site", "invented"}
        return [
            source.model_dump(include=said) | {k: counted.get(name, none)[k] for k in none}
            for name, source in self.sources.items()
        ]

    def source_history(self, name: str) -> dict[str, Any]:
        """Return what came in of a source: by week, by run, and what went wrong.

        `counted` says what the weeks count: documents, or samples where there are none.
        """
        self.source(name)
        counted = "documents"
        weeks = self.tables.rows(
            "SELECT period, value FROM points WHERE series = $series ORDER BY period",
            {"series": f"documents/source={name}/week"},
        )
        if not weeks:
            counted = "samples"
            weeks = self.tables.rows(
                "SELECT date_trunc('week', day)::DATE AS period, count(*) AS value FROM samples "
                "WHERE source = $name AND day IS NOT NULL GROUP BY period ORDER BY period",
                {"name": name},
            )
        runs = self.tables.rows(
            "SELECT * FROM runs WHERE stage = 'ingest' AND parameters->>'source' = $name "
            "ORDER BY started DESC, id LIMIT 20",
            {"name": name},
        )
        issues = self.tables.rows(
            "SELECT kind, field, level, min(hint) AS hint, count(*) AS records FROM issues "
            "WHERE source = $name GROUP BY kind, field, level "
            "ORDER BY records DESC, kind, field, level LIMIT 30",
            {"name": name},
        )
        return {"weeks": weeks, "counted": counted, "runs": runs, "issues": issues}

    def status(self) -> dict[str, Any]:
        """Return what is in, what waits and what went wrong."""
        states: dict[str, int] = {}
        for signal in self.signals():
            states[signal["state"]] = states.get(signal["state"], 0) + 1
        return {
            "title": self.settings.title,
            "tables": self.tables.counts(),
            "signals": states,
            "runs": self.tables.rows("SELECT * FROM runs ORDER BY started DESC, id LIMIT 10"),
            "issues": self.tables.rows(
                "SELECT source, kind, count(*) AS records FROM issues GROUP BY ALL "
                "ORDER BY records DESC, source, kind LIMIT 20"
            ),
        }

    def check(self) -> list[dict[str, Any]]:
        """Return what `fanal check` found."""
        return upkeep.check(self)

    def clean(self) -> int:
        """Remove files that no log names; returns how many."""
        with self.writing():
            return len(self.tables.purge())

    def erase(self, selection: erasing.Selection, *, dry_run: bool = False) -> erasing.Erased:
        """Erase a selection (`erasing.select`), or say what would go."""
        with self.writing():
            return erasing.erase(self, selection, datetime.now(UTC).date(), dry_run=dry_run)

    def rotate_keys(self) -> None:
        """Wrap every key by a new master key."""
        with self.writing():
            KeyRing(self.keys).rotate()
            self.audit("rotate keys", {})

    def destroy_key(self, site: str, year: int) -> None:
        """Destroy the key of a site's authors of a year: nobody can be linked to it any more.

        Raises:
            ConfigError: the site has no key of that year.
        """
        with self.writing():
            ring = KeyRing(self.keys)
            known = {(name, number) for name, number, _ in ring.years()}
            if (site, year) not in known:
                raise ConfigError(
                    f"no key of {site} for {year}",
                    allowed=", ".join(f"{s} {y}" for s, y in sorted(known)) or "none yet",
                )
            ring.destroy(site, year)
            self.audit("destroy key", {"site": site, "year": year})

    def backup(self, path: Path, *, keys: bool = False) -> dict[str, Any]:
        """Write a backup of everything but the keys, or of the keys alone."""
        with self.writing():
            self.audit("backup", {"keys": keys})
            if keys:
                backups.backup_keys(self, path)
                return {}
            return backups.backup(self, path)

    def export_aggregates(self, path: Path) -> dict[str, Any]:
        """Write this site's aggregates to a file for its network."""
        with self.writing():
            manifest = network.export(self, path)
            self.audit("export", {"points": manifest["points"], "signals": manifest["signals"]})
        return manifest

    def take_aggregates(self, path: Path) -> dict[str, Any]:
        """Take the aggregates of a site in; they count from the next run on."""
        with self.writing():
            manifest = network.take(self, path)
            self.audit("take", {"site": manifest["site"], "points": manifest["points"]})
        return manifest

    def forget_scratch(self) -> None:
        """Remove what queries of killed commands spilled to disk."""
        shutil.rmtree(self.scratch / "duckdb", ignore_errors=True)

    # --- phenomena --------------------------------------------------------------------------

    def phenomena(self) -> list[Phenomenon]:
        """Return every statement on phenomena, in the order of writing."""
        return self.state.all(Phenomenon)

    def phenomenon(self, short: str) -> list[Phenomenon]:
        """Return the statements on the phenomenon whose id begins so, by year and writing.

        Raises:
            MissingError: none, or more than one.
        """
        found = [p for p in self.phenomena() if identifier(p.id).startswith(short.lower())]
        if len({p.id for p in found}) != 1:
            raise MissingError(
                f"{'no' if not found else 'more than one'} phenomenon with the id {short!r}",
                do="see: fanal triage phenomenon list",
            )
        return sorted(found, key=lambda p: p.year)

    def state_phenomenon(self, statement: Phenomenon) -> Phenomenon:
        """Add a statement on a phenomenon; nothing that was said before changes.

        Raises:
            ConfigError: the door does not let in what was written.
        """
        statement = replace(
            statement,
            title=written(statement.title, "title"),
            statement=written(statement.statement, "statement"),
            origin=written(statement.origin, "origin"),
        )
        self.state.append(statement)
        told = {"phenomenon": identifier(statement.id), "year": statement.year}
        self.audit("phenomenon", told, statement.who)
        return statement

    def history_of(self, short: str) -> dict[str, Any]:
        """Return a phenomenon: what was said of it, and the signals for and against by year."""
        statements = self.phenomenon(short)
        present = {signal["id"]: signal for signal in self.signals()}
        linked = self.state.all(Decision, phenomenon=statements[0].id)
        rows = {d.signal: d for d in linked if d.verdict in triage.LINKS}  # the last word counts
        return {
            "statements": [asdict(p) for p in statements],
            "signals": [
                (present.get(d.signal) or {"id": d.signal}) | {"verdict": d.verdict,
                "reason": d.reason, "who": d.who, "time": d.time}
                for d in rows.values()
            ],
        }  # fmt: skip

    def audit(self, action: str, detail: dict[str, Any], who: str | None = None) -> None:
        """Add a line to the audit log."""
        self.state.audit(who or self.who, action, detail, datetime.now(UTC))


def identifier(value: bytes) -> str:
    """Return an id as people see it: 8 base-32 characters."""
    return show(value)


@lru_cache(maxsize=4)
def _thesaurus(
    additions: Path | None, _stamp: tuple[tuple[str, int, int], ...]
) -> tuple[Thesaurus, list[ConfigError]]:
    """Return the thesaurus, and what of the observatory's own rows is left out of it."""
    return without_unusable(load(additions))


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
