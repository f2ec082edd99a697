"""One look at all people in all their periods: score and information, or scores by cluster."""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.discrete_hazard_kernel import CLOGLOG, LOG, LOGIT, log_sums, missed_by_cluster, pass_over
from navoutcomes.maths.discrete_hazard_rows import PeriodFrame, PersonPeriods
from navoutcomes.maths.glm_kernel import cluster_sums

LINKS = {"logit": LOGIT, "cloglog": CLOGLOG, "log": LOG}
NO_PLACES = np.zeros(0, dtype=np.int64)
NOTHING = np.zeros(0)
Part = tuple[Floats, Floats, Floats, Floats]


def look(
    seen: PersonPeriods, frame: PeriodFrame, link: str, inner: Floats, observed: bool = False
) -> tuple[Floats, Floats, Floats, Floats]:
    """Score (q,) and information (q, q) in the inner coefficients; what each row adds to the score of its linear
    predictor (n,), and exp of its columns' part (n,).

    Arguments: ``observed``: the information as seen instead of expected (cloglog only: they differ nowhere else).
    """
    alpha, beta, bent = frame.split(seen, inner)
    periods, p, free = len(alpha), len(beta), len(seen.varying)
    rest, odds = np.empty(len(seen)), np.empty(len(seen))

    def half(low: int, high: int) -> Part:
        rows = slice(low, high)
        missed, crossed = np.zeros((1 + free, periods)), np.zeros((1 + free, periods, p + 1))
        slope, square = np.zeros(p + 1), np.zeros((p + 1, p + 1))
        pass_over(
            seen.columns[rows],
            *_when(seen, rows),
            seen.place[rows],
            seen.weight[rows],
            frame.centre,
            1 / frame.scale,
            np.concatenate([[0.0], beta]),
            np.exp(alpha),
            seen.varying,
            bent,
            LINKS[link],
            observed,
            missed,
            rest[rows],
            slope,
            crossed,
            square,
            odds[rows],
        )
        return missed, slope, crossed, square

    parts = halves(len(seen), (1 + free) * periods * (p + 1), half)
    missed, slope, crossed, square = (np.sum([part[k] for part in parts], axis=0) for k in range(4))
    score = np.concatenate([seen.basis.T @ missed[0], slope[1:], (missed[1:] @ seen.bends).ravel()])
    return score, _assembled(seen, frame, crossed, square[1:, 1:]), rest, odds


def cluster_scores(
    seen: PersonPeriods,
    frame: PeriodFrame,
    link: str,
    inner: Floats,
    rest: Floats,
    odds: Floats,
    cluster: Indices,
    clusters: int,
) -> Floats:
    """Sums of inner scores by cluster. Shapes: rest, odds (n,) of ``look``; cluster (n,) codes -> (clusters, q)."""
    alpha, _, bent = frame.split(seen, inner)
    shape, over = (1 + len(seen.varying), clusters, len(alpha)), 1 / frame.scale

    def half(low: int, high: int) -> tuple[Floats, Floats]:
        rows, missed, slopes = slice(low, high), np.zeros(shape), np.zeros((clusters, seen.columns.shape[1]))
        missed_by_cluster(
            seen.columns[rows],
            *_when(seen, rows),
            seen.place[rows],
            seen.weight[rows],
            over,
            odds[rows],
            np.exp(alpha),
            seen.varying,
            bent,
            LINKS[link],
            cluster[rows],
            missed,
        )
        cluster_sums(seen.columns[rows], rest[rows], cluster[rows], frame.centre, over, slopes)
        return missed, slopes

    parts = halves(len(seen), int(np.prod(shape)), half)
    missed, slopes = np.sum([a for a, _ in parts], axis=0), np.sum([b for _, b in parts], axis=0)
    return np.hstack([missed[0] @ seen.basis, slopes, *(one @ seen.bends for one in missed[1:])])


def log_likelihood(seen: PersonPeriods, frame: PeriodFrame, link: str, inner: Floats, odds: Floats, rest: Floats) -> float:
    """The sum over people and periods; for rates without what no coefficient moves. Shapes: odds, rest of ``look``."""
    alpha, _, bent = frame.split(seen, inner)
    begin, end = _when(seen, slice(None))[:2]
    hazard, over = np.exp(alpha), 1 / frame.scale
    found = log_sums(
        seen.columns, begin, end, seen.place, seen.weight, over, odds, hazard, seen.varying, bent, LINKS[link]
    )
    if link != "log":
        return found
    return found + float(rest.sum() - seen.weight[seen.place >= 0].sum())


def _when(seen: PersonPeriods, rows: slice) -> tuple[Indices, Indices, Floats, Floats, Floats]:
    """begin, end, entry, time and edges as the kernels want them."""
    if seen.edges is None or seen.entry is None or seen.time is None:
        return seen.begin[rows], seen.end[rows], NOTHING, NOTHING, NOTHING
    return NO_PLACES, NO_PLACES, seen.entry[rows], seen.time[rows], seen.edges


def _assembled(seen: PersonPeriods, frame: PeriodFrame, crossed: Floats, square: Floats) -> Floats:
    """The information from sums by period. Shapes: crossed (1 + v, M, p + 1); square (p, p) -> (q, q)."""
    k, p, d = seen.sizes
    ways = seen.bends.shape[1]
    found = np.zeros((k + p + d, k + p + d))
    found[:k, :k] = seen.basis.T @ (crossed[0][:, :1] * seen.basis)
    found[:k, k : k + p] = seen.basis.T @ crossed[0][:, 1:]
    found[k : k + p, k : k + p] = square
    for v in range(len(seen.varying)):
        own = slice(k + p + v * ways, k + p + (v + 1) * ways)
        found[:k, own] = seen.basis.T @ (crossed[v + 1][:, :1] * seen.bends)
        found[k : k + p, own] = crossed[v + 1][:, 1:].T @ seen.bends
        for u, other in enumerate(seen.varying):
            # Varying columns are scaled but not centred: a constant times a bend need not lie in the baseline.
            both = crossed[v + 1][:, 1 + other] + frame.centre[other] / frame.scale[other] * crossed[v + 1][:, 0]
            found[own, k + p + u * ways : k + p + (u + 1) * ways] = seen.bends.T @ (both[:, None] * seen.bends)
    return np.asarray(np.triu(found) + np.triu(found, 1).T)
