"""Twelve faults that statistical programmes are known for are planted in the package, one at a time: each turns a cell
of the calibration red. A cell that stays green under its fault would prove nothing when it is green without.

The faults stand in the code that is called, deep below the cell; a variance that is a fifth too small covers 0.92, and
is judged over many cells together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import test_coverage_of_adjusted as adjusted
import test_coverage_of_curves as curves
import test_glm_calibration as glm
import test_immortal_time as immortal
from drawn_people import CALIBRATED, DAY, MIX, followed, inside, rate, table

from navoutcomes.estimate.adjusted import weights_recipe
from navoutcomes.estimate.curves import incidence
from navoutcomes.estimate.curves import restricted_mean as restricted
from navoutcomes.estimate.emulation import immortal_time
from navoutcomes.estimate.regression import precision
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Counts, gather
from navoutcomes.maths.curves.aalen_johansen import Incidence
from navoutcomes.maths.curves.kaplan_meier import Survival, kaplan_meier
from navoutcomes.maths.curves.restricted_mean import area
from navoutcomes.maths.generalised import glm_errors
from navoutcomes.maths.generalised.glm_errors import Covariance
from navoutcomes.maths.hazards import cox
from navoutcomes.maths.hazards.cox import CoxRows, fit
from navoutcomes.maths.intervals import critical

Plant = Callable[[pytest.MonkeyPatch], None]
BIAS, SIX_MONTHS = 0.02, 6
AT_RISK = Counts.__dict__["at_risk"].func


# The cells.
def many_survival_cells_together() -> None:
    """Eight cells of a thousand studies: 0.92 in each would be seen in none, and is in all."""
    cells = [(size, truth) for size in (147, 656) for truth in (0.9, 0.75, 0.5, 0.25)]
    runs, covered = 1000, 0
    for size, truth in cells:
        for run in range(runs):
            _, low, high = curves.stay_limits(curves.stay(np.random.default_rng((71, size, run)), size, truth))
            covered += low <= truth <= high
    assert inside(covered / (runs * len(cells)), CALIBRATED, runs * len(cells)), covered


def months_with_many_endings_and_censorings() -> None:
    """Whole months, where a sixth end and a tenth are censored, at the end of each: the mean is 0.4 within 0.02."""
    found = []
    for run in range(200):
        roll = np.random.default_rng((72, run))
        time = np.ceil(roll.exponential(1 / (rate(0.6) * DAY / SIX_MONTHS), 656))
        stop = np.ceil(roll.exponential(10, 656))
        people = table({"all": gather(np.minimum(time, stop), np.where(time <= stop, 0, -1), 1)})
        curve = kaplan_meier(people.groups["all"])
        found.append(curve.survival[np.searchsorted(curve.time, SIX_MONTHS, side="right") - 1])
    assert abs(np.mean(found) - 0.4) <= BIAS, np.mean(found)


def a_share_of_three_endings() -> None:
    truth, found = MIX["job"] * 0.6, []
    for run in range(100):
        time, cause = followed(np.random.default_rng((73, run)), 656, rate(0.6), tuple(MIX.values()))
        made = table({"all": gather(time, cause, 3)}, tuple(MIX))
        found.append(incidence.cumulative_incidence(made).at(DAY).iloc[0]["estimate"])
    assert abs(np.mean(found) - truth) <= BIAS, np.mean(found)


def hazard_ratio_in_whole_months() -> None:
    """Twice the hazard, half of them gone within four months: the mean log ratio is right within 0.05."""
    runs, found = 300, []
    for run in range(runs):
        roll = np.random.default_rng((74, run))
        arm = (np.arange(656) % 2).astype(float)
        time = np.minimum(np.ceil(roll.exponential(5.0, 656) / 2**arm), 18)
        columns = np.column_stack([arm, roll.normal(size=656)])
        ended, place = (time < 18).astype(float), time.astype(np.int64) - 1
        late = np.full(656, -1, dtype=np.int64)
        people = CoxRows(columns, place, late, ended, np.ones(656), np.zeros(656), np.array([0, 18]))
        found.append(fit(people).end.beta[0])
    far = 3.09 * np.std(found) / np.sqrt(runs)
    assert abs(np.mean(found) - np.log(2)) <= 0.05 + far, np.mean(found)


def mean_time_until_exit() -> None:
    """Fifty people to day 180; whole days, so that the mean is a sum of the shares still there."""
    truth, covered, runs = float(np.exp(-rate(0.6) * np.arange(DAY)).sum()), 0, 400
    for run in range(runs):
        time, cause = followed(np.random.default_rng((75, run)), 50, rate(0.6), last=1200)
        row = restricted.restricted_mean(table({"all": gather(time, cause, 1)}), DAY).table.iloc[0]
        covered += row["conf_low"] <= truth <= row["conf_high"]
    assert inside(covered / runs, CALIBRATED, runs), covered


def share_still_there_of_people_who_entered_late() -> None:
    """Four in ten are seen from some day of the first ninety on, if they are there by then: the mean is 0.5."""
    found = []
    for run in range(200):
        found.append(curves.stay_limits(curves.stay(np.random.default_rng((76, run)), 656, 0.5, "entry"))[0])
    assert abs(np.mean(found) - 0.5) <= BIAS, np.mean(found)


def one_survival_cell() -> None:
    curves.test_the_interval_of_the_share_still_there_covers(656, 0.5, "", CALIBRATED)


def ten_offices() -> None:
    glm.test_ten_offices_reject_no_more_than_they_say("logit")


def ever_and_never() -> None:
    immortal.judged(40, 147)


def arms_that_people_chose() -> None:
    adjusted.test_weighted_differences_cover_with_656_persons("iptw")


# The faults.
def variance_a_fifth_too_small(plant: pytest.MonkeyPatch) -> None:
    right = Survival.std_error.fget
    plant.setattr(Survival, "std_error", property(lambda one: np.sqrt(0.8) * right(one)))


def ninety_per_cent_for_ninety_five(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(precision, "critical", lambda level, df=None: critical(0.90, df))


def who_ends_now_is_not_at_risk(plant: pytest.MonkeyPatch) -> None:
    """At risk later than t instead of from t on, with what remains as it is."""
    plant.setattr(Counts, "at_risk", property(lambda one: np.maximum(AT_RISK(one) - one.all_events, one.all_events)))


def censored_before_endings(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(Counts, "at_risk", property(lambda one: AT_RISK(one) - one.censored))


def entry_ignored(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(Counts, "at_risk", property(lambda one: np.cumsum(one.exits[::-1])[::-1]))


def breslow_for_efron(plant: pytest.MonkeyPatch) -> None:
    right = cox.tie_sums

    def fault(risk: Floats, ending: Floats, number: Floats, mean: Floats, efron: bool, sums: Floats) -> float:
        return right(risk, ending, number, mean, False, sums)

    plant.setattr(cox, "tie_sums", fault)


def one_minus_kaplan_meier(plant: pytest.MonkeyPatch) -> None:
    def fault(counts: Counts) -> Incidence:
        alone = [replace(counts, events=own[None, :], censored=counts.exits - own) for own in counts.events]
        left = np.array([1 - kaplan_meier(one).survival for one in alone])
        return Incidence(counts.time, kaplan_meier(counts).survival, left)

    plant.setattr(incidence, "aalen_johansen", fault)


def offices_taken_as_persons(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(glm_errors, "_by_cluster", lambda seen, made, kind, codes: glm_errors.covariance(seen, made, "hc3"))


def plain_offices_with_the_normal(plant: pytest.MonkeyPatch) -> None:
    right = glm_errors._by_cluster

    def fault(seen: Any, made: Any, kind: str, codes: Any) -> Covariance:
        found = right(seen, made, "cr1", codes)
        return Covariance(found.matrix, np.full_like(found.df, np.inf))

    plant.setattr(glm_errors, "_by_cluster", fault)


def exposed_from_the_start(plant: pytest.MonkeyPatch) -> None:
    plant.setattr(
        immortal_time, "_split", lambda people, begun: immortal_time._with(people, np.isfinite(begun).astype(float))
    )


def nothing_adjusted(plant: pytest.MonkeyPatch) -> None:
    right = weights_recipe.by_logistic

    def fault(x: Floats, treated: np.ndarray, own: Floats, target: str) -> Any:
        made = right(x, treated, own, target)
        return replace(made, values=np.ones(len(x)), slope=np.zeros_like(made.slope))

    plant.setattr(weights_recipe, "by_logistic", fault)


def variance_of_times_and_not_of_their_mean(plant: pytest.MonkeyPatch) -> None:
    right = restricted.survival_area

    def fault(counts: Counts, horizon: float) -> tuple[float, float]:
        mean, _ = right(counts, horizon)
        curve = kaplan_meier(counts)
        square = 2 * float(area(curve.time, curve.survival * curve.time, horizon, 0.0))
        return mean, square - mean**2

    plant.setattr(restricted, "survival_area", fault)


FAULTS: dict[str, tuple[Plant, Callable[[], None]]] = {
    "variance x 0.8": (variance_a_fifth_too_small, many_survival_cells_together),
    "z 1.645 for 1.96": (ninety_per_cent_for_ninety_five, one_survival_cell),
    "at risk > for >=": (who_ends_now_is_not_at_risk, months_with_many_endings_and_censorings),
    "censored before endings at ties": (censored_before_endings, months_with_many_endings_and_censorings),
    "Breslow for Efron": (breslow_for_efron, hazard_ratio_in_whole_months),
    "1 - KM for the incidence": (one_minus_kaplan_meier, a_share_of_three_endings),
    "offices as persons": (offices_taken_as_persons, ten_offices),
    "CR1 with the normal": (plain_offices_with_the_normal, ten_offices),
    "immortal time": (exposed_from_the_start, ever_and_never),
    "unadjusted for adjusted": (nothing_adjusted, arms_that_people_chose),
    "variance of T for that of its mean": (variance_of_times_and_not_of_their_mean, mean_time_until_exit),
    "delayed entry ignored": (entry_ignored, share_still_there_of_people_who_entered_late),
}
# Cells that are tests of their own are seen green there.
OWN = (
    many_survival_cells_together,
    months_with_many_endings_and_censorings,
    a_share_of_three_endings,
    hazard_ratio_in_whole_months,
    mean_time_until_exit,
    share_still_there_of_people_who_entered_late,
)


def test_there_are_twelve() -> None:
    assert len(FAULTS) == 12
    assert len({plant for plant, _ in FAULTS.values()}) == 12


@pytest.mark.parametrize("cell", OWN, ids=lambda one: one.__name__)
def test_the_cell_is_green_without_a_fault(cell: Callable[[], None]) -> None:
    cell()


@pytest.mark.parametrize("name", list(FAULTS))
def test_the_fault_turns_its_cell_red(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, cell = FAULTS[name]
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        cell()
