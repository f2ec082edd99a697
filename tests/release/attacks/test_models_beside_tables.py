"""What stands outside tables and curves: counts beside models, adjusted shares, coarse curves.

Each is attacked with everything else of the report at hand. Where the attack once worked, the old rule is attacked too:
an attack that finds nothing anywhere proves nothing.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.release import models
from navoutcomes.release.guard import Guard
from navoutcomes.release.rounding import coarse_step

K = 5
DATA = nav.Origin((("uttrekk.csv", "a" * 64),), None, True)
Sizes = dict[str, tuple[int, int]]


def offices_of(sizes: Sizes) -> nav.Cohort:
    """Offices with so many persons, of whom so many got a job within a year."""
    rows = [
        {"office": name, "time": 20.0 + 5 * (place % 50), "ending": "job" if place < jobs else "other"}
        for name, (persons, jobs) in sizes.items()
        for place in range(persons)
    ]
    return nav.Cohort.from_frame(
        pd.DataFrame(rows), "time", "ending", endings={"job": "job", "other": "other"}, outcome="job", origin=DATA
    )


def drawn(seed: int) -> Sizes:
    rng = np.random.default_rng(seed)
    names = ("Aukra", "Averøy", "Eide", "Molde", "Rauma", "Sunndal", "Tingvoll", "Vestnes")[: rng.integers(5, 9)]
    persons = rng.integers(8, 90, len(names))
    return {
        name: (int(n), int(rng.binomial(n, rng.uniform(0.05, 0.6)))) for name, n in zip(names, persons, strict=True)
    }


def admitted(*results: Any) -> list[Any]:
    """What a report shows of them, in this order; None where it is refused."""
    guard, shown = Guard(Path("nowhere") / "r"), []
    for place, one in enumerate(results):
        try:
            shown.append(guard.admitted(f"t{place}", nav.release(one)))
        except nav.DisclosureRefused:
            shown.append(None)
    return shown


def left_over(table: pd.DataFrame, sizes: Sizes) -> list[int]:
    """How many got a job, and how many did not, at the offices that are left out, all together, where that says of one
    of them that it is of fewer than k - 1: less than all that a hidden small number may be.
    """
    seen = table[table["measure"] == "observed share"]
    jobs = float((seen["estimate"] * seen["at_risk"]).round().sum())
    everybody, everyone = (sum(one[place] for one in sizes.values()) for place in (1, 0))
    both = [round(everybody - jobs), round(everyone - seen["at_risk"].sum() - (everybody - jobs))]
    return [one for one in both if 0 < one < K - 1]


def test_the_offices_left_out_of_a_comparison_are_never_few_together() -> None:
    """Everybody's jobs (a curve, or what is expected of the others) less those of the offices shown."""
    old, shown = [], 0
    for seed in range(40):
        sizes = drawn(seed)
        people = offices_of(sizes)
        result = people.office_comparison(at=365, by="office")
        try:
            alone, _ = models.offices(result, nav.DisclosurePolicy())
        except nav.DisclosureRefused:
            continue
        old += left_over(alone.table, sizes)
        (safe,) = admitted(result)
        if safe is not None:
            shown += 1
            assert left_over(safe.table, sizes) == [], (seed, sizes)
            told = [one for one in safe.decisions if one.key == "offices_hidden"]
            hidden = len(sizes) - safe.table["group"].nunique()
            assert [dict(one.facts)["count"] for one in told] == ([hidden] if hidden else [])
    assert old, "the attack finds nothing under the old rule either"
    assert shown > 15


