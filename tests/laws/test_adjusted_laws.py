"""What holds of adjusted numbers for any people."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from some_arms import TERMS, cohort, frame, numbers

import navoutcomes as nav

KINDS = [("iptw", "ATE"), ("iptw", "ATT"), ("iptw", "ATC"), ("overlap", "overlap"), ("entropy", "ATE"),
         ("entropy", "ATT"), ("entropy", "ATC")]  # fmt: skip
MIXED = [nav.Number("x"), nav.Category("sex", reference="woman")]


def people(seed: int = 4, size: int = 120, **how: bool) -> nav.Cohort:
    return cohort(frame(size, seed, **how))


@pytest.mark.parametrize(("kind", "target"), KINDS)
def test_who_comes_first_does_not_matter(kind: str, target: str) -> None:
    rows = frame(120, 6)
    turned = rows.iloc[::-1].reset_index(drop=True)
    one, other = (cohort(each, weight="weight").weights(TERMS, kind=kind, target=target) for each in (rows, turned))
    np.testing.assert_allclose(one.values, other.values[::-1], rtol=1e-8)


@pytest.mark.parametrize(("kind", "target"), KINDS)
def test_a_person_of_weight_two_counts_as_two(kind: str, target: str) -> None:
    rows = frame(90, 7, weights=False)
    twice = pd.concat([rows, rows.iloc[:30].assign(person=1000 + rows.index[:30])], ignore_index=True)
    heavy = rows.assign(weight=np.where(rows.index < 30, 2.0, 1.0))
    found = []
    for each in (cohort(twice), cohort(heavy, weight="weight")):
        made = each.weights(TERMS, kind=kind, target=target)
        found.append(numbers(each.adjusted_contrast(made, at=[4, 7], errors="fixed")))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-7)


def test_stabilising_changes_no_number_within_arms() -> None:
    who = people()
    pair = [who.adjusted_contrast(who.weights(TERMS, stabilise=one), at=5).table for one in (True, False)]
    np.testing.assert_allclose(pair[0]["estimate"], pair[1]["estimate"], rtol=1e-10)
    np.testing.assert_allclose(pair[0]["std_error"], pair[1]["std_error"], rtol=1e-8)


def test_stabilised_weights_add_up_to_about_the_persons() -> None:
    values = people(size=2000).weights(TERMS).values
    assert values.mean() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("target", ["ATE", "ATT", "ATC"])
def test_entropy_balancing_makes_means_equal(target: str) -> None:
    who = people()
    made = who.weights(MIXED, kind="entropy", target=target)
    assert who.balance(made).differences["after"].abs().max() < 1e-8


def test_overlap_weights_of_a_logistic_model_make_means_equal() -> None:
    """Li, Morgan and Zaslavsky 2018, theorem 3."""
    who = people()
    assert who.balance(who.weights(MIXED, kind="overlap")).differences["after"].abs().max() < 1e-9


def test_those_spoken_of_keep_the_weight_of_one() -> None:
    who = people()
    treated = who.column("arm").to_numpy() == "IPS"
    for kind in ("iptw", "entropy"):
        np.testing.assert_array_equal(who.weights(TERMS, kind=kind, target="ATT").values[treated], 1.0)
        np.testing.assert_array_equal(who.weights(TERMS, kind=kind, target="ATC").values[~treated], 1.0)


@pytest.mark.parametrize("kind", ["iptw", "overlap", "entropy"])
def test_arms_that_change_names_change_the_sign(kind: str) -> None:
    who = people()
    pair = []
    for reference, target in (("Standard", "ATT"), ("IPS", "ATC")):
        wanted = None if kind == "overlap" else target
        made = who.weights(TERMS, kind=kind, target=wanted, reference=reference)
        pair.append(numbers(who.adjusted_contrast(made, at=5), "adjusted risk difference")[0, 0])
    assert pair[0] == pytest.approx(-pair[1], rel=1e-8)


def test_shares_of_all_endings_and_those_still_there_add_to_one() -> None:
    who = people()
    for adjust in (who.weights(TERMS), TERMS):
        curves = who.adjusted_incidence(adjust)
        share = curves.at([3, 6, 9]).groupby(["group", "time"])["estimate"].sum()
        made = who.weights(TERMS)
        method = "weighting" if adjust is not TERMS else "g-formula"
        stays = who.adjusted_restricted_mean(made, [3.0], method=method)
        assert (share <= 1 + 1e-12).all()
        assert numbers(stays, "adjusted restricted mean").max() <= 3.0


def test_time_until_exit_and_time_since_every_ending_make_up_the_horizon() -> None:
    who = people()
    made = who.weights(TERMS)
    for method in ("weighting", "g-formula"):
        parts = numbers(who.adjusted_restricted_mean(made, 8, method=method), "adjusted restricted mean")
        for cause in ("job", "other"):
            more = who.adjusted_restricted_mean(made, 8, cause=cause, method=method)
            parts = parts + numbers(more, "adjusted restricted mean time lost")
        np.testing.assert_allclose(parts, 8.0, rtol=1e-10)


def test_curves_hold_the_numbers_of_the_contrast() -> None:
    who = people()
    made = who.weights(TERMS)
    read = who.adjusted_incidence(made).at([4, 7])
    rows = who.adjusted_contrast(made, at=[4, 7]).table
    rows = rows[rows["measure"] == "adjusted risk"]
    read = read[read["cause"] == "job"]
    for name in ("estimate", "std_error", "conf_low", "conf_high", "events"):
        np.testing.assert_allclose(read[name], rows[name], rtol=1e-9)
    modelled = who.adjusted_incidence(TERMS, target="ATT").at([4, 7])
    rows = who.standardise(TERMS, at=[4, 7], target="ATT").table
    rows = rows[rows["measure"] == "adjusted risk"]
    for name in ("estimate", "std_error", "conf_low", "conf_high"):
        np.testing.assert_allclose(modelled[modelled["cause"] == "job"][name], rows[name], rtol=1e-9)


def test_the_unadjusted_numbers_beside_are_those_of_the_curves() -> None:
    who = people()
    rows = who.adjusted_contrast(who.weights(TERMS), at=[4, 7]).table
    curves = who.cumulative_incidence(by="arm").at([4, 7])
    np.testing.assert_allclose(
        rows.loc[rows["measure"] == "risk", "estimate"], curves[curves["cause"] == "job"]["estimate"], rtol=1e-10
    )


def test_with_models_of_each_arm_the_share_of_the_arm_itself_is_what_was_seen() -> None:
    """Logistic regression with an intercept gives each arm its own share back."""
    who = people(lost=False)
    seen = numbers(who.standardise(TERMS, at=5, model="logistic", target="ATT"), "risk")[1]
    np.testing.assert_allclose(
        numbers(who.standardise(TERMS, at=5, model="logistic", target="ATT"))[1], seen, rtol=1e-9
    )
    made = who.weights(TERMS, target="ATT")
    np.testing.assert_allclose(numbers(who.doubly_robust(made, at=5, model="logistic"))[1], seen, rtol=1e-9)
    np.testing.assert_allclose(numbers(who.adjusted_contrast(made, at=5))[1], seen, rtol=1e-9)


def test_truncation_moves_the_heaviest_and_says_how_many() -> None:
    who = people(size=300)
    whole, cut = who.weights(TERMS), who.weights(TERMS, truncate=0.9)
    moved = whole.values != cut.values
    for arm in ("IPS", "Standard"):
        own = (who.column("arm") == arm).to_numpy()
        limit = np.quantile(whole.values[own], 0.9)
        np.testing.assert_array_equal(cut.values[own], np.minimum(whole.values[own], limit))
    told = next(one for one in cut.method if one.key == "weights_truncated")
    assert dict(told.facts)["count"] == moved.sum() == 30


def test_who_is_lost_without_regard_to_traits_changes_little_and_weights_grow_with_time() -> None:
    who = people(size=300, seed=9)
    gone = who.weights(TERMS, kind="ipcw")
    order = np.argsort(who.array("time"))
    assert gone.values[order[:30]].mean() < gone.values[order[-30:]].mean()
    assert gone.values.min() >= 1.0
    made = who.weights(TERMS)
    plain, more = (numbers(who.adjusted_contrast(made, at=6, censoring=one)) for one in (None, gone))
    np.testing.assert_allclose(plain, more, atol=0.03)


def test_a_cohort_that_carries_weights_answers_other_verbs() -> None:
    """Cox's model of weighted people: the same estimate as with the weights in a column of the frame."""
    rows = frame(150, 8, weights=False)
    made = cohort(rows).weights(TERMS)
    carried = cohort(rows.assign(own=made.values), weight="own")
    ours = nav.cox(made.cohort, [nav.Category("arm", reference="Standard")])
    theirs = carried.cox([nav.Category("arm", reference="Standard")])
    pd.testing.assert_frame_equal(ours.table, theirs.table)
    assert "weights_taken_as_known" in made.cohort.log.keys()  # noqa: SIM118
