"""Hazards that are constant within pieces of time, times exp(x'b): exposure in each piece is all that is needed.

Parameters: terms (p), log rates (K). Reference: Holford 1980; Laird & Olivier 1981 (the likelihood is Poisson's).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.fine_gray_weights import Flags
from navoutcomes.maths.parametric.aft_newton import Chosen, Likelihood, Look, Part

ALL = slice(None)


@dataclass(frozen=True)
class PiecewiseRows:
    """People and where the pieces of time are cut: (0, c1], (c1, c2], ..., after the last.

    Shapes: x (n, p), measured from centre (p,); entry, time (n,); event (n,) bool; cuts (K - 1,).
    """

    x: Floats
    centre: Floats
    entry: Floats
    time: Floats
    event: Flags
    cuts: Floats

    def piece(self, chosen: Chosen = ALL) -> Indices:
        """The piece of the exit. Shape (m,)."""
        return np.searchsorted(self.cuts, self.time[chosen], side="left").astype(np.int64)

    def exposure(self, chosen: Chosen) -> Floats:
        """Time spent in each piece. Shape (m, K)."""
        low, high = np.concatenate([[0.0], self.cuts]), np.concatenate([self.cuts, [np.inf]])
        stayed = np.minimum(self.time[chosen, None], high) - np.maximum(self.entry[chosen, None], low)
        return np.asarray(np.maximum(stayed, 0.0, out=stayed))


def piecewise(rows: PiecewiseRows) -> Likelihood:
    """The log-likelihood as a function of its parameters."""
    return Likelihood(len(rows.time), lambda chosen: _of(rows, chosen))


def _of(rows: PiecewiseRows, chosen: Chosen) -> Part:
    x, exposure, piece, event = (
        rows.x[chosen] - rows.centre,
        rows.exposure(chosen),
        rows.piece(chosen),
        rows.event[chosen],
    )
    number, size = x.shape

    def look(at: Floats) -> Look | None:
        eta, rates = x @ at[:size], at[size:]
        if max(np.abs(rates).max(), np.abs(eta).max()) > 300:
            return None
        expected = exposure * np.exp(rates + eta[:, None])
        total = expected.sum(axis=1)
        seen = np.zeros_like(expected)
        seen[np.arange(number), piece] = event
        value = np.where(event, eta + rates[piece], 0.0) - total
        score = np.column_stack([x * (event - total)[:, None], seen - expected])

        def bend(weight: Floats) -> Floats:
            found = np.empty((len(at),) * 2)
            heavy = weight[:, None] * expected
            found[:size, :size] = (x * (weight * total)[:, None]).T @ x
            found[:size, size:] = x.T @ heavy
            found[size:, :size] = found[:size, size:].T
            found[size:, size:] = np.diag(heavy.sum(axis=0))
            return found

        return Look(value, score, bend)

    return look


def piecewise_start(rows: PiecewiseRows, weight: Floats) -> Floats:
    """The crude rates; a piece without endings is refused one floor up."""
    low, high = np.concatenate([[0.0], rows.cuts]), np.concatenate([rows.cuts, [np.inf]])
    events = np.bincount(rows.piece(), weight * rows.event, minlength=len(low))
    stayed = [
        weight @ np.maximum(np.minimum(rows.time, b) - np.maximum(rows.entry, a), 0.0)
        for a, b in zip(low, high, strict=True)
    ]
    return np.concatenate([np.zeros(rows.x.shape[1]), np.log(events / stayed)])
