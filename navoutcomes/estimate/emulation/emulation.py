"""A target trial with a start after time zero: each person counted in both strategies until what they do speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.start_times import one_row_each, start_times, unit_text
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.draws import Seed
from navoutcomes.estimate.emulation.emulation_numbers import Asked, behind, curve_table, laid_out
from navoutcomes.estimate.person_draws import Draws, spread, unfit_problem
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.result import Result
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.emulated_curves import Cloned, Strategy, strategies
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.texts import say

AGAINST = ("not within", "never")
FEW_COMPARABLE = 10.0


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Emulation(Result):
    """Shares, mean times and their differences under two strategies, as ``table``; ``curves`` has the shares by time.

    ``persons`` went in; ``begun`` of them began within the grace period, ``early`` left before it ended without having
    begun (they count in both). ``basis`` is who, unweighted, stands behind it. ``trials`` has one row a
    trial, for sequential trials.
    """

    persons: int
    begun: int
    early: int
    basis: Basis | None = None
    _curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    _trials: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def curves(self) -> pd.DataFrame:
        """The share that has left, one row a strategy, cause and time. A copy."""
        return self._curves.copy()

    @property
    def trials(self) -> pd.DataFrame:
        """How many began and did not, one row a trial. A copy; empty but for sequential trials."""
        return self._trials.copy()


@door
def emulate(
    people: FollowUp,
    start: str,
    grace: float | None,
    terms: Sequence[Term | str] = (),
    at: float | Sequence[float] | None = None,
    cause: str | None = None,
    against: str = "not within",
    truncate: float | None = None,
    names: tuple[str, str] | None = None,
    replicates: int = 500,
    level: float = 0.95,
    *,
    rng: Seed = None,
) -> Emulation:
    """How many would have left for a cause had all begun within a grace period, beside none having begun in it?

    Everybody is counted in both strategies (cloned) until what they did speaks against one, and those left are weighted
    for those who were censored so. Nobody is in a group because of what they did later, so no time is immortal;
    endings before the grace period is over count in both, and other endings compete.
    Arguments: ``start`` a column of times since time zero, or of dates, empty for who never began; ``grace`` in the
    follow-up's unit; ``terms`` what was known at time zero and says who begins; ``at`` times (None: the protocol's);
    ``cause`` an ending (None: the outcome); ``against`` ``not within`` (who has not begun by then may begin later) or
    ``never`` (they may not); ``truncate`` the share of weights left as they are, as 0.99 (None: all), stated in the
    remarks; ``names`` of the two strategies, the comparison first; ``replicates`` draws of persons (not of clones),
    weights estimated anew in each, 0 for none; ``level`` 0-1; ``rng`` a generator or a seed. With an office column
    whole offices are left out in turn, with Student's t on offices less one; no draws are needed.
    Shapes: ``table`` has cumulative incidence, mean time lost and mean time by strategy and time, then their
    differences and the risk ratio; ``curves`` one row a strategy, cause and time.
    Raises: ``DesignProblem`` without an end of the grace period ("ever" is no strategy: it looks into the future), for
    starts before time zero, several rows a person, delayed entry, and where nobody or everybody began in time.
    Assumes: given the terms, who begins when says nothing about what would have come after; within the grace period
    it does not matter for what follows how early one begins; loss to follow-up says nothing.
    Reference: Hernan et al. 2016; Cain et al. 2010; Maringe et al. 2020.
    """
    one_row_each(people)
    if grace is None or not np.isfinite(grace) or grace < 0:
        raise DesignProblem("ever_against_never", column=start)
    if against not in AGAINST:
        raise DesignProblem("choice_unknown", asked=against, known=AGAINST)
    asked = Asked.of(people, at, cause, names or _names(grace, people.unit))
    draws = Draws(replicates, level, rng)
    roll = draws.checked(people)
    cloned, columns = _cloned(people, start, float(grace), terms, against, truncate)
    _check_support(cloned, start, max(asked.at))
    mass = people.array("weight")
    try:
        pair = strategies(cloned, mass)
    except Unfit as unfit:
        raise unfit_problem(unfit, columns) from None
    asked.check_reach(pair)
    estimate = asked.values(pair)
    width = spread(people, partial(_again, cloned, asked, mass), estimate, asked.ratios, draws, roll)
    early = int(((cloned.time <= cloned.grace) & ~cloned.started).sum())
    begun = int(cloned.started.sum())
    told = note("method_cloned", grace=float(grace), unit=unit_text(people.unit))
    return Emulation(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(told, _weights_note(columns, truncate), width.method),
        findings=people_findings(begun, early, len(mass)) + _weight_findings(asked, pair, mass) + width.findings,
        reference=asked.names[0],
        randomised=False,
        persons=len(mass),
        begun=begun,
        early=early,
        basis=behind(asked, people, cloned.started, cloned.columns, columns),
        _curves=curve_table(asked, pair),
        _table=laid_out(asked, estimate, width),
    )  # fmt: skip


def _again(cloned: Cloned, asked: Asked, weight: Floats, times: Floats) -> Floats:
    return asked.values(strategies(cloned, weight * times))


def _names(grace: float, unit: str) -> tuple[str, str]:
    words = {"grace": f"{grace:g}", "unit": str(unit_text(unit))}
    return say("words", "strategy_without", **words), say("words", "strategy_within", **words)


def _cloned(
    people: FollowUp, start: str, grace: float, terms: Sequence[Term | str], against: str, truncate: float | None
) -> tuple[Cloned, tuple[str, ...]]:
    begun, entry = start_times(people, start), people.array("entry")
    if (entry > 0).any():
        raise DesignProblem("emulated_late_entry", count=int((entry > 0).sum()), total=len(entry))
    if (begun < 0).any():
        early = np.flatnonzero(begun < 0)
        raise DesignProblem("begun_before_time_zero", column=start, rows=early.tolist(), count=len(early))
    if truncate is not None and not 0.5 <= truncate < 1:
        raise DesignProblem("choice_unknown", asked=truncate, known=("0.5 <= truncate < 1",))
    design = design_matrix(people, terms) if len(terms) else None
    columns = np.empty((len(begun), 0)) if design is None else design.values
    coded = people.coded
    cause, leave = np.divmod(coded.place, len(coded.grid))
    cloned = Cloned(
        grid=coded.grid,
        leave=leave,
        cause=cause - 1,
        causes=len(people.endings),
        time=people.array("time"),
        begun=begun,
        columns=columns,
        grace=grace,
        never=against == "never",
        most=1.0 if truncate is None else truncate,
    )
    return cloned, () if design is None else design.names


def _check_support(cloned: Cloned, start: str, last: float) -> None:
    begun, left = int(cloned.started.sum()), int((~cloned.started & (cloned.time > cloned.grace)).sum())
    if min(begun, left) == 0:
        raise DesignProblem(
            "nobody_to_compare", column=start, begun=begun, left=left, total=len(cloned.time), grace=cloned.grace
        )
    if last < cloned.grace:
        raise DesignProblem("asked_within_grace", asked=last, grace=cloned.grace)


def _weights_note(columns: tuple[str, ...], truncate: float | None) -> Note:
    if not columns:
        return note("weights_without_terms")
    if truncate is None:
        return note("weights_of_terms", columns=list(columns))
    return note("weights_cut", columns=list(columns), percent=100 * truncate)


def people_findings(begun: int, early: int, total: int) -> Log:
    """What an evaluator should know before the numbers."""
    return Log((note("cloned_people", begun=begun, early=early, total=total), note("emulated_not_randomised")))


def _weight_findings(asked: Asked, pair: tuple[Strategy, Strategy], mass: Floats) -> Log:
    """The largest weight and how many persons the weighted ones are worth, by strategy."""
    log = Log()
    for name, one in zip(asked.names, pair, strict=True):
        used = one.last[one.last > 0] * mass[one.last > 0]
        worth = float(used.sum() ** 2 / (used**2).sum())
        facts = {"group": name, "largest": round(float(used.max()), 1), "worth": round(worth), "persons": len(used)}
        log += warning("weights_worth_few", **facts) if worth < FEW_COMPARABLE else note("weights_worth", **facts)
    return log
