"""One pass over the rows of a generalised linear model: score and information together, compiled, in blocks.

A block of rows is laid out a column a line and summed in as many lanes as the block has rows, so that the machine adds
many rows at a time without the sums being put in another order than written.
"""

from __future__ import annotations

import math

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled

IDENTITY, LOGIT, CLOGLOG, PROBIT, LOG = range(5)


@compiled
def pass_over(
    columns: Floats,
    response: Floats,
    weight: Floats,
    offset: Floats,
    centre: Floats,
    scale: Floats,
    coefficients: Floats,
    link: int,
    observed: bool,
    linear: Floats,
    residual: Floats,
    working: Floats,
    score: Floats,
    information: Floats,
) -> None:
    """Score and information at the coefficients of the standardised columns ``(columns - centre) * scale``.

    Written to: ``linear`` (n,) the linear predictor, ``residual`` (n,) and ``working`` (n,) the weighted derivative of
    the log-likelihood in it and the information about it (``observed`` or expected), ``score`` (q,), ``information``
    (q, q). Shapes: columns (n, p); response (n,); weight (n,) or (0,) for 1; offset (n,) or (0,) for 0; coefficients
    (q,), q = p + 1 with an intercept first, else p.
    """
    n, p = columns.shape
    q = len(coefficients)
    lead = q - p
    block = 64
    x = np.ones((q, block))
    moved = np.zeros((q, block))
    lanes = np.zeros((q, q, block))
    scores = np.zeros((q, block))
    for low in range(0, n, block):
        size = min(block, n - low)
        for i in range(size):
            for j in range(p):
                x[lead + j, i] = (columns[low + i, j] - centre[j]) * scale[j]
        for i in range(size):
            linear[low + i] = offset[low + i] if len(offset) else 0.0
        for j in range(q):
            for i in range(size):
                linear[low + i] += x[j, i] * coefficients[j]
        for i in range(size):
            row = low + i
            eta, y = linear[row], response[row]
            if link == LOGIT:
                small = math.exp(-abs(eta))
                share = (1.0 if eta >= 0 else small) / (1.0 + small)
                s, w = y - share, small / ((1.0 + small) * (1.0 + small))
            elif link == LOG:
                w = math.exp(eta)
                s = y - w
            elif link == CLOGLOG:
                t = math.exp(eta)
                ended = -math.expm1(-t)
                stayed = math.exp(-t)
                ratio = t / ended if ended > 0 else 1.0
                s = y * ratio - t
                if observed:
                    bend = (ended - t * stayed) / (ended * ended) if t > 1e-5 else 0.5 + t / 6
                    w = t - y * t * bend
                else:
                    w = t * ratio * stayed
            elif link == PROBIT:
                density = math.exp(-0.5 * eta * eta) / math.sqrt(2 * math.pi)
                below = 0.5 * math.erfc(-eta / math.sqrt(2.0))
                above = 0.5 * math.erfc(eta / math.sqrt(2.0))
                s = density * (y / below - (1 - y) / above) if below > 0 and above > 0 else 0.0
                w = density * density / (below * above) if below > 0 and above > 0 else 0.0
            else:
                s, w = y - eta, 1.0
            if len(weight):
                s, w = s * weight[row], w * weight[row]
            residual[row], working[row] = s, w
        for j in range(q):
            for i in range(size):
                moved[j, i] = x[j, i] * working[low + i]
                scores[j, i] += x[j, i] * residual[low + i]
        for j in range(q):
            for k in range(j + 1):
                for i in range(size):
                    lanes[j, k, i] += moved[j, i] * x[k, i]
    for j in range(q):
        score[j] = scores[j].sum()
        for k in range(j + 1):
            information[j, k] = lanes[j, k].sum()
            information[k, j] = information[j, k]


@compiled
def gram(columns: Floats, mass: Floats, centre: Floats, scale: Floats, found: Floats) -> None:
    """``found`` becomes X' diag(mass) X for the standardised columns. Shapes as ``pass_over``; found (q, q)."""
    n, p = columns.shape
    q = len(found)
    lead = q - p
    block = 64
    x = np.ones((q, block))
    moved = np.zeros((q, block))
    lanes = np.zeros((q, q, block))
    for low in range(0, n, block):
        size = min(block, n - low)
        for i in range(size):
            for j in range(p):
                x[lead + j, i] = (columns[low + i, j] - centre[j]) * scale[j]
        for j in range(q):
            for i in range(size):
                moved[j, i] = x[j, i] * mass[low + i]
        for j in range(q):
            for k in range(j + 1):
                for i in range(size):
                    lanes[j, k, i] += moved[j, i] * x[k, i]
    for j in range(q):
        for k in range(j + 1):
            found[j, k] = lanes[j, k].sum()
            found[k, j] = found[j, k]


@compiled
def grams_by_cluster(
    columns: Floats,
    mass: Floats,
    order: Indices,
    ends: Indices,
    first: int,
    last: int,
    centre: Floats,
    scale: Floats,
    found: Floats,
) -> None:
    """``found`` (G, q, q) becomes ``gram`` for the clusters from ``first`` to ``last``.

    Shapes: order (n,) rows cluster by cluster; ends (G + 1,) where each cluster begins in it.
    """
    p, q = columns.shape[1], found.shape[1]
    lead = q - p
    block = 64
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
                    x[lead + j, i] = (columns[row, j] - centre[j]) * scale[j]
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
def leverages(columns: Floats, root: Floats, centre: Floats, scale: Floats, found: Floats) -> None:
    """``found`` (n,) becomes the squared length of ``root @ x`` a row, ``root`` (q, q) a root of the inverse."""
    n, p = columns.shape
    q = len(root)
    lead = q - p
    block = 64
    x = np.ones((q, block))
    part = np.zeros(block)
    for low in range(0, n, block):
        size = min(block, n - low)
        for i in range(size):
            for j in range(p):
                x[lead + j, i] = (columns[low + i, j] - centre[j]) * scale[j]
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
    columns: Floats, residual: Floats, cluster: Indices, centre: Floats, scale: Floats, found: Floats
) -> None:
    """``found`` (G, q), empty to begin with, becomes the sum of residual times standardised columns by cluster."""
    n, p = columns.shape
    lead = found.shape[1] - p
    for i in range(n):
        place, s = cluster[i], residual[i]
        if lead:
            found[place, 0] += s
        for j in range(p):
            found[place, lead + j] += s * (columns[i, j] - centre[j]) * scale[j]
