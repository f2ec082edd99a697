"""Shares from models of the outcome, averaged over people: the g-formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from navoutcomes.errors import DesignProblem, NumericalProblem
from navoutcomes.estimate.adjusted.people import Adjusting, Wanted, of_target
from navoutcomes.estimate.adjusted.result import Estimates
from navoutcomes.estimate.regression.cox_solved import hazard_rows, solved_in_arm
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm import Fit, fit
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.hazards.cox import CoxFit
from navoutcomes.maths.standardised import Paths, paths, profile_hazards, pulled_through, slopes, stay_slopes
from navoutcomes.maths.weighted_incidence import Functional

BLOCK = 2_000_000


@dataclass(frozen=True)
class Hazards:
    """Cox models of one arm, one an ending (None where nobody had it), fitted to ``rows``; ``x`` (n, p) of everybody as
    if they were in the arm."""

    rows: Indices
    models: tuple[CoxFit | None, ...]
    x: Floats
    size: int

    def paths(self, people: Indices) -> Paths:
        """Shares of some people, had they been in the arm."""
        new = np.zeros((len(people), len(self.models), self.size))
        for cause, model in enumerate(self.models):
            if model is not None:
                new[:, cause] = profile_hazards(model, self.x[people])
        return paths(new)

    def pulled(self, people: Indices, worth: Floats, total: int) -> Floats:
        """Everybody's pull on a number, from what increments of some people's hazards are worth. (m, K, G) -> (n,)."""
        found = np.zeros(total)
        for cause, model in enumerate(self.models):
            if model is not None:
                found[self.rows] += pulled_through(model, self.x[people], worth[:, cause])
        return found

    def blocks(self) -> list[Indices]:
        """People some at a time, so that memory is bounded."""
        step = max(1, BLOCK // max(1, self.size * len(self.models)))
        return np.split(np.arange(len(self.x)), range(step, len(self.x), step))


def hazards_of(given: Adjusting, arm: int, separate: bool) -> Hazards:
    """Models within the arm, or of all arms together with a column an arm. Raises where there are none."""
    rows = given.within(arm) if separate else np.arange(given.size)
    x, own, columns = given.x, given.x, given.columns
    if not separate:
        others = range(1, len(given.arms))
        marks = np.column_stack([(given.arm == one).astype(float) for one in others])
        x = np.ascontiguousarray(np.column_stack([marks, given.x]))
        own = x.copy()
        own[:, : len(others)] = [float(arm == one) for one in others]
        columns = (*(given.arms[one] for one in others), *given.columns)
    seen = given.followed.take(rows)
    models: list[CoxFit | None] = []
    for cause, name in enumerate(given.endings):
        if not (seen.cause == cause).any():
            models.append(None)
            continue
        made = hazard_rows(seen, x[rows], given.weight[rows], cause)
        models.append(solved_in_arm(made, columns, given.arms[arm] if separate else ", ".join(given.arms), name))
    return Hazards(rows, tuple(models), own, len(seen.time))


@dataclass(frozen=True)
class ByHazards:
    """Averages of everybody's curves from Cox models. ``target`` as in ``weights``; ``separate`` models an arm."""

    given: Adjusting
    asked: Wanted
    target: str
    separate: bool

    def __call__(self, rows: Indices | None = None) -> Estimates:
        """Of everybody, with their pulls; or of persons drawn, without."""
        given = self.given if rows is None else self.given.take(rows)
        mass = given.weight * of_target(given, self.target)
        asked = self.asked.read_from(given.followed.time)
        value = np.zeros((len(given.arms), len(asked)))
        pull = None if rows is not None else np.zeros((len(given.arms), given.size, len(asked)))
        for arm in range(len(given.arms)):
            models = hazards_of(given, arm, self.separate)
            each = np.zeros((given.size, len(asked)))
            for people in models.blocks():
                found = models.paths(people)
                for t, one in enumerate(asked):
                    each[people, t] = one.start + found.curve(one.cause) @ one.along
                    if pull is not None:
                        pull[arm, :, t] += models.pulled(people, _worth(found, one, mass[people]), given.size)
            value[arm] = mass @ each / mass.sum()
            if pull is not None:
                pull[arm] = (pull[arm] + mass[:, None] * (each - value[arm])) / mass.sum()
        return Estimates(value, pull)


