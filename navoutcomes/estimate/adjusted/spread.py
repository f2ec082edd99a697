"""How sure an adjusted number is: pulls of persons, each person or office left out in turn, or repeated draws.

With few persons or offices the pulls say too little: models follow those they are made of. Leaving each out in turn,
and making everything again, does not (Efron & Stein 1981: too much rather than too little).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from navoutcomes.errors import Problem
from navoutcomes.estimate.adjusted.draws import drawn_anew
from navoutcomes.estimate.adjusted.people import Adjusting
from navoutcomes.estimate.draws import Seed
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.intervals import critical
from navoutcomes.notes import Log, Note, note, warning

if TYPE_CHECKING:
    from navoutcomes.estimate.adjusted.result import Estimates

FEW_PERSONS, FEW_OFFICES = 250, 100
ERRORS = ("fixed", "lin-wei", "bootstrap")

Made = Callable[[Indices | None], "Estimates"]


@dataclass(frozen=True)
class Spread:
    """The rule. Units are persons, or offices where there are some: ``unit`` (n,) codes.

    ``inside`` how many units each arm has; ``fixed`` (units,) the arm each stands in, or None where offices have people
    in several; ``without`` (A, units, T) the estimates with each left out, or None; ``draws`` (R, A, T)
    repeated ones.
    """

    level: float
    unit: Indices | None
    units: int
    inside: tuple[int, ...]
    fixed: Indices | None
    normal: bool
    method: tuple[Note, ...]
    findings: Log = field(default_factory=Log)
    without: Floats | None = None
    welch: bool = False
    draws: Floats | None = None

    def arm(self, found: Estimates, arm: int, t: int) -> tuple[float, float]:
        """Standard error and multiplier of one arm's number."""
        return self._of(found, arm, t, lambda first, _: first, self.inside[arm])

    def difference(self, found: Estimates, arm: int, t: int) -> tuple[float, float]:
        """Of an arm's number less the reference's."""
        return self._of(found, arm, t, lambda first, second: first - second, None)

    def ratio(self, found: Estimates, arm: int, t: int) -> tuple[float, float]:
        """Of the logarithm of an arm's number over the reference's."""
        a, b = found.value[arm, t], found.value[0, t]
        if min(a, b) <= 0:
            return float("nan"), float("nan")
        if self.draws is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                logs = np.log(self.draws[:, arm, t]) - np.log(self.draws[:, 0, t])
            return (float(np.std(logs, ddof=1)) if np.isfinite(logs).all() else float("nan")), float("nan")
        return self._of(found, arm, t, lambda first, second: first / a - second / b, None)

    def drawn(self, arm: int, of: str | None, t: int, low: float, high: float) -> tuple[float, float]:
        """The limits: those given, or with repeated draws their percentiles."""
        if self.draws is None:
            return low, high
        first, second = self.draws[:, arm, t], self.draws[:, 0, t]
        with np.errstate(divide="ignore", invalid="ignore"):
            values = first if of is None else first - second if of == "difference" else first / second
        if not np.isfinite(values).all():
            return float("nan"), float("nan")
        cut = np.quantile(values, [(1 - self.level) / 2, (1 + self.level) / 2])
        return float(cut[0]), float(cut[1])

    @property
    def enough(self) -> bool:
        """Whether offices are so many that arms can be compared beyond them."""
        return self.units >= FEWEST_CLUSTERS and min(self.inside) >= 2

    def _of(
        self, found: Estimates, arm: int, t: int, compared: Callable[[Floats, Floats], Floats], inside: int | None
    ) -> tuple[float, float]:
        """``inside``: how many units one arm has; None for a comparison."""
        if self.draws is not None:
            return float(np.std(compared(self.draws[:, arm, t], self.draws[:, 0, t]), ddof=1)), float("nan")
        if self.without is not None:
            moved = found.value[:, None, :] - self.without
            own = compared(moved[arm, :, t], moved[0, :, t])
        else:
            pull = np.asarray(found.pull)
            own = compared(pull[arm, :, t], pull[0, :, t])
            own = own if self.unit is None else np.bincount(self.unit, own, minlength=self.units).astype(float)
        if self.unit is None or self.normal:
            return float(np.sqrt(self._whole(own, self.units))), critical(self.level)
        if inside is not None:
            return self._with_t(own, inside, inside >= FEWEST_CLUSTERS)
        if self.fixed is None:
            return self._with_t(own, self.units, self.enough)
        return self._between(own, (0, arm))

    def _whole(self, own: Floats, units: int) -> float:
        """The variance: squared pulls as they are of persons, larger of offices; of units left out smaller."""
        squares = float(own @ own)
        if self.without is not None:
            return squares * (units - 1) / max(units, 1)
        return squares if self.unit is None or self.normal else squares * units / max(units - 1, 1)

    def _with_t(self, own: Floats, units: int, given: bool) -> tuple[float, float]:
        z = critical(self.level, units - 1.0) if given else float("nan")
        return float(np.sqrt(self._whole(own, units))), z

    def _between(self, own: Floats, arms: tuple[int, int]) -> tuple[float, float]:
        """Every unit in one arm: what those of an arm differ among themselves, alike in both arms, as where offices'
        means are compared; of persons with Welch's degrees of freedom."""
        fixed = np.asarray(self.fixed)
        mine = [own[fixed == arm] for arm in arms]
        if self.welch:
            parts = [(self._whole(one, len(one)), max(len(one) - 1, 1)) for one in mine]
            whole = sum(one for one, _ in parts)
            df = whole**2 / sum(one**2 / df for one, df in parts) if whole > 0 else 1.0
        else:
            # A unit's own value less the mean of its arm is as many times its pull as the arm has units.
            less = 0 if self.without is None else 1
            squares = sum(float(one @ one) * (len(one) - less) ** 2 for one in mine)
            df = max(sum(len(one) for one in mine) - 2.0, 1.0)
            whole = squares / df * sum(1 / len(one) for one in mine)
        return float(np.sqrt(whole)), critical(self.level, df) if self.enough else float("nan")


