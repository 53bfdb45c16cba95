"""Official tables: published figures, tidy, crossed or as SDMX-CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Indicator, Issue, Skipped
from fanal.importers.kinds import is_kind
from fanal.importers.reading.archives import head
from fanal.importers.reading.document_tables import open_tables
from fanal.importers.reading.figure_rows import FigureReader, named_by_sheets
from fanal.importers.reading.figure_shapes import HALF, missing, plain_shape, shape_of, unfolded
from fanal.importers.reading.figure_tables import Said
from fanal.importers.reading.looks import looks_of
from fanal.importers.reading.periods import PeriodColumn
from fanal.importers.reading.rows import Table, left_out
from fanal.importers.reading.stacked import stacked


@dataclass(frozen=True)
class Indicators(Importer):
    """Published figures (CSV, TSV, XLSX, XLS, ODS, JSON, XML, Parquet), one or many a row.

    When to use: official or scientific tables, in any of three shapes: one figure a row, with a
    second column of rates beside it perhaps; crossed, with a column for each period or area;
    SDMX-CSV. When not: tables of texts (`tables`), drug-checking results (`lab`). The
    tables of DOCX, ODT, HTML and PDF are read where the source is of official tables.

    Parameters
    ----------
    mapping : mapping of role → column
        Roles: name, area, period, year (of a period in two columns), step, value, unit,
        denominator, substance, note, revision, origin. What is not named is found by its header.
    counts : str
        What is counted, where the table does not say it but in its title.
    area : str
        Code of the area, where the table is about one.
    unit : str
        Unit of the figures, where the table does not say it.
    decimal : str
        "," or ".": the sign before decimals, where a table such as `1.234` does not show it.
    period : str
        Period of all figures, as 2023, 2023-04 or 2023-Q1, where rows are areas and neither the
        name of the sheet, the title nor a note tells it.
    weeks : str
        "monday" or "sunday": the day on which weeks begin, where the header does not show it.

    Limits
    ------
    An empty or suppressed value stays unknown, never zero; what stood there is its note. Footnotes
    and sources under a table become notes, and so does a column of sources. Quarters and half-years
    are kept, and not counted into series. What a period is, its whole column and header show
    (`202103`, `2011-S2`); where they do not, the row is an issue. A second column of figures in a
    row is named `name (column)`; columns of words that tell rows of one name, area and period apart
    are part of the name. Months, weeks or quarters down and years across are the periods of those
    years, as are months across whose year stands in a column, a title or the sheet's name; a first
    and a last day in two columns are one period. A place is of the kind that its column is called
    by (`Région`, `Country`), a unit in a column of its own that of the figures before it. Tables
    under one another in a sheet are read each with its title, where the header comes again or is of
    other periods; sheets of the same columns and title are told apart by their names. A row of
    totals that no area is known for is counted and not read; a country, region or département that
    the title names is the area where no column is. One sign before three figures (`14.217`) is read
    by the unit, the header and the other figures of the table; where none of them shows whether it
    stands before decimals or between thousands, the figure is an issue. A figure in brackets stays
    unknown. Lines above a table say its title, unit and source, each in a cell or in two (`Unit of
    measure; Number`); others become notes. What all rows say of their figures, as one kind of
    offence, is part of the name as in a table of several. A line above that names a place is the
    area. A region abroad is kept by its code of the Union (`01 Andalucía` is ES61). A range of
    prices is two figures, the least and the most; a cell over several columns is an issue. A column
    that the mapping names and the file lacks is an error.

    Examples
    --------
    >>> Indicators(counts="usage de stupéfiants", unit="personnes").unit
    'personnes'
    """

    name: ClassVar[str] = "indicators"
    breadth: ClassVar[int] = 1

    mapping: Mapping[str, str] = field(default_factory=dict)
    counts: str = ""
    area: str = ""
    unit: str = ""
    decimal: str = ""
    weeks: str = ""
    period: str = ""

    def identify(self, path: File) -> bool:
        return is_kind(path, self.name)

    def extract(self, path: File) -> Iterator[Indicator | Issue | Skipped]:
        if self.decimal not in ("", ",", "."):
            raise ImporterError(
                f"decimal cannot be {self.decimal!r}",
                allowed='"," and "."',
                do="correct decimal under [parameters]",
            )
        if self.weeks not in ("", "monday", "sunday"):
            raise ImporterError(
                f"weeks cannot be {self.weeks!r}",
                allowed='"monday" and "sunday"',
                do="correct weeks under [parameters]",
            )
        if self.period and PeriodColumn(weeks=self.weeks).read(self.period) is None:
            raise ImporterError(
                f"period cannot be {self.period!r}",
                allowed="2023, 2023-04, 2023-Q1 or 2023-W05",
                do="correct period under [parameters]",
            )
        pages = [
            unfolded(table) for page in open_tables(path, self.mapping) for table in stacked(page)
        ]
        readers: list[FigureReader] = []
        for page in pages:
            shape = shape_of(page, self.mapping, self.period) or plain_shape(
                page, self.mapping, self.counts, HALF
            )
            if shape is None:
                yield from left_out(page)
            else:
                said = Said(
                    self.counts, self.area, self.unit, self.decimal, self.weeks, self.period
                )
                readers.append(FigureReader(said, page, shape))
        named_by_sheets(readers)
        for reader in readers:
            yield from reader.read()
        read = bool(readers)
        if not read and any(plain_shape(page, self.mapping, "…") for page in pages):
            raise ImporterError(
                "nothing says what is counted",
                where="record 1",
                do='add counts = "…" (what is counted) under [parameters]',
            )
        if not read:
            raise _refused(path, pages, self.mapping)


def _refused(path: File, pages: Sequence[Table], mapping: Mapping[str, str]) -> ImporterError:
    """Return why no sheet of a file is a table of figures: what its first one lacks."""
    where = f"record {pages[0].header}" if pages else "record 1"
    if any(look.is_date for page in pages for look in looks_of(page)):
        return ImporterError(
            "the figures are of days", where=where, do="add them up by week or by month"
        )
    if head(path).lstrip()[:1] == b"{":
        return ImporterError(
            "a dataset in JSON is not read", where=where, do="export it as CSV, as SDMX-CSV perhaps"
        )
    lacks, do = missing(pages[0], mapping) if pages else ("it is empty", "choose another file")
    return ImporterError(
        f"not a table of figures: {lacks}",
        where=where,
        allowed="columns name, area, period, value; or a column for each period or area",
        do=f"{do}, or name the columns under [mapping] in the source description",
    )
