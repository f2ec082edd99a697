"""Fine and Gray's regression of the subdistribution hazard on the grid, without expanding rows.

Who ended for another cause stays at risk with the weight of ``fine_gray_weights``: theta / A(s) is added at s, running
totals forward times A(t). Ties by Efron or Breslow: with d endings at t, r = l / d and z_l = 1 / (S0 - r E0), the
log-likelihood is sum w x'b + sum wbar log z, wbar the mean weight of the endings at t.
Reference: Fine & Gray 1999; Geskus 2011; Efron 1977; Therneau & Grambsch 2000, chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.fine_gray_kernel import gram, scatter, tie_sums, totals
from navoutcomes.maths.fine_gray_weights import Flags

FARTHEST = 300.0
# A step that gains nothing (FLAT, in squared standard errors) and yet crosses a tenth of the column's own breadth has a
# standard error of at least a hundred: nobody's coefficient.
FLAT, ENDLESS = 1e-6, 0.1


@dataclass(frozen=True)
class FineGrayRows:
    """People for the model, checked one floor up. Positions are places among the endings for the cause, by stratum.

    Shapes: x (n, p) C order; leave, enter (n,) positions, enter -1 from the start; event (n,) 1.0 or 0.0; weight (n,);
    carry (n,) 1 / A(s) for who ended for another cause, else 0; remain (J,) A(t); time (J,) places on the whole grid
    (not used at the first place of a stratum, which stands before its first ending); first (S + 1,).
    """

    x: Floats
    leave: Indices
    enter: Indices
    event: Floats
    weight: Floats
    carry: Floats
    remain: Floats
    time: Indices
    first: Indices
    efron: bool = True

    @property
    def places(self) -> int:
        """How many places the strata have together."""
        return int(self.first[-1])


@dataclass(frozen=True)
class Step:
    """The likelihood at one ``beta``, from x measured from ``centre``.

    Shapes: beta, score (p,); information (p, p); theta (n,) w exp(x'b - scale); risk, ending (J, p + 1) sums of theta
    and theta x; sums (J, 5) g0, g1, h0, h1, h2.
    """

    beta: Floats
    log_likelihood: float
    score: Floats
    information: Floats
    scale: float
    theta: Floats
    risk: Floats
    ending: Floats
    sums: Floats


@dataclass(frozen=True)
class FineGrayFit:
    """A fitted model. ``diverging``: columns without a largest likelihood; ``settled`` False where Newton stopped."""

    rows: FineGrayRows
    centre: Floats
    start: Step
    end: Step
    steps: int
    settled: bool
    diverging: Indices


@dataclass(frozen=True)
class _Fixed:
    """What does not change from step to step: centre, endings by place, their mean weight, sum of w x of endings."""

    centre: Floats
    number: Floats
    mean: Floats
    drawn: Floats


def laid(
    x: Floats,
    enter: Indices,
    leave: Indices,
    event: Flags,
    other: Flags,
    weight: Floats,
    stratum: Indices,
    remain: Floats,
    efron: bool = True,
) -> FineGrayRows:
    """Rows on the whole grid moved to the places of the endings for the cause.

    Arguments: ``enter``, ``leave`` (n,) positions on the whole grid; ``event`` and ``other`` (n,) bool, ended for the
    cause and for another; ``remain`` (S, G) from ``observed``.
    """
    shape = remain.shape
    key = stratum * shape[1] + leave
    here = (np.bincount(key[event], minlength=remain.size) > 0).reshape(shape)
    upto = np.cumsum(here, axis=1)
    first = np.concatenate([[0], np.cumsum(upto[:, -1] + 1)])
    place = (first[:-1, None] + upto).ravel()
    begin = np.full(len(enter), -1, dtype=np.int64)
    late = enter >= 0
    begin[late] = place[(stratum * shape[1] + enter)[late]]
    strata, times = np.nonzero(here)
    own = first[strata] + upto[strata, times]
    level, time = np.ones(first[-1]), np.zeros(first[-1], dtype=np.int64)
    level[own], time[own] = remain[strata, times], times
    carry = np.zeros(len(x))
    with np.errstate(divide="ignore"):
        carry[other] = 1.0 / remain.ravel()[key[other]]
    return FineGrayRows(x, place[key], begin, event.astype(float), weight, carry, level, time, first, efron)


def begun(rows: FineGrayRows) -> FineGrayFit:
    """The likelihood where nothing is associated: where Newton begins."""
    fixed = _fixed(rows)
    start = step(rows, fixed, np.zeros(rows.x.shape[1]), 0.0)
    return FineGrayFit(rows, fixed.centre, start, start, 0, False, np.empty(0, dtype=np.int64))


def fit(begin: FineGrayFit, most: int = 50, tolerance: float = 1e-20) -> FineGrayFit:
    """Maximise the likelihood by Newton's method with halved steps, from ``begun``.

    Stops when a step would move the estimate by less than the square root of ``tolerance`` standard errors. Columns are
    ``diverging`` when the likelihood has stopped rising but the steps have not shrunk: the top is infinitely far off.
    """
    rows, here = begin.rows, begin.end
    fixed = _fixed(rows)
    spread = np.ptp(rows.x, axis=0)
    for count in range(most):
        move = solved(here.information, here.score)
        if move is None:
            return replace(begin, end=here, steps=count)
        left = abs(float(move @ here.score))
        running = np.flatnonzero(np.abs(move) * spread > ENDLESS)
        if left < FLAT and len(running):
            return replace(begin, end=here, steps=count, diverging=running)
        if left < max(tolerance, 1e-22 * here.log_likelihood**2):
            return replace(begin, end=here, steps=count, settled=True)
        there = step(rows, fixed, here.beta + move, here.scale)
        for _ in range(30):
            if there.log_likelihood >= here.log_likelihood - 1e-11 * abs(here.log_likelihood):
                break
            move = move / 2
            there = step(rows, fixed, here.beta + move, here.scale)
        here = there
    return replace(begin, end=here, steps=most)


def solved(information: Floats, score: Floats) -> Floats | None:
    """The Newton step, or None where the information cannot be inverted."""
    if not np.isfinite(information).all() or not np.isfinite(score).all():
        return None
    try:
        return np.asarray(np.linalg.solve(information, score))
    except np.linalg.LinAlgError:
        return None


def step(rows: FineGrayRows, fixed: _Fixed, beta: Floats, scale: float) -> Step:
    """Log-likelihood, score and information at ``beta``."""
    theta = np.empty(len(rows.leave))
    columns = rows.x.shape[1] + 1

    def half(low: int, high: int) -> tuple[Floats, Floats, Floats, float, float]:
        risk, ending, gone = (np.zeros((rows.places, columns)) for _ in range(3))
        total, largest = scatter(
            rows.x, fixed.centre, beta, scale, rows.weight, rows.leave, rows.enter, rows.event, rows.carry,
            low, high, theta, risk, ending, gone,
        )  # fmt: skip
        return risk, ending, gone, total, largest

    with np.errstate(over="ignore", invalid="ignore"):
        parts = halves(len(theta), 3 * rows.places * columns, half)
        largest = float(max(one[4] for one in parts))
        if np.isfinite(largest) and abs(largest - scale) > FARTHEST:
            return step(rows, fixed, beta, largest)
        risk, ending, gone = (np.asarray(sum(one[at] for one in parts[1:]) + parts[0][at]) for at in range(3))
        totals(risk, gone, rows.remain, rows.first)
        sums = np.zeros((rows.places, 5))
        ties = tie_sums(risk, ending, fixed.number, fixed.mean, rows.efron, sums)
        likelihood = float(ties + sum(one[3] for one in parts) - scale * float(fixed.number @ fixed.mean))
        score = fixed.drawn - risk[:, 1:].T @ sums[:, 0] + ending[:, 1:].T @ sums[:, 1]
        return Step(
            beta, likelihood, score, _information(rows, fixed.centre, theta, risk, ending, sums), scale,
            theta, risk, ending, sums,
        )  # fmt: skip


def within(total: Floats, first: Indices) -> Floats:
    """Running totals that begin anew in each stratum. Shapes: (J, ...) -> the same."""
    begin = np.concatenate([np.zeros((1, *total.shape[1:])), total])[first[:-1]]
    return np.asarray(total - np.repeat(begin, np.diff(first), axis=0))


def left_over(values: Floats, first: Indices) -> Floats:
    """What is left of the total of a stratum after each place. Shapes: (J, ...) -> the same."""
    upto = within(np.cumsum(values, axis=0), first)
    return np.asarray(np.repeat(upto[first[1:] - 1], np.diff(first), axis=0) - upto)


def _fixed(rows: FineGrayRows) -> _Fixed:
    centre = np.asarray(rows.weight @ rows.x / rows.weight.sum())
    mass = rows.weight * rows.event
    number = np.bincount(rows.leave, rows.event, minlength=rows.places).astype(float)
    heavy = np.bincount(rows.leave, mass, minlength=rows.places)
    mean = np.divide(heavy, number, out=np.zeros_like(heavy), where=number > 0)
    return _Fixed(centre, number, mean, np.asarray(mass @ rows.x - mass.sum() * centre))


def _information(
    rows: FineGrayRows, centre: Floats, theta: Floats, risk: Floats, ending: Floats, sums: Floats
) -> Floats:
    """X' diag(omega) X - [S1' diag(h0) S1 - A - A' + E1' diag(h2) E1], A = S1' diag(h1) E1."""
    upto = within(np.cumsum(sums[:, 0]), rows.first)
    after = left_over(rows.remain * sums[:, 0], rows.first)
    own = sums[:, 1].copy()

    def half(low: int, high: int) -> Floats:
        out = np.zeros((rows.x.shape[1],) * 2)
        gram(rows.x, centre, theta, rows.leave, rows.enter, rows.event, rows.carry, upto, own, after, low, high, out)
        return out

    whole = sum(halves(len(theta), rows.places, half))
    seen, ended = risk[:, 1:], ending[:, 1:]
    across = seen.T @ (sums[:, 3, None] * ended)
    return np.asarray(
        whole - (seen.T @ (sums[:, 2, None] * seen) - across - across.T + ended.T @ (sums[:, 4, None] * ended))
    )
