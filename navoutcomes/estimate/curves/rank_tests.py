"""Do curves differ between groups? The log-rank family for hazards, Gray's test for shares that leave for a cause."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.curves.rank_refusals import refuse_one_time, refuse_unseen
from navoutcomes.estimate.few_persons import few_in_groups
from navoutcomes.estimate.regression.trend import Scores, group_scores
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS, RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Cells, Counts, tally
from navoutcomes.maths.curves.gray import GrayTest
from navoutcomes.maths.curves.gray import gray_test as gray
from navoutcomes.maths.curves.logrank import RankTest, rank_test, robust_rank_test, weight_function
from navoutcomes.maths.trend import trend as trend_statistic
from navoutcomes.notes import Log, Note, note, warning

WEIGHTS = ("logrank", "gehan", "tarone-ware", "peto", "modified-peto", "fleming-harrington")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class GroupTest(Result):
    """A test of no difference. ``score`` (A,) and ``covariance`` (A, A) by group are what it is made of."""

    statistic: float
    df: int
    p_value: float
    score: np.ndarray
    covariance: np.ndarray


@door
def logrank_test(
    people: FollowUp | RiskTable,
    by: str = "arm",
    weights: str = "logrank",
    rho: float = 0.0,
    gamma: float = 0.0,
    strata: str | None = None,
    cause: str | None = None,
    errors: str | None = None,
    trend: Scores = None,
) -> GroupTest:
    """Do people in different groups leave at different rates?

    Arguments: ``by`` a column; ``weights`` one of ``WEIGHTS``, with ``rho`` and ``gamma`` for fleming-harrington
    (rho = 1 is R's ``survdiff(rho=1)``); ``strata`` a column within whose levels groups are compared; ``cause`` one
    ending (the others then stop observation: its cause-specific hazard), or None for leaving at all; ``errors``
    ``lin-wei`` for clusters as R does; ``trend`` a number for each group, in order or by name: does the rate grow or
    fall with it (one degree of freedom)?
    Shapes: ``table`` has two rows a group, measure ``observed`` and ``expected``; ``statistic`` on ``df`` degrees. A
    group of fewer than three persons leaves no p-value.
    Raises: ``DesignProblem`` for one group, fewer than six clusters or two in an arm, or arms fixed by cluster (compare
    offices with ``contrast`` instead); for a cause nobody ended for, and where all leave at one time.
    Reference: Mantel 1966; Fleming & Harrington 1991; Lin & Wei 1989 for weights and clusters.
    """
    if weights not in WEIGHTS:
        raise DesignProblem("choice_unknown", asked=weights, known=WEIGHTS)
    if (rho or gamma) and weights == "logrank":
        weights = "fleming-harrington"
    if (rho or gamma) and weights != "fleming-harrington":
        raise DesignProblem("choice_unknown", asked=f"{weights}, rho=, gamma=", known=("fleming-harrington",))
    counts = as_risk_table(people, by, strata)
    check_groups(counts)
    layers = list(counts.strata.values()) or [counts.cells]
    place = None if cause is None else counts.cause(cause)
    if place is not None:
        refuse_unseen(counts, place)
    refuse_one_time(counts)
    cells = [[_only(one, place) for one in layer.values()] for layer in layers]
    weight = weight_function(weights, rho, gamma)
    if counts.weighted or counts.clustered != "none":
        found = _robust(counts, cells, weight, errors)
    else:
        found = rank_test([[tally(one) for one in layer] for layer in cells], weight)
    scores = group_scores(counts, trend)
    if scores is not None:
        # With offices the sum of squares is itself uncertain, so F with offices less one.
        rest = counts.clusters - 1 if counts.clustered == "office" and errors != "lin-wei" else None
        found = RankTest(**{**vars(found), **_along(found.score, found.covariance, scores, rest)})
    again = partial(logrank_test, by=by, weights=weights, rho=rho, gamma=gamma, cause=cause, errors=errors)
    again = again if scores is None else partial(again, trend=dict(zip(counts.groups, scores.tolist(), strict=True)))
    method = note("method_logrank", weights=weights, rho=f"{rho:g}", gamma=f"{gamma:g}")
    return _result(counts, found, cause, (method, *_stratified(counts), *_ordered(scores)), again)


@door
def gray_test(
    people: FollowUp | RiskTable,
    by: str = "arm",
    cause: str | None = None,
    strata: str | None = None,
    rho: float = 0.0,
    trend: Scores = None,
) -> GroupTest:
    """Do different shares leave for a cause in different groups, when other causes compete?

    Arguments: ``by`` a column; ``cause`` an ending (None: the outcome); ``strata`` a column; ``rho`` weights by
    (1 - F(t-))^rho; ``trend`` as in ``logrank_test``.
    Shapes: ``table`` has one row a group: events for the cause and persons; ``statistic`` on ``df`` degrees. A group of
    fewer than three persons leaves no p-value.
    Raises: ``DesignProblem`` for one group, nobody ending for the cause, delayed entry, weights or clusters: the
    published variance has no place for them (use ``contrast`` at stated times).
    Reference: Gray 1988; the same numbers as R ``cmprsk::cuminc``.
    """
    counts = as_risk_table(people, by, strata)
    check_groups(counts)
    for present, what in (
        (counts.delayed, "entry"),
        (counts.weighted, "weight"),
        (counts.clustered != "none", "cluster"),
    ):
        if present:
            raise DesignProblem("gray_cannot", argument=what)
    place = counts.cause(cause)
    refuse_unseen(counts, place)
    layers = list(counts.strata.values()) or [counts.cells]
    found = gray([[tally(one) for one in layer.values()] for layer in layers], place, rho)
    scores = group_scores(counts, trend)
    if scores is not None and found.df > 0:
        found = GrayTest(**{**vars(found), **_along(found.score, found.covariance, scores, None)})
    few = few_in_groups(counts)
    rows = [
        {
            "group": name,
            "cause": counts.causes[place],
            "measure": "score",
            "estimate": float(found.score[at]),
            "std_error": float(np.sqrt(max(found.covariance[at, at], 0.0))),
            "at_risk": float(counts.persons(name)),
            "events": float(counts.groups[name].events[place].sum()),
        }
        for at, name in enumerate(counts.groups)
    ]
    return GroupTest(
        level=0.95,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_gray", rho=f"{rho:g}"), *_stratified(counts), *_ordered(scores)),
        findings=empty_test(found.df) + few,
        counts=counts,
        again=partial(gray_test, by=by, cause=cause, rho=rho, trend=trend),
        statistic=found.statistic,
        df=found.df,
        p_value=np.nan if few else found.p_value,
        score=found.score,
        covariance=found.covariance,
        _table=tidy(pd.DataFrame(rows)),
    )


def empty_test(df: int) -> Log:
    """A remark where nobody could be compared with anybody and the test has no numbers."""
    return Log((warning("test_without_information"),) if df == 0 else ())


def check_groups(counts: RiskTable) -> None:
    """Raises ``DesignProblem`` for one group."""
    if len(counts.groups) < 2:
        raise DesignProblem("one_group", column=str(counts.by), levels=list(counts.groups))


def _along(score: Floats, covariance: Floats, scores: Floats, rest: int | None) -> dict[str, float | int]:
    """The test of a trend: chi-square, or F with ``rest`` degrees of freedom below."""
    statistic = trend_statistic(score, covariance, scores)
    p_value = stats.chi2.sf(statistic, 1) if rest is None else stats.f.sf(statistic, 1, rest)
    return {"statistic": statistic, "df": int(np.isfinite(statistic)), "p_value": float(p_value)}


def _ordered(scores: Floats | None) -> tuple[Note, ...]:
    return () if scores is None else (note("method_trend", scores=[f"{one:g}" for one in scores]),)


def _only(cells: Cells, cause: int | None) -> Cells:
    """Cells in which only one ending counts as one."""
    if cause is None:
        return cells
    return Cells(**{**vars(cells), "cause": np.where(cells.cause == cause, 0, -1), "causes": 1})


def _robust(counts: RiskTable, cells: list[list[Cells]], weight: object, errors: str | None) -> RankTest:
    offices = counts.clustered == "office"
    if offices and errors != "lin-wei":
        check_clusters(counts)
        if counts.fixed_by_cluster:
            offices_of = [f"{name}: {counts.clusters_in(name)}" for name in counts.groups]
            facts = {"column": str(counts.by), "clusters": counts.clusters, "each": offices_of}
            raise DesignProblem("arm_fixed_by_cluster", **facts)
    masses: list[list[Counts]] = [[tally(one, weighted=counts.weighted) for one in layer] for layer in cells]
    pairs = list(zip(masses, cells, strict=True))
    found = robust_rank_test(pairs, weight, counts.clusters or None)  # type: ignore[arg-type]
    if not offices or errors == "lin-wei" or found.df == 0:
        return found
    # Few offices: the sum of squares is itself uncertain, so F with offices less one.
    p_value = float(stats.f.sf(found.statistic / found.df, found.df, counts.clusters - 1))
    return RankTest(**{**vars(found), "p_value": p_value})


def check_clusters(counts: RiskTable) -> None:
    """Raises ``DesignProblem`` for fewer than six clusters, or a group with fewer than two."""
    by_group = {name: counts.clusters_in(name) for name in counts.groups}
    if counts.clusters < FEWEST_CLUSTERS or min(by_group.values()) < 2:
        raise DesignProblem(
            "too_few_clusters",
            clusters=counts.clusters,
            fewest=FEWEST_CLUSTERS,
            arm=min(by_group, key=by_group.__getitem__),
        )


def _stratified(counts: RiskTable) -> tuple[Note, ...]:
    return (note("method_stratified", strata=len(counts.strata)),) if counts.strata else ()


def _result(
    counts: RiskTable, found: RankTest, cause: str | None, method: tuple[Note, ...], again: partial[GroupTest]
) -> GroupTest:
    rows, few = [], few_in_groups(counts)
    for at, name in enumerate(counts.groups):
        persons = counts.groups[name]
        ended = persons.all_events if cause is None else persons.events[counts.cause(cause)]
        base = {"group": name, "at_risk": float(counts.persons(name)), "events": float(ended.sum())}
        base |= {} if cause is None else {"cause": cause}
        rows.append(base | {"measure": "observed", "estimate": float(found.observed[at])})
        rows.append(base | {"measure": "expected", "estimate": float(found.expected[at])})
    return GroupTest(
        level=0.95,
        unit=counts.unit,
        origin=counts.origin,
        method=method,
        findings=empty_test(found.df) + few,
        counts=counts,
        again=again,
        statistic=found.statistic,
        df=found.df,
        p_value=np.nan if few else found.p_value,
        score=found.score,
        covariance=found.covariance,
        _table=tidy(pd.DataFrame(rows)),
    )
