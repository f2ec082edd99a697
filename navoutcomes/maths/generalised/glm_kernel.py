"""The loops of a generalised linear model over its rows, compiled: predictor, derivatives, sums of products.

A block of rows is laid out a column a line and summed in as many lanes as the block has rows, so that the machine adds
many rows at a time without the sums being put in another order than written. Columns (n, p) are standardised on the
way, ``(columns - centre) * over``; there are q = p + 1 coefficients with an intercept first, else p.
"""

from __future__ import annotations

import math

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled

IDENTITY, LOGIT, CLOGLOG, PROBIT, LOG = range(5)


@compiled
def predict(
    columns: Floats, offset: Floats, centre: Floats, over: Floats, coefficients: Floats, linear: Floats
) -> None:
    """``linear`` (n,) becomes the linear predictor. Shapes: offset (n,) or (0,) for 0; coefficients (q,)."""
    n, p = columns.shape
    lead = len(coefficients) - p
    slopes = coefficients[lead:] * over
    start = coefficients[0] if lead else 0.0
    for i in range(n):
        found = start + (offset[i] if len(offset) else 0.0)
        for j in range(p):
            found += (columns[i, j] - centre[j]) * slopes[j]
        linear[i] = found


@compiled
def derivatives(
    linear: Floats, response: Floats, weight: Floats, link: int, observed: bool, residual: Floats, working: Floats
) -> None:
    """``residual`` (n,) becomes the weighted derivative of the log-likelihood in the linear predictor, ``working`` (n,)
    the information about it, ``observed`` or expected. Shapes: response (n,); weight (n,) or (0,) for 1."""
    for i in range(len(linear)):
        eta, y = linear[i], response[i]
        if link == LOGIT:
            small = math.exp(-abs(eta))
            share = (1.0 if eta >= 0 else small) / (1.0 + small)
            s, w = y - share, small / ((1.0 + small) * (1.0 + small))
        elif link == LOG:
            w = math.exp(eta)
            s = y - w
        elif link == CLOGLOG:
            t = math.exp(eta)
            ended, stayed = -math.expm1(-t), math.exp(-t)
            ratio = t / ended if ended > 0 else 1.0
            s = y * ratio - t
            if observed:
                w = t - y * t * ((ended - t * stayed) / (ended * ended) if t > 1e-5 else 0.5 + t / 6)
            else:
                w = t * ratio * stayed
        elif link == PROBIT:
            density = math.exp(-0.5 * eta * eta) / math.sqrt(2 * math.pi)
            below = 0.5 * math.erfc(-eta / math.sqrt(2.0))
            above = 0.5 * math.erfc(eta / math.sqrt(2.0))
            inside = below > 0 and above > 0
            s = density * (y / below - (1 - y) / above) if inside else 0.0
            w = density * density / (below * above) if inside else 0.0
        else:
            s, w = y - eta, 1.0
        mass = weight[i] if len(weight) else 1.0
        residual[i], working[i] = s * mass, w * mass


@compiled
def sums(
    columns: Floats, residual: Floats, mass: Floats, centre: Floats, over: Floats, score: Floats, square: Floats
) -> None:
    """``score`` (q,) becomes X' residual and ``square`` (q, q) X' diag(mass) X. Shapes: residual, mass (n,)."""
    n, p = columns.shape
    q = len(score)
    lead, block = q - p, 64
    x = np.ones((q, block))
    moved, scores = np.zeros((q, block)), np.zeros((q, block))
    lanes = np.zeros((q, q, block))
    for low in range(0, n, block):
        size = min(block, n - low)
        for i in range(size):
            for j in range(p):
                x[lead + j, i] = (columns[low + i, j] - centre[j]) * over[j]
        for j in range(q):
            for i in range(size):
                moved[j, i] = x[j, i] * mass[low + i]
                scores[j, i] += x[j, i] * residual[low + i]
        for j in range(q):
            for k in range(j + 1):
                for i in range(size):
                    lanes[j, k, i] += moved[j, i] * x[k, i]
    for j in range(q):
        score[j] = scores[j].sum()
        for k in range(j + 1):
            square[j, k] = lanes[j, k].sum()
            square[k, j] = square[j, k]


@compiled
def squares_by_cluster(
    columns: Floats,
    mass: Floats,
    order: Indices,
    ends: Indices,
    first: int,
    last: int,
    centre: Floats,
    over: Floats,
    found: Floats,
) -> None:
    """``found`` (G, q, q) becomes X' diag(mass) X of each of the clusters from ``first`` to ``last``.

    Shapes: order (n,) rows cluster by cluster; ends (G + 1,) where each cluster begins in it.
    """
    p, q = columns.shape[1], found.shape[1]
    lead, block = q - p, 64
    x = np.ones((q, block))
    moved = np.zeros((q, block))
    lanes = np.zeros((q, q, block))
    for g in range(first, last):
        lanes[:] = 0.0
        for low in range(ends[g], ends[g + 1], block):
            size = min(block, ends[g + 1] - low)
            for i in range(size):
                row = order[low + i]
                for j in range(p):
                    x[lead + j, i] = (columns[row, j] - centre[j]) * over[j]
                for j in range(q):
                    moved[j, i] = x[j, i] * mass[row]
            for j in range(q):
                for k in range(j + 1):
                    for i in range(size):
                        lanes[j, k, i] += moved[j, i] * x[k, i]
        for j in range(q):
            for k in range(j + 1):
                found[g, j, k] = lanes[j, k].sum()
                found[g, k, j] = found[g, j, k]


@compiled
def leverages(columns: Floats, root: Floats, centre: Floats, over: Floats, found: Floats) -> None:
    """``found`` (n,) becomes the squared length of ``root @ x`` a row, ``root`` (q, q) a root of the inverse."""
    n, p = columns.shape
    q = len(root)
    lead, block = q - p, 64
    x = np.ones((q, block))
    part = np.zeros(block)
    for low in range(0, n, block):
        size = min(block, n - low)
        for i in range(size):
            for j in range(p):
                x[lead + j, i] = (columns[low + i, j] - centre[j]) * over[j]
        for i in range(size):
            found[low + i] = 0.0
        for j in range(q):
            for i in range(size):
                part[i] = 0.0
            for k in range(q):
                for i in range(size):
                    part[i] += root[j, k] * x[k, i]
            for i in range(size):
                found[low + i] += part[i] * part[i]


@compiled
def cluster_sums(
    columns: Floats, residual: Floats, cluster: Indices, centre: Floats, over: Floats, found: Floats
) -> None:
    """``found`` (G, q), empty to begin with, becomes the sum of residual times standardised columns by cluster."""
    n, p = columns.shape
    lead = found.shape[1] - p
    for i in range(n):
        place, s = cluster[i], residual[i]
        if lead:
            found[place, 0] += s
        for j in range(p):
            found[place, lead + j] += s * (columns[i, j] - centre[j]) * over[j]