def test_an_office_whose_count_is_hidden_beside_another_is_not_shown_by_a_comparison() -> None:
    """Molde's jobs are hidden to guard Aukra's: a comparison that shows Molde and everybody gives Aukra back."""
    sizes = {"Aukra": (40, 3), "Eide": (60, 31), "Molde": (50, 21), "Rauma": (70, 33), "Vestnes": (64, 30)}
    people = offices_of(sizes)
    counts = {name: {"job": jobs, "other": persons - jobs} for name, (persons, jobs) in sizes.items()}
    table, comparison = admitted(
        nav.from_counts(counts, by="office", origin=DATA).proportion(),
        people.office_comparison(at=365, by="office"),
    )
    rows = table.table[table.table["cause"] == "job"]
    hidden = set(rows.loc[rows["events"].isna(), "group"])
    assert "Aukra" in hidden
    assert len(hidden) > 1
    if comparison is not None:
        both = hidden - set(comparison.table["group"])
        assert sum(sizes[name][1] for name in both) >= 3 + K or len(both) > 1
        assert left_over(comparison.table, sizes) == []


def test_three_pairs_that_give_each_group_are_held_against_what_is_hidden() -> None:
    """The pairs' numbers are sums of two groups: three of them give each. So a table may not have hidden one."""
    sizes = {"Aukra": (40, 3), "Eide": (60, 31), "Molde": (50, 21), "Rauma": (70, 33)}
    people = offices_of({name: one for name, one in sizes.items() if name != "Aukra"} | {"Aukra": (40, 3)})
    three = offices_of({"Eide": (60, 31), "Molde": (50, 21), "Rauma": (70, 33)})
    safe = nav.release(three.pairwise_tests("office", cause="job"))
    table = safe.table
    pairs = {frozenset((str(row.group), str(row.term))): row.events for row in table.itertuples()}
    each = {
        name: (pairs[frozenset((name, a))] + pairs[frozenset((name, b))] - pairs[frozenset((a, b))]) / 2
        for name in ("Eide", "Molde", "Rauma")
        for a, b in combinations(sorted({"Eide", "Molde", "Rauma"} - {name}), 2)
    }
    assert each == {"Eide": 31, "Molde": 21, "Rauma": 33}
    told = {one.group: one.shown for one in safe.stated[0].counts if one.ending == "job"}
    assert told == each
    counts = {name: {"job": jobs, "other": persons - jobs} for name, (persons, jobs) in sizes.items()}
    hiding = nav.from_counts(counts, by="office", origin=DATA).proportion()
    with pytest.raises(nav.DisclosureRefused):
        nav.release(people.pairwise_tests("office", cause="job"))
    shown, _ = admitted(hiding, people.cumulative_incidence())
    assert shown.table["events"].isna().any()


