"""The mean of any number known of everybody, by arm: months on assistance, kroner, grades. As it is, and weighted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import positions
from navoutcomes.design.terms import Number
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.adjusted.amounts import amounts_of
from navoutcomes.estimate.adjusted.people import Adjusting, Wanted, adjusting
from navoutcomes.estimate.adjusted.result import AdjustedEffects, Estimates, check_errors, rows_of, table_of
from navoutcomes.estimate.adjusted.spread import ERRORS, Spread, spread_of
from navoutcomes.estimate.adjusted.weights import Weights, as_weights, population
from navoutcomes.estimate.adjusted.weights_recipe import Recipe
from navoutcomes.estimate.draws import Seed
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.notes import Log, note

NOW = float("nan")


@dataclass(frozen=True)
class ByMean:
    """Means of a number (n,) by arm; ``recipe`` None for people as they are."""

    given: Adjusting
    number: Floats
    recipe: Recipe | None
    known: bool = False

    def __call__(self, rows: Indices | None = None) -> Estimates:
        """Of everybody, with their pulls; or of persons drawn, without."""
        given = self.given if rows is None else self.given.take(rows)
        number = self.number if rows is None else self.number[rows]
        made = None if self.recipe is None else self.recipe.weigh(given)
        mass = given.weight * (1.0 if made is None else made.values)
        value = np.empty((len(given.arms), 1))
        pull = np.zeros((len(given.arms), given.size, 1))
        for arm in range(len(given.arms)):
            here = given.arm == arm
            whole = float(mass[here].sum())
            value[arm] = mass[here] @ number[here] / whole
            worth = here * (number - value[arm, 0]) / whole
            pull[arm, :, 0] = mass * worth
            if made is not None and not self.known:
                pull[arm] += made.carried((given.weight * worth)[:, None])
        return Estimates(value, None if rows is not None else pull)


@door
def mean_difference(
    people: FollowUp,
    column: str,
    weights: Weights | None = None,
    by: str = "arm",
    reference: str | None = None,
    errors: str | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Seed = None,
) -> AdjustedEffects:
    """How much larger is the mean of a number in one arm than in another, as it is and when weights make them alike?

    Arguments: ``column`` a number known of everybody; ``weights`` from ``weights`` (None: as it is only); ``by`` and
    ``reference`` the arms, where there are no weights; ``errors`` None (weights as the estimates they are), ``fixed``
    (as known), ``lin-wei`` or ``bootstrap`` (``replicates`` draws with ``rng``).
    Shapes: ``table`` one row an arm (its mean) and one a difference; unadjusted ones with Welch's interval.
    Raises: ``DataProblem`` for a column that is not there or holds empty cells; ``DesignProblem`` as ``weights``.
    Assumes: with weights as ``weights``.
    Reference: Welch 1947; Lunceford & Davidian 2004.
    """
    check_level(level)
    check_errors(errors, ERRORS)
    made = None if weights is None else as_weights(people, weights)
    if made is not None and made.weighed is None:
        raise DesignProblem("weights_of_kind", asked=made.kind, known=("iptw", "overlap", "entropy"))
    given = made.given if made is not None else adjusting(people, [Number(column)], by, reference)
    values = _number(people, column)
    asked = Wanted(None, "", (NOW,), "mean")
    rows: list[dict[str, object]] = []
    method, findings = [note("method_means", column=column)], Log()
    if made is not None:
        engine = ByMean(given, values, made.recipe, errors == "fixed")
        spread = spread_of(given, errors, level, engine, replicates, rng)
        rows, _ = rows_of(given, asked, engine(None), spread, "adjusted ")
        method += [note("method_adjusted_weights"), *made.method, *spread.method]
        findings = made.findings + spread.findings.notes
    plain = ByMean(given, values, None)
    unadjusted, more = rows_of(given, asked, plain(None), _welch(given, level, plain), "")
    findings += Log(tuple(one for one in more if one not in findings))
    table = table_of(rows + unadjusted).drop(columns=["time", "events"])
    target = made.target if made is not None else "ATE"
    return AdjustedEffects(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=tuple(method),
        findings=findings,
        reference=given.arms[0],
        randomised=people.protocol.randomised,
        target=target,
        population=population(target, given.arms),
        outcome=column,
        area="mean",
        replicates=replicates if errors == "bootstrap" else 0,
        amounts=amounts_of(values, given.arm, given.arms),
        _table=table,
    )


def _welch(given: Adjusting, level: float, engine: ByMean) -> Spread:
    """Each person as an office of their own that stands in one arm: Welch's test."""
    if given.office is not None:
        return spread_of(given, None, level, engine, 0, None)
    inside = tuple(int((given.arm == arm).sum()) for arm in range(len(given.arms)))
    return Spread(level, np.arange(given.size), given.size, inside, given.arm, False, (), welch=True)


def _number(people: FollowUp, column: str) -> Floats:
    values = people.column(column)
    try:
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise DesignProblem("term_not_numbers", column=column) from None
    bad = ~np.isfinite(numbers)
    if bad.any():
        raise DataProblem("not_a_number", column=column, rows=positions(bad), count=int(bad.sum()), total=len(numbers))
    return np.asarray(numbers)
