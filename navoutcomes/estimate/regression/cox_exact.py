"""When the exact likelihood of tied endings can be asked for, and what it cannot be asked about."""

from __future__ import annotations

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.regression.sample import Sample
from navoutcomes.maths.hazards.cox import CoxRows
from navoutcomes.maths.hazards.cox_exact import ExactOrder, exact_order

EXACT = "exact"
# About five seconds a Newton step on one core: a cell of the recursion costs some 30 + p² nanoseconds.
MOST_WORK = 5e9


def exact_way(seen: Sample, rows: CoxRows, errors: str | None, penalty: str | None) -> ExactOrder:
    """The way through the people, where every row is one independent person and the subsets can be added up in time.

    Raises: ``DesignProblem`` for weights, for errors other than the model's, and for too many ties.
    """
    heavy = int((seen.weight != 1).sum())
    if heavy:
        raise DesignProblem("exact_ties_with_weights", count=heavy, total=seen.size)
    repeated = seen.clustered == "person" and _several_endings(seen, rows)
    dependent = errors is None and (seen.clustered == "office" or repeated)
    if errors in ("robust", "lin-wei") or dependent or penalty is not None:
        asked = "penalty" if penalty is not None else "errors"
        raise DesignProblem("exact_ties_need_independence", argument=asked, clusters=seen.clusters)
    way = exact_order(rows)
    work = way.work * (30.0 + rows.x.shape[1] ** 2)
    if work > MOST_WORK:
        raise DesignProblem(
            "exact_ties_too_many", total=seen.size, tied=int(way.degree.max()), sums=f"{way.work:.1e}",
            times=max(2, round(work / MOST_WORK)),
        )  # fmt: skip
    return way


def not_with_exact(ties: str, what: str) -> None:
    """Refuse what rests on how Efron or Breslow share an ending among the tied. Raises ``DesignProblem``."""
    if ties == EXACT:
        raise DesignProblem("not_with_exact_ties", asked=what)


def _several_endings(seen: Sample, rows: CoxRows) -> bool:
    return bool((np.bincount(np.asarray(seen.cluster), rows.event, minlength=seen.clusters) > 1).any())
