"""Costs at the gate: a cost per outcome tells the number of outcomes, so that number must be one that may be shown."""

from __future__ import annotations

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.goals.cost import CostPerOutcome, ExplainedDeviation
from navoutcomes.notes import Log, note
from navoutcomes.release.policy import DisclosurePolicy


def costs(result: CostPerOutcome, policy: DisclosurePolicy) -> tuple[CostPerOutcome, Log]:
    """Refused where few had the outcome, or few had not; counts published before are facts."""
    if result.already_public:
        return result, Log((note("already_public"),))
    if any(map(policy.small, (result.persons, result.events, result.persons - result.events))):
        raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    return result, Log((note("nothing_hidden", threshold=policy.threshold),))


def deviation(result: ExplainedDeviation, policy: DisclosurePolicy) -> tuple[ExplainedDeviation, Log]:
    """Amounts of the accounts, which are public and about nobody."""
    return result, Log((note("nothing_hidden", threshold=policy.threshold),))
