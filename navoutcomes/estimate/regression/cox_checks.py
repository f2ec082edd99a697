"""Does a Cox model hold? Proportional hazards, residuals by row, and how well it ranks people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.regression.cox import CoxRegression
from navoutcomes.estimate.regression.cox_errors import added_up
from navoutcomes.estimate.regression.cox_exact import not_with_exact
from navoutcomes.estimate.regression.design_matrix import label
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.concordance import concordance as pairs
from navoutcomes.maths.concordance import uncensored_counts
from navoutcomes.maths.counting import FROM_START, count
from navoutcomes.maths.curves.kaplan_meier import before, kaplan_meier
from navoutcomes.maths.hazards import cox_residuals as arithmetic
from navoutcomes.maths.hazards.proportional_hazards import TRANSFORMS, function_of_time, time_score
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import note

KINDS = ("martingale", "deviance", "score", "schoenfeld", "scaled schoenfeld", "dfbeta", "dfbetas")
GLOBAL = "global"


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ProportionalHazardsTest(Result):
    """One row a term and one for all together: chi-square and p-value; ``df`` the degrees of freedom of each row."""

    df: tuple[int, ...]
    transform: str
    basis: Basis | None = None


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ConcordanceResult(Result):
    """One row: the share of comparable pairs in which the one with the higher hazard left first."""

    concordant: float
    discordant: float
    tied: float
    basis: Basis | None = None


@door
def proportional_hazards_test(
    model: CoxRegression, transform: str | Callable[[Floats], Floats] = "km"
) -> ProportionalHazardsTest:
    """Is one hazard ratio enough for the whole of follow-up, or does it change with time?

    Arguments: ``transform`` of time: ``km`` (the share that has left), ``rank``, ``identity``,
    ``log``, or a function of the times.
    Shapes: ``table`` one row a term, and ``global``; ``df`` beside it.
    Assumes: a test that does not reject proves nothing in small samples (Stensrud & Hernán 2020).
    Reference: Grambsch & Therneau 1994; the exact score test of R ``survival`` 3.
    """
    if not callable(transform) and transform not in TRANSFORMS:
        raise DesignProblem("choice_unknown", asked=transform, known=TRANSFORMS)
    not_with_exact(model.ties, "proportional_hazards_test")
    rows, fitted = model.rows, model.model
    ended = fitted.rows.event > 0
    named = "own" if callable(transform) else transform
    g = np.asarray(transform(rows.time)) if callable(transform) else _of_time(model, transform)
    g = g - float(np.mean(g[rows.leave[ended]]))
    score = time_score(fitted, np.tile(g, len(rows.strata)))
    told = []
    for place, term in enumerate(model.design.terms):
        columns = np.flatnonzero(np.asarray(model.design.term) == place)
        told.append((label(term), score.statistic(columns), len(columns)))
    if len(told) > 0:
        size = len(model.design.names)
        told.append((GLOBAL, score.statistic(np.arange(size)), size))
    frame = pd.DataFrame(told, columns=["term", "statistic", "df"])
    frame["p_value"] = stats.chi2.sf(frame["statistic"], frame["df"])
    return ProportionalHazardsTest(
        level=model.level,
        unit=model.unit,
        origin=model.origin,
        method=(note("method_proportional_hazards", transform=named),),
        df=tuple(int(one) for one in frame["df"]),
        transform=named,
        basis=model.basis,
        _table=tidy(frame.drop(columns="df")),
    )


def _of_time(model: CoxRegression, transform: str) -> Floats:
    """The function of time on the grid of the sample. Shape (G,)."""
    rows = model.rows
    ended = model.model.rows.event
    number = np.bincount(rows.leave, minlength=len(rows.time)).astype(float)
    rank = np.cumsum(number) - (number - 1) / 2
    entry = None if not rows.delayed else np.where(rows.enter == FROM_START, np.nan, rows.time[rows.enter])
    counts = count(rows.time[rows.leave], np.where(ended > 0, 0, -1), 1, entry, grid=rows.time)
    left = 1 - before(kaplan_meier(counts).survival, 1.0)
    return function_of_time(transform, rows.time, rank, left)


@door
def residuals(model: CoxRegression, kind: str = "martingale") -> pd.DataFrame:
    """What does each row of people say against the model?

    Arguments: ``kind`` ``martingale`` (endings seen less expected), ``deviance``, ``score``, ``dfbeta`` (how far each
    row moves each coefficient), ``dfbetas`` (the same in standard errors), ``schoenfeld`` and ``scaled schoenfeld``
    (one row an ending, in order of time).
    Shapes: one row a row of people in their own order (or an ending); columns are terms, or ``residual``.
    Reference: Therneau & Grambsch 2000, chapter 4.
    """
    fitted, names = model.model, list(model.design.names)
    inverse = np.linalg.inv(fitted.end.information)
    if kind in ("martingale", "deviance"):
        found = arithmetic.martingale(fitted)
        if kind == "deviance":
            found = arithmetic.deviance(found, fitted.rows.event)
        return pd.DataFrame({"residual": found})
    if kind in KINDS:
        not_with_exact(model.ties, kind)
    if kind in ("schoenfeld", "scaled schoenfeld"):
        found, who = arithmetic.schoenfeld(fitted)
        if kind == "scaled schoenfeld":
            found = found @ inverse * len(who) + fitted.end.beta
        return pd.DataFrame(found, columns=names).assign(time=model.rows.time[model.rows.leave[who]])
    if kind not in KINDS:
        raise DesignProblem("choice_unknown", asked=kind, known=KINDS)
    found = arithmetic.score_residuals(fitted)
    if kind != "score":
        found = found @ inverse
    if kind == "dfbetas":
        found = found / np.sqrt(np.diag(inverse))
    return pd.DataFrame(found, columns=names)


@door
def concordance(model: CoxRegression, weights: str | None = None, level: float = 0.95) -> ConcordanceResult:
    """How often does the one with the higher predicted hazard leave first?

    Arguments: ``weights`` None (Harrell: every pair counts once) or ``uno`` (pairs count 1 / G², G the share not
    censored yet when the first ended, so that the share does not hang on who happened to be censored); ``level`` of the
    interval.
    Shapes: ``table`` one row, a share 0-1 of comparable pairs (0.5 is chance), with its infinitesimal-jackknife error.
    Assumes: pairs are compared within strata; one ended while the other was at risk.
    Reference: Harrell 1982; Uno et al. 2011; Therneau & Atkinson 2024.
    """
    if weights not in (None, "uno"):
        raise DesignProblem("choice_unknown", asked=str(weights), known=("uno",))
    fitted, seen = model.model, model.rows
    rows = fitted.rows
    predicted = rows.x @ fitted.end.beta - fitted.centre @ fitted.end.beta + rows.offset
    counts = None
    if weights == "uno":
        counts = uncensored_counts(seen.leave, seen.enter, rows.event, rows.weight, len(seen.time))
    found = pairs(rows.leave, rows.enter, rows.event, rows.weight, predicted, seen.stratum, counts)
    error = added_up(seen, rows.weight * found.influence)
    reach = critical(level) * error
    row = {"measure": "concordance", "estimate": found.share, "std_error": error}
    row |= {"conf_low": max(0.0, found.share - reach), "conf_high": min(1.0, found.share + reach)}
    return ConcordanceResult(
        level=level,
        unit=model.unit,
        origin=model.origin,
        method=(note("method_concordance_uno" if counts is not None else "method_concordance"),),
        concordant=found.concordant,
        discordant=found.discordant,
        tied=found.tied,
        basis=model.basis,
        _table=tidy(pd.DataFrame([row])),
    )
