"""What exact ties refuse: weights, offices, a penalty, too many ties, and questions that need single persons' pulls."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

CANARY = "Kari Canary"


def frame(size: int = 80, seed: int = 2) -> pd.DataFrame:
    roll = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "time": roll.integers(1, 9, size),
            "ending": (roll.random(size) < 0.6).astype(int),
            "x": roll.normal(size=size),
            "w": roll.choice([1.0, 2.0], size),
            "office": [f"{CANARY} {at % 8}" for at in range(size)],
        }
    )


def cohort(rows: pd.DataFrame, **roles: object) -> nav.Cohort:
    return nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job", **roles)


def told(caught: pytest.ExceptionInfo[nav.Problem]) -> str:
    for language in ("nb", "nn", "en"):
        text = caught.value.text(language)
        assert len(text.splitlines()) == 4
        assert CANARY not in text
        assert "{" not in text
    return caught.value.key


@pytest.mark.parametrize(
    ("roles", "how", "key"),
    [
        ({"weight": "w"}, {}, "exact_ties_with_weights"),
        ({"cluster": "office"}, {}, "exact_ties_need_independence"),
        ({}, {"errors": "robust"}, "exact_ties_need_independence"),
        ({}, {"errors": "lin-wei"}, "exact_ties_need_independence"),
        ({}, {"penalty": "firth"}, "exact_ties_need_independence"),
    ],
)
def test_what_r_refuses_too(roles: dict[str, str], how: dict[str, str], key: str) -> None:
    with pytest.raises(nav.DesignProblem) as caught:
        cohort(frame(), **roles).cox(["x"], ties="exact", **how)
    assert told(caught) == key


def test_weights_say_how_many() -> None:
    rows = frame()
    with pytest.raises(nav.DesignProblem) as caught:
        cohort(rows, weight="w").cox(["x"], ties="exact")
    assert caught.value.facts == {"count": int((rows["w"] != 1).sum()), "total": 80}


def test_offices_are_borne_when_the_caller_says_they_do_not_matter() -> None:
    found = cohort(frame(), cluster="office").cox(["x"], ties="exact", errors="model")
    plain = cohort(frame()).cox(["x"], ties="exact")
    pd.testing.assert_frame_equal(found.table, plain.table)


def test_too_many_ties_say_how_many_and_what_to_use() -> None:
    size = 60_000
    roll = np.random.default_rng(1)
    rows = pd.DataFrame({"time": roll.integers(1, 4, size), "ending": 1, "x": roll.normal(size=size)})
    with pytest.raises(nav.DesignProblem) as caught:
        cohort(rows).cox(["x"], ties="exact")
    assert told(caught) == "exact_ties_too_many"
    assert caught.value.facts["tied"] == int(rows["time"].value_counts().max())
    assert "discrete_hazard" in caught.value.parts("nb")[3]
    assert "efron" in caught.value.parts("nb")[3]


@pytest.mark.parametrize(
    "ask",
    [
        nav.proportional_hazards_test,
        *(
            lambda model, kind=kind: nav.residuals(model, kind)
            for kind in ("score", "schoenfeld", "scaled schoenfeld", "dfbeta", "dfbetas")
        ),
    ],
)
def test_what_rests_on_single_persons_is_refused(ask: object) -> None:
    model = cohort(frame()).cox(["x"], ties="exact")
    with pytest.raises(nav.DesignProblem) as caught:
        ask(model)
    assert told(caught) == "not_with_exact_ties"


def test_curves_of_profiles_come_from_one_model_and_not_from_several() -> None:
    rows = frame()
    rows["ending"] = np.where(rows["ending"] == 1, np.arange(80) % 2 + 1, 0)
    people = nav.Cohort.from_frame(rows, "time", "ending", endings={0: None, 1: "job", 2: "other"}, outcome="job")
    profile = pd.DataFrame({"x": [0.0]})
    curve = nav.predict(people.cox(["x"], ties="exact"), profile, 4).table
    near = nav.predict(people.cox(["x"], ties="breslow"), profile, 4).table
    assert float(curve["estimate"].iloc[0]) == pytest.approx(float(near["estimate"].iloc[0]), abs=0.02)
    with pytest.raises(nav.DesignProblem) as caught:
        nav.predict(people.cause_specific(["x"], ties="exact"), profile, 4)
    assert told(caught) == "not_with_exact_ties"


def test_the_method_is_said_in_words() -> None:
    model = cohort(frame()).cox(["x"], ties="exact")
    for language, words in (("nb", "eksakt"), ("nn", "eksakt"), ("en", "exact conditional likelihood")):
        assert words in model.method[0].text(language)
