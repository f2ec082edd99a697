"""How sure an adjusted number is: pulls of persons, pulls of offices, or repeated draws with everything made again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from navoutcomes.errors import DesignProblem, Problem
from navoutcomes.estimate.adjusted_people import Adjusting
from navoutcomes.estimate.draws import Seed, check_replicates, generator
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, Note, note, warning

if TYPE_CHECKING:
    from navoutcomes.estimate.adjusted_result import Estimates

FEWEST_DRAWN = 40
FEWEST_DEGREES = 4.0
MOST_FAILED = 0.05
ERRORS = ("fixed", "lin-wei", "bootstrap")

Made = Callable[[Indices | None], "Estimates"]


@dataclass(frozen=True)
class Spread:
    """The rule. ``draws`` (R, A, T) repeated estimates or None; ``office`` (n,) codes or None, each with the arm it
    stands in (``fixed``) or None where offices have people in several arms."""

    level: float
    office: Indices | None
    offices: int
    inside: tuple[int, ...]
    fixed: Indices | None
    normal: bool
    draws: Floats | None
    method: tuple[Note, ...]
    findings: Log = field(default_factory=Log)

    def arm(self, found: Estimates, arm: int, t: int) -> tuple[float, float]:
        """Standard error and multiplier of one arm's number."""
        if self.draws is not None:
            return float(np.std(self.draws[:, arm, t], ddof=1)), 0.0
        return self._of(np.asarray(found.pull)[arm, :, t], self.inside[arm])

    def difference(self, found: Estimates, arm: int, t: int) -> tuple[float, float]:
        """Of an arm's number less the reference's."""
        if self.draws is not None:
            return float(np.std(self.draws[:, arm, t] - self.draws[:, 0, t], ddof=1)), 0.0
        pull = np.asarray(found.pull)
        return self._of(pull[arm, :, t] - pull[0, :, t], None)

    def ratio(self, found: Estimates, arm: int, t: int) -> tuple[float, float]:
        """Of the logarithm of an arm's number over the reference's."""
        a, b = found.value[arm, t], found.value[0, t]
        if min(a, b) <= 0:
            return float("nan"), 0.0
        if self.draws is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                logs = np.log(self.draws[:, arm, t]) - np.log(self.draws[:, 0, t])
            return (float(np.std(logs, ddof=1)) if np.isfinite(logs).all() else float("nan")), 0.0
        pull = np.asarray(found.pull)
        return self._of(pull[arm, :, t] / a - pull[0, :, t] / b, None)

    def drawn(self, arm: int, of: str | None, t: int, level: float, low: float, high: float) -> tuple[float, float]:
        """The limits: those given, or with repeated draws their percentiles."""
        if self.draws is None:
            return low, high
        first, second = self.draws[:, arm, t], self.draws[:, 0, t]
        with np.errstate(divide="ignore", invalid="ignore"):
            values = first if of is None else first - second if of == "difference" else first / second
        if not np.isfinite(values).all():
            return float("nan"), float("nan")
        cut = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
        return float(cut[0]), float(cut[1])

    def _of(self, pull: Floats, inside: int | None) -> tuple[float, float]:
        """``inside``: in how many offices one arm has people; None for a comparison."""
        if self.office is None:
            return float(np.sqrt(pull @ pull)), critical(self.level)
        own: Floats = np.bincount(self.office, pull, minlength=self.offices).astype(float)
        if self.normal:
            return float(np.sqrt(own @ own)), critical(self.level)
        if inside is not None:
            return self._with_t(float(own @ own), inside, inside - 1.0, inside >= FEWEST_CLUSTERS)
        if self.fixed is None:
            return self._with_t(float(own @ own), self.offices, self.offices - 1.0, self.enough)
        return self._between(own)

    @property
    def enough(self) -> bool:
        """Whether offices are so many that arms can be compared beyond them."""
        return self.offices >= FEWEST_CLUSTERS and min(self.inside) >= 2

    def _with_t(self, squares: float, offices: int, df: float, given: bool) -> tuple[float, float]:
        error = float(np.sqrt(squares * offices / max(offices - 1, 1)))
        return error, critical(self.level, df) if given else float("nan")

    def _between(self, own: Floats) -> tuple[float, float]:
        """Every office in one arm: what offices of an arm differ among themselves, with Welch's degrees of freedom."""
        parts = []
        for arm in range(len(self.inside)):
            mine = own[np.asarray(self.fixed) == arm]
            size = len(mine)
            parts.append((float(mine @ mine) * size / max(size - 1, 1), max(size - 1, 1)))
        whole = sum(one for one, _ in parts)
        bottom = sum(one**2 / df for one, df in parts)
        df = whole**2 / bottom if bottom > 0 else 0.0
        given = self.enough and df >= FEWEST_DEGREES
        return float(np.sqrt(whole)), critical(self.level, df) if given else float("nan")


