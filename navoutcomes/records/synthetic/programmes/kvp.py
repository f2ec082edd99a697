"""The extract of the Qualification Programme in Fræna and Eide: applications, waiting, the programme, and relapse.

Participants in the course of 2017, 2018 and 2019 (1, 8 and 12) and a wait of one to two months are published. The rest
is invented.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.calendar import dates
from navoutcomes.records.synthetic.programmes.estimands import Row, risks
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Model, draw
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum, chosen
from navoutcomes.records.synthetic.programmes.programme import SEX, Programme, Tables, closed, until
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth

NAME = "kvp"
SEED, READ = 2017, date(2019, 12, 31)
PARTICIPANTS = {2017: 1, 2018: 8, 2019: 12}
IN_VAIN = 6
SIZE = 21
WAIT = (30, 61)
FATES, FATE_SHARES = ("started", "withdrew", "refused"), (0.82, 0.11, 0.07)
LONGEST = 730
TIMES = (91, 183, 365, 548, 730)
RELAPSE = {"job": 0.12, "education": 0.15, "benefit": 0.10, "no_show": 0.75, "other": 0.45}
RELAPSE_DAYS = 150.0
WORDS = {
    "job": "Arbeid",
    "education": "Utdanning",
    "benefit": "Arbeidsavklaringspenger",
    "no_show": "Manglende oppmøte",
    "other": "Annet",
}

MODEL = Model(
    population=Population(
        strata=(Stratum("all", 1.0, (19, 59)),),
        months=Months(mean=10.0, per_year=0.3, most=48),
        traits={"woman": 0.48},
    ),
    hazards=Hazards(
        cuts=(0.0, 91.0, 183.0, 365.0, 548.0),
        monthly={
            "job": (0.006, 0.014, 0.022, 0.030, 0.040),
            "education": (0.002, 0.004, 0.006, 0.008, 0.010),
            "benefit": (0.002, 0.005, 0.008, 0.012, 0.020),
            "no_show": (0.010, 0.008, 0.005, 0.004, 0.003),
            "other": (0.003, 0.004, 0.006, 0.012, 0.090),
        },
        slopes={
            "job": {"age": -0.15, "months": -0.25},
            "benefit": {"age": 0.35, "months": 0.15},
            "no_show": {"age": -0.40},
        },
    ),
    first=date(2016, 10, 3),
    last=date(2019, 10, 15),
    extra=("fate", "wait", "relapse", "again"),
)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; by default so many that the years have the published participants, otherwise ``size``."""
    if size is not None:
        return draw(MODEL, size, seed)
    drawn = draw(MODEL, 4000, seed)
    fate, wait, last = courses(drawn)
    first = drawn["start"] + pd.to_timedelta(wait, unit="D")
    room, kept = dict(PARTICIPANTS), []
    waiting = IN_VAIN
    for row, started in enumerate(fate == "started"):
        years = [year for year in room if started and first[row].year <= year <= last[row].year]
        if started and (not years or any(room[year] == 0 for year in years)):
            continue
        if not started and waiting == 0:
            continue
        waiting -= not started
        for year in years:
            room[year] -= 1
        kept.append(row)
        if not any(room.values()) and waiting == 0:
            break
    return drawn.iloc[kept].reset_index(drop=True)


def courses(drawn: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    """What became of each application, after how many days, and the last day of the programme for those who started."""
    fate = np.array(FATES)[chosen(drawn["u_fate"].to_numpy(), np.array(FATE_SHARES))]
    low, high = WAIT
    until_start = low + ((high + 1 - low) * drawn["u_wait"]).astype(int)
    wait = np.where(fate == "started", until_start, 3 + (57 * drawn["u_wait"]).astype(int))
    stay = np.minimum(drawn["days"], LONGEST)
    return fate, wait, drawn["start"] + pd.to_timedelta(wait + stay - 1, unit="D")


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table: application, decision, start, end with its reason, and the first month of assistance afterwards.

    Those who never started have the day of the answer as their end, the reason says so, and they have no start.
    """
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    fate, wait, last = courses(drawn)
    started = fate == "started"
    answered = drawn["start"] + pd.to_timedelta(wait, unit="D")
    answered = answered.where(until(read, answered))
    cause = drawn["cause"].where(drawn["days"] <= LONGEST, "other")
    why = cause.map(WORDS).where(started, "Startet ikke")
    end = last.where(started, answered)
    over = until(read, end) & answered.notna()
    back = last + pd.to_timedelta(1 + (-RELAPSE_DAYS * np.log1p(-drawn["u_again"])).astype(int), unit="D")
    again = started & (drawn["u_relapse"] < cause.map(RELAPSE)).to_numpy() & until(read, back)
    in_vain = pd.Series(np.where(fate == "withdrew", "Trukket søknaden", "Avslag"))
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "KVP",
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Måneder på sosialhjelp før": drawn["months"],
            "Søknad registrert": drawn["start"],
            "Vedtaksdato": answered,
            "Begynt dato": answered.where(started),
            "Avsluttet dato": end.where(over),
            "Avslutningsårsak": why.where(over),
            "Hvorfor ikke startet": in_vain.where(~started & over),
            "Tilbake til sosialhjelp": dates(back).where(again),
        }
    )
    return {NAME: closed(frame, read)}


@cache
def truth() -> SyntheticTruth:
    """Share started within days of applying, endings from the start, and relapse within a year of the end."""
    rows = risks(MODEL, tuple((cause,) for cause in WORDS), TIMES)
    rows += [("risk", "started", "all", "applicants", day, _started(day)) for day in (30, 60, 90)]
    rows += _relapse()
    described = {
        "model": MODEL,
        "fates": dict(zip(FATES, FATE_SHARES, strict=True)),
        "days_until_start": {"distribution": "whole days, all equally likely", "from": WAIT[0], "to": WAIT[1]},
        "days_until_withdrawal_or_refusal": {"from": 3, "to": 59},
        "longest_programme_days": LONGEST,
        "relapse": RELAPSE,
        "relapse_mean_days": RELAPSE_DAYS,
        "participants": {str(year): count for year, count in PARTICIPANTS.items()},
    }
    return SyntheticTruth(NAME, ("FE042", "FE043", "FE044", "FE046", "FE047"), described, True, tuple(rows))


def _started(day: int) -> float:
    low, high = WAIT
    return FATE_SHARES[0] * float(np.clip(day - low + 1, 0, high + 1 - low)) / (high + 1 - low)


def _relapse() -> list[Row]:
    within = float(-np.expm1(-365 / RELAPSE_DAYS))
    return [
        ("risk of assistance again", cause, "all", "ended", 365, share * within) for cause, share in RELAPSE.items()
    ]


PROGRAMME = Programme(
    NAME, SIZE, SEED, READ, people, tables, truth, "Avsluttet dato", "Avslutningsårsak", "Begynt dato"
)
