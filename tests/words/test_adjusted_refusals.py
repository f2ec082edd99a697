"""Every reason why weights and adjusted numbers are refused, and what is remarked about them."""

from __future__ import annotations

import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from design_cases import Case, cohort, frame, named, refused

import navoutcomes as nav
from navoutcomes.texts import LANGUAGES

ARMS = {"arm": "arm", "reference": "Standard"}
AGE = [nav.Number("age")]


def rows(size: int = 48, seed: int = 0, **more: object) -> pd.DataFrame:
    """People whose age matters a little for the arm and for the ending."""
    roll = np.random.default_rng(seed)
    age = roll.normal(40, 10, size).round(1)
    arm = np.where(roll.random(size) < 1 / (1 + np.exp(-(age - 40) / 12)), "IPS", "Standard")
    time = roll.integers(1, 13, size).astype(float)
    ending = roll.choice([0, 1, 2], size, p=[0.2, 0.5, 0.3])
    return frame(size, **({"age": age, "arm": arm, "time": time, "ending": ending} | more))


def people(size: int = 48, roles: dict | None = None, **more: object) -> nav.Cohort:
    return cohort(rows(size, **more), **(ARMS | (roles or {})))


def known(size: int = 48) -> nav.Cohort:
    """Nobody is lost."""
    own = rows(size)
    return cohort(own.assign(ending=np.where(own["ending"] == 0, 2, own["ending"])), **ARMS)


