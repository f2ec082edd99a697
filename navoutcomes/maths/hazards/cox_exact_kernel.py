"""The one loop of the exact partial likelihood: subsets of the people at risk, grown person by person.

With r = exp(x'b) and e_k the sum over all k of those at risk of the product of their r, a newcomer gives
e_k + r e_(k-1). Beside log e_k stand the mean and the covariance of the sum of covariates of k people drawn with
chances in that proportion; each is a mixture of those who stay out and those who come in, so nothing is taken away
from anything and nothing overflows. Reference: Gail, Lubin & Rubinstein 1981.
"""

from __future__ import annotations

import math

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled


@compiled
def exact_pass(
    x: Floats,
    centre: Floats,
    beta: Floats,
    offset: Floats,
    enter: Indices,
    leave: Indices,
    event: Floats,
    order: Indices,
    begin: Indices,
    place: Indices,
    degree: Indices,
    fresh: Indices,
    score: Floats,
    information: Floats,
) -> float:
    """The log-likelihood; score and information are added up in place.

    Shapes: x (n, p); order (n,) rows of a stratum together, latest exit first; for each place where somebody ends, in
    that order too: begin where its stratum begins in ``order``, place on the grid, degree how many can end together
    from here on, fresh 1 where the people at risk are counted from the beginning.
    """
    size, most = x.shape[1], 1 + degree.max()
    logs, mean, spread = np.empty(most), np.zeros((most, size)), np.zeros((most, size, size))
    row, step = np.empty(size), np.empty(size)
    total, cursor, inside = 0.0, 0, 0
    for at in range(len(place)):
        if fresh[at]:
            logs[:], mean[:], spread[:] = -np.inf, 0.0, 0.0
            logs[0] = 0.0
            cursor, inside = begin[at], 0
        tied = 0
        while cursor < len(order):
            i = order[cursor]
            if leave[i] < place[at]:
                break
            cursor += 1
            if enter[i] >= place[at]:
                continue
            eta = offset[i]
            for j in range(size):
                row[j] = x[i, j] - centre[j]
                eta += row[j] * beta[j]
            if event[i] > 0 and leave[i] == place[at]:
                tied += 1
                total += eta
                score += row
            inside += 1
            for k in range(min(inside, degree[at]), 0, -1):
                joined = eta + logs[k - 1]
                apart = logs[k] - joined
                share = 1.0 / (1.0 + math.exp(apart))
                logs[k] = max(joined, logs[k]) + math.log1p(math.exp(-abs(apart)))
                both = share * (1.0 - share)
                for j in range(size):
                    step[j] = mean[k - 1, j] + row[j] - mean[k, j]
                for j in range(size):
                    mean[k, j] += share * step[j]
                    for m in range(j + 1):
                        old, new = spread[k, j, m], spread[k - 1, j, m]
                        spread[k, j, m] = old + share * (new - old) + both * step[j] * step[m]
        total -= logs[tied]
        score -= mean[tied]
        information += spread[tied]
    return total
