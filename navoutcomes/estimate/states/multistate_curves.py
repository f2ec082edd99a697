"""Step curves that are read at stated times without a risk table behind them: states, hazards, mean counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.moves import Moves
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.curves.multistate import Seen
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, Note, note, warning

ERRORS = (None, "robust", "lin-wei", "greenwood", "aalen")
NUMBERS = ("estimate", "std_error", "conf_low", "conf_high")


@dataclass(frozen=True)
class Curve:
    """One curve on the grid of times, with its start.

    Shapes: ``known`` keeps the columns of the vocabulary that are words; time (G,); every other array (G + 1,), first
    at ``since``; at_risk just before; events and censored at the time; ``leaves`` where somebody of the group leaves.
    """

    known: dict[str, str]
    since: float
    time: Floats
    estimate: Floats
    std_error: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    events: Floats
    censored: Floats
    leaves: np.ndarray
    open: bool

    def rows(self) -> pd.DataFrame:
        """A row a time at which somebody of the group leaves."""
        at = np.flatnonzero(self.leaves)
        frame = {
            **self.known,
            "time": self.time[at - 1],
            "estimate": self.estimate[at],
            "std_error": self.std_error[at],
            "conf_low": self.low[at],
            "conf_high": self.high[at],
            "at_risk": self.at_risk[at],
            "events": self.events[at],
            "censored": self.censored[at],
        }
        return pd.DataFrame(frame, index=range(len(at)))

    def read(self, wanted: Floats) -> pd.DataFrame:
        """The curve at stated times."""
        slack = 1e-9 * max(1.0, float(np.abs(self.time).max()))
        place = np.searchsorted(self.time, wanted + slack, side="right")
        last = self.time[np.flatnonzero(self.leaves)[-1] - 1]
        unknown = (wanted > last + slack) & self.open
        risk = np.append(self.at_risk[1:], 0.0)[np.searchsorted(self.time, wanted - slack)]
        frame = {**self.known, "time": wanted}
        for name, values in zip(NUMBERS, (self.estimate, self.std_error, self.low, self.high), strict=True):
            frame[name] = np.where(unknown, np.nan, values[place])
        frame["at_risk"] = risk
        frame |= {"events": np.cumsum(self.events)[place], "censored": np.cumsum(self.censored)[place]}
        return pd.DataFrame(frame, index=range(len(wanted)))


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class SteppedCurves(Result):
    """Curves whose ``table`` has one row a curve and time at which somebody leaves. ``since`` is where they begin,
    ``moves`` whose moves the steps are (None where each curve has people of its own)."""

    since: float
    interval: str
    moves: Callable[[], Moves] | None = field(repr=False)
    _curves: tuple[Curve, ...] = field(default_factory=tuple)

    def at(self, times: float | Sequence[float]) -> pd.DataFrame:
        """The curves at stated times, one row a curve and time.

        Shapes: columns of ``table``; ``at_risk`` just before the time, ``events`` and ``censored`` up to and including
        it. Beyond the last follow-up of a group nothing is given (not a number), unless everybody had come to an end.
        Raises: ``DesignProblem`` for times that are no times, or lie before the curves begin.
        """
        wanted = np.atleast_1d(np.asarray(times, dtype=float))
        if not (np.isfinite(wanted) & (wanted >= self.since)).all():
            raise DesignProblem("times_needed", argument="at")
        return tidy(pd.concat([curve.read(wanted) for curve in self._curves], ignore_index=True))


def table_of(curves: Sequence[Curve]) -> pd.DataFrame:
    """The table of a result: all curves under each other."""
    return tidy(pd.concat([curve.rows() for curve in curves], ignore_index=True))


@dataclass(frozen=True)
class Reach:
    """How a group's uncertainty is reckoned: which variance, the multiplier, whether intervals are given."""

    errors: str
    z: float
    given: bool
    method: Note
    findings: Log


def reach(seen: Seen, clustered: str, group: str, level: float, errors: str | None) -> Reach:
    """The variance and multiplier for a group: the jackknife over persons, or by office with t(G - 1).

    Arguments: ``errors`` ``robust`` (the default), ``lin-wei`` (normal multiplier with offices, as R), ``greenwood`` or
    ``aalen`` (independent people whose past does not matter).
    """
    check_level(level)
    if errors not in ERRORS:
        raise DesignProblem("errors_unknown", asked=str(errors), known=[one for one in ERRORS if one])
    if errors in ("greenwood", "aalen"):
        return Reach(errors, critical(level), True, note(f"variance_{errors}"), Log())
    told = note("variance_jackknife")
    if clustered != "office" or errors == "lin-wei":
        return Reach("robust", critical(level), True, told, Log())
    if seen.units < FEWEST_CLUSTERS:
        finding = warning("few_clusters", group=group, clusters=seen.units, fewest=FEWEST_CLUSTERS)
        return Reach("robust", float("nan"), False, told, Log((finding,)))
    return Reach("robust", critical(level, seen.units - 1), True, told, Log())
