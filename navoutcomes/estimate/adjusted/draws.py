"""Adjusted numbers of persons, or whole offices, drawn anew: every model is made again in each draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from navoutcomes.errors import DesignProblem, Problem
from navoutcomes.estimate.adjusted.people import Adjusting
from navoutcomes.estimate.draws import Seed, check_replicates, generator, seeded
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.notes import Log, Note, note, warning

if TYPE_CHECKING:
    from navoutcomes.estimate.adjusted.result import Estimates

FEWEST_DRAWN = 40
MOST_FAILED = 0.05


def drawn_anew(
    given: Adjusting,
    inside: tuple[int, ...],
    make: Callable[[Indices | None], Estimates],
    replicates: int,
    rng: Seed,
) -> tuple[Floats, tuple[Note, ...], Log]:
    """Estimates (R, A, T), and what is said of them. ``inside`` in how many offices each arm has people.

    Raises: ``DesignProblem`` without a generator, for fewer than 40 offices in an arm, and where more than one draw in
    twenty has no answer.
    """
    check_replicates(replicates)
    roll = generator(rng)
    if given.office is not None and min(inside) < FEWEST_DRAWN:
        arm = int(np.argmin(inside))
        raise DesignProblem("draws_of_few_clusters", clusters=inside[arm], fewest=FEWEST_DRAWN, group=given.arms[arm])
    members = None
    if given.office is not None:
        order = np.argsort(given.office, kind="stable")
        members = np.split(order, np.cumsum(np.bincount(given.office, minlength=given.offices))[:-1])
    found, failed = [], 0
    for _ in range(replicates):
        if members is None:
            rows = roll.integers(0, given.size, given.size)
        else:
            rows = np.concatenate([members[one] for one in roll.integers(0, len(members), len(members))])
        try:
            found.append(make(rows).value)
        except Problem:
            failed += 1
    if failed > MOST_FAILED * replicates:
        raise DesignProblem("draws_without_answer", count=failed, total=replicates)
    method = (note("errors_draws_again", replicates=replicates), *seeded(rng))
    findings = Log((warning("draws_without_answer_few", count=failed, total=replicates),)) if failed else Log()
    return np.array(found), method, findings
