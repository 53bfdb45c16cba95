"""Farrington Flexible: every bound of the reference implementation, and what it leaves open."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from fanal.detectors.farrington import Farrington, negative_binomial_quantile
from fanal.detectors.glm import Fit
from fanal.detectors.panel import Panel, panels_of
from fanal.records import Point, table_of

CONFIGS = (
    "ff_default",
    "ff_noufaily_muan",
    "ff_noufaily_nbPlugin",
    "ff_noufaily_delta",
    "ff_short_b3",
    "ff_noreweight_notrend",
    "ff_old_like",
)
Oracle = Callable[[str], pl.DataFrame]


def detector_of(given: dict[str, Any], series: dict[str, Any]) -> Farrington:
    """Return our detector for a parameter set; monthly series ran with w=1, 5 seasons, 6 months."""
    monthly = series["freq"] == 12
    seasons = given["noPeriods"]
    return Farrington(
        method=given["thresholdMethod"],
        alpha=given["alpha"],
        years=given["b"],
        half_window=given["w"],
        seasons=10 if monthly and seasons > 1 else seasons,
        recent=24 if monthly else given.get("pastWeeksNotIncluded", given["w"]),
        trend=given["trend"],
        trend_p=given.get("pThresholdTrend", 1.0),
        reweight=given["reweight"],
        weights_threshold=given.get("weightsThreshold", 2.58),
        limit=tuple(given["limit54"]),
        calendar=series["epochAsDate"],
    )


def panel_of_series(oracle: Oracle, name: str, meta: dict[str, Any]) -> Panel:
    rows = oracle(f"series_{name}.csv")
    step = "month" if meta["freq"] == 12 else "week"
    counts = rows["observed"].to_list()
    days = [date.fromordinal(730120 + 7 * i) for i in range(len(counts))]
    if meta["epochAsDate"]:
        days = [date.fromisoformat(day) for day in rows["epoch"]]
    points = [
        Point("x", day, step, float(n), None, False) for day, n in zip(days, counts, strict=True)
    ]
    (panel,) = panels_of(table_of(points, Point))
    return panel


@pytest.mark.shared
@pytest.mark.parametrize("config", CONFIGS)
def test_parity_on_real_series(config: str, shared_series: Path, oracle: Oracle) -> None:
    manifest = json.loads((shared_series / "oracles/manifest_real.json").read_text())
    table = oracle("farrington_flexible_real.csv").filter(pl.col("config") == config)
    compared = 0
    for (name,), rows in table.group_by("series"):
        meta = manifest["series"][name]
        detector = detector_of(manifest["farrington_flexible"][config], meta)
        rows = rows.sort("index")
        columns = rows["index"].to_numpy() - 1
        first = int(columns[0])
        found = detector.bounds(panel_of_series(oracle, str(name), meta), first)
        np.testing.assert_allclose(
            found.threshold[0, columns - first],
            rows["upperbound"].cast(pl.Float64).to_numpy(),
            rtol=1e-9,
            err_msg=f"{config} {name}",
        )
        assert (found.alarm[0, columns - first] == rows["alarm"].to_numpy()).all()
        compared += rows.height
    assert compared > 600


@pytest.fixture(scope="module")
def simulated(shared_series: Path, oracle: Oracle) -> tuple[np.ndarray, np.ndarray]:
    rows = oracle("sim42_series.csv.gz").sort("scenario", "rep", "t")
    return tuple(rows[c].to_numpy().reshape(420, 624).astype(float) for c in ("y0", "outbreak"))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def regressed(
    simulated: tuple[np.ndarray, np.ndarray], make_panel: Callable[..., Panel]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the regressions of the quiet series: all methods share them."""
    return Farrington(calendar=False).regress(make_panel(simulated[0]), 575)


