"""Firth's penalised likelihood for shares and rates: finite estimates where the ordinary ones run away.

The log-likelihood plus half the logarithm of the determinant of the information (Jeffreys' prior). Intervals by
profile: where twice the (penalised) log-likelihood has fallen by the critical value, all other coefficients fitted
again.

Reference: Firth 1993; Heinze & Schemper 2002 (R ``logistf``); Venables & Ripley 2002, section 8.4 (profiles).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import linalg, optimize, special, stats

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_links import log_likelihood
from navoutcomes.maths.generalised.glm_newton import Unfit, dependent
from navoutcomes.maths.generalised.glm_rows import Observations, framed

MOST_STEPS = 500
LONGEST = 5.0
FARTHEST = 50


@dataclass(frozen=True)
class Profiled:
    """Coefficients with profile intervals; what was asked for has numbers, the rest is not a number.

    Shapes: coefficients, low, high, statistic, p_value (q,), the intercept first; covariance (q, q) the inverse
    expected information. ``statistic`` is the likelihood ratio of each coefficient, chi-square with one degree of
    freedom; ``log_likelihood`` is without the penalty, ``penalised`` with it (the same where there is none).
    """

    coefficients: Floats
    covariance: Floats
    low: Floats
    high: Floats
    statistic: Floats
    p_value: Floats
    log_likelihood: float
    penalised: float
    steps: int


@dataclass(frozen=True)
class Place:
    """The likelihood at one place. Shapes: at, score (q,); information, curve (q, q), ``curve`` that of the step."""

    at: Floats
    value: float
    plain: float
    score: Floats
    information: Floats
    curve: Floats


Likelihood = Callable[[Floats], Place]


def profiled(
    seen: Observations, link: str = "logit", penalty: bool = True, level: float = 0.95, intervals: bool = True
) -> Profiled:
    """Arguments: ``link`` logit, cloglog or log; ``penalty`` False for the ordinary likelihood; ``level`` 0-1;
    ``intervals`` False leaves them and the tests empty.

    Raises: ``Unfit`` for collinear columns or no convergence. Assumes: thousands of rows rather than millions.
    """
    frame, lead = framed(seen), int(seen.intercept)
    scaled = [np.ones((len(seen), lead)), seen.columns / frame.scale]
    centred = np.column_stack([scaled[0], scaled[1] - frame.centre / frame.scale])
    q = centred.shape[1]
    likelihood = partial(_place, seen, link, penalty, centred)
    best, steps = _climb(likelihood, np.zeros(q), np.ones(q, dtype=bool))
    inverse = linalg.inv(best.information)
    covariance = frame.back @ inverse @ frame.back.T
    low, high, statistic = (np.full(q, np.nan) for _ in range(3))
    if intervals:
        # The intercept is profiled where the columns are not centred; slopes are the same in both.
        own = partial(_place, seen, link, penalty, np.column_stack(scaled))
        home = np.concatenate([(frame.back @ best.at)[:lead], best.at[lead:]])
        for j in range(q):
            where, begin = (own, home) if j < lead else (likelihood, best.at)
            unit = 1.0 if j < lead else frame.scale[j - lead]
            error = np.sqrt(covariance[j, j]) * unit
            below, above, statistic[j] = _profile(where, begin, best.value, j, error, level)
            low[j], high[j] = below / unit, above / unit
    return Profiled(
        coefficients=frame.back @ best.at,
        covariance=(covariance + covariance.T) / 2,
        low=low,
        high=high,
        statistic=statistic,
        p_value=stats.chi2.sf(statistic, 1),
        log_likelihood=best.plain,
        penalised=best.value,
        steps=steps,
    )


def _place(seen: Observations, link: str, penalty: bool, x: Floats, at: Floats) -> Place:
    """Shapes: x (n, q); at (q,)."""
    linear = x @ at if seen.offset is None else x @ at + seen.offset
    mass = seen.mass
    residual, working, bend = _derivatives(link, linear, seen.response)
    residual, working = residual * mass, working * mass
    information = (x * working[:, None]).T @ x
    plain = log_likelihood(link, linear, seen.response, mass)
    if not penalty:
        return Place(at, plain, plain, x.T @ residual, information, information)
    sign, size = np.linalg.slogdet(information)
    if sign <= 0 or not np.isfinite(size):
        return Place(at, -np.inf, plain, np.zeros(len(at)), information, information)
    leverage = working * ((x @ np.linalg.inv(information)) * x).sum(axis=1)
    score = x.T @ (residual + leverage * bend / 2)
    # Half a person more on each side of everybody with leverage 1: without them the steps go to and fro for ever.
    curve = (x * (working * (1 + leverage))[:, None]).T @ x if link == "logit" else information
    return Place(at, plain + size / 2, plain, score, information, curve)


def _derivatives(link: str, linear: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Of the log-likelihood in the linear predictor, expected information, and the derivative of its logarithm."""
    if link == "logit":
        share = special.expit(linear)
        return y - share, share * special.expit(-linear), 1 - 2 * share
    rate = np.exp(linear)
    if link == "log":
        return y - rate, rate, np.ones_like(rate)
    if link != "cloglog":
        raise ValueError(f"no profile for the link {link}")
    ended = -np.expm1(-rate)
    ratio = np.divide(rate, ended, out=np.ones_like(rate), where=ended > 0)
    stayed = ratio * np.exp(-rate)
    return y * ratio - rate, rate * stayed, 2 - rate - stayed


def _climb(likelihood: Likelihood, start: Floats, free: np.ndarray) -> tuple[Place, int]:
    """The highest place that can be reached by moving the free coefficients."""
    here = likelihood(start)
    dead = dependent(here.information)
    if len(dead):
        raise Unfit("collinear", dead)
    for step in range(1, MOST_STEPS + 1):
        move = np.zeros(len(start))
        move[free] = linalg.solve(here.curve[np.ix_(free, free)], here.score[free], assume_a="pos")
        longest = float(np.abs(move).max(initial=0.0))
        if longest <= 1e-10 * (1 + float(np.abs(here.at).max())):
            return here, step
        move *= min(1.0, LONGEST / longest)
        for _ in range(40):
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                there = likelihood(here.at + move)
            if there.value >= here.value - 1e-12 * abs(here.value):
                break
            move /= 2
        here = there
    raise Unfit("not-converged", None, MOST_STEPS)


def _profile(
    likelihood: Likelihood, best: Floats, top: float, j: int, error: float, level: float
) -> tuple[float, float, float]:
    """Lower and upper limit of one coefficient, and the likelihood ratio of its being 0."""
    free = np.ones(len(best), dtype=bool)
    free[j] = False
    last = [best]

    def below(value: float) -> float:
        start = last[0].copy()
        start[j] = value
        place = _climb(likelihood, start, free)[0] if free.any() else likelihood(start)
        last[0] = place.at
        return 2 * (top - place.value)

    critical = float(stats.chi2.ppf(level, 1))
    limits = []
    for side in (-1, 1):
        last[0], inside = best, float(best[j])
        for doubling in range(FARTHEST):
            outside = float(best[j]) + side * error * np.sqrt(critical) * 1.3**doubling
            if below(outside) > critical:
                limits.append(float(optimize.brentq(lambda v: below(v) - critical, inside, outside, xtol=1e-11)))
                break
            inside = outside
        else:
            limits.append(side * np.inf)
    last[0] = best
    return limits[0], limits[1], max(below(0.0), 0.0)
