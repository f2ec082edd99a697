"""What each kind of result states about how many, read off before and after it was protected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from navoutcomes.design.flow import Flow
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.curves.pairwise import PairwiseTests
from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.scorecard import Scorecard
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.result import lines
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.estimate.shares import Shares
from navoutcomes.maths.arrays import Floats
from navoutcomes.records.origin import Origin
from navoutcomes.release.facts import (
    ANY,
    CENSORED,
    EVERY,
    FLOW,
    NO,
    YES,
    Count,
    Population,
    Stated,
    Sums,
    parts_among,
    unnamed_mergers,
)
from navoutcomes.release.kinds.tested import causes
from navoutcomes.release.months import day_of, monthly_length, on_months
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.suppress import hidden_sums

Statements = tuple[Stated, ...]
# A share of so many persons is a number of them to within the precision of sums.
WHOLE = 1e-6


def statements(raw: Any, safe: Any, policy: DisclosurePolicy, sums: Sums | None = None) -> Statements:
    """What a result says, ``raw`` before and ``safe`` after protection; nothing for results that tell no counts."""
    for kind, read in _READERS.items():
        if isinstance(raw, kind):
            return tuple(read(raw, safe, policy, sums))
    if isinstance(getattr(raw, "counts", None), RiskTable) and isinstance(getattr(safe, "counts", None), RiskTable):
        return _curves(raw.counts, safe.counts, policy, sums)
    return ()


def _population(origin: Origin, persons: int, words: str = "") -> Population:
    return Population(tuple(sorted({digest for _, digest in origin.sources})), persons, words)


def _shares(raw: Shares, safe: Shares, policy: DisclosurePolicy, sums: Sums | None) -> Iterable[Stated]:
    people: CountedPeople = raw.counts
    shown = {(row.group, row.cause): row for row in lines(safe.table)}
    parts = parts_among(people.groups, sums)
    base = [name for name in people.groups if name not in dict(parts)]
    several = len(people.groups) > 1
    counts = []
    for group in people.groups:
        own = [row for (name, _), row in shown.items() if name == group]
        persons = people.events(group, people.endings[0])[1]
        counts.append(Count(group, shown=own[0].at_risk, small=policy.small(persons)))
        for ending in people.endings:
            small = policy.small(people.events(group, ending)[0])
            row = shown.get((group, ending))
            counts.append(Count(group, ending, shown=row.events if row else np.nan, small=small))
    mergers = () if people.already_public else unnamed_mergers(people.groups)
    for merger, some in mergers:
        for ending in people.endings:
            total = float(sum(people.events(name, ending)[0] for name in some))
            counts.append(Count(merger, ending, small=policy.small(total), printed=False))
    if several:
        totals = np.array([float(sum(people.events(name, one)[0] for name in base)) for one in people.endings])
        gone = hidden_sums(totals, policy) if not people.already_public else np.zeros(len(totals), dtype=bool)
        for ending, total, hide in zip(people.endings, totals, gone, strict=True):
            value = np.nan if hide else float(total)
            counts.append(Count(EVERY, ending, shown=value, small=policy.small(total), printed=False))
    else:
        counts = [Count(EVERY, one.ending, one.month, one.shown, one.small) for one in counts]
    whole = sum(people.events(name, people.endings[0])[1] for name in base)
    population = _population(people.origin, whole, f"{people.programme} {people.period}".strip())
    groups = (*people.groups, *(name for name, _ in mergers)) if several else ()
    by = people.by if several else ""
    parts = tuple(sorted((*parts, *mergers)))
    yield Stated(population, by, groups, people.endings, tuple(counts), parts, gives="cells", ended=True)


def _curves(raw: RiskTable, safe: RiskTable, policy: DisclosurePolicy, sums: Sums | None) -> Statements:
    """How many had ended so when a released curve ends, and at each of its steps; sizes; and what is not shown at all.

    The last step has drawn a few later exits to itself, so its count holds where follow-up ends and not before. That
    may be later than the last step of any group: an end said too early contradicts other tables, and tables that
    contradict each other are taken for those of other people and held against nothing.
    """
    groups = tuple(raw.groups)
    several = len(groups) > 1
    last = _followed_until(raw, safe)
    counts, steps = [], []
    for group in groups:
        own, persons = raw.groups[group], raw.persons(group)
        name, shown = group if several else EVERY, group in safe.cells
        counts.append(Count(name, shown=float(persons) if shown else np.nan, small=policy.small(persons)))
        for place, ending in enumerate(raw.causes):
            counts.append(Count(name, ending, small=policy.small(own.events[place].sum())))
            if shown:
                mine = _steps(name, ending, safe.groups[group].time, safe.groups[group].events[place], last)
                steps += mine
                counts.append(mine[-1])
        if shown:
            steps += _steps(name, CENSORED, safe.groups[group].time, safe.groups[group].censored, last)[:-1]
    population = _population(raw.origin, sum(raw.persons(group) for group in groups))
    parts = parts_among(groups, sums) if several else ()
    by = raw.by or "" if several else ""
    groups = groups if several else ()
    return (Stated(population, by, groups, raw.causes, tuple(counts), parts, tuple(steps), "steps"),)


def _followed_until(raw: RiskTable, safe: RiskTable) -> float:
    """The month in which follow-up ends: that of the cut, or the last in which somebody left."""
    cut = [float(str(dict(one.facts)["month"])) for one in safe.protection if one.key == "curve_cut"]
    monthly = on_months(raw)
    last = monthly_length(replace(monthly, cells={name: monthly.cells[name] for name in safe.cells}))
    return min([*cut, float(last)])


def _steps(name: str, ending: str, time: Floats, events: Floats, last: float) -> list[Count]:
    months, running = time[events > 0], np.cumsum(events[events > 0])
    ends = [*months[:-1].tolist(), last]
    values = running.tolist() or [0.0]
    made = [Count(name, ending, month, value) for month, value in zip(ends, values, strict=True)]
    return [*made[:-1], replace(made[-1], drawn=float(months[-1]) if len(months) else 0.0)]


def _effects(raw: Effects, safe: Effects, policy: DisclosurePolicy, sums: Sums | None) -> Iterable[Stated]:
    """A difference with eight digits gives both of its counts."""
    if isinstance(raw.counts, RiskTable):
        return _curves(raw.counts, safe.counts, policy, sums)
    people: CountedPeople = raw.counts
    counts = []
    for group in people.groups:
        for ending in {row.cause for row in lines(safe.table)}:
            events, persons = people.events(group, ending)
            counts += [Count(group, ending, shown=float(events)), Count(group, shown=float(persons))]
    words = f"{people.programme} {people.period}".strip()
    population = _population(people.origin, people.persons, words)
    return [Stated(population, people.by, people.groups, people.endings, tuple(dict.fromkeys(counts)), ended=True)]


def _test(raw: GroupTest, safe: GroupTest, _: DisclosurePolicy, __: Sums | None) -> Iterable[Stated]:
    people: RiskTable = raw.counts
    counts = []
    shown = {row.group: row for row in lines(safe.table)}
    for row in lines(raw.table.drop_duplicates("group")):
        one = shown[row.group]
        # Without a named ending the test counts every one.
        counts += [Count(row.group, shown=one.at_risk), Count(row.group, row.cause or ANY, shown=one.events)]
    population = _population(people.origin, sum(people.persons(group) for group in people.groups))
    return [Stated(population, people.by or "", tuple(people.groups), people.causes, tuple(counts), gives="cells")]


def _pairs(raw: PairwiseTests, *_: object) -> Iterable[Stated]:
    """Three pairs of three groups give the number of each."""
    people: RiskTable = raw.counts
    places, counts = list(causes(raw)), []
    ending = people.causes[places[0]] if len(places) == 1 else ANY
    for name, group in people.groups.items():
        counts.append(Count(name, shown=float(people.persons(name))))
        counts.append(Count(name, ending, shown=float(group.events[places].sum())))
    population = _population(people.origin, sum(people.persons(group) for group in people.groups))
    yield Stated(population, people.by or "", tuple(people.groups), people.causes, tuple(counts))


def _offices(raw: OfficeComparison, safe: OfficeComparison, policy: DisclosurePolicy, _: object) -> Iterable[Stated]:
    """Persons of each office, and of how many of them the observed share is; what is expected gives everybody's.

    Where somebody was lost before that day the observed share is a mean of pseudo-values, and of no number of persons.
    """
    kept, seen = set(safe.table["group"]), raw.table[raw.table["measure"] == "observed share"]
    size, share = seen["at_risk"].to_numpy(dtype=float), seen["estimate"].to_numpy(dtype=float)
    ended = np.round(size * share)
    counted, month = bool((np.abs(ended - size * share) < WHOLE).all()), day_of(raw.at, raw.unit)
    counts: list[Count] = []
    for name, number, some in zip(seen["group"], size, ended, strict=True):
        told = 1.0 if name in kept else np.nan
        counts.append(Count(name, shown=told * number, small=policy.small(number)))
        if counted:
            counts.append(Count(name, raw.cause, month, told * some, policy.small(some)))
            for inside, people in ((YES, some), (NO, number - some)):
                counts.append(Count(name + inside, shown=told * people, small=policy.small(people)))
    names, parts = tuple(seen["group"]), dict[str, tuple[str, ...]]()
    if counted:
        parts = {name: (name + YES, name + NO) for name in names} | {YES: tuple(name + YES for name in names)}
        counts.append(Count(YES, shown=float(ended.sum()), printed=False))
    groups = tuple(dict.fromkeys((*names, *(one for among in parts.values() for one in among), *parts)))
    yield Stated(_population(raw.origin, int(size.sum())), raw.by, groups, (raw.cause,), tuple(counts),
                 tuple(parts.items()), gives="cells")  # fmt: skip


def _flow(raw: Flow, safe: Flow, policy: DisclosurePolicy, _: Sums | None) -> Iterable[Stated]:
    """Losses by reason of those who were there at the start."""
    kept = {step.reason for step in safe.steps}
    names = [f"{at} {step.reason.key}" for at, step in enumerate(raw.steps)]
    counts = [
        Count(name, shown=float(step.lost) if step.reason in kept else np.nan, small=policy.small(step.lost))
        for name, step in zip(names, raw.steps, strict=True)
    ]
    counts.append(Count("analysed", shown=float(raw.end)))
    if safe.start != raw.start or not raw.steps:
        return []
    return [Stated(Population((), raw.start, FLOW), "flow", (*names, "analysed"), (), tuple(counts))]


def _goal(raw: Indicator, *_: object) -> Iterable[Stated]:
    if raw.events > raw.persons or raw.already_public:
        return
    counts = (Count("yes", shown=float(raw.events)), Count("no", shown=float(raw.persons - raw.events)))
    name = raw.target.name if isinstance(raw.target.name, str) else raw.target.name.en
    yield Stated(_population(raw.origin, raw.persons), f"goal {name}", ("yes", "no"), (), counts)


def _goals(raw: Scorecard, *_: object) -> Iterable[Stated]:
    for one in raw.indicators:
        yield from _goal(one)


def _table(raw: RiskTable, safe: RiskTable, policy: DisclosurePolicy, sums: Sums | None) -> Iterable[Stated]:
    return _curves(raw, safe, policy, sums)


_READERS: dict[type, Callable[..., Iterable[Stated]]] = {
    RiskTable: _table,
    Shares: _shares,
    Effects: _effects,
    GroupTest: _test,
    PairwiseTests: _pairs,
    OfficeComparison: _offices,
    Flow: _flow,
    Indicator: _goal,
    Scorecard: _goals,
}
