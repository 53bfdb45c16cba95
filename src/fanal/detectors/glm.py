"""Quasi-Poisson regression on a seasonal factor and a trend, many series at once.

The design is one column for each season and one for time, so the normal equations are a diagonal
with one full row: no linear system is solved, only sums over seasons are taken, by one matrix
product for all series. Iterations start and stop as in the usual implementations of generalised
linear models (start at y + 0.1, stop at a relative change of the deviance below 1e-8, weights of
the last step), because bounds are compared with them to the ninth digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from fanal.detectors.panel import Matrix

_TOLERANCE = 1e-8
_STEPS = 25

Vector = NDArray[np.float64]


@dataclass
class Fit:
    """A regression of each row."""

    mu: Matrix
    leverage: Matrix
    level: Matrix  # coefficient of each season, at the middle of time
    slope: Vector
    phi: Vector  # dispersion, at least 1
    dispersion: Vector  # of the standard errors, may be below 1
    freedom: Vector
    mass: Vector  # weight in the season of the present
    centre: Vector  # mean time in the season of the present
    stiffness: Vector  # weighted variation of time within seasons

    @property
    def slope_error(self) -> Vector:
        return np.asarray(np.sqrt(self.dispersion / self.stiffness))

    def predict(self, now: float) -> tuple[Vector, Vector]:
        """Return linear predictor and standard error at time `now` in season 0, without offset."""
        variance = 1 / self.mass
        eta = self.level[:, 0].copy()
        if np.isfinite(self.stiffness).any():
            eta += self.slope * now
            variance = variance + (now - self.centre) ** 2 / self.stiffness
        return eta, np.sqrt(variance * self.dispersion)


def fit_quasi_poisson(
    y: Matrix,
    weights: Matrix,
    offset: Matrix,
    level: NDArray[np.intp],
    time: Vector | None,
) -> Fit:
    """Fit log(mean) = offset + season + slope · time in each row; weight 0 is missing."""
    design = _Design(level, time)
    out_mu, out_w = np.empty_like(y), np.empty_like(y)
    out_beta = np.zeros((len(y), design.seasons + 1))
    rows = np.arange(len(y))
    counts, prior, shift = y, weights, offset
    mu = y + 0.1
    eta = np.log(mu)
    # The part of the deviance that no step changes: y log y - y.
    fixed = (weights * (xlogy(y, y) - y)).sum(axis=1)
    deviance = _deviance(fixed, counts, prior, eta, mu)
    for step in range(_STEPS):
        w = prior * mu
        beta = design.solve(w, w * (eta - shift) + prior * (counts - mu))
        eta = shift + design.linear(beta)
        mu = np.exp(eta)
        before, deviance = deviance, _deviance(fixed, counts, prior, eta, mu)
        going = ~(np.abs(deviance - before) / (np.abs(deviance) + 0.1) < _TOLERANCE)
        if step == _STEPS - 1:
            going[:] = False
        if not going.all():
            done = ~going
            out_mu[rows[done]], out_w[rows[done]], out_beta[rows[done]] = (
                mu[done],
                w[done],
                beta[done],
            )
            if not going.any():
                break
            rows, counts, prior, shift = rows[going], counts[going], prior[going], shift[going]
            mu, eta, fixed, deviance = mu[going], eta[going], fixed[going], deviance[going]
    return design.describe(y, weights, out_mu, out_w, out_beta)


def _deviance(fixed: Vector, y: Matrix, weights: Matrix, eta: Matrix, mu: Matrix) -> Vector:
    change = np.einsum("ij,ij->i", weights, mu) - np.einsum("ij,ij,ij->i", weights, y, eta)
    return np.asarray(2 * (fixed + change))


class _Design:
    """Seasons and time of the baseline, shared by all rows."""

    def __init__(self, level: NDArray[np.intp], time: Vector | None) -> None:
        self.level, self.time = level, time
        self.seasons = int(level.max()) + 1
        dummies = np.zeros((len(level), self.seasons))
        dummies[np.arange(len(level)), level] = 1.0
        clock = np.zeros(len(level)) if time is None else time
        self.columns = np.column_stack([dummies, clock])
        self.products = np.column_stack([dummies, dummies * clock[:, None]])
        self.square = clock**2

    def _moments(self, w: Matrix) -> tuple[Matrix, Matrix, Vector]:
        """Return weight and mean time of each season, and the variation of time within."""
        sums = w @ self.products
        mass, timed = sums[:, : self.seasons], sums[:, self.seasons :]
        if self.time is None:
            return mass, timed, np.full(len(w), np.inf)
        centre = np.where(mass > 0, timed / mass, 0.0)
        return mass, centre, w @ self.square - (timed * centre).sum(axis=1)

    def solve(self, w: Matrix, wz: Matrix) -> Matrix:
        """Return the weighted least squares solution of `wz / w`: seasons, then the slope."""
        mass, centre, stiffness = self._moments(w)
        sums = wz @ self.products
        mean = np.where(mass > 0, sums[:, : self.seasons] / mass, 0.0)
        timed = sums[:, self.seasons :].sum(axis=1)
        slope = (timed - (centre * sums[:, : self.seasons]).sum(axis=1)) / stiffness
        return np.column_stack([mean - slope[:, None] * centre, slope])

    def linear(self, beta: Matrix) -> Matrix:
        return np.asarray(beta @ self.columns.T)

    def describe(self, y: Matrix, weights: Matrix, mu: Matrix, w: Matrix, beta: Matrix) -> Fit:
        mass, centre, stiffness = self._moments(w)
        spread = 1 / mass[:, self.level]
        if self.time is not None:
            spread = spread + (self.time - centre[:, self.level]) ** 2 / stiffness[:, None]
        used = (weights > 0).sum(axis=1)
        parameters = (mass > 0).sum(axis=1) + (self.time is not None)
        freedom = (used - parameters).astype(float)
        residual = (y - mu) / mu
        dispersion = (w * residual**2).sum(axis=1) / freedom
        return Fit(
            mu,
            w * spread,
            beta[:, :-1],
            beta[:, -1],
            np.maximum(dispersion, 1.0),
            dispersion,
            freedom,
            mass[:, 0],
            centre[:, 0],
            stiffness,
        )
