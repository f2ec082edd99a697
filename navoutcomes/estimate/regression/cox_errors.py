"""Which variance a hazard ratio gets: from the information, from persons, or from offices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.few_persons import too_few
from navoutcomes.estimate.regression.design_matrix import DesignMatrix
from navoutcomes.estimate.regression.sample import Sample
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.cox import CoxFit
from navoutcomes.maths.hazards.cox_residuals import cluster_pulls, corrected_pulls, sandwich, score_residuals
from navoutcomes.notes import Log, Note, note, warning

CHOICES = (None, "model", "robust", "lin-wei")
MANY_CLUSTERS, FEWEST_DEGREES = 100, 4.0


@dataclass(frozen=True)
class Errors:
    """Covariance (p, p), degrees of freedom (p,) and whether intervals are given (p,), with what to say about it."""

    covariance: Floats
    df: Floats
    given: np.ndarray
    robust: bool
    method: tuple[Note, ...]
    findings: Log


def errors_of(
    seen: Sample, model: CoxFit, inverse: Floats, design: DesignMatrix, errors: str | None, penalty: str | None = None
) -> Errors:
    """The covariance asked for, or the one the conventions choose; see ``cox``."""
    if errors not in CHOICES:
        raise DesignProblem("errors_unknown", asked=str(errors), known=[one for one in CHOICES if one])
    size = len(inverse)
    normal, all_given = np.full(size, np.inf), np.ones(size, dtype=bool)
    repeated = seen.clustered == "person" and _several_endings(seen, model)
    if errors == "model" or (errors is None and not (seen.weighted or seen.clustered == "office" or repeated)):
        return Errors(inverse, normal, all_given, False, (note("errors_information"),), Log())
    if penalty:
        raise DesignProblem("firth_needs_independence")
    if seen.cluster is None:
        pulls = score_residuals(model) * model.rows.weight[:, None]
        return Errors(sandwich(inverse, pulls), normal, all_given, True, (note("errors_persons"),), Log())
    codes, number = seen.cluster, seen.clusters
    if seen.clustered == "person" or errors == "lin-wei":
        told = note("errors_persons") if seen.clustered == "person" else note("errors_lin_wei", clusters=number)
        return Errors(sandwich(inverse, cluster_pulls(model, codes, number)), normal, all_given, True, (told,), Log())
    return _by_office(seen, model, inverse, design)


def sparing(how: Errors, design: DesignMatrix, person: Indices | None, penalised: bool = False) -> Errors:
    """Without p-values and intervals of traits that fewer than three persons have, or lack.

    Shapes: ``person`` (n,) where persons have several rows. Numbers after the design's own, as of a distribution, stay.
    """
    rare, few = too_few(design.values, design.names, person, penalised)
    given = how.given.copy()
    given[: len(rare)] &= ~rare
    return replace(how, given=given, findings=how.findings + few)


def _by_office(seen: Sample, model: CoxFit, inverse: Floats, design: DesignMatrix) -> Errors:
    codes, number = np.asarray(seen.cluster), seen.clusters
    few, size = number < FEWEST_CLUSTERS, len(inverse)
    if few or number >= MANY_CLUSTERS:
        pulls, told = cluster_pulls(model, codes, number), note("errors_lin_wei", clusters=number)
        df = np.full(size, max(number - 1.0, 1.0))
    else:
        pulls, df = corrected_pulls(model, codes, number, inverse)
        told = note("errors_offices", clusters=number)
    alone = _alone(design.values, codes, number)
    thin = ~alone & (df < FEWEST_DEGREES)
    findings = [warning("few_offices", clusters=number, fewest=FEWEST_CLUSTERS)] if few else []
    for places, key in ((alone, "one_office_alone"), (thin, "few_degrees")):
        if places.any() and not few:
            findings.append(warning(key, column=[design.names[at] for at in np.flatnonzero(places)]))
    return Errors(sandwich(inverse, pulls), df, ~(alone | thin) & (not few), True, (told,), Log(tuple(findings)))


def _alone(x: Floats, codes: np.ndarray, clusters: int) -> np.ndarray:
    """Columns that are the same for everybody in an office, with one office on one side of two. Shape (p,)."""
    alone = np.zeros(x.shape[1], dtype=bool)
    some = np.empty(clusters, dtype=np.int64)
    some[codes] = np.arange(len(codes))
    few = slice(0, 2_000)
    for at in range(x.shape[1]):
        column = x[:, at]
        own = column[some]
        # Most columns vary within offices, and the first rows show it.
        if (column[few] == own[codes[few]]).all() and (column == own[codes]).all():
            _, times = np.unique(own, return_counts=True)
            alone[at] = len(times) == 2 and times.min() < 2
    return alone


def _several_endings(seen: Sample, model: CoxFit) -> bool:
    ended = np.bincount(np.asarray(seen.cluster), model.rows.event, minlength=seen.clusters)
    return bool((ended > 1).any())


def added_up(seen: Sample, pulls: Floats) -> float:
    """Standard error of a number from the weighted pulls of rows, added by cluster where there are clusters."""
    if seen.cluster is not None:
        pulls = np.bincount(seen.cluster, pulls, minlength=seen.clusters).astype(float)
    return float(np.sqrt(pulls @ pulls))
