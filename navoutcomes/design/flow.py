"""Who came in, who fell out, and why: numbers that add up."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from navoutcomes.notes import Note
from navoutcomes.texts import checked, say


@dataclass(frozen=True)
class Step:
    """One reason, and the number of persons before and after it was applied."""

    reason: Note
    before: int
    after: int

    @property
    def lost(self) -> int:
        """How many fell out here."""
        return self.before - self.after


@dataclass(frozen=True)
class Flow:
    """The persons from the register to the analysis. Shows itself as the printed audit.

    Raises: ``ValueError`` when a step does not begin where the one before it ended, or people appear from nowhere.
    """

    start: int
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        left = self.start
        for step in self.steps:
            if step.before != left or not 0 <= step.after <= step.before:
                raise ValueError("the numbers of a flow must add up")
            left = step.after

    @property
    def end(self) -> int:
        """How many are analysed."""
        return self.steps[-1].after if self.steps else self.start

    def then(self, reason: Note, after: int) -> Flow:
        """The flow with one more step."""
        return Flow(self.start, (*self.steps, Step(reason, self.end, after)))

    def lines(self, language: str | None = None) -> list[tuple[str, int]]:
        """Text and number of each line: the start, each loss (as a negative number), the end."""
        language = checked(language)
        lost = [(step.reason.text(language), -step.lost) for step in self.steps]
        first, last = say("words", "flow_start", language), say("words", "flow_end", language)
        return [(first, self.start), *lost, (last, self.end)]

    def text(self, language: str | None = None) -> str:
        """The flow as aligned lines."""
        lines = self.lines(language)
        width = max(len(words) for words, _ in lines)
        return "\n".join(f"{words:<{width}}  {number:>7}".replace("-", "−") for words, number in lines)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left'>{escape(words)}</td><td>{str(number).replace('-', '−')}</td></tr>"
            for words, number in self.lines()
        )
        return f"<table>{rows}</table>"
