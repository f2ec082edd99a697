"""Where are people at each time, of the states they can be in, and where do they go from each of them?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.regression.precision import check_interval
from navoutcomes.estimate.states.multistate_curves import Curve, Reach, SteppedCurves, reach, table_of
from navoutcomes.estimate.states.multistate_groups import Group, Since
from navoutcomes.estimate.states.transitions import Transitions, as_transitions
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.curves.multistate import Rules, carry
from navoutcomes.maths.intervals import pointwise
from navoutcomes.maths.shares import clopper_pearson
from navoutcomes.notes import Log, note

MEASURES = ("occupation", "transition", "hazard")
HAZARD_INTERVALS = ("log", "plain")
NEAR = 1e-12


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class StateCurves(SteppedCurves):
    """Shares in states, chances of going from state to state, or cumulative hazards of the transitions, over time."""

    states: tuple[str, ...]


@door
def multistate(
    people: Transitions,
    measure: str = "occupation",
    by: str | None = None,
    since: float = 0.0,
    landmark: bool = False,
    interval: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
) -> StateCurves:
    """Which share is in each state at each time, or gets from each state to each other one?

    Arguments: ``measure`` ``occupation`` (share in each state), ``transition`` (chance of being in a state at t for who
    is in another at ``since``: P(since, t)) or ``hazard`` (cumulative hazard of each transition); ``by`` a column that
    is the same for all rows of a person; ``since`` a time in the follow-up's unit; ``landmark`` estimate each chance
    from those alone who are in the state at ``since``, when the time spent or the way taken matters; ``interval`` None,
    or plain, log (as R), log-log, cloglog, logit, arcsine; ``level`` 0-1; ``errors`` None (the jackknife over persons,
    by office with clusters and t(G - 1)), ``lin-wei``, ``greenwood`` or ``aalen``. None for ``interval``: log(-log) of
    a share that somebody begins with, and of its complement for the others; at 0 and 1 the exact limit on those whose
    state is known.
    Shapes: ``table`` one row a group, state (``cause``) or transition (``term``, as "KVP → work") and time; at_risk is
    who is in the state just before (of a hazard: in the state that is left), events who comes into it.
    Raises: ``DesignProblem`` for no transitions after ``since``, a group or state with nobody in it then, or choices
    that do not exist.
    Assumes: who is lost sight of would have moved as those who stay; without ``landmark``, that the chances of moving
    depend on the state and time alone (shares in states are right without that, when nobody enters late).
    Reference: Aalen & Johansen 1978; Datta & Satten 2001; Putter & Spitoni 2018 (landmark); R ``survfit``.
    """
    people = as_transitions(people)
    _check(measure, landmark, interval)
    source = Since.of(people, by, float(since))
    curves: list[Curve] = []
    findings, methods = Log(), [note(f"method_states_{measure}"), *([note("method_landmark_states")] * landmark)]
    for at, name in enumerate(source.names):
        group = source.group(at)
        how = reach(group.seen, people.intervals.clustered, name, level, errors)
        if measure == "occupation":
            curves += _occupation(source, group, how, interval, level)
        elif measure == "transition":
            curves += _from_each(source, group, at if landmark else None, how, interval)
        else:
            curves += _hazards(source, group, how, interval)
        findings = findings + how.findings
        methods.append(how.method)
    shown = interval or ("log" if measure == "hazard" else "states")
    methods.append(note(f"interval_{shown.replace('-', '_')}") if how.given else note("interval_not_given"))
    return StateCurves(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=tuple(dict.fromkeys(methods)),
        findings=findings,
        since=float(since),
        moves=None
        if landmark
        else lambda: people.intervals.moves(source.kind, source.code, people.state, float(since)),
        states=people.states,
        interval=shown,
        _curves=tuple(curves),
        _table=table_of(curves),
    )


def _check(measure: str, landmark: bool, interval: str | None) -> None:
    if measure not in MEASURES:
        raise DesignProblem("choice_unknown", asked=measure, known=MEASURES)
    if landmark and measure != "transition":
        raise DesignProblem("choice_unknown", asked="landmark=True", known=('measure="transition"',))
    if measure != "hazard":
        check_interval(interval, incidence=True)
    elif interval is not None and interval not in HAZARD_INTERVALS:
        raise DesignProblem("interval_unknown", asked=interval, known=HAZARD_INTERVALS)


def _occupation(source: Since, group: Group, how: Reach, interval: str | None, level: float) -> list[Curve]:
    start, pull = group.begun()
    known = {"group": group.name, "cause": "", "measure": "occupation"}
    made = _shares(source, group, start, pull, known, how, interval)
    whole = np.concatenate([[float(group.persons.at_risk[:, 0].sum())], group.whole])
    return [_exact(curve, whole, level) if interval is None and how.given else curve for curve in made]


def _from_each(source: Since, group: Group, landmark: int | None, how: Reach, interval: str | None) -> Iterator[Curve]:
    """A curve for each state that can be left and each state, as "KVP → work"; ``landmark`` is the group's place."""
    states = source.people.states
    for state in np.unique(source.pairs[:, 0]):
        own = group if landmark is None else source.landmarked(landmark, int(state))
        if own is None:
            raise DesignProblem("nobody_in_state", group=group.name, state=states[state], asked=f"{source.since:g}")
        known = {"group": group.name, "cause": "", "term": states[state] + " → {}", "measure": "transition"}
        yield from _shares(source, own, np.eye(len(states))[state], None, known, how, interval)


