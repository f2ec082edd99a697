"""The loops of person-period models over people and all their periods, compiled; nothing is expanded in memory.

People come a chunk at a time, cut into S tables of B people, a period a line: shape (S, M, B), small enough to stay
near the processor. The last table may have places without people, of weight 0. A cell holds t, the odds (logit) or the
rate (cloglog, or per unit of person-time) of leaving; who is not at risk in a period has 0 in what is made of it.
"""

from __future__ import annotations

import math

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled

LOGIT, CLOGLOG, LOG = range(3)


@compiled
def prepare(columns: Floats, centre: Floats, over: Floats, slopes: Floats, x: Floats, odds: Floats) -> None:
    """``x`` (S B, p + 1) becomes 1 and the standardised columns (r, p), ``odds`` (S B,) exp of x @ slopes (p + 1,)."""
    rows, p = columns.shape
    for i in range(rows):
        x[i, 0] = 1.0
        found = slopes[0]
        for j in range(p):
            x[i, j + 1] = (columns[i, j] - centre[j]) * over[j]
            found += x[i, j + 1] * slopes[j + 1]
        odds[i] = math.exp(found)
    for i in range(rows, len(x)):
        x[i, :] = 0.0
        odds[i] = 1.0


@compiled
def cells(odds: Floats, hazard: Floats, shifts: Floats, bent: Floats, found: Floats) -> None:
    """``found`` (S, M, B) becomes t = odds * hazard * exp(shifts @ bent[m]).

    Shapes: odds (S B,); hazard (M,); shifts (S B, v) varying columns; bent (M, v) their coefficients by period.
    """
    tables, periods, size = found.shape
    for s in range(tables):
        for m in range(periods):
            for i in range(size):
                found[s, m, i] = odds[s * size + i] * hazard[m]
            if bent.shape[1]:
                for i in range(size):
                    tilt = 0.0
                    for v in range(bent.shape[1]):
                        tilt += bent[m, v] * shifts[s * size + i, v]
                    found[s, m, i] *= math.exp(tilt)


@compiled
def expect_odds(t: Floats, begin: Indices, end: Indices, weight: Floats, expected: Floats, working: Floats) -> None:
    """``expected`` becomes t / (1 + t) and ``working`` t / (1 + t)^2, times the weight at risk, else 0."""
    tables, periods, size = t.shape
    for s in range(tables):
        low = s * size
        for m in range(periods):
            for i in range(size):
                here = weight[low + i] if begin[low + i] <= m and m < end[low + i] else 0.0
                part = 1.0 / (1.0 + t[s, m, i])
                share = here * t[s, m, i] * part
                expected[s, m, i] = share
                working[s, m, i] = share * part


@compiled
def expect_rates(t: Floats, begin: Indices, end: Indices, weight: Floats, expected: Floats, working: Floats) -> None:
    """``expected`` and ``working`` become t times the weight at risk, else 0."""
    tables, periods, size = t.shape
    for s in range(tables):
        low = s * size
        for m in range(periods):
            for i in range(size):
                here = weight[low + i] if begin[low + i] <= m and m < end[low + i] else 0.0
                expected[s, m, i] = here * t[s, m, i]
                working[s, m, i] = expected[s, m, i]


@compiled
def expect_exposed(
    t: Floats, entry: Floats, time: Floats, edges: Floats, weight: Floats, expected: Floats, working: Floats
) -> None:
    """The same times how much of (entry, time] lies between two ``edges`` (M + 1,)."""
    tables, periods, size = t.shape
    for s in range(tables):
        low = s * size
        for m in range(periods):
            for i in range(size):
                long = min(time[low + i], edges[m + 1]) - max(entry[low + i], edges[m])
                here = weight[low + i] * long if long > 0 else 0.0
                expected[s, m, i] = here * t[s, m, i]
                working[s, m, i] = expected[s, m, i]


