"""Six people in two arms, weighed on paper: one of three without a trait is in the arm, two of three with it.

By trait the probability of the arm is 1/3 and 2/3, so that weights are fractions, and so are the shares of those
weighed; their derivatives for each person, with the probabilities made anew, come from the rules of school.
"""

from __future__ import annotations

from fractions import Fraction as Q

import pandas as pd
import pytest
from exact import Slope

import navoutcomes as nav

# arm, trait, week, ending
SIX = (
    ("IPS", 0, 2, "job"),
    ("IPS", 1, 1, "other"),
    ("IPS", 1, 4, "job"),
    ("Standard", 0, 1, "job"),
    ("Standard", 0, 3, None),
    ("Standard", 1, 2, "other"),
)
WEIGHTS = {
    ("iptw", "ATE"): [Q(3), Q(3, 2), Q(3, 2), Q(3, 2), Q(3, 2), Q(3)],
    ("iptw", "ATT"): [Q(1), Q(1), Q(1), Q(1, 2), Q(1, 2), Q(2)],
    ("iptw", "ATC"): [Q(2), Q(1, 2), Q(1, 2), Q(1), Q(1), Q(1)],
    ("overlap", None): [Q(2, 3), Q(1, 3), Q(1, 3), Q(1, 3), Q(1, 3), Q(2, 3)],
    ("entropy", "ATT"): [Q(1), Q(1), Q(1), Q(1, 2), Q(1, 2), Q(2)],
    ("entropy", "ATE"): [Q(3, 2), Q(3, 4), Q(3, 4), Q(3, 4), Q(3, 4), Q(3, 2)],
}
TRAIT = [nav.Category("trait", reference="0")]


def people() -> nav.Cohort:
    frame = pd.DataFrame(SIX, columns=["arm", "trait", "week", "ending"])
    return nav.Cohort.from_frame(frame, "week", "ending", outcome="job", arm="arm", reference="Standard", unit="weeks")


def made(key: tuple[str, str | None]) -> nav.Weights:
    return people().weights(TRAIT, kind=key[0], target=key[1], stabilise=False)


def persons() -> list[Slope]:
    """Each person's own weight of 1, and its derivatives."""
    return [Slope(Q(1), tuple(Q(int(at == i)) for i in range(6))) for at in range(6)]


def added(parts: list[Slope]) -> Slope:
    total = Slope(Q(0), (Q(0),) * 6)
    for one in parts:
        total = total + one
    return total


def weighed(target: str) -> list[Slope]:
    """The weights as functions of how much each person counts."""
    own, found = persons(), []
    for at, (arm, trait, _, _) in enumerate(SIX):
        alike = [i for i, one in enumerate(SIX) if one[1] == trait]
        inside = added([own[i] for i in alike if SIX[i][0] == "IPS"]) / added([own[i] for i in alike])
        outside = added([own[i] for i in alike if SIX[i][0] == "Standard"]) / added([own[i] for i in alike])
        mine, other = (inside, outside) if arm == "IPS" else (outside, inside)
        factor = {"ATE": own[at] / mine, "ATT": own[at] * inside / mine, "overlap": own[at] * other}[target]
        found.append(factor)
    return found


def share_with_a_job(weights: list[Slope], arm: str, week: int) -> Slope:
    """Aalen-Johansen on paper, one week after the other."""
    here = [i for i, one in enumerate(SIX) if one[0] == arm]
    stay, job = Slope(Q(1), (Q(0),) * 6), Slope(Q(0), (Q(0),) * 6)
    for now in range(1, week + 1):
        ended = [i for i in here if SIX[i][2] == now and SIX[i][3] is not None]
        if not ended:
            continue
        risk = added([weights[i] for i in here if SIX[i][2] >= now])
        worked = added([weights[i] for i in ended if SIX[i][3] == "job"])
        job = job + stay * worked / risk
        stay = stay - stay * added([weights[i] for i in ended]) / risk
    return job


