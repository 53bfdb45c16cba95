"""Whom a file names beside who wrote a text: people whose threads are others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fanal.errors import ImporterError
from fanal.importers.base import Issue, RawDocument, Skipped
from fanal.importers.reading.column_words import folded

MOST = 20_000  # people of a file
SHORTEST = 4  # letters of a part of a name that is looked for
_WORD = re.compile(r"[\w.]+")


class People:
    """The people of a file by the words of their names.

    Names are looked for whole and part by part; what has no space is a handle, and is one word.

    >>> people = People()
    >>> people.add(["Nadège Carpentier", "nadc_59"])
    >>> people.named_in("vu avec carpentier hier"), people.named_in("@nadc_59 a raison")
    (('Nadège Carpentier',), ('nadc_59',))
    """

    def __init__(self) -> None:
        self._by_word: dict[str, set[str]] = {}
        self._known: set[str] = set()

    def add(self, names: Iterable[str]) -> None:
        """Take the names that a record gives."""
        for name in names:
            if name in self._known or len(self._known) >= MOST:
                continue
            self._known.add(name)
            for word in [name] if len(name.split()) < 2 else name.split():
                if len(word) >= SHORTEST:
                    self._by_word.setdefault(folded(word), set()).add(name)

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return whom a text may name, in the order of their names."""
        said = {folded(word) for word in _WORD.findall(text)}
        found = {name for word in said & self._by_word.keys() for name in self._by_word[word]}
        return tuple(sorted(found))


# keys of a person as programs write one, folded and without their separators; the surest id first
_IDS = ("id", "userid", "acct", "handle", "username", "login", "screenname", "uniqueid")
_NAMES = (
    *_IDS[2:],
    *("name", "displayname", "fullname", "realname", "nickname", "nick", "pseudo"),
    *("firstname", "lastname", "givenname", "familyname", "surname", "nom", "prenom"),
)


def id_of(person: Mapping[str, object]) -> str:
    """Return what tells a person of a program's export from others; "" where nothing does.

    >>> id_of({"display_name": "Lou", "acct": "lou9@example.org"})
    'lou9@example.org'
    """
    told = _told(person)
    return next((told[key] for key in (*_IDS, *_NAMES) if key in told), "")


def names_of(person: Mapping[str, object]) -> tuple[str, ...]:
    """Return how others may call a person of a program's export: handle, names.

    >>> names_of({"id": "5", "displayName": "Lou", "acct": "lou9@example.org"})
    ('lou9', 'Lou')
    """
    told = _told(person)
    found = (told[key].lstrip("@").partition("@")[0] for key in _NAMES if key in told)
    return tuple(dict.fromkeys(name for name in found if name))


def _told(person: Mapping[str, object]) -> dict[str, str]:
    keyed = {folded(str(key)).replace("_", ""): value for key, value in person.items()}
    told = {key: str(value).strip() for key, value in keyed.items() if isinstance(value, str | int)}
    return {key: value for key, value in told.items() if value}


@dataclass(frozen=True, repr=False)
class Named:
    """Whom a record names that is no document: who joined a chat, who was added by whom."""

    chat: str | None
    names: tuple[str, ...]


def with_people(
    rows: Iterable[RawDocument | Issue | Skipped | Named],
) -> Iterator[RawDocument | Issue | Skipped]:
    """Yield rows in their order; who is only named goes with a document of the same chat.

    The door looks for the names of a document in all of its thread. A chat without a document has
    no text in which they could stand.
    """
    waiting: dict[str | None, dict[str, None]] = {}
    held: list[RawDocument | Issue | Skipped] = []  # the last document, and what followed it

    def released() -> Iterator[RawDocument | Issue | Skipped]:
        for row in held:
            names = waiting.pop(row.chat, None) if isinstance(row, RawDocument) else None
            if names and isinstance(row, RawDocument):
                row.names = tuple(dict.fromkeys((*row.names, *names)))
            yield row

    try:
        for row in rows:
            if isinstance(row, Named):
                waiting.setdefault(row.chat, {}).update(dict.fromkeys(row.names))
            elif isinstance(row, RawDocument):
                yield from released()
                held = [row]
            elif held:
                held.append(row)
            else:
                yield row
    except ImporterError:  # what was read before the damage is kept
        yield from released()
        raise
    yield from released()
