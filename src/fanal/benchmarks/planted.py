"""Planted terms: seasonal, over-dispersed background with phenomena whose start is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Planted:
    """Weekly counts of many terms, and which of them rise when."""

    counts: NDArray[np.float64]
    read: NDArray[np.float64]  # documents read, a week
    start: NDArray[np.int64]  # first week of the phenomenon; -1 for background
    never: NDArray[np.bool_]  # planted, and not said before


def draw(
    seed: int,
    *,
    terms: int = 2000,
    planted: int = 40,
    warmup: int = 60,
    weeks: int = 104,
) -> Planted:
    """Return counts of `warmup + weeks` weeks.

    Background: mean counts from 0.02 to 30 a week (log-uniform), negative binomial with size 1 to
    10, seasonal amplitude up to .5 of the mean with a phase of its own, slow drift, and a volume of
    reading that varies by a fifth. Planted: half are new, half had a small past (.05 to 1 a week);
    each rises over 4 to 16 weeks to 2 to 15 counts a week (or to 3 to 10 times its past), and
    stays.
    """
    rng = np.random.default_rng(seed)
    width = warmup + weeks
    time = np.arange(width)
    rate = 10 ** rng.uniform(np.log10(0.02), np.log10(30), terms)
    size = rng.uniform(1, 10, terms)
    amplitude, phase = rng.uniform(0, 0.5, terms), rng.uniform(0, 52, terms)
    drift = rng.normal(0, 0.15, terms)
    start = np.full(terms, -1)
    chosen = rng.choice(terms, planted, replace=False)
    never = np.zeros(terms, dtype=bool)
    never[chosen[: planted // 2]] = True
    start[chosen] = rng.integers(warmup, warmup + weeks - 12, planted)
    season = 1 + amplitude[:, None] * np.sin(2 * np.pi * (time + phase[:, None]) / 52)
    mean = rate[:, None] * season * np.exp(drift[:, None] * (time / width - 0.5))
    for term in chosen:
        past = 0.0 if never[term] else rng.uniform(0.05, 1)
        top = max(rng.uniform(2, 15), past * rng.uniform(3, 10))
        ramp = np.clip((time - start[term] + 1) / rng.integers(4, 17), 0, 1)
        mean[term] = past + (top - past) * ramp
    level = np.exp(rng.normal(0, 0.2, width))
    mean *= level
    counts = rng.negative_binomial(size[:, None], size[:, None] / (size[:, None] + mean))
    counts[mean == 0] = 0
    return Planted(counts.astype(float), np.round(1000 * level), start, never)
