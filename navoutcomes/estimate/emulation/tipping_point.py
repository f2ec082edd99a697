"""How many of those nobody knows of would have to have had the outcome for the answer to be another? A whole number."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.emulation.missing_outcomes import Known, KnownOutcomes, outcomes
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.sensitivity import completed_differences, fewest, verdicts, wilson_limits
from navoutcomes.notes import Log, Note, note

MOST_COMPLETIONS = 4_000_000
VERDICTS = {-1: "lower", 0: "undecided", 1: "higher"}


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class TippingPoint(Result):
    """``tipping`` is the smallest number of those not known who must have had the outcome, and nobody else of them, for
    the verdict among those known to change; None where no completion changes it. ``split`` says how many of them in
    each group. ``verdict`` is ``higher``, ``lower`` or ``undecided``; ``known`` as in ``Bounds``.
    """

    tipping: int | None
    split: tuple[int, ...] | None
    verdict: str
    missing: int
    changing: float
    known: tuple[Known, ...] = ()
    _grid: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def completions(self) -> pd.DataFrame:
        """Every way those not known may have fared: how many had the outcome in each group, the estimate, its limits
        and the verdict. A copy."""
        return self._grid.copy()


@door
def tipping_point(
    people: FollowUp | CountedPeople,
    by: str | None = None,
    at: float | None = None,
    cause: str | None = None,
    missing: str = "missing",
    reference: str | None = None,
    target: float | None = None,
    level: float = 0.95,
) -> TippingPoint:
    """How many of the missing would have to have got a job for the conclusion to be another?

    The conclusion is whether the interval among those known lies above, below or across no difference (Newcombe), or
    across ``target`` for one group (Wilson). Every completion is looked at.
    Arguments: ``by``, ``at``, ``cause``, ``missing``, ``reference`` and ``level`` as in ``bounds``; ``target`` a share
    0-1 that one group is held against.
    Shapes: ``table`` has the difference (or share) among those known, when none and when all of the missing had the
    outcome, at the two ends, and at the tipping point; ``completions`` all of them.
    Raises: ``DesignProblem`` as ``bounds``; for two groups and a target, or one group without; for nobody known.
    Assumes: nothing about those who are not known.
    Reference: Yan, Lee & Li 2009; Newcombe 1998.
    """
    check_level(level)
    known = outcomes(people, by, cause, at, missing)
    z = critical(level)
    if min(had + others for had, others, _ in known.groups.values()) == 0:
        raise DesignProblem("nobody_known", count=known.missing)
    if np.prod([one[2] + 1.0 for one in known.groups.values()]) > MOST_COMPLETIONS:
        raise DesignProblem("too_many_completions", count=known.missing)
    if target is not None:
        return _against_target(known, target, z, level)
    group, base = known.pair(reference)
    first, second = known.groups[group], known.groups[base]
    difference, low, high = completed_differences(first, second, z)
    observed = completed_differences((*first[:2], 0), (*second[:2], 0), z)
    every = verdicts(low, high)
    own = int(verdicts(observed[1], observed[2])[0, 0])
    split = fewest(every != own)
    ends: dict[str, tuple[int, ...]] = {
        "none of the missing": (0, 0),
        "all of the missing": (first[2], second[2]),
        "least favourable": (0, second[2]),
        "most favourable": (first[2], 0),
    }
    if split is not None:
        ends["tipping point"] = split
    rows = [_row(group, known, "risk difference", "those known", *(float(one[0, 0]) for one in observed))]
    rows += [
        _row(group, known, "risk difference", name, float(difference[at]), float(low[at]), float(high[at]))
        for name, at in ends.items()
    ]
    had = np.indices(every.shape)
    grid = _grid({group: np.asarray(had[0]), base: np.asarray(had[1])}, difference, low, high, every)
    return _made(known, level, base, split, own, every, rows, grid, (note("method_tipping", total=every.size),))


def _against_target(known: KnownOutcomes, target: float, z: float, level: float) -> TippingPoint:
    if len(known.groups) != 1 or not 0 < target < 1:
        raise DesignProblem("target_of_one_group", count=len(known.groups))
    group, (had, others, unknown) = next(iter(known.groups.items()))
    events = had + np.arange(unknown + 1.0)
    total = had + others + unknown
    low, high = wilson_limits(events, total, z)
    share = events / total
    seen = wilson_limits(np.array([float(had)]), had + others, z)
    every = verdicts(low, high, target)
    own = int(verdicts(*seen, target)[0])
    split = fewest(every != own)
    ends = {"none of the missing": 0, "all of the missing": unknown}
    if split is not None:
        ends["tipping point"] = split[0]
    rows = [_row(group, known, "share", "those known", had / (had + others), float(seen[0][0]), float(seen[1][0]))]
    rows += [
        _row(group, known, "share", name, float(share[at]), float(low[at]), float(high[at]))
        for name, at in ends.items()
    ]
    grid = _grid({group: np.arange(unknown + 1)}, share, low, high, every)
    told = (note("method_tipping_target", total=every.size, percent=100 * target),)
    return _made(known, level, None, split, own, every, rows, grid, told)


def _made(
    known: KnownOutcomes,
    level: float,
    base: str | None,
    split: tuple[int, ...] | None,
    own: int,
    every: np.ndarray,
    rows: list[dict[str, object]],
    grid: pd.DataFrame,
    method: tuple[Note, ...],
) -> TippingPoint:
    least = None if split is None else sum(split)
    key = "tipping_never" if least is None else "tipping_found" if least else "tipping_at_once"
    facts: dict[str, object] = {"missing": known.missing}
    if least and split is not None:
        facts |= {
            "count": least,
            "split": [f"{name}: {n}" for name, n in zip(known.pair_names(base), split, strict=True)],
        }
    return TippingPoint(
        level=level,
        unit=known.unit,
        origin=known.origin,
        method=method,
        findings=Log((note(key, **facts),)),
        reference=base,
        randomised=known.randomised,
        tipping=least,
        split=split,
        verdict=VERDICTS[own],
        missing=known.missing,
        known=tuple(known.groups.values()),
        changing=float((every != own).mean()),
        _grid=grid,
        _table=tidy(pd.DataFrame(rows)),
    )


def _row(
    group: str, known: KnownOutcomes, measure: str, term: str, value: float, low: float, high: float
) -> dict[str, object]:
    row: dict[str, object] = {"group": group, "cause": known.cause, "term": term, "measure": measure}
    row |= {"estimate": value, "conf_low": low, "conf_high": high}
    return row if np.isnan(known.time) else {**row, "time": known.time}


def _grid(had: dict[str, np.ndarray], value: Floats, low: Floats, high: Floats, every: np.ndarray) -> pd.DataFrame:
    columns = {f"had_outcome: {name}": number.ravel() for name, number in had.items()}
    verdict = [VERDICTS[int(one)] for one in every.ravel()]
    limits = {"estimate": value.ravel(), "conf_low": low.ravel(), "conf_high": high.ravel()}
    return pd.DataFrame({**columns, **limits, "verdict": verdict})
