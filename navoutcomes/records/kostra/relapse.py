"""How soon are those who completed the qualification programme back on social assistance?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Note, note, warning
from navoutcomes.records.extract import Extract
from navoutcomes.records.kostra.assistance import FORM as ASSISTANCE
from navoutcomes.records.kostra.assistance import kostra_support
from navoutcomes.records.kostra.programmes import COMPLETED, FORM, LOST, courses
from navoutcomes.records.kostra.years import Files, together, told, worded
from navoutcomes.records.origin import Origin

RELAPSE = "relapse"
AT_ONCE = ("avsl_ok_avklar", "avsl_uten_ok_avklar")


@door
def kvp_relapse(programmes: Files, assistance: Files) -> Extract:
    """How many months after the programme did each of those who completed it get social assistance again?

    ``programmes``: form 11CF; ``assistance``: form 11F of the same year and every later one, read with the same key or
    links. Completed means status 3 or 7; the first ending of a person counts.

    Shapes: a row a person, ready for ``Cohort.from_frame``: ``months`` from the month of the last day in the programme
    to the first later month with assistance, else to the last month the files cover; ``ending`` "relapse" or missing;
    ``at_once`` (whether the form itself says assistance right after, AVSL 15 or 16), start, end (the day after the
    last), exit_class, sex, birth_year, municipality_no. Those who ended in the last month of all are left out.
    Raises: ``DataProblem`` for years of 11F that are not there, for files without a common pseudonym, and when nobody
    is left; and as ``kvp_programmes``.
    Assumes: assistance in the month of the end itself belongs to the time before it. Work and other benefits do not
    stop observation here; moving away is not seen, and counts as no assistance.
    """
    whole, months = together(programmes, FORM), together(assistance, ASSISTANCE)
    linked = {
        one.linked for files in (programmes, assistance) for one in ((files,) if isinstance(files, Extract) else files)
    }
    if len(linked) > 1 or None in linked:
        raise DataProblem("kostra_not_linked", years=tuple(dict.fromkeys((*whole.years, *months.years))))
    frame, notes = courses(whole)
    notes = [one for one in notes if one.key not in ("kvp_began_before", "kvp_lost")]
    done = frame[frame["status"].isin(COMPLETED) & frame["exit_class"].notna() & (frame["exit_class"] != LOST)]
    done = done.sort_values("end", kind="stable").drop_duplicates("person").reset_index(drop=True)
    ended = _month(done["end"] - pd.Timedelta(days=1))
    last = (months.years[-1] - 1970) * 12 + 11
    needed = set(range(1970 + int(ended.min()) // 12, months.years[-1] + 1)) if len(done) else set()
    absent = sorted(needed - set(months.years))
    if absent:
        raise DataProblem("kvp_relapse_years", years=absent)
    followed = ended < last
    if not followed.any():
        raise DataProblem("kvp_nobody_completed", total=len(frame), year=months.years[-1])
    done, ended = done[followed].reset_index(drop=True), ended[followed]
    first = _first_later(done["person"], ended, kostra_support(assistance).frame)
    back = first >= 0
    done["months"] = pd.array(np.where(back, first, last) - ended, dtype="Int64")
    done["ending"] = worded(RELAPSE, back)
    done["at_once"] = done[list(AT_ONCE)].fillna(False).astype(bool).any(axis=1).astype("boolean")
    notes += _remarks(done, int((~followed).sum()), months.years[-1])
    kept = [
        "person",
        "start",
        "end",
        "exit_class",
        "months",
        "ending",
        "at_once",
        "sex",
        "birth_year",
        "municipality_no",
    ]
    table = done[[name for name in kept if name in done]].copy()
    result = told(whole, table, notes, {"months": "integer", "ending": "word", "at_once": "flag", "exit_class": "word"})
    sources = (*whole.origin.sources, *months.origin.sources)
    origin = Origin(sources, months.origin.cutoff, whole.origin.synthetic and months.origin.synthetic)
    return Extract(result.frame, origin, result.log, None, result.headers, result.kinds, result.rows, 1, False)


def _month(dates: pd.Series) -> np.ndarray:
    """Months counted from January 1970."""
    return dates.to_numpy().astype("datetime64[M]").astype(np.int64)


def _first_later(persons: pd.Series, ended: np.ndarray, support: pd.DataFrame) -> np.ndarray:
    """The first month with support after the month of the end, -1 where there is none. Shapes: (n,)."""
    paid = pd.DataFrame({"person": support["person"], "month": _month(support["month"])})
    met = pd.DataFrame({"person": persons, "row": np.arange(len(persons)), "ended": ended}).merge(paid, on="person")
    first = met[met["month"] > met["ended"]].groupby("row")["month"].min()
    return first.reindex(range(len(persons)), fill_value=-1).to_numpy(np.int64)


def _remarks(done: pd.DataFrame, unfollowed: int, year: int) -> list[Note]:
    """Who could not be followed, and how well the two forms agree."""
    notes = [note("kvp_relapse_followed", count=len(done), unfollowed=unfollowed, year=year)]
    next_month = done["at_once"].to_numpy(np.bool_) & (done["months"] == 1).to_numpy(np.bool_) & done["ending"].notna()
    stated = int(done["at_once"].sum())
    if stated:
        notes.append(warning("kvp_relapse_forms_differ", stated=stated, seen=int(next_month.sum())))
    return notes
