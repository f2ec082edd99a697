"""Arms, attendance and shares at a time: what the answers by adherence are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.start_times import one_row_each
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.basis import Cell
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.curves.restricted_mean import check_horizon
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS, risk_table
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Cells, Counts, gather, tally
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, incidence_influence
from navoutcomes.maths.influence import influences
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, warning


@dataclass(frozen=True)
class Attended:
    """Two arms and who attended. Shapes: arm (n,) true in the group compared; came (n,); weight (n,)."""

    people: FollowUp
    by: str
    group: str
    base: str
    cause: str
    at: float
    arm: np.ndarray
    came: np.ndarray
    weight: Floats

    @classmethod
    def of(
        cls, people: FollowUp, attended: str, by: str, at: float | None, cause: str | None, reference: str | None
    ) -> Attended:
        """Checked. Raises ``DesignProblem`` for other than two arms, no time, late entry, or attendance not known."""
        one_row_each(people)
        late = people.array("entry") > 0
        if late.any():
            raise DesignProblem("seen_late", count=int(late.sum()), total=len(late))
        codes, names = people.levels(by)
        if len(names) != 2:
            raise DesignProblem("two_groups_needed", count=len(names))
        arms = people.protocol.arms
        usual = arms.reference if arms is not None and by in ("arm", arms.column) else None
        sizes = {name: int((codes == place).sum()) for place, name in enumerate(names)}
        base = named_reference(sizes, reference or usual, by)
        group = next(name for name in names if name != base)
        name = cause or people.endings[0]
        if name not in people.endings:
            raise DesignProblem("cause_unknown", asked=name, known=people.endings)
        time = at if at is not None else (people.protocol.estimand.at[-1] if people.protocol.estimand else None)
        if time is None or not np.isfinite(time) or time <= 0:
            raise DesignProblem("times_needed", argument="at")
        made = cls(
            people, by, group, base, name, float(time), codes == names.index(group), _came(people, attended),
            people.array("weight"),
        )  # fmt: skip
        counts = risk_table(people, by)
        for one in names:
            check_horizon(counts, one, made.at)
        return made

    @property
    def place(self) -> int:
        """Position of the ending."""
        return self.people.endings.index(self.cause)

    def part(self, arm: bool, came: bool | None = None) -> np.ndarray:
        """Who is in an arm, and came or did not."""
        own = self.arm == arm
        return own if came is None else own & (self.came == came)

    def attendance(self, arm: bool) -> float:
        """Share of an arm that came."""
        own = self.part(arm)
        return float(self.weight[own] @ self.came[own] / self.weight[own].sum())

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Persons who came and who did not in each arm, and how many of them had left for the cause by the time."""
        ended = (self.people.causes() == self.place) & (self.people.array("time") <= self.at * (1 + 1e-12))
        return tuple(
            Cell(name, int(own.sum()), int((own & ended).sum()))
            for name, arm in ((self.group, True), (self.base, False))
            for own in (self.part(arm, True), self.part(arm, False))
        )

    def share(self, chosen: np.ndarray) -> float:
        """Share that has left for the cause by the time (Aalen-Johansen); nobody is 0."""
        if not chosen.any():
            return 0.0
        counts, at = self._counts(chosen)[1:]
        return float(aalen_johansen(counts).incidence[self.place, at]) if at >= 0 else 0.0

    def pulls(self, arm: bool) -> Floats:
        """Each person's pull on an arm's share and on its attendance. Shape (n, 2), 0 for the other arm."""
        chosen = np.flatnonzero(self.part(arm))
        cells, counts, at = self._counts(self.part(arm))
        found = np.zeros((len(self.arm), 2))
        if at >= 0:
            own = influences(cells, counts, incidence_influence(counts, self.place).at(at), len(chosen))
            found[chosen, 0] = own[:, 0]
        weight = self.weight[chosen] / self.weight[chosen].sum()
        found[chosen, 1] = weight * (self.came[chosen] - self.attendance(arm))
        return found

    def covariance(self, level: float) -> tuple[Floats, float, Log]:
        """Covariance of the differences in shares and in attendance, the multiplier, and what to remark.

        Pulls are added within offices where there are some, with Student's t; below six offices no multiplier.
        """
        pulls = self.pulls(True) - self.pulls(False)
        codes, offices, kind = self.people.clusters()
        if kind != "office" or codes is None:
            return pulls.T @ pulls, critical(level), Log()
        own = np.zeros((offices, 2))
        np.add.at(own, codes, pulls)
        if offices < FEWEST_CLUSTERS:
            few = warning("few_clusters_contrast", clusters=offices, fewest=FEWEST_CLUSTERS)
            return own.T @ own, float("nan"), Log((few,))
        apart = all(len(np.unique(self.arm[codes == one])) == 1 for one in range(offices))
        return own.T @ own, critical(level, offices - 1 - apart), Log()

    def among(self, chosen: np.ndarray) -> FollowUp:
        """Some of the people."""
        rows, others = self.people.rows[chosen], self.people.covariates[chosen]
        return replace(self.people, _rows=rows.reset_index(drop=True), _covariates=others.reset_index(drop=True))

    def _counts(self, chosen: np.ndarray) -> tuple[Cells, Counts, int]:
        use = np.flatnonzero(chosen)
        cells = gather(
            self.people.array("time")[use],
            self.people.causes()[use],
            len(self.people.endings),
            weight=self.weight[use],
            cluster=np.arange(len(use)),
        )
        at = int(np.searchsorted(cells.time, self.at * (1 + 1e-12), side="right")) - 1
        return cells, tally(cells, weighted=True), at


def _came(people: FollowUp, attended: str) -> np.ndarray:
    """Who attended, from a column of yes and no, or 1 and 0. Raises ``DesignProblem`` for anything else."""
    values = people.column(attended, copy=False)
    if values.isna().any() or not values.isin([0, 1]).all():
        bad = values.isna() | ~values.isin([0, 1])
        raise DesignProblem("attendance_not_known", column=attended, count=int(bad.sum()), total=len(bad))
    came = pd.to_numeric(values).to_numpy(dtype=float) > 0
    if came.all() or not came.any():
        raise DesignProblem("attendance_the_same", column=attended, total=len(came))
    return np.asarray(came)
