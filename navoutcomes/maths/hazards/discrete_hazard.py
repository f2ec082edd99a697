"""Hazards by period: logit, complementary log-log, or rates per time, without a row for each person and period.

A block of people meets all periods in one small table, so a step costs one product of tables, and memory does not grow
with the number of periods at risk. The numbers are those of ``glm`` on one row a person and period.

Reference: Prentice & Gloeckler 1978; Allison 1982; Singer & Willett 1993.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import linalg

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm import SEPARATED
from navoutcomes.maths.generalised.glm_links import inverse as predictor
from navoutcomes.maths.generalised.glm_newton import Unfit, newton
from navoutcomes.maths.generalised.glm_rows import LADDER
from navoutcomes.maths.generalised.sandwich import bias_reduced, by_cluster, cluster_factor
from navoutcomes.maths.hazards.discrete_hazard_pass import Look, cluster_scores, log_likelihood, look
from navoutcomes.maths.hazards.discrete_hazard_rows import PeriodFrame, PersonPeriods, constant

ENOUGH = 5
CLUSTERS_AT_ONCE = 4096


@dataclass(frozen=True)
class HazardFit:
    """Coefficients: baseline (k), columns (p), columns that vary (v r). Shapes: coefficients, inner (q,); inverse
    (q, q) of the expected information about ``inner``; rest (n,) of ``look``; model_covariance (q, q)."""

    link: str
    coefficients: Floats
    inner: Floats
    inverse: Floats
    frame: PeriodFrame
    rest: Floats
    log_likelihood: float
    steps: int

    @property
    def model_covariance(self) -> Floats:
        """The inverse information. Shape (q, q)."""
        return self.home(self.inverse)

    def home(self, covariance: Floats) -> Floats:
        """A covariance of inner coefficients as one of the outer. Shapes: (q, q) -> (q, q)."""
        found = self.frame.back @ covariance @ self.frame.back.T
        return np.asarray((found + found.T) / 2)


def fit(seen: PersonPeriods, link: str = "cloglog") -> HazardFit:
    """The coefficients under which the endings are most likely.

    Arguments: ``link`` cloglog (grouped proportional hazards), logit (odds of ending in the period) or log (rates per
    time; ``seen`` has edges).
    Raises: ``Unfit`` with positions among the coefficients. Assumes: somebody ends and somebody stays in every period
    that has a coefficient of its own.
    """
    frame = PeriodFrame.of(seen)
    inner: Floats = np.zeros(sum(seen.sizes))
    ended, there = seen.endings(), seen.at_risk()
    inner[: seen.sizes[0]] = constant(seen.basis) * predictor(link, float(ended.sum() / there.sum()))
    if len(seen.basis) == seen.sizes[0]:
        # From one share for all, a period with a far larger one would be overshot, and never come back.
        inner[: seen.sizes[0]] = [predictor(link, float(one)) for one in ended / there]
    for step in (100, 10):
        if len(seen) < step * LADDER:
            continue
        part = seen.take(slice(None, None, step))
        if len(seen.basis) == seen.sizes[0] and part.endings().min() < ENOUGH:
            continue
        try:
            inner, _ = newton(_scores(part, frame, link), inner, tolerance=1e-3)
        except Unfit:
            continue
    kept: list[Look] = []
    inner, steps = newton(_scores(seen, frame, link, kept), inner, partial(_separated_along, seen, frame, link))
    if link == "cloglog" or len(seen) <= 10 * LADDER:
        at = look(seen, frame, link, inner, likelihood=True)
        value = at.log_likelihood
    else:
        at = kept[0]
        value = log_likelihood(seen, frame, link, inner, at.rest)
    return HazardFit(
        link=link,
        coefficients=frame.back @ inner,
        inner=inner,
        inverse=linalg.inv(at.information),
        frame=frame,
        rest=at.rest,
        log_likelihood=value,
        steps=steps,
    )


def covariance(
    seen: PersonPeriods, found: HazardFit, kind: str, cluster: Indices | None = None
) -> tuple[Floats, Floats]:
    """Covariance of the coefficients and degrees of freedom of each.

    Arguments: ``kind`` model, cr0, cr1 or cr2; ``cluster`` (n,) codes without gaps, or None: each row its own.
    Shapes: (q, q), (q,).
    """
    q = len(found.inner)
    if kind == "model":
        return found.model_covariance, np.full(q, np.inf)
    codes = np.arange(len(seen)) if cluster is None else cluster
    clusters = int(codes.max()) + 1
    order, ends = by_cluster(codes, clusters)
    if kind == "cr2":
        scores, informations = np.empty((clusters, q)), np.empty((clusters, q, q))
        for g in range(clusters):
            rows = seen.take(order[ends[g] : ends[g + 1]])
            at = look(rows, found.frame, found.link, found.inner)
            scores[g], informations[g] = at.score, at.information
        return bias_reduced(found.inverse, scores, informations, found.frame.back)
    meat = np.zeros((q, q))
    for low in range(0, clusters, CLUSTERS_AT_ONCE):
        high = min(low + CLUSTERS_AT_ONCE, clusters)
        # Few clusters are added up where they stand; many are taken together a few at a time.
        part = slice(None) if clusters <= CLUSTERS_AT_ONCE else order[ends[low] : ends[high]]
        own = cluster_scores(
            seen if isinstance(part, slice) else seen.take(part),
            found.frame,
            found.link,
            found.inner,
            found.rest[part],
            codes[part] - low,
            high - low,
        )
        meat += own.T @ own
    matrix = found.home(found.inverse @ meat @ found.inverse) * cluster_factor(kind, clusters, seen.cells, q)
    return matrix, np.full(q, float(clusters - 1))


def _scores(
    seen: PersonPeriods, frame: PeriodFrame, link: str, kept: list[Look] | None = None
) -> Callable[[Floats], tuple[Floats, Floats]]:
    """What Newton asks for; the last look is kept."""

    def evaluate(inner: Floats) -> tuple[Floats, Floats]:
        found = look(seen, frame, link, inner, observed=True)
        if kept is not None:
            kept[:] = [found]
        return found.score, found.information

    return evaluate


def _separated_along(seen: PersonPeriods, frame: PeriodFrame, link: str, move: Floats) -> Indices | None:
    """Positions of coefficients along which the fit gets better for ever, as ``glm.separated_along``."""
    alpha, beta, bent = frame.split(seen, move)
    own = beta / frame.scale
    periods = np.arange(len(alpha))[:, None]
    worst, farthest = 0.0, 0.0
    for start in range(0, len(seen), 4096):
        rows = slice(start, start + 4096)
        columns = seen.columns[rows]
        along = alpha[:, None] + (columns @ own - frame.centre @ own)
        along = along + bent @ (columns[:, seen.varying] / frame.scale[seen.varying]).T
        ended = periods == seen.place[rows]
        if seen.edges is None or seen.entry is None or seen.time is None:
            here = (seen.begin[rows] <= periods) & (periods < seen.end[rows])
        else:
            here = np.minimum(seen.time[rows], seen.edges[1:, None]) > np.maximum(
                seen.entry[rows], seen.edges[:-1, None]
            )
        worse = np.where(ended, np.abs(along) if link == "log" else -along, along)
        here = (here | ended) & (seen.weight[rows] > 0)
        farthest = max(farthest, float(np.abs(along[here]).max(initial=0.0)))
        worst = max(worst, float(worse[here].max(initial=0.0)))
    if not 0 < farthest < np.inf or worst > SEPARATED * farthest:
        return None
    moved = np.flatnonzero(np.abs(move) > 0.01 * np.abs(move).max())
    later = moved[moved >= seen.sizes[0]]
    return (later if len(later) else moved).astype(np.int64)
