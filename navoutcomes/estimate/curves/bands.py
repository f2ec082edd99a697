"""Bands that hold the whole curve at once: wider than pointwise intervals, and the ones to quote for its shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.curves.curves import curve_rows, laid_out, steps
from navoutcomes.estimate.curves.late_entry import late_entry
from navoutcomes.estimate.draws import Seed, check_replicates, generator, seeded
from navoutcomes.estimate.regression.precision import Precision, check_interval, precision
from navoutcomes.estimate.result import Curves
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, incidence_influence
from navoutcomes.maths.curves.bands import equal_precision, hall_wellner, resampled, share_of_clock
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, survival_influence
from navoutcomes.maths.influence import Form, jackknife
from navoutcomes.maths.intervals import critical as critical_value
from navoutcomes.maths.intervals import pointwise
from navoutcomes.notes import Log, note

KINDS = ("equal precision", "hall-wellner", "resampled")
FIRST, LEAST = 5, 10


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ConfidenceBands(Curves):
    """Curves whose limits hold at all times of ``within`` together. ``critical`` by group: how many errors wide."""

    kind: str
    within: dict[str, tuple[float, float]] = field(default_factory=dict)
    critical: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Path:
    """A curve at the times somebody leaves, with its error and what the error is made of. Shapes: (T,) but ``form``."""

    at: Indices
    time: Floats
    share: Floats
    std_error: Floats
    form: Form
    usable: NDArray[np.bool_]


@door
def confidence_bands(
    people: FollowUp | RiskTable,
    by: str | None = None,
    cause: str | None = None,
    kind: str | None = None,
    within: tuple[float, float] | None = None,
    interval: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
    rng: Seed = None,
    replicates: int = 1000,
) -> ConfidenceBands:
    """Between which limits does the whole curve lie, at all times together?

    Arguments: ``by`` a column; ``cause`` an ending for the share that has left for it, or None for the share still
    there; ``kind`` ``equal precision`` (None, for the share still there of unweighted people without clusters),
    ``hall-wellner``, or ``resampled`` (None otherwise: weights, clusters, causes), which needs ``rng`` (a generator or
    a seed) and ``replicates`` draws; ``within`` first and last time (None: from the fifth ending to the last with ten
    at risk); ``interval`` the scale, as in the curves (None: log-log, cloglog); ``level`` 0-1; ``errors`` as there.
    Shapes: ``table`` has one row a group, (cause) and time; outside ``within`` the limits are not a number.
    Raises: ``DesignProblem`` for a kind that these people do not allow, without a generator, or with no ending within.
    Assumes: enough endings for normal limits; each group's band holds by itself.
    Reference: Nair 1984; Hall & Wellner 1980; Lin 1997.
    """
    check_interval(interval, incidence=cause is not None)
    counts = as_risk_table(people, by)
    place = None if cause is None else counts.cause(cause)
    kind = _kind(counts, place, kind)
    roll = generator(rng) if kind == "resampled" else None
    check_replicates(replicates)
    scale = interval or ("log-log" if place is None else "cloglog")
    parts, findings, used, critical = [], Log(), {}, {}
    for group in counts.groups:
        how = precision(counts, group, level, errors, always_robust=place is not None)
        path = _path(counts, group, place, how)
        span = (
            (float(counts.clock(within[0], "within")[0]), float(counts.clock(within[1], "within")[0]))
            if within
            else None
        )
        inside = _inside(path, group, span)
        used[group] = (float(path.time[inside[0]]), float(path.time[inside[-1]]))
        critical[group], error = _width(counts, group, path, inside, kind, level, how, roll, replicates)
        limits = (np.full(len(path.at), np.nan), np.full(len(path.at), np.nan))
        limits[0][inside], limits[1][inside] = pointwise(scale, path.share[inside], error[inside], critical[group])
        parts.append(curve_rows(counts, group, place, path.share, path.std_error, limits, path.at))
        findings = findings + how.findings + late_entry(counts, group)
    table, full = laid_out(parts)
    method = note("method_kaplan_meier" if place is None else "method_aalen_johansen")
    return ConfidenceBands(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(method, note(f"band_{kind.replace(' ', '_').replace('-', '_')}"), *(seeded(rng) if roll else ())),
        findings=findings,
        reference=counts.reference,
        randomised=counts.randomised,
        counts=counts,
        again=partial(
            confidence_bands, cause=cause, kind=kind, within=within, interval=interval, level=level, errors=errors,
            rng=rng, replicates=replicates,
        ),
        interval=scale,
        kind=kind,
        within=used,
        critical=critical,
        _table=table,
        _full=full,
    )  # fmt: skip


def _kind(counts: RiskTable, place: int | None, kind: str | None) -> str:
    """The kind asked for, or the one these people allow. Raises ``DesignProblem`` for one they do not."""
    plain = place is None and not counts.weighted and counts.clustered == "none"
    if kind is None:
        return KINDS[0] if plain else KINDS[2]
    if kind not in KINDS:
        raise DesignProblem("choice_unknown", asked=kind, known=KINDS)
    if kind != KINDS[2] and not plain:
        raise DesignProblem("band_needs_draws", kind=kind)
    return kind


def _path(counts: RiskTable, group: str, place: int | None, how: Precision) -> _Path:
    mass, cells, at = counts.mass(group), counts.cells[group], steps(counts, group)
    persons = counts.groups[group]
    if place is None:
        found = kaplan_meier(mass)
        form, share, own = survival_influence(mass), found.survival, persons.all_events
        error = np.sqrt(jackknife(cells, mass, form)) if how.robust else found.std_error
    else:
        form, share = incidence_influence(mass, place), aalen_johansen(mass).incidence[place]
        error, own = np.sqrt(jackknife(cells, mass, form)), persons.events[place]
    so_far = np.cumsum(own)
    usable = (so_far >= min(FIRST, so_far[-1])) & (persons.at_risk >= LEAST)
    return _Path(at, persons.time[at], share[at], error[at], form, usable[at])


def _inside(path: _Path, group: str, within: tuple[float, float] | None) -> Indices:
    """Positions of the path at which the band is given. Raises ``DesignProblem`` where there is no such time."""
    known = (path.std_error > 0) & (path.share > 0) & (path.share < 1)
    if within is None:
        chosen = known & path.usable if (known & path.usable).any() else known
    else:
        # The band begins with the curve as it stands at the first time.
        start = max(int(np.searchsorted(path.time, within[0], side="right")) - 1, 0)
        chosen = known & (np.arange(len(path.at)) >= start) & (path.time <= within[1])
    places = np.flatnonzero(chosen)
    if not len(places):
        raise DesignProblem("band_without_endings", group=group)
    return places


def _width(
    counts: RiskTable,
    group: str,
    path: _Path,
    inside: Indices,
    kind: str,
    level: float,
    how: Precision,
    roll: np.random.Generator | None,
    replicates: int,
) -> tuple[float, Floats]:
    """How many errors wide the band is, and the errors it is to be multiplied with."""
    if not how.given:
        return float("nan"), path.std_error
    if roll is not None:
        draws = resampled(counts.cells[group], counts.mass(group), path.form, roll, replicates)
        largest = np.abs(draws[:, path.at[inside]] / path.std_error[inside]).max(axis=1)
        # Normal draws of few clusters are too sure; Student's t widens the band as it widens an interval.
        return float(np.quantile(largest, level)) * how.z / critical_value(level), path.std_error
    number = float(counts.persons(group))
    clock = share_of_clock((path.std_error / path.share) ** 2, number)
    begin, end = float(clock[inside[0]]), float(clock[inside[-1]])
    if kind == KINDS[0]:
        return equal_precision(begin, end, level), path.std_error
    width = hall_wellner(begin, end, level) if end > begin else hall_wellner(0.0, end, level)
    return width, path.share / np.sqrt(number) / (1 - clock)
