"""Which sources a file may be brought into: the kind of a source says who may read for it.

A file is known by its content alone, and what it holds may be no material of the source: posts are
no interview, samples no notes. Under a description that names the importer, or the columns of a
table, somebody has looked: then the file is read.
"""

from __future__ import annotations

from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers import BUILTIN, ContestedError, UnreadError
from fanal.importers.base import File, Importer
from fanal.importers.press import Press, reads_text
from fanal.importers.reading.spoken_tables import spoken_tables
from fanal.importers.survey import Survey
from fanal.importers.tables import Tables
from fanal.importers.transcripts import Transcripts
from fanal.sources import Source

_TABLES = {"lab": "lab", "official table": "indicators"}  # kinds of source that hold no text
_ASKED = ("interview", "field notes")


class Claim(NamedTuple):
    """What the files of an importer are, and the kinds of source that have such: the usual first.

    A chat may be an interview or the notes of a team; what a platform shows to all is neither.
    """

    what: str
    kinds: tuple[str, ...]


CLAIMS = {
    "telegram": Claim("an export of Telegram", ("public posts",)),
    "whatsapp": Claim("a chat of WhatsApp", ("public posts", *_ASKED)),
    "signal": Claim("a chat of Signal", ("public posts", *_ASKED)),
    "instagram": Claim("a conversation of Instagram or Messenger", ("public posts",)),
    "discord": Claim("a channel of Discord", ("public posts",)),
    "fourcat": Claim("a data set of 4CAT", ("public posts",)),
    "zeeschuimer": Claim("posts that Zeeschuimer saved", ("public posts",)),
    "indicators": Claim("a table of published figures", ("official table",)),
    "lab": Claim("a table of samples of a laboratory", ("lab",)),
    "tables": Claim("a table of posts or notes", ("public posts", "field notes", "press")),
    "survey": Claim("answers of a survey", _ASKED),
    "forms": Claim("a form of notes", _ASKED[::-1]),
    "feeds": Claim("a feed of the press", ("press", "public posts")),
    "refi-qda": Claim("a project of interviews", _ASKED),
    "press": Claim("articles of the press", ("press", "public posts")),
    "transcripts": Claim("a text, or what was recorded",
                         ("field notes", "interview", "press", "public posts")),
}  # fmt: skip


def usual_kind(importer: str) -> str:
    """Return the kind of source that usually has the files of an importer."""
    return CLAIMS[importer].kinds[0] if importer in CLAIMS else "public posts"


def reader(source: Source, decision: type[Importer] | ImporterError, path: File) -> str:
    """Return the importer that reads a file of a source.

    What the description names; the laboratory's for a laboratory, and that of figures for official
    tables, unless an importer from outside claims the file: they have no text, and readers of texts
    would make some of a table in a document. A page or a print is no article where
    interviews or notes are brought in, and a text is one where the press is: days that it tells of
    begin no parts, and who is asked in it speaks no turns. A table in which people speak in turn is
    an interview.

    Raises:
        ImporterError: nobody reads it, it cannot be opened, or it is no material of the source.
    """
    contested = isinstance(decision, ContestedError)
    contested |= isinstance(decision, UnreadError) and not decision.opaque
    if source.importer and (contested or not isinstance(decision, ImporterError)):
        return source.importer
    if source.kind in _TABLES and (contested or decision in BUILTIN):
        return _TABLES[source.kind]
    readers = decision.readers if isinstance(decision, ContestedError) else (decision,)
    if source.kind in _ASKED and {Tables, Survey}.intersection(readers) and spoken_tables(path)[0]:
        return "transcripts"
    if isinstance(decision, ContestedError):
        fitting = [kind for kind in decision.readers if _fits(source, kind.name)]
        if len(fitting) == 1:
            return fitting[0].name
    if isinstance(decision, ImporterError):
        raise decision
    if source.kind in _ASKED and decision is Press:
        return "transcripts"
    if source.kind == "press" and decision is Transcripts and reads_text(path):
        return "press"
    if not _fits(source, decision.name):
        what, kinds = CLAIMS[decision.name]
        raise ImporterError(
            f"the file looks like {what}, and the source is of the kind {source.kind!r}",
            do=f'bring it in under a source with kind = "{kinds[0]}", or add importer = '
            f'"{decision.name}" to the description if it is what the source has',
        )
    return decision.name


def _fits(source: Source, importer: str) -> bool:
    claim = CLAIMS.get(importer)
    mapped = importer == "tables" and bool(source.mapping)
    return claim is None or mapped or source.kind in claim.kinds
