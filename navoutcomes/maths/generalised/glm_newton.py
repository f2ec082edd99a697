"""Newton's method for a concave log-likelihood, stopped short where a step goes too far, and what can go wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from navoutcomes.maths.arrays import Floats, Indices

COLLINEAR = 1e-9
MOST_STEPS = 40

Evaluate = Callable[[Floats], tuple[Floats, Floats]]
Watch = Callable[[Floats], Indices | None]


class Unfit(ArithmeticError):
    """No estimate exists or none was found. ``kind`` is collinear, separated or not-converged; ``columns`` which."""

    def __init__(self, kind: str, columns: Indices | None = None, steps: int = 0) -> None:
        self.kind = kind
        self.columns: list[int] = [] if columns is None else [int(one) for one in columns]
        self.steps = steps
        super().__init__(kind)


def newton(
    evaluate: Evaluate, start: Floats, watch: Watch | None = None, tolerance: float = 1e-9
) -> tuple[Floats, int]:
    """Where the score vanishes, and in how many steps.

    Arguments: ``evaluate`` gives score (q,) and information (q, q); ``watch`` looks at a step (q,) that does not get
    shorter and names the columns that are separated along it, or None.
    Raises: ``Unfit``. Assumes: the columns are centred and of one scale, so that one tolerance fits all.
    """
    at, move = start, np.zeros(len(start))
    score, information = evaluate(at)
    dead = dependent(information)
    if len(dead):
        raise Unfit("collinear", dead)
    for step in range(1, MOST_STEPS + 1):
        try:
            move = cho_solve(cho_factor(information), score)
        except (LinAlgError, ValueError):
            raise _given_up(watch, move, step) from None
        longest = float(np.abs(move).max(initial=0.0))
        if longest <= tolerance * (1 + float(np.abs(at).max(initial=0.0))):
            return at + move, step
        slope = float(score @ move)
        if watch is not None and step >= 12 and slope < 0.01 and longest > 0.2:
            along = watch(move)
            if along is not None:
                raise Unfit("separated", along, step)
        found = _shortened(evaluate, at, move, slope)
        if found is None:
            raise _given_up(watch, move, step)
        at, score, information = found
    raise _given_up(watch, move, MOST_STEPS)


def _shortened(evaluate: Evaluate, at: Floats, move: Floats, slope: float) -> tuple[Floats, Floats, Floats] | None:
    """The step, halved until the top of the hill along it is not passed by as much as was left to it."""
    share = 1.0
    for _ in range(30):
        trial = at + share * move
        with np.errstate(over="ignore", invalid="ignore"):
            score, information = evaluate(trial)
            along = float(score @ move)
        if np.isfinite(along) and np.isfinite(information).all() and (along >= -0.9 * slope or slope < 1e-8):
            return trial, score, information
        share /= 2
    return None


def _given_up(watch: Watch | None, move: Floats, steps: int) -> Unfit:
    along = watch(move) if watch is not None and np.abs(move).max(initial=0.0) > 0 else None
    return Unfit("not-converged", None, steps) if along is None else Unfit("separated", along, steps)


def dependent(information: Floats) -> Indices:
    """Positions of columns whose information the columns before them already hold. Shapes: (q, q) -> (d,)."""
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    both = np.outer(size, size)
    left = information / np.where(both > 0, both, 1.0)
    dead = []
    for at in range(len(size)):
        if not left[at, at] >= COLLINEAR:
            dead.append(at)
        else:
            left = left - np.outer(left[:, at], left[at]) / left[at, at]
    return np.array(dead, dtype=np.int64)
