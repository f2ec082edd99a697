"""The documented truth behind Innsatsgjengen's invented people is found again, also from an early extract."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.records.synthetic.extracts import draw_people, truth

SYNTHETIC = Path(__file__).parents[2] / "data" / "synthetic"
CAUSES = ("job", "no_show", "other")
MANY = 100_000
DAYS = (91, 182, 365)
POOLED = {"no_show": "no_show", "other": ("education", "imprisonment", "health", "other")}


@pytest.fixture(scope="module")
def many() -> nav.Cohort:
    """A hundred thousand people of the model, half of them read off after a year and a half at most."""
    people = draw_people(MANY, seed=11)
    people["stop"] = 30 + (people.index.to_numpy() * 7919 % 540)
    over = people["days"] <= people["stop"]
    frame = pd.DataFrame(
        {"days": people["days"].where(over, people["stop"]), "ending": people["cause"].where(over, "followed")}
    )
    return nav.Cohort.from_frame(frame, "days", "ending", outcome="job", censored="followed")


@pytest.mark.parametrize("cause", CAUSES)
def test_a_large_draw_with_censoring_finds_the_documented_incidence(many: nav.Cohort, cause: str) -> None:
    found = many.cumulative_incidence().at(DAYS)
    own = found[found["cause"] == cause].set_index("time")
    for day in DAYS:
        known = float(truth().incidence(cause, day))
        assert abs(own.loc[day, "estimate"] - known) < 4 * own.loc[day, "std_error"]
        assert own.loc[day, "std_error"] < 0.004


def test_a_large_draw_finds_the_mean_days_in_work(many: nav.Cohort) -> None:
    """Area under the documented incidence: whole days, so its sum over days 1 to 364."""
    known = sum(float(truth().incidence("job", day)) for day in range(1, 365))
    found = many.restricted_mean(365, cause="job").table.iloc[0]
    assert abs(found["estimate"] - known) < 4 * found["std_error"]
    assert found["std_error"] < 1


def assembled(file: str, closes: date) -> nav.Cohort:
    protocol = nav.Protocol(question="Left for a job?", outcome="job", competing=POOLED, register_closes=closes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nav.DataWarning)
        return nav.Cohort.assemble(protocol, nav.Spells.from_extract(nav.read(SYNTHETIC / file)))


@pytest.mark.parametrize("day", [182, 365])
def test_the_extract_of_2015_foresees_what_became_of_the_same_people(day: int) -> None:
    """Its intervals cover the shares of the same people that the full follow-up counts."""
    early = assembled("innsatsgjengen_2015-12-31.csv", date(2015, 12, 31))
    late = assembled("innsatsgjengen.csv", date(2018, 6, 30))
    same = set(early.rows["person"])
    rows = late.rows[late.rows["person"].isin(same)]
    assert early.audit.still_followed > 50
    assert len(rows) == len(same) == early.persons
    found = early.cumulative_incidence().at(day).set_index("cause")
    for cause in CAUSES:
        known = float(((rows["ending"] == cause) & (rows["time"] <= day)).mean())
        assert found.loc[cause, "conf_low"] <= known <= found.loc[cause, "conf_high"]
        naive = ((early.rows["ending"] == cause) & (early.rows["time"] <= day)).mean()
        assert naive <= known
    assert ((early.rows["ending"] == "job") & (early.rows["time"] <= day)).mean() < found.loc["job", "estimate"]
