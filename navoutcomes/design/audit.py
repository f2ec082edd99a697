"""What an evaluator asks first: how many, followed for how long, ended how, and what was repaired."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from navoutcomes.design.flow import Flow
from navoutcomes.notes import Log
from navoutcomes.texts import checked, say, table

if TYPE_CHECKING:
    from navoutcomes.design.follow_up import FollowUp


@dataclass(frozen=True, repr=False)
class Audit:
    """Counts only. ``text("en")`` prints it; in a notebook it shows itself.

    ``endings`` pairs each ending with its number of persons; ``at_zero`` counts exits at time 0; ``longest`` is the
    longest follow-up in ``unit``.
    """

    persons: int
    rows: int
    endings: tuple[tuple[str, int], ...]
    still_followed: int
    at_zero: int
    delayed: int
    clusters: int
    weighted: bool
    longest: float
    unit: str
    synthetic: bool
    flow: Flow
    log: Log

    @classmethod
    def of(cls, people: FollowUp) -> Audit:
        """The audit of a follow-up."""
        rows = people.rows
        counted = rows["ending"].value_counts()
        last = rows.sort_values("time").drop_duplicates("person", keep="last")
        return cls(
            persons=people.persons,
            rows=len(rows),
            endings=tuple((name, int(counted.get(name, 0))) for name in people.endings),
            still_followed=int(last["ending"].isna().sum()),
            at_zero=int((rows["time"] == 0).sum()),
            delayed=int((rows["entry"] > 0).sum()),
            clusters=int(rows["cluster"].nunique()),
            weighted=bool((rows["weight"] != 1).any()),
            longest=float(rows["time"].max()),
            unit=people.unit,
            synthetic=people.origin.synthetic,
            flow=people.flow,
            log=people.log,
        )

    def lines(self, language: str | None = None) -> list[tuple[str, str]]:
        """Pairs of words and numbers."""
        language = checked(language)

        def word(key: str) -> str:
            return say("words", key, language)

        unit = say("words", self.unit, language) if self.unit in UNITS else self.unit
        lines = [(word("audit_persons"), str(self.persons))]
        if self.rows != self.persons:
            lines.append((word("audit_rows"), str(self.rows)))
        for name, number in self.endings:
            label = word(f"ending_{name}") if f"ending_{name}" in table("words") else name
            lines.append((f"{word('audit_ended')}: {label}", str(number)))
        lines.append((word("audit_followed"), str(self.still_followed)))
        lines.append((word("audit_longest"), f"{_longest(self.longest, language)} {unit}"))
        for key, number in (("at_zero", self.at_zero), ("delayed", self.delayed), ("clusters", self.clusters)):
            if number:
                lines.append((word(f"audit_{key}"), str(number)))
        if self.weighted:
            lines.append((word("audit_weighted"), word("yes")))
        return lines

    def text(self, language: str | None = None) -> str:
        """The audit as aligned lines, the flow, and the warnings; ``log`` holds the other remarks."""
        language = checked(language)
        head = [say("words", "synthetic_data", language)] if self.synthetic else []
        lines = self.lines(language)
        width = max(len(words) for words, _ in lines)
        body = [f"{words:<{width}}  {number}" for words, number in lines]
        flow = ["", self.flow.text(language)] if self.flow.steps else []
        loud = Log(tuple(one for one in self.log if one.level == "warning"))
        quiet = len(self.log) - len(loud)
        log = ["", loud.text(language)] if len(loud) else []
        log += [say("words", "audit_notes", language, None, number=quiet)] if quiet else []
        return "\n".join([*head, *body, *flow, *log])

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.text())}</pre>"


UNITS = ("days", "weeks", "months", "years")


def _longest(time: float, language: str) -> str:
    """A decimal comma in Norwegian, and one decimal at most."""
    text = f"{time:.1f}".removesuffix(".0")
    return text if language == "en" else text.replace(".", ",")
