"""Shares of everybody who began, and of those who did not drop out beside them: never the latter alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats
from scipy.special import expit

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.regression.glm import INTERCEPT, Belonging, rule_of, spoken_for
from navoutcomes.estimate.regression.logistic import solved
from navoutcomes.estimate.regression.multinomial_endings import endings_by
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import wilson
from navoutcomes.notes import Log

Rows = list[dict[str, object]]
ONLY_COMPLETERS = ("completed", "completers")
# Before the ending that those in a row did not have.
MINUS = "\u2212"


class Shared(NamedTuple):
    """How many persons, how many of them dropped out, and how many did not."""

    persons: int
    events: int

    @property
    def completers(self) -> int:
        """Those who did not drop out."""
        return self.persons - self.events


def shares_of_counts(counts: CountedPeople, cause: str, level: float) -> tuple[Rows, Shared]:
    """Raises ``DesignProblem`` where dropouts were not counted. Intervals: Wilson."""
    if cause not in counts.endings or counts.denominator in ONLY_COMPLETERS:
        raise DesignProblem("dropout_completers_only", asked=cause, known=counts.endings)
    rows: Rows = []
    persons = gone = 0
    z = critical(level)
    for group in counts.groups:
        dropped, of = counts.events(group, cause)
        persons, gone = persons + of, gone + dropped
        kept = f"{MINUS} {cause}" if group == "all" else f"{group} {MINUS} {cause}"
        asked = [(cause, group, of)]
        if counts.outcome != cause:
            asked += [(counts.outcome, group, of), (counts.outcome, kept, of - dropped)]
        for one, name, whole in asked:
            events = counts.events(group, one)[0]
            if whole:
                rows.append(_row(name, one, events / whole, wilson(events, whole, z), events, whole))
    return rows, Shared(persons, gone)


def shares_of_people(
    people: FollowUp, cause: str, at: float | None, errors: str | None, level: float
) -> tuple[Rows, Shared, Log, float]:
    """The same of people followed. Intervals: Wilson, or those of offices and weights on the log odds."""
    seen = endings_by(people, at)
    weight, (codes, _, kind) = np.array(people.array("weight")), people.clusters()
    codes = None if codes is None or kind == "person" else codes
    if seen.first is not None:
        weight, codes = weight[seen.first], None if codes is None else codes[seen.first]
    gone = seen.was(cause)
    rows, findings = [], Log()
    everybody = np.ones(len(gone), dtype=bool)
    asked = [(cause, "all", everybody)]
    outcome = people.endings[0]
    if outcome != cause:
        asked += [(outcome, "all", everybody), (outcome, f"{MINUS} {cause}", gone == 0)]
    for name, group, among in asked:
        if among.any():
            belong = Belonging.of(None if codes is None else codes[among], kind)
            row, more = _share(seen.was(name)[among], weight[among], belong, errors, level)
            rows.append({"group": group, "cause": name, **row})
            findings = findings if all(one in findings for one in more) else findings + more
    return rows, Shared(len(gone), int(gone.sum())), findings, seen.at


def _share(
    happened: Floats, weight: Floats, belong: Belonging, errors: str | None, level: float
) -> tuple[dict[str, object], Log]:
    number, events = len(happened), int(happened.sum())
    alike = bool((weight == 1).all())
    value, findings = float(weight @ happened / weight.sum()), Log()
    limits = (float("nan"), float("nan"))
    if belong.codes is None and alike:
        limits = wilson(events, number, critical(level))
    elif 0 < events < number:
        rule = rule_of(errors, belong)
        seen = Observations(np.empty((number, 0)), happened, None if alike else weight)
        model, spread = solved(seen, "logit", (INTERCEPT,), rule.kind, belong.codes)
        given, findings = spoken_for(seen.columns, (INTERCEPT,), 1, rule, belong, spread.df, silent=1)
        reach = stats.t.ppf(0.5 + level / 2, spread.df[0]) * np.sqrt(spread.matrix[0, 0])
        if given[0]:
            low, high = expit(model.coefficients[0] + reach * np.array([-1.0, 1.0]))
            limits = float(low), float(high)
    row = _row("", "", value, limits, events, number)
    return {name: row[name] for name in row if name not in ("group", "cause")}, findings


def _row(
    group: str, cause: str, value: float, limits: tuple[float, float], events: int, persons: int
) -> dict[str, object]:
    return {
        "group": group,
        "cause": cause,
        "measure": "share",
        "term": "",
        "estimate": value,
        "conf_low": limits[0],
        "conf_high": limits[1],
        "events": float(events),
        "at_risk": float(persons),
    }
