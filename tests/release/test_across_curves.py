"""Curves beside each other and beside tables: everybody's less the women's is the men's, month by month."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.release.across import Known
from navoutcomes.release.facts import ALWAYS, CENSORED, EVERY, Count, Population, Stated
from navoutcomes.release.fewer_steps import fewer_steps, too_few
from navoutcomes.release.released import Released, beside

LIMIT = 5
PEOPLE = Population((), 200)


def cohort(seed: int, sizes: tuple[int, ...] = (140, 90), censored: float = 0.1) -> nav.Cohort:
    rng = np.random.default_rng(seed)
    number = sum(sizes)
    frame = pd.DataFrame({"sex": np.repeat(["k", "m", "x"][: len(sizes)], sizes)})
    frame["days"] = np.ceil(rng.gamma(1.4, 160, number).clip(1, 900))
    frame["ending"] = rng.choice(["job", "other"], number, p=[0.6, 0.4])
    frame.loc[rng.random(number) < censored, "ending"] = "still"
    return nav.Cohort.from_frame(frame, time="days", ending="ending", censored="still", outcome="job", arm="sex",
                                 reference="k")  # fmt: skip


def said(released: list[Released]) -> list[Stated]:
    return [stated for one in released for stated in one.stated]


def added(released: list[Released], one: Released) -> Released:
    return beside(one, [Known("r", f"c{at}", stated) for at, each in enumerate(released) for stated in each.stated])


def every_month(released: Released) -> dict[tuple[str, str], dict[float, float]]:
    """What a reader of the table counts: endings so far, by group and ending, at each month but the last step's."""
    table = released.table
    found: dict[tuple[str, str], dict[float, float]] = {}
    for (group, cause), rows in table.groupby(["group", "cause"]):
        steps = rows[rows["events"] > 0]
        found[str(group), str(cause)] = dict(zip(steps["time"][:-1], steps["events"].cumsum()[:-1], strict=True))
    return found


def subtracted(everybody: Released, by_sex: Released) -> list[float]:
    """Men as everybody less the women, and the other way, beside their own curve: numbers between known months."""
    whole, groups = every_month(everybody), every_month(by_sex)
    found = []
    for cause in ("job", "other"):
        for own, others in (("k", "m"), ("m", "k")):
            both = set(whole["all", cause]) & set(groups[others, cause])
            known = dict(groups[own, cause])
            known |= {month: whole["all", cause][month] - groups[others, cause][month] for month in both}
            values = [0.0, *(known[month] for month in sorted(known))]
            found += np.diff(values).tolist()
        both = set(groups["k", cause]) & set(groups["m", cause])
        known = whole["all", cause] | {month: groups["k", cause][month] + groups["m", cause][month] for month in both}
        found += np.diff([0.0, *(known[month] for month in sorted(known))]).tolist()
    return found


@pytest.mark.parametrize("first", ["everybody", "by sex"])
@pytest.mark.parametrize("seed", range(4))
def test_everybody_less_the_women_gives_no_few_men(seed: int, first: str) -> None:
    people = cohort(seed)
    curves = [nav.release(people.cumulative_incidence()), nav.release(people.cumulative_incidence(by="sex"))]
    alone = subtracted(*curves)
    if first == "everybody":
        curves[1] = added(curves[:1], curves[1])
    else:
        curves[0] = added(curves[1:], curves[0])
    together = subtracted(*curves)
    assert any(0 < value < LIMIT for value in alone)
    assert all(round(value) == 0 or value >= LIMIT for value in together)


def test_a_curve_that_gave_way_is_estimated_again_and_says_how_far_it_can_be() -> None:
    people = cohort(0)
    everybody, by_sex = nav.release(people.survival_curve()), nav.release(people.survival_curve(by="sex"))
    safe = added([everybody], by_sex)
    assert safe.decisions.keys()[-1] == "steps_fewer_beside"
    for group in ("k", "m"):
        before, after = by_sex.result.counts.groups[group], safe.result.counts.groups[group]
        assert after.all_events.sum() == before.all_events.sum()
        assert (after.events > 0).sum() < (before.events > 0).sum()
        later = np.cumsum(before.events, axis=1) - np.cumsum(after.on(before.time).events, axis=1)
        assert (later >= 0).all()
        points = dict(safe.decisions.notes[0].facts)["points"]
        assert later.max() / after.exits.sum() * 100 <= points
    table = safe.table
    assert np.isclose(table["estimate"].min(), by_sex.table["estimate"].min(), atol=0.02)


