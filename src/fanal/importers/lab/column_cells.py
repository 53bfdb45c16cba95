"""What a laboratory's column is by its cells: substances, amounts, units, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fanal.importers.lab.cells import is_present, listed, read_amount, read_quantity
from fanal.importers.lab.column_names import LONGEST, substance_named
from fanal.importers.lab.units import is_unit
from fanal.importers.reading.dates import read_date
from fanal.importers.reading.looks import Look
from fanal.thesaurus import names_a_class, names_nothing, resolve, shipped

MOST = 0.6  # of what a column holds: then that is what it is

Contents = Mapping[str, Look]  # column → what it looks like by its first cells


@dataclass(frozen=True)
class Shares:
    """Which share of a column's cells are of a kind."""

    substances: float = 0.0
    surely: float = 0.0  # substances by a name that is no street name
    amounts: float = 0.0
    units: float = 0.0
    different: float = 0.0


def shares_of(contents: Contents, name: str) -> Shares:
    look = contents.get(name)
    if look is None or all(is_silent(text) for text in look.texts):
        return Shares()

    def share(kind: Callable[[str], object]) -> float:
        assert look is not None
        return look.share(kind, but=lambda text: is_silent(text))

    return Shares(
        substances=share(lambda text: is_substance(text[:200])),
        surely=share(lambda text: _surely(text[:200])),
        amounts=share(is_amount),
        units=share(is_unit),
        different=look.different,
    )


def substances_in(looks: Sequence[Look], most: float) -> list[str]:
    """Return the columns of which most cells name a substance by a name that is no street name."""
    contents = {look.name: look for look in looks}
    return [name for name in contents if shares_of(contents, name).surely >= most]


def cells_of(contents: Contents, name: str) -> tuple[str, ...]:
    """Return what the first cells of a column say."""
    return contents[name].texts if name in contents else ()


def is_silent(cell: str) -> bool:
    """Say whether a cell names nothing, and is no "oui" beside what is named elsewhere."""
    return names_nothing(cell[:200], shipped()) and not is_present(cell)


@lru_cache(1 << 16)
def is_substance(cell: str) -> bool:
    """Say whether one of the first labels of a cell names a substance."""
    labels = [label for label, _ in listed(cell, _known)]
    return any(_known(label) and re.search(r"[^\W\d_]", label) for label in labels[:3])


def _surely(cell: str) -> str:
    return substance_named(_first_label(cell))


@lru_cache(16_384)
def _first_label(cell: str) -> str:
    return next((label for label, _ in listed(cell, _known)), "")


def _known(label: str) -> str:
    """Return the substance of a label, so that commas between names part them."""
    return resolve(label, shipped())[0] or ""


def is_amount(cell: str) -> bool:
    """Say whether a cell says how much there is of something: 72 %, < 1, 2 tablets."""
    read = read_amount(cell)
    found = read is not None and read.found is not None and bool(re.search(r"\d|^[<≤]", cell))
    return found or read_quantity(cell) is not None


def is_date(cell: str) -> bool:
    return not cell.isdigit() and read_date(cell, "dmy") is not None


def all_answer(cells: Sequence[str]) -> bool:
    """Say whether all cells say whether something is there: Positive, absent, < 0.5."""
    read = [read_amount(cell[:LONGEST]) for cell in cells]
    return bool(read) and all(each is not None and each.found is not None for each in read)


def tells_amounts(cells: Sequence[str]) -> bool:
    """Say whether most cells tell beside each name how much there is of it: `MDMA : 120`."""
    told = [all(amount for _, amount in listed(cell, _known)) for cell in cells]
    return bool(told) and sum(told) >= MOST * len(told)


def names_something(name: str, contents: Contents) -> bool:
    """Say whether the cells of a column name substances or classes, or that none is known."""
    look = contents.get(name)
    return look is not None and look.share(
        lambda c: is_substance(c[:200]) or names_a_class(c[:200])
        or is_silent(c)
    ) >= MOST  # fmt: skip
