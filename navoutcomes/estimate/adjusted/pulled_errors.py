"""Errors from what each person or office pulls an estimate, for models whose scores can be added by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from navoutcomes.estimate.regression.cox_errors import Errors
from navoutcomes.estimate.regression.sample import Sample
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.notes import Log, note, warning

MANY_CLUSTERS = 100


@dataclass(frozen=True)
class Pull:
    """A fitted model as its robust errors see it; q parameters.

    ``inverse`` (q, q) of the information; ``squared()`` the sum of squared scores of single rows (q, q);
    ``added(group, groups)`` scores added by group (groups, q); ``own(group, groups)`` each group's part of the
    information (groups, q, q). Scores are weighted.
    """

    inverse: Floats
    squared: Callable[[], Floats]
    added: Callable[[Indices, int], Floats]
    own: Callable[[Indices, int], Floats]


def model_errors(inverse: Floats) -> Errors:
    """The inverse of the information, and the normal distribution."""
    size = len(inverse)
    told = (note("errors_information"),)
    return Errors(inverse, np.full(size, np.inf), np.ones(size, dtype=bool), False, told, Log())


def pulled_errors(seen: Sample, pull: Pull, terms: Floats, names: tuple[str, ...], errors: str | None) -> Errors:
    """V (sum of squared scores of persons or offices) V.

    By office: Student's t on offices less one (less the terms that offices fix), and below 100 offices each score is
    made larger for what the office moves the fit itself; below six no interval. ``errors="lin-wei"`` does neither.
    Arguments: ``terms`` (n, p) columns of the terms, ``names`` (p,); they are the first p parameters.
    Reference: Lin & Wei 1989; Mancl & DeRouen 2001.
    """
    inverse, codes, number = pull.inverse, seen.cluster, seen.clusters
    size = len(inverse)
    df, given = np.full(size, np.inf), np.ones(size, dtype=bool)
    if codes is None:
        return Errors(inverse @ pull.squared() @ inverse, df, given, True, (note("errors_persons"),), Log())
    scores = pull.added(codes, number)
    if seen.clustered == "person":
        return Errors(_squared(scores, inverse), df, given, True, (note("errors_persons"),), Log())
    lin_wei = note("errors_lin_wei", clusters=number)
    if errors == "lin-wei":
        return Errors(_squared(scores, inverse), df, given, True, (lin_wei,), Log())
    few, told, findings = number < FEWEST_CLUSTERS, lin_wei, []
    if not few and number < MANY_CLUSTERS:
        left = np.eye(size) - pull.own(codes, number) @ inverse
        scores, told = np.linalg.solve(left, scores[:, :, None])[:, :, 0], note("errors_offices", clusters=number)
    fixed, alone = (np.flatnonzero(one) for one in _fixed(terms, codes, number))
    df = np.full(size, float(number - 1))
    df[fixed] -= len(fixed)
    given[alone] = False
    given &= (df > 0) & (not few)
    if few:
        findings.append(warning("few_offices", clusters=number, fewest=FEWEST_CLUSTERS))
    elif len(alone):
        findings.append(warning("one_office_alone", column=[names[at] for at in alone]))
    return Errors(_squared(scores, inverse), np.maximum(df, 1.0), given, True, (told,), Log(tuple(findings)))


def _squared(scores: Floats, inverse: Floats) -> Floats:
    moved = scores @ inverse
    return np.asarray(moved.T @ moved)


def _fixed(columns: Floats, codes: Indices, clusters: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns that are the same for everybody in an office; of these, the ones where one office stands alone."""
    some = np.empty(clusters, dtype=np.int64)
    some[codes] = np.arange(len(codes))
    fixed = np.array([bool((column == column[some][codes]).all()) for column in columns.T])
    alone = np.zeros_like(fixed)
    for at in np.flatnonzero(fixed):
        _, times = np.unique(columns[some, at], return_counts=True)
        alone[at] = len(times) == 2 and times.min() < 2
    return fixed, alone
