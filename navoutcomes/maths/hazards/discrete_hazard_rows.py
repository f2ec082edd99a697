"""People at risk in periods, and what a model of their hazards holds at one place."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm_rows import sizes


@dataclass(frozen=True)
class PersonPeriods:
    """Rows of people at risk in the periods begin <= m < end, of whom some end in period ``place``.

    For rates: in the person-time of (entry, time] between two ``edges`` instead. A linear predictor is
    ``basis[m] @ g + x_i @ b + sum over v and r of x_iv bends[m, r] d_vr``.
    Shapes: columns (n, p) C order; begin, end (n,); place (n,) or -1; weight (n,); basis (M, k), which can make up a
    constant; varying (v,) positions of columns whose association differs by time; bends (M, r) how it may; edges
    (M + 1,); entry, time (n,). begin and end are empty for rates, the last three None for periods.
    """

    columns: Floats
    begin: Indices
    end: Indices
    place: Indices
    weight: Floats
    basis: Floats
    varying: Indices
    bends: Floats
    edges: Floats | None = None
    entry: Floats | None = None
    time: Floats | None = None

    def __len__(self) -> int:
        return len(self.place)

    @property
    def sizes(self) -> tuple[int, int, int]:
        """How many coefficients: of the baseline, of columns, of columns that vary times the ways they may."""
        return self.basis.shape[1], self.columns.shape[1], len(self.varying) * self.bends.shape[1]

    def take(self, rows: Indices | slice) -> PersonPeriods:
        """Some of the rows."""

        def part(one: np.ndarray) -> np.ndarray:
            return np.ascontiguousarray(one[rows])

        return replace(
            self,
            columns=part(self.columns),
            begin=self.begin if self.edges is not None else part(self.begin),
            end=self.end if self.edges is not None else part(self.end),
            place=part(self.place),
            weight=part(self.weight),
            entry=None if self.entry is None else part(self.entry),
            time=None if self.time is None else part(self.time),
        )

    @property
    def cells(self) -> int:
        """How many rows there would be with one a person and period."""
        if self.edges is None or self.entry is None or self.time is None:
            return int((self.end - self.begin).sum())
        begin = np.maximum(np.searchsorted(self.edges, self.entry, side="right") - 1, 0)
        end = np.searchsorted(self.edges[:-1], self.time, side="left")
        return int(np.maximum(end - begin, 0).sum())

    def endings(self) -> Floats:
        """Endings in each period, weighted. Shape (M,)."""
        ended = self.place >= 0
        found = np.bincount(self.place[ended], self.weight[ended], minlength=len(self.basis))
        return np.asarray(found, dtype=float)

    def at_risk(self) -> Floats:
        """Persons at risk in each period, or person-time, weighted. Shape (M,)."""
        periods = len(self.basis)
        if self.edges is None or self.entry is None or self.time is None:
            here = self.begin < self.end
            came = np.bincount(self.begin[here], self.weight[here], minlength=periods + 1)
            went = np.bincount(self.end[here], self.weight[here], minlength=periods + 1)
            return np.asarray(np.cumsum(came - went)[:periods])
        found = np.empty(periods)
        for m in range(periods):
            long = np.minimum(self.time, self.edges[m + 1]) - np.maximum(self.entry, self.edges[m])
            found[m] = self.weight @ np.maximum(long, 0.0)
        return found


@dataclass(frozen=True)
class PeriodFrame:
    """How columns are centred and scaled, and the way home. Shapes: centre, scale (p,); back (q, q)."""

    centre: Floats
    scale: Floats
    back: Floats

    @classmethod
    def of(cls, rows: PersonPeriods) -> PeriodFrame:
        """From at most about 10,000 rows: centre and scale need only be of the right size."""
        centre, scale = sizes(rows.columns)
        k, p, _ = rows.sizes
        back = np.diag(np.concatenate([np.ones(k), 1 / scale, np.repeat(1 / scale[rows.varying], rows.bends.shape[1])]))
        back[:k, k : k + p] = -np.outer(constant(rows.basis), centre / scale)
        return cls(centre, scale, back)

    def split(self, rows: PersonPeriods, inner: Floats) -> tuple[Floats, Floats, Floats]:
        """Baseline by period (M,), coefficients of standardised columns (p,), and the tilt of varying ones (M, v)."""
        k, p, _ = rows.sizes
        bent = inner[k + p :].reshape(len(rows.varying), rows.bends.shape[1])
        return rows.basis @ inner[:k], inner[k : k + p], rows.bends @ bent.T


def constant(basis: Floats) -> Floats:
    """The coefficients that make 1 in every period. Shapes: (M, k) -> (k,)."""
    return np.asarray(linalg.lstsq(basis, np.ones(len(basis)))[0])
