"""Spells of a register laid end to end: in which state was each person, day by day, from the first spell on?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from navoutcomes.design.people import positions
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.records.spells.stays import Spells

ALONE = "programme"


def stays(
    spells: Spells,
    programmes: Mapping[str, str] | None,
    exits: Mapping[str, str | None],
    closes: date | None,
) -> pd.DataFrame:
    """A row a stay: the columns of the spells, and start_day, stop_day, state_from, state_to.

    Raises as ``Transitions.from_spells``.
    """
    frame = spells.frame.sort_values(["person", "start"], kind="stable").reset_index(drop=True)
    end_of_register = _closes(spells, closes)
    late = frame["start"].isna() | (frame["start"] >= end_of_register)
    if late.any():
        at = positions(late)
        raise DataProblem("register_closes_early", column="start", rows=at, count=len(at), total=len(frame))
    programme = _programme(frame, programmes)
    ended = frame["end"].notna() & (frame["end"] <= end_of_register)
    leads = _after(frame, ended, exits)
    end = frame["end"].where(ended, end_of_register)
    person, start = frame["person"].to_numpy(), frame["start"]
    same = np.append(person[1:] == person[:-1], False)
    next_start = start.shift(-1).where(pd.Series(same), end_of_register)
    at_once = same & (next_start <= end).to_numpy()
    spell = frame.assign(
        begin=start, until=end, state_from=programme, state_to=programme.shift(-1).where(pd.Series(at_once), leads)
    )
    # The state a spell leads to lasts until the next spell, where there is time for it.
    waits = leads.notna().to_numpy() & ~at_once & (next_start > end).to_numpy()
    between = frame.assign(begin=end, until=next_start, state_from=leads, state_to=programme.shift(-1).where(same))
    rows = pd.concat([spell, between[waits]]).sort_index(kind="stable").reset_index(drop=True)
    zero = rows.groupby("person", sort=False)["begin"].transform("min")
    days = {"start_day": _days(rows["begin"] - zero), "stop_day": _days(rows["until"] - zero)}
    return rows.assign(**days).drop(columns=["begin", "until"])


def _days(length: pd.Series) -> pd.Series:
    return length.dt.total_seconds() / 86_400


def _closes(spells: Spells, closes: date | None) -> pd.Timestamp:
    """The day after the last day the register covers."""
    last = spells.cutoff if closes is None else closes
    if last is None:
        raise DesignProblem("last_day_needed")
    return pd.Timestamp(last) + pd.Timedelta(days=1)


def _programme(frame: pd.DataFrame, programmes: Mapping[str, str] | None) -> pd.Series:
    if "programme" not in frame:
        return pd.Series(ALONE, index=frame.index, dtype=object)
    if programmes is None:
        return frame["programme"].astype(object)
    return _mapped(frame["programme"], programmes, pd.Series(True, index=frame.index))


def _after(frame: pd.DataFrame, ended: pd.Series, exits: Mapping[str, str | None]) -> pd.Series:
    """The state each spell leads to; empty while it goes on, and where nobody saw the person afterwards."""
    blank = ended & frame["exit_class"].isna()
    if blank.any():
        at = positions(blank)
        raise DataProblem("exit_class_missing", column="exit_class", rows=at, count=len(at), total=int(ended.sum()))
    return _mapped(frame["exit_class"], exits, ended)


def _mapped(words: pd.Series, meaning: Mapping[str, str | None], used: pd.Series) -> pd.Series:
    unnamed = sorted({str(one) for one in words[used].unique()} - set(meaning))
    if unnamed:
        count = int(words[used].isin(unnamed).sum())
        raise DesignProblem("state_unnamed", column=str(words.name), words=unnamed, known=list(meaning), count=count)
    return words.astype(object).map(dict(meaning)).where(used)
