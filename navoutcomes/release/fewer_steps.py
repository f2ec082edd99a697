"""Curves of the same people beside each other: a step of one and a step of another must not leave few between them.

Each curve alone counts exits in steps of at least k. Everybody's curve less the women's is the men's, at every month at
which both step; so all that is known at a month is put together, for each group and for those of no shown group, and
the numbers between two such months must be 0 or at least k. A curve that comes later steps more seldom.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from navoutcomes.release.facts import ALWAYS, ANY, EVERY, Count, Stated, office_of

Node = tuple[str, frozenset[str]]
EVERYBODY: Node = ("", frozenset())
# A curve of which less than half would be left is refused.
SHORTEST = 0.5


@dataclass(frozen=True)
class Between:
    """So few of some groups ended so between two months."""

    node: Node
    ending: str
    months: tuple[float, float]


def too_few(stated: Sequence[Stated], threshold: int) -> list[Between]:
    """Numbers between two known months that are neither 0 nor at least the limit."""
    found = []
    for ending in dict.fromkeys(one.ending for each in stated for one in _all(each) if one.ending not in (EVERY, ANY)):
        known: dict[Node, dict[float, float]] = {}
        for month in sorted({one.month for each in stated for one in _all(each) if one.ending == ending}):
            for node, value in _known_at(stated, ending, month).items():
                known.setdefault(node, {})[month] = value
        for node, values in known.items():
            earlier, before = 0.0, 0.0
            for month in sorted(values):
                if 0 < round(values[month] - before) < threshold:
                    found.append(Between(node, ending, (earlier, month)))
                earlier, before = month, values[month]
    return found


def _all(one: Stated) -> tuple[Count, ...]:
    """Counts and steps that are shown."""
    return tuple(count for count in dict.fromkeys((*one.counts, *one.steps)) if not count.hidden)


def _apart(one: Stated) -> tuple[str, ...]:
    """Groups that together are everybody; of groups told by a day the groups themselves."""
    return tuple(dict.fromkeys(map(office_of, one.whole))) if one.dated else one.whole


def _known_at(stated: Sequence[Stated], ending: str, month: float) -> dict[Node, float]:
    """Everything that follows at a month: shown counts, sums of groups, and the rest of a sum."""
    divisions = {(one.by, _apart(one)) for one in stated if one.groups}
    known: dict[Node, float] = {}
    for one in stated:
        for count in _all(one):
            if (count.ending, count.month) == (ending, month) and count.group in (EVERY, *_apart(one)):
                node = EVERYBODY if count.group == EVERY else (one.by, frozenset({count.group}))
                known[node] = count.shown
    for _ in divisions:
        for by, groups in divisions:
            shown = [name for name in groups if (by, frozenset({name})) in known]
            total = sum(known[by, frozenset({name})] for name in shown)
            rest = frozenset(groups) - set(shown)
            if not rest:
                known[EVERYBODY] = total
            elif EVERYBODY in known:
                known[by, rest] = known[EVERYBODY] - total
    return known


def fewer_steps(earlier: Sequence[Stated], new: Stated, threshold: int) -> Stated | None:
    """The statement of a curve with fewer steps, so that nothing small lies between; None where it cannot be.

    Where the ends of two curves are too near each other, the later one ends earlier.
    """
    made = new
    length = max((one.drawn for one in new.steps), default=0.0)
    while found := too_few([*earlier, made], threshold):
        gone = next(_candidates(found, made), None)
        if gone is not None:
            made = replace(made, steps=tuple(one for one in made.steps if one != gone))
            continue
        month = max((one.drawn for one in made.steps if one.ending == found[0].ending), default=0.0) - 1
        if month < length * SHORTEST:
            return None
        made = made.until(month)
    return made


def _candidates(found: Sequence[Between], new: Stated) -> Iterator[Count]:
    """Steps of the new curve at an end of what is too few, those of other groups first; never where the curve ends."""
    ends = {(one.group, one.ending): one.month for one in new.counts if one.month != ALWAYS}
    for between in found:
        at = [
            one
            for one in new.steps
            if one.ending == between.ending
            and one.month in between.months
            and one.month != ends.get((one.group, one.ending))
        ]
        yield from sorted(at, key=lambda one: (one.group in between.node[1], -one.month))
