"""People in arms with the traits to adjust for, as arrays that can be drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Interaction, Term
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.estimate.regression.sample import sample
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.weighted_incidence import Followed, Functional

MEAN_TIMES = ("survival", "lost")


@dataclass(frozen=True)
class Adjusting:
    """Rows of persons. Shapes: x (n, p) with ``columns``; arm (n,) codes of ``arms``, the reference first; weight (n,);
    office (n,) codes or None."""

    followed: Followed
    endings: tuple[str, ...]
    x: Floats
    columns: tuple[str, ...]
    arm: Indices
    arms: tuple[str, ...]
    weight: Floats
    office: Indices | None
    offices: int
    delayed: bool

    @property
    def size(self) -> int:
        """How many persons."""
        return len(self.arm)

    def take(self, rows: Indices) -> Adjusting:
        """Some persons, a person as often as drawn. A column that is then the same for all is left out."""
        x, columns = moving(self.x[rows], self.columns)
        return replace(
            self,
            followed=self.followed.take(rows),
            x=x,
            columns=columns,
            arm=self.arm[rows],
            weight=self.weight[rows],
            office=None if self.office is None else self.office[rows],
        )

    def within(self, arm: int) -> Indices:
        """Positions of those in an arm."""
        return np.flatnonzero(self.arm == arm)


def moving(x: Floats, columns: tuple[str, ...]) -> tuple[Floats, tuple[str, ...]]:
    """Columns that are not the same for everybody."""
    kept = np.ptp(x, axis=0) > 0
    return np.ascontiguousarray(x[:, kept]), tuple(name for name, stays in zip(columns, kept, strict=True) if stays)


@dataclass(frozen=True)
class Wanted:
    """Which numbers: the ending (None for the share that stays), times, ``area`` (empty, ``survival``, ``lost``)."""

    cause: int | None
    name: str
    times: tuple[float, ...]
    area: str = ""

    def read_from(self, grid: Floats) -> list[Functional]:
        """What is read off the curves, a time each."""
        make = Functional.area if self.area else Functional.share
        return [make(grid, self.cause, time) for time in self.times]


def adjusting(
    people: FollowUp, terms: Sequence[Term | str] | None, by: str = "arm", reference: str | None = None
) -> Adjusting:
    """The people of a cohort in their arms. ``terms`` None: those the protocol adjusts for.

    Raises: ``DesignProblem`` for no terms, the arm among them, one arm only, no reference, or several rows a person.
    """
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    if people.repeated:
        raise DesignProblem("adjusted_rows_repeated", count=len(people.rows) - people.persons)
    chosen = tuple(people.protocol.adjust_for if terms is None else terms)
    codes, names = people.levels(by)
    arms = people.protocol.arms
    own = {by, "arm"} | ({arms.column} if arms is not None and by in ("arm", arms.column) else set())
    for column in columns_of(chosen):
        if column in own:
            raise DesignProblem("arm_among_terms", column=column)
    persons = {name: int(number) for name, number in zip(names, np.bincount(codes, minlength=len(names)), strict=True)}
    own_reference = arms.reference if arms is not None and by in ("arm", arms.column) else None
    base = named_reference(persons, reference or own_reference, by)
    order = sorted(range(len(names)), key=lambda at: names[at] != base)
    rank = np.argsort(order)
    seen, design = sample(people), design_matrix(people, chosen)
    office = seen.cluster if seen.clustered == "office" else None
    return Adjusting(
        followed=Followed(seen.time, seen.enter, seen.leave, seen.cause, len(people.endings)),
        endings=people.endings,
        x=design.values,
        columns=design.names,
        arm=rank[codes].astype(np.int64),
        arms=tuple(names[at] for at in order),
        weight=np.array(seen.weight),
        office=office,
        offices=seen.clusters if office is not None else 0,
        delayed=seen.delayed,
    )


def columns_of(terms: Sequence[Term | str]) -> list[str]:
    """The columns that terms speak of, each once."""
    flat = [part for term in terms for part in (term.terms if isinstance(term, Interaction) else (term,))]
    return list(dict.fromkeys(one if isinstance(one, str) else one.column for one in flat))


def wanted(
    people: FollowUp, at: float | Sequence[float] | None, cause: str | None, area: str = "", argument: str = "at"
) -> Wanted:
    """The ending and times asked for; ``at`` None: the protocol's. Raises ``DesignProblem`` where there are none."""
    if at is None and people.protocol.estimand is not None:
        at = people.protocol.estimand.at
    if at is None:
        raise DesignProblem("times_needed", argument=argument)
    times = np.atleast_1d(np.asarray(at, dtype=float))
    if not len(times) or not (np.isfinite(times) & (times > 0)).all():
        raise DesignProblem("times_needed", argument=argument)
    name = people.endings[0] if cause is None else cause
    if name not in people.endings:
        raise DesignProblem("cause_unknown", asked=name, known=people.endings)
    place = None if area == "survival" else people.endings.index(name)
    return Wanted(place, "" if place is None else name, tuple(float(one) for one in times), area)


def followed_to(given: Adjusting, times: Sequence[float]) -> None:
    """Raises ``DesignProblem`` for a time that nobody of an arm is followed to, though some had not left."""
    grid = given.followed.time
    for place, name in enumerate(given.arms):
        rows = given.within(place)
        last = int(given.followed.leave[rows].max())
        open_then = bool((given.followed.cause[rows][given.followed.leave[rows] == last] < 0).any())
        for time in times:
            if open_then and time > float(grid[last]) * (1 + 1e-12):
                raise DesignProblem("time_beyond_follow_up", asked=f"{time:g}", group=name)


def of_target(given: Adjusting, target: str) -> Floats:
    """1 for those of whom the answer speaks, else 0."""
    if target == "ATE":
        return np.ones(given.size)
    return (given.arm == (1 if target == "ATT" else 0)).astype(float)
