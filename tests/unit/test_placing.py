"""Novelty classes from the observatory's own past, each with the cases that just miss it."""

from datetime import date, timedelta

import numpy as np
import pytest

from fanal.stages.placing import Past, propose

START = date(2020, 1, 6)


def week(number):
    return START + timedelta(weeks=number)


def past(values, *, skip=(), found=(), told=(), step="week"):
    read = [(week(n), v) for n, v in enumerate(values) if n not in set(skip)]
    return Past(
        step,
        np.array([day for day, _ in read], dtype="datetime64[D]"),
        np.array([float(value) for _, value in read]),
        [np.datetime64(day, "D") for day in found],
        list(told),
    )


def placed(values, at, *, rises=True, measure="mentions", observed=9.0, last=None, **more):
    end = week(last if last is not None else at)
    return propose(measure, rises, observed, week(at), end, past(values, **more))


SEASON = [0 if n % 52 not in range(20, 26) else 8 for n in range(52 * 3)]


@pytest.mark.parametrize(
    ("values", "at", "novelty"),
    [
        ([0] * 60 + [9], 60, "new"),
        ([0] * 13 + [9], 13, "new"),
        ([0] * 12 + [9], 12, "persistent"),  # nothing to compare with yet
        ([0] * 40 + [1, 2, 2, 3] * 5 + [9], 60, "new"),  # it grew for 20 weeks
        ([0] * 40 + [1, 2, 2, 3] * 7 + [9], 68, "persistent"),  # it has been there for 28
        ([0] * 20 + [1] + [0] * 40 + [9], 61, "new"),  # one document that stands alone
        ([0] * 20 + [2] + [0] * 40 + [9], 61, "returning"),  # two in a week do not
        ([0] * 20 + [1, 0, 1] + [0] * 40 + [9], 63, "returning"),  # nor do two near each other
        ([4] * 10 + [0] * 26 + [9], 36, "returning"),
        ([4] * 10 + [0] * 25 + [9], 35, "persistent"),  # not half a year
        ([4] * 60 + [12], 60, "persistent"),
        ([4] * 10 + [0] * 40 + [1, 2] * 14 + [9], 78, "persistent"),  # it came back long ago
    ],
)
def test_of_what_is_counted(values, at, novelty):
    assert placed(values, at) == novelty


def test_weeks_that_nobody_read_are_no_absence():
    values = [4] * 10 + [0] * 40 + [9]
    assert placed(values, 50) == "returning"
    assert placed(values, 50, skip=range(20, 50)) == "persistent"


def test_cyclical_needs_two_earlier_years_at_the_same_season():
    assert placed(SEASON, 52 * 2 + 20) == "cyclical"
    assert placed(SEASON[52:], 52 + 20) == "returning"  # one earlier year
    assert placed(SEASON, 52 * 2 + 33) != "cyclical"  # another season
    assert placed([2] * 52 * 3, 52 * 2 + 20) == "persistent"  # no season at all


def test_fading_is_a_fall_or_a_rise_that_settled_and_is_over():
    assert placed([9] * 60 + [0], 60, rises=False) == "fading"
    over = [0] * 40 + [9] * 30 + [1] * 8
    assert placed(over, 40, last=69) == "fading"
    assert placed(over[:-1], 40, last=69) == "new"  # seven weeks are too few to say so
    assert placed([0] * 40 + [9] * 10 + [0] * 20, 40, last=49) == "new"  # a burst, never settled
    assert placed([0] * 40 + [9] * 30 + [5] * 8, 40, last=69) == "new"  # more than half is left


def test_a_laboratory_and_an_earlier_report_are_past_as_well():
    values = [0] * 60 + [9]
    assert placed(values, 60, found=[week(10)]) == "returning"
    assert placed(values, 60, found=[week(50)]) == "new"  # it began there a few weeks ago
    year = week(60).year
    assert placed(values, 60, told=[year - 1]) == "persistent"
    assert placed(values, 60, told=[year - 3]) == "returning"
    assert placed(values, 60, told=[year]) == "new"  # what we say this year is not the past


def test_levels():
    at = {"measure": "price", "rises": False}
    steady = [70.0, 68.0, 72.0, 70.0] * 20
    assert placed([*steady, 48.0], 80, observed=48.0, **at) == "new"
    before = steady[:20] + [45.0] * 6 + steady[:54] + [48.0]
    assert placed(before, 80, observed=48.0, **at) == "returning"
    slow = [*steady[:68], *[45.0] * 12, 48.0]  # the detector took a quarter to be sure
    assert placed(slow, 80, observed=48.0, **at) == "new"
    odd = [*steady[:20], 45.0, *steady[:59], 48.0]  # one odd week is no level
    assert placed(odd, 80, observed=48.0, **at) == "new"
    assert placed(steady + [48.0] * 60, 80, observed=48.0, last=132, **at) == "persistent"
    rise = {"measure": "price", "rises": True}
    assert placed(before, 80, observed=90.0, **rise) == "new"  # it never was as dear
    assert placed(before, 80, observed=45.0, **at) == "returning"  # just as low
    dear = [*steady[:20], *[90.0] * 6, *steady[:54], 90.0]
    assert placed(dear, 80, observed=90.0, **rise) == "returning"  # just as dear
    assert placed(dear, 80, observed=90.5, **rise) == "new"


