"""What people do with an observatory: each verb of the command line and of the pages.

`fanal.open` opens a `Workspace`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fanal import pipeline, sources
from fanal.answers import arrivals, documents, ends, evidence
from fanal.answers.arrivals import SourceHistory, Status
from fanal.answers.behind import Behind
from fanal.answers.sites import Manifest
from fanal.coding.names.spellings import usable
from fanal.coding.names.vocabulary import Vocabulary
from fanal.door import renaming
from fanal.door.desk import Act, Review, Waiting
from fanal.door.pseudonyms import KeyRing, show
from fanal.door.words import written
from fanal.errors import ConfigError, ConflictError, MissingError
from fanal.importers.base import File
from fanal.observatory import Observatory
from fanal.people import triage, verdicts
from fanal.people.triage import SignalRow
from fanal.publishing import assertions, composing
from fanal.records import Coding, Decision, Document, Memo, Phenomenon
from fanal.series import budgeted, halves
from fanal.stages import confirming
from fanal.stages.ingest import files, redescribing
from fanal.stages.ingest.reviewing import Table
from fanal.stages.runs import Outcome
from fanal.storage import search
from fanal.thesaurus import Alias, Substance, add, remove
from fanal.upkeep import backups, check, erasing, network

if TYPE_CHECKING:
    from fanal.coding.names.discovery import Suggestion
    from fanal.stages.ingest.staging import Told


class Workspace(Observatory):
    """An open observatory with everything that people do in it."""

    def recover(self) -> None:
        """Finish or clear what a killed run left."""
        files.recover(self.tables, self.scratch)
        super().recover()
        erasing.recover(self)
        confirming.recover(self)

    # --- stages -----------------------------------------------------------------------------

    def ingest(
        self,
        paths: Sequence[File],
        source: str,
        *,
        dry_run: bool = False,
        replace: bool = False,
        pseudonyms: File | None = None,
    ) -> list[files.Reckoning]:
        """Bring files of a source in through the door; they may `replace` other records.

        Where a person looks first they wait (`confirming`), people under the names that a table of
        `pseudonyms` gives them.

        Raises:
            ConfigError: the table is none, or nobody looks at this source.
        """
        description = self.source(source)
        desk = None
        if description.reviewed:
            named = renaming.read(pseudonyms) if pseudonyms else {}
            now = datetime.now(UTC)
            desk = Table(confirming.desk(self), now, self.settings.review_days, named)
        elif pseudonyms:
            raise ConfigError(
                "a table of pseudonyms is for texts that a person looks at",
                where=source,
                do='add review = "required" to the source description',
            )
        with self.writing():
            found = files.ingest(
                self.tables,
                description,
                paths,
                keys=self.keys,
                scratch=self.scratch,
                processes=self.processes,
                progress=self.progress,
                today=datetime.now(UTC).date(),
                dry_run=dry_run,
                replace=replace,
                desk=desk,
            )
            if not dry_run:
                numbers = {"source": source, "files": len(found)}
                numbers["documents"] = sum(r.documents for r in found)
                if waiting := sum(r.waiting for r in found):
                    numbers["waiting"] = waiting
                if replace:
                    numbers["replaced"] = sum(r.replaced for r in found)
                self.audit("ingest", numbers)
        return found

    def told(self, source: str) -> list[Told]:
        """Return what the latest ingest of a source told of its files, the worst first."""
        return files.told(self.tables, source)

    def waiting(self) -> list[Waiting]:
        """Return what waits for a person to look at it."""
        return confirming.waiting(self)

    def review(self, short: str) -> Review:
        """Open what waits under an id that begins so; that it was read is kept."""
        found = confirming.opened(self, short)
        self.audit("read", {"review": found.waiting.id, "texts": len(found.turns)})
        return found

    def decide_review(self, short: str, acts: Sequence[Act]) -> Review:
        """Add decisions to a review."""
        return confirming.decide(self, short, acts)

    def undo_review(self, short: str, seen: int | None = None) -> Review:
        """Take the last decision on a review back."""
        return confirming.undo(self, short, seen)

    def confirm_review(
        self, short: str, *, seen: int | None = None, replace: bool = False
    ) -> files.Reckoning | None:
        """Store what was decided; None where another person must read it too."""
        return confirming.confirm(self, short, seen=seen, replacing=replace)

    def pass_review_on(self, short: str, seen: int) -> bool:
        """Hand a review to a second reader; False where nobody else is to read it."""
        return confirming.pass_on(self, short, seen)

    def destroy_review(self, short: str, seen: int | None = None) -> Waiting:
        """Destroy what waits; nothing of it is stored."""
        return confirming.destroy(self, short, seen)

    def code(self) -> Outcome:
        """Code what is not yet coded; what is coded can be searched."""
        return pipeline.code(self)

    def detect(self, as_of: date | None = None) -> Outcome:
        """Count, and let the detectors look."""
        return pipeline.detect(self, as_of)

    def run(self) -> list[Outcome]:
        """Code, apply retention, count and detect: everything after ingest."""
        return pipeline.run(self)

    def prepare(self) -> None:
        """Make the figures that look at whole tables, so that no page waits for them."""
        pipeline.prepare(self)

    def add_source(self, text: str) -> sources.Source:
        """Add a source description, given as TOML.

        Raises:
            ConfigError: it is wrong, or there is one of that name.
        """
        source = sources.parse(text, "source")
        for error in sources.objections(source):
            raise error
        files.check_parameters(source)
        path = self._description(source)
        if path.exists():
            raise ConfigError(f"a source called {source.name!r} is here already", where=path.name)
        path.write_text(text, "utf-8")
        self.sources, self._wrong_sources = sources.usable(self.folder / "sources")
        self.audit("source", {"name": source.name})
        return source

    def source_text(self, name: str) -> str:
        """Return a source description as it is written."""
        return self._description(self.source(name)).read_text("utf-8")

    def change_source(self, name: str, text: str) -> sources.Source:
        """Write another description of a source; what is stored is not changed by it.

        Raises:
            ConfigError: it is wrong, or of another name.
        """
        before = self.source(name)
        after = redescribing.checked(text, before)
        path = self._description(before)
        with self.writing():
            fresh = path.with_suffix(".new")
            fresh.write_text(text, "utf-8")
            fresh.replace(path)
            self.sources, self._wrong_sources = sources.usable(self.folder / "sources")
            changed = redescribing.changed(before, after)
            self.audit("source", {"name": name, "changed": changed})
        return after

    def _description(self, source: sources.Source) -> Path:
        return self.folder / "sources" / f"{source.name}.toml"

    # --- the thesaurus ----------------------------------------------------------------------

    def add_to_thesaurus(self, row: Alias | Substance) -> Alias | Substance:
        """Add a name or a substance; what it changes in the past is coded by the next run."""
        if isinstance(row, Alias):
            row = replace(row, first_seen=datetime.now(UTC).date().isoformat())
            usable([row.alias])
        else:
            usable([row.label_fr, row.label_en])
        self.additions.mkdir(exist_ok=True)
        add(self.additions, row)
        self.audit("thesaurus", {"added": asdict(row)})
        return row

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
        told = {half for row in signals for half in halves(row["concept"])}
        return ", ".join([*found, *["signals"] * (f"substance={substance}" in told)])

    def suggest(self, limit: int) -> list[Suggestion]:
        """Return words of the public posts that may be names, each with a passage."""
        from fanal.coding.names.discovery import suggest  # its statistics take a while to load

        documents = self.tables.query(
            "SELECT text, day FROM current_documents WHERE text <> '' ORDER BY day, id"
        )
        vocabulary = Vocabulary.load(self.thesaurus())
        texts = documents.column("text")
        rows = []
        for found in suggest(documents, vocabulary, limit=limit):
            row, start, stop = found.examples[0]
            text = texts[row].as_py()
            passage = text[max(0, start - 40) : stop + 40].replace("\n", " ")
            rows.append(replace(found, example=passage))
        return rows

    # --- judgement --------------------------------------------------------------------------

    def session(self, state: str | None = None) -> list[SignalRow]:
        """Return what one triage session looks at: signals of late, by rank, within the budget.

        Sources that fell silent come on top of it: they tell what the others may be missing.
        """
        since = ends.last_day(self) - timedelta(weeks=self.settings.horizon)
        recent = [signal for signal in self.signals(state) if signal.last >= since]
        ranked = [signal for signal in recent if budgeted(signal.parameters)]
        on_top = [signal for signal in recent if not budgeted(signal.parameters)]
        return ranked[: self.settings.budget] + on_top

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
        present = len(self.state.all(Decision, signal=signal.id))
        late = ConflictError(
            "somebody decided on this signal meanwhile", do="read their decision, then decide"
        )
        if seen not in (None, present):
            raise late
        decision = triage.decide(
            signal,
            signal.state,
            verdict,
            written(reason, "reason"),
            who or self.who,
            datetime.now(UTC),
            harm=harm,
            quality=quality,
            phenomenon=phenomenon,
        )
        if not self.state.append_after(decision, present, signal=signal.id):
            raise late
        self.audit("decide", {"signal": show(signal.id), "verdict": verdict}, who)
        return decision

    def evidence(self, short: str, sites: Collection[str] | None = None) -> Behind:
        """Return a signal with what stands behind it and what was decided.

        Excerpts are of these sites alone, or of all.
        """
        return evidence.behind(self, short, sites)

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
        assertions.check(self)
        edition = composing.bulletin(self, last, first)
        return composing.publish(self, edition, to, self.settings.formats, public=public)

    # --- documents --------------------------------------------------------------------------

    def search_documents(self, question: search.Question) -> search.Answer:
        """Return the documents that a question names; that their passages were read is kept."""
        answer = self.search.ask(question)
        if answer.hits:
            self.audit("read", {"documents": [show(hit.id) for hit in answer.hits]})
        return answer

    def read_document(self, document: Document) -> documents.Reading:
        """Return a document (`documents.about`) with its codes, notes and neighbours."""
        found = documents.read(self, document)
        read = [document.id, *(one.id for one in (*found.before, *found.after))]
        self.audit("read", {"documents": [show(one) for one in read]})
        return found

    def correct(
        self, document: Document, verdict: str, kind: str, start: int, stop: int, concept: str
    ) -> Coding:
        """Say that a code is right or wrong, or add one; counts follow with the next run."""
        now = datetime.now(UTC)
        return documents.correct(self, document, verdict, kind, start, stop, concept, now)

    def note(self, document: Document, text: str) -> Memo:
        """Write a note on a document."""
        return documents.note(self, document, text, datetime.now(UTC))

    # --- upkeep -----------------------------------------------------------------------------

    def source_history(self, name: str) -> SourceHistory:
        """Return what came in of a source, and what went wrong."""
        self.source(name)
        return arrivals.history(self, name)

    def status(self) -> Status:
        """Return what is in, what waits and what went wrong."""
        return arrivals.status(self)

    def check(self) -> list[check.Check]:
        """Return what `fanal check` found."""
        return check.check(self)

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

    def backup(self, path: Path, *, keys: bool = False) -> backups.Inventory | None:
        """Write a backup of everything but the keys, or of the keys alone."""
        with self.writing():
            self.audit("backup", {"keys": keys})
            if keys:
                backups.backup_keys(self, path)
                return None
            return backups.backup(self, path)

    @classmethod
    def restore(cls, path: Path, folder: Path, *, replace: bool = False) -> backups.Inventory:
        """Bring a backup back into a folder (`backups.restore`); returns what it holds."""
        return backups.restore(cls, path, folder, replace=replace)

    def export_aggregates(self, path: Path) -> Manifest:
        """Write this site's aggregates to a file for its network."""
        with self.writing():
            manifest = network.export(self, path)
            self.audit("export", {"points": manifest.points, "signals": manifest.signals})
        return manifest

    def take_aggregates(self, path: Path) -> Manifest:
        """Take the aggregates of a site in; they count from the next run on."""
        with self.writing():
            manifest = network.take(self, path)
            self.audit("take", {"site": manifest.site, "points": manifest.points})
        return manifest

    # --- phenomena --------------------------------------------------------------------------

    def phenomenon(self, short: str) -> list[Phenomenon]:
        """Return the statements on the phenomenon whose id begins so, by year and writing.

        Raises:
            MissingError: none, or more than one.
        """
        found = [p for p in self.phenomena() if show(p.id).startswith(short.lower())]
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
        told = {"phenomenon": show(statement.id), "year": statement.year}
        self.audit("phenomenon", told, statement.who)
        return statement

    def history_of(self, short: str) -> triage.History:
        """Return a phenomenon: what was said of it, and the signals for and against."""
        statements = self.phenomenon(short)
        present = {signal.id: signal for signal in self.signals()}
        linked = self.state.all(Decision, phenomenon=statements[0].id)
        last = {d.signal: d for d in linked if d.verdict in verdicts.LINKS}
        return triage.History(
            tuple(statements),
            tuple(triage.Tie(d, present.get(d.signal)) for d in last.values()),
        )
