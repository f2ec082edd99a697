"""One rate with its interval, and two rates compared, under three kinds of dependence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.rates import EXACT_BELOW, difference, exact, exact_ratio, on_log, score

NOTHING = float("nan")


@dataclass(frozen=True)
class Cell:
    """The events and person-time of one group, cause and band; times from ``low`` to ``high``,
    ``last`` what is left.

    ``events`` and ``length`` are of persons, ``rate`` weighted; ``pulls`` (n,) or (clusters,) on the logarithm of the
    rate; ``offices`` of the group, of ``all_offices``; ``kind`` none, person or office.
    """

    group: str
    cause: str
    band: int
    low: float
    high: float
    last: bool
    events: float
    length: float
    rate: float
    pulls: Floats
    weighted: bool
    kind: str
    offices: int
    all_offices: int

    @property
    def plain(self) -> bool:
        """Whether the events are whole and independent: one person ends once, however many rows they have."""
        return not self.weighted and self.kind != "office"

    @property
    def log_error(self) -> float:
        """Standard error of the logarithm of the rate."""
        if self.events == 0:
            return NOTHING
        return float(1 / np.sqrt(self.events)) if self.plain else float(np.sqrt(self.pulls @ self.pulls))

    @property
    def std_error(self) -> float:
        """Standard error of the rate; nothing is said of a rate of 0."""
        return self.rate * self.log_error


class Compared(NamedTuple):
    """One measure of two rates, and the key of how its interval was made."""

    estimate: float
    std_error: float
    low: float
    high: float
    p_value: float
    key: str


def interval_of(cell: Cell, interval: str | None, level: float) -> tuple[float, float, str]:
    """Limits of a rate per unit of time, and the key of how they were made.

    Raises: ``DesignProblem`` where an interval for whole events is asked for weights or offices.
    """
    if not cell.plain:
        if interval in ("exact", "score"):
            raise DesignProblem("exact_needs_independence", asked=interval)
        if cell.kind == "office" and cell.offices < FEWEST_CLUSTERS:
            return NOTHING, NOTHING, "interval_not_given"
        z = critical(level, cell.offices - 1 if cell.kind == "office" else None)
        return *on_log(cell.rate, cell.log_error, z), "interval_rate_jackknife"
    if not cell.length > 0:
        return NOTHING, NOTHING, "interval_not_given"
    if interval == "exact" or (interval is None and cell.events < EXACT_BELOW):
        return *exact(cell.events, cell.length, level), "interval_garwood"
    if interval == "score":
        return *score(cell.events, cell.length, critical(level)), "interval_rate_score"
    return *on_log(cell.rate, cell.log_error, critical(level)), "interval_rate_log"


def compared(measure: str, one: Cell, base: Cell, interval: str | None, level: float) -> Compared:
    """A difference or a ratio of two rates."""
    ratio = measure == "rate ratio"
    estimate = _ratio(one.rate, base.rate) if ratio else one.rate - base.rate
    if not (one.plain and base.plain):
        return _by_pulls(ratio, estimate, one, base, level)
    if not (one.length > 0 and base.length > 0):
        return Compared(estimate, NOTHING, NOTHING, NOTHING, NOTHING, "interval_not_given")
    if ratio:
        error = float(np.hypot(one.log_error, base.log_error))
        few = min(one.events, base.events) < EXACT_BELOW
        if interval == "exact" or (interval is None and few):
            pair = (one.events, one.length), (base.events, base.length)
            _, low, high, p = exact_ratio(*pair, level)
            return Compared(estimate, error, low, high, p, "interval_ratio_exact")
        low, high = on_log(estimate, error, critical(level))
        p = 2 * float(stats.norm.sf(abs(np.log(estimate)) / error))
        return Compared(estimate, error, low, high, p, "interval_rate_log")
    a, b = interval_of(one, interval, level), interval_of(base, interval, level)
    _, low, high = difference((one.rate, *a[:2]), (base.rate, *b[:2]))
    error = float(np.hypot(*(np.sqrt(cell.events) / cell.length for cell in (one, base))))
    return Compared(estimate, error, low, high, NOTHING, "contrast_mover")


def _by_pulls(ratio: bool, estimate: float, one: Cell, base: Cell, level: float) -> Compared:
    """From the jackknife: by person, by office, or by offices that stand in one group each."""
    scales = (1.0, 1.0) if ratio else (one.rate, base.rate)
    first, second = one.pulls * scales[0], base.pulls * scales[1]
    if one.kind == "none":
        error, df = float(np.sqrt(first @ first + second @ second)), None
    elif one.kind == "office" and one.offices + base.offices == one.all_offices:
        grown = [cell.offices / max(cell.offices - 1, 1) for cell in (one, base)]
        error, df = float(np.sqrt(grown[0] * (first @ first) + grown[1] * (second @ second))), one.all_offices - 2
    else:
        error = float(np.sqrt(((first - second) ** 2).sum()))
        df = one.all_offices - 1 if one.kind == "office" else None
    few = one.kind == "office" and (one.all_offices < FEWEST_CLUSTERS or min(one.offices, base.offices) < 2)
    if few or not np.isfinite(error):
        return Compared(estimate, error, NOTHING, NOTHING, NOTHING, "interval_not_given")
    z = critical(level, df)
    centre = float(np.log(estimate)) if ratio else estimate
    limits = np.array([centre - z * error, centre + z * error])
    low, high = np.exp(limits) if ratio else limits
    p = 2 * float(stats.t.sf(abs(centre) / error, np.inf if df is None else df))
    return Compared(estimate, error, float(low), float(high), p, "interval_rate_jackknife")


def _ratio(above: float, below: float) -> float:
    if below > 0:
        return above / below
    return float("inf") if above > 0 else NOTHING
