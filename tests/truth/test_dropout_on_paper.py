"""Six persons, and a few more, worked out on paper: dropout, how endings divide, and how well a model tells.

Of three in each room, two in the first and one in the second stopped coming. Shares 2/3 and 1/3: difference 1/3, ratio
2, odds ratio (2/1)/(1/2) = 4. The variance of the log odds ratio is 1/2 + 1/1 + 1/1 + 1/2 = 3; of the difference
(2/9)/3 + (2/9)/3 = 4/27; of the log ratio, by HC0, (1/3)/2 + (2/3)/1 = 5/6.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.maths.discrimination import area, area_variance, brier, tenths

ENDINGS = {"job": "job", "no_show": "no_show", "health": "health"}


def people(cells: Sequence[tuple[int, str, int]], **roles: str) -> nav.Cohort:
    """Persons by (room, ending, how many)."""
    rows = [(room, ending) for room, ending, number in cells for _ in range(number)]
    frame = pd.DataFrame(rows, columns=["room", "ending"]).assign(time=1.0)
    present = {name: word for name, word in ENDINGS.items() if word in set(frame["ending"])}
    return nav.Cohort.from_frame(frame, "time", "ending", endings=present, outcome="job", **roles)


SIX = ((1, "no_show", 2), (1, "job", 1), (0, "no_show", 1), (0, "job", 2))


def rows(result: nav.Dropout) -> pd.DataFrame:
    table = result.table
    return table[table["term"] == "room"].set_index("measure")


def test_three_numbers_of_six_persons() -> None:
    found = rows(people(SIX).dropout(["room"], errors="model"))
    assert found["estimate"].to_dict() == pytest.approx({"risk difference": 1 / 3, "risk ratio": 2, "odds ratio": 4})
    errors = {"risk difference": sqrt(4 / 27), "risk ratio": sqrt(5 / 6), "odds ratio": sqrt(3)}
    assert found["std_error"].to_dict() == pytest.approx(errors)
    assert found.loc["odds ratio", "conf_low"] == pytest.approx(4 * np.exp(-1.959963984540054 * sqrt(3)))


def test_a_robust_difference_of_one_trait_does_not_need_a_model() -> None:
    """HC0 of shares in two rooms is p(1 - p)/n in each; HC3 divides each residual by 1 - 1/3."""
    found = [
        rows(people(SIX).dropout(["room"], errors=kind))["std_error"]["risk difference"] for kind in ("hc0", "hc3")
    ]
    assert found == pytest.approx([sqrt(4 / 27), 1.5 * sqrt(4 / 27)])


def test_everybody_who_began_and_those_who_completed_stand_together() -> None:
    """Jobbsjansen 2016: 530 of 923, and 530 of the 780 who were not phased out."""
    counts = nav.from_counts({"job": 530, "phased_out": 143, "other": 250}, already_public=True)
    table = counts.dropout(cause="phased_out").table
    printed = [f"{100 * one:.1f}" for one in table.loc[1:, ["estimate", "conf_low", "conf_high"]].to_numpy().ravel()]
    assert printed == ["57.4", "54.2", "60.6", "67.9", "64.6", "71.1"]
    assert table[["at_risk", "events"]].to_numpy().tolist() == [[923, 143], [923, 530], [780, 530]]


def test_a_cohort_and_its_counts_say_the_same_shares() -> None:
    of_people = people(SIX).dropout().table
    of_counts = nav.dropout({"job": 3, "no_show": 3}).table
    columns = ["group", "cause", "estimate", "conf_low", "conf_high", "at_risk", "events"]
    pd.testing.assert_frame_equal(of_people[columns], of_counts[columns])


def test_completers_alone_are_refused() -> None:
    for asked in (
        lambda: nav.dropout({"job": 530, "other": 250}),
        lambda: nav.from_counts({"job": 530, "no_show": 250}, denominator="completed").dropout(),
        lambda: people(((1, "job", 2), (0, "health", 2))).dropout(["room"]),
    ):
        with pytest.raises(nav.DesignProblem) as refused:
            asked()
        assert refused.value.key == "dropout_completers_only"


def test_none_of_twelve_is_said_with_its_interval() -> None:
    row = nav.dropout({"job": 12, "no_show": 0}).table.iloc[0]
    assert (row["estimate"], row["events"], row["at_risk"]) == (0, 0, 12)
    assert f"{100 * row['conf_high']:.0f}" == "24"


def test_a_room_where_nobody_stops_is_answered_by_firth() -> None:
    """One trait: Firth's odds ratio is that of the four cells with a half added to each; FLIC keeps the total."""
    found = people(((1, "job", 12), (0, "no_show", 5), (0, "job", 15))).dropout(["room"])
    assert found.penalised
    assert found.findings.keys() == ("dropout_separated",)
    assert "method_firth" in [one.key for one in found.method]
    table = rows(found)
    assert table.loc["odds ratio", "estimate"] == pytest.approx((0.5 / 12.5) / (5.5 / 15.5), rel=1e-8)
    assert table.loc["odds ratio", "conf_high"] > 1 > table.loc["odds ratio", "estimate"]
    assert found.model.share.sum() == pytest.approx(5)
    assert -1 < table.loc["risk difference", "conf_low"] < table.loc["risk difference", "estimate"] < 0


