"""Clones, monthly trials and time-varying rows agree with loops over people, and with what must hold for any people."""

from __future__ import annotations

import clones_by_hand as hand
import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav


def frame(seed: int, size: int = 90, ties: bool = False, at_zero: bool = False) -> pd.DataFrame:
    roll = np.random.default_rng((31, seed))
    x, z = (roll.random(size) < 0.5).astype(float), roll.normal(size=size)
    start = roll.exponential(6 * np.exp(-0.6 * x - 0.3 * z))
    time = np.minimum(roll.exponential(14 * np.exp(-0.5 * x)), roll.uniform(8, 30, size))
    start, time = (np.ceil(start), np.ceil(time)) if ties else (np.round(start, 4), np.round(time + 1e-3, 4))
    if at_zero:
        start = np.where(roll.random(size) < 0.3, 0.0, start)
    ending = roll.choice([0, 1, 2], size, p=[0.3, 0.5, 0.2])
    start = np.where(start < time, start, np.nan)
    return pd.DataFrame({"time": time, "ending": ending, "start": start, "x": x, "z": z})


def cohort(people: pd.DataFrame, **roles: str) -> nav.Cohort:
    return nav.Cohort.from_frame(people, "time", "ending", endings=hand.ENDINGS, outcome="job", unit="months", **roles)


def shares(found: nav.Emulation, cause: str = "job") -> dict[tuple[str, float], float]:
    table = found.table
    own = table[(table["measure"] == "cumulative incidence") & (table["cause"] == cause)]
    return {(row.group, row.time): row.estimate for row in own.itertuples()}


@pytest.mark.parametrize("never", [False, True])
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("terms", [[], ["x"], ["x", "z"]])
def test_clones_agree_with_loops(never: bool, ties: bool, terms: list[str]) -> None:
    people = frame(1 + ties, ties=ties)
    found = cohort(people).emulate(
        "start", 4, terms, at=(5, 8), against="never" if never else "not within", names=("a", "b"), replicates=0
    )
    without, within = hand.clones(hand.persons(people, terms), 4.0, never)
    for cause, name in ((1, "job"), (2, "other")):
        own = shares(found, name)
        for at in (5.0, 8.0):
            assert own["a", at] == pytest.approx(hand.incidence(without, cause, at), abs=2e-7)
            assert own["b", at] == pytest.approx(hand.incidence(within, cause, at), abs=2e-7)


def test_those_who_begin_at_time_zero_are_weighted_by_a_share() -> None:
    """With a single yes-or-no trait the share at zero is the one observed for each value of it."""
    people = frame(5, size=160, at_zero=True)
    found = cohort(people).emulate("start", 0, ["x"], at=(5, 8), names=("a", "b"), replicates=0)
    for name, begun in (("a", False), ("b", True)):
        parts = []
        for value in (0.0, 1.0):
            layer = people[people["x"] == value]
            own = layer[(layer["start"] == 0) == begun]
            weight = len(layer) / len(own)
            parts += [(-1.0, row.time, row.ending, weight) for row in own.itertuples()]
        for at in (5.0, 8.0):
            assert shares(found)[name, at] == pytest.approx(hand.incidence(parts, 1, at), abs=1e-9)


@pytest.mark.parametrize("effect", ["intention to treat", "per protocol"])
@pytest.mark.parametrize("terms", [["x"], ["x", "z"]])
def test_monthly_trials_agree_with_loops(terms: list[str], effect: str) -> None:
    people = frame(3)
    found = cohort(people).sequential_trials(
        "start", terms, every=1.5, at=5, effect=effect, names=("a", "b"), replicates=0
    )
    without, within = hand.trials(hand.persons(people, terms), 1.5, 5.0, 1, until=effect == "per protocol")
    assert [shares(found)["a", 5.0], shares(found)["b", 5.0]] == pytest.approx([without, within], abs=2e-7)


def test_per_protocol_trials_without_later_beginnings_are_those_of_all() -> None:
    """Nobody begins after the last trial that has both groups, so nobody is censored: the same numbers."""
    people = frame(4)
    people["start"] = people["start"].where(people["start"] <= 1)
    people = people[people["time"] > 1.0].reset_index(drop=True)
    ways = [
        cohort(people).sequential_trials("start", ["x"], every=1.0, at=5, effect=one, names=("a", "b"), replicates=0)
        for one in ("intention to treat", "per protocol")
    ]
    assert shares(ways[0]) == pytest.approx(shares(ways[1]), abs=1e-9)


def test_the_order_of_rows_and_their_doubling_change_nothing() -> None:
    people = frame(6)
    mixed = people.sample(frac=1, random_state=1)
    twice = people.assign(weight=2.0)
    for ask in (
        lambda one: one.emulate("start", 4, ["x", "z"], at=(5, 8), replicates=0),
        lambda one: one.sequential_trials("start", ["x"], every=1.0, at=(5, 8), replicates=0),
    ):
        base = ask(cohort(people)).table["estimate"].to_numpy()
        for other in (cohort(mixed), cohort(twice, weight="weight")):
            np.testing.assert_allclose(ask(other).table["estimate"], base, atol=1e-8)


