"""Transcripts kept as a table: a column of who speaks, or a column for each who speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.base import File, Issue, Skipped
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.looks import looks_of
from fanal.importers.reading.residue import Unread
from fanal.importers.reading.rows import Cells, Table, as_text, kind_of, open_sheets
from fanal.importers.reading.sounds import is_sound
from fanal.importers.reading.speakers import is_name_like, is_role, words_for
from fanal.importers.reading.turns import TURN, Turn
from fanal.importers.reading.usual_names import texts

MOST = 0.9  # of the rows, in which one alone speaks
_SHEETS = ("delimited", "xlsx", "xls", "ods")


class Spoken(NamedTuple):
    """Who speaks in a table: the column that names them and that of the words, or one for each."""

    table: Table
    who: str
    words: tuple[str, ...]


def spoken_tables(path: File) -> tuple[list[Spoken], list[Table]]:
    """Return the sheets of a file in which people speak in turn, and the others."""
    if kind_of(path) not in _SHEETS:
        return [], []
    try:
        pages = open_sheets(path)
    except ImporterError:  # who reads tables says what is wrong
        return [], []
    found = [(page, _named(page) or _across(page)) for page in pages]
    return [said for _, said in found if said], [page for page, said in found if not said]


def turns_in(spoken: Spoken) -> Iterator[Turn | Issue | Skipped]:
    """Yield what one says until another speaks; what is in no such column is told."""
    label, said, sounds = "", list[str](), 0
    unread = Unread(n for n in spoken.table.columns if n not in (spoken.who, *spoken.words))
    for found in spoken.table.rows():
        if not isinstance(found, tuple):
            yield found
            continue
        unread.see(found[1])
        for who, words in _said_in(spoken, found[1]):
            if is_sound(words):
                sounds += 1
                continue
            if said and (who != label or sum(map(len, said)) > TURN):
                yield Turn(label, "\n".join(said))
                said = []
            label = who
            said.append(words)
    if said:
        yield Turn(label, "\n".join(said))
    if sounds:
        yield Skipped("note of a sound", sounds)
    yield from unread.told(spoken.table.header, "they are not what somebody says")


def _said_in(spoken: Spoken, row: Cells) -> Iterator[tuple[str, str]]:
    """Yield who says what in a row."""
    for column in spoken.words:
        if said := as_text(row.get(column)):
            yield as_text(row.get(spoken.who)) if spoken.who else column, said


def _named(page: Table) -> Spoken | None:
    """Find the column of who speaks: it is called so, and who speaks in it speaks again."""
    looks = looks_of(page)
    if any(look.is_date for look in looks):
        return None  # posts and notes have days; a recording has times
    for look in looks:
        if folded(look.name) not in words_for("who_speaks"):
            continue
        counts = Counter(look.texts)
        again = sum(count > 1 for count in counts.values())
        if again < min(2, len(counts)) or not all(is_role(n) or is_name_like(n) for n in counts):
            continue
        usual = {*texts()["body"], "transcript", "transcription"}
        words = [c for c in looks if c.name != look.name and folded(c.name) in usual]
        words = words or [c for c in looks if c.is_text]
        if words:
            return Spoken(page, look.name, (words[0].name,))
    return None


def _across(page: Table) -> Spoken | None:
    """Find a column for each who speaks: roles are above them, and one speaks in each row."""
    roles = [name for name in page.columns if len(name) > 1 and is_role(name)]
    rows = [[as_text(row.get(name)) for name in roles] for row in page.first]
    rows = [row for row in rows if any(row)]
    alone = sum(sum(map(bool, row)) == 1 for row in rows)
    heard = sum(any(row[n] for row in rows) for n in range(len(roles)))
    worded = sum(len(" ".join(row).split()) > 1 for row in rows)
    if heard < 2 or alone < MOST * len(rows) or worded < len(rows) / 2:
        return None
    return Spoken(page, "", tuple(roles))
