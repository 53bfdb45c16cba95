"""The 42 scenarios of Noufaily 2013: simulated weekly series with one outbreak each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WEEKS, TESTED = 624, 49
_PAST = 312  # past outbreaks begin after this week
# theta, beta, gamma1, gamma2, phi of seven settings (Noufaily A et al. Stat Med 2013;32:1206,
# table 1); each with and without the trend, and with 0, 1 and 2 harmonics.
_SETTINGS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
SCENARIOS = tuple(
    (theta, beta * trend, gamma1, gamma2, phi, harmonics)
    for theta, beta, gamma1, gamma2, phi in _SETTINGS
    for trend in (0, 1)
    for harmonics in (0, 1, 2)
)


@dataclass(frozen=True)
class Simulated:
    """Series by row: counts without the current outbreak, and the outbreak."""

    quiet: NDArray[np.float64]
    outbreak: NDArray[np.float64]
    scenario: NDArray[np.int64]


@dataclass(frozen=True)
class Metrics:
    """What a table of methods shows; shares of 1."""

    false_positive: float
    detected: float
    first_week: float
    predictive: float
    series: int
    error: float  # standard error of the false-positive rate over series
    detected_error: float


def mean(scenario: int) -> NDArray[np.float64]:
    """Return the expected counts of a scenario (from 0), weeks 1 to 624."""
    theta, beta, gamma1, gamma2, _, harmonics = SCENARIOS[scenario]
    t = np.arange(1, WEEKS + 1)
    wave = np.zeros(WEEKS)
    for j in range(1, harmonics + 1):
        angle = 2 * np.pi * j * t / 52
        wave += gamma1 * np.cos(angle) + gamma2 * np.sin(angle)
    return np.asarray(np.exp(theta + beta * t + wave))


def draw(seed: int, replicates: int) -> Simulated:
    """Return 42 × `replicates` series: four past outbreaks, one in the last 49 weeks."""
    rng = np.random.default_rng(seed)
    rows = len(SCENARIOS) * replicates
    quiet, outbreak = np.zeros((rows, WEEKS)), np.zeros((rows, WEEKS))
    scenario = np.repeat(np.arange(len(SCENARIOS)), replicates)
    for row, number in enumerate(scenario):
        mu, phi = mean(int(number)), SCENARIOS[number][4]
        if phi > 1:
            size = mu / (phi - 1)
            quiet[row] = rng.negative_binomial(size, size / (size + mu))
        else:
            quiet[row] = rng.poisson(mu)
        past = rng.choice([0, 2, 3, 5, 10])
        for start in rng.integers(_PAST, WEEKS - TESTED, 4) if past else ():
            quiet[row] += _outbreak(rng, mu, phi, int(start), float(past), WEEKS - TESTED)
        start = int(rng.integers(WEEKS - TESTED, WEEKS))
        outbreak[row] = _outbreak(rng, mu, phi, start, float(rng.integers(1, 11)), WEEKS)
    return Simulated(quiet, outbreak, scenario)


def _outbreak(
    rng: np.random.Generator,
    mu: NDArray[np.float64],
    phi: float,
    start: int,
    k: float,
    end: int,
) -> NDArray[np.float64]:
    """Return the cases of an outbreak: its size in standard deviations, lognormal in time."""
    rate = k * np.sqrt(mu[start] * phi)
    size = 0
    while size < 2:
        size = int(rng.poisson(rate))
    weeks = start + np.floor(rng.lognormal(0, 0.5, size)).astype(int)
    return np.bincount(weeks[weeks < end], minlength=WEEKS)[:WEEKS].astype(float)


def metrics(
    quiet: NDArray[np.bool_], loud: NDArray[np.bool_], outbreak: NDArray[np.float64]
) -> Metrics:
    """Compare alarms of the last weeks without and with the outbreak, with where it is."""
    cases: NDArray[np.bool_] = outbreak[:, -TESTED:] > 0
    has = np.any(cases, axis=1)
    hit = np.any(loud & cases, axis=1)[has]
    onset = cases.argmax(axis=1)
    first = loud[np.flatnonzero(has), onset[has]]
    false_weeks = quiet.mean(axis=1)
    right = (loud & cases).sum()
    return Metrics(
        float(false_weeks.mean()),
        float(hit.mean()),
        float(first.mean()),
        float(right / max(1, loud.sum())),
        len(quiet),
        float(false_weeks.std() / np.sqrt(len(quiet))),
        float(hit.std() / np.sqrt(len(hit))),
    )
