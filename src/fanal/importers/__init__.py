"""Importers: from the files that people have to raw documents for the door."""

from collections.abc import Iterator
from pathlib import Path

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer
from fanal.importers.discord import Discord
from fanal.importers.feeds import Feeds
from fanal.importers.forms import Forms
from fanal.importers.fourcat import FourCat
from fanal.importers.indicators import Indicators
from fanal.importers.instagram import Instagram
from fanal.importers.lab.drug_checking import Lab
from fanal.importers.press import Press
from fanal.importers.reading.archives import Member, is_of_office, is_zip, members
from fanal.importers.reading.prose import by_words
from fanal.importers.reading.rows import kind_of
from fanal.importers.reading.signatures import Other, by_bytes, by_ending, by_program, by_shape
from fanal.importers.refi_qda import RefiQda
from fanal.importers.signal import Signal
from fanal.importers.survey import Survey
from fanal.importers.tables import Tables
from fanal.importers.telegram import Telegram
from fanal.importers.transcripts import Transcripts
from fanal.importers.whatsapp.chats import WhatsApp
from fanal.importers.zeeschuimer import Zeeschuimer
from fanal.plugins import known

BUILTIN: tuple[type[Importer], ...] = (
    Telegram,
    WhatsApp,
    Signal,
    Instagram,
    Discord,
    FourCat,
    Zeeschuimer,
    Indicators,
    Lab,
    Tables,
    Survey,
    Forms,
    Feeds,
    RefiQda,
    Press,
    Transcripts,
)
LAST = max(kind.breadth for kind in BUILTIN)  # the breadth of what reads any text
UNKNOWN = Other("in a format that is not known", "export it as CSV with a header row, or as text")


class ContestedError(ImporterError):
    """Several importers claim a file, and nothing says which is right."""

    readers: tuple[type[Importer], ...] = ()


class UnreadError(ImporterError):
    """No importer reads a file: it says what was seen in it, and what to do."""

    opaque = False  # its bytes say what it is: nobody who is named can read it either


def identify(path: File) -> type[Importer]:
    """Decide what a file is by its content, and return the importer that reads it.

    The marks of one program's export decide; then whether another program wrote it, that nobody
    reads; then what a table holds. The reader of texts comes last: it takes prose alone, and no
    file whose name says that it is something else.

    Raises:
        ContestedError: importers of the same breadth claim the file.
        UnreadError: no importer reads it.
    """
    claims = [kind for kind in known("importers", BUILTIN).values() if kind().identify(path)]
    breadth = min((kind.breadth for kind in claims), default=LAST)
    readers = tuple(kind for kind in claims if kind.breadth == breadth)
    if breadth and (other := by_bytes(path)):
        raise _unread(other, opaque=True)
    if breadth and (other := by_program(path)):
        raise _unread(other)
    if readers and breadth == LAST and (other := by_ending(path)):
        raise _unread(other)
    if not readers:
        raise _unread(by_shape(path) or by_words(path) or UNKNOWN)
    if len(readers) > 1:
        raise _contested(readers)
    return readers[0]


def _unread(other: Other, opaque: bool = False) -> UnreadError:
    error = UnreadError(other.told, do=other.do)
    error.opaque = opaque
    return error


def _contested(readers: tuple[type[Importer], ...]) -> ContestedError:
    error = ContestedError(
        f"{len(readers)} importers claim the file",
        allowed=", ".join(sorted(kind.name for kind in readers)),
        do='add importer = "…" with one of them to the source description',
    )
    error.readers = readers
    return error


def files_in(path: File) -> Iterator[tuple[File, type[Importer] | ImporterError]]:
    """Yield each file of a folder or of an archive of mixed files with its importer.

    An archive that is itself an export (a workbook, a chat with its pictures) is one file. What
    nobody reads, cannot be opened, or is claimed by two importers, comes with the error; the
    others go on.
    """
    if isinstance(path, Path) and path.is_dir():
        for below in sorted(path.rglob("*")):
            if below.is_file() and not below.name.startswith("."):
                yield from files_in(below)
        return
    decision: type[Importer] | ImporterError
    inside: list[Member] = []
    try:
        decision = identify(path)
    except UnreadError as error:
        decision = error
        try:
            inside = _files_of(path)
        except ImporterError as closed:
            decision = closed
    except ImporterError as error:
        decision = error
    if not inside:
        yield path, decision
    for member in inside:
        yield from files_in(member)


def _files_of(path: File) -> list[Member]:
    """Return the files in an archive that is no file of its own; none where it is no archive.

    Raises:
        ImporterError: it cannot be opened, or is a document of another program.
    """
    if not is_zip(path) or kind_of(path):
        return []
    if what := is_of_office(path):
        raise ImporterError(f"the file is {what}, which is not read", do="save it as PDF")
    return list(members(path))
