"""The cheapest set of counts that can be hidden, found exactly by a mixed integer programme."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp


def optimum(counts: np.ndarray, limit: int, seconds: float) -> tuple[float, float, bool]:
    """Persons in counts hidden besides the small ones, at the cheapest; the proven lower bound; whether it is proved.

    Every small count must be able to be 1 and limit - 1 when all sums of rows and columns are known. A table's moves
    are cycles, so no count need move further than the small one does. Shapes: counts (R, C).
    """
    values = counts.ravel().astype(float)
    rows, columns = counts.shape
    number = len(values)
    sums = sparse.vstack([
        sparse.kron(sparse.identity(rows), np.ones((1, columns))),
        sparse.kron(np.ones((1, rows)), sparse.identity(columns)),
    ]).tocsr()  # fmt: skip
    small = np.flatnonzero((values > 0) & (values < limit))
    moves = [(cell, goal - values[cell]) for cell in small for goal in (1.0, limit - 1.0) if goal != values[cell]]
    # Unknowns: whether each count is hidden, then one move of the whole table for each goal.
    size = number * (1 + len(moves))
    rules, low, high = [], [], []
    lower, upper = np.zeros(size), np.ones(size)
    lower[small] = 1.0
    for at, (cell, far) in enumerate(moves):
        start = number * (1 + at)
        own = slice(start, start + number)
        down, up = np.minimum(abs(far), values), np.full(number, abs(far))
        lower[own], upper[own] = -down, up
        lower[start + cell] = upper[start + cell] = far
        pick = sparse.hstack([sparse.csr_matrix((number, start)), sparse.identity(number),
                              sparse.csr_matrix((number, size - start - number))]).tocsr()  # fmt: skip
        hide = sparse.hstack([sparse.identity(number), sparse.csr_matrix((number, size - number))]).tocsr()
        rules += [sums @ pick, pick - sparse.diags(up) @ hide, pick + sparse.diags(down) @ hide]
        low += [np.zeros(rows + columns), np.full(number, -np.inf), np.zeros(number)]
        high += [np.zeros(rows + columns), np.zeros(number), np.full(number, np.inf)]
    cost = np.zeros(size)
    cost[:number] = values
    cost[small] = 0.0
    # Among equally cheap ones the fewest: a hidden zero is no loss of persons but of a cell.
    cost[:number] += 1e-3
    found = milp(
        cost,
        constraints=LinearConstraint(sparse.vstack(rules).tocsr(), np.concatenate(low), np.concatenate(high)),
        bounds=Bounds(lower, upper),
        integrality=(np.arange(size) < number).astype(int),
        options={"time_limit": seconds, "mip_rel_gap": 0.01},
    )
    hidden = found.x[:number] > 0.5
    secondary = hidden.copy()
    secondary[small] = False
    return float(values[secondary].sum()), float(found.mip_dual_bound or 0.0) - 1e-3 * number, found.status == 0
