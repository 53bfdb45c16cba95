"""Every built-in detector passes the published checks, and its example runs."""

from __future__ import annotations

import dataclasses
import doctest
import json
import math
import sys
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from fanal.detectors import (
    BUILTIN,
    BinomialCusum,
    Cooccurrence,
    Cusum,
    Default,
    Detector,
    Ears,
    Farrington,
    FirstSeen,
    Novelty,
    Shift,
    Silence,
    rarities,
)
from fanal.detectors.panel import Bounds, Panel, alarms_of
from fanal.errors import ContractError
from fanal.records import Point, table_of
from fanal.testing.detector_checks import check_detector


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.name)
def test_published_checks(kind: type[Detector]) -> None:
    check_detector(kind())


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.name)
def test_example_runs(kind: type[Detector]) -> None:
    result = doctest.testmod(sys.modules[kind.__module__])
    assert result.attempted > 0
    assert result.failed == 0


class Clairvoyant(Detector):
    """Knows the mean of the whole series, the future included."""

    name = "clairvoyant"

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        def method(panel: Panel, first: int) -> Bounds:
            mean = np.nanmean(panel.values, axis=1, keepdims=True)
            expected = np.repeat(mean, panel.width - first, axis=1)
            alarm = panel.values[:, first:] > 1.2 * expected
            return Bounds(expected, expected, expected, alarm)

        return alarms_of(
            dataclasses.make_dataclass("C", [], namespace={"name": "c", "budgeted": True})(),
            points,
            since,
            method,
        )


def test_the_checks_catch_a_detector_that_looks_ahead() -> None:
    with pytest.raises(AssertionError, match="depend on what came later"):
        check_detector(Clairvoyant())


class Loud(Detector):
    """Sees every value of five and more."""

    name = "loud"
    limit = 5

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        def method(panel: Panel, first: int) -> Bounds:
            values = panel.values[:, first:]
            notes = np.full(values.shape, {"of": panel.step}, dtype=object)
            return Bounds(values - 1, values + 1, values * 2, values >= 5, notes=notes)

        kind = dataclasses.make_dataclass(
            "Kind", [("limit", int, 5)], namespace={"name": "loud", "budgeted": False}
        )
        return alarms_of(kind(), points, since, method)


def test_alarms_are_of_their_own_period_whatever_the_step() -> None:
    """Weeks may begin on any day; each alarm is dated by the last day that it could see."""
    monday, sunday = date(2024, 1, 29), date(2024, 2, 4)
    periods = {
        "b/week": ("week", [monday + timedelta(weeks=n) for n in (0, 1, 3)]),
        "a/week": ("week", [sunday + timedelta(weeks=n) for n in (0, 2)]),
        "c/month": ("month", [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]),
        "d/year": ("year", [date(1969, 1, 1), date(2024, 1, 1), date(2025, 1, 1)]),
    }
    points = [
        Point(name, day, step, 5.0 + n, 0.0 if (name, n) == ("b/week", 1) else 9.0, False)
        for name, (step, days) in periods.items()
        for n, day in enumerate(days)
    ]
    points.append(Point("b/week", monday + timedelta(weeks=2), "week", 4.0, 9.0, False))

    def told(since: date) -> list[tuple[object, ...]]:
        rows = Loud().detect(table_of(points, Point), since).to_pylist()
        assert {row["detector"] for row in rows} <= {"loud"}
        assert all(
            (row["expected"], row["threshold"], row["score"], row["signal"])
            == (row["observed"] - 1, row["observed"] + 1, row["observed"] * 2, None)
            and json.loads(row["parameters"]) == {"limit": 5, "budgeted": False, "of": row["step"]}
            for row in rows
        )
        return [(row["series"], row["period"], row["observed"], row["as_of"]) for row in rows]

    whole = [
        ("a/week", sunday, 5.0, date(2024, 2, 10)),
        ("a/week", date(2024, 2, 18), 6.0, date(2024, 2, 24)),
        ("b/week", monday, 5.0, sunday),
        ("b/week", date(2024, 2, 19), 7.0, date(2024, 2, 25)),
        ("c/month", date(2023, 12, 1), 5.0, date(2023, 12, 31)),
        ("c/month", date(2024, 1, 1), 6.0, date(2024, 1, 31)),
        ("c/month", date(2024, 2, 1), 7.0, date(2024, 2, 29)),
        ("d/year", date(1969, 1, 1), 5.0, date(1969, 12, 31)),
        ("d/year", date(2024, 1, 1), 6.0, date(2024, 12, 31)),
        ("d/year", date(2025, 1, 1), 7.0, date(2025, 12, 31)),
    ]
    assert told(date(1960, 1, 1)) == whole
    for since in (date(2024, 1, 1), date(2024, 1, 2), monday, sunday, date(2024, 2, 5)):
        assert told(since) == [row for row in whole if row[1] >= since]
    assert told(date(2024, 2, 18)) == [row for row in whole if row[1] >= date(2024, 2, 18)]
    assert told(date(2025, 1, 2)) == []


def test_a_step_that_is_none_is_refused() -> None:
    points = table_of([Point("a/day", date(2024, 1, 1), "day", 1.0, None, False)], Point)
    with pytest.raises(ContractError, match="unknown step 'day'"):
        Loud().detect(points, date(2024, 1, 1))


@pytest.mark.parametrize(
    ("kind", "score", "parameters", "rarity"),
    [
        (Default, 2.5, {}, 2.5),
        (Novelty, 2.5, {}, 2.5),
        (Ears, 3.0902323, {}, 3.0),
        (Ears, 99.0, {}, 300.0),
        (Farrington, 1.5, {}, 3.0),
        (Cusum, 1.5, {"limit": 2.0}, 3.0 / math.log(10)),
        (Cusum, 1.5, {}, 6.0 / math.log(10)),
        (Shift, 1.5, {"limit": 3.75}, 5.625 / math.log(10)),
        (Shift, 1.5, {}, 6.0 / math.log(10)),
        (BinomialCusum, 4.0, {"limit": 9.0}, 4.0 / math.log(10)),
        (FirstSeen, 1.5, {"why": "more"}, 1.5),
        (FirstSeen, 1.5, {"why": "first"}, math.inf),
        (FirstSeen, 1.5, {}, math.inf),
        (Cooccurrence, 4.5, {}, 4.5),
        (Silence, 4.5, {}, 4.5),
    ],
)
def test_how_rare_an_alarm_is(
    kind: type[Detector], score: float, parameters: dict[str, object], rarity: float
) -> None:
    assert kind.rarity(score, parameters) == pytest.approx(rarity, rel=1e-6)
    assert rarities()[kind.name](score, parameters) == pytest.approx(rarity, rel=1e-6)


def test_what_each_detector_looks_at() -> None:
    counts = ("mentions/", "practices/", "platforms/", "found/", "indicator/")
    texts = ("mentions/", "practices/", "platforms/")
    assert {kind.name: (kind.watches, kind.sees, kind.budgeted) for kind in BUILTIN} == {
        "default": (counts, "closed", True),
        "ears": (texts, "closed", True),
        "farrington": (counts, "closed", True),
        "novelty": (counts, "closed", True),
        "cusum": (counts, "closed", True),
        "binomial-cusum": (("expected/",), "closed", True),
        "first-seen": (("found/", "danger/", "missold/", "changed/"), "begun", True),
        "shift": (("price/", "purity/", "strength/"), "closed", True),
        "cooccurrence": (("together/", *texts, "places/"), "closed", True),
        "silence": (("documents/source=",), "shared", False),
    }