def test_when_they_stop_is_the_share_that_has_left_while_endings_compete() -> None:
    cohort = people(SIX)
    pd.testing.assert_frame_equal(cohort.dropout().over_time.table, cohort.cumulative_incidence().table)


def test_endings_divide_as_the_cells_do() -> None:
    """One trait and three endings: log of cross ratios, variances sums of reciprocals, as in every 2 x 2 of them."""
    cells = {(1, "job"): 6, (1, "no_show"): 3, (1, "health"): 2, (0, "job"): 4, (0, "no_show"): 8, (0, "health"): 5}
    cohort = people([(room, ending, number) for (room, ending), number in cells.items()])
    found = cohort.multinomial(["room"], "job", errors="model")
    ratios = found.ratios.set_index(["cause", "term"])
    for ending in ("no_show", "health"):
        own = (cells[1, ending], cells[1, "job"], cells[0, ending], cells[0, "job"])
        assert ratios.loc[(ending, "room"), "estimate"] == pytest.approx(own[0] / own[1] / (own[2] / own[3]))
        assert ratios.loc[(ending, "room"), "std_error"] == pytest.approx(sqrt(sum(1 / one for one in own)))
        assert found.coefficients[ending, "(intercept)"] == pytest.approx(log(own[2] / own[3]))
    # Sharing the cells of those with a job: 1/6 + 1/4.
    assert found.covariance.loc["no_show: room", "health: room"] == pytest.approx(1 / 6 + 1 / 4)
    assert dict(found.counted) == {"job": 10, "no_show": 11, "health": 7}


def test_an_ending_nobody_in_one_room_had_is_named() -> None:
    cohort = people(((1, "job", 9), (0, "job", 6), (0, "no_show", 4), (1, "health", 3), (0, "health", 3)))
    with pytest.raises(nav.NumericalProblem) as refused:
        cohort.multinomial(["room"], "job")
    assert refused.value.key == "separation"
    assert refused.value.facts["column"] == ["no_show: room"]


def test_a_reference_nobody_had_is_refused() -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        people(SIX).multinomial(["room"], "health")
    assert refused.value.key == "multinomial_reference"


def test_telling_apart_on_paper() -> None:
    """Predicted .1 .4 .4 .8, of whom the second and fourth dropped out: of four pairs three and a half are right.

    Placings of those two: 3/4 and 1, variance 1/32; of the others 1 and 3/4. DeLong: 1/32/2 + 1/32/2 = 1/32.
    Brier: (.01 + .36 + .16 + .04)/4.
    """
    share, happened = np.array([0.1, 0.4, 0.4, 0.8]), np.array([0.0, 1.0, 0.0, 1.0])
    value, placing = area(share, happened)
    assert value == pytest.approx(3.5 / 4)
    assert placing.tolist() == pytest.approx([1, 0.75, 0.75, 1])
    assert area_variance(placing, happened) == pytest.approx(1 / 32)
    assert brier(share, happened)[0] == pytest.approx(0.57 / 4)


def test_tenths_never_part_equal_predictions() -> None:
    assert tenths(np.repeat([0.2, 0.7], [30, 10])).tolist() == [0] * 30 + [1] * 10
    assert np.bincount(tenths(np.random.default_rng(1).random(100))).tolist() == [10] * 10


def test_a_model_is_right_on_average_on_its_own_people_and_says_so() -> None:
    found = nav.calibration(people(SIX).dropout(["room"]))
    table = found.table.set_index("measure")
    assert table.loc["calibration in the large", "estimate"] == pytest.approx(0, abs=1e-9)
    assert table.loc["calibration slope", "estimate"] == pytest.approx(1)
    assert table.loc[["calibration in the large", "calibration slope"], "conf_low"].isna().all()
    assert table.loc["area under the curve", "estimate"] == pytest.approx(6 / 9)
    assert found.tenths.table["estimate"].tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3, 2 / 3])
    assert found.method[0].key == "method_calibration_own"


def test_a_result_without_a_model_cannot_be_calibrated() -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        nav.calibration(people(SIX).dropout())
    assert refused.value.key == "calibration_needs_model"
