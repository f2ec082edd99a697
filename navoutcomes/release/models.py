"""Models at the gate: refused where a number would be that of a few persons, else rounded; only the table leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.dropout.dropout import Dropout
from navoutcomes.estimate.goals.power import StudySize
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.regression.cause_specific import CauseSpecific
from navoutcomes.estimate.regression.cox_checks import ConcordanceResult, ProportionalHazardsTest
from navoutcomes.estimate.regression.regression import Regression
from navoutcomes.estimate.result import Result
from navoutcomes.notes import Log, note
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.rounding import DIGITS, coarse, coarse_step, rounded, three

FEWEST_DF = 10
FEWEST_OFFICES = 3
# Below half of the third digit an adjusted share is printed as the plain one.
UNMOVED = 0.0005


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ModelTable(Result):
    """A released model: its ratios (or coefficients) by term and no more; ``kind`` the model it came from."""

    kind: str

    @property
    def named(self) -> str:
        """The kind it was made of."""
        return self.kind


def regression(result: Regression, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """The terms of a model, as ratios where it has them. Baselines, covariances and residuals stay."""
    safe_basis(result, policy)
    frame = result.ratios if result.ratio else result.table
    frame = frame[frame["measure"] == (result.ratio or result.measure)]
    return table_of(result, frame, policy)


def table_of(
    result: Result, frame: pd.DataFrame, policy: DisclosurePolicy, made: pd.DataFrame | None = None
) -> tuple[ModelTable, Log]:
    """A table of a result and nothing else of it; ``made`` where it has been rounded already."""
    frame = rounded(frame) if made is None else made
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
        _table=frame.reset_index(drop=True),
    )
    return safe, Log((note("model_rounded", digits=DIGITS, threshold=policy.threshold),))


def by_cause(result: CauseSpecific, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """One model an ending: each must pass by itself."""
    for one in result.models:
        safe_basis(one, policy)
    frame = pd.concat([one.ratios for one in result.models], ignore_index=True)
    return table_of(result, frame, policy)


def model_check(
    result: ProportionalHazardsTest | ConcordanceResult, policy: DisclosurePolicy
) -> tuple[ModelTable, Log]:
    """A number on a model that may itself be released."""
    safe_basis(result, policy)
    frame = result.table
    if "statistic" in frame and "estimate" not in frame:
        frame = frame.assign(statistic=frame["statistic"].round(2))
        made, decisions = table_of(result, frame, policy)
        return replace(made, _table=made.table.assign(statistic=frame["statistic"])), decisions
    return table_of(result, frame, policy)


def study_size(result: StudySize, _: DisclosurePolicy) -> tuple[StudySize, Log]:
    """Reckoned before anybody was seen."""
    return result, Log((note("nobody_in_it"),))


def dropout(result: Dropout, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """Shares of everybody, and of each term its difference and ratios; neither people nor model."""
    if policy.small(result.events) or policy.small(result.persons - result.events):
        raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    if result.model is not None:
        safe_basis(result, policy)
    return table_of(result, result.table, policy)


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
    shape: dict[str, Any] = {name: three(getattr(result, name)) for name in ("dispersion", "between", "share", "one")}
    return replace(result, **shape, _table=rounded(left.drop(columns=drop))), Log((told,))


def adjusted(result: AdjustedEffects, policy: DisclosurePolicy) -> tuple[AdjustedEffects, Log]:
    """Adjusted shares and differences, rounded; the unadjusted ones stay: they are released as curves are.

    Between two of the times nobody or enough ended. Where adjusting moved no share it is the plain share at a day, and
    so coarse that as many counts fit as the limit.
    """
    if result.amounts:
        return _means(result, policy)
    safe_basis(result, policy)
    table = result.table
    enough_between(result.basis, table[table["measure"].str.startswith("adjusted")], policy)
    plain = table[table["measure"] == "risk"]
    table = table[table["measure"].str.startswith("adjusted")]
    table = table[[name for name in table if name not in ("std_error", "statistic", "at_risk", "events")]]
    same = table[table["measure"] == "adjusted risk"]["estimate"].to_numpy() - plain["estimate"].to_numpy()
    if len(same) and np.abs(same).max() < UNMOVED:
        step = coarse_step(float(plain["at_risk"].min()), policy.threshold)
        made = coarse(table[~table["measure"].str.endswith("ratio")], step).drop(columns="p_value", errors="ignore")
        told = note("share_coarse", points=round(100 * step, 3), threshold=policy.threshold)
        return replace(result, pulls=None, _table=made), Log((told,))
    safe = replace(result, pulls=None, _table=rounded(table))
    return safe, Log((note("model_rounded", digits=DIGITS, threshold=policy.threshold),))


def enough_between(basis: Basis | None, frame: pd.DataFrame, policy: DisclosurePolicy) -> None:
    """Raises ``DisclosureRefused`` where few of a group ended between two of the times in a table, or since the start.

    Two shares less each other are the share of those who ended in between.
    """
    names = [str(one) for one in frame["group"].unique()]
    causes = [str(one) for one in frame["cause"].unique()] if "cause" in frame else []
    asked = {*names, *(f"{name}: {cause}" for name in names for cause in causes)}
    seen: dict[tuple[str, int], list[int]] = {}
    for cell in basis.cells if basis is not None else ():
        if cell.term in asked:
            seen.setdefault((cell.term, cell.persons), []).append(cell.ended)
    for ended in seen.values():
        if any(policy.small(after - before) for before, after in pairwise(sorted(ended))):
            raise DisclosureRefused("times_too_near", threshold=policy.threshold)


def _means(result: AdjustedEffects, policy: DisclosurePolicy) -> tuple[AdjustedEffects, Log]:
    """Means of enough persons of whom none has most of the sum; of a number of two values, enough with each."""
    for one in result.amounts:
        few = one.persons < policy.smallest_curve or (one.fewest is not None and one.fewest < policy.threshold)
        if few or one.dominated:
            facts = {"group": one.group, "column": [result.outcome], "fewest": policy.smallest_curve}
            raise DisclosureRefused("mean_of_few", **facts)
    table = result.table.drop(columns=[name for name in ("std_error", "statistic", "events") if name in result.table])
    safe = replace(result, pulls=None, amounts=(), _table=rounded(table))
    return safe, Log((note("model_three_digits"), note("mean_of_many")))


def safe_basis(result: Any, policy: DisclosurePolicy) -> None:
    """Raises ``DisclosureRefused`` where a term rests on few persons, endings or non-endings, or too few are left."""
    enough_behind(result.basis, type(result).__name__, policy)


def enough_behind(basis: Basis | None, kind: str, policy: DisclosurePolicy) -> None:
    """Raises as ``safe_basis``, for what stands behind one model."""
    if basis is None:
        raise DisclosureRefused("basis_unknown", kind=kind)
    few = [cell.term for cell in basis.cells if min(cell.ended, cell.persons - cell.ended) < policy.threshold]
    if few:
        raise DisclosureRefused("term_of_few", column=list(dict.fromkeys(few)), threshold=policy.threshold)
    left = min(basis.ended, basis.persons) - basis.columns
    if left < FEWEST_DF:
        raise DisclosureRefused("model_of_few", df=left, fewest=FEWEST_DF)
