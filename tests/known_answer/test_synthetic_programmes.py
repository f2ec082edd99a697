"""The invented people of every programme: published margins, the documented truth found again, and faults found."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.estimate.emulation.immortal_time import immortal_time_check
from navoutcomes.records.published import fact
from navoutcomes.records.synthetic.programmes import (
    aktivtiltaket_model,
    introduksjonsprogram,
    ips,
    ips_model,
    jobbsjansen,
)
from navoutcomes.records.synthetic.programmes.catalogue import PROGRAMMES
from navoutcomes.records.synthetic.programmes.curves import curves, pooled, share_of
from navoutcomes.records.synthetic.programmes.faults import FAULTS, possible
from navoutcomes.records.synthetic.programmes.model import Model, cells, draw

NAMES = tuple(PROGRAMMES)
MODELS = {name: one.truth().model["model"] for name, one in PROGRAMMES.items() if name not in ("innsatsgjengen",)}
SYNTHETIC = Path(__file__).parents[2] / "data" / "synthetic"
COMMITTED = ("aktivtiltaket", "alarmen_gaar", "ips_and_standard")
MANY = 60_000


def covariates(people: pd.DataFrame) -> dict[str, np.ndarray]:
    skipped = {"person", "start", "cause", "days", "arm"}
    return {name: people[name].to_numpy() for name in people if name not in skipped and not name.startswith("u_")}


def followed(people: pd.DataFrame, model: Model, by_arm: bool = True) -> nav.Cohort:
    """People of a large draw, followed to the end, weighted by the inverse of their true chance of the arm they got."""
    frame = people[["days", "cause"]].assign(arm=np.array(model.arms)[people["arm"]], weight=1.0)
    if by_arm:
        chance = model.probability(covariates(people))
        frame["weight"] = np.where(people["arm"] == 1, 1 / chance, 1 / (1 - chance))
    causes = model.hazards.causes
    named = {cause: cause for cause in causes}
    roles = {"arm": "arm", "reference": model.arms[0], "weight": "weight"}
    return nav.Cohort.from_frame(frame, "days", "cause", outcome=causes[0], endings=named, **roles)


@pytest.fixture(scope="module")
def many() -> dict[str, pd.DataFrame]:
    """A large draw of three models."""
    return {name: draw(MODELS[name], MANY, 5) for name in COMMITTED}


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_read_without_a_question_and_says_that_it_is_synthetic(name: str) -> None:
    for table, frame in nav.synthetic_tables(name).items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            extract = nav.synthetic(name, table)
        assert extract.origin.synthetic
        assert extract.origin.cutoff is not None
        assert len(extract.frame) == len(frame)
        assert set(frame["Datagrunnlag"]) == {"Syntetiske data"}
        if "Løpenummer" in frame:
            assert frame["Løpenummer"].str.fullmatch(r"P-[0-9A-F]{8}").all()


@pytest.mark.parametrize("name", NAMES)
def test_the_main_table_makes_spells_that_never_end_after_the_day_of_reading(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        extract = nav.synthetic(name)
        spells = nav.Spells.from_extract(extract).frame
    assert spells["person"].is_unique
    assert (spells["end"].dropna() <= pd.Timestamp(extract.origin.cutoff) + pd.Timedelta(1, unit="D")).all()
    assert (spells["exit_class"].notna() == spells["end"].notna()).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_size_is_exactly_as_many_persons_and_the_first_of_a_seed_stay_the_first(name: str) -> None:
    small, large = PROGRAMMES[name].people(30, 7), PROGRAMMES[name].people(300, 7)
    assert len(small) == 30
    assert len(large) == 300
    assert small["person"].tolist() == large["person"].tolist()[:30]
    assert len(nav.synthetic(name, size=300, seed=7).frame) == 300


@pytest.mark.parametrize("name", NAMES)
def test_the_truth_is_complete_and_says_that_the_people_are_invented(name: str) -> None:
    truth = nav.synthetic_truth(name)
    record = json.loads(truth.as_json())
    assert record["synthetic"] is True
    assert set(record["about"]) == {"nb", "nn", "en"}
    assert len(record["estimands"]) == len(truth.table) > 5
    assert truth.table["estimate"].notna().all()
    shares = truth.table[truth.table["measure"].isin(["risk", "share"])]["estimate"]
    assert shares.between(0, 1).all()
    for one in truth.published:
        assert re.fullmatch(r"B\d{3}", one) or fact(one).fact_id == one


# --- margins -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["aktivtiltaket", "aktivitetsplikt"])
def test_the_recipients_of_2019_are_as_many_as_published_in_each_municipality_and_age(name: str) -> None:
    main = nav.synthetic_tables(name)[name]
    young = main["Alder ved start"] < 30
    for municipality, everybody, under_30 in (("Fræna", "FE014", "FE015"), ("Eide", "FE016", "FE017")):
        here = main["Kommune"] == municipality
        assert here.sum() == fact(everybody).number
        assert (here & young).sum() == fact(under_30).number
    assert main["Vedtaksdato"].dt.year.eq(2019).all()


def test_the_qualification_programme_has_the_published_participants_of_each_year_and_their_wait() -> None:
    for seed in (None, 3):
        main = nav.synthetic_tables("kvp", seed=seed)["kvp"]
        began, end = main["Begynt dato"], main["Avsluttet dato"].fillna(pd.Timestamp("2019-12-31"))
        for year, known in ((2017, "FE042"), (2018, "FE043"), (2019, "FE044")):
            there = (began.dt.year <= year) & (end.dt.year >= year)
            assert there.sum() == fact(known).number
        wait = (began - main["Søknad registrert"]).dt.days.dropna()
        assert wait.between(30, 61).all()


def test_jobbsjansen_has_both_denominators() -> None:
    main = nav.synthetic_tables("jobbsjansen")["jobbsjansen"]
    reason = main["Avslutningsårsak"]
    to_work, away = reason.isin(["Arbeid", "Utdanning"]).sum(), (reason == "Manglende oppmøte").sum()
    assert (len(main), to_work, away, len(main) - away) == (923, 530, 143, 780)
    assert main["Prosjekt"].nunique() == 20
    truth = nav.synthetic_truth("jobbsjansen")
    assert truth.value("share", population="started") == pytest.approx(530 / 923, abs=1e-9)
    assert truth.value("share", population="completed") == pytest.approx(530 / 780, abs=1e-9)


def test_the_introduction_programme_settles_as_planned_and_men_and_women_differ_as_published() -> None:
    main = nav.synthetic_tables("introduksjonsprogram")["introduksjonsprogram"]
    refugee, year = main["Bakgrunn"] == "Flyktning", main["Bosatt"].dt.year
    spring = main["Bosatt"].dt.month <= 6
    for one in range(2015, 2019):
        assert (refugee & (year == one)).sum() == fact("HA009").number == 60
        assert (refugee & spring & (year == one)).sum() == 60 * fact("HA011").number / 100
        assert (~refugee & (year == one)).sum() == fact("HA010").number
    truth = nav.synthetic_truth("introduksjonsprogram")
    found = truth.table[truth.table["measure"] == "share in work or education a year after"].set_index("group")
    assert found["estimate"].round(10).to_dict() == {"Mann": 0.71, "Kvinne": 0.49, "all": 0.61}
    late = introduksjonsprogram.people(4000, 1)
    status = introduksjonsprogram.tables(late, 1, introduksjonsprogram.READ)["introduksjonsprogram"]
    well = status["Status ett år etter"].isin(["I arbeid", "Utdanning"])
    for sex, share in introduksjonsprogram.AFTER_A_YEAR.items():
        assert well[status["Kjønn"] == sex].mean() == pytest.approx(share, abs=0.035)


def test_ips_has_the_arms_of_se_klar_two_specialists_an_office_and_closes_at_the_end_of_2019() -> None:
    main = nav.synthetic_tables("ips_and_standard")["ips_and_standard"]
    assert main["Gruppe"].value_counts().to_dict() == {"IPS": 167, "Standard oppfølging": 101}
    in_ips = main["Gruppe"] == "IPS"
    assert (main["Spesialistkode"].notna() == in_ips).all()
    assert main.groupby("NAV-kontor")["Spesialistkode"].nunique().eq(fact("FE033").number).all()
    assert main.groupby("NAV-kontor")["Gruppe"].nunique().eq(2).all()
    assert main.loc[in_ips, "Siste dag i tiltaket"].max() <= pd.Timestamp("2019-12-31")
    assert (main.loc[main["Hvorfor tiltaket sluttet"] == "Tiltaket lagt ned", "Utfall"].isna()).any()
    assert main["Til dato"].max() > pd.Timestamp("2020-06-30")


def test_young_people_of_alarmen_and_p1824_are_of_the_published_age_and_office() -> None:
    alarm = nav.synthetic_tables("alarmen_gaar")["alarmen_gaar"]
    assert alarm["Alder ved start"].between(fact("ST037").number, fact("ST038").number).all()
    assert alarm["NAV-kontor"].nunique() == fact("ST001").number
    p1824 = nav.synthetic_tables("p1824")["p1824"]
    assert (p1824["Alder ved start"] < fact("DR003").number).all()
    assert p1824["Henvisende enhet"].nunique() == fact("DR005").number
    assert p1824["Behandlet i utvalget"].dropna().dt.dayofweek.nunique() == fact("DR004").number
    home = nav.synthetic_tables("ung_i_etableringsfasen")["ung_i_etableringsfasen"]
    assert home["Fra dato"].min() >= pd.Timestamp(fact("HA006").value)
    assert home["Alder ved start"].between(fact("HA004").number, fact("HA005").number).all()


# --- the truth is right ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_kinds_of_people_add_up_and_the_endings_fill_what_is_left(name: str) -> None:
    model = MODELS[name]
    assert cells(model)[1].sum() == pytest.approx(1, abs=1e-12)
    out = curves(model, 400)
    assert all((np.diff(one) >= 0).all() for one in out.values())
    assert sum(one[-1] for one in out.values()) < 1
    assert pooled(model, model.hazards.causes, 400)[0] == 0


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_exact_curves_are_those_of_a_second_implementation_by_hand(name: str) -> None:
    """One person of the model, whose hazards are added up by hand day by day."""
    model = MODELS[name]
    people, _ = cells(model)
    one = {key: values[:1] for key, values in people.items()}
    rates = model.hazards.daily(one, np.ones(1), model.modifier(one))[:, 0, :]
    widths = np.minimum(np.diff([*model.hazards.cuts, np.inf]), np.maximum(300 - np.array(model.hazards.cuts), 0))
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(rates.sum(axis=0) * widths)]))
    expected = (rates / rates.sum(axis=0) * -np.diff(alive)).sum(axis=1)
    found = model.hazards.incidence(rates[:, None, :], np.ones(1), 300)[:, -1]
    assert found == pytest.approx(expected, rel=1e-10)


def test_the_calibrated_numbers_are_those_that_meet_the_published_ones() -> None:
    model = ips_model.model()
    assert ips_model.difference(model, 730) == pytest.approx(0.12, abs=1e-9)
    assert ips_model.difference(model, 1096) == pytest.approx(0.0, abs=1e-9)
    assert share_of(model, "arm") == pytest.approx(167 / 268, abs=1e-10)
    last = curves(jobbsjansen.MODEL, 730)
    assert last["job"][-1] + last["education"][-1] == pytest.approx(530 / 923, abs=1e-9)
    assert last["no_show"][-1] == pytest.approx(143 / 923, abs=1e-9)


def test_the_calibration_finds_its_numbers_again() -> None:
    assert ips_model.calibrated() == pytest.approx((ips_model.EARLY_EFFECT, ips_model.LATE_EFFECT), abs=1e-7)
    assert jobbsjansen.calibrated() == pytest.approx(jobbsjansen.LEVELS, abs=1e-7)


@pytest.mark.parametrize("name", ["aktivtiltaket", "ips_and_standard"])
def test_a_large_weighted_draw_finds_the_true_risks_of_both_arms(name: str, many: dict[str, pd.DataFrame]) -> None:
    model, truth = MODELS[name], nav.synthetic_truth(name)
    times = (91, 365, 548) if name == "aktivtiltaket" else (183, 365, 730, 1096)
    found = followed(many[name], model).cumulative_incidence(by="arm").at(times)
    for row in found.itertuples():
        known = truth.value("risk", cause=row.cause, group=row.group, population="all", time=int(row.time))
        assert abs(row.estimate - known) < 4.2 * row.std_error
        assert row.std_error < 0.008


def test_the_crude_comparison_is_as_wrong_as_documented_and_the_weighted_one_is_not(
    many: dict[str, pd.DataFrame],
) -> None:
    model, truth = MODELS["ips_and_standard"], nav.synthetic_truth("ips_and_standard")
    for weighted, measure in ((True, "risk difference"), (False, "crude risk difference")):
        population = "all" if weighted else "as they were"
        effects = followed(many["ips_and_standard"], model, weighted).contrast(at=(365, 730, 1096), cause="job").table
        for row in effects.itertuples():
            known = truth.value(measure, cause="job", population=population, time=int(row.time))
            assert abs(row.estimate - known) < 4.2 * row.std_error
    wrong = truth.value("crude risk difference", cause="job", time=730)
    assert wrong < truth.value("risk difference", cause="job", population="all", time=730) - 0.03


def test_the_mean_time_in_work_has_its_lock_in(many: dict[str, pd.DataFrame]) -> None:
    model, truth = MODELS["aktivtiltaket"], nav.synthetic_truth("aktivtiltaket")
    measure = "restricted mean time lost difference"
    effects = followed(many["aktivtiltaket"], model).contrast(at=(91, 548), cause="job", measure=measure).table
    known = [truth.value(measure, cause="job", population="all", time=time) for time in (91, 548)]
    assert known[0] < 0 < known[1]
    assert (np.abs(effects["estimate"] - known) < 4.2 * effects["std_error"]).all()


def test_the_share_active_within_three_months_is_found_with_people_still_waiting() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        spells = nav.Spells.from_extract(nav.synthetic("alarmen_gaar", size=8000))
    active = ("Arbeid", "Utdanning", "Arbeidsrettet tiltak")
    protocol = nav.Protocol(
        question="Active within three months?",
        outcome={"active": active},
        competing=("Trukket seg", "Flyttet"),
        register_closes=spells.cutoff,
    )
    cohort = nav.Cohort.assemble(protocol, spells)
    found = cohort.cumulative_incidence().at((30, 91)).set_index(["cause", "time"]).loc["active"]
    truth = nav.synthetic_truth("alarmen_gaar")
    cause = "job+education+other_service"
    for day in (30, 91):
        known = truth.value("risk", cause=cause, group="all", population="all", time=day)
        assert abs(found.loc[day, "estimate"] - known) < 4.2 * found.loc[day, "std_error"]
    naive = ((cohort.rows["ending"] == "active") & (cohort.rows["time"] <= 91)).mean()
    assert naive < truth.value("risk", cause=cause, group="all", population="all", time=91) - 0.015


@pytest.mark.parametrize("name", NAMES)
def test_an_earlier_extract_holds_nothing_that_had_not_happened(name: str) -> None:
    programme = PROGRAMMES[name]
    middle = pd.Timestamp(nav.synthetic_tables(name)[name][programme.start].quantile(0.6)).normalize()
    early = nav.synthetic_tables(name, extracted=middle.date())[name]
    late = nav.synthetic_tables(name)[name].set_index("Løpenummer")
    assert 0 < len(early) < len(late)
    for header in early.select_dtypes("datetime"):
        assert (early[header].dropna() <= middle).all(), header
    over = early[early[programme.end].notna()].set_index("Løpenummer")
    assert over[programme.reason].equals(late.loc[over.index, programme.reason])
    assert early.loc[early[programme.end].isna(), programme.reason].isna().all()


def test_offices_differ_as_documented() -> None:
    drawn = draw(jobbsjansen.MODEL, 40_000, 9)
    truth = nav.synthetic_truth("jobbsjansen").table
    away = (drawn["cause"] == "no_show") & (drawn["days"] <= 730)
    known = truth[(truth["population"] == "office")]["estimate"].to_numpy()
    found = away.groupby(drawn["office"]).agg(["mean", "size"])
    z = (found["mean"] - known) / np.sqrt(known * (1 - known) / found["size"])
    assert z.abs().max() < 4
    assert known.max() / known.min() > 2


def test_those_who_come_carry_the_whole_effect_of_ips() -> None:
    truth = nav.synthetic_truth("ips_and_standard")
    offered = truth.value("risk difference", cause="job", population="all", time=730)
    attended = truth.value("risk difference", cause="job", population="comes", time=730)
    assert attended * share_of(ips_model.model(), "comes") == pytest.approx(offered, abs=1e-9)


@pytest.fixture(scope="module")
def in_work() -> tuple[nav.Spells, pd.DataFrame, nav.Extract]:
    """Spells of a large IPS extract, its months in work with truth values, and the weights of the people."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        spells = nav.Spells.from_extract(nav.synthetic("ips_and_standard", size=12_000, seed=3))
        months = nav.synthetic("ips_and_standard", "ips_and_standard_arbeid", size=12_000, seed=3)
    return spells, months.frame, months


