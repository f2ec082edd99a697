"""Curves of weighted people, their areas, and what each weight is worth to them; weights may change over time.

Reference: Aalen & Johansen 1978 with weights; the derivative for a weight is the infinitesimal jackknife.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import Cells, Counts, tally
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, incidence_influence
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, survival_influence
from navoutcomes.maths.curves.restricted_mean import widths
from navoutcomes.maths.influence import hazards, totals


@dataclass(frozen=True)
class Functional:
    """A number read off a curve: ``start`` + sum of ``along`` (G,) times the curve of a ``cause``, None for the share
    that stays."""

    cause: int | None
    along: Floats
    start: float = 0.0

    @classmethod
    def share(cls, grid: Floats, cause: int | None, time: float) -> Functional:
        """The curve at a time; before the first time of the grid nobody has left."""
        last = int(np.searchsorted(grid, time * (1 + 1e-12) + 1e-12, side="right")) - 1
        before_all = 1.0 if cause is None and last < 0 else 0.0
        return cls(cause, np.where(np.arange(len(grid)) == last, 1.0, 0.0), before_all)

    @classmethod
    def area(cls, grid: Floats, cause: int | None, horizon: float) -> Functional:
        """Mean time until exit up to a horizon, or since an exit for a cause."""
        lead = min(max(float(grid[0]), 0.0), horizon) if cause is None else 0.0
        return cls(cause, widths(grid, horizon), lead)


@dataclass(frozen=True)
class Followed:
    """Rows of one group on a grid. Shapes: time (G,); enter (-1 from the start), leave, cause (-1 censored) (n,)."""

    time: Floats
    enter: Indices
    leave: Indices
    cause: Indices
    causes: int

    def take(self, rows: Indices) -> Followed:
        """Some rows, on the same grid."""
        return Followed(self.time, self.enter[rows], self.leave[rows], self.cause[rows], self.causes)

    def there(self) -> np.ndarray:
        """Who is at risk at each time. Shape (n, G)."""
        place = np.arange(len(self.time))
        return np.asarray((self.enter[:, None] < place) & (place <= self.leave[:, None]))


def counted(seen: Followed, mass: Floats) -> tuple[Counts, Cells]:
    """Weighted counts, and the rows as cells of their own. Shapes: mass (n,)."""
    one = np.ones(len(mass))
    cells = Cells(seen.time, seen.enter, seen.leave, seen.cause, one, mass, mass**2, None, seen.causes)
    return tally(cells, weighted=True), cells


def counted_over_time(seen: Followed, mass: Floats) -> Counts:
    """Weighted counts when weights change over time. Shapes: mass (n, G).

    At risk is a sum of its own here, so that who gains weight on the way counts as one who enters.
    """
    size = len(seen.time)
    last = mass[np.arange(len(seen.leave)), seen.leave]
    ended = seen.cause >= 0
    place = seen.cause[ended] * size + seen.leave[ended]
    events = np.bincount(place, last[ended], minlength=seen.causes * size).reshape(seen.causes, size).astype(float)
    censored = np.bincount(seen.leave[~ended], last[~ended], minlength=size).astype(float)
    risk = (mass * seen.there()).sum(axis=0)
    entered = np.append(risk[1:], 0.0) + events.sum(axis=0) + censored - risk
    return Counts(seen.time, entered, events, censored)


def curve_of(counts: Counts, cause: int | None) -> Floats:
    """The share that stays, or has left for a cause. Shape (G,)."""
    return kaplan_meier(counts).survival if cause is None else aalen_johansen(counts).incidence[cause]


@dataclass(frozen=True)
class Read:
    """A number, what a unit of each row's weight is worth to it (n,), and by time (n, G) where weights change."""

    value: float
    worth: Floats
    over_time: Floats | None = None


def read(seen: Followed, mass: Floats, asked: Functional, often: Floats | None = None) -> Read:
    """A number of weighted people. Shapes: mass (n,); ``often`` (n, G) what multiplies it over time, or None."""
    if often is None:
        counts, cells = counted(seen, mass)
    else:
        counts = counted_over_time(seen, mass[:, None] * often)
    value = asked.start + float(asked.along @ curve_of(counts, asked.cause))
    inner = survival_influence(counts) if asked.cause is None else incidence_influence(counts, asked.cause)
    total = inner.read(asked.along)
    if often is None:
        return Read(value, totals(cells, counts, total))
    surprise = -1.0 * seen.there() * (hazards(counts) * total.worth).sum(axis=0)
    ended = np.flatnonzero(seen.cause >= 0)
    surprise[ended, seen.leave[ended]] += total.worth[seen.cause[ended], seen.leave[ended]]
    surprise *= often
    return Read(value, surprise.sum(axis=1), surprise)
