"""Importers: from the files that people have to raw documents for the door."""

from collections.abc import Iterator
from functools import cache
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
from fanal.importers.reading.archives import is_of_office, is_zip, members
from fanal.importers.reading.rows import kind_of
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


class ContestedError(ImporterError):
    """Two importers claim a file."""


@cache  # asking for entry points walks every installed package
def _known() -> tuple[type[Importer], ...]:
    return tuple(known("importers", BUILTIN).values())


def identify(path: File) -> type[Importer] | None:
    """Return the importer whose format a file's content has, the narrowest one; None if none.

    Raises:
        ContestedError: two importers of the same breadth claim the file.
    """
    claims = [kind for kind in _known() if kind().identify(path)]
    breadth = min((kind.breadth for kind in claims), default=0)
    narrow = [kind for kind in claims if kind.breadth == breadth]
    if len(narrow) > 1:
        raise ContestedError(
            "two importers claim the file",
            allowed=", ".join(sorted(kind.name for kind in narrow)),
            do='add importer = "…" with one of them to the source description',
        )
    return narrow[0] if narrow else None


def files_in(path: File) -> Iterator[tuple[File, type[Importer] | ImporterError | None]]:
    """Yield each file of a folder or of an archive of mixed files with its importer.

    An archive that is itself an export (a workbook, a chat with its pictures) is one file. What
    cannot be opened, or is claimed by two importers, comes with the error; the others go on.
    """
    if isinstance(path, Path) and path.is_dir():
        for below in sorted(path.rglob("*")):
            if below.is_file() and not below.name.startswith("."):
                yield from files_in(below)
        return
    try:
        importer = identify(path)
        opened = not importer and is_zip(path) and not kind_of(path)
        if opened and (what := is_of_office(path)):
            raise ImporterError(f"the file is {what}, which is not read", do="save it as PDF")
        inside = list(members(path)) if opened else []
    except ImporterError as error:
        yield path, error
        return
    if not inside:
        yield path, importer
    for member in inside:
        yield from files_in(member)
