"""Curves without a risk table (profiles, states, mean numbers), hazards by period and pseudo-values at the gate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.release.kinds.modelled import shown_months

MONTH = 30.4375


def cohort(size: int = 600, few: int = 60, seed: int = 3) -> nav.Cohort:
    roll = np.random.default_rng(seed)
    place = np.arange(size)
    frame = pd.DataFrame(
        {
            "time": np.ceil(roll.exponential(size=size) * 200).clip(1, 400),
            "ending": roll.choice(["job", "other", "still"], size, p=[0.5, 0.2, 0.3]),
            "age": np.round(roll.normal(40, 9, size)),
            "rare": (place < few).astype(float),
            "town": np.where(place < few, "A", np.where(place % 3, "B", "C")),
        }
    )
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings={"still": None, "job": "job", "other": "other"}, outcome="job"
    )


PROFILES = pd.DataFrame({"age": [30.0, 50.0]}, index=["young", "old"])
MODELS = {
    "hazards by month": lambda who: who.discrete_hazard(["age", "rare"], period=MONTH),
    "hazards on a line": lambda who: who.discrete_hazard(["age", "rare"], period=MONTH, baseline=nav.Number("period")),
    "shares": lambda who: who.pseudo_regression(["age", "rare"], at=[100, 200], measure="incidence"),
    "ratios": lambda who: who.pseudo_regression(["age", "rare"], at=100, link="log"),
    "mean times": lambda who: who.pseudo_regression(["age", "rare"], at=200, measure="restricted mean"),
}
CURVES = {
    "cox": lambda who, at: nav.predict(who.cox(["age"]), PROFILES, at=at),
    "every cause": lambda who, at: nav.predict(who.cause_specific(["age"]), PROFILES, at=at),
    "fine_gray": lambda who, at: nav.predict_incidence(who.fine_gray(["age"]), PROFILES, at=at),
}


def courses(size: int, seed: int = 1) -> pd.DataFrame:
    """People who come and go between a programme, work and neither, for a year."""
    roll, rows = np.random.default_rng(seed), []
    leads = {"programme": ["work", "out"], "work": ["programme", "out"], "out": ["work"]}
    for person in range(size):
        start, state = 0.0, "programme"
        while start < 365:
            stop = min(start + float(np.ceil(roll.exponential(120))), 365.0)
            to = str(roll.choice(leads[state])) if stop < 365 else None
            rows.append((person, start, stop, state, to, "a" if person % 2 else "b"))
            start, state = stop, to or state
    return pd.DataFrame(rows, columns=["person", "start", "stop", "from", "to", "side"])


def states(size: int) -> nav.Transitions:
    columns = {"person": "person", "start": "start", "stop": "stop", "state_from": "from", "state_to": "to"}
    return nav.Transitions.from_frame(courses(size), **columns)


def repeats(size: int) -> nav.Repeats:
    frame = courses(size)
    frame["event"] = np.where(frame["to"] == "work", "job", "none")
    return nav.Repeats.from_frame(
        frame, person="person", start="start", stop="stop", event="event", events={"job": "job", "none": None}
    )


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_by_period_or_of_pseudo_values_leaves_as_its_terms(name: str) -> None:
    safe = nav.release(MODELS[name](cohort()))
    assert list(safe.table["term"]) == ["age", "rare"]
    assert set(safe.table) <= {"cause", "term", "measure", "estimate", "p_value", "conf_low", "conf_high"}
    for language in ("nb", "nn", "en"):
        assert len(nav.show.table(safe, language=language).rows) == 2


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_term_of_few_is_refused_by_name_there_too(name: str) -> None:
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(MODELS[name](cohort(few=7)))
    assert refused.value.key == "term_of_few"
    assert refused.value.facts["column"] == ["rare"]


def test_the_basis_counts_who_was_known_and_who_ended() -> None:
    people = cohort()
    rows = people.covariates
    by_then = rows["time"] <= 100
    known = (rows["ending"] != "still") | ~by_then
    here = known & (rows["rare"] == 1)
    basis = MODELS["ratios"](people).basis
    assert (basis.persons, basis.ended) == (known.sum(), (by_then & (rows["ending"] != "still")).sum())
    cell = basis.cells[0]
    assert (cell.term, cell.persons, cell.ended) == ("rare", here.sum(), (here & by_then).sum())
    months = MODELS["hazards by month"](people).basis
    assert months.ended == (rows["ending"] == "job").sum()
    assert sum(one.ended for one in months.cells) == months.ended


def test_a_difference_in_shares_is_so_coarse_that_enough_counts_fit() -> None:
    people = cohort()
    exact, safe = MODELS["shares"](people), nav.release(MODELS["shares"](people))
    value = safe.table.set_index("term").loc["rare"]
    fewest = min(one.persons for one in exact.basis.cells)
    assert fewest * 0.1 >= 5
    assert value["estimate"] == pytest.approx(round(value["estimate"], 1))
    own = exact.table.set_index("term").loc["rare"]
    assert value["conf_low"] <= own["conf_low"]
    assert value["conf_high"] >= own["conf_high"]


def test_a_reference_level_of_few_is_a_level_of_few() -> None:
    term = nav.Category("town", "A")
    assert len(nav.release(cohort(few=60).cox([term])).table) == 2
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(cohort(few=6).cox([term]))
    assert refused.value.facts["column"] == ["town"]


@pytest.mark.parametrize("name", sorted(CURVES))
def test_a_curve_for_a_profile_is_shown_at_ends_of_months_with_enough_behind(name: str) -> None:
    people = cohort()
    safe = nav.release(CURVES[name](people, [20, 100, 198, 250]))
    assert safe.result.unit == "months"
    months = sorted(set(safe.table["time"]))
    assert months == [round(one) for one in months]
    assert not {"std_error", "at_risk", "events"} & set(safe.table)
    exact = CURVES[name](people, [one * MONTH for one in months]).table
    assert np.abs(safe.table["estimate"].to_numpy() - exact["estimate"].to_numpy()).max() <= 0.005 + 1e-9
    np.testing.assert_allclose(safe.table["estimate"] * 100, (safe.table["estimate"] * 100).round(), atol=1e-6)
    rows, wanted = people.covariates, ["job", "other"] if name == "every cause" else ["job"]
    seen = rows[rows["ending"].isin(wanted)]
    ends = np.ceil(seen["time"] / MONTH - 1e-9)
    for before, month in zip([0, *months], months, strict=False):
        counts = [((ends > before) & (ends <= month) & (seen["ending"] == cause)).sum() for cause in wanted]
        assert all(one == 0 or one >= 5 for one in counts)
    for language in ("nb", "nn", "en"):
        assert safe.decisions.text(language)
        assert len(nav.show.table(safe, language=language).rows) == len(safe.table)


def test_a_curve_for_a_profile_of_a_model_that_stays_stays_too() -> None:
    model = cohort(few=6).cox(["age", "rare"])
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(nav.predict(model, PROFILES.assign(rare=0.0), at=100))
    assert refused.value.key == "term_of_few"
    with pytest.raises(nav.DisclosureRefused):
        nav.release(nav.predict(cohort(18, 9).cox(["age"]), PROFILES, at=50))


def test_shares_in_states_are_shown_where_enough_moved_each_way() -> None:
    people = states(200)
    safe = nav.release(nav.multistate(people))
    months = sorted(set(safe.table["time"]))
    assert len(months) >= 3
    moved = courses(200).dropna(subset=["to"])
    ends = np.ceil(moved["stop"] / MONTH - 1e-9)
    for before, month in zip([0, *months], months, strict=False):
        for _, one in moved[(ends > before) & (ends <= month)].groupby(["from", "to"]):
            assert one["person"].nunique() >= 5
    exact = nav.multistate(people).at([min(one * MONTH, 365.0) for one in months])
    assert np.abs(safe.table["estimate"].to_numpy() - exact["estimate"].to_numpy()).max() <= 0.025 + 1e-9
    assert "share_coarse" in safe.decisions.keys()  # noqa: SIM118


@pytest.mark.parametrize("by", [None, "side"])
def test_mean_numbers_are_shown_where_enough_persons_had_one(by: str | None) -> None:
    safe = nav.release(nav.recurrent(repeats(200), by=by))
    table = safe.table
    assert (table.groupby(["group", "cause"])["estimate"].diff().dropna() >= 0).all()
    assert {"steps_by_month", "number_coarse"} == set(safe.decisions.keys())
    assert table["time"].nunique() >= 6


def test_one_person_with_many_events_is_one_person() -> None:
    moves = nav.recurrent(repeats(200)).moves()
    busy = type(moves)(
        begin=np.full(60, -np.inf), end=np.full(60, 10.0), kind=np.zeros(60, dtype=np.int64),
        place=np.zeros(60, dtype=np.int64), person=np.arange(60) % 4, group=np.zeros(60, dtype=np.int64),
    )  # fmt: skip
    with pytest.raises(nav.DisclosureRefused) as refused:
        shown_months(busy, "days", nav.DisclosurePolicy())
    assert refused.value.key == "steps_of_few"


def test_few_in_a_group_and_curves_from_a_landmark_stay() -> None:
    with pytest.raises(nav.DisclosureRefused) as few:
        nav.release(nav.recurrent(repeats(30), by="side"))
    assert few.value.key == "curve_of_few"
    with pytest.raises(nav.DisclosureRefused) as landmark:
        nav.release(nav.multistate(states(200), measure="transition", landmark=True, since=90.0))
    assert landmark.value.key == "curves_of_landmarks"


def test_chances_and_hazards_between_states_leave_without_counts() -> None:
    for measure, told in (("transition", "share_coarse"), ("hazard", "number_coarse")):
        safe = nav.release(nav.multistate(states(300), measure=measure))
        assert told in safe.decisions.keys()  # noqa: SIM118
        assert not {"at_risk", "events", "censored", "std_error"} & set(safe.table)
