"""Do the tables fit together: does everybody exist who is spoken of, and can what is told have happened?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from navoutcomes.records.model.findings import WARNING, Finding, found_where
from navoutcomes.records.model.tables import TableSchema, data_model

NEAR_DAYS = 30


def across_findings(frames: Mapping[str, pd.DataFrame], cutoff: date | None) -> list[Finding]:
    """What is wrong between tables. Assumes: each table by itself is right."""
    found: list[Finding] = []
    for name, frame in frames.items():
        found += _references(name, frame, frames)
        if cutoff is not None:
            found += _after_cutoff(data_model()[name], frame, cutoff)
    if "episode" in frames:
        found += _near_episodes(frames["episode"])
        if {"person", "programme"} <= frames.keys():
            found += _ages(frames["episode"], frames["person"], frames["programme"])
    return found


def _references(name: str, frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Keys of other tables that are not there; tables that were not given are not asked."""
    found: list[Finding] = []
    for field in data_model()[name].fields:
        if field.refers and field.name in frame and field.refers in frames:
            key = data_model()[field.refers].key[0]
            values = frame[field.name]
            bad = values.notna() & ~values.isin(frames[field.refers][key])
            found += found_where(name, "model_reference_missing", (field.name,), bad, other=field.refers)
    return found


def _after_cutoff(schema: TableSchema, frame: pd.DataFrame, cutoff: date) -> list[Finding]:
    """What has happened cannot have happened after the day the data were taken out."""
    found: list[Finding] = []
    after = pd.Timestamp(cutoff) + pd.Timedelta(days=1)
    happened = ("contact_date", "registered_date", "decision_date", "status_date", "valid_from", "assessed", "month")
    for field in schema.fields:
        if field.name not in happened or field.name not in frame:
            continue
        values = frame[field.name]
        moment = values.dt.to_timestamp() if field.kind == "month" else values
        found += found_where(
            schema.name, "model_after_cutoff", (field.name,), moment >= after, day=f"{cutoff:%d.%m.%Y}"
        )
    return found


def _near_episodes(frame: pd.DataFrame) -> list[Finding]:
    """A person with two episodes in one programme less than 30 days apart: one stay or two, the analyst says."""
    if not {"start_date", "end_date"} <= set(frame.columns):
        return []
    keys = ["person_id", "programme_id"]
    order = frame.sort_values([*keys, "start_date"], kind="stable")
    order = order[order["start_date"].notna()]
    same = order.duplicated(keys)
    reached = order.groupby(keys)["end_date"].shift(1)
    days = (order["start_date"] - reached).dt.days
    hit = pd.Series(False, index=frame.index)
    hit[order.index] = (same & (days < NEAR_DAYS)).to_numpy()
    return found_where("episode", "model_episodes_near", ("start_date", "end_date"), hit, WARNING, days=NEAR_DAYS)


def _ages(episode: pd.DataFrame, person: pd.DataFrame, programme: pd.DataFrame) -> list[Finding]:
    """People younger or older at the start than the programme's limits (a year's doubt, as only the year is known)."""
    if "start_date" not in episode or "birth_year" not in person or not {"age_min", "age_max"} & set(programme.columns):
        return []
    born = episode["person_id"].map(person.set_index("person_id")["birth_year"]).to_numpy(dtype=float, na_value=np.nan)
    turned = episode["start_date"].dt.year.to_numpy(dtype=float, na_value=np.nan) - born
    limits = programme.set_index("programme_id")
    bad = np.zeros(len(episode), dtype=np.bool_)
    for name, sign, doubt in (("age_min", -1, 0), ("age_max", 1, -1)):
        if name in programme:
            limit = episode["programme_id"].map(limits[name]).to_numpy(dtype=float, na_value=np.nan)
            bad |= sign * (turned + doubt) > sign * limit
    return found_where("episode", "model_age_outside", ("start_date",), bad, WARNING)
