"""What is timed of ours: from a built cohort to a finished result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from spells import COVARIATES

import navoutcomes as nav

TERMS = [f"x{place}" for place in range(COVARIATES)]
ENDINGS = {0: None, 1: "job", 2: "no_show", 3: "other"}


def cohort(frame: pd.DataFrame, **roles: str) -> nav.Cohort:
    """Everything that is made once: the people, checked."""
    made = nav.Cohort.from_frame(frame, "time", "ending", endings=ENDINGS, outcome="job", **roles)
    return _coded(made)


def _coded(made: nav.Cohort) -> nav.Cohort:
    """The rows as whole numbers are made with the first question and kept; here they count as building."""
    assert len(made.coded.grid)
    return made


def plain(frame: pd.DataFrame) -> nav.Cohort:
    return cohort(frame)


def clustered(frame: pd.DataFrame) -> nav.Cohort:
    return cohort(frame, cluster="office")


def all_ended(frame: pd.DataFrame) -> nav.Cohort:
    """Everybody's status is known, as for peers who fit a share: who was still there counts as one more way to end."""
    endings = {**ENDINGS, 0: "still there"}
    return _coded(nav.Cohort.from_frame(frame, "time", "ending", endings=endings, outcome="job", cluster="office"))


def late(frame: pd.DataFrame) -> nav.Cohort:
    return cohort(frame, cluster="office", entry="entry")


def two_arms(frame: pd.DataFrame) -> nav.Cohort:
    return cohort(frame.assign(arm=np.where(frame["x0"] > 0, "in", "out")), arm="arm", reference="out")


Build = Callable[[pd.DataFrame], nav.Cohort]
TASKS: dict[str, tuple[Build, Callable[[nav.Cohort], Any]]] = {
    "km_groups": (plain, lambda people: people.survival_curve(by="group").table),
    "incidence": (plain, lambda people: people.cumulative_incidence().table),
    "logrank": (plain, lambda people: people.logrank_test(by="group").p_value),
    "gray": (plain, lambda people: people.gray_test(by="group").p_value),
    "rmst": (plain, lambda people: people.restricted_mean(365).table),
    "cox": (plain, lambda people: people.cox(TERMS).table),
    "cox_offices": (clustered, lambda people: people.cox(TERMS).table),
    "cox_entry_offices": (late, lambda people: people.cox(TERMS).table),
    "fine_gray": (plain, lambda people: people.fine_gray(TERMS).table),
    "discrete": (plain, lambda people: people.discrete_hazard(TERMS, period=365.25 / 12, link="logit").table),
    "logistic_offices": (all_ended, lambda people: people.logistic(TERMS, errors="cr1").table),
    "poisson_offices": (clustered, lambda people: people.poisson(TERMS, errors="cr1").table),
    "bootstrap_rmst": (
        two_arms,
        lambda people: people.bootstrap_restricted_mean(365, by="arm", replicates=1_000, rng=1).table,
    ),
}
