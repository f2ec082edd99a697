"""How long are people in each state, on average, up to a horizon?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.states.multistate_curves import reach
from navoutcomes.estimate.states.multistate_groups import Group, Since
from navoutcomes.estimate.states.transitions import Transitions, as_transitions
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.curves.multistate import Rules, carry
from navoutcomes.maths.curves.multistate_influence import carried_back, pulls, value_of_area
from navoutcomes.notes import Log, note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class StateTimes(Result):
    """Mean time in each state between ``since`` and ``horizon``, by group, in the follow-up's unit."""

    since: float
    horizon: float
    states: tuple[str, ...]


@door
def time_in_state(
    people: Transitions,
    horizon: float,
    by: str | None = None,
    since: float = 0.0,
    level: float = 0.95,
    errors: str | None = None,
) -> StateTimes:
    """How long is a person in each state, on average, between ``since`` and the horizon?

    The times in all states add to ``horizon - since``. Arguments: ``horizon`` and ``since`` in the follow-up's unit;
    ``by`` a column that is the same for all rows of a person; ``level`` 0-1; ``errors`` None (the jackknife over
    persons, by office with clusters and t(G - 1)) or ``lin-wei`` (the normal multiplier with clusters).
    Shapes: ``table`` one row a group and state: estimate, std_error, conf_low, conf_high; at_risk is persons at the
    start, events who comes into the state.
    Raises: ``DesignProblem`` for a horizon beyond a group's follow-up, or not after ``since``.
    Assumes: as the shares of ``multistate``, whose areas these are.
    Reference: Andersen 2013; R ``survfit`` prints the same means, and the errors with ``influence=TRUE``.
    """
    people = as_transitions(people)
    source = Since.of(people, by, float(since))
    if errors not in (None, "robust", "lin-wei"):
        raise DesignProblem("errors_unknown", asked=str(errors), known=("robust", "lin-wei"))
    every = [source.group(at) for at in range(len(source.names))]
    for group in sorted(every, key=lambda one: one.last):
        _check_horizon(group, float(horizon), source.since)
    rows: list[dict[str, object]] = []
    findings, given = Log(), True
    for group in every:
        how = reach(group.seen, people.intervals.clustered, group.name, level, errors)
        mean, error = _mean_times(group, source.since, float(horizon))
        findings, given = findings + how.findings, given and how.given
        within = group.seen.time <= horizon * (1 + 1e-12)
        for state, word in enumerate(people.states):
            into = group.persons.events[source.pairs[:, 1] == state][:, within].sum()
            low, high = np.clip(mean[state] + np.array([-1, 1]) * how.z * error[state], 0.0, horizon - since)
            rows.append(
                {"group": group.name, "cause": word, "measure": "time in state", "time": float(horizon)}
                | {"estimate": mean[state], "std_error": error[state], "conf_low": low, "conf_high": high}
                | {"at_risk": float(group.persons.at_risk[:, 0].sum()), "events": float(into)}
            )
    told = note("interval_plain") if given else note("interval_not_given")
    return StateTimes(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note("method_state_times"), note("variance_jackknife"), told),
        findings=findings,
        since=source.since,
        horizon=float(horizon),
        states=people.states,
        _table=tidy(pd.DataFrame(rows)),
    )


def _mean_times(group: Group, begin: float, end: float) -> tuple[Floats, Floats]:
    """Areas under the shares and their errors. Shapes (S,), (S,)."""
    start, pull = group.begun()
    rules = Rules.moves(group.pairs, group.states)
    path = carry(group.mass, rules, start)
    value = value_of_area(path, group.seen.time, begin, end)
    found = pulls(group.seen, path, rules, carried_back(path, value), pull)
    return value @ path.value, np.sqrt((found**2).sum(axis=0))


def _check_horizon(group: Group, horizon: float, since: float) -> None:
    """Raises ``DesignProblem`` where nobody of a group is followed to the horizon though some had not ended."""
    beyond = horizon > group.last * (1 + 1e-12) and group.open
    if not np.isfinite(horizon) or horizon <= since or beyond:
        raise DesignProblem(
            "horizon_beyond_follow_up", asked=f"{horizon:g}", group=group.name, longest=f"{group.last:g}"
        )
