"""Laws of quantiles, bands, tests at one time and repeated draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from some_people import brisk, cohort, common_horizon, people, quick, two_groups
from statsmodels.stats.multitest import multipletests

import navoutcomes as nav
from navoutcomes.estimate.few_persons import FEWEST_PERSONS
from navoutcomes.maths.bootstrap import _means
from navoutcomes.maths.trend import holm

FORMS = [(), ("entry",), ("weight",), ("cluster",), ("entry", "weight", "cluster")]
QS = [0.1, 0.25, 0.5, 0.75]
named = pytest.mark.parametrize("roles", FORMS, ids=lambda roles: " ".join(roles) or "plain")


@named
@given(frame=people())
@brisk
def test_a_quantile_is_where_the_curve_crosses(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    """Before it fewer than q have left; at it, or after the plateau it is the middle of, at least q."""
    one = cohort(frame, *roles)
    stay = one.survival_curve(by=None)
    for q, row in zip(QS, one.quantiles(QS).table.itertuples(), strict=True):
        left = 1 - stay.table["estimate"]
        if np.isnan(row.estimate):
            assert left.max() < q
            continue
        assert (left[stay.table["time"] < row.estimate] <= q + 1e-8).all()
        assert (left[stay.table["time"] >= row.estimate] >= q - 1e-8).all()
        assert not row.conf_low > row.estimate
        assert not row.conf_high < row.estimate


@named
@given(frame=people())
@brisk
def test_the_time_to_a_cause_is_the_first_with_so_many_and_the_conditional_one_is_among_those(
    roles: tuple[str, ...], frame: pd.DataFrame
) -> None:
    one = cohort(frame, *roles)
    left = one.cumulative_incidence().table.query("cause == 'job'")
    end = left["estimate"].max()
    table = one.quantiles(QS, cause="job").table
    for q in QS:
        for measure, share in ((f"quantile {q:g}", q), (f"conditional quantile {q:g}", q * end)):
            row = table[table["measure"] == measure].iloc[0]
            reached = left.loc[left["estimate"] >= share - 1e-9, "time"]
            expected = reached.min() if len(reached) and end > 0 else np.nan
            assert row["estimate"] == pytest.approx(expected, nan_ok=True)
            assert not row["conf_low"] > row["estimate"]
            assert not row["conf_high"] < row["estimate"]


@given(frame=people(), factor=st.sampled_from([7.0, 1 / 7]))
@quick
def test_quantiles_have_the_unit_of_time_and_never_fall(frame: pd.DataFrame, factor: float) -> None:
    first = cohort(frame, "entry").quantiles(QS).table[["estimate", "conf_low", "conf_high"]]
    scaled = frame.assign(time=frame["time"] * factor, entry=frame["entry"] * factor)
    second = cohort(scaled, "entry").quantiles(QS).table[["estimate", "conf_low", "conf_high"]]
    np.testing.assert_allclose(first * factor, second)
    assert (first["estimate"].diff().dropna() >= 0).all()


@given(frame=people(), last=st.integers(1, 9))
@quick
def test_closing_the_register_earlier_changes_nothing_before(frame: pd.DataFrame, last: int) -> None:
    """Who is still there on the last day is still followed; estimates and errors until then are as they were."""
    closed = frame.assign(time=frame["time"].clip(upper=last + 0.5))
    closed.loc[frame["time"] > last, "ending"] = "followed"
    first, second = cohort(frame), cohort(closed)
    for verb in ("survival_curve", "cumulative_incidence", "cumulative_hazard"):
        one, other = (getattr(who, verb)(errors="robust").table for who in (first, second))
        one, other = (table[table["time"] <= last].reset_index(drop=True) for table in (one, other))
        columns = ["time", "estimate", "std_error", "at_risk", "events"]
        pd.testing.assert_frame_equal(one[columns], other[columns], atol=1e-9)


@named
@given(frame=people())
@brisk
def test_mean_times_grow_with_the_horizon_and_no_faster_than_it(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    one = cohort(frame, *roles)
    ends = np.linspace(0.3, 1, 4) * common_horizon(one, None)
    for cause in (None, "job"):
        means = np.array([one.restricted_mean(end, cause=cause).table["estimate"].iloc[0] for end in ends])
        assert (np.diff(means) >= -1e-9).all()
        assert (np.diff(means) <= np.diff(ends) + 1e-9).all()


@pytest.mark.parametrize("kind", ["equal precision", "hall-wellner", "resampled"])
@given(frame=people(least=12))
@brisk
def test_a_band_holds_the_curve_and_is_wider_than_the_intervals(kind: str, frame: pd.DataFrame) -> None:
    frame.loc[:5, "ending"] = "job"
    frame.loc[6, ["time", "ending"]] = [9, "followed"]
    one = cohort(frame)
    band = one.confidence_bands(kind=kind, rng=3, replicates=200)
    first, last = band.within["all"]
    table, points = band.table, one.survival_curve(interval="log-log").table
    inside = table["time"].between(first, last) & table["estimate"].between(1e-9, 1 - 1e-9)
    own, points = table[inside], points[inside]
    assert (own["conf_low"] <= own["estimate"]).all()
    assert (own["conf_high"] >= own["estimate"]).all()
    if kind == "equal precision":
        assert band.critical["all"] >= 1.9599
        assert (own["conf_low"] <= points["conf_low"] + 1e-9).all()
    assert table.loc[table["time"] > last, "conf_low"].isna().all()


@pytest.mark.parametrize("roles", [(), ("entry",), ("weight",), ("cluster",), ("entry", "weight", "cluster")],
                         ids=lambda roles: " ".join(roles) or "plain")  # fmt: skip
@given(frame=two_groups())
@brisk
def test_a_test_of_two_groups_is_the_square_of_the_difference_over_its_error(
    roles: tuple[str, ...], frame: pd.DataFrame
) -> None:
    one = cohort(frame, *roles)
    at = common_horizon(one)
    how = {"errors": "lin-wei"}
    measures = ("risk difference", "restricted mean difference", "restricted mean time lost difference")
    table = one.contrast(by="group", at=at, measure=measures, small_sample=False, **how).table.set_index("measure")
    tests = (
        one.fixed_time_test(at, by="group", cause="job", scale="plain", **how),
        one.restricted_mean_test(at, by="group", small_sample=False, **how),
        one.restricted_mean_test(at, by="group", cause="job", small_sample=False, **how),
    )
    few = frame.groupby("group")["person"].nunique().min() < FEWEST_PERSONS
    for measure, test in zip(measures, tests, strict=True):
        z = table.loc[measure, "estimate"] / table.loc[measure, "std_error"] if test.df else np.nan
        if test.df and abs(z) < 1e6:
            assert test.statistic == pytest.approx(z**2, rel=1e-6, abs=1e-9)
            assert np.isnan(test.p_value) if few else 0 <= test.p_value <= 1
        else:
            assert table.loc[measure, "std_error"] < 1e-6 or test.df == 1


@given(frame=two_groups(), shift=st.floats(-5, 5), stretch=st.sampled_from([-3.0, 0.5, 7.0]))
@quick
def test_scores_of_a_trend_may_be_moved_and_stretched_and_of_two_groups_do_not_matter(
    frame: pd.DataFrame, shift: float, stretch: float
) -> None:
    one = cohort(frame)
    scores = dict(zip(one.risk_table(by="stratum").groups, [0.0, 1.0, 3.0], strict=False))
    if len(scores) > 1:
        moved = {name: shift + stretch * number for name, number in scores.items()}
        for verb in (one.logrank_test, one.gray_test):
            first, second = verb(by="stratum", trend=scores), verb(by="stratum", trend=moved)
            assert first.statistic == pytest.approx(second.statistic, rel=1e-6, abs=1e-9, nan_ok=True)
    plain, along = one.logrank_test(by="group"), one.logrank_test(by="group", trend=[1, 2])
    assert plain.statistic == pytest.approx(along.statistic, nan_ok=True)
    assert plain.p_value == pytest.approx(along.p_value, nan_ok=True)


@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=8))
@quick
def test_holms_adjustment_is_that_of_statsmodels(p_values: list[float]) -> None:
    np.testing.assert_allclose(holm(np.array(p_values)), multipletests(p_values, method="holm")[1], atol=1e-12)
    with_gap = holm(np.array([*p_values, np.nan]))
    np.testing.assert_allclose(with_gap[:-1], holm(np.array(p_values)))
    assert np.isnan(with_gap[-1])


@pytest.mark.parametrize("roles", [(), ("entry",)], ids=["plain", "entry"])
@given(frame=two_groups(), seed=st.integers(0, 1000))
@brisk
def test_a_draw_is_the_estimate_of_people_copied_so_often(
    roles: tuple[str, ...], frame: pd.DataFrame, seed: int
) -> None:
    """How often each cell is drawn, against a cohort in which its persons stand so often."""
    one = cohort(frame, *roles)
    counts, horizon = one.risk_table(), common_horizon(one, None)
    cells = counts.cells["all"]
    times = np.random.default_rng(seed).multinomial(len(frame), cells.persons / len(frame), size=2)
    for own in times:
        rows = np.repeat(np.arange(len(own)), own)
        ending = np.array(["job", "other", "followed"])[cells.cause[rows]]
        entry = np.where(cells.entry[rows] < 0, 0.0, cells.time[cells.entry[rows]])
        copied = frame.iloc[: len(rows)].assign(time=cells.time[cells.exit[rows]], entry=entry, ending=ending)
        copied.loc[copied.index[-1], "ending"] = copied["ending"].iloc[-1]
        if copied["time"].max() < horizon or not {"job", "followed"} & set(ending):
            continue
        for cause, place in ((None, None), ("job", 0)):
            expected = cohort(copied, *roles).restricted_mean(horizon, cause=cause).table["estimate"].iloc[0]
            found, short = _means(cells, own[None, :].astype(float), horizon, place)
            assert found[0] == pytest.approx(expected, abs=1e-10)
            assert short == 0


@given(frame=two_groups(), seed=st.integers(0, 1000))
@brisk
def test_the_same_generator_draws_the_same_numbers(frame: pd.DataFrame, seed: int) -> None:
    one = cohort(frame)
    horizon = common_horizon(one)
    try:
        first, second, third = (
            one.bootstrap_restricted_mean(horizon, by="group", replicates=100, rng=rng).table
            for rng in (seed, np.random.default_rng(seed), seed + 1)
        )
    except nav.NumericalProblem as few:
        # Where more than a twentieth of the draws end before the horizon there is nothing to compare.
        assume(few.key != "draws_cut_short")
        raise
    pd.testing.assert_frame_equal(first, second)
    assert first["estimate"].equals(third["estimate"])
    means = one.restricted_mean(horizon, by="group").table["estimate"]
    np.testing.assert_allclose(first["estimate"][:2], means)
    np.testing.assert_allclose(
        first.set_index("measure")["estimate"]["restricted mean difference"], means[1] - means[0]
    )
    assert isinstance(one, nav.Cohort)


@named
@given(frame=people(least=9))
@brisk
def test_a_pair_is_tested_as_if_the_others_were_not_there(roles: tuple[str, ...], frame: pd.DataFrame) -> None:
    frame.loc[:5, "stratum"] = list("xyzxyz")
    frame.loc[:5, "ending"] = "job"
    # No two of the three all leave at one time.
    frame.loc[:5, "time"], frame.loc[:5, "entry"] = [1, 2, 3, 2, 3, 4], 0
    one, how = cohort(frame, *roles), {"errors": "lin-wei"}
    table = one.pairwise_tests(by="stratum", adjust="none", cause="job", **how).table
    assert len(table) == 3
    for row in table.itertuples():
        pair = cohort(frame[frame["stratum"].isin([row.group, row.term])], *roles)
        alone = pair.logrank_test(by="stratum", cause="job", **how)
        assert row.statistic == pytest.approx(alone.statistic, rel=1e-7, abs=1e-9, nan_ok=True)
        assert row.p_value == pytest.approx(alone.p_value, rel=1e-6, abs=1e-9, nan_ok=True)
        assert row.at_risk == pair.persons
    if not roles:
        gray = one.pairwise_tests(by="stratum", test="gray", cause="job", rho=1).table
        alone = cohort(frame[frame["stratum"] != "z"]).gray_test(by="stratum", cause="job", rho=1)
        assert gray["statistic"].iloc[0] == pytest.approx(alone.statistic, rel=1e-7, abs=1e-9, nan_ok=True)
