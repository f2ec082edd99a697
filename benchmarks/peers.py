"""The same tasks as each peer's manual does them, on arrays that are ready; what a peer cannot do is not here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from spells import COVARIATES

X = [f"x{place}" for place in range(COVARIATES)]
RIGHT = " + ".join(X)
REPLICATES = 20
Task = Callable[[pd.DataFrame], Any]


def lifelines_tasks() -> dict[str, Task]:
    import lifelines as peer
    from lifelines.statistics import multivariate_logrank_test
    from lifelines.utils import restricted_mean_survival_time

    def km(frame: pd.DataFrame) -> None:
        for _, one in frame.groupby("group"):
            peer.KaplanMeierFitter().fit(one["time"], one["left"]).confidence_interval_  # noqa: B018

    def cox(frame: pd.DataFrame, **how: Any) -> None:
        extra = [name for name in how.values() if name in frame]
        peer.CoxPHFitter().fit(frame[["time", "event", *X, *extra]], "time", "event", **how)

    def rmst(frame: pd.DataFrame) -> None:
        fitted = peer.KaplanMeierFitter().fit(frame["time"], frame["left"])
        restricted_mean_survival_time(fitted, t=365, return_variance=True)

    return {
        "km_groups": km,
        "incidence": lambda frame: peer.AalenJohansenFitter().fit(frame["time"], frame["ending"], 1),
        "logrank": lambda frame: multivariate_logrank_test(frame["time"], frame["group"], frame["left"]),
        "rmst": rmst,
        "cox": cox,
        "cox_offices": lambda frame: cox(frame, cluster_col="office"),
        "cox_entry_offices": lambda frame: cox(frame, cluster_col="office", entry_col="entry"),
    }


def sksurv_tasks() -> dict[str, Task]:
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator
    from sksurv.util import Surv

    def km(frame: pd.DataFrame) -> None:
        for _, one in frame.groupby("group"):
            kaplan_meier_estimator(one["left"].to_numpy() == 1, one["time"], conf_type="log-log")

    def bootstrap(frame: pd.DataFrame) -> None:
        roll = np.random.default_rng(1)
        for _ in range(REPLICATES):
            for _, one in frame.groupby("x0"):
                some = one.iloc[roll.integers(0, len(one), len(one))]
                kaplan_meier_estimator(some["left"].to_numpy() == 1, some["time"])

    return {
        "km_groups": km,
        "incidence": lambda frame: cumulative_incidence_competing_risks(
            frame["ending"], frame["time"], conf_type="log-log"
        ),
        "cox": lambda frame: CoxPHSurvivalAnalysis(ties="efron").fit(
            frame[X].to_numpy(), Surv.from_arrays(frame["event"] == 1, frame["time"])
        ),
        "bootstrap_rmst": bootstrap,
    }


def statsmodels_tasks() -> dict[str, Task]:
    import statsmodels.api as sm
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff

    def km(frame: pd.DataFrame) -> None:
        for _, one in frame.groupby("group"):
            SurvfuncRight(one["time"], one["left"]).surv_prob_se  # noqa: B018

    def cox(frame: pd.DataFrame, entry: bool = False, offices: bool = True) -> None:
        late = frame["entry"] if entry else None
        model = PHReg(frame["time"], frame[X], status=frame["event"], entry=late, ties="efron")
        model.fit(groups=frame["office"].to_numpy() if offices else None, disp=0)

    def glm(frame: pd.DataFrame, outcome: str, family: Any, **how: Any) -> None:
        model = sm.GLM(frame[outcome], sm.add_constant(frame[X]), family=family, **how)
        model.fit(cov_type="cluster", cov_kwds={"groups": frame["office"].to_numpy()})

    return {
        "km_groups": km,
        "logrank": lambda frame: survdiff(frame["time"], frame["left"], frame["group"]),
        "cox": lambda frame: cox(frame, offices=False),
        "cox_offices": cox,
        "cox_entry_offices": lambda frame: cox(frame, entry=True),
        "logistic_offices": lambda frame: glm(frame, "event", sm.families.Binomial()),
        "poisson_offices": lambda frame: glm(
            frame, "event", sm.families.Poisson(), offset=np.log(frame["time"].to_numpy())
        ),
    }


def rust_tasks() -> dict[str, Task]:
    import survival as peer

    def states(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(state=pd.Categorical(frame["ending"]))

    return {
        "km_groups": lambda frame: peer.survfit("Surv(time, left) ~ group", frame),
        "incidence": lambda frame: peer.survfit("Surv(time, state) ~ 1", states(frame)),
        "logrank": lambda frame: peer.survdiff("Surv(time, left) ~ group", frame),
        "cox": lambda frame: peer.coxph(f"Surv(time, event) ~ {RIGHT}", frame),
        "cox_offices": lambda frame: peer.coxph(f"Surv(time, event) ~ {RIGHT}", frame, cluster="office"),
        "cox_entry_offices": lambda frame: peer.coxph(f"Surv(entry, time, event) ~ {RIGHT}", frame, cluster="office"),
    }


def comprisk_tasks() -> dict[str, Task]:
    import comprisk as peer

    return {
        "incidence": lambda frame: peer.CumulativeIncidence().fit(frame["time"].to_numpy(), frame["ending"].to_numpy()),
        "gray": lambda frame: peer.gray_test(
            frame["time"].to_numpy(), frame["ending"].to_numpy(), frame["group"].to_numpy()
        ),
        "cox": lambda frame: peer.CauseSpecificCox(cause=1).fit(
            frame[X].to_numpy(), time=frame["time"].to_numpy(), event=frame["ending"].to_numpy()
        ),
        "fine_gray": lambda frame: peer.FineGrayRegression(cause=1).fit(
            frame[X].to_numpy(), time=frame["time"].to_numpy(), event=frame["ending"].to_numpy()
        ),
    }


def coxstream_tasks() -> dict[str, Task]:
    import coxstream as peer

    return {
        "cox": lambda frame: peer.CoxStream().fit(
            frame["time"].to_numpy(), frame["event"].to_numpy(), np.ascontiguousarray(frame[X].to_numpy())
        )
    }


def pyfixest_tasks() -> dict[str, Task]:
    import pyfixest as peer

    def months(frame: pd.DataFrame) -> None:
        """Rows a person and month: expanding them is part of the task, for nothing else does."""
        last = np.ceil(frame["time"].to_numpy() / (365.25 / 12)).astype(np.int64)
        row = np.repeat(np.arange(len(frame)), last)
        month = np.arange(len(row)) - np.repeat(np.cumsum(last) - last, last) + 1
        long = frame[X].iloc[row].reset_index(drop=True)
        long["month"] = month
        long["ended"] = ((month == last[row]) & (frame["event"].to_numpy()[row] == 1)).astype(np.int64)
        peer.feglm(f"ended ~ {RIGHT} | month", long, family="logit")

    return {
        "discrete": months,
        "logistic_offices": lambda frame: peer.feglm(
            f"event ~ {RIGHT}", frame, family="logit", vcov={"CRV1": "office"}
        ),
        "poisson_offices": lambda frame: peer.fepois(f"event ~ {RIGHT}", frame, vcov={"CRV1": "office"}),
    }


PEERS: dict[str, Callable[[], dict[str, Task]]] = {
    "lifelines": lifelines_tasks,
    "scikit-survival": sksurv_tasks,
    "statsmodels": statsmodels_tasks,
    "survival (PyPI)": rust_tasks,
    "comprisk": comprisk_tasks,
    "coxstream": coxstream_tasks,
    "pyfixest": pyfixest_tasks,
}
