"""What odds, rates and hazards by period refuse, in which words, and where an estimate stands without an interval."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.errors import DataProblem, DesignProblem, NumericalProblem, Problem

Verb = Callable[..., nav.LogisticRegression]
ENDINGS = {0: None, 1: "job", 2: "other"}


def frame(n: int = 120, offices: int = 8) -> pd.DataFrame:
    roll = np.random.default_rng(11)
    made = pd.DataFrame(
        {
            "time": roll.integers(1, 20, n).astype(float),
            "ending": roll.integers(0, 3, n),
            "age": roll.normal(40, 9, n),
            "arm": roll.integers(0, 2, n),
            "office": np.arange(n) % offices,
        }
    )
    made["double"] = made["age"] * 2 - 1
    made["same"] = 1.0
    return made


def cohort(made: pd.DataFrame, **how: object) -> nav.Cohort:
    return nav.Cohort.from_frame(made, "time", "ending", endings=ENDINGS, outcome="job", **how)


def logistic(people: nav.Cohort, terms: list, **how: object) -> nav.LogisticRegression:
    return people.logistic(terms, at=1, **how)


VERBS = {
    "logistic": logistic,
    "poisson": lambda people, terms, **how: people.poisson(terms, **how),
    "bands": lambda people, terms, **how: people.poisson(terms, bands=(8,), **how),
    "discrete": lambda people, terms, **how: people.discrete_hazard(terms, period=5, **how),
}
each_verb = pytest.mark.parametrize("verb", list(VERBS))


def early(made: pd.DataFrame) -> pd.DataFrame:
    """Nobody censored before 2, and some of each kind at 1: so that all verbs can be asked."""
    made = made.copy()
    made.loc[made["time"] < 2, "time"] = 2.0
    made.loc[:39, "time"], made.loc[:39, "ending"] = 1.0, np.where(np.arange(40) % 3 == 0, 2, 1)
    return made


def refused(kind: type[Problem], key: str, ask: Callable[[], object]) -> Problem:
    with pytest.raises(kind) as caught:
        ask()
    assert caught.value.key == key
    for language in ("nb", "nn", "en"):
        assert all(part.strip() for part in caught.value.parts(language))
    return caught.value


@each_verb
def test_nobody_ended(verb: str) -> None:
    made = early(frame()).assign(ending=2)
    found = refused(DesignProblem, "no_events", lambda: VERBS[verb](cohort(made), ["age"]))
    assert "job" in found.text("en")


@each_verb
def test_all_censored(verb: str) -> None:
    made = early(frame()).assign(ending=0, time=3.0)
    refused(DesignProblem, "no_events", lambda: VERBS[verb](cohort(made), ["age"]))


@each_verb
def test_collinear_terms_are_named(verb: str) -> None:
    found = refused(DesignProblem, "terms_collinear", lambda: VERBS[verb](cohort(early(frame())), ["age", "double"]))
    assert "double" in found.text("en")
    assert "age" not in found.facts["column"]


@each_verb
def test_a_column_that_is_the_same_for_all_is_named(verb: str) -> None:
    refused(DesignProblem, "term_constant", lambda: VERBS[verb](cohort(early(frame())), ["same"]))


@each_verb
def test_infinite_values(verb: str) -> None:
    made = early(frame())
    made.loc[3, "age"] = np.inf
    refused(DataProblem, "not_a_number", lambda: VERBS[verb](cohort(made), ["age"]))


@each_verb
def test_no_terms(verb: str) -> None:
    refused(DesignProblem, "terms_needed", lambda: VERBS[verb](cohort(early(frame())), []))


@each_verb
def test_separation_names_the_term(verb: str) -> None:
    made = early(frame())
    made["shift"] = 0.0
    chosen = np.flatnonzero(made["ending"] != 1)[:20]
    made.loc[chosen, "shift"] = 1.0
    key = "separation_by_period" if verb == "discrete" else "separation"
    how = {"penalty": "none"} if verb == "logistic" else {}
    found = refused(NumericalProblem, key, lambda: VERBS[verb](cohort(made), ["age", "shift"], **how))
    assert found.facts["column"] == ["shift"]


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_separation_by_a_number_is_found_too(link: str) -> None:
    """Everybody above 50 leaves for a job in the first period, and nobody else ever does."""
    made = early(frame())
    made["age"] = np.where(made["ending"] == 1, 60.0, 30.0) + np.arange(len(made)) / 100
    made.loc[made["ending"] == 1, "time"] = 1.0
    flat = nav.Number("period")
    people = cohort(made)
    found = refused(NumericalProblem, "separation", lambda: logistic(people, ["age", "arm"], penalty="none"))
    assert found.facts["column"] == ["age"]
    refused(
        NumericalProblem,
        "separation_by_period",
        lambda: people.discrete_hazard(["age", "arm"], link=link, baseline=flat, period=5),
    )


def test_firth_answers_where_separation_stops_the_others() -> None:
    made = early(frame())
    made["shift"] = 0.0
    made.loc[np.flatnonzero(made["ending"] != 1)[:20], "shift"] = 1.0
    model = logistic(cohort(made), ["age", "shift"])
    assert model.findings.keys()[0] == "firth_instead"
    pd.testing.assert_frame_equal(model.table, logistic(cohort(made), ["age", "shift"], penalty="firth").table)
    found = model.table.set_index("term").loc["shift"]
    assert np.isfinite(found[["estimate", "std_error", "conf_low", "conf_high", "p_value"]].astype(float)).all()
    assert found["estimate"] < 0


def test_firth_needs_independent_persons() -> None:
    people = cohort(early(frame()), cluster="office")
    refused(DesignProblem, "firth_needs_independence", lambda: logistic(people, ["age"], penalty="firth"))
    found = logistic(people, ["age"], penalty="firth", errors="model")
    assert "clusters_left_out" in found.findings.keys()  # noqa: SIM118


@each_verb
def test_few_offices_leave_the_estimate_and_no_interval(verb: str) -> None:
    found = VERBS[verb](cohort(early(frame(offices=5)), cluster="office"), ["age", "arm"])
    assert found.table[["estimate", "std_error"]].notna().all().all()
    assert found.table[["p_value", "conf_low", "conf_high"]].isna().all().all()
    assert "few_offices" in found.findings.keys()  # noqa: SIM118


@each_verb
@pytest.mark.parametrize("errors", [None, "cr1"])
def test_one_office_in_an_arm_gives_no_p_value_for_it(verb: str, errors: str | None) -> None:
    made = early(frame())
    made["arm"] = (made["office"] == 3).astype(float)
    found = VERBS[verb](cohort(made, cluster="office"), ["age", "arm"], errors=errors)
    table = found.table.set_index("term")
    assert np.isfinite(table.loc["arm", "estimate"])
    assert table.loc["arm", ["p_value", "conf_low", "conf_high"]].isna().all()
    assert np.isfinite(table.loc["age", "p_value"])
    assert "one_office_alone" in found.findings.keys()  # noqa: SIM118


@each_verb
def test_few_degrees_of_freedom_give_no_p_value(verb: str) -> None:
    """Two of eight offices in an arm: the estimate stands, but Satterthwaite leaves too few degrees of freedom."""
    made = early(frame())
    made["arm"] = (made["office"] < 2).astype(float)
    found = VERBS[verb](cohort(made, cluster="office"), ["age", "arm"])
    assert found.table.set_index("term").loc["arm", ["p_value", "conf_low"]].isna().all()
    assert "glm_few_degrees" in found.findings.keys()  # noqa: SIM118


def test_one_person_in_a_group_gives_no_p_value() -> None:
    made = early(frame())
    made["arm"] = 0.0
    made.loc[made.index[made["ending"] == 1][0], "arm"] = 1.0
    found = cohort(made).poisson(["age", "arm"])
    assert found.table.set_index("term").loc["arm", ["p_value", "conf_low"]].isna().all()
    assert "few_persons_with_trait" in found.findings.keys()  # noqa: SIM118


@each_verb
def test_names_that_do_not_exist(verb: str) -> None:
    people = cohort(early(frame()))
    refused(DesignProblem, "errors_unknown", lambda: VERBS[verb](people, ["age"], errors="hc9"))
    asked = {"logistic": "outcome", "discrete": "causes"}.get(verb, "cause")
    refused(DesignProblem, "cause_unknown", lambda: VERBS[verb](people, ["age"], **{asked: "lottery"}))
    refused(DesignProblem, "choice_unknown", lambda: VERBS[verb](people, ["age"], level=95))
    refused(DataProblem, "columns_missing", lambda: VERBS[verb](people, ["height"]))


@pytest.mark.parametrize("verb", ["logistic", "poisson"])
def test_errors_for_clusters_need_clusters(verb: str) -> None:
    people = cohort(early(frame()))
    refused(DesignProblem, "errors_need_clusters", lambda: VERBS[verb](people, ["age"], errors="cr2"))


def test_status_that_is_not_known_is_counted() -> None:
    made = frame()
    unknown = int(((made["ending"] == 0) & (made["time"] < 10)).sum())
    found = refused(DesignProblem, "status_unknown", lambda: cohort(made).logistic(["age"], at=10))
    assert (found.facts["count"], found.facts["total"]) == (unknown, len(made))
    everybody = refused(DesignProblem, "status_unknown", lambda: cohort(made).logistic(["age"]))
    assert everybody.facts["count"] == int((made["ending"] == 0).sum())


def test_entry_after_time_zero_is_counted() -> None:
    made = early(frame()).assign(entry=0.0)
    made.loc[:4, "entry"] = 0.5
    found = refused(DesignProblem, "seen_late", lambda: logistic(cohort(made, entry="entry"), ["age"]))
    assert found.facts["count"] == 5


def test_all_ended_alike() -> None:
    made = frame().assign(ending=1)
    refused(DesignProblem, "all_events", lambda: cohort(made).logistic(["age"], at=30))


def test_an_ending_without_time() -> None:
    made = frame()
    made.loc[:1, "time"], made.loc[:1, "ending"] = 0.0, 1
    found = refused(DataProblem, "ended_without_time", lambda: cohort(made).poisson(["age"]))
    assert found.facts["count"] == 2


def test_bands_that_do_not_rise_and_bands_without_endings() -> None:
    people = cohort(frame())
    refused(DesignProblem, "bands_must_rise", lambda: people.rates(bands=(9, 3)))
    refused(DesignProblem, "bands_must_rise", lambda: people.poisson(["age"], bands=(3, np.nan)))
    made = frame()
    made.loc[made["time"] > 15, "ending"] = 2
    refused(DesignProblem, "bands_without_endings", lambda: cohort(made).poisson(["age"], bands=(15,)))


def test_exact_rates_need_whole_independent_events() -> None:
    people = cohort(frame().assign(w=1.5), weight="w")
    refused(DesignProblem, "exact_needs_independence", lambda: people.rates(interval="exact"))
    few = cohort(frame(offices=4), cluster="office").rates(cause="job")
    assert few.table["estimate"].notna().all()
    assert few.table[["conf_low", "conf_high"]].isna().all().all()
    assert "few_clusters" in few.findings.keys()  # noqa: SIM118


def test_rates_need_a_reference_and_known_words() -> None:
    people = cohort(frame())
    refused(DesignProblem, "reference_needed", lambda: people.rates(by="arm", measure="rate ratio"))
    refused(DesignProblem, "one_group", lambda: people.rates(by="same", measure="rate ratio", reference="1"))
    refused(DesignProblem, "choice_unknown", lambda: people.rates(unit="fortnights"))
    refused(DesignProblem, "choice_unknown", lambda: people.rates(measure="odds"))
    refused(DesignProblem, "choice_unknown", lambda: people.rates(per=0))


def test_periods_and_what_varies() -> None:
    people = cohort(frame())
    refused(DesignProblem, "choice_unknown", lambda: people.discrete_hazard(["age"], period=0))
    refused(DesignProblem, "choice_unknown", lambda: people.discrete_hazard(["age"], baseline="weekly"))
    refused(DesignProblem, "choice_unknown", lambda: people.discrete_hazard(["age"], link="probit"))
    by_period = nav.Interaction(nav.Number("arm"), nav.Number("period"))
    refused(DesignProblem, "interaction_without_parts", lambda: people.discrete_hazard(["age", by_period]))
    other = nav.Interaction(nav.Number("age"), nav.Number("period", 3))
    refused(DesignProblem, "ways_to_vary", lambda: people.discrete_hazard(["age", "arm", by_period, other]))
    alike = frame(20).assign(time=4.0, ending=1)
    refused(DesignProblem, "periods_alike", lambda: cohort(alike).discrete_hazard(["age"], period=4))


def test_what_is_lost_to_whole_periods_is_said() -> None:
    made = frame().assign(entry=0.0)
    made.loc[:4, ["entry", "time", "ending"]] = [5.5, 6.0, 1]
    found = cohort(made, entry="entry").discrete_hazard(["age"], period=5)
    assert {"parts_of_periods", "endings_lost_in_periods"} <= set(found.findings.keys())
    assert "5" in next(one for one in found.findings if one.key == "endings_lost_in_periods").text("en")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_results_show_themselves(language: str) -> None:
    people = cohort(early(frame()), cluster="office")
    nav.use_language(language)
    try:
        for verb in VERBS.values():
            found = verb(people, ["age"])
            assert "age" in repr(found)
            assert "age" in found._repr_html_()
        assert "job" in repr(people.rates(by="arm", measure=("rate", "rate ratio"), reference="0"))
    finally:
        nav.use_language("nb")
