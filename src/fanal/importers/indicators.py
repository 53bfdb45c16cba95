"""Official tables: one row, one published figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Indicator, Issue, Skipped
from fanal.importers.dates import read_date
from fanal.importers.rows import Cells, as_text, folded, kind_of, open_table

ROLES = (
    "name", "area", "period", "step", "value", "unit", "denominator", "substance", "note",
    "revision",
)  # fmt: skip
NEEDED = ("name", "area", "period", "value")
STEPS = ("week", "month", "year")


@dataclass(frozen=True)
class Indicators(Importer):
    """Tidy tables of published figures (CSV, TSV, XLSX, JSON lines, Parquet).

    When to use: official or scientific tables with one figure a row. When not: tables of texts
    (`tables`), drug-checking results.

    Parameters
    ----------
    mapping : mapping of role → column
        Roles: name, area, period, step, value, unit, denominator, substance, note, revision.
        If empty, the columns are called so.

    Limits
    ------
    An empty value stays unknown, never zero. `step` is week, month or year; without it a year.
    """

    name: ClassVar[str] = "indicators"
    breadth: ClassVar[int] = 0

    mapping: Mapping[str, str] = field(default_factory=dict)

    def identify(self, path: File) -> bool:
        if kind_of(path) is None:
            return False
        try:
            table = open_table(path, lambda names: True)
            return set(NEEDED) <= set(map(folded, table.columns))
        except ImporterError:
            return False

    def extract(self, path: File) -> Iterator[Indicator | Issue | Skipped]:
        columns: dict[str, str] = {}

        def fits(names: tuple[str, ...]) -> bool:
            by_fold = {folded(name): name for name in names}
            found = {r: by_fold.get(folded(self.mapping.get(r, r))) for r in ROLES}
            columns.clear()
            columns.update({role: name for role, name in found.items() if name})
            return set(NEEDED) <= set(columns)

        table = open_table(path, fits)
        if not fits(table.columns):
            raise ImporterError(
                "not a table of figures",
                where="record 1",
                allowed=f"columns {', '.join(NEEDED)}",
                do="name the columns under [mapping] in the source description",
            )
        for found in table.rows():
            if isinstance(found, tuple):
                yield _figure(*found, columns)
            else:
                yield found


def _figure(number: int, row: Cells, columns: Mapping[str, str]) -> Indicator | Issue:
    def cell(role: str) -> str:
        return as_text(row.get(columns.get(role, ""), ""))

    moment = read_date(cell("period"))
    step = cell("step") or "year"
    if moment is None or step not in STEPS:
        bad = "period" if moment is None else "step"
        return Issue(f"{bad} not readable", number, bad, f"allowed: {', '.join(STEPS)}")
    try:
        value, denominator = _number(cell("value")), _number(cell("denominator"))
    except ValueError:
        return Issue("not a number", number, "value", "write figures as 1234.5 or 1 234,5")
    return Indicator(
        name=cell("name"),
        area=cell("area"),
        period=moment.time.date() if hasattr(moment.time, "date") else moment.time,
        step=step,
        value=value,
        unit=cell("unit"),
        denominator=denominator,
        substance=cell("substance") or None,
        note=cell("note") or None,
        source="",
        revision=cell("revision"),
        run="",
    )


def _number(text: str) -> float | None:
    plain = "".join(text.split()).replace("\u202f", "").replace(",", ".")
    return float(plain) if plain else None
