"""What would the curve be for people with a given profile? From one Cox model, or from one for each ending together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.moves import Moves
from navoutcomes.estimate.regression.cause_specific import CauseSpecific
from navoutcomes.estimate.regression.cox import CoxRegression
from navoutcomes.estimate.regression.cox_errors import added_up
from navoutcomes.estimate.regression.cox_exact import EXACT, not_with_exact
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.sample import moves_of
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.hazards.cox_curves import baseline, hazard_variance, influence, relative
from navoutcomes.maths.intervals import INCIDENCE_TYPES, SURVIVAL_TYPES, critical, pointwise
from navoutcomes.notes import Note, note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ProfileCurves(Result):
    """Curves at stated times: one row a profile (``group``), cause and time.

    ``bases`` who stands behind each model, ``moves`` whose endings the steps are, ``asked`` the same at other times.
    """

    last: float
    bases: Callable[[], tuple[Basis | None, ...]] = field(repr=False)
    moves: Callable[[], Moves] = field(repr=False)
    asked: Callable[[Floats], ProfileCurves] = field(repr=False)


@door
def predict(
    model: CoxRegression | CauseSpecific,
    profiles: pd.DataFrame,
    at: float | Sequence[float],
    stratum: str | None = None,
    interval: str | None = None,
    level: float = 0.95,
) -> ProfileCurves:
    """What share is still there, or has left for each cause, of people with a given profile?

    Arguments: ``profiles`` one row a profile, its index the label, with the columns of the terms; ``at`` times in the
    follow-up's unit; ``stratum`` which level's baseline where the model has strata; ``interval`` as for
    ``survival_curve`` (None: log-log) or, from ``cause_specific``, as for ``cumulative_incidence``.
    From one model: the share that would still be there if no other ending stopped them. From ``cause_specific``: the
    share that has left for each cause, all endings competing.
    Shapes: ``table`` one row a profile, cause and time; shares 0-1.
    Raises: ``DataProblem`` for profiles without the terms' columns; ``DesignProblem`` for times beyond follow-up.
    Assumes: as ``cox``. Errors come from the information for one unweighted model of independent people, otherwise from
    the infinitesimal jackknife; with offices Student's t, and no interval below six.
    Reference: Therneau & Grambsch 2000, chapter 10; Andersen et al. 1993, section VII.2.
    """
    check_level(level)
    models = model.models if isinstance(model, CauseSpecific) else (model,)
    first = models[0]
    times = np.atleast_1d(np.asarray(at, dtype=float))
    if not (np.isfinite(times) & (times >= 0)).all():
        raise DesignProblem("times_needed", argument="at")
    layer = _layer(first, stratum)
    if (times > first.rows.time[-1]).any():
        raise DesignProblem("profile_beyond_follow_up", last=f"{first.rows.time[-1]:g}", unit=first.unit)
    x = first.design.rows(profiles)
    if not np.isfinite(x).all():
        bad = np.flatnonzero(~np.isfinite(x).all(axis=1))
        raise DataProblem(
            "not_a_number", column="profiles", rows=[int(one) for one in bad], count=len(bad), total=len(x)
        )
    if model is not first:
        not_with_exact(first.ties, "predict")
    known = SURVIVAL_TYPES if len(models) == 1 and model is first else INCIDENCE_TYPES
    if interval is not None and interval not in known:
        raise DesignProblem("interval_unknown", asked=interval, known=known)
    rows: list[dict[str, object]] = []
    for name, profile in zip(profiles.index, x, strict=True):
        made = _survival if model is first else _incidence
        rows += [{"group": str(name), **one} for one in made(models, profile, times, layer, interval, level)]
    return ProfileCurves(
        level=level,
        unit=first.unit,
        origin=first.origin,
        method=(
            note("method_profile_curves", ties="breslow" if first.ties == EXACT else first.ties),
            *_how(models, model is first),
        ),
        findings=first.findings,
        last=float(first.rows.time[-1]),
        bases=lambda: tuple(one.basis for one in models),
        moves=lambda: moves_of(first.rows, _causes(models), (layer,)),
        asked=lambda times: predict(model, profiles, times.tolist(), stratum, interval, level),
        _table=tidy(pd.DataFrame(rows)),
    )


def _causes(models: tuple[CoxRegression, ...]) -> list[int]:
    """Places of the models' endings."""
    return [int(one.rows.cause[one.model.rows.event > 0][0]) for one in models]


