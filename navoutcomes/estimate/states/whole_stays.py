"""Rows of one person that follow on each other are one stretch under observation: cutting it in pieces changes nothing.

A person cut at 30 days would otherwise count twice, look censored at 30, and turn Greenwood's variance, the
hypergeometric variance of the log-rank test and the exact intervals into approximations.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.design.coded import from_start as from_start

ALIKE = ("person", "weight", "cluster", "group", "stratum")


def whole_stays(rows: pd.DataFrame, group: np.ndarray, stratum: np.ndarray) -> pd.DataFrame:
    """Rows with ``group`` and ``stratum``; a row that begins as the one before stops without an ending is one with it.

    Arguments: the standard rows of a follow-up; ``group`` and ``stratum`` (n,) codes. Rows are joined only within
    person, weight, cluster, group and stratum.
    Shapes: at most as many rows, sorted by person where anybody has several.
    """
    rows = rows.assign(group=group, stratum=stratum)
    if not rows["person"].duplicated().any():
        return rows
    codes = {name: pd.factorize(rows[name])[0] for name in ALIKE}
    order = np.lexsort((rows["entry"].to_numpy(dtype=float), codes["person"]))
    rows = rows.iloc[order].reset_index(drop=True)
    entry, time = rows["entry"].to_numpy(dtype=float), rows["time"].to_numpy(dtype=float)
    follows = np.isclose(entry[1:], time[:-1], rtol=1e-9, atol=1e-9) & rows["ending"].isna().to_numpy()[:-1]
    for name in ALIKE:
        own = codes[name][order]
        follows &= own[1:] == own[:-1]
    stay = np.concatenate([[0], np.cumsum(~follows)])
    kept = rows[np.append(~follows, True)].reset_index(drop=True)
    kept["entry"] = entry[np.concatenate([[0], np.flatnonzero(np.diff(stay)) + 1])]
    return kept
