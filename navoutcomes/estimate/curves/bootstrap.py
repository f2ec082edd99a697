"""Mean times by repeated draws: a check of the formula, and an interval for ratios of few."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.curves.restricted_mean import check_horizon, mean_time
from navoutcomes.estimate.draws import Seed, check_replicates, generator, seeded
from navoutcomes.estimate.few_persons import FEWEST_PERSONS, few_in_groups
from navoutcomes.estimate.kept_draws import Kept, forget, in_blocks
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.bootstrap import drawn_by_clusters, drawn_means
from navoutcomes.maths.counting import Cells
from navoutcomes.maths.curves.restricted_mean import events_by
from navoutcomes.notes import Log, note, warning

FEWEST_DRAWN = 40

MOST_CUT_SHORT = 0.05


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
    keep: str | Path | None = None,
) -> BootstrappedMeans:
    """How much would mean times, their differences and ratios move if other people like these had come?

    Persons are drawn with replacement within each group, over the cells of its table; with clusters whole clusters are.
    Arguments: ``horizon`` in the follow-up's unit; ``by`` a column; ``cause`` as in ``restricted_mean``; ``reference``
    the group others are compared with (None: the protocol's); ``replicates`` how many draws; ``level`` 0-1; ``rng`` a
    generator or a seed; ``keep`` a folder for finished draws, so that a run that is stopped goes on where it was and
    ends with the same bits (they are removed when it ends).
    Shapes: ``table`` has a row a group (its mean) and two a group other than the reference (difference, ratio), with
    the standard deviation of the draws (for a ratio of its logarithm) and percentile limits.
    Raises: ``DesignProblem`` without a generator, for weights, for fewer than 40 clusters, and as ``restricted_mean``;
    ``NumericalProblem`` when more than 5 per cent of the draws end before the horizon.
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
    draws, short = _draws(counts, horizon, place, roll, replicates, Kept(Path(keep)) if keep is not None else None)
    if short > MOST_CUT_SHORT * replicates:
        raise NumericalProblem("draws_cut_short", count=short, total=replicates, horizon=horizon, percent=5)
    tail = (1 - level) / 2
    rows = _rows(counts, draws, horizon, place, base, (tail, 1 - tail))
    return BootstrappedMeans(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_bootstrap", replicates=replicates), *seeded(rng)),
        findings=few_in_groups(counts)
        + Log((warning("draws_cut_short", count=short, horizon=horizon),) if short else ()),
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
    counts: RiskTable, horizon: float, place: int | None, roll: np.random.Generator, replicates: int, kept: Kept | None
) -> tuple[dict[str, Floats], int]:
    """Means by group, (replicates,) each, and how many draws ended before the horizon."""
    groups, files = list(counts.cells), []
    asked = [counts.cells] if counts.clustered != "none" else [{name: counts.cells[name]} for name in groups]
    means, short = [], 0
    for part in asked:
        cells = list(part.values())
        file = kept.file((horizon, place, replicates, *_told(cells)), roll) if kept else None
        files += [file] * (file is not None)
        drawn, few = in_blocks(partial(_block, counts, cells, horizon, place, roll), replicates, roll, file)
        means += list(drawn)
        short += few
    forget([file for file in files if file is not None])
    return dict(zip(groups, means, strict=True)), short


def _block(
    counts: RiskTable, cells: list[Cells], horizon: float, place: int | None, roll: np.random.Generator, size: int
) -> tuple[Floats, int]:
    """Means of a block of draws, (groups, size)."""
    if counts.clustered != "none":
        means, short = drawn_by_clusters(cells, counts.clusters, horizon, place, roll, size)
        return np.array(means), short
    one, short = drawn_means(cells[0], horizon, place, roll, size)
    return one[None, :], short


def _told(cells: list[Cells]) -> list[Any]:
    """What the people are, for the checksum of a question."""
    parts = [(one.time, one.entry, one.exit, one.cause, one.persons, one.cluster) for one in cells]
    return [np.asarray(each) for part in parts for each in part if each is not None]


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
        enough = all(
            counts.persons(one) >= FEWEST_PERSONS for one in {group, group if measure == name or base is None else base}
        )
        known = enough and np.isfinite(drawn).all() and (not log or bool((drawn > 0).all()))
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