def spread_of(given: Adjusting, errors: str | None, level: float, make: Made, replicates: int, rng: Seed) -> Spread:
    """The rule asked for, or the one the conventions choose: persons, or offices where there are any."""
    office, fixed = given.office, None
    inside = tuple(
        len(np.unique(office[given.within(arm)])) if office is not None else 0 for arm in range(len(given.arms))
    )
    if office is not None and sum(inside) == given.offices:
        fixed = np.empty(given.offices, dtype=np.int64)
        fixed[office] = given.arm
    if errors == "bootstrap":
        draws, method, findings = _drawn(given, inside, make, replicates, generator(rng))
        return Spread(level, office, given.offices, inside, fixed, False, draws, method, findings)
    findings = Log()
    if office is None:
        method = (note("errors_influence_fixed" if errors == "fixed" else "errors_influence"),)
    elif errors == "lin-wei":
        method = (note("errors_lin_wei", clusters=given.offices),)
    else:
        key = "errors_influence_offices" if fixed is None else "errors_influence_between"
        method = (note(key, clusters=given.offices),)
        if given.offices < FEWEST_CLUSTERS:
            findings = findings + warning("few_offices", clusters=given.offices, fewest=FEWEST_CLUSTERS)
        for arm, number in enumerate(inside):
            if number < 2:
                findings = findings + warning("one_office_in_arm", group=given.arms[arm])
    return Spread(level, office, given.offices, inside, fixed, errors == "lin-wei", None, method, findings)


def _drawn(
    given: Adjusting, inside: tuple[int, ...], make: Made, replicates: int, roll: np.random.Generator
) -> tuple[Floats, tuple[Note, ...], Log]:
    """Estimates of persons (or whole offices) drawn anew, models and all. Shape (R, A, T)."""
    check_replicates(replicates)
    if given.office is not None and min(inside) < FEWEST_DRAWN:
        arm = int(np.argmin(inside))
        raise DesignProblem("draws_of_few_clusters", clusters=inside[arm], fewest=FEWEST_DRAWN, group=given.arms[arm])
    members = None
    if given.office is not None:
        order = np.argsort(given.office, kind="stable")
        members = np.split(order, np.cumsum(np.bincount(given.office, minlength=given.offices))[:-1])
    found, failed = [], 0
    for _ in range(replicates):
        if members is None:
            rows = roll.integers(0, given.size, given.size)
        else:
            rows = np.concatenate([members[one] for one in roll.integers(0, len(members), len(members))])
        try:
            found.append(make(rows).value)
        except Problem:
            failed += 1
    if failed > MOST_FAILED * replicates:
        raise DesignProblem("draws_without_answer", count=failed, total=replicates)
    method = (note("errors_draws_again", replicates=replicates),)
    findings = Log((warning("draws_without_answer_few", count=failed, total=replicates),)) if failed else Log()
    return np.array(found), method, findings
