"""How weights are made of people in two arms, so that they can be made again of people drawn from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.errors import DesignProblem, NumericalProblem
from navoutcomes.estimate.adjusted.people import Adjusting, of_target
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.entropy_balancing import Balanced, Unbalanced, balanced
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.weighting import TARGETS, Weighed, by_logistic, stabilised, truncated

KINDS = ("iptw", "overlap", "entropy", "ipcw")
CERTAIN = 1e-8


@dataclass(frozen=True)
class Recipe:
    """``kind`` of ``KINDS`` (but ipcw), ``target`` of ``TARGETS``, ``truncate`` shares or None, ``stabilise``."""

    kind: str
    target: str
    truncate: tuple[float, float] | None = None
    stabilise: bool = False

    def weigh(self, given: Adjusting) -> Weighed:
        """The weights. Raises ``DesignProblem`` or ``NumericalProblem`` where arms have nothing in common."""
        made = self._balanced(given) if self.kind == "entropy" else self._by_score(given)
        if self.truncate is not None:
            made = truncated(made, given.arm, self.truncate)
        return made

    def _by_score(self, given: Adjusting) -> Weighed:
        treated = given.arm == 1
        try:
            made = by_logistic(given.x, treated, given.weight, self.target)
        except Unfit as unfit:
            named = [given.columns[at - 1] for at in unfit.columns if at > 0] or list(given.columns)
            if unfit.kind == "collinear":
                raise DesignProblem("terms_collinear", column=named) from None
            if unfit.kind == "separated":
                raise DesignProblem("arms_separated", column=named, arms=given.arms) from None
            raise NumericalProblem("not_converged", steps=unfit.steps, column=named) from None
        score = np.asarray(made.score)
        certain = int((np.minimum(score, 1 - score) < CERTAIN).sum())
        if certain and self.kind != "overlap":
            raise DesignProblem("arm_certain", count=certain, total=given.size)
        return stabilised(made, treated, given.weight) if self.stabilise else made

    def _balanced(self, given: Adjusting) -> Weighed:
        """Each arm but the target's own gets the means of the target."""
        whole, (n, p) = of_target(given, self.target), given.x.shape
        own = given.weight * whole
        means = own @ given.x / own.sum()
        arms = [arm for arm in range(len(given.arms)) if not (self.target != "ATE" and whole[given.within(arm)].all())]
        values, slope, pull = np.ones(n), np.zeros((n, p * len(arms))), np.zeros((n, p * len(arms)))
        for block, arm in enumerate(arms):
            rows, places = given.within(arm), slice(block * p, (block + 1) * p)
            made = _of_arm(given, rows, means, arm)
            values[rows], slope[rows, places] = made.values, made.slope
            pull[rows, places] -= (given.weight[rows, None] * made.slope) @ made.inverse
            drawn = own[:, None] * (given.x - means) / made.scale / own.sum()
            pull[:, places] += float(given.weight[rows].sum()) * drawn @ made.inverse
        return Weighed(values, slope, pull, None, np.zeros(n, dtype=bool))


def _of_arm(given: Adjusting, rows: Indices, means: Floats, arm: int) -> Balanced:
    try:
        return balanced(given.x[rows], given.weight[rows], means)
    except Unbalanced as out:
        named = [given.columns[at] for at in out.columns] or list(given.columns)
        raise DesignProblem("means_out_of_reach", column=named, arm=given.arms[arm]) from None


def recipe_of(kind: str, target: str | None, truncate: float | tuple[float, float] | None, stabilise: bool) -> Recipe:
    """The recipe asked for. Raises ``DesignProblem`` for choices that do not exist or do not go together."""
    if kind not in KINDS:
        raise DesignProblem("choice_unknown", asked=str(kind), known=KINDS)
    known = ("overlap",) if kind == "overlap" else TARGETS[:3]
    target = known[0] if target is None else target
    if target not in known:
        raise DesignProblem("choice_unknown", asked=str(target), known=known)
    return Recipe(kind, target, _shares(truncate), stabilise and kind == "iptw" and target == "ATE")


def _shares(truncate: float | tuple[float, float] | None) -> tuple[float, float] | None:
    if truncate is None:
        return None
    low, high = truncate if isinstance(truncate, tuple) and len(truncate) == 2 else (0.0, truncate)
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (low, high))
    if not numbers or not 0 <= low < 0.5 < high <= 1:
        raise DesignProblem("choice_unknown", asked=str(truncate), known=("0.99", "(0.01, 0.99)"))
    return float(low), float(high)
