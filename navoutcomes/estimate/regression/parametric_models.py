"""Distributions of the time until an ending, each as a likelihood to climb: where to begin, what its numbers mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from navoutcomes.design.people import positions
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.regression.sample import Sample
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.fine_gray_weights import Flags
from navoutcomes.maths.parametric.aft import FAMILIES, AftRows, aft, started
from navoutcomes.maths.parametric.aft_newton import BLOCK, Likelihood, Top, climb
from navoutcomes.maths.parametric.aft_piecewise import PiecewiseRows, piecewise, piecewise_start
from navoutcomes.maths.parametric.aft_spline import SplineRows, spline

DISTRIBUTIONS = (*FAMILIES, "piecewise exponential", "spline")
QUARTERS, THIRDS = (0.25, 0.5, 0.75), (1 / 3, 2 / 3)


@dataclass(frozen=True)
class Followed:
    """Rows as a parametric model sees them. Shapes: x (n, p), measured from centre (p,); entry, time (n,), entry 0 from
    the start; event (n,) bool; weight (n,); stratum (n,), of the scale; since (n,) the last time each was known to be
    there still, where the ending came some time after it, else not a number."""

    x: Floats
    centre: Floats
    entry: Floats
    time: Floats
    event: Flags
    weight: Floats
    stratum: Indices
    strata: tuple[str, ...]
    since: Floats

    def spread(self) -> Floats:
        """Weighted sums of products of the terms. Shape (p, p)."""
        total = np.zeros((len(self.centre),) * 2)
        for low in range(0, len(self.x), BLOCK):
            own = self.x[low : low + BLOCK] - self.centre
            total += (own * self.weight[low : low + BLOCK, None]).T @ own
        return total

    def alike(self) -> Followed:
        """The same people without terms."""
        return replace(self, x=self.x[:, :0], centre=self.centre[:0])


@dataclass(frozen=True)
class Distribution:
    """What was asked for. ``cuts`` of the pieces and inner ``knots`` of the spline in the follow-up's unit;
    ``ends`` the first and last ending, the spline's outer knots."""

    name: str
    strata: bool
    cuts: Floats
    knots: Floats
    ends: tuple[float, float]

    @property
    def log_knots(self) -> Floats:
        """Knots of log time, the outer two with them."""
        return np.log([self.ends[0], *self.knots, self.ends[1]])

    @property
    def accelerates(self) -> bool:
        """Whether terms stretch time; otherwise they multiply the hazard."""
        return self.name in FAMILIES


@dataclass(frozen=True)
class Ancillary:
    """The parameters after the terms: their names, and which move when terms are measured from 0 and not their mean."""

    names: tuple[str, ...]
    shifted: Flags


def followed(seen: Sample, x: Floats, event: Flags, since: Floats) -> Followed:
    """Rows with their times again."""
    entry = np.zeros(seen.size)
    if seen.delayed:
        late = seen.enter >= 0
        entry[late] = np.maximum(seen.time[seen.enter[late]], 0.0)
    weight = np.asarray(seen.weight, dtype=float)
    centre = np.asarray(weight @ x / weight.sum())
    return Followed(x, centre, entry, seen.time[seen.leave], event, weight, seen.stratum, seen.strata, since)


def asked(
    name: str, strata: str | None, cuts: Sequence[float] | None, knots: Sequence[float] | None, rows: Followed
) -> Distribution:
    """The distribution with its cuts and knots. Raises ``DesignProblem`` for what does not go together."""
    if name not in DISTRIBUTIONS:
        raise DesignProblem("choice_unknown", asked=name, known=DISTRIBUTIONS)
    if name != "piecewise exponential" and (rows.time <= 0).any():
        bad = rows.time <= 0
        raise DesignProblem("time_zero_has_no_logarithm", rows=positions(bad), count=int(bad.sum()), total=len(bad))
    for given, argument, own in (
        (strata, "strata", name in FAMILIES and name != "exponential"),
        (cuts, "cuts", name == "piecewise exponential"),
        (knots, "knots", name == "spline"),
        (None if np.isnan(rows.since).all() else rows.since, "last_seen", name in FAMILIES),
    ):
        if given is not None and not own:
            raise DesignProblem("argument_not_for_distribution", argument=argument, asked=name)
    ends = rows.time[rows.event]
    return Distribution(
        name,
        strata is not None,
        _times("cuts", np.unique(np.quantile(ends, QUARTERS, method="inverted_cdf")) if cuts is None else cuts),
        _times(
            "knots",
            np.unique(np.exp(np.quantile(np.log(np.maximum(ends, 1e-300)), THIRDS))) if knots is None else knots,
        ),
        (float(ends.min()), float(ends.max())),
    )


