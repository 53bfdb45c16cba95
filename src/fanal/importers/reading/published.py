"""When an article was published, where its head says several days: published, updated, printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fanal.errors import ImporterError
from fanal.importers.reading.dates import DateColumn, Moment, date_inside
from fanal.importers.reading.openings import usual_order

_FIRST = (
    r"publi[ée]e?s?|mise? en ligne|paru(?:e|tion)?|post[ée]e?|published|posted|first published"
    r"|ver[öo]ffentlicht|erschienen|pubblicat[oa]|publicad[oa]|gepubliceerd|geplaatst|created"
)
_LATER = (
    r"mis(?:e)? à jour|modifi[ée]e?|actualis[ée]e?|derni[èe]re (?:mise|modification)|updated?"
    r"|modified|edited|aktualisiert|ge[äa]ndert|stand|aggiornat[oa]|ultim[ao] (?:modifica"
    r"|aggiornamento)|[úu]ltima actualizaci[óo]n|actualizad[oa]|bijgewerkt|laatst gewijzigd"
    r"|imprim[ée]e?|printed|certificat|consult[ée]e?|retrieved"
)
_SAID = re.compile(rf"(?i)(?<!\w)(?:(?P<first>{_FIRST})|(?P<later>{_LATER}))(?!\w)")
_FIGURES = re.compile(r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?![\d/.-])")
ALONE = 70  # characters of a line that says a day and is no sentence
_SENTENCE = re.compile(r"[.!?»”\"]\s*$|[^\W\d_]{2,}(?:\W+[^\W\d_]{2,}){7}")
_LISTED = re.compile(r"\W*[^:]{3,30}\d\s?:\s")  # "3 janvier 2026 : une saisie"
TOLD = 4  # rank of a day that an article tells of
LONG = 120  # characters of a line that is no head
FEW = 3  # words beside the day of a line that says little else


def order_of_days(lines: Sequence[str], given: str) -> str:
    """Return the order of day and month in a text; "" where its days and its language show none."""
    column = DateColumn(given)
    for line in lines:
        for found in _FIGURES.findall(line):
            column.see(found)
    try:
        column.settle()
    except ImporterError:
        return usual_order(list(lines))
    return column.order or usual_order(list(lines))


def is_either(line: str, order: str) -> bool:
    """Say whether a line has a day that may be the month, where the order is not known."""
    column = DateColumn(order)
    found = _FIGURES.findall(line)
    for written in found:
        column.see(written)
    try:
        column.settle()
    except ImporterError:
        return True
    return False


def published_in(lines: Sequence[str], order: str, told: bool = True) -> Moment | None:
    """Return the day that the lines at the head of an article say it was published on.

    Without what is only `told`: days in sentences, in lists, and below the first long sentence.

    A day that is said to be that of publishing comes first, then one that a line says and nothing
    else, then that of an update; a day in a sentence may be of anything, and comes last.

    >>> published_in(["Mis à jour le 20 mars 2024 - Publié le 12 mars 2024 à 8h30"], "").time
    datetime.date(2024, 3, 12)
    """
    body = next((n for n, line in enumerate(lines) if len(line) > LONG), len(lines))
    found = [
        (rank if n <= body or rank == 0 else TOLD, n, m)
        for n, line in enumerate(lines) for rank, m in _dated(line, order)
    ]  # fmt: skip
    found = [one for one in found if told or one[0] < TOLD]
    days = [one for one in found if one[2].precision == "day"]
    return min(days or found, key=lambda one: one[:2])[2] if found else None


def said_published(lines: Sequence[str], order: str) -> Moment | None:
    """Return the day that is said to be that of publishing, and no other."""
    found = (m for line in lines for rank, m in _dated(line, order) if rank == 0)
    return next(found, None)


def _dated(line: str, order: str) -> Iterator[tuple[int, Moment]]:
    """Yield the days of a line, and how good each is: 0 of publishing, the more the worse."""
    marks = list(_SAID.finditer(line))
    starts = [0, *(m.start() for m in marks)]
    stops = [*starts[1:], len(line)]
    for mark, start, stop in zip([None, *marks], starts, stops, strict=True):
        part = line[start:stop]
        if moment := date_inside(part, order):
            yield (0 if mark["first"] else 3) if mark else _rank(line), moment


def _rank(line: str) -> int:
    """Return how good the day of a line is that does not say of what it is the day."""
    if len(line) > ALONE or _SENTENCE.search(line) or _LISTED.match(line):
        return TOLD
    beside = [
        word for word in re.findall(r"[^\W\d_]{2,}", line) if not date_inside(f"1 {word} 2024")
    ]
    return 1 if len(beside) <= FEW else 2
