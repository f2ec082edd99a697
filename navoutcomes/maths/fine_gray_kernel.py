"""The loops of the Fine-Gray model over people and over times; everything else is arithmetic on the grid of endings.

A row of ``risk``, ``ending`` and ``gone`` holds a sum of theta and then of theta times each covariate: over those at
risk, those who end for the cause, and those who have ended for another and stay at risk with falling weight. Positions
are places among the times at which somebody ends for the cause; place 0 of a stratum is before the first of them.
"""

from __future__ import annotations

import math

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled

ROWS = 256


@compiled
def scatter(
    x: Floats,
    centre: Floats,
    beta: Floats,
    scale: float,
    weight: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    carry: Floats,
    low: int,
    high: int,
    theta: Floats,
    risk: Floats,
    ending: Floats,
    gone: Floats,
) -> tuple[float, float]:
    """Add theta = w exp(x'b - scale) at exit, take it away at entry. Gives sum w eta of events, largest eta.

    ``carry`` (n,) is 1 / (G(s-) H(s-)) for who ended for another cause at s, and 0 for everybody else.
    """
    size = x.shape[1]
    total, largest = 0.0, -np.inf
    row = np.empty(size + 1)
    row[0] = 1.0
    for i in range(low, high):
        eta = 0.0
        for j in range(size):
            row[j + 1] = x[i, j] - centre[j]
            eta += row[j + 1] * beta[j]
        largest = max(largest, eta)
        mass = weight[i] * math.exp(eta - scale)
        theta[i] = mass
        at, begin = leave[i], enter[i]
        for j in range(size + 1):
            risk[at, j] += mass * row[j]
        if begin >= 0:
            for j in range(size + 1):
                risk[begin, j] -= mass * row[j]
        if event[i] > 0:
            total += weight[i] * eta
            for j in range(size + 1):
                ending[at, j] += mass * row[j]
        elif carry[i] > 0:
            kept = mass * carry[i]
            for j in range(size + 1):
                gone[at, j] += kept * row[j]
    return total, largest


@compiled
def totals(risk: Floats, gone: Floats, remain: Floats, first: Indices) -> None:
    """At risk at each time, in place: from the last time to the first, and who has gone before times ``remain``.

    Shapes: risk, gone (J, p + 1); remain (J,) G(t-) H(t-); first (S + 1,) where each stratum begins. What rounding
    loses from late entries is kept.
    """
    columns = risk.shape[1]
    total, lost, away = np.empty(columns), np.empty(columns), np.empty(columns)
    for stratum in range(len(first) - 1):
        total[:] = 0.0
        lost[:] = 0.0
        away[:] = 0.0
        for at in range(first[stratum + 1] - 1, first[stratum] - 1, -1):
            for j in range(columns):
                value = risk[at, j]
                new = total[j] + value
                if abs(total[j]) >= abs(value):
                    lost[j] += (total[j] - new) + value
                else:
                    lost[j] += (value - new) + total[j]
                total[j] = new
                risk[at, j] = new + lost[j]
        for at in range(first[stratum], first[stratum + 1]):
            for j in range(columns):
                risk[at, j] += remain[at] * away[j]
                away[j] += gone[at, j]


@compiled
def tie_sums(risk: Floats, ending: Floats, ends: Floats, mean: Floats, efron: bool, sums: Floats) -> float:
    """Sums over the tied endings of each time: g0, g1, h0, h1, h2 in the columns of ``sums``. Gives sum wbar log z."""
    total = 0.0
    for at in range(len(ends)):
        tied = int(ends[at])
        weight = mean[at]
        for place in range(tied):
            part = place / tied if efron else 0.0
            inverse = 1.0 / (risk[at, 0] - part * ending[at, 0])
            total += weight * math.log(inverse)
            once = weight * inverse
            twice = once * inverse
            sums[at, 0] += once
            sums[at, 1] += part * once
            sums[at, 2] += twice
            sums[at, 3] += part * twice
            sums[at, 4] += part * part * twice
    return total


@compiled
def gram(
    x: Floats,
    centre: Floats,
    theta: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    carry: Floats,
    upto: Floats,
    own: Floats,
    after: Floats,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Add X' diag(omega) X to ``out``: omega is theta times the hazard that each row meets with its weights.

    ``upto`` (J,) running total C of g0, ``own`` g1, ``after`` what is left of the total of G(t-) H(t-) g0.
    """
    size = x.shape[1]
    left = np.empty((ROWS, size))
    right = np.empty((ROWS, size))
    for begin in range(low, high, ROWS):
        end = min(begin + ROWS, high)
        for i in range(begin, end):
            at = leave[i]
            share = upto[at] - event[i] * own[at] + carry[i] * after[at]
            if enter[i] >= 0:
                share -= upto[enter[i]]
            share *= theta[i]
            for j in range(size):
                value = x[i, j] - centre[j]
                left[i - begin, j] = value
                right[i - begin, j] = value * share
        out += np.dot(left[: end - begin].T, right[: end - begin])


@compiled
def score_rows(
    x: Floats,
    centre: Floats,
    theta: Floats,
    weight: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    carry: Floats,
    upto: Floats,
    own: Floats,
    after: Floats,
    mean: Floats,
    group: Indices,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Add each row's weighted score residual to ``out[group]``.

    ``upto`` (J, p + 1) running totals of (g0, h0 S1 - h1 E1); ``own`` what those who end are spared of it, (g1, h1 S1 -
    h2 E1); ``after`` what is left of the totals times G(t-) H(t-); ``mean`` (J, p) average of those at risk.
    """
    size = x.shape[1]
    for i in range(low, high):
        at, begin, place = leave[i], enter[i], group[i]
        hazard = upto[at, 0] - event[i] * own[at, 0] + carry[i] * after[at, 0]
        if begin >= 0:
            hazard -= upto[begin, 0]
        ended = weight[i] * event[i]
        for j in range(size):
            value = x[i, j] - centre[j]
            drawn = upto[at, j + 1] - event[i] * own[at, j + 1] + carry[i] * after[at, j + 1]
            if begin >= 0:
                drawn -= upto[begin, j + 1]
            out[place, j] += ended * (value - mean[at, j]) - theta[i] * (value * hazard - drawn)


@compiled
def group_information(
    x: Floats,
    centre: Floats,
    theta: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    carry: Floats,
    upto: Floats,
    own: Floats,
    after: Floats,
    group: Indices,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Add each row's part of the information, theta (x - mean)(x - mean)' over the hazard it met, to ``out[group]``.

    Shapes: ``upto``, ``own``, ``after`` (J, 1 + p + p p) of g0, g0 mean and g0 mean mean'; out (groups, p, p).
    """
    size = x.shape[1]
    columns = upto.shape[1]
    met = np.empty(columns)
    value = np.empty(size)
    for i in range(low, high):
        at, begin = leave[i], enter[i]
        for j in range(columns):
            met[j] = upto[at, j] - event[i] * own[at, j] + carry[i] * after[at, j]
            if begin >= 0:
                met[j] -= upto[begin, j]
        for j in range(size):
            value[j] = x[i, j] - centre[j]
        for j in range(size):
            for k in range(size):
                across = met[1 + size + j * size + k] - value[j] * met[k + 1] - value[k] * met[j + 1]
                out[group[i], j, k] += theta[i] * (value[j] * value[k] * met[0] + across)