def ips_weights() -> pd.DataFrame:
    model, people = ips_model.model(), ips.people(12_000, 3)
    chance = model.probability(covariates(people))
    weight = np.where(people["arm"] == 1, 1 / chance, 1 / (1 - chance))
    return pd.DataFrame({"person": people["person"], "arm": np.array(model.arms)[people["arm"]], "weight": weight})


@pytest.mark.parametrize(
    ("definition", "measure"),
    [
        (nav.register_month(), "risk of a first month in competitive work"),
        (nav.sustained(), "risk of three months in competitive work"),
    ],
)
def test_the_months_in_work_hold_the_true_risks_by_both_definitions(definition, measure: str, in_work) -> None:
    spells, work, extract = in_work
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        months = nav.employment_months(work, person="person", covers=("2017-03", "2022-12"), origin=extract.origin)
        jobs = nav.first_jobs(spells, definition, months)
    frame = jobs.rows.merge(ips_weights(), on="person", suffixes=("", "_of_the_model"))
    cohort = nav.Cohort.from_frame(frame, **jobs.roles, arm="arm", reference="Standard oppfølging", weight="weight")
    found = cohort.cumulative_incidence(by="arm").at((6, 12, 24, 36))
    truth = nav.synthetic_truth("ips_and_standard")
    for row in found.itertuples():
        known = truth.value(measure, cause="job", group=row.group, population="all", time=int(row.time))
        assert abs(row.estimate - known) < 4 * row.std_error
        assert row.std_error < 0.012


