"""The extract of P 1824: young people in Drammen from referral, by way of a weekly committee, to a first measure.

Under 25, a meeting each week and six municipal units are published; no count is. The people are invented.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.calendar import dates
from navoutcomes.records.synthetic.programmes.estimands import risks
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Model, draw
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum
from navoutcomes.records.synthetic.programmes.programme import SEX, Programme, Tables, closed, outcome, until, yes_no
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

NAME = "p1824"
SIZE, SEED, READ = 320, 1824, date(2012, 12, 31)
UNITS, MEETING = 6, "Tue"
TIMES = (14, 30, 61, 91, 183)
WORDS = {
    "other_service": "Arbeidsrettet tiltak",
    "job": "Arbeid",
    "education": "Utdanning",
    "withdrew": "Trukket seg",
}

MODEL = Model(
    population=Population(
        strata=(Stratum("all", 1.0, (18, 24)),),
        months=Months(mean=2.0, per_year=0.5, most=18),
        offices=(0.24, 0.20, 0.18, 0.15, 0.13, 0.10),
        traits={"woman": 0.45, "school": 0.38},
        age_power=1.0,
    ),
    hazards=Hazards(
        cuts=(0.0, 7.0, 21.0, 61.0, 122.0),
        monthly={
            "other_service": (0.02, 0.55, 0.60, 0.35, 0.15),
            "job": (0.05, 0.06, 0.07, 0.06, 0.04),
            "education": (0.02, 0.03, 0.04, 0.04, 0.03),
            "withdrew": (0.10, 0.07, 0.06, 0.05, 0.04),
        },
        slopes={
            "other_service": {"months": -0.20},
            "job": {"school": 0.40, "months": -0.40},
            "education": {"age": -0.80},
        },
        offices={"other_service": (0.20, 0.0, -0.20, 0.10, -0.35, 0.15)},
    ),
    first=date(2011, 5, 19),
    last=date(2012, 11, 30),
)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; 320 by default, as no count is published."""
    return draw(MODEL, SIZE if size is None else size, seed)


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table: referral, the committee's next meeting, and what came first."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    end, word = outcome(drawn, WORDS, read)
    referred = drawn["start"].to_numpy().astype("datetime64[D]")
    meeting = np.busday_offset(referred, 0, roll="forward", weekmask=MEETING)
    before = until(read, meeting) & (meeting < referred + drawn["days"].to_numpy())
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "P1824",
            "Henvisende enhet": [f"Enhet {number + 1}" for number in drawn["office"]],
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Fullført videregående": yes_no(drawn["school"]),
            "Måneder på sosialhjelp før": drawn["months"],
            "Henvist dato": drawn["start"],
            "Behandlet i utvalget": dates(meeting).where(before),
            "Til dato": end,
            "Utfall": word,
        }
    )
    return {NAME: closed(frame, read)}


@cache
def truth() -> SyntheticTruth:
    """Share with a first measure, and each other ending, by day."""
    rows = risks(MODEL, (("other_service", "job", "education"), *((cause,) for cause in WORDS)), TIMES)
    described = {"model": MODEL, "committee_meets": "every Tuesday; the first on or after the referral", "words": WORDS}
    return SyntheticTruth(NAME, ("DR003", "DR004", "DR005", "DR006"), described, True, tuple(rows))


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth, start="Henvist dato")