def ancillary(asked: Distribution, rows: Followed) -> Ancillary:
    """Names of the parameters after the terms."""
    if asked.name == "piecewise exponential":
        edges = ["0", *(f"{cut:g}" for cut in asked.cuts)]
        names = [f"log rate ({low}, {high}]" for low, high in pairwise(edges)]
        names.append(f"log rate after {edges[-1]}")
        return Ancillary(tuple(names), np.ones(len(names), dtype=bool))
    if asked.name == "spline":
        names = [f"gamma {at}" for at in range(len(asked.knots) + 2)]
        return Ancillary(tuple(names), np.arange(len(names)) == 0)
    names = ["intercept"]
    if asked.name != "exponential":
        names += [f"log scale, {one}" for one in rows.strata] if asked.strata else ["log scale"]
    names += ["shape"] if asked.name == "generalised gamma" else []
    return Ancillary(tuple(names), np.arange(len(names)) == 0)


def climbed(asked: Distribution, rows: Followed) -> Top:
    """The largest likelihood."""
    breadth = np.ptp(rows.x, axis=0) if rows.x.shape[1] else np.empty(0)
    if asked.name == "piecewise exponential":
        pieces = PiecewiseRows(rows.x, rows.centre, rows.entry, rows.time, rows.event, asked.cuts)
        seen = np.bincount(pieces.piece(), rows.event, minlength=len(asked.cuts) + 1)
        if (seen == 0).any():
            raise DesignProblem("piece_without_endings", pieces=[int(at) + 1 for at in np.flatnonzero(seen == 0)])
        return _climb(piecewise(pieces), piecewise_start(pieces, rows.weight), rows.weight, breadth)
    if asked.name == "spline":
        return _spline(asked, rows, breadth)
    made = _aft_rows(rows)
    if asked.name != "generalised gamma":
        return _climb(aft(made, asked.name), started(made, asked.name, rows.weight), rows.weight, breadth)
    tops = []
    for name, shape in (("log-normal", 0.0), ("weibull", 1.0)):
        simpler = _climb(aft(made, name), started(made, name, rows.weight), rows.weight, breadth)
        tops.append((simpler.log_likelihood, np.append(simpler.at, shape)))
    return _climb(aft(made, asked.name), max(tops, key=lambda one: one[0])[1], rows.weight, breadth)


def _spline(asked: Distribution, rows: Followed, breadth: Floats) -> Top:
    low, high = asked.ends
    if len(asked.knots) and not (low < asked.knots[0] and asked.knots[-1] < high):
        raise DesignProblem("knots_outside", low=low, high=high)
    made, size = _aft_rows(rows), rows.x.shape[1]
    line = _climb(aft(made, "weibull"), started(made, "weibull", rows.weight), rows.weight, breadth).at
    steep = np.exp(-line[size + 1])
    start = np.concatenate([-line[:size] * steep, [-line[size] * steep, steep], np.zeros(len(asked.knots))])
    smooth = SplineRows(rows.x, rows.centre, rows.entry, made.log_time, rows.event, asked.log_knots)
    return _climb(spline(smooth), start, rows.weight, breadth)


def _aft_rows(rows: Followed) -> AftRows:
    stratum = np.asarray(rows.stratum, dtype=np.int64)
    times = np.log(rows.time)
    return AftRows(rows.x, rows.centre, times, rows.entry, rows.event, stratum, len(rows.strata), rows.since)


def _climb(likelihood: Likelihood, start: Floats, weight: Floats, breadth: Floats) -> Top:
    wide = np.zeros(len(start))
    wide[: len(breadth)] = breadth
    return climb(likelihood, start, weight, wide)


def _times(argument: str, given: Sequence[float] | Floats) -> Floats:
    times = np.asarray(given, dtype=float).ravel()
    if not (np.isfinite(times) & (times > 0)).all() or (np.diff(times) <= 0).any():
        raise DesignProblem("rising_times_needed", argument=argument)
    return times