def test_causes_and_staying_make_one_and_curves_end_where_the_table_says() -> None:
    people = frame(7)
    found = cohort(people).emulate("start", 4, ["x"], at=8, names=("a", "b"), replicates=0)
    jobs, others = shares(found), shares(found, "other")
    for name in ("a", "b"):
        table = found.table
        stay = table[(table["group"] == name) & (table["measure"] == "restricted mean")]["estimate"].iloc[0]
        curves = found.curves[(found.curves["group"] == name) & (found.curves["time"] <= 8)]
        ends = {cause: own["estimate"].iloc[-1] for cause, own in curves.groupby("cause")}
        assert ends == pytest.approx({"job": jobs[name, 8.0], "other": others[name, 8.0]})
        # Time until any ending and time since one make the whole horizon.
        lost = sum(
            float((8 - own["time"]) @ np.diff(own["estimate"], prepend=0.0)) for _, own in curves.groupby("cause")
        )
        assert stay + lost == pytest.approx(8.0, abs=1e-9)


def test_cut_weights_are_never_larger_and_a_share_of_one_cuts_nothing() -> None:
    people = frame(8, size=200)
    ways = {
        most: cohort(people).emulate("start", 4, ["x", "z"], at=8, truncate=most, replicates=0) for most in (None, 0.8)
    }
    largest = {
        most: [dict(one.facts)["largest"] for one in found.findings if one.key.startswith("weights_worth")]
        for most, found in ways.items()
    }
    assert all(cut <= whole for cut, whole in zip(largest[0.8], largest[None], strict=True))
    assert largest[0.8] != largest[None]
    assert {"weights_cut"} <= {one.key for one in ways[0.8].method}
    assert {"weights_of_terms"} <= {one.key for one in ways[None].method}


def test_time_varying_rows_are_what_the_check_shows() -> None:
    """The same split made by hand, through the front door."""
    people = frame(9, size=200)
    found = cohort(people).immortal_time_check("start").table.set_index("term")
    rows = []
    for at, row in enumerate(people.itertuples()):
        if np.isnan(row.start):
            rows.append((at, 0.0, row.time, row.ending, 0.0))
        else:
            rows += [(at, 0.0, row.start, 0, 0.0), (at, row.start, row.time, row.ending, 1.0)]
    split = pd.DataFrame(rows, columns=["person", "entry", "time", "ending", "on"])
    split = split[split["entry"] < split["time"]]
    own = cohort(split, person="person", entry="entry").cox(["on"]).ratios.iloc[0]
    assert found.loc["time-varying", "estimate"] == pytest.approx(own["estimate"], abs=1e-9)
    assert found.loc["time-varying", "conf_high"] == pytest.approx(own["conf_high"], abs=1e-9)
    moved = cohort(people).landmark(2.0, "start", names=("a", "b"))
    on = (moved.covariates["begun"] == "b").astype(float)
    again = nav.Cohort.from_frame(
        moved.rows.assign(on=on)[["time", "ending", "on"]].astype({"ending": object}).fillna({"ending": "here"}),
        "time", "ending", outcome="job", censored="here",
    )  # fmt: skip
    mark = cohort(people).immortal_time_check("start", landmarks=2.0).table.set_index("term")
    assert mark.loc["landmark", "estimate"] == pytest.approx(again.cox(["on"]).ratios.iloc[0]["estimate"], abs=1e-9)


def test_draws_are_of_persons_and_the_same_seed_says_the_same() -> None:
    people = frame(10, size=60)
    first, again, other = (
        cohort(people).emulate("start", 4, ["x"], at=8, replicates=100, rng=seed).table for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert (first["estimate"] == other["estimate"]).all()
    assert (first["conf_low"] != other["conf_low"]).any()
    inside = first[first["measure"] == "risk difference"].iloc[0]
    assert inside["conf_low"] < inside["estimate"] < inside["conf_high"]


def test_offices_are_left_out_in_turn() -> None:
    """Every office's number by hand: the people without it, asked the same."""
    people = frame(11, size=160)
    people["office"] = np.arange(160) % 8
    asked = {"start": "start", "grace": 4, "terms": ["x"], "at": 8}
    row = cohort(people, cluster="office").emulate(**asked).table
    row = row[row["measure"] == "risk difference"].iloc[0]
    left = []
    for office in range(8):
        table = cohort(people[people["office"] != office]).emulate(**asked, replicates=0).table
        left.append(float(table[table["measure"] == "risk difference"]["estimate"].iloc[0]))
    error = np.sqrt(7 / 8 * ((np.array(left) - np.mean(left)) ** 2).sum())
    assert row["std_error"] == pytest.approx(error, rel=1e-6)
    assert row["conf_high"] - row["estimate"] == pytest.approx(2.364624 * error, rel=1e-5)


def test_below_six_offices_the_estimate_stands_alone() -> None:
    people = frame(12, size=120)
    people["office"] = np.arange(120) % 4
    found = cohort(people, cluster="office").emulate("start", 4, ["x"], at=8)
    assert found.table["conf_low"].isna().all()
    assert found.table["estimate"].notna().all()
    assert {"few_offices_emulated"} <= set(found.findings.keys())
