"""The day, the month or the year of all samples of a table, where no column says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fanal.importers.reading.above_tables import fact_above
from fanal.importers.reading.dates import Moment, dates_inside, has_month, read_date
from fanal.importers.reading.rows import Found, Table, as_text

MOST = 0.8  # of the dates of a column that lack their year
_OF_THE_PAGE = re.compile(
    r"\b(?:publi|[ée]dit|imprim|extrait|mise? [àa] jour|updated|printed|generated|exported"
    r"|stand\b|erstellt|aktualisiert|gedruckt|actualiz|aggiornat|stampat|bijgewerkt|afgedrukt|version"
    r"|valid(?:[ée]|at)|valida(?:do|to)|gevalideerd|next\b|prochain|nächste|pr[óo]xim|prossim|volgende)",
    re.IGNORECASE,
)  # a day on which nobody brought a sample
_REPORT = re.compile(r"\b(?:rapports?|reports?|\w*bericht|informe|\w*verslag)\b", re.IGNORECASE)
_THE = r"(?:\s*(?:le|the|den|dem|el|il|de)\b)?\s*$"
_JOINED = re.compile(  # behind a first day or month: "10 et", "1er mars au", "janvier -"
    r"(?P<first>[^\W_]+)[.º]?\s*"
    rf"(?:\b(?:au|[àa]|to|bis|al|tot|t/m|et|and|und|y|ed?|en)\b|[&/–-]){_THE}",
    re.IGNORECASE,
)
_BOUND = re.compile(  # the samples came before it or after it
    r"\b(?:depuis|jusqu['’](?:au|à|en)|avant|apr[èe]s|[àa] (?:partir|compter) d[eu]|since|until"
    r"|before|after|seit|ab|bis|vor|nach|desde|hasta|antes|despu[ée]s|a partir|dal|fino al?|prima"
    rf"|dopo|sinds|vanaf|tot|voor|na)(?:\s+del?)?{_THE}",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.]?|\d{1,2}(?:er|\.)?\s+[^\W\d_]{3,10}\.?")


def moment_above(page: Table, order: str) -> Moment | None:
    """Return the day or month that the lines above a table or its sheet's name tell of all of it.

    None where they tell none, several, a span, a first or last day, or when the page was printed or
    brought up to date. The day of a report is none of a sample, its month is.
    """
    found: set[Moment] = set()
    for line in (page.sheet, *_above(page)):
        fact = fact_above([line])
        if _OF_THE_PAGE.search(line) or (fact and fact.role in ("idle", "source")):
            continue
        for before, moment in dates_inside(line, order):
            if _is_end(before) or moment.precision not in ("day", "month"):
                return None
            if moment.precision == "month" or not _REPORT.search(line):
                found.add(moment)
    return found.pop() if len(found) == 1 else None


def _is_end(before: str) -> bool:
    """Say whether the day behind these words ends or begins a time, or is one of several."""
    joined = _JOINED.search(before)
    first = joined["first"] if joined else ""
    return first[:1].isdigit() or has_month(first) or bool(_BOUND.search(before))


def _above(page: Table) -> Iterator[str]:
    for number, row in page.loose():
        if number >= page.header:
            return
        yield from (text for cell in row if (text := as_text(cell)))


def lacks_year(page: Table, column: str) -> bool:
    """Say whether the dates of a column have a day and a month, and no year."""
    cells = [text for row in page.first if (text := as_text(row.get(column)))]
    return sum(map(_is_short, cells)) >= MOST * len(cells) > 0


def _is_short(cell: str) -> bool:
    """Say whether a cell is a day of any year.

    2000 has every day that there is.
    """
    return bool(_SHORT.fullmatch(cell)) and read_date(_in(cell, 2000), "dmy") is not None


def _in(cell: str, year: int) -> str:
    """Put a year behind a day and a month, as they are written: 12/03 is 12/03/2024."""
    sign = next((sign for sign in "/.-" if sign in cell), " ")
    plain = cell.rstrip("/.")
    return f"{plain} {year}" if re.search(r"[^\W\d_]", cell) else f"{plain}{sign}{year}"


def with_year(page: Table, columns: Sequence[str], year: int) -> Table:
    """Return a table whose dates without a year in these columns are of this one."""

    def rows() -> Iterator[Found]:
        for found in page.rows():
            if not isinstance(found, tuple):
                yield found
                continue
            cells = {c: as_text(found[1].get(c)) for c in columns}
            told = {c: _in(cell, year) for c, cell in cells.items() if _is_short(cell)}
            yield found[0], {**found[1], **told}

    return replace(page, rows=rows)
