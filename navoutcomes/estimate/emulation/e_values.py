"""How strongly would something nobody wrote down have to go with both for an association to be nothing?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.regression.regression import Regression
from navoutcomes.estimate.result import Result, Row, lines, tidy
from navoutcomes.maths.sensitivity import as_risk_ratio
from navoutcomes.maths.sensitivity import e_value as one_e_value
from navoutcomes.notes import Log, note
from navoutcomes.records.origin import Origin

MEASURES = ("risk ratio", "rate ratio", "odds ratio", "hazard ratio", "standardised difference")
COMMON = 0.15


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class EValues(Result):
    """E-values of each ratio, and of the limit of its interval nearest to no difference (1 where it covers none).
    ``found`` is the result they speak of, None for a number."""

    against: float
    found: Result | None = None


@door
def e_value(
    found: Result | float,
    conf_low: float | None = None,
    conf_high: float | None = None,
    measure: str = "risk ratio",
    common: bool | None = None,
    against: float = 1.0,
    error: float | None = None,
) -> EValues:
    """How strongly, as a risk ratio, would something unmeasured have to go with both who begins and the outcome, beyond
    what is adjusted for, to explain the association away?

    Arguments: ``found`` a result that has ratios (``contrast`` with risk or odds ratios, ``cox``, ``logistic``,
    ``poisson``, ``two_by_two``), or one number with ``conf_low``, ``conf_high`` and ``measure``: risk, rate, odds or
    hazard ratio, or standardised difference (then ``error`` gives the limits where they are left out); ``common``
    whether the outcome is (above 15 % by the end; None: from the result's counts): odds and hazard ratios are then
    brought to risk ratios first; ``against`` the risk ratio it is to be explained down to.
    Shapes: ``table`` two rows a ratio: its E-value, and that of the limit (empty without one).
    Raises: ``DesignProblem`` for a result without ratios, a measure there is not, or an outcome nobody calls common or
    rare.
    Assumes: it says how strong one unmeasured thing would have to be, not whether there is one.
    Reference: VanderWeele & Ding 2017 (Annals of Internal Medicine 167:268).
    """
    if not np.isfinite(against) or against <= 0:
        raise DesignProblem("choice_unknown", asked=against, known=("against > 0",))
    if isinstance(found, Result):
        given = [_Given.of(found, row, common) for row in lines(_ratio_table(found)) if _kind(row.measure)]
        if not given:
            raise DesignProblem("no_ratio", kind=type(found).__name__)
    else:
        given = [_Given.alone(float(found), conf_low, conf_high, measure, common, error)]
    rows = [row for one in given for row in one.rows(against)]
    kinds = sorted({one.kind.replace(" ", "_") for one in given if one.converted})
    origin = found.origin if isinstance(found, Result) else Origin()
    return EValues(
        level=found.level if isinstance(found, Result) else 0.95,
        unit=found.unit if isinstance(found, Result) else "",
        origin=origin,
        method=(note("method_e_value"), *(note(f"e_value_from_{one}") for one in kinds)),
        findings=Log((note("e_value_means"),)),
        reference=found.reference if isinstance(found, Result) else None,
        against=against,
        found=found if isinstance(found, Result) else None,
        again=partial(e_value, common=_for_all(found, given, common), against=against),
        _table=tidy(pd.DataFrame(rows)),
    )


def _for_all(found: Result | float, given: list[_Given], common: bool | None) -> bool | None:
    """Whether the outcome of a regression is common, whose protected table does not say how many it was made of."""
    return given[0].common if common is None and isinstance(found, Regression) else common


@dataclass(frozen=True)
class _Given:
    """One ratio with its limits, which row it comes from, and whether the outcome is common."""

    kind: str
    value: float
    low: float
    high: float
    common: bool
    keys: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, result: Result, row: Row, common: bool | None) -> _Given:
        kind = _kind(row.measure)
        keys = tuple((name, getattr(row, name)) for name in ("group", "cause", "term", "time") if name in result.table)
        common = _often(result, row, kind) if common is None else common
        return cls(kind, row.estimate, row.conf_low, row.conf_high, common, keys)

    @classmethod
    def alone(
        cls, value: float, low: float | None, high: float | None, measure: str, common: bool | None,
        error: float | None,
    ) -> _Given:  # fmt: skip
        if measure not in MEASURES:
            raise DesignProblem("choice_unknown", asked=measure, known=MEASURES)
        if measure in ("odds ratio", "hazard ratio") and common is None:
            raise DesignProblem("common_needed", measure=measure)
        if error is not None and low is None and high is None:
            low, high = value - 1.96 * error, value + 1.96 * error
        low, high = (float("nan") if one is None else float(one) for one in (low, high))
        ratio = measure != "standardised difference"
        if not np.isfinite(value) or (ratio and np.nanmin([value, low, high]) <= 0):
            raise DesignProblem("ratio_not_positive")
        if low > value or high < value:
            raise DesignProblem("limits_turned")
        return cls(measure, value, low, high, bool(common))

    @property
    def converted(self) -> bool:
        """Whether it had to be brought to a risk ratio."""
        return self.kind == "standardised difference" or (self.common and self.kind in ("odds ratio", "hazard ratio"))

    def rows(self, against: float) -> list[dict[str, Any]]:
        """The E-values of the number and of the nearest limit."""
        value, low, high = (
            as_risk_ratio(one, self.kind, self.common) / against for one in (self.value, self.low, self.high)
        )
        near = low if value > 1 else high
        limit = 1.0 if low <= 1 <= high else one_e_value(near)
        keys = dict(self.keys)
        first = {**keys, "measure": "E-value", "estimate": one_e_value(value)}
        return [first, {**keys, "measure": "E-value of the limit", "estimate": limit}]


def _ratio_table(result: Result) -> pd.DataFrame:
    return result.ratios if isinstance(result, Regression) and result.ratio else result.table


def _kind(measure: str) -> str:
    """The measure's own name among those that have E-values; empty for others."""
    return next((one for one in MEASURES[:4] if measure == one or measure.startswith(f"{one},")), "")


def _often(result: Result, row: Row, kind: str) -> bool:
    """Whether more than 15 % had the outcome. Raises ``DesignProblem`` where the result does not say."""
    if kind in ("risk ratio", "rate ratio"):
        return False
    events, persons = row.events, row.at_risk
    if isinstance(result, Regression):
        rows = getattr(result, "rows", None)
        events = float(getattr(result, "events", np.nan))
        persons = float(getattr(result, "persons", np.nan if rows is None else rows.size))
    if not (np.isfinite(events) and np.isfinite(persons) and persons > 0):
        raise DesignProblem("common_needed", measure=kind)
    return events / persons > COMMON
