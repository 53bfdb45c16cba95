"""Which shape an official table has: a figure a row, crossed, or periods down and areas across."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from fanal.importers.reading.areas import LEVELS, area_code, as_area, level_of
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.figure_tables import (
    BOUNDS,
    CODES,
    IDLE,
    MOST,
    RATES,
    UNITS,
    Shape,
    before_colon,
    is_price,
    is_rate,
    is_total,
    unit_of,
)
from fanal.importers.reading.figures import is_count, read_figure, read_range
from fanal.importers.reading.parts_of_years import in_year, of_years, parts_across, year_of
from fanal.importers.reading.periods import (
    STEPS,
    Period,
    PeriodColumn,
    periods_within,
    step_of,
    with_year,
)
from fanal.importers.reading.rows import Cells, Found, Table, as_text
from fanal.importers.reading.usual_names import FIGURES

_FROM = words_of("debut start begin beginning from du von inicio desde inizio dal first premier")
_UNTIL = words_of("fin end ending to au until bis fine hasta al last dernier")
LATER = ("date", "time")  # of a row's period, where no column is called by what it is
_PEOPLE = words_of("pop population populations habitants inhabitants einwohner einwohnerzahl "
                   "bevolkerung bevolkerungszahl poblacion habitantes popolazione abitanti "
                   "residenti bevolking bevolkingsomvang inwoners inwonertal ptot pmun"
                   )  # fmt: skip
_OF_MANY = re.compile(r"(?<!\d)10{1,2}_?000(?:_?000)?(?!\d)")  # a rate: "x 100.000 abitanti"
# how many were asked: of a share beside them, and no figure
_ASKED = words_of("base respondents repondants interroges interrogees enquetes interviewes "
                  "befragte befragten stichprobe stichprobengrosse encuestados entrevistados "
                  "intervistati rispondenti respondenten ondervraagden steekproef "
                  "steekproefomvang echantillon")  # fmt: skip
_ASKED_OR_COUNTED = words_of("effectif effectifs n total")  # beside bounds of a share
_SHARES = words_of("prevalence prevalences pravalenz prevalencia prevalenza prevalentie")
_GENERIC = RATES | words_of(
    "value valeur nombre effectif count n total number nb de des du faits mille cent 100 1000 000 "
    "habitants inhabitants pourcent pourmille chiffre chiffres figure figures cas cases"
)
_NUMBER = words_of("nb nombre number valeur effectif chiffre")
_SAYING = ("unit", "note", "origin", "revision")  # what is said of a figure, and what it numbers
_OF_YEARS = re.compile(r"\D*(?:19|20)\d\d(?!\d)")
HALF = 0.5  # of the cells of a column of places that are on the map
CROSSED = 3  # columns of periods or areas, which show that a table is crossed
LEAST = 2  # of periods, where nothing but the kind of source says that it is one of figures


def by_names(names: Sequence[str], mapping: Mapping[str, str]) -> Shape:
    """Return what the columns say by their names."""
    by_fold = {folded(before_colon(name)): name for name in reversed(names)}
    # of the British office of statistics, with the number of columns of marks behind it
    by_fold |= {f[:2]: n for f, n in by_fold.items() if re.fullmatch(r"v4_\d", f)}
    # "CODGEO_2025": of which year the map is
    by_fold |= {f[:6]: n for f, n in by_fold.items() if re.fullmatch(r"codgeo_\d{4}", f)}
    shape = Shape()
    steps = {name: step_of(before_colon(name)) for name in names}
    for role, aliases in FIGURES.items():
        wanted = [folded(mapping[role])] if role in mapping else aliases.split()
        found = next((by_fold[w] for w in wanted if w in by_fold), None)
        if found and found not in shape.roles.values():
            shape.roles[role] = found
        if role == "period" and "period" not in shape.roles:
            finest = min(
                (n for n in names if steps[n]), key=lambda n: STEPS.index(steps[n]), default=""
            )
            found = finest or next((by_fold[w] for w in LATER if w in by_fold), None)
            if not finest and (days := _first_and_last(names)):
                shape.roles["period"], shape.roles["until"] = days
            elif found:
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
    if "denominator" not in shape.roles and not mapping and (base := _base(shape, names)):
        shape.roles = {role: n for role, n in shape.roles.items() if n != base}
        shape.roles["denominator"] = base
        shape.rest = [n for n in shape.rest if n != base]
    shape.crossed = periods_within(shape.rest)
    return shape


def _base(shape: Shape, names: Sequence[str]) -> str:
    """Return the column of how many people were asked, "" for none: `Effectif, %, IC inf, IC sup`.

    An office of deaths has bounds of its rates too, beside the deaths: they are no share of 100.
    """
    bounds = [n for n in shape.rest if words_of(n) & BOUNDS]
    others = [n for n in shape.rest if n not in bounds]
    value = shape.roles.get("value", "")
    shares = [n for n in others if unit_of(n) == "%" or words_of(n) & _SHARES]
    if not shares or shape.sdmx:
        return ""
    asked = next((n for n in (*others, value) if words_of(n) & _ASKED and n not in shares), "")
    if asked or not value:
        return asked
    behind = names.index(value) > names.index(shares[0])  # "%, n"; before it, it is what counts
    counted = words_of(value) <= _ASKED_OR_COUNTED if bounds else behind and folded(value) == "n"
    return value if counted else ""


def _first_and_last(names: Sequence[str]) -> tuple[str, ...]:
    """Return the two columns that say together when a period began and ended; () for none.

    >>> _first_and_last(["date_debut", "date_fin", "valeur"]), _first_and_last(["date", "fin"])
    (('date_debut', 'date_fin'), ())
    """
    pairs = [
        (one, other) for one in names for other in names
        if (begun := words_of(one) & _FROM) and (ended := words_of(other) & _UNTIL)
        and words_of(one) - begun == words_of(other) - ended
    ]  # fmt: skip
    return pairs[0] if len(pairs) == 1 else ()


def _located(shape: Shape, cells: Mapping[str, Sequence[str]], mapping: Mapping[str, str]) -> None:
    """Take for the area the column whose cells are places, where the one so called has none.

    `Region` may say Europe where `Country` says France.
    """
    if "area" in mapping:
        return
    area = shape.roles.get("area", "")
    if area and (_of_places(area, cells[area]) or level_of(area) == ""):
        return
    taken = {name for role, name in shape.roles.items() if role not in ("area", "area_name")}
    known = [
        n for n in cells
        if n not in taken and level_of(n) and n not in shape.crossed and _of_places(n, cells[n])
    ]  # fmt: skip
    if known:
        finest = min(known, key=lambda name: LEVELS.index(level_of(name)))
        shape.rest = [*([area] if area else []), *(n for n in shape.rest if n != finest)]
        shape.roles = {r: n for r, n in shape.roles.items() if n != finest} | {"area": finest}


def _of_places(name: str, cells: Sequence[str]) -> bool:
    """Say whether most cells of a column are places, by what its name says of them."""
    said = [cell for cell in cells if cell and not is_total(cell)]
    known = sum(area_code(as_area(cell, name), widest=True) is not None for cell in said)
    return known >= HALF * len(said) > 0


def shape_of(page: Table, mapping: Mapping[str, str], period: str = "") -> Shape | None:
    """Return how a sheet is to be read; None if it does not look like a table of figures.

    `period` is what the description says of the period of all figures.
    """
    shape = by_names(page.columns, mapping)
    rows = _first_rows(page)
    if not rows:
        return None
    cells = {n: [as_text(r.get(n)) for r in rows] for n in page.columns}
    figures = {n: _share([r.get(n) for r in rows], n) for n in page.columns}
    shape.figures = {n for n, share in figures.items() if share >= MOST}
    _located(shape, cells, mapping)
    shape.codes = _codes(shape, cells)
    if mapping and shape.tidy:
        return shape
    if _by_parts(shape, page, cells, period):
        return shape
    if shape.tidy:
        periods = periods_of(shape, rows)
        if figures[shape.roles["value"]] < MOST or sum(periods) < MOST * len(periods):
            return None
        if not shape.sdmx:
            shape.measures = shape.further()
        return shape
    shape.crossed = _of_figures(shape, cells)
    shape.within = next((n for n in page.columns if _of_years(shape, n, cells[n])), "")
    if shape.within:
        shape.roles = {role: n for role, n in shape.roles.items() if role not in ("period", "year")}
    if shape.within or len(shape.crossed) >= CROSSED:
        return shape
    # periods down, areas or things counted across
    down = next((n for n in page.columns if _all_periods(n, cells[n])), None)
    across = [n for n in page.columns if n != down and n in shape.figures]
    areas = [n for n in across if area_code(n, widest=True)]
    if down and len(areas) >= max(CROSSED, MOST * len(across)):
        shape.roles["period"] = down
        shape.across = areas
        return shape
    return None


def _by_parts(shape: Shape, page: Table, cells: Mapping[str, Sequence[str]], told: str) -> bool:
    """Cross a table by the months, quarters or half-years of years that are said elsewhere.

    A column says the years, or one year is that of all figures.
    """
    parts = parts_across([n for n in page.columns if n in shape.figures])
    years = next((n for n in page.columns if n not in parts and of_years(n, cells[n])), "")
    year = 0 if years or not parts else year_of(page, told)
    if not parts or not (years or year):
        return False
    shape.crossed = {n: (in_year(p, year) if year else p, "") for n, p in parts.items()}
    shape.years = years
    shape.roles = {
        role: n for role, n in shape.roles.items()
        if role not in ("period", "year", "until") and n not in parts
    }  # fmt: skip
    return True


def plain_shape(
    page: Table, mapping: Mapping[str, str], counts: str = "", dated: float = MOST
) -> Shape | None:
    """Return how a table is to be read that shows what it is by its periods and figures alone.

    Other tables look like that too: it is no proof of what a file is. `dated` is the share of its
    rows that a period is read of, at least.
    """
    shape = by_names(page.columns, mapping)
    rows = _first_rows(page)
    shape.figures = {n for n in page.columns if _share([r.get(n) for r in rows], n) >= MOST}
    if "value" in shape.roles and shape.roles["value"] not in shape.figures:
        return None
    cells = {n: [as_text(r.get(n)) for r in rows] for n in page.columns}
    unnamed = (n for n in page.columns if re.fullmatch(r"column \d+", n))
    period = next((n for n in unnamed if _all_periods(n, cells[n])), "")
    if period and "period" not in shape.roles and not shape.crossed:  # its name is left out
        shape.roles["period"] = period
    _located(shape, cells, mapping)
    shape.codes = _codes(shape, cells)
    if "period" not in shape.roles:
        shape.crossed = _of_figures(shape, cells)
        if len(shape.crossed) >= LEAST:
            return shape
        undated = _undated(shape, page, rows)
        return undated if undated and _is_named(undated, counts) else None
    if sum(periods := periods_of(shape, rows)) < dated * len(periods):
        return None
    shape.measures = shape.further()
    if not shape.measures and "value" not in shape.roles:
        return None
    if not _is_named(shape, counts):
        return None
    if not {"name", "area", "area_name", "value"} & set(shape.roles):
        shape.across, shape.measures = shape.measures, []
    return shape


def missing(page: Table, mapping: Mapping[str, str]) -> tuple[str, str]:
    """Return what keeps a table from being read as one of figures, and what to do."""
    shape, rows = by_names(page.columns, mapping), _first_rows(page)
    called = " | ".join(page.columns)
    cells = {n: [text for r in rows if (text := as_text(r.get(n)))] for n in page.columns}
    period = shape.roles.get("period") or next(
        (n for n, said in cells.items() if said and all(map(_OF_YEARS.match, said))), ""
    )
    if not cells.get(period):
        do = "leave one row of headings on top and write the period of each figure beside it"
        return f"no column of periods: {called}", do
    column = PeriodColumn(period)
    if not any(column.read(text) for text in cells[period]):
        said = f"periods of another length: {cells[period][0]} ({period})"
        return said, "give the figures by calendar year, quarter, month or week"
    return f"no column of figures alone: {called}", "write one number in each cell"


def _is_named(shape: Shape, counts: str) -> bool:
    """Say whether anything tells of what the figures are."""
    named = counts or "name" in shape.roles or "value" in shape.roles
    return bool(named) or any(not words_of(name) <= _GENERIC for name in shape.measures)


def _of_figures(shape: Shape, cells: Mapping[str, Sequence[str]]) -> dict[str, tuple[Period, str]]:
    """Return the columns of periods that hold figures.

    Beside several of them, one of the same kind is of figures too, whatever stands in some cells.
    """
    sure = {n: p for n, p in shape.crossed.items() if n in shape.figures}
    kinds = {(period.step, words) for period, words in sure.values()}
    if len(sure) < LEAST:
        return sure
    return {
        n: (period, words) for n, (period, words) in shape.crossed.items()
        if n in sure or ((period.step, words) in kinds and _share(cells[n]) > 0)
    }  # fmt: skip


def _codes(shape: Shape, cells: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the columns of numbers that are places, or say the period or the next label again.

    `reg` 11 before `region` Île-de-France; where no other figure is left, they are figures.
    """
    names, further = list(cells), shape.further()
    period = cells.get(shape.roles.get("period", ""))
    behind = dict(pairwise(names))
    found = {
        n for n in further
        if cells[n] == period or (level_of(n) and len(words_of(n)) == 1)
        or (n in behind and _numbers(shape, n, behind[n], cells))
    }  # fmt: skip
    return found if "value" in shape.roles or found < {*further} else set()


