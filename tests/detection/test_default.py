"""The default detector: what it chooses, what it says, how few it shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from fanal.benchmarks import detection, planted, real, sim42
from fanal.detectors import Default
from fanal.detectors.farrington import Farrington
from fanal.detectors.panel import Panel
from fanal.records import Point, table_of

MONDAY = date(2018, 1, 1)


def said(values: np.ndarray, **parameters: object) -> list[dict[str, object]]:
    points = [
        Point("mentions/x/week", MONDAY + timedelta(weeks=i), "week", float(v), None, False)
        for i, v in enumerate(values)
    ]
    since = MONDAY + timedelta(weeks=len(values) - 1)
    rows = Default(**parameters).detect(table_of(points, Point), since).to_pylist()  # type: ignore[arg-type]
    return [json.loads(row["parameters"]) for row in rows]


@pytest.mark.parametrize(
    ("weeks", "method", "why"),
    [
        (40, "novelty", "less than a year"),
        (70, "farrington", "1 years of history"),
        (190, "farrington", "3 years of history"),
        (400, "farrington", "5 years of history"),
    ],
)
def test_chooses_by_length_of_history_and_says_so(weeks: int, method: str, why: str) -> None:
    values = np.random.default_rng(1).poisson(8, weeks).astype(float)
    values[-1] = 60
    (found,) = said(values)
    assert found["method"] == method
    assert why in found["why"]
    assert found.get("window") == (4 if method == "novelty" else None)
    assert found["alpha"] == 0.0035


def test_sparse_series_use_the_sum_of_weeks() -> None:
    values = np.zeros(400)
    values[:380:20] = 1
    values[-3:] = [2, 2, 3]
    (found,) = said(values)
    assert found["method"] == "novelty"
    assert "sparse" in found["why"]


@pytest.mark.parametrize(("sparse", "method"), [(1.0, "farrington"), (1.01, "novelty")])
def test_sparse_is_less_than_so_many_a_week_over_the_last_year(sparse: float, method: str) -> None:
    values = np.ones(400)
    values[:200], values[-1] = 0.0, 30
    values[198:208] = 1.0
    (found,) = said(values, sparse=sparse)
    assert found["method"] == method


@pytest.mark.parametrize(("weeks", "years", "seasons"), [(90, 1, 5), (330, 5, 10)])
def test_what_is_expected_is_what_the_regression_expects(
    weeks: int, years: int, seasons: int, make_panel: Callable[..., Panel]
) -> None:
    panel = make_panel(np.random.default_rng(7).poisson(9, (2, weeks)).astype(float))
    regression = Farrington(years=years, seasons=seasons)
    eta, _, _ = regression.regress(panel, weeks - 1)
    found = Default().bounds(panel, weeks - 1)
    np.testing.assert_allclose(found.expected, np.exp(eta), rtol=1e-12)


@pytest.mark.parametrize(("now", "told"), [(4.0, False), (14.0, True)])
@pytest.mark.parametrize(("weeks", "begun", "stray"), [
    (78, 40, 0), (78, 40, 1), (78, 20, 0), (300, 240, 0),
])  # fmt: skip
def test_a_level_that_has_settled_is_no_rise(
    weeks: int, begun: int, stray: int, now: float, told: bool
) -> None:
    """Four a week since `begun`, hardly ever before: years of zeros do not expect none."""
    values = np.tile([3.0, 5.0], weeks // 2)
    values[:begun] = 0.0
    values[begun - 26 : begun - 26 + stray] = 1.0
    values[-3:] = now
    assert bool(said(values)) == told


def test_what_comes_back_each_summer_is_compared_with_its_summers() -> None:
    """As high as a year ago, from nothing the week before; three times as high is a rise."""
    values = np.zeros(300)
    for week in range(0, 300, 52):
        values[week + 20 : week + 32] = 8.0
    season = values[:285]
    assert said(season) == []
    season[-1] = 40.0
    (found,) = said(season)
    assert found["method"] == "farrington"
    assert "5 years" in found["why"]


def test_two_moderate_weeks_speak_up_where_one_does_not() -> None:
    rng = np.random.default_rng(2)
    values = rng.poisson(20, 300).astype(float)
    values[-2:] = [20, 33]
    assert said(values, carry=0.5) == []
    values[-2:] = [33, 33]
    assert said(values, carry=0.5)
    assert said(values, carry=0.0) == []


@pytest.mark.parametrize("control", ["budget", "fdr", "rate"])
def test_controls_keep_false_alarms_few_and_find_the_plain_one(
    control: str, make_panel: Callable[..., Panel]
) -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(10, (400, 130)).astype(float)
    counts[7, -1] = 60
    found = Default(control=control).bounds(make_panel(counts), 110)  # type: ignore[arg-type]
    assert found.alarm[7, -1]
    share = found.alarm.mean()
    assert share < {"budget": 0.0005, "fdr": 0.0005, "rate": 0.01}[control]
    assert (found.threshold[found.alarm] <= counts[:, 110:][found.alarm] + 1).all()


def test_an_empty_period_or_a_fall_is_no_alarm(make_panel: Callable[..., Panel]) -> None:
    counts = np.random.default_rng(4).poisson(10, (3, 200)).astype(float)
    counts[0, -1], counts[1, -1] = 0, np.nan
    counts[2, -2:] = [60, 4]
    assert Default().bounds(make_panel(counts), 199).alarm[:, 0].tolist() == [False] * 3


def test_planted_terms_within_the_budget() -> None:
    drawn = planted.draw(5, terms=500, planted=12, weeks=70)
    first = drawn.counts.shape[1] - 70
    found = detection.signals(Default().bounds(detection.panel_of(drawn.counts, drawn.read), first))
    hit = {row for _, row in found if drawn.start[row] >= 0}
    assert len(hit) >= 8
    assert len(found) <= 22


def test_scenarios_are_those_of_the_paper(shared_series: Path) -> None:
    rows = real.rows_of(shared_series / "oracles" / "sim42_scenarios.csv")
    for row, (theta, beta, gamma1, gamma2, phi, harmonics) in zip(
        rows, sim42.SCENARIOS, strict=True
    ):
        given = [float(row[k]) for k in ("theta", "beta", "gamma1", "gamma2", "phi", "m")]
        waves = (gamma1, gamma2) if harmonics else (0.0, 0.0)
        assert given == [theta, beta, *waves, phi, harmonics]


@pytest.mark.shared
def test_shortage_and_forum_and_lab(shared_series: Path) -> None:
    found = real.shortage(shared_series)
    months = [month for month in found["drought"] if month >= date(2023, 1, 1)]
    assert date(2023, 7, 1) <= months[0] <= date(2023, 10, 1)
    assert found["purity rises"][0] < found["purity falls"][0]
    rise = real.forum_and_lab(shared_series, "3-mmc")
    assert all(periods[0] < date(2020, 1, 1) for periods in rise.values())
    fall = real.forum_and_lab(shared_series, "4-fa")
    assert not any(p >= date(2018, 1, 1) for periods in fall.values() for p in periods)


@pytest.mark.shared
def test_labelled_outbreaks_better_than_ears(shared_series: Path) -> None:
    rows = [row for row in real.labelled(shared_series) if row["outbreak"]]
    ours, ears = (
        np.mean([row[f"{who}_sensitivity"] + row[f"{who}_specificity"] for row in rows])
        for who in ("ours", "ears")
    )
    assert ours > ears


@pytest.mark.bars
def test_the_42_scenarios() -> None:
    rows = list(detection.scenarios(20261122, 35))
    figures = {
        (row["method"], row["measure"]): [float(x) for x in str(row["ours"]).split(" ± ")]
        for row in rows
    }
    farrington = "Farrington Flexible, nbPlugin, .01"
    value, error = figures[farrington, "FPR, %"]
    assert 0.7 - 2 * error <= value <= 1.2 + 2 * error
    value, error = figures[farrington, "POD, %"]
    assert value >= 50 - 2 * error
    for method, false, detected in (
        ("default, one series at a time", 0.5, 44),
        ("default, one year of history, .01", 2.0, 48),
    ):
        value, error = figures[method, "FPR, %"]
        assert value <= false + 2 * error
        value, error = figures[method, "POD, %"]
        assert value >= detected - 2 * error


@pytest.mark.bars
def test_planted_terms_and_a_quiet_observatory() -> None:
    for row in detection.terms(20261122):
        ours = float(row["ours"])
        if row["measure"] in ("recall", "precision"):
            assert ours >= {"recall": 0.75, "precision": 0.65}[str(row["measure"])], row
        elif row["measure"] == "signals a week":
            assert ours <= 1, row
        else:
            assert ours <= 4, row
