"""Figures of the rows of an official table, whatever its shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fanal.importers.base import Indicator, Issue, Skipped
from fanal.importers.reading.areas import area_code, area_in, as_area, level_of
from fanal.importers.reading.below_tables import BELOW
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.figure_areas import (
    area_said,
    code_of,
    columns_of_areas,
    name_areas,
    narrowest,
    unmarked,
)
from fanal.importers.reading.figure_cells import FigureCells, Meaning
from fanal.importers.reading.figure_names import KEYS, LABELS, RowNames
from fanal.importers.reading.figure_notes import Surroundings
from fanal.importers.reading.figure_periods import FREQUENCIES, RowPeriods
from fanal.importers.reading.figure_tables import (
    BOUNDS,
    MOST,
    Said,
    Shape,
    before_colon,
    is_measure,
    is_rate,
    is_total,
    unit_of,
    units_beside,
)
from fanal.importers.reading.figures import is_count
from fanal.importers.reading.periods import STEPS, Period
from fanal.importers.reading.residue import Unread
from fanal.importers.reading.rows import Cells, Table, as_text
from fanal.importers.reading.usual_names import FIGURES


class FigureReader:
    """Makes figures of a sheet's rows, with the notes that stand under them."""

    def __init__(self, said: Said, page: Table, shape: Shape) -> None:
        self._said, self._page, self._shape = said, page, shape
        name_areas(page, shape)
        measures = {*shape.measures, *shape.crossed, shape.roles.get("value", "")}
        shape.units = {} if shape.sdmx else units_beside(page.columns, measures)
        self._around = around = Surroundings(page, said.unit)
        lines = (*around.lines, page.sheet)
        self._area = said.area or next(filter(None, map(area_in, lines)), "")
        self._cells = FigureCells(said, page, shape, around, self._area)
        self._periods = RowPeriods(said, shape, page.sheet, around)
        self._names = RowNames(page, shape, said.counts or around.title)
        self._areas = columns_of_areas(page, shape)
        # a column that is called by what it is has places, though none of them be on the map
        called = bool(level_of(shape.roles.get("area", "")))
        self._places = bool(said.area or self._areas or called)
        self._repeated = False
        self._unread: list[str] = []
        if "period" in shape.roles:
            self._look()
        elif not shape.undated:
            known = {shape.roles.get(role) for role in ("denominator", "unit", "step")}
            further = shape.figures - {*shape.crossed, shape.within, shape.years} - known
            self._unread = [c for c in page.columns if c in further and not shape.is_label(c)]

    def _look(self) -> None:
        """Look at all periods of the table, and for the columns that tell its rows apart."""
        for found in self._page.rows():
            if isinstance(found, tuple):
                self._periods.see(found[1])
        self._names.look()
        self._unread = self._names.unread

    def alike(self, other: FigureReader) -> bool:
        """Say whether nothing but its sheet tells another table of the workbook from this one."""
        both = (
            (r._page.columns, r._around.title, r._periods.of_all, r._area) for r in (self, other)
        )
        return len(set(both)) == 1

    def named_apart(self, others: Sequence[FigureReader]) -> None:
        """Name the figures with their sheet, where tables like this one stand in other sheets."""
        if len({other._page.sheet for other in others}) > 1:
            self._cells.sheet = self._page.sheet

    def read(self) -> Iterator[Indicator | Issue | Skipped]:
        seen: dict[tuple[object, ...], float | None] = {}
        for found in self._read_rows():
            if isinstance(found, Indicator) and len(seen) < KEYS:
                key = (
                    found.name,
                    found.area,
                    found.period,
                    found.step,
                    found.unit,
                    found.substance,
                )
                if seen.setdefault(key, found.value) != found.value and not self._repeated:
                    self._repeated = True
                    hint = "two rows give one name, area and period other figures: name the column "
                    hint += "that tells them apart as name under [mapping]"
                    yield Issue("figure repeated", self._page.header, "", hint, "warning")
            yield found

    def _read_rows(self) -> Iterator[Indicator | Issue | Skipped]:
        loose = self._around.under
        for name in self._unread:
            yield Issue("column name not known", self._page.header, name,
                        "not read; map it if it matters", "warning")  # fmt: skip
        left = [
            c for c in self._page.columns
            if not (self._is_read(c) or words_of(c) & LABELS or self._names.is_code(c))
        ]  # fmt: skip
        unread = Unread(left, self._page.columns)
        for found in self._page.rows():
            if isinstance(found, tuple) and found[0] not in loose:
                unread.see(found[1])
            if isinstance(found, Issue) and found.record in loose:
                yield Skipped(BELOW)
            elif not isinstance(found, tuple):
                yield found
            elif found[0] in loose:
                yield Skipped(BELOW)
            elif self._shape.across:
                yield from self._down(*found)
            elif self._shape.crossed and not self._shape.tidy and not self._shape.measures:
                yield from self._crossed(*found)
            else:
                yield from self._tidy(*found)
        yield from unread.told(self._page.header, "name those that count under [mapping]")

    def _is_read(self, column: str) -> bool:
        """Say whether anything is made of a column, or it was told already that nothing is."""
        return column in (*self._unread, *self._names.apart) or self._shape.takes(column)

    def _tidy(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        shape = self._shape
        said = {role: as_text(row.get(name)) for role, name in shape.roles.items()}
        if "area" in said:
            said["area"] = area_said(said["area"], shape.roles["area"])
        if shape.sdmx:
            said = {r: before_colon(t) if r != "name" else t for r, t in said.items()}
        period = self._periods.read(number, row)
        if isinstance(period, Issue):
            yield period
            return
        if is_total(said.get("area", "")):
            if not self._area:
                yield Skipped("row of totals")
                return
            said["area"] = self._area
        step = said.get("step", "").casefold()
        step = FREQUENCIES.get(step, step) or period.step
        if step not in STEPS:
            yield Issue("step not readable", number, "step", f"allowed: {', '.join(STEPS)}")
            return
        name = said.get("name", "")
        if shape.sdmx:
            name = self._names.of_dimensions(row, name)
            step = step if step == period.step or period.step == "year" else period.step
        apart = self._names.apart_of(row, said)
        area = said.get("area") or said.get("area_name") or ""
        power = _power(row, self._page.columns) if shape.sdmx else 0
        for column, called, unit in self._named(row, name or self._names.whole):
            called = ", ".join([called, *apart]) if called else ""
            of = Meaning(column, called, area, Period(period.first, step), unit, said, power)
            yield from self._cells.read(number, row, of)

    def _named(self, row: Cells, name: str) -> list[tuple[str, str, str]]:
        """Return the columns of figures of a row, what the figures are called, and their units."""
        if value := self._shape.roles.get("value"):
            plain = folded(before_colon(value))[:2] == "v4"  # of the British office
            plain |= folded(before_colon(value)) in FIGURES["value"].split()
            unit = self._unit_beside(row, value)
            named = name or ("" if plain else value)
            if not named and unit and not is_measure(unit):
                named = f"{value} ({unit})"  # of what it is a number: `Nombre (saisies)`
            further = [(c, f"{named} ({c})" if named else c, self._unit_beside(row, c))
                       for c in self._shape.measures]  # fmt: skip
            return [(value, named, unit), *further]
        columns: list[tuple[str, str, str]] = []
        for column in self._shape.measures:
            if columns and words_of(column) & BOUNDS:  # of the figure before
                of = next((c for c in reversed(columns) if not words_of(c[0]) & BOUNDS), columns[0])
                columns.append((column, f"{of[1]} ({column})", of[2]))
            else:
                unit = self._unit_beside(row, column)
                beside = name and folded(name) != folded(column)
                said_of = (name, column) if folded(column) else (name or column,)  # "%": its unit
                columns.append((column, ", ".join(said_of) if beside else column, unit))
        return columns

    def _unit_beside(self, row: Cells, column: str) -> str:
        """Return the unit of a further figure of a row: a number of cases is not in kilos."""
        roles, units = self._shape.roles, self._shape.units
        if column in units:
            return as_text(row.get(units[column])) or unit_of(column)
        told = as_text(row.get(roles["unit"])) if "unit" in roles else ""
        told = before_colon(told) if self._shape.sdmx else told
        if column == roles.get("value"):
            beside = roles.get("unit") in units.values()
            return (told if not beside else "") or unit_of(column)
        if unit := unit_of(column):
            return unit
        whole = is_count(column) != is_count(told) or is_rate(column) or units
        return "" if "value" in roles or whole else told

    def _crossed(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        shape = self._shape
        if not any(as_text(row.get(c)) for c in shape.crossed):
            yield Skipped("line of headings")
            return
        of = None if is_total(as_text(row.get(shape.within))) else self._labelled(row)
        if of is None:
            yield Skipped("row of totals")
            return
        area, things = of
        for column, (of_column, words) in shape.crossed.items():
            if not as_text(row.get(column)):
                continue
            period = self._periods.across(number, row, of_column)
            if isinstance(period, Issue):
                yield period
                return
            name = self._names.with_whole(
                [*(t for t in things if t != area), *filter(None, [words])]
            )
            unit = (
                as_text(row.get(shape.units.get(column, "")))
                or unit_of(words)
                or unit_of(column)
                or as_text(row.get(shape.roles.get("unit", "")))
            )
            said = self._names.beside(row)
            yield from self._cells.read(
                number, row, Meaning(column, name, area, period, unit, said)
            )

    def _labelled(self, row: Cells) -> tuple[str, list[str]] | None:
        """Return the area of a row of a crossed table and what else names it; None for a total."""
        labels = (c for c in self._page.columns if self._shape.is_label(c))
        written = {c: as_area(as_text(row.get(c)), c) for c in labels}
        areas = [
            label for column, label in written.items()
            if column in self._areas and label and code_of(unmarked(label)[0])
        ]  # fmt: skip
        things = [
            label for column, label in written.items()
            if label and label not in areas and not label.isdigit()
            and not (areas and column in self._areas)  # a place that only its code beside it tells
        ]  # fmt: skip
        area = narrowest(areas) if areas else self._area
        if not area and self._places and things:
            if is_total(things[0]):
                return None
            area = things.pop(0)  # one that we do not know
        elif not areas and self._areas:  # the total of a table of parts of the area
            things = [label for label in things if not is_total(label)]
        return area, things

    def _down(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        period = self._periods.read(number, row)
        if isinstance(period, Issue):
            yield period
            return
        told = False
        known = [c for c in self._shape.across if area_code(c, widest=True)]
        of_areas = len(known) >= MOST * sum(not is_total(c) for c in self._shape.across)
        said = self._names.beside(row)
        apart = self._names.apart_of(row, said)
        of = ""  # of which figure a bound is
        for column in self._shape.across:
            of = of if words_of(column) & BOUNDS else column
            if not as_text(row.get(column)):
                continue
            told = True
            name, area = self._names.whole, column
            if not (of_areas and column in known):
                called = column if of in ("", column) else f"{of} ({column})"
                name, area = f"{name}, {called}" if name else called, self._area
            name = ", ".join([name, *apart]) if name else ""
            unit = self._unit_beside(row, column) or (self._unit_beside(row, of) if of else "")
            yield from self._cells.read(
                number, row, Meaning(column, name, area, period, unit, said)
            )
        if not told:
            yield Skipped("row without figures")


def named_by_sheets(readers: Sequence[FigureReader]) -> None:
    """Let the sheet's name tell figures apart that nothing else in a workbook does.

    Sheets of one title and the same columns are of as many things; what a sheet says of its period
    or area is known already.
    """
    for reader in readers:
        reader.named_apart([other for other in readers if other.alike(reader)])


def _power(row: Cells, columns: Sequence[str]) -> int:
    for name in columns:
        if folded(before_colon(name)) == "unit_mult":
            text = before_colon(as_text(row.get(name)))
            return int(text) if text.isdecimal() and int(text) <= 12 else 0
    return 0
