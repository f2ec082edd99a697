"""How much would many numbers move if other people had come: persons drawn anew and everything estimated again.

Where persons belong to offices, whole offices are left out in turn instead: draws of few offices are too sure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.draws import Seed, check_replicates, generator, seeded
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, Note, note, warning

Evaluate = Callable[[Floats], Floats]
MOST_FAILED = 0.05


@dataclass(frozen=True)
class Spread:
    """Shapes: std_error, low, high (q,); not a number where nothing can be said."""

    std_error: Floats
    low: Floats
    high: Floats
    method: Note
    findings: Log


@dataclass(frozen=True)
class Draws:
    """How uncertainty is asked for: ``replicates`` draws with ``rng``, at a ``level``; 0 draws for none."""

    replicates: int
    level: float
    rng: Seed

    def checked(self, people: FollowUp) -> np.random.Generator | None:
        """The generator that will be needed. Raises ``DesignProblem`` for what cannot be drawn."""
        check_level(self.level)
        if self.replicates == 0 or people.clusters()[2] == "office":
            return None
        check_replicates(self.replicates)
        return generator(self.rng)


def spread(
    people: FollowUp, evaluate: Evaluate, estimate: Floats, ratios: np.ndarray, draws: Draws,
    roll: np.random.Generator | None,
) -> Spread:  # fmt: skip
    """The spread of what ``evaluate`` makes of how often each person counts.

    Shapes: evaluate maps multiplicities (n,) to (q,); estimate (q,) with everybody once; ratios (q,) which of them are
    judged on the log scale.
    """
    nothing = np.full(len(estimate), np.nan)
    codes, offices, kind = people.clusters()
    if kind == "office" and codes is not None:
        return _by_office(evaluate, estimate, codes, offices, ratios, draws.level)
    if roll is None:
        return Spread(nothing, nothing, nothing, note("spread_none"), Log())
    size = len(people.array("time"))
    found, failed = [], 0
    for _ in range(draws.replicates):
        try:
            found.append(evaluate(np.bincount(roll.integers(0, size, size), minlength=size).astype(float)))
        except Unfit:
            failed += 1
    told = note("spread_persons", replicates=draws.replicates)
    findings = Log((warning("draws_without_fit", count=failed, replicates=draws.replicates),) if failed else ())
    findings = findings + seeded(draws.rng)
    if failed > MOST_FAILED * draws.replicates:
        return Spread(nothing, nothing, nothing, told, findings)
    drawn = np.array(found)
    known = np.isfinite(drawn).all(axis=0) & (~ratios | (drawn > 0).all(axis=0))
    tail = (1 - draws.level) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(ratios, np.std(np.log(np.abs(drawn)), axis=0, ddof=1), np.std(drawn, axis=0, ddof=1))
    blank = np.where(known, 0.0, np.nan)
    return Spread(error + blank, low + blank, high + blank, told, findings)


def _by_office(
    evaluate: Evaluate, estimate: Floats, codes: np.ndarray, offices: int, ratios: np.ndarray, level: float
) -> Spread:
    """Each office left out in turn, and Student's t on offices less one; below six nothing is given."""
    nothing = np.full(len(estimate), np.nan)
    told = note("spread_offices", clusters=offices)
    if offices < FEWEST_CLUSTERS:
        few = warning("few_offices_emulated", clusters=offices, fewest=FEWEST_CLUSTERS)
        return Spread(nothing, nothing, nothing, told, Log((few,)))
    try:
        left = np.array([evaluate((codes != office).astype(float)) for office in range(offices)])
    except Unfit:
        return Spread(nothing, nothing, nothing, told, Log((warning("office_carries_fit", clusters=offices),)))
    z = critical(level, offices - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(ratios, np.log(left), left)
        centre = np.where(ratios, np.log(estimate), estimate)
        error = np.sqrt((offices - 1) / offices * ((scaled - scaled.mean(axis=0)) ** 2).sum(axis=0))
        low, high = centre - z * error, centre + z * error
        low, high = np.where(ratios, np.exp(low), low), np.where(ratios, np.exp(high), high)
    return Spread(error, low, high, told, Log())


def unfit_problem(unfit: Unfit, names: tuple[str, ...]) -> DesignProblem:
    """The terms that say all too well who begins, as a refusal."""
    columns = [names[at - 1] if 0 < at <= len(names) else "" for at in unfit.columns]
    return DesignProblem("no_comparable_people", column=[one for one in columns if one] or list(names))
