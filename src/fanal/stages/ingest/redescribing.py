"""What another description of a source does to what is stored, told before it is written.

What is stored was read under the description of then and is never changed by another one: it says
how files are read from now on. So a change of how they are read does nothing to what came in, and
may bring the same records in a second time when a file is sent again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from fanal.errors import ConfigError
from fanal.importers.base import File
from fanal.sources import Source, objections, parse
from fanal.stages.ingest.trying import Trials
from fanal.storage.tables import Tables

_WORDS = ("title", "publisher", "legal_basis", "licence", "link", "invented")
_DAYS = ("date", "date_order", "time")  # parameters and roles that decide on days
_IDS = (
    "message",
    "chat",
    "reference",
    "author",
    "name",
    "area",
    "period",
)  # roles of what records are

_HERE = """
SELECT (SELECT count(*) FROM current_documents WHERE source = $source) AS documents,
       (SELECT count(*) FROM samples WHERE source = $source) AS samples,
       (SELECT count(*) FROM indicators WHERE source = $source) AS figures,
       (SELECT count(*) FROM current_documents) AS every,
       (SELECT count(*) FROM current_documents WHERE source = $source AND day < $oldest) AS past
"""
_ROWS = """
SELECT id, 'document' AS what, thread, day, kind, site, text AS says FROM current_documents
UNION ALL
SELECT id, 'sample', NULL, day, '', site, coalesce(sold_as_label, '') FROM samples
UNION ALL
SELECT CAST(concat_ws('|', name, area, period, step, unit, substance) AS BLOB), 'figure', NULL,
       period, '', '', CAST(value AS VARCHAR)
FROM indicators
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One key of a description that is changed, and what that does."""

    key: str
    before: Any
    after: Any
    does: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A file under two descriptions: records by what becomes of them."""

    before: int  # records of the file under the description of now
    after: int
    same: int  # with the same id: taken for what is stored
    thread: int  # of these, in another thread
    day: int  # on another day
    kind: int  # of another kind or site
    text: int  # with another text: a new version
    twice: int  # with an id of their own: stored beside what is stored


def edited(text: str, given: Mapping[str, str]) -> str:
    """Return a description, as TOML, with keys set; "" takes a key out. Comments stay.

    A value is TOML, else a plain word; `parameters.date_order` reaches into a table.

    Raises:
        ConfigError: a key goes through something that is no table.
    """
    document = tomlkit.parse(text)
    for key, value in given.items():
        *tables, last = key.split(".")
        place: Any = document
        for name in tables:
            if name not in place:
                place[name] = tomlkit.table()
            place = place[name]
            if not isinstance(place, Mapping):
                raise ConfigError(f"{name} is no table", where=key, do=f"set {name} itself")
        if value:
            place[last] = value_of(value)
        elif last in place:
            del place[last]
        if tables and not place:
            del document[tables[0]]
    return tomlkit.dumps(document)


def value_of(text: str) -> Any:
    """Return what a person typed as TOML reads it, else as the word that it is."""
    try:
        return tomlkit.value(text)
    except TOMLKitError:
        return text


def checked(text: str, source: Source) -> Source:
    """Return the description that replaces another.

    Raises:
        ConfigError: it is wrong, or of another name: what is stored carries the name.
    """
    after = parse(text, f"{source.name}.toml")
    if after.name != source.name:
        raise ConfigError(
            "the name of a source cannot change",
            where=f"{source.name}.toml",
            do="what is stored carries it; describe another source: fanal source add",
        )
    for error in objections(after):
        raise error
    return after


def changes(tables: Tables, before: Source, after: Source, today: date) -> list[Change]:
    """Return what is changed, key by key, and what that does to what is stored."""
    [here] = tables.rows(_HERE, {"source": before.name, "oldest": after.oldest(today)})
    one, other = _flat(before), _flat(after)
    return [
        Change(key, one.get(key), other.get(key), _does(key, one.get(key), here))
        for key in changed(before, after)
    ]


def changed(before: Source, after: Source) -> list[str]:
    """Return the keys of a description, as `parameters.date_order`, that are another's."""
    one, other = _flat(before), _flat(after)
    return [key for key in dict.fromkeys((*one, *other)) if one.get(key) != other.get(key)]


def _flat(source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in source.model_dump(exclude_none=True).items():
        found |= (
            {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, dict) else {key: value}
        )
    return found


def _does(key: str, before: Any, here: Mapping[str, int]) -> str:
    """Say what a change of a key does."""
    table, _, role = key.rpartition(".")
    stored = ", ".join(
        f"{here[what]} {what}" for what in ("documents", "samples", "figures") if here[what]
    )
    stored = stored or "nothing"
    keeps = f"{stored} stored keep what they have; it holds for what comes in from now on"
    if key in _WORDS:
        return "pages and publications say it at once; nothing that is stored changes"
    if table == "assertions":
        return "checked before the next publication; nothing that is stored changes"
    if key == "retention_months":
        return (
            f"the next run erases {here['past']} documents that are older; what was erased before "
            "does not come back"
        )
    if key == "country":
        return (
            f"coding is stale: the next run codes all {here['every']} documents of the observatory "
            f"anew, then counts and detects; {keeps}"
        )
    if key in ("kind", "site"):
        return (
            f"{stored} stored keep {key} = {before!r}, and series of it; small numbers are "
            "withheld by the new one at once; files that are in are not read again"
        )
    if key in ("review", "review_reason", "second_reader"):
        return f"{keeps}; what waits for a review is reviewed as it was brought in"
    if key in ("zone", "coarsening.time", "coarsening.place"):
        return f"{keeps}; files that are in are not read again"
    again = "a file that is in is read again when it is sent again, and"
    if key == "ids" or role in _IDS or key == "importer":
        return (
            f"ids change: {stored} stored stay; {again} its records are stored a second time; "
            "erase the source first (fanal erase --source), or try the change with a file (--with)"
        )
    if role in _DAYS:
        return (
            f"{stored} stored keep their days: {again} its records are known by their ids and left "
            "out, or stored a second time where ids are made of the day; erase the source first "
            "(fanal erase --source), or try the change with a file (--with)"
        )
    return f"{keeps}; {again} what it says otherwise is a new version"


def compared(before: Source, after: Source, path: File, today: date) -> Compared:
    """Bring a file in under both descriptions, into tables that are thrown away, and compare."""
    with tempfile.TemporaryDirectory(prefix="fanal-edit-") as folder:
        trials = Trials(Path(folder), path, today)
        one, other = (  # how long texts are kept is no matter of what they are
            _rows(trials.bring(source.model_copy(update={"retention_months": None}))[0])
            for source in (before, after)
        )
    both = [(row, other[key]) for key, row in one.items() if key in other]

    def differ(*names: str) -> int:
        return sum(any(was[name] != now[name] for name in names) for was, now in both)

    return Compared(
        len(one), len(other), len(both), differ("thread"), differ("day"), differ("kind", "site"),
        differ("says"), len(other) - len(both),
    )  # fmt: skip


def _rows(tables: Tables) -> dict[tuple[str, bytes], dict[str, Any]]:
    return {(row["what"], row["id"]): row for row in tables.rows(_ROWS)}
