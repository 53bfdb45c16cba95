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
from fanal.detectors.panel import Bounds, Panel, alarms_of, exceeds, panels_of, window_sum
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


def test_the_parameters_that_an_alarm_is_told_with_where_nobody_set_any() -> None:
    assert {kind.name: dataclasses.asdict(kind()) for kind in BUILTIN} == {
        "default": {"control": "budget", "budget": 1.0, "fdr": 0.1, "alpha": 0.0035, "carry": 0.5,
                    "sparse": 1.25},
        "ears": {"method": "C2", "baseline": 7, "alpha": 0.001, "min_sigma": 0.5, "c3_limit": 2.0},
        "farrington": {"method": "nbPlugin", "alpha": 0.01, "years": 5, "half_window": 3,
                       "seasons": 10, "recent": 26, "trend": True, "trend_p": 1.0, "reweight": True,
                       "weights_threshold": 2.58, "limit": (5, 4), "calendar": True},
        "novelty": {"alpha": 0.00005, "window": 4, "baseline": 52, "least": 3, "shape": 0.5},
        "cusum": {"reference": 1.04, "limit": 2.26, "transform": "rossi", "baseline": 52,
                  "season": False, "dispersion": 0.1, "reset": True},
        "binomial-cusum": {"odds_ratio": 2.0, "limit": 4.0, "base": None, "baseline": 26,
                           "reset": True, "relearn": False},
        "first-seen": {"measures": ("found",), "against_own_past": ("danger", "missold"),
                       "always": ("changed",), "learning": 3, "needed": 30, "rare": 3,
                       "alpha": 0.01},
        "shift": {"measures": ("price", "purity", "strength"), "reference": 0.5, "limit": 3.75,
                  "baseline": 104, "needed": 12, "gap": 4, "memory": 26, "least": 0.02},
        "cooccurrence": {"measure": "together", "window": 4, "least": 3, "history": 8,
                         "alpha": 0.001},
        "silence": {"measures": ("documents", "authors", "channels", "threads"), "window": 2,
                    "baseline": 26, "alpha": 0.001, "fraction": 0.2, "needed": 6},
    }  # fmt: skip


@pytest.mark.parametrize(("last", "told"), [([2.0, 0.0, 2.0, 1.0], True), ([2, 0, 2, 0], False),
                                            ([9.0, 1.0, 1.0, 1.0, 1.0], False)])  # fmt: skip
def test_fewer_than_five_cases_in_four_periods_have_no_bound(last: list[float], told: bool) -> None:
    values = np.ones((1, 330))
    values[0, -len(last) :] = last
    panel = Panel(["mentions/a/week"], "week", 0, 2500, values, np.full_like(values, np.nan))
    found = Farrington().bounds(panel, 329)
    assert bool(np.isfinite(found.threshold[0, 0])) is told


@pytest.mark.parametrize(
    ("day", "step", "column"),
    [
        (date(2024, 1, 29), "week", 0), (date(2024, 1, 30), "week", 1),
        (date(2024, 2, 5), "week", 1), (date(2024, 2, 6), "week", 2), (date(2023, 1, 1), "week", 0),
        (date(2024, 2, 1), "month", 1), (date(2024, 1, 31), "month", 1),
        (date(2024, 2, 2), "month", 2), (date(2025, 1, 1), "year", 1),
        (date(2024, 1, 2), "year", 1), (date(2024, 1, 1), "year", 0), (date(1900, 1, 1), "year", 0),
    ],
)  # fmt: skip
def test_the_first_column_from_a_day_on(day: date, step: str, column: int) -> None:
    start = {"week": date(2024, 1, 29), "month": date(2024, 1, 1), "year": date(2024, 1, 1)}[step]
    points = [Point("a", start, step, 1.0, None, False), Point("b", start, step, 1.0, 0.0, False)]
    (panel,) = panels_of(table_of(points, Point))
    assert panel.column(day) == column
    assert (panel.day(0), panel.width, panel.series) == (start, 1, ["a", "b"])
    assert panel.last_day(0) == {"week": date(2024, 2, 4), "month": date(2024, 1, 31),
                                 "year": date(2024, 12, 31)}[step]  # fmt: skip
    assert panel.denominators[0, 0] == 1.0, "of what never says what it is of"
    assert np.isnan(panel.values[1, 0])
    assert panel.denominators[1, 0] == 0.0, "nothing was read: missing"


def test_a_value_is_past_a_threshold_by_more_than_rounding() -> None:
    bounds = np.array([1.0, 1.0, -1.0, np.nan, 1.0, 1e12])
    values = np.array([1.0 + 1e-13, 1.0 + 1e-11, -1.0 + 1e-13, 2.0, np.nan, 1e12 + 0.5])
    assert exceeds(values, bounds).tolist() == [False, True, False, False, False, False]
    sums = window_sum(np.array([[1.0, 2.0, np.nan, 4.0, 8.0]]), 3)
    assert sums.tolist() == [[1.0, 3.0, 3.0, 6.0, 12.0]]
    assert window_sum(np.array([[1.0, 2.0]]), 5).tolist() == [[1.0, 3.0]]
