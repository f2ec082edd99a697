"""What each person adds to an estimate, as a number for everybody, also for those who are still followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.regression.sample import sample
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.curves.multistate import Seen, count_states
from navoutcomes.maths.curves.multistate_influence import carried_back, value_at, value_of_area
from navoutcomes.maths.curves.pseudo import (
    everybody,
    infinitesimal,
    jackknife_values,
    left_out,
    of_unit,
    stay_and_share,
)

MEASURES = ("survival", "incidence", "restricted mean")
METHODS = ("jackknife", "infinitesimal")
ROWS = 65_536


@dataclass(frozen=True)
class Wanted:
    """What is estimated: the ``column`` of (share that stays, share that has left), at a time or as an area."""

    column: int
    cause: int | None
    area: bool

    @classmethod
    def of(cls, people: FollowUp, measure: str, cause: str | None) -> Wanted:
        """Raises ``DesignProblem`` for a measure or cause that does not exist."""
        if measure not in MEASURES:
            raise DesignProblem("choice_unknown", asked=measure, known=MEASURES)
        name = people.endings[0] if cause is None and measure == "incidence" else cause
        if name is not None and (measure == "survival" or name not in people.endings):
            known = people.endings if measure != "survival" else ("cause=None",)
            raise DesignProblem("cause_unknown", asked=name, known=known)
        place = None if name is None else people.endings.index(name)
        return cls(0 if name is None else 1, place, measure == "restricted mean")


@door
def pseudo_values(
    people: FollowUp,
    at: float | Sequence[float],
    measure: str = "survival",
    cause: str | None = None,
    by: str | None = None,
    method: str = "jackknife",
) -> pd.DataFrame:
    """What does each person add to the share that stays or has left, or to the mean time?

    A pseudo-value is n times the estimate less n - 1 times the estimate without the person; it stands in for what is
    not known of those still followed, and any regression can be fitted to it.
    Arguments: ``at`` times in the follow-up's unit; ``measure`` ``survival``, ``incidence`` (of ``cause``, None: the
    outcome) or ``restricted mean`` (time until exit up to ``at``; with ``cause``, time since an exit for it); ``by`` a
    column within whose levels persons are left out; ``method`` ``jackknife``, or ``infinitesimal`` (as R ``pseudo``:
    the derivative for each person's weight).
    Shapes: one row a row of ``people.rows``, one column a time; rows of one person hold the same number.
    Raises: ``DesignProblem`` for a time beyond a group's follow-up, for choices that do not exist, or for weights that
    differ between rows of a person.
    Assumes: censoring says nothing about what is to come, within the levels of ``by``; nobody enters late, or
    late entry says nothing either.
    Reference: Andersen, Klein & Rosthoej 2003; Andersen & Pohar Perme 2010.
    """
    if method not in METHODS:
        raise DesignProblem("choice_unknown", asked=method, known=METHODS)
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    wanted = Wanted.of(people, measure, cause)
    times = pd.unique(np.atleast_1d(np.asarray(at, dtype=float)))
    if not (np.isfinite(times) & (times >= 0)).all() or not len(times):
        raise DesignProblem("times_needed", argument="at")
    columns, names = [float(one) for one in times], people.levels(by)[1]
    seen, often, codes, which = _persons(people, by) if people.repeated else _sorts(people, by)
    found = np.empty((len(seen.leave), len(times)))
    for level, name in enumerate(names):
        chosen = np.flatnonzero(codes == level)
        if not len(chosen):
            continue
        own = _some(seen, chosen)
        for time in times:
            _followed(own, float(time), name)
        found[chosen] = _values(own, often[chosen], wanted, times, method)[own.unit]
    return pd.DataFrame(found if which is None else found[which], columns=columns)


Sorts = tuple[Seen, Floats, Indices, Indices | None]


def _persons(people: FollowUp, by: str | None) -> Sorts:
    """Rows, each once, that belong to persons; the group of each; None."""
    seen, (codes, _) = sample(people), people.levels(by)
    unit, names = pd.factorize(people.rows["person"])
    whole = Seen(
        time=seen.time,
        enter=seen.enter,
        leave=seen.leave,
        state=np.zeros(seen.size, dtype=np.int64),
        kind=seen.cause,
        weight=seen.weight,
        unit=unit.astype(np.int64),
        units=len(names),
        states=1,
        kinds=len(people.endings),
    )
    return whole, np.ones(seen.size), codes, None


def _sorts(people: FollowUp, by: str | None) -> Sorts:
    """Who shares group, times, ending and weight is one sort: the sorts, how many each has, its group; whose it is."""
    coded, group = people.coded, people.levels(by)[0]
    first, sort, often = _alike(coded.place)
    for column in (coded.enter, coded.weight, None if by is None else group):
        if column is not None:
            _, part = np.unique(column, return_inverse=True)
            first, sort, often = _alike(sort.astype(np.int64) * (int(part.max()) + 1) + part)
    size = len(coded.grid)
    place = coded.place[first]
    # 0 stands on the grid of the curves also where nobody leaves at 0; then nobody enters there either.
    empty = int(coded.grid[0] == 0 and (place % size).min() > 0)
    enter = np.full(len(first), FROM_START, dtype=np.int64)
    if coded.enter is not None:
        late = coded.enter[first]
        enter = np.where(late == FROM_START, late, late - empty)
    seen = Seen(
        time=coded.grid[empty:],
        enter=enter,
        leave=place % size - empty,
        state=np.zeros(len(first), dtype=np.int64),
        kind=place // size - 1,
        weight=people.array("weight")[first],
        unit=np.arange(len(first)),
        units=len(first),
        states=1,
        kinds=len(people.endings),
    )
    return seen, often, group[first], sort


def _alike(key: Indices) -> tuple[Indices, Indices, Floats]:
    """Of whole numbers from 0: where each stands, which of them each is, and how often. Shapes: (S,), (n,), (S,)."""
    size = int(key.max()) + 1
    if size > len(key):
        _, first, which, often = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
        return first, which, often.astype(float)
    count = np.bincount(key, minlength=size)
    used = np.flatnonzero(count)
    first = np.empty(size, dtype=np.int64)
    for low in range(0, len(key), ROWS):
        own = key[low : low + ROWS]
        first[own] = np.arange(low, low + len(own))
    place = np.zeros(size, dtype=np.int32)
    place[used] = np.arange(len(used))
    return first[used], place[key], count[used].astype(float)


def _some(seen: Seen, chosen: Indices) -> Seen:
    """One group's rows. Raises ``DesignProblem`` where rows of a person have different weights."""
    unit, names = pd.factorize(seen.unit[chosen])
    made = replace(seen.only(chosen), unit=unit.astype(np.int64), units=len(names))
    if len(names) < len(chosen) and (of_unit(made)[unit] != made.weight).any():
        raise DesignProblem("weights_vary")
    return made


def _values(seen: Seen, often: Floats, wanted: Wanted, times: Floats, method: str) -> Floats:
    """Shapes: often (rows,) how many each row stands for -> (units, T)."""
    counts = count_states(replace(seen, weight=seen.weight * often), weighted=True)
    path = everybody(counts, wanted.cause)
    total = _total(seen, often)
    found = np.empty((seen.units, len(times)))
    for at, time in enumerate(times):
        value = value_of_area(path, seen.time, 0.0, time) if wanted.area else value_at(path, seen.time, time)
        worth = carried_back(path, value)
        estimate = value @ path.value
        if method == "infinitesimal":
            rules = stay_and_share(seen.kinds, wanted.cause)
            values = infinitesimal(seen, path, rules, worth, estimate, total)
        else:
            without = left_out(seen, counts, path, wanted.cause, value, worth)
            values = jackknife_values(estimate, without, of_unit(seen), total)
        found[:, at] = values[:, wanted.column]
    return found


def _total(seen: Seen, often: Floats) -> float:
    """The weights of all persons."""
    mass = np.zeros(seen.units)
    mass[seen.unit] = seen.weight * often
    return float(mass.sum())


def _followed(seen: Seen, time: float, group: str) -> None:
    """Raises ``DesignProblem`` for a time that nobody of the group is followed to though some had not left."""
    last = float(seen.time[seen.leave.max()])
    still = bool((seen.kind[seen.leave == seen.leave.max()] < 0).any())
    if time > last * (1 + 1e-12) and still:
        raise DesignProblem("time_beyond_follow_up", asked=f"{time:g}", group=group)
