"""A trial every month, put together: those who begin now beside those still there who have not begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.emulate_trials import TrialRows, trial_rows
from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.start_times import group_names, one_row_each, start_times
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.draws import Seed
from navoutcomes.estimate.emulation.emulation import Emulation
from navoutcomes.estimate.emulation.emulation_numbers import Asked, behind, curve_table, laid_out
from navoutcomes.estimate.person_draws import Draws, spread, unfit_problem
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.artificial_censoring import Beginning, beginning, share_of
from navoutcomes.maths.emulated_curves import Strategy, weighted
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.notes import Log, note

EFFECTS = ("intention to treat", "per protocol")


@dataclass(frozen=True)
class Pooled:
    """All trials on one grid. Shapes: grid (G,); leave, cause (r,); columns (r, p) terms and the trial; see
    ``TrialRows``. ``begun``, ``time`` (n,) and ``terms`` (n, q) are the persons' own."""

    rows: TrialRows
    grid: Floats
    leave: Indices
    cause: Indices
    causes: int
    columns: Floats
    time: Floats
    begun: Floats
    terms: Floats
    protocol: bool

    def pair(self, mass: Floats) -> tuple[Strategy, Strategy]:
        """Not beginning, and beginning, from how often each person counts (n,). Raises ``Unfit``."""
        own = mass[self.rows.person]
        now = self.rows.begun.astype(float)
        chance = share_of(self.columns, now, own)
        weight = own * np.where(self.rows.begun, 1 / np.maximum(chance, 1e-12), 1 / np.maximum(1 - chance, 1e-12))
        first = self._stayers(weight, mass) if self.protocol else self._arm(weight, ~self.rows.begun)
        return first, self._arm(weight, self.rows.begun)

    def _arm(self, weight: Floats, chosen: np.ndarray) -> Strategy:
        size = len(self.grid)
        use = np.where(chosen, weight, 0.0)
        risk: Floats = np.cumsum(np.bincount(self.leave, use, minlength=size)[::-1])[::-1].astype(float)
        ended = (self.cause >= 0) & chosen
        place = self.cause[ended] * size + self.leave[ended]
        events = np.bincount(place, use[ended], minlength=self.causes * size).reshape(self.causes, size)
        return weighted(self.grid, risk, events.astype(float), use)

    def _stayers(self, weight: Floats, mass: Floats) -> Strategy:
        """Who had not begun, until they do; those left stand for those who did."""
        model = beginning(self.time, self.begun, self.terms, mass, float("inf"))
        size, stay = len(self.grid), np.flatnonzero(~self.rows.begun)
        person, moment = self.rows.person[stay], self.rows.moment[stay]
        until = np.minimum(self.time, self.begun)[person] - moment
        leave = np.searchsorted(self.grid, until * (1 + 1e-12), side="right") - 1
        ended = np.where(np.isfinite(self.begun[person]), -1, self.cause[stay])
        spent = model.relative[person] * _hazard_before(model, np.nextafter(moment, np.inf))
        risk, events, last = np.zeros(size), np.zeros((self.causes, size)), np.zeros(len(self.leave))
        for low in range(0, len(stay), 4096):
            part = slice(low, low + 4096)
            at = moment[part, None] + self.grid[None, : leave[part].max() + 1]
            hazard = model.relative[person[part], None] * _hazard_before(model, at) - spent[part, None]
            held = np.exp(hazard) * weight[stay[part], None]
            held *= np.arange(held.shape[1]) <= leave[part, None]
            risk[: held.shape[1]] += held.sum(axis=0)
            own = np.arange(held.shape[0])
            final = held[own, leave[part]]
            last[stay[part]] = np.where(ended[part] >= 0, final, 0.0)
            gone = ended[part] >= 0
            np.add.at(events, (ended[part][gone], leave[part][gone]), final[gone])
        return weighted(self.grid, risk, events, last)


def _hazard_before(model: Beginning, moments: Floats) -> Floats:
    """The baseline's hazard of beginning summed before each moment."""
    total = np.concatenate([[0.0], np.cumsum(model.hazard)])
    return np.asarray(total[np.searchsorted(model.times, moments, side="left")])


