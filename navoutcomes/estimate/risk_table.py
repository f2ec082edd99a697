"""The gate where people become counts: who is at risk, who leaves, why, when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from navoutcomes.design.coded import coded
from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.result import tidy
from navoutcomes.estimate.states.whole_stays import whole_stays
from navoutcomes.maths.counting import Cells, Counts, tally
from navoutcomes.maths.grouping import gather_groups
from navoutcomes.notes import Note
from navoutcomes.records.origin import Origin
from navoutcomes.texts import say

FEWEST_CLUSTERS = 6
# A day, as months: half a year is 182 or 183 days, and neither is the seventh month.
SLACK = 1 / 30.4375 + 1e-9


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class RiskTable:
    """Counts of persons by group on one grid of times: the only thing curves and tests are made of.

    ``groups`` gives the counts of persons of each group; ``cells`` the same people gathered by entry, exit, cause,
    weight and cluster, which estimates and robust variances need; ``strata`` the cells of each stratum and group.
    ``months_per_unit`` is set when times have been put on months: how many months one of the follow-up's own units is.
    ``clustered`` is ``none``, ``person`` (several rows a person) or ``office`` (a cluster column); ``protected`` is
    true only for what ``release`` has made.
    """

    by: str | None
    causes: tuple[str, ...]
    unit: str
    origin: Origin
    cells: dict[str, Cells]
    strata: dict[str, dict[str, Cells]]
    weighted: bool
    clustered: str
    clusters: int
    delayed: bool
    randomised: bool = False
    reference: str | None = None
    protected: bool = False
    protection: tuple[Note, ...] = ()
    months_per_unit: float | None = None
    groups: dict[str, Counts] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", {name: tally(cells) for name, cells in self.cells.items()})

    def mass(self, group: str) -> Counts:
        """The counts that estimates use: of weights where there are weights, else of persons."""
        return tally(self.cells[group], weighted=True) if self.weighted else self.groups[group]

    def persons(self, group: str) -> int:
        """How many persons the group has."""
        if self.clustered == "person":
            return self.clusters_in(group)
        return int(self.cells[group].persons.sum())

    def clusters_in(self, group: str) -> int:
        """How many clusters the group has; 0 without clusters."""
        codes = self.cells[group].cluster
        return 0 if codes is None else len(np.unique(codes))

    def clock(self, times: float | Sequence[float] | np.ndarray, argument: str = "at") -> np.ndarray:
        """Times in the follow-up's own unit as times of this table: the same, or months rounded up. Shape (T,).

        At most a day after a month's end is that month: day 182 and 183 are 6 months, 365 and 366 are 12.
        Raises ``DesignProblem`` for times that are no times (not a number, infinite, before 0).
        """
        wanted = np.atleast_1d(np.asarray(times, dtype=float))
        if not (np.isfinite(wanted) & (wanted >= 0)).all():
            raise DesignProblem("times_needed", argument=argument)
        if self.months_per_unit is None:
            return wanted
        months = np.ceil(wanted * self.months_per_unit - SLACK)
        return np.where(wanted > 0, np.maximum(months, 1.0), 0.0)

    def at_risk(self, group: str, times: np.ndarray) -> np.ndarray:
        """Persons at risk just before stated times, entry < t <= time. Shape of ``times``."""
        counts = self.groups[group]
        slack = 1e-9 * max(1.0, float(np.abs(counts.time).max()))
        place = np.searchsorted(counts.time, times - slack, side="left")
        return np.append(counts.at_risk, 0.0)[place]

    def of(self, *groups: str) -> RiskTable:
        """The same table of some groups only."""
        kept = {name: self.cells[name] for name in groups}
        layers = {layer: {name: own[name] for name in groups} for layer, own in self.strata.items()}
        number = 0
        if self.clustered != "none":
            used = np.unique(np.concatenate([np.asarray(cells.cluster) for cells in kept.values()]))
            number = len(used)

            def anew(cells: Cells) -> Cells:
                return replace(cells, cluster=np.searchsorted(used, np.asarray(cells.cluster)))

            kept = {name: anew(cells) for name, cells in kept.items()}
            layers = {layer: {name: anew(cells) for name, cells in own.items()} for layer, own in layers.items()}
        return replace(self, cells=kept, strata=layers, clusters=number)

    @property
    def fixed_by_cluster(self) -> bool:
        """Whether every office stands in one group only."""
        if self.clustered != "office":
            return False
        codes = [np.unique(np.asarray(cells.cluster)) for cells in self.cells.values()]
        return len(np.unique(np.concatenate(codes))) == sum(len(one) for one in codes)

    def cause(self, name: str | None) -> int:
        """Position of an ending; None is the outcome. Raises ``DesignProblem`` for one that is not there."""
        if name is None:
            return 0
        if name not in self.causes:
            raise DesignProblem("cause_unknown", asked=name, known=self.causes)
        return self.causes.index(name)

    @property
    def table(self) -> pd.DataFrame:
        """Tidy counts: one row a group, time with an exit, and cause. A copy."""
        parts = []
        for name, counts in self.groups.items():
            seen = counts.exits > 0
            for place, cause in enumerate(self.causes):
                parts.append(
                    pd.DataFrame(
                        {
                            "group": name,
                            "cause": cause,
                            "time": counts.time[seen],
                            "at_risk": counts.at_risk[seen],
                            "events": counts.events[place][seen],
                            "censored": counts.censored[seen],
                        }
                    )
                )
        return tidy(pd.concat(parts, ignore_index=True))

    def __repr__(self) -> str:
        lines = [say("words", "result_RiskTable")]
        for name, counts in self.groups.items():
            ended = ", ".join(f"{cause} {counts.events[k].sum():g}" for k, cause in enumerate(self.causes))
            lines.append(f"{name}: n = {self.persons(name)}, {ended}, {say('words', 'still_followed')} "
                         f"{counts.censored.sum():g}")  # fmt: skip
        return "\n".join(lines)


@door
def risk_table(people: FollowUp, by: str | None = None, strata: str | None = None) -> RiskTable:
    """Who is at risk, who leaves, why and when, in each group?

    Arguments: ``by`` a column (``arm`` or any covariate) or None for everybody together; ``strata`` a column within
    whose levels tests compare.
    Shapes: ``table`` has one row a group, time and cause; times in the follow-up's unit.
    Raises: ``DataProblem`` for a column that is not there or has empty cells.
    Assumes: at risk at t means entry < t <= time; censorings at t come after endings at t.
    """
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    group, names = people.levels(by)
    stratum, layers = people.levels(strata)
    rows = people.coded
    if rows.clustered == "person" or (rows.clustered == "office" and people.repeated):
        joined = whole_stays(people.rows, group, stratum)
        group, stratum = joined["group"].to_numpy(), joined["stratum"].to_numpy()
        rows = coded(joined, people.endings)

    def gathered(codes: np.ndarray | None, number: int) -> list[Cells]:
        return gather_groups(
            rows.grid, rows.place, len(people.endings), codes, number, rows.enter, rows.weight, rows.cluster
        )

    def layered() -> dict[str, dict[str, Cells]]:
        cells = iter(gathered(stratum * len(names) + group, len(layers) * len(names)))
        return {layer: {name: next(cells) for name in names} for layer in layers}

    return RiskTable(
        by=by,
        causes=people.endings,
        unit=people.unit,
        origin=people.origin,
        cells=dict(zip(names, gathered(None if by is None else group, len(names)), strict=True)),
        strata=layered() if strata is not None else {},
        weighted=rows.weight is not None,
        clustered=rows.clustered,
        clusters=rows.clusters,
        delayed=rows.enter is not None,
        randomised=people.protocol.randomised,
        reference=people.protocol.arms.reference if people.protocol.arms and _is_arm(people, by) else None,
    )


def _is_arm(people: FollowUp, by: str | None) -> bool:
    arms = people.protocol.arms
    return arms is not None and by in ("arm", arms.column)


def as_risk_table(people: FollowUp | RiskTable, by: str | None, strata: str | None = None) -> RiskTable:
    """A risk table as it is, or people counted. Raises ``DesignProblem`` for people known only as counts."""
    if not isinstance(people, RiskTable | FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    return people if isinstance(people, RiskTable) else risk_table(people, by, strata)
