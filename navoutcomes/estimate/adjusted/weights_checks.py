"""Can everybody be compared with somebody? And does a handful decide the answer?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Category, Term
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.adjusted.people import Adjusting
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.weighting import Weighed, effective
from navoutcomes.notes import Log, note, warning

HEAVY, HEAVY_OF_MANY, TIMES_EVEN = 0.25, 0.05, 5.0
HALVED = 0.5
RARE = 0.01


def arms_overlap(people: FollowUp, given: Adjusting, terms: Sequence[Term | str]) -> None:
    """Raises ``DesignProblem`` for a level of a category, or a value of two, that an arm lacks; names arm and level."""
    for term in terms:
        if isinstance(term, Category):
            codes, names = people.levels(term.column)
            _in_all_arms(given, codes, [f"{term.column}: {name}" for name in names])
    for at, column in enumerate(given.columns):
        values = given.x[:, at]
        low = float(values.min())
        two = (values == low) | (values == values.max())
        if two.all():
            _in_all_arms(given, (values != low).astype(np.int64), [column, column])


def arms_meet(given: Adjusting) -> None:
    """Raises ``DesignProblem`` naming a number of which one arm's values all lie beyond the other's: a model would
    answer for people of whom it has seen none."""
    for at, column in enumerate(given.columns):
        ends = [(one.min(), one.max()) for one in (given.x[given.within(arm), at] for arm in range(len(given.arms)))]
        if any(low > other for low, _ in ends for _, other in ends):
            raise DesignProblem("arms_separated", column=[column], arms=given.arms)


def _in_all_arms(given: Adjusting, codes: np.ndarray, names: Sequence[str]) -> None:
    number = np.zeros((len(given.arms), len(names)), dtype=np.int64)
    np.add.at(number, (given.arm, codes), 1)
    for level in np.flatnonzero((number == 0).any(axis=0) & (number > 0).any(axis=0)):
        arm = int(np.flatnonzero(number[:, level] == 0)[0])
        raise DesignProblem(
            "nobody_comparable", column=names[int(level)], arm=given.arms[arm], count=int(number[:, level].sum())
        )


def remarks(given: Adjusting, values: Floats, made: Weighed | None) -> Log:
    """What an analyst should know before the weights are used."""
    found = Log()
    for place, name in enumerate(given.arms):
        own = values[given.within(place)]
        share, size, know = float(own.max() / own.sum()), len(own), effective(own)
        if share >= HEAVY or share > max(HEAVY_OF_MANY, TIMES_EVEN / size):
            found = found + warning(
                "one_person_heavy", group=name, percent=round(100 * share), effective=round(know, 1), persons=size
            )
        if know < HALVED * size:
            found = found + warning("weights_know_little", group=name, effective=round(know, 1), persons=size)
    if made is None or made.score is None:
        return found
    score = made.score
    for place, name in enumerate(given.arms):
        own, others = score[given.arm == place], score[given.arm != place]
        outside = int(((own < others.min()) | (own > others.max())).sum())
        if outside:
            found = found + note("outside_common_range", group=name, count=outside, total=len(own))
    near = int((np.minimum(score, 1 - score) < RARE).sum())
    if near:
        found = found + warning("arm_nearly_certain", count=near, total=given.size, percent=round(100 * RARE))
    return found
