"""The extract of Alarmen går!: young people from first contact to first activity, with a promise of three months.

Stavanger's four offices, the ages 18 to 25 and the three months are published; no count is. The people are invented.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.estimands import Row, risks
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Model, draw, summer_share
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum
from navoutcomes.records.synthetic.programmes.programme import SEX, Programme, Tables, closed, outcome, yes_no
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

NAME = "alarmen_gaar"
SIZE, SEED, READ = 640, 2012, date(2015, 1, 31)
FIRST, LAST = date(2013, 1, 2), date(2014, 12, 31)
TARGET_DAYS = 91
TIMES = (30, 61, TARGET_DAYS, 183)
OFFICES = 4
ACTIVE = ("job", "education", "other_service")
WORDS = {
    "job": "Arbeid",
    "education": "Utdanning",
    "other_service": "Arbeidsrettet tiltak",
    "withdrew": "Trukket seg",
    "moved": "Flyttet",
}

MODEL = Model(
    population=Population(
        strata=(Stratum("all", 1.0, (18, 25)),),
        months=Months(mean=1.5, per_year=0.5, most=18),
        offices=(0.31, 0.27, 0.23, 0.19),
        traits={"woman": 0.44, "school": 0.42, "summer": summer_share(FIRST, LAST)},
        age_power=1.0,
    ),
    hazards=Hazards(
        cuts=(0.0, 14.0, 28.0, 56.0, 91.0, 183.0),
        monthly={
            "job": (0.05, 0.07, 0.08, 0.09, 0.07, 0.05),
            "education": (0.02, 0.03, 0.04, 0.05, 0.04, 0.03),
            "other_service": (0.08, 0.22, 0.34, 0.42, 0.26, 0.12),
            "withdrew": (0.06, 0.06, 0.05, 0.05, 0.04, 0.04),
            "moved": (0.01, 0.01, 0.01, 0.01, 0.01, 0.01),
        },
        slopes={
            "job": {"school": 0.45, "months": -0.50, "summer": 0.25},
            "education": {"age": -0.90, "school": 0.20, "summer": -0.50},
            "other_service": {"months": -0.15, "summer": -0.60},
            "withdrew": {"school": -0.30, "months": 0.30},
        },
        offices={"other_service": (0.15, 0.0, -0.35, 0.10), "withdrew": (0.0, 0.10, 0.30, -0.20)},
    ),
    first=FIRST,
    last=LAST,
)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; 640 by default, as no count is published."""
    return draw(MODEL, SIZE if size is None else size, seed)


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table: first contact, first activity or another ending, and those still waiting on the day of reading."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    end, word = outcome(drawn, WORDS, read)
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "ALARMEN_GAR",
            "NAV-kontor": [f"Kontor {number + 1}" for number in drawn["office"]],
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Fullført videregående": yes_no(drawn["school"]),
            "Måneder på sosialhjelp før": drawn["months"],
            "Kontaktmåned": drawn["start"].dt.strftime("%Y-%m"),
            "Fra dato": drawn["start"],
            "Til dato": end,
            "Utfall": word,
        }
    )
    return {NAME: closed(frame, read)}


@cache
def truth() -> SyntheticTruth:
    """Share active by each day, for everybody and for those who come in summer; the naive share; each ending."""
    rows = risks(MODEL, (ACTIVE, *((cause,) for cause in WORDS)), TIMES)
    rows += risks(MODEL, (ACTIVE,), TIMES, "summer")
    rows += [_offices(number) for number in range(OFFICES)]
    described = {"model": MODEL, "target_days": TARGET_DAYS, "active": ACTIVE, "words": WORDS}
    published = ("ST001", "ST037", "ST038", "ST039", "ST040")
    return SyntheticTruth(NAME, published, described, True, tuple(rows))


def _offices(number: int) -> Row:
    share = risks(MODEL, (ACTIVE,), (TARGET_DAYS,), f"office {number}")[0][-1]
    return ("risk", "+".join(ACTIVE), f"Kontor {number + 1}", "office", TARGET_DAYS, share)


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth)
