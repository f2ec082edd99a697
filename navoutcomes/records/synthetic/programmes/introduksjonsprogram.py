"""The extract of the introduction programme in Harstad: settlement, two years of programme, first job, a year after.

Sixty refugees a year, about twenty in family reunification, 60 per cent settled in the first half-year and two years of
programme are published plans; so are the national shares in work or education a year after (men 71, women 49, all 61
per cent of those who left in 2015). The people are invented, and follow the plans to the person.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.calendar import dates
from navoutcomes.records.synthetic.programmes.curves import pooled
from navoutcomes.records.synthetic.programmes.estimands import Row, risks
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Model, draw
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum
from navoutcomes.records.synthetic.programmes.programme import (
    SEX,
    Programme,
    Tables,
    closed,
    filled,
    outcome,
    until,
    yes_no,
)
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

NAME = "introduksjonsprogram"
REFUGEES, FAMILY, SPRING = 60, 20, 36
YEARS = (2015, 2016, 2017, 2018)
SIZE, SEED, READ = (REFUGEES + FAMILY) * len(YEARS), 2015, date(2022, 12, 31)
LONGEST = 730
TIMES = (183, 365, 548, 730)
AFTER_A_YEAR = {"Mann": 0.71, "Kvinne": 0.49}
MEN = (0.61 - 0.49) / (0.71 - 0.49)
IN_WORK = 0.75
DELAY, CHILD_DELAY = 60, 90
WORDS = {"job": "Arbeid", "education": "Utdanning", "other": "Annet"}
STRATA = ("refugee", "family")

MODEL = Model(
    population=Population(
        strata=(
            Stratum("refugee", REFUGEES / (REFUGEES + FAMILY), (18, 55)),
            Stratum("family", FAMILY / (REFUGEES + FAMILY), (18, 50)),
        ),
        months=Months(mean=1.0, per_year=0.0, most=1),
        traits={"woman": 1 - MEN, "small": 0.28, "school": 0.35},
    ),
    hazards=Hazards(
        cuts=(0.0, 183.0, 365.0, 548.0, 700.0),
        monthly={
            "job": (0.002, 0.006, 0.012, 0.020, 0.045),
            "education": (0.001, 0.003, 0.006, 0.010, 0.040),
            "other": (0.003, 0.003, 0.003, 0.003, 0.003),
        },
        slopes={
            "job": {"woman": -0.70, "small": -0.40, "school": 0.30, "age": -0.15},
            "education": {"age": -0.70, "school": 0.40},
        },
    ),
    first=date(YEARS[0], 1, 2),
    last=date(YEARS[-1], 12, 20),
    extra=("delay", "child", "after", "work"),
)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; by default the planned numbers of each year, refugees by half-year."""
    if size is not None:
        return draw(MODEL, size, seed)
    drawn = draw(MODEL, 8 * SIZE, seed)
    spring = np.where(drawn["start"].dt.month <= 6, "spring", "autumn")
    family = (drawn["stratum"] == 1).to_numpy()
    kind = drawn["start"].dt.year.astype(str) + " " + np.where(family, "family", spring)
    planned = {"spring": SPRING, "autumn": REFUGEES - SPRING, "family": FAMILY}
    return filled(drawn, kind, {f"{year} {half}": count for year in YEARS for half, count in planned.items()})


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table: settlement, the programme, what ended it, and the status a year after for those whose year is over."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    wait = 10 + (DELAY * drawn["u_delay"]).astype(int) + drawn["small"] * (CHILD_DELAY * drawn["u_child"]).astype(int)
    begins = drawn["start"] + pd.to_timedelta(wait, unit="D")
    stay = np.minimum(drawn["days"], LONGEST)
    moved = drawn.assign(start=begins, days=stay, cause=drawn["cause"].where(drawn["days"] <= LONGEST, "completed"))
    end, word = outcome(moved, WORDS | {"completed": "Fullført"}, read)
    sex = np.array(SEX)[drawn["woman"]]
    well = drawn["u_after"] < np.array([AFTER_A_YEAR[one] for one in sex])
    after = np.where(~well, "Arbeidssøker eller annet", np.where(drawn["u_work"] < IN_WORK, "I arbeid", "Utdanning"))
    known = end.notna() & until(read, end + pd.DateOffset(years=1))
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "INTRO",
            "Bakgrunn": np.array(["Flyktning", "Familiegjenforening"])[drawn["stratum"]],
            "Kjønn": sex,
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Barn under tre år": yes_no(drawn["small"]),
            "Skole over ti år": yes_no(drawn["school"]),
            "Bosatt": drawn["start"],
            "Startdato": dates(begins).where(until(read, begins)),
            "Sluttdato": end,
            "Avslutningsårsak": word,
            "Status ett år etter": pd.Series(after).where(known),
        }
    )
    return {NAME: closed(frame, read)}


@cache
def truth() -> SyntheticTruth:
    """Endings from the start of the programme, by sex, and the share in work or education a year after."""
    rows = risks(MODEL, (("job", "education"), ("job",), ("education",), ("other",)), TIMES)
    rows += risks(MODEL, (("job",),), TIMES, "woman")
    rows.append(_completed())
    measure = "share in work or education a year after"
    rows += [(measure, "job+education", sex, "left", 365, share) for sex, share in AFTER_A_YEAR.items()]
    both = MEN * AFTER_A_YEAR["Mann"] + (1 - MEN) * AFTER_A_YEAR["Kvinne"]
    rows.append((measure, "job+education", "all", "left", 365, both))
    described = {
        "model": MODEL,
        "longest_days": LONGEST,
        "days_from_settlement_to_start": {"from": 10, "to": 9 + DELAY, "small_child_up_to_more": CHILD_DELAY - 1},
        "a_year_after": {"by_sex": AFTER_A_YEAR, "of_these_in_work": IN_WORK},
    }
    published = ("HA009", "HA010", "HA011", "HA012", "HA013", "HA015", "HA016", "B076", "B077", "B078")
    return SyntheticTruth(NAME, published, described, True, tuple(rows))


def _completed() -> Row:
    left = float(pooled(MODEL, MODEL.hazards.causes, LONGEST)[-1])
    return ("risk", "completed", "all", "all", LONGEST, 1 - left)


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth, "Sluttdato", "Avslutningsårsak", "Startdato")
