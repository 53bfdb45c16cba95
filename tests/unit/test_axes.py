"""Axes of charts: labels read in the language, never twice the same, and hold what is drawn."""

import math
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from fanal.edition import FigureFact, Name, SignalFact, Value
from fanal.exporters import axes, charts
from fanal.web import series_charts
from fanal.wording.language import Language

FR, EN = Language("fr"), Language("en")
SERIES = {
    "empty": [],
    "one point": [5],
    "constant": [4, 4, 4],
    "all zero": [0, 0, 0],
    "of one": [0, 1, 0],
    "of two": [0, 2, 1],
    "of three": [3, 1],
    "shares": [0.2, 0.45, 0.31],
    "thousands": [9800, 14217, 20000],
    "huge": [1e7, 1.3e7],
    "tiny": [0.0003, 0.0001],
    "far apart": [0.004, 2200.0],
    "negative": [-3, -1],
    "across zero": [-0.5, 2.5],
    "with gaps": [1, None, 12],
}


@pytest.mark.parametrize("also", [(), (3.1,), (40.0,), (math.inf,)], ids=str)
@pytest.mark.parametrize("values", SERIES.values(), ids=SERIES.keys())
def test_ticks_differ_as_they_read_and_hold_all_that_is_drawn(values, also):
    axis = axes.amounts(values, "x", also)
    low, high = axis["scale"]["domain"]
    ticks = axis["axis"]["values"]
    told = [v for v in (*values, *also) if v is not None and math.isfinite(v)]
    assert low < high and (low, high) == (ticks[0], ticks[-1])
    assert all(low <= v <= high for v in (0, *told))
    decimals = int(re.fullmatch(r",\.(\d+)f", axis["axis"]["format"])[1])
    assert [f"{t:.{decimals}f}" for t in ticks] == list(
        dict.fromkeys(f"{t:.{decimals}f}" for t in ticks)
    )
    assert all(math.isclose(float(f"{t:.{decimals}f}"), t, abs_tol=1e-12) for t in ticks)
    if all(v is None or v == int(v) for v in values):
        assert decimals == 0 and all(t == int(t) for t in ticks)
    assert 2 <= len(ticks) <= 8


