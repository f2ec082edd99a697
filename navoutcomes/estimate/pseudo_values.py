"""What each person adds to an estimate, as a number for everybody, also for those who are still followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.sample import Sample, sample
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.multistate import Seen, count_states
from navoutcomes.maths.multistate_influence import carried_back, value_at, value_of_area
from navoutcomes.maths.pseudo import everybody, infinitesimal, jackknife_values, left_out, of_unit, stay_and_share

MEASURES = ("survival", "incidence", "restricted mean")
METHODS = ("jackknife", "infinitesimal")


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
    seen, (codes, names) = sample(people), people.levels(by)
    person, kinds = pd.factorize(people.rows["person"])[0].astype(np.int64), len(people.endings)
    found = np.empty((seen.size, len(times)))
    for level, name in enumerate(names):
        chosen = np.flatnonzero(codes == level)
        if not len(chosen):
            continue
        own = _rows(seen, person, chosen, kinds)
        for time in times:
            _followed(own, float(time), name)
        found[chosen] = _values(own, wanted, times, method)[own.unit]
    return pd.DataFrame(found, columns=[float(one) for one in times])


def _rows(seen: Sample, person: np.ndarray, chosen: np.ndarray, kinds: int) -> Seen:
    unit, names = pd.factorize(person[chosen])
    weight = seen.weight[chosen]
    made = Seen(
        time=seen.time,
        enter=seen.enter[chosen],
        leave=seen.leave[chosen],
        state=np.zeros(len(chosen), dtype=np.int64),
        kind=seen.cause[chosen],
        weight=weight,
        unit=unit.astype(np.int64),
        units=len(names),
        states=1,
        kinds=kinds,
    )
    if len(names) < len(chosen) and (of_unit(made)[unit] != weight).any():
        raise DesignProblem("weights_vary")
    return made


def _values(seen: Seen, wanted: Wanted, times: Floats, method: str) -> Floats:
    """Shapes: (persons, T)."""
    counts = count_states(seen, weighted=True)
    path = everybody(counts, wanted.cause)
    found = np.empty((seen.units, len(times)))
    for at, time in enumerate(times):
        value = value_of_area(path, seen.time, 0.0, time) if wanted.area else value_at(path, seen.time, time)
        worth = carried_back(path, value)
        estimate = value @ path.value
        if method == "infinitesimal":
            rules = stay_and_share(seen.kinds, wanted.cause)
            values = infinitesimal(seen, path, rules, worth, estimate)
        else:
            without = left_out(seen, counts, path, wanted.cause, value, worth)
            values = jackknife_values(estimate, without, of_unit(seen))
        found[:, at] = values[:, wanted.column]
    return found


def _followed(seen: Seen, time: float, group: str) -> None:
    """Raises ``DesignProblem`` for a time that nobody of the group is followed to though some had not left."""
    last = float(seen.time[seen.leave.max()])
    still = bool((seen.kind[seen.leave == seen.leave.max()] < 0).any())
    if time > last * (1 + 1e-12) and still:
        raise DesignProblem("time_beyond_follow_up", asked=f"{time:g}", group=group)
