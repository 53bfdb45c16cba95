"""Words in a record that its importer does not know: told by the name of their key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fanal.importers.base import Issue

WORTH = 40  # characters, from which what is under an unknown key is told
DEEPEST = 12  # levels
NAMED = 40  # columns that are named where they are not read
LONGEST = 60  # characters of the name of one
_SPOKEN = re.compile(r"[^\W\d_]+\W{1,4}[^\W\d_]+")  # two words: no id, no path, no picture
_KEY = re.compile(r"[A-Za-z_][\w-]{0,39}")
_SAYING = (
    "text",
    "title",
    "heading",
    "question",
    "description",
    "caption",
    "value",
    "body",
    "name",
)


class Unread:
    """Counts what stands in the columns of a table of which nothing is read, and names them once.

    A column in which words stand that must not be lost is told by itself, as a warning.
    """

    def __init__(self, columns: Iterable[str], table: Iterable[str] = ()) -> None:
        """Take the columns of which nothing is read, and all that the table has.

        Objects of JSON may have keys that the first of them, by which columns are known, have not.
        """
        self._filled = dict.fromkeys(columns, 0)
        self._spoken = dict.fromkeys(self._filled, 0)
        self._table = frozenset(table)

    def see(self, row: Mapping[str, object]) -> None:
        """Look at a row."""
        for name in row.keys() - self._table if self._table else ():
            self._filled.setdefault(name, 0)
            self._spoken.setdefault(name, 0)
        for name in self._filled:
            cell = row.get(name)
            if cell is not None and cell != "" and (not isinstance(cell, str) or cell.strip()):
                self._filled[name] += 1
                nested = isinstance(cell, dict | list) and sum(map(len, spoken_in(cell))) >= WORTH
                if nested or (isinstance(cell, str) and is_worth_telling(cell)):
                    self._spoken[name] += 1

    def told(self, header: int, remedy: str) -> Iterator[Issue]:
        """Yield what was not read: `remedy` says what to do about it."""
        words = [n for n, filled in self._filled.items() if 2 * self._spoken[n] > filled]
        for name in words:
            hint = f"words stand in {self._spoken[name]} rows of it and are not read; {remedy}"
            yield Issue("text not read", header, name, hint, "warning")
        left = {n: filled for n, filled in self._filled.items() if filled and n not in words}
        if left:
            yield columns_not_read(header, left, remedy)


def columns_not_read(header: int, filled: Mapping[str, int], remedy: str) -> Issue:
    """Return the note that names columns of which nothing is read, with the rows they fill."""
    names = [f"{name[:LONGEST]} ({rows})" for name, rows in filled.items()]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    hint = f"{' | '.join(names[:NAMED])}{more}: rows in which something stands; {remedy}"
    return Issue("columns not read", header, hint=hint, level="note")


def unread(record: object, known: Collection[str]) -> str | None:
    """Return the first key, `known` ones apart, under which words stand; None where none do."""
    if not isinstance(record, Mapping):
        return None
    for key, value in record.items():
        if key not in known and sum(map(len, spoken_in(value, 0))) >= WORTH:
            return str(key)
    return None


def not_read(record: int, key: str) -> Issue:
    """Return the issue that tells of words under a key that is not known."""
    hint = "words stand under a key that is not known, and nothing else was found: please report it"
    return Issue("text not read", record, key if _KEY.fullmatch(key) else "", hint)


@dataclass
class Beside:
    """Words under keys that are not known, beside a text that is: told once a key."""

    known: Collection[str]
    counts: Counter[str] = field(default_factory=Counter)

    def see(self, record: object) -> None:
        """Look at a record of which a text was read."""
        if key := unread(record, self.known):
            self.counts[key] += 1

    def issues(self) -> Iterator[Issue]:
        """Yield a warning for each key."""
        for key, count in self.counts.items():
            hint = f"{count} records have words under this key, beside the text: please report it"
            yield Issue("text not read", 1, key if _KEY.fullmatch(key) else "", hint, "warning")


def words_in(value: object, keys: Collection[str] = _SAYING, depth: int = 0) -> Iterator[str]:
    """Yield the words of a nested value, in its order: what stands under the usual keys."""
    if isinstance(value, str) and depth:
        if value.strip():
            yield value.strip()
    elif isinstance(value, list) and depth < DEEPEST:
        for each in value:
            yield from words_in(each, keys, depth + 1)
    elif isinstance(value, Mapping) and depth < DEEPEST:
        for key, each in value.items():
            if key in keys or isinstance(each, dict | list):
                yield from words_in(each, keys, depth + 1)


def is_worth_telling(text: str) -> bool:
    """Say whether a text is words that must not be lost: no id, no path, no address."""
    return len(text) >= WORTH and sum(map(len, spoken_in(text))) > 0


def spoken_in(value: object, depth: int = 0) -> Iterator[str]:
    """Yield the texts of a value, at any depth, that are words and no address."""
    if isinstance(value, str):
        if _SPOKEN.search(value) and "://" not in value[:12]:
            yield value
    elif depth < DEEPEST and isinstance(value, Mapping):
        for each in value.values():
            yield from spoken_in(each, depth + 1)
    elif depth < DEEPEST and isinstance(value, list):
        for each in value:
            yield from spoken_in(each, depth + 1)