def arms(seed: int = 2, size: int = 400, balanced: bool = False) -> nav.Cohort:
    rng, place = np.random.default_rng(seed), np.arange(size)
    trait = (place // 2 % 2).astype(float) if balanced else rng.normal(40, 9, size).round()
    frame = pd.DataFrame({"arm": np.where(place % 2, "new", "old"), "trait": trait})
    frame["time"], frame["ending"] = rng.integers(1, 400, size).astype(float), rng.choice(["job", "other"], size)
    return nav.Cohort.from_frame(
        frame, "time", "ending", endings={"job": "job", "other": "other"}, outcome="job", arm="arm", reference="old",
        origin=DATA,
    )  # fmt: skip


def test_a_test_at_a_day_prints_no_number_of_that_day() -> None:
    """A curve beside it counts in steps: the day's number less the step's would be those who wait for the next."""
    people = arms()
    safe = nav.release(people.fixed_time_test(182))
    assert safe.table["events"].isna().all()
    assert safe.table["at_risk"].notna().all()
    assert not [one for one in safe.stated[0].counts if one.ending and not one.hidden]
    for language in ("nb", "nn", "en"):
        assert nav.show.table(safe, language=language).rows


@pytest.mark.parametrize("how", ["standardised", "weighted"])
def test_adjusted_shares_at_two_near_days_are_refused(how: str) -> None:
    """One less the other, times the persons of the arm, is about how many ended in between."""
    people = arms()

    def at(*days: float) -> Any:
        if how == "standardised":
            return people.standardise(["trait"], at=list(days))
        return people.adjusted_contrast(people.weights(["trait"]), at=list(days))

    near = at(182, 184).table
    risks = near[(near["measure"] == "adjusted risk") & (near["group"] == "new")]
    assert 0 < round(float(np.diff(risks["estimate"])[0]) * 200) < K
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(at(182, 184))
    assert refused.value.key == "times_too_near"
    assert nav.release(at(182, 365)).table["time"].nunique() == 2


def test_a_share_that_adjusting_did_not_move_is_as_coarse_as_any_share_at_a_day() -> None:
    """Arms alike in the only term: a table of balance says so, and the adjusted share times n is a count."""
    people = arms(balanced=True)
    exact = people.adjusted_contrast(people.weights(["trait"]), at=182)
    risks = exact.table[exact.table["measure"] == "adjusted risk"]["estimate"].to_numpy() * 200
    assert np.abs(risks - risks.round()).max() < 1e-6
    safe = nav.release(exact).table
    step = coarse_step(200, K)
    assert step * 200 >= K
    assert np.allclose(safe["estimate"] / step, (safe["estimate"] / step).round())
    assert not safe["measure"].str.endswith("ratio").any()


def test_an_adjusted_share_that_was_moved_is_that_of_several_counts() -> None:
    """Why adjusted shares are not in the linear programme: what is printed does not say how many.

    Whoever takes an adjusted share for the plain one and multiplies by the persons gets a number, and is often wrong;
    nothing printed says by how much adjusting moved it. Among studies of one size the same printed share stands for
    counts that differ by more than the limit, so no interval of counts shorter than that follows from it.
    """
    found: dict[float, set[int]] = {}
    right = []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        size, trait = 120, np.random.default_rng(seed).normal(0, 1, 120)
        arm = rng.random(size) < 1 / (1 + np.exp(-1.2 * trait))
        time = np.ceil(rng.exponential(200, size) * np.exp(-0.7 * trait)).clip(1, 800)
        frame = pd.DataFrame({"arm": np.where(arm, "new", "old"), "trait": trait, "time": time, "ending": "job"})
        if min(arm.sum(), (~arm).sum()) != 60 and seed % 3:
            continue
        people = nav.Cohort.from_frame(
            frame, "time", "ending", endings={"job": "job"}, outcome="job", arm="arm", reference="old"
        )
        exact = people.adjusted_contrast(people.weights(["trait"]), at=182).table
        pick = (exact["group"] == "old").to_numpy()
        moved = exact[pick & (exact["measure"] == "adjusted risk").to_numpy()].iloc[0]
        plain = exact[pick & (exact["measure"] == "risk").to_numpy()].iloc[0]
        count, guess = round(plain["estimate"] * plain["at_risk"]), moved["estimate"] * plain["at_risk"]
        right.append(round(guess) == count)
        found.setdefault(round(float(moved["estimate"]), 2), set()).add(count)
    assert np.mean(right) < 0.3
    assert max(max(some) - min(some) for some in found.values()) > K


def test_a_coarse_number_fits_as_many_counts_as_the_limit_so_no_difference_with_an_exact_one_is_small() -> None:
    """Why coarse curves are not in the linear programme.

    A printed share is the middle of a step of at least k persons. A count known exactly (a curve's, a table's) less
    what the share allows is an interval as wide, k persons, and 1 to k - 1 is narrower: none lies inside. Sums of
    coarse numbers are wider still. Kinds that print the same share of the same persons stand on one grid, so that two
    of them say no more than one.
    """
    for threshold in (3, 4, 5, 10):
        for persons in range(4 * threshold, 3000, 7):
            assert coarse_step(persons, threshold) * persons >= threshold * (1 - 1e-9)
    people, steps = arms(), set()
    for one in (people.bounds("arm", at=200), people.tipping_point("arm", at=200)):
        told = [note for note in nav.release(one).decisions if note.key == "share_coarse"]
        steps |= {dict(note.facts)["points"] for note in told}
    assert steps == {round(100 * coarse_step(200, K), 3)}
