"""What an attack says it has found out, and whether it has: a small count pinned to what only its keeper may know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from worlds import World

NEARLY = 1e-6
# What is not a count of people, but was seen and should not have been.
SEEN = ("seen", "day", "added")


@dataclass(frozen=True)
class Claim:
    """``low`` to ``high`` people have the traits of ``where`` (office, merged, sex, ending) and left in ``months``."""

    low: float
    high: float
    where: dict[str, Any] = field(default_factory=dict)
    months: tuple[float, float] = (0.0, np.inf)


def truth(world: World, claim: Claim) -> int:
    """How many there are, after the last month included and the first not."""
    people = world.people
    chosen = ((people["month"] > claim.months[0]) & (people["month"] <= claim.months[1])).to_numpy()
    for name, value in claim.where.items():
        chosen &= (people[name] == value).to_numpy()
    return int(chosen.sum())


def leaks(world: World, claims: list[Claim]) -> list[Claim]:
    """The claims that are right about a count of 1 to k - 1, and leave nothing outside 1 to k - 1 open."""
    k = world.threshold
    found = []
    for claim in claims:
        if set(claim.where) & set(SEEN):
            found.append(claim)
            continue
        inside = claim.low >= 1 - NEARLY and claim.high <= k - 1 + NEARLY
        if inside and 1 <= truth(world, claim) < k and claim.low - NEARLY <= truth(world, claim) <= claim.high + NEARLY:
            found.append(claim)
    return found
