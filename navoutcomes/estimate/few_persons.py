"""Groups and traits of so few persons that no method speaks of more than them: the estimate stands alone.

Simulated without a difference at two persons beside 147, the log-rank and Gray's test say p < 0.05 in a tenth of the
data sets, and Fine and Gray's model in a seventh.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from navoutcomes.estimate.basis import references
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.notes import Log, warning

FEWEST_PERSONS = 3
GLANCE = 10_000


def fewest_with(column: Floats, codes: Indices | None = None, enough: int = FEWEST_PERSONS) -> int:
    """How many clusters (or rows) have the rarer of a column's two values, or ``enough`` and more where that is plain
    from the first rows; -1 for a column of more values.

    Shapes: (n,), codes (n,) without gaps.
    """
    number = _rarer(column[:GLANCE], None if codes is None else codes[:GLANCE])
    # Enough on each side among some rows are enough among all; three values are three.
    return _rarer(column, codes) if len(column) > GLANCE and 0 <= number < enough else number


def too_few(
    x: Floats, names: Sequence[str], person: Indices | None = None, penalised: bool = False
) -> tuple[np.ndarray, Log]:
    """Which columns are of a trait that fewer than three persons have, or lack; and the finding that says so.

    Of a trait with several levels also where its reference is so rare. ``penalised`` the finding says that there are
    profile intervals, which under Firth's penalty are the best there is (0.93 for 0.95 at two persons).
    Shapes: x (n, p); person (n,), where persons have several rows -> (p,).
    """
    few = np.array([0 <= fewest_with(x[:, at], person) < FEWEST_PERSONS for at in range(x.shape[1])], dtype=bool)
    places = _rare_references(x[:GLANCE], names, None if person is None else person[:GLANCE])
    if places and len(x) > GLANCE:
        places = _rare_references(x, names, person)
    few[places] = True
    if not few.any():
        return few, Log()
    column = [names[int(at)] for at in np.flatnonzero(few)]
    key = "few_persons_penalised" if penalised else "few_persons_with_trait"
    return few, Log((warning(key, column=column, fewest=FEWEST_PERSONS),))


def few_in_groups(counts: RiskTable) -> Log:
    """A finding that names the groups of fewer than three persons."""
    return small_groups({name: counts.persons(name) for name in counts.groups})


def small_groups(persons: Mapping[str, int]) -> Log:
    """The same, of numbers of persons by group."""
    few = [name for name, number in persons.items() if number < FEWEST_PERSONS]
    return Log((warning("few_persons_in_group", group=few, fewest=FEWEST_PERSONS),) if few else ())


def _rare_references(x: Floats, names: Sequence[str], person: Indices | None) -> list[int]:
    """Columns of the traits whose reference fewer than three persons have."""
    found: list[int] = []
    for own, without in references(x, names).values():
        number = int(without.sum()) if person is None else len(np.unique(person[without]))
        if number < FEWEST_PERSONS:
            found += own
    return found


def _rarer(column: Floats, codes: Indices | None) -> int:
    low, high = float(column.min()), float(column.max())
    is_high = column == high
    if (~is_high & (column != low)).any():
        return -1
    sides = (is_high, ~is_high)
    if codes is None:
        return min(int(side.sum()) for side in sides)
    return min(int((np.bincount(codes[side]) > 0).sum()) for side in sides)
