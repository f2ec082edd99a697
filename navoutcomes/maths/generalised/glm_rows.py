"""What a generalised linear model is fitted to, and how its columns are put on one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from navoutcomes.maths.arrays import Floats

LADDER = 10_000


@dataclass(frozen=True)
class Observations:
    """What a model is fitted to, checked one floor up: finite, weights 0 or larger.

    Shapes: columns (n, p) in C order, without the intercept; response (n,): shares 0-1, counts or numbers; weight (n,)
    or None for 1; offset (n,) or None for 0.
    """

    columns: Floats
    response: Floats
    weight: Floats | None = None
    offset: Floats | None = None
    intercept: bool = True

    def __len__(self) -> int:
        return len(self.response)

    def every(self, step: int) -> Observations:
        """Each ``step``-th row."""

        def thin(one: Floats | None) -> Floats | None:
            return None if one is None else np.ascontiguousarray(one[::step])

        columns = np.ascontiguousarray(self.columns[::step])
        return replace(
            self,
            columns=columns,
            response=np.ascontiguousarray(self.response[::step]),
            weight=thin(self.weight),
            offset=thin(self.offset),
        )

    @property
    def mass(self) -> Floats:
        """The weights. Shape (n,)."""
        return np.ones(len(self)) if self.weight is None else self.weight


@dataclass(frozen=True)
class Frame:
    """How columns are centred and scaled. Shapes: centre, scale (p,); back (q, q) from inner to outer coefficients."""

    centre: Floats
    scale: Floats
    back: Floats


def framed(seen: Observations) -> Frame:
    """Centre and scale of the columns, from at most about 10,000 rows: they need only be of the right size.

    Without an intercept nothing is centred.
    """
    centre, scale = sizes(seen.columns)
    if not seen.intercept:
        centre = np.zeros(len(centre))
    lead = int(seen.intercept)
    back = np.diag(np.concatenate([np.ones(lead), 1 / scale]))
    if lead:
        back[0, 1:] = -centre / scale
    return Frame(centre, scale, back)


def sizes(columns: Floats) -> tuple[Floats, Floats]:
    """Means and standard deviations of about 10,000 rows; 1 for a column that is the same everywhere."""
    n, p = columns.shape
    if p == 0:
        return np.zeros(0), np.zeros(0)
    some = columns[:: max(1, n // LADDER)]
    centre, scale = some.mean(axis=0), some.std(axis=0)
    for j in np.flatnonzero(~(scale > 1e-12 * np.abs(centre))):
        centre[j], scale[j] = columns[:, j].mean(), columns[:, j].std()
    return centre, np.where(scale > 0, scale, 1.0)
