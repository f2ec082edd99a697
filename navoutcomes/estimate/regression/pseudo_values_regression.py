"""How much do shares and mean times at stated times differ between people with different traits? By pseudo-values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.basis import Basis, basis_of, persons_of, together
from navoutcomes.estimate.curves.pseudo_values import Wanted, pseudo_values
from navoutcomes.estimate.few_persons import too_few
from navoutcomes.estimate.regression.design_matrix import collinear, design_matrix
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import Regression, by_term, coefficient_table
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.curves.pseudo_regression import (
    STEPS,
    Equations,
    Line,
    Mean,
    estimating_equations,
    exponential,
    identity,
    leaves,
    stays,
)
from navoutcomes.notes import Log, note, warning

LINKS: dict[str, dict[str, tuple[str, str]]] = {
    "survival": {
        "identity": ("survival difference", ""),
        "log": ("log survival ratio", "survival ratio"),
        "cloglog": ("log hazard ratio", "hazard ratio"),
    },
    "incidence": {
        "identity": ("risk difference", ""),
        "log": ("log risk ratio", "risk ratio"),
        "cloglog": ("log subdistribution hazard ratio", "subdistribution hazard ratio (direction only)"),
    },
    "restricted mean": {
        "identity": ("restricted mean difference", ""),
        "log": ("log restricted mean ratio", "restricted mean ratio"),
    },
}


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class PseudoRegression(Regression):
    """Differences or ratios of shares or mean times; ``times`` are those they hold at, ``link`` the scale."""

    times: tuple[float, ...]
    link: str


@door
def pseudo_regression(
    people: FollowUp,
    terms: Sequence[Term | str],
    at: float | Sequence[float],
    measure: str = "survival",
    cause: str | None = None,
    by: str | None = None,
    link: str = "identity",
    method: str = "jackknife",
    errors: str | None = None,
    level: float = 0.95,
) -> PseudoRegression:
    """How much larger is the share, or the mean time, at stated times for people with one trait than for another?

    Arguments: ``terms`` as in ``cox``; ``at``, ``measure``, ``cause``, ``by``, ``method`` as in ``pseudo_values``;
    ``link`` ``identity`` (differences), ``log`` (ratios) or ``cloglog`` (hazard ratios; for shares); with several times
    each has its own level, and the differences are the same at all; ``errors`` None (by person; by office with clusters
    and t(G - 1)) or ``lin-wei`` (the normal multiplier with clusters).
    A trait that fewer than three persons have, or lack, has an estimate only: no p-value, no interval.
    Shapes: ``table`` one row a level and term on the scale of the link; ``ratios`` the same exponentiated.
    Raises: as ``pseudo_values``; ``DesignProblem`` for collinear terms, naming them; ``NumericalProblem`` where the
    equations have no solution.
    Assumes: as ``pseudo_values``; that censoring does not depend on the terms, unless ``by`` holds them.
    Reference: Andersen, Klein & Rosthoej 2003; R ``geepack`` with independence gives the same numbers.
    """
    check_level(level)
    if measure in LINKS and link not in LINKS[measure]:
        raise DesignProblem("choice_unknown", asked=link, known=list(LINKS[measure]))
    if errors not in (None, "robust", "lin-wei"):
        raise DesignProblem("errors_unknown", asked=str(errors), known=("robust", "lin-wei"))
    values = pseudo_values(people, at, measure, cause, by, method)
    wanted, design = Wanted.of(people, measure, cause), design_matrix(people, terms)
    times = tuple(float(one) for one in values.columns)
    names = (*("intercept" if len(times) == 1 else f"time {one:g}" for one in times), *design.names)
    line = _solved(people, values.to_numpy(), design.values, names, measure, link)
    _, number, clustered = people.clusters()
    df, given, findings = np.inf, True, Log()
    if clustered == "office" and errors != "lin-wei":
        df, given = max(number - 1.0, 1.0), number >= FEWEST_CLUSTERS
        findings = Log() if given else Log((warning("few_offices", clusters=number, fewest=FEWEST_CLUSTERS),))
    rare, few = too_few(design.values, design.names, persons_of(people))
    spoken = given & ~np.concatenate([np.zeros(len(times), dtype=bool), rare])
    scale, ratio = LINKS[measure][link]
    name = "" if wanted.cause is None else people.endings[wanted.cause]
    return PseudoRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note("method_pseudo_regression", measure=measure, link=link), note(f"method_pseudo_{method}")),
        findings=findings + few,
        randomised=people.protocol.randomised,
        measure=scale,
        ratio=ratio,
        _basis=partial(_behind, people, design.values, design.names, wanted, times),
        times=times,
        link=link,
        _table=coefficient_table(names, line.estimate, line.covariance, scale, level, df, name, spoken),
        _covariance=by_term(line.covariance, names),
    )


def _behind(people: FollowUp, x: Floats, terms: tuple[str, ...], wanted: Wanted, times: tuple[float, ...]) -> Basis:
    """At each time those of whom it is known whether they had ended by then, in the way that is asked about."""
    first = last = np.arange(len(x))
    if people.repeated:
        first, last = _first_rows(people), _last_rows(people)
    why, time = people.causes()[last], people.array("time")[last]
    found = []
    for at in times:
        by_then = time <= at * (1 + 1e-12)
        ended = by_then & ((why >= 0) if wanted.cause is None else why == wanted.cause)
        known = (why >= 0) | ~by_then
        found.append(basis_of(x[first][known], terms, ended[known]))
    return together(found, x.shape[1] + len(times))


def _last_rows(people: FollowUp) -> np.ndarray:
    """The last row of each person, in the order of ``_first_rows``."""
    person = pd.factorize(people.rows["person"])[0]
    first = _first_rows(people)
    last = np.zeros(len(first), dtype=np.int64)
    order = np.argsort(people.array("time"), kind="stable")
    last[np.argsort(person[first])[person[order]]] = order
    return last


def _solved(people: FollowUp, values: Floats, terms: Floats, names: tuple[str, ...], measure: str, link: str) -> Line:
    """The equations over persons and times, solved. Shapes: values (n, T), terms (n, p); names (T + p,)."""
    weight, times = people.array("weight"), values.shape[1]
    codes, number, _ = people.clusters()
    if people.repeated:
        first = _first_rows(people)
        values, terms, weight = values[first], terms[first], weight[first]
        codes = None if codes is None else codes[first]
    # Centred, so that the levels are far from no term: the answer is moved back below.
    centre = terms.mean(axis=0)
    seen = Equations(terms, centre, values, weight, codes, number or len(terms))
    collinear(seen.spread(), names)
    begin = np.concatenate([_start(values, weight, measure, link), np.zeros(terms.shape[1])])
    line = estimating_equations(seen, _mean(measure, link), begin)
    if not line.settled or not np.isfinite(line.covariance).all():
        raise NumericalProblem("not_converged", steps=STEPS, column=list(names[times:]))
    back = np.eye(len(names))
    back[:times, times:] = -centre
    return Line(back @ line.estimate, line.information, back @ line.covariance @ back.T, line.settled)


def _first_rows(people: FollowUp) -> np.ndarray:
    """The first row of each person, in the order of the rows."""
    rows = people.rows
    ordered = rows.assign(entry=rows["entry"].fillna(-1.0)).sort_values("entry", kind="stable")
    return np.sort(ordered.index[~ordered["person"].duplicated()].to_numpy())


def _mean(measure: str, link: str) -> Mean:
    return {"identity": identity, "log": exponential, "cloglog": stays if measure == "survival" else leaves}[link]


def _start(values: Floats, weight: Floats, measure: str, link: str) -> Floats:
    """The levels that the means alone would have. Shapes: values (n, T) -> (T,)."""
    mean = np.average(values, axis=0, weights=weight)
    if link == "identity":
        return np.asarray(mean)
    if link == "log":
        return np.log(np.maximum(mean, 1e-6))
    share = np.clip(mean if measure == "survival" else 1 - mean, 1e-6, 1 - 1e-6)
    return np.log(-np.log(share))
