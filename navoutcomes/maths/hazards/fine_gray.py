"""Fine and Gray's regression of the subdistribution hazard on the grid, without expanding rows.

Who ended for another cause stays at risk with the weight of ``fine_gray_weights``: theta / A(s) is added at s, running
totals forward times A(t). Ties by Efron or Breslow: with d endings at t, r = l / d and z_l = 1 / (S0 - r E0), the
log-likelihood is sum w x'b + sum wbar log z, wbar the mean weight of the endings at t.
Reference: Fine & Gray 1999; Geskus 2011; Efron 1977; Therneau & Grambsch 2000, chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.hazards.fine_gray_kernel import at_risk, gram, predictor, scatter
from navoutcomes.maths.hazards.fine_gray_rows import FineGrayRows, left_over
from navoutcomes.maths.hazards.partial_likelihood import (
    Fixed,
    Step,
    fixed_sums,
    nearer,
    solved,
    spread_of_means,
    tie_sums,
    uphill,
    within,
)

FARTHEST = 300.0
MANY = 50_000
# A step that gains nothing (FLAT, in squared standard errors) and yet crosses a tenth of the column's own breadth has a
# standard error of at least a hundred: nobody's coefficient.
FLAT, ENDLESS = 1e-6, 0.1
NEAR, NEARER = 2e-8, 1e-20


@dataclass(frozen=True)
class FineGrayFit:
    """A fitted model. ``diverging``: columns without a largest likelihood; ``settled`` False where Newton stopped;
    ``begun`` where it began, None where it began elsewhere than at 0."""

    rows: FineGrayRows
    fixed: Fixed
    begun: Step | None
    end: Step
    steps: int
    settled: bool
    diverging: Indices

    @property
    def centre(self) -> Floats:
        """Weighted means of the covariates: the likelihood is the same from anywhere, the rounding is not."""
        return self.fixed.centre

    @cached_property
    def start(self) -> Step:
        """The likelihood where nothing is associated."""
        return self.begun or step(self.rows, self.fixed, np.zeros(len(self.end.beta)), 0.0)


def fit(rows: FineGrayRows, most: int = 50) -> FineGrayFit:
    """Maximise the likelihood by Newton's method with halved steps, with many rows from every tenth row's top.

    Stops when a step would move the estimate by less than the square root of ``NEARER`` standard errors; with many rows
    when it would move the linear predictor by less than ``NEAR``. That step is taken. Columns are ``diverging`` when
    the likelihood has stopped rising but the steps have not shrunk: the top is infinitely far off.
    """
    event = (rows.slot < rows.places).astype(float)
    fixed = fixed_sums(rows.x, rows.weight, event, rows.slot, rows.places)
    at = partial(step, rows, fixed)
    few = _from_some(rows) if len(rows.slot) >= MANY else None
    here = at(np.zeros(rows.x.shape[1]), 0.0) if few is None else nearer(at, fixed, few.end, few.fixed)
    begin = FineGrayFit(rows, fixed, here if few is None else None, here, 0, False, np.empty(0, dtype=np.int64))
    first, once = (here, fixed) if few is None else (few.start, few.fixed)
    spread = np.sqrt(np.maximum(np.diag(first.information), 0.0) / (once.number @ once.mean))
    for count in range(most):
        move = solved(here.information, here.score)
        if move is None:
            return replace(begin, end=here, steps=count)
        left = abs(float(move @ here.score))
        running = _running(rows, move, spread) if left < FLAT else begin.diverging
        if len(running):
            return replace(begin, end=here, steps=count, diverging=running)
        if left < (max(NEARER, 1e-22 * here.log_likelihood**2) if few is None else NEAR**2 * len(rows.events)):
            return replace(begin, end=replace(here, beta=here.beta + move), steps=count, settled=True)
        here = uphill(at, here, move)
    return replace(begin, end=here, steps=most)


def _running(rows: FineGrayRows, move: Floats, spread: Floats) -> Indices:
    """Columns that a step would still carry far. No column is broader than sqrt(2 n) of its own standard deviations."""
    if (np.abs(move) * spread * np.sqrt(2 * len(rows.x)) < ENDLESS).all():
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.abs(move) * np.ptp(rows.x, axis=0) > ENDLESS)


def _from_some(rows: FineGrayRows) -> FineGrayFit | None:
    """The model of every tenth row, near that of all; None where these few have none."""
    some = slice(None, None, 10)
    few = replace(
        rows,
        x=np.ascontiguousarray(rows.x[some]),
        slot=np.ascontiguousarray(rows.slot[some]),
        enter=np.ascontiguousarray(rows.enter[some]),
        weight=np.ascontiguousarray(rows.weight[some]),
    )
    found = fit(few) if len(few.events) else None
    return found if found is not None and found.settled else None


def step(rows: FineGrayRows, fixed: Fixed, beta: Floats, scale: float, second: bool = True) -> Step:
    """Log-likelihood, score and (with ``second``) information at ``beta``."""
    eta, theta = np.empty(len(rows.slot)), np.empty(len(rows.slot))
    columns = rows.x.shape[1] + 1

    def half(low: int, high: int) -> tuple[Floats, Floats, float]:
        table, entered = np.zeros((rows.slots, columns)), np.zeros((rows.places, columns))
        largest = predictor(rows.x, fixed.centre, beta, low, high, eta)
        np.multiply(np.exp(eta[low:high] - scale), rows.weight[low:high], out=theta[low:high])
        scatter(rows.x, fixed.centre, theta, rows.slot, rows.enter, low, high, table, entered)
        return table, entered, largest

    with np.errstate(over="ignore", invalid="ignore"):
        parts = halves(len(theta), (rows.slots + rows.places) * columns, half)
        largest = float(max(one[2] for one in parts))
        if np.isfinite(largest) and abs(largest - scale) > FARTHEST:
            return step(rows, fixed, beta, largest, second)
        table, entered = (np.asarray(sum(one[at] for one in parts[1:]) + parts[0][at]) for at in range(2))
        ending = table[: rows.places].copy()
        risk = at_risk(table, entered, rows.away_place, rows.away_carry, rows.remain, rows.first)
        sums = np.zeros((rows.places, 5))
        ties = tie_sums(risk, ending, fixed.number, fixed.mean, rows.efron, sums)
        seen = float(fixed.drawn @ beta) - scale * float(fixed.number @ fixed.mean)
        score = fixed.drawn - risk[:, 1:].T @ sums[:, 0] + ending[:, 1:].T @ sums[:, 1]
        information = np.full((len(beta),) * 2, np.nan)
        if second:
            information = _information(rows, fixed.centre, theta, risk, ending, sums)
        return Step(beta, ties + seen, score, information, scale, theta, risk, ending, sums)


def _information(
    rows: FineGrayRows, centre: Floats, theta: Floats, risk: Floats, ending: Floats, sums: Floats
) -> Floats:
    """X' diag(omega) X less the spread of means. Shape (p, p)."""
    upto = within(np.cumsum(sums[:, 0]), rows.first)
    met = rows.met(upto, sums[:, 1], left_over(rows.remain * sums[:, 0], rows.first))

    def half(low: int, high: int) -> Floats:
        out = np.zeros((rows.x.shape[1],) * 2)
        gram(rows.x, centre, theta, rows.slot, rows.enter, met, upto, low, high, out)
        return out

    whole = sum(halves(len(theta), rows.slots, half))
    return np.asarray(whole - spread_of_means(risk, ending, sums))
