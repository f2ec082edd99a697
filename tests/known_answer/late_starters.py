"""Invented people who may begin on the way: a trait moves both who begins and who leaves, and the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

import navoutcomes as nav

GRACE, AT = 90.0, 365.0
ENDINGS = {0: None, 1: "job", 2: "other"}
JOB, OTHER, BEGIN = 0.0015, 0.0006, 0.01
MORE_JOBS, MORE_BEGIN = 0.7, 0.8
LATEST = 270.0


def people(roll: np.random.Generator, size: int, ratio: float, strategy: str = "natural") -> pd.DataFrame:
    """Days until a job or another ending; beginning multiplies the hazard of a job by ``ratio`` from then on.

    ``strategy`` ``natural`` is what is observed, censored evenly from 400 to 1000 days; ``within`` makes all begin who
    have not by the end of the grace period, ``not within`` lets nobody begin until then.
    """
    x = (roll.random(size) < 0.5).astype(float)
    pace = BEGIN * np.exp(MORE_BEGIN * x)
    begin = np.ceil(roll.exponential(1 / pace))
    if strategy == "within":
        begin = np.minimum(begin, GRACE)
    elif strategy == "not within":
        begin = np.where(begin <= GRACE, np.ceil(GRACE + roll.exponential(1 / pace)), begin)
    begin = np.where(begin > LATEST, np.inf, begin)
    rate = JOB * np.exp(MORE_JOBS * x)
    spent = roll.exponential(size=size)
    early = spent / rate <= begin
    until = np.where(np.isfinite(begin), begin, 0.0)
    job = np.where(early, spent / rate, until + (spent - rate * until) / (rate * ratio))
    other = roll.exponential(1 / OTHER, size)
    time, ending = np.ceil(np.minimum(job, other)), np.where(job <= other, 1, 2)
    last = np.ceil(roll.uniform(400, 1000, size)) if strategy == "natural" else np.full(size, 2.0 * AT)
    ending, time = np.where(time > last, 0, ending), np.minimum(time, last)
    start = np.where(begin < time, begin, np.nan)
    return pd.DataFrame({"time": time, "ending": ending, "start": start, "x": x})


def cohort(frame: pd.DataFrame) -> nav.Cohort:
    return nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job")


def truth(ratio: float, size: int = 400_000) -> float:
    """The difference in shares with a job by ``AT`` between the two strategies, from many people under each."""
    shares = []
    for strategy in ("within", "not within"):
        frame = people(np.random.default_rng((77, int(10 * ratio), strategy == "within")), size, ratio, strategy)
        shares.append(float(((frame["ending"] == 1) & (frame["time"] <= AT)).mean()))
    return shares[0] - shares[1]
