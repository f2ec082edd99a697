"""What each row of people says about a Cox model: residuals, influences, and the variances made of them.

Reference: Therneau & Grambsch 2000, chapters 4 and 7; Lin & Wei 1989; for ties as R ``survival`` (``coxscore``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.hazards.cox import CoxFit
from navoutcomes.maths.hazards.cox_kernel import cluster_information, cluster_scores, score_rows
from navoutcomes.maths.hazards.partial_likelihood import within


@dataclass(frozen=True)
class Totals:
    """Running totals on the grid that residuals are read from.

    Shapes: upto (S G, p + 1) of (g0, h0 S1 - h1 E1) within a stratum; own (S G, p + 1) what those who end at a time are
    spared of it, (g1, h1 S1 - h2 E1); mean (S G, p) average covariates of those at risk where somebody ends.
    """

    upto: Floats
    own: Floats
    mean: Floats


def totals(model: CoxFit) -> Totals:
    """The running totals of a fitted model."""
    at, rows = model.end, model.rows
    risk, ending, sums = at.risk[:, 1:], at.ending[:, 1:], at.sums
    number, weight = model.fixed.number, model.fixed.mean
    per_tie = np.divide(1.0, number * weight, out=np.zeros_like(number), where=number * weight > 0)
    # theta was scaled by exp(-scale); hazards and their products with covariates undo it once.
    undo = np.exp(-at.scale)
    new = np.column_stack([sums[:, 0], sums[:, 2, None] * risk - sums[:, 3, None] * ending]) * undo
    own = np.column_stack([sums[:, 1], sums[:, 3, None] * risk - sums[:, 4, None] * ending]) * undo
    mean = (sums[:, 0, None] * risk - sums[:, 1, None] * ending) * per_tie[:, None]
    return Totals(within(np.cumsum(new, axis=0), rows.first), own, mean)


def relative_hazard(model: CoxFit) -> Floats:
    """exp(x'b + offset) of each row, x from the centre. Shape (n,)."""
    rows, beta = model.rows, model.end.beta
    return np.asarray(np.exp(rows.x @ beta - model.centre @ beta + rows.offset))


def score_residuals(model: CoxFit, found: Totals | None = None) -> Floats:
    """Each row's pull on the score; weighted they add to nothing. Shapes: (n, p)."""
    rows, made = model.rows, totals(model) if found is None else found
    out, relative = np.empty(rows.x.shape), relative_hazard(model)

    def half(low: int, high: int) -> None:
        score_rows(
            rows.x, model.centre, relative, rows.leave, rows.enter, rows.event, made.upto, made.own, made.mean,
            low, high, out,
        )  # fmt: skip

    halves(len(out), 0, half)
    return out


def martingale(model: CoxFit, found: Totals | None = None) -> Floats:
    """Endings seen less endings expected, by row. Shape (n,)."""
    rows, made = model.rows, totals(model) if found is None else found
    return np.asarray(rows.event - relative_hazard(model) * hazard_met(model, made.upto[:, 0], made.own[:, 0]))


def hazard_met(model: CoxFit, upto: Floats, own: Floats) -> Floats:
    """Baseline hazard each row was under from entry to exit; those who end are spared their part of the tie."""
    rows = model.rows
    met = upto[rows.leave] - rows.event * own[rows.leave]
    late = rows.enter >= 0
    met[late] -= upto[rows.enter[late]]
    return np.asarray(met)


def deviance(residual: Floats, event: Floats) -> Floats:
    """Martingale residuals made symmetric. Shapes: (n,), (n,) -> (n,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logged = np.where(event > 0, np.log(event - residual), 0.0)
    return np.asarray(np.sign(residual) * np.sqrt(np.maximum(-2 * (residual + event * logged), 0.0)))


def schoenfeld(model: CoxFit, found: Totals | None = None) -> tuple[Floats, Indices]:
    """Covariates of who ended, less the average of those at risk, and which rows. Shapes: (d, p), (d,)."""
    made = totals(model) if found is None else found
    who = np.flatnonzero(model.rows.event > 0)
    order = np.lexsort((who, model.rows.leave[who]))
    who = who[order]
    return np.asarray(model.rows.x[who] - model.centre - made.mean[model.rows.leave[who]]), who


def cluster_pulls(model: CoxFit, codes: Indices, clusters: int, found: Totals | None = None) -> Floats:
    """Weighted score residuals added by cluster, without a matrix of people. Shapes: (n,) -> (clusters, p)."""
    rows, made = model.rows, totals(model) if found is None else found
    mass = model.end.theta * np.exp(model.end.scale)

    def half(low: int, high: int) -> Floats:
        out = np.zeros((clusters, rows.x.shape[1]))
        cluster_scores(
            rows.x, model.centre, mass, rows.weight, rows.leave, rows.enter, rows.event,
            made.upto, made.own, made.mean, codes, low, high, out,
        )  # fmt: skip
        return out

    return np.asarray(sum(halves(len(codes), clusters * rows.x.shape[1], half)))


def corrected_pulls(model: CoxFit, codes: Indices, clusters: int, inverse: Floats) -> tuple[Floats, Floats]:
    """Pulls of clusters made larger by what each moves the fit itself, (1 - Omega V)^-1 u, and degrees of freedom.

    Omega is the cluster's own part of the information. The degrees of freedom are Satterthwaite's: those of the sum of
    squared pulls were each u normal with variance Omega, the fit taken out. Shapes: (clusters, p), (p,).
    Reference: Mancl & DeRouen 2001; Bell & McCaffrey 2002; Wang, Turner & Li 2023.
    """
    own = _parts_of_information(model, codes, clusters)
    widened = np.linalg.inv(np.eye(len(inverse)) - own @ inverse)
    pulls = np.einsum("gij,gj->gi", widened, cluster_pulls(model, codes, clusters))
    reach = np.einsum("ki,gij->kgj", inverse, widened)
    moved = np.einsum("gij,kgj->kgi", own, reach)
    spread = -moved @ inverse @ moved.transpose(0, 2, 1)
    spread[:, np.arange(clusters), np.arange(clusters)] += (reach * moved).sum(axis=2)
    df = np.trace(spread, axis1=1, axis2=2) ** 2 / (spread**2).sum(axis=(1, 2))
    return pulls, df


def _parts_of_information(model: CoxFit, codes: Indices, clusters: int) -> Floats:
    """Each cluster's own part of the information. Shape (clusters, p, p)."""
    rows, made, size = model.rows, totals(model), model.rows.x.shape[1]
    undo = np.exp(-model.end.scale)
    mean = np.column_stack([np.ones(len(made.mean)), made.mean])
    square = (made.mean[:, :, None] * made.mean[:, None, :]).reshape(len(mean), size * size)
    new, spared = model.end.sums[:, :1] * undo, model.end.sums[:, 1:2] * undo
    mass = model.end.theta * np.exp(model.end.scale)
    upto, second = (within(np.cumsum(new * one, axis=0), rows.first) for one in (mean, square))

    def half(low: int, high: int) -> Floats:
        out = np.zeros((clusters, size, size))
        cluster_information(
            rows.x, model.centre, mass, rows.leave, rows.enter, rows.event,
            upto, spared * mean, second, spared * square, codes, low, high, out,
        )  # fmt: skip
        return out

    return np.asarray(sum(halves(len(codes), clusters * size * size, half)))


def added(values: Floats, codes: Indices, clusters: int) -> Floats:
    """Rows added by cluster. Shapes: (n, p), (n,) -> (clusters, p)."""
    return np.column_stack([np.bincount(codes, column, minlength=clusters) for column in values.T])


def sandwich(inverse: Floats, pulls: Floats) -> Floats:
    """Lin and Wei's variance: V (sum of u u') V. Shapes: (p, p), (r, p) -> (p, p)."""
    moved = pulls @ inverse
    return np.asarray(moved.T @ moved)
