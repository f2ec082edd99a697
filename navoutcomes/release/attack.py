"""An attack on everything that is stated: which hidden counts can be worked out, all tables taken together?

A linear programme asks how small and how large each hidden small count can be. It is safe when it could still be
anything from 1 to k - 1. What follows at once from the shown counts is worked out first; the rest falls apart into
small pieces, and one solution answers for many counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from navoutcomes.maths.arrays import Floats
from navoutcomes.release.unknowns import Unknowns

Mask = NDArray[np.bool_]
SLACK = 1e-6


class Contradiction(ValueError):
    """No counts agree with all that is stated: it is not about the same persons."""


@dataclass(frozen=True)
class Piece:
    """Unknowns that hang together. Shapes: matrix (M, N), totals (M,), goals (G, N), known (G,), number (G,)."""

    matrix: sparse.csr_matrix
    totals: Floats
    goals: sparse.csr_matrix
    known: Floats
    number: NDArray[np.int64]


def open_counts(system: Unknowns, threshold: int, remembered: int = 0) -> list[int]:
    """Which hidden counts are not safe: their places among ``system.counts``.

    The first ``remembered`` statements come from the register, which does not know which hidden counts are small: of
    those, one that must lie within 1 to k - 1 is not safe. Raises ``Contradiction``.
    """
    hidden = [(at, number, count) for at, (number, count) in enumerate(system.counts) if count.hidden]
    marked = [at for at, number, count in hidden if number >= remembered and count.small]
    unmarked = [at for at, number, _ in hidden if number < remembered]
    found: list[int] = []
    for goals, least, most, both in ((marked, 1, threshold - 1, True), (unmarked, 0, threshold, False)):
        for piece in pieces(system, goals) if goals else ():
            can = _can_be(piece, float(least), float(most))
            safe = can.all(axis=0) if both else can.any(axis=0)
            found += [int(one) for one in piece.number[~safe]]
    return sorted(found)


def agrees(system: Unknowns) -> bool:
    """Whether any counts agree with all that is stated."""
    try:
        value = worked_out(system.matrix, system.totals)
    except Contradiction:
        return False
    free = np.isnan(value)
    left = system.totals - system.matrix @ np.nan_to_num(value)
    matrix = system.matrix[:, np.flatnonzero(free)]
    used = np.diff(matrix.indptr) > 0
    if (np.abs(left[~used]) > SLACK).any():
        return False
    found = (
        linprog(np.zeros(int(free.sum())), A_eq=matrix[used], b_eq=left[used], bounds=(0, None), method="highs")
        if used.any()
        else None
    )
    return found is None or found.status != 2


def reach(system: Unknowns, goal: int) -> tuple[float, float]:
    """Least and most that one count can be. Raises ``Contradiction``."""
    (piece,) = pieces(system, [goal])
    low, high = (_solve(sign * piece.goals.toarray()[0], piece)[0] * sign for sign in (1.0, -1.0))
    return low + float(piece.known[0]), high + float(piece.known[0])


def pieces(system: Unknowns, goals: Sequence[int]) -> list[Piece]:
    """The system without what follows at once, cut where nothing holds it together."""
    matrix, totals = system.matrix, system.totals
    value = worked_out(matrix, totals)
    wanted = system.sums[list(goals)]
    free = np.flatnonzero(np.isnan(value))
    sure = np.nan_to_num(value)
    left, offset = (totals - matrix @ sure), wanted @ sure
    matrix, wanted = matrix[:, free], wanted[:, free]
    used = np.diff(matrix.indptr) > 0
    if (np.abs(left[~used]) > SLACK).any():
        raise Contradiction
    matrix, left = matrix[used], left[used]
    both = abs(sparse.vstack([matrix, wanted]).tocsr())
    _, label = connected_components(both.T @ both, directed=False) if len(free) else (0, np.empty(0, int))
    of_goal = np.array([label[row.indices[0]] if row.nnz else -1 for row in wanted])
    of_row = label[matrix.indices[matrix.indptr[:-1]]] if matrix.shape[0] else np.empty(0, int)
    made = []
    for one in np.unique(of_goal):
        columns, rows, asked = label == one, of_row == one, np.flatnonzero(of_goal == one)
        made.append(
            Piece(
                matrix[rows][:, columns], left[rows], wanted[asked][:, columns], offset[asked], np.array(goals)[asked]
            )
        )
    return made


def worked_out(matrix: sparse.csr_matrix, totals: Floats) -> Floats:
    """Unknowns that follow at once, one after the other: the last of a sum, and the parts of nothing."""
    value = np.full(matrix.shape[1], np.nan)
    size, positive = abs(matrix), matrix.copy()
    positive.data = np.minimum(positive.data, 0.0)
    while True:
        free = np.isnan(value)
        left = totals - matrix @ np.nan_to_num(value)
        number = size @ free.astype(float)
        nothing = (number > 0) & (np.abs(left) < SLACK) & ((positive @ free.astype(float) == 0) | (number == 1))
        single = (number == 1) & ~nothing
        before = int(free.sum())
        zero = (size[nothing].T @ np.ones(int(nothing.sum())) > 0) & free
        value[zero] = 0.0
        for row in np.flatnonzero(single):
            part = slice(matrix.indptr[row], matrix.indptr[row + 1])
            places = matrix.indices[part]
            (spot,) = np.flatnonzero(free[places])
            value[places[spot]] = left[row] / matrix.data[part][spot]
        if (np.nan_to_num(value) < -SLACK).any():
            raise Contradiction
        if int(np.isnan(value).sum()) == before:
            return value


def _can_be(piece: Piece, least: float, most: float) -> Mask:
    """Which goals can be as small as ``least``, and which as large as ``most``. Shape (2, G)."""
    number = len(piece.number)
    can = np.zeros((2, number), dtype=bool)
    if piece.goals.shape[1] == 0:
        can[0], can[1] = piece.known <= least + SLACK, piece.known >= most - SLACK
        return can
    for side, limit in ((1, most), (0, least)):
        while not can[side].all():
            before = can[side].sum()
            _mark(can, _together(piece, ~can[side], limit, side), piece, (least, most))
            if can[side].sum() == before:
                break
        for goal in np.flatnonzero(~can[side]):
            if not can[side, goal]:
                sign = -1.0 if side else 1.0
                _mark(can, _solve(sign * piece.goals[[goal]].toarray()[0], piece)[1], piece, (least, most))
    return can


def _mark(can: Mask, solution: Floats, piece: Piece, limits: tuple[float, float]) -> None:
    reached = piece.goals @ solution + piece.known
    can[0] |= reached <= limits[0] + SLACK
    can[1] |= reached >= limits[1] - SLACK


def _together(piece: Piece, asked: Mask, limit: float, side: int) -> Floats:
    """One solution in which as many goals as possible are on their side of a limit."""
    goals, known = piece.goals[asked], piece.known[asked]
    number = goals.shape[0]
    unit = sparse.identity(number)
    nothing = sparse.csr_matrix((piece.matrix.shape[0], number))
    if side:
        # y <= goal + known, y <= limit: as large as possible.
        rule, bound, ceiling = sparse.hstack([-goals, unit]), known, limit
    else:
        # y >= goal + known - limit, y >= 0: as small as possible.
        rule, bound, ceiling = sparse.hstack([goals, -unit]), limit - known, np.inf
    cost = np.concatenate([np.zeros(goals.shape[1]), np.full(number, -1.0 if side else 1.0)])
    found = linprog(
        cost, A_ub=rule, b_ub=bound, A_eq=sparse.hstack([piece.matrix, nothing]), b_eq=piece.totals,
        bounds=[(0, None)] * goals.shape[1] + [(0, ceiling)] * number, method="highs",
    )  # fmt: skip
    if found.status == 2:
        raise Contradiction
    return np.asarray(found.x[: goals.shape[1]])


def _solve(cost: Floats, piece: Piece) -> tuple[float, Floats]:
    rows = piece.matrix.shape[0]
    found = linprog(
        cost, A_eq=piece.matrix if rows else None, b_eq=piece.totals if rows else None, bounds=(0, None), method="highs"
    )
    if found.status == 2:
        raise Contradiction
    if found.x is None:
        # Without a limit: one large step along the goal is as good.
        return -np.inf, np.where(cost < 0, 1e6, 0.0)
    return float(found.fun), np.asarray(found.x)
