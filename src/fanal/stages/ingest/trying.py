"""A description is tried: a file is brought in as any, into tables that are thrown away."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fanal.door.pseudonyms import KeyRing
from fanal.importers.base import File
from fanal.sources import Source
from fanal.stages.ingest.files import ingest
from fanal.stages.ingest.staging import Reckoning
from fanal.storage.tables import Tables


class Trials:
    """Tables and keys in a folder that is thrown away: the same file has the same ids in it."""

    def __init__(self, folder: Path, path: File, today: date) -> None:
        self.folder, self.path, self.today = folder, path, today
        self._made = 0
        KeyRing.create(folder / "keys")

    def bring(self, source: Source) -> tuple[Tables, list[Reckoning]]:
        """Bring the file in under a description; return the tables, and what became of it."""
        self._made += 1
        scratch = self.folder / "scratch"
        tables = Tables(str(self.folder / f"tables-{self._made}"), scratch)
        files = ingest(
            tables,
            source,
            [self.path],
            keys=self.folder / "keys",
            scratch=scratch,
            processes=1,
            progress=lambda _stage, _done, _total: None,
            today=self.today,
        )
        return tables, files