def test_the_share_in_work_month_by_month_is_the_true_one(in_work) -> None:
    spells, work, _ = in_work
    own = work[~work["subsidised"] & ~work["sheltered"]]
    zero = spells.frame.set_index("person")["start"].dt.to_period("M").astype("int64")
    months = pd.PeriodIndex(own["month"], freq="M").astype("int64") - zero.loc[own["person"]].to_numpy()
    people, truth = ips_weights(), nav.synthetic_truth("ips_and_standard")
    for month in (6, 12, 24, 36):
        there = people["person"].isin(own["person"].to_numpy()[months == month])
        for arm, here in people.groupby("arm"):
            share = np.average(there[here.index], weights=here["weight"])
            known = truth.value("share in competitive work in month", group=arm, time=month)
            assert share == pytest.approx(known, abs=0.025)


@pytest.mark.parametrize("cause", ["job", "withdrew"])
def test_cox_finds_the_true_log_hazard_ratios_of_a_cause(cause: str, many: dict[str, pd.DataFrame]) -> None:
    model, people = MODELS["alarmen_gaar"], many["alarmen_gaar"]
    slopes = model.hazards.slopes[cause]
    frame = people[["days", "cause", *slopes]].assign(months=people["months"] / 12, office=people["office"].astype(str))
    endings = {one: one for one in model.hazards.causes}
    cohort = nav.Cohort.from_frame(frame, "days", "cause", outcome="job", endings=endings)
    terms = [nav.Number(name) for name in slopes]
    table = cohort.cox(terms, cause=cause, strata="office").table.set_index("term")
    for name, slope in slopes.items():
        assert abs(table.loc[name, "estimate"] - slope) < 4 * table.loc[name, "std_error"]
        assert table.loc[name, "std_error"] < 0.06


