"""When a share of people with a profile has left, after a parametric model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import named
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.regression.parametric import ParametricRegression
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.parametric.aft_times import aft_log_time, piecewise_log_time, spline_log_time
from navoutcomes.notes import warning


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class PredictedTimes(Result):
    """When each share (``measure``) of each profile (``group``) has left."""


@door
def predict_times(
    model: ParametricRegression,
    profiles: pd.DataFrame,
    shares: float | Sequence[float] = 0.5,
    level: float | None = None,
) -> PredictedTimes:
    """By which time has a share of people with a profile left for the model's cause, were it the only one?

    Arguments: ``profiles`` a frame with the columns of the model's terms (and of its strata), one row a profile, named
    by its index; ``shares`` 0-1, 0.5 for the median; ``level`` 0-1, the model's own when None.
    Shapes: ``table`` one row a profile and share: estimate (in the follow-up's unit), std_error, conf_low, conf_high.
    Raises: ``DataProblem`` for missing columns or levels nobody had; ``DesignProblem`` for shares not between 0 and 1.
    Assumes: the distribution also beyond the follow-up; a warning says where that is. Delta method on log time.
    Reference: R ``predict.survreg(type = "quantile")``.
    """
    wanted = np.atleast_1d(np.asarray(shares, dtype=float))
    if not ((wanted > 0) & (wanted < 1)).all():
        raise DesignProblem("choice_unknown", asked=[float(one) for one in wanted], known=("0 < shares < 1",))
    level = model.level if level is None else level
    x, strata = model.design.rows(profiles), _strata(model, profiles)
    at, covariance = model.coefficients.to_numpy(), model.covariance.to_numpy()
    df = model.errors.df[len(model.design.names) :]
    z = critical(level, None if np.isinf(df.min()) else float(df.min()))
    z = z if model.errors.given.all() else np.nan
    rows = []
    for place, group in enumerate(profiles.index):
        for share in wanted:
            log_time, slope = _log_time(model, at, x[place], strata[place], float(share))
            error = float(np.sqrt(slope @ covariance @ slope))
            rows.append((str(group), f"{share:g}", log_time, error))
    table = pd.DataFrame(rows, columns=["group", "measure", "estimate", "std_error"]).assign(cause=model.cause)
    time, spread = np.exp(table["estimate"]), table["std_error"]
    table = table.assign(
        estimate=time, std_error=time * spread, conf_low=time * np.exp(-z * spread), conf_high=time * np.exp(z * spread)
    )
    beyond = int((time > model.last).sum())
    return PredictedTimes(
        level=level,
        unit=model.unit,
        origin=model.origin,
        method=model.method,
        findings=model.findings
        + ([warning("times_beyond_follow_up", count=beyond, total=len(table))] if beyond else []),
        randomised=model.randomised,
        _table=tidy(table),
    )


def _log_time(model: ParametricRegression, at: Floats, x: Floats, stratum: int, share: float) -> tuple[float, Floats]:
    """Log time, and how it moves with each parameter."""
    how = model.distribution
    if how.name == "piecewise exponential":
        return piecewise_log_time(how.cuts, at, x, share)
    if how.name == "spline":
        return spline_log_time(how.log_knots, at, x, share)
    scales = 0 if how.name == "exponential" else max(1, len(model.strata))
    return aft_log_time(how.name, at, x, scales, stratum, share)


def _strata(model: ParametricRegression, profiles: pd.DataFrame) -> list[int]:
    """Which scale each profile has."""
    if not model.strata:
        return [0] * len(profiles)
    column = str(model.stratified_by)
    if column not in profiles.columns:
        raise DataProblem("columns_missing", column=[column], columns_found=list(profiles.columns), count=1)
    known = {name: place for place, name in enumerate(model.strata)}
    found = np.array([known.get(named(one), -1) for one in profiles[column]])
    if (found < 0).any():
        bad = [int(one) for one in np.flatnonzero(found < 0)]
        raise DataProblem("level_unknown", column=column, rows=bad, count=len(bad), total=len(found))
    return [int(one) for one in found]
