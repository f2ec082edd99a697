"""Exits from measures as Nav's official statistics count them: out for two months, status six months later."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.extract import announce
from navoutcomes.records.months.outcomes import Outcomes, last_day
from navoutcomes.records.months.panel import MonthPanel
from navoutcomes.records.months.spells import months_from_spells
from navoutcomes.records.periods import first_days, periods
from navoutcomes.records.spells.exits import STILL_THERE
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.spells.stretches import Whole
from navoutcomes.records.spells.together import origin_of

STATUSES = {
    "ARBEID": "in_work",
    "ARBEID_OG_YTELSE": "work_and_benefit",
    "ARBEIDSSOKER": "job_seeker",
    "NEDSATT_ARBEIDSEVNE": "reduced_capacity",
    "UFORE": "disability_benefit",
    "ANNET": "elsewhere",
}
IN_JOB = ("in_work", "work_and_benefit")
ABSENT = "elsewhere"
OUT_FOR, STATUS_AFTER = 2, 6
NEVER = np.iinfo(np.int64).max // 2


@dataclass(frozen=True, eq=False, repr=False)
class NavExits(Outcomes):
    """The first exit of each person (``rows``, as ``Outcomes``) and all exits (``exits``).

    ``exits`` (a copy) has a row an exit: ``person``, ``month`` of the exit, ``status_month`` and ``status``, missing
    where that month is not covered yet. ``counts`` are the exits by status, those with a known one only;
    ``nav.from_counts(found.counts)`` gives the shares. ``undecided`` counts the exits whose status is not known.
    """

    _exits: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def exits(self) -> pd.DataFrame:
        """One row an exit, as a copy."""
        months = {name: periods(self._exits[name].to_numpy()) for name in ("month", "status_month")}
        return self._exits.assign(**months)

    @property
    def counts(self) -> dict[str, int]:
        """Exits by status six months later, all six statuses; exits whose status is not known are not in it."""
        found = self._exits["status"].value_counts()
        return {status: int(found.get(status, 0)) for status in STATUSES.values()}

    @property
    def undecided(self) -> int:
        """Exits whose status is not known: they are neither in work nor out of it."""
        return int(self._exits["status"].isna().sum())


@door
def nav_exit(measures: Spells | MonthPanel, status: MonthPanel) -> NavExits:
    """When did people leave Nav's measures by the official definition, and what was their status six months later?

    An exit in month m: in a measure in m, in none in m + 1 and m + 2. The status is that of month m + 6: in work, work
    and benefit, job seeker, reduced work capacity, disability benefit, or elsewhere. A person may leave several times.

    ``measures``: spells (any day in a measure counts for its month) or a panel of months, any state; leave out before
    what is no measure of Nav's. ``status``: a panel with the states ARBEID, ARBEID_OG_YTELSE, ARBEIDSSOKER,
    NEDSATT_ARBEIDSEVNE, UFORE and ANNET, one a person and month; who has none in a covered month is elsewhere.

    For curves, ``rows`` follow each person from the first month in a measure to the first exit, with ``ending`` "job"
    (in work, or work and benefit) or the other statuses; ``time`` counts the months in between, both included. Nobody
    is followed beyond the last month whose exits and statuses can be known.

    Raises: ``DataProblem`` for other states, two statuses of a person in one month, statuses that open after exits
    need them, and measures without a cut-off.
    Warns: ``DataWarning`` for people who began too late to be followed; they have no row.
    Reference: Nav, Om statistikken: Avgang fra arbeidsrettede tiltak til arbeid og stønad, section 4.1.
    """
    panel = measures if isinstance(measures, MonthPanel) else months_from_spells(measures)
    held = _statuses(status)
    taking = panel.within(panel.states)
    person, month = taking["person"].to_numpy(), taking["month"].to_numpy()
    following = np.append(np.where(person[1:] == person[:-1], month[1:], NEVER), NEVER)[: len(month)]
    left = (following > month + OUT_FOR) & (month + OUT_FOR <= panel.last)
    exits = taking[left].reset_index(drop=True).assign(status_month=month[left] + STATUS_AFTER)
    covered = exits["status_month"].between(status.first, status.last).to_numpy()
    before = int((exits["status_month"] < status.first).sum())
    if before:
        raise DataProblem("statuses_open_late", count=before, total=len(exits), opens=str(status.opens))
    keys = pd.MultiIndex.from_frame(exits[["person", "status_month"]])
    found = held.reindex(keys).to_numpy(dtype=object)
    absent = covered & pd.isna(found)
    exits["status"] = pd.Series(np.where(absent, ABSENT, found), dtype=object).mask(~covered, None)
    last = min(panel.last - OUT_FOR, status.last - STATUS_AFTER)
    rows, remarks = _first_exits(taking, exits, last)
    numbers = {"count": int((~covered).sum()), "total": len(exits)}
    remarks = [
        note("nav_exit_status_unknown", **numbers),
        note("nav_exit_elsewhere", count=int(absent.sum())),
        *remarks,
    ]
    definition = note("nav_exit_definition")
    origin = origin_of(panel.origin, status.origin)
    origin = replace(origin, cutoff=last_day(last), definitions=(*origin.definitions, definition))
    log = panel.log + (one for one in status.log if one not in panel.log.notes)
    announce(Log(tuple(remarks)))
    return NavExits(definition, "job", last, origin, Log((*log, definition, *remarks)), rows, exits)


def _statuses(status: MonthPanel) -> pd.Series[str]:
    """The status of each person and month."""
    frame = status._frame
    words = frame["state"].map({**STATUSES, **{word: word for word in STATUSES.values()}})
    unknown = int(words.isna().sum())
    if unknown:
        raise DataProblem("statuses_unknown", count=unknown, total=len(frame), allowed=tuple(STATUSES))
    twice = int(frame.duplicated(["person", "month"]).sum())
    if twice:
        raise DataProblem("two_statuses", count=twice, total=len(frame))
    keys = pd.MultiIndex.from_arrays([frame["person"], frame["month"]])
    return pd.Series(words.to_numpy(), index=keys)


def _first_exits(taking: pd.DataFrame, exits: pd.DataFrame, last: int) -> tuple[pd.DataFrame, list[Note]]:
    """Each person from the first month in a measure to the first exit, as far as it can be known."""
    first = taking.drop_duplicates("person").reset_index(drop=True)
    zero: Whole = first["month"].to_numpy()
    out = exits.drop_duplicates("person").set_index("person").reindex(first["person"])
    month = out["month"].to_numpy(dtype=float)
    known = month <= last
    ending = out["status"].mask(out["status"].isin(IN_JOB), "job").to_numpy(dtype=object)
    rows = pd.DataFrame({"person": first["person"], "time_zero": first_days(zero)})
    rows["month"] = np.where(known, month, np.nan)
    rows["time"] = np.where(known, month, float(last)) - zero + 1
    rows["ending"] = np.where(known, ending, STILL_THERE)
    rows["status"] = pd.Series(out["status"].to_numpy(dtype=object)).mask(~known, None)
    late = zero > last
    closes = f"{last_day(last):%d.%m.%Y}"
    facts = {"count": int(late.sum()), "total": len(rows), "closes": closes}
    remarks = [warning("outcomes_not_known_yet", **facts)] if late.any() else []
    return rows[~late].reset_index(drop=True), remarks
