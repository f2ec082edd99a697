"""Invented people in the qualification programme and on social assistance: synthetic data for tests and the course.

Everything comes from a seed and the year people applied, so that files of different years and forms hold the same
people. The truth is what is written here: the wait is gamma with ``WAIT`` (shape, scale in days) in whole days, and so
on. Nobody is real: identity numbers have a month plus 80, are made as bytes and never as text.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

WAIT = (2.0, 21.0)
DECIDED = 0.6
STAY = (2.0, 190.0)
SHORTEST_STAY, LONGEST_STAY = 30, 730
STATUS = {"3": 0.66, "4": 0.12, "5": 0.06, "7": 0.16}
MAIN = {
    "01": 0.24, "11": 0.06, "03": 0.08, "04": 0.09, "13": 0.05,
    "14": 0.15, "15": 0.07, "16": 0.12, "10": 0.08, "17": 0.06,
}  # fmt: skip
SECOND_ANSWER = 0.15
BACK_AT_ONCE = ("15", "16")
BACK_A_MONTH = {"work": 0.01, "other": 0.04}
BACK_MONTHS, ON_ASSISTANCE = 8.0, 6.0
WORK = ("01", "11")
ON_LEAVE = 0.04
FOREIGNERS = 0.03
WOMEN = 0.53
YOUNGEST, OLDEST = 19, 55
SYNTHETIC_MONTH = 80
FIRST, SECOND = np.array([3, 7, 6, 1, 8, 9, 4, 5, 2]), np.array([5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
DAY = np.timedelta64(1, "D")
Digits = NDArray[np.uint8]


def started_within(days: int) -> float:
    """The truth: which share of applicants begins within so many days?"""
    from scipy.stats import gamma

    return float(gamma.cdf(days + 1, WAIT[0], scale=WAIT[1]))


def programme_people(seed: int, applied: int, persons: int) -> tuple[pd.DataFrame, Digits]:
    """Those who applied for the programme in a year: their courses, and their numbers. Shapes: n rows, (n, 11).

    ``end`` is the last day; ``back`` is how many months after the month of the end they are on assistance again, 0 for
    never, and ``back_months`` for how long.
    """
    rng = np.random.default_rng([seed, applied, 1])
    days = 366 if applied % 4 == 0 else 365
    registered = np.datetime64(f"{applied}-01-01") + np.sort(rng.integers(0, days, persons)) * DAY
    wait = np.floor(rng.gamma(*WAIT, persons)).astype(np.int64)
    stay = np.clip(SHORTEST_STAY + rng.gamma(*STAY, persons), SHORTEST_STAY, LONGEST_STAY).astype(np.int64)
    start = registered + wait * DAY
    main = rng.choice(list(MAIN), persons, p=list(MAIN.values()))
    second = np.where(rng.random(persons) < SECOND_ANSWER, rng.choice(list(MAIN), persons), "")
    chance = np.where(np.isin(main, WORK), BACK_A_MONTH["work"], BACK_A_MONTH["other"])
    back = np.where(np.isin(main, BACK_AT_ONCE), 1, rng.geometric(chance))
    frame = pd.DataFrame(
        {
            "registered": registered,
            "decided": registered + np.floor(wait * DECIDED).astype(np.int64) * DAY,
            "start": start,
            "end": start + (stay - 1) * DAY,
            "status": rng.choice(list(STATUS), persons, p=list(STATUS.values())),
            "main": main,
            "second": np.where(second == main, "", second),
            "on_leave": rng.random(persons) < ON_LEAVE,
            "before": rng.integers(1, 12, persons),
            "back": np.where(back <= 24, back, 0),
            "back_months": rng.geometric(1 / BACK_MONTHS, persons),
        }
    )
    frame = frame.join(_persons(rng, persons, applied))
    return frame, numbers(frame["born"].to_numpy().astype("datetime64[D]"), applied * 3)


def recipients(seed: int, began: int, persons: int) -> tuple[pd.DataFrame, Digits]:
    """Those who came on social assistance in a year without the programme. ``first`` is their first month, ``months``
    how many they stay; some have a DUF number and no other. Shapes: n rows, (n, 11)."""
    rng = np.random.default_rng([seed, began, 2])
    frame = pd.DataFrame(
        {
            "first": np.datetime64(f"{began}-01", "M") + np.sort(rng.integers(0, 12, persons)),
            "months": np.minimum(rng.geometric(1 / ON_ASSISTANCE, persons), 24),
            "foreigner": rng.random(persons) < FOREIGNERS,
        }
    )
    frame = frame.join(_persons(rng, persons, began))
    return frame, numbers(frame["born"].to_numpy().astype("datetime64[D]"), began * 3 + 1)


def numbers(born: NDArray[np.datetime64], first: int) -> Digits:
    """Synthetic identity numbers as signs, month plus 80, control digits valid, each once. Shapes: (n, 11).

    ``first`` moves the three digits after the date, so that people of different groups do not meet.
    """
    made = np.zeros((len(born), 11), np.int64)
    months = born.astype("datetime64[M]")
    years = born.astype("datetime64[Y]").astype(np.int64) + 1970
    for start, value in ((0, (born - months).astype(np.int64) + 1), (4, years % 100)):
        made[:, start], made[:, start + 1] = value // 10, value % 10
    month = months.astype(np.int64) % 12 + 1 + SYNTHETIC_MONTH
    made[:, 2], made[:, 3] = month // 10, month % 10
    taken: set[tuple[int, ...]] = set()
    for row, digits in enumerate(made):
        serial = first * 37 + row
        while True:
            # Individual numbers below 500 belong to people born in the 1900s, those from 500 to the 2000s.
            drawn = serial % 500 + (500 if years[row] >= 2000 else 0)
            digits[6:9] = drawn // 100, drawn // 10 % 10, drawn % 10
            digits[9] = (11 - digits[:9] @ FIRST % 11) % 11
            digits[10] = (11 - digits[:10] @ SECOND % 11) % 11
            serial += 1
            if digits[9] < 10 and digits[10] < 10 and tuple(digits[:9]) not in taken:
                taken.add(tuple(digits[:9]))
                break
    return (made + ord("0")).astype(np.uint8)


def _persons(rng: np.random.Generator, persons: int, year: int) -> pd.DataFrame:
    """Sex, family and date of birth, the same for both forms."""
    age = rng.integers(YOUNGEST, OLDEST + 1, persons)
    born = (year - age - 1970).astype("datetime64[Y]").astype("datetime64[D]") + rng.integers(0, 365, persons) * DAY
    children = np.where(rng.random(persons) < 0.35, rng.integers(1, 5, persons), 0)
    return pd.DataFrame(
        {
            "woman": rng.random(persons) < WOMEN,
            "marital": rng.integers(1, 6, persons),
            "children": children,
            "born": born,
            "young": age < 30,
        }
    )
