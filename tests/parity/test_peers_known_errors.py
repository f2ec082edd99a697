"""What the peers get wrong, with the right value beside it: a test falls when a peer is mended or we break.

A mended peer is good news: then its row goes, and the second implementation of ``laws`` may use it there too.
"""

from __future__ import annotations

import warnings

import lifelines
import numpy as np
import pandas as pd
import pytest
from frozen_numbers import oracle, people
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.survfunc import SurvfuncRight

import navoutcomes as nav


def job_alone() -> nav.Cohort:
    """The oracle when endings 2 and 3 only stop observation, as the printed restricted means of R have it."""
    return nav.Cohort.from_frame(oracle(), "t", "ev", endings={0: None, 1: "job", 2: None, 3: None}, outcome="job")


def test_lifelines_breaks_ties_at_random_and_we_add() -> None:
    """Right: .470113 with standard error .020151 (R). lifelines: another answer for each seed."""
    frame, answers = oracle(), set()
    state = np.random.get_state()  # noqa: NPY002 - it is the peer that uses the global generator
    for seed in range(4):
        np.random.seed(seed)  # noqa: NPY002
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitter = lifelines.AalenJohansenFitter(calculate_variance=False).fit(frame["t"], frame["ev"], 1)
        curve = fitter.cumulative_density_["CIF_1"]
        answers.add(round(float(curve[curve.index <= 30].iloc[-1]), 8))
    np.random.set_state(state)  # noqa: NPY002
    assert len(answers) > 1
    found = [people().cumulative_incidence().at(30).query("cause == 'j'").iloc[0] for _ in range(2)]
    assert found[0]["estimate"] == found[1]["estimate"] == pytest.approx(0.47011280968, abs=1e-10)
    assert found[0]["std_error"] == pytest.approx(0.02015117858, abs=1e-10)


def test_the_restricted_mean_of_lifelines_has_the_spread_of_persons_and_not_of_a_mean() -> None:
    """Right: .67262 (R). lifelines: 11.04."""
    arm = oracle()[oracle()["arm"] == 0]
    fitter = lifelines.KaplanMeierFitter().fit(arm["t"], arm["ev"] == 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mean, variance = restricted_mean_survival_time(fitter, t=30, return_variance=True)
    found = job_alone().restricted_mean(30, by="arm", small_sample=False).table.set_index("group").loc["0"]
    assert found["estimate"] == pytest.approx(mean, abs=1e-8) == pytest.approx(19.317288, abs=1e-6)
    assert found["std_error"] == pytest.approx(0.67262367, abs=1e-8)
    assert np.sqrt(variance) == pytest.approx(11.04, abs=0.01)


def test_lifelines_loses_an_event_at_time_0_and_we_count_it() -> None:
    """Two of four have left by time 1: its cumulative incidence says a quarter."""
    frame = pd.DataFrame({"time": [0, 1, 2, 3], "ending": [1, 1, 0, 0]})
    peer = lifelines.AalenJohansenFitter().fit(frame["time"], frame["ending"], 1).cumulative_density_["CIF_1"]
    cohort = nav.Cohort.from_frame(frame, "time", "ending", outcome="job")
    ours = cohort.cumulative_incidence().at([0, 1])
    assert ours["estimate"].tolist() == pytest.approx([1 / 4, 1 / 2], abs=1e-12)
    assert ours["at_risk"].tolist() == [4, 3]
    assert cohort.audit.at_zero == 1
    assert peer.loc[1] == pytest.approx(1 / 4)


def test_statsmodels_counts_status_2_as_two_events_and_we_ask_what_2_means() -> None:
    frame = pd.DataFrame({"time": [1.0, 2, 3, 4], "ending": [1, 2, 0, 1]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = SurvfuncRight(frame["time"], frame["ending"])
    assert peer.n_events.tolist()[:2] == [1, 2]
    with pytest.raises(nav.DesignProblem) as caught:
        nav.Cohort.from_frame(frame, "time", "ending", outcome="job")
    assert caught.value.key == "endings_needed"
    told = nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job", 2: "health"}, outcome="job")
    assert told.survival_curve().at(2)["estimate"].iloc[0] == pytest.approx(1 / 2, abs=1e-12)


def test_lifelines_is_sure_before_anybody_has_left_and_we_are_not() -> None:
    """Twelve persons, none has left: lifelines prints [1, 1]; the exact lower limit is that of 12 of 12."""
    frame = pd.DataFrame({"time": [5.0] * 12, "ending": [0] * 12})
    peer = lifelines.KaplanMeierFitter().fit(frame["time"], frame["ending"]).confidence_interval_.iloc[-1]
    assert peer.tolist() == [1.0, 1.0]
    cohort = nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job")
    ours = cohort.survival_curve().at(4).iloc[0]
    assert ours["estimate"] == ours["conf_high"] == 1.0
    assert ours["conf_low"] == pytest.approx(0.025 ** (1 / 12), abs=1e-12)


def test_lifelines_gives_one_person_an_interval_of_no_width_and_we_give_none() -> None:
    frame = pd.DataFrame({"time": [5.0], "ending": [1]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = lifelines.KaplanMeierFitter().fit(frame["time"], frame["ending"]).confidence_interval_.iloc[-1]
    assert peer.tolist() == [0.0, 0.0]
    ours = nav.Cohort.from_frame(frame, "time", "ending", outcome="job").survival_curve()
    assert ours.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert "interval_one_person" in [one.key for one in ours.method]


def test_one_minus_kaplan_meier_says_a_quarter_more_than_happened() -> None:
    """The oracle at 30: 47 % have left for cause 1; with the others as censored it looks like 62 %."""
    naive = 1 - job_alone().survival_curve().at(30)["estimate"].iloc[0]
    right = people().cumulative_incidence().at(30)["estimate"].iloc[0]
    assert naive == pytest.approx(1 - 0.3805688196, abs=1e-9)
    assert right == pytest.approx(0.4701128097, abs=1e-9)
    assert naive / right > 1.25
