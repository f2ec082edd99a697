"""Which variance and which interval a curve gets when nobody names one: the conventions of CONTRIBUTING.md in one
place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS, RiskTable
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.curves.beta_product import beta_product
from navoutcomes.maths.intervals import INCIDENCE_TYPES, SURVIVAL_TYPES, critical, pointwise
from navoutcomes.notes import Log, Note, note, warning

SMALL, THIN = 50, 10
ERRORS = (None, "greenwood", "robust", "lin-wei")


@dataclass(frozen=True)
class Precision:
    """How one group's uncertainty is reckoned: robust or not, the multiplier, and what to say about it."""

    robust: bool
    z: float
    given: bool
    findings: Log


def precision(
    counts: RiskTable, group: str, level: float, errors: str | None, always_robust: bool = False
) -> Precision:
    """The variance and multiplier for a group.

    With weights or clusters the infinitesimal jackknife, with offices Student's t on offices less one, and below
    six offices no interval. ``errors`` names another rule: ``greenwood`` (weights as counts, clusters ignored),
    ``robust`` (by person or cluster, as by default), ``lin-wei`` (the same with the normal multiplier, as R).
    """
    check_level(level)
    if errors not in ERRORS:
        raise DesignProblem("errors_unknown", asked=str(errors), known=[str(one) for one in ERRORS[1:]])
    plain = errors == "greenwood"
    robust = not plain and (errors is not None or counts.weighted or counts.clustered != "none" or always_robust)
    if not robust or counts.clustered != "office" or errors == "lin-wei":
        return Precision(robust, critical(level), True, Log())
    number = counts.clusters_in(group)
    if number < FEWEST_CLUSTERS:
        finding = warning("few_clusters", group=group, clusters=number, fewest=FEWEST_CLUSTERS)
        return Precision(robust, float("nan"), False, Log((finding,)))
    return Precision(robust, critical(level, number - 1), True, Log())


def check_level(level: float) -> None:
    """Raises ``DesignProblem`` for a confidence level that is not a share, as 95 for 0.95."""
    if not 0 < level < 1:
        raise DesignProblem("choice_unknown", asked=level, known=("0 < level < 1",))


def check_interval(interval: str | None, incidence: bool) -> None:
    """Raises ``DesignProblem`` for an interval that has no such name."""
    known = INCIDENCE_TYPES if incidence else SURVIVAL_TYPES
    if interval is not None and interval not in known:
        raise DesignProblem("interval_unknown", asked=interval, known=known)


def simple(counts: RiskTable) -> bool:
    """Whole persons from the start, each on their own: where exact intervals hold."""
    return not (counts.weighted or counts.delayed or counts.clustered != "none")


def survival_interval(
    counts: RiskTable,
    group: str,
    share: Floats,
    std_error: Floats,
    how: Precision,
    interval: str | None,
    level: float,
    at: Indices | None = None,
) -> tuple[Floats, Floats, Note]:
    """Limits of S at each time of the grid, or at the positions ``at`` of it, and what they are called.

    Nothing named: log-log; below 50 persons, or where S is 0 or 1 or fewer than 10 remain at risk, the beta product
    procedure, or nothing where its assumptions do not hold.
    """
    place = np.arange(len(share)) if at is None else at
    if not how.given:
        return _nothing(share), _nothing(share), note("interval_not_given")
    if interval is not None:
        return *_as_named(counts, group, share, std_error, how, interval, place), note(f"interval_{_word(interval)}")
    low, high = pointwise("log-log", share, std_error, how.z)
    small = counts.persons(group) < SMALL
    thin = (share == 0) | (share == 1) | (counts.groups[group].at_risk[place] < THIN)
    if not simple(counts):
        low, high = np.where(thin, np.nan, low), np.where(thin, np.nan, high)
        return low, high, note("interval_log_log_approximate" if small else "interval_log_log_thin")
    if counts.persons(group) == 1:
        return _nothing(share), _nothing(share), note("interval_one_person")
    use = np.flatnonzero(thin | small)
    low[use], high[use] = beta_product(counts.groups[group], level, place[use])
    return low, high, note("interval_beta_product" if small else "interval_log_log_beta_product")


def incidence_interval(
    counts: RiskTable,
    group: str,
    share: Floats,
    std_error: Floats,
    how: Precision,
    interval: str | None,
    level: float,
    at: Indices | None = None,
) -> tuple[Floats, Floats, Note]:
    """Limits of a cumulative incidence: log(-log(1 - F)); at 0 or 1 the exact limit on those whose status is known.

    Shapes: on the grid (G,), or on the positions ``at`` of it.
    """
    place = np.arange(len(share)) if at is None else at
    if not how.given:
        return _nothing(share), _nothing(share), note("interval_not_given")
    if interval is not None:
        return *_as_named(counts, group, share, std_error, how, interval, place), note(f"interval_{_word(interval)}")
    if counts.persons(group) == 1:
        return _nothing(share), _nothing(share), note("interval_one_person")
    low, high = pointwise("cloglog", share, std_error, how.z)
    edge = np.flatnonzero((share <= 0) | (share >= 1 - 1e-12))
    if len(edge):
        persons = counts.groups[group]
        known = np.cumsum(persons.all_events) + persons.at_risk - persons.exits + persons.entered
        number = np.rint(known[place[edge]])
        # Clopper-Pearson of nobody, and of everybody, among so many.
        short = np.log((1 - level) / 2) / np.where(number > 0, number, np.nan)
        nobody = share[edge] <= 0
        low[edge] = np.where(nobody, 0.0 * short, np.exp(short))
        high[edge] = np.where(nobody, -np.expm1(short), 1.0 + 0.0 * short)
    return low, high, note("interval_cloglog")


def _as_named(
    counts: RiskTable, group: str, share: Floats, std_error: Floats, how: Precision, interval: str, at: Indices
) -> tuple[Floats, Floats]:
    """The interval that was asked for at every point, and until the first exit the share itself, as R gives them."""
    low, high = pointwise(interval, share, std_error, how.z)
    start = np.cumsum(counts.groups[group].exits)[at] == 0
    return np.where(start, share, low), np.where(start, share, high)


def _nothing(like: Floats) -> Floats:
    return np.full_like(like, np.nan)


def _word(interval: str) -> str:
    return interval.replace("-", "_")
