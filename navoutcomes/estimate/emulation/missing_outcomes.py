"""What is known of whom: how many had the outcome, had not, and are not known, in each group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.start_times import one_row_each
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.records.origin import Origin

Known = tuple[int, int, int]


@dataclass(frozen=True)
class KnownOutcomes:
    """``groups`` maps a name to (had the outcome, had not, not known). ``time`` is not a number for counts."""

    groups: dict[str, Known]
    cause: str
    by: str
    time: float
    unit: str
    origin: Origin
    usual: str | None
    randomised: bool

    @property
    def missing(self) -> int:
        """How many are not known."""
        return sum(one[2] for one in self.groups.values())

    def pair_names(self, base: str | None) -> list[str]:
        """The groups' names, the reference last."""
        return sorted(self.groups, key=lambda name: name == base)

    def pair(self, reference: str | None) -> tuple[str, str]:
        """The group and its reference. Raises ``DesignProblem`` for other than two groups, or none named."""
        if len(self.groups) != 2:
            raise DesignProblem("two_groups_needed", count=len(self.groups))
        base = named_reference({name: sum(one) for name, one in self.groups.items()}, reference or self.usual, self.by)
        return next(name for name in self.groups if name != base), base


def outcomes(
    people: FollowUp | CountedPeople, by: str | None, cause: str | None, at: float | None, missing: str
) -> KnownOutcomes:
    """Who had the outcome, had not, and is not known.

    Of people followed, who is censored before ``at`` is not known; of counts, those under the ending ``missing``.
    Raises: ``DesignProblem`` for people without a time, weights, late entry, or an ending that is not there.
    """
    if isinstance(people, CountedPeople):
        return _counted(people, cause, missing)
    one_row_each(people)
    weight, entry, time = people.array("weight"), people.array("entry"), people.array("time")
    if (weight != 1).any():
        raise DesignProblem("counts_weighted")
    if (entry > 0).any():
        raise DesignProblem("seen_late", count=int((entry > 0).sum()), total=len(entry))
    name = cause or people.endings[0]
    if name not in people.endings:
        raise DesignProblem("cause_unknown", asked=name, known=people.endings)
    estimand = people.protocol.estimand
    if at is None and estimand is not None:
        at = max(estimand.at)
    if at is None or not np.isfinite(at) or at <= 0:
        raise DesignProblem("times_needed", argument="at")
    slack = 1e-9 * max(1.0, float(time.max(initial=0.0)))
    how, ended = people.causes(), time <= at + slack
    had = ended & (how == people.endings.index(name))
    unknown = (how < 0) & (time < at - slack)
    codes, names = people.levels(by)
    groups = {
        group: (int((had & own).sum()), int((~had & ~unknown & own).sum()), int((unknown & own).sum()))
        for group, own in ((group, codes == place) for place, group in enumerate(names))
    }
    arms = people.protocol.arms
    usual = arms.reference if arms is not None and by in ("arm", arms.column) else None
    return KnownOutcomes(
        groups, name, by or "group", float(at), people.unit, people.origin, usual, people.protocol.randomised
    )


def _counted(people: CountedPeople, cause: str | None, missing: str) -> KnownOutcomes:
    name = cause or people.outcome
    for one in (name, missing):
        if one not in people.endings:
            raise DesignProblem("cause_unknown", asked=one, known=people.endings)
    groups = {}
    for group in people.groups:
        (had, total), (unknown, _) = people.events(group, name), people.events(group, missing)
        groups[group] = (had, total - had - unknown, unknown)
    return KnownOutcomes(groups, name, people.by, float("nan"), "", people.origin, None, False)