@pytest.mark.parametrize("key", list(WEIGHTS))
def test_weights(key: tuple[str, str | None]) -> None:
    assert made(key).values.tolist() == pytest.approx([float(one) for one in WEIGHTS[key]], abs=1e-9)


def test_probabilities_of_the_arm() -> None:
    assert made(("iptw", "ATE")).scores.tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3, 1 / 3, 1 / 3, 2 / 3], abs=1e-9)


def test_effective_sample_sizes_and_the_largest_share() -> None:
    """IPS: (3 + 3/2 + 3/2)^2 / (9 + 9/4 + 9/4) = 36 / (27/2) = 8/3, and half of the weight with one."""
    table = made(("iptw", "ATE")).table.set_index(["group", "measure"])["estimate"]
    for arm in ("IPS", "Standard"):
        assert table[arm, "effective sample size"] == pytest.approx(8 / 3, abs=1e-9)
        assert table[arm, "largest share of weight"] == pytest.approx(1 / 2, abs=1e-9)
        assert table[arm, "largest weight"] == pytest.approx(3, abs=1e-9)


def test_the_shares_by_week_three_on_paper() -> None:
    """IPS: of 6, 3/2 leave for something else, then 3 of 9/2 for a job: 3/4 * 2/3 = 1/2. Standard: 3/2 of 6: 1/4."""
    weights = weighed("ATE")
    assert share_with_a_job(weights, "IPS", 3).value == Q(1, 2)
    assert share_with_a_job(weights, "Standard", 3).value == Q(1, 4)


@pytest.mark.parametrize(("kind", "target"), [("iptw", "ATE"), ("iptw", "ATT"), ("overlap", None)])
@pytest.mark.parametrize("week", [1, 2, 3])
def test_shares_and_errors_with_the_probabilities_made_anew(kind: str, target: str | None, week: int) -> None:
    who = people()
    table = who.adjusted_contrast(who.weights(TRAIT, kind=kind, target=target), at=week).table
    table = table.set_index(["measure", "group"])
    weights = weighed(target or "overlap")
    inside, outside = (share_with_a_job(weights, arm, week) for arm in ("IPS", "Standard"))
    difference = inside - outside
    for measure, group, slope in (
        ("adjusted risk", "IPS", inside),
        ("adjusted risk", "Standard", outside),
        ("adjusted risk difference", "IPS", difference),
    ):
        row = table.loc[(measure, group)]
        assert row["estimate"] == pytest.approx(float(slope.value), abs=1e-9)
        assert row["std_error"] ** 2 == pytest.approx(float(sum(one**2 for one in slope.slopes)), abs=1e-9)


def test_a_time_since_a_job_began_is_an_area_of_fractions() -> None:
    """Up to week 4: IPS has 1/2 from week 2 on, two weeks; Standard 1/4 from week 1 on, three weeks, up to week 3."""
    who = people()
    table = who.adjusted_restricted_mean(who.weights(TRAIT), 3, cause="job").table
    rows = table[table["measure"] == "adjusted restricted mean time lost"].set_index("group")["estimate"]
    assert rows["IPS"] == pytest.approx(1 / 2, abs=1e-9)
    assert rows["Standard"] == pytest.approx(1 / 2, abs=1e-9)


def test_the_arms_are_alike_once_weighed() -> None:
    """Before: 2/3 against 1/3, over the root of 2/9: a difference of 1/3 over sqrt(2)/3 = 1/sqrt(2)."""
    who = people()
    for key in WEIGHTS:
        rows = who.balance(made_of(who, key)).differences
        assert rows["before"].tolist() == pytest.approx([-(0.5**0.5), 0.5**0.5], abs=1e-12)
        assert rows["after"].tolist() == pytest.approx([0, 0], abs=1e-9)


def made_of(who: nav.Cohort, key: tuple[str, str | None]) -> nav.Weights:
    return who.weights(TRAIT, kind=key[0], target=key[1])
