"""Mean time until exit, and mean time gained after an exit for a cause, up to a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.curves.late_entry import late_entry
from navoutcomes.estimate.few_persons import FEWEST_PERSONS, few_in_groups
from navoutcomes.estimate.regression.precision import precision
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.counting import Counts
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, incidence_influence
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, survival_influence
from navoutcomes.maths.curves.restricted_mean import area, area_influence, events_by, survival_area
from navoutcomes.maths.influence import Total, jackknife
from navoutcomes.notes import Log, note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class RestrictedMeans(Result):
    """Mean times up to a horizon, by group, in the follow-up's unit."""

    horizon: float


@door
def restricted_mean(
    people: FollowUp | RiskTable,
    horizon: float,
    by: str | None = None,
    cause: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
    small_sample: bool = True,
) -> RestrictedMeans:
    """How long, on average, until exit; or with ``cause``, how long since an exit for it, within the horizon?

    With ``cause="job"`` the answer is the mean time since a job began up to the horizon (time gained in work as long as
    the job lasts). Arguments: ``horizon`` in the follow-up's unit; ``by`` a column; ``level`` 0-1; ``errors`` as in
    ``survival_curve``; ``small_sample`` multiplies the variance by m / (m - 1), m the endings of the group up to the
    horizon (False for parity with R; never with weights or clusters).
    Shapes: ``table`` has one row a group: estimate, std_error and, of three persons or more, conf_low and conf_high.
    Raises: ``DesignProblem`` for a horizon beyond a group's follow-up.
    Reference: Royston & Parmar 2013; Andersen 2013.
    """
    counts = as_risk_table(people, by)
    place = None if cause is None else counts.cause(cause)
    asked, horizon = horizon, float(counts.clock(horizon, "horizon")[0])
    rows, findings = [], Log()
    for group in sorted(counts.groups, key=lambda name: _last(counts, name)):
        check_horizon(counts, group, horizon)
    for group in counts.groups:
        how = precision(counts, group, level, errors, always_robust=place is not None)
        mean, variance, _ = mean_of(counts, group, horizon, place, errors, small_sample)
        std_error = float(np.sqrt(variance))
        reach = how.z * std_error if counts.persons(group) >= FEWEST_PERSONS else np.nan
        rows.append(
            {
                "group": group,
                "cause": cause,
                "measure": "restricted mean" if cause is None else "restricted mean time lost",
                "time": horizon,
                "estimate": mean,
                "std_error": std_error,
                "conf_low": np.clip(mean - reach, 0.0, horizon),
                "conf_high": np.clip(mean + reach, 0.0, horizon),
                "at_risk": float(counts.persons(group)),
                "events": events_by(counts.groups[group], horizon),
            }
        )
        findings = findings + how.findings + late_entry(counts, group)
    table = pd.DataFrame(rows).drop(columns=["cause"] if cause is None else [])
    return RestrictedMeans(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_restricted_mean" if cause is None else "method_time_lost"), note("interval_plain")),
        findings=findings + few_in_groups(counts),
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(
            restricted_mean, horizon=asked, cause=cause, level=level, errors=errors, small_sample=small_sample
        ),
        horizon=horizon,
        _table=tidy(table),
    )


def mean_of(
    counts: RiskTable, group: str, horizon: float, cause: int | None, errors: str | None, small_sample: bool
) -> tuple[float, float, Total]:
    """One group's mean time, its variance and the influence on it."""
    how = precision(counts, group, 0.95, errors, always_robust=cause is not None)
    mass = counts.mass(group)
    mean, pull = mean_time(mass, horizon, cause)
    robust = jackknife(counts.cells[group], mass, pull) if how.robust else None
    variance = survival_area(mass, horizon)[1] if robust is None else float(robust[0])
    if small_sample and not counts.weighted and counts.clustered == "none":
        events = events_by(mass, horizon)
        variance *= events / (events - 1) if events > 1 else np.nan
    return mean, variance, pull


def mean_time(mass: Counts, horizon: float, cause: int | None) -> tuple[float, Total]:
    """The area up to the horizon under S (cause None) or under the incidence of a cause, and its influence."""
    if cause is None:
        curve = kaplan_meier(mass)
        inner = survival_influence(mass)
        return float(area(curve.time, curve.survival, horizon, 1.0)), area_influence(curve.time, horizon, inner)
    found = aalen_johansen(mass)
    inner = incidence_influence(mass, cause)
    mean = float(area(found.time, found.incidence[cause], horizon, 0.0))
    return mean, area_influence(found.time, horizon, inner)


def check_horizon(counts: RiskTable, group: str, horizon: float) -> None:
    """Raises ``DesignProblem`` where nobody of a group is followed to the horizon though some have not left."""
    persons, last = counts.groups[group], _last(counts, group)
    complete = persons.censored[persons.time == last].sum() == 0
    if horizon <= 0 or (horizon > last * (1 + 1e-12) and not complete):
        raise DesignProblem("horizon_beyond_follow_up", asked=f"{horizon:g}", group=group, longest=f"{last:g}")


def _last(counts: RiskTable, group: str) -> float:
    """When the last of a group leaves, with or without an ending."""
    persons = counts.groups[group]
    return float(persons.time[persons.exits > 0].max())
