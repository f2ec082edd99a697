"""Tests of one number by group: the share that has left by a stated time, and the mean time up to a horizon."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.curves.rank_tests import GroupTest, check_clusters, check_groups
from navoutcomes.estimate.curves.restricted_mean import check_horizon, mean_of
from navoutcomes.estimate.few_persons import few_in_groups
from navoutcomes.estimate.regression.precision import precision
from navoutcomes.estimate.result import tidy
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, incidence_influence
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, survival_influence
from navoutcomes.maths.influence import Total, influences, jackknife
from navoutcomes.maths.wald import SCALES, equal, equal_means, on_scale
from navoutcomes.notes import Log, Note, note, warning


@dataclass(frozen=True)
class _Number:
    """One group's number, its variance when its people stand alone, and the influence on it."""

    value: float
    variance: float
    pull: Total


@door
def fixed_time_test(
    people: FollowUp | RiskTable,
    at: float,
    by: str = "arm",
    cause: str | None = None,
    scale: str = "cloglog",
    errors: str | None = None,
) -> GroupTest:
    """Have different shares left by a stated time in different groups?

    Arguments: ``at`` in the follow-up's unit, chosen before looking; ``by`` a column; ``cause`` an ending, or None for
    any; ``scale`` on which shares are compared: cloglog, plain, log, logit, arcsine; ``errors`` as in
    ``survival_curve`` (``lin-wei`` for clusters as R does).
    Shapes: ``table`` has one row a group: the share that has left and its standard error; ``statistic`` on ``df``
    degrees. Where every office stands in one group, means of the offices' pseudo-values are compared (F).
    A group of fewer than three persons leaves no p-value.
    Raises: ``DesignProblem`` for one group, a time beyond follow-up, fewer than six clusters or two in a group.
    Assumes: one time; for the whole curve use ``gray_test`` or ``logrank_test``.
    Reference: Klein, Logan, Harhoff & Andersen 2007.
    """
    if scale not in SCALES:
        raise DesignProblem("choice_unknown", asked=scale, known=SCALES)
    counts = as_risk_table(people, by)
    place = None if cause is None else counts.cause(cause)
    time = float(counts.clock(at)[0])

    def number(group: str) -> _Number:
        return _share(counts, group, time, place, errors)

    again = partial(fixed_time_test, at=at, by=by, cause=cause, scale=scale, errors=errors)
    return _tested(counts, number, time, cause, "share left", scale, errors, again, note("method_fixed_time"))


@door
def restricted_mean_test(
    people: FollowUp | RiskTable,
    horizon: float,
    by: str = "arm",
    cause: str | None = None,
    errors: str | None = None,
    small_sample: bool = True,
) -> GroupTest:
    """Do mean times up to a horizon differ between groups?

    Arguments: as in ``restricted_mean``; ``by`` a column.
    Shapes: ``table`` has one row a group: the mean and its standard error; ``statistic`` on ``df`` degrees. Where every
    office stands in one group, means of the offices' pseudo-values are compared (F).
    A group of fewer than three persons leaves no p-value.
    Raises: ``DesignProblem`` for one group, a horizon beyond follow-up, fewer than six clusters or two in a group.
    Reference: Royston & Parmar 2013; Andersen 2013.
    """
    counts = as_risk_table(people, by)
    place = None if cause is None else counts.cause(cause)
    limit = float(counts.clock(horizon, "horizon")[0])

    def number(group: str) -> _Number:
        return _Number(*mean_of(counts, group, limit, place, errors, small_sample))

    again = partial(restricted_mean_test, horizon=horizon, by=by, cause=cause, errors=errors, small_sample=small_sample)
    measure = "restricted mean" if cause is None else "restricted mean time lost"
    method = note("method_restricted_mean" if cause is None else "method_time_lost")
    return _tested(counts, number, limit, cause, measure, "plain", errors, again, method)


