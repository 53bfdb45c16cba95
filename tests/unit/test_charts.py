"""Charts in text: bars, gaps, alarms."""

from datetime import date, timedelta

from fanal.cli.bars import WIDEST, chart
from fanal.edition import Value


def weeks(values):
    return [
        Value(date(2025, 1, 6) + timedelta(weeks=n), value)
        for n, value in enumerate(values)
        if value != "missing"
    ]


def test_bars_alarms_and_the_week_that_nobody_read():
    lines = chart(weeks([1.0, "missing", 0.0, 8.0]), [date(2025, 1, 27)], 4.0)
    assert lines == [
        "8 │   █",
        "  │   █",
        "  │   █ ← threshold",
        "  │▄  █",
        "0 └ · ^",
        "   2025-01-06 … 2025-01-27",
    ]


def test_only_the_last_periods_and_no_threshold_of_a_sum():
    lines = chart(weeks([3.0] * 200), [], None)
    assert {len(line) for line in lines[:4]} == {WIDEST + 3}
    assert not any("threshold" in line for line in lines)
    assert lines[-1].split() == ["2027-05-10", "2028-10-30"]


def test_nothing_and_nothing_but_zero():
    assert chart([], [], 1.0) == ["nothing was counted"]
    assert chart(weeks([0.0, 0.0]), [], None)[0].rstrip().endswith("│")
