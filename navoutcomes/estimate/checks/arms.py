"""What can be seen to be wrong with a comparison of arms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.start_times import suspected_starts
from navoutcomes.design.terms import Category
from navoutcomes.estimate.curves.rank_tests import logrank_test
from navoutcomes.estimate.regression.cox import cox
from navoutcomes.estimate.regression.cox_checks import proportional_hazards_test
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.notes import Note, warning

FEW, ENOUGH, ALARM = 5, 20, 0.05
CENSORED = "censored"


def begun_later(people: FollowUp) -> tuple[Note, ...]:
    """Arms made of what happened after time zero."""
    return tuple(warning("check_immortal", column=column) for column in suspected_starts(people))


def unadjusted(people: FollowUp) -> tuple[Note, ...]:
    """Arms that chance did not make, and nothing to adjust for."""
    protocol = people.protocol
    if protocol.arms is None or protocol.randomised or protocol.adjust_for:
        return ()
    return (warning("check_unadjusted", column=protocol.arms.column),)


def thin_arms(people: FollowUp) -> tuple[Note, ...]:
    """Arms with hardly any persons or endings."""
    if people.protocol.arms is None:
        return ()
    arm, names = people.levels("arm")
    job = people.causes() == 0
    found = []
    for place, name in enumerate(names):
        persons, endings = int((arm == place).sum()), int((job & (arm == place)).sum())
        if persons < FEW or endings < FEW:
            found.append(warning("check_thin_arm", arm=name, persons=persons, endings=endings, fewest=FEW))
    return tuple(found)


def few_offices(people: FollowUp) -> tuple[Note, ...]:
    """Too few offices to speak beyond them, or one office alone in its arm."""
    office, number, kind = people.clusters()
    if kind != "office" or office is None:
        return ()
    found = [warning("check_few_offices", clusters=number, fewest=FEWEST_CLUSTERS)] * (number < FEWEST_CLUSTERS)
    if people.protocol.arms is not None:
        arm, names = people.levels("arm")
        for place, name in enumerate(names):
            if len(np.unique(office[arm == place])) < 2:
                found.append(warning("check_office_alone", arm=name))
    return tuple(found)


def lost_unevenly(people: FollowUp) -> tuple[Note, ...]:
    """Whether people of one arm are lost sooner than those of the other: the log-rank test of being censored."""
    arms = people.protocol.arms
    if arms is None or people.repeated or people.clusters()[2] == "office":
        return ()
    still = people.causes() < 0
    early = still & (people.array("time") < people.array("time")[still].max(initial=0.0))
    arm, names = people.levels("arm")
    if early.sum() < FEW or len(names) < 2:
        return ()
    rows = people.rows.assign(
        ending=pd.Series(CENSORED, index=people.rows.index).where(early).astype(pd.CategoricalDtype([CENSORED]))
    )
    protocol = replace(people.protocol, outcome=CENSORED, competing=(), censored_by=(), pooled=(), estimand=None)
    p_value = logrank_test(replace(people, protocol=protocol, _rows=rows), by="arm").p_value
    if not p_value < ALARM:
        return ()
    shares = [100 * float(early[arm == place].mean()) for place in range(len(names))]
    return (warning("check_lost", arms=names, shares=[round(one) for one in shares]),)


def hazards_cross(people: FollowUp) -> tuple[Note, ...]:
    """Whether one hazard ratio would hide that the difference changes with time."""
    arms = people.protocol.arms
    if arms is None or (people.causes() == 0).sum() < ENOUGH:
        return ()
    _, names = people.levels("arm")
    if arms.reference not in names or len(names) < 2:
        return ()
    test = proportional_hazards_test(cox(people, [Category(arms.column, reference=arms.reference)], errors="model"))
    p_value = float(test.table["p_value"].to_numpy()[-1])
    return (warning("check_hazards_cross", p_value=round(p_value, 3)),) if p_value < ALARM else ()
