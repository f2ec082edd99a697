"""Standard distributions of a logarithm: density and survivor of z = (log t - location) / scale, with derivatives.

Each gives the logarithm and its first and second derivative in z; the generalised gamma has a shape besides.
Reference: Kalbfleisch & Prentice 2002, section 2.2; Prentice 1974 (shape Q: 1 is Weibull, 0 log-normal); Cox, Chu,
Schneider & Munoz 2007.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from navoutcomes.maths.arrays import Floats

Three = tuple[Floats, Floats, Floats]
HALF_LOG_TWO_PI = 0.5 * np.log(2 * np.pi)
# Central differences of eighth order in the shape: truncation and rounding are both near 1e-12.
STEP = 0.02
FIRST = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 0.0, 4 / 5, -1 / 5, 4 / 105, -1 / 280]) / STEP
SECOND = (
    np.array([-1 / 560, 8 / 315, -1 / 5, 8 / 5, -205 / 72, 8 / 5, -1 / 5, 8 / 315, -1 / 560]) / STEP**2
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """A family: ``density`` and ``survivor`` of (z, shape); ``quantile(p, shape)`` z at a share p that has left."""

    density: Callable[[Floats, float], Three]
    survivor: Callable[[Floats, float], Three]
    quantile: Callable[[Floats, float], Floats]


def _extreme_density(z: Floats, _shape: float) -> Three:
    grown = np.exp(z)
    return z - grown, 1 - grown, -grown


def _extreme_survivor(z: Floats, _shape: float) -> Three:
    grown = np.exp(z)
    return -grown, -grown, -grown


def _logistic_density(z: Floats, _shape: float) -> Three:
    share = special.expit(z)
    return z - 2 * np.logaddexp(0.0, z), 1 - 2 * share, -2 * share * (1 - share)


def _logistic_survivor(z: Floats, _shape: float) -> Three:
    share = special.expit(z)
    return -np.logaddexp(0.0, z), -share, -share * (1 - share)


def _normal_density(z: Floats, _shape: float) -> Three:
    return -0.5 * z * z - HALF_LOG_TWO_PI, -z, np.full_like(z, -1.0)


def _normal_survivor(z: Floats, _shape: float) -> Three:
    left = special.log_ndtr(-z)
    hazard = np.exp(-0.5 * z * z - HALF_LOG_TWO_PI - left)
    return left, -hazard, -hazard * (hazard - z)


def _gamma_density(z: Floats, shape: float) -> Three:
    """log f = -log sqrt(2 pi) - delta(1 / Q^2) - z^2 (e^u - 1 - u) / u^2, u = Q z: smooth through Q = 0."""
    u = shape * z
    return -HALF_LOG_TWO_PI - _stirling(shape) - z * z * _second_rest(u), -z * _first_rest(u), -np.exp(u)


def _gamma_survivor(z: Floats, shape: float) -> Three:
    if shape == 0.0:
        return _normal_survivor(z, shape)
    density, first, _ = _gamma_density(z, shape)
    size = shape**-2
    tail = special.gammaincc if shape > 0 else special.gammainc
    with np.errstate(divide="ignore", over="ignore"):
        left = np.log(tail(size, size * np.exp(shape * z)))
        hazard = np.exp(density - left)
    return left, -hazard, -hazard * (first + hazard)


def by_shape(family: Callable[[Floats, float], Three], z: Floats, shape: float) -> Three:
    """First and second derivative of the logarithm in the shape, and of its slope in z once in the shape."""
    found = [family(z, shape + step * STEP) for step in range(-4, 5)]
    values, slopes = (np.stack([one[at] for one in found]) for at in range(2))
    return np.tensordot(FIRST, values, 1), np.tensordot(SECOND, values, 1), np.tensordot(FIRST, slopes, 1)


def _gamma_quantile(share: Floats, shape: float) -> Floats:
    if shape == 0.0:
        return np.asarray(special.ndtri(share))
    size = shape**-2
    inverse = special.gammaincinv if shape > 0 else special.gammainccinv
    return np.asarray(np.log(inverse(size, share) / size) / shape)


def _stirling(shape: float) -> float:
    """log Gamma(k) less Stirling's first terms, k = 1 / Q^2."""
    square = shape * shape
    if square < 0.1:
        parts = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
        return float(sum(part * square ** (2 * at + 1) for at, part in enumerate(parts)))
    size = 1 / square
    return float(special.gammaln(size) - (size - 0.5) * np.log(size) + size - HALF_LOG_TWO_PI)


def _first_rest(u: Floats) -> Floats:
    """(e^u - 1) / u."""
    return np.asarray(np.where(u == 0, 1.0, np.expm1(u) / np.where(u == 0, 1.0, u)))


def _second_rest(u: Floats) -> Floats:
    """(e^u - 1 - u) / u^2."""
    near = np.abs(u) < 0.5
    small = np.where(near, u, 0.0)
    series = np.zeros_like(u)
    for at in range(20, 1, -1):
        series = series * small / (at + 1) + 1.0
    far = np.where(near, 1.0, u)
    return np.asarray(np.where(near, series / 2, (np.expm1(far) - far) / far**2))


def _minimum(share: Floats, _shape: float) -> Floats:
    return np.asarray(np.log(-np.log1p(-share)))


EXTREME = Shape(_extreme_density, _extreme_survivor, _minimum)
LOGISTIC = Shape(_logistic_density, _logistic_survivor, lambda share, _shape: np.asarray(special.logit(share)))
NORMAL = Shape(_normal_density, _normal_survivor, lambda share, _shape: np.asarray(special.ndtri(share)))
GAMMA = Shape(_gamma_density, _gamma_survivor, _gamma_quantile)
