"""Standard errors that do not take the model's word for the spread: by row, and by cluster with few clusters in mind.

With M the inverse information, u_g the score and B_g the information of cluster g, and S_g = M^(1/2) B_g M^(1/2) the
share of the information that the cluster holds: CR0 is M (sum u_g u_g') M; CR2 puts (I - S_g)^(-1/2) between, which
makes it unbiased when the working model is right. Nothing as large as a cluster is ever made.

Reference: Liang & Zeger 1986; MacKinnon & White 1985 (HC); Bell & McCaffrey 2002; Pustejovsky & Tipton 2018, with the
symmetric root taken of rows divided by their working standard deviations.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

ROWS = ("hc0", "hc1", "hc2", "hc3")
CLUSTERS = ("cr0", "cr1", "cr2")
ALL_OF_IT = 1e-9


def row_masses(kind: str, residual: Floats, leverage: Floats | None) -> Floats:
    """What each row's x x' is multiplied by in the meat. Shapes: (n,), (n,) or None -> (n,).

    Arguments: ``kind`` one of ``ROWS``; ``leverage`` is needed by hc2 and hc3.
    """
    if kind in ("hc0", "hc1") or leverage is None:
        return residual**2
    left = np.maximum(1 - leverage, ALL_OF_IT)
    return np.asarray((residual / left) ** 2 if kind == "hc3" else residual**2 / left)


def row_factor(kind: str, rows: int, parameters: int) -> float:
    """By what the whole is multiplied: n / (n - q) for hc1."""
    return rows / (rows - parameters) if kind == "hc1" and rows > parameters else 1.0


def cluster_factor(kind: str, clusters: int, rows: int, parameters: int) -> float:
    """By what the whole is multiplied: G / (G - 1) times (n - 1) / (n - q) for cr1 (Stata; R ``vcovCL`` HC1)."""
    if kind != "cr1" or clusters < 2 or rows <= parameters:
        return 1.0
    return clusters / (clusters - 1) * (rows - 1) / (rows - parameters)


def by_cluster(cluster: Indices, clusters: int) -> tuple[Indices, Indices]:
    """Rows cluster by cluster, and where each cluster begins. Shapes: (n,) codes -> (n,), (clusters + 1,)."""
    # Sorting small whole numbers is linear.
    small = cluster.astype(np.uint16) if clusters <= 1 << 16 else cluster
    order = np.argsort(small, kind="stable").astype(np.int64)
    return order, np.concatenate([[0], np.cumsum(np.bincount(cluster, minlength=clusters))]).astype(np.int64)


def from_scores(inverse: Floats, scores: Floats) -> Floats:
    """M (sum u u') M. Shapes: inverse (q, q); scores (G, q), one row a cluster or a person -> (q, q)."""
    pulls = scores @ inverse
    return np.asarray(pulls.T @ pulls)


def bias_reduced(
    inverse: Floats, scores: Floats, informations: Floats, contrasts: Floats, whole: bool = False
) -> tuple[Floats, Floats]:
    """CR2 covariance of contrasts of the coefficients, and Satterthwaite's degrees of freedom of each.

    ``whole`` puts (I - S_g)^(-1) between instead of its root (Mancl & DeRouen 2001): what leaving each cluster out in
    turn would move. A direction that one cluster alone informs about is left as it is (its residuals are 0 there).
    Shapes: inverse (q, q); scores (G, q); informations (G, q, q); contrasts (c, q) -> (c, c), (c,).
    """
    values, vectors = np.linalg.eigh(inverse)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    held, turned = np.linalg.eigh(root @ informations @ root)
    held = np.clip(held, 0.0, 1.0)
    left = 1 - held
    kept = np.where(left > ALL_OF_IT, left, 1.0)
    lift = np.where(left > ALL_OF_IT, 1 / (kept if whole else np.sqrt(kept)), 0.0)

    def turn(right: Floats) -> Floats:
        """In the coordinates of each cluster's own directions: (..., q, c)."""
        return np.asarray(np.swapaxes(turned, 1, 2) @ right)

    def back(right: Floats) -> Floats:
        return np.asarray(turned @ right)

    lifted = back(lift[:, :, None] * turn((scores @ root)[:, :, None]))[:, :, 0]
    asked = root @ contrasts.T
    pulls = lifted @ asked
    covariance = pulls.T @ pulls

    own = turn(asked)
    squares = np.einsum("gq,gqc->gc", lift**2 * held, own**2)
    shares = back((lift * held)[:, :, None] * own)
    with np.errstate(divide="ignore", invalid="ignore"):
        df = _satterthwaite(squares, shares)
    return covariance, df


def _satterthwaite(squares: Floats, shares: Floats) -> Floats:
    """(sum of P_gg)^2 / sum of P_gh^2, with P_gh = [g = h] squares_g - shares_g' shares_h, for each contrast.

    Shapes: squares (G, c); shares (G, q, c) -> (c,).
    """
    lengths = np.einsum("gqc,gqc->gc", shares, shares)
    mean = (squares - lengths).sum(axis=0)
    crossed = np.einsum("gqc,grc->qrc", shares, shares)
    spread = (squares**2 - 2 * squares * lengths).sum(axis=0) + (crossed**2).sum(axis=(0, 1))
    return np.asarray(mean**2 / spread)
