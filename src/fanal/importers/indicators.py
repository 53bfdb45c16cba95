"""Official tables: published figures, tidy, crossed or as SDMX-CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Indicator, Issue, Skipped
from fanal.importers.reading.archives import head
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.figure_rows import FigureReader
from fanal.importers.reading.figure_tables import (
    CODES,
    FIRST_ROWS,
    IDLE,
    MOST,
    RATES,
    ROLES,
    Said,
    Shape,
    before_colon,
    is_rate,
)
from fanal.importers.reading.figures import read_figure
from fanal.importers.reading.periods import (
    STEPS,
    PeriodColumn,
    periods_within,
    step_of,
)
from fanal.importers.reading.rows import (
    Cells,
    Found,
    Table,
    as_text,
    folded,
    kind_of,
    open_sheets,
    sniffed,
    words_of,
)

LATER = ("date", "time")  # of a row's period, where no column is called by what it is
_PEOPLE = words_of("pop population populations habitants inhabitants einwohner bevolkerung "
                    "poblacion ptot pmun")  # fmt: skip
_GENERIC = RATES | words_of(
    "value valeur nombre effectif count n total number nb de des du faits mille cent 100 1000 000 "
    "habitants inhabitants pourcent pourmille chiffre chiffres figure figures cas cases"
)
_NUMBER = words_of("nb nombre number valeur effectif chiffre")
CROSSED = 3  # columns of periods or areas, which show that a table is crossed
LEAST = 2  # of periods, where nothing but the kind of source says that it is one of figures


@dataclass(frozen=True)
class Indicators(Importer):
    """Published figures (CSV, TSV, XLSX, XLS, ODS, JSON lines, Parquet), one or many a row.

    When to use: official or scientific tables, in any of three shapes: one figure a row, with a
    second column of rates beside it perhaps; crossed, with a column for each period or area;
    SDMX-CSV. When not: tables of texts (`tables`), drug-checking results (`lab`).

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
    weeks : str
        "monday" or "sunday": the day on which weeks begin, where the header does not show it.

    Limits
    ------
    An empty or suppressed value stays unknown, never zero; what stood there is its note. Footnotes
    and sources under a table become notes, and so does a column of sources. Quarters and half-years
    are kept, and not counted into series. What a period is, its whole column and header show
    (`202103`, `2011-S2`); where they do not, the row is an issue. A second column of figures in a
    row is named `name (column)`; columns of words that tell rows of one name, area and period apart
    are part of the name. One sign before three figures
    (`14.217`) is read by the unit, the header and the other figures of the table; where none of
    them shows whether it stands before decimals or between thousands, the figure is an issue. A
    figure in brackets stays unknown.

    Examples
    --------
    >>> Indicators(counts="usage de stupéfiants", unit="personnes").unit
    'personnes'
    """

    name: ClassVar[str] = "indicators"
    breadth: ClassVar[int] = 0

    mapping: Mapping[str, str] = field(default_factory=dict)
    counts: str = ""
    area: str = ""
    unit: str = ""
    decimal: str = ""
    weeks: str = ""

    def identify(self, path: File) -> bool:
        if kind_of(path) is None and not sniffed(head(path)):
            return False  # a short table between titles and notes does not look like one
        try:
            return any(self._shape(_unfolded(p)) for p in open_sheets(path, self._wanted))
        except ImporterError:
            return False

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
        pages = [_unfolded(page) for page in open_sheets(path, self._wanted)]
        read = False
        for page in pages:
            shape = self._shape(page) or self._plain_shape(page)
            if shape is None:
                rows = sum(1 for found in page.rows() if not isinstance(found, Issue))
                yield Skipped("row of another sheet", rows + 1)
            else:
                read = True
                said = Said(self.counts, self.area, self.unit, self.decimal, self.weeks)
                yield from FigureReader(said, page, shape).read()
        if not read:
            raise ImporterError(
                "not a table of figures",
                where="record 1",
                allowed="columns name, area, period, value; or a column for each period or area",
                do="name the columns under [mapping] in the source description",
            )

    def _wanted(self, names: tuple[str, ...]) -> float:
        shape = self._named(names)
        if self.mapping and not set(self.mapping) <= set(shape.roles):
            return 0.0
        if shape.tidy:
            return 10.0 + len(shape.roles)
        if len(shape.crossed) >= LEAST:
            return float(len(shape.crossed))
        areas = sum(area_code(name, widest=True) is not None for name in shape.rest)
        if "period" not in shape.roles:
            return 0.0
        return float(areas) if areas >= CROSSED else min(1.0, len(shape.rest))

    def _named(self, names: Sequence[str]) -> Shape:
        """Return what the columns say by their names."""
        by_fold = {folded(before_colon(name)): name for name in reversed(names)}
        # "CODGEO_2025": of which year the map is
        by_fold |= {f[:6]: n for f, n in by_fold.items() if re.fullmatch(r"codgeo_\d{4}", f)}
        shape = Shape()
        steps = {name: step_of(before_colon(name)) for name in names}
        for role, aliases in ROLES.items():
            wanted = [folded(self.mapping[role])] if role in self.mapping else aliases.split()
            found = next((by_fold[w] for w in wanted if w in by_fold), None)
            if found and found not in shape.roles.values():
                shape.roles[role] = found
            if role == "period" and "period" not in shape.roles:
                finest = min(
                    (n for n in names if steps[n]), key=lambda n: STEPS.index(steps[n]), default=""
                )
                found = finest or next((by_fold[w] for w in LATER if w in by_fold), None)
                if found:
                    shape.roles["period"] = found
            if role == "year" and steps.get(shape.roles.get("period", "")) not in (
                None,
                "",
                "year",
            ):
                year = next((n for n in names if steps[n] == "year"), None)
                if year and "year" not in shape.roles:
                    shape.roles["year"] = year
        shape.sdmx = {"time_period", "obs_value"} <= set(by_fold)
        if shape.sdmx:
            shape.labels = _labels(names)
        for name in names:
            known = name in shape.roles.values() or (steps[name] and "period" in shape.roles)
            if not known and not re.fullmatch(r"column \d+", name):
                shape.rest.append(name)
        people = [n for n in shape.rest if _counts_people(n)]
        if people and "denominator" not in shape.roles:
            shape.roles["denominator"] = people[0]
        shape.rest = [n for n in shape.rest if n not in people]
        if "value" not in shape.roles:  # "nb_faits", "Nombre de cas"
            plain = (n for n in shape.rest if _NUMBER & words_of(n) and words_of(n) <= _GENERIC)
            if value := next((n for n in plain if not is_rate(n)), None):
                shape.roles["value"] = value
                shape.rest.remove(value)
        shape.crossed = periods_within(shape.rest)
        return shape

    def _shape(self, page: Table) -> Shape | None:
        """Return how a sheet is to be read; None if it does not look like a table of figures."""
        shape = self._named(page.columns)
        rows = _first_rows(page)
        if not rows:
            return None
        cells = {n: [as_text(r.get(n)) for r in rows] for n in page.columns}
        figures = {n: _share([r.get(n) for r in rows]) for n in page.columns}
        shape.figures = {n for n, share in figures.items() if share >= MOST}
        if self.mapping and shape.tidy:
            return shape
        if shape.tidy:
            periods = self.periods_of(shape, rows)
            if figures[shape.roles["value"]] < MOST or sum(periods) < MOST * len(periods):
                return None
            if not shape.sdmx:
                shape.measures = shape.further()
            return shape
        shape.crossed = {n: p for n, p in shape.crossed.items() if n in shape.figures}
        if len(shape.crossed) >= CROSSED:
            return shape
        # periods down, areas or things counted across
        period = next((n for n in page.columns if _all_periods(n, cells[n])), None)
        across = [n for n in page.columns if n != period and n in shape.figures]
        areas = [n for n in across if area_code(n, widest=True)]
        if period and len(areas) >= max(CROSSED, MOST * len(across)):
            shape.roles["period"] = period
            shape.across = areas
            return shape
        return None

    def _plain_shape(self, page: Table) -> Shape | None:
        """Return how a table is to be read that shows what it is by its periods and figures alone.

        Other tables look like that too: it is no proof of what a file is.
        """
        shape = self._named(page.columns)
        rows = _first_rows(page)
        shape.figures = {n for n in page.columns if _share([r.get(n) for r in rows]) >= MOST}
        if "value" in shape.roles and shape.roles["value"] not in shape.figures:
            return None
        if "period" not in shape.roles:
            shape.crossed = {n: p for n, p in shape.crossed.items() if n in shape.figures}
            return shape if len(shape.crossed) >= LEAST else None
        shape.measures = shape.further()
        if not shape.measures and "value" not in shape.roles:
            return None
        named = self.counts or "name" in shape.roles or "value" in shape.roles
        if not named and all(words_of(name) <= _GENERIC for name in shape.measures):
            return None  # nothing says of what they are
        if not {"name", "area", "value"} & set(shape.roles):
            shape.across, shape.measures = shape.measures, []
        return shape

    def periods_of(self, shape: Shape, rows: Sequence[Cells]) -> list[bool]:
        """Return of each row that has a period whether it can be read."""
        column = shape.column("", self.weeks)
        texts = [text for row in rows if (text := shape.period(row))]
        for text in texts:
            column.see(text)
        return [column.read(text) is not None or bool(column.open) for text in texts]


def _unfolded(page: Table) -> Table:
    r"""Return a table of Eurostat as others: `freq,unit,geo\TIME_PERIOD`, then the periods."""
    folded_names, slash, _ = page.columns[0].partition("\\")
    if not slash or "," not in folded_names:
        return page
    names = [name.strip() for name in folded_names.split(",")]

    def rows() -> Iterator[Found]:
        for found in page.rows():
            if isinstance(found, tuple):
                said = as_text(found[1].get(page.columns[0])).split(",")
                cells = {c: v for c, v in found[1].items() if c != page.columns[0]}
                yield found[0], {**dict(zip(names, said, strict=False)), **cells}
            else:
                yield found

    return replace(page, columns=(*names, *page.columns[1:]), rows=rows)


def _first_rows(page: Table) -> list[Cells]:
    """Return the first rows by which a table is judged, without titles and notes among them."""
    rows = [found[1] for found in islice(page.rows(), FIRST_ROWS) if isinstance(found, tuple)]
    return [row for row in rows if sum(bool(as_text(cell)) for cell in row.values()) > 1]


def _all_periods(header: str, cells: Sequence[str]) -> bool:
    column, said = PeriodColumn(header), [cell for cell in cells if cell]
    for cell in said:
        column.see(cell)
    return sum(column.read(cell) is not None for cell in said) >= MOST * len(cells) > 0


def _counts_people(name: str) -> bool:
    words = words_of(name)
    return bool(words & _PEOPLE) and not words & (RATES | CODES - {"insee"})


def _labels(names: Sequence[str]) -> dict[str, str]:
    """Return column of codes → column of their labels, where an SDMX table has both."""
    folds = [folded(before_colon(name)) for name in names]
    at = folds.index("time_period")
    if "observation_value" not in folds or folds[at + 1 : at + 2] == ["obs_value"]:
        return {}
    start = 1 + max((i for i, f in enumerate(folds[:at]) if f in IDLE), default=-1)
    pairs = list(names[start:])
    return dict(zip(pairs[::2], pairs[1::2], strict=False))


def _share(cells: Sequence[object]) -> float:
    said = [c for c in cells if as_text(c)]
    return sum(read_figure(c) is not None for c in said) / len(said) if said else 0.0
