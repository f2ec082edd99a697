"""The extract of Aktivtiltaket: decisions and places, and social assistance and work month by month."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.aktivtiltaket_model import CLOSES, MODEL, QUOTAS, SIZE, STRATA, UNDER_30
from navoutcomes.records.synthetic.programmes.assistance import (
    CHANCES,
    assistance_table,
    months_on_assistance,
)
from navoutcomes.records.synthetic.programmes.calendar import dates
from navoutcomes.records.synthetic.programmes.curves import curves, pooled
from navoutcomes.records.synthetic.programmes.estimands import Row, contrasts
from navoutcomes.records.synthetic.programmes.model import draw
from navoutcomes.records.synthetic.programmes.programme import (
    CANDIDATES,
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

NAME = "aktivtiltaket"
SEED, READ = 2020, date(2020, 12, 31)
WORDS = {"job": "Arbeid", "education": "Utdanning", "benefit": "Arbeidsavklaringspenger", "other": "Annet"}
TIMES = (30, 91, 183, 365, 548)
LANDMARK = 30
MUNICIPALITIES = (("1548", "Fræna"), ("1548", "Fræna"), ("1551", "Eide"), ("1551", "Eide"))
OFFER_DAYS = 22
NEVER_CAME = 0.12
QUITS_DAYS = 150.0


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; by default as many as published in each municipality, under 30 and over."""
    if size is not None:
        return draw(MODEL, size, seed)
    drawn = draw(MODEL, CANDIDATES * SIZE, seed)
    return filled(drawn, drawn["stratum"], dict(enumerate(QUOTAS)))


def tables(drawn: pd.DataFrame, seed: int, read: date) -> Tables:
    """The main table and the months."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    return {NAME: _main(drawn, read), f"{NAME}_maneder": assistance_table(drawn, seed, read)}


def _main(drawn: pd.DataFrame, read: date) -> pd.DataFrame:
    begins, last, why = places(drawn, read)
    end, word = outcome(drawn, WORDS, read)
    municipality = np.array(MUNICIPALITIES)[drawn["stratum"]]
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": "AKTIVTILTAKET",
            "Kommunenummer": municipality[:, 0],
            "Kommune": municipality[:, 1],
            "Gruppe": np.array(MODEL.arms)[drawn["arm"]],
            "Aktivitetsplikt": yes_no(drawn["stratum"].isin(UNDER_30)),
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Nedsatt arbeidsevne": yes_no(drawn["reduced"]),
            "Måneder på sosialhjelp før": drawn["months"],
            "Vedtaksdato": drawn["start"],
            "Plass fra": begins,
            "Plass til": last,
            "Hvorfor plassen sluttet": why,
            "Fra dato": drawn["start"],
            "Til dato": end,
            "Utfall": word,
        }
    )
    return closed(frame, read)


def places(drawn: pd.DataFrame, read: date) -> tuple[pd.Series, pd.Series, pd.Series]:
    """First and last day of the place and why it ended. A place begins within 28 days of the decision, if it begins.

    The programme closes for everybody at the end of 2019. That ends places, never the follow-up of the outcome.
    """
    decided = drawn["start"].to_numpy().astype("datetime64[D]")
    wait = 3 + (OFFER_DAYS * drawn["u_delay"]).astype(np.int64).to_numpy()
    begins = np.busday_offset(decided + wait, 0, roll="forward")
    got = (drawn["arm"] == 1).to_numpy() & (begins < decided + drawn["days"].to_numpy())
    got &= (drawn["u_shows"] >= NEVER_CAME).to_numpy()
    quits = begins + 1 + (-QUITS_DAYS * np.log1p(-drawn["u_quits"])).astype(np.int64).to_numpy()
    every = np.stack([decided + drawn["days"].to_numpy() - 1, quits, np.full(len(quits), np.datetime64(CLOSES))])
    words = np.array(["Utfall i registeret", "Sluttet å møte", "Tiltaket lagt ned"])
    last, why = every.min(axis=0), words[every.argmin(axis=0)]
    seen, begun = got & until(read, last), got & until(read, begins)
    return dates(begins).where(begun), dates(last).where(seen), pd.Series(why).where(seen)


@cache
def truth() -> SyntheticTruth:
    """Risks of work or education and of each ending, by offer; from a landmark; months on assistance; what misleads."""
    young = tuple(STRATA[place] for place in UNDER_30)
    outcomes = (("job", "education"), ("job",), ("education",))
    rows = contrasts(MODEL, outcomes, TIMES, ("all", "under_30", "30_and_over"))
    rows += contrasts(MODEL, (("benefit",), ("other",)), TIMES)
    for among in ("all", "under_30"):
        rows += _landmark(among) + _assistance(among)
    described = {
        "model": MODEL,
        "under_30": young,
        "hidden_from_the_extract": ["keen"],
        "place": {
            "begins_within_days": OFFER_DAYS + 6,
            "never_came": NEVER_CAME,
            "mean_days_until_quitting": QUITS_DAYS,
        },
        "programme_closes": str(CLOSES),
        "follow_up_of_the_outcome_stops": "only at the outcome, another ending or the day of extraction",
        "months": CHANCES,
        "effect_runs_from": "the decision, for everybody offered a place, whether they came or not",
    }
    return SyntheticTruth(
        NAME, ("FE014", "FE015", "FE016", "FE017", "FE023", "FE024", "FE027"), described, True, tuple(rows)
    )


def _landmark(among: str) -> list[Row]:
    """Risks from day 30 among those still there on that day, by offer."""
    rows: list[Row] = []
    both, causes = f"{MODEL.arms[1]} - {MODEL.arms[0]}", ("job", "education")
    risk = []
    for arm, name in enumerate(MODEL.arms):
        out, gone = pooled(MODEL, causes, 365, arm, among), pooled(MODEL, MODEL.hazards.causes, 365, arm, among)
        risk.append((out - out[LANDMARK]) / (1 - gone[LANDMARK]))
        rows.append((f"risk from day {LANDMARK}", "job+education", name, among, 365, float(risk[arm][365])))
    difference = float(risk[1][365] - risk[0][365])
    return [*rows, (f"risk from day {LANDMARK}, difference", "job+education", both, among, 365, difference)]


def _assistance(among: str) -> list[Row]:
    rows: list[Row] = []
    both, measure = f"{MODEL.arms[1]} - {MODEL.arms[0]}", "months on social assistance"
    for months in (6, 12):
        by_arm = [months_on_assistance(MODEL, curves(MODEL, 31 * 20, arm, among), months) for arm in (0, 1)]
        rows += [(measure, "", name, among, months, found) for name, found in zip(MODEL.arms, by_arm, strict=True)]
        rows.append((f"{measure}, difference", "", both, among, months, by_arm[1] - by_arm[0]))
    return rows


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth)
