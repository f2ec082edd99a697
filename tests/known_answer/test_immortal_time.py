"""A planted fault: immortal time. Nobody's programme does anything, and "ever" against "never" finds a ratio of 0.19.

The landmark and the time-varying rows cover 1, and the check says so on every data set.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_people import CALIBRATED, inside

import navoutcomes as nav

STAY = 180.0
WAIT = 97.0  # declared before the run: the wait at which the naive ratio is about 0.19
LANDMARK = 60.0


def frame(roll: np.random.Generator, size: int) -> pd.DataFrame:
    """Stays and waits that know nothing of each other; follow-up ends evenly between 200 and 900 days."""
    stay, wait, last = roll.exponential(STAY, size), roll.exponential(WAIT, size), roll.uniform(200, 900, size)
    time = np.minimum(stay, last)
    start = np.where(wait < time, wait, np.nan)
    return pd.DataFrame({"time": time, "ending": (stay <= last).astype(int), "start": start})


def cohort(people: pd.DataFrame) -> nav.Cohort:
    return nav.Cohort.from_frame(people, "time", "ending", endings={0: None, 1: "job"}, outcome="job")


def shown(runs: int, size: int) -> tuple[dict[str, float], dict[str, float]]:
    """Mean log hazard ratio and share of intervals that cover 1, by way of comparing."""
    logs: dict[str, list[float]] = {}
    covers: dict[str, list[bool]] = {}
    for run in range(runs):
        table = (
            cohort(frame(np.random.default_rng((91, size, run)), size))
            .immortal_time_check("start", landmarks=LANDMARK)
            .table
        )
        for row in table.itertuples():
            logs.setdefault(row.term, []).append(float(np.log(row.estimate)))
            covers.setdefault(row.term, []).append(row.conf_low <= 1 <= row.conf_high)
    return {term: float(np.mean(one)) for term, one in logs.items()}, {t: float(np.mean(o)) for t, o in covers.items()}


def judged(runs: int, size: int) -> None:
    logs, covers = shown(runs, size)
    naive = "ever against never (not valid)"
    assert np.exp(logs[naive]) == pytest.approx(0.19, abs=0.03)
    assert covers[naive] < 0.05
    for way in ("time-varying", "landmark"):
        assert abs(logs[way]) < 0.05 + 3.09 * (0.4 if size < 100 else 0.2) / np.sqrt(runs)
        assert inside(covers[way], CALIBRATED, runs), (way, covers[way])


def test_ever_against_never_finds_what_is_not_there_and_the_fair_ways_do_not() -> None:
    judged(100, 147)


@pytest.mark.full
@pytest.mark.parametrize("size", [50, 147, 656])
def test_ever_against_never_in_a_thousand_studies(size: int) -> None:
    judged(1000, size)


def test_the_check_says_how_many_and_shows_both_numbers() -> None:
    people = frame(np.random.default_rng(5), 656)
    found = cohort(people).immortal_time_check("start")
    said = dict(next(one for one in found.findings if one.key == "immortal_time_found").facts)
    late = int(people["start"].notna().sum())
    assert (said["count"], said["total"], found.late, found.fair) == (late, 656, late, False)
    assert said["naive"] < 0.25 < 0.8 < said["right"]
    assert found.wait == pytest.approx(people["start"].mean())


def test_a_group_that_was_known_from_the_start_has_nothing_to_show() -> None:
    people = frame(np.random.default_rng(6), 147).assign(start=np.where(np.arange(147) % 2 == 0, 0.0, np.nan))
    found = cohort(people).immortal_time_check("start")
    assert found.fair
    assert found.findings.keys() == ("no_immortal_time",)
    ways = found.table["estimate"].tolist()
    assert ways[0] == pytest.approx(ways[1], rel=1e-9)
    assert cohort(people).baseline_arms("start").rows["arm"].nunique() == 2


def test_a_start_nobody_named_is_found_where_the_arms_were_built_on_it() -> None:
    """Dates filled in one arm only, after time zero: as an extract with the programme's own start looks."""
    roll = np.random.default_rng(7)
    people = frame(roll, 300)
    zero = pd.Timestamp("2019-01-01") + pd.to_timedelta(roll.integers(0, 100, 300), unit="D")
    begun = (zero + pd.to_timedelta(np.ceil(people["start"]), unit="D")).astype("datetime64[ns]")
    rows = people.assign(
        start=zero,
        began=begun,
        other=zero,
        arm=np.where(people["start"].notna(), "ever", "never"),
        time=people["time"] + 1,
    )
    own = nav.Cohort.from_frame(
        rows, "time", "ending", endings={0: None, 1: "job"}, outcome="job", arm="arm", reference="never"
    )
    found = own.immortal_time_check()
    assert dict(found.method[0].facts)["column"] == "began"
    assert found.late > 150
    plain = nav.Cohort.from_frame(
        rows.drop(columns="began"), "time", "ending", endings={0: None, 1: "job"}, outcome="job", arm="arm",
        reference="never",
    )  # fmt: skip
    nothing = plain.immortal_time_check()
    assert nothing.findings.keys() == ("no_start_column",)
    assert "columns" in nothing.findings.text("en")
