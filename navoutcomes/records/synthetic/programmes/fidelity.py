"""Assessments of fidelity to IPS by office: 25 items from 1 to 5, and their sum."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.programme import EXTRACT_HEADER, MARK, MARK_HEADER

ITEMS, HIGHEST = 25, 5
ASSESSED = date(2019, 5, 15)


def fidelity_table(scores: tuple[int, ...], read: date) -> pd.DataFrame:
    """One assessment an office: its items add up to its score, the same pattern at every office.

    Shapes: one row an office; columns Team, Dato, Skala, Punkt 1 to Punkt 25, Totalskår, and the usual last two.
    """
    rows = []
    for number, score in enumerate(scores, start=1):
        items = np.full(ITEMS, score // ITEMS)
        items[(np.arange(score % ITEMS) * 7 + number) % ITEMS] += 1
        points = {f"Punkt {place}": int(item) for place, item in enumerate(items, start=1)}
        row = {"NAV-kontor": f"Kontor {number}", "Dato": pd.Timestamp(ASSESSED), "Skala": "IPS-25", **points}
        rows.append({**row, "Totalskår": int(items.sum())})
    frame = pd.DataFrame(rows)
    frame[EXTRACT_HEADER] = pd.Timestamp(read)
    frame[MARK_HEADER] = MARK
    return frame
