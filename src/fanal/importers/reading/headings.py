"""Where the header of a table is: under titles and notes, on one row or on two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dates import read_date
from fanal.importers.reading.usual_names import is_usual

WITHIN = 20  # a person may have written a title and notes above the header
BELOW = 40  # rows by which it is judged how wide the table is
COLUMNS = 2_000  # of a table at most
NAME = 300  # characters: a question of a survey, and no more
_UNIT = re.compile(
    r"[(\[]?\s*(?:%|‰|€|k€|m€|[mkµu]?g|mcg|ng|m?l|cl|t|mm|cm|nb?|ppm|eur)(?:/[a-zé]{1,10}\.?)?"
    r"\s*[)\]]?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:%|‰|[mkµu]?g|ng)\s?\d{1,2}", re.IGNORECASE)  # of a series: "% 1"
_YEAR = re.compile(r"(?:19|20)\d{2}(?:\.0)?(?:\s?\([a-z]\)|\s?[a-z*])?", re.IGNORECASE)
_FIGURE = re.compile(r"[<>≤≥~±+-]?\s*\d[\d\s.,'\u00a0\u202f]*\s*(?:%|‰|€|mg|kg|g|µg)?(?:\s?\*+)?")
_STATED = re.compile(r"n\.?\s?[adqs]\.?|[-–—.:/]+|oui|non|yes|no|x|true|false", re.IGNORECASE)

Rows = Sequence[tuple[int, list[str]]]


class Header(NamedTuple):
    """The names of the columns as they are written, and the number of their last row."""

    cells: list[str]
    number: int
    usual: int  # how many of the names tables usually have


def find_header(rows: Rows, told: Collection[str] = ()) -> Header | None:
    """Return the header of a table by its first rows; None where they are empty.

    It is the row that names what stands below it: as wide as the table, without figures, days and
    sentences where those below have them. `told` are names that a description gives: the row that
    has them all is the header.
    """
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if filled and max(len(cells) for _, cells in filled) > COLUMNS:
        return Header(filled[0][1], filled[0][0], 0)
    named = set(map(folded, told))
    if not filled:
        return None
    for at, (number, cells) in enumerate(filled[:WITHIN]):
        below = filled[at + 1][1] if at + 1 < len(filled) else []
        if named and named <= set(map(folded, cells)) and all(_may_name(c) for c in cells if c):
            return Header(cells, number, WITHIN)
        if below and all(c.startswith('{"ImportId"') for c in below if c):
            return Header(cells, filled[at + 1][0], WITHIN)  # Qualtrics: names, then their numbers
    width = _width(filled)
    at, score = 0, 0.0
    for place in range(min(WITHIN, len(filled))):
        found = _score(filled, place, width)
        if found > score + 1e-9:
            at, score = place, found
    cells, number = _whole(filled, at, width)
    years = sum(bool(_YEAR.fullmatch(cell)) for cell in cells)
    return Header(cells, number, sum(map(is_usual, cells)) + years)


def _width(rows: Rows) -> int:
    """Return how many cells rows of the table itself have: more than notes around it."""
    counts = sorted(sum(map(bool, cells)) for _, cells in rows[: WITHIN + BELOW])
    return max(1, counts[len(counts) * 3 // 4])


def _score(rows: Rows, at: int, width: int) -> float:
    cells = rows[at][1]
    said = [cell for cell in cells if cell]
    named = [cell for cell in said if _may_name(cell)]
    if len(named) < len(said) / 2 or (len(said) == 1 and width > 1):
        return 0.0
    bodies = [row for _, row in rows[at + 1 : at + 1 + BELOW]]
    told = 0.0
    for column, cell in enumerate(cells):
        if cell and _may_name(cell):
            below = [row[column] for row in bodies if column < len(row) and row[column]]
            told += bool(below) and sum(map(_is_value, below)) > 0.5 * len(below)
    usual = sum(map(is_usual, said))
    wide = min(1.0, len(said) / width)
    again = len(said) - len(set(said))
    values = len(said) - len(named)
    order = 1 - at / 100  # of rows that do alike the first
    return 4 * wide * order + 2 * min(usual, 6) + told / width * 2 - 3 * values - again + 0.01


def _may_name(cell: str) -> bool:
    """Say whether a cell may name a column: words, or a year of figures; no day, no figure."""
    if len(cell) > NAME or (_STATED.fullmatch(cell) and not is_usual(cell)):
        return False
    return bool(_YEAR.fullmatch(cell) or _NUMBERED.fullmatch(cell)) or not _is_value(cell)


@lru_cache(8_192)
def _is_value(cell: str) -> bool:
    """Say whether a cell is a value: a figure, a day, a mark, a sentence."""
    if _FIGURE.fullmatch(cell) or _STATED.fullmatch(cell) or not any(map(str.isalpha, cell)):
        return True
    moment = read_date(cell, "dmy") or read_date(cell, "mdy")
    return moment is not None and moment.precision == "day"


def _whole(rows: Rows, at: int, width: int) -> tuple[list[str], int]:
    """Return the header with the row of groups above it, or of units and repeated names below.

    Under two rows a third may repeat what each part of the groups has: the years of men and women.
    """
    number, cells = rows[at]
    if at + 1 < len(rows):
        after, below = rows[at + 1]
        if after == number + 1 and _goes_on(cells, below, rows[at + 2 : at + 2 + BELOW]):
            if _repeats(rows, at + 2):
                return _stacked(cells, _stacked(below, rows[at + 2][1])), after + 1
            return _stacked(cells, below), after
    if at:
        before, above = rows[at - 1]
        if before == number - 1 and _groups(above, cells):
            if _repeats(rows, at + 1):
                return _stacked(above, _stacked(cells, rows[at + 1][1])), number + 1
            return _stacked(above, cells), number
    return cells, number


def _repeats(rows: Rows, at: int) -> bool:
    """Say whether a row repeats names under those of the row above, and figures stand below it."""
    if at + 1 >= len(rows) or rows[at][0] != rows[at - 1][0] + 1:
        return False
    above, cells, below = (row for _, row in rows[at - 1 : at + 2])
    own = {n: cell for n, cell in enumerate(cells) if cell and cell not in above[n : n + 1]}
    figures = sum(n < len(below) and _is_value(below[n]) for n in own)
    counted = Counter(own.values())
    again = len(counted) > 1 and min(counted.values()) > 1
    return again and _groups(above, cells) and figures > len(own) / 2


def _goes_on(above: list[str], below: list[str], rows: Rows) -> bool:
    """Say whether a row under the names goes on with them: units, or parts of their groups."""
    said = [cell for cell in below if cell]
    if not said or not rows:
        return False
    if all(_UNIT.fullmatch(cell) for cell in said):
        return not all(_STATED.fullmatch(cell) for cell in said)
    return _groups(above, below)


def _groups(above: list[str], below: list[str]) -> bool:
    """Say whether the upper of two rows names groups.

    It has gaps where the lower has names, or the group's name again.
    """
    named = [cell for cell in below if cell and not _UNIT.fullmatch(cell)]
    if not any(above) or sum(map(bool, above)) < 2 or not all(map(_may_name, named)):
        return False
    if not all(map(_may_name, filter(None, above))):
        return False
    width = max(len(above), len(below))
    pairs = list(zip(_padded(above, width), _padded(below, width), strict=True))
    gaps = [other for one, other in pairs if other and not one]
    if not gaps:
        twins = [pair for pair in pairwise(pairs) if pair[0][0] == pair[1][0] != ""]
        gaps = [other[1] for one, other in twins if one[1] and other[1] != one[1]]
    again = max(Counter(other for _, other in pairs if other).values(), default=0) > 1
    alone = any(one and other in ("", one) for one, other in pairs)  # merged over both rows
    return bool(gaps) and bool(again or alone)


def _padded(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))


def _stacked(above: list[str], below: list[str]) -> list[str]:
    """Read two rows as one header: each group above holds for the columns until the next.

    Below a group of several columns a name such as "Femmes" says only with it what it is of; one
    that tables usually have says it alone.
    """
    width = max(len(above), len(below))
    pairs = list(zip(_padded(above, width), _padded(below, width), strict=True))
    counted = Counter(other for _, other in pairs if other)
    repeated = {other for other, times in counted.items() if times > 1}
    names, group, spans = [], "", False
    for one, other in pairs:
        if one:
            group, spans = one, bool(other)
        if other and not one and spans and not (other in repeated or is_usual(other)):
            names.append(f"{group} ({other})" if _UNIT.fullmatch(other) else f"{group} {other}")
        elif (other in repeated and not _UNIT.fullmatch(other)) or _part_of_year(other, group):
            names.append(f"{other} {group}".strip())
        else:
            names.append(one if one == other else f"{one} {other}".strip())
    return names


def _part_of_year(cell: str, group: str) -> bool:
    """Say whether a cell is a month or quarter, and what stands above it the year."""
    if not (cell and _YEAR.fullmatch(group)):
        return False
    moment = read_date(f"{cell} {group[:4]}", "dmy")
    return moment is not None and moment.precision in ("month", "quarter")


def rows_of(records: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return the first rows, without empty cells at their ends."""
    found: list[tuple[int, list[str]]] = []
    for number, cells in records:
        while cells and not cells[-1]:
            cells.pop()
        found.append((number, cells))
        if len(found) >= WITHIN + BELOW:
            break
    return found
