"""What laboratories found in the samples of an observatory, name by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fanal.laboratory import findings
from fanal.laboratory.findings import Changed, Doses, Expected, Other, SoldAs
from fanal.observatory import Observatory


@dataclass(frozen=True, slots=True)
class Overview:
    """What laboratories found, all of it read from one state of the tables."""

    analysed: int  # samples
    matrix: list[SoldAs]
    expected: list[Expected]
    changed: list[Changed]
    other: list[Other]
    doses: list[Doses]
    dangers: list[tuple[str, str, int, date]]  # rule, what it looks for, samples, last day


def overview(ws: Observatory) -> Overview:
    """Return everything that laboratories found."""
    with ws.tables.connect() as connection:
        return Overview(
            findings.analysed(connection),
            _most_analysed_first(findings.sold_as_found(connection)),
            findings.as_expected(connection),
            findings.changed_contents(connection),
            findings.other_contents(connection),
            findings.doses(connection),
            findings.dangers_by_rule(connection),
        )


def matrix(ws: Observatory) -> list[SoldAs]:
    """Return names against contents with their intervals, the most analysed names first."""
    with ws.tables.connect() as connection:
        return _most_analysed_first(findings.sold_as_found(connection))


def expected(ws: Observatory) -> dict[str, Expected]:
    """Return how many samples held what they were sold as, by the name they were sold as."""
    with ws.tables.connect() as connection:
        return {row.sold_as: row for row in findings.as_expected(connection)}


def changed(ws: Observatory) -> list[Changed]:
    """Return the names whose content changed, by stretches of years."""
    with ws.tables.connect() as connection:
        return findings.changed_contents(connection)


def other(ws: Observatory) -> list[Other]:
    """Return the names under which something else was found."""
    with ws.tables.connect() as connection:
        return findings.other_contents(connection)


def doses(ws: Observatory, threshold: float | None = None) -> list[Doses]:
    """Return how much of each substance was measured; `threshold` is in the unit of each."""
    with ws.tables.connect() as connection:
        return findings.doses(connection, threshold)


def _most_analysed_first(found: list[SoldAs]) -> list[SoldAs]:
    return sorted(found, key=lambda r: (-r.of, r.sold_as, -r.samples, r.substance))
