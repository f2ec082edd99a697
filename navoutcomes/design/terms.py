"""What to adjust for, as values: no formula string from anybody is ever evaluated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Number:
    """A number in its own unit, measured from ``centre``."""

    column: str
    centre: float = 0.0


@dataclass(frozen=True)
class Category:
    """Levels compared with ``reference``, which is always named."""

    column: str
    reference: str


@dataclass(frozen=True)
class Spline:
    """A smooth curve in a number, bending at ``knots`` (in the column's unit)."""

    column: str
    knots: tuple[float, ...]


@dataclass(frozen=True, init=False)
class Interaction:
    """Terms whose associations depend on each other."""

    terms: tuple[Number | Category | Spline, ...]

    def __init__(self, *terms: Number | Category | Spline) -> None:
        object.__setattr__(self, "terms", terms)


Term = Number | Category | Spline | Interaction
