"""What can be seen to be wrong with the follow-up: its length, its endings, and the register behind it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.estimate.regression.design_matrix import design_matrix
from navoutcomes.notes import Note, warning

PER_TERM, MOST_UNKNOWN, MOST_LOST, MOST_ON_A_DAY, RARE = 10, 0.2, 0.95, 0.25, 0.001
UNKNOWN = ("completed_unknown", "unknown", "ukjent", "ukjend")
MONTHS_BEFORE = 6
NO_SHOW, MANY = "no_show", 50
ENOUGH = 20


def few_events_per_term(people: FollowUp) -> tuple[Note, ...]:
    """Fewer than ten endings (or non-endings) for each column that is adjusted for."""
    terms = people.protocol.adjust_for
    if not terms:
        return ()
    columns = len(design_matrix(people, terms).names) + (people.protocol.arms is not None)
    ended = people.causes() == 0
    fewest = int(min(ended.sum(), (~ended).sum()))
    if fewest >= PER_TERM * columns:
        return ()
    return (warning("check_few_per_term", endings=fewest, terms=columns, fewest=PER_TERM),)


def unknown_endings(people: FollowUp) -> tuple[Note, ...]:
    """Endings whose reason nobody wrote down."""
    causes = people.causes()
    ended = int((causes >= 0).sum())
    places = [place for place, name in enumerate(people.endings) if name.lower() in UNKNOWN]
    unknown = int(np.isin(causes, places).sum())
    if not ended or unknown <= MOST_UNKNOWN * ended:
        return ()
    return (warning("check_unknown", count=unknown, total=ended, most=round(100 * MOST_UNKNOWN)),)


def followed_too_short(people: FollowUp) -> tuple[Note, ...]:
    """Almost nobody is followed to the times that are asked about."""
    protocol = people.protocol
    asked = protocol.horizon or (max(protocol.estimand.at) if protocol.estimand else None)
    if asked is None:
        return ()
    time, still = people.array("time"), people.causes() < 0
    lost = int((still & (time < asked * (1 - 1e-9))).sum())
    if lost <= MOST_LOST * len(time) and (time >= asked * (1 - 1e-9)).any():
        return ()
    return (warning("check_short", count=lost, total=len(time), asked=f"{asked:g}", unit=people.unit),)


def one_day_of_many_ends(people: FollowUp) -> tuple[Note, ...]:
    """Ends that come from a rule: the longest time a programme may last, or the last day of a year."""
    time, ended = people.array("time"), people.causes() >= 0
    found = []
    if ended.sum() >= ENOUGH:
        at, number = np.unique(time[ended], return_counts=True)
        if number.max() > MOST_ON_A_DAY * ended.sum() and len(at) > 4:
            day = f"{at[number.argmax()]:g}"
            found.append(warning("check_one_time", count=int(number.max()), total=int(ended.sum()), time=day))
        days = _ending_days(people)
        if days is not None:
            last = int(((days.dt.month == 12) & (days.dt.day == 31)).sum())
            expected = stats.binom.sf(last - 1, len(days), 1 / 365)
            if last >= 5 and expected < RARE:
                found.append(warning("check_new_year", count=last, total=len(days)))
    return tuple(found)


def register_thins_out(people: FollowUp) -> tuple[Note, ...]:
    """Far fewer endings in the last month before the extract than in the six before it: not registered yet."""
    days, cutoff = _ending_days(people), people.origin.cutoff
    if days is None or cutoff is None:
        return ()
    back = (pd.Timestamp(cutoff) - days).dt.days // 30
    last, before = int((back == 0).sum()), int(((back >= 1) & (back <= MONTHS_BEFORE)).sum())
    if before < ENOUGH or stats.binom.cdf(last, last + before, 1 / (MONTHS_BEFORE + 1)) > RARE:
        return ()
    return (warning("check_lag", count=last, before=round(before / MONTHS_BEFORE, 1)),)


def nobody_stayed_away(people: FollowUp) -> tuple[Note, ...]:
    """Not turning up is one of the endings, and nobody has it: they were left out of the file."""
    if NO_SHOW not in people.endings or people.persons < MANY:
        return ()
    if (people.causes() == people.endings.index(NO_SHOW)).any():
        return ()
    return (warning("check_no_shows", total=people.persons),)


def endings_that_begin_late(people: FollowUp) -> tuple[Note, ...]:
    """Endings that nobody had in the first half of the period and many had in the second: another way to register."""
    days = _ending_days(people)
    if days is None or len(days) < MANY:
        return ()
    early = (days < days.median()).to_numpy()
    cause = people.causes()[people.causes() >= 0]
    found = []
    for place, name in enumerate(people.endings):
        own = cause == place
        late = int((own & ~early).sum())
        if not (own & early).any() and late >= ENOUGH:
            first = days[own].min()
            found.append(warning("check_break", ending=name, count=late, total=len(days), month=f"{first:%m.%Y}"))
    return tuple(found)


def _ending_days(people: FollowUp) -> pd.Series | None:
    """The dates on which people ended; None where time zero is no date."""
    zero = people.protocol.time_zero
    covariates = people.covariates
    if people.unit != "days" or zero not in covariates or not pd.api.types.is_datetime64_any_dtype(covariates[zero]):
        return None
    ended = people.causes() >= 0
    # An end is exclusive: the last day in the programme is the day before.
    days = covariates[zero] + pd.to_timedelta(people.array("time") - 1, unit="D")
    return days[ended]
