"""Which periods the rows of an official table are of: in a column, across, or of all of it."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR

from fanal.importers.base import Issue
from fanal.importers.reading.figure_notes import Surroundings
from fanal.importers.reading.figure_tables import Said, Shape, before_colon
from fanal.importers.reading.parts_of_years import about_figures, in_year
from fanal.importers.reading.periods import (
    STEPS,
    Period,
    PeriodColumn,
    period_in,
    step_of,
    with_year,
)
from fanal.importers.reading.rows import Cells, as_text

FREQUENCIES = {"a": "year", "m": "month", "w": "week", "q": "quarter", "annual": "year",
               "monthly": "month", "weekly": "week", "quarterly": "quarter", "an": "year",
               "mois": "month", "semaine": "week", "trimestre": "quarter", "s": "half-year",
               "h": "half-year", "half-yearly": "half-year", "semestre": "half-year"}  # fmt: skip
UNDATED = 'add period = "…" (as 2023, 2023-04 or 2023-Q1) under [parameters]'


class RowPeriods:
    """The periods of a table's rows: `see` each row, then `read` them."""

    def __init__(self, said: Said, shape: Shape, sheet: str, around: Surroundings) -> None:
        self._said, self._shape = said, shape
        self._columns: dict[str, PeriodColumn] = {}
        self.of_all = _of_all(said, sheet, around) if shape.undated else None
        self._within = PeriodColumn(shape.within, weeks=said.weeks)

    def see(self, row: Cells) -> None:
        """Take the period of a row into account."""
        self._column(row).see(self._shape.period(row))

    def read(self, number: int, row: Cells) -> Period | Issue:
        """Return the period of a row, or why it has none."""
        if self._shape.undated:
            return self.of_all or Issue("no period", number, "period", UNDATED)
        column = self._column(row)
        period = column.read(self._shape.period(row))
        return period or _unread(number, "period", column)

    def across(self, number: int, row: Cells, period: Period) -> Period | Issue:
        """Return the period of a figure by its column's, or why there is none.

        A column of years has a row's month, week or quarter beside it, one of months its year.
        """
        shape = self._shape
        if shape.years:
            year = as_text(row.get(shape.years)).removesuffix(".0")
            if year.isdecimal() and MINYEAR <= int(year) <= MAXYEAR:
                return in_year(period, int(year))
            return Issue("period not readable", number, shape.years, "write the year as 2023")
        if not shape.within:
            return period
        step = step_of(before_colon(shape.within))
        text = with_year(str(period.first.year), as_text(row.get(shape.within)), step)
        return self._within.read(text) or _unread(number, shape.within, self._within)

    def _column(self, row: Cells) -> PeriodColumn:
        """Return the reader of a row's period: rows of one frequency are read together."""
        step = as_text(row.get(self._shape.roles.get("step", ""))).casefold()
        step = before_colon(step) if self._shape.sdmx else step
        if step not in self._columns:
            told = FREQUENCIES.get(step, step)
            told = told if told in STEPS else ""
            self._columns[step] = self._shape.column(told, self._said.weeks)
        return self._columns[step]


def _unread(number: int, what: str, column: PeriodColumn) -> Issue:
    return Issue("period not readable", number, what, column.open or f"allowed: {', '.join(STEPS)}")


def _of_all(said: Said, sheet: str, around: Surroundings) -> Period | None:
    """Return the period of all figures: as told, of the sheet, of the title or of a note."""
    if said.period:
        return PeriodColumn(weeks=said.weeks).read(said.period)
    lines = map(about_figures, (*around.lines, *around.about))
    found = {period for line in lines if (period := period_in(line))}
    return PeriodColumn().read(sheet) or (found.pop() if len(found) == 1 else None)
