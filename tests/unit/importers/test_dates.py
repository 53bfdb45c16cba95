"""Dates in tables and headings: what is read exactly, and what only looks like one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fanal.errors import ImporterError
from fanal.importers.reading.dates import DateColumn, date_inside, read_date

PARIS = timezone(timedelta(hours=1))
local = datetime.fromisoformat


@pytest.mark.parametrize(
    ("value", "moment", "precision"),
    [
        ("2025-03-12", date(2025, 3, 12), "day"),
        ("2025-03-12T10:11:12Z", datetime(2025, 3, 12, 10, 11, 12, tzinfo=UTC), "day"),
        ("2025-03-12 10:11+01:00", datetime(2025, 3, 12, 10, 11, tzinfo=PARIS), "day"),
        ("2025-03-12 10:11 UTC", datetime(2025, 3, 12, 10, 11, tzinfo=UTC), "day"),
        ("13/03/2025", date(2025, 3, 13), "day"),
        ("03/13/25", date(2025, 3, 13), "day"),
        ("13/03/2025 3:04 p.m.", local("2025-03-13T15:04"), "day"),
        ("13/03/2025 12:04\u202fAM", local("2025-03-13T00:04"), "day"),
        ("31.12.2024, 14:05:00", local("2024-12-31T14:05"), "day"),
        ("2024/12/31", date(2024, 12, 31), "day"),
        ("mercredi 12 mars 2025 à 14h30", local("2025-03-12T14:30"), "day"),
        ("1er avril 2025", date(2025, 4, 1), "day"),
        ("3 févr. 2024 à 9 h", local("2024-02-03T09:00"), "day"),
        ("March 12th, 2025 3:04 PM", local("2025-03-12T15:04"), "day"),
        ("Sep 27, 2016", date(2016, 9, 27), "day"),
        ("11feb2022", date(2022, 2, 11), "day"),
        ("août 2023", date(2023, 8, 1), "month"),
        ("2024-05", date(2024, 5, 1), "month"),
        ("05/2024", date(2024, 5, 1), "month"),
        ("2024", date(2024, 1, 1), "year"),
        ("20170420", date(2017, 4, 20), "day"),
        (20170420, date(2017, 4, 20), "day"),
        ("1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), "day"),
        (1700000000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), "day"),
        (45000, date(2023, 3, 15), "day"),
        ("45000.5", local("2023-03-15T12:00"), "day"),
        (local("2025-03-12T00:00"), date(2025, 3, 12), "day"),
    ],
)
def test_reads(value: object, moment: date, precision: str) -> None:
    found = read_date(value)
    assert found is not None
    assert (found.time, found.precision) == (moment, precision)
    assert type(found.time) is type(moment)


@pytest.mark.parametrize(
    "value",
    [
        *[
            "12/03/2025",
            "31/02/2025",
            "99/99/9999",
            "mars",
            "12",
            "12 mars",
            "14h30",
            "Mary 12 2024",
        ],
        *[
            "60 €",
            "1234",
            "1.5",
            "hier",
            "",
            "may",
            None,
            True,
            7,
            float("nan"),
            float("inf"),
            b"x",
        ],
        *["2025-13-01", "2025-02-30", "0000-00-00", "١٢/٠٣/٢٠٢٥x", "9" * 16, "1" * 400],
    ],
)
def test_is_no_date(value: object) -> None:
    assert read_date(value) is None


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["01/02/2025", "13/02/2025"], "dmy"),
        (["01/02/2025", "02/13/2025"], "mdy"),
        (["01.02.2025", "02.02.2025"], "dmy"),
        # in time order only if the day comes first, or the month
        (["11/02/2025", "12/02/2025", "01/03/2025"], "dmy"),
        (["02/11/2025", "02/12/2025", "03/01/2025"], "mdy"),
        (["2025-02-01", "2025-03-01"], ""),
        (["05/05/2025", "06/06/2025"], ""),
    ],
)
def test_order_from_the_whole_column(column: list[str], order: str) -> None:
    dates = DateColumn()
    for value in column:
        dates.see(value)
    dates.settle()
    assert dates.order == order
    assert all(dates.read(value) for value in column)


@pytest.mark.parametrize(
    "column", [["01/02/2025"], ["01/02/2025", "03/01/2025", "02/04/2025"], ["1/2/25", "1/2/25"]]
)
def test_order_is_asked_for_where_nothing_shows_it(column: list[str]) -> None:
    dates = DateColumn()
    for value in column:
        dates.see(value)
    with pytest.raises(ImporterError, match="date_order"):
        dates.settle()
    given = DateColumn("mdy")
    given.settle()
    assert given.read("01/02/2025") == (date(2025, 1, 2), "day")


def test_wrong_order_is_named() -> None:
    with pytest.raises(ImporterError, match="dmy, mdy, ymd"):
        DateColumn("jma")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Entretien du 12/03/2025 à Lille", date(2025, 3, 12)),
        ("Fait à Lille, le 1er avril 2024.", date(2024, 4, 1)),
        ("entretien_2025-03-12_lille", date(2025, 3, 12)),
        ("Interview, March 3rd, 2024", date(2024, 3, 3)),
    ],
)
def test_date_inside_a_line(line: str, day: date) -> None:
    found = date_inside(line, "dmy")
    assert found is not None
    assert found.time == day


@pytest.mark.parametrize("line", ["Prix : 20 €", "lot 2024-1", "06 39 98 12 34", "de 13/14 ans"])
def test_no_date_inside(line: str) -> None:
    assert date_inside(line, "dmy") is None
