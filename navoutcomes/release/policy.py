"""Whose rule for small numbers holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np

from navoutcomes.errors import DesignProblem

PRESETS = {"nav_internal": (5, "*"), "nav_statistics": (4, "*"), "ssb": (3, ":"), "acro": (10, "*")}
CURVE_FACTOR = 4
OWN = "own"


@dataclass(frozen=True)
class DisclosurePolicy:
    """The smallest count that may be shown, and what stands in its place.

    Arguments: ``threshold`` k, counts 1..k-1 are hidden; ``symbol`` printed instead; ``zeros_shown`` whether 0 may be
    shown; ``hundreds_shown`` whether a group may be shown in which everybody had the same named ending (who is known to
    be in it is then known; where nobody had the one ending asked about, and all are ``other`` or ``not`` it,
    that is a zero); ``name``, ``owner`` and ``decided`` say whose rule this is, for the report: a limit that is
    not its preset's is called ``own``, and needs an owner and a date. For amounts, ``dominant`` is the share (0-1) of a
    cell that its ``largest`` contributors may not pass, and ``closeness`` how near (0-1 of it) the largest may not be
    reckoned by the second largest. The default is five.
    Raises: ``DesignProblem`` for a threshold below 2 or an unknown preset.
    """

    threshold: int = 5
    symbol: str = "*"
    zeros_shown: bool = True
    name: str = "nav_internal"
    owner: str = ""
    decided: date | None = None
    hundreds_shown: bool = False
    largest: int = 2
    dominant: float = 0.9
    closeness: float = 0.1

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise DesignProblem("policy_threshold", threshold=self.threshold)
        if self.name in PRESETS and self.threshold != PRESETS[self.name][0]:
            object.__setattr__(self, "name", OWN)

    @classmethod
    def preset(cls, name: str) -> Self:
        """nav_internal (5), nav_statistics (4), ssb (3) or acro (10)."""
        if name not in PRESETS:
            raise DesignProblem("choice_unknown", asked=name, known=tuple(PRESETS))
        threshold, symbol = PRESETS[name]
        return cls(threshold=threshold, symbol=symbol, name=name)

    @property
    def accounted(self) -> bool:
        """Whether somebody answers for the rule: a preset, or one with an owner and a date."""
        return self.name in PRESETS or bool(self.owner and self.decided)

    @property
    def smallest_curve(self) -> int:
        """Fewest persons a curve may be drawn of."""
        return CURVE_FACTOR * self.threshold

    def small(self, count: float) -> bool:
        """Whether a count must be hidden."""
        return 0 < count < self.threshold or (count == 0 and not self.zeros_shown)

    def dominated(self, amounts: Sequence[float] | np.ndarray) -> bool:
        """May a sum of amounts not be shown, because it tells what one contributor gave or got?

        Arguments: ``amounts`` of the single contributors (persons, firms, offices) to one cell, in any unit, from 0.
        True for fewer contributors than the limit; where the ``largest`` few make up more than ``dominant`` of the sum;
        and where the second largest, who knows his own, could reckon the largest to within ``closeness`` of it.
        Reference: the (n, k) and p % rules, as in Hundepool et al., Statistical Disclosure Control (2012), ch. 4.
        """
        given = np.sort(np.asarray(amounts, dtype=float))[::-1]
        given = given[given > 0]
        if len(given) == 0:
            return not self.zeros_shown
        rest = given[2:].sum()
        return bool(
            len(given) < self.threshold
            or given[: self.largest].sum() > self.dominant * given.sum()
            or rest < self.closeness * given[0]
        )
