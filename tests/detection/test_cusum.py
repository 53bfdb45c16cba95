"""CUSUM of counts: parity with the reference, and what ours adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from fanal.detectors.cusum import Cusum
from fanal.detectors.panel import Panel

TRANSFORMS = {
    "cusum_standard": {"transform": "standard"},
    "cusum_rossi": {"transform": "rossi"},
    "cusum_anscombe": {"transform": "anscombe"},
    "cusum_anscombe2nd": {"transform": "anscombe2nd"},
    "cusum_pearsonNegBin": {"transform": "negative binomial", "dispersion": 0.1},
    "cusum_glm_rossi": {"transform": "rossi", "season": True},
}


@pytest.mark.shared
@pytest.mark.parametrize("config", TRANSFORMS)
def test_parity(
    config: str, oracle: Callable[[str], pl.DataFrame], make_panel: Callable[..., Panel]
) -> None:
    given: dict[str, Any] = TRANSFORMS[config]
    table = oracle("other_methods_real.csv").filter(pl.col("config") == config)
    assert table.height == 728
    for (name,), rows in table.group_by("series"):
        rows = rows.sort("index")
        observed = oracle(f"series_{name}.csv")["observed"].to_numpy()
        first = int(rows["index"][0]) - 1
        detector = Cusum(baseline=first, reset=False, **given)
        found = detector.bounds(make_panel(observed), first)
        n = rows.height
        bound = rows["upperbound"].cast(pl.Float64).to_numpy()
        np.testing.assert_allclose(found.threshold[0, :n], bound, rtol=1e-9, atol=1e-12)
        assert (found.alarm[0, :n] == rows["alarm"].to_numpy()).all()
        np.testing.assert_allclose(
            found.expected[0, :n], rows["mu0"].cast(pl.Float64).to_numpy(), rtol=1e-9
        )


@pytest.mark.parametrize(
    ("transform", "scale"),
    [
        ("negative binomial", lambda y, m: (y - m) / np.sqrt(m + 0.1 * m**2)),
        ("rossi", lambda y, m: (y - 3 * m + 2 * np.sqrt(y * m)) / (2 * np.sqrt(m))),
        ("anscombe", lambda y, m: 1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6)),
    ],
)
def test_the_bound_is_the_count_that_reaches_the_limit(
    transform: Any, scale: Callable[..., Any], make_panel: Callable[..., Panel]
) -> None:
    """Siegmund's sum of standardised counts: the first may lack limit and reference at most."""
    found = Cusum(baseline=40, transform=transform).bounds(make_panel([5.0] * 42), 40)
    assert found.expected[0].tolist() == [5.0, 5.0]
    assert scale(found.threshold[0, 0], 5.0) == pytest.approx(2.26 + 1.04)
    sure = float(np.ceil(found.threshold[0, 0]))
    for count, alarm in ((sure, True), (sure - 1, False)):
        panel = make_panel([5.0] * 40 + [count])
        assert Cusum(baseline=40, transform=transform).bounds(panel, 40).alarm[0, 0] == alarm


def test_the_bound_of_plainly_standardised_counts_is_a_count(
    make_panel: Callable[..., Panel],
) -> None:
    found = Cusum(baseline=40, transform="standard").bounds(make_panel([5.0] * 41), 40)
    assert found.threshold[0, 0] == np.ceil(5 + (2.26 + 1.04) * np.sqrt(5)) == 13


def test_a_season_is_learnt_from_the_first_periods(make_panel: Callable[..., Panel]) -> None:
    angle = 2 * np.pi * np.arange(1, 131) / 52
    counts = np.exp(3 + 0.5 * np.sin(angle) - 0.3 * np.cos(angle))
    found = Cusum(baseline=104, season=True).bounds(make_panel(counts), 104)
    np.testing.assert_allclose(found.expected[0], counts[104:], rtol=1e-6)


def test_resets_after_an_alarm(make_panel: Callable[..., Panel]) -> None:
    counts = np.array([4.0, 6.0] * 20 + [20.0] + [5.0] * 5)
    kept = Cusum(baseline=40, reset=False).bounds(make_panel(counts), 40)
    again = Cusum(baseline=40).bounds(make_panel(counts), 40)
    assert kept.alarm[0, 0]
    assert kept.alarm[0, 1]
    assert again.alarm[0].tolist() == [True] + [False] * 5


def test_does_not_depend_on_where_one_begins_to_look(make_panel: Callable[..., Panel]) -> None:
    counts = np.random.default_rng(2).poisson(6, (4, 120)) + np.repeat([0, 3], 60)
    early = Cusum().bounds(make_panel(counts), 60)
    late = Cusum().bounds(make_panel(counts), 100)
    np.testing.assert_array_equal(early.threshold[:, 40:], late.threshold)
    assert early.alarm.any()


def test_a_source_that_speaks_more_is_no_rise(make_panel: Callable[..., Panel]) -> None:
    counts = np.array([4.0, 6.0, 5.0] * 20 + [15.0] * 5)
    read = np.array([100.0] * 60 + [300.0] * 5)
    assert Cusum().bounds(make_panel(counts), 60).alarm.any()
    assert not Cusum().bounds(make_panel(counts, read=read), 60).alarm.any()


def test_a_lasting_small_rise_is_found_in_a_few_weeks(make_panel: Callable[..., Panel]) -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(np.repeat([[10.0], [10.0]], 200, axis=1).T.reshape(2, 200))
    counts[1, 100:] = rng.poisson(15, 100)
    found = Cusum().bounds(make_panel(counts), 100)
    assert found.alarm[1, :8].any()
    assert found.alarm[0].mean() < 0.02
