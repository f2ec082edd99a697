"""Models at the gate: refused where a number would be that of a few persons, else rounded; only the table leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, isfinite, log10
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, DisclosureRefused
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.dropout.dropout import Dropout
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.scorecard import Scorecard
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.regression.regression import Regression
from navoutcomes.estimate.result import Result
from navoutcomes.notes import Log, note
from navoutcomes.release.policy import DisclosurePolicy

FEWEST_DF = 10
DIGITS = 3
FEWEST_OFFICES = 3
NUMBERS = ("estimate", "std_error", "conf_low", "conf_high")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ModelTable(Result):
    """A released model: its ratios (or coefficients) by term and no more; ``kind`` the model it came from."""

    kind: str


def regression(result: Regression, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """The terms of a model, as ratios where it has them. Baselines, covariances and residuals stay."""
    safe_basis(result, policy)
    frame = result.ratios if result.ratio else result.table
    frame = frame[frame["measure"] == (result.ratio or result.measure)]
    return _table_of(result, frame, policy)


def _table_of(result: Result, frame: pd.DataFrame, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    frame = frame.drop(columns=[name for name in ("std_error", "statistic") if name in frame])
    safe = ModelTable(
        level=result.level,
        unit=result.unit,
        origin=result.origin,
        method=result.method,
        findings=result.findings,
        reference=result.reference,
        randomised=result.randomised,
        kind=type(result).__name__,
        _table=rounded(frame),
    )
    return safe, Log((note("model_rounded", digits=DIGITS, threshold=policy.threshold),))


def dropout(result: Dropout, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """Shares of everybody, and of each term its difference and ratios; neither people nor model."""
    if policy.small(result.events) or policy.small(result.persons - result.events):
        raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    if result.model is not None:
        safe_basis(result, policy)
    return _table_of(result, result.table, policy)


def offices(result: OfficeComparison, policy: DisclosurePolicy) -> tuple[OfficeComparison, Log]:
    """Offices with few persons, few who ended or few who did not are left out, and never one alone: it could be worked
    out from the sum."""
    table = result.table
    seen = table[table["measure"] == "observed share"].set_index("group")
    ended = (seen["estimate"] * seen["at_risk"]).round()
    fewest = pd.concat([ended, seen["at_risk"] - ended], axis=1).min(axis=1)
    few = list(fewest.index[fewest < policy.threshold])
    kept = fewest.drop(few)
    if len(few) == 1 and len(kept):
        few.append(str(seen.loc[kept.index, "at_risk"].idxmin()))
    left = table[~table["group"].isin(few)]
    if left["group"].nunique() < FEWEST_OFFICES:
        raise DisclosureRefused("offices_of_few", count=len(few), threshold=policy.threshold)
    drop = [name for name in ("std_error", "statistic") if name in left]
    hidden = {"count": len(few), "threshold": policy.threshold}
    told = note("offices_hidden", **hidden) if few else note("nothing_hidden", threshold=policy.threshold)
    return replace(result, _table=rounded(left.drop(columns=drop))), Log((told,))


def goals(result: Indicator | Scorecard, policy: DisclosurePolicy) -> tuple[Indicator | Scorecard, Log]:
    """Goals of enough persons, with their counts; those published before are facts."""
    indicators = (result,) if isinstance(result, Indicator) else result.indicators
    for one in indicators:
        small = policy.small(one.events) or policy.small(one.persons - one.events)
        if not one.already_public and (small or policy.small(one.persons)):
            raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    return result, Log((note("nothing_hidden", threshold=policy.threshold),))


def adjusted(result: AdjustedEffects, policy: DisclosurePolicy) -> tuple[AdjustedEffects, Log]:
    """Adjusted shares and differences, rounded; the unadjusted ones stay: they are released as curves are."""
    safe_basis(result, policy)
    table = result.table
    table = table[table["measure"].str.startswith("adjusted")]
    kept = [name for name in table if name not in ("std_error", "statistic", "at_risk", "events")]
    safe = replace(result, pulls=None, _table=rounded(table[kept]))
    return safe, Log((note("model_rounded", digits=DIGITS, threshold=policy.threshold),))


def safe_basis(result: Any, policy: DisclosurePolicy) -> None:
    """Raises ``DisclosureRefused`` where a term rests on few persons, endings or non-endings, or too few are left."""
    basis: Basis | None = result.basis
    if basis is None:
        raise DesignProblem("cannot_release", kind=type(result).__name__)
    few = [cell.term for cell in basis.cells if min(cell.ended, cell.persons - cell.ended) < policy.threshold]
    if few:
        raise DisclosureRefused("term_of_few", column=list(dict.fromkeys(few)), threshold=policy.threshold)
    left = min(basis.ended, basis.persons) - basis.columns
    if left < FEWEST_DF:
        raise DisclosureRefused("model_of_few", df=left, fewest=FEWEST_DF)


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers with three digits that count, chances with three decimals."""
    frame = frame.reset_index(drop=True).copy()
    for name in (one for one in NUMBERS if one in frame):
        frame[name] = [_three(value) for value in frame[name]]
    if "p_value" in frame:
        frame["p_value"] = np.round(frame["p_value"], 3)
    return frame


def _three(value: float) -> float:
    if not isfinite(value) or value == 0:
        return value
    return round(value, DIGITS - 1 - floor(log10(abs(value))))