def _numbers(shape: Shape, name: str, label: str, cells: Mapping[str, Sequence[str]]) -> bool:
    """Say whether a column numbers what the next one names: each label has one number, twice."""
    if label in shape.figures or words_of(label) & UNITS or label in map(shape.roles.get, _SAYING):
        return False
    if is_count(name) or is_rate(name) or unit_of(name):
        return False
    pairs = list(zip(cells[name], cells[label], strict=True))
    numbers, labels = map(set, zip(*set(pairs), strict=True))
    plain = all(number.isdecimal() and text for number, text in pairs)
    return plain and 1 < len(numbers) == len(labels) == len(set(pairs)) < len(pairs)


def periods_of(shape: Shape, rows: Sequence[Cells]) -> list[bool]:
    """Return of each row that has a period whether it can be read."""
    column = shape.column("", "")
    texts = [text for row in rows if (text := shape.period(row))]
    for text in texts:
        column.see(text)
    return [column.read(text) is not None or bool(column.open) for text in texts]


def unfolded(page: Table) -> Table:
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
    return [row for row in page.first if sum(bool(as_text(cell)) for cell in row.values()) > 1]


def _all_periods(header: str, cells: Sequence[str]) -> bool:
    column, said = PeriodColumn(header), [cell for cell in cells if cell]
    for cell in said:
        column.see(cell)
    return sum(column.read(cell) is not None for cell in said) >= MOST * len(cells) > 0


