"""Exactly the number the protocol asked for, and no other."""

from __future__ import annotations

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.contrast import contrast
from navoutcomes.estimate.incidence import cumulative_incidence
from navoutcomes.estimate.restricted_mean import restricted_mean
from navoutcomes.estimate.result import Result
from navoutcomes.estimate.survival import survival_curve


@door
def answer(people: FollowUp) -> Result:
    """What is the answer to the protocol's question?

    Gives the estimand's measure at the estimand's times, by arm where the protocol has arms. Raises ``DesignProblem``
    without an estimand, or when the protocol adjusts for terms: no unadjusted number passes for an adjusted one.
    """
    protocol = people.protocol
    if protocol.estimand is None:
        raise DesignProblem("estimand_needed")
    if protocol.adjust_for:
        raise DesignProblem("cannot_adjust", terms=len(protocol.adjust_for))
    by = protocol.arms.column if protocol.arms else None
    measure, at = protocol.estimand.measure, protocol.estimand.at
    if measure in ("risk difference", "risk ratio", "restricted mean difference"):
        return contrast(people, by=str(by), at=at, measure=measure)
    if measure == "restricted mean":
        return restricted_mean(people, horizon=max(at), by=by)
    return survival_curve(people, by=by) if measure == "survival" else cumulative_incidence(people, by=by)
