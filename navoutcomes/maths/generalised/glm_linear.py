"""Least squares by orthogonal rotation, refined in longer numbers: nearly collinear columns cost few digits.

Reference: Golub & Van Loan 2013, section 5.3; checked against the certified values of NIST's linear data sets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_newton import Unfit

REFINED = 4
# Polynomials of high order are nearly collinear and still answerable: only what rounding alone explains is refused.
ROUNDING = 1e-13
MANY, WELL = 100_000, 1e6


@dataclass(frozen=True)
class Squares:
    """Shapes: coefficients (q,), inner (q,) and inverse (q, q) of the standardised columns; squares: their rest."""

    coefficients: Floats
    inner: Floats
    inverse: Floats
    squares: float


def least_squares(columns: Floats, response: Floats, weight: Floats | None, intercept: bool, back: Floats) -> Squares:
    """Coefficients with the least weighted sum of squares.

    Arguments: ``back`` (q, q) from standardised to own coefficients. Raises: ``Unfit`` for collinear columns.
    Shapes: columns (n, p); response (n,); weight (n,) or None.
    """
    x = np.column_stack([np.ones(len(response)), columns]) if intercept else np.array(columns)
    if len(response) > MANY:
        quick = _many(x, response, weight, back)
        if quick is not None:
            return quick
    root = None if weight is None else np.sqrt(weight)
    y = response if root is None else response * root
    if root is not None:
        x *= root[:, None]
    q, r = linalg.qr(x @ back, mode="economic")
    size = np.abs(np.diag(r))
    dead = np.flatnonzero(size <= ROUNDING * np.sqrt((r * r).sum(axis=0)) * np.sqrt(len(y)))
    if len(dead) or len(size) < x.shape[1]:
        raise Unfit("collinear", dead)
    # Not solve_triangular: for matrices this small its threads cost a hundred times the work.
    inner = np.linalg.solve(r, q.T @ y)
    outer = (back @ inner).astype(np.longdouble)
    rest = _rest(x, y, outer)
    for _ in range(REFINED if len(y) <= 100_000 else 1):
        outer = outer + back @ np.linalg.solve(r, q.T @ rest.astype(float))
        rest = _rest(x, y, outer)
    own = np.linalg.solve(r, np.eye(len(inner)))
    found = outer.astype(float)
    return Squares(found, linalg.solve(back, found), own @ own.T, float(rest @ rest))


def _many(x: Floats, response: Floats, weight: Floats | None, back: Floats) -> Squares | None:
    """From sums of products, corrected once, where the columns are far from collinear; else nothing."""
    moved = x if weight is None else x * weight[:, None]
    outer: Floats = np.zeros(x.shape[1])
    rest: Floats = response
    square = back.T @ (moved.T @ x) @ back
    if np.linalg.cond(square) > WELL:
        return None
    for _ in range(2):
        outer = outer + back @ linalg.solve(square, back.T @ (moved.T @ rest), assume_a="pos")
        rest = response - x @ outer
    squares = rest @ rest if weight is None else weight @ (rest * rest)
    return Squares(outer, linalg.solve(back, outer), linalg.inv(square), float(squares))


def _rest(x: Floats, y: Floats, coefficients: Floats) -> Floats:
    """Response less fitted values, in longer numbers where the machine has them; a column at a time."""
    rest = y.astype(np.longdouble)
    for j in range(x.shape[1]):
        rest -= x[:, j] * coefficients[j]
    return rest
