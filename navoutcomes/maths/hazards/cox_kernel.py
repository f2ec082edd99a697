"""The loops of the Cox model over people and over times; everything else is arithmetic on the grid.

A row of ``S`` and ``E`` holds a sum of theta and then of theta times each covariate: over those at risk, and over those
who end. Positions are on the grid of a stratum; strata lie one after another.
"""

from __future__ import annotations

import math

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled

GRAM_ROWS = 256


@compiled
def scatter(
    x: Floats,
    centre: Floats,
    beta: Floats,
    scale: float,
    weight: Floats,
    offset: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    low: int,
    high: int,
    theta: Floats,
    risk: Floats,
    ending: Floats,
) -> tuple[float, float]:
    """Add theta = w exp(x'b - scale) to the grid at exit, take it away at entry. Gives sum w eta of events, max eta."""
    size = x.shape[1]
    total, largest = 0.0, -np.inf
    row = np.empty(size + 1)
    row[0] = 1.0
    for i in range(low, high):
        eta = offset[i]
        for j in range(size):
            row[j + 1] = x[i, j] - centre[j]
            eta += row[j + 1] * beta[j]
        largest = max(largest, eta)
        mass = weight[i] * math.exp(eta - scale)
        theta[i] = mass
        at = leave[i]
        for j in range(size + 1):
            risk[at, j] += mass * row[j]
        begin = enter[i]
        if begin >= 0:
            for j in range(size + 1):
                risk[begin, j] -= mass * row[j]
        if event[i] > 0:
            total += weight[i] * eta
            for j in range(size + 1):
                ending[at, j] += mass * row[j]
    return total, largest


@compiled
def reverse_totals(risk: Floats, first: Indices) -> None:
    """Running totals from the last time to the first within each stratum, in place, with what rounding loses kept.

    Shapes: risk (S G, p + 1); first (S + 1,) where each stratum begins.
    """
    columns = risk.shape[1]
    total, lost = np.empty(columns), np.empty(columns)
    for stratum in range(len(first) - 1):
        total[:] = 0.0
        lost[:] = 0.0
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


@compiled
def gram(
    x: Floats,
    centre: Floats,
    theta: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    upto: Floats,
    own: Floats,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Add X' diag(omega) X to ``out``: omega = theta (C(leave) - C(enter) - event g1(leave))."""
    size = x.shape[1]
    left = np.empty((GRAM_ROWS, size))
    right = np.empty((GRAM_ROWS, size))
    for begin in range(low, high, GRAM_ROWS):
        end = min(begin + GRAM_ROWS, high)
        for i in range(begin, end):
            at = leave[i]
            share = upto[at] - event[i] * own[at]
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
    relative: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    upto: Floats,
    own: Floats,
    mean: Floats,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Score residuals u_i, (n, p): what each row pulls the score.

    ``relative`` exp(x'b); ``upto`` (S G, p + 1) running totals of (g0, h0 S1 - h1 E1) within a stratum; ``own`` what
    those who end at the time are spared of it, (g1, h1 S1 - h2 E1); ``mean`` (S G, p) average of those at risk.
    """
    size = x.shape[1]
    for i in range(low, high):
        at, begin, ended = leave[i], enter[i], event[i]
        hazard = upto[at, 0] - ended * own[at, 0]
        if begin >= 0:
            hazard -= upto[begin, 0]
        for j in range(size):
            value = x[i, j] - centre[j]
            drawn = upto[at, j + 1] - ended * own[at, j + 1]
            if begin >= 0:
                drawn -= upto[begin, j + 1]
            out[i, j] = ended * (value - mean[at, j]) - relative[i] * (value * hazard - drawn)


@compiled
def cluster_scores(
    x: Floats,
    centre: Floats,
    mass: Floats,
    weight: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    upto: Floats,
    own: Floats,
    mean: Floats,
    cluster: Indices,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Weighted score residuals added by cluster, (clusters, p); ``mass`` is w exp(x'b). See ``score_rows``."""
    size = x.shape[1]
    for i in range(low, high):
        at, begin, ended, group = leave[i], enter[i], event[i], cluster[i]
        hazard = upto[at, 0] - ended * own[at, 0]
        if begin >= 0:
            hazard -= upto[begin, 0]
        seen, share = weight[i] * ended, mass[i] * hazard
        for j in range(size):
            value = x[i, j] - centre[j]
            drawn = upto[at, j + 1] - ended * own[at, j + 1]
            if begin >= 0:
                drawn -= upto[begin, j + 1]
            out[group, j] += seen * (value - mean[at, j]) - value * share + mass[i] * drawn


@compiled
def cluster_information(
    x: Floats,
    centre: Floats,
    mass: Floats,
    leave: Indices,
    enter: Indices,
    event: Floats,
    upto: Floats,
    own: Floats,
    second: Floats,
    second_own: Floats,
    cluster: Indices,
    low: int,
    high: int,
    out: Floats,
) -> None:
    """Each cluster's part of the information, (clusters, p, p): theta (x - mean)(x - mean)' over the hazard it met.

    ``upto`` and ``own`` (S G, p + 1) running totals of g0 (1, mean) and what those who end are spared; ``second`` and
    ``second_own`` (S G, p p) the same of g0 mean mean'.
    """
    size = x.shape[1]
    first = np.empty(size + 1)
    value = np.empty(size)
    for i in range(low, high):
        at, begin, ended, group = leave[i], enter[i], event[i], cluster[i]
        for j in range(size + 1):
            first[j] = upto[at, j] - ended * own[at, j]
            if begin >= 0:
                first[j] -= upto[begin, j]
        for j in range(size):
            value[j] = x[i, j] - centre[j]
        for j in range(size):
            for k in range(size):
                across = second[at, j * size + k] - ended * second_own[at, j * size + k]
                if begin >= 0:
                    across -= second[begin, j * size + k]
                out[group, j, k] += mass[i] * (
                    value[j] * value[k] * first[0] - value[j] * first[k + 1] - value[k] * first[j + 1] + across
                )
