"""What do published studies say together, how unlike are they, and where do our own numbers lie beside them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, nan, sqrt

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.evidence.study_numbers import Studied, studied
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, Row, lines, tidy
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths import meta_analysis as kernel
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.origin import Origin
from navoutcomes.records.published_studies import Published
from navoutcomes.records.spells.together import origin_of

METHODS = {"reml": "method_reml", "dersimonian-laird": "method_dersimonian_laird", "common": "method_common_effect"}
INTERVALS = {"hksj-ad-hoc": "interval_hksj_ad_hoc", "hksj": "interval_hksj", "wald": "interval_wald_pooled"}
FEWEST_FOR_PREDICTION = 3
FEW = 5
UNLIKE = 0.5
OWN, STUDY, REVIEW, POOLED, PREDICTION = "own", "study", "meta-analysis", "pooled", "prediction interval"


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class MetaAnalysis(Result):
    """Studies, what they say together, and where a new one is to be expected.

    ``table`` has a row a study, ``term`` says of what kind: ``own``, ``study``, ``meta-analysis``, ``pooled`` and
    ``prediction interval``; the error of a ratio is that of its logarithm. ``tau2`` is the variance between studies on
    the pooling scale with its interval (Q-profile), ``i2`` Higgins' share (0-1), ``q`` Cochran's with ``df`` and
    ``p_value``; ``weights`` of the pooled studies add to one. What cannot be given is not a number.
    """

    studies: tuple[Published, ...]
    measure: str
    tau2: float
    tau2_interval: tuple[float, float]
    i2: float
    q: float
    df: int
    p_value: float
    weights: tuple[float, ...]
    own: Effects | AdjustedEffects | None = None
    at: float | None = None

    @property
    def ratio(self) -> bool:
        """Whether the measure is a ratio."""
        return self.measure.endswith("ratio")

    def beside(self, own: Effects | AdjustedEffects) -> MetaAnalysis:
        """The same studies, with another version of one's own numbers beside them (a protected one)."""
        others = self._table[self._table["term"] != OWN]
        table = pd.concat([pd.DataFrame([_own_row(own, self.measure, self.at)]), others], ignore_index=True)
        return replace(self, own=own, _table=tidy(table))


@door
def meta_analysis(
    studies: Sequence[Published],
    method: str = "reml",
    interval: str | None = None,
    own: Effects | AdjustedEffects | None = None,
    at: float | None = None,
    level: float = 0.95,
) -> MetaAnalysis:
    """What do published studies say together, and how much do they differ?

    Arguments: ``studies`` of one measure (single studies are pooled, published meta-analyses stand beside);
    ``method`` ``reml``, ``dersimonian-laird``, or ``common`` (one true value for all); ``interval`` ``hksj-ad-hoc``
    (Hartung, Knapp, Sidik and Jonkman with their factor never below 1, so never narrower than the plain one), ``hksj``
    or ``wald`` (None: ``hksj-ad-hoc``, of a common value ``wald``); ``own`` a result of one's own with the same
    measure, shown beside and never pooled, ``at`` a time of it in the follow-up's unit; ``level`` 0-1.
    Shapes: ``table`` has one row for the own result, one a study, one pooled and one for the prediction interval (from
    three studies on, t with k - 2).
    Raises: ``DesignProblem`` for no studies, two measures, an unknown method, a ratio of counts without events, or an
    own result without the measure.
    Assumes: studies are independent of each other; of random effects that those found stand for those there could be.
    Reference: DerSimonian & Laird 1986; Viechtbauer 2005, 2007; Hartung & Knapp 2001; Sidik & Jonkman 2002; Knapp &
    Hartung 2003; Higgins & Thompson 2002; Higgins, Thompson & Spiegelhalter 2009.
    """
    check_level(level)
    interval = _chosen(method, interval)
    measure = _one_measure(studies)
    single = [one for one in studies if one.studies is None]
    reviews = [one for one in studies if one.studies is not None]
    numbers = {place: studied(one, place + 1, level) for place, one in enumerate(studies)}
    y = np.array([numbers[place].value for place, one in enumerate(studies) if one.studies is None])
    v = np.array([numbers[place].error ** 2 for place, one in enumerate(studies) if one.studies is None])
    rows = [_row(one, numbers[place], measure) for place, one in enumerate(studies)]
    together = _together(y, v, method, interval, level, measure)
    findings = _findings(numbers, len(single), len(reviews), together.i2, own is not None)
    found = MetaAnalysis(
        level=level,
        unit="" if own is None else own.unit,
        origin=Origin(published=True) if own is None else origin_of(own.origin, Origin(published=True)),
        method=together.method,
        findings=findings,
        reference=None if own is None else own.reference,
        studies=tuple(sorted(studies, key=lambda one: one.studies is not None)),
        measure=measure,
        tau2=together.tau2,
        tau2_interval=together.limits,
        i2=together.i2,
        q=together.q,
        df=max(0, len(single) - 1),
        p_value=float(stats.chi2.sf(together.q, len(single) - 1)) if len(single) > 1 else nan,
        weights=together.weights,
        at=at,
        _table=tidy(pd.DataFrame([*_ordered(rows), *together.rows])),
    )
    return found if own is None else found.beside(own)


@dataclass(frozen=True)
class _Together:
    rows: tuple[dict[str, object], ...] = ()
    method: tuple[Note, ...] = ()
    tau2: float = nan
    limits: tuple[float, float] = (nan, nan)
    i2: float = nan
    q: float = nan
    weights: tuple[float, ...] = ()


