"""The extract of IPS and standard follow-up: who was referred, months in work, and each office's fidelity.

The default seed is one whose few people lie near the truth, so that the small file shows what the model holds; other
seeds do not, and that is a lesson of its own.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from navoutcomes.records.synthetic.programmes.calendar import dates
from navoutcomes.records.synthetic.programmes.curves import curves
from navoutcomes.records.synthetic.programmes.estimands import TIMES, Row, contrasts
from navoutcomes.records.synthetic.programmes.fidelity import fidelity_table
from navoutcomes.records.synthetic.programmes.ips_model import (
    BACK_TO_WORK,
    CLOSES,
    FIDELITY,
    IPS,
    MONTHS_36,
    STANDARD,
    STAYS_IN_WORK,
    model,
)
from navoutcomes.records.synthetic.programmes.model import draw
from navoutcomes.records.synthetic.programmes.population import Floats
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
from navoutcomes.records.synthetic.programmes.work import MONTHS_AFTER, work_table
from navoutcomes.records.synthetic.programmes.work_truth import begun_by, first_month, in_work, sustained

NAME = "ips_and_standard"
SIZE, SEED, READ = IPS + STANDARD, 2023, date(2022, 12, 31)
WORDS = {"job": "Arbeid", "benefit": "Uføretrygd", "other": "Annet"}
CODES = ("OPPFOLGING", "INDIVIDUELL_JOBBSTOTTE")
WAIT_DAYS, STAY_DAYS = 18.0, 260.0
MONTHS = (6, 12, 24, 36)


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The people of a seed; by default 167 in IPS and 101 in standard follow-up, otherwise any ``size`` persons."""
    if size is not None:
        return draw(model(), size, seed)
    drawn = draw(model(), CANDIDATES * SIZE, seed)
    return filled(drawn, drawn["arm"], {1: IPS, 0: STANDARD})


def tables(drawn: pd.DataFrame, seed: int, read: date) -> Tables:
    """The main table, the months in work, and the fidelity assessments."""
    drawn = drawn[drawn["start"] <= pd.Timestamp(read)].reset_index(drop=True)
    return {
        NAME: _main(drawn, read),
        f"{NAME}_arbeid": work_table(drawn, seed, read),
        f"{NAME}_kvalitet": fidelity_table(FIDELITY, read),
    }


def _main(drawn: pd.DataFrame, read: date) -> pd.DataFrame:
    met, left, why = _participation(drawn, read)
    end, word = outcome(drawn, WORDS, read)
    ips = drawn["arm"] == 1
    office = drawn["office"].to_numpy() + 1
    specialist = 2 * office - (drawn["u_specialist"] < 0.5)
    frame = pd.DataFrame(
        {
            "Løpenummer": drawn["person"],
            "Tiltak": np.array(CODES)[drawn["arm"]],
            "Gruppe": np.array(model().arms)[drawn["arm"]],
            "NAV-kontor": [f"Kontor {number}" for number in office],
            "Henvisningsteam": [
                f"Team {number}-{1 + (u >= 0.5)}" for number, u in zip(office, drawn["u_team"], strict=True)
            ],
            "Spesialistkode": pd.Series([f"Spesialist {number}" for number in specialist]).where(ips),
            "Kvalitetsskår IPS-25": pd.array(np.array(FIDELITY)[drawn["office"]], dtype="Int64"),
            "Kjønn": np.array(SEX)[drawn["woman"]],
            "Fødselsår": drawn["start"].dt.year - drawn["age"],
            "Alder ved start": drawn["age"],
            "Psykiske helseplager": yes_no(drawn["health"]),
            "Måneder på sosialhjelp før": drawn["months"],
            "Henvist dato": drawn["start"],
            "Oppmøtt dato": met,
            "Siste dag i tiltaket": left,
            "Hvorfor tiltaket sluttet": why,
            "Til dato": end,
            "Utfall": word,
        }
    )
    frame["Kvalitetsskår IPS-25"] = frame["Kvalitetsskår IPS-25"].where(ips)
    return closed(frame, read)


