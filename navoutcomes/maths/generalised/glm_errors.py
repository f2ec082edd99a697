"""Covariances of a generalised linear model's coefficients: what the family says, by row, or by cluster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.generalised.glm import Fit
from navoutcomes.maths.generalised.glm_kernel import cluster_sums, leverages, squares_by_cluster, sums
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.generalised.sandwich import (
    CLUSTERS,
    ROWS,
    bias_reduced,
    by_cluster,
    cluster_factor,
    from_scores,
    row_factor,
    row_masses,
)

KINDS = ("model", *ROWS, *CLUSTERS)


@dataclass(frozen=True)
class Covariance:
    """Shapes: matrix (q, q) of the coefficients; df (q,) of Student's t for each, infinite for the normal."""

    matrix: Floats
    df: Floats


def covariance(seen: Observations, fit: Fit, kind: str = "hc3", cluster: Indices | None = None) -> Covariance:
    """Arguments: ``kind`` one of ``KINDS``; ``cluster`` (n,) codes 0.. without gaps, for the last three.

    Degrees of freedom: Satterthwaite's for cr2, clusters less one for cr0 and cr1; otherwise rows less coefficients for
    least squares and infinite for the rest.
    """
    if kind in CLUSTERS:
        if cluster is None:
            raise ValueError(f"{kind} needs clusters")
        return _by_cluster(seen, fit, kind, cluster)
    n, q = len(seen), len(fit.inner)
    df = np.full(q, float(n - q) if fit.link == "identity" else np.inf)
    if kind == "model":
        return Covariance(fit.model_covariance, df)
    masses = row_masses(kind, fit.residual, leverage(seen, fit) if kind in ("hc2", "hc3") else None)
    meat = _gram(seen, fit, masses)
    return Covariance(fit.home(fit.inverse @ meat @ fit.inverse) * row_factor(kind, n, q), df)


def leverage(seen: Observations, fit: Fit) -> Floats:
    """How much of its own fitted value each row decides. Shape (n,), summing to q."""
    root = np.ascontiguousarray(np.linalg.cholesky(fit.inverse).T)
    found, over = np.empty(len(seen)), 1 / fit.frame.scale

    def half(low: int, high: int) -> None:
        leverages(seen.columns[low:high], root, fit.frame.centre, over, found[low:high])

    halves(len(seen), 0, half)
    return np.asarray(found * fit.working)


def scores_by_cluster(seen: Observations, fit: Fit, cluster: Indices) -> Floats:
    """Sums of scores in the standardised columns. Shape (G, q)."""
    shape, over = (int(cluster.max()) + 1, len(fit.inner)), 1 / fit.frame.scale

    def half(low: int, high: int) -> Floats:
        rows, found = slice(low, high), np.zeros(shape)
        cluster_sums(seen.columns[rows], fit.residual[rows], cluster[rows], fit.frame.centre, over, found)
        return found

    return np.asarray(np.sum(halves(len(seen), shape[0] * shape[1], half), axis=0))


def _by_cluster(seen: Observations, fit: Fit, kind: str, cluster: Indices) -> Covariance:
    scores = scores_by_cluster(seen, fit, cluster)
    clusters, q = scores.shape
    if kind != "cr2":
        matrix = fit.home(from_scores(fit.inverse, scores)) * cluster_factor(kind, clusters, len(seen), q)
        return Covariance(matrix, np.full(q, float(clusters - 1)))
    matrix, df = bias_reduced(fit.inverse, scores, _informations(seen, fit, cluster, clusters), fit.frame.back)
    return Covariance(matrix, df)


def _informations(seen: Observations, fit: Fit, cluster: Indices, clusters: int) -> Floats:
    """Information about the standardised coefficients that each cluster holds. Shape (G, q, q)."""
    order, ends = by_cluster(cluster, clusters)
    found = np.empty((clusters, len(fit.inner), len(fit.inner)))
    over = 1 / fit.frame.scale

    def half(low: int, high: int) -> None:
        first, last = np.searchsorted(ends, (low, high))
        last = clusters if high == len(order) else last
        squares_by_cluster(seen.columns, fit.working, order, ends, int(first), int(last), fit.frame.centre, over, found)

    halves(len(order), 0, half)
    return found


def _gram(seen: Observations, fit: Fit, masses: Floats) -> Floats:
    q, over = len(fit.inner), 1 / fit.frame.scale

    def half(low: int, high: int) -> Floats:
        rows, found = slice(low, high), np.empty((q, q))
        sums(seen.columns[rows], masses[rows], masses[rows], fit.frame.centre, over, np.empty(q), found)
        return found

    return np.asarray(np.sum(halves(len(seen), q * q, half), axis=0))