@pytest.mark.shared
@pytest.mark.parametrize("method", ["nbPlugin", "muan", "delta"])
def test_parity_on_simulated_series(
    method: Any,
    simulated: tuple[np.ndarray, np.ndarray],
    regressed: tuple[np.ndarray, np.ndarray, np.ndarray],
    oracle: Oracle,
) -> None:
    quiet, outbreak = simulated
    bounds = oracle("sim42_farrington_upperbounds.csv.gz").sort("scenario", "rep", "t")
    alarms = oracle("sim42_alarms.csv.gz").sort("scenario", "rep", "t")
    eta, error, phi = regressed
    for alpha in ("0.005", "0.01", "0.05"):
        detector = Farrington(method=method, alpha=float(alpha))
        found = detector.threshold(np.exp(eta), error, phi)
        expected = bounds[f"ff_{method}_{alpha}"].cast(pl.Float64).to_numpy().reshape(420, 49)
        # A mean past all numbers has no bound in the oracle where the dispersion is 1, else inf.
        expected = np.where(np.isnan(expected), np.inf, expected)
        np.testing.assert_allclose(found, expected, rtol=1e-9)
        for prefix, counts in (("a0", quiet), ("a1", quiet + outbreak)):
            recent = sum(counts[:, 575 - i : 624 - i] for i in range(4))
            ours = (counts[:, 575:] > found) & (recent >= 5)
            theirs = alarms[f"{prefix}_ff_{method}_{alpha}"].cast(pl.Float64).to_numpy()
            theirs = theirs.reshape(420, 49)
            assert (ours == theirs)[~np.isnan(theirs)].all()


def test_the_limit_of_five_cases_includes_the_current_week(
    make_panel: Callable[..., Panel],
) -> None:
    counts = np.zeros((2, 330))
    counts[:, :320:7] = 1
    counts[0, 326:330] = [1, 0, 0, 3]
    counts[1, 326:330] = [1, 0, 0, 4]
    found = Farrington().bounds(make_panel(counts), 329)
    assert np.isnan(found.threshold[:, 0]).tolist() == [True, False]


def seasonal(seed: int, rows: int = 1, weeks: int = 330) -> np.ndarray:
    rng = np.random.default_rng(seed)
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(weeks) / 52.18)
    return rng.poisson(np.repeat(12 * season[None], rows, axis=0)).astype(float)


def test_agrees_with_statsmodels_on_one_fit(make_panel: Callable[..., Panel]) -> None:
    sm = pytest.importorskip("statsmodels.api")
    panel = make_panel(seasonal(3))
    detector = Farrington(reweight=False)
    baseline = detector.baseline(panel, 329)
    assert baseline is not None
    design = np.eye(10)[baseline.level]
    design = np.column_stack([design, baseline.time])
    y = panel.values[0, baseline.columns]
    fit = sm.GLM(y, design, family=sm.families.Poisson()).fit(scale="X2")
    ahead = fit.get_prediction(np.array([[1.0, *[0.0] * 9, baseline.now]]))
    eta, error, phi = (a[0, 0] for a in detector.regress(panel, 329))
    assert np.exp(eta) == pytest.approx(ahead.predicted_mean[0], rel=1e-6)
    assert error * np.exp(eta) == pytest.approx(ahead.se_mean[0], rel=1e-4)
    assert phi == pytest.approx(max(1.0, fit.scale), rel=1e-4)


def test_series_together_are_as_each_alone(make_panel: Callable[..., Panel]) -> None:
    rng = np.random.default_rng(5)
    counts = seasonal(4, rows=7) * rng.integers(1, 20, (7, 1))
    together = Farrington().bounds(make_panel(counts), 325)
    for row in range(7):
        alone = Farrington().bounds(make_panel(counts[row]), 325)
        np.testing.assert_allclose(alone.threshold[0], together.threshold[row], rtol=1e-12)


def test_a_source_that_speaks_more_is_no_rise(make_panel: Callable[..., Panel]) -> None:
    counts = seasonal(6)
    read = np.full_like(counts, 500.0)
    counts[0, -1], read[0, -1] = 60.0, 2500.0
    assert Farrington().bounds(make_panel(counts), 329).alarm.all()
    assert not Farrington().bounds(make_panel(counts, read=read), 329).alarm.any()
    flat = Farrington().bounds(make_panel(counts, read=np.full_like(read, 500.0)), 329)
    plain = Farrington().bounds(make_panel(counts), 329)
    np.testing.assert_allclose(flat.threshold, plain.threshold)


