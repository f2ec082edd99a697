"""How many independent, fully followed persons is a share off a curve worth?"""

from __future__ import annotations

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.result import lines


def worth_of(
    curves: IncidenceCurves, at: float | None, cause: str | None
) -> tuple[tuple[int, int], tuple[float, float], float]:
    """Persons of the reference arm and the other, what each is worth, and the reference arm's share.

    A share F with error s is as certain as F (1 - F) / s squared persons who are all followed to the end: fewer than
    there are where some are followed shorter or persons of one office are alike.
    """
    if at is None:
        raise DesignProblem("times_needed", argument="at")
    rows = curves.at(at)
    name = curves.counts.causes[curves.counts.cause(cause)]
    found = {row.group: row for row in lines(rows[rows["cause"] == name])}
    base = curves.counts.reference
    if len(found) != 2:
        raise DesignProblem("two_groups_needed", count=len(found))
    if base not in found:
        raise DesignProblem("reference_needed", column="by", levels=tuple(found))
    other = next(group for group in found if group != base)
    sizes = (int(curves.counts.persons(base)), int(curves.counts.persons(other)))
    worth = []
    for group, persons in zip((base, other), sizes, strict=True):
        row = found[group]
        alone = row.estimate * (1 - row.estimate)
        worth.append(min(float(persons), alone / row.std_error**2) if alone > 0 and row.std_error > 0 else persons)
    return sizes, (float(worth[0]), float(worth[1])), found[base].estimate
