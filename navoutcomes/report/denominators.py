"""Are the tables of one report about equally many people? A share of 656 and one of 612 are read as if they were."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from navoutcomes.errors import DataWarning, door
from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.curves.restricted_mean import RestrictedMeans
from navoutcomes.estimate.result import Curves, Result
from navoutcomes.estimate.shares import Shares
from navoutcomes.notes import Log, Note, warning
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.report.draft import inside

# Results whose groups are everybody, each person once: a comparison names one arm, a model its terms.
WHOLE = (Curves, Shares, RestrictedMeans, GroupTest)


@door
def check_denominators(results: Mapping[str, Any], policy: DisclosurePolicy | None = None) -> Log:
    """Are the results of one report about the same number of people?

    Arguments: ``results`` by the name of their table, released or not; ``policy`` whose threshold numbers are rounded
    to (None: five), so that a difference between two tables tells of nobody.
    Shapes: an empty log, or a warning a data source with its tables and how many people each is about.
    Warns: ``DataWarning`` with the same words.
    Assumes: curves, shares, mean times and tests say how many people they are about in ``at_risk``; comparisons and
    models do not and are passed over. Tables of different files are different studies.
    """
    step = (policy or DisclosurePolicy()).threshold
    studies: dict[Any, dict[str, float]] = {}
    for name, one in results.items():
        result = inside(one)
        size = _persons(result) if isinstance(result, WHOLE) else None
        if size is not None and isinstance(result, Result):
            studies.setdefault((result.origin.sources, result.origin.published), {})[name] = size
    found = [_unlike(sizes, step) for sizes in studies.values() if len(set(sizes.values())) > 1]
    for one in found:
        warnings.warn(DataWarning(one.text()), stacklevel=3)
    return Log(tuple(found))


def _unlike(sizes: Mapping[str, float], step: int) -> Note:
    told = [f"{name}: n ≈ {step * round(size / step)}" for name, size in sizes.items()]
    return warning("denominators_differ", count=len(sizes), tables=told)


def _persons(result: Result) -> float | None:
    """The most people each group is about at any time, added up; None where some of it is hidden or not said."""
    frame = result.table
    if "at_risk" not in frame or frame.empty:
        return None
    if "group" not in frame:
        most = float(frame["at_risk"].max())
        return None if most != most else most
    groups = frame.groupby("group", dropna=False)["at_risk"].max()
    return None if groups.isna().any() else float(groups.sum())
