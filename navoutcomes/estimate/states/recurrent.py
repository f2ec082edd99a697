"""How many times, on average, has it happened by each time: new spells, returns, absences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.states.multistate import HAZARD_INTERVALS, positive_interval
from navoutcomes.estimate.states.multistate_curves import Curve, Reach, SteppedCurves, reach, table_of
from navoutcomes.estimate.states.recurrent_rows import Repeats, as_repeats
from navoutcomes.maths.curves.mean_cumulative import mean_counts
from navoutcomes.maths.curves.multistate import Seen, count_states
from navoutcomes.maths.curves.multistate_influence import spread
from navoutcomes.notes import Log, note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class MeanCounts(SteppedCurves):
    """Mean number of events by each time, by group and kind of event."""

    terminal: tuple[str, ...]


@door
def recurrent(
    people: Repeats,
    by: str | None = None,
    cause: str | None = None,
    interval: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
) -> MeanCounts:
    """How many events has a person had by each time, on average (the mean cumulative function)?

    Who has died has no more events, and is counted with those until then: this is the mean number in the population,
    not in those who stay alive. Arguments: ``by`` a column that is the same for all rows of a person; ``cause`` one
    kind of event (None: each); ``interval`` log (default) or plain; ``level`` 0-1; ``errors`` None (the jackknife over
    persons, by office with clusters and t(G - 1)) or ``lin-wei`` (the normal multiplier with clusters).
    Shapes: ``table`` one row a group, kind (``cause``) and time: estimate, std_error, conf_low, conf_high, at_risk,
    events of the kind, censored.
    Raises: ``DesignProblem`` where no event happened, or for names that do not exist.
    Assumes: who is lost sight of would have had as many events as those who stay. Nothing about the events of one
    person being independent of each other.
    Reference: Nelson 1995; Lawless & Nadeau 1995; with terminal events Ghosh & Lin 2000. R ``survfit`` prints the same
    ``std.chaz`` where nobody dies.
    """
    people = as_repeats(people)
    if interval is not None and interval not in HAZARD_INTERVALS:
        raise DesignProblem("interval_unknown", asked=interval, known=HAZARD_INTERVALS)
    if errors not in (None, "robust", "lin-wei"):
        raise DesignProblem("errors_unknown", asked=str(errors), known=("robust", "lin-wei"))
    wanted = [word for word in people.events if word not in people.terminal]
    if cause is not None and cause not in wanted:
        raise DesignProblem("cause_unknown", asked=cause, known=wanted)
    wanted = wanted if cause is None else [cause]
    if not np.isin(people.kind, [people.events.index(word) for word in wanted]).any():
        raise DesignProblem("no_repeats", events=wanted, total=len(people.kind))
    codes, names = people.levels(by)
    state = np.zeros(len(people.kind), dtype=np.int64)
    curves: list[Curve] = []
    findings, given = Log(), True
    for at, name in enumerate(names):
        seen = people.intervals.seen(state, people.kind, 1, len(people.events), codes == at)
        how = reach(seen, people.intervals.clustered, name, level, errors)
        curves += _curves(people, seen, name, wanted, how, interval)
        findings, given = findings + how.findings, given and how.given
    method = note("method_ghosh_lin", terminal=people.terminal) if people.terminal else note("method_mean_count")
    told = note(f"interval_{interval or 'log'}") if given else note("interval_not_given")
    return MeanCounts(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(method, note("variance_jackknife"), told),
        findings=findings,
        since=0.0,
        moves=lambda: people.intervals.moves(people.kind, codes, state),
        interval=interval or "log",
        terminal=people.terminal,
        _curves=tuple(curves),
        _table=table_of(curves),
    )


def _curves(
    people: Repeats, seen: Seen, group: str, wanted: list[str], how: Reach, interval: str | None
) -> list[Curve]:
    persons = count_states(seen)
    mass = persons if (seen.weight == 1).all() else count_states(seen, weighted=True)
    path, rules = mean_counts(mass, people.ends)
    values, variance = path.value, spread(seen, path, rules)
    leaves, censored = persons.events.sum(axis=0) + persons.censored[0] > 0, persons.censored[0]
    still = bool(censored[seen.leave.max()] > 0)

    def stretched(numbers: np.ndarray) -> np.ndarray:
        return np.concatenate([numbers[:1], path.on(len(seen.time), numbers)])

    def with_start(numbers: np.ndarray) -> np.ndarray:
        return np.concatenate([[0.0], numbers])

    made = []
    for word in wanted:
        kind = people.events.index(word)
        value, error = stretched(values[:, kind + 1]), stretched(np.sqrt(variance[:, kind + 1]))
        low, high = positive_interval(value, error, how.z, interval)
        known = {"group": group, "cause": word, "measure": "mean number"}
        risk, happened, lost = (with_start(one) for one in (persons.at_risk[0], persons.events[kind], censored))
        happens = with_start(leaves).astype(bool)
        made.append(Curve(known, 0.0, seen.time, value, error, low, high, risk, happened, lost, happens, still))
    return made
