"""Hazards that are constant within pieces of time, times exp(x'b): exposure in each piece is all that is needed.

Parameters: terms (p), log rates (K). Reference: Holford 1980; Laird & Olivier 1981 (the likelihood is Poisson's).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.aft_newton import Likelihood, Look
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.fine_gray_weights import Flags


@dataclass(frozen=True)
class PiecewiseRows:
    """People in pieces of time. Shapes: x (n, p) from its centre; exposure (n, K); event (n,) bool; piece (n,)."""

    x: Floats
    exposure: Floats
    event: Flags
    piece: Indices


def in_pieces(x: Floats, entry: Floats, time: Floats, event: Flags, cuts: Floats) -> PiecewiseRows:
    """Time spent in each piece (0, c1], (c1, c2], ..., after the last. Shapes: entry, time (n,), cuts (K - 1,)."""
    low, high = np.concatenate([[0.0], cuts]), np.concatenate([cuts, [np.inf]])
    stayed = np.minimum(time[:, None], high) - np.maximum(entry[:, None], low)
    return PiecewiseRows(x, np.maximum(stayed, 0.0), event, np.searchsorted(cuts, time, side="left").astype(np.int64))


def piecewise(rows: PiecewiseRows) -> Likelihood:
    """The log-likelihood as a function of its parameters."""
    size = rows.x.shape[1]
    number = len(rows.x)

    def look(at: Floats) -> Look | None:
        eta, rates = rows.x @ at[:size], at[size:]
        if max(np.abs(rates).max(), np.abs(eta).max()) > 300:
            return None
        expected = rows.exposure * np.exp(rates + eta[:, None])
        total = expected.sum(axis=1)
        seen = np.zeros_like(expected)
        seen[np.arange(number), rows.piece] = rows.event
        value = np.where(rows.event, eta + rates[rows.piece], 0.0) - total
        score = np.column_stack([rows.x * (rows.event - total)[:, None], seen - expected])

        def bend(weight: Floats) -> Floats:
            found = np.empty((len(at),) * 2)
            heavy = weight[:, None] * expected
            found[:size, :size] = (rows.x * (weight * total)[:, None]).T @ rows.x
            found[:size, size:] = rows.x.T @ heavy
            found[size:, :size] = found[:size, size:].T
            found[size:, size:] = np.diag(heavy.sum(axis=0))
            return found

        return Look(value, score, bend)

    return look


def piecewise_start(rows: PiecewiseRows, weight: Floats) -> Floats:
    """The crude rates; a piece without endings is refused one floor up."""
    events = np.bincount(rows.piece, weight * rows.event, minlength=rows.exposure.shape[1])
    return np.concatenate([np.zeros(rows.x.shape[1]), np.log(events / (weight @ rows.exposure))])
