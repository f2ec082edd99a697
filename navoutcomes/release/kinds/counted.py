"""Counts as tables and as a flow: small ones hidden, and others with them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from navoutcomes.design.flow import Flow, Step
from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.result import lines
from navoutcomes.estimate.shares import Shares
from navoutcomes.notes import Log, note
from navoutcomes.records.codes.quality import ReasonShares
from navoutcomes.release.alike import refuse_all_alike
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.suppress import suppressed

HIDDEN = ("estimate", "std_error", "conf_low", "conf_high", "events")


def shares(result: Shares, policy: DisclosurePolicy) -> tuple[Shares, Log]:
    """A table of counts and shares; those published before stand as they are."""
    people: CountedPeople = result.counts
    if people.already_public:
        return result, Log((note("already_public"),))
    if policy.small(people.persons):
        raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    refuse_all_alike(people, policy)
    causes = people.endings
    counts = np.array([[float(people.events(group, cause)[0]) for cause in causes] for group in people.groups])
    hidden, few = suppressed(counts, policy)
    table = result.table
    place = [(people.groups.index(row.group), causes.index(row.cause)) for row in lines(table)]
    mask = np.array([hidden[spot] for spot in place])
    table.loc[mask, [name for name in HIDDEN if name in table]] = np.nan
    table.loc[np.array([few[row] for row, _ in place]), "at_risk"] = np.nan
    safe = replace(result, counts=None, again=None, _table=table)
    return safe, _hidden(int(hidden.sum()), policy)


def reasons(result: ReasonShares, policy: DisclosurePolicy) -> tuple[ReasonShares, Log]:
    """Shares by programme and period: a table of each measure's count and the rest."""
    table = result.table
    keys = list(dict.fromkeys(zip(table["group"], table["term"], strict=True)))
    measures = list(dict.fromkeys(table["measure"]))
    counts = np.zeros((len(keys), len(measures) + 1))
    place = [(keys.index((one.group, one.term)), measures.index(one.measure)) for one in lines(table)]
    for (row, column), one in zip(place, lines(table), strict=True):
        counts[row, column] = one.events
        counts[row, -1] = one.at_risk
    counts[:, -1] -= counts[:, :-1].sum(axis=1)
    hidden, few = suppressed(counts, policy)
    mask = np.array([hidden[spot] for spot in place])
    table.loc[mask, [name for name in HIDDEN if name in table]] = np.nan
    table.loc[np.array([few[row] for row, _ in place]), "at_risk"] = np.nan
    return replace(result, findings=Log(), _table=table), _hidden(int(hidden.sum()), policy)


def _hidden(number: int, policy: DisclosurePolicy) -> Log:
    if not number:
        return Log((note("nothing_hidden", threshold=policy.threshold),))
    return Log((note("cells_hidden", hidden=number, threshold=policy.threshold),))


def flow(result: Flow, policy: DisclosurePolicy) -> tuple[Flow, Log]:
    """Losses of few persons are pooled, with larger ones if need be."""
    steps = [step for step in result.steps if step.lost > 0]
    if not policy.zeros_shown:
        result = Flow(result.start, tuple(steps))
    pooled = [step for step in steps if policy.small(step.lost)]
    if policy.small(result.start) or policy.small(result.end):
        raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    if not pooled:
        return result, Log((note("nothing_hidden", threshold=policy.threshold),))
    rest = sorted((step for step in steps if step not in pooled), key=lambda step: step.lost)
    while rest and (len(pooled) < 2 or policy.small(sum(step.lost for step in pooled))):
        pooled.append(rest.pop(0))
    if policy.small(sum(step.lost for step in pooled)):
        # A single small loss cannot be shown beside both of its sums: only the end is.
        safe = Flow(result.end)
        return safe, Log((note("flow_losses_hidden", threshold=policy.threshold),))
    kept = [step for step in steps if step not in pooled]
    left, made = result.start, []
    for step in kept:
        made.append(Step(step.reason, left, left - step.lost))
        left -= step.lost
    made.append(Step(note("flow_pooled", reasons=len(pooled)), left, result.end))
    done = note("flow_steps_pooled", count=len(pooled), threshold=policy.threshold)
    return Flow(result.start, tuple(made)), Log((done,))
