"""Which areas the rows of an official table are of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fanal.importers.reading.areas import (
    area_code,
    around,
    as_area,
    is_part,
    is_sure,
    level_of,
)
from fanal.importers.reading.figure_tables import MOST, Shape, is_total
from fanal.importers.reading.rows import Table, as_text

HALF = 0.5  # of the different cells of a column that are areas


def name_areas(page: Table, shape: Shape) -> None:
    """Take labels that name the areas beside their codes for that, and for no series' name."""
    roles = shape.roles
    if not {"name", "area"} <= roles.keys() or "area_name" in roles:
        return
    texts = [text for row in page.first if (text := as_text(row.get(roles["name"])))]
    if texts and are_areas(texts):
        roles["area_name"] = roles.pop("name")


def columns_of_areas(page: Table, shape: Shape) -> set[str]:
    """Return the columns of a crossed table whose cells name areas, most of them."""
    found = set()
    for column in [c for c in page.columns if shape.is_label(c)]:
        cells = [as_text(row.get(column)) for row in page.first]
        said = {as_area(unmarked(cell)[0], column) for cell in cells if cell}
        said = {cell for cell in said if not is_total(cell)}
        called = column == shape.roles.get("area") or level_of(column)
        known = sum(code_of(c) is not None and (bool(called) or is_sure(c)) for c in said)
        if known and (called or known >= HALF * len(said)):
            found.add(column)
    return found


def are_areas(texts: Sequence[str]) -> bool:
    """Say whether most texts are areas."""
    return sum(area_code(t, widest=True) is not None for t in texts) >= MOST * len(texts)


def area_said(cell: str, column: str) -> str:
    """Return the area that a cell names, the mark of its footnote behind it."""
    bare, _ = unmarked(cell)
    area = as_area(bare, column)
    return area if bare == cell else f"{area} {cell[len(bare) :].strip()}"


def unmarked(label: str) -> tuple[str, str]:
    """Split the mark of a footnote from a label: `Paris (1)`; `Nord (59)` has its own number."""
    found = re.fullmatch(r"(.*?\D)\s*(?:\((\d{1,2}|[a-z])\)|([*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+))", label)
    if not found:
        return label, ""
    name, mark = found[1].strip(), found[2] or found[3]
    return name, "" if area_code(mark) and area_code(mark) == area_code(name, widest=True) else mark


def code_of(label: str) -> str | None:
    """Return the code of an area, which may have its name beside it: `59-Nord`."""
    return None if is_part(label) else area_code(label, widest=True)


def narrowest(labels: Sequence[str]) -> str:
    """Return the first area that a row names, or one inside it: beside its region a département."""
    narrowest, *others = labels
    for label in others:
        code, wider = (code_of(unmarked(each)[0]) or "" for each in (label, narrowest))
        if wider in around(code):
            narrowest = label
    return narrowest