@compiled
def endings(
    t: Floats, place: Indices, weight: Floats, link: int, observed: bool, working: Floats, gain: Floats
) -> None:
    """``gain`` (S B,) becomes what an ending adds to the score beyond what was expected (0 without one).

    For cloglog ``working`` becomes the information as observed, or else as expected; for the others they are one.
    """
    tables, periods, size = t.shape
    for s in range(tables):
        if link == CLOGLOG and not observed:
            for m in range(periods):
                for i in range(size):
                    if working[s, m, i] > 0:
                        rate = t[s, m, i]
                        working[s, m, i] *= 1.0 if rate < 1e-12 else rate / math.expm1(rate) if rate < 700 else 0.0
        for i in range(size):
            row, m = s * size + i, place[s * size + i]
            gain[row] = weight[row] if m >= 0 else 0.0
            if m >= 0 and link == CLOGLOG:
                rate = t[s, m, i]
                gone = -math.expm1(-rate)
                gain[row] *= rate / gone if gone > 0 else 1.0
                if observed:
                    curve = (gone - rate * math.exp(-rate)) / (gone * gone) if rate > 1e-5 else 0.5 + rate / 6
                    working[s, m, i] -= weight[row] * rate * curve


@compiled
def add_up(
    expected: Floats,
    working: Floats,
    gain: Floats,
    place: Indices,
    shifts: Floats,
    x: Floats,
    missed: Floats,
    slope: Floats,
    crossed: Floats,
    square: Floats,
    rest: Floats,
) -> None:
    """Add a chunk: missed (1 + v, M) endings less expected ones by period, also times each varying column; slope
    (p + 1,) these times x; crossed (1 + v, M, p + 1) information times x, also times each varying column; square
    (p + 1, p + 1) information times x twice. ``rest`` (S B,) becomes each row's endings less expected ones."""
    tables, periods, size = expected.shape
    wide, free = x.shape[1], shifts.shape[1]
    mass, scaled = np.empty(size), np.empty((size, wide))
    # Lanes and no product with a vector: BLAS gives that to threads, who then wait for each other.
    lanes = np.zeros((1 + free, periods, size))
    for s in range(tables):
        low = s * size
        own = x[low : low + size]
        mass[:] = 0.0
        for i in range(size):
            rest[low + i] = gain[low + i]
            if place[low + i] >= 0:
                missed[0, place[low + i]] += gain[low + i]
                for v in range(free):
                    missed[1 + v, place[low + i]] += gain[low + i] * shifts[low + i, v]
        for m in range(periods):
            for i in range(size):
                mass[i] += working[s, m, i]
                rest[low + i] -= expected[s, m, i]
                lanes[0, m, i] += expected[s, m, i]
            for v in range(free):
                for i in range(size):
                    lanes[1 + v, m, i] += expected[s, m, i] * shifts[low + i, v]
        slope += np.dot(rest[low : low + size], own)
        crossed[0] += np.dot(working[s], own)
        for v in range(free):
            for i in range(size):
                for j in range(wide):
                    scaled[i, j] = own[i, j] * shifts[low + i, v]
            crossed[1 + v] += np.dot(working[s], scaled)
        for i in range(size):
            for j in range(wide):
                scaled[i, j] = own[i, j] * mass[i]
        square += np.dot(own.T, scaled)
    for v in range(1 + free):
        for m in range(periods):
            missed[v, m] -= lanes[v, m].sum()


@compiled
def add_up_by_cluster(
    expected: Floats, gain: Floats, place: Indices, shifts: Floats, cluster: Indices, rows: int, found: Floats
) -> None:
    """``found`` (1 + v, G, M) is added endings less expected ones by cluster and period. Shapes: cluster (rows,)."""
    periods, size = expected.shape[1:]
    for i in range(rows):
        group, m = cluster[i], place[i]
        for v in range(len(found)):
            times = shifts[i, v - 1] if v else 1.0
            for period in range(periods):
                found[v, group, period] -= expected[i // size, period, i % size] * times
            if m >= 0:
                found[v, group, m] += gain[i] * times


@compiled
def logarithms(t: Floats, begin: Indices, end: Indices, place: Indices, weight: Floats, link: int, rows: int) -> float:
    """The log-likelihood of a chunk (logit, cloglog); of rates only the logarithms of the endings' rates."""
    size = t.shape[2]
    found = 0.0
    for i in range(rows):
        s, k, ended = i // size, i % size, place[i]
        product, total = 1.0, 0.0
        if link == LOGIT:
            # A logarithm of a product now and then, instead of one a period.
            for m in range(begin[i], end[i]):
                product *= 1.0 + t[s, m, k]
                if product > 1e100:
                    total -= math.log(product)
                    product = 1.0
            total -= math.log(product)
        elif link == CLOGLOG:
            for m in range(begin[i], end[i]):
                total -= t[s, m, k] if m != ended else 0.0
        if ended >= 0:
            total += math.log(-math.expm1(-t[s, ended, k])) if link == CLOGLOG else math.log(t[s, ended, k])
        found += weight[i] * total
    return found
