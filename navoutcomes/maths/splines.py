"""Natural cubic splines: smooth between the knots, straight outside them."""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats


def natural_spline(values: Floats, knots: Floats) -> Floats:
    """The number itself, and one column for each knot but two. Shapes: (n,), (k,) -> (n, k - 1).

    Assumes: at least three distinct knots in rising order. Reference: Harrell 2015, section 2.4.5 (truncated powers,
    divided by the square of the distance between the outer knots).
    """
    first, before, last = knots[0], knots[-2], knots[-1]

    def cube(at: float) -> Floats:
        return np.maximum(values - at, 0.0) ** 3

    columns = [np.asarray(values, dtype=float)]
    for knot in knots[:-2]:
        bent = (
            cube(knot) - cube(before) * (last - knot) / (last - before) + cube(last) * (before - knot) / (last - before)
        )
        columns.append(bent / (last - first) ** 2)
    return np.column_stack(columns)
