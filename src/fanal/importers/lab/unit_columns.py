"""Columns of units: of which figures each is, and what its units say of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from fanal.importers.lab.cells import columns, pieces, read_amount, read_quantity, spelt
from fanal.importers.lab.column_cells import MOST, Contents, cells_of
from fanal.importers.lab.units import (
    IN_BULK,
    bulk_or_piece,
    is_measure,
    is_unit,
    tidy_unit,
    unit_in,
)
from fanal.importers.reading.column_words import folded

SOME = 0.3  # of the units of figures: what was found is told in mg and % together
Taken = Mapping[str, tuple[str, int]]  # column → role and number
_NEVER = ("price", "currency", "form", "place", "date", "reference", "sold_as", "sold_as_label")


def unit_columns(names: Sequence[str], taken: Taken, contents: Contents) -> list[str]:
    """Return the columns that hold units: those called so, and those that hold nothing else."""

    def holds_units(name: str) -> bool:
        role, look = taken.get(name, ("",))[0], contents.get(name)
        if role in ("unit", "amount_unit"):
            return bool(look) or not contents
        if role in _NEVER or look is None or look.share(is_unit) < MOST:
            return False
        return look.share(is_measure) >= SOME

    return [name for name in names if holds_units(name)]


def paired(
    units: Sequence[str], figures: Sequence[str], names: Sequence[str], taken: Taken,
    mapped: Collection[str],
) -> dict[str, str]:  # fmt: skip
    """Return column of figures → its column of units.

    It is of the figures that have its number or a word of its name; else of those beside it, before
    it first; else of the nearest before it.
    """
    found: dict[str, str] = {}
    for column in units:
        left = [n for n in figures if n not in found]
        if column in mapped:  # told which of them it is of
            amounts = taken[column][0] == "amount_unit"
            left = [n for n in left if (taken.get(n, ("amount",))[0] == "amount") == amounts]
        of = next(_of(column, left, list(names), taken), None)
        if of is not None:
            found[of] = column
    return found


def _of(column: str, figures: list[str], names: list[str], taken: Taken) -> Iterator[str]:
    at, number = names.index(column), taken.get(column, ("", 0))[1]
    nearest = [n for n in (*reversed(names[:at]), *names[at + 1 :]) if n in figures]
    beside = [*names[max(at - 1, 0) : at], *names[at + 1 : at + 2]]
    yield from (n for n in nearest if number and taken.get(n, ("", 0))[1] == number)
    yield from (n for n in nearest if _own_words(n) & _own_words(column))
    yield from (n for n in beside if n in figures)
    yield from (n for n in nearest if unit_in(n)[1] is None)


def _own_words(name: str) -> set[str]:
    """Return the words of a header, but those of every column of units."""
    idle = columns()["units"]["column"]
    return {w for w in folded(name).split("_") if not (w.isdigit() or spelt([w], idle))}


def says_how_much(name: str) -> bool:
    """Say whether a header says only how much: of what was found, or of what was bought."""
    words = [w for w in folded(unit_in(name)[0]).split("_") if w and not w.isdigit()]
    return bool(words) and all(spelt([w], columns()["units"]["how_much"]) for w in words)


def units_of(name: str, unit_column: str | None, contents: Contents) -> list[str]:
    """Return the units in which the figures of a column are told, wherever they stand."""
    if said := unit_in(name)[1]:
        return [said]
    cells = cells_of(contents, unit_column) if unit_column else ()
    told = [bulk_or_piece(unit) or tidy_unit(unit) for cell in cells for unit in pieces(cell)]
    told += [_unit_in_cell(cell) for cell in cells_of(contents, name)]
    return [unit for unit in told if unit]


def _unit_in_cell(cell: str) -> str | None:
    """Return the unit of figures in a cell; "%" too where it says trace, minor or not detected."""
    if bought := read_quantity(cell):
        return bought[1]
    read = read_amount(cell)
    if read is None or read.found is None:
        return None
    return read.unit or ("%" if read.trace or read.role or read.censored else None)


def of_what_was_found(units: Collection[str], priced: bool) -> bool:
    """Say whether figures in these units are contents: %, µg, mg of a piece; mg without a price."""
    found = [u for u in units if "/" in u or u in ("%", "µg") or (u == "mg" and not priced)]
    return bool(units) and len(found) >= SOME * len(units)


def of_what_was_bought(units: Collection[str]) -> bool:
    """Say whether figures in these units are what was bought or seized: kg, g, l, tablets."""
    return bool(units) and sum(u in IN_BULK for u in units) >= MOST * len(units)
