"""Invented people in the shape of an office's own extract: its headers, its words, its years, and nobody who is in it.

The people are those of a programme's model. From the office's file come only what its columns are called and hold, the
words that at least five rows have, and the first and last month of the starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from navoutcomes.records.columns.aliases import EXIT_WORDS, USUAL_COLUMNS
from navoutcomes.records.columns.codebook import known_as, plain
from navoutcomes.records.columns.words import folded
from navoutcomes.records.extract import Extract
from navoutcomes.records.spells.stays import Spells

COMMON, MOST = 5, 12
MARK_HEADER, MARK = "Datagrunnlag", "Syntetiske data"
READ_ON = "Uttrekksdato"
LEFT_OUT = ("duration", "duration_weeks", "duration_months", "death_date", "extracted")
ANYBODY = ("office", "municipality_no", "Team", "Kommune")
FEW_DAYS, FEW = 14, 25


def in_own_shape(
    model: pd.DataFrame,
    headers: Mapping[str, str],
    own: Extract,
    spells: Spells,
    outcomes: Mapping[str, str],
    read_on: date,
    seed: int = 1,
) -> pd.DataFrame:
    """The model's people with the office's columns, words and years.

    Arguments: ``model`` a table of ``synthetic_tables`` and ``headers`` its names -> headers; ``own`` and ``spells``
    the office's file; ``outcomes`` from the model's exit classes to the office's words, "" for any other of its words;
    ``read_on`` the last day the office's register covers.
    Shapes: a row a person of the model; the columns of ``own`` that may be, under the office's headers where anybody
    knows them and else under the names a mapping gives them, so that it is read without one; a column with the day of
    extraction, and one that says the people are invented.
    """
    roll = np.random.Generator(np.random.PCG64(seed))
    people = pd.DataFrame({name: model[header] for name, header in headers.items() if header in model})
    people = _in_its_years(people, spells.frame, read_on)
    ending = "exit_class" if "exit_class" in own.headers else "reason"
    made: dict[str, pd.Series] = {}
    for name, written in own.headers.items():
        if name in LEFT_OUT:
            continue
        values, header = own.frame[name], _known(name, written)
        if name == ending:
            made[header] = _endings(people, spells, outcomes)
        elif name in people and name != "arm":
            made[header] = people[name]
        elif name == "arm" and name in people:
            made[header] = _renamed(people["arm"], _common(values))
        else:
            made[header] = _invented(name, values, people, roll)
    made[READ_ON] = pd.Series(pd.Timestamp(read_on), index=people.index)
    made[MARK_HEADER] = pd.Series(MARK, index=people.index)
    return pd.DataFrame(made)


def moved_to(model: pd.DataFrame, by: pd.Timedelta) -> pd.DataFrame:
    """The same people, every date so much later."""
    dates = model.select_dtypes("datetime").columns
    return model.assign(**{str(name): model[name] + by for name in dates})


def _in_its_years(people: pd.DataFrame, own: pd.DataFrame, read_on: date) -> pd.DataFrame:
    """Starts between the first and the last month of the office's, stays as long as they were, nothing after the end
    of the register."""
    first, last = own["start"].min().replace(day=1), own["start"].max() + pd.offsets.MonthEnd(0)
    low, high = people["start"].min(), people["start"].max()
    share = (people["start"] - low) / max(high - low, pd.Timedelta(days=1))
    later = (first + share * (last - first)).dt.normalize() - people["start"]
    dates = {str(name): people[name] + later for name in people.select_dtypes("datetime").columns}
    people = people.assign(**dates)
    for name in dates:
        people[name] = people[name].where(people[name] <= pd.Timestamp(read_on))
    return people[people["start"].notna()].reset_index(drop=True)


def _endings(people: pd.DataFrame, spells: Spells, outcomes: Mapping[str, str]) -> pd.Series:
    """Each ended spell's word; words of the office that no class of the model stands for are dealt out in turn."""
    words = people["exit_class" if "exit_class" in people else "reason"]
    classes = words.map(lambda word: EXIT_WORDS.get(folded(str(word)), "other"))
    own = sorted({str(one) for one in spells.frame["exit_class"].dropna().unique()} - {"censored"})
    free = [one for one in own if one not in outcomes.values()] or ["other"]
    kept = {one: outcomes.get(one) or one if one in outcomes or one in own else "" for one in classes.unique()}
    found = classes.map(kept)
    turn = pd.Series(np.array(free, dtype=object)[np.arange(len(people)) % len(free)], index=people.index)
    return found.where(found != "", turn).mask(people["end"].isna())


def _known(name: str, header: str) -> str:
    """What the column is called where no mapping says what it is."""
    column = next((one for one in USUAL_COLUMNS.columns if one.name == name), None)
    return header if header == name or (column is not None and plain(header) in known_as(column)) else name


def _common(values: pd.Series) -> list[str]:
    number = values.dropna().astype(str).value_counts()
    return [str(word) for word in number.index[number >= COMMON]][:MOST]


def _renamed(words: pd.Series, own: Sequence[str]) -> pd.Series:
    """Each word of the model as one of the office's, in the order of how common they are."""
    ranked = list(words.value_counts().index)
    return words.map({word: own[at % len(own)] for at, word in enumerate(ranked)}) if own else words


def _invented(name: str, values: pd.Series, people: pd.DataFrame, roll: np.random.Generator) -> pd.Series:
    """A column the model does not have: words dealt at random, small numbers, days soon after the start."""
    size = len(people)
    if pd.api.types.is_datetime64_any_dtype(values):
        if name == "birth_date":
            return people["start"] - pd.to_timedelta(roll.integers(18 * 365, 60 * 365, size), unit="D")
        return people["start"] if name == "decision_date" else _soon(people, roll)
    if pd.api.types.is_bool_dtype(values):
        return pd.Series(roll.choice(["Ja", "Nei"], size), index=people.index)
    if pd.api.types.is_numeric_dtype(values):
        return pd.Series(roll.integers(0, FEW, size), index=people.index)
    words = [] if name in ANYBODY else _common(values)
    return pd.Series(roll.choice(words or [f"{name} {at}" for at in range(1, 9)], size), index=people.index)


def _soon(people: pd.DataFrame, roll: np.random.Generator) -> pd.Series:
    """Some days after the start, and never after the end or the last day of the register."""
    days = people["start"] + pd.to_timedelta(roll.integers(0, FEW_DAYS, len(people)), unit="D")
    limit = people.get("end", days)
    return days.where(limit.isna() | (days <= limit), people["start"])
