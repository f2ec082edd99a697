"""Fewer digits: three that count, or so few that a share fits as many counts as the limit."""

from __future__ import annotations

from math import floor, isfinite, log10

import numpy as np
import pandas as pd

DIGITS = 3
NUMBERS = ("estimate", "std_error", "conf_low", "conf_high")
STEPS = (1.0, 2.0, 5.0, 10.0)


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers with three digits that count, chances with three decimals."""
    frame = frame.reset_index(drop=True).copy()
    for name in (one for one in NUMBERS if one in frame):
        frame[name] = [three(value) for value in frame[name]]
    if "p_value" in frame:
        frame["p_value"] = np.round(frame["p_value"], 3)
    return frame


def three(value: float) -> float:
    """Three digits that count."""
    if not isfinite(value) or value == 0:
        return value
    return round(value, DIGITS - 1 - floor(log10(abs(value))))


def coarse_step(persons: float, threshold: int) -> float:
    """The smallest of 1, 2, 5, 10... per mille and so on that is at least the limit's share of so many persons."""
    need = threshold / max(persons, 1.0)
    tens = 10.0 ** floor(log10(need))
    return float(next(one * tens for one in STEPS if one * tens >= need * (1 - 1e-9)))


def coarse(frame: pd.DataFrame, step: float) -> pd.DataFrame:
    """Shares and their differences to the nearest step, limits outward, so that they promise no more than they did."""
    frame = frame.reset_index(drop=True).copy()
    for name, nearest in (("estimate", np.round), ("conf_low", np.floor), ("conf_high", np.ceil)):
        if name in frame:
            frame[name] = np.round(nearest(frame[name].to_numpy(dtype=float) / step) * step, 10)
    return frame
