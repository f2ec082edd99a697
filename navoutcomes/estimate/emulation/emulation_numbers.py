"""Which numbers two strategies are asked for, in one order: estimates, their draws and the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.basis import Basis, Cell, basis_of
from navoutcomes.estimate.person_draws import Spread
from navoutcomes.estimate.result import tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.emulated_curves import Strategy

SHARE, LOST, MEAN = "cumulative incidence", "restricted mean time lost", "restricted mean"
DIFFERENCES = ("risk difference", "risk ratio", f"{LOST} difference", f"{MEAN} difference")


@dataclass(frozen=True)
class Asked:
    """Times, the ending of interest, and what the two strategies are called, the comparison first."""

    at: tuple[float, ...]
    causes: tuple[str, ...]
    cause: str
    names: tuple[str, str]

    @classmethod
    def of(
        cls, people: FollowUp, at: float | Sequence[float] | None, cause: str | None, names: tuple[str, str]
    ) -> Asked:
        """Checked. Raises ``DesignProblem`` for times that are none, or an ending that is not there."""
        if at is None and people.protocol.estimand is not None:
            at = people.protocol.estimand.at
        if at is None:
            raise DesignProblem("times_needed", argument="at")
        times = np.atleast_1d(np.asarray(at, dtype=float))
        if not (np.isfinite(times) & (times > 0)).all() or not len(times):
            raise DesignProblem("times_needed", argument="at")
        name = people.endings[0] if cause is None else cause
        if name not in people.endings:
            raise DesignProblem("cause_unknown", asked=name, known=people.endings)
        return cls(tuple(float(one) for one in times), people.endings, name, names)

    @property
    def place(self) -> int:
        """Position of the ending of interest."""
        return self.causes.index(self.cause)

    @property
    def keys(self) -> list[tuple[str, str, str, float]]:
        """Group, cause, measure and time of each number."""
        found = []
        for name in self.names:
            found += [(name, cause, SHARE, time) for cause in self.causes for time in self.at]
            found += [(name, self.cause, LOST, time) for time in self.at]
            found += [(name, "", MEAN, time) for time in self.at]
        for measure in DIFFERENCES:
            cause = "" if measure.startswith(f"{MEAN} d") else self.cause
            found += [(self.names[1], cause, measure, time) for time in self.at]
        return found

    @property
    def ratios(self) -> np.ndarray:
        """Which numbers are ratios."""
        return np.array([measure.endswith("ratio") for _, _, measure, _ in self.keys])

    def values(self, pair: tuple[Strategy, Strategy]) -> Floats:
        """The numbers in the order of ``keys``."""
        own = [self._own(one) for one in pair]
        number, times = len(self.causes), len(self.at)
        first, second = own
        block = slice(self.place * times, (self.place + 1) * times)
        lost, mean = slice(number * times, (number + 1) * times), slice((number + 1) * times, None)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = second[block] / first[block]
        ratio = np.where(np.isfinite(ratio), ratio, np.nan)
        return np.concatenate(
            [first, second, second[block] - first[block], ratio, second[lost] - first[lost], second[mean] - first[mean]]
        )

    def _own(self, one: Strategy) -> Floats:
        found = [one.share(k, time) for k in range(len(self.causes)) for time in self.at]
        found += [one.lost(self.place, time) for time in self.at] + [one.stayed(time) for time in self.at]
        return np.array(found)

    def check_reach(self, pair: tuple[Strategy, Strategy]) -> None:
        """Raises ``DesignProblem`` for a time beyond the follow-up of a strategy that somebody has not left."""
        last = max(self.at)
        for name, one in zip(self.names, pair, strict=True):
            there = np.flatnonzero(one.risk > 0)
            reached = float(one.grid[there[-1]]) if len(there) else 0.0
            if last > reached * (1 + 1e-12) and one.survival[-1] > 1e-12:
                raise DesignProblem("time_beyond_follow_up", asked=f"{last:g}", group=name)


def behind(asked: Asked, people: FollowUp, begun: np.ndarray, columns: Floats, names: Sequence[str]) -> Basis:
    """Who, unweighted, stands behind the numbers: those who did as each strategy says, by ending and time, and by term.

    Shapes: begun (n,) bool; columns (n, p) of ``names``.
    """
    time, cause, cells = people.array("time"), people.causes(), []
    for name, own in zip(asked.names, (~begun, begun), strict=True):
        for place, ending in enumerate(asked.causes):
            for at in asked.at:
                ended = own & (cause == place) & (time <= at * (1 + 1e-12))
                cells.append(Cell(f"{name}: {ending}", int(own.sum()), int(ended.sum())))
    last = (cause == asked.place) & (time <= max(asked.at) * (1 + 1e-12))
    found = basis_of(columns, names, last, begun.astype(np.int64), asked.names)
    return Basis((*cells, *found.cells), found.persons, found.ended, found.columns)


def laid_out(asked: Asked, estimate: Floats, width: Spread) -> pd.DataFrame:
    """The numbers as a result's table."""
    group, cause, measure, time = zip(*asked.keys, strict=True)
    return tidy(
        pd.DataFrame(
            {
                "group": group,
                "cause": cause,
                "measure": measure,
                "time": time,
                "estimate": estimate,
                "std_error": width.std_error,
                "conf_low": width.low,
                "conf_high": width.high,
            }
        )
    )


def curve_table(asked: Asked, pair: tuple[Strategy, Strategy]) -> pd.DataFrame:
    """The share that has left, one row a strategy, cause and time at which it changes."""
    parts = []
    for name, one in zip(asked.names, pair, strict=True):
        for place, cause in enumerate(asked.causes):
            share = one.incidence[place]
            moves = np.flatnonzero(np.diff(share, prepend=0.0) > 0)
            parts.append(
                pd.DataFrame({"group": name, "cause": cause, "time": one.grid[moves], "estimate": share[moves]})
            )
    return tidy(pd.concat(parts, ignore_index=True))
