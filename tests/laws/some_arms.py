"""Invented people in two arms who are not alike: two traits decide arm, ending and who is lost from view."""

from __future__ import annotations

import numpy as np
import pandas as pd

import navoutcomes as nav

TERMS = ["x", "z"]
ENDINGS = {0: None, 1: "job", 2: "other"}


def frame(
    size: int = 60, seed: int = 1, lost: bool = True, ties: bool = True, weights: bool = True, offices: int = 0
) -> pd.DataFrame:
    """One row a person; nobody is lost without ``lost``."""
    roll = np.random.default_rng((11, seed))
    x, z = roll.normal(size=size), roll.integers(0, 2, size).astype(float)
    treated = roll.random(size) < 1 / (1 + np.exp(-0.6 * x + 0.3 * z))
    time = roll.exponential(8 / np.exp(0.4 * x - 0.3 * treated))
    stop = roll.integers(3, 16, size) if lost else np.full(size, 10**6)
    time = np.ceil(time) if ties else time
    return pd.DataFrame(
        {
            "time": np.minimum(time, stop).astype(float),
            "ending": np.where(time <= stop, roll.choice([1, 2], size), 0),
            "arm": np.where(treated, "IPS", "Standard"),
            "x": x,
            "z": z,
            "sex": np.where(z > 0, "man", "woman"),
            "weight": roll.choice([1.0, 2.0, 0.5], size) if weights else 1.0,
            "office": np.arange(size) % offices if offices else 0,
            "person": np.arange(size),
        }
    )


def cohort(people: pd.DataFrame, **roles: str) -> nav.Cohort:
    """They as a cohort; ``weight`` and ``cluster`` where they are named."""
    return nav.Cohort.from_frame(
        people,
        "time",
        "ending",
        endings=ENDINGS,
        outcome="job",
        arm="arm",
        reference="Standard",
        unit="months",
        **roles,
    )


def numbers(result: nav.AdjustedEffects, measure: str = "adjusted risk") -> np.ndarray:
    """Estimates of a measure, arms by times."""
    rows = result.table
    rows = rows[rows["measure"] == measure]
    return rows["estimate"].to_numpy().reshape(rows["group"].nunique(), -1)
