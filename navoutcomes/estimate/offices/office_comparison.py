"""Offices, fairly: what was seen at each, what was to be expected of its people, and how far chance would reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.curves.pseudo_values import pseudo_values
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.funnel import FEWEST, between, overdispersion, shrunk
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, Note, note, warning

SMALLEST = 3
LIMITS = (0.95, 0.998)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class OfficeComparison(Result):
    """Offices against what was expected of their people.

    ``dispersion`` how many times wider than chance they spread (1: chance is enough); ``between`` the variance between
    offices; ``share`` everybody's; ``one`` the standard error of an office of one person; ``at`` the time; ``cause``;
    ``by`` the column of offices, empty for clusters.
    """

    dispersion: float
    between: float
    share: float
    one: float
    at: float
    cause: str
    by: str = ""

    def limits(self, persons: float | Floats, level: float) -> Floats:
        """How far from what was expected chance brings an office of so many persons."""
        return np.asarray(critical(level) * np.sqrt(self.dispersion / np.asarray(persons)) * self.one)


@door
def office_comparison(
    people: FollowUp,
    terms: Sequence[Term | str] = (),
    at: float | None = None,
    by: str | None = None,
    cause: str | None = None,
    level: float = 0.95,
) -> OfficeComparison:
    """Do offices get more or fewer of their people into work than was to be expected of such people?

    Arguments: ``terms`` what the expectation is made of (none: everybody's share); ``at`` the time in the follow-up's
    unit (None: the protocol's); ``by`` the column of offices (None: the clusters); ``cause`` an ending (None: the
    outcome).
    Shapes: ``table`` has one row an office and measure: ``observed share`` (mean pseudo-value: the share itself where
    everybody's status is known), ``expected share`` by a logistic model of the other offices' people, ``difference in
    shares`` with its interval, ``shrunken difference`` drawn towards 0 by how little is known; ``.limits(persons,
    level)`` of the funnel.
    Raises: ``DesignProblem`` without offices, for fewer than three, or a time beyond follow-up; ``NumericalProblem``
    where the model has no answer.
    Assumes: the terms hold what sets people apart before the programme; a rank among offices is mostly chance.
    Reference: Spiegelhalter 2005; Andersen & Pohar Perme 2010.
    """
    check_level(level)
    times = (at,) if at is not None else (people.protocol.estimand.at if people.protocol.estimand else ())
    if len(times) != 1:
        raise DesignProblem("times_needed", argument="at")
    office, names = _offices(people, by)
    name = cause or people.endings[0]
    seen = np.asarray(pseudo_values(people, float(times[0]), "incidence", name).iloc[:, 0], dtype=float)
    expected = _expected(people, terms, seen, office, len(names))
    size = np.bincount(office).astype(float)
    mean, hoped = np.bincount(office, seen) / size, np.bincount(office, expected) / size
    # Of people who are still followed less is known than of those whose status is: their spread is what it is.
    wider = max(1.0, float(((seen - expected) ** 2).sum() / (expected * (1 - expected)).sum()))
    chance = np.sqrt(wider * np.bincount(office, expected * (1 - expected))) / size
    difference = mean - hoped
    dispersion, variance = overdispersion(difference / chance), between(difference, chance)
    near, error = shrunk(difference, chance, variance)
    z = critical(level)
    rows = []
    for place, one in enumerate(names):
        base = {"group": one, "cause": name, "time": float(times[0]), "at_risk": float(size[place])}
        rows += [
            base | {"measure": "observed share", "estimate": mean[place]},
            base | {"measure": "expected share", "estimate": hoped[place]},
            base | _with_limits("difference in shares", difference[place], chance[place], z),
            base | _with_limits("shrunken difference", near[place], error[place], z),
        ]
    return OfficeComparison(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=_how(terms, dispersion),
        findings=_remarks(len(names)),
        dispersion=dispersion,
        between=variance,
        share=float(seen.mean()),
        one=float(np.sqrt(wider * float((expected * (1 - expected)).mean()))),
        at=float(times[0]),
        cause=name,
        by=by or "",
        _table=tidy(pd.DataFrame(rows)),
    )


def _offices(people: FollowUp, by: str | None) -> tuple[np.ndarray, Sequence[str]]:
    if people.repeated:
        raise DesignProblem("one_row_each", count=len(people.array("time")) - people.persons)
    if by is None and people.clusters()[2] != "office":
        raise DesignProblem("offices_needed", argument="by")
    office, names = people.levels(by if by is not None else "cluster")
    if len(names) < SMALLEST:
        raise DesignProblem("offices_too_few", count=len(names), fewest=SMALLEST)
    return office, names


def _expected(people: FollowUp, terms: Sequence[Term | str], seen: Floats, office: np.ndarray, number: int) -> Floats:
    """What was to be expected of each person, from the people of all other offices. Shape (n,)."""
    x = design_matrix(people, terms).values if terms else np.empty((len(seen), 0))
    found = np.empty(len(seen))
    for place in range(number):
        own = office == place
        try:
            model = fit(Observations(np.ascontiguousarray(x[~own]), np.ascontiguousarray(seen[~own])))
        except Unfit as problem:
            raise NumericalProblem("offices_no_model", office=place + 1) from problem
        found[own] = expit(model.coefficients[0] + x[own] @ model.coefficients[1:])
    return found


def _with_limits(measure: str, estimate: float, error: float, z: float) -> dict[str, object]:
    return {"measure": measure, "estimate": estimate, "std_error": error, "conf_low": estimate - z * error,
            "conf_high": estimate + z * error}  # fmt: skip


def _how(terms: Sequence[Term | str], dispersion: float) -> tuple[Note, ...]:
    how = note("offices_expected_terms" if terms else "offices_expected_all")
    if dispersion == 1:
        return (how, note("offices_chance_only"))
    return (how, note("offices_dispersion", dispersion=round(dispersion, 2)))


def _remarks(offices: int) -> Log:
    told = Log((note("offices_ranks"),))
    return told + warning("offices_spread_unknown", count=offices, fewest=FEWEST) if offices < FEWEST else told
