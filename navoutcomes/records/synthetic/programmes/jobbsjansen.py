"""The extract of Jobbsjansen: who started, who was phased out, and who left for work or education, at twenty projects.

The year's 923 people, 143 phased out and 780 completed are published by IMDi for 2016, and 68 and 58 per cent to work
or education, which is 530 people. The people, the projects and what differs between them are invented.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from scipy import optimize

from navoutcomes.records.synthetic.programmes.curves import curves, pooled
from navoutcomes.records.synthetic.programmes.estimands import Row, risks
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Model, draw
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum
from navoutcomes.records.synthetic.programmes.programme import SEX, Programme, Tables, closed, filled, outcome, yes_no
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

NAME = "jobbsjansen"
STARTED, PHASED_OUT, TO_WORK = 923, 143, 530
SIZE, SEED, READ = STARTED, 2016, date(2018, 12, 31)
LONGEST = 730
TIMES = (91, 183, 365, LONGEST)
PROJECTS = 20
QUOTAS = {"to_work": TO_WORK, "no_show": PHASED_OUT, "other": STARTED - PHASED_OUT - TO_WORK}
KINDS = {"job": "to_work", "education": "to_work", "no_show": "no_show", "benefit": "other", "other": "other"}
WORDS = {
    "job": "Arbeid",
    "education": "Utdanning",
    "no_show": "Manglende oppmøte",
    "benefit": "Arbeidsavklaringspenger",
    "other": "Annet",
}
LEVELS = (1.6968863990576597, 1.3050510714485823)
"""By what the hazards of work and education, and of being phased out, are multiplied so that the shares are exact."""
AWAY = (0.6, -0.4, 0.1, -0.1, 0.3, -0.6, 0.0, 0.2, -0.3, 0.5, -0.2, 0.0, 0.1, -0.5, 0.4, -0.1, 0.2, 0.0, -0.3, 0.1)
WORK = (-0.2, 0.2, 0.0, 0.1, -0.1, 0.3, 0.0, -0.2, 0.1, -0.3, 0.2, 0.0, 0.1, 0.2, -0.2, 0.0, -0.1, 0.1, 0.0, -0.1)


def modelled(levels: tuple[float, float]) -> Model:
    """The model with the hazards of the two published endings multiplied by two numbers."""
    work, away = levels
    monthly = {
        "job": tuple(work * one for one in (0.008, 0.022, 0.036, 0.055)),
        "education": tuple(work * one for one in (0.003, 0.008, 0.012, 0.018)),
        "no_show": tuple(away * one for one in (0.014, 0.013, 0.010, 0.006)),
        "benefit": (0.003, 0.004, 0.005, 0.006),
        "other": (0.004, 0.008, 0.016, 0.060),
    }
    slopes = {
        "job": {"age": -0.15, "small": -0.35, "school": 0.30},
        "education": {"age": -0.40, "school": 0.20},
        "no_show": {"age": -0.20, "small": 0.45, "school": -0.20},
        "benefit": {"age": 0.40},
    }
    population = Population(
        strata=(Stratum("all", 1.0, (19, 55)),),
        months=Months(mean=6.0, per_year=0.2, most=36),
        offices=(1 / PROJECTS,) * PROJECTS,
        traits={"woman": 0.93, "small": 0.38, "school": 0.40},
    )
    hazards = Hazards((0.0, 91.0, 183.0, 365.0), monthly, slopes, {"job": WORK, "no_show": AWAY})
    return Model(population, hazards, date(2015, 1, 5), date(2016, 6, 30))


MODEL = modelled(LEVELS)


def calibrated() -> tuple[float, float]:
    """The two levels found again, at which 530 and 143 of 923 leave to work or education and by being phased out."""

    def missed(levels: np.ndarray) -> np.ndarray:
        one = curves(modelled((float(levels[0]), float(levels[1]))), LONGEST)
        work = one["job"][-1] + one["education"][-1]
        return np.array([work - TO_WORK / STARTED, one["no_show"][-1] - PHASED_OUT / STARTED])

    work, away = optimize.root(missed, np.ones(2), tol=1e-12).x
    return float(work), float(away)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; by default with the published counts. Whoever is left after two years has completed."""
    drawn = draw(MODEL, 4 * SIZE if size is None else size, seed)
    late = drawn["days"] > LONGEST
    drawn["cause"] = drawn["cause"].where(~late, "other")
    drawn["days"] = drawn["days"].clip(upper=LONGEST)
    return drawn if size is not None else filled(drawn, drawn["cause"].map(KINDS), QUOTAS)


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table, everybody who started."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    end, word = outcome(drawn, WORDS, read)
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "JOBBSJANSEN",
            "Prosjekt": [f"Prosjekt {number + 1:02d}" for number in drawn["office"]],
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Barn under tre år": yes_no(drawn["small"]),
            "Skole over ti år": yes_no(drawn["school"]),
            "Startdato": drawn["start"],
            "Sluttdato": end,
            "Avslutningsårsak": word,
        }
    )
    return {NAME: closed(frame, read)}


@cache
def truth() -> SyntheticTruth:
    """Shares of all who started and of those not phased out, each ending by time, and each project's phased out."""
    rows = risks(MODEL, (("job", "education"), ("job",), ("education",), ("no_show",), ("benefit",)), TIMES)
    share, away = (float(pooled(MODEL, causes, LONGEST)[-1]) for causes in (("job", "education"), ("no_show",)))
    rows.append(("share", "job+education", "all", "started", LONGEST, share))
    rows.append(("share", "job+education", "all", "completed", LONGEST, share / (1 - away)))
    rows += [_project(number) for number in range(PROJECTS)]
    described = {"model": MODEL, "longest_days": LONGEST, "quotas": QUOTAS, "words": WORDS}
    return SyntheticTruth(NAME, ("HA007", "B072", "B073", "B074"), described, True, tuple(rows))


def _project(number: int) -> Row:
    share = float(pooled(MODEL, ("no_show",), LONGEST, 0, f"office {number}")[-1])
    return ("risk", "no_show", f"Prosjekt {number + 1:02d}", "office", LONGEST, share)


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth, "Sluttdato", "Avslutningsårsak", "Startdato")
