"""Shifts of a level, shares, first findings and pairs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from fanal.detectors import BinomialCusum, Cooccurrence, Detector, FirstSeen, Shift
from fanal.detectors.panel import Panel
from fanal.laboratory.findings import rules
from fanal.records import Point, table_of

MONDAY = date(2024, 1, 1)


def weekly(name: str, values: list[float], read: float | None = None, at: int = 0) -> list[Point]:
    return [
        Point(name, MONDAY + timedelta(weeks=at + i), "week", value, read, False)
        for i, value in enumerate(values)
    ]


def weeks_of(detector: Detector, points: list[Point], since: int = 0) -> list[tuple[str, int]]:
    found = detector.detect(table_of(points, Point), MONDAY + timedelta(weeks=since)).to_pylist()
    return [(row["series"], (row["period"] - MONDAY).days // 7) for row in found]


def levels(rng: np.random.Generator, rows: int, weeks: int, shift: float, at: int) -> np.ndarray:
    z = rng.normal(size=(rows, weeks))
    z[:, at:] += shift
    return np.exp(4 + 0.12 * z)


def price_panel(make_panel: Callable[..., Panel], values: np.ndarray) -> Panel:
    panel = make_panel(values)
    names = [name.replace("mentions", "price") for name in panel.series]
    return Panel(names, panel.step, 0, panel.origin, panel.values, panel.given)


@pytest.mark.parametrize("shift", [1.0, -1.0])
def test_a_shift_of_one_standard_deviation_is_found_in_six_weeks(
    shift: float, make_panel: Callable[..., Panel]
) -> None:
    values = levels(np.random.default_rng(4), 400, 140, shift, 104)
    found = Shift().bounds(price_panel(make_panel, values), 104)
    delay = np.where(found.alarm.any(axis=1), found.alarm.argmax(axis=1) + 1, 999)
    assert np.median(delay) <= 6
    assert found.notes is not None
    said = [note["direction"] for note in found.notes[found.alarm]]
    assert said.count("rise" if shift > 0 else "fall") > 0.9 * len(said)


def test_a_steady_price_runs_a_year_without_alarm(make_panel: Callable[..., Panel]) -> None:
    values = levels(np.random.default_rng(5), 300, 330, 0.0, 0)
    found = Shift().bounds(price_panel(make_panel, values), 105)
    first = np.where(found.alarm.any(axis=1), found.alarm.argmax(axis=1) + 1, 225)
    assert first.mean() >= 52


def test_one_outlier_and_a_count_are_no_shift(make_panel: Callable[..., Panel]) -> None:
    values = levels(np.random.default_rng(6), 1, 90, 0.0, 0)
    values[0, 80] *= 5
    assert not Shift().bounds(price_panel(make_panel, values), 80).alarm[:, :1].any()
    values[0, 80:] *= 5
    assert Shift().bounds(price_panel(make_panel, values), 80).alarm.any()
    assert not Shift().bounds(make_panel(values), 80).alarm.any()


@pytest.mark.shared
def test_binomial_parity(
    oracle: Callable[[str], pl.DataFrame], make_panel: Callable[..., Panel]
) -> None:
    rows = oracle("binomial_llr_cusum_abattoir.csv")
    x, n = (rows[c].to_numpy().astype(float) for c in ("x", "n"))
    detector = BinomialCusum(odds_ratio=1.5, limit=4.0, base=0.1, reset=False)
    found = detector.bounds(make_panel(x, read=n), 0)
    np.testing.assert_allclose(found.score[0], rows["llr"].to_numpy(), rtol=1e-9)
    assert (found.alarm[0] == rows["alarm"].to_numpy()).all()


def test_binomial_sum_is_the_log_likelihood_ratio(make_panel: Callable[..., Panel]) -> None:
    from scipy.stats import binom

    rng = np.random.default_rng(1)
    n = rng.integers(20, 60, 80).astype(float)
    x = rng.binomial(n.astype(int), np.repeat([0.1, 0.25], 40)).astype(float)
    found = BinomialCusum(odds_ratio=2.0, base=0.1, reset=False).bounds(make_panel(x, read=n), 0)
    shifted = 0.2 / 1.1
    total = 0.0
    for t in range(80):
        step = binom.logpmf(x[t], n[t], shifted) - binom.logpmf(x[t], n[t], 0.1)
        total = max(0.0, total + step)
        assert found.score[0, t] == pytest.approx(total)
        assert found.alarm[0, t] == (x[t] > found.threshold[0, t])
    assert found.alarm.any()


def test_binomial_finds_a_fall_and_leaves_out_what_is_no_share(
    make_panel: Callable[..., Panel],
) -> None:
    x = np.array([20.0, 22.0, 18.0] * 10 + [10.0] * 10)
    n = np.full(40, 40.0)
    assert BinomialCusum(odds_ratio=0.5).bounds(make_panel(x, read=n), 30).alarm.any()
    assert not BinomialCusum(odds_ratio=2.0).bounds(make_panel(x, read=n), 30).alarm.any()
    assert not BinomialCusum().bounds(make_panel(x), 30).alarm.any()
    assert not BinomialCusum().bounds(make_panel(10 * x, read=n), 30).alarm.any()


def test_a_first_finding_is_an_alarm_and_a_second_is_not() -> None:
    known = weekly("found/substance=cocaine/week", [5.0] * 10, 20.0)
    new = weekly("found/substance=a/week", [0.0] * 4 + [1.0, 0.0, 2.0], 20.0)
    sparse = weekly("found/substance=b/week", [1.0], 20.0, at=7)
    word = weekly("mentions/substance=c/week", [0.0] * 4 + [1.0], 20.0)
    assert weeks_of(FirstSeen(), [*known, *new, *sparse, *word]) == [
        ("found/substance=a/week", 4),
        ("found/substance=b/week", 7),
    ]


def test_what_a_laboratory_finds_while_it_learns_is_not_new() -> None:
    posts = weekly("mentions/substance=c/week", [4.0] * 12, 20.0)
    lab = weekly("found/substance=heroin/week", [3.0] * 8, 12.0, at=4)
    early = weekly("found/substance=caffeine/week", [0.0, 0.0, 1.0, 1.0], 12.0, at=4)
    later = weekly("found/substance=xylazine/week", [0.0, 0.0, 0.0, 1.0], 12.0, at=4)
    assert weeks_of(FirstSeen(), [*posts, *lab, *early, *later]) == [
        ("found/substance=xylazine/week", 7)
    ]
    # three periods of a sample each are too few to say that anything was not there
    few = [*weekly("found/substance=a/week", [1.0] * 9, 1.0), *weekly(
        "found/substance=b/week", [1.0], 1.0, at=8)]  # fmt: skip
    assert weeks_of(FirstSeen(), few) == []


def test_a_first_danger_needs_no_past() -> None:
    posts = weekly("mentions/substance=c/week", [4.0] * 6, 20.0)
    lab = weekly("danger/rule=nitazenes/site=a/substance=nitazenes/week", [1.0], 1.0, at=5)
    (alarm,) = FirstSeen().detect(table_of([*posts, *lab], Point), MONDAY).to_pylist()
    assert (alarm["series"], alarm["expected"]) == (lab[0].series, 0.0)
    assert json.loads(alarm["parameters"])["why"] == "first"


@pytest.mark.parametrize("measure", ["danger/rule=r/site=a", "missold"])
def test_a_danger_that_is_always_there_is_news_once(measure: str) -> None:
    name = f"{measure}/substance=fentanyl/week"
    rng = np.random.default_rng(3)
    steady = weekly(name, [float(n) for n in rng.poisson(308, 36)], 400.0)
    usual = [] if measure == "missold" else [(name, 0)]  # what was so from the first is no news
    assert weeks_of(FirstSeen(), steady) == usual
    doubled = steady + weekly(name, [650.0], 700.0, at=36) + weekly(name, [390.0], 400.0, at=37)
    assert weeks_of(FirstSeen(), doubled) == usual  # as many more were analysed
    jump = weekly(name, [20.0, 18.0, 23.0, 21.0] * 6 + [60.0], 400.0)
    found = FirstSeen().detect(table_of(jump, Point), MONDAY).to_pylist()
    assert [(row["observed"], json.loads(row["parameters"])["why"]) for row in found] == [
        *[(20.0, "first") for _ in usual], (60.0, "more"),
    ]  # fmt: skip
    assert found[-1]["expected"] == pytest.approx(20.5, abs=0.6)


@pytest.mark.parametrize(
    "series", ["missold/substance=lsd/week", "danger/rule=fentanyl-unexpected/site=a/week"]
)
@pytest.mark.parametrize(
    ("before", "told"), [([], []), ([0.0] * 2, []), ([0.0] * 3, [3]), ([0.0] * 9, [9])]
)
def test_nothing_is_unexpected_before_anything_was_expected(series, before, told) -> None:
    """A past of three periods and thirty samples, of its own."""
    found = weekly(series, [*before, 3.0], 10.0)
    assert weeks_of(FirstSeen(), found) == [(series, at) for at in told]
    few = weekly(series, [*before, 3.0], 3.0)
    assert weeks_of(FirstSeen(), few) == []


def test_a_name_that_is_new_in_an_old_laboratory_may_be_sold_for_another_thing() -> None:
    """And what is unexpected in one town is not so for what others read."""
    lab = weekly("found/substance=mdma/week", [4.0] * 9, 10.0)
    name = weekly("missold/name=tusi/week", [5.0], 5.0, at=8)
    there = weekly("danger/rule=fentanyl-unexpected/site=b/week", [1.0], 10.0, at=8)
    assert weeks_of(FirstSeen(), [*lab, *name, *there]) == [("missold/name=tusi/week", 8)]


def test_rules_that_ask_what_a_sample_was_sold_as_say_what_was_unexpected() -> None:
    asks = {f"danger/rule={r.name}/" for r in rules() if r.sold_as or r.unless_sold_as}
    assert asks | {"missold/"} == set(FirstSeen().unexpected)


def test_a_rare_danger_is_news_each_time_until_it_is_usual() -> None:
    name = "danger/rule=r/site=a/substance=nitazenes/week"
    rare = weekly(name, [0.0] * 8 + [1.0] + [0.0] * 5 + [1.0] + [0.0] * 6 + [1.0], 40.0)
    assert weeks_of(FirstSeen(), rare) == [(name, 8), (name, 14), (name, 21)]
    settles = weekly(name, [0.0] * 8 + [2.0, 1.0, 2.0, 1.0, 2.0, 2.0, 2.0], 40.0)
    assert weeks_of(FirstSeen(), settles) == [(name, 8), (name, 9), (name, 10)]
    told = FirstSeen().detect(table_of(settles, Point), MONDAY).to_pylist()
    assert all(row["expected"] < row["threshold"] <= row["observed"] for row in told)
    unread = weekly(name, [1.0], 40.0) + weekly(name, [1.0], 40.0, at=10)
    assert weeks_of(FirstSeen(), unread) == [(name, 0)]  # nobody looked in between


def test_pairs_new_by_chance_and_old() -> None:
    read = 100.0
    a = weekly("mentions/substance=a/week", [3.0] * 20, read)
    b = weekly("practices/practice=b/week", [2.0] * 20, read)
    pair = weekly("together/practice=b/substance=a/week", [0.0] * 17 + [2.0, 2.0, 1.0], read)
    assert weeks_of(Cooccurrence(), [*a, *b, *pair]) == [
        ("together/practice=b/substance=a/week", 18),
        ("together/practice=b/substance=a/week", 19),
    ]
    often = weekly("mentions/substance=a/week", [50.0] * 20, read)
    much = weekly("practices/practice=b/week", [40.0] * 20, read)
    assert weeks_of(Cooccurrence(), [*often, *much, *pair]) == []
    old = weekly("together/practice=b/substance=a/week", [1.0] + [0.0] * 16 + [2.0] * 3, read)
    assert weeks_of(Cooccurrence(), [*a, *b, *old]) == []


def test_two_products_never_together_before() -> None:
    read = 100.0
    a = weekly("mentions/substance=a/week", [50.0] * 20, read)
    b = weekly("mentions/substance=b/week", [2.0] * 20, read)
    pair = weekly("together/substance=a/with=b/week", [2.0, 2.0, 1.0], read, at=17)
    alone = [("together/substance=a/with=b/week", week) for week in (18, 19)]
    assert weeks_of(Cooccurrence(), pair + weekly("documents/week", [read] * 20)) == alone
    # half of all documents name a: that b stands beside it now and then is chance
    assert weeks_of(Cooccurrence(), [*a, *b, *pair]) == []


def test_a_share_that_stays_low_is_told_once_and_learnt(make_panel: Callable[..., Panel]) -> None:
    x = np.array([18.0, 19.0, 17.0, 18.0] * 4 + [9.0, 10.0, 8.0, 9.0] * 9)
    detector = BinomialCusum(odds_ratio=0.5, baseline=12, relearn=True)
    found = detector.bounds(make_panel(x, read=np.full(len(x), 20.0)), 0)
    (when,) = np.flatnonzero(found.alarm[0])
    assert when in (16, 17)
    assert found.expected[0, when] == pytest.approx(20 * 216.5 / 241)
    assert found.expected[0, -1] == pytest.approx(9.0, abs=0.3)