@pytest.mark.parametrize(("late", "novelty"), [(0, "cyclical"), (1, "returning")])
def test_a_level_of_the_same_season_is_within_five_weeks(late, novelty):
    """A year before, the four weeks are 29 days after the season's middle, or 36."""
    prices = [10.0] * 156
    prices[50:54] = [50.0] * 4
    prices[106 + late : 110 + late] = [50.0] * 4
    assert placed([*prices, 50.0], 156, measure="price", observed=50.0) == novelty


MONTHS = np.arange("2018-01", "2024-01", dtype="datetime64[M]").astype("datetime64[D]")


def placed_of(step, values, first, *, measure="mentions", observed=9.0, last=None, **more):
    """Place a signal that begins with the period of a number, of months or years."""
    when = MONTHS if step == "month" else np.arange("1990", "2024", dtype="datetime64[Y]").astype(
        "datetime64[D]")  # fmt: skip
    seen = Past(step, when[: len(values)], np.array([float(v) for v in values]), **more)
    start = when[first].item()
    return propose(measure, True, observed, start, last or start, seen)


@pytest.mark.parametrize(
    ("step", "values", "novelty"),
    [
        ("month", [0] * 3 + [9], "new"), ("month", [0] * 2 + [9], "persistent"),
        ("month", [4] * 3 + [0] * 6 + [9], "returning"),
        ("month", [4] * 3 + [0] * 5 + [9], "persistent"),
        ("month", [0] * 9 + [2] * 6 + [9], "new"), ("month", [0] * 9 + [2] * 7 + [9], "persistent"),
        ("year", [0, 9], "new"), ("year", [9], "persistent"),
        ("year", [4, 0, 0, 9], "returning"), ("year", [4, 0, 9], "persistent"),
        ("year", [0, 0, 0, 2, 2, 9], "new"), ("year", [0, 0, 0, 2, 2, 2, 9], "persistent"),
    ],
)  # fmt: skip
def test_months_and_years_have_lengths_of_their_own(step, values, novelty):
    assert placed_of(step, values, len(values) - 1) == novelty


@pytest.mark.parametrize("measure", ["found", "danger"])
@pytest.mark.parametrize(
    ("before", "observed", "novelty"),
    [(0, 2.0, "new"), (0, 3.0, "persistent"), (1, 2.0, "new"), (1, 3.0, "new")],
)
def test_what_a_laboratory_finds_is_new_after_one_period_or_where_it_is_few(
    measure, before, observed, novelty
):
    values = [0] * before + [observed]
    assert placed_of("month", values, before, measure=measure, observed=observed) == novelty
    assert placed_of("month", values, before, measure="mentions", observed=observed) == "persistent"


@pytest.mark.parametrize(
    ("apart", "novelty"), [(26, "returning"), (27, "new")]
)  # two documents within half a year are a presence
def test_how_near_two_traces_are(apart, novelty):
    values = [0] * 10 + [1] + [0] * (apart - 1) + [1] + [0] * 30 + [9]
    assert placed(values, len(values) - 1) == novelty


@pytest.mark.parametrize(
    ("days", "novelty"), [(363, "new"), (364, "persistent")]
)  # a year of weeks
def test_a_share_is_new_for_a_year(days, novelty):
    start = week(60)
    seen = past([0] * 60)
    last = start + timedelta(days=days)
    assert propose("expected", False, 1.0, start, last, seen) == novelty
    assert propose("price", True, 1.0, start, last, seen) == novelty


@pytest.mark.parametrize(
    ("lasted", "during", "after", "novelty"),
    [
        (26, 8, [3.9] * 8, "fading"), (26, 8, [4] * 8, "persistent"),
        (25, 8, [3.9] * 8, "persistent"), (26, 8, [3.9] * 7, "persistent"),
        (26, 8, [9] * 5 + [3.9] * 8, "fading"),
    ],
)  # fmt: skip
def test_a_rise_is_over_below_half_for_eight_weeks_after_half_a_year(
    lasted, during, after, novelty
):
    values = [4] * 40 + [during] * (lasted + 1) + after
    assert placed(values, 40, last=40 + lasted) == novelty


@pytest.mark.parametrize(
    ("told", "novelty"),
    [([], "new"), ([0], "new"), ([1], "persistent"), ([2], "returning"), ([0, 2], "returning"),
     ([1, 3], "persistent")],
)  # fmt: skip
def test_years_of_which_a_report_speaks(told, novelty):
    year = week(60).year
    assert placed([0] * 60 + [9], 60, told=[year - back for back in told]) == novelty
    assert placed([4] * 60 + [9], 60, told=[year - back for back in told]) == "persistent"


@pytest.mark.parametrize("before", [0, 1, 3, 4, 5])
def test_a_level_of_a_few_weeks_has_no_past(before):
    assert placed([70.0] * before + [48.0], before, measure="price", observed=48.0) == "new"
    assert placed_of("month", [70.0] * before + [48.0], before, measure="purity") == "new"


@pytest.mark.parametrize(("months", "novelty"), [(6, "new"), (7, "returning")])
def test_a_level_of_half_a_year_ago_is_of_this_move(months, novelty):
    """A month of a monthly series is a level by itself; June to December are 183 days."""
    values = [70.0] * 20 + [90.0] + [70.0] * (months - 1) + [90.0]
    assert placed_of("month", values, 20 + months, measure="price", observed=90.0) == novelty
