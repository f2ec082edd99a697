"""The records of form 11F for invented people: months with social assistance, conditions, exemptions and sanctions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.records.kostra.layouts import MONTHS
from navoutcomes.records.kostra.world import Digits, programme_people, recipients

YEARS_BEFORE = 3
OTHERS = 2
GRANT = (9_700, 0.4)
LOANS = 0.04
CONDITION = {True: 0.7, False: 0.4}
CONDITIONS = {
    "VILKARARBEID": ("16", 0.4),
    "VILKARKURS": ("17", 0.3),
    "VILKARJOBBLOG": ("06", 0.5),
    "VILKARSAMT": ("08", 0.6),
    "VILKARANNET": ("15", 0.05),
}
EXEMPTIONS = {"VEDTAKARB": "01", "VEDTAKAKT": "02", "VEDTAKHELSE": "03", "VEDTAKGRUNN": "04"}
SANCTIONED = 0.08
PAID_FOR = 3
Columns = dict[str, Any]


def assistance_fields(year: int, seed: int, persons: int) -> tuple[Columns, Digits, NDArray[np.bool_]]:
    """The fields of 11F for those who got social assistance in a year, their numbers, and who has a DUF number only."""
    frames, numbers, months = [], [], []
    for applied in range(year - YEARS_BEFORE, year + 2):
        people, digits = programme_people(seed, applied, persons)
        frames.append(people.assign(foreigner=False))
        numbers.append(digits)
        months.append(_around_the_programme(people, year))
    for began in range(year - 2, year + 1):
        people, digits = recipients(seed, began, OTHERS * persons)
        frames.append(people)
        numbers.append(digits)
        first = _months(people["first"], year)
        months.append(_between(first, first + people["months"].to_numpy() - 1))
    received = np.concatenate(months)
    there = np.flatnonzero(received.any(axis=1))
    people = pd.concat(frames, ignore_index=True).iloc[there].reset_index(drop=True)
    rng = np.random.default_rng([seed, year, 3])
    columns = _persons(rng, people) | _payments(rng, received[there]) | _conditions(rng, people, received[there], year)
    return columns, np.concatenate(numbers)[there], people["foreigner"].to_numpy(np.bool_)


def _months(dates: pd.Series[Any], year: int) -> NDArray[np.int64]:
    """The month of each date, counted from January of a year as 0."""
    return np.asarray((dates.dt.year - year) * 12 + dates.dt.month - 1, dtype=np.int64)


def _between(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the twelve months lie between two months, both included. Shapes: (n, 12)."""
    month = np.arange(12)
    return (month >= first[:, None]) & (month <= last[:, None])


def _around_the_programme(people: pd.DataFrame, year: int) -> NDArray[np.bool_]:
    """Months on assistance before the programme, and after it for those who come back. Shapes: (n, 12)."""
    start, end = _months(people["start"], year), _months(people["end"], year)
    back = people["back"].to_numpy()
    again = end + np.where(back > 0, back, 10_000)
    return _between(start - people["before"].to_numpy(), start - 1) | _between(
        again, again + people["back_months"].to_numpy() - 1
    )


def _persons(rng: np.random.Generator, people: pd.DataFrame) -> Columns:
    many = len(people)
    return {
        "BYDELSNR": "00",
        "KJONN": np.where(people["woman"], "2", "1"),
        "EKTSTAT": people["marital"].astype(str),
        "BU18": np.where(people["children"] > 0, "1", "2"),
        "ANTBU18": people["children"].where(people["children"] > 0),
        "FODSELSDATO": people["born"],
        "VKLO": rng.choice(["5", "3", "1", "9"], many, p=[0.55, 0.25, 0.12, 0.08]),
        "TRYGDESIT": rng.choice(["12", "11", "02", "04"], many, p=[0.6, 0.25, 0.1, 0.05]),
        "ARBSIT": rng.choice(["07", "08", "04", "03", "02", "06"], many, p=[0.3, 0.2, 0.25, 0.1, 0.05, 0.1]),
        "GITT_OKONOMIRAD": "2",
        "FAAT_INDIVIDUELL_PLAN": "2",
        "BOSIT": rng.choice(["1", "2", "3", "5"], many, p=[0.6, 0.2, 0.1, 0.1]),
        "VILKARSAMEKT": "2",
    }


def _payments(rng: np.random.Generator, received: NDArray[np.bool_]) -> Columns:
    grants = np.where(received, np.round(rng.lognormal(np.log(GRANT[0]), GRANT[1], received.shape), -1), 0)
    loans = np.where(received & (rng.random(received.shape) < LOANS), np.round(grants / 2, -1), 0)
    columns: Columns = {"BIDRAG": pd.Series(grants.sum(axis=1)), "LAAN": pd.Series(loans.sum(axis=1))}
    for at, month in enumerate(MONTHS):
        columns[f"STMND_{at + 1}"] = np.where(received[:, at], f"{at + 1:02}", "")
        columns[f"BIDRAG_{month}"] = pd.Series(grants[:, at]).where(received[:, at])
        columns[f"LAAN_{month}"] = pd.Series(loans[:, at]).where(loans[:, at] > 0)
    return columns


def _conditions(rng: np.random.Generator, people: pd.DataFrame, received: NDArray[np.bool_], year: int) -> Columns:
    many = len(people)
    young = people["young"].to_numpy(np.bool_)
    asked = rng.random(many) < np.where(young, CONDITION[True], CONDITION[False])
    first = received.argmax(axis=1)
    opens = pd.Series(pd.to_datetime([f"{year}-{month + 1:02}-01" for month in first]))
    until = opens + pd.offsets.MonthEnd(PAID_FOR)
    exempt = young & ~asked
    reason = rng.choice(list(EXEMPTIONS), many)
    sanctioned = asked & (rng.random(many) < SANCTIONED)
    columns: Columns = {
        "VILKARSOSLOV": np.where(asked, "1", "2"),
        "UTBETDATO": opens.where(asked),
        "UTBETTOMDATO": until.where(asked),
        "VEDTAKDATO": opens.where(exempt),
        "SANKSJONRED": np.where(sanctioned, "01", ""),
    }
    for name, (code, share) in CONDITIONS.items():
        columns[name] = np.where(asked & (rng.random(many) < share), code, "")
    for name, code in EXEMPTIONS.items():
        columns[name] = np.where(exempt & (reason == name), code, "")
    return columns
