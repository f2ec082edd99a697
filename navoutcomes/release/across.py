"""Protection across everything that is published: a result beside the others of its report and of earlier ones.

Each result is protected alone first. Beside others about the same persons it may still give one of their hidden counts
back; then it gives way: a table hides more, a curve steps more seldom, and what can do neither is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from navoutcomes.errors import DisclosureRefused
from navoutcomes.release.attack import agrees, open_counts
from navoutcomes.release.facts import ALWAYS, EVERY, Stated, parts_among
from navoutcomes.release.fewer_steps import fewer_steps
from navoutcomes.release.give_way import hide_more
from navoutcomes.release.unknowns import unknowns


@dataclass(frozen=True)
class Known:
    """A statement that is out already: ``report`` and ``name`` where it stands, ``remembered`` from the register;
    ``own`` when that is an earlier version of the report being written."""

    report: str
    name: str
    stated: Stated
    remembered: bool = False
    own: bool = False


@dataclass(frozen=True)
class Verdict:
    """``stated`` what may be said; ``hidden`` counts and ``steps`` it lost; ``beside`` the reports it gave way to;
    ``close`` earlier reports of nearly the same counts, which a reader can subtract; ``against`` what it contradicts
    and was not held against."""

    stated: Stated
    hidden: int = 0
    steps: int = 0
    beside: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def verdict(new: Stated, known: Sequence[Known], threshold: int) -> Verdict:
    """What of a statement may stand beside what is known.

    Arguments: ``new`` the statement, each alone protected; ``known`` those before it; ``threshold`` k.
    Raises: ``DisclosureRefused`` where it differs from an earlier one by fewer than k persons, or gives a hidden count
    back whatever is hidden of it.
    """
    close = _nearly_alike(new, known, threshold)
    others, against = _of_the_same(new, known)
    earlier, remembered = [one.stated for one in others], sum(one.remembered for one in others)
    # A report written again says what it said the first time.
    named = [one for one in others if not one.own] or others
    beside = _names(named)
    made: Stated | None = new
    if new.gives == "cells":
        made = hide_more(earlier, remembered, new, threshold)
    elif open_counts(unknowns([*earlier, new]), threshold, remembered):
        made = None
    if made is not None and (made.steps or any(one.steps for one in earlier)):
        made = fewer_steps(earlier, made, threshold)
    if made is None:
        raise DisclosureRefused("bundle_gives_back", beside=beside, threshold=threshold)
    hidden = sum(one.hidden for one in made.counts) - sum(one.hidden for one in new.counts)
    return Verdict(made, hidden, len(new.steps) - len(made.steps), beside, close, _names(against))


def _names(known: Sequence[Known]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{one.report}/{one.name}" if one.remembered else one.name for one in known))


def _of_the_same(new: Stated, known: Sequence[Known]) -> tuple[list[Known], list[Known]]:
    """Statements about the same persons, those from the register first, and those that are only said to be.

    What contradicts is about others: as many of one file's persons, chosen otherwise. That is rare enough to be told.
    """
    first = [one for one in known if one.stated.population.alike(new.population) and one.stated != new]
    ordered = sorted(first, key=lambda each: not each.remembered)
    alike = list({one.stated: one for one in reversed(ordered)}.values())[::-1]
    if agrees(unknowns([*(one.stated for one in alike), new])):
        return alike, []
    found: list[Known] = []
    for one in alike:
        if agrees(unknowns([*(other.stated for other in found), one.stated, new])):
            found.append(one)
    return found, [one for one in alike if one not in found and one.stated.population.sources]


def _nearly_alike(new: Stated, known: Sequence[Known], threshold: int) -> tuple[str, ...]:
    """Earlier reports from which this one differs by few: refused when the persons do, else told.

    Only counts that never fall, or never rise, from one to the other can be a difference of persons added or left out.
    """
    close = []
    for one in known:
        old = one.stated
        if old.population == new.population or not old.population.related(new.population):
            continue
        persons = abs(old.population.persons - new.population.persons)
        if 0 < persons < threshold and _merged(new, old):
            raise DisclosureRefused("differs_by_few", report=one.report, name=one.name, threshold=threshold)
        before = {count.spot: count.shown for count in (*old.counts, *old.steps) if count.printed and not count.hidden}
        same = _same_groups(new, old, threshold)
        after = [count for count in (*new.counts, *new.steps) if count.printed and count.spot in before]
        after = [count for count in after if count.group in same]
        differ = [count.shown - before[count.spot] for count in after if count.ending != EVERY]
        differ = [value for value in differ if not isnan(value)]
        if not differ or (min(differ) < 0 < max(differ)):
            continue
        if 0 < persons < threshold:
            raise DisclosureRefused("differs_by_few", report=one.report, name=one.name, threshold=threshold)
        if any(0 < abs(value) < threshold for value in differ):
            close.append(one.report)
    return tuple(dict.fromkeys(close))


def _merged(new: Stated, old: Stated) -> bool:
    """Whether a group of one is a sum of groups of the other: what is shown of the sum less what is shown of its parts
    is a hidden part's count but for the few persons by which they differ."""
    for one, other in ((new.whole, old.whole), (old.whole, new.whole)):
        for whole, parts in parts_among(dict.fromkeys((*one, *other))):
            if whole in one and whole not in other and set(parts) <= set(other):
                return True
    return False


def _same_groups(new: Stated, old: Stated, threshold: int) -> set[str]:
    """Groups of one name that can be the same people: in one division all, in two those nearly as large, and everybody.

    A municipality that was left alone by a merger stands in the division before it and in the one after.
    """
    if old.by == new.by:
        return {EVERY, *new.groups}
    sizes = {one.group: one.shown for one in old.counts if one.ending == EVERY and one.month == ALWAYS}
    own = {one.group: one.shown for one in new.counts if one.ending == EVERY and one.month == ALWAYS}
    return {EVERY} | {name for name in own if name in sizes and abs(own[name] - sizes[name]) < threshold}
