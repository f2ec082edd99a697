"""What each kind shows once it is released, and what of it stays in the room."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.release.rounding import coarse, coarse_step


def cohort(size: int = 400, few: int = 40, seed: int = 3) -> nav.Cohort:
    """Two arms, an age, a town of three names (the last has ``few``), who attended and when somebody began."""
    roll = np.random.default_rng(seed)
    place = np.arange(size)
    arm = np.where(place % 2, "new", "old")
    came = (roll.random(size) < np.where(arm == "new", 0.7, 0.2)).astype(float)
    frame = pd.DataFrame(
        {
            "time": np.ceil(roll.exponential(size=size) * 200).clip(1, 400),
            "ending": roll.choice(["job", "other", "still"], size, p=[0.5, 0.2, 0.3]),
            "arm": arm,
            "age": np.round(roll.normal(40, 9, size)),
            "town": np.where(place < few, "C", np.where(place % 3, "A", "B")),
            "came": came,
            "begun": np.where(roll.random(size) < 0.4, np.ceil(roll.random(size) * 60), np.nan),
        }
    )
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings={"still": None, "job": "job", "other": "other"}, outcome="job", arm="arm",
        reference="old",
    )  # fmt: skip


def held(result: object) -> bytes:
    """Everything a released result carries."""
    store = io.BytesIO()
    pickle.dump(result, store)
    return store.getvalue()


MADE = {
    "balance": lambda who: who.balance(terms=["age", nav.Category("town", "A")]),
    "weights": lambda who: who.weights(["age"]),
    "emulate": lambda who: who.emulate("begun", 60, ["age"], at=200, replicates=0),
    "effects_by_adherence": lambda who: who.effects_by_adherence("came", at=200),
    "bounds": lambda who: who.bounds("arm", at=200),
    "tipping_point": lambda who: who.tipping_point("arm", at=200),
    "quantiles": lambda who: who.quantiles([0.25, 0.5], by="arm"),
    "pairwise_tests": lambda who: who.pairwise_tests("arm"),
    "rates": lambda who: who.rates(by="arm", measure=["rate", "rate ratio"]),
    "cause_specific": lambda who: who.cause_specific(["age"]),
    "proportional_hazards_test": lambda who: nav.proportional_hazards_test(who.cox(["age"])),
    "concordance": lambda who: nav.concordance(who.cox(["age"])),
    "parametric": lambda who: who.parametric(["age"]),
    "e_value": lambda who: nav.e_value(who.cox(["age"])),
    "e_value of a contrast": lambda who: nav.e_value(who.contrast(at=182, measure="risk ratio")),
    "bootstrap": lambda who: who.bootstrap_restricted_mean(182, by="arm", replicates=100, rng=1),
    "fixed_time_test": lambda who: who.fixed_time_test(182),
    "lock_in": lambda who: who.lock_in(horizon=182),
    "confidence_bands": lambda who: nav.confidence_bands(who, by="arm"),
}


@pytest.fixture(scope="module")
def people() -> nav.Cohort:
    return cohort()


@pytest.mark.parametrize("name", sorted(MADE))
def test_it_passes_without_the_people_and_prints_in_three_languages(name: str, people: nav.Cohort) -> None:
    safe = nav.release(MADE[name](people))
    assert len(held(safe)) < 60_000
    assert not any(isinstance(one, np.ndarray) and one.size >= 40 for one in vars(safe.result).values())
    assert not any(isinstance(one, nav.FollowUp) for one in vars(safe.result).values())
    assert len(safe.decisions)
    for language in ("nb", "nn", "en"):
        printed = nav.show.table(safe, language=language)
        assert printed.rows
        assert "nternt utkast" not in " ".join(printed.notes)
        assert safe.decisions.text(language)


@pytest.mark.parametrize("name", sorted(set(MADE) - {"lock_in", "confidence_bands", "bootstrap", "quantiles",
                                                     "e_value of a contrast", "fixed_time_test"}))  # fmt: skip
def test_no_number_has_more_than_three_digits_that_count(name: str, people: nav.Cohort) -> None:
    table = nav.release(MADE[name](people)).table
    for column in ("estimate", "conf_low", "conf_high"):
        for value in table[column].dropna() if column in table else ():
            assert f"{value:.3g}" == f"{float(f'{value:.3g}'):.3g}"
            assert value == pytest.approx(float(f"{value:.3g}"), rel=1e-12)


def test_a_trait_with_a_small_level_goes_whole() -> None:
    terms = ["age", nav.Category("town", "A")]
    whole, less = (nav.release(cohort(few=few).balance(terms=terms)) for few in (40, 6))
    assert {"town: A", "town: B", "town: C"} <= set(whole.table["term"])
    assert set(less.table["term"]) == {"age"}
    assert "traits_left_out" in less.decisions.keys()  # noqa: SIM118
    with pytest.raises(nav.DisclosureRefused):
        nav.release(cohort(few=6).balance(terms=[nav.Category("town", "A")]))


def test_of_weights_only_the_effective_number_leaves(people: nav.Cohort) -> None:
    exact = people.weights(["age"], truncate=0.99)
    safe = nav.release(exact)
    assert set(safe.table["measure"]) == {"effective sample size"}
    text = nav.show.table(safe, language="nb").notes
    largest = exact.table.loc[exact.table["measure"] == "largest weight", "estimate"]
    assert not any(f"{value:.2f}" in str(text) for value in largest)


def test_where_few_attended_or_few_are_unknown_nothing_leaves() -> None:
    few = cohort(60, seed=5)
    rows = few.covariates.assign(came=np.where(np.arange(60) < 4, 1.0, 0.0) * (few.covariates["arm"] == "new"))
    less = nav.Cohort.from_frame(
        rows, "time", "ending", endings={"still": None, "job": "job", "other": "other"}, outcome="job", arm="arm",
        reference="old",
    )  # fmt: skip
    for make, key in (
        (lambda: less.effects_by_adherence("came", at=50), "term_of_few"),
        (lambda: cohort(44, seed=9).bounds("arm", at=30), "unknown_of_few"),
    ):
        with pytest.raises(nav.DisclosureRefused) as refused:
            nav.release(make())
        assert refused.value.key == key


def test_a_share_of_few_persons_is_so_coarse_that_the_limits_number_of_counts_fits() -> None:
    for persons in (20, 53, 147, 656, 20_000):
        step = coarse_step(persons, 5)
        assert step * persons >= 5
        assert step * persons <= 25
    frame = coarse(pd.DataFrame({"estimate": [0.134], "conf_low": [-0.021], "conf_high": [0.26]}), 0.05)
    assert frame.iloc[0].tolist() == [0.15, -0.05, 0.3]


def test_a_median_is_a_month_at_which_enough_had_left(people: nav.Cohort) -> None:
    exact = people.quantiles(0.5, by="arm")
    safe = nav.release(exact)
    for value in safe.table["estimate"].dropna():
        assert value == round(value * 2) / 2
    counts = safe.result.counts
    assert all((one.all_events[one.all_events > 0] >= 5).all() for one in counts.groups.values())


def test_calibration_bins_hold_enough_of_both() -> None:
    roll = np.random.default_rng(2)
    size = 200
    age = roll.normal(30, 5, size)
    gone = roll.random(size) < 1 / (1 + np.exp(1.6 - 0.12 * (age - 30)))
    frame = pd.DataFrame({"time": 10.0, "ending": np.where(gone, "no_show", "job"), "age": age})
    model = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="none").dropout(["age"])
    found = nav.calibration(model)
    safe = nav.release(found)
    bins = safe.result.tenths.table.query("measure == 'observed share'")
    assert 2 <= len(bins) < found.tenths.table["group"].nunique()
    assert (bins["events"] >= 5).all()
    assert (bins["at_risk"] - bins["events"] >= 5).all()
    assert bins["events"].sum() == found.events
    assert safe.result.predicted.size == safe.result.observed.size == 0


def test_shares_by_reason_hide_small_counts() -> None:
    rows = [
        {"group": group, "term": "2024", "measure": measure, "estimate": events / 40, "conf_low": 0.0, "conf_high": 1.0,
         "events": float(events), "at_risk": 40.0}
        for group, numbers in (("KVP", (3, 20)), ("AFT", (12, 9)))
        for measure, events in zip(("unknown", "job"), numbers, strict=True)
    ]  # fmt: skip
    found = nav.ReasonShares("quality", 0.95, 0.2, nav.Origin(), (), nav.Log(), pd.DataFrame(rows))
    table = nav.release(found).table.set_index(["group", "measure"])["events"]
    assert np.isnan(table[("KVP", "unknown")])
    assert table.isna().sum() >= 2
    assert not table.between(1, 4).any()


def test_a_typed_number_has_an_e_value_and_a_table_taken_out_is_not_released_again(people: nav.Cohort) -> None:
    assert nav.release(nav.e_value(2.5, 1.8, 3.2)).table["estimate"].tolist() == [4.44, 3.0]
    model = nav.release(people.cox(["age"]))
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(model.result)
    assert refused.value.key == "table_of_a_released"


def money(amounts: np.ndarray) -> nav.Cohort:
    size = len(amounts)
    frame = pd.DataFrame({"time": 10.0, "ending": "job", "arm": np.where(np.arange(size) % 2, "new", "old")})
    frame["kroner"] = amounts
    return nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="none", arm="arm", reference="old")


def test_a_mean_that_one_or_two_persons_make_up_stays() -> None:
    even = np.random.default_rng(2).gamma(2.0, 5000.0, 80)
    safe = nav.release(money(even).mean_difference("kroner"))
    assert set(safe.table["measure"]) == {"mean", "mean difference"}
    assert safe.result.amounts == ()
    rich = even.copy()
    rich[1] = 50 * even.sum()
    few = (np.arange(80) < 5).astype(float)
    for column in (rich, few, even[:20]):
        with pytest.raises(nav.DisclosureRefused) as refused:
            nav.release(money(column).mean_difference("kroner"))
        assert refused.value.key == "mean_of_few"
        assert str(int(rich[1])) not in refused.value.text("nb")


def test_remarks_on_a_released_result_tell_of_no_single_person(people: nav.Cohort) -> None:
    safe = nav.release(people.emulate("begun", 60, ["age"], at=200, replicates=0)).result
    assert not any(name == "largest" for one in safe.findings for name, _ in one.facts)
    assert not any(one.key == "one_person_heavy" for one in safe.findings)
