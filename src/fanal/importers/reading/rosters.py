"""Whom an export lists in a file of its own, beside those of messages: `users.json` of Slack."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.reading.archives import Member, names_in, read_whole
from fanal.importers.reading.people import People, names_of

NAME = "users.json"
LARGEST = 32 << 20  # bytes of a list that is held in memory
_PROFILES = ("profile", "user", "account")


class Roster:
    """The people that an export lists, by the ids that its messages have."""

    def __init__(self, listed: Mapping[str, tuple[str, ...]]) -> None:
        """Take id → names."""
        self._listed, self._people = listed, People()
        for names in listed.values():
            self._people.add(names)

    def names(self, id_: str, text: str) -> tuple[str, ...]:
        """Return how who wrote a text is called, and whom of the others it may name."""
        return tuple(dict.fromkeys((*self._listed.get(id_, ()), *self._people.named_in(text))))


def roster_of(path: File) -> Roster:
    """Return whom the list in the folder of a file, or in the one around it, names."""
    return Roster(next(filter(None, map(listed_in, _lists(path))), {}))


def _lists(path: File) -> Iterator[File]:
    if isinstance(path, Member):
        folder = posixpath.dirname(path.path)
        for name in (posixpath.join(at, NAME) for at in (folder, posixpath.dirname(folder))):
            if name in names_in(path.archive):
                yield Member(path.archive, name, path.depth)
    elif isinstance(path, Path):
        yield from (p for at in (path.parent, path.parent.parent) if (p := at / NAME).is_file())


def listed_in(path: File) -> dict[str, tuple[str, ...]]:
    """Return id → names of a list of people; nothing where a file is called or holds otherwise."""
    if path.name != NAME:
        return {}
    try:
        people = json.loads(read_whole(path, LARGEST))
    except (ImporterError, ValueError, RecursionError):
        return {}
    found = {}
    for person in people if isinstance(people, list) else ():
        if isinstance(person, dict) and isinstance(id_ := person.get("id"), str):
            within = [person[key] for key in _PROFILES if isinstance(person.get(key), dict)]
            found[id_] = tuple(name for each in (person, *within) for name in names_of(each))
    return found
