"""How much faster or slower do people with one trait leave than people with another? Cox's proportional hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.adjusted.comparable import comparable
from navoutcomes.estimate.basis import basis_of, persons_of
from navoutcomes.estimate.regression.cox_errors import Errors, errors_of, sparing
from navoutcomes.estimate.regression.cox_exact import EXACT, exact_way
from navoutcomes.estimate.regression.design_matrix import DesignMatrix, collinear, design_matrix
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import PENALTIES, Regression, by_term, coefficient_table, few_for_terms
from navoutcomes.estimate.regression.sample import Sample, sample
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.hazards.cox import CoxFit, CoxRows, fit, step
from navoutcomes.maths.hazards.cox_exact import ExactOrder, exact_fit, exact_interval
from navoutcomes.maths.hazards.cox_profile import Firth, firth, profile_interval
from navoutcomes.notes import Log, note, warning

TIES = ("efron", "breslow", EXACT)
FEW_EVENTS = 20
ENDLESS = 8.0


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class CoxRegression(Regression):
    """Hazard ratios for one ending. ``events`` how many ended, ``ties`` and ``strata`` how they were treated."""

    cause: str
    ties: str
    strata: tuple[str, ...]
    events: int
    rows: Sample
    design: DesignMatrix
    model: CoxFit
    errors: Errors
    firth: Firth | None = None

    @cached_property
    def tests(self) -> pd.DataFrame:
        """Is anything associated at all? Wald's test (with offices against F, with the fewest degrees of freedom of any
        term), and where people are independent and unweighted the score and likelihood-ratio tests (with a penalty the
        ratio of penalised likelihoods alone). One row a test.

        Raises: ``DesignProblem`` where too few offices, or too few persons with a trait, leave no test.
        """
        for few in self.findings:
            if few.key in ("few_persons_with_trait", "few_persons_penalised"):
                raise DesignProblem("no_test_of_few_persons", **dict(few.facts))
        if not self.errors.given.all():
            raise DesignProblem("no_test_with_few_offices", clusters=self.rows.clusters, fewest=FEWEST_CLUSTERS)
        beta, covariance = self.coefficients.to_numpy(), self.covariance.to_numpy()
        size, fewest = len(beta), float(self.errors.df.min())
        wald = float(beta @ np.linalg.solve(covariance, beta))
        chance = stats.chi2.sf(wald, size) if np.isinf(fewest) else stats.f.sf(wald / size, size, fewest)
        told = [("wald", wald, float(chance))]
        if self.firth is not None:
            ratio = 2 * (self.firth.penalised - self.firth.null)
            told.append(("likelihood ratio", ratio, float(stats.chi2.sf(ratio, size))))
        elif not self.errors.robust:
            null = self.model.start
            score = float(null.score @ np.linalg.solve(null.information, null.score))
            ratio = 2 * (self.log_likelihood - null.log_likelihood)
            told += [(name, one, float(stats.chi2.sf(one, size))) for name, one in
                     (("score", score), ("likelihood ratio", ratio))]  # fmt: skip
        return pd.DataFrame(told, columns=["measure", "statistic", "p_value"]).assign(df=size)


@door
def cox(
    people: FollowUp,
    terms: Sequence[Term | str],
    cause: str | None = None,
    ties: str = "efron",
    strata: str | None = None,
    offset: str | None = None,
    errors: str | None = None,
    penalty: str | None = None,
    level: float = 0.95,
) -> CoxRegression:
    """How much more often do people with one trait leave for a cause, of those still there, than people with another?

    Arguments: ``terms`` values from ``design.terms`` (a bare name is a number); ``cause`` an ending (None: the
    outcome), the others then stop observation: its cause-specific hazard; ``ties`` ``efron``, ``breslow``
    or ``exact`` (time in whole units: who ends together is compared with every other set of as many);
    ``strata`` a column whose levels have hazards of their own; ``offset`` a column added to the log hazard;
    ``errors`` None (below), ``model``, ``robust`` or ``lin-wei``; ``penalty`` None: Firth's, with a warning, where the
    likelihood has no top and rows are independent, unweighted persons, else none; ``firth`` for few endings; ``none``.
    Errors when None: from the information; with weights, or several endings of one person, the sum of squared pulls of
    persons; with offices their sum by office and Student's t, below 100 offices made larger for what each moves the fit
    itself, with Satterthwaite's degrees of freedom (below four of them nothing is given but the estimate). Below 20
    endings the interval is that of the profile likelihood. A trait that fewer than three persons have, or lack, has an
    estimate only.
    Shapes: ``table`` one row a term, on the log hazard; ``ratios`` the same exponentiated.
    Raises: ``DesignProblem`` for no terms, no endings, collinear terms or terms that are all constant (one among others
    is dropped with a warning); ``NumericalProblem`` where the likelihood has no top (everybody with a trait left first)
    and there is no penalty, naming the terms.
    Assumes: hazards are proportional within strata; censoring says nothing about what is to come, given the terms.
    Reference: Cox 1972; Efron 1977; Gail, Lubin & Rubinstein 1981; Lin & Wei 1989; Wang, Turner & Li 2023; Firth 1993
    and Heinze & Schemper 2001.
    """
    check_level(level)
    for asked, known in ((ties, TIES), (penalty, PENALTIES)):
        if asked not in known:
            raise DesignProblem("choice_unknown", asked=str(asked), known=[one for one in known if one])
    seen, design = sample(people, strata), design_matrix(people, terms, drop_constant=True)
    more = cause, ties, offset, errors
    try:
        return fitted(people, seen, design, *more, "firth" if penalty == "firth" else None, level, strata)
    except NumericalProblem as problem:
        independent = not (seen.weighted or seen.clustered != "none") and errors in (None, "model")
        if penalty or ties == EXACT or not independent or problem.key != "monotone_likelihood":
            raise
        column = problem.facts["column"]
    instead = fitted(people, seen, design, *more, "firth", level, strata)
    return replace(instead, findings=Log((warning("firth_instead", column=column),)) + instead.findings)


def fitted(
    people: FollowUp,
    seen: Sample,
    design: DesignMatrix,
    cause: str | None,
    ties: str,
    offset: str | None,
    errors: str | None,
    penalty: str | None,
    level: float,
    strata: str | None,
) -> CoxRegression:
    """A model on a sample and a design that are already made; the arguments of ``cox``."""
    name = people.endings[0] if cause is None else cause
    rows = cox_rows(people, seen, design.values, name, ties, offset)
    measure = "log hazard ratio, cause-specific" if len(people.endings) > 1 else "log hazard ratio"
    remarks = design.remarks + comparable(rows, ties, len(seen.strata) > 1)
    way = exact_way(seen, rows, errors, penalty) if ties == EXACT else None
    model, beta, covariance, top = _solved(rows, design, penalty, way)
    person = persons_of(people)
    how = sparing(
        errors_of(seen, model, covariance, design, errors, penalty), design, person, penalised=penalty is not None
    )
    table = coefficient_table(design.names, beta, how.covariance, measure, level, how.df, name, how.given)
    events = int(rows.event.sum())
    told = note("method_cox_exact", cause=name) if way else note("method_cox", ties=ties, cause=name)
    method = [told, *how.method]
    if strata is not None:
        method.append(note("method_stratified", strata=len(seen.strata)))
    if not how.robust and (penalty or events < FEW_EVENTS):
        limits = partial(exact_interval, model, way) if way else partial(profile_interval, rows, top)
        spoken = [
            limits(place, level) if penalty or how.given[place] else (np.nan, np.nan) for place in range(len(beta))
        ]
        table["conf_low"], table["conf_high"] = np.array(spoken).T
        method.append(note("interval_profile"))
    if penalty:
        method.append(note("method_firth"))
    return CoxRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=tuple(method),
        findings=how.findings + note("hazard_ratio_average") + remarks + few_for_terms(events, len(design.names)),
        randomised=people.protocol.randomised,
        measure=measure,
        ratio=measure.removeprefix("log "),
        log_likelihood=model.end.log_likelihood,
        _basis=partial(basis_of, design.values, design.names, rows.event > 0, person=person),
        cause=name,
        ties=ties,
        strata=seen.strata if strata is not None else (),
        events=events,
        rows=seen,
        design=design,
        model=model,
        errors=how,
        firth=top if isinstance(top, Firth) else None,
        _table=table,
        _covariance=by_term(how.covariance, design.names),
    )


def cox_rows(
    people: FollowUp, seen: Sample, x: Floats, cause: str, ties: str = "efron", offset: str | None = None
) -> CoxRows:
    """People as the arithmetic wants them. Raises ``DesignProblem`` where nobody ended for the cause."""
    if cause not in people.endings:
        raise DesignProblem("cause_unknown", asked=cause, known=people.endings)
    event = (seen.cause == people.endings.index(cause)).astype(float)
    if not event.any():
        raise DesignProblem("no_events", cause=cause, total=seen.size, known=people.endings)
    size = len(seen.time)
    shift = seen.stratum * size
    plain = len(seen.strata) == 1
    return CoxRows(
        x=x,
        leave=seen.leave if plain else seen.leave + shift,
        enter=seen.enter if plain else np.where(seen.enter == FROM_START, FROM_START, seen.enter + shift),
        event=event,
        weight=np.ascontiguousarray(seen.weight),
        offset=np.zeros(seen.size) if offset is None else design_matrix(people, [offset]).values[:, 0].copy(),
        first=np.arange(len(seen.strata) + 1, dtype=np.int64) * size,
        efron=ties == "efron",
    )


def _solved(
    rows: CoxRows, design: DesignMatrix, penalty: str | None, way: ExactOrder | None
) -> tuple[CoxFit, Floats, Floats, CoxFit | Firth]:
    """The fit, its estimates and model covariance. Raises where there is no answer, naming the terms."""
    if penalty:
        start = step(rows, rows.fixed(), np.zeros(rows.x.shape[1]), 0.0)
        collinear(start.information, design.names)
        best = firth(rows, start)
        if not best.settled:
            raise NumericalProblem("not_converged", steps=best.steps, column=list(design.names))
        model = CoxFit(rows, rows.fixed(), start, best.end, best.steps, True, np.ones(len(best.beta)))
        return model, best.beta, best.covariance, best
    model = exact_fit(rows, way) if way else fit(rows)
    collinear((model.begun or model.end).information, design.names)
    endless = _endless(model, design.names)
    if endless:
        raise NumericalProblem("monotone_likelihood", column=endless)
    if not model.settled:
        raise NumericalProblem("not_converged", steps=model.steps, column=list(design.names))
    return model, model.end.beta, np.linalg.inv(model.end.information), model


def _endless(model: CoxFit, names: tuple[str, ...]) -> list[str]:
    """Terms whose coefficient was still running away: far out, and the information about it all but gone."""
    far: list[str] = []
    once = model.spread**2 * float(model.fixed.number.sum())
    for place in np.flatnonzero(np.diag(model.end.information) < 1e-4 * once):
        if abs(model.end.beta[place]) * np.ptp(model.rows.x[:, place]) > ENDLESS:
            far.append(names[place])
    return far
