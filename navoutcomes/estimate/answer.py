"""Exactly the number the protocol asked for, and no other."""

from __future__ import annotations

from dataclasses import replace

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.adjusted.contrast import adjusted_restricted_mean
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.adjusted.standardise import standardise
from navoutcomes.estimate.adjusted.weights import weights
from navoutcomes.estimate.contrast import contrast
from navoutcomes.estimate.curves.incidence import cumulative_incidence
from navoutcomes.estimate.curves.restricted_mean import restricted_mean
from navoutcomes.estimate.curves.survival import survival_curve
from navoutcomes.estimate.result import Result

ADJUSTED = {
    "cumulative incidence": "adjusted risk",
    "risk difference": "adjusted risk difference",
    "risk ratio": "adjusted risk ratio",
    "restricted mean": "adjusted restricted mean",
    "restricted mean difference": "adjusted restricted mean difference",
}


@door
def answer(people: FollowUp) -> Result:
    """What is the answer to the protocol's question?

    Gives the estimand's measure at the estimand's times, by arm where the protocol has arms. Where the protocol adjusts
    for terms the numbers are standardised over everybody (g-formula, ``standardise``): no unadjusted number passes for
    an adjusted one.
    Raises: ``DesignProblem`` without an estimand, or when a share still there, or people without arms, would have to be
    adjusted.
    """
    protocol = people.protocol
    if protocol.estimand is None:
        raise DesignProblem("estimand_needed")
    measure, at = protocol.estimand.measure, protocol.estimand.at
    if protocol.adjust_for:
        return _adjusted(people, measure, at)
    by = protocol.arms.column if protocol.arms else None
    if measure in ("risk difference", "risk ratio", "restricted mean difference"):
        return contrast(people, by=str(by), at=at, measure=measure)
    if measure == "restricted mean":
        return restricted_mean(people, horizon=max(at), by=by)
    return survival_curve(people, by=by) if measure == "survival" else cumulative_incidence(people, by=by)


def _adjusted(people: FollowUp, measure: str, at: tuple[float, ...]) -> AdjustedEffects:
    """The same measure, had the arms had the same people: the rows that were asked for alone."""
    if measure not in ADJUSTED or people.protocol.arms is None:
        raise DesignProblem("cannot_adjust", terms=len(people.protocol.adjust_for), measure=measure)
    if "mean" in measure:
        found = adjusted_restricted_mean(people, weights(people), at, method="g-formula")
    else:
        found = standardise(people, at=at)
    table = found.table
    return replace(found, _table=table[table["measure"] == ADJUSTED[measure]].reset_index(drop=True))
