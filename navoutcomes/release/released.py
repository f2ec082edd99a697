"""The one gate out: what it lets through is protected first and estimated afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from navoutcomes.design.flow import Flow, Step
from navoutcomes.errors import DesignProblem, DisclosureRefused, Problem, door
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.curves.restricted_mean import RestrictedMeans
from navoutcomes.estimate.dropout.dropout import Dropout
from navoutcomes.estimate.goals.cost import CostPerOutcome, ExplainedDeviation
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.scorecard import Scorecard
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.regression.regression import Regression
from navoutcomes.estimate.result import Curves, lines
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.estimate.shares import Shares
from navoutcomes.notes import Log, note
from navoutcomes.release.across import Known, verdict
from navoutcomes.release.costs import costs, deviation
from navoutcomes.release.facts import Stated, Sums
from navoutcomes.release.models import adjusted, dropout, goals, offices, regression
from navoutcomes.release.months import monthly_length, on_months, protected_table
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.remarks import masked
from navoutcomes.release.settled import settled
from navoutcomes.release.stated import statements
from navoutcomes.release.suppress import suppressed

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
_GATE = object()
HIDDEN = ("estimate", "std_error", "conf_low", "conf_high", "events")


@dataclass(frozen=True)
class Released(Generic[R_co]):
    """A result that may leave the room. Made only by ``release``.

    ``result`` is the protected result (hidden numbers are not in it), ``policy`` the rule, ``decisions`` what was done,
    ``stated`` which counts it tells, for what is published beside it.
    """

    result: R_co
    policy: DisclosurePolicy
    decisions: Log
    made_by: InitVar[object] = None
    stated: tuple[Stated, ...] = ()

    def __post_init__(self, made_by: object) -> None:
        if made_by is not _GATE:
            raise DesignProblem("released_only_by_release")

    @property
    def table(self) -> pd.DataFrame:
        """The protected table; an empty number is hidden. A copy."""
        return self.result.table  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return f"{self.result!r}\n{self.decisions.text()}"

    def _repr_html_(self) -> str:
        inner = self.result._repr_html_() if hasattr(self.result, "_repr_html_") else f"<pre>{self.result!r}</pre>"
        return f"{inner}{self.decisions._repr_html_()}"


@door
def release(result: R, policy: DisclosurePolicy | None = None, sums: Sums | None = None) -> Released[R]:
    """May this leave the room, and in which form?

    Curves, differences and mean times: counts are put on months, months merged until no step shows fewer than k, and
    everything is estimated again from those counts. Shares and flows: small counts are hidden, and others with them
    until no hidden one can be worked out from the sums. Tests: only the rounded statistic and p-value.
    Arguments: ``policy`` (None: five); ``sums`` groups that are sums of others: ``{"Hustadvika": ("Fræna", "Eide")}``
    (municipalities before and after a reform are known by their numbers).
    Raises: ``DisclosureRefused`` when nothing can be shown, or for what was released by a weaker rule already;
    ``DesignProblem`` for what is no result.
    Assumes: one table or curve at a time; a ``Bundle`` looks at several that share margins.
    """
    if isinstance(result, Released):
        if policy is not None and policy.threshold > result.policy.threshold:
            raise DisclosureRefused("weaker_rule", threshold=policy.threshold, used=result.policy.threshold)
        return result
    policy = policy or DisclosurePolicy()
    for kind, protect in _PROTECTORS.items():
        if isinstance(result, kind):
            safe, decisions = protect(result, policy)
            made = Released(safe, policy, decisions, _GATE, statements(result, safe, policy, sums))
            return beside(made, ()) if any(one.parts for one in made.stated) else made
    raise DesignProblem("cannot_release", kind=type(result).__name__)


def beside(released: Released[R], known: Sequence[Known]) -> Released[R]:
    """A released result as it may stand beside what is published already.

    Raises: ``DisclosureRefused`` where hidden counts could be worked out from all of it whatever is hidden here.
    """
    threshold = released.policy.threshold
    verdicts = [verdict(one, known, threshold) for one in released.stated]
    result, notes = settled(released.result, verdicts, threshold)
    if not notes:
        return released
    stated = tuple(one.stated for one in verdicts)
    return Released(result, released.policy, released.decisions + Log(notes), _GATE, stated)


def _table(result: RiskTable, policy: DisclosurePolicy) -> tuple[RiskTable, Log]:
    safe = protected_table(result, policy)
    return safe, Log(safe.protection)


def _again(result: Any, policy: DisclosurePolicy) -> tuple[Any, Log]:
    """Protect the counts, then ask the same question again."""
    if isinstance(result.counts, CountedPeople):
        return _counted_effects(result, policy)
    safe = protected_table(result.counts, policy)
    decisions = Log(safe.protection)
    if isinstance(result, RestrictedMeans):
        decisions = decisions + note("mean_on_months")
    if isinstance(result, Effects) and (len(safe.groups) < 2 or result.reference not in safe.groups):
        raise DisclosureRefused("comparison_of_few", fewest=policy.smallest_curve, threshold=policy.threshold)
    try:
        return result.again(safe), decisions
    except DesignProblem as refused:
        problem: Problem = refused
    if "curve_cut" in decisions.keys():  # noqa: SIM118
        problem = DisclosureRefused("time_not_shown", month=monthly_length(safe), threshold=policy.threshold)
    raise problem


def _counted_effects(result: Effects, policy: DisclosurePolicy) -> tuple[Effects, Log]:
    people = result.counts
    if people.already_public:
        return result, Log((note("already_public"),))
    for row in lines(result.table):
        for group in (row.group, str(result.reference)):
            events, persons = people.events(group, row.cause)
            if policy.small(events) or policy.small(persons - events):
                raise DisclosureRefused("cause_of_few", cause=row.cause, group=group, threshold=policy.threshold)
    safe = replace(result, counts=None, again=None)
    return safe, Log((note("nothing_hidden", threshold=policy.threshold),))


def _test(result: GroupTest, policy: DisclosurePolicy) -> tuple[GroupTest, Log]:
    """The statistic on months, rounded; refused when a group or its exits are few."""
    counts: RiskTable = result.counts
    for row in lines(result.table):
        if any(map(policy.small, (row.at_risk, row.events, row.at_risk - row.events))):
            raise DisclosureRefused("test_of_few", group=row.group, threshold=policy.threshold)
    monthly: GroupTest = result.again(on_months(counts)) if result.again else result
    table = result.table[["group", "at_risk", "events"]].drop_duplicates()
    safe = replace(
        monthly,
        statistic=round(monthly.statistic, 2),
        p_value=round(monthly.p_value, 3),
        score=np.empty(0),
        covariance=np.empty((0, 0)),
        counts=None,
        again=None,
        _table=table.reset_index(drop=True),
    )
    return safe, Log((note("test_rounded"),))


def _shares(result: Shares, policy: DisclosurePolicy) -> tuple[Shares, Log]:
    people: CountedPeople = result.counts
    if people.already_public:
        return result, Log((note("already_public"),))
    if policy.small(people.persons):
        raise DisclosureRefused("share_of_few", threshold=policy.threshold)
    causes = people.endings
    counts = np.array([[float(people.events(group, cause)[0]) for cause in causes] for group in people.groups])
    hidden, few = suppressed(counts, policy)
    table = result.table
    place = [(people.groups.index(row.group), causes.index(row.cause)) for row in lines(table)]
    mask = np.array([hidden[spot] for spot in place])
    table.loc[mask, [name for name in HIDDEN if name in table]] = np.nan
    table.loc[np.array([few[row] for row, _ in place]), "at_risk"] = np.nan
    safe = replace(result, counts=None, again=None, _table=table)
    if not hidden.any():
        return safe, Log((note("nothing_hidden", threshold=policy.threshold),))
    return safe, Log((note("cells_hidden", hidden=int(hidden.sum()), threshold=policy.threshold),))


def _flow(result: Flow, policy: DisclosurePolicy) -> tuple[Flow, Log]:
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
    return Flow(result.start, tuple(made)), Log(
        (note("flow_steps_pooled", count=len(pooled), threshold=policy.threshold),)
    )


_PROTECTORS: dict[type, Any] = {
    RiskTable: _table,
    GroupTest: _test,
    Shares: _shares,
    Curves: _again,
    Effects: _again,
    RestrictedMeans: _again,
    Flow: _flow,
    Log: masked,
    Regression: regression,
    AdjustedEffects: adjusted,
    Dropout: dropout,
    Indicator: goals,
    Scorecard: goals,
    CostPerOutcome: costs,
    ExplainedDeviation: deviation,
    OfficeComparison: offices,
}