def _shares(
    source: Since,
    group: Group,
    start: Floats,
    pull: Floats | None,
    known: dict[str, str],
    how: Reach,
    interval: str | None,
) -> list[Curve]:
    rules = Rules.moves(source.pairs, group.states)
    path = carry(group.mass, rules, start)
    variance = group.variance(path, rules, how.errors, pull)
    share, error = group.stretched(path, path.value), np.sqrt(variance)
    # An interval of 1 less what rounding took of it is the interval of 1.
    whole = np.where(np.abs(share - np.rint(share)) < NEAR, np.rint(share), share)
    made = []
    for state, word in enumerate(source.people.states):
        into = group.persons.events[source.pairs[:, 1] == state].sum(axis=0)
        kind = interval or ("log-log" if start[state] > 0 else "cloglog")
        limits = pointwise(kind, whole[:, state], error[:, state], how.z)
        words = {name: text.format(word) if name == "term" else text for name, text in known.items()} | {"cause": word}
        counts = (group.persons.at_risk[state], into, group.persons.censored[state])
        made.append(_curve(source, group, words, share[:, state], error[:, state], limits, counts))
    return made


def _hazards(source: Since, group: Group, how: Reach, interval: str | None) -> Iterator[Curve]:
    pairs, states = source.pairs, source.people.states
    rules = Rules.hazards(pairs[:, 0], group.states)
    path = carry(group.mass, rules, np.eye(len(pairs) + 1)[0])
    variance = group.variance(path, rules, how.errors)
    value, error = group.stretched(path, path.value), np.sqrt(variance)
    for kind, (begin, end) in enumerate(pairs):
        words = {"group": group.name, "cause": states[end], "term": f"{states[begin]} → {states[end]}"}
        own, spread = value[:, kind + 1], error[:, kind + 1]
        limits = positive_interval(own, spread, how.z, interval)
        counts = (group.persons.at_risk[begin], group.persons.events[kind], group.persons.censored[begin])
        yield _curve(source, group, words | {"measure": "cumulative hazard"}, own, spread, limits, counts)


def positive_interval(value: Floats, error: Floats, z: float, interval: str | None) -> tuple[Floats, Floats]:
    """Limits of a number that grows from 0: on the log scale, or ``plain``."""
    if interval == "plain":
        return np.clip(value - z * error, 0.0, None), value + z * error
    with np.errstate(divide="ignore", invalid="ignore"):
        return value * np.exp(-z * error / value), value * np.exp(z * error / value)


def _curve(
    source: Since,
    group: Group,
    words: dict[str, str],
    value: Floats,
    error: Floats,
    limits: tuple[Floats, Floats],
    counts: tuple[Floats, Floats, Floats],
) -> Curve:
    at_risk, events, censored = (np.concatenate([[0.0], one]) for one in counts)
    leaves = np.concatenate([[False], group.leaves])
    time = group.seen.time
    return Curve(words, source.since, time, value, error, *limits, at_risk, events, censored, leaves, group.open)


def _exact(curve: Curve, whole: Floats, level: float) -> Curve:
    """Where a share is 0 or 1, the exact limit on those whose state is known."""
    flat = (curve.estimate < NEAR) | (curve.estimate > 1 - NEAR)
    for at in np.flatnonzero(flat):
        number = float(round(whole[at]))
        events = 0.0 if curve.estimate[at] < 0.5 else number
        curve.low[at], curve.high[at] = clopper_pearson(events, number, level) if number > 0 else (np.nan, np.nan)
    return curve