def _together(y: np.ndarray, v: np.ndarray, method: str, interval: str, level: float, measure: str) -> _Together:
    """The pooled row, the prediction interval where there are enough studies, and how unlike the studies are."""
    k = len(y)
    if k < 2:
        return _Together(weights=(1.0,) * k)
    estimators = {"reml": kernel.tau2_restricted, "dersimonian-laird": kernel.tau2_moments}
    tau2 = estimators[method](y, v) if method in estimators else 0.0
    mean = kernel.pooled(y, v, tau2)
    variance, reach = mean.variance, critical(level)
    if interval != "wald":
        variance = kernel.hartung_knapp(y, mean, at_least_one=interval == "hksj-ad-hoc")
        reach = critical(level, float(k - 1))
    error = sqrt(variance)
    limits = (mean.value - reach * error, mean.value + reach * error)
    rows = [_summed(POOLED, measure, mean.value, error, limits)]
    how = [note(METHODS[method], studies=k), note(INTERVALS[interval], **({} if interval == "wald" else {"df": k - 1}))]
    if method != "common" and k >= FEWEST_FOR_PREDICTION:
        rows.append(_summed(PREDICTION, measure, mean.value, nan, kernel.prediction(mean, variance, k, level)))
        how.append(note("method_prediction", df=k - 2))
    q = kernel.cochran(y, v)
    share = mean.weights / mean.weights.sum()
    return _Together(
        tuple(rows), tuple(how), tau2, kernel.tau2_limits(y, v, level), kernel.i_squared(q, k), q,
        tuple(float(one) for one in share),
    )  # fmt: skip


def _chosen(method: str, interval: str | None) -> str:
    if method not in METHODS:
        raise DesignProblem("choice_unknown", asked=method, known=tuple(METHODS))
    if interval is None:
        return "wald" if method == "common" else "hksj-ad-hoc"
    if interval not in INTERVALS:
        raise DesignProblem("choice_unknown", asked=interval, known=tuple(INTERVALS))
    if method == "common" and interval != "wald":
        raise DesignProblem("interval_for_random_effects", asked=interval)
    return interval


def _one_measure(studies: Sequence[Published]) -> str:
    measures = tuple(dict.fromkeys(one.measure for one in studies))
    if not measures:
        raise DesignProblem("studies_needed")
    if len(measures) > 1:
        raise DesignProblem("studies_of_two_measures", measures=measures)
    return measures[0]


def _row(study: Published, numbers: Studied, measure: str) -> dict[str, object]:
    """A study as a row; of counted ones with how many of how many in the first group."""
    events, persons = (nan, nan) if study.counts is None else study.counts[:2]
    return {
        "group": str(study.name), "term": STUDY if study.studies is None else REVIEW, "measure": measure,
        "estimate": numbers.estimate, "std_error": numbers.error, "conf_low": numbers.low, "conf_high": numbers.high,
        "at_risk": float(persons), "events": float(events),
    }  # fmt: skip


def _ordered(rows: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Single studies first, then the published meta-analyses."""
    return sorted(rows, key=lambda row: row["term"] == REVIEW)


def _summed(term: str, measure: str, value: float, error: float, limits: tuple[float, float]) -> dict[str, object]:
    numbers = [value, *limits]
    shown = [exp(one) for one in numbers] if measure.endswith("ratio") else numbers
    return {"group": term, "term": term, "measure": measure, "estimate": shown[0], "std_error": error,
            "conf_low": shown[1], "conf_high": shown[2]}  # fmt: skip


def _own_row(own: Effects | AdjustedEffects, measure: str, at: float | None) -> dict[str, object]:
    """The one row of an own result that has the measure, adjusted where it is there."""
    rows = [row for row in lines(own.table) if row.measure in (measure, f"adjusted {measure}")]
    adjusted = [row for row in rows if row.measure.startswith("adjusted")]
    rows = [row for row in adjusted or rows if at is None or _same(row, own, at)]
    if len(rows) != 1:
        raise DesignProblem("own_row", count=len(rows), measure=measure)
    (row,) = rows
    return {"group": row.group, "term": OWN, "measure": measure, "time": row.time, "estimate": row.estimate,
            "std_error": row.std_error, "conf_low": row.conf_low, "conf_high": row.conf_high}  # fmt: skip


def _same(row: Row, own: Effects | AdjustedEffects, at: float) -> bool:
    """Whether a row is at a time of the follow-up's unit; a protected result keeps the clock of its own counts."""
    moment = float(own.counts.clock(at)[0]) if isinstance(own.counts, RiskTable) else float(at)
    return abs(row.time - moment) <= 1e-9 * max(1.0, abs(moment))


def _findings(numbers: dict[int, Studied], single: int, reviews: int, i2: float, own: bool) -> Log:
    log = Log()
    if single == 1:
        log += note("one_study_not_pooled")
    if single < FEWEST_FOR_PREDICTION:
        log += note("no_prediction", studies=single)
    if 1 < single < FEW:
        log += warning("few_studies", studies=single)
    if i2 > UNLIKE:
        log += warning("studies_unlike", percent=round(100 * i2))
    halved = sum(one.halved for one in numbers.values())
    lopsided = tuple(place + 1 for place, one in numbers.items() if one.lopsided)
    if halved:
        log += note("studies_half_added", count=halved)
    if lopsided:
        log += warning("studies_lopsided", count=len(lopsided), places=lopsided)
    if reviews:
        log += note("meta_analyses_beside", count=reviews)
    return log + note("own_beside") if own else log
