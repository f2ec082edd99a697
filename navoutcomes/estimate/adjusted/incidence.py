"""Curves of the share that has left for each cause, as if the arms had had the same people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Never

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, DisclosureRefused, door
from navoutcomes.estimate.adjusted.contrast import censored_by
from navoutcomes.estimate.adjusted.models import ByHazards
from navoutcomes.estimate.adjusted.people import Adjusting, Wanted, adjusting
from navoutcomes.estimate.adjusted.result import check_errors
from navoutcomes.estimate.adjusted.spread import spread_of
from navoutcomes.estimate.adjusted.weighted import ByWeights
from navoutcomes.estimate.adjusted.weights import Weights, as_weights, population
from navoutcomes.estimate.curves.curves import Part, curve_rows, laid_out, steps
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.risk_table import RiskTable, risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.intervals import pointwise
from navoutcomes.maths.weighting import TARGETS
from navoutcomes.notes import Log, Note, note

MOST = 3e9
BLOCK = 20_000_000


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class AdjustedIncidence(IncidenceCurves):
    """Adjusted shares that have left for each cause, by arm and time; at risk, events and censored are the people
    themselves, unweighted. ``target`` and ``population`` say of whom the shares speak."""

    target: str
    population: Note


@dataclass(frozen=True)
class Curve:
    """How curves are made: of weighted people or from models; of whom; what is said of it."""

    given: Adjusting
    by: str
    weights: Weights | None
    gone: Any
    known: bool
    target: str
    method: tuple[Note, ...]
    findings: Log

    def engine(self, asked: Wanted) -> ByWeights | ByHazards:
        """What gives the numbers."""
        if self.weights is None:
            return ByHazards(self.given, asked, self.target, True)
        return ByWeights(self.given, asked, self.weights.recipe, self.gone, self.known)


@door
def adjusted_incidence(
    people: FollowUp,
    adjust: Weights | Sequence[Term | str],
    target: str = "ATE",
    by: str = "arm",
    reference: str | None = None,
    censoring: Weights | None = None,
    errors: str | None = None,
    level: float = 0.95,
) -> AdjustedIncidence:
    """Which share would have left for each cause by each time, in each arm, had the arms had the same people?

    Arguments: ``adjust`` weights (Aalen-Johansen of weighted people; ``target`` and ``by`` are then theirs), or terms
    (the g-formula from Cox models of each ending within each arm, averaged over ``target``); ``censoring`` weights of
    kind ipcw, with weights; ``errors`` None, ``fixed`` (weights as known) or ``lin-wei``; ``level`` 0-1.
    Shapes: ``table`` one row an arm, cause and time; shares 0-1, ``at_risk``, ``events``, ``censored`` unweighted.
    Raises: as ``weights`` and ``standardise``; ``DesignProblem`` for curves from models over very many times.
    Assumes: as ``weights`` or ``standardise``.
    Reference: Cole & Hernan 2004 (weights); Ozenne et al. 2020.
    """
    check_level(level)
    made = _how(people, adjust, target, by, reference, censoring, errors)
    counts = risk_table(people, made.by)
    parts, findings = _parts(made, counts, level, errors)
    table, full = laid_out(parts)
    return AdjustedIncidence(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=made.method,
        findings=made.findings + findings.notes,
        reference=made.given.arms[0],
        randomised=people.protocol.randomised,
        counts=counts,
        again=_not_released,
        interval="cloglog",
        target=made.target,
        population=population(made.target, made.given.arms),
        _table=table,
        _full=full,
    )


def _how(
    people: FollowUp,
    adjust: Weights | Sequence[Term | str],
    target: str,
    by: str,
    reference: str | None,
    censoring: Weights | None,
    errors: str | None,
) -> Curve:
    if isinstance(adjust, Weights):
        check_errors(errors, ("fixed", "lin-wei"))
        own = as_weights(people, adjust)
        if own.weighed is None:
            raise DesignProblem("weights_of_kind", asked=own.kind, known=("iptw", "overlap", "entropy"))
        gone, told, more = censored_by(people, own, censoring)
        method = (note("method_adjusted_weights"), *own.method, *told)
        return Curve(own.given, own.by, own, gone, errors == "fixed", own.target, method, own.findings + more.notes)
    check_errors(errors, ("lin-wei",))
    if target not in TARGETS[:3]:
        raise DesignProblem("choice_unknown", asked=str(target), known=TARGETS[:3])
    given = adjusting(people, adjust, by, reference)
    if censoring is not None or (target != "ATE" and len(given.arms) != 2):
        raise DesignProblem("weights_of_two_arms", column=by, arms=given.arms)
    size = len(given.followed.time)
    if float(given.size) * len(given.endings) * size**2 > MOST:
        raise DesignProblem("curve_too_long", times=size, persons=given.size)
    method = (note("method_standardised_cox"), note("models_by_arm"), population(target, given.arms))
    return Curve(given, by, None, None, False, target, method, Log())


def _parts(made: Curve, counts: RiskTable, level: float, errors: str | None) -> tuple[list[Part], Log]:
    """Every curve as rows, and what is remarked of offices."""
    found: dict[str, list[Part]] = {name: [] for name in made.given.arms}
    findings = Log()
    for cause, name in enumerate(counts.causes):
        everywhere = {group: steps(counts, group) for group in made.given.arms}
        times = np.unique(np.concatenate([counts.groups[group].time[at] for group, at in everywhere.items()]))
        value, error, z, findings = _along(made, Wanted(cause, name, tuple(map(float, times))), level, errors)
        for arm, group in enumerate(made.given.arms):
            own = np.searchsorted(times, counts.groups[group].time[everywhere[group]])
            share, spread = value[arm, own], error[arm, own]
            limits = pointwise("cloglog", share, spread, z[arm])
            found[group].append(curve_rows(counts, group, cause, share, spread, limits, everywhere[group]))
    return [one for group in counts.groups for one in found[group]], findings


def _along(made: Curve, asked: Wanted, level: float, errors: str | None) -> tuple[Floats, Floats, list[float], Log]:
    """Shares and errors (A, T), the multiplier of each arm, some times at a time so that memory is bounded."""
    arms = len(made.given.arms)
    value, error = np.zeros((arms, len(asked.times))), np.zeros((arms, len(asked.times)))
    z, findings = [float("nan")] * arms, Log()
    step = max(1, BLOCK // (made.given.size * arms))
    for low in range(0, len(asked.times), step):
        engine = made.engine(Wanted(asked.cause, asked.name, asked.times[low : low + step]))
        found = engine(None)
        spread = spread_of(made.given, errors, level, engine, 0, None)
        for arm in range(arms):
            for t in range(found.value.shape[1]):
                error[arm, low + t], z[arm] = spread.arm(found, arm, t)
        value[:, low : low + step] = found.value
        findings = spread.findings
    return value, error, z, findings


def _not_released(_: RiskTable) -> Never:
    """Protected counts cannot be weighted anew."""
    raise DisclosureRefused("adjusted_not_released")
