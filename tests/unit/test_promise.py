"""What is promised of the door: as measured, rounded against us."""

from datetime import date

import pytest

from fanal.door.promise import Promise, promise


@pytest.mark.parametrize(
    ("marks", "kept", "left"),
    [(100, 90, 10), (234, 211, 10), (224, 207, 8), (3, 3, 0)],
)
def test_what_stays_is_rounded_up(marks, kept, left) -> None:
    assert Promise(marks, kept, date(2026, 11, 29)).left == left


def test_each_kind_that_was_measured_has_its_own() -> None:
    kinds = ("interview", "field notes", "press", "public posts")
    told = {kind: promise(kind) for kind in kinds}
    assert all(one is not None and 100 < one.kept < one.marks for one in told.values())
    assert len({one and one.kept for one in told.values()}) == 4
    assert promise("police") is None and promise("measured") is None
