"""Mean times by repeated draws: a check of the formula, and an interval for ratios of few."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.curves.restricted_mean import check_horizon, mean_time
from navoutcomes.estimate.draws import Seed, check_replicates, generator
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.bootstrap import drawn_by_clusters, drawn_means
from navoutcomes.maths.curves.restricted_mean import events_by
from navoutcomes.notes import Log, note, warning

FEWEST_DRAWN = 40


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class BootstrappedMeans(Result):
    """Mean times, their differences and ratios, with percentile intervals of ``replicates`` draws."""

    horizon: float
    replicates: int


@door
def bootstrap_restricted_mean(
    people: FollowUp | RiskTable,
    horizon: float,
    by: str | None = None,
    cause: str | None = None,
    reference: str | None = None,
    replicates: int = 1000,
    level: float = 0.95,
    *,
    rng: Seed = None,
) -> BootstrappedMeans:
    """How much would mean times, their differences and ratios move if other people like these had come?

    Persons are drawn with replacement within each group, over the cells of its table; with clusters whole clusters are.
    Arguments: ``horizon`` in the follow-up's unit; ``by`` a column; ``cause`` as in ``restricted_mean``; ``reference``
    the group others are compared with (None: the protocol's); ``replicates`` how many draws; ``level`` 0-1; ``rng`` a
    generator or a seed.
    Shapes: ``table`` has a row a group (its mean) and two a group other than the reference (difference, ratio), with
    the standard deviation of the draws (for a ratio of its logarithm) and percentile limits.
    Raises: ``DesignProblem`` without a generator, for weights, for fewer than 40 clusters, and as ``restricted_mean``.
    Assumes: weights are none: where weights were estimated, persons have to be drawn and the weights made again.
    Reference: Efron & Tibshirani 1993, chapter 13.
    """
    check_level(level)
    check_replicates(replicates)
    roll = generator(rng)
    counts = as_risk_table(people, by)
    if counts.weighted:
        raise DesignProblem("draws_of_weights")
    if counts.clustered != "none" and min(counts.clusters_in(name) for name in counts.groups) < FEWEST_DRAWN:
        fewest = min(counts.groups, key=counts.clusters_in)
        raise DesignProblem(
            "draws_of_few_clusters", clusters=counts.clusters_in(fewest), fewest=FEWEST_DRAWN, group=fewest
        )
    place = None if cause is None else counts.cause(cause)
    asked, horizon = horizon, float(counts.clock(horizon, "horizon")[0])
    for group in counts.groups:
        check_horizon(counts, group, horizon)
    base = None
    if len(counts.groups) > 1:
        persons = {name: counts.persons(name) for name in counts.groups}
        base = named_reference(persons, reference or counts.reference, str(by))
    draws, short = _draws(counts, horizon, place, roll, replicates)
    tail = (1 - level) / 2
    rows = _rows(counts, draws, horizon, place, base, (tail, 1 - tail))
    return BootstrappedMeans(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_bootstrap", replicates=replicates),),
        findings=Log((warning("draws_cut_short", count=short, horizon=horizon),) if short else ()),
        reference=base,
        randomised=counts.randomised,
        counts=counts,
        again=partial(
            bootstrap_restricted_mean, horizon=asked, cause=cause, reference=base, replicates=replicates, level=level,
            rng=rng,
        ),
        horizon=horizon,
        replicates=replicates,
        _table=tidy(pd.DataFrame(rows)),
    )  # fmt: skip


def _draws(
    counts: RiskTable, horizon: float, place: int | None, roll: np.random.Generator, replicates: int
) -> tuple[dict[str, Floats], int]:
    """Means by group, (replicates,) each, and how many draws ended before the horizon."""
    if counts.clustered != "none":
        cells = list(counts.cells.values())
        means, short = drawn_by_clusters(cells, counts.clusters, horizon, place, roll, replicates)
        return dict(zip(counts.cells, means, strict=True)), short
    found = {name: drawn_means(cells, horizon, place, roll, replicates) for name, cells in counts.cells.items()}
    return {name: means for name, (means, _) in found.items()}, sum(short for _, short in found.values())


def _rows(
    counts: RiskTable,
    draws: dict[str, Floats],
    horizon: float,
    place: int | None,
    base: str | None,
    tails: tuple[float, float],
) -> list[dict[str, Any]]:
    name = "restricted mean" if place is None else "restricted mean time lost"
    means = {group: mean_time(counts.groups[group], horizon, place)[0] for group in counts.groups}
    made: list[tuple[str, str, float, Floats, bool]] = [
        (group, name, means[group], draws[group], False) for group in draws
    ]
    for group in draws:
        if base is not None and group != base:
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = draws[group] / draws[base]
            whole = means[group] / means[base] if means[base] > 0 else float("nan")
            made.append((group, f"{name} difference", means[group] - means[base], draws[group] - draws[base], False))
            made.append((group, f"{name} ratio", whole, ratio, True))
    rows = []
    for group, measure, estimate, drawn, log in made:
        known = np.isfinite(drawn).all() and (not log or bool((drawn > 0).all()))
        low, high = np.quantile(drawn, tails) if known else (float("nan"), float("nan"))
        row = {
            "group": group,
            "measure": measure,
            "time": horizon,
            "estimate": estimate,
            "std_error": float(np.std(np.log(drawn) if log else drawn, ddof=1)) if known else float("nan"),
            "conf_low": float(low),
            "conf_high": float(high),
            "at_risk": float(counts.persons(group)),
            "events": events_by(counts.groups[group], horizon),
        }
        rows.append(row if place is None else {**row, "cause": counts.causes[place]})
    return rows
