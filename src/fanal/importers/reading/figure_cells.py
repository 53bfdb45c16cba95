"""A figure of a cell of an official table: its value, unit, base and what is noted of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fanal.importers.base import Indicator, Issue
from fanal.importers.reading.beside_values import Across
from fanal.importers.reading.column_words import words_of
from fanal.importers.reading.figure_areas import code_of, unmarked
from fanal.importers.reading.figure_notes import Surroundings
from fanal.importers.reading.figure_substances import substance_in, substance_of
from fanal.importers.reading.figure_tables import (
    BOUNDS,
    Said,
    Shape,
    before_colon,
    is_price,
    is_rate,
    unit_of,
)
from fanal.importers.reading.figures import Figure, Signs, is_count, read_figure, read_range
from fanal.importers.reading.periods import Period
from fanal.importers.reading.rows import Cells, Table, as_text

STATUS = {"p": "provisional", "e": "estimated", "b": "break in the series", "c": "confidential",
          "m": "missing", "d": "definition differs", "u": "low reliability", "s": "estimated",
          "r": "revised", "f": "forecast", "a": ""}  # fmt: skip
ASKED = 'add decimal = "," or decimal = "." (what stands before decimals) under [parameters]'
_NO_NAME = 'add counts = "…" (what is counted) under [parameters]'
_NO_AREA = 'add area = "…" (the code of the area, as FR) under [parameters]'
_ACROSS = "its cell stands for several columns: write in each the figure that is of it"
_WEIGHED = words_of(
    "quantite quantites quantity quantities amount amounts weight poids menge gewicht cantidad "
    "peso hoeveelheid quantita volume"
)  # in which figures have a unit
_SHARED = words_of("part parts share shares pourcentage percentage taux rate rates ratio anteil")
_VALUED = words_of(
    "prix price prices preis preise precio prezzo prijs mean median moyenne mediane media"
)


class Meaning(NamedTuple):
    """What the figure of a cell is of."""

    column: str
    name: str
    area: str
    period: Period
    unit: str
    said: Mapping[str, str]  # what the row says beside it: role → text
    power: int = 0  # of ten that it is to be multiplied with


class FigureCells:
    """Makes figures of the cells of a table."""

    def __init__(
        self, said: Said, page: Table, shape: Shape, around: Surroundings, area: str
    ) -> None:
        """Take a table, what stands around it, and the area of all its figures, "" for none."""
        self._said, self._page, self._shape, self._around = said, page, shape, around
        self._area = area
        self.sheet = ""  # what its sheet is called, where that tells it from others
        self._unsaid: set[str] = set()  # columns whose lack of a unit was told
        self._signs = self._seen_signs()

    def read(self, number: int, row: Cells, of: Meaning) -> Iterator[Indicator | Issue]:
        """Yield the figure of a cell, or both ends of a range of prices, and what is wrong."""
        column = of.column
        ends = read_range(row.get(column)) if is_price(column) else None
        for end, word in zip(ends or (), ("minimum", "maximum"), strict=False):
            named = f"{of.name} ({word})" if of.name else ""
            yield from self.read(number, {**row, column: end}, of._replace(name=named))
        if ends:
            return
        of = of._replace(name=", ".join(part for part in (of.name, self.sheet) if part))
        if lacks := self._lacks(number, of):
            yield lacks
            return
        read = self._read(row, column, f"{column} {of.name} {of.unit or self._around.unit}")
        if why := _not_known(read, row.get(column)):
            yield Issue(why[0], number, column, why[1])
            return
        assert read is not None
        if read.unit in self._around.notes:
            read = read._replace(unit="", mark=read.unit)
        for issue in self._doubts(number, of, read):
            yield issue
            read = _doubted(read)
        unit = _closest(read.unit, of.unit) or self._unit(of.name)
        base = self._base(row)
        if base and base.open:
            yield Issue("decimals or thousands not told apart", number, column, ASKED, "warning")
        yield from self._asked(number, column, unit)
        yield self._indicator(of, read, unit, base)

    def _lacks(self, number: int, of: Meaning) -> Issue | None:
        """Say what is not known of a figure without which it is none."""
        if not of.name:
            return Issue("no name", number, "name", _NO_NAME)
        return None if of.area or self._area else Issue("no area", number, "area", _NO_AREA)

    def _doubts(self, number: int, of: Meaning, read: Figure) -> Iterator[Issue]:
        """Say of a figure in brackets, or of a count below zero, that it stays unknown."""
        if read.said.startswith("(") and read.said.strip("()") not in self._around.notes:
            hint = "it stays unknown: write it without them, with - if it is below zero"
            yield Issue("figure in brackets", number, of.column, hint, "warning")
        if (read.value or 0) < 0 and is_count(f"{of.column} {of.unit or self._around.unit}"):
            hint = "a count is never below zero; it stays unknown"
            yield Issue("count below zero", number, of.column, hint, "warning")

    def _base(self, row: Cells) -> Figure | None:
        """Return of how many people the figures of a row are; None where the table has none."""
        column = self._shape.roles.get("denominator")
        return self._read(row, column, "population") if column else None

    def _is_divided(self, column: str, unit: str) -> bool:
        """Say whether a figure is a share or a rate, which was divided by its base already."""
        main = self._shape.roles.get("value") or next(iter(self._shape.measures), None)
        rate = column != main and bool(is_rate(column) or words_of(column) & BOUNDS)
        return rate or unit == "%"

    def _indicator(self, of: Meaning, read: Figure, unit: str, base: Figure | None) -> Indicator:
        area, mark = unmarked(of.area)
        divided, people = self._is_divided(of.column, unit), base.value if base else None
        return Indicator(
            name=of.name,
            area=code_of(area) or area or self._area,
            period=of.period.first,
            step=of.period.step,
            value=None if read.value is None else read.value * 10**of.power,
            unit=unit,
            denominator=None if divided else people,
            substance=substance_of(of.said.get("substance", ""))
            or substance_in(of.column, of.name),
            note=self._note(read, mark, of.said.get("note", ""), of.said.get("origin", "")),
            source="",
            revision=of.said.get("revision", ""),
            run="",
            base=people if unit == "%" else None,
        )

    def _asked(self, number: int, column: str, unit: str) -> Iterator[Issue]:
        """Ask once for the unit of a column of what has one: of tonnes, kilos or grams, none says.

        A share may be of 1 or of 100, a price be in any money.
        """
        if unit or is_count(column) or column in self._unsaid:
            return
        if not words_of(column) & (_SHARED if is_rate(column) else _WEIGHED | _VALUED):
            return
        self._unsaid.add(column)
        hint = 'write it in the header, as "quantity (kg)", or set unit under [parameters]'
        yield Issue("unit not said", number, column, hint, "warning")

    def _unit(self, name: str) -> str:
        """Return the unit that the title or the description says: no kilo for a number of cases.

        A name says its own: `Saisies (kg)` in a column of indicators.
        """
        counted = is_count(name)
        own = "" if counted else next(filter(None, map(unit_of, name.split(", "))), "")
        told = self._around.unit and self._around.unit == self._said.unit
        return own or (
            self._around.unit if told or not counted or is_count(self._around.unit) else ""
        )

    def _read(self, row: Cells, column: str, words: str) -> Figure | None:
        """Read a cell; `words` say what it counts, where they must decide between two readings."""
        cell = row.get(column)
        if isinstance(cell, str) and self._shape.sdmx:
            cell = before_colon(cell)
        read = read_figure(cell)
        if read and read.open:
            words = f"{words} {read.unit}"
            if sign := self._signs.decimal(self._group(row, column), read.open, words):
                return read_figure(cell, sign)
        return read

    def _note(self, read: Figure, mark: str, flag: str, origin: str) -> str | None:
        """Return what the marks of a figure say, what stands for it, and notes on the table."""
        said = []
        for key in (read.mark, mark):
            if key:
                said.append(self._around.notes.get(key) or STATUS.get(key.casefold(), key))
        if read.said:
            said.append(self._around.notes.get(read.said.strip("()")) or read.said)
        if flag:
            said.append(STATUS.get(flag.casefold(), flag))
        if origin:
            said.append(f"source: {origin}")
        return "; ".join(dict.fromkeys([*said, *self._around.about])) or None

    def _seen_signs(self) -> Signs:
        """Look at all figures of the table for the sign before their decimals."""
        shape, said = self._shape, self._said.decimal or ("." if self._shape.sdmx else "")
        words = [*self._page.columns, *self._around.about, self._around.title]
        first = next((f[1] for f in self._page.rows() if isinstance(f, tuple)), {})
        signs = Signs(said, [*words, *(c for c in first.values() if isinstance(c, str))])
        columns = [*(shape.across or shape.crossed), *shape.measures]
        if ("period" in shape.roles or shape.undated) and not shape.across:
            columns = [shape.roles[r] for r in ("value",) if r in shape.roles] + shape.measures
        columns += [shape.roles["denominator"]] if "denominator" in shape.roles else []
        for found in () if said else self._page.rows():
            if isinstance(found, tuple):
                for column in columns:
                    signs.see(self._group(found[1], column), found[1].get(column))
        return signs

    def _group(self, row: Cells, column: str) -> tuple[str, ...]:
        """Return what figures are written alike: those of a column and unit, of a row, or all."""
        shape = self._shape
        if shape.across or shape.within:
            return ()
        if shape.tidy or shape.undated:
            roles = [shape.roles[role] for role in ("unit", "name") if role in shape.roles]
            return (column, *(as_text(row.get(name)) for name in roles))
        of = [c for c in self._page.columns if c not in {*shape.crossed, *shape.measures}]
        return (column if shape.measures else "", *(as_text(row.get(c)) for c in of))


def _doubted(read: Figure) -> Figure:
    """Return a figure that stays unknown, with what stood there."""
    return read if read.value is None else read._replace(value=None, said=f"{read.value:g}")


def _not_known(read: Figure | None, cell: object) -> tuple[str, str] | None:
    """Return why a figure is not known, and what to do; None where it is, or stays unknown."""
    if read is None:
        return "not a number", "write figures as 1234.5 or 1 234,5"
    if read.value is not None and isinstance(cell, Across):
        return "not a number", _ACROSS
    return ("decimals or thousands not told apart", ASKED) if read.open else None


def _closest(cell: str, column: str) -> str:
    """Return the unit that a cell shows, before that of its column: `340 g` in one of kilos."""
    return cell if cell and (not column or cell not in ("%", "‰", "€")) else column
