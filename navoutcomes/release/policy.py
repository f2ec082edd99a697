"""Whose rule for small numbers holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from navoutcomes.errors import DesignProblem

PRESETS = {"nav_internal": (5, "*"), "nav_statistics": (4, "*"), "ssb": (3, ":"), "acro": (10, "*")}
CURVE_FACTOR = 4


@dataclass(frozen=True)
class DisclosurePolicy:
    """The smallest count that may be shown, and what stands in its place.

    Arguments: ``threshold`` k, counts 1..k-1 are hidden; ``symbol`` printed instead; ``zeros_shown`` whether 0 may be
    shown; ``name``, ``owner`` and ``decided`` say whose rule this is, for the report. The default is five.
    Raises: ``DesignProblem`` for a threshold below 2 or an unknown preset.
    """

    threshold: int = 5
    symbol: str = "*"
    zeros_shown: bool = True
    name: str = "nav_internal"
    owner: str = ""
    decided: date | None = None

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise DesignProblem("policy_threshold", threshold=self.threshold)

    @classmethod
    def preset(cls, name: str) -> Self:
        """nav_internal (5), nav_statistics (4), ssb (3) or acro (10)."""
        if name not in PRESETS:
            raise DesignProblem("choice_unknown", asked=name, known=tuple(PRESETS))
        threshold, symbol = PRESETS[name]
        return cls(threshold=threshold, symbol=symbol, name=name)

    @property
    def smallest_curve(self) -> int:
        """Fewest persons a curve may be drawn of."""
        return CURVE_FACTOR * self.threshold

    def small(self, count: float) -> bool:
        """Whether a count must be hidden."""
        return 0 < count < self.threshold or (count == 0 and not self.zeros_shown)
