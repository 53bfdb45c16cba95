"""What is new and what falls silent, on cases written from the definitions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from fanal.benchmarks.planted import draw
from fanal.detectors.novelty import Novelty
from fanal.detectors.panel import Panel
from fanal.detectors.silence import Silence
from fanal.records import Point, table_of

MONDAY = date(2024, 1, 1)


def weekly(name: str, values: list[float | None], read: list[float] | None = None) -> list[Point]:
    return [
        Point(name, MONDAY + timedelta(weeks=i), "week", value, read[i] if read else None, False)
        for i, value in enumerate(values)
        if value is not None
    ]


def first_alarm(detector: Novelty | Silence, *series: list[Point], since: int = 0) -> list[str]:
    points = table_of([point for one in series for point in one], Point)
    rows = detector.detect(points, MONDAY + timedelta(weeks=since)).to_pylist()
    seen: dict[str, int] = {}
    for row in rows:
        seen.setdefault(row["series"], (row["period"] - MONDAY).days // 7)
    return [f"{name}@{week}" for name, week in sorted(seen.items())]


def test_a_new_word_is_found_and_a_single_mention_is_not() -> None:
    read = [200.0] * 40
    new = weekly("mentions/substance=new/week", [0.0] * 36 + [1.0, 3.0, 2.0, 5.0], read)
    once = weekly("mentions/substance=once/week", [0.0] * 36 + [0.0, 1.0, 0.0, 0.0], read)
    old = weekly("mentions/substance=old/week", [3.0, 5.0, 4.0, 4.0] * 10, read)
    assert first_alarm(Novelty(), new, once, old, since=8) == ["mentions/substance=new/week@37"]


def test_the_window_itself_is_not_what_it_is_compared_with(
    make_panel: Callable[..., Panel],
) -> None:
    """Half a mention and those of the year before the window, by what was read in both."""
    counts = np.zeros((3, 70))
    counts[0, 66:] = 5  # the window
    counts[1, 65] = counts[1, 14] = 1  # the year before it
    counts[2, 13] = 1
    found = Novelty().predict(make_panel(counts, read=np.full((3, 70), 100.0)), 69)
    assert found.expected[:, 0] == pytest.approx([0.5 * 4 / 52, 2.5 * 4 / 52, 0.5 * 4 / 52])
    assert found.observed[:, 0].tolist() == [20, 0, 0]


def test_silence_is_judged_by_the_half_year_before_its_two_weeks() -> None:
    names = [f"documents/source={name}/week" for name in "abc"]
    counts = np.full((3, 40), 10.0)
    counts[1, 38 - 26] = 270.0
    counts[2, 38 - 27] = 270.0
    panel = Panel(names, "week", 0, 1670, counts, np.full_like(counts, np.nan))
    assert Silence().bounds(panel, 39).expected[:, 0].tolist() == [20, 40, 20]


def test_a_source_that_speaks_more_is_no_novelty() -> None:
    values = [2.0, 3.0, 2.0, 1.0] * 9 + [20.0, 24.0, 22.0, 25.0]
    read = [100.0] * 36 + [1000.0] * 4
    assert first_alarm(Novelty(), weekly("mentions/a/week", values), since=36)
    assert first_alarm(Novelty(), weekly("mentions/a/week", values, read), since=36) == []


def test_a_term_that_ends_makes_no_alarm_in_weeks_without_it() -> None:
    values = [0.0] * 30 + [9.0, 0.0, 0.0]
    points = table_of(weekly("mentions/a/week", values, [100.0] * 33), Point)
    periods = Novelty().detect(points, MONDAY).column("period").to_pylist()
    assert periods == [MONDAY + timedelta(weeks=30)]


@pytest.mark.parametrize("gone", [0.0, None])
def test_silence_of_a_source_said_as_zero_or_not_at_all(gone: float | None) -> None:
    dead = weekly("documents/source=a/week", [30.0, 25.0, 35.0] * 8 + [gone] * 4)
    alive = weekly("documents/source=b/week", [30.0, 25.0, 35.0, 20.0] * 7)
    assert first_alarm(Silence(), dead, alive) == ["documents/source=a/week@25"]


def test_a_rare_or_shrinking_source_is_not_silent() -> None:
    rare = weekly("documents/source=a/week", [0.0, 0.0, 0.0, 1.0, 0.0] * 6)
    less = weekly("documents/source=b/week", [30.0] * 20 + [15.0] * 10)
    substance = weekly("mentions/substance=c/week", [30.0] * 20 + [0.0] * 10)
    assert first_alarm(Silence(), rare, less, substance) == []


def test_a_pause_that_comes_every_year_is_told_once_and_again_where_it_lasts() -> None:
    """Ten weeks of summer in the first year; then the same, two weeks later, and a longer one."""
    alive = weekly("documents/source=b/week", [30.0] * 104)
    year = [30.0] * 26 + [0.0] * 10 + [30.0] * 16
    paused = weekly("documents/source=a/week", year * 2)
    assert first_alarm(Silence(), paused, alive) == ["documents/source=a/week@27"]
    assert first_alarm(Silence(), paused, alive, since=40) == []
    later = weekly("documents/source=a/week", [*year, *[30.0] * 28, *[0.0] * 10, *[30.0] * 14])
    assert first_alarm(Silence(), later, alive, since=40) == []
    # To week 35 of the first year, three weeks more, and then it is told.
    longer = weekly("documents/source=a/week", [*year, *[30.0] * 26, *[0.0] * 26])
    assert first_alarm(Silence(), longer, alive, since=40) == ["documents/source=a/week@91"]


def test_a_silent_denominator_is_said_once_under_the_first_series_or_the_source_itself() -> None:
    read = [80.0, 90.0, 70.0] * 8 + [0.0] * 3
    a = weekly("mentions/substance=a/source=s/week", [4.0] * 27, read)
    b = weekly("mentions/substance=b/source=s/week", [5.0] * 27, read)
    assert first_alarm(Silence(), a, b) == ["mentions/substance=a/source=s/week@25"]
    own = weekly("documents/source=s/week", [*read])
    assert first_alarm(Silence(), a, b, own) == ["documents/source=s/week@25"]


def test_recall_and_precision_on_planted_terms(make_panel: Callable[..., Panel]) -> None:
    """The full table is in `fanal benchmark detection`; here a quarter of it, as a guard."""
    drawn = draw(11, terms=1000, planted=40)
    warmup = drawn.counts.shape[1] - 104
    panel = make_panel(drawn.counts, read=np.tile(drawn.read, (len(drawn.counts), 1)))
    alarm = Novelty().bounds(panel, warmup).alarm
    hit = alarm.any(axis=1)
    assert hit[drawn.start >= 0].mean() >= 0.75
    assert hit[drawn.start >= 0].sum() / hit.sum() >= 0.65
