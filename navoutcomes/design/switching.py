"""People who change arm on the way, counted in the arm they are in: one row for each arm they have been in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.design.endings import ending_dates
from navoutcomes.design.protocol import Protocol
from navoutcomes.notes import Log

Events = tuple[tuple[str, str], ...]


def whole_courses(
    first: pd.DataFrame, spells: pd.DataFrame, protocol: Protocol, closes: pd.Timestamp,
    rules: tuple[Events, tuple[str, ...], bool],
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """One row a person, who has now followed all spells up to the outcome, and the spells that begin a new arm.

    ``first`` is each person's first spell, ``spells`` all of them by person and time zero. The last spell gives the end
    and the reason; time zero and everything else are the first spell's. A spell that ended in another way than the
    outcome and was followed by one in another arm ended in the change.
    """
    assert protocol.arms is not None
    column, zero = protocol.arms.column, protocol.time_zero
    several = spells.groupby("person")[column].transform("nunique") > 1
    course = spells[several & (spells[zero] < closes)]
    if course.empty:
        return first, course
    _, word, _ = ending_dates(course, protocol, closes, *rules, Log())
    got = (word == protocol.outcome).astype(int)
    done = got.groupby(course["person"]).cumsum() - got
    course = course[done == 0]
    last = course.drop_duplicates("person", keep="last").set_index("person")
    joined, known = first.copy(), first["person"].isin(last.index)
    for name in [one for one in ("end", "reason", "exit_class") if one in first]:
        joined.loc[known, name] = first.loc[known, "person"].map(last[name])
    new = course[column].ne(course.groupby("person")[column].shift())
    return joined, course[new]


def rows_by_arm(rows: pd.DataFrame, kept: pd.DataFrame, begun: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """Rows split where a person changes arm; each is indexed by its person's row, and only the last has an ending.

    Shapes: ``kept`` the rows' people, ``begun`` the spells that begin a new arm.
    """
    assert protocol.arms is not None
    zero = pd.Series(kept[protocol.time_zero].to_numpy(), index=kept["person"].to_numpy())
    changes = begun[begun["person"].isin(rows["person"])]
    if changes.empty:
        return rows
    since = (changes[protocol.time_zero] - changes["person"].map(zero)).dt.days.astype(float)
    parts = pd.DataFrame({"person": changes["person"], "since": since, "to": changes[protocol.arms.column]})
    parts["until"] = parts.groupby("person")["since"].shift(-1)
    split = rows.reset_index(names="row").merge(parts, on="person", how="left")
    whole, earlier = split["since"].isna(), split["until"].notna() & (split["until"] < split["time"])
    begins = split["since"].where(split["since"] > 0)
    split["entry"] = np.fmax(split["entry"], begins)
    split.loc[earlier, "time"], split.loc[earlier, "ending"] = split.loc[earlier, "until"], None
    split["arm"] = split["arm"].where(whole, split["to"])
    there = whole | ~(split["entry"] >= split["time"])
    return split[there].set_index("row").rename_axis(None)[rows.columns]