def _participation(drawn: pd.DataFrame, read: date) -> tuple[pd.Series, pd.Series, pd.Series]:
    """First meeting, last day in the programme and why it ended; the office's own view, not the outcome.

    In IPS only those who would come do; standard follow-up meets everybody. IPS closes for everybody on one day.
    """
    start = drawn["start"].to_numpy().astype("datetime64[D]")
    wait = 1 + (-WAIT_DAYS * np.log1p(-drawn["u_met"])).astype(np.int64)
    met = np.busday_offset(start + wait.to_numpy(), 0, roll="forward")
    comes = ((drawn["arm"] == 0) | (drawn["comes"] == 1)).to_numpy()
    came = comes & (met < start + drawn["days"].to_numpy())
    stay = 1 + (-STAY_DAYS * np.log1p(-drawn["u_stayed"])).astype(np.int64)
    ends = {
        "Utfall i registeret": start + drawn["days"].to_numpy() - 1,
        "Avsluttet etter avtale": met + stay.to_numpy(),
        "Tiltaket lagt ned": np.where(drawn["arm"] == 1, np.datetime64(CLOSES), np.datetime64("2099-12-31")),
    }
    every = np.stack(list(ends.values()))
    first = every.min(axis=0)
    why = np.array(list(ends))[every.argmin(axis=0)]
    stopped = (why == "Avsluttet etter avtale") & (drawn["u_left"] < 0.3).to_numpy()
    why = np.where(stopped, "Sluttet å møte", why)
    last = np.where(came, np.maximum(first, met), start + 60)
    why = np.where(came, why, np.where(comes, "Utfall i registeret", "Møtte aldri"))
    last = np.where(came | ~comes, last, ends["Utfall i registeret"])
    seen, seen_met = until(read, last), until(read, met) & came
    return dates(met).where(seen_met), dates(last).where(seen), pd.Series(why).where(seen)


@cache
def truth() -> SyntheticTruth:
    """Risks of a first job, differences and mean times with and without IPS, and the share in work month by month."""
    asked = model()
    rows = contrasts(asked, (("job",),), TIMES, ("all", "arm", "comes"))
    rows += contrasts(asked, (("benefit",), ("other",)), TIMES)
    for month in MONTHS:
        rows += _month_rows(month)
    described = {
        "model": asked,
        "in_work_after_the_first_job": {"stays": STAYS_IN_WORK, "comes_back": BACK_TO_WORK, "unit": "month"},
        "fidelity": FIDELITY,
        "programme_closes": str(CLOSES),
        "follow_up_of_the_outcome_stops": "only at the outcome, another register ending or the day of extraction",
        "calibrated": f"risk difference 0.12 at 730 days and 0 at {MONTHS_36} days among all referred (SE-KLAR)",
    }
    published = ("FE032", "FE033", "FE035", "B023", "B024", "B025", "B026")
    return SyntheticTruth(NAME, published, described, True, tuple(rows))


def _month_rows(month: int) -> list[Row]:
    """Shares by calendar month: in competitive work then, and a first month and three in a row by then."""
    names, rows = model().arms, []
    measures = {
        "share in competitive work in month": in_work,
        "risk of a first month in competitive work": first_month,
        "risk of three months in competitive work": sustained,
    }
    for measure, counted in measures.items():
        shares = [float(counted(begun, STAYS_IN_WORK, BACK_TO_WORK)[month]) for begun in _begun()]
        rows += [(measure, "job", name, "all", month, share) for name, share in zip(names, shares, strict=True)]
        rows.append((f"{measure}, difference", "job", f"{names[1]} - {names[0]}", "all", month, shares[1] - shares[0]))
    return rows


@cache
def _begun() -> tuple[Floats, Floats]:
    """Share whose first job had begun by the end of each calendar month, without and with IPS."""
    without, with_it = (
        begun_by(curves(model(), 31 * (MONTHS_AFTER + 2), arm)["job"], model().days, MONTHS_AFTER) for arm in (0, 1)
    )
    return without, with_it


PROGRAMME = Programme(NAME, SIZE, SEED, READ, people, tables, truth, start="Henvist dato")
