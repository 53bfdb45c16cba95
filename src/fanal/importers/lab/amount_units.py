"""The unit of amounts whose column says none, by its name and its figures."""

from __future__ import annotations

from collections.abc import Sequence

from fanal.importers.lab.cells import columns, in_parts, number, read_amount, spelt
from fanal.importers.lab.column_cells import Contents, cells_of
from fanal.importers.lab.layout import Layout
from fanal.importers.reading.column_words import folded

LIKELY = 0.9  # of the figures of a share that must be 100 at most: the others are mistakes
FRACTION = 0.2  # median of shares that are written as parts of one
FEWEST = 3  # figures, below which nothing is made of them


def find_units(layout: Layout, contents: Contents) -> None:
    """Find the unit of amounts where neither header nor column says it, by the figures.

    `bare` keeps what was made of such a column: a unit, or "" where it cannot be told.
    """
    forms = [c for n in layout.sample.get("form", ()) for c in cells_of(contents, n)]
    wholes = any(spelt(folded(c).split("_"), columns()["units"]["whole"]) for c in forms)
    amounts = [g["amount"] for g in layout.groups.values() if "amount" in g]
    for name in (*amounts, *layout.contents):
        substance, said = layout.contents.get(name, ("", layout.units.get(name)))
        cells = cells_of(contents, name)
        if (
            name in layout.unit_columns
            or said
            or not any(number(c) is not None for c in cells)
            or in_parts(name)
        ):
            continue
        unit = _unit_of(name, cells, wholes, bool(substance))
        if unit is None:
            continue
        layout.bare[name] = unit
    beside = [name for name in layout.bare if name in layout.contents]
    if "" in map(layout.bare.get, beside):  # columns of one table: all in %, or none for sure
        layout.bare |= {name: "" for name in beside if layout.bare[name] != "flag"}
    for name, unit in layout.bare.items():
        if unit and name in layout.contents:
            layout.contents[name] = (layout.contents[name][0], unit)
        elif unit:
            layout.units[name] = unit


def _unit_of(name: str, cells: Sequence[str], wholes: bool, content: bool) -> str | None:
    """Return the unit of the bare figures of a column; "" where it cannot be told.

    "fraction" is of parts of one; None where figures only say that something is there.
    """
    figures = sorted(f for f in map(number, cells) if f is not None)
    said = {read.unit for c in cells if (read := read_amount(c)) and read.unit}
    likely = sum(f <= 100 for f in figures) >= LIKELY * len(figures)
    words = folded(name).split("_")
    known = columns()["units"]
    if content and set(figures) <= {0.0, 1.0}:
        return "flag"
    if said:  # in other cells of the column
        unit = said.pop()
        return unit if not said and (unit != "%" or likely) else ""
    share = spelt(words, known["share"])
    if not (share or ((content or spelt(words, known["content"])) and not wholes)) or not likely:
        return ""
    if figures[-1] > 1:
        return "%"
    middle = figures[len(figures) // 2]
    return "fraction" if share and len(figures) >= FEWEST and middle >= FRACTION else ""
