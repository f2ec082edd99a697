"""The extract of Ung og i etableringsfasen in Harstad: how long until a young person has a stable home?

The ages 18 to 26 and the project's first day are published; no count is. The people are invented.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.estimands import risks
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Model, draw
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum
from navoutcomes.records.synthetic.programmes.programme import SEX, Programme, Tables, closed, outcome, yes_no
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

NAME = "ung_i_etableringsfasen"
SIZE, SEED, READ = 80, 26, date(2016, 12, 31)
TIMES = (91, 183, 365)
WORDS = {"stable_home": "Stabil bolig", "withdrew": "Trukket seg", "moved": "Flyttet"}

MODEL = Model(
    population=Population(
        strata=(Stratum("all", 1.0, (18, 26)),),
        months=Months(mean=2.0, per_year=0.6, most=24),
        traits={"woman": 0.42, "debt": 0.45},
        age_power=1.0,
    ),
    hazards=Hazards(
        cuts=(0.0, 30.0, 91.0, 183.0, 365.0),
        monthly={
            "stable_home": (0.02, 0.06, 0.10, 0.08, 0.05),
            "withdrew": (0.03, 0.03, 0.025, 0.02, 0.02),
            "moved": (0.01, 0.012, 0.012, 0.012, 0.012),
        },
        slopes={"stable_home": {"debt": -0.60, "months": -0.25}, "withdrew": {"debt": 0.30, "age": -0.40}},
    ),
    first=date(2015, 1, 5),
    last=date(2016, 6, 30),
)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; 80 by default, as no count is published."""
    return draw(MODEL, SIZE if size is None else size, seed)


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table: from the first day in the project to a stable home or another ending."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    end, word = outcome(drawn, WORDS, read)
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "Ung og i etableringsfasen",
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Gjeld": yes_no(drawn["debt"]),
            "Måneder på sosialhjelp før": drawn["months"],
            "Fra dato": drawn["start"],
            "Til dato": end,
            "Utfall": word,
        }
    )
    return {NAME: closed(frame, read)}


@cache
def truth() -> SyntheticTruth:
    """Share with a stable home, and each other ending, by day."""
    rows = risks(MODEL, tuple((cause,) for cause in WORDS), TIMES)
    return SyntheticTruth(
        NAME, ("HA003", "HA004", "HA005", "HA006"), {"model": MODEL, "words": WORDS}, True, tuple(rows)
    )


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth)