def _undated(shape: Shape, page: Table, rows: Sequence[Cells]) -> Shape | None:
    """Return how a table is to be read whose rows are areas with figures, and nothing else."""
    cells = {n: [as_text(r.get(n)) for r in rows] for n in page.columns}
    words = [n for n in page.columns if n not in shape.figures and any(cells[n])]
    area = shape.roles.get("area") or next((n for n in words if _of_areas(cells[n])), "")
    known = {area, shape.roles.get("area_name"), *(n for n in words if words_of(n) & CODES)}
    if shape.crossed or not area or set(words) - known or len(rows) < LEAST:
        return None
    if len({*cells[area]}) < len(rows):
        return None
    # numbers are areas where the column is called by what it is: `departement`, `code`
    called = shape.roles.get("area") == area and _of_areas(cells[area])
    if area in shape.figures and not (called or words_of(area) & CODES):
        return None
    shape.roles["area"] = area
    shape.rest = [n for n in shape.rest if n != area]
    shape.measures = shape.further()
    return shape if shape.measures or "value" in shape.roles else None


def _of_areas(cells: Sequence[str]) -> bool:
    return sum(area_code(cell, widest=True) is not None for cell in cells) >= MOST * len(cells)


def _of_years(shape: Shape, name: str, cells: Sequence[str]) -> bool:
    """Say whether a column holds months, weeks or quarters of the years that stand across."""
    steps = {period.step for period, _ in shape.crossed.values()}
    said = [cell for cell in cells if cell and not is_total(cell)]
    step = step_of(before_colon(name))
    if steps != {"year"} or len(shape.crossed) < LEAST or len(said) < LEAST or step == "year":
        return False
    if not step and not all(re.fullmatch(r"[^\W\d_]{3,}\.?", cell) for cell in said):
        return False  # a bare number is no month
    column = PeriodColumn(name)
    written = [with_year("2024", cell, step) for cell in said]
    read = [column.read(text) for text, cell in zip(written, said, strict=True) if text != cell]
    return sum(p is not None and p.step != "year" for p in read) >= MOST * len(said)


def _counts_people(name: str) -> bool:
    words = words_of(name)
    shared = is_rate(name) or _OF_MANY.search(folded(name))
    return bool(words & _PEOPLE) and not shared and not words & (CODES - {"insee"})


def _labels(names: Sequence[str]) -> dict[str, str]:
    """Return column of codes → column of their labels, where an SDMX table has both."""
    folds = [folded(before_colon(name)) for name in names]
    at = folds.index("time_period")
    if "observation_value" not in folds or folds[at + 1 : at + 2] == ["obs_value"]:
        return {}
    start = 1 + max((i for i, f in enumerate(folds[:at]) if f in IDLE), default=-1)
    pairs = list(names[start:])
    return dict(zip(pairs[::2], pairs[1::2], strict=False))


def _share(cells: Sequence[object], name: str = "") -> float:
    """Return the share of a column's cells that are figures, or ranges of prices."""
    said, price = [c for c in cells if as_text(c)], is_price(name)
    found = (read_figure(c) is not None or (price and read_range(c) is not None) for c in said)
    return sum(found) / len(said) if said else 0.0