def _worth(found: Paths, asked: Functional, mass: Floats) -> Floats:
    along = mass[:, None] * asked.along
    if asked.cause is not None:
        return slopes(found, asked.cause, along)
    return np.repeat(stay_slopes(found, along)[:, None, :], found.new.shape[1], axis=1)


@dataclass(frozen=True)
class ByOdds:
    """Averages of everybody's shares by a time from logistic regressions of who had ended so by then."""

    given: Adjusting
    asked: Wanted
    target: str
    separate: bool

    def __call__(self, rows: Indices | None = None) -> Estimates:
        """Of everybody, with their pulls; or of persons drawn, without."""
        given = self.given if rows is None else self.given.take(rows)
        mass = given.weight * of_target(given, self.target)
        value = np.zeros((len(given.arms), len(self.asked.times)))
        pull = np.zeros((len(given.arms), given.size, len(self.asked.times)))
        for t, time in enumerate(self.asked.times):
            happened = ended_so(given, self.asked.cause, time)
            for arm in range(len(given.arms)):
                odds = odds_of(given, arm, self.separate, happened, self.asked.name)
                value[arm, t] = mass @ odds.share / mass.sum()
                pull[arm, :, t] = mass * (odds.share - value[arm, t]) + odds.pulled(mass)
        return Estimates(value, None if rows is not None else pull / mass.sum())


@dataclass(frozen=True)
class Odds:
    """Everybody's share (n,) had they been in the arm, and its slope (n, q) in coefficients that rows pull (n, q)."""

    share: Floats
    slope: Floats
    pull: Floats

    def pulled(self, worth: Floats) -> Floats:
        """Everybody's pull on the sum of ``worth`` (n,) times shares."""
        return np.asarray(self.pull @ (self.slope.T @ worth))


def odds_of(given: Adjusting, arm: int, separate: bool, happened: Floats, name: str) -> Odds:
    """Logistic regression within the arm, or of all with a column an arm."""
    rows = given.within(arm) if separate else np.arange(given.size)
    x, own, columns = given.x, given.x, given.columns
    if not separate:
        others = range(1, len(given.arms))
        marks = np.column_stack([(given.arm == one).astype(float) for one in others])
        x, own = np.column_stack([marks, given.x]), np.column_stack([np.zeros_like(marks), given.x])
        own[:, : len(others)] = [float(arm == one) for one in others]
        columns = (*(given.arms[one] for one in others), *given.columns)
    unit = bool((given.weight[rows] == 1).all())
    seen = Observations(np.ascontiguousarray(x[rows]), happened[rows], None if unit else given.weight[rows])
    model = _fitted(seen, given, arm, columns, name)
    inner = np.column_stack([np.ones(len(x)), (x - model.frame.centre) / model.frame.scale])
    there = np.column_stack([np.ones(len(x)), (own - model.frame.centre) / model.frame.scale])
    share = expit(there @ model.inner)
    pull = np.zeros((given.size, inner.shape[1]))
    pull[rows] = (model.residual[:, None] * inner[rows]) @ model.inverse
    return Odds(share, (share * (1 - share))[:, None] * there, pull)


def _fitted(seen: Observations, given: Adjusting, arm: int, columns: tuple[str, ...], name: str) -> Fit:
    if seen.response.min() == seen.response.max():
        raise DesignProblem("all_alike_in_arm", arm=given.arms[arm], cause=name, total=len(seen))
    try:
        return fit(seen, "logit")
    except Unfit as unfit:
        named = [columns[at - 1] for at in unfit.columns if at > 0] or list(columns)
        raise NumericalProblem("arm_model_without_top", column=named, arm=given.arms[arm], cause=name) from None


def ended_so(given: Adjusting, cause: int | None, time: float) -> Floats:
    """1 for those who had ended so by a time, else 0. Raises ``DesignProblem`` where somebody's status is not known."""
    seen = given.followed
    left = seen.time[seen.leave]
    by_then = left <= time * (1 + 1e-12)
    unknown = (seen.cause < 0) & (left < time * (1 - 1e-12))
    if unknown.any():
        raise DesignProblem("status_unknown", count=int(unknown.sum()), total=len(left), asked=f"{time:g}")
    return (by_then & (seen.cause == cause)).astype(float)
