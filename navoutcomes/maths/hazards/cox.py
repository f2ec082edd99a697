"""Cox regression on the grid: partial likelihood with ties by Efron or Breslow, entry, weights, strata and offsets.

Reference: Cox 1972; Efron 1977; Therneau & Grambsch 2000, chapter 3. With d endings at t and r = l / d for l from 0 to
d - 1, z_l = 1 / (S0 - r E0): log-likelihood = sum w x'b + sum wbar log z; wbar is the mean weight of the d endings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.hazards.cox_kernel import gram, reverse_totals, scatter
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

FARTHEST = 600.0
MANY = 100_000
NEAR, NEARER = 2e-8, 1e-10


@dataclass(frozen=True)
class CoxRows:
    """People for a Cox model, checked one floor up.

    Shapes: x (n, p) C order; leave and enter (n,) positions on the grids of the strata laid one after another, enter -1
    from the start; event (n,) 1.0 or 0.0; weight, offset (n,); first (S + 1,) where each stratum begins.
    """

    x: Floats
    leave: Indices
    enter: Indices
    event: Floats
    weight: Floats
    offset: Floats
    first: Indices
    efron: bool = True

    @property
    def grid(self) -> int:
        """How many places the grids have together."""
        return int(self.first[-1])

    def fixed(self) -> Fixed:
        """What does not change from step to step."""
        return fixed_sums(self.x, self.weight, self.event, self.leave, self.grid)


@dataclass(frozen=True)
class CoxFit:
    """A fitted model. ``settled`` False where Newton did not get there; ``begun`` where it began, None where it began
    elsewhere than at 0; ``spread`` (p,) about the standard deviations of the covariates among those at risk."""

    rows: CoxRows
    fixed: Fixed
    begun: Step | None
    end: Step
    steps: int
    settled: bool
    spread: Floats

    @property
    def centre(self) -> Floats:
        """Where the covariates are measured from. Shape (p,)."""
        return self.fixed.centre

    @cached_property
    def start(self) -> Step:
        """The likelihood where nothing is associated."""
        return self.begun or step(self.rows, self.fixed, np.zeros(len(self.end.beta)), 0.0)


def fit(rows: CoxRows, beta: Floats | None = None, most: int = 40) -> CoxFit:
    """Maximise the partial likelihood by Newton's method with halved steps, with many rows from every tenth row's top.

    Stops when another step would move the linear predictor by less than ``NEARER`` (with many rows ``NEAR``); that step
    is taken, and changes neither the information nor the residuals in any digit that is given.
    """
    fixed = rows.fixed()
    at = partial(step, rows, fixed)
    events = float(fixed.number.sum())
    few = _from_some(rows) if len(rows.leave) >= MANY and beta is None else None
    if few is None:
        here = at(np.zeros(rows.x.shape[1]) if beta is None else beta, 0.0)
        begun, first, near = (here if beta is None else None), here.information / events, NEARER**2 * events
    else:
        here = nearer(at, fixed, few.end, few.fixed)
        begun, first, near = None, few.start.information / float(few.fixed.number.sum()), NEAR**2 * events
    spread = np.sqrt(np.maximum(np.diag(first), 0.0))
    for count in range(1, most + 1):
        move = solved(here.information, here.score)
        if move is None:
            return CoxFit(rows, fixed, begun, here, count, False, spread)
        if float(move @ here.score) < near:
            return CoxFit(rows, fixed, begun, replace(here, beta=here.beta + move), count, True, spread)
        here = uphill(at, here, move)
    return CoxFit(rows, fixed, begun, here, most, False, spread)


def _from_some(rows: CoxRows) -> CoxFit | None:
    """The model of every tenth row, near that of all; None where these few have none."""
    some = slice(None, None, 10)
    few = replace(
        rows,
        x=np.ascontiguousarray(rows.x[some]),
        leave=np.ascontiguousarray(rows.leave[some]),
        enter=np.ascontiguousarray(rows.enter[some]),
        event=np.ascontiguousarray(rows.event[some]),
        weight=np.ascontiguousarray(rows.weight[some]),
        offset=np.ascontiguousarray(rows.offset[some]),
    )
    found = fit(few) if few.event.any() else None
    return found if found is not None and found.settled else None


def step(rows: CoxRows, fixed: Fixed, beta: Floats, scale: float, second: bool = True) -> Step:
    """Log-likelihood, score and (with ``second``) information at ``beta``."""
    theta = np.empty(len(rows.leave))
    columns = rows.x.shape[1] + 1

    def half(low: int, high: int) -> tuple[Floats, Floats, float, float]:
        risk, ending = np.zeros((rows.grid, columns)), np.zeros((rows.grid, columns))
        total, largest = scatter(
            rows.x, fixed.centre, beta, scale, rows.weight, rows.offset, rows.leave, rows.enter, rows.event,
            low, high, theta, risk, ending,
        )  # fmt: skip
        return risk, ending, total, largest

    with np.errstate(over="ignore", invalid="ignore"):
        parts = halves(len(theta), 2 * rows.grid * columns, half)
        largest = max(one[3] for one in parts)
        if np.isfinite(largest) and abs(largest - scale) > FARTHEST / 2:
            return step(rows, fixed, beta, float(largest), second)
        risk = np.asarray(sum(one[0] for one in parts[1:]) + parts[0][0])
        ending = np.asarray(sum(one[1] for one in parts[1:]) + parts[0][1])
        reverse_totals(risk, rows.first)
        sums = np.zeros((rows.grid, 5))
        ties = tie_sums(risk, ending, fixed.number, fixed.mean, rows.efron, sums)
        likelihood = ties + sum(one[2] for one in parts) - scale * float(fixed.number @ fixed.mean)
        score = fixed.drawn - risk[:, 1:].T @ sums[:, 0] + ending[:, 1:].T @ sums[:, 1]
        found = Step(
            beta, float(likelihood), score, np.full((len(beta),) * 2, np.nan), scale, theta, risk, ending, sums
        )
        return _informed(rows, fixed.centre, found) if second else found


def _informed(rows: CoxRows, centre: Floats, at: Step) -> Step:
    return Step(**{**vars(at), "information": information(rows, centre, at, np.ones(rows.grid))})


def information(rows: CoxRows, centre: Floats, at: Step, weight: Floats) -> Floats:
    """The information, each time counted ``weight`` times. Shapes: weight (S G,) -> (p, p)."""
    sums = at.sums * weight[:, None]
    upto = within(np.cumsum(sums[:, 0]), rows.first)

    def half(low: int, high: int) -> Floats:
        out = np.zeros((rows.x.shape[1],) * 2)
        gram(rows.x, centre, at.theta, rows.leave, rows.enter, rows.event, upto, sums[:, 1].copy(), low, high, out)
        return out

    whole = sum(halves(len(at.theta), rows.grid, half))
    return np.asarray(whole - spread_of_means(at.risk, at.ending, sums))
