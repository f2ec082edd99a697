"""Who is still there at a landmark, what had begun by then, and a clock that starts there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from navoutcomes.design.people import positions
from navoutcomes.design.start_times import group_names, start_times
from navoutcomes.design.time_zero import People, with_arms
from navoutcomes.errors import DesignProblem, door
from navoutcomes.maths.arrays import Floats
from navoutcomes.notes import Log, note


@door
def landmark(
    people: People,
    at: float,
    exposure: str | None = None,
    names: tuple[str, str] | None = None,
    name: str = "begun",
) -> People:
    """How do those who had begun by a landmark fare afterwards, beside those who had not, of all still there?

    Nobody can have begun later than their group says, so no time is immortal; who left before is in neither group, and
    who begins after the landmark stays among those who had not.
    Arguments: ``at`` the landmark in the follow-up's unit, chosen before the data are opened; ``exposure`` a column of
    times since time zero (or dates) at which it began, or None for the protocol's arms; ``names`` of those who had not
    begun by then and those who had (None: in the current language); ``name`` the new column, the protocol's arm.
    Shapes: a follow-up whose time runs from the landmark; ``flow`` and ``log`` say who left before it, and how.
    Raises: ``DesignProblem`` for a landmark that is no time, nobody left, or everybody in one group.
    Assumes: it answers for those still there at the landmark, not for all who were referred.
    Reference: Anderson, Cain & Gelber 1983; Dafni 2011.
    """
    begun = None if exposure is None else start_times(people, exposure)
    moved, there = from_landmark(people, at)
    if begun is None:
        return moved
    log = moved.log + _begun_and_gone(begun, there, at)
    exposed = begun[there] <= at
    if exposed.all() or not exposed.any():
        raise DesignProblem("landmark_one_group", at=float(at), total=moved.persons)
    return with_arms(moved, exposed, group_names(names), name, log)


def from_landmark(people: People, at: float) -> tuple[People, np.ndarray]:
    """The follow-up from a landmark on, and which of the rows are in it. Who ends at the landmark is not in it."""
    if not np.isfinite(at) or at < 0:
        raise DesignProblem("times_needed", argument="at")
    rows, time = people.rows, people.array("time")
    slack = 1e-9 * max(1.0, float(time.max(initial=0.0)))
    there = time > at + slack
    if not there.any():
        raise DesignProblem("nobody_at_landmark", at=float(at), total=people.persons)
    kept = rows[there].reset_index(drop=True)
    entry = kept["entry"].to_numpy(dtype=float) - at
    kept["entry"] = np.where(entry > slack, entry, np.nan)
    kept["time"] = kept["time"] - at
    covariates = people.covariates[there].reset_index(drop=True)
    protocol = people.protocol
    shorter = None if protocol.horizon is None else protocol.horizon - at
    flow = people.flow if people.flow.end == people.persons else type(people.flow)(people.persons)
    flow = flow.then(note("flow_left_before_landmark", at=float(at)), int(kept["person"].nunique()))
    moved = replace(
        people,
        protocol=replace(protocol, horizon=shorter, estimand=None),
        flow=flow,
        log=people.log + _left(people, there, at),
        _rows=kept,
        _covariates=covariates,
    )
    return moved, there


def _left(people: People, there: np.ndarray, at: float) -> Log:
    """How those who are not there any more had left."""
    rows = people.rows
    staying = set(rows.loc[there, "person"])
    gone = ~there & ~rows["person"].isin(staying).to_numpy()
    if not gone.any():
        return Log()
    rows = rows[gone]
    ended = [f"{name} {int((rows['ending'] == name).sum())}" for name in people.endings]
    last = rows.sort_values("time").drop_duplicates("person", keep="last")
    return Log(
        (
            note(
                "left_before_landmark",
                at=float(at),
                count=int(rows["person"].nunique()),
                endings=ended,
                censored=int(last["ending"].isna().sum()),
            ),
        )
    )


def _begun_and_gone(begun: Floats, there: np.ndarray, at: float) -> Log:
    """Those who had begun and left before the landmark are nobody's evidence; how many they are is said."""
    lost = ~there & (begun <= at)
    later = there & np.isfinite(begun) & (begun > at)
    return Log((note("landmark_exposure", at=float(at), lost=len(positions(lost)), later=int(later.sum())),))
