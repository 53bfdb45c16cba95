"""REFI-QDA projects and codebooks, the exchange format of qualitative analysis programs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import (
    Member,
    head,
    is_zip,
    names_in,
    open_archive,
    open_input,
    open_member,
)
from fanal.importers.reading.dates import Moment, read_date
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.openings import date_in_name
from fanal.importers.reading.rows import sniffed
from fanal.importers.reading.writings import paragraphs_in
from fanal.importers.transcripts import Transcripts

_SOURCES = frozenset(("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource"))
_COUNTED = {"Code": "code", "Coding": "coding", "Note": "memo", "Case": "case"}
_NAMESPACE = re.compile(r"urn:QDA-XML:(?:project|codebook):")


@dataclass
class _Source:
    """A source of a project: where its text is, or the text itself."""

    name: str = ""
    created: str = ""
    paths: list[str] = field(default_factory=list)
    content: str = ""


@dataclass
class _Project:
    """What a project file says: its sources, its users' names, and how much of the rest."""

    sources: list[_Source] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class RefiQda(Importer):
    """Reads the text sources of REFI-QDA projects (`.qdpx`) and the codes of codebooks (`.qdc`).

    Use it for projects of ATLAS.ti, MAXQDA, NVivo, QualCoder, Quirkos and others. Each text source
    is a thread and comes in as turns of speakers or paragraphs, as `transcripts` reads them.

    Parameters
    ----------
    date : str
        Day, month or year of sources that name none, in their text or their name.
    date_order : str
        "dmy" or "mdy" for dates such as 03/04/2025; "" to go by the language of the text.

    Examples
    --------
    In a source description::

        importer = "refi-qda"
        kind = "interview"

    Limits
    ------
    Codes, codings, memos and cases are counted as skipped by rule. Pictures, sound and PDF without
    a text are not read, texts that lie outside the project are not opened. Where a source names no
    date, the day on which it was added to the project stands for it.
    """

    name: ClassVar[str] = "refi-qda"

    date: str = ""
    date_order: str = ""

    def identify(self, path: File) -> bool:
        if is_zip(path):
            return any(re.fullmatch(r"[^/]+\.qde", name) for name in names_in(path))
        start = sniffed(head(path, 4096)).lstrip("\ufeff \r\n\t")
        return start.startswith("<") and bool(_NAMESPACE.search(start))

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        if not is_zip(path):
            with open_input(path) as stream:
                project = _parse(stream)
            yield from _skipped(project)
            return
        with open_archive(path) as archive:
            names = archive.namelist()
            written = [name for name in names if re.fullmatch(r"[^/]+\.qde", name)]
            if len(written) != 1:
                raise ImporterError("no project in the archive", do="export the project again")
            with open_member(archive, written[0]) as stream:
                project = _parse(stream)
        by_name = {name.lower(): name for name in names}
        records = 0
        for source in project.sources:
            for row in self._source(path, source, by_name, records + 1, project.users):
                if isinstance(row, RawDocument):
                    records += 1
                    row.record = records
                elif isinstance(row, Issue) and row.level == "error":
                    records += 1
                yield row
        if not project.sources:
            yield Issue("no text in the project", 1, hint="export the sources too", level="warning")
        yield from _skipped(project)

    def _source(
        self, path: File, source: _Source, by_name: dict[str, str], record: int, users: list[str]
    ) -> Iterator[RawDocument | Issue | Skipped]:
        inside = [
            by_name[f"sources/{location[11:]}".lower()]
            for location in source.paths
            if location.startswith("internal://") and f"sources/{location[11:]}".lower() in by_name
        ]
        try:
            if source.content:
                paragraphs = re.split(r"\n\s*\n|\r\n\s*\r\n", source.content)
            elif inside:
                paragraphs = paragraphs_in(Member(path, inside[0]))
            elif source.paths:
                yield Issue(
                    "text not in the project",
                    record,
                    hint="the source lies elsewhere: export the project with its sources",
                )
                return
            else:
                yield Skipped("source without text")
                return
        except ImporterError as error:
            yield Issue("source not readable", record, hint=error.what)
            return
        reader = Transcripts(date=self.date, date_order=self.date_order)
        given: Moment | None = date_in_name(source.name, self.date_order) or read_date(self.date)
        created = read_date(source.created)
        rows = reader.written(
            path.name, source.name or path.stem, paragraphs, given or created, users
        )
        yield from rows


def _skipped(project: _Project) -> Iterator[Skipped]:
    for rule, count in sorted(project.counts.items()):
        yield Skipped(rule, count)


def _parse(stream: IO[bytes]) -> _Project:
    """Read a project or codebook; no entity is resolved, nothing outside is opened."""
    from defusedxml.ElementTree import iterparse

    project = _Project()
    source: _Source | None = None
    with foreign("project"):
        for step, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            name = element.tag.rpartition("}")[2]
            if step == "start":
                if name in _COUNTED:
                    project.counts[_COUNTED[name]] += 1
                if name in _SOURCES:
                    source = _Source(element.get("name", ""), element.get("creationDateTime", ""))
                    _note_paths(element, source)
                elif name in ("Representation", "Transcript") and source:
                    _note_paths(element, source)
                elif name == "User" and element.get("name"):
                    project.users.append(element.get("name", ""))
                continue
            if name == "PlainTextContent" and source and not source.content:
                source.content = element.text or ""
            if name in _SOURCES and source:
                project.sources.append(source)
                source = None
            element.clear()
    return project


def _note_paths(element: Any, source: _Source) -> None:
    """Note where the text is: plain before rich, which may be in a program's own dialect."""
    for key in ("plainTextPath", "richTextPath"):
        if location := element.get(key):
            source.paths.append(location)