def _layer(model: CoxRegression, stratum: str | None) -> int:
    if not model.strata:
        return 0
    if stratum not in model.strata:
        raise DesignProblem("choice_unknown", asked=str(stratum), known=model.strata)
    return model.strata.index(stratum)


def _how(models: tuple[CoxRegression, ...], one: bool) -> tuple[Note, ...]:
    if one and not models[0].errors.robust:
        return (note("errors_information"),)
    return (note("profile_curves_jackknife"),)


def _use(model: CoxRegression, layer: int, upto: float) -> Floats:
    """1.0 at the places of a stratum up to a time, else 0.0. Shape (S G,)."""
    size = len(model.rows.time)
    use = np.zeros(size * max(1, len(model.rows.strata)))
    use[layer * size : (layer + 1) * size] = model.rows.time <= upto + 1e-9
    return use


def _survival(
    models: tuple[CoxRegression, ...], x: Floats, times: Floats, layer: int, interval: str | None, level: float
) -> list[dict[str, object]]:
    model, rows = models[0], []
    inverse = np.linalg.inv(model.model.end.information)
    own = float(relative(model.model, x[None])[0])
    for time in times:
        use = _use(model, layer, float(time))
        share = float(np.exp(-own * (use @ baseline(model.model))))
        if model.errors.robust:
            error = added_up(model.rows, model.model.rows.weight * influence(model.model, x, use, inverse))
        else:
            error = float(np.sqrt(hazard_variance(model.model, x, use, inverse)))
        rows.append(_row(model, "", float(time), share, share * error, interval or "log-log", level))
    return rows


def _row(
    model: CoxRegression, cause: str, time: float, share: float, error: float, interval: str, level: float
) -> dict[str, object]:
    offices = model.errors.robust and model.rows.clustered == "office"
    given = not offices or model.rows.clusters >= FEWEST_CLUSTERS
    z = critical(level, model.rows.clusters - 1 if offices and given else None) if given else float("nan")
    low, high = pointwise(interval, np.array([share]), np.array([error]), z)
    told: dict[str, object] = {"cause": cause} if cause else {}
    return told | {"time": time, "estimate": share, "std_error": error, "conf_low": low[0], "conf_high": high[0]}


def _incidence(
    models: tuple[CoxRegression, ...], x: Floats, times: Floats, layer: int, interval: str | None, level: float
) -> list[dict[str, object]]:
    """Shares by cause: dF = S(t-) (1 - exp(-dA)) dA_k / dA, and its slope in every increment of every hazard."""
    size = len(models[0].rows.time)
    here = slice(layer * size, (layer + 1) * size)
    new = np.array([relative(one.model, x[None])[0] * baseline(one.model)[here] for one in models])
    whole = new.sum(axis=0)
    before = np.exp(-np.concatenate([[0.0], np.cumsum(whole)[:-1]]))
    part = np.divide(new, whole, out=np.zeros_like(new), where=whole > 0)
    leaving = -np.expm1(-whole)
    share = np.cumsum(before * leaving * part, axis=1)
    inverses = [np.linalg.inv(one.model.end.information) for one in models]
    rows: list[dict[str, object]] = []
    for place, model in enumerate(models):
        for time in times:
            last = int(np.searchsorted(models[0].rows.time, time + 1e-9, side="right")) - 1
            value = float(share[place, last]) if last >= 0 else 0.0
            pulls: Floats = np.zeros(model.rows.size)
            for other, against in enumerate(models):
                slope = before * (np.exp(-whole) - np.divide(leaving, whole, out=np.ones_like(whole), where=whole > 0))
                slope = slope * part[place]
                if other == place:
                    slope = slope + before * np.divide(leaving, whole, out=np.ones_like(whole), where=whole > 0)
                slope = np.where(np.arange(size) <= last, slope - (value - share[place]), 0.0)
                use = np.zeros(size * max(1, len(model.rows.strata)))
                use[here] = slope
                pulls = pulls + influence(against.model, x, use, inverses[other])
            error = added_up(model.rows, model.model.rows.weight * pulls)
            rows.append(_row(model, model.cause, float(time), value, error, interval or "cloglog", level))
    return rows