def test_months_on_assistance_are_as_many_as_the_truth_says() -> None:
    name, model = "aktivtiltaket", aktivtiltaket_model.MODEL
    programme = PROGRAMMES[name]
    people = programme.people(12_000, 4)
    table = programme.tables(people, 4, programme.extracted)[f"{name}_maneder"]
    paid = table[table["Sosialhjelp (kr)"] > 0]
    zero = people.set_index("person")["start"].dt.to_period("M").astype("int64")
    month = pd.PeriodIndex(paid["Måned"], freq="M").astype("int64") - zero.loc[paid["Løpenummer"]].to_numpy()
    counted = paid["Løpenummer"][(month >= 0) & (month < 12)].value_counts().reindex(people["person"], fill_value=0)
    chance = model.probability(covariates(people))
    truth = nav.synthetic_truth(name)
    for place, group in enumerate(model.arms):
        here = (people["arm"] == place).to_numpy()
        weight = 1 / (chance[here] if place else 1 - chance[here])
        known = truth.value("months on social assistance", group=group, population="all", time=12)
        assert np.average(counted.to_numpy()[here], weights=weight) == pytest.approx(known, abs=0.12)


# --- faults ------------------------------------------------------------------------------------------------------

FOUND_BY = {
    "ambiguous_dates": "dates_order_ambiguous",
    "end_before_start": "end_before_start",
    "excel_serials": "dates_serial_numbers",
    "identity_numbers": "identity_numbers",
    "overlapping_spells": "spells_overlap",
    "protected_rows": "protected_rows",
    "unknown_reasons": "exit_missing",
}


