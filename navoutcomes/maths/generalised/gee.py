"""Generalised estimating equations: means of rows that belong together, averaged over everybody.

With X~ the columns over the working standard deviations and z the Pearson residuals, both turned so that the working
correlation becomes none, the equations are X~'z = 0: least squares, with the correlation estimated anew at each step.
The estimate holds whatever the true correlation; the error is the sandwich over clusters.

Reference: Liang & Zeger 1986; Mancl & DeRouen 2001 (cr3); Kauermann & Carroll 2001 (cr2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_errors import Covariance
from navoutcomes.maths.generalised.glm_kernel import cluster_sums, squares_by_cluster
from navoutcomes.maths.generalised.glm_links import mean
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Frame, Observations
from navoutcomes.maths.generalised.sandwich import bias_reduced, by_cluster, cluster_factor, from_scores
from navoutcomes.maths.generalised.working_correlation import Alike, Blocks, alike, whitened

LINKS = ("logit", "log", "identity")
ERRORS = ("model", "cr0", "cr1", "cr2", "cr3")
STEPS, CLOSE, THIN = 100, 1e-11, 1e-12


@dataclass(frozen=True)
class Solved:
    """Equations solved. Shapes: coefficients, inner (q,) own and of the standardised columns; inverse (q, q) of the
    latter's information; turned (n, q) and rest (n,) columns and residuals without working correlation."""

    coefficients: Floats
    inner: Floats
    inverse: Floats
    frame: Frame
    turned: Floats
    rest: Floats
    alike: Alike
    steps: int

    def home(self, covariance: Floats) -> Floats:
        """A covariance of inner coefficients as one of the outer. Shapes: (q, q) -> (q, q)."""
        found = self.frame.back @ covariance @ self.frame.back.T
        return np.asarray((found + found.T) / 2)


def solve(seen: Observations, link: str, blocks: Blocks, correlation: str) -> Solved:
    """The coefficients that solve the equations.

    Arguments: ``link`` of ``LINKS``, each with its family's variance; ``correlation`` of ``working_correlation.KINDS``;
    rows of ``seen`` block by block. Raises: ``Unfit`` as ``glm.fit``, and where the steps do not settle.
    """
    begun = fit(seen, link)
    columns = np.column_stack([np.ones(len(seen)), (seen.columns - begun.frame.centre) / begun.frame.scale])
    inner, root = begun.inner, np.sqrt(seen.mass)
    for step in range(1, STEPS + 1):
        turned, rest, found = _turned(seen, link, blocks, correlation, columns, inner, root)
        information = turned.T @ turned
        move = np.linalg.solve(information, turned.T @ rest)
        if not np.isfinite(move).all():
            raise Unfit("not-converged", None, step)
        # Where two guesses of the correlation take turns, half a step lies between them.
        inner = inner + (move if step <= STEPS // 2 else move / 2)
        if np.abs(move).max(initial=0.0) <= CLOSE * (1 + np.abs(inner).max(initial=0.0)):
            turned, rest, found = _turned(seen, link, blocks, correlation, columns, inner, root)
            inverse = np.linalg.inv(turned.T @ turned)
            return Solved(begun.frame.back @ inner, inner, inverse, begun.frame, turned, rest, found, step)
    raise Unfit("not-converged", None, STEPS)


def _turned(
    seen: Observations, link: str, blocks: Blocks, correlation: str, columns: Floats, inner: Floats, root: Floats
) -> tuple[Floats, Floats, Alike]:
    """Columns and residuals over the working deviation and without working correlation, at the coefficients."""
    expected = mean(link, columns @ inner + (0.0 if seen.offset is None else seen.offset))
    variance = {"identity": np.ones(1), "log": expected, "logit": expected * (1 - expected)}[link]
    deviation = np.sqrt(np.maximum(variance, THIN))
    rest = root * (seen.response - expected) / deviation
    found = alike(correlation, blocks, rest, root)
    both = np.column_stack([columns * (root * deviation)[:, None], rest])
    both = whitened(correlation, blocks, found.alpha, both)
    return np.ascontiguousarray(both[:, :-1]), np.ascontiguousarray(both[:, -1]), found


def covariance(solved: Solved, kind: str, cluster: Indices, clusters: int) -> Covariance:
    """Arguments: ``kind`` of ``ERRORS``; ``cluster`` (n,) codes without gaps, in which whole blocks lie.

    Degrees of freedom: Satterthwaite's for cr2 and cr3, clusters less one for cr0 and cr1, infinite for the model's.
    """
    q = len(solved.inner)
    if kind == "model":
        return Covariance(solved.home(solved.alike.scale * solved.inverse), np.full(q, np.inf))
    scores = scores_of(solved, cluster, clusters)
    if kind in ("cr2", "cr3"):
        held = _informations(solved, cluster, clusters)
        matrix, df = bias_reduced(solved.inverse, scores, held, solved.frame.back, whole=kind == "cr3")
        return Covariance(matrix, df)
    factor = cluster_factor(kind, clusters, len(cluster), q)
    return Covariance(solved.home(from_scores(solved.inverse, scores)) * factor, np.full(q, clusters - 1.0))


def crossed(solved: Solved, kind: str, first: tuple[Indices, int], second: tuple[Indices, int]) -> Covariance:
    """Rows that belong together in two ways, as offices and months: the sum of both less that of the cells they share.

    Arguments: ``kind`` cr0 or cr1; ``first``, ``second`` codes (n,) and how many. Where the difference is no
    covariance, its negative directions are set to nothing. Degrees of freedom: the fewer clusters less one.
    Reference: Cameron, Gelbach & Miller 2011.
    """
    cells, codes = np.unique(first[0] * second[1] + second[0], return_inverse=True)
    found = sum(
        sign * covariance(solved, kind, *one).matrix
        for sign, one in ((1, first), (1, second), (-1, (codes.astype(np.int64), len(cells))))
    )
    values, vectors = np.linalg.eigh(np.asarray(found))
    if values.min() < 0:
        found = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return Covariance(np.asarray(found), np.full(len(solved.inner), min(first[1], second[1]) - 1.0))


def scores_of(solved: Solved, cluster: Indices, clusters: int) -> Floats:
    """Sums by cluster of what each row says about the coefficients. Shape (G, q)."""
    q = len(solved.inner)
    found = np.zeros((clusters, q))
    cluster_sums(solved.turned, solved.rest, cluster, np.zeros(q), np.ones(q), found)
    return found


def _informations(solved: Solved, cluster: Indices, clusters: int) -> Floats:
    """Shape (G, q, q)."""
    q = len(solved.inner)
    order, ends = by_cluster(cluster, clusters)
    found = np.empty((clusters, q, q))
    mass = np.ones(len(cluster))
    squares_by_cluster(solved.turned, mass, order, ends, 0, clusters, np.zeros(q), np.ones(q), found)
    return found