def repeated() -> nav.Cohort:
    own = rows(24).assign(person=np.arange(24) // 2, entry=np.arange(24) % 2 * 6.0)
    own["time"] = own["entry"] + 6
    own.loc[::2, "ending"] = 0
    return cohort(own, person="person", entry="entry", **ARMS)


def apart(cut: float = 40.0) -> nav.Cohort:
    own = rows()
    return cohort(own.assign(arm=np.where(own["age"] > cut, "IPS", "Standard")), **ARMS)


def one_far_away() -> nav.Cohort:
    own = rows(200)
    own.loc[0, ["age", "arm"]] = [900.0, "IPS"]
    return cohort(own, **ARMS)


def one_town() -> nav.Cohort:
    own = rows()
    return cohort(own.assign(town=np.where(own["arm"].eq("IPS") & (own.index % 3 == 0), "Eide", "Fræna")), **ARMS)


def steep() -> nav.Cohort:
    """A handful of each arm among many of the other, with weights that decide."""
    roll = np.random.default_rng(5)
    age = np.concatenate([roll.normal(0, 1, 20), roll.normal(3.2, 1, 20)])
    arm = np.where(np.arange(40) < 20, "Standard", "IPS")
    arm[[0, 39]] = ["IPS", "Standard"]
    ending = np.where(age > 1.5, 1, 2)
    ending[[0, 1, 2, 37, 38, 39]] = [1, 1, 2, 2, 1, 2]
    return cohort(frame(40, age=age, arm=arm, ending=ending, time=1.0 + np.arange(40) % 5), **ARMS)


def long() -> nav.Cohort:
    return people(2000, time=np.arange(2000) + 1.0)


def same_for_all() -> nav.Cohort:
    own = rows()
    own.loc[own["arm"].eq("IPS") & own["time"].lt(5), "ending"] = 0
    own["flag"] = np.where(own["arm"] == "IPS", 1.0, (own.index % 2).astype(float))
    return cohort(own, **ARMS)


def few_draws() -> object:
    own = rows(14, seed=3)
    own["rare"] = (own.index % 6 == 0).astype(float)
    own["arm"] = np.where(own.index % 2 == 0, "IPS", "Standard")
    own.loc[6, "arm"] = "Standard"
    who = cohort(own, **ARMS)
    return who.adjusted_contrast(who.weights(["rare"]), at=5, errors="bootstrap", rng=1, replicates=100)


def ipcw(who: nav.Cohort) -> nav.Weights:
    return who.weights(AGE, kind="ipcw")


CASES = [
    Case("a person with rows", "adjusted_rows_repeated", ("12",), lambda: repeated().weights(AGE)),
    Case("the arm as a term", "arm_among_terms", ("«arm»",),
         lambda: people().weights([nav.Category("arm", reference="IPS"), *AGE])),
    Case("three arms", "weights_of_two_arms", ("«office»", "0, 1, 2"),
         lambda: people().weights(AGE, by="office", reference="0")),
    Case("three arms in balance", "weights_of_two_arms", ("«office»",),
         lambda: people().balance(terms=AGE, by="office", reference="0")),
    Case("three arms, one answered for", "weights_of_two_arms", ("«office»",),
         lambda: people().standardise(AGE, at=5, target="ATT", by="office", reference="0")),
    Case("three arms of curves", "weights_of_two_arms", ("«office»",),
         lambda: people().adjusted_incidence(AGE, target="ATT", by="office", reference="0")),
    Case("a town in one arm", "nobody_comparable", ("Standard", "town: Eide"),
         lambda: one_town().weights([nav.Category("town", reference="Fræna")])),
    Case("a town in one arm, entropy", "nobody_comparable", ("Standard", "town: Eide"),
         lambda: one_town().weights([nav.Category("town", reference="Fræna")], kind="entropy")),
    Case("a column of two in one arm", "nobody_comparable", ("«flag»", "IPS"),
         lambda: same_for_all().weights(["flag"])),
    Case("age decides the arm", "arms_separated", ("«age»", "Standard, IPS"), lambda: apart().weights(AGE)),
    Case("one far away", "arm_certain", ("200",), lambda: one_far_away().weights(AGE)),
    Case("means nobody has", "means_out_of_reach", ("«age»", "Standard"),
         lambda: apart().weights(AGE, kind="entropy", target="ATT")),
    Case("no answer in an arm", "arm_model_without_top", ("«flag»", "IPS"),
         lambda: same_for_all().standardise(["flag", "age"], at=5), nav.NumericalProblem),
    Case("no odds in an arm", "arm_model_without_top", ("Standard",),
         lambda: known_flag().standardise(["flag"], at=5, model="logistic"), nav.NumericalProblem),
    Case("no model of being lost", "arm_model_of_censoring", ("«flag»", "IPS"),
         lambda: same_for_all().weights(["flag", "age"], kind="ipcw"), nav.NumericalProblem),
    Case("all alike in an arm", "all_alike_in_arm", ("Standard",),
         lambda: cohort(rows().assign(ending=2), **ARMS).standardise(AGE, at=5, cause="job", model="logistic")),
    Case("scores of entropy weights", "no_scores", ("entropy",), lambda: people().weights(AGE, kind="entropy").scores),
    Case("a cohort of ipcw", "weights_over_time", ("censoring=",), lambda: ipcw(people()).cohort),
    Case("numbers for weights", "weights_needed", ("ndarray",),
         lambda: people().adjusted_contrast(np.ones(48), at=5)),
    Case("weights of others", "weights_of_others", ("48",),
         lambda: people().adjusted_contrast(people().weights(AGE), at=5)),
    Case("ipcw alone", "weights_of_kind", ("ipcw", "overlap"), lambda: with_(people(), ipcw, "adjusted_contrast")),
    Case("ipcw alone for curves", "weights_of_kind", ("ipcw",), lambda: with_(people(), ipcw, "adjusted_incidence")),
    Case("ipcw alone for means", "weights_of_kind", ("ipcw",),
         lambda: with_(people(), ipcw, "mean_difference", column="age")),
    Case("iptw for those lost", "weights_of_kind", ("iptw", "ipcw"), lambda: twice(people())),
    Case("overlap and models", "weights_of_kind", ("overlap", "iptw"),
         lambda: with_(people(), lambda who: who.weights(AGE, kind="overlap"), "doubly_robust", at=5)),
    Case("entropy and the g-formula", "weights_of_kind", ("entropy", "iptw"),
         lambda: with_(people(), lambda who: who.weights(AGE, kind="entropy"), "adjusted_restricted_mean", horizon=5,
                       method="g-formula")),
    Case("a share beyond all", "share_outside", ("doubly_robust", "2"),
         lambda: with_(steep(), lambda who: who.weights(AGE), "doubly_robust", at=5, model="logistic")),
    Case("draws without an answer", "draws_without_answer", ("100", "bootstrap"), few_draws),
    Case("draws of few offices", "draws_of_few_clusters", ("6", "40"), lambda: drawn(roles={"cluster": "office"})),
    Case("draws without a generator", "generator_needed", ("rng=",), lambda: drawn(rng=None)),
    Case("curves of many", "curve_too_long", ("2000",), lambda: long().adjusted_incidence(AGE)),
    Case("curves taken out", "adjusted_not_released", ("nav.release",),
         lambda: people(200).adjusted_incidence(AGE).again(None), nav.DisclosureRefused),
    Case("no terms", "terms_needed", ("terms",), lambda: people().weights()),
    Case("a kind", "choice_unknown", ("matching", "entropy"), lambda: people().weights(AGE, kind="matching")),
    Case("a target", "choice_unknown", ("LATE", "ATT"), lambda: people().weights(AGE, target="LATE")),
    Case("a target of overlap", "choice_unknown", ("ATT", "overlap"),
         lambda: people().weights(AGE, kind="overlap", target="ATT")),
    Case("a share to cut at", "choice_unknown", ("99", "0.99"), lambda: people().weights(AGE, truncate=99)),
    Case("a cut of ipcw", "choice_unknown", ("truncate",), lambda: people().weights(AGE, kind="ipcw", truncate=0.9)),
    Case("no reference", "reference_needed", ("«arm»",), lambda: cohort(rows(), arm="arm").weights(AGE)),
    Case("a time beyond", "time_beyond_follow_up", ("99",),
         lambda: with_(people(), lambda who: who.weights(AGE), "adjusted_contrast", at=99)),
    Case("no time", "times_needed", ("at=",), lambda: people().standardise(AGE)),
    Case("another ending", "cause_unknown", ("arrest",), lambda: people().standardise(AGE, at=5, cause="arrest")),
    Case("a model", "choice_unknown", ("forest", "logistic"), lambda: people().standardise(AGE, at=5, model="forest")),
    Case("a rule", "errors_unknown", ("hc3", "bootstrap"), lambda: people().standardise(AGE, at=5, errors="hc3")),
    Case("status unknown", "status_unknown", ("48",), lambda: people().standardise(AGE, at=9, model="logistic")),
    Case("who entered late", "seen_late", ("48",),
         lambda: with_(people(roles={"entry": "entry"}, entry=0.5), weighed, "doubly_robust", at=5)),
    Case("words for a mean", "term_not_numbers", ("«navn»",), lambda: people().mean_difference("navn")),
    Case("empty cells for a mean", "not_a_number", ("«age»", "1"),
         lambda: people(age=[np.nan] + [1.0] * 47).mean_difference("age"), nav.DataProblem),
    Case("a balance of nothing drawn", "cannot_draw", ("AdjustedEffects",),
         lambda: nav.show.love_plot(people().mean_difference("age"))),
]  # fmt: skip


def known_flag() -> nav.Cohort:
    own = rows()
    flag = (own["ending"] == 1).astype(float)
    return cohort(own.assign(time=1.0, flag=flag, ending=np.where(flag > 0, 1, 2)), **ARMS)


def with_(who: nav.Cohort, make: object, verb: str, **how: object) -> object:
    how = {"at": 5} | how if verb == "adjusted_contrast" else how
    weights = make(who)  # type: ignore[operator]
    if verb == "mean_difference":
        return who.mean_difference(str(how["column"]), weights)
    return getattr(who, verb)(weights, **how)


def weighed(who: nav.Cohort) -> nav.Weights:
    return who.weights(AGE)


def twice(who: nav.Cohort) -> object:
    made = who.weights(AGE)
    return who.adjusted_contrast(made, at=5, censoring=made)


def drawn(roles: dict | None = None, rng: object = 1) -> object:
    who = people(roles=roles)
    return who.adjusted_contrast(who.weights(AGE), at=5, errors="bootstrap", rng=rng, replicates=100)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_refusal_names_what_is_wrong_and_nobody(case: Case) -> None:
    refused(case)


def test_every_refusal_is_tried() -> None:
    file = resources.files("navoutcomes.texts").joinpath("problems", "adjusted.toml")
    assert set(tomllib.loads(file.read_text(encoding="utf-8"))) <= {case.key for case in CASES}


def offices(number: int, treated: int | None = None, size: int = 240, seed: int = 2) -> nav.Cohort:
    own = rows(size, seed=seed)
    own["office"] = np.arange(size) % number
    if treated is not None:
        own["arm"] = np.where(own["office"] < treated, "IPS", "Standard")
    return cohort(own, cluster="office", **ARMS)


def compared(who: nav.Cohort, **how: object) -> tuple[pd.Series, nav.AdjustedEffects]:
    found = who.adjusted_contrast(who.weights(AGE), at=5, **how)
    return found.table.set_index("measure").loc["adjusted risk difference"], found


@pytest.mark.parametrize(
    ("number", "treated", "key"),
    [(4, None, "few_offices"), (5, 2, "few_offices"), (8, 1, "one_office_in_arm"), (8, 7, "one_office_in_arm")],
)
def test_with_few_offices_the_estimate_stands_and_the_interval_is_empty(
    number: int, treated: int | None, key: str
) -> None:
    row, found = compared(offices(number, treated))
    assert np.isfinite(row["estimate"])
    assert np.isnan([row["conf_low"], row["conf_high"]]).all()
    assert key in found.findings.keys()  # noqa: SIM118
    for language in LANGUAGES:
        assert found.findings.text(language)


@pytest.mark.parametrize(("number", "treated"), [(6, None), (8, 4), (10, 2), (12, 6)])
def test_with_enough_offices_the_difference_has_an_interval(number: int, treated: int | None) -> None:
    row, found = compared(offices(number, treated))
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert any(one.key.startswith("errors_offices_left_out") for one in found.method)


def test_one_person_who_holds_much_of_the_weight_is_told_of() -> None:
    """B170: the share, and how many persons the weighted ones are worth."""
    own = rows(60)
    own["heavy"] = np.where(own.index == 0, 60.0, 1.0)
    made = cohort(own, weight="heavy", **ARMS).weights(AGE)
    told = [one for one in made.findings if one.key == "one_person_heavy"]
    assert len(told) == 1
    share = made.table.set_index(["measure", "group"])["estimate"]["largest share of weight"].max()
    assert dict(told[0].facts)["percent"] == round(100 * share) > 25
    assert "effektivt" not in told[0].text("en")
    assert "vet så mye som" in told[0].text("nb")


def test_scores_nobody_else_has_and_scores_near_certain_are_counted() -> None:
    own = rows(300, seed=4)
    own.loc[0, ["age", "arm"]] = [150.0, "IPS"]
    made = cohort(own, **ARMS).weights(AGE)
    assert {"outside_common_range", "arm_nearly_certain"} <= set(made.findings.keys())


def test_traits_that_stay_unlike_are_named() -> None:
    who = people(80)
    made = who.weights(AGE)
    found = who.balance(made, terms=["age", "office"])
    assert set(found.differences.index) == {"age", "office"}
    one = who.balance(terms=AGE)
    assert "unlike_before" in one.findings.keys()  # noqa: SIM118
    assert "«Alder»" in one.findings.text("nn")


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_say_of_whom_and_print_the_unadjusted_beside(language: str) -> None:
    who = people(260)
    made = who.weights(AGE, target="ATT")
    printed = nav.show.table(who.adjusted_contrast(made, at=[3, 6]), language=language)
    assert len(printed.rows) == 16
    assert any("IPS" in one and "ATT" in one for one in printed.notes)
    named_rows = {row[1] for row in printed.rows}
    assert len(named_rows) == 6
    results: list[object] = [
        made,
        who.balance(made),
        who.standardise(AGE, at=5),
        who.mean_difference("age", made),
        who.adjusted_restricted_mean(made, 6, cause="job"),
        who.adjusted_restricted_mean(made, 6, method="g-formula"),
        who.doubly_robust(made, at=5),
        who.adjusted_incidence(made),
    ]
    for result in results:
        shown = nav.show.table(result, at=5, language=language)
        assert shown.rows
        assert shown.notes
        nav.use_language(language)
        assert result._repr_html_()
    nav.use_language("nb")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_cause_is_used_of_a_comparison_that_chance_did_not_make(language: str) -> None:
    who = people(260)
    made = who.weights(AGE)
    said = " ".join(
        " ".join((*(" ".join(row) for row in shown.rows), *shown.notes, shown.caption))
        for shown in (nav.show.table(one, language=language) for one in
                      (who.adjusted_contrast(made, at=5), who.doubly_robust(made, at=5), made, who.balance(made)))
    ).lower()  # fmt: skip
    for word in ("effekt av", "effect", "førte til", "led to", "skuldast", "skyldes", "causal", "tiltakseffekt"):
        assert word not in said.replace("effective sample size", "").replace("effektivt", "")
