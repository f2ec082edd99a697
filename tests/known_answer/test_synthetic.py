"""The synthetic people of Innsatsgjengen follow the documented truth."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from navoutcomes.records.synthetic.extracts import SEED, draw_people, innsatsgjengen, truth
from navoutcomes.records.synthetic.truth import HORIZONS, OTHER_CLASSES, QUOTAS, STAYS, population

TRUTH = Path(__file__).parents[2] / "data" / "synthetic" / "innsatsgjengen_truth.json"
OTHER = ["Utdanning", "Soning", "Helse", "Annet"]
MANY = 200_000


@pytest.fixture(scope="module")
def documented() -> dict:
    return json.loads(TRUTH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    return draw_people(MANY, seed=7)


def test_the_truth_file_says_it_is_synthetic_in_three_languages(documented: dict) -> None:
    assert documented["synthetic"] is True
    assert set(documented["about"]) == {"nb", "nn", "en"}
    assert all(re.search("synteti|syntheti", text) and "Fredrikstad" in text for text in documented["about"].values())
    assert documented["seed"] == SEED


def test_the_shares_in_the_population_are_exactly_the_published_ones() -> None:
    assert sum(population()[-1]) == pytest.approx(1, abs=1e-12)
    for cause, count in QUOTAS.items():
        assert truth().share(cause) == pytest.approx(count / 656, abs=1e-12)
        assert truth().incidence(cause, 540) == pytest.approx(count / 656, abs=1e-12)
        assert truth().exit_time(cause, 540) == pytest.approx(1, abs=1e-12)


def test_the_documented_incidences_follow_from_the_documented_model_alone(documented: dict) -> None:
    """Second implementation: scipy.stats and the json, nothing of the generator."""
    model, stays = documented["cause_model"]["log_odds"], documented["stay_days"]
    age, months = (grid.ravel() for grid in np.meshgrid(np.arange(19, 61), np.arange(61), indexing="ij"))
    weight = ((age - 18) / 42) ** (1 / 1.5) - ((age - 19) / 42) ** (1 / 1.5)
    wait, cap = stats.expon(scale=4 + 0.2 * (age - 19)), np.minimum(60, 12 * (age - 18))
    weight = weight * np.where(months > cap, 0, wait.sf(months) - np.where(months == cap, 0, wait.sf(months + 1)))
    found = {cause: dict.fromkeys(HORIZONS, 0.0) for cause in QUOTAS}
    for woman in (0, 1):
        for team, team_share in enumerate(documented["covariates"]["team_shares"].values(), start=1):
            odds = {"other": np.ones(len(age))}
            for cause, slope in model.items():
                parts = slope["age_per_10_years_from_30"] * (age - 30) / 10 + slope["woman"] * woman
                parts = parts + slope["months_per_12"] * months / 12 + slope[f"team_{team}"] + slope["intercept"]
                odds[cause] = np.exp(parts)
            people = weight * team_share * (0.36 if woman else 0.64) / sum(odds.values())
            for cause, stay in stays.items():
                if cause not in odds:
                    continue
                scale = stay["scale_days"] * np.exp(stay["log_scale_per_12_months"] * months / 12)
                kind = stats.gamma if stay["distribution"] == "gamma" else stats.weibull_min
                time = kind(stay["shape"], scale=scale)
                for at in HORIZONS:
                    found[cause][at] += float(people * odds[cause] @ (time.cdf(at) / time.cdf(540)))
    for cause, incidence in documented["cumulative_incidence"].items():
        assert {int(at): value for at, value in incidence.items()} == pytest.approx(found[cause], abs=2e-8)


def test_the_truth_table_uses_the_vocabulary() -> None:
    table = truth().table()
    assert list(table.columns) == ["cause", "time", "estimate"]
    assert table["estimate"].tolist() == [
        pytest.approx(truth().incidence(cause, at)) for cause in QUOTAS for at in HORIZONS
    ]
    assert table.groupby("cause")["estimate"].is_monotonic_increasing.all()


def test_a_large_draw_has_the_true_shares_of_causes_and_of_classes_within_other(many: pd.DataFrame) -> None:
    for cause, count in QUOTAS.items():
        share = count / 656
        assert (many["cause"] == cause).mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / MANY))
    others = many.loc[many["cause"] == "other", "exit_class"]
    for name, share in OTHER_CLASSES.items():
        error = np.sqrt(share * (1 - share) / len(others))
        assert (others == name).mean() == pytest.approx(share, abs=4 * error)
    assert (many["exit_class"] == many["cause"])[many["cause"] != "other"].all()


def test_a_large_draw_has_the_documented_people(many: pd.DataFrame) -> None:
    *columns, weight = population()
    for name, values in zip(("age", "months", "woman", "team"), columns, strict=True):
        expected = MANY * np.bincount(values, weight)
        drawn = np.bincount(many[name].astype(int), minlength=len(expected))
        assert len(drawn) == len(expected)
        assert (drawn[expected == 0] == 0).all()
        big = expected > 20
        assert (np.abs(drawn - expected)[big] / np.sqrt(expected[big])).max() < 4.5
    paid = many.loc[many["months"] > 0, "amount"]
    assert paid.median() == pytest.approx(8700, rel=0.01)
    assert np.log(paid).std() == pytest.approx(0.32, rel=0.02)


def test_a_large_draw_keeps_its_calendar(many: pd.DataFrame) -> None:
    came = many.dropna(subset="attended")
    assert ((many["ended"] - many["referred"]).dt.days + 1 == many["days"]).all()
    assert (many["referred"].dt.year - many["age"] == many["birth_year"]).all()
    assert (came["attended"] >= came["referred"]).all()
    assert (came["attended"] <= came["ended"]).all()
    assert (came["attended"].dt.dayofweek < 5).all()
    assert (many["referred"].dt.dayofweek < 5).all()
    assert not many["referred"].dt.strftime("%m-%d").isin(["01-01", "05-01", "05-17", "12-25", "12-26"]).any()
    never = many["attended"].isna()
    assert set(many.loc[never, "cause"]) == {"no_show"}
    assert never[many["cause"] == "no_show"].mean() == pytest.approx(0.65, abs=0.01)


@pytest.mark.parametrize("group", ["team", "woman", "age", "months"])
def test_a_large_draw_has_the_true_shares_of_causes_in_every_group(many: pd.DataFrame, group: str) -> None:
    expected = truth().probabilities(many["age"], many["woman"], many["months"], many["team"])
    for name, probability in zip(QUOTAS, expected, strict=True):
        rows = pd.DataFrame({"p": probability, "got": many["cause"] == name, "v": probability * (1 - probability)})
        sums = rows.groupby(many[group]).sum()
        sums = sums[sums["v"] > 25]
        z = (sums["got"] - sums["p"]) / np.sqrt(sums["v"])
        assert len(z) >= 2
        assert z.abs().max() < 4.5


@pytest.mark.parametrize("cause", list(QUOTAS))
def test_the_stays_of_a_large_draw_follow_the_true_distribution_of_each_cause(many: pd.DataFrame, cause: str) -> None:
    days = np.sort(many.loc[many["cause"] == cause, "days"])
    grid = np.arange(1, 541)
    drawn = np.searchsorted(days, grid, side="right") / len(days)
    assert np.abs(drawn - truth().exit_time(cause, grid)).max() < kolmogorov(len(days))


@pytest.mark.parametrize("months", [0, 6, 24])
def test_months_on_assistance_delay_the_exits_to_work_as_documented(many: pd.DataFrame, months: int) -> None:
    days = np.sort(many.loc[(many["cause"] == "job") & (many["months"] == months), "days"])
    grid = np.arange(1, 541)
    drawn = np.searchsorted(days, grid, side="right") / len(days)
    far = STAYS["job"].share_out(grid, 24 if months == 0 else 0)
    assert len(days) > 50
    assert np.abs(drawn - STAYS["job"].share_out(grid, months)).max() < kolmogorov(len(days))
    assert np.abs(drawn - far).max() > kolmogorov(len(days)) or months == 6


def kolmogorov(n: int) -> float:
    """Dvoretzky-Kiefer-Wolfowitz bound that a right sampler breaks once in 1000 times; the seed is fixed."""
    return float(np.sqrt(np.log(2 / 0.001) / (2 * n)))


def test_days_are_the_inverse_of_the_share_out() -> None:
    for stay in STAYS.values():
        for months in (0, 60):
            grid = np.arange(1, 541)
            between = (stay.share_out(grid - 1, months) + stay.share_out(grid, months)) / 2
            assert (stay.days(between, months) == grid).all()
        assert stay.days(0.0) == 1
        assert stay.days(1.0) == 540
        assert stay.share_out([-3, 0, 540, 900]).tolist() == pytest.approx([0, 0, 1, 1])


def test_no_shows_end_early_work_peaks_after_three_to_nine_months_and_other_endings_come_later() -> None:
    monthly = {cause: np.diff(truth().exit_time(cause, np.arange(0, 541, 30))) for cause in QUOTAS}
    assert monthly["no_show"].argmax() == 0
    assert 3 <= monthly["job"].argmax() < 9
    medians = {cause: int(np.searchsorted(truth().exit_time(cause, np.arange(541)), 0.5)) for cause in QUOTAS}
    assert medians["no_show"] < medians["job"] < medians["other"]


def test_the_first_people_are_the_same_however_many_are_drawn() -> None:
    pd.testing.assert_frame_equal(draw_people(50, SEED), draw_people(500, SEED).head(50))


def test_another_seed_gives_other_people_with_the_same_counts() -> None:
    other = innsatsgjengen(seed=SEED + 1)
    assert not set(other["Løpenummer"]) & set(innsatsgjengen()["Løpenummer"])
    reasons = other["Avslutningsårsak"].value_counts()
    assert (reasons["Arbeid"], reasons["Manglende oppmøte"], reasons[OTHER].sum()) == (147, 192, 317)


def test_the_people_kept_are_the_first_of_each_cause() -> None:
    kept = set(innsatsgjengen()["Løpenummer"])
    drawn = draw_people(3000, SEED)
    for cause, count in QUOTAS.items():
        assert set(drawn.loc[drawn["cause"] == cause, "person"].head(count)) <= kept
