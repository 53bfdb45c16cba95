"""Months, quarters and half-years that stand across a table, and the year that is elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from fanal.importers.reading.above_tables import fact_above
from fanal.importers.reading.periods import Period, PeriodColumn, period_in, step_of
from fanal.importers.reading.rows import Table, as_text

LEAST = 3  # columns of months or quarters, which show that a table is crossed by them
HALVES = 2  # half-years of a year
_SOME = 2000  # a year to read a name with that has none
_PARTS = {"half-year": HALVES, "quarter": LEAST, "month": LEAST}
_OF_YEARS = re.compile(r"(?:19|20)\d\d")
_BY = r"(?:fontes?|quellen?|bron(?:nen)?|fuentes?)"
_PUBLISHED = re.compile(
    rf"^\W*(?:sources?\b(?!\s+(?:d[eu]s?\b|d['’]|of\b)[^:]*$)|{_BY}\b)|\b(?:sources?|{_BY})\s*:"
    r"|\b(?:mise?s? [àa] jour|last update|updated|publi(?:é|sh|cad)|pubblicat|gepubliceerd"
    r"|veröffentlicht|stand\b|aktualisiert|actualizad|aggiornat|bijgewerkt)",
    re.IGNORECASE,
)


def parts_across(names: Sequence[str]) -> dict[str, Period]:
    """Return column → part of a year that it is called by, of a year that is not said.

    >>> parts_across(["Région", "Jan", "Feb", "Mar"])["Feb"].first.month, parts_across(["Mai"])
    (2, {})
    """
    column, worded = PeriodColumn(), [n for n in names if re.search(r"[^\W\d_]", n)]
    written = {name: f"{name} {_SOME}" for name in worded if not _OF_YEARS.search(name)}
    for text in written.values():
        column.see(text)
    read = {name: column.read(text) for name, text in written.items()}
    found = {name: period for name, period in read.items() if period and period.step in _PARTS}
    steps = {period.step for period in found.values()}
    whole = len(steps) == 1 and len(found) >= _PARTS[min(steps)]
    return found if whole and len(set(found.values())) == len(found) else {}


def year_of(page: Table, told: str) -> int:
    """Return the year of all figures of a table, 0 for none: as told, of the sheet or a title."""
    if told:
        period = PeriodColumn().read(told)
        return period.first.year if period and period.step == "year" else 0
    lines = [about_figures(page.sheet)]
    for number, row in page.loose():
        if number >= page.header:
            break
        texts = [text for cell in row if (text := as_text(cell))]
        fact = fact_above(texts) if texts else None
        if not (fact and fact.role in ("idle", "source")):
            lines += map(about_figures, texts)
    # what a title says of months is what stands across: "by month, 2023"
    found = {period_in(line) or _last(line) for line in lines} - {None}
    years = {period.first.year for period in found if period and period.step == "year"}
    return years.pop() if len(found) == len(years) == 1 else 0


def _last(line: str) -> Period | None:
    """Return the only year of a line that it ends with, whatever it says of months before it."""
    years = _OF_YEARS.findall(line)
    ends = re.search(r"(?<![\d/–-])(?:19|20)\d\d\W*$", line)
    return Period(date(int(years[0]), 1, 1), "year") if ends and len({*years}) == 1 else None


def about_figures(line: str) -> str:
    """Return what a line says before it tells who published it and when: no year of figures.

    >>> about_figures("Saisies, 2023 (publié en 2024)"), about_figures("Sources de revenus, 2023")
    ('Saisies, 2023 (', 'Sources de revenus, 2023')
    """
    return _PUBLISHED.split(line, maxsplit=1)[0]


def in_year(part: Period, year: int) -> Period:
    """Return the part of a year as one of this year."""
    return Period(part.first.replace(year=year), part.step)


def of_years(header: str, cells: Sequence[str]) -> bool:
    """Say whether a column says the years of which the parts across are."""
    step = step_of(header)
    said = [cell for cell in cells if cell or step != "year"]  # merged cells leave some empty
    years = [cell for cell in said if _OF_YEARS.fullmatch(cell.removesuffix(".0"))]
    return step in ("", "year") and len(years) == len(said) > 0
