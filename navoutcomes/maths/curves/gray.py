"""Gray's test: do cumulative incidences of one cause differ between groups?

A log-rank test that keeps those who left for other causes in the risk set, so that it compares the shares that leave
for the cause and not the hazards among those who stay.

Reference: Gray 1988, Annals of Statistics 16:1141 (score 3.1-3.2 and the variance of section 3); R ``cmprsk`` gives the
same numbers. Delayed entry and weights have no place in the published variance and are refused one floor up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Counts
from navoutcomes.maths.curves.kaplan_meier import before, inverse, kaplan_meier


@dataclass(frozen=True)
class GrayTest:
    """Shapes: score (A,), covariance (A, A) one a group; df = groups less one."""

    score: Floats
    covariance: Floats
    statistic: float
    df: int
    p_value: float


def gray_test(strata: Sequence[Sequence[Counts]], cause: int, rho: float = 0.0) -> GrayTest:
    """Compare the incidence of ``cause`` between groups within strata; ``rho`` weights by (1 - F(t-))^rho.

    Arguments: one sequence of counts a stratum, the same groups in the same order in each.
    """
    groups = len(strata[0])
    score, covariance = np.zeros(groups), np.zeros((groups, groups))
    for counts in strata:
        own_score, own_covariance = _one_stratum(counts, cause, rho)
        score, covariance = score + own_score, covariance + own_covariance
    part = covariance[1:, 1:]
    df = int(np.linalg.matrix_rank(part, hermitian=True)) if groups > 1 else 0
    # Where nearly all leave at one time the paper's factor for ties turns a variance negative, and ``cmprsk`` prints a
    # negative chi-square; there is no test then.
    if df == 0 or float(np.linalg.eigvalsh(part).min()) < -1e-10 * float(np.abs(part).max()):
        return GrayTest(score, covariance, float("nan"), 0, float("nan"))
    statistic = float(score[1:] @ np.linalg.pinv(part, hermitian=True) @ score[1:])
    return GrayTest(score, covariance, statistic, df, float(stats.chi2.sf(statistic, df)))


@dataclass(frozen=True)
class _Paths:
    """By group (A, T) at the times with an ending: at risk, exits for the cause and for others, and the curves."""

    risk: Floats
    own: Floats
    other: Floats
    stay: Floats
    stay_after: Floats
    incidence: Floats


def _paths(counts: Sequence[Counts], cause: int) -> _Paths:
    ended = np.sum([one.all_events for one in counts], axis=0) > 0
    risk = np.array([one.at_risk for one in counts])
    own = np.array([one.events[cause] for one in counts])
    other = np.array([one.all_events for one in counts]) - own
    after = np.array([kaplan_meier(one).survival for one in counts])
    stay = before(after, 1.0)
    incidence = before(np.cumsum(own * stay * inverse(risk), axis=1), 0.0)
    return _Paths(*(array[:, ended] for array in (risk, own, other, stay, after, incidence)))


def _one_stratum(counts: Sequence[Counts], cause: int, rho: float) -> tuple[Floats, Floats]:
    path = _paths(counts, cause)
    groups, times = path.risk.shape
    present = (path.risk > 0) & (path.stay > 0)
    reach = np.where(present, path.risk * inverse(path.stay), 0.0)
    pooled_reach = reach.sum(axis=0)
    kept = reach * (1 - path.incidence)
    exits = path.own.sum(axis=0)
    pooled_after = np.cumsum(exits * inverse(pooled_reach))
    pooled = before(pooled_after, 0.0)
    tilt = (1 - pooled) ** rho

    expected = exits * kept * inverse(kept.sum(axis=0))
    score = ((path.own - np.where(present, expected, 0.0)) * tilt).sum(axis=1)

    # Notation of the paper's variance: a_ij(t), its integral c_ij(t), and two kinds of increments.
    share = reach * inverse(pooled_reach)
    a = tilt * reach[:, None, :] * (np.eye(groups)[:, :, None] - share[None, :, :])
    step = np.where(pooled < 1, exits * inverse(pooled_reach * (1 - pooled)), 0.0)
    c = np.cumsum(a * step, axis=2)
    covariance = np.zeros((groups, groups))
    for k in range(groups):
        here = present[k]
        rest = inverse(path.stay_after[k])
        ratio = (1 - pooled_after) * rest
        own_ties = _tie_factor(exits, pooled_reach * path.stay[k])
        own = np.where(here & (exits > 0), own_ties * path.stay[k] * exits * inverse(pooled_reach * path.risk[k]), 0.0)
        own_ratio = np.where(path.stay_after[k] > 0, 1 - ratio, 1.0)
        other_ties = _tie_factor(path.other[k], path.risk[k])
        other = other_ties * (path.stay[k] * inverse(path.risk[k])) ** 2 * path.other[k]
        other = np.where(here & (path.stay_after[k] > 0), other, 0.0)

        # Influence of a surprise at t on the final score: what it does now, and what it carries to the end.
        end = c[:, k, -1][:, None] if times else np.zeros((groups, 1))
        pull_own = a[:, k, :] + own_ratio * (end - c[:, k, :])
        pull_other = -ratio * (end - c[:, k, :])
        covariance += (pull_own * own) @ pull_own.T + (pull_other * other) @ pull_other.T
    return score, covariance


def _tie_factor(tied: Floats, risk: Floats) -> Floats:
    """One less (d - 1) / (n - 1): the share of tied exits that still varies."""
    return np.where(tied > 1, 1 - (tied - 1) * inverse(risk - 1), 1.0)
