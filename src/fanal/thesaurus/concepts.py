"""Reads the thesaurus: tab-separated files shipped here, and an observatory's own additions.

One row per substance in `substances.tsv`, one row per name in `aliases/*.tsv`, one row per family
of new substances in `families.tsv`. Spellings of one name that differ only in case, accents,
hyphens or spaces are one row: the matcher folds them (`fold_name` says how).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path

from fanal.errors import ConfigError

KINDS = (
    "international name",
    "chemical",
    "brand",
    "street",
    "verlan",
    "abbreviation",
    "emoji",
    "packaging",
)
AMBIGUITIES = ("plain", "needs context")
LANGUAGES = ("fr", "en", "mul")


@dataclass(frozen=True)
class Substance:
    """A substance, or a group of substances that people name as one (`nitazenes`).

    `parent` is the group or the broader substance (`cannabis-resin` → `cannabis`), empty at the
    top; `cas` and `inchikey` are empty where there is none, or none that is certain.
    """

    id: str
    label_fr: str
    label_en: str
    klass: str
    parent: str = ""
    cas: str = ""
    inchikey: str = ""
    nps: bool = False


@dataclass(frozen=True)
class Alias:
    """One name of one substance.

    `language` is `fr`, `en` or `mul` (the same everywhere); `ambiguity` is `needs context` where
    the name is also an ordinary word or the name of another substance; `first_seen` is an ISO date
    for names that an observatory added, empty for those that ship.
    """

    substance: str
    alias: str
    language: str
    kind: str
    ambiguity: str = "plain"
    source: str = ""
    first_seen: str = ""


@dataclass(frozen=True)
class Family:
    """A pattern for names of substances that are too new to be listed.

    `pattern` is a regular expression for a whole token in lower case without accents; `substance`
    is the group it belongs to; `unless` lists tokens that fit and mean something else.
    """

    substance: str
    pattern: str
    example: str
    unless: tuple[str, ...] = ()

    def matches(self, token: str) -> bool:
        """Say whether a folded token is a name of this family."""
        return token not in self.unless and re.fullmatch(self.pattern, token) is not None


@dataclass(frozen=True)
class Thesaurus:
    """All substances, names, families and class labels, in the order of the files.

    Where one name belongs to several substances, the one with a `plain` row is meant, else the
    one whose row comes first: the files go from names to street names of one source.
    """

    substances: dict[str, Substance]
    aliases: tuple[Alias, ...]
    families: tuple[Family, ...] = ()
    classes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def ancestors(self, id: str) -> tuple[str, ...]:
        """Return the parent of a substance, its parent, and so on to the top."""
        found: list[str] = []
        parent = self.substances[id].parent
        while parent and parent not in found:
            found.append(parent)
            parent = self.substances[parent].parent if parent in self.substances else ""
        return tuple(found)

    def label(self, id: str, language: str = "en") -> str:
        """Return the name of a substance to show, in French or English."""
        substance = self.substances[id]
        return substance.label_fr if language == "fr" else substance.label_en

    def class_label(self, klass: str, language: str = "en") -> str:
        """Return the name of a class to show, in French or English."""
        return self.classes[klass][0 if language == "fr" else 1]

    @cached_property
    def by_fold(self) -> dict[str, tuple[Alias, ...]]:
        """The rows of each name, by its fold, the usual meaning first."""
        found: dict[str, list[Alias]] = {}
        for row in self.aliases:
            found.setdefault(fold_name(row.alias), []).append(row)
        return {
            folded: tuple(sorted(rows, key=lambda row: row.ambiguity != "plain"))
            for folded, rows in found.items()
        }

    @cached_property
    def fingerprint(self) -> str:
        """Digest of everything that decides what is matched, whatever the order of the files."""
        rows: list[Substance | Alias | Family] = [*self.substances.values(), *self.aliases]
        rows += self.families
        text = "\n".join(sorted(repr(row) for row in rows))
        return blake2b(text.encode(), digest_size=8).hexdigest()


def fold_name(name: str) -> str:
    """Return a name without case, accents, hyphens, spaces and other punctuation.

    Two names with the same fold are spellings of one another: `3-MMC`, `3 mmc`, `3MMC`. A name
    made of symbols alone (an emoji) is kept, without its variation selectors.
    """
    decomposed = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE"))
    folded = "".join(c for c in decomposed.casefold() if c.isalnum())
    return folded or "".join(c for c in name if c not in "\ufe0e\ufe0f" and not c.isspace())


def valid_id(text: str) -> bool:
    """Say whether a text can be a substance id."""
    return re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) is not None


@cache
def shipped() -> Thesaurus:
    """Return the thesaurus that ships, read once in a process."""
    here = files(__name__.rpartition(".")[0])
    substances = {row["id"]: _substance(row) for row in _rows(here / "substances.tsv", Substance)}
    aliases: dict[tuple[str, str], Alias] = {}
    for file in sorted((here / "aliases").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".tsv"):
            _lay(aliases, file)
    families = tuple(
        Family(row["substance"], row["pattern"], row["example"], tuple(row["unless"].split()))
        for row in _rows(here / "families.tsv", Family)
    )
    classes = {
        row["id"]: (row["label_fr"], row["label_en"])
        for row in read_rows(here / "classes.tsv", ("id", "label_fr", "label_en"))
    }
    return Thesaurus(substances, tuple(aliases.values()), families, classes)


def load(extra: Path | None = None, wrong: list[ConfigError] | None = None) -> Thesaurus:
    """Return the thesaurus that ships, with an observatory's additions laid over it.

    `extra` is a folder that may hold `substances.tsv` and `aliases.tsv` in the same columns as the
    files here. A row with the same id, or the same substance and name, replaces the one that ships.
    Of the additions, rows that cannot be read are left out where `wrong` is given, and told there.

    Raises:
        ConfigError: a row cannot be read.
    """
    ours = shipped()
    if extra is None:
        return ours
    substances = dict(ours.substances)
    aliases = {(row.substance, row.alias.casefold()): row for row in ours.aliases}
    own = extra / "substances.tsv"
    if own.is_file():
        for row in _rows(own, Substance, wrong):
            try:
                substances[row["id"]] = _substance(row)
            except ConfigError as error:
                _leave_out(error, wrong)
    if (extra / "aliases.tsv").is_file():
        _lay(aliases, extra / "aliases.tsv", wrong)
    return replace(ours, substances=substances, aliases=tuple(aliases.values()))


def _leave_out(error: ConfigError, wrong: list[ConfigError] | None) -> None:
    """Tell what is wrong with a row of the additions, or raise it where nobody listens."""
    if wrong is None:
        raise error
    error.where = f"thesaurus/{error.where}"
    error.do = "mend the line, or take it out of the file"
    wrong.append(error)


def _lay(
    aliases: dict[tuple[str, str], Alias],
    file: Traversable | Path,
    wrong: list[ConfigError] | None = None,
) -> None:
    for row in _rows(file, Alias, wrong):
        alias = Alias(**row)
        aliases[alias.substance, alias.alias.casefold()] = alias


def _substance(row: dict[str, str]) -> Substance:
    if not valid_id(row["id"]):
        raise ConfigError(
            f"no substance id: {row['id']!r}",
            where="substances.tsv",
            allowed="lower-case letters and digits with hyphens between them",
        )
    texts = {name: text for name, text in row.items() if name != "nps"}
    return Substance(**texts, nps=row["nps"] == "1")


def _rows(
    file: Traversable | Path, record: type, wrong: list[ConfigError] | None = None
) -> Iterator[dict[str, str]]:
    yield from read_rows(file, tuple(column.name for column in fields(record)), wrong)


def read_rows(
    file: Traversable | Path, columns: tuple[str, ...], wrong: list[ConfigError] | None = None
) -> Iterator[dict[str, str]]:
    """Yield the rows of a tab-separated file with these columns, by column.

    What cannot be read is raised, or told in `wrong` where that is given.
    """
    lines = csv.reader(
        StringIO(file.read_text(encoding="utf-8-sig")), "excel-tab", quoting=csv.QUOTE_NONE
    )
    if tuple(next(lines, ())) != columns:
        allowed = "tab-separated " + ", ".join(columns)
        _leave_out(ConfigError("wrong columns", where=file.name, allowed=allowed), wrong)
        return
    for number, fields_ in enumerate(lines, start=2):
        if len(fields_) != len(columns):
            error = ConfigError(
                "wrong number of fields",
                where=f"{file.name} line {number}",
                allowed=f"{len(columns)} fields parted by tabs",
            )
            _leave_out(error, wrong)
            continue
        yield dict(zip(columns, fields_, strict=True))