def spread_of(given: Adjusting, errors: str | None, level: float, make: Made, replicates: int, rng: Seed) -> Spread:
    """The rule asked for, or the one the conventions choose: persons, or offices where there are any."""
    office, fixed = given.office, None
    units = given.size if office is None else given.offices
    code = np.arange(given.size) if office is None else office
    inside = tuple(len(np.unique(code[given.within(arm)])) for arm in range(len(given.arms)))
    if office is not None and sum(inside) == units:
        fixed = np.empty(units, dtype=np.int64)
        fixed[office] = given.arm
    if errors == "bootstrap":
        draws, method, findings = drawn_anew(given, inside, make, replicates, rng)
        return Spread(level, office, units, inside, fixed, False, method, findings, draws=draws)
    normal = errors == "lin-wei"
    few = units <= (FEW_PERSONS if office is None else FEW_OFFICES)
    without = _without(make, code, units) if errors is None and few else None
    method = (_told(errors, office is not None, fixed is not None, without is not None, units),)
    return Spread(level, office, units, inside, fixed, normal, method, _remarks(given, inside), without)


def _without(make: Made, code: Indices, units: int) -> Floats | None:
    """Estimates with each unit left out, (A, units, T); None where one of them cannot be made."""
    found = []
    for one in range(units):
        try:
            found.append(make(np.flatnonzero(code != one)).value)
        except Problem:
            return None
    return np.stack(found, axis=1)


def _told(errors: str | None, offices: bool, fixed: bool, without: bool, units: int) -> Note:
    if errors == "lin-wei":
        return note("errors_lin_wei", clusters=units)
    if not offices:
        key = "errors_influence_fixed" if errors == "fixed" else "errors_influence"
        return note("errors_left_out", persons=units) if without else note(key)
    kind = "offices_left_out" if without else "influence"
    return note(f"errors_{kind}_{'between' if fixed else 'offices'}", clusters=units)


def _remarks(given: Adjusting, inside: tuple[int, ...]) -> Log:
    findings = Log()
    if given.office is None:
        return findings
    if given.offices < FEWEST_CLUSTERS:
        findings = findings + warning("few_offices", clusters=given.offices, fewest=FEWEST_CLUSTERS)
    for arm, number in enumerate(inside):
        if number < 2:
            findings = findings + warning("one_office_in_arm", group=given.arms[arm])
    return findings
