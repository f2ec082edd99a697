"""Pointwise intervals for a share that comes with a standard error: curves at a time.

An interval the caller names is computed as named at every point, as R's ``survfit`` does; what to choose when nobody
names one is decided one floor up (``estimate``).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import stats

from navoutcomes.maths.arrays import Floats

SURVIVAL_TYPES = ("plain", "log", "log-log", "logit", "arcsine")
INCIDENCE_TYPES = (*SURVIVAL_TYPES, "cloglog")


@cache
def critical(level: float, df: float | None = None) -> float:
    """Two-sided quantile: normal, or Student's t with ``df`` degrees of freedom."""
    tail = (1 + level) / 2
    return float(stats.norm.ppf(tail) if df is None else stats.t.ppf(tail, df))


def pointwise(kind: str, share: Floats, std_error: Floats, z: float) -> tuple[Floats, Floats]:
    """Lower and upper limit of a share on the scale ``kind``.

    ``cloglog`` is log(-log(1 - share)), for shares that grow from 0. Where a scale is not defined (log at 0; the others
    but plain at 0 and 1) the limits are not a number, as in R.
    Shapes: (G,), (G,) -> (G,), (G,). Raises ``KeyError`` for a kind not in ``INCIDENCE_TYPES``.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = _SCALES[kind](share, std_error, z)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _plain(p: Floats, se: Floats, z: float) -> tuple[Floats, Floats]:
    return p - z * se, p + z * se


def _log(p: Floats, se: Floats, z: float) -> tuple[Floats, Floats]:
    return p * np.exp(-z * se / p), p * np.exp(z * se / p)


def _log_log(p: Floats, se: Floats, z: float) -> tuple[Floats, Floats]:
    # Not ``p ** ...``: one to the power of "not a number" is one.
    move = z * se / (p * np.log(p))
    return np.exp(np.log(p) * np.exp(-move)), np.exp(np.log(p) * np.exp(move))


def _cloglog(p: Floats, se: Floats, z: float) -> tuple[Floats, Floats]:
    low, high = _log_log(1 - p, se, z)
    return 1 - high, 1 - low


def _logit(p: Floats, se: Floats, z: float) -> tuple[Floats, Floats]:
    centre, move = np.log(p / (1 - p)), z * se / (p * (1 - p))
    return 1 / (1 + np.exp(move - centre)), 1 / (1 + np.exp(-move - centre))


def _arcsine(p: Floats, se: Floats, z: float) -> tuple[Floats, Floats]:
    centre, move = np.arcsin(np.sqrt(p)), 0.5 * z * se / np.sqrt(p * (1 - p))
    low, high = np.maximum(centre - move, 0.0), np.minimum(centre + move, np.pi / 2)
    return np.sin(low) ** 2, np.sin(high) ** 2


_SCALES = {
    "plain": _plain,
    "log": _log,
    "log-log": _log_log,
    "logit": _logit,
    "arcsine": _arcsine,
    "cloglog": _cloglog,
}
