"""Any people at all, for the laws of estimation: ties, delayed entry, weights, offices, two groups, two endings."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

import navoutcomes as nav

LAST = 9
ENDINGS = {"followed": None, "job": "job", "other": "other"}
# The same examples every time, but when somebody hunts for new ones: NAVOUTCOMES_EXAMPLES=400 pytest tests/laws
HUNT = int(os.environ.get("NAVOUTCOMES_EXAMPLES", "0"))
quick = settings(max_examples=HUNT or 40)
brisk = settings(quick, max_examples=HUNT or 15)
ROLES = {"entry": "entry", "weight": "weight", "cluster": "office", "person": "person"}


@st.composite
def people(draw: st.DrawFn, least: int = 2, most: int = 24, endings: tuple[str, ...] = tuple(ENDINGS)) -> pd.DataFrame:
    """A frame with a row a person; every column is there, and a law uses those it speaks of."""
    size, last = draw(st.integers(least, most)), draw(st.integers(1, LAST))
    roll = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    time = roll.integers(1, last + 1, size)
    return pd.DataFrame(
        {
            "time": time,
            "entry": np.minimum(roll.integers(0, last, size), time - 1),
            "ending": roll.choice(endings, size),
            "weight": roll.choice([0.5, 1.0, 1.25, 2.0], size),
            "office": roll.integers(0, 4, size),
            "group": roll.choice(["a", "b"], size),
            "stratum": roll.choice(["x", "y", "z"], size),
            "person": [f"P-{at}" for at in range(size)],
        }
    )


@st.composite
def two_groups(draw: st.DrawFn, **how: Any) -> pd.DataFrame:
    """People of whom some are in each group, and somebody of each leaves for a job, not all at one time."""
    frame = draw(people(least=4, **how))
    frame.loc[[0, 1], "group"] = ["a", "b"]
    frame.loc[[0, 1], "time"], frame.loc[[0, 1], "entry"] = [1, 2], 0
    if "other" in how.get("endings", ENDINGS):
        frame.loc[2, "ending"] = "other"
    frame.loc[[0, 1], "ending"] = "job"
    return frame


def cohort(frame: pd.DataFrame, *roles: str, **how: Any) -> nav.Cohort:
    """The people with the columns a law speaks of: ``entry``, ``weight``, ``cluster``, ``person``."""
    columns = {role: ROLES[role] for role in roles}
    how = {"endings": ENDINGS, "outcome": "job", **how}
    return nav.Cohort.from_frame(frame, "time", "ending", arm="group", reference="a", **columns, **how)


def close(one: pd.DataFrame, other: pd.DataFrame, *, columns: tuple[str, ...] | None = None) -> None:
    """The same rows with the same numbers, up to rounding."""
    named = [name for name in ("group", "cause", "measure", "time") if name in one and name in other]
    one, other = (frame.sort_values(named).reset_index(drop=True) for frame in (one, other))
    columns = columns or tuple(one.columns)
    pd.testing.assert_frame_equal(
        one[list(columns)], other[list(columns)], rtol=1e-9, atol=1e-10, check_dtype=False, check_exact=False
    )


def everything(people: nav.Cohort, by: str | None = "group") -> list[pd.DataFrame]:
    """What the estimators say about people."""
    horizon = common_horizon(people, by)
    return [
        people.survival_curve(by=by).table,
        people.cumulative_incidence(by=by).table,
        people.cumulative_hazard(by=by).table,
        people.restricted_mean(horizon, by=by).table,
        people.restricted_mean(horizon, by=by, cause="other").table,
    ]


def common_horizon(people: nav.Cohort, by: str | None = "group") -> float:
    """The last time that every group is followed to."""
    rows = people.rows
    levels, _ = people.levels(by)
    return float(rows.groupby(levels)["time"].max().min())
