"""Endings of which only two times are known that they came between: log (S(low) - S(high)), with its derivatives.

Reference: Kalbfleisch & Prentice 2002, section 3.9; R ``survival::survreg`` with ``interval2``.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats

# Where the second derivatives stand in the ten rows of ``aft._part``, and of which first ones they are.
FIRST = slice(1, 4)
PAIRS = ((4, 1, 1), (5, 1, 2), (6, 2, 2), (7, 1, 3), (8, 2, 3), (9, 3, 3))


def between(low: Floats, high: Floats) -> Floats:
    """From the logarithm of the survivor at the two times, each with its derivatives, that of their difference.

    Shapes: (10, m) as ``aft._part`` gives them, all 0 at ``low`` where nobody can have ended before -> (10, m).
    """
    # S(high) / S(low), and what is left of it: neither suffers when both are tiny.
    lost = high[0] - low[0]
    gone = -np.expm1(lost)
    first, second = 1.0 / gone, np.exp(lost) / gone
    out = np.empty_like(low)
    out[0] = low[0] + np.log(gone)
    out[FIRST] = first * low[FIRST] - second * high[FIRST]
    for place, a, b in PAIRS:
        out[place] = (
            first * (low[place] + low[a] * low[b]) - second * (high[place] + high[a] * high[b]) - out[a] * out[b]
        )
    return out
