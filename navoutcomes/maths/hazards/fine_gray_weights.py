"""How much of those who left for another cause is still at risk: the chance of being under observation at a time.

Who ended for another cause at s stays at risk at t > s with weight A(t) / A(s), A = G(t-) H(t-): G the product limit of
the censorings, H that of the entries with time turned round.
Reference: Geskus 2011; the handling of ties is that of R ``survival::finegray``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from navoutcomes.maths.arrays import Floats, Indices

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Observed:
    """Who may be seen at each time of the grid, by stratum.

    Shapes: (S, G). ``remain`` A(t); ``at_risk`` of being censored and ``censored`` persons, of which G is made.
    """

    remain: Floats
    at_risk: Floats
    censored: Floats


def observed(
    enter: Indices,
    leave: Indices,
    ended: Flags,
    stratum: Indices,
    shape: tuple[int, int],
    first: Flags | None = None,
    last: Flags | None = None,
    tied_stay: bool = False,
) -> Observed:
    """The chance of being under observation just before each time. Persons count once each, whatever they weigh.

    Arguments: ``enter``, ``leave`` (n,) positions on the grid, enter -1 from the start; ``ended`` (n,) bool, an ending
    of any cause; ``stratum`` (n,) codes; ``shape`` strata and times; ``first`` and ``last`` (n,) bool, a person's first
    and last row, None where everybody has one; ``tied_stay`` lets endings tied with a censoring stand at risk of it, as
    R ``cmprsk::crr`` does; ``finegray`` takes them out first.
    """
    key = stratum * shape[1] + leave
    late = enter >= 0
    begin = (stratum * shape[1] + enter)[late]

    def tally(place: Indices, chosen: Flags | None = None) -> Floats:
        picked = place if chosen is None else place[chosen]
        return np.bincount(picked, minlength=shape[0] * shape[1]).astype(float).reshape(shape)

    exits, entries = tally(key), tally(begin)
    ends = tally(key, ended)
    stopped = exits - ends if last is None else tally(key, last & ~ended)
    at_risk = np.cumsum((exits - entries)[:, ::-1], axis=1)[:, ::-1]
    seen = at_risk if tied_stay else at_risk - ends
    kept = 1.0 - _share(stopped, seen)
    remain = np.concatenate([np.ones((shape[0], 1)), np.cumprod(kept, axis=1)[:, :-1]], axis=1)
    if late.any():
        entered = entries if first is None else tally(begin, first[late])
        after = np.concatenate([at_risk[:, 1:], np.zeros((shape[0], 1))], axis=1)
        back = 1.0 - _share(entered, after)
        remain = remain * np.cumprod(back[:, ::-1], axis=1)[:, ::-1]
    return Observed(remain, seen, stopped)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=part > 0)
