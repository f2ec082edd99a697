"""Strategies, attendance, the unknown and the unmeasured: released when those behind each number are enough."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.basis import Cell
from navoutcomes.estimate.emulation.adherence import Adherence
from navoutcomes.estimate.emulation.bounds import Bounds
from navoutcomes.estimate.emulation.e_values import EValues
from navoutcomes.estimate.emulation.emulation import Emulation
from navoutcomes.estimate.emulation.tipping_point import TippingPoint
from navoutcomes.estimate.result import Result
from navoutcomes.notes import Log, note
from navoutcomes.release.models import ModelTable, enough_between, safe_basis, table_of
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.rounding import coarse, coarse_step, rounded


def emulation(result: Emulation, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """Shares, times and their differences at the times asked about; neither curves nor single trials."""
    safe_basis(result, policy)
    enough_between(result.basis, result.table, policy)
    return table_of(result, result.table, policy)


def adherence(result: Adherence, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """Answers by attendance, rounded so that no count can be read from them."""
    enough(result.cells, policy)
    return _coarse(result, result.table, min(_arms(result.cells)), policy)


def unknown_outcomes(result: Bounds | TippingPoint, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """What could be at most and at least; refused where those known, or those not known, are few in a group."""
    for group in result.known:
        if any(map(policy.small, group[:2])) or 0 < group[2] < policy.threshold:
            raise DisclosureRefused("unknown_of_few", threshold=policy.threshold)
    return _coarse(result, result.table, min(sum(one) for one in result.known), policy)


def e_values(result: EValues, policy: DisclosurePolicy, release: object) -> tuple[ModelTable, Log]:
    """E-values of the ratio that may itself be released; of a number that somebody typed, as they are."""
    if result.found is None:
        return table_of(result, result.table, policy)
    safe, decisions = release(result.found, policy)  # type: ignore[operator]
    again: EValues = result.again(safe)  # type: ignore[misc]
    made, more = table_of(again, again.table, policy)
    return made, decisions + more


def enough(cells: Iterable[Cell], policy: DisclosurePolicy) -> None:
    """Raises ``DisclosureRefused`` where somebody, but few, had the outcome or had not."""
    few = [one.term for one in cells if one.persons and any(map(policy.small, (one.ended, one.persons - one.ended)))]
    if few:
        raise DisclosureRefused("term_of_few", column=list(dict.fromkeys(few)), threshold=policy.threshold)


def _arms(cells: Iterable[Cell]) -> list[int]:
    sizes: dict[str, int] = {}
    for one in cells:
        sizes[one.term] = sizes.get(one.term, 0) + one.persons
    return list(sizes.values())


def _coarse(result: Result, frame: pd.DataFrame, persons: float, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    frame = frame.drop(columns=[name for name in ("at_risk", "events", "p_value") if name in frame])
    step = coarse_step(persons, policy.threshold)
    made, _ = table_of(result, frame, policy, coarse(frame, step))
    return made, Log((note("share_coarse", points=round(100 * step, 3), threshold=policy.threshold),))


__all__ = ["adherence", "e_values", "emulation", "enough", "rounded", "unknown_outcomes"]
