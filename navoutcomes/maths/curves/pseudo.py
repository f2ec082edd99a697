"""What each person adds to an estimate: the estimate is made again without the person, at the cost of one walk.

Leaving a person out changes the curve only while the person was at risk. So the walk begins with everybody's curve at
the entry, is taken step by step to the exit, and ends with what everybody's later steps make of it.

Reference: Andersen, Klein & Rosthoej 2003; Graw, Gerds & Schumacher 2009.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled
from navoutcomes.maths.curves.kaplan_meier import EMPTY
from navoutcomes.maths.curves.multistate import NOTHING, Path, Rules, Seen, StateCounts, carry
from navoutcomes.maths.curves.multistate_influence import places, pulls

OTHER = 1


def stay_and_share(kinds: int, cause: int | None) -> Rules:
    """The share still there, and the share that has left for one cause (any, where it is None)."""
    change = np.zeros((kinds, 2))
    change[:, 0] = -1.0
    change[slice(None) if cause is None else cause, 1] = 1.0
    return Rules(np.zeros(kinds, dtype=np.int64), np.zeros(1, dtype=np.int64), change)


def infinitesimal(seen: Seen, path: Path, rules: Rules, worth: Floats, estimate: Floats, total: float) -> Floats:
    """Pseudo-values by the derivative for each person's weight, of everybody's ``total``.

    Shapes: worth (T + 1, 2, 2) -> (units, 2).
    """
    weight = of_unit(seen)
    pull = pulls(seen, path, rules, worth)
    return estimate + total * np.divide(pull, weight[:, None], out=np.zeros_like(pull), where=weight[:, None] > 0)


def left_out(seen: Seen, counts: StateCounts, path: Path, cause: int | None, value: Floats, worth: Floats) -> Floats:
    """The estimates without each person: of what is ``value`` times the numbers, summed over steps.

    Arguments: ``counts`` and ``path`` of everybody, as ``stay_and_share`` carries them; ``value`` (T + 1,) of each
    step and ``worth`` (T + 1, 2, 2) the same carried back.
    Shapes: returns (units, 2), for the share that stays and the share that has left for the cause.
    """
    enter, leave = places(seen, path)
    own = np.where(seen.kind == NOTHING, NOTHING, 0 if cause is None else (seen.kind != cause) * OTHER)
    order = np.lexsort((enter, seen.unit))
    first = np.searchsorted(seen.unit[order], np.arange(seen.units + 1))
    alike, which = _alike(first, enter[order], leave[order], own[order], seen.weight[order])
    before = np.concatenate([np.zeros((1, 2)), np.cumsum(path.value * value[:, None], axis=0)])
    ended = counts.events[:, path.place]
    found = _walk(
        alike,
        first,
        enter[order],
        leave[order],
        own[order].astype(np.int64),
        np.ascontiguousarray(seen.weight[order], dtype=float),
        np.ascontiguousarray(counts.at_risk[0, path.place]),
        ended.sum(axis=0),
        ended.sum(axis=0) if cause is None else np.ascontiguousarray(ended[cause]),
        path.value,
        before,
        np.ascontiguousarray(value, dtype=float),
        worth,
        EMPTY * float(counts.at_risk.max(initial=0.0)),
    )
    return found[which]


def jackknife_values(estimate: Floats, without: Floats, weight: Floats, total: float) -> Floats:
    """n times the estimate less n - 1 times the one without the person; with weights, their sum ``total`` for n."""
    own = weight[:, None]
    return np.divide(total * estimate - (total - own) * without, own, out=np.zeros_like(without), where=own > 0)


def everybody(counts: StateCounts, cause: int | None) -> Path:
    """The share still there and the share that has left, for everybody."""
    return carry(counts, stay_and_share(len(counts.events), cause), np.array([1.0, 0.0]))


def of_unit(seen: Seen) -> Floats:
    """The weight of each unit, which all its rows have."""
    weight = np.zeros(seen.units)
    weight[seen.unit] = seen.weight
    return weight


def _alike(first: Indices, enter: Indices, leave: Indices, kind: Indices, weight: Floats) -> tuple[Indices, Indices]:
    """One person of each sort, and the sort of each person: who shares all of it is left out once."""
    units = len(first) - 1
    if len(enter) != units:
        return np.arange(units), np.arange(units)
    sizes, parts = np.unique(weight, return_inverse=True)
    key = np.ravel_multi_index(
        (enter, leave, kind + 1, parts), (int(enter.max()) + 1, int(leave.max()) + 1, 3, len(sizes))
    )
    _, one, which = np.unique(key, return_index=True, return_inverse=True)
    return one.astype(np.int64), which


@compiled
def _walk(
    chosen: Indices,
    first: Indices,
    enter: Indices,
    leave: Indices,
    kind: Indices,
    weight: Floats,
    risk: Floats,
    ended: Floats,
    wanted: Floats,
    path: Floats,
    before: Floats,
    value: Floats,
    worth: Floats,
    nothing: float,
) -> Floats:
    found = np.zeros((len(chosen), 2))
    for at in range(len(chosen)):
        begin, end = first[chosen[at]], first[chosen[at] + 1]
        step = enter[begin]
        stay, share = path[step, 0], path[step, 1]
        mean, part = before[step, 0], before[step, 1]
        for row in range(begin, end):
            while step < leave[row]:
                mean += stay * value[step]
                part += share * value[step]
                own = weight[row] if step >= enter[row] else 0.0
                last = own if kind[row] >= 0 and step == leave[row] - 1 else 0.0
                left = risk[step] - own
                if left > nothing:
                    gone = ended[step] - last
                    share += stay * (wanted[step] - (last if kind[row] == 0 else 0.0)) / left
                    stay *= max(left - gone, 0.0) / left
                step += 1
        found[at, 0] = mean + stay * worth[step, 0, 0] + share * worth[step, 1, 0]
        found[at, 1] = part + stay * worth[step, 0, 1] + share * worth[step, 1, 1]
    return found
