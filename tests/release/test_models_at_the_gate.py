"""Models: refused where a term rests on few, otherwise rounded, and nothing leaves but the table."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.release.models import rounded


def cohort(few: int = 40, size: int = 400, **more: object) -> nav.Cohort:
    """``few`` of them have a rare trait; half of these end."""
    roll = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "time": np.ceil(roll.exponential(size=size) * 200).clip(1, 400),
            "ending": 1,
            "arm": np.where(np.arange(size) % 2, "new", "old"),
            "age": roll.normal(40, 9, size),
            "rare": (np.arange(size) < few).astype(float),
        }
    ).assign(**more)
    frame["ending"] = np.where((np.arange(size) // 2) % 2, 1, 0) if "ending" not in more else frame["ending"]
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", arm="arm", reference="old"
    )


def models(people: nav.Cohort) -> dict[str, object]:
    ended = nav.Cohort.from_frame(
        people.covariates.assign(ending=lambda one: one["ending"].map({0: "other", 1: "job"})),
        "time", "ending", censored="none", outcome="job",
    )  # fmt: skip
    terms = ["age", "rare"]
    return {
        "cox": people.cox(terms),
        "poisson": people.poisson(terms),
        "fine_gray": people.fine_gray(terms),
        "logistic": ended.logistic(terms),
    }


@pytest.mark.parametrize("name", ["cox", "poisson", "fine_gray", "logistic"])
def test_a_term_of_few_persons_is_refused_by_name(name: str) -> None:
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(models(cohort(few=8))[name])
    assert refused.value.key == "term_of_few"
    assert refused.value.facts["column"] == ["rare"]


@pytest.mark.parametrize("name", ["cox", "poisson", "fine_gray", "logistic"])
def test_what_leaves_is_the_rounded_ratios_and_nothing_else(name: str) -> None:
    model = models(cohort())[name]
    released = nav.release(model)
    table = released.table
    exact = model.ratios[model.ratios["measure"] == model.ratio].reset_index(drop=True)
    assert list(table["term"]) == ["age", "rare"]
    np.testing.assert_allclose(table["estimate"], exact["estimate"], rtol=5.1e-3)
    assert not (table["estimate"] == exact["estimate"]).any()
    assert set(table) <= {"cause", "term", "measure", "estimate", "p_value", "conf_low", "conf_high"}
    held = io.BytesIO()
    pickle.dump([value for value in vars(released.result).values() if isinstance(value, pd.DataFrame)], held)
    assert not any(isinstance(value, np.ndarray) and value.size > 20 for value in vars(released.result).values())
    assert len(held.getvalue()) < 4_000
    for language in ("nb", "nn", "en"):
        printed = nav.show.table(released, language=language)
        assert len(printed.rows) == 2
        assert "Internt utkast" not in " ".join(printed.notes)


def test_a_model_with_hardly_more_endings_than_terms_is_refused() -> None:
    roll = np.random.default_rng(1)
    columns = {f"x{place}": roll.normal(size=60) for place in range(22)}
    people = cohort(few=30, size=60, **columns)
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(people.cox([*columns]))
    assert refused.value.key == "model_of_few"


def test_adjusted_shares_are_released_without_the_persons_pulls() -> None:
    people = cohort()
    found = people.standardise(["age"], at=[100, 200])
    released = nav.release(found)
    assert found.pulls is not None
    assert released.result.pulls is None
    assert set(released.table["measure"]) == {
        "adjusted risk", "adjusted risk difference", "adjusted risk ratio",
    }  # fmt: skip
    exact = found.table[found.table["measure"].str.startswith("adjusted")]["estimate"].to_numpy()
    np.testing.assert_allclose(released.table["estimate"], exact, rtol=5.1e-3)


def test_adjusted_shares_of_a_time_when_few_had_ended_are_refused() -> None:
    people = cohort()
    ended = people.rows.query("ending == 'job'")
    early = float(ended.sort_values("time")["time"].iloc[2])
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(people.standardise(["age"], at=[early, 200]))
    assert refused.value.key == "term_of_few"


def test_a_larger_threshold_refuses_more() -> None:
    model = cohort(few=16).cox(["rare"])
    assert nav.release(model).policy.threshold == 5
    with pytest.raises(nav.DisclosureRefused):
        nav.release(model, nav.DisclosurePolicy.preset("acro"))


def test_three_digits_that_count() -> None:
    frame = rounded(pd.DataFrame({"estimate": [1.23456, 0.0123456, 123456.0, 0.0, np.nan], "p_value": [0.12345] * 5}))
    np.testing.assert_allclose(frame["estimate"], [1.23, 0.0123, 123000.0, 0.0, np.nan])
    assert frame["p_value"].tolist() == [0.123] * 5


def offices(sizes: list[int]) -> nav.OfficeComparison:
    roll = np.random.default_rng(4)
    office = np.repeat([f"K{place}" for place in range(len(sizes))], sizes)
    ended = np.concatenate([np.arange(size) % 2 for size in sizes])
    frame = pd.DataFrame(
        {"time": np.where(ended, roll.integers(1, 90, len(office)), 100), "ending": ended, "office": office}
    )
    people = nav.Cohort.from_frame(
        frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", cluster="office"
    )
    return people.office_comparison(at=99)


def test_a_small_office_is_left_out_and_another_with_it() -> None:
    found = offices([40, 30, 20, 24, 6])
    released = nav.release(found)
    assert set(released.table["group"]) == {"K0", "K1", "K3"}
    assert released.decisions.notes[0].facts[0] == ("count", 2)
    assert set(nav.release(offices([40, 30, 20, 24])).table["group"]) == {"K0", "K1", "K2", "K3"}
    axes = nav.show.funnel(released, own="K1", language="nb")
    assert not any(text.get_text() == "K4" for text in axes.texts)
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(offices([40, 30, 4, 4]))
    assert refused.value.key == "offices_of_few"


def test_dropout_leaves_neither_people_nor_model() -> None:
    roll = np.random.default_rng(2)
    size = 200
    frame = pd.DataFrame(
        {"time": 10.0, "ending": np.where(roll.random(size) < 0.3, "no_show", "job"), "age": roll.normal(30, 5, size)}
    ).assign(rare=(np.arange(size) < 7).astype(float))
    people = nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="none")
    released = nav.release(people.dropout(["age"]))
    assert not hasattr(released.result, "people")
    assert not hasattr(released.result, "model")
    assert {"share", "risk difference", "risk ratio", "odds ratio"} <= set(released.table["measure"])
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(people.dropout(["age", "rare"]))
    assert refused.value.key == "term_of_few"
    few = nav.Cohort.from_frame(
        frame.head(20).assign(ending=["no_show"] * 3 + ["job"] * 17), "time", "ending", outcome="job", censored="none"
    )
    with pytest.raises(nav.DisclosureRefused):
        nav.release(few.dropout())


def test_goals_of_enough_persons_pass_and_published_ones_always() -> None:
    goal = nav.Target(name="A", numerator="b", denominator="c", at_least=0.5)
    assert nav.release(nav.scorecard([nav.indicator(goal, 12, 30)])).result.indicators[0].events == 12
    for events, persons in ((3, 30), (27, 30), (2, 4)):
        with pytest.raises(nav.DisclosureRefused):
            nav.release(nav.indicator(goal, events, persons))
        assert nav.release(nav.indicator(goal, events, persons, already_public=True)).result.persons == persons
    assert "utkast" not in nav.show.sentence(nav.release(nav.indicator(goal, 12, 30)), language="nb")
