"""The people everybody is timed on: simulated spells in whole days, three endings, ten groups, 200 offices."""

from __future__ import annotations

import numpy as np
import pandas as pd

COVARIATES = 10
LAST = 1_000
OFFICES = 200


def spells(persons: int, seed: int = 1) -> pd.DataFrame:
    """One row a person: time (1..1000), ending (0 censored, 1..3), entry (half of them late), group, office, x0..x9."""
    roll = np.random.default_rng(seed)
    x = roll.normal(size=(persons, COVARIATES))
    x[:, :5] = x[:, :5] > 0
    hazard = np.exp(x @ np.linspace(-0.3, 0.3, COVARIATES))
    until = np.ceil(roll.exponential(size=persons) * 400 / hazard).clip(1, LAST)
    closed = roll.integers(1, LAST + 1, persons)
    time = np.minimum(until, closed)
    ending = ((until <= closed) & (until < LAST)) * roll.integers(1, 4, persons)
    late = roll.random(persons) < 0.5
    columns = {f"x{place}": x[:, place].copy() for place in range(COVARIATES)}
    return pd.DataFrame(
        {
            "time": time,
            "ending": ending.astype(np.int64),
            "event": (ending == 1).astype(np.int64),
            "left": (ending > 0).astype(np.int64),
            "entry": np.where(late, np.floor(time * 0.8 * roll.random(persons)), 0.0),
            "group": roll.integers(0, 10, persons),
            "office": roll.integers(0, OFFICES, persons),
            "within": ((time <= 365) & (ending == 1)).astype(np.int64),
            **columns,
        }
    )
