"""Are the tables of one report about equally many people? A share of 656 and one of 612 are read as if they were."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import pandas as pd

from navoutcomes.errors import DataWarning, door
from navoutcomes.notes import Log, warning
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.report.draft import inside


@door
def check_denominators(results: Mapping[str, Any], policy: DisclosurePolicy | None = None) -> Log:
    """Are the results of one report about the same number of people?

    Arguments: ``results`` by the name of their table, released or not; ``policy`` whose threshold numbers are rounded
    to (None: five), so that a difference between two tables tells of nobody.
    Shapes: an empty log, or one warning with the tables and how many people each is about.
    Warns: ``DataWarning`` with the same words.
    Assumes: a result says how many people it is about in ``at_risk``; one that does not is passed over.
    """
    step = (policy or DisclosurePolicy()).threshold
    sizes = {name: size for name, one in results.items() if (size := _persons(inside(one))) is not None}
    if len(set(sizes.values())) < 2:
        return Log()
    told = [f"{name}: n ≈ {step * round(size / step)}" for name, size in sizes.items()]
    found = warning("denominators_differ", count=len(sizes), tables=told)
    warnings.warn(DataWarning(found.text()), stacklevel=3)
    return Log((found,))


def _persons(result: Any) -> float | None:
    """The most people each group is about at any time, added up; None where some of it is hidden or not said."""
    frame = getattr(result, "table", None)
    if not isinstance(frame, pd.DataFrame) or "at_risk" not in frame or frame.empty:
        return None
    if "group" not in frame:
        most = float(frame["at_risk"].max())
        return None if most != most else most
    groups = frame.groupby("group", dropna=False)["at_risk"].max()
    return None if groups.isna().any() else float(groups.sum())
