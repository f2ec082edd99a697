"""How long does it take from an application for the qualification programme until it begins?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import note, warning
from navoutcomes.records.extract import Extract
from navoutcomes.records.kostra.programmes import FORM, courses
from navoutcomes.records.kostra.years import Files, together, told

SETTLED = 180
STARTED = "started"
KEPT = (
    "person", "registered_date", "decision_date", "start", "days", "days_to_decision", "ending", "municipality_no",
    "district", "sex", "birth_year", "children_u18",
)  # fmt: skip


@door
def kvp_waiting(files: Files, *, settled: int = SETTLED) -> Extract:
    """How many days did each applicant wait, from the application was registered (REG_DATO) until the programme began
    (BEGYNT_DATO)?

    ``files``: form 11CF of one year or several. ``settled``: applications of the last so many days (default 180) are
    left out: among them only those who began quickly can stand in the files, which would make waits look short.
    Applications before the first year are left out too, as the files hold only those of them who were still there.

    Shapes: a row a person (the first application), ready for ``Cohort.from_frame``: ``days`` until the start,
    ``days_to_decision``, and ``ending``, which is "started".
    Raises: ``DataProblem`` when somebody began before applying, or when nobody is left; and as ``kvp_programmes``.
    Assumes: the form lists only people who began. Those who were refused, withdrew or still wait are not in it, so that
    every share is one of those who began in the end; a remark says so.
    """
    if settled < 0:
        raise DataProblem("option_not_understood", option="settled=", allowed=("≥ 0",))
    whole = together(files, FORM)
    frame, notes = courses(whole)
    notes = [one for one in notes if one.key not in ("ends_made_exclusive", "kvp_began_before", "kvp_lost")]
    backwards = (whole.frame["start"] < whole.frame["registered_date"]).to_numpy()
    if backwards.any():
        raise DataProblem("kvp_start_before_application", **whole.found(backwards, "start", "registered_date"))
    last = whole.last_day - pd.Timedelta(days=settled)
    unknown = frame["registered_date"].isna()
    early, late = frame["registered_date"] < whole.first_day, frame["registered_date"] > last
    not_begun = frame["start"] > whole.last_day
    kept = frame[~(unknown | early | late | not_begun)].sort_values("registered_date", kind="stable")
    again = kept.duplicated("person")
    kept = kept[~again].reset_index(drop=True)
    if not len(kept):
        raise DataProblem(
            "kvp_nobody_waited", first=f"{whole.first_day:%d.%m.%Y}", last=f"{last:%d.%m.%Y}", total=len(frame)
        )
    counts = {"early": int(early.sum()), "late": int((late | not_begun).sum()), "unknown": int(unknown.sum())}
    facts = {"first": f"{whole.first_day:%d.%m.%Y}", "last": f"{last:%d.%m.%Y}", "settled": settled}
    notes.append(note("kvp_waiting_window", kept=len(kept), again=int(again.sum()), **counts, **facts))
    notes.append(warning("kvp_waiting_starters_only"))
    kept["days"] = (kept["start"] - kept["registered_date"]).dt.days.astype("Int64")
    kept["days_to_decision"] = (kept["decision_date"] - kept["registered_date"]).dt.days.astype("Int64")
    kept["ending"] = np.full(len(kept), STARTED, dtype=object)
    table = kept[[name for name in KEPT if name in kept]].copy()
    kinds = {"days": "integer", "days_to_decision": "integer", "ending": "word"}
    return told(whole, table, notes, kinds)
