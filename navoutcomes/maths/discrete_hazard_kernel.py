"""The loops of person-period models over people and all their periods, compiled; nothing is expanded in memory.

A block of people is laid out a period a line: who is not at risk in a period has 0 there. With rates the same cells hold
person-time. Products of tables go through BLAS, everything else is added in lanes.
"""

from __future__ import annotations

import math

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled

LOGIT, CLOGLOG, LOG = range(3)


@compiled
def pass_over(
    columns: Floats,
    begin: Indices,
    end: Indices,
    entry: Floats,
    time: Floats,
    edges: Floats,
    place: Indices,
    weight: Floats,
    centre: Floats,
    over: Floats,
    slopes: Floats,
    hazard: Floats,
    varying: Indices,
    bent: Floats,
    link: int,
    observed: bool,
    missed: Floats,
    rest: Floats,
    slope: Floats,
    crossed: Floats,
    square: Floats,
    odds: Floats,
) -> None:
    """One look at some people. Written to, all empty to begin with:

    missed (1 + v, M) endings less expected endings by period, also times each varying column; rest (n,) the same by
    person; crossed (1 + v, M, p + 1) information times the standardised columns with 1 first, also times each varying
    column; square (p + 1, p + 1) information times columns twice; odds (n,) exp of the columns' part.
    Shapes: columns (n, p); begin, end (n,) at risk in begin <= m < end, or (0,) for rates with entry, time (n,), edges
    (M + 1,); place (n,); slopes (p + 1,) with 0 first; hazard (M,) exp of the baseline; varying (v,); bent (M, v).
    """
    n, p = columns.shape
    periods, free = bent.shape
    size = max(32, min(512, 200_000 // periods))
    lanes = np.zeros((1 + free, periods, size))
    for low in range(0, n, size):
        rows = min(size, n - low)
        x = np.ones((rows, p + 1))
        working = np.empty((periods, rows))
        mass, total, scaled = np.zeros(rows), np.zeros(rows), np.empty((rows, p + 1))
        own = np.empty(rows)
        for i in range(rows):
            for j in range(p):
                x[i, j + 1] = (columns[low + i, j] - centre[j]) * over[j]
        here = np.dot(x, slopes)
        for i in range(rows):
            here[i] = math.exp(here[i])
            odds[low + i] = here[i]
        for m in range(periods):
            for i in range(rows):
                own[i] = here[i] * hazard[m]
            if free:
                for i in range(rows):
                    tilt = 0.0
                    for v in range(free):
                        tilt += bent[m, v] * columns[low + i, varying[v]] * over[varying[v]]
                    own[i] *= math.exp(tilt)
            if len(edges):
                for i in range(rows):
                    long = min(time[low + i], edges[m + 1]) - max(entry[low + i], edges[m])
                    working[m, i] = weight[low + i] * own[i] * (long if long > 0 else 0.0)
                    lanes[0, m, i] += working[m, i]
                    total[i] += working[m, i]
            elif link == LOGIT:
                for i in range(rows):
                    part = 1.0 / (1.0 + own[i])
                    at = weight[low + i] if begin[low + i] <= m and m < end[low + i] else 0.0
                    share = at * own[i] * part
                    working[m, i] = share * part
                    lanes[0, m, i] += share
                    total[i] += share
            else:
                for i in range(rows):
                    at = weight[low + i] if begin[low + i] <= m and m < end[low + i] else 0.0
                    share = at * own[i]
                    working[m, i] = share
                    lanes[0, m, i] += share
                    total[i] += share
            if free:
                for i in range(rows):
                    share = working[m, i] * (1.0 + own[i]) if link == LOGIT else working[m, i]
                    for v in range(free):
                        lanes[1 + v, m, i] += share * columns[low + i, varying[v]] * over[varying[v]]
            if link == CLOGLOG and not observed:
                for i in range(rows):
                    if working[m, i] > 0 and own[i] > 1e-12:
                        working[m, i] *= own[i] / math.expm1(own[i]) if own[i] < 700 else 0.0
            for i in range(rows):
                mass[i] += working[m, i]
        for i in range(rows):
            m = place[low + i]
            gain = 0.0
            if m >= 0:
                gain = weight[low + i]
                if link == CLOGLOG:
                    t = here[i] * hazard[m]
                    if free:
                        tilt = 0.0
                        for v in range(free):
                            tilt += bent[m, v] * columns[low + i, varying[v]] * over[varying[v]]
                        t *= math.exp(tilt)
                    gone = -math.expm1(-t)
                    gain *= t / gone if gone > 0 else 1.0
                    if observed:
                        curve = (gone - t * math.exp(-t)) / (gone * gone) if t > 1e-5 else 0.5 + t / 6
                        working[m, i] -= weight[low + i] * t * curve
                        mass[i] -= weight[low + i] * t * curve
                missed[0, m] += gain
                for v in range(free):
                    missed[1 + v, m] += gain * columns[low + i, varying[v]] * over[varying[v]]
            total[i] = gain - total[i]
            rest[low + i] = total[i]
        slope += np.dot(total, x)
        crossed[0] += np.dot(working, x)
        for v in range(free):
            for i in range(rows):
                for j in range(p + 1):
                    scaled[i, j] = x[i, j] * columns[low + i, varying[v]] * over[varying[v]]
            crossed[1 + v] += np.dot(working, scaled)
        for i in range(rows):
            for j in range(p + 1):
                scaled[i, j] = x[i, j] * mass[i]
        square += np.dot(x.T, scaled)
    for v in range(1 + free):
        for m in range(periods):
            missed[v, m] -= lanes[v, m].sum()


@compiled
def missed_by_cluster(
    columns: Floats,
    begin: Indices,
    end: Indices,
    entry: Floats,
    time: Floats,
    edges: Floats,
    place: Indices,
    weight: Floats,
    over: Floats,
    odds: Floats,
    hazard: Floats,
    varying: Indices,
    bent: Floats,
    link: int,
    cluster: Indices,
    found: Floats,
) -> None:
    """``found`` (1 + v, G, M), empty to begin with, becomes endings less expected ones by cluster and period.

    Shapes: odds (n,) of ``pass_over``; cluster (n,); the rest as there.
    """
    periods, free = bent.shape
    for i in range(len(place)):
        first, last = (0, periods) if len(edges) else (begin[i], end[i])
        for m in range(first, last):
            own = odds[i] * hazard[m]
            if free:
                tilt = 0.0
                for v in range(free):
                    tilt += bent[m, v] * columns[i, varying[v]] * over[varying[v]]
                own *= math.exp(tilt)
            if len(edges):
                share = own * max(min(time[i], edges[m + 1]) - max(entry[i], edges[m]), 0.0)
            else:
                share = own / (1.0 + own) if link == LOGIT else own
            surprise = -weight[i] * share
            if place[i] == m:
                gain = weight[i]
                if link == CLOGLOG:
                    gone = -math.expm1(-own)
                    gain *= own / gone if gone > 0 else 1.0
                surprise += gain
            found[0, cluster[i], m] += surprise
            for v in range(free):
                found[1 + v, cluster[i], m] += surprise * columns[i, varying[v]] * over[varying[v]]


@compiled
def log_sums(
    columns: Floats,
    begin: Indices,
    end: Indices,
    place: Indices,
    weight: Floats,
    over: Floats,
    odds: Floats,
    hazard: Floats,
    varying: Indices,
    bent: Floats,
    link: int,
) -> float:
    """The log-likelihood of periods (logit, cloglog); of rates only the logarithms of the endings' rates."""
    free = bent.shape[1]
    found = 0.0
    for i in range(len(place)):
        product, total, ended = 1.0, 0.0, place[i]
        first, last = (ended, ended + 1) if link == LOG else (begin[i], end[i])
        for m in range(max(first, 0), last):
            own = odds[i] * hazard[m]
            if free:
                tilt = 0.0
                for v in range(free):
                    tilt += bent[m, v] * columns[i, varying[v]] * over[varying[v]]
                own *= math.exp(tilt)
            if link == LOGIT:
                product *= 1.0 + own
                if product > 1e100:
                    total -= math.log(product)
                    product = 1.0
            elif link == CLOGLOG:
                total -= own if m != ended else 0.0
            if m == ended:
                total += math.log(-math.expm1(-own)) if link == CLOGLOG else math.log(own)
        found += weight[i] * (total - math.log(product))
    return found
