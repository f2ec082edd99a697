"""Which share with a given profile ends for the cause by a time, after a Fine-Gray model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import named
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.moves import Moves
from navoutcomes.estimate.regression.fine_gray import SubdistributionRegression
from navoutcomes.estimate.regression.sample import moves_of
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.fine_gray_curves import hazards, places_until
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class PredictedIncidence(Result):
    """Cumulative incidence of the cause for each profile (``group``) and time.

    ``bases`` who stands behind the model, ``moves`` whose endings the steps are, ``asked`` the same at other times.
    """

    last: float
    bases: Callable[[], tuple[Basis | None, ...]] = field(repr=False)
    moves: Callable[[], Moves] = field(repr=False)
    asked: Callable[[Floats], PredictedIncidence] = field(repr=False)


@door
def predict_incidence(
    model: SubdistributionRegression, profiles: pd.DataFrame, at: float | Sequence[float], level: float | None = None
) -> PredictedIncidence:
    """Which share of people with a profile ends for the model's cause by each time?

    Arguments: ``profiles`` a frame with the columns of the model's terms (and of its strata), one row a profile, named
    by its index; ``at`` times in the follow-up's unit; ``level`` 0-1, the model's own when None.
    Shapes: ``table`` has one row a profile and time: estimate (share 0-1), std_error, conf_low, conf_high; beyond the
    last follow-up nothing is given (not a number).
    Raises: ``DataProblem`` for missing columns or levels nobody had; ``DesignProblem`` for times that are no times.
    Assumes: what ``fine_gray`` assumes. Errors are robust by person or office; the interval is on the log(-log(1 - F))
    scale.
    Reference: Fine & Gray 1999, section 5.
    """
    times = np.atleast_1d(np.asarray(at, dtype=float))
    if not (np.isfinite(times) & (times >= 0)).all():
        raise DesignProblem("times_needed", argument="at")
    level = model.level if level is None else level
    strata, seen = _strata(model, profiles), model.rows
    x = model.design.rows(profiles)
    position = np.searchsorted(seen.time, times * (1 + 1e-12) + 1e-12, side="right") - 1
    use = np.array([[places_until(model.model, stratum, place) for place in position] for stratum in strata])
    total, pulls = hazards(model.model, x, use)
    number = len(seen.leave) if seen.cluster is None else seen.clusters
    group = np.arange(number) if seen.cluster is None else seen.cluster
    error = np.sqrt([[(np.bincount(group, one, minlength=number) ** 2).sum() for one in row] for row in pulls])
    office = seen.clustered == "office"
    z = np.nan if office and number < FEWEST_CLUSTERS else critical(level, number - 1 if office else None)
    table = _laid_out(model, profiles, times, total, error, z)
    last = np.array([seen.time[seen.leave[seen.stratum == one].max()] for one in strata])
    past = table["time"].to_numpy() > np.repeat(last, len(times)) * (1 + 1e-12)
    table.loc[past, ["estimate", "std_error", "conf_low", "conf_high"]] = np.nan
    return PredictedIncidence(
        level=level,
        unit=model.unit,
        origin=model.origin,
        method=(*model.method[:2], note("interval_cloglog")),
        findings=model.findings,
        randomised=model.randomised,
        last=float(last.min()),
        bases=lambda: (model.basis,),
        moves=lambda: moves_of(
            seen, [int(seen.cause[model.model.rows.slot < model.model.rows.places][0])], strata.tolist()
        ),
        asked=lambda times: predict_incidence(model, profiles, times.tolist(), level),
        _table=tidy(table),
    )


def _strata(model: SubdistributionRegression, profiles: pd.DataFrame) -> Indices:
    """The stratum of each profile."""
    if not model.strata:
        return np.zeros(len(profiles), dtype=np.int64)
    column = str(model.stratified_by)
    if column not in profiles.columns:
        raise DataProblem("columns_missing", column=[column], columns_found=list(profiles.columns), count=1)
    known = {name: place for place, name in enumerate(model.strata)}
    found = np.array([known.get(named(one), -1) for one in profiles[column]], dtype=np.int64)
    if (found < 0).any():
        bad = np.flatnonzero(found < 0)
        raise DataProblem("level_unknown", column=column, rows=list(bad), count=len(bad), total=len(found))
    return found


def _laid_out(
    model: SubdistributionRegression, profiles: pd.DataFrame, times: Floats, total: Floats, error: Floats, z: float
) -> pd.DataFrame:
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.exp(z * np.where(total > 0, error / total, 0.0))
    return pd.DataFrame(
        {
            "group": np.repeat([str(one) for one in profiles.index], len(times)),
            "cause": model.cause,
            "time": np.tile(times, len(profiles)),
            "estimate": -np.expm1(-total).ravel(),
            "std_error": (error * np.exp(-total)).ravel(),
            "conf_low": -np.expm1(-total / reach).ravel(),
            "conf_high": -np.expm1(-total * reach).ravel(),
        }
    )
