"""Drug-checking results: samples, what they were sold as, and what was found in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawSample, Skipped
from fanal.importers.kinds import is_kind
from fanal.importers.lab.amount_units import find_units
from fanal.importers.lab.cells import columns
from fanal.importers.lab.column_names import LISTS, PARTS
from fanal.importers.lab.column_roles import layout_of
from fanal.importers.lab.days_above import lacks_year, moment_above, with_year
from fanal.importers.lab.layout import Layout
from fanal.importers.lab.legends import with_legend
from fanal.importers.lab.not_detected import absences_of
from fanal.importers.lab.relations import Joined, is_database, joined_sheets, joined_tables, tied
from fanal.importers.lab.results import UNIT_HINT
from fanal.importers.lab.sample_rows import SampleReader
from fanal.importers.lab.thousands import sign_between, with_ranges
from fanal.importers.reading.dates import DateColumn, Moment
from fanal.importers.reading.document_tables import is_document, open_tables
from fanal.importers.reading.looks import looks_at, looks_of
from fanal.importers.reading.parts_of_years import year_of
from fanal.importers.reading.residue import Unread
from fanal.importers.reading.rows import (
    ABOVE,
    Cells,
    Table,
    as_text,
    kind_of,
    left_out,
)
from fanal.importers.reading.signatures import by_shape
from fanal.importers.reading.towns import HOME, Towns
from fanal.thesaurus import shipped

Roles = Mapping[str, str | Sequence[str]]
_FRENCH = re.compile(
    r"[éèêàç]|\b(?:produit|lieu|forme|prix|teneur|substance trouv|vendu|de|du|la|le|reçu|motif)\b",
    re.I,
)
FIRST_ROWS = 200  # of a table, from which the columns are known by what they hold


@dataclass(frozen=True)
class Lab(Importer):
    """Tables of drug-checking results (CSV, TSV, XLSX, XLS, ODS, JSON, XML, Parquet, SQLite).

    When to use: results of a service that analyses products, in any of three shapes: a row for
    each sample with numbered columns (`substance_1`, `teneur_1`, …), lists in one cell
    (`a; b; c`) or a column for each substance; a row for each substance found; several linked
    tables of a database or workbook. A workbook may have a sheet for each month. When not:
    published totals (`indicators`).
    The tables of DOCX, ODT, HTML and PDF are read where the source is of a laboratory.

    Parameters
    ----------
    mapping : mapping of role → column or columns
        Roles of a sample: reference, date, place, sold_as, sold_as_label, form, description,
        price, currency, quantity, unit, reason, effects_sought, effects_felt, route. Of a result:
        substance, amount, amount_unit, uncertainty, role, method, panel; lists of substances:
        main, minor, trace, cut; a substance's id for the column of how much of it was found. What
        is not named is found by its header and by its cells.
    date_order : str
        "dmy" or "mdy" where the dates do not show it.
    year : str
        Year of the dates that have a day and a month alone, where neither the name of the sheet nor
        a line above the table tells it.
    country : str
        Country of the towns that are not on the map; that of the source description.
    amounts_in : str
        Unit of the amounts whose column says none, as "%", "mg" or "mg/tablet"; "fraction" where
        they are parts of one.
    quantity_in : str
        Unit of what was bought or seized where nothing says it, as "g", "kg" or "tablet".

    Limits
    ------
    An empty cell is unknown, never zero. Columns about a person are not read. A label that the
    thesaurus does not know for sure is kept as it stands, without a substance, with a warning; one
    of a family is taken for its family. Linked tables are held in memory. Text beside the tables of
    a document is not read, and told; the columns of a printed page that cannot be told apart are
    refused. Where no column has days, the one day or month of the lines above the table or of the
    sheet's name is that of all its samples, and told. A column that the mapping names and the file
    lacks is an error.

    Examples
    --------
    >>> Lab(mapping={"reference": "N°", "sold_as": "Annoncé"}).name
    'lab'
    """

    name: ClassVar[str] = "lab"
    breadth: ClassVar[int] = 1

    mapping: Roles = field(default_factory=dict)
    date_order: str = ""
    year: str = ""
    amounts_in: str = ""
    quantity_in: str = ""
    country: str = HOME

    def identify(self, path: File) -> bool:
        if is_database(path):
            return self._joined(path) is not None
        return is_kind(path, self.name)

    def extract(self, path: File) -> Iterator[RawSample | Issue | Skipped]:
        if is_database(path):
            joined = self._joined(path)
            if joined is None:
                raise ImporterError(
                    "no table of samples with a table of what was found",
                    do="export the samples as CSV, or name the columns under [mapping]",
                )
            yield from self._linked(path, joined)
            return

        _refuse(path, self.mapping)
        if self.year and not re.fullmatch(r"(?:19|20)\d\d", self.year):
            raise ImporterError(
                f"year cannot be {self.year!r}",
                allowed="2024",
                do="correct year under [parameters]",
            )
        pages = [with_legend(with_ranges(page)) for page in open_tables(path, self.mapping)]
        if kind_of(path) is None and not is_document(path) and (lines := _text_above(pages[0])):
            raise ImporterError(
                "texts stand above the table: more lines than it has rows",
                where=f"lines 1 to {lines}",
                do="save the table as a file of its own, and the notes or messages as another",
            )
        layouts = [self._layout(page) for page in pages]
        pairs = joined_sheets(pages, layouts)
        joined_pages = {n for pair in pairs for n in pair}
        alone = [
            n for n, layout in enumerate(layouts)
            if n not in joined_pages and layout.tells_contents and (layout.fits or len(pages) == 1)
        ]  # fmt: skip
        if not alone and not pairs:
            alone = [n for n, layout in enumerate(layouts) if layout.tells_contents][:1]
        if not alone and not pairs:
            raise ImporterError(
                "no column says what was found",
                where="record 1",
                allowed=", ".join((*PARTS, *LISTS)),
                do="name the columns under [mapping] in the source description",
            )
        for samples, results in pairs:
            yield from self._two_sheets(path, pages[samples], pages[results])
        for n in alone:
            yield from self._table(path, pages[n], layouts[n])
        for n, page in enumerate(pages):
            if n not in {*alone, *joined_pages}:
                yield from left_out(page)

    def _layout(self, page: Table) -> Layout:
        layout = layout_of(page.columns, self.mapping, looks_of(page))
        self._in_units(layout)
        return layout

    def _in_units(self, layout: Layout) -> None:
        """Let amounts be in the unit that the description says, where their column says none."""
        layout.quantity_in = self.quantity_in
        if not self.amounts_in:
            return
        layout.inside = self.amounts_in
        for name in (*layout.bare, *layout.unit_columns):
            if name in layout.contents:
                layout.contents[name] = (layout.contents[name][0], self.amounts_in)
            else:
                layout.units[name] = self.amounts_in
        layout.bare.clear()

    def _table(
        self, path: File, page: Table, layout: Layout
    ) -> Iterator[RawSample | Issue | Skipped]:
        yield from _told(layout)
        page, day, issue = self._dated(page, layout)
        if issue:
            yield issue
        dates, towns = self._both(layout)
        for found in page.rows():
            if isinstance(found, tuple):
                _see(dates, towns, layout, found[1])
        yield from _settled(dates, page.columns)
        layout.between = sign_between(page, layout)
        reader = SampleReader(path.name, layout, dates, towns, *absences_of(page, layout), day)
        named = layout.named
        unread = Unread((n for n in page.columns if n not in named), page.columns)
        for found in page.rows():
            if isinstance(found, tuple):
                unread.see(found[1])
                yield from reader.read(*found, [found[1]])
            else:
                yield found
        yield from towns.told()
        yield from unread.told(page.header, "name those that count under [mapping]")

    def _dated(self, page: Table, layout: Layout) -> tuple[Table, Moment | None, Issue | None]:
        """Return a table with the year of its dates, the day of all samples, and what is told.

        Where no column has days, that of a line above or of the sheet is the day of all.
        """
        columns = layout.sample.get("date", [])
        if not columns:
            day = moment_above(page, self.date_order or ("dmy" if _is_french(page.columns) else ""))
            said = (
                f"taken for the {day.precision} above the table: {day.time:%Y-%m-%d}" if day else ""
            )
            hint = said or "the samples have no day: add a column of dates"
            return page, day, Issue("no date", page.header, "date", hint, "note")
        short = [column for column in columns if lacks_year(page, column)]
        if not short:
            return page, None, None
        if year := year_of(page, self.year):
            return with_year(page, short, year), None, None
        layout.sample["date"] = [column for column in columns if column not in short]
        layout.guessed |= dict.fromkeys(short, "date")  # told already
        hint = 'the dates have no year: add year = "2024" (theirs) under [parameters]'
        return page, None, Issue("no date", page.header, short[0], hint, "warning")

    def _both(self, layout: Layout) -> tuple[DateColumn, Towns]:
        """Return what reads dates and places: both look at all rows first."""
        return DateColumn(self.date_order), Towns(layout.sample.get("place", []), self.country)

    def _two_sheets(
        self, path: File, samples: Table, results: Table
    ) -> Iterator[RawSample | Issue | Skipped]:
        """Yield samples of one sheet with what another says was found in them."""
        layout, answers = self._layout(samples), self._layout(results)
        layout.groups, layout.lists = answers.groups, answers.lists
        layout.contents, layout.units = answers.contents, answers.units | layout.units
        layout.bare, layout.methods = answers.bare, answers.methods
        layout.unit_columns |= answers.unit_columns
        layout.people += answers.people
        layout.unknown += [n for n in answers.unknown if n not in layout.unknown]
        yield from _told(layout)
        by_key, ours, theirs = _by_key(samples, results)
        dates, towns = self._both(layout)
        for found in samples.rows():
            if isinstance(found, tuple):
                _see(dates, towns, layout, found[1])
        yield from _settled(dates, samples.columns)
        reader = SampleReader(path.name, layout, dates, towns, absences_of(results, answers).absent)
        for found in samples.rows():
            if not isinstance(found, tuple):
                yield found
                continue
            rows = by_key.pop(as_text(found[1].get(ours)), [])
            row = {**rows[0][1], **found[1]} if rows else found[1]
            yield from reader.read(found[0], row, [answer for _, answer in rows])
        yield from towns.told()
        yield from (f for f in results.rows() if isinstance(f, Issue))
        for rows in by_key.values():
            for record, _ in rows:
                hint = "no sample has this reference; look for it in the sheet of samples"
                yield Issue("result without a sample", record, theirs, hint)

    def _joined(self, path: File) -> Joined | None:
        return joined_tables(path, lambda n: layout_of(n, self.mapping))

    def _linked(self, path: File, joined: Joined) -> Iterator[RawSample | Issue | Skipped]:
        layout = layout_of(joined.columns, self.mapping)
        layout.contents.clear()  # a lookup's columns describe the substance, not the sample
        layout.unknown = [n for n in layout.unknown if n in joined.own and not n.endswith("_ID")]
        first = [answer for _, _, answers in joined.rows[:FIRST_ROWS] for answer in answers]
        find_units(layout, {look.name: look for look in looks_at(joined.columns, first)})
        self._in_units(layout)
        yield from _told(layout)
        dates, towns = self._both(layout)
        for _, row, _ in joined.rows:
            _see(dates, towns, layout, row)
        yield from _settled(dates, joined.columns)
        reader = SampleReader(path.name, layout, dates, towns)
        for record, row, answers in joined.rows:
            yield from reader.read(record, row, answers)
        yield from towns.told()


def _refuse(path: File, mapping: Roles) -> None:
    """Refuse what is no table, and a mapping of roles that there are not."""
    known = columns()
    roles = {*known["sample"], *known["result"]}
    if unknown := sorted({*mapping} - roles - shipped().substances.keys()):
        raise ImporterError(
            f"no role {unknown[0]!r} in a mapping",
            where="mapping",
            allowed=", ".join([*sorted(roles), "the id of a substance"]),
            do="correct or remove it under [mapping] in the source description",
        )
    if kind_of(path) is None and not is_document(path) and (other := by_shape(path)):
        raise ImporterError(other.told, do=other.do)


def _text_above(page: Table) -> int:
    """Return the last line above a table where more of them stand there than it has rows; else 0.

    A laboratory writes a title and a note; who wrote notes pasted the table below them.
    """
    rows = lines = 0
    for found in page.rows():
        rows += isinstance(found, tuple)
        lines += isinstance(found, Skipped) and found.rule == ABOVE
    return page.header - 1 if lines > rows else 0


def _see(dates: DateColumn, towns: Towns, layout: Layout, row: Cells) -> None:
    towns.see(row)
    for column in layout.sample.get("date", ()):
        dates.see(row.get(column))


def _is_french(columns: Sequence[str]) -> bool:
    return any(map(_FRENCH.search, columns))


def _settled(dates: DateColumn, columns: Sequence[str]) -> Iterator[Issue]:
    """Settle the order of day and month, if need be by the language of the header; say so."""
    order = dates.settle_or("dmy" if _is_french(columns) else "")
    if order is not None:
        hint = (
            "taken as day first, since the header is French" if order else "only the year is kept"
        )
        yield Issue(
            "order of day and month not shown", 1, "date",
            f'{hint}; add date_order = "dmy" or "mdy" under [parameters]', "warning",
        )  # fmt: skip


def _by_key(samples: Table, results: Table) -> tuple[dict[str, list[tuple[int, Cells]]], str, str]:
    """Return the rows of a sheet of results by what ties them to the samples, and both columns."""
    ours, theirs = tied(samples, results) or ("", "")
    by_key: dict[str, list[tuple[int, Cells]]] = defaultdict(list)
    last = ""
    for found in results.rows():
        if isinstance(found, tuple):
            last = as_text(found[1].get(theirs)) or last
            by_key[last].append(found)
    return by_key, ours, theirs


def _told(layout: Layout) -> Iterator[Issue]:
    """Say once for each column what became of it, where that is not plain."""
    for name, unit in layout.bare.items():
        if unit == "flag":
            continue
        taken = {"": "", "fraction": "taken for parts of one; "}.get(unit, f"taken for {unit}; ")
        level = "note" if unit == "%" else "warning"
        yield Issue("unit not said", 1, name, taken + UNIT_HINT, level)
    for name in layout.people:
        yield Issue("column about a person", 1, name, "it was not read", "note")
    for name, role in layout.guessed.items():
        yield Issue("column name not known", 1, name, f"taken for {role}; map it", "warning")
    for name in layout.unknown:
        yield Issue("column name not known", 1, name, "not read; map it if it matters", "warning")
