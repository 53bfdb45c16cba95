"""What the figures of an official table are called: what tells a row's from those of others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from fanal.importers.reading.areas import level_of
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.figure_areas import are_areas
from fanal.importers.reading.figure_substances import substance_of
from fanal.importers.reading.figure_tables import (
    CODES,
    HOMES,
    IDLE,
    SAID_OF,
    Shape,
    before_colon,
    is_rate,
    is_total,
    unit_of,
)
from fanal.importers.reading.figures import is_count
from fanal.importers.reading.rows import Cells, Table, as_text

KEYS = 20_000  # rows by which it is judged which columns tell figures apart
LONGEST = 60  # characters of what tells them apart, if it is no dimension
LEAST = 2  # rows of which a column says the same
LABELS = words_of("libelle lib nom label name")
_FLOW = ("dataflow", "structure_id")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_.-]{0,15}")  # what a program calls a label by: `TOT`, `ITC1`
_SURE = words_of("statut status etat qualite quality fiabilite reliability flags")
_TOWN = ("commune", "country")


class RowNames:
    """Columns of words, or of numbers, that tell figures of one name, area and period apart."""

    def __init__(self, page: Table, shape: Shape, whole: str) -> None:
        """Take a table and `whole`, what its figures are called where no column says it."""
        self._page, self._shape, self.whole = page, shape, whole
        self.apart: list[str] = []
        self.numbers: list[str] = []  # those of numbers among them, which are named with the column
        self.unread: list[str] = []  # of words that nothing is made of

    def look(self) -> None:
        """Look at the rows of a table of a figure a row for the columns that tell them apart."""
        words = self._words()
        keys = [self._shape.roles[r] for r in ("name", "area", "area_name", "unit", "substance",
                                               "origin") if r in self._shape.roles]  # fmt: skip
        first = self._first(words, keys)
        self.apart += [
            c for c in words if c not in self.apart and (self._is_part(c) or self._is_free(c))
        ]
        for column, said in zip(words, first, strict=True):
            texts = [text for text in said.values() if text]
            long = max(map(len, texts), default=0) > LONGEST
            if column in self.apart and long and 2 * len(set(texts)) > len(texts):
                self.apart.remove(column)  # a remark on each row: a long dimension comes again
            if not long and self._is_of_all(column, texts):
                self.apart.append(column)
            plain = len(set(texts)) < 2 or words_of(column) & LABELS or are_areas(texts)
            if column not in self.apart and not plain:
                self.unread.append(column)
        self._look_at_numbers(keys)
        self.apart.sort(key=self._page.columns.index)

    def _words(self) -> list[str]:
        """Return the columns of words that no role has."""
        shape = self._shape
        known = {*shape.roles.values(), *shape.measures, *shape.across, *shape.labels.values()}
        words = [n for n in shape.rest if n not in known and not words_of(n) & (CODES | HOMES)]
        return [n for n in words if not (shape.sdmx or n in shape.figures or self.is_code(n))]

    def _first(self, words: Sequence[str], keys: Sequence[str]) -> list[dict[tuple[str, ...], str]]:
        """Return of each column what it says first of a name, area and period.

        One that says something else of them later tells figures apart.
        """
        first: list[dict[tuple[str, ...], str]] = [{} for _ in words]
        rows = (found[1] for found in self._page.rows() if isinstance(found, tuple))
        for row in islice(rows, KEYS):
            key = (self._shape.period(row), *(as_text(row.get(name)) for name in keys))
            for column, said in zip(words, first, strict=True):
                text = as_text(row.get(column))
                if said.setdefault(key, text) != text and column not in self.apart:
                    self.apart.append(column)
        return first

    def _look_at_numbers(self, keys: Sequence[str]) -> None:
        """Take for what tells rows apart the column of whole numbers that alone does: ages, codes.

        Two rows of one name, area and period have other figures, and with it no two have.
        """
        shape = self._shape
        told = [*keys, *self.apart]
        rows = [{n: as_text(cell) for n, cell in row.items()} for row in self._page.first]
        rows = [row for row in rows if row.get(shape.roles.get("value", ""))]
        taken = {*shape.roles.values(), *told}
        numbers = [n for n in self._page.columns if n in shape.figures and n not in taken]
        numbers = [n for n in numbers if all(row.get(n, "").isdecimal() for row in rows)]

        def apart(more: Sequence[str]) -> bool:
            seen = {(shape.period(row), *(row.get(n, "") for n in (*told, *more))) for row in rows}
            return len(seen) == len(rows)

        if len(rows) < LEAST or apart(()):
            return
        found = [n for n in numbers if apart((n,)) and 2 * len({r[n] for r in rows}) <= len(rows)]
        if len(found) == 1:
            self.apart += found
            self.numbers = found
            shape.measures = [n for n in shape.measures if n not in found]

    def _is_free(self, column: str) -> bool:
        """Say whether neither area nor period decide what a column says: men, or both sexes."""
        rows = [{name: as_text(text) for name, text in row.items()} for row in self._page.first]
        roles = [self._shape.roles[r] for r in ("area", "period") if r in self._shape.roles]
        texts = {row.get(column, "") for row in rows}
        few = 1 < len(texts) <= len(rows) / 2  # else it is of each row, as a number of it
        if "value" not in self._shape.roles or len(roles) < 2 or "" in texts or not few:
            return False
        if words_of(column) & _SURE:
            return False
        pairs = [{(row.get(role), row.get(column)) for row in rows} for role in roles]
        return all(len(p) > len({at for at, _ in p}) for p in pairs)

    def is_code(self, column: str) -> bool:
        """Say whether a column has the codes of what the next one says in words: `DRUG` beside it.

        Each code has one label, and each label one code.
        """
        columns = self._page.columns
        if column not in columns[:-1]:
            return False
        beside = columns[columns.index(column) + 1]
        pairs = {(as_text(row.get(column)), as_text(row.get(beside))) for row in self._page.first}
        codes, labels = ({pair[n] for pair in pairs} for n in (0, 1))
        return (
            len(codes) == len(labels) == len(pairs)
            and all(map(_CODE.fullmatch, codes))
            and all(label and not _CODE.fullmatch(label) for label in labels)
            and beside not in self._shape.figures
        )

    def _is_of_all(self, column: str, texts: Sequence[str]) -> bool:
        """Say whether a column says of all rows of what they are: one kind of offence, or one sex.

        A file that has several of them calls them so: the same figures have one name in both.
        """
        if column in self.apart or len(set(texts)) != 1 or len(texts) < LEAST:
            return False
        idle = words_of(column) & (LABELS | _SURE) or self._shape.takes(column)
        return not idle and not is_total(texts[0]) and not are_areas(texts)

    def _is_part(self, column: str) -> bool:
        """Say whether a column names towns of the countries that are the areas: none is France."""
        return (level_of(column), level_of(self._shape.roles.get("area", ""))) == _TOWN

    def of_dimensions(self, row: Cells, name: str) -> str:
        """Return the name of a figure of SDMX: what it is of, with its dimensions behind it."""
        shape = self._shape
        parts = [as_text(row.get(shape.labels.get(c, c))) for c in shape.rest
                 if folded(before_colon(c)) not in IDLE
                 and c not in shape.labels.values()]  # fmt: skip
        flow = next((as_text(row.get(c)) for c in self._page.columns
                     if folded(before_colon(c)) in _FLOW), "")  # fmt: skip
        whole = name or flow or self.whole
        parts = parts if whole else []  # "T, TOTAL" does not say of what
        return ", ".join(p.partition(": ")[2] or p for p in (whole, *parts) if p)

    def beside(self, row: Cells) -> dict[str, str]:
        """Return what a row says of its figures: substance, note, where they come from."""
        roles = self._shape.roles
        return {r: as_text(row.get(roles[r])) for r in ("substance", *SAID_OF) if r in roles}

    def apart_of(self, row: Cells, said: Mapping[str, str]) -> list[str]:
        """Return what tells a row's figures from others: a substance that has no id is one."""
        apart = [
            f"{c} {text}" if c in self.numbers else text
            for c in self.apart if (text := as_text(row.get(c)))
        ]  # fmt: skip
        called = said.get("substance", "")
        return [called, *apart] if called and not substance_of(called) else apart

    def with_whole(self, labels: Sequence[str]) -> str:
        """Return the name of a figure by its labels; "Hommes" alone does not say what is measured.

        Then what is counted, or the title, stands before it.
        """
        whole = self.whole
        if any(is_count(label) or is_rate(label) or unit_of(label) for label in labels):
            return ", ".join(labels)
        said = {folded(label) for label in labels}
        return ", ".join([whole, *labels] if whole and folded(whole) not in said else labels)
