"""Two arms that are not alike, with a truth by integration: who comes, who ends how, who is lost, and at which office.

x is normal and z half-half; both decide arm, endings and who is lost from view. Endings are exponential, on quarters
of a week, so that shares by whole weeks are those of the continuous time.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from navoutcomes.estimate.adjusted.people import Adjusting
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.weighted_incidence import Followed

WEEK = 12.0
LAST = 20.0
POINTS, MASS = np.polynomial.hermite_e.hermegauss(60)
MASS = MASS / MASS.sum()


def hazards(arm: Floats, x: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Of a job, and of other endings, a week."""
    return (
        0.06 * np.exp(0.7 * x - 0.5 * z + 0.5 * arm),
        0.05 * np.exp(-0.3 * x + 0.4 * z - 0.2 * arm),
    )


def chance(x: Floats, z: Floats) -> Floats:
    """The probability of the second arm."""
    return np.asarray(expit(-0.2 + 0.8 * x - 0.6 * z))


def share(arm: float, x: Floats, z: float, own: float = 1.0) -> Floats:
    """Left for a job by the week; ``own`` multiplies the hazard of a job (an office's)."""
    job, other = hazards(np.full_like(x, arm), x, np.full_like(x, z))
    job = job * own
    return np.asarray(job / (job + other) * -np.expm1(-(job + other) * WEEK))


def truth(target: str = "ATE", spread: float = 0.0) -> float:
    """The true difference between the arms' shares; ``spread`` the deviation of the offices' log hazards."""
    tilt = {
        "ATE": np.ones_like,
        "ATT": lambda e: e,
        "overlap": lambda e: e * (1 - e),
    }[target]
    offices = [(np.exp(spread * u), w) for u, w in zip(POINTS, MASS, strict=True)] if spread else [(1.0, 1.0)]
    top, bottom = 0.0, 0.0
    for z in (0.0, 1.0):
        weight = MASS * tilt(chance(POINTS, np.full_like(POINTS, z)))
        bottom += float(weight.sum())
        for own, often in offices:
            top += often * float(weight @ (share(1.0, POINTS, z, own) - share(0.0, POINTS, z, own)))
    return top / bottom


def naive() -> float:
    """What the unadjusted difference tends to: the bias declared beforehand is this less the truth."""
    found = []
    for arm in (1.0, 0.0):
        top, bottom = 0.0, 0.0
        for z in (0.0, 1.0):
            e = chance(POINTS, np.full_like(POINTS, z))
            weight = MASS * (e if arm else 1 - e)
            top, bottom = top + float(weight @ share(arm, POINTS, z)), bottom + float(weight.sum())
        found.append(top / bottom)
    return found[0] - found[1]


def people(
    roll: np.random.Generator, size: int, lost: bool = True, offices: int = 0, spread: float = 0.0, treated: int = 0
) -> Adjusting:
    """Drawn people. ``offices`` with log hazards of their own; ``treated`` of them have the second arm alone."""
    x, z = roll.normal(size=size), roll.integers(0, 2, size).astype(float)
    office = np.arange(size) % offices if offices else None
    own = np.zeros(size) if office is None else roll.normal(0, spread, offices)[office]
    arm = (roll.random(size) < chance(x, z)).astype(np.int64)
    if treated and office is not None:
        arm = (office < treated).astype(np.int64)
    job, other = hazards(arm, x, z)
    job = job * np.exp(own)
    time = np.ceil(4 * roll.exponential(1 / (job + other))) / 4
    cause = np.where(roll.random(size) < job / (job + other), 0, 1)
    stop = np.full(size, LAST)
    if lost:
        stop = np.minimum(stop, np.ceil(4 * roll.exponential(1 / (0.02 * np.exp(0.8 * x)))) / 4)
    grid, leave = np.unique(np.minimum(time, stop), return_inverse=True)
    ending = np.where(time <= stop, cause, -1).astype(np.int64)
    start = np.full(size, -1, dtype=np.int64)
    followed = Followed(grid, start, leave.astype(np.int64), ending, 2)
    x = np.column_stack([x, z])
    whole = np.ones(size)
    return Adjusting(followed, ("job", "other"), x, ("x", "z"), arm, ("A", "B"), whole, office, offices, delayed=False)
