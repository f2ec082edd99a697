"""What exactly is to be estimated: the attributes of ICH E9(R1), complete before the data are opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from navoutcomes.errors import DesignProblem

MEASURES = (
    "cumulative incidence",
    "survival",
    "restricted mean",
    "risk difference",
    "risk ratio",
    "restricted mean difference",
)
COMPARING = ("risk difference", "risk ratio", "restricted mean difference")
STRATEGIES = ("competing", "treatment policy", "composite", "hypothetical", "while at risk", "principal stratum")


@dataclass(frozen=True, kw_only=True)
class Estimand:
    """Which number answers the question?

    Arguments: ``measure`` one of ``MEASURES``; ``at`` times in the follow-up's unit (days for registers);
    ``population`` in words; ``intercurrent`` what may happen on the way and how it is handled, as
    ``{"no_show": "competing"}`` with strategies of ``STRATEGIES`` (competing endings not named are ``competing``).
    Raises: ``DesignProblem`` for an unknown measure or strategy, or no time.
    """

    measure: str
    at: tuple[float, ...]
    population: str = "referred"
    intercurrent: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        at = (self.at,) if isinstance(self.at, int | float) else tuple(self.at)
        object.__setattr__(self, "at", tuple(float(one) for one in at))
        given: Mapping[str, str] | Iterable[tuple[str, str]] = self.intercurrent
        pairs = given.items() if isinstance(given, Mapping) else given
        object.__setattr__(self, "intercurrent", tuple((event, strategy) for event, strategy in pairs))
        if self.measure not in MEASURES:
            raise DesignProblem("estimand_measure", asked=self.measure, known=MEASURES)
        unknown = [strategy for _, strategy in self.intercurrent if strategy not in STRATEGIES]
        if unknown:
            raise DesignProblem("estimand_strategy", asked=unknown, known=STRATEGIES)
        if not self.at or min(self.at) <= 0:
            raise DesignProblem("estimand_times", count=len(self.at))

    @property
    def compares(self) -> bool:
        """Whether it needs two arms."""
        return self.measure in COMPARING
