"""Social assistance and work month by month beside an extract, with the true mean number of months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import special

from navoutcomes.records.synthetic.programmes.calendar import month_ends, month_of, months_written
from navoutcomes.records.synthetic.programmes.model import Model
from navoutcomes.records.synthetic.programmes.population import Floats, chosen
from navoutcomes.records.synthetic.programmes.programme import EXTRACT_HEADER, MARK, MARK_HEADER, PERSON_HEADER, yes_no

MONTHS_BEFORE, MONTHS_AFTER = 6, 23
AMOUNT_MEDIAN, AMOUNT_LOG_SD = 8700.0, 0.32
PERCENTS, PERCENT_SHARES = np.array([20, 40, 50, 80, 100]), np.array([0.15, 0.20, 0.20, 0.15, 0.30])
CHANCES: Mapping[str, float] = MappingProxyType(
    {
        "while_there": 0.92,
        "job": 0.12,
        "education": 0.30,
        "benefit": 0.15,
        "other": 0.0,
        "work_in_a_month": 0.93,
    }
)
"""Chance of social assistance in a calendar month, while the person is still there and after each ending."""


def assistance_table(people: pd.DataFrame, seed: int, read: date) -> pd.DataFrame:
    """Each calendar month with social assistance or work, from 6 months before the decision to the day of reading.

    A month with neither has no row. Work is ordinary work. Months after the day of reading are not there.
    """
    span = np.arange(-MONTHS_BEFORE, MONTHS_AFTER + 1)
    months = month_of(people["start"])[:, None] + span[None, :]
    gone = people["start"] + pd.to_timedelta(people["days"], unit="D")
    relative = (month_of(gone) - month_of(people["start"]))[:, None]
    chance = np.random.Generator(np.random.PCG64([seed, 2])).random((len(people), 2, len(span)))
    after = np.array([CHANCES[cause] for cause in people["cause"]])[:, None]
    wanted = np.where(span <= relative, CHANCES["while_there"], after)
    on = (span >= 0) & (chance[:, 0] < wanted)
    on |= (span < 0) & (span >= -people["months"].to_numpy()[:, None])
    job = (people["cause"] == "job").to_numpy()[:, None]
    work = job & (span >= relative) & ((span == relative) | (chance[:, 1] < CHANCES["work_in_a_month"]))
    early = (people["u_late"].to_numpy() < 0.35)[:, None] & (span < 0)
    work |= early & (span < -np.maximum(people["months"].to_numpy(), 1)[:, None])
    there = (on | work) & (months <= month_of(np.datetime64(read, "D")))
    rows, columns = np.nonzero(there)
    level = np.exp(AMOUNT_LOG_SD * special.ndtri(np.clip(people["u_amount"].to_numpy(), 1e-12, None)))
    percent = PERCENTS[chosen(people["u_percent"].to_numpy(), PERCENT_SHARES)]
    working = work[rows, columns]
    frame = pd.DataFrame(
        {
            PERSON_HEADER: people["person"].to_numpy()[rows],
            "Måned": months_written(months[rows, columns]),
            "Sosialhjelp (kr)": np.where(on[rows, columns], np.round(AMOUNT_MEDIAN * level[rows]), 0.0),
            "I arbeid": yes_no(working),
            "Stillingsprosent": np.where(working, percent[rows], 0),
        }
    ).sort_values([PERSON_HEADER, "Måned"], kind="stable", ignore_index=True)
    frame[EXTRACT_HEADER] = pd.Timestamp(read)
    frame[MARK_HEADER] = MARK
    return frame


def months_on_assistance(model: Model, gone: Mapping[str, Floats], months: int) -> float:
    """Mean number of calendar months with assistance, the month of the decision and the following: exact.

    Somebody who leaves on a day of a month is there in that month, and after it has the chance of that ending.
    """
    ends = month_ends(model.days, months)
    total = 0.0
    for month in range(months):
        before = {cause: 0.0 if month == 0 else float(out[ends[:, month - 1]].mean()) for cause, out in gone.items()}
        total += CHANCES["while_there"] * (1 - sum(before.values()))
        total += sum(CHANCES[cause] * share for cause, share in before.items())
    return total
