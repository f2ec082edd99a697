"""How much each person or office pulls numbers that are carried over a grid: the infinitesimal jackknife.

A person's pull is made of what happened to the person less what was expected while at risk, each carried on to the time
it is asked for. ``pulls`` does that backwards for a few times or areas, and gives the pulls themselves. ``spread``
gives the sum of their squares at every time in one pass: each unit's pull is written in the coordinates of an earlier
time, where it only changes when the unit enters or leaves, so that the sum over units need not be taken anew.

Reference: Therneau & Grambsch 2000, section 7.1; R ``survfit`` of several states gives the same numbers.
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.compiled import compiled
from navoutcomes.maths.curves.multistate import NOTHING, Path, Rules, Seen, StateCounts

HARD = 0.01


def pulls(seen: Seen, path: Path, rules: Rules, worth: Floats, start: Floats | None = None) -> Floats:
    """Influence of each unit on what ``worth`` says.

    Arguments: ``worth`` (T + 1, N, M), from ``carried_back``; ``start`` (units, N) influence of each
    unit on the numbers at the start, None where they are fixed.
    Shapes: returns (units, M).
    """
    enter, leave = places(seen, path)
    expected = np.einsum("tsn,tnm->tsm", path.drift, worth[1:])
    total = np.concatenate([np.zeros((1, *expected.shape[1:])), np.cumsum(expected, axis=0)])
    row = total[enter, seen.state] - total[leave, seen.state]
    ended = np.flatnonzero(seen.kind != NOTHING)
    at, kind = leave[ended] - 1, seen.kind[ended]
    gained = np.einsum("kn,tnm->tkm", rules.change, worth[1:])
    row[ended] += path.reach[at, seen.state[ended]][:, None] * gained[at, kind]
    found = np.empty((seen.units, row.shape[1]))
    for column in range(row.shape[1]):
        found[:, column] = np.bincount(seen.unit, seen.weight * row[:, column], minlength=seen.units)
    return found if start is None else found + start @ worth[0]


def value_at(path: Path, time: Floats, wanted: float) -> Floats:
    """How much the numbers after each step count for the numbers at a wanted time: the last step before it. (T + 1,)"""
    found = np.zeros(len(path.place) + 1)
    slack = 1e-9 * max(1.0, float(np.abs(time).max(initial=0.0)))
    found[np.searchsorted(time[path.place], wanted + slack, side="right")] = 1.0
    return found


def value_of_area(path: Path, time: Floats, begin: float, end: float) -> Floats:
    """The same for the areas under the numbers from ``begin`` to ``end``: how long each step lasts. Shape (T + 1,)."""
    edges = np.concatenate([[begin], time[path.place], [np.inf]])
    return np.clip(np.minimum(edges[1:], end) - np.maximum(edges[:-1], begin), 0.0, None)


def carried_back(path: Path, value: Floats) -> Floats:
    """What each number after each step is worth for the sum of the numbers, each step times its value. (T + 1, N, N)"""
    size = path.value.shape[1]
    worth = value[:, None, None] * np.eye(size)
    for at in range(len(value) - 2, -1, -1):
        worth[at] += path.moves[at] @ worth[at + 1]
    return worth


def spread(seen: Seen, path: Path, rules: Rules, start: Floats | None = None) -> Floats:
    """Sum of squared influences on each number after each step: the variance. Shape (T + 1, N).

    Arguments as ``pulls``.
    """
    enter, leave = places(seen, path)
    used = np.flatnonzero(enter < leave)
    size, steps = path.value.shape[1], len(path.place)
    unit = np.zeros((seen.units, size + path.drift.shape[1]))
    if start is not None:
        unit[:, :size] = start
    if not steps:
        return (unit[:, :size] ** 2).sum(axis=0, keepdims=True)
    hard = np.abs(np.linalg.det(path.moves)) < HARD
    inverse = np.linalg.inv(np.where(hard[:, None, None], np.eye(size), path.moves))
    # Who comes under observation is at risk at the step; who leaves was, and leaves after it.
    turn = np.concatenate([2 * enter[used], 2 * leave[used] - 1])
    order = np.argsort(turn.astype(np.uint16) if steps < 2**15 else turn, kind="stable")
    row = np.concatenate([used, used])[order]
    coming = order < len(used)
    weight = seen.weight[row]
    found = _spread(
        np.searchsorted(turn[order], np.arange(2 * steps + 1)),
        seen.unit[row],
        seen.state[row],
        np.where(coming, NOTHING, seen.kind[row]),
        np.where(coming, weight, -weight),
        path.moves,
        inverse,
        hard,
        path.reach,
        path.drift,
        rules.change,
        unit.copy(),
    )
    found[0] = (unit[:, :size] ** 2).sum(axis=0)
    return found


def greenwood(counts: StateCounts, path: Path, rules: Rules, poisson: bool = False) -> Floats:
    """Variance of each number after each step when people are independent and the past does not matter. (T + 1, N).

    Arguments: ``poisson`` True for Aalen's form, where the events of a time are independent counts.
    """
    size = path.value.shape[1]
    found = np.zeros((len(path.place) + 1, size))
    risk, total = counts.at_risk[:, path.place], np.zeros((size, size))
    for at, move in enumerate(path.moves):
        total = move.T @ total @ move
        for state in np.flatnonzero(path.drift[at].any(axis=1)):
            own = rules.origin == state
            hazard, change = path.hazard[own, at], rules.change[own]
            each = np.diag(hazard) - (0.0 if poisson else np.outer(hazard, hazard))
            scale = path.reach[at, state] ** 2 * risk[state, at]
            total = total + scale * change.T @ each @ change
        found[at + 1] = np.diag(total)
    return np.maximum(found, 0.0)


def places(seen: Seen, path: Path) -> tuple[Indices, Indices]:
    """Each row is at risk at the steps enter <= step < leave."""
    enter = np.searchsorted(path.place, seen.enter, side="right")
    leave = np.searchsorted(path.place, seen.leave, side="right")
    return enter, leave


@compiled
def _spread(
    first: Indices,
    who: Indices,
    where: Indices,
    kind: Indices,
    amount: Floats,
    moves: Floats,
    inverse: Floats,
    hard: np.ndarray,
    reach: Floats,
    drift: Floats,
    change: Floats,
    unit: Floats,
) -> Floats:
    steps, states, size = drift.shape
    width = size + states
    found = np.zeros((steps + 1, size))
    # A unit is its pull and how much of it is at risk in each state. Its pull now is (pull - at risk @ owed) @ forth:
    # the coordinates of the last settling, in which it stands still while the unit neither comes nor leaves.
    owed, forth, back = np.zeros((states, size)), np.eye(size), np.eye(size)
    total, now, along, turns = np.zeros((width, width)), np.zeros(width), np.zeros(width), len(unit) + 1
    for turn in range(2 * steps):
        step, after = turn // 2, turn % 2 == 1
        if after and not hard[step]:
            forth, back = forth @ moves[step], inverse[step] @ back
            owed += drift[step] @ back
        elif after or hard[step] or turns > len(unit) or np.abs(back).max() > 100.0:
            for one in unit:
                for a in range(size):
                    now[a] = 0.0
                    for b in range(size):
                        pull = one[b]
                        for state in range(states):
                            pull -= one[size + state] * owed[state, b]
                        now[a] += pull * (moves[step, b, a] if after else forth[b, a])
                    for state in range(states if after else 0):
                        now[a] -= one[size + state] * drift[step, state, a]
                one[:size] = now[:size]
            owed[:], forth, back, turns = 0.0, np.eye(size), np.eye(size), 0
        for place in range(first[turn], first[turn + 1]):
            one, state = unit[who[place]], where[place]
            now[:] = one
            one[size + state] += amount[place]
            for a in range(size):
                one[a] += amount[place] * owed[state, a]
                for b in range(size if kind[place] >= 0 else 0):
                    one[a] -= amount[place] * reach[step, state] * change[kind[place], b] * back[b, a]
            for a in range(width):
                for b in range(width):
                    total[a, b] += one[a] * one[b] - now[a] * now[b]
        # What rounding leaves of a state that all have left, or of nothing, is nothing.
        total = unit.T @ unit if turns == 0 else total
        turns += 1 + first[turn + 1] - first[turn]
        for a in range(size if after else 0):
            along[:size] = forth[:, a]
            for state in range(states):
                along[size + state] = -(owed[state] * forth[:, a]).sum()
            value, most = along @ total @ along, np.abs(along) @ np.abs(total) @ np.abs(along)
            found[step + 1, a] = value if value > 1e-13 * most else 0.0
    return found
