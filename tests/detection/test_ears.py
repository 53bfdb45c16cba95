"""EARS: parity with the reference implementation, and C3 as its authors define it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fanal.detectors.ears import Ears
from fanal.detectors.panel import Panel

CONFIGS = ("C1_b7_a001", "C1_b7_a05", "C1_b28_a01", "C2_b7_a001", "C2_b7_a05")


@pytest.mark.shared
@pytest.mark.parametrize("config", CONFIGS)
def test_parity(
    config: str,
    shared_series: Path,
    oracle: Callable[[str], pl.DataFrame],
    make_panel: Callable[..., Panel],
) -> None:
    manifest = json.loads((shared_series / "oracles/manifest_real.json").read_text())
    given = manifest["ears"][config]
    detector = Ears(given["method"], given["baseline"], given["alpha"], given.get("minSigma", 0.0))
    expected = oracle("ears_real.csv").filter(pl.col("config") == config)
    compared = 0
    for (series,), rows in expected.group_by("series"):
        observed = oracle(f"series_{series}.csv")["observed"].to_numpy()
        columns = rows["index"].to_numpy() - 1
        first = int(columns.min())
        found = detector.bounds(make_panel(observed), first)
        np.testing.assert_allclose(
            found.threshold[0, columns - first], rows["upperbound"].to_numpy(), rtol=1e-9
        )
        assert (found.alarm[0, columns - first] == rows["alarm"].to_numpy()).all()
        compared += rows.height
    assert compared > 1000


def test_c3_adds_up_three_periods_and_sees_the_current_one(
    make_panel: Callable[..., Panel],
) -> None:
    base = [2.0, 4.0] * 6
    sigma = np.std([2, 4, 2, 4, 2, 4, 2], ddof=1)
    slow = [*base, 3 + 1.8 * sigma, 3 + 1.8 * sigma, 3 + 1.8 * sigma]
    found = Ears("C3", min_sigma=0.0).bounds(make_panel(slow), 12)
    assert found.alarm[0].tolist() == [False, False, True]
    assert not Ears("C2", min_sigma=0.0).bounds(make_panel(slow), 12).alarm.any()
    only_now = Ears("C3", min_sigma=0.0).bounds(make_panel([*base, 30.0]), 12)
    assert only_now.alarm[0].tolist() == [True]


def test_a_source_that_speaks_more_is_no_rise(make_panel: Callable[..., Panel]) -> None:
    counts = np.array([5, 6, 4, 5, 6, 5, 4, 5, 6, 50.0])
    read = np.array([100, 110, 90, 100, 120, 100, 90, 100, 110, 1000.0])
    assert Ears().bounds(make_panel(counts), 9).alarm.all()
    assert not Ears().bounds(make_panel(counts, read=read), 9).alarm.any()


def test_missing_is_not_zero(make_panel: Callable[..., Panel]) -> None:
    nan = np.nan
    steady = np.array([20, 22, nan, 21, 19, nan, 20, 21, 20, 22.0])
    found = Ears("C1").bounds(make_panel(steady), 9)
    assert found.expected[0, 0] == pytest.approx(np.nanmean(steady[2:9]))
    assert not found.alarm.any()
    assert np.isnan(Ears("C1").bounds(make_panel(np.where(steady > 20, nan, 5)), 3).threshold[0, 0])
