"""Who could have been referred to Innsatsgjengen? Invented people drawn from the documented truth, before any quota.

Only ``random()`` is drawn, one row of uniforms a person, and every distribution is inverted here: another version of
numpy draws the same people, and the first n people are the same however many are drawn.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from navoutcomes.records.synthetic.truth import (
    AGE_POWER,
    AGES,
    CAUSES,
    LONGEST,
    OTHER_CLASSES,
    STAYS,
    TEAM_SHARES,
    WOMEN,
    YOUNGEST,
    Floats,
    mean_months,
    most_months,
    truth,
)

FIRST_REFERRAL, LAST_REFERRAL = date(2014, 1, 1), date(2016, 12, 31)
CLOSED = ("01-01", "05-01", "05-17", "12-25", "12-26")
NO_SHOWS_WHO_CAME_FIRST = 0.35
ATTENDANCE_DAYS = 12.0
AMOUNT_MEDIAN, AMOUNT_LOG_SD, AMOUNT_RANGE = 8700.0, 0.32, (1000.0, 19500.0)

_UNIFORMS = (
    *("person", "age", "woman", "months", "team", "cause"),
    *("stay", "other", "referred", "came", "attended", "amount"),
)


def draw_people(n: int, seed: int) -> pd.DataFrame:
    """Which people would the model refer, one row each and in order of drawing, whatever the causes turn out to be?

    Shapes: n rows; columns person (pseudonym), age (year of referral minus year of birth), birth_year, woman (bool),
    months (whole months on social assistance before referral), team (1-8), amount (NOK in the last month), cause
    (``job``, ``no_show``, ``other``), exit_class (``other`` split in four), referred, days (whole days, at least 1),
    attended (missing for those who never came) and ended (last day, so referred + days - 1).
    """
    drawn = np.random.Generator(np.random.PCG64(seed)).random((n, len(_UNIFORMS)))
    u: dict[str, Floats] = dict(zip(_UNIFORMS, drawn.T, strict=True))
    age = YOUNGEST + (AGES * u["age"] ** AGE_POWER).astype(np.int64)
    woman = u["woman"] < WOMEN
    months = np.minimum(-mean_months(age) * np.log1p(-u["months"]), most_months(age)).astype(np.int64)
    team = 1 + chosen(u["team"], np.array(TEAM_SHARES)[:, None])
    cause = np.array(CAUSES)[chosen(u["cause"], truth().probabilities(age, woman, months, team))]
    exit_class = np.array(list(OTHER_CLASSES))[chosen(u["other"], np.array(list(OTHER_CLASSES.values()))[:, None])]
    days = np.select([cause == one for one in CAUSES], [STAYS[one].days(u["stay"], months) for one in CAUSES])
    open_days = referral_days()
    referred = open_days[(len(open_days) * u["referred"]).astype(np.int64)]
    return pd.DataFrame(
        {
            "person": [f"P-{int(part * 2**32):08X}" for part in u["person"]],
            "age": age,
            "birth_year": referred.astype("datetime64[Y]").astype(np.int64) + 1970 - age,
            "woman": woman,
            "months": months,
            "team": team,
            "amount": _amounts(u["amount"], months),
            "cause": cause,
            "exit_class": np.where(cause == "other", exit_class, cause),
            "referred": referred.astype("datetime64[ns]"),
            "days": days,
            "attended": _attended(u["came"], u["attended"], cause, referred, days),
            "ended": (referred + days - 1).astype("datetime64[ns]"),
        }
    )


def referral_days() -> NDArray[np.datetime64]:
    """Days on which people are referred, all equally likely: weekdays 2014-2016 without the fixed public holidays."""
    first, last = np.datetime64(FIRST_REFERRAL, "D"), np.datetime64(LAST_REFERRAL, "D")
    every = first + np.arange((last - first).astype(int) + 1)
    monthday = np.array([str(day)[5:] for day in every])
    return np.asarray(every[np.is_busday(every) & ~np.isin(monthday, CLOSED)])


def chosen(uniform: Floats, shares: Floats) -> NDArray[np.int64]:
    """Which of K classes a uniform falls in. Shapes: uniform (n,), shares (K, n) or (K, 1) -> (n,)."""
    return np.asarray((uniform >= np.cumsum(shares, axis=0)[:-1]).sum(axis=0), dtype=np.int64)


def _amounts(uniform: Floats, months: NDArray[np.int64]) -> Floats:
    """NOK in the last month before referral, in half kroner; nothing for those who were not on social assistance."""
    amount = np.exp(np.log(AMOUNT_MEDIAN) + AMOUNT_LOG_SD * special.ndtri(np.clip(uniform, 1e-12, None)))
    return np.asarray(np.where(months == 0, 0.0, np.round(2 * np.clip(amount, *AMOUNT_RANGE)) / 2))


def _attended(
    came: Floats, uniform: Floats, cause: NDArray[np.str_], referred: NDArray[np.datetime64], days: NDArray[np.int64]
) -> NDArray[np.datetime64]:
    """First day of attendance: an exponential delay cut off at the stay, moved back to a weekday, or missing."""
    within = -np.expm1(-np.minimum(days, LONGEST) / ATTENDANCE_DAYS)
    delay = np.minimum(-ATTENDANCE_DAYS * np.log1p(-uniform * within), days - 1).astype(np.int64)
    first = np.busday_offset(referred + delay, 0, roll="backward")
    never = (cause == "no_show") & (came >= NO_SHOWS_WHO_CAME_FIRST)
    return np.where(never, np.datetime64("NaT"), first).astype("datetime64[ns]")
