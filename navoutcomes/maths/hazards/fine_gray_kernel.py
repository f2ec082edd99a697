"""The loops of the Fine-Gray model over people and over times; everything else is arithmetic on the grid of endings.

Rows of ``table``, ``risk``, ``ending`` and ``gone`` hold a sum of theta and then of theta times each covariate. A slot
gathers people who are alike in all but covariates: those who end for the cause at a time, those who stop being followed
after it, those who end for another cause (see ``FineGrayRows``).
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled

ROWS = 256


@compiled
def predictor(x: Floats, centre: Floats, beta: Floats, low: int, high: int, out: Floats) -> float:
    """x'b from the centre, by row; gives the largest."""
    largest = -np.inf
    for i in range(low, high):
        eta = 0.0
        for j in range(x.shape[1]):
            eta += (x[i, j] - centre[j]) * beta[j]
        out[i] = eta
        largest = max(largest, eta)
    return largest


@compiled
def scatter(
    x: Floats,
    centre: Floats,
    theta: Floats,
    slot: Indices,
    enter: Indices,
    low: int,
    high: int,
    table: Floats,
    entered: Floats,
) -> None:
    """Add theta and theta x to each row's slot, and to the place of its entry where it comes late (enter >= 0)."""
    size = x.shape[1]
    for i in range(low, high):
        mass, at = theta[i], slot[i]
        table[at, 0] += mass
        for j in range(size):
            table[at, j + 1] += mass * (x[i, j] - centre[j])
        begin = enter[i]
        if begin >= 0:
            entered[begin, 0] += mass
            for j in range(size):
                entered[begin, j + 1] += mass * (x[i, j] - centre[j])


@compiled
def at_risk(
    table: Floats, entered: Floats, away_place: Indices, away_carry: Floats, remain: Floats, first: Indices
) -> Floats:
    """Who is at risk at each place: those who leave then or later, and who has gone before times ``remain``.

    Shapes: table (2 J + K, p + 1) by slot; entered (J, p + 1); away_place, away_carry (K,); remain (J,) G(t-) H(t-);
    first (S + 1,) where each stratum begins -> (J, p + 1). What rounding loses from late entries is kept.
    """
    places, columns = entered.shape
    risk = np.empty((places, columns))
    gone = np.zeros((places, columns))
    for at in range(places):
        for j in range(columns):
            risk[at, j] = table[at, j] + table[places + at, j] - entered[at, j]
    for k in range(len(away_place)):
        at = away_place[k]
        for j in range(columns):
            value = table[2 * places + k, j]
            risk[at, j] += value
            gone[at, j] += away_carry[k] * value
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
    return risk


@compiled
def gram(
    x: Floats,
    centre: Floats,
    theta: Floats,
    slot: Indices,
    enter: Indices,
    met: Floats,
    upto: Floats,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Add X' diag(omega) X to ``out``: omega is theta times the hazard each row met, ``met`` by slot less ``upto``."""
    size = x.shape[1]
    left = np.empty((ROWS, size))
    right = np.empty((ROWS, size))
    for begin in range(low, high, ROWS):
        end = min(begin + ROWS, high)
        for i in range(begin, end):
            share = met[slot[i]]
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
    slot: Indices,
    enter: Indices,
    met: Floats,
    upto: Floats,
    mean: Floats,
    group: Indices,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Add each row's weighted score residual to ``out[group]``; ``group`` (high - low,).

    ``met`` (slots, p + 1) totals of (g0, h0 S1 - h1 E1) that a slot meets, less ``upto`` (J, p + 1) at entry; ``mean``
    (J, p) average of those at risk, where the slot is one of the first J: of those who end for the cause.
    """
    size, places = x.shape[1], len(mean)
    for i in range(low, high):
        at, begin, place = slot[i], enter[i], group[i - low]
        hazard = met[at, 0]
        if begin >= 0:
            hazard -= upto[begin, 0]
        for j in range(size):
            value = x[i, j] - centre[j]
            drawn = met[at, j + 1]
            if begin >= 0:
                drawn -= upto[begin, j + 1]
            if at < places:
                out[place, j] += weight[i] * (value - mean[at, j])
            out[place, j] -= theta[i] * (value * hazard - drawn)


@compiled
def add_squares(values: Floats, out: Floats) -> None:
    """Add values' values to ``out``. Shapes: (n, p), (p, p)."""
    for low in range(0, len(values), ROWS):
        block = values[low : low + ROWS]
        out += np.dot(block.T, block)


@compiled
def group_information(
    x: Floats,
    centre: Floats,
    theta: Floats,
    slot: Indices,
    enter: Indices,
    met: Floats,
    upto: Floats,
    group: Indices,
    out: Floats,
) -> None:
    """Add each row's part of the information, theta (x - mean)(x - mean)' over the hazard it met, to ``out[group]``.

    Shapes: ``met`` (slots, 1 + p + p p) and ``upto`` (J, ...) of g0, g0 mean and g0 mean mean'; out (groups, p, p).
    """
    size = x.shape[1]
    columns = met.shape[1]
    own = np.empty(columns)
    value = np.empty(size)
    for i in range(len(slot)):
        for j in range(columns):
            own[j] = met[slot[i], j]
            if enter[i] >= 0:
                own[j] -= upto[enter[i], j]
        for j in range(size):
            value[j] = x[i, j] - centre[j]
        for j in range(size):
            for k in range(size):
                across = own[1 + size + j * size + k] - value[j] * own[k + 1] - value[k] * own[j + 1]
                out[group[i], j, k] += theta[i] * (value[j] * value[k] * own[0] + across)
