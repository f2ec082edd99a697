"""How amounts lie in each arm: enough to know whether one or two persons make up the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices

TWO = 2


@dataclass(frozen=True)
class Amounts:
    """Persons of an arm, the sum of their amounts, and what the two with the most have of it (without signs).

    ``fewest`` is the smaller side of a number of two values in the arm, None for one of more.
    """

    group: str
    persons: int
    total: float
    largest: float
    second: float
    fewest: int | None

    @property
    def dominated(self) -> bool:
        """Whether two have nine tenths, or the second can tell the largest within a tenth (2, 90 and p 10 per cent)."""
        rest = self.total - self.largest - self.second
        return self.total > 0 and (self.largest + self.second >= 0.9 * self.total or rest < 0.1 * self.largest)


def amounts_of(number: Floats, arm: Indices, arms: Sequence[str]) -> tuple[Amounts, ...]:
    """Each arm's. Shapes: number (n,); arm (n,) codes of ``arms``."""
    values = np.unique(number)
    found = []
    for code, name in enumerate(arms):
        own = number[arm == code]
        size = np.sort(np.abs(own))[::-1]
        high = int((own > values[0]).sum())
        fewest = min(high, len(own) - high) if len(values) <= TWO else None
        first, second = (float(size[place]) if len(size) > place else 0.0 for place in (0, 1))
        found.append(Amounts(name, len(own), float(size.sum()), first, second, fewest))
    return tuple(found)