def _share(counts: RiskTable, group: str, time: float, place: int | None, errors: str | None) -> _Number:
    """The share that has left by a time, for any ending or one."""
    mass, cells = counts.mass(group), counts.cells[group]
    how = precision(counts, group, 0.95, errors, always_robust=place is not None)
    at = int(np.searchsorted(mass.time, time * (1 + 1e-12), side="right")) - 1
    if place is not None:
        pull = incidence_influence(mass, place).at(at)
        return _Number(float(aalen_johansen(mass).incidence[place, at]), float(jackknife(cells, mass, pull)[0]), pull)
    found = kaplan_meier(mass)
    stay = survival_influence(mass).at(at)
    variance = float(jackknife(cells, mass, stay)[0]) if how.robust else float(found.std_error[at]) ** 2
    return _Number(1 - float(found.survival[at]), variance, Total(-stay.worth))


def _tested(
    counts: RiskTable,
    number: Callable[[str], _Number],
    time: float,
    cause: str | None,
    measure: str,
    scale: str,
    errors: str | None,
    again: partial[GroupTest],
    method: Note,
) -> GroupTest:
    check_groups(counts)
    offices = counts.clustered == "office" and errors != "lin-wei"
    if offices:
        check_clusters(counts)
    for group in counts.groups:
        check_horizon(counts, group, time)
    numbers = {group: number(group) for group in counts.groups}
    values, slope = on_scale(scale, np.array([one.value for one in numbers.values()]))
    if counts.clustered == "none":
        covariance = np.diag([one.variance for one in numbers.values()])
    else:
        pulls = _pulls(counts, numbers)
        covariance = pulls.T @ pulls
    error, few = np.sqrt(np.diag(covariance)), few_in_groups(counts)
    covariance = slope[:, None] * covariance * slope
    if offices and counts.fixed_by_cluster:
        statistic, df, rest = equal_means(_by_office(counts, numbers))
        p_value, how = float(stats.f.sf(statistic, df, rest)), note("contrast_offices")
    else:
        statistic, df = equal(values, covariance)
        tail = stats.f.sf(statistic / max(df, 1), df, counts.clusters - 1) if offices else stats.chi2.sf(statistic, df)
        p_value, how = float(tail) if df else float("nan"), note(f"scale_{scale}")
    rows = [
        {
            "group": group,
            **({} if cause is None else {"cause": cause}),
            "measure": measure,
            "time": time,
            "estimate": one.value,
            "std_error": float(error[place]),
            "at_risk": float(counts.persons(group)),
            "events": _events(counts, group, cause, time),
        }
        for place, (group, one) in enumerate(numbers.items())
    ]
    return GroupTest(
        level=0.95,
        unit=counts.unit,
        origin=counts.origin,
        method=(method, how),
        findings=few + Log(() if np.isfinite(statistic) else (warning("numbers_without_spread"),)),
        counts=counts,
        again=again,
        statistic=statistic,
        df=df,
        p_value=np.nan if few else p_value,
        score=values,
        covariance=covariance,
        _table=tidy(pd.DataFrame(rows)),
    )


def _pulls(counts: RiskTable, numbers: dict[str, _Number]) -> Floats:
    """Influence of each cluster on each group's number. Shape (clusters, A)."""
    found = [
        influences(counts.cells[name], counts.mass(name), one.pull, counts.clusters) for name, one in numbers.items()
    ]
    return np.concatenate(found, axis=1)


def _by_office(counts: RiskTable, numbers: dict[str, _Number]) -> list[Floats]:
    """By group, the mean of each office's pseudo-values."""
    means = []
    for (name, one), pull in zip(numbers.items(), _pulls(counts, numbers).T, strict=True):
        cells = counts.cells[name]
        size = np.bincount(np.asarray(cells.cluster), cells.weight, minlength=counts.clusters)
        here = size > 0
        means.append(one.value + size.sum() * pull[here] / size[here])
    return means


def _events(counts: RiskTable, group: str, cause: str | None, time: float) -> float:
    persons = counts.groups[group]
    own = persons.all_events if cause is None else persons.events[counts.cause(cause)]
    return float(own[persons.time <= time * (1 + 1e-12)].sum())
