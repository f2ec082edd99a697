"""Three numbers a trait: the difference between shares, their ratio, and the ratio of odds."""

from __future__ import annotations

import numpy as np
from scipy import stats

from navoutcomes.estimate.dropout.dropout_model import Contrasted, DropoutModel
from navoutcomes.estimate.regression.glm import FEWEST_DEGREES
from navoutcomes.estimate.regression.logistic import solved
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.marginal import averaged, contrast_variance, spread_of_people

Rows = list[dict[str, object]]
ROBUST = {"model": "hc0"}


def risk_differences(model: DropoutModel, level: float) -> Rows:
    """Everybody with the trait less everybody without, in points of a share."""
    return [_averaged(model, one, level, "risk difference") for one in model.contrasts()]


def risk_ratios(model: DropoutModel, level: float) -> Rows:
    """Modified Poisson; averages of predicted shares where the logistic model had to be penalised."""
    if model.penalised is not None:
        return [_averaged(model, one, level, "risk ratio") for one in model.contrasts()]
    kind = ROBUST.get(model.rule.kind, model.rule.kind)
    made, spread = solved(model.seen, "log", model.names, kind, model.belong.codes)
    enough = np.ones(len(spread.df), dtype=bool) if model.rule.kind == "model" else spread.df >= FEWEST_DEGREES
    return _ratios("risk ratio", model, made.coefficients, np.diag(spread.matrix), spread.df, enough, level)


def odds_ratios(model: DropoutModel, level: float) -> Rows:
    """Logistic; under Firth's penalty with profile intervals."""
    if model.penalised is None:
        spread, enough = model.spread, np.ones(len(model.names), dtype=bool)
        return _ratios("odds ratio", model, model.predicting, np.diag(spread.matrix), spread.df, enough, level)
    found, rows = model.penalised, []
    independent = model.belong.codes is None and model.seen.weight is None
    for at, name in enumerate(model.names[1:], start=1):
        limits, p = (found.low[at], found.high[at]), found.p_value[at]
        statistic = np.copysign(np.sqrt(found.statistic[at]), found.coefficients[at])
        if not independent:
            limits, statistic = (np.nan, np.nan), np.nan
        p = p if model.given[at] else np.nan
        error = np.sqrt(found.covariance[at, at]) if independent else np.nan
        with np.errstate(over="ignore"):
            numbers = np.exp([found.coefficients[at], *limits])
        rows.append(_row(name, "odds ratio", numbers, float(error), float(statistic), float(p)))
    return rows


def _averaged(model: DropoutModel, one: Contrasted, level: float, measure: str) -> dict[str, object]:
    """A number made of averaged shares, with the delta method."""
    mass, codes = model.seen.mass, model.belong.codes
    found = averaged(one.there, one.here, model.predicting, mass)
    ratio = measure == "risk ratio"
    value, slope, own = found.log_ratio if ratio else found.difference
    if model.fitted is None:
        variance, df = float(slope @ model.spread.matrix @ slope), np.inf
    else:
        variance, df = contrast_variance(model.seen, model.fitted, model.spread, model.rule.kind, codes, slope)
    if model.rule.kind != "model":
        clustered = codes if model.rule.kind.startswith("cr") else None
        variance += spread_of_people(own, mass, clustered)
    given = all(model.given[at + 1] for at in one.places) and (model.rule.kind == "model" or df >= FEWEST_DEGREES)
    error = float(np.sqrt(variance))
    numbers = value + error * float(stats.t.ppf(0.5 + level / 2, df)) * np.array([0.0, -1.0, 1.0])
    if not given:
        numbers[1:] = np.nan
    statistic = value / error if error > 0 else np.nan
    p = float(2 * stats.t.sf(abs(statistic), df)) if given else np.nan
    numbers = np.exp(numbers) if ratio else np.clip(numbers, -1.0, 1.0)
    if model.penalised is not None and not given:
        error = statistic = np.nan
    return _row(one.name, measure, numbers, error, float(statistic), p)


def _ratios(
    measure: str, model: DropoutModel, log: Floats, variance: Floats, df: Floats, enough: np.ndarray, level: float
) -> Rows:
    rows = []
    for at, name in enumerate(model.names[1:], start=1):
        error, given = float(np.sqrt(variance[at])), bool(model.given[at] and enough[at])
        reach = error * float(stats.t.ppf(0.5 + level / 2, df[at])) if given else np.nan
        statistic = float(log[at]) / error
        p = float(2 * stats.t.sf(abs(statistic), df[at])) if given else np.nan
        with np.errstate(over="ignore"):
            numbers = (
                np.exp(log[at] + reach * np.array([0.0, -1.0, 1.0])) if given else [np.exp(log[at]), np.nan, np.nan]
            )
        rows.append(_row(name, measure, np.asarray(numbers), error, statistic, p))
    return rows


def _row(term: str, measure: str, numbers: Floats, error: float, statistic: float, p: float) -> dict[str, object]:
    return {
        "group": "all",
        "cause": "",
        "term": term,
        "measure": measure,
        "estimate": float(numbers[0]),
        "std_error": error,
        "statistic": statistic,
        "p_value": p,
        "conf_low": float(numbers[1]),
        "conf_high": float(numbers[2]),
    }
