"""How do numbers seen again and again, or of people of one office, differ between people with different traits?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import positions
from navoutcomes.design.terms import Term
from navoutcomes.errors import DataProblem, DesignProblem, NumericalProblem, door
from navoutcomes.estimate.basis import Basis, Cell, persons_of
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.regression.gee_blocks import Together, together
from navoutcomes.estimate.regression.glm import (
    INTERCEPT,
    MOST_CORRECTED,
    Belonging,
    Rule,
    WithBaseline,
    spoken_for,
    stopped,
    table_with_baseline,
)
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import by_term
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.gee import ERRORS, LINKS, Solved, covariance, crossed, solve
from navoutcomes.maths.generalised.glm_errors import Covariance
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.generalised.working_correlation import KINDS
from navoutcomes.notes import Log, Note, note, warning

# measure of a term, of the intercept; what each is when exponentiated.
SCALES = {
    "logit": ("log odds ratio", "log odds", "odds ratio", "odds"),
    "log": ("log mean ratio", "log mean", "mean ratio", "mean"),
    "identity": ("mean difference", "mean", "", ""),
}
METHODS = {"logit": "method_gee_logit", "log": "method_gee_log", "identity": "method_gee_identity"}


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class MarginalRegression(WithBaseline):
    """Means of ``column`` averaged over everybody. ``alpha`` is the working correlation of two rows that belong
    together (of neighbouring ones for ``ar1``), ``scale`` how many times as much rows spread as their family says;
    ``rows`` of ``persons`` in ``clusters``."""

    column: str
    link: str
    correlation: str
    alpha: float
    scale: float
    rows: int
    persons: int
    clusters: int


@door
def gee(
    people: FollowUp,
    column: str,
    terms: Sequence[Term | str],
    link: str = "logit",
    correlation: str = "exchangeable",
    crossed_with: str | None = None,
    errors: str | None = None,
    level: float = 0.95,
) -> MarginalRegression:
    """How does a number that is known row by row differ between people with different traits, averaged over everybody,
    when rows of one person (months, say) or people of one office are alike?

    Arguments: ``column`` the number: 0 and 1 (or shares) for ``link`` ``logit`` (odds ratios), counts or amounts from 0
    for ``log`` (ratios of means), any number for ``identity`` (differences of means); ``terms`` values from
    ``design.terms`` (a bare name is a number), row by row; ``correlation`` how alike rows are taken to be, of a person
    where somebody has several, else of an office: ``independence``, ``exchangeable`` (all pairs the same) or ``ar1``
    (months of a person; less the farther apart, the usual distance being one step); ``crossed_with`` a column whose
    levels tie rows together too, as the calendar month beside the office (then with ``independence``, and errors cr1 or
    cr0); ``errors`` None (below), ``model``, ``cr0``, ``cr1``, ``cr2`` (Kauermann and Carroll) or ``cr3`` (Mancl and
    DeRouen); ``level`` 0-1.
    Errors are by office where there are offices, else by person; when None CR2 with Satterthwaite's degrees of
    freedom (beyond 10,000 clusters CR1). With fewer than six offices, a trait found in one cluster or two persons,
    or fewer than four degrees of freedom, the estimate stands and the interval and p-value are empty.
    Shapes: ``table`` one row a term and one for the intercept, on the scale of the link; ``ratios`` exponentiated.
    Raises: ``DesignProblem`` where no rows belong together, where somebody's rows lie in several offices, for ``ar1``
    without several rows a person, for collinear terms; ``DataProblem`` for numbers the link cannot have;
    ``NumericalProblem`` for separation or where the steps do not settle.
    Assumes: the mean is right; the working correlation need not be. Rows that are missing are missing by chance, given
    the terms (with ``independence``: weigh those who are left).
    Reference: Liang & Zeger 1986; Mancl & DeRouen 2001; Kauermann & Carroll 2001; Cameron, Gelbach & Miller 2011.
    """
    check_level(level)
    _check_choices(link, correlation, crossed_with, errors)
    made = together(people, correlation, crossed_with)
    response, design = _response(people, column, link), design_matrix(people, terms, drop_constant=True)
    names = (INTERCEPT, *design.names)
    weight = people.array("weight")[made.order]
    unit = None if (weight == 1).all() else weight
    seen = Observations(np.ascontiguousarray(design.values[made.order]), response[made.order], unit)
    try:
        model = solve(seen, link, made.blocks, correlation)
    except Unfit as unfit:
        if unfit.kind == "separated":
            raise NumericalProblem("gee_separation", column=[names[at] for at in unfit.columns]) from None
        raise stopped(unfit, names) from None
    rule, spread = _spread(model, made, errors)
    person = persons_of(people)
    belong = Belonging(made.cluster, made.clusters, made.kind, None if person is None else person[made.order])
    given, findings = spoken_for(seen.columns, names, 1, rule, belong, spread.df)
    given, findings = _crossing(made, given, findings)
    term, start, ratio, base = SCALES[link]
    return MarginalRegression(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note(METHODS[link], column=column), _working(model, correlation, made), *rule.method),
        findings=design.remarks + rule.findings + findings + _limited(model),
        randomised=people.protocol.randomised,
        measure=term,
        ratio=ratio,
        baseline=start,
        baseline_ratio=base,
        baseline_terms=(INTERCEPT,),
        _basis=partial(_behind, people, design.values, design.names, response) if link == "logit" else None,
        column=column,
        link=link,
        correlation=correlation,
        alpha=model.alike.alpha,
        scale=model.alike.scale,
        rows=len(response),
        persons=people.persons,
        clusters=made.clusters,
        _table=table_with_baseline(
            names, model.coefficients, spread.matrix, (term, start), (INTERCEPT,), level, spread.df, given
        ),
        _covariance=by_term(spread.matrix, names),
    )


def _check_choices(link: str, correlation: str, crossed_with: str | None, errors: str | None) -> None:
    for asked, known in ((link, LINKS), (correlation, KINDS)):
        if asked not in known:
            raise DesignProblem("choice_unknown", asked=str(asked), known=known)
    rules = ERRORS if crossed_with is None else ("cr0", "cr1")
    if errors is not None and errors not in rules:
        raise DesignProblem("errors_unknown", asked=str(errors), known=rules)
    if crossed_with is not None and correlation != "independence":
        raise DesignProblem("choice_unknown", asked=correlation, known=("independence",))


def _response(people: FollowUp, column: str, link: str) -> Floats:
    """The number of every row. Raises ``DataProblem`` for cells that are empty, or that the link cannot have."""
    values = people.column(column)
    if not (pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)):
        raise DesignProblem("term_not_numbers", column=column)
    numbers = np.ascontiguousarray(values.to_numpy(dtype=float, na_value=np.nan))
    empty = ~np.isfinite(numbers)
    below, above = (numbers < 0) & (link != "identity"), (numbers > 1) & (link == "logit")
    outside = "gee_outside_logit" if link == "logit" else "gee_outside_log"
    for bad, key in ((empty, "not_a_number"), (below | above, outside)):
        if bad.any():
            raise DataProblem(key, column=column, rows=positions(bad), count=int(bad.sum()), total=len(numbers))
    if (numbers == numbers[0]).all():
        raise DesignProblem("gee_all_alike", column=column, total=len(numbers))
    return numbers


def _spread(model: Solved, made: Together, errors: str | None) -> tuple[Rule, Covariance]:
    if made.other is not None:
        kind = errors or "cr1"
        own = made.cluster, made.clusters
        said = note("errors_crossed", rule=kind.upper(), clusters=made.clusters, others=made.other[1])
        return Rule(kind, (said,)), crossed(model, kind, own, made.other)
    kind = errors or ("cr2" if made.clusters <= MOST_CORRECTED else "cr1")
    found = covariance(model, kind, made.cluster, made.clusters)
    if kind == "model":
        findings = Log((warning("clusters_left_out", clusters=made.clusters),)) if model.alike.alpha == 0 else Log()
        return Rule(kind, (note("errors_of_model"),), findings), found
    return Rule(kind, (note("errors_by_cluster", rule=kind.upper(), clusters=made.clusters),)), found


def _crossing(made: Together, given: np.ndarray, findings: Log) -> tuple[np.ndarray, Log]:
    """Below six clusters of either kind nothing is said beyond them."""
    if made.other is None or made.other[1] >= FEWEST_CLUSTERS:
        return given, findings
    few = warning("gee_few_crossed", clusters=made.other[1], fewest=FEWEST_CLUSTERS)
    return np.zeros_like(given), Log((few,))


def _working(model: Solved, correlation: str, made: Together) -> Note:
    if correlation == "independence":
        return note("gee_independence")
    return note(f"gee_{correlation}_{made.within}", alpha=round(model.alike.alpha, 2) + 0.0)


def _limited(model: Solved) -> Log:
    return Log((warning("gee_correlation_limited"),)) if model.alike.limited else Log()


def _behind(people: FollowUp, columns: Floats, names: Sequence[str], response: Floats) -> Basis:
    """Persons, not rows: those with the answer in some row, and beside them those without it in some row."""
    person = pd.factorize(people.rows["person"])[0]

    def count(side: np.ndarray) -> tuple[int, int]:
        with_it, without = (len(np.unique(person[side & one])) for one in (response > 0, response <= 0))
        return with_it + without, with_it

    cells = []
    for place, name in enumerate(names):
        column = columns[:, place]
        low, high = column.min(), column.max()
        if np.isin(column, (low, high)).all():
            cells += [Cell(name, *count(column == side)) for side in (high, low)]
    total, ended = count(np.ones(len(response), dtype=bool))
    return Basis(tuple(cells), total, min(ended, total - ended), len(names))
