"""The extract of the activity duty: recipients in Fræna and Eide in 2019, conditions, exemptions and what followed.

How many recipients there were, and how many under 30, is published; most under 30 had an activity. Who had a condition,
and what came of it, is invented.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.aktivtiltaket_model import QUOTAS, SIZE, STRATA, UNDER_30
from navoutcomes.records.synthetic.programmes.estimands import contrasts
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Assignment, Model, draw
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum, chosen
from navoutcomes.records.synthetic.programmes.programme import (
    CANDIDATES,
    SEX,
    Programme,
    Tables,
    closed,
    filled,
    outcome,
    yes_no,
)
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

NAME = "aktivitetsplikt"
SEED, READ = 2020, date(2020, 12, 31)
TIMES = (91, 183, 365)
CONDITION = (0.74, 0.22, 0.66, 0.25)
KINDS = (
    "Delta på arbeidstrening/arbeidspraksis",
    "Delta på arbeidsrettede kurs, opplæring eller jobbsøkingskurs",
    "Registrere seg som arbeidssøker/føre jobblogg",
    "Møte til veiledningssamtaler",
)
KIND_SHARES = (0.40, 0.25, 0.20, 0.15)
EXEMPTIONS = (
    "Mottaker er i arbeid",
    "Allerede i aktivitet knyttet til statlig eller annen kommunal ytelse",
    "Helsemessig eller sosial situasjon hindrer deltakelse",
    "Andre tungtveiende grunner",
)
EXEMPTION_SHARES = (0.15, 0.25, 0.45, 0.15)
SANCTION = 0.10
WORDS = {"job": "Arbeid", "education": "Utdanning", "benefit": "Arbeidsavklaringspenger", "other": "Annet"}
MUNICIPALITIES = (("1548", "Fræna"), ("1548", "Fræna"), ("1551", "Eide"), ("1551", "Eide"))

MODEL = Model(
    population=Population(
        strata=tuple(
            Stratum(name, count / SIZE, (18, 29) if place in UNDER_30 else (30, 61))
            for place, (name, count) in enumerate(zip(STRATA, QUOTAS, strict=True))
        ),
        months=Months(mean=4.0, per_year=0.15, most=36),
        traits={"woman": 0.43, "reduced": 0.35},
    ),
    hazards=Hazards(
        cuts=(0.0, 61.0, 183.0),
        monthly={
            "job": (0.050, 0.042, 0.028),
            "education": (0.012, 0.014, 0.008),
            "benefit": (0.004, 0.008, 0.009),
            "other": (0.006, 0.006, 0.006),
        },
        slopes={
            "job": {"age": -0.10, "months": -0.45, "reduced": -0.70},
            "education": {"age": -0.60, "months": -0.20},
            "benefit": {"age": 0.30, "reduced": 1.20},
        },
        effect={"job": (0.10, 0.20, 0.10), "education": (0.20, 0.30, 0.20), "other": (0.30, 0.20, 0.10)},
    ),
    first=date(2019, 1, 2),
    last=date(2019, 12, 20),
    assignment=Assignment(shares=CONDITION, slopes={"months": 0.30, "reduced": -1.10}),
    arms=("Uten vilkår", "Med vilkår"),
    extra=("kind", "exempt", "sanction"),
)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; by default as many as published in each municipality, under 30 and over."""
    if size is not None:
        return draw(MODEL, size, seed)
    drawn = draw(MODEL, CANDIDATES * SIZE, seed)
    return filled(drawn, drawn["stratum"], dict(enumerate(QUOTAS)))


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table with the answers of form 11F: condition, its kind, the exemption, and a sanction."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    end, word = outcome(drawn, WORDS, read)
    municipality = np.array(MUNICIPALITIES)[drawn["stratum"]]
    condition = drawn["arm"] == 1
    kind = np.array(KINDS)[chosen(drawn["u_kind"].to_numpy(), np.array(KIND_SHARES))]
    exempt = np.array(EXEMPTIONS)[chosen(drawn["u_exempt"].to_numpy(), np.array(EXEMPTION_SHARES))]
    young = drawn["stratum"].isin(UNDER_30)
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "AKTIVITETSPLIKT",
            "Kommunenummer": municipality[:, 0],
            "Kommune": municipality[:, 1],
            "Gruppe": np.array(MODEL.arms)[drawn["arm"]],
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Under 30 år": yes_no(young),
            "Nedsatt arbeidsevne": yes_no(drawn["reduced"]),
            "Måneder på sosialhjelp før": drawn["months"],
            "Vilkår om aktivitet": yes_no(condition),
            "Vilkårstype": pd.Series(kind).where(condition),
            "Unntak § 20 a": pd.Series(exempt).where(young & ~condition),
            "Redusert stønad": yes_no(condition & (drawn["u_sanction"] < SANCTION)),
            "Vedtaksdato": drawn["start"],
            "Fra dato": drawn["start"],
            "Til dato": end,
            "Utfall": word,
        }
    )
    return {NAME: closed(frame, read)}


@cache
def truth() -> SyntheticTruth:
    """Risks with and without a condition, and the shares with one, by municipality and age."""
    rows = contrasts(MODEL, (("job", "education"), ("job",), ("benefit",)), TIMES, ("all", "under_30", "30_and_over"))
    rows += [("share", "condition", name, "stratum", 0, share) for name, share in zip(STRATA, CONDITION, strict=True)]
    kinds = dict(zip(KINDS, KIND_SHARES, strict=True))
    described = {
        "model": MODEL,
        "condition_kinds": kinds,
        "exemptions_of_those_under_30_without_condition": dict(zip(EXEMPTIONS, EXEMPTION_SHARES, strict=True)),
        "sanction_share": SANCTION,
    }
    published = ("FE014", "FE015", "FE016", "FE017", "FE060")
    return SyntheticTruth(NAME, published, described, True, tuple(rows))


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth)
