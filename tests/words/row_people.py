"""People with canaries for the rows of bad inputs about questions, few people and weights. Nobody in them exists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from canaries import PLANTED

import navoutcomes as nav

ENDINGS = {0: None, 1: "job", 2: "other"}
ARM = [nav.Category("arm", "Standard")]


def frame(size: int = 60, seed: int = 1, **columns: Any) -> pd.DataFrame:
    """Two arms by turns, eight offices, three kinds of ending; a name and a number in every row."""
    roll, at = np.random.default_rng(seed), np.arange(size)
    made = {
        "time": roll.integers(1, 20, size).astype(float),
        "ending": roll.integers(0, 3, size),
        "arm": np.where(at % 2 == 0, "IPS", "Standard"),
        "x": roll.normal(size=size),
        "office": at // 2 % 8,
        "note": [PLANTED] * size,
    }
    return pd.DataFrame(made | columns)


def cohort(rows: pd.DataFrame, **how: Any) -> nav.Cohort:
    """The frame through the front door."""
    return nav.Cohort.from_frame(rows, "time", "ending", **({"endings": ENDINGS, "outcome": "job"} | how))


def arms(rows: pd.DataFrame, **how: Any) -> nav.Cohort:
    """With the arms named."""
    return cohort(rows, arm="arm", reference="Standard", **how)
