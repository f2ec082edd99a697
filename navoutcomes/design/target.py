"""A goal as it was set: which share, of whom, at least or at most how much, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from navoutcomes.errors import DesignProblem
from navoutcomes.texts import Text

SCALES = ("share", "percentage points", "relative change")
Words = str | Text


@dataclass(frozen=True, kw_only=True)
class Target:
    """Which goal was set?

    Arguments: ``name`` of the indicator; ``numerator`` and ``denominator`` in words (who is counted, of whom);
    ``at_least`` or ``at_most`` the limit, one of them; ``scale`` what the limit is: a ``share`` (0-1), a change in
    ``percentage points`` since a baseline (0.05 is 5 points), or a ``relative change`` (-0.08 is 8 per cent less than
    the baseline); ``worthwhile`` the smallest distance from the limit that matters, as a share (from it the size is
    reckoned that a decision would need); ``excluded`` who is left out; ``time_zero`` and ``cutoff`` from when and until
    when; ``source`` where the goal stands.
    Raises: ``DesignProblem`` for no limit, both limits, an unknown scale, or no denominator in words.
    """

    name: Words
    numerator: Words
    denominator: Words
    at_least: float | None = None
    at_most: float | None = None
    scale: str = "share"
    worthwhile: float = 0.05
    excluded: Words = ""
    time_zero: Words = ""
    cutoff: date | None = None
    source: Words = ""

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise DesignProblem("target_one_limit")
        if self.scale not in SCALES:
            raise DesignProblem("choice_unknown", asked=self.scale, known=SCALES)
        for words, name in ((self.numerator, "numerator"), (self.denominator, "denominator")):
            if not words:
                raise DesignProblem("target_definition", argument=name)
        if self.scale == "share" and not 0 <= self.limit <= 1:
            raise DesignProblem("not_a_share", argument="at_least" if self.at_most is None else "at_most")
        if not 0 < self.worthwhile < 1:
            raise DesignProblem("not_a_share", argument="worthwhile")

    @property
    def limit(self) -> float:
        """The limit itself."""
        return float(self.at_least if self.at_least is not None else self.at_most or 0.0)

    @property
    def upwards(self) -> bool:
        """Whether more is better."""
        return self.at_least is not None

    def reached(self, value: float) -> bool:
        """Whether a value is on the right side, the limit itself included."""
        return value >= self.limit if self.upwards else value <= self.limit
