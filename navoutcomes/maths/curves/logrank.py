"""The log-rank family: do curves differ, with every weight that is in use.

Reference: Mantel 1966; Gehan 1965; Tarone & Ware 1977; Peto & Peto 1972; Fleming & Harrington 1991. Hypergeometric
variance; strata are added. With weights or clusters the variance is the sum of squared influences (Lin & Wei 1989).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from scipy import stats

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Cells, Counts
from navoutcomes.maths.curves.kaplan_meier import before, inverse, kaplan_meier
from navoutcomes.maths.influence import Total, totals

Weight = Callable[[Counts], Floats]


@dataclass(frozen=True)
class RankTest:
    """Shapes: score, observed, expected (A,) one a group; covariance (A, A); df = groups that say something, less
    one."""

    score: Floats
    covariance: Floats
    observed: Floats
    expected: Floats
    statistic: float
    df: int
    p_value: float


def weight_function(name: str, rho: float = 0.0, gamma: float = 0.0) -> Weight:
    """The weight at each time from the pooled counts. Names: logrank, gehan, tarone-ware, peto, modified-peto,
    fleming-harrington (S(t-)^rho (1 - S(t-))^gamma). Raises ``KeyError`` for another name."""

    def peto(pooled: Counts) -> Floats:
        return np.asarray(np.cumprod(1 - pooled.all_events / (pooled.at_risk + 1)))

    def harrington(pooled: Counts) -> Floats:
        s = before(kaplan_meier(pooled).survival, 1.0)
        return np.asarray(s**rho * (1 - s) ** gamma)

    weights: dict[str, Weight] = {
        "logrank": lambda pooled: np.ones_like(pooled.time),
        "gehan": lambda pooled: pooled.at_risk,
        "tarone-ware": lambda pooled: np.sqrt(pooled.at_risk),
        "peto": peto,
        "modified-peto": lambda pooled: peto(pooled) * pooled.at_risk / (pooled.at_risk + 1),
        "fleming-harrington": harrington,
    }
    return weights[name]


def rank_test(strata: Sequence[Sequence[Counts]], weight: Weight) -> RankTest:
    """Compare groups within strata.

    Arguments: one sequence of counts a stratum, the same groups in the same order in each, on one grid a stratum.
    """
    groups = len(strata[0])
    score, covariance = np.zeros(groups), np.zeros((groups, groups))
    observed, expected = np.zeros(groups), np.zeros(groups)
    for counts in strata:
        seen, meant, spread = _one_stratum(counts, weight)
        observed, expected = observed + seen, expected + meant
        score, covariance = score + seen - meant, covariance + spread
    return _finish(score, covariance, observed, expected)


def robust_rank_test(
    strata: Sequence[tuple[Sequence[Counts], Sequence[Cells]]], weight: Weight, clusters: int | None
) -> RankTest:
    """The same for weighted people, or people in clusters: the variance is the sum of squared influences.

    Arguments: for each stratum the weighted counts and the cells of each group; ``clusters`` how many cluster codes
    there are, or None when each person stands alone.
    """
    groups = len(strata[0][0])
    observed, expected = np.zeros(groups), np.zeros(groups)
    pulls: Floats = np.zeros((clusters or 0, groups))
    covariance, largest = np.zeros((groups, groups)), 0.0
    for counts, cells in strata:
        seen, meant, _ = _one_stratum(counts, weight)
        observed, expected = observed + seen, expected + meant
        pooled = reduce(add, counts)
        scale, inverse_risk = weight(pooled), inverse(pooled.at_risk)
        largest = max(largest, float(scale[pooled.all_events > 0].max(initial=0.0)))
        for own in range(groups):
            toward = [scale * (float(own == g) - counts[g].at_risk * inverse_risk) for g in range(groups)]
            whose = cells[own]
            pull = np.array([totals(whose, pooled, Total(np.tile(one, (whose.causes, 1)))) for one in toward])
            if clusters is None:
                covariance = covariance + (pull * whose.weight_squared) @ pull.T
            else:
                codes = np.asarray(whose.cluster)
                pulls += np.array([np.bincount(codes, whose.weight * one, minlength=clusters) for one in pull]).T
    covariance = pulls.T @ pulls if clusters is not None else covariance
    everybody = [one for _, cells in strata for one in cells]
    square = sum(float(one.weight_squared.sum()) for one in everybody)
    persons = sum(float(one.persons.sum()) for one in everybody)
    return _finish(observed - expected, covariance, observed, expected, unit=largest**2 * square / persons)


def _one_stratum(counts: Sequence[Counts], weight: Weight) -> tuple[Floats, Floats, Floats]:
    pooled = reduce(add, counts)
    risk, ended = pooled.at_risk, pooled.all_events
    at = ended > 0
    scale, risk, ended = weight(pooled)[at], risk[at], ended[at]
    own_risk = np.array([one.at_risk[at] for one in counts])
    own_ended = np.array([one.all_events[at] for one in counts])
    share = own_risk / risk
    several = np.divide(risk - ended, risk - 1, out=np.zeros_like(risk), where=risk > 1)
    spread = scale**2 * ended * several
    covariance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    return (own_ended * scale).sum(axis=1), (share * ended * scale).sum(axis=1), covariance


def _finish(score: Floats, covariance: Floats, observed: Floats, expected: Floats, unit: float = 1.0) -> RankTest:
    """``unit`` is what one person's square counts: a variance that is nothing beside it is rounding, and tells
    nothing."""
    tells = np.diag(covariance) > 1e-12 * max(unit, float(np.max(np.abs(covariance), initial=0.0)))
    df = max(int(tells.sum()) - 1, 0)
    if df == 0:
        return RankTest(score, covariance, observed, expected, float("nan"), 0, float("nan"))
    keep = np.flatnonzero(tells)[1:]
    part = covariance[np.ix_(keep, keep)]
    statistic = float(score[keep] @ np.linalg.pinv(part, hermitian=True) @ score[keep])
    return RankTest(score, covariance, observed, expected, statistic, df, float(stats.chi2.sf(statistic, df)))
