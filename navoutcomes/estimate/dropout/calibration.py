"""How well do predicted shares of dropout hold? Level, slope, tenths, Brier's score and discrimination."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import logit

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.draws import Seed, check_replicates, generator
from navoutcomes.estimate.dropout.calibration_draws import Optimism, optimism
from navoutcomes.estimate.dropout.calibration_people import Predicted, Scores, level_and_slope, predicted, scores
from navoutcomes.estimate.dropout.dropout import Dropout
from navoutcomes.estimate.dropout.dropout_model import check_model
from navoutcomes.estimate.regression.glm import FEWEST_DEGREES
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.discrimination import area_variance, brier, tenths
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import wilson
from navoutcomes.notes import Log, Note, note, warning

IN_THE_LARGE, SLOPE = "calibration in the large", "calibration slope"
BRIER, AREA = "Brier score", "area under the curve"
CORRECTED = ", corrected for optimism"


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Tenths(Result):
    """Observed and mean predicted shares of tenths of the predicted ones (groups ``1``, ``2``... from the lowest)."""


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Calibration(Result):
    """How a model's predicted shares compare with what happened to ``persons``, of whom ``events`` dropped out.

    ``tenths`` the same by tenth of the predicted shares. ``replicates`` how many bootstrap samples the corrected rows
    rest on, 0 without. Shapes: predicted, observed (n,).
    """

    persons: int
    events: int
    tenths: Tenths
    replicates: int = 0
    predicted: np.ndarray = field(default_factory=lambda: np.zeros(0), repr=False)
    observed: np.ndarray = field(default_factory=lambda: np.zeros(0), repr=False)


@door
def calibration(
    model: Dropout,
    people: FollowUp | None = None,
    replicates: int = 200,
    rng: Seed = None,
    level: float = 0.95,
) -> Calibration:
    """Do as many drop out as the model says, at every level of risk, and does it tell people apart?

    Arguments: ``model`` the answer of ``dropout`` with terms; ``people`` others to try it on (None: those it was fitted
    to, on whom level and slope are 0 and 1 by construction, and so have no interval); ``rng`` a generator or seed:
    the optimism of trying a model on its own people is taken off, by ``replicates`` samples of persons (of whole
    offices, where there are offices, at least 40), each with the model fitted anew; ``level`` 0-1.
    Calibration in the large is the log odds by which the predictions are too low (0 is right); the slope says how much
    too spread they are (1 is right, below 1 too extreme); Brier's score is the mean squared error (0 is perfect, p(1 -
    p) knows only the share); the area under the curve is the chance that one who dropped out had the higher prediction
    (0.5 is chance).
    Shapes: ``table`` one row a measure; ``tenths`` of the predicted shares, equal predictions never parted, with
    Wilson's intervals, which take persons as independent.
    Errors: HC3 for level and slope and DeLong's for the area, on its logit; with offices CR2 and pulls summed by
    office, with t; below six offices no interval.
    Raises: ``DesignProblem`` for a result without a model, weighted people, a bootstrap of fewer than 40 offices, or
    where somebody's status is not known.
    Reference: Cox 1958; Steyerberg 2019, chapter 15; DeLong et al. 1988; Obuchowski 1997; Harrell 2015, section 5.3.
    """
    check_level(level)
    fitted = check_model(model)
    if rng is not None and people is not None:
        raise DesignProblem("calibration_optimism_elsewhere")
    if rng is not None:
        check_replicates(replicates, 50)
        rng = generator(rng)
    seen = predicted(model, fitted, people)
    own = scores(seen.share, seen.happened)
    rows, findings = _rows(seen, own, people is not None, level)
    method = [note("method_calibration_own" if people is None else "method_calibration_others", persons=len(seen))]
    made: Optimism | None = None
    if isinstance(rng, np.random.Generator):
        made = optimism(fitted, replicates, rng)
        rows += _corrected(own, made)
        method.append(note("calibration_optimism", replicates=made.replicates))
        if made.failed:
            findings += warning("calibration_failed", failed=made.failed, replicates=replicates)
    return Calibration(
        level=level,
        unit=model.unit,
        origin=model.origin if people is None else people.origin,
        method=tuple(method),
        findings=findings,
        persons=len(seen),
        events=int(seen.happened.sum()),
        tenths=_tenths(model, seen, level),
        replicates=0 if made is None else made.replicates,
        predicted=seen.share,
        observed=seen.happened,
        _table=tidy(pd.DataFrame(rows)),
    )


def _rows(seen: Predicted, own: Scores, others: bool, level: float) -> tuple[list[dict[str, object]], Log]:
    codes, findings = seen.belong.codes, Log()
    spoken = True
    if seen.belong.kind == "office" and seen.belong.clusters < FEWEST_CLUSTERS:
        findings += warning("few_offices", clusters=seen.belong.clusters, fewest=FEWEST_CLUSTERS)
        spoken = False
    df = np.inf if codes is None else seen.belong.clusters - 1.0
    rows = []
    told = level_and_slope(seen)
    for measure, value, against in ((IN_THE_LARGE, told[0], 0.0), (SLOPE, told[1], 1.0)):
        if value is None:
            findings += warning("calibration_no_slope")
            continue
        safe = spoken and others and value[2] >= FEWEST_DEGREES
        rows.append(_row(measure, value[0], value[1], critical(level, _t(value[2])) if safe else np.nan))
        if safe and value[1] > 0:
            statistic = (value[0] - against) / value[1]
            rows[-1] |= {"statistic": statistic, "p_value": float(2 * stats.t.sf(abs(statistic), value[2]))}
    reach = critical(level, _t(df)) if spoken else np.nan
    error = float(np.sqrt(brier(seen.share, seen.happened, codes)[1]))
    rows.append(_row(BRIER, own.brier, error, reach))
    error = float(np.sqrt(area_variance(own.placing, seen.happened, codes)))
    rows.append(_row(AREA, own.area, error, reach, on_logit=True))
    return rows, findings


def _corrected(own: Scores, made: Optimism) -> list[dict[str, object]]:
    """Intervals are not given: how far a corrected number lies from the truth is not what the samples show."""
    numbers = ((SLOPE, 1.0, made.slope), (BRIER, own.brier, made.brier), (AREA, own.area, made.area))
    return [_row(f"{name}{CORRECTED}", value - less, np.nan, np.nan) for name, value, less in numbers]


def _row(measure: str, value: float, error: float, reach: float, on_logit: bool = False) -> dict[str, object]:
    low, high = value - reach * error, value + reach * error
    if on_logit and 0 < value < 1:
        slope = error / (value * (1 - value))
        low, high = (1 / (1 + np.exp(-logit(value) - side * reach * slope)) for side in (-1, 1))
    elif on_logit:
        low = high = np.nan
    return {
        "group": "all",
        "measure": measure,
        "estimate": value,
        "std_error": error,
        "statistic": np.nan,
        "p_value": np.nan,
        "conf_low": float(low),
        "conf_high": float(high),
    }


def _tenths(model: Dropout, seen: Predicted, level: float) -> Tenths:
    group, rows = tenths(seen.share), []
    for at in range(int(group.max()) + 1):
        own = group == at
        events, number = int(seen.happened[own].sum()), int(own.sum())
        low, high = wilson(events, number, critical(level))
        common = {"group": str(at + 1), "cause": model.cause, "at_risk": float(number)}
        observed = {"measure": "observed share", "estimate": events / number, "events": float(events)}
        rows.append({**common, **observed, "conf_low": low, "conf_high": high})
        rows.append({**common, "measure": "expected share", "estimate": float(seen.share[own].mean())})
    told: tuple[Note, ...] = (note("calibration_tenths"), note("interval_wilson"))
    return Tenths(level=level, unit="", origin=model.origin, method=told, _table=tidy(pd.DataFrame(rows)))


def _t(df: float) -> float | None:
    return None if np.isinf(df) else float(df)
