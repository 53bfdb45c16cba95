"""Days that a table writes in three columns: the day, the month and the year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dates import read_date

_NAMES = {
    "day": ("jour", "day", "tag", "dia", "giorno", "dag", "jj", "dd"),
    "month": ("mois", "month", "monat", "mes", "mese", "maand", "mm"),
    "year": ("annee", "an", "year", "jahr", "ano", "anno", "jaar", "aaaa", "yyyy"),
}
_KINDS = ("", "_de_la_collecte", "_de_collecte", "_de_l_observation", "_d_observation")
DATE = "date"  # what the column that stands for the three is called


class DayColumns(NamedTuple):
    """The columns of the day, the month and the year."""

    day: str
    month: str
    year: str

    def cell(self, row: Mapping[str, Any]) -> str:
        """Return what a row says in them, as one day; as it stands where it is none."""
        day, month, year = (str(_whole(row[name])).strip() for name in self)
        if not (day and month and year):
            return ""
        if len(year) == 2 and year.isdecimal():
            year = f"20{year}"
        written = f"{year}-{month:0>2}-{day:0>2}" if month.isdecimal() else f"{day} {month} {year}"
        moment = read_date(written, "dmy")
        return str(moment.time) if moment else f"{day}/{month}/{year}"


def day_columns(names: Sequence[str], told: Collection[str] = ()) -> DayColumns | None:
    """Return the three columns of a day; None where there are none, or one has the whole of it."""
    by_fold = {folded(name): name for name in names}
    if DATE in by_fold:
        return None
    for kind in _KINDS:
        found = [
            next((by_fold[n + kind] for n in usual if n + kind in by_fold), "")
            for usual in _NAMES.values()
        ]
        if all(found) and not set(found) & set(told):
            return DayColumns(*found)
    return None


def _whole(cell: Any) -> Any:
    if cell is None:
        return ""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
