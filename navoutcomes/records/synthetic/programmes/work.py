"""The monthly register of work beside an extract: competitive, subsidised and sheltered, one row a month in work."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from navoutcomes.records.synthetic.programmes.calendar import month_of, months_written
from navoutcomes.records.synthetic.programmes.ips_model import BACK_TO_WORK, STAYS_IN_WORK
from navoutcomes.records.synthetic.programmes.population import chosen
from navoutcomes.records.synthetic.programmes.programme import EXTRACT_HEADER, MARK, MARK_HEADER, PERSON_HEADER, yes_no

MONTHS_BEFORE, MONTHS_AFTER = 12, 57
PERCENTS, PERCENT_SHARES = np.array([20, 40, 50, 60, 80, 100]), np.array([0.10, 0.12, 0.18, 0.15, 0.15, 0.30])
FULL_WAGE, WAGE_LOG_SD = 37500.0, 0.18
SUBSIDISED, SHELTERED = (0.22, 0.08), (0.10, 0.03)
OTHER_WORK_MONTHS = 8
PRIOR = 0.40
NEVER = 10**6


def work_table(people: pd.DataFrame, seed: int, read: date) -> pd.DataFrame:
    """Each month in which somebody had work, from 12 months before time zero on. No row means no work.

    ``Lønnstilskudd`` marks subsidised and ``Skjermet arbeid`` sheltered work; competitive work is neither. Months after
    the day of reading are not there; those before it are, for everybody.
    """
    began = month_of(people["start"])
    span = np.arange(-MONTHS_BEFORE, MONTHS_AFTER + 1)
    months = began[:, None] + span[None, :]
    left = month_of(people["start"] + pd.to_timedelta(people["days"], unit="D"))
    to_work = (people["cause"] == "job").to_numpy()
    job, gone = np.where(to_work, left, NEVER), np.where(to_work, NEVER, left)
    competitive = _after_the_first_job(job - began, seed) | _before(people, span)
    kind = _other_work(people, span, job - began)
    kind[competitive] = 1
    kind[(months >= gone[:, None]) | (months > month_of(np.datetime64(read, "D"))[None, None])] = 0
    rows, columns = np.nonzero(kind)
    percent = PERCENTS[chosen(people["u_percent"].to_numpy(), PERCENT_SHARES)][rows]
    level = np.exp(WAGE_LOG_SD * special.ndtri(np.clip(people["u_wage"].to_numpy(), 1e-12, None)))[rows]
    what = kind[rows, columns]
    frame = pd.DataFrame(
        {
            PERSON_HEADER: people["person"].to_numpy()[rows],
            "Måned": months_written(months[rows, columns]),
            "I arbeid": yes_no(np.ones(len(rows))),
            "Stillingsprosent": percent,
            "Lønn (kr)": np.round(FULL_WAGE * level * percent / 100 * np.where(what == 3, 0.3, 1.0)),
            "Lønnstilskudd": yes_no(what == 2),
            "Skjermet arbeid": yes_no(what == 3),
        }
    ).sort_values([PERSON_HEADER, "Måned"], kind="stable", ignore_index=True)
    frame[EXTRACT_HEADER] = pd.Timestamp(read)
    frame[MARK_HEADER] = MARK
    return frame


def _after_the_first_job(job: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    """In work from the month of the first job on, staying and coming back by chance. Shapes: (n,) -> (n, months)."""
    chance = np.random.Generator(np.random.PCG64([seed, 1])).random((len(job), MONTHS_AFTER + 1))
    working = np.zeros((len(job), MONTHS_BEFORE + MONTHS_AFTER + 1), np.bool_)
    now = np.zeros(len(job), np.bool_)
    for month in range(MONTHS_AFTER + 1):
        goes_on = np.where(now, chance[:, month] < STAYS_IN_WORK, chance[:, month] < BACK_TO_WORK)
        now = np.where(month == job, True, (month > job) & goes_on)
        working[:, MONTHS_BEFORE + month] = now
    return working


def _before(people: pd.DataFrame, span: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Work in the year before, ended before the months on assistance began. It depends on nothing of the programme."""
    had = people["u_prior"].to_numpy() < PRIOR
    last = -np.maximum(1, people["months"].to_numpy()) - (3 * people["u_before"].to_numpy()).astype(np.int64)
    return np.asarray(had[:, None] & (span[None, :] < 0) & (span[None, :] <= last[:, None]))


def _other_work(people: pd.DataFrame, span: NDArray[np.int64], job: NDArray[np.int64]) -> NDArray[np.int64]:
    """Subsidised (2) and sheltered (3) work before the first ordinary job: more of both without IPS."""
    arm = people["arm"].to_numpy()
    subsidised, sheltered = np.array(SUBSIDISED)[arm], np.array(SHELTERED)[arm]
    which = people["u_subsidy"].to_numpy()
    kind = np.where(which < subsidised, 2, np.where(which < subsidised + sheltered, 3, 0))
    begins = 2 + (14 * people["u_begun"].to_numpy()).astype(np.int64)
    inside = (span[None, :] >= begins[:, None]) & (span[None, :] < (begins + OTHER_WORK_MONTHS)[:, None])
    return np.where(inside & (span[None, :] < job[:, None]), kind[:, None], 0)
