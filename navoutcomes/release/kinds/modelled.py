"""Curves without a risk table behind them, at the ends of months in which enough had moved; and pseudo-values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.moves import NOTHING, Moves
from navoutcomes.estimate.regression.fine_gray_curves import PredictedIncidence
from navoutcomes.estimate.regression.predict import ProfileCurves
from navoutcomes.estimate.regression.pseudo_values_regression import PseudoRegression
from navoutcomes.estimate.result import Result
from navoutcomes.estimate.states.multistate import StateCurves
from navoutcomes.estimate.states.recurrent import MeanCounts
from navoutcomes.maths.arrays import Floats
from navoutcomes.notes import Log, note
from navoutcomes.release.models import ModelTable, enough_behind, safe_basis, table_of
from navoutcomes.release.months import DAYS_A_MONTH, DAYS_A_UNIT, months_of
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.rounding import coarse, coarse_step, rounded

WHOLE = ("occupation", "mean number")
NUMBERS = ("mean number", "cumulative hazard")
LEFT = ("group", "cause", "term", "measure", "time", "estimate", "conf_low", "conf_high")


def pseudo(result: PseudoRegression, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """The terms, and no level; a difference in shares between those with a trait and those without is coarse."""
    safe_basis(result, policy)
    frame = (result.ratios if result.ratio else result.table).iloc[len(result.times) :].reset_index(drop=True)
    made = rounded(frame)
    cells = [] if result.basis is None else [one for one in result.basis.cells if one.term in set(frame["term"])]
    if result.ratio or not result.measure.startswith(("survival", "risk")) or not cells:
        return table_of(result, frame, policy)
    step = coarse_step(min(one.persons for one in cells), policy.threshold)
    shares = frame["term"].isin([one.term for one in cells]).to_numpy()
    made.loc[shares, ["estimate", "conf_low", "conf_high"]] = coarse(frame[shares], step)[
        ["estimate", "conf_low", "conf_high"]
    ].to_numpy()
    safe, told = table_of(result, frame, policy, made)
    return safe, told + note("share_coarse", points=round(100 * step, 3), threshold=policy.threshold)


def profiles(result: ProfileCurves | PredictedIncidence, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """The times asked about, each as the end of the last month before it that may be shown."""
    for basis in result.bases():
        enough_behind(basis, type(result).__name__, policy)
    moves = result.moves()
    if moves.persons < policy.smallest_curve:
        raise DisclosureRefused("curve_of_few", fewest=policy.smallest_curve, threshold=policy.threshold, groups=1)
    shown = shown_months(moves, result.unit, policy)
    asked = months_of(result.table["time"].unique(), result.unit)
    months = sorted({max(one for one in shown if one <= month) for month in asked if month >= shown[0]})
    if not months:
        raise DisclosureRefused("time_not_shown", month=shown[-1], threshold=policy.threshold)
    ends = month_ends(np.array(months), result.unit, result.last)
    frame = result.asked(ends).table
    return _by_month(result, frame, dict(zip(ends, months, strict=True)), moves.persons, policy)


def stepped(result: StateCurves | MeanCounts, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """Shares in states, chances, hazards and mean numbers, at the ends of months that may be shown."""
    if result.moves is None:
        raise DisclosureRefused("curves_of_landmarks")
    moves = result.moves()
    sizes = [moves.among(moves.group == one).persons for one in np.unique(moves.group)]
    if min(sizes) < policy.smallest_curve:
        groups = sum(size < policy.smallest_curve for size in sizes)
        raise DisclosureRefused("curve_of_few", fewest=policy.smallest_curve, threshold=policy.threshold, groups=groups)
    months = shown_months(moves, result.unit, policy)
    if not set(result.table["measure"]) <= set(WHOLE):
        sizes = [moves.among(moves.place == one).persons for one in np.unique(moves.place)]
    ends = month_ends(np.array(months), result.unit, float(moves.end.max()))
    frame = result.at(ends.tolist()).dropna(subset=["estimate"]).reset_index(drop=True)
    return _by_month(result, frame, dict(zip(ends, months, strict=True)), min(sizes), policy)


def shown_months(moves: Moves, unit: str, policy: DisclosurePolicy) -> list[int]:
    """Months by whose end each kind of move since the month before shown is of nobody or of enough persons, and nobody
    or enough are left in each place.

    Raises: ``DisclosureRefused`` where there is no such month.
    """
    begin, end = np.zeros(len(moves.end), dtype=np.int64), months_of(moves.end, unit)
    late = moves.begin > 0
    begin[late] = months_of(moves.begin[late], unit)
    kinds, places = np.unique(moves.kind[moves.kind != NOTHING]), np.unique(moves.place)
    shown: list[int] = []
    for month in np.unique(end):
        new = (end <= month) & (end > (shown[-1] if shown else 0))
        there = (begin <= month) & (end > month)
        gone = [moves.among(new & (moves.kind == one)).persons for one in kinds]
        left = [moves.among(there & (moves.place == one)).persons for one in places]
        if any(gone) and not any(0 < one < policy.threshold for one in (*gone, *left)):
            shown.append(int(month))
    if not shown:
        raise DisclosureRefused("steps_of_few", threshold=policy.threshold)
    return shown


def month_ends(months: np.ndarray, unit: str, last: float) -> Floats:
    """The ends of months on a clock of their own, the last one no later than follow-up."""
    return np.minimum(months * DAYS_A_MONTH / DAYS_A_UNIT[unit], last)


def _by_month(
    result: Result, frame: pd.DataFrame, months: dict[float, int], persons: float, policy: DisclosurePolicy
) -> tuple[ModelTable, Log]:
    step = coarse_step(persons, policy.threshold)
    frame = frame[[name for name in LEFT if name in frame]].assign(time=[float(months[at]) for at in frame["time"]])
    made, _ = table_of(result, frame, policy, coarse(frame, step))
    told = note("steps_by_month", months=len(months), threshold=policy.threshold)
    if set(frame.get("measure", ())) & set(NUMBERS):
        how = note("number_coarse", step=step, threshold=policy.threshold)
    else:
        how = note("share_coarse", points=round(100 * step, 3), threshold=policy.threshold)
    return replace(made, unit="months"), Log((told, how))
