"""Is the way to a job longer at first? The difference from the first day, and the net time in work up to each month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.start_times import unit_text
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.contrast import Effects, contrast, named_reference
from navoutcomes.estimate.result import tidy
from navoutcomes.estimate.risk_table import RiskTable, as_risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.notes import Log, note, warning

MONTHS = {"days": 30.4375, "weeks": 30.4375 / 7, "months": 1.0, "years": 1 / 12}
AFTER = 6
NET = "restricted mean time lost difference"


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class LockIn(Effects):
    """Differences in shares that have left for a cause, and their area up to each month (net time in work, as long as a
    job lasts); ``curve`` has the difference at every time at which somebody leaves."""

    horizon: float
    _curve: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def curve(self) -> pd.DataFrame:
        """The difference from time zero on, with its interval: one row a group and time. A copy."""
        return self._curve.copy()

    @property
    def net(self) -> pd.DataFrame:
        """Net time up to each month, with its interval. A copy."""
        return self._table[self._table["measure"] == NET].reset_index(drop=True)

    def at(self, times: float | Sequence[float]) -> pd.DataFrame:
        """The difference at stated times, in the follow-up's unit; not a number beyond the horizon.

        Shapes: one row a group and time, the columns of ``curve``.
        """
        wanted = self.counts.clock(times)
        parts = []
        for group in dict.fromkeys(self._curve["group"]):
            own = self._curve[self._curve["group"] == group].reset_index(drop=True)
            moments = own["time"].to_numpy()
            place = np.searchsorted(moments, wanted * (1 + 1e-9) + 1e-9, side="right") - 1
            found = own.iloc[place].reset_index(drop=True)
            beyond = wanted > self.horizon * (1 + 1e-9)
            found.loc[beyond, ["estimate", "std_error", "conf_low", "conf_high"]] = np.nan
            parts.append(found.assign(time=wanted))
        return pd.concat(parts, ignore_index=True)


@door
def lock_in(
    people: FollowUp | RiskTable,
    by: str = "arm",
    horizon: float | None = None,
    programme_length: float | None = None,
    cause: str | None = None,
    reference: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
) -> LockIn:
    """Do participants find work later at first, when do they catch up, and is the time in work made up for?

    Arguments: ``by`` a column; ``horizon`` how far, in the follow-up's unit (None: as far as all groups are followed);
    ``programme_length`` how long the programme lasts, in the same unit: a horizon of less than six months more gives a
    finding; ``cause`` an ending (None: the outcome); ``reference`` the group compared with (None: the protocol's);
    ``level`` and ``errors`` as in ``contrast``.
    Shapes: ``table`` has a row a group other than the reference, month and measure: risk difference (0.10 is 10
    percentage points) and net time up to then, in the follow-up's unit; ``curve`` one a group and time at which
    somebody leaves.
    Raises: ``DesignProblem`` as ``contrast``; for a horizon beyond follow-up.
    Assumes: as ``contrast``; a job counts as lasting from its beginning to the horizon.
    Reference: van Ours 2004 (lock-in); Andersen 2013 (time lost to a cause).
    """
    counts = as_risk_table(people, by)
    persons = {name: counts.persons(name) for name in counts.groups}
    base = named_reference(persons, reference or counts.reference, str(by))
    place = counts.cause(cause)
    last = _reach(counts, horizon)
    ask = partial(contrast, counts, by, cause=counts.causes[place], reference=base, level=level, errors=errors)
    per = counts.months_per_unit or 1.0
    moments = np.unique(np.concatenate([one.time[one.exits > 0] for one in counts.groups.values()]))
    moments = moments[(moments > 0) & (moments <= last * (1 + 1e-12))]
    if not len(moments):
        raise DesignProblem("times_needed", argument="horizon")
    steps = ask(at=tuple(moments / per)).table
    months = ask(at=tuple(_months(counts, last) / per), measure=("risk difference", NET))
    curve = _from_zero(counts, steps, base, place)
    return LockIn(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_lock_in"), *months.method),
        findings=months.findings + _findings(counts, curve, months.table, last, programme_length),
        reference=base,
        randomised=counts.randomised,
        counts=counts,
        again=partial(
            lock_in, by=by, horizon=horizon, programme_length=programme_length, cause=cause, reference=base,
            level=level, errors=errors,
        ),
        horizon=last,
        _curve=curve,
        _table=months.table,
    )  # fmt: skip


def _reach(counts: RiskTable, horizon: float | None) -> float:
    """Until when all groups are followed, or have all left, on the table's own clock."""
    ends = []
    for one in counts.groups.values():
        last = float(one.time[one.exits > 0].max())
        complete = one.censored[one.time == last].sum() == 0
        ends.append(float("inf") if complete else last)
    reach = min(ends)
    if not np.isfinite(reach):
        reach = max(float(one.time[one.exits > 0].max()) for one in counts.groups.values())
    if horizon is None:
        return reach
    asked = float(counts.clock(horizon, "horizon")[0])
    if asked <= 0 or (asked > reach * (1 + 1e-12) and np.isfinite(min(ends))):
        short = min(
            counts.groups, key=lambda name: float(counts.groups[name].time[counts.groups[name].exits > 0].max())
        )
        raise DesignProblem("horizon_beyond_follow_up", asked=f"{asked:g}", group=short, longest=f"{reach:g}")
    return asked


def _months(counts: RiskTable, last: float) -> Floats:
    """Each month's end up to the last, on the table's own clock; another unit counts as it is."""
    step = 1.0 if counts.months_per_unit is not None else MONTHS.get(counts.unit, 1.0)
    whole = np.arange(1, int(np.floor(last / step + 1e-9)) + 1) * step
    if len(whole) > 120:
        whole = whole[:: int(np.ceil(len(whole) / 120))]
    return whole if len(whole) and whole[-1] >= last * (1 - 1e-9) else np.append(whole, last)


def _from_zero(counts: RiskTable, table: pd.DataFrame, base: str, place: int) -> pd.DataFrame:
    """The difference at every time at which somebody leaves, and at time zero."""
    parts = []
    for group in (name for name in counts.groups if name != base):
        own = table[table["group"] == group].drop(columns=["at_risk", "events", "measure"])
        time = own["time"].to_numpy()
        start = {"group": group, "cause": counts.causes[place], "time": 0.0, "estimate": 0.0, "std_error": 0.0}
        own = own.assign(at_risk=counts.at_risk(group, time))
        first = pd.DataFrame([start | {"at_risk": float(counts.persons(group))}])
        parts.append(pd.concat([first, own], ignore_index=True))
    return tidy(pd.concat(parts, ignore_index=True))


def _findings(counts: RiskTable, curve: pd.DataFrame, months: pd.DataFrame, last: float, length: float | None) -> Log:
    log = Log()
    unit = unit_text("months" if counts.months_per_unit is not None else counts.unit)
    for group in dict.fromkeys(curve["group"]):
        own = curve[curve["group"] == group]
        time, share = own["time"].to_numpy(), own["estimate"].to_numpy()
        area = months[(months["group"] == group) & (months["measure"] == NET)]
        if share.min() >= 0:
            log += note("no_lock_in", group=group)
            continue
        worst = int(np.argmin(share))
        log += note(
            "lock_in_lowest", group=group, points=round(100 * abs(float(share[worst])), 1),
            time=round(float(time[worst]), 1), unit=unit,
        )  # fmt: skip
        log += _caught_up("lock_in_caught_up", "lock_in_not_caught_up", group, time, share, unit)
        gained = area["estimate"].to_numpy()
        log += _caught_up("net_made_up", "net_not_made_up", group, area["time"].to_numpy(), gained, unit)
    if length is not None:
        needed = float(counts.clock(length)[0]) + AFTER * (
            1.0 if counts.months_per_unit is not None else MONTHS.get(counts.unit, 1.0)
        )
        if last < needed:
            log += warning("horizon_short_for_lock_in", horizon=float(last), needed=round(needed), unit=unit)
    return log


def _caught_up(found: str, never: str, group: str, time: Floats, value: Floats, unit: object) -> Log:
    """From when on a number is never below 0 again."""
    below = np.flatnonzero(value < 0)
    if not len(below):
        return Log((note(found, group=group, time=round(float(time[0]), 1), unit=unit),))
    if below[-1] == len(value) - 1:
        return Log((note(never, group=group, time=round(float(time[-1]), 1), unit=unit),))
    return Log((note(found, group=group, time=round(float(time[below[-1] + 1]), 1), unit=unit),))