def told(name: str, fault: str) -> tuple[str, ...]:
    """The key of the problem a faulty extract meets on its way to spells, or the keys of its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        try:
            spells = nav.Spells.from_extract(nav.synthetic(name, faults=(fault,)))
        except nav.DataProblem as problem:
            return (problem.key,)
    return tuple(one.key for one in spells.log if one.level == "warning")


@pytest.mark.parametrize("fault", sorted(FOUND_BY))
def test_a_planted_fault_is_found_on_the_way_to_spells(fault: str) -> None:
    # Where nobody ends in the last months a lag cannot be planted, and the house says so.
    assert told("jobbsjansen", "register_lag") in ((), ("synthetic_fault_impossible",))
    assert told("jobbsjansen", fault) == (FOUND_BY[fault],)


def test_rows_that_stand_there_twice_are_taken_out_with_a_warning() -> None:
    assert "duplicates_dropped" in told("jobbsjansen", "duplicate_rows")


def test_every_fault_changes_a_table_and_never_the_truth() -> None:
    before = nav.synthetic_truth("ips_and_standard").as_json()
    clean = nav.synthetic_tables("ips_and_standard")
    there = possible(PROGRAMMES["ips_and_standard"], clean)
    assert set(FAULTS) - set(there) == {"dropped_no_shows"}
    for fault in there:
        faulty = nav.synthetic_tables("ips_and_standard", faults=(fault,))
        assert any(not faulty[name].equals(clean[name]) for name in clean), fault
    assert nav.synthetic_truth("ips_and_standard").as_json() == before


def test_immortal_time_makes_a_programme_without_effect_look_strong() -> None:
    """The planted arm is chance: whoever looks at ever against never finds a large difference where there is none."""
    main = nav.synthetic_tables("aktivtiltaket", size=6000, faults=("immortal_time",))["aktivtiltaket"]
    days = (main["Til dato"].fillna(main["Uttrekksdato"]) - main["Vedtaksdato"]).dt.days + 1
    gone = main["Utfall"].isin(["Arbeid", "Utdanning"]) & (days <= 91)
    ever = main["Gruppe"] == "Aktivtiltaket"
    assert (main.loc[ever, "Plass fra"] > main.loc[ever, "Vedtaksdato"]).mean() > 0.95
    assert gone[~ever].mean() - gone[ever].mean() > 0.15
    landmark = days > 240
    early = landmark & ever
    assert early.sum() == landmark.sum()


@pytest.mark.filterwarnings("ignore::navoutcomes.errors.DataWarning")
def test_the_check_for_immortal_time_finds_it_and_gives_the_right_number_beside_it() -> None:
    spells = nav.Spells.from_extract(nav.synthetic("aktivtiltaket", size=4000, faults=("immortal_time",)))
    protocol = nav.Protocol(
        question="Sooner in work or education?",
        outcome={"active": ("job", "education")},
        competing=("benefit", "other"),
        arms=nav.Arms("arm", "Uten plass"),
        time_zero="decision_date",
        register_closes=spells.cutoff,
    )
    found = immortal_time_check(nav.Cohort.assemble(protocol, spells), start="place_from").table
    naive, right = found["estimate"].iloc[0], found.iloc[1]
    assert naive < 0.2
    assert right["conf_low"] < 1 < right["conf_high"]


def test_lost_zeros_break_the_link_between_the_tables() -> None:
    tables = nav.synthetic_tables("ips_and_standard", size=2000, faults=("lost_leading_zero",))
    main, work = tables["ips_and_standard"]["Løpenummer"], tables["ips_and_standard_arbeid"]["Løpenummer"]
    lost = ~work.drop_duplicates().isin(main)
    assert 0.03 < lost.mean() < 0.25
    assert work.str.len().eq(8).all()
    assert main.str.len().lt(8).any()


def test_the_migration_hides_jobs_and_education_before_its_day_and_not_after() -> None:
    clean = nav.synthetic_tables("jobbsjansen")["jobbsjansen"]
    faulty = nav.synthetic_tables("jobbsjansen", faults=("migration_break",))["jobbsjansen"]
    changed = clean["Avslutningsårsak"] != faulty["Avslutningsårsak"]
    break_day = clean["Sluttdato"].quantile(0.5)
    assert changed.any()
    assert clean.loc[changed, "Sluttdato"].max() < break_day
    assert not (faulty.loc[faulty["Sluttdato"] < break_day, "Avslutningsårsak"] == "Utdanning").any()


def test_a_fault_without_a_place_or_a_name_is_refused() -> None:
    with pytest.raises(nav.DataProblem) as refused:
        nav.synthetic("alarmen_gaar", faults=("immortal_time",))
    assert refused.value.key == "synthetic_fault_impossible"
    with pytest.raises(nav.DataProblem) as refused:
        nav.synthetic("alarmen_gaar", faults=("no_such_fault",))
    assert refused.value.key == "synthetic_fault_unknown"
    with pytest.raises(nav.DataProblem) as refused:
        nav.synthetic("alarmen_gaar", extracted=PROGRAMMES["alarmen_gaar"].extracted + pd.Timedelta(1, unit="D"))
    assert refused.value.key == "synthetic_extracted_late"
    with pytest.raises(nav.DataProblem) as refused:
        nav.synthetic("alarmen_gaar", size=0)
    assert refused.value.key == "synthetic_size"


# --- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMITTED)
def test_the_committed_files_are_byte_for_byte_what_the_generator_makes_now(name: str, tmp_path: Path) -> None:
    made = nav.write_synthetic(name, tmp_path / "new")
    kept = [path for path in made if path.suffix != ".xlsx"]
    assert {path.name for path in kept} == {path.name for path in SYNTHETIC.glob(f"{name}*")}
    for path in kept:
        assert path.read_bytes() == (SYNTHETIC / path.name).read_bytes(), path.name
        assert path.stat().st_size < 330_000


def test_the_workbook_and_the_csv_are_read_as_the_same_rows(tmp_path: Path) -> None:
    nav.write_synthetic("ung_i_etableringsfasen", tmp_path)
    book, text = (nav.read(tmp_path / f"ung_i_etableringsfasen.{kind}") for kind in ("xlsx", "csv"))
    pd.testing.assert_frame_equal(book.frame, text.frame)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "kvp.xlsx").write_text("mine", encoding="utf-8")
    with pytest.raises(nav.DataProblem) as refused:
        nav.write_synthetic("kvp", tmp_path)
    assert refused.value.key == "synthetic_file_there"
    assert [path.name for path in tmp_path.iterdir()] == ["kvp.xlsx"]
    assert (tmp_path / "kvp.xlsx").read_text(encoding="utf-8") == "mine"


def test_a_kostra_form_is_written_under_its_own_name(tmp_path: Path) -> None:
    (path,) = nav.write_synthetic("kostra-11cf-2025", tmp_path, size=40)
    assert path.name == "kostra-11cf-2025.dat"
    with pytest.raises(nav.DataProblem):
        nav.write_synthetic("kostra-11cf-2025", tmp_path)