def test_the_same_curve_in_three_drawings_is_no_attack() -> None:
    people = cohort(1)
    first = nav.release(people.cumulative_incidence(by="sex"))
    for again in (people.cumulative_incidence(by="sex"), people.contrast(by="sex", reference="k", at=365)):
        assert added([first], nav.release(again)).decisions.keys() == nav.release(again).decisions.keys()


def test_a_group_left_out_of_the_curves_is_not_the_rest_of_everybody() -> None:
    """Three persons of a third group: everybody's curve less the women's and the men's would be theirs."""
    people = cohort(2, sizes=(140, 90, 3))
    everybody, by_sex = nav.release(people.cumulative_incidence()), nav.release(people.cumulative_incidence(by="sex"))
    assert len(by_sex.result.groups) == 2
    with pytest.raises(nav.DisclosureRefused) as refused:
        added([everybody], by_sex)
    assert refused.value.key == "bundle_gives_back"


def test_a_table_of_everybody_beside_a_curve_that_is_cut_keeps_the_few_after_it() -> None:
    """A curve ends where few are left; how many got a job at any time, less those on the curve, are those after it."""
    frame = pd.DataFrame(
        {"days": [*range(30, 30 + 4 * 60, 4), *([700] * 3)], "ending": ["job", "other"] * 30 + ["job"] * 3}
    )
    people = nav.Cohort.from_frame(
        frame, time="days", ending="ending", endings={"job": "job", "other": "other"}, outcome="job"
    )
    curve, table = nav.release(people.cumulative_incidence()), nav.release(people.proportion())
    shown = float(curve.table.query("cause == 'job'")["events"].sum())
    safe = added([curve], table)
    total = safe.table.set_index("cause").loc["job", "events"]
    assert np.isnan(total) or total - shown == 0 or total - shown >= LIMIT


def steps(group: str, counts: dict[float, float], ending: str = "job") -> tuple[Count, ...]:
    return tuple(Count(group, ending, month, value) for month, value in counts.items())


def curve(by: str, *counted: tuple[Count, ...]) -> Stated:
    every = tuple(one for some in counted for one in some)
    ends = {(one.group, one.ending): one for one in every if one.ending != CENSORED}
    groups = tuple(dict.fromkeys(one.group for one in every)) if by else ()
    return Stated(PEOPLE, by, groups, ("job",), tuple(ends.values()), (), every, "steps")


def test_what_is_known_between_two_months_on_paper() -> None:
    everybody = curve("", steps(EVERY, {3: 10, 6: 22, 12: 40}))
    sexes = curve("sex", steps("k", {3: 5, 12: 20}), steps("m", {6: 11, 12: 20}))
    # Month 3: men are 10 - 5 = 5, then 11 - 5 = 6 until month 6; month 6: women are 22 - 11 = 11, 6 since month 3.
    assert too_few([everybody, sexes], LIMIT) == []
    assert [(one.node[1], one.months) for one in too_few([everybody, sexes], 7)] == [
        (frozenset({"k"}), (0.0, 3)), (frozenset({"k"}), (3, 6)),
        (frozenset({"m"}), (0.0, 3)), (frozenset({"m"}), (3, 6)),
    ]  # fmt: skip
    made = fewer_steps([everybody], sexes, 7)
    assert made is not None
    assert too_few([everybody, made], 7) == []
    assert {one.month for one in made.steps} >= {12}


def test_how_many_at_any_time_counts_as_the_last_month() -> None:
    everybody = curve("", steps(EVERY, {3: 10, 6: 22}))
    total = Stated(PEOPLE, "", (), ("job",), (Count(EVERY, "job", ALWAYS, 24.0),), gives="cells")
    assert [one.months for one in too_few([everybody, total], LIMIT)] == [(6, ALWAYS)]
    assert too_few([everybody, Stated(PEOPLE, "", (), ("job",), (Count(EVERY, "job", ALWAYS, 27.0),))], LIMIT) == []
