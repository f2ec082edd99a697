"""Which groups differ from which? Every pair tested, and the p-values made honest for how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.curves.rank_tests import GroupTest, gray_test, logrank_test
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.trend import holm
from navoutcomes.notes import Note, note

TESTS, ADJUSTMENTS = ("logrank", "gray"), ("holm", "none")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class PairwiseTests(Result):
    """A test of each pair of groups: ``group`` against ``term``."""


@door
def pairwise_tests(
    people: FollowUp | RiskTable,
    by: str = "arm",
    test: str = "logrank",
    adjust: str = "holm",
    weights: str = "logrank",
    rho: float = 0.0,
    gamma: float = 0.0,
    strata: str | None = None,
    cause: str | None = None,
    errors: str | None = None,
) -> PairwiseTests:
    """Which groups differ from which, when every pair is looked at?

    Arguments: ``by`` a column; ``test`` ``logrank`` (with ``weights``, ``rho``, ``gamma``, ``errors``) or ``gray``
    (with ``rho``), each pair by itself; ``adjust`` ``holm`` or ``none``; ``strata`` and ``cause`` as in the tests.
    Shapes: ``table`` has one row a pair, ``group`` against ``term``: the pair's own chi-square, and its p-value
    adjusted for the number of pairs.
    Raises: ``DesignProblem`` as the tests do.
    Reference: Holm 1979.
    """
    for asked, known in ((test, TESTS), (adjust, ADJUSTMENTS)):
        if asked not in known:
            raise DesignProblem("choice_unknown", asked=asked, known=known)
    counts = as_risk_table(people, by, strata)
    named_reference({name: counts.persons(name) for name in counts.groups}, next(iter(counts.groups)), str(by))
    own = partial(logrank_test, by=by, weights=weights, rho=rho, gamma=gamma, cause=cause, errors=errors)
    asked_test = own if test == "logrank" else partial(gray_test, by=by, cause=cause, rho=rho)
    found = [(first, second, asked_test(counts.of(first, second))) for first, second in combinations(counts.groups, 2)]
    p_values = np.array([one.p_value for _, _, one in found])
    adjusted = holm(p_values) if adjust == "holm" else p_values
    rows = [_row(counts, *pair, p_value) for pair, p_value in zip(found, adjusted, strict=True)]
    method: tuple[Note, ...] = found[0][2].method
    return PairwiseTests(
        level=0.95,
        unit=counts.unit,
        origin=counts.origin,
        method=(*method, note(f"pairs_{adjust}", count=len(found))),
        counts=counts,
        again=partial(
            pairwise_tests, by=by, test=test, adjust=adjust, weights=weights, rho=rho, gamma=gamma, cause=cause,
            errors=errors,
        ),
        _table=tidy(pd.DataFrame(rows)),
    )  # fmt: skip


def _row(counts: RiskTable, first: str, second: str, test: GroupTest, p_value: float) -> dict[str, object]:
    table = test.table.drop_duplicates("group")
    return {
        "group": second,
        "term": first,
        "statistic": test.statistic,
        "p_value": float(p_value),
        "at_risk": float(counts.persons(first) + counts.persons(second)),
        "events": float(table["events"].sum()),
    }
