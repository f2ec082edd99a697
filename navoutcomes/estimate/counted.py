"""People known only as counts: what a published report leaves us."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Self

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DataProblem, DesignProblem, door
from navoutcomes.estimate.states.whole_stays import whole_stays
from navoutcomes.records.origin import Origin
from navoutcomes.texts import LANGUAGES, Text, say, spoken

DENOMINATORS = ("referred", "started", "ended", "population")
Counted = Mapping[str, int] | Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, repr=False, eq=False)
class CountedPeople:
    """Endings counted, without times. What needs only counts works on it; the rest refuses and says what is missing.

    ``counts`` gives each group's number a ending; ``denominator`` says of whom; ``already_public`` marks numbers that
    have been published before (they are facts, and protection does not hide them).
    """

    programme: str
    counts: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    denominator: str | Text
    outcome: str
    by: str
    period: str
    already_public: bool
    origin: Origin

    @classmethod
    @door
    def from_counts(
        cls,
        counts: Counted,
        programme: str = "",
        denominator: str | Text = "ended",
        outcome: str | None = None,
        by: str = "group",
        period: str = "",
        already_public: bool = False,
        origin: Origin | None = None,
    ) -> Self:
        """What can be said when a document gives only how many ended in which way?

        Arguments: ``counts`` ``{"job": 147, "no_show": 192, "other": 317}``, or one such mapping a group; ``programme``
        and ``period`` in words; ``denominator`` of whom: referred, started, ended, population, or your own words;
        ``outcome`` the ending of interest (None: the first); ``by`` what the groups are; ``already_public`` whether the
        numbers have been published.
        Raises: ``DataProblem`` for counts that are negative or not whole, or nobody.
        """
        if not isinstance(counts, Mapping):
            raise DataProblem("counts_not_whole", group="all")
        if not counts:
            raise DataProblem("counts_empty")
        grouped = any(isinstance(value, Mapping) for value in counts.values())
        nested: Mapping[str, Mapping[str, int]] = counts if grouped else {"all": counts}  # type: ignore[assignment, dict-item]
        for group, own in nested.items():
            if not _whole(own):
                raise DataProblem("counts_not_whole", group=group)
            if not any(own.values()):
                raise DataProblem("counts_empty")
        rows = tuple(
            (name, tuple((cause, int(number)) for cause, number in own.items())) for name, own in nested.items()
        )
        first = rows[0][1][0][0]
        return cls(
            programme, rows, denominator, outcome or first, by, period, already_public,
            origin or Origin(published=already_public),
        )  # fmt: skip

    @property
    def of_whom(self) -> str | Text:
        """The denominator in words: one of the four that are known, or the analyst's own."""
        if self.denominator not in DENOMINATORS:
            return self.denominator
        return Text(**{language: say("words", f"denominator_{self.denominator}", language) for language in LANGUAGES})

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups; one named ``all`` when there are none."""
        return tuple(name for name, _ in self.counts)

    @property
    def endings(self) -> tuple[str, ...]:
        """All endings, in the order given."""
        return tuple(dict.fromkeys(cause for _, own in self.counts for cause, _ in own))

    @property
    def persons(self) -> int:
        """How many persons in all."""
        return sum(number for _, own in self.counts for _, number in own)

    def events(self, group: str, cause: str) -> tuple[int, int]:
        """Number that ended so, and number of persons, in a group."""
        own = dict(dict(self.counts)[group])
        if cause not in self.endings:
            raise DesignProblem("cause_unknown", asked=cause, known=self.endings)
        return own.get(cause, 0), sum(own.values())

    def __repr__(self) -> str:
        lines = [f"{self.programme} {self.period}".strip()]
        for name, own in self.counts:
            head = "" if name == "all" else f"{name}: "
            lines.append(head + ", ".join(f"{cause} {number}" for cause, number in own))
        of = spoken(self.of_whom)
        lines.append(say("words", "counted_of", number=self.persons, denominator=of))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


def _whole(own: object) -> bool:
    """Whether these are numbers of persons by ending: whole, and zero or larger."""
    if not isinstance(own, Mapping) or not own:
        return False
    return all(
        isinstance(one, int | float | np.integer) and math.isfinite(one) and one >= 0 and one % 1 == 0
        for one in own.values()
    )


def counted(people: object, by: str | None = None) -> CountedPeople:
    """Any people whose ending is known for everyone, as counts.

    Raises: ``DesignProblem`` when some are still followed: their share needs ``cumulative_incidence`` at a time.
    """
    if isinstance(people, CountedPeople):
        return people
    if not isinstance(people, FollowUp):
        return CountedPeople.from_counts(people)  # type: ignore[arg-type]
    codes, names = people.levels(by)
    rows = whole_stays(people.rows, codes, np.zeros(len(codes)))
    followed = int(rows["ending"].isna().sum())
    if followed:
        raise DesignProblem("still_followed", count=followed, total=len(rows))
    if (rows["weight"] != 1).any():
        raise DesignProblem("counts_weighted")
    codes = rows["group"].to_numpy()
    table = {
        name: {ending: int(((codes == at) & (rows["ending"] == ending).to_numpy()).sum()) for ending in people.endings}
        for at, name in enumerate(names)
    }
    return CountedPeople.from_counts(table, outcome=people.protocol.outcome, by=by or "group", origin=people.origin)