@door
def sequential_trials(
    people: FollowUp,
    start: str,
    terms: Sequence[Term | str] = (),
    at: float | Sequence[float] | None = None,
    cause: str | None = None,
    every: float | None = None,
    calendar: bool = False,
    effect: str = "intention to treat",
    names: tuple[str, str] | None = None,
    replicates: int = 500,
    level: float = 0.95,
    *,
    rng: Seed = None,
) -> Emulation:
    """How do those who begin this month fare beside those still there who have not, over all months together?

    Each month is a trial among those still there who had not begun before it (``trial_people`` gives its rows). The
    trials are put together, each person weighted by one over the chance of what they did, given the terms and the
    trial.
    Arguments: ``start``, ``every``, ``calendar`` and ``names`` as in ``trial_people``; ``terms`` what was known at time
    zero and says who begins; ``at`` times from the trial's day (None: the protocol's); ``cause`` an ending (None: the
    outcome); ``effect`` ``intention to treat`` (who has not begun may begin later) or ``per protocol`` (they are
    censored when they do, and those left weighted for them); ``replicates`` draws of persons with all their trials, 0
    for none; ``level`` 0-1; ``rng`` a generator or a seed. With an office column offices are left out in turn.
    Shapes: as ``emulate``; ``trials`` has one row a trial: ``time`` its day, ``at_risk`` how many, ``events`` how many
    began.
    Raises: ``DesignProblem`` as ``trial_people``, and for times beyond follow-up.
    Assumes: given the terms and how long somebody has been there, who begins says nothing about what would have come;
    the association is that of beginning, averaged over the months in which people begin.
    Reference: Hernan et al. 2008; Danaei et al. 2013; Gran et al. 2010.
    """
    one_row_each(people)
    if effect not in EFFECTS:
        raise DesignProblem("choice_unknown", asked=effect, known=EFFECTS)
    if (people.array("entry") > 0).any():
        late = people.array("entry") > 0
        raise DesignProblem("emulated_late_entry", count=int(late.sum()), total=len(late))
    asked = Asked.of(people, at, cause, group_names(names))
    draws = Draws(replicates, level, rng)
    roll = draws.checked(people)
    pooled, columns = _pooled(people, start, terms, every, calendar, effect)
    mass = people.array("weight")
    try:
        pair = pooled.pair(mass)
    except Unfit as unfit:
        raise unfit_problem(unfit, (*columns, "trial")) from None
    asked.check_reach(pair)
    estimate = asked.values(pair)
    width = spread(people, partial(_again, pooled, asked, mass), estimate, asked.ratios, draws, roll)
    trials = _trials(pooled.rows)
    begun, seen = int(pooled.rows.begun.sum()), len(np.unique(pooled.rows.person))
    told = note("weights_of_terms", columns=list(columns)) if columns else note("weights_without_terms")
    return Emulation(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note(f"method_trials_{effect.replace(' ', '_')}", trials=len(trials)), told, width.method),
        findings=Log((note("trial_people_seen", persons=seen, total=len(mass), begun=begun),
                      note("emulated_not_randomised"))) + width.findings,
        reference=asked.names[0],
        randomised=False,
        persons=seen,
        begun=begun,
        early=0,
        basis=behind(asked, people, np.isfinite(pooled.begun), pooled.terms, columns),
        _curves=curve_table(asked, pair),
        _trials=trials,
        _table=laid_out(asked, estimate, width),
    )  # fmt: skip


def _again(pooled: Pooled, asked: Asked, weight: Floats, times: Floats) -> Floats:
    return asked.values(pooled.pair(weight * times))


def _pooled(
    people: FollowUp, start: str, terms: Sequence[Term | str], every: float | None, calendar: bool, effect: str
) -> tuple[Pooled, tuple[str, ...]]:
    begun = start_times(people, start)
    rows = trial_rows(people, begun, every, calendar)
    design = design_matrix(people, terms) if len(terms) else None
    own = np.empty((people.persons, 0)) if design is None else design.values
    number = rows.trial.astype(float)
    clock = [number, number**2][: min(2, len(rows.moments) - 1)]
    columns = np.ascontiguousarray(np.column_stack([own[rows.person], *clock]))
    until = people.array("time")[rows.person] - rows.moment
    grid, leave = np.unique(np.round(until, 9), return_inverse=True)
    pooled = Pooled(
        rows=rows,
        grid=grid,
        leave=leave.astype(np.int64),
        cause=people.causes()[rows.person],
        causes=len(people.endings),
        columns=columns,
        time=people.array("time"),
        begun=begun,
        terms=own,
        protocol=effect == EFFECTS[1],
    )
    return pooled, () if design is None else design.names


def _trials(rows: TrialRows) -> pd.DataFrame:
    """How many were in each trial, and how many of them began."""
    size = len(rows.moments)
    return pd.DataFrame(
        {
            "term": [f"{at}" for at in range(size)],
            "time": rows.moments,
            "at_risk": np.bincount(rows.trial, minlength=size).astype(float),
            "events": np.bincount(rows.trial, rows.begun, minlength=size),
        }
    )