@pytest.mark.parametrize(
    ("values", "ticks"),
    [([0, 1], [0, 1]), ([2], [0, 1, 2]), ([1, 3], [0, 1, 2, 3]),
     ([0.2, 0.45], [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
     ([-3], [-3, -2, -1, 0]), ([1e7], [0, 2e6, 4e6, 6e6, 8e6, 1e7])],
)  # fmt: skip
def test_ticks(values, ticks):
    assert axes.amounts(values, "x")["axis"]["values"] == ticks


def labels(spec, language):
    """Return what stands at the axes, as it was drawn."""
    svg = charts.draw(spec, "t", language)
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg), svg


def every(step, n, start=date(2024, 1, 1)):
    if step == "year":
        return [date(start.year + i, 1, 1) for i in range(n)]
    if step == "month":
        return [date(start.year + i // 12, i % 12 + 1, 1) for i in range(n)]
    return [start + timedelta(weeks=i) for i in range(n)]


def day_of(moment):
    assert moment["utc"], "a day is the same one everywhere"
    return date(moment["year"], moment["month"], moment["date"])


@pytest.mark.parametrize("n", [1, 2, 5, 11, 40, 80, 700])
@pytest.mark.parametrize("step", ["week", "month", "year"])
def test_no_two_periods_read_the_same(step, n):
    days = every(step, n, date(1950, 1, 2) if step == "week" else date(1950, 1, 1))
    axis = axes.times(days, FR)
    low, high = map(day_of, axis["scale"]["domain"])
    at = [day_of(moment) for moment in axis["axis"]["values"]]
    read = [day.strftime(axis["axis"]["format"]) for day in at]
    assert 1 <= len(read) <= axes.MOST and len(set(read)) == len(read)
    assert all(low <= day <= high for day in at)
    width = axes.bar(days, 560)
    day = 560 / (high - low).days  # pixels
    gaps = [(b - a).days for a, b in pairwise(days)]
    assert width <= max(1.5, day * min(gaps, default=99))
    assert (days[0] - low).days * day + 0.01 >= width / 2, "the first bar stands across the axis"


def fact(values, **changes):
    points = tuple(Value(d, v) for d, v in zip(every("week", len(values)), values, strict=True))
    told = SignalFact(
        "ID", Name("x", "x"), "up", "mentions", "", "week", date(2024, 1, 8), date(2024, 1, 8),
        date(2024, 1, 8), 9.0, 1.0, 3.1, None, points, "novelty", "{}", "new",
    )  # fmt: skip
    return replace(told, **changes)


def test_a_sum_over_weeks_is_withheld_with_what_is_withheld_in_it():
    """Of four weeks, one not told: neither how many, nor of how many."""
    days = every("week", 7)
    known = [(2.0, 30.0), (0.0, 40.0), (None, None), (1.0, 20.0)]
    history = tuple(Value(day, *n) for day, n in zip(days, [*known, *known[:2]], strict=False))
    history += (Value(days[6], 4.0, 10.0),)
    summed = fact([], history=history, window=2).compared
    assert [(v.value, v.denominator) for v in summed] == [
        (2, 30), (2, 70), (None, None), (None, None), (3, 50), (2, 70), (4, 50),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "language"),
    [*((values, FR) for values in SERIES.values()), ([0.2, 0.45], EN), ([9800, 14217], EN)],
    ids=[*SERIES, "shares in English", "thousands in English"],
)
def test_pictures_write_numbers_as_the_language_does(values, language):
    told = tuple(Value(d, v) for d, v in zip(every("week", len(values)), values, strict=True))
    figure = FigureFact(
        Name("x", "x"), "FR", Name("x", "x"), "month",
        told, "s",
    )  # fmt: skip
    specs = [
        charts.signal(fact(values), "x", language),
        charts.activity({"press": fact(values).history}, {"press": "x"}, language),
        series_charts.bars(told, "x", language) | {"width": 700},
    ]
    specs += [charts.figure(figure, language)] if values else []
    for spec in specs:
        told, svg = labels(spec, language)
        numbers = [
            t for t in told if re.search(r"\d", t) and not re.search(r"/|\d{4}-|seuil|thres", t)
        ]
        assert len(numbers) == len(set(numbers)) and len(numbers) >= 2
        if spec is specs[0]:  # each tick is told, the top one too
            ticks = spec["layer"][0]["encoding"]["y"]["axis"]["values"]
            assert len(numbers) == len(ticks)
        shape = (
            r"−?\d{1,3}(\u202f\d{3})*(,\d+)?" if language is FR else r"−?\d{1,3}(,\d{3})*(\.\d+)?"
        )
        assert all(re.fullmatch(shape, t) for t in numbers), numbers
        assert not re.search(r"NaN|Infinity|undefined|null", svg)
        assert "aria-label" not in svg


def test_bars_and_the_threshold_stay_inside(  # a count below its threshold, both above the data
):
    spec = charts.signal(fact([2, 1, 3]), "x", FR)
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 4]
    spec = charts.signal(fact([2, 1, 3], threshold=41.5), "x", FR)
    assert spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 50]


@pytest.mark.parametrize(
    ("values", "fr", "en"),
    [
        ({"75": 14217.0, "13": 2200.0, "59": 0.3}, "2\u202f200", "2,200"),
        ({"75": 2.25, "13": 0.308, "59": 0.0041}, "0,31", "0.31"),
        ({"75": 12.0}, "12", "12"),
    ],
)
def test_the_legend_of_a_map_is_in_plain_numbers(values, fr, en):
    for language, told in ((FR, fr), (EN, en)):
        spec = charts.choropleth(values, set(), "‰", language)
        spec["layer"] = spec["layer"][:1]  # the legend is of the areas with a figure
        found, _ = labels(spec, language)
        assert told in found
        assert not any(re.search(r"\de[+-]?\d", t) for t in found)
        numbers = [t for t in found if re.search(r"\d", t)]
        assert len(numbers) == len(set(numbers))
