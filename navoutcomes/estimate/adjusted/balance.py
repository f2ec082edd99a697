"""Are the arms alike in what was known at time zero, before and after weighting?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Category, Interaction, Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.adjusted.people import Adjusting, adjusting
from navoutcomes.estimate.adjusted.weights import Weights, as_weights
from navoutcomes.estimate.basis import Cell
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.balance import unlike
from navoutcomes.notes import Log, note, warning

LIMIT = 0.1
TWO = 2
BEFORE, AFTER = "before weighting", "after weighting"
DIFFERENCE, RATIO, MEAN = "standardised mean difference", "variance ratio", "mean"
DENOMINATOR = {"ATT": "second", "ATC": "first"}


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Balance(Result):
    """How unlike the arms are. ``table`` has rows for every trait (``term``) and level of a category: the mean of each
    arm (``group``), the standardised mean difference and, of numbers, the variance ratio, each before weighting and,
    with weights, after. ``target`` says whose deviation divides: both arms' pooled, or that of the arm spoken of.
    ``cells`` are, for each trait and arm, persons and how many have it (of a number of many values: nobody counts)."""

    target: str
    weighted: bool
    cells: tuple[Cell, ...] = ()

    @property
    def differences(self) -> pd.DataFrame:
        """One row a trait: the standardised mean difference before, and after where there are weights."""
        rows = self._table[self._table["measure"].str.startswith(DIFFERENCE)]
        wide = rows.pivot(index="term", columns="measure", values="estimate")
        wide.columns = [str(name).removeprefix(f"{DIFFERENCE} ").split()[0] for name in wide.columns]
        order = list(dict.fromkeys(rows["term"]))
        return wide.loc[order, [name for name in ("before", "after") if name in wide]]


@door
def balance(
    people: FollowUp,
    weights: Weights | None = None,
    terms: Sequence[Term | str] | None = None,
    by: str = "arm",
    reference: str | None = None,
) -> Balance:
    """How unlike are the people of two arms in what was known at time zero, before and after weighting?

    Arguments: ``weights`` from ``weights`` (None: before only); ``terms`` traits to look at, also such as were not
    weighted for (None: those of the weights, or those the protocol adjusts for); ``by`` and ``reference`` the arms,
    where there are no weights.
    Shapes: ``table`` one row a trait and measure; the difference is the other arm less the reference, over the standard
    deviation of the unweighted people: both arms' variances halved for everybody, that of the arm spoken of for ATT and
    ATC; of a level p (1 - p). Below 0.1 is the usual rule of thumb.
    Raises: ``DesignProblem`` for more than two arms, or weights of other people.
    Reference: Austin 2009; R ``cobalt``.
    """
    made = None if weights is None else as_weights(people, weights)
    usual = people.protocol.adjust_for if made is None else made.terms
    chosen = tuple(usual if terms is None else terms)
    if made is not None:
        by, reference = made.by, made.given.arms[0]
    given = adjusting(people, chosen, by, reference)
    if len(given.arms) != 2:
        raise DesignProblem("weights_of_two_arms", column=by, arms=given.arms)
    after = None if made is None else made.values
    target = "ATE" if made is None else made.target
    rows: list[dict[str, object]] = []
    cells: list[Cell] = []
    for name, values in traits(people, chosen):
        rows += _rows(name, values, given, after, DENOMINATOR.get(target, "pooled"))
        cells += _cells(name, values, given)
    table = tidy(pd.DataFrame(rows))
    return Balance(
        level=0.95,
        unit=people.unit,
        origin=people.origin,
        method=(note(f"method_balance_{DENOMINATOR.get(target, 'pooled')}"), *(made.method if made else ())),
        findings=_findings(table, after is not None),
        reference=given.arms[0],
        randomised=people.protocol.randomised,
        target=target,
        weighted=after is not None,
        cells=tuple(cells),
        _table=table,
    )


def traits(people: FollowUp, terms: Sequence[Term | str]) -> list[tuple[str, Floats]]:
    """Every column of the terms as numbers: a category as each of its levels."""
    found: dict[str, Floats] = {}
    for term in terms:
        for part in term.terms if isinstance(term, Interaction) else (term,):
            column = part if isinstance(part, str) else part.column
            if isinstance(part, Category):
                codes, names = people.levels(column)
                found |= {f"{column}: {name}": (codes == place).astype(float) for place, name in enumerate(names)}
            else:
                found[column] = people.column(column).to_numpy(dtype=float)
    return list(found.items())


def _rows(name: str, values: Floats, given: Adjusting, after: Floats | None, over: str) -> list[dict[str, object]]:
    found = unlike(values, given.arm == 1, given.weight, given.weight if after is None else after, over)
    rows: list[dict[str, object]] = []
    for place, when in enumerate((BEFORE,) if after is None else (BEFORE, AFTER)):
        for key, group in (("mean in the first", given.arms[0]), ("mean in the second", given.arms[1])):
            rows.append({"group": group, "term": name, "measure": f"{MEAN} {when}", "estimate": found[key][place]})
        for key, measure in (("difference", DIFFERENCE), ("ratio", RATIO)):
            if key == "difference" or not np.isnan(found[key][place]):
                rows.append({"group": given.arms[1], "term": name, "measure": f"{measure} {when}",
                             "estimate": found[key][place]})  # fmt: skip
    return rows


def _cells(name: str, values: Floats, given: Adjusting) -> list[Cell]:
    two = len(np.unique(values)) <= TWO
    has = values > values.min() if two else np.zeros(len(values), dtype=bool)
    sides = [given.arm == arm for arm in range(len(given.arms))]
    return [Cell(name, int(own.sum()), int((own & has).sum())) for own in sides]


def _findings(table: pd.DataFrame, weighted: bool) -> Log:
    rows = table[table["measure"] == f"{DIFFERENCE} {AFTER if weighted else BEFORE}"]
    unlike_rows = rows[rows["estimate"].abs() > LIMIT]
    if unlike_rows.empty:
        return Log()
    key = "unlike_after" if weighted else "unlike_before"
    return Log((warning(key, count=len(unlike_rows), total=len(rows), column=list(unlike_rows["term"]), limit=LIMIT),))
