"""Offices, arms, rates and predictions beside what was seen: only sums of enough persons, no single one's number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.adjusted.balance import Balance
from navoutcomes.estimate.adjusted.weights import Weights
from navoutcomes.estimate.dropout.calibration import Calibration, Tenths
from navoutcomes.estimate.offices.permutation import PermutationTest
from navoutcomes.estimate.rates import Rates
from navoutcomes.estimate.result import lines
from navoutcomes.estimate.states.multistate_time import StateTimes
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import wilson
from navoutcomes.notes import Log, note
from navoutcomes.release.models import FEWEST_DF, FEWEST_OFFICES, ModelTable, table_of
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.rounding import coarse, coarse_step, rounded

EFFECTIVE = "effective sample size"


def balance(result: Balance, policy: DisclosurePolicy) -> tuple[Balance, Log]:
    """Traits whose every level has enough persons in both arms; a trait with a small level goes whole."""
    sizes = [one.persons for one in result.cells]
    if not sizes or min(sizes) < policy.smallest_curve:
        raise DisclosureRefused("comparison_of_few", fewest=policy.smallest_curve, threshold=policy.threshold)
    kinds = pd.Series([_trait(one.term) for one in result.cells])
    two = [any(one.ended for one in result.cells if one.term == cell.term) for cell in result.cells]
    few = [
        has and any(map(policy.small, (one.ended, one.persons - one.ended)))
        for one, has in zip(result.cells, two, strict=True)
    ]
    gone = set(kinds[few])
    table = result.table
    kept = table[[_trait(str(term)) not in gone for term in table["term"]]]
    if kept.empty:
        raise DisclosureRefused("term_of_few", column=sorted(gone), threshold=policy.threshold)
    safe = replace(result, cells=(), _table=rounded(kept))
    if not gone:
        return safe, Log((note("model_three_digits"),))
    return safe, Log(
        (note("model_three_digits"), note("traits_left_out", number=len(gone), threshold=policy.threshold))
    )


def _trait(term: str) -> str:
    return term.partition(": ")[0]


def weights(result: Weights, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """How many persons the weighted ones are worth, by arm; no weight of anybody, and not the largest."""
    table = result.table
    kept = table[table["measure"] == EFFECTIVE]
    if kept["at_risk"].min() < policy.smallest_curve:
        raise DisclosureRefused("comparison_of_few", fewest=policy.smallest_curve, threshold=policy.threshold)
    made, _ = table_of(result, kept, policy)
    return made, Log((note("weights_stay"), note("model_three_digits")))


def calibration(result: Calibration, policy: DisclosurePolicy) -> tuple[Calibration, Log]:
    """Level, slope and discrimination, rounded, and bins of enough who dropped out and who did not."""
    if min(result.events, result.persons - result.events) < max(policy.threshold, FEWEST_DF):
        raise DisclosureRefused("model_of_few", df=min(result.events, result.persons - result.events), fewest=FEWEST_DF)
    bins, decisions = tenths(result.tenths, policy)
    nobody = np.zeros(0)
    safe = replace(result, tenths=bins, predicted=nobody, observed=nobody, _table=rounded(result.table))
    return safe, Log((note("model_three_digits"),)) + decisions


def tenths(result: Tenths, policy: DisclosurePolicy) -> tuple[Tenths, Log]:
    """Neighbouring bins put together until each has enough of both."""
    table = result.table
    seen = table[table["measure"] == "observed share"].reset_index(drop=True)
    expected = table[table["measure"] == "expected share"].reset_index(drop=True)
    number, events = seen["at_risk"].to_numpy(), seen["events"].to_numpy()
    bins = _bins(number, events, policy)
    if len(bins) < 2:
        raise DisclosureRefused("bins_of_few", threshold=policy.threshold)
    rows = []
    for place, own in enumerate(bins):
        size, ended = float(number[own].sum()), float(events[own].sum())
        low, high = wilson(ended, size, critical(result.level))
        common = {"group": str(place + 1), "cause": seen["cause"].iloc[0], "at_risk": size}
        rows.append(common | {"measure": "observed share", "estimate": ended / size, "events": ended,
                              "conf_low": low, "conf_high": high})  # fmt: skip
        share = float((expected["estimate"].to_numpy()[own] * number[own]).sum() / size)
        rows.append(common | {"measure": "expected share", "estimate": round(share, 3)})
    frame = pd.DataFrame(rows)[list(table.columns)]
    return replace(result, _table=frame), Log((note("bins_merged", bins=len(bins), threshold=policy.threshold),))


def _bins(number: np.ndarray, events: np.ndarray, policy: DisclosurePolicy) -> list[list[int]]:
    """Positions gathered until enough ended and enough did not; the last few with those before them."""
    made: list[list[int]] = []
    waiting: list[int] = []
    for place in range(len(number)):
        waiting.append(place)
        ended = events[waiting].sum()
        if min(ended, number[waiting].sum() - ended) >= policy.threshold:
            made.append(waiting)
            waiting = []
    if waiting and made:
        made[-1] = made[-1] + waiting
    return made


def permutation(result: PermutationTest, policy: DisclosurePolicy) -> tuple[PermutationTest, Log]:
    """The chance and the arms' means, rounded; no single office's number."""
    arms = result.offices["arm"].value_counts()
    if arms.min() < FEWEST_OFFICES:
        raise DisclosureRefused("offices_of_few", count=int(arms.min()), threshold=FEWEST_OFFICES)
    if result.table["at_risk"].min() < policy.smallest_curve:
        raise DisclosureRefused("comparison_of_few", fewest=policy.smallest_curve, threshold=policy.threshold)
    step = coarse_step(float(result.table["at_risk"].min()), policy.threshold)
    share = (result.table["measure"] == "share left").all()
    frame = coarse(result.table, step) if share else rounded(result.table)
    frame["p_value"] = frame["p_value"].round(3)
    difference = frame["estimate"].iloc[1] - frame["estimate"].iloc[0]
    made = replace(
        result,
        statistic=round(float(difference), 6),
        p_value=round(result.p_value, 3),
        offices=result.offices.iloc[:0],
        _table=frame,
    )
    return made, Log((note("offices_stay"),))


def rates(result: Rates, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """Rates where enough ended and enough did not, rounded; within bands without counts and person-time."""
    persons = dict(result.persons)
    table = result.table
    for row in lines(table[table["measure"] == "rate"] if (table["measure"] == "rate").any() else table):
        if policy.small(row.events):
            raise DisclosureRefused("cause_of_few", cause=row.cause, group=row.group, threshold=policy.threshold)
        rest = persons.get(row.group, 0) - row.events
        if not result.bands and policy.small(rest):
            raise DisclosureRefused("cause_of_few", cause=row.cause, group=row.group, threshold=policy.threshold)
    if min(persons.values(), default=0) < policy.smallest_curve:
        raise DisclosureRefused("comparison_of_few", fewest=policy.smallest_curve, threshold=policy.threshold)
    if not (table["measure"] == "rate").all() and not set(persons) <= set(table["group"]):
        # A comparison names one of two groups: the other's events are seen only where rates stand beside it.
        raise DisclosureRefused("ask_rates_too")
    return table_of(result, table.drop(columns=["at_risk", "events"]), policy)


def state_times(result: StateTimes, policy: DisclosurePolicy) -> tuple[ModelTable, Log]:
    """Mean times by state, of groups large enough for a curve, where nobody or enough came into the state."""
    for row in lines(result.table):
        if row.at_risk < policy.smallest_curve:
            raise DisclosureRefused("comparison_of_few", fewest=policy.smallest_curve, threshold=policy.threshold)
        if policy.small(row.events):
            raise DisclosureRefused("cause_of_few", cause=row.cause, group=row.group, threshold=policy.threshold)
    return table_of(result, result.table.drop(columns=["at_risk", "events"]), policy)
