"""Shares by a time that hold when either the outcome models or the models of arm and censoring are right.

Everybody's share from the outcome models is corrected by those who were seen in the arm: by what happened to them, by
their weights, with the place of those who were censored taken by what the models expect of people like them.

Reference: Robins, Rotnitzky & Zhao 1994; Blanche, Holt & Scheike 2023; Ozenne et al. 2020, section 3 (competing risks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.standardised import Paths, slopes, stay_slopes
from navoutcomes.maths.weighted_incidence import Followed

NEVER = 1e-12


@dataclass(frozen=True)
class Seen:
    """Those of one arm: when they left and how, what the models say of them, and how they weigh.

    Shapes: ``found`` (n, K, G) from the outcome models; ``censoring`` (n, G) increments of the hazard of being censored
    (after the endings of the same time); ``weight`` (n,) of the arm model.
    """

    followed: Followed
    found: Paths
    censoring: Floats
    weight: Floats


@dataclass(frozen=True)
class Corrected:
    """What those seen add to the share: ``value`` (n,) of each before its weight; and what each increment of the
    outcome hazards (n, K, G) and of the hazard of being censored (n, G) is worth to it, weight and all."""

    value: Floats
    outcome: Floats
    censoring: Floats


def corrected(seen: Seen, cause: int, last: int) -> Corrected:
    """How what happened differs from what was expected, at the grid's place ``last``.

    With G(s) the share not censored after s and M the censoring seen less expected: Y / G(T-) - F(t) +
    sum (F(t) - F(s)) / S(s) dM(s) / G(s).
    """
    rows, found, size = np.arange(len(seen.weight)), seen.found, len(seen.followed.time)
    leave, kind, upto = seen.followed.leave, seen.followed.cause, np.arange(size) <= last
    new = np.where(upto, seen.censoring, 0.0)
    passed = np.cumsum(new, axis=1)
    after = np.exp(passed)
    just_before = np.exp((passed - new)[rows, leave])
    happened = np.where((kind == cause) & (leave <= last), just_before, 0.0)

    place = np.arange(size)
    stopped = (kind < 0)[:, None] & (place == leave[:, None])
    exposed = ((place < leave[:, None]) | stopped) & upto
    surprise = (stopped * exposed + exposed * np.expm1(-new)) * after
    stay = np.maximum(found.stay, NEVER)
    share = found.share[:, cause]
    rest = np.where(upto, share[:, [last]] - share, 0.0) / stay
    expected = surprise * rest
    value = happened - share[:, last] + expected.sum(axis=1)
    return Corrected(
        value,
        _outcome(seen, cause, last, surprise / stay, rest),
        _censoring(seen, happened, expected, exposed * after * rest, leave),
    )


def _outcome(seen: Seen, cause: int, last: int, surprise: Floats, rest: Floats) -> Floats:
    """Worth of the increments of the outcome hazards; ``surprise`` is over the share that stays. (n, K, G)."""
    along = -surprise
    along[:, last] += surprise.sum(axis=1) - 1.0
    weight = seen.weight[:, None]
    own = slopes(seen.found, cause, weight * along)
    return own + stay_slopes(seen.found, -weight * surprise * rest)[:, None, :]


def _censoring(seen: Seen, happened: Floats, expected: Floats, hazard: Floats, leave: Indices) -> Floats:
    """Worth of the increments of the hazard of being censored. (n, G)."""
    earlier = np.arange(expected.shape[1]) < leave[:, None]
    later = np.cumsum(expected[:, ::-1], axis=1)[:, ::-1]
    return seen.weight[:, None] * (earlier * happened[:, None] + later - hazard * np.exp(-seen.censoring))