def test_missing_weeks_are_not_zero(make_panel: Callable[..., Panel]) -> None:
    counts = seasonal(7)
    gaps = counts.copy()
    gaps[0, 60:260:9] = np.nan
    whole = Farrington().bounds(make_panel(counts), 329)
    holed = Farrington().bounds(make_panel(gaps), 329)
    assert holed.expected[0, 0] == pytest.approx(whole.expected[0, 0], rel=0.15)
    none = counts.copy()
    none[0, -1] = np.nan
    assert np.isnan(Farrington().bounds(make_panel(none), 329).threshold).all()


def test_a_past_outbreak_does_not_hide_the_next(make_panel: Callable[..., Panel]) -> None:
    counts = seasonal(8)
    counts[0, 329 - 104 : 329 - 98] += 80
    plain = Farrington(reweight=False).bounds(make_panel(counts), 329)
    weighed = Farrington().bounds(make_panel(counts), 329)
    assert weighed.threshold[0, 0] < plain.threshold[0, 0]


def test_the_last_half_year_is_not_looked_at(make_panel: Callable[..., Panel]) -> None:
    counts = np.repeat(seasonal(8), 3, axis=0)
    counts[1, 329 - 26 : 329] += 200  # half a year by default
    counts[2, 329 - 27] += 200
    found = Farrington(reweight=False).bounds(make_panel(counts), 329).expected[:, 0]
    assert found[1] == found[0]
    assert found[2] != found[0]


def test_a_trend_that_is_doubtful_or_leads_past_all_counts_is_left_out(
    make_panel: Callable[..., Panel],
) -> None:
    """What is expected then is what a regression without a trend expects."""

    def expected(counts: np.ndarray, **given: Any) -> float:
        return Farrington(**given).bounds(make_panel(counts), 329).expected[0, 0]

    even, rising = seasonal(3), np.linspace(5, 45, 330)[None] // 1
    assert expected(even, trend_p=0.05) == expected(even, trend=False) != expected(even)
    assert expected(rising) == expected(rising, trend=False)


def test_a_past_outbreak_weighs_by_its_residual() -> None:
    """Anscombe's residual past the threshold is squared away; the weights make up the periods."""
    y, known = np.array([[8.0, 8.0, 8.0, 27.0]]), np.ones((1, 4))
    fit = Fit(**dict.fromkeys(field.name for field in fields(Fit)))
    fit.mu, fit.leverage, fit.phi = np.full((1, 4), 8.0), np.zeros((1, 4)), np.ones(1)
    residual = 1.5 * (27 ** (2 / 3) * 8 ** (-1 / 6) - 8**0.5)
    weights = np.array([1.0, 1.0, 1.0, residual**-2])
    assert residual > 2.58
    found = Farrington()._weights(y, known, fit)[0]
    assert found == pytest.approx(weights * 4 / weights.sum())
    assert Farrington(weights_threshold=6.0)._weights(y, known, fit)[0] == pytest.approx(np.ones(4))


def test_too_short_a_past_says_nothing(make_panel: Callable[..., Panel]) -> None:
    found = Farrington().bounds(make_panel(seasonal(9)[:, :200]), 190)
    assert np.isnan(found.threshold).all()
    assert not found.alarm.any()


def test_quantile_is_the_smallest_count_that_covers() -> None:
    from scipy.stats import nbinom, poisson

    mean, phi = np.array([3.0, 3.0, 1e300, np.nan]), np.array([1.0, 2.5, 4.0, 2.0])
    found = negative_binomial_quantile(0.99, mean, phi)
    assert poisson.cdf(found[0] - 1, 3) < 0.99 <= poisson.cdf(found[0], 3)
    assert nbinom.cdf(found[1] - 1, 2, 0.4) < 0.99 <= nbinom.cdf(found[1], 2, 0.4)
    assert found[2] == pytest.approx(1e300)
    assert np.isnan(found[3])
