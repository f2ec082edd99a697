"""How much do groups differ at stated times? Risk differences first; ratios and numbers needed to treat beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import common
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.compare import Asked, Compared, by_clusters, by_offices, independent
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.few_persons import FEWEST_PERSONS, small_groups
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS, RiskTable, as_risk_table
from navoutcomes.estimate.supported import check_supported
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.shares import wilson
from navoutcomes.notes import Log, Note, note, warning

MEASURES = (
    "risk difference",
    "risk ratio",
    "odds ratio",
    "number needed to treat",
    "restricted mean difference",
    "restricted mean time lost difference",
    "restricted mean ratio",
    "restricted mean time lost ratio",
)
# Made of limits of single shares that hold however few they are of.
HOLD_FOR_FEW = ("risk difference", "number needed to treat")
AREA = {
    "restricted mean difference": "survival",
    "restricted mean time lost difference": "lost",
    "restricted mean ratio": "survival",
    "restricted mean time lost ratio": "lost",
}


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Effects(Result):
    """Differences and ratios between groups and a reference, each with its interval."""


@door
def contrast(
    people: FollowUp | RiskTable | CountedPeople,
    by: str = "arm",
    at: float | Sequence[float] | None = None,
    measure: str | Sequence[str] = "risk difference",
    cause: str | None = None,
    reference: str | None = None,
    level: float = 0.95,
    errors: str | None = None,
    small_sample: bool = True,
) -> Effects:
    """How much larger or smaller is the share that has left for a cause, in one group than in another?

    Arguments: ``by`` a column; ``at`` times in the follow-up's unit (None: the protocol's); ``measure`` one or several
    of ``MEASURES``; ``cause`` an ending (None: the outcome); ``reference`` the group compared with (None: the
    protocol's); ``level`` 0-1; ``errors`` ``lin-wei`` for the normal multiplier with clusters; ``small_sample`` as in
    ``restricted_mean``. A difference in restricted means is of time until exit for any cause; in time lost, of time
    since an exit for ``cause`` (net time in work, when the cause is a job).
    Shapes: ``table`` has one row a group other than the reference, measure and time; differences in shares (0.10 is 10
    percentage points) or in units of time; the error of a ratio is that of its logarithm. A number needed to treat has
    no interval when the difference covers 0; ratios and mean times have none where a group has one or two persons.
    Raises: ``DesignProblem`` without a named reference, with one group, or for a time beyond a group's follow-up or
    before which 19 of 20 of a group were censored.
    Assumes: groups are independent but for shared clusters. Where every office stands in one arm, offices are compared.
    Reference: Aalen-Johansen with MOVER (Donner & Zou 2012); Newcombe 1998 for counted shares.
    """
    measures = (measure,) if isinstance(measure, str) else tuple(measure)
    check_level(level)
    unknown = [one for one in measures if one not in MEASURES]
    if unknown:
        raise DesignProblem("choice_unknown", asked=unknown, known=MEASURES)
    again = partial(contrast, by=by, measure=measures, cause=cause, level=level, errors=errors)
    again = partial(again, small_sample=small_sample)
    if isinstance(people, CountedPeople):
        return _counted(people, measures, cause, reference, level)
    if at is None and isinstance(people, FollowUp) and people.protocol.estimand:
        at = people.protocol.estimand.at
    if at is None:
        raise DesignProblem("times_needed", argument="at")
    times = tuple(float(one) for one in np.atleast_1d(np.asarray(at, dtype=float)))
    counts = as_risk_table(people, by)
    persons = {name: counts.persons(name) for name in counts.groups}
    base = named_reference(persons, reference or counts.reference, str(by))
    place = counts.cause(cause)
    check_supported(counts, times)
    asked = Asked(base, place, times, level, errors, small_sample)
    compared, how, findings = _compared(counts, asked, measures)
    rows, findings = _rows(compared, counts.causes[place], measures, findings)
    findings += _sparing(rows, persons, base)
    return Effects(
        level=level,
        unit=counts.unit,
        origin=counts.origin,
        method=(note("method_contrast"), how),
        findings=findings,
        reference=base,
        randomised=counts.randomised,
        counts=counts,
        again=partial(again, at=times, reference=base),
        _table=tidy(pd.DataFrame(rows)),
    )


def named_reference(persons: Mapping[str, int], reference: str | None, column: str) -> str:
    """The group others are compared with. Raises ``DesignProblem`` when nobody named it, or there is one group.

    Arguments: ``persons`` in each group; a group of one person is not named, but where there are two.
    """
    levels = common(persons)
    if len(persons) < 2:
        raise DesignProblem("one_group", column=column, levels=levels)
    if reference is None:
        raise DesignProblem("reference_needed", column=column, levels=levels)
    if reference not in persons:
        raise DesignProblem("reference_absent", column=column, reference=reference, levels=levels)
    return reference


def _compared(counts: RiskTable, asked: Asked, measures: tuple[str, ...]) -> tuple[list[Compared], Note, Log]:
    """Each group against the reference, by the rule that the clusters call for."""
    areas = dict.fromkeys(AREA.get(one, "") for one in measures)
    offices = counts.clustered == "office" and asked.errors != "lin-wei"
    fewest = min(counts.clusters_in(name) for name in counts.groups)
    few = offices and (counts.clusters < FEWEST_CLUSTERS or fewest < 2)
    findings = Log((warning("few_clusters_contrast", clusters=counts.clusters, fewest=FEWEST_CLUSTERS),) * few)
    if offices and counts.fixed_by_cluster:
        rule: Callable[[RiskTable, str, Asked, str], Compared] = partial(by_offices, given=not few)
        how = "contrast_offices"
    elif counts.clustered != "none":
        df = counts.clusters - 1 if offices else None
        rule, how = partial(by_clusters, df=df, given=not few), "contrast_clusters"
    else:
        rule, how = independent, "contrast_mover"
    others = [name for name in counts.groups if name != asked.base]
    return [rule(counts, other, asked, area) for other in others for area in areas], note(how), findings


def _rows(
    compared: list[Compared], cause: str, measures: tuple[str, ...], findings: Log
) -> tuple[list[dict[str, object]], Log]:
    rows: list[dict[str, object]] = []
    for one in compared:
        for measure in measures:
            if AREA.get(measure, "") != one.area:
                continue
            for k, time in enumerate(one.times):
                number = one.measured(measure, k)
                remark = note("nnt_covers_zero", group=one.group)
                if measure == "number needed to treat" and np.isnan(number[2]) and remark not in findings:
                    findings = findings + remark
                rows.append(
                    {
                        "group": one.group,
                        "cause": cause,
                        "measure": measure,
                        "time": time,
                        "estimate": number[0],
                        "std_error": number[1],
                        "conf_low": number[2],
                        "conf_high": number[3],
                        "at_risk": one.persons,
                        "events": one.events[k],
                    }
                )
    return rows, findings


def _sparing(rows: list[dict[str, object]], persons: Mapping[str, int], base: str) -> Log:
    """Empties the intervals that hold for many only where a group has fewer than three persons. Says so."""
    touched: set[str] = set()
    for row in rows:
        few = [name for name in (base, str(row["group"])) if persons[name] < FEWEST_PERSONS]
        if few and row["measure"] not in HOLD_FOR_FEW:
            row["conf_low"] = row["conf_high"] = np.nan
            touched.update(few)
    return small_groups({name: persons[name] for name in persons if name in touched})


def _counted(
    people: CountedPeople, measures: tuple[str, ...], cause: str | None, reference: str | None, level: float
) -> Effects:
    """Counted shares: Newcombe for the difference, log-Wald for the ratios."""
    persons = {name: sum(number for _, number in own) for name, own in people.counts}
    base = named_reference(persons, reference, people.by)
    cause = cause or people.outcome
    z = critical(level)
    rows, findings = [], Log()
    for other in people.groups:
        if other == base:
            continue
        (a, n), (b, m) = people.events(other, cause), people.events(base, cause)
        pair = Compared.of_shares(other, (a, n, wilson(a, n, z)), (b, m, wilson(b, m, z)), z)
        made, findings = _rows([pair], cause, measures, findings)
        rows += made
    findings += _sparing(rows, persons, base)
    table = pd.DataFrame(rows).drop(columns="time", errors="ignore")
    return Effects(
        level=level,
        unit="",
        origin=people.origin,
        method=(note("contrast_newcombe"),),
        findings=findings,
        reference=base,
        counts=people,
        again=partial(contrast, measure=measures, cause=cause, reference=base, level=level),
        _table=tidy(table),
    )
