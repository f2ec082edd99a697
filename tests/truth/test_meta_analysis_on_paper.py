"""Six studies put together on paper, with fractions; thirteen published ones against the numbers of R's metafor."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest

import navoutcomes as nav
from navoutcomes.maths import meta_analysis as kernel
from navoutcomes.texts import LANGUAGES

# Six studies: three of variance 1 at 0, 2 and 4, three of variance 1/2 at 1, 5 and 6. Weights 1, 1, 1, 2, 2, 2.
Y = [F(0), F(2), F(4), F(1), F(5), F(6)]
V = [F(1), F(1), F(1), F(1, 2), F(1, 2), F(1, 2)]


def floats(values: list[F]) -> np.ndarray:
    return np.array([float(one) for one in values])


def six() -> list[nav.Published]:
    """The same six as differences with their intervals."""
    z = 1.959963984540054
    return [
        nav.Published(name=str(place), source="paper", measure="mean difference", estimate=float(y),
                      interval=(float(y) - z * float(v) ** 0.5, float(y) + z * float(v) ** 0.5))
        for place, (y, v) in enumerate(zip(Y, V, strict=True))
    ]  # fmt: skip


def moments() -> dict[str, F]:
    """Every step of DerSimonian and Laird's by fractions."""
    w = [1 / one for one in V]
    mean = sum(a * b for a, b in zip(w, Y, strict=True)) / sum(w)
    q = sum(a * (b - mean) ** 2 for a, b in zip(w, Y, strict=True))
    tau2 = (q - 5) / (sum(w) - sum(a * a for a in w) / sum(w))
    star = [1 / (one + tau2) for one in V]
    value = sum(a * b for a, b in zip(star, Y, strict=True)) / sum(star)
    spread = sum(a * (b - value) ** 2 for a, b in zip(star, Y, strict=True)) / 5
    return {"mean": mean, "q": q, "tau2": tau2, "value": value, "variance": 1 / sum(star), "factor": spread}


def test_the_steps_on_paper() -> None:
    """Mean 30/9 = 10/3, Q = 364/9 - ... by hand: sum w y2 = 144, less 900/9 = 100, is 44; tau2 = 39 / (9 - 15/9)."""
    steps = moments()
    assert (steps["mean"], steps["q"], steps["tau2"]) == (F(10, 3), F(44), F(117, 22))


def test_moments_the_pooled_mean_and_both_variances_are_those_fractions() -> None:
    y, v, steps = floats(Y), floats(V), moments()
    assert kernel.cochran(y, v) == pytest.approx(44, rel=1e-14)
    assert kernel.i_squared(44, 6) == pytest.approx(39 / 44, rel=1e-14)
    assert kernel.tau2_moments(y, v) == pytest.approx(117 / 22, rel=1e-14)
    mean = kernel.pooled(y, v, 117 / 22)
    assert mean.value == pytest.approx(float(steps["value"]), rel=1e-14)
    assert mean.variance == pytest.approx(float(steps["variance"]), rel=1e-14)
    plain = kernel.hartung_knapp(y, mean, at_least_one=False)
    assert plain == pytest.approx(float(steps["factor"] * steps["variance"]), rel=1e-13)
    assert kernel.hartung_knapp(y, mean, at_least_one=True) == max(plain, mean.variance)


def test_the_result_has_those_numbers_and_their_intervals() -> None:
    steps = moments()
    for interval, multiple in (("hksj", steps["factor"]), ("hksj-ad-hoc", max(F(1), steps["factor"]))):
        found = nav.meta_analysis(six(), method="dersimonian-laird", interval=interval)
        row = found.table.query("term == 'pooled'").iloc[0]
        error = float(steps["variance"] * multiple) ** 0.5
        assert found.tau2 == pytest.approx(117 / 22, rel=1e-12)
        assert row["estimate"] == pytest.approx(float(steps["value"]), rel=1e-12)
        # Student's t with five degrees of freedom, and with four for a new study.
        assert row["conf_high"] - row["estimate"] == pytest.approx(2.5705818356363146 * error, rel=1e-9)
        ahead = found.table.query("term == 'prediction interval'").iloc[0]
        reach = 2.7764451051977987 * (error**2 + 117 / 22) ** 0.5
        assert ahead["conf_high"] - ahead["estimate"] == pytest.approx(reach, rel=1e-9)
    assert sum(found.weights) == pytest.approx(1)


def test_of_studies_of_one_size_the_restricted_likelihood_has_its_top_at_their_spread_less_their_variance() -> None:
    """Equal variances: tau2 = s2 - v = 35/6 - 1/2 for 0, 2, 4, 1, 5, 6, or 0 where the spread is smaller."""
    y = floats(Y)
    assert float(np.var(y, ddof=1)) == pytest.approx(28 / 5)
    assert kernel.tau2_restricted(y, np.full(6, 0.5)) == pytest.approx(28 / 5 - 1 / 2, rel=1e-10)
    assert kernel.tau2_moments(y, np.full(6, 0.5)) == pytest.approx(28 / 5 - 1 / 2, rel=1e-12)
    assert kernel.tau2_restricted(y, np.full(6, 8.0)) == 0.0


BCG = [(4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867), (33, 5069, 47, 5808),
       (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391), (29, 7499, 45, 7277),
       (17, 1716, 65, 1665), (186, 50634, 141, 27338), (5, 2498, 3, 2341), (27, 16913, 29, 17854)]  # fmt: skip


def bcg(measure: str = "risk ratio") -> list[nav.Published]:
    """Thirteen trials of the BCG vaccine (Colditz 1994), the example of R's metafor."""
    return [
        nav.Published(name=str(place), source="Colditz 1994", measure=measure, counts=one)
        for place, one in enumerate(BCG)
    ]


def test_the_vaccine_trials_give_the_printed_numbers_of_metafor() -> None:
    common = nav.meta_analysis(bcg(), method="common")
    row = common.table.query("term == 'pooled'").iloc[0]
    assert np.log(row["estimate"]) == pytest.approx(-0.4303, abs=5e-5)
    assert np.log(row["conf_low"]) == pytest.approx(-0.5097, abs=5e-5)
    assert common.q == pytest.approx(152.2330, abs=5e-5)
    assert (common.df, round(common.i2, 4)) == (12, 0.9212)
    moments = nav.meta_analysis(bcg(), method="dersimonian-laird", interval="wald")
    assert moments.tau2 == pytest.approx(0.3088, abs=5e-5)
    row = moments.table.query("term == 'pooled'").iloc[0]
    assert (np.log(row["estimate"]), row["std_error"]) == pytest.approx((-0.7141, 0.1787), abs=5e-5)
    restricted = nav.meta_analysis(bcg(), interval="wald")
    assert restricted.tau2 == pytest.approx(0.3132, abs=5e-5)
    row = restricted.table.query("term == 'pooled'").iloc[0]
    assert (np.log(row["estimate"]), row["std_error"]) == pytest.approx((-0.7145, 0.1798), abs=5e-5)
    assert (np.log(row["conf_low"]), np.log(row["conf_high"])) == pytest.approx((-1.0669, -0.3622), abs=5e-5)


def test_the_interval_of_the_variance_between_odds_ratios_is_the_published_one() -> None:
    """van Houwelingen, Arends & Stijnen 2002 by metafor: Q-profile 0.1302 to 1.1812 (with REML or ML alike)."""
    assert nav.meta_analysis(bcg("odds ratio")).tau2_interval == pytest.approx((0.1302, 1.1812), abs=1e-4)


def test_counts_give_the_published_ratios_of_seed() -> None:
    """22 of 46 against 3 of 37: RR 5.90 (1.91-18.19), OR 10.39 (2.79-38.68)."""
    for measure, printed in (("risk ratio", (5.90, 1.91, 18.19)), ("odds ratio", (10.39, 2.79, 38.68))):
        one = nav.Published(name="SEED", source="SJWEH", measure=measure, counts=(22, 46, 3, 37), status="derived")
        row = nav.meta_analysis([one]).table.iloc[0]
        assert tuple(round(row[name], 2) for name in ("estimate", "conf_low", "conf_high")) == printed


def test_the_committed_studies_are_ten_trials_and_three_reviews_with_sources() -> None:
    studies = nav.published_studies("supported_employment")
    assert [one.studies for one in studies].count(None) == 10
    assert {one.status for one in studies} == {"published", "derived"}
    assert all(one.source for one in studies)
    assert (studies[0].counts, studies[0].status) == ((22, 46, 3, 37), "derived")
    found = nav.meta_analysis(studies)
    assert found.df == 9
    assert "meta_analyses_beside" in found.findings.keys()  # noqa: SIM118
    pooled = found.table.set_index("term").loc["pooled"]
    ahead = found.table.set_index("term").loc["prediction interval"]
    assert ahead["conf_low"] < pooled["conf_low"] < pooled["conf_high"] < ahead["conf_high"]


@pytest.mark.parametrize("number", [1, 2])
def test_below_three_studies_there_is_no_prediction_interval_and_a_finding_says_so(number: int) -> None:
    found = nav.meta_analysis(six()[:number])
    assert "prediction interval" not in set(found.table["term"])
    assert ("pooled" in set(found.table["term"])) == (number == 2)
    assert "no_prediction" in found.findings.keys()  # noqa: SIM118
    for language in LANGUAGES:
        assert str(number) in found.findings.text(language)


def test_a_study_without_events_in_one_arm_gets_half_a_person_and_one_without_any_is_refused() -> None:
    studies = [nav.Published(name=str(k), source="s", measure="risk ratio", counts=one)
               for k, one in enumerate([(0, 10, 3, 10), (5, 20, 4, 20), (6, 30, 3, 30)])]  # fmt: skip
    found = nav.meta_analysis(studies)
    assert found.table["estimate"][0] == pytest.approx((0.5 / 11) / (3.5 / 11))
    assert "studies_half_added" in found.findings.keys()  # noqa: SIM118
    none = nav.Published(name="0", source="s", measure="risk ratio", counts=(0, 10, 0, 10))
    with pytest.raises(nav.DesignProblem) as refused:
        nav.meta_analysis([*studies, none])
    assert (refused.value.key, refused.value.facts["place"]) == ("study_no_endings", 4)


def test_an_estimate_that_is_not_amid_its_interval_is_pointed_out() -> None:
    """Probyn 2021 prints 2.81 (1.98, 7.37), which cannot be; 2.46 (1.16, 5.22) can."""
    odd = nav.Published(name="a", source="s", measure="risk ratio", estimate=2.81, interval=(1.98, 7.37))
    right = nav.Published(name="b", source="s", measure="risk ratio", estimate=2.46, interval=(1.16, 5.22))
    assert nav.meta_analysis([right, odd]).findings.keys()[-1] == "studies_lopsided"
    assert "studies_lopsided" not in nav.meta_analysis([right, right]).findings.keys()  # noqa: SIM118


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"status": "unverified"}, "study_unverified"),
        ({"status": "secondary"}, "study_unverified"),
        ({"source": " "}, "study_without_source"),
        ({"interval": None}, "study_numbers"),
        ({"counts": (1, 2, 1, 2)}, "study_numbers"),
        ({"interval": (2.5, 3.0)}, "study_interval"),
        ({"interval": (-1.0, 3.0)}, "study_interval"),
        ({"measure": "effect size"}, "choice_unknown"),
    ],
)
def test_what_cannot_be_checked_is_refused(change: dict[str, object], key: str) -> None:
    told = {"name": "a", "source": "s", "measure": "risk ratio", "estimate": 2.0, "interval": (1.0, 4.0)}
    with pytest.raises(nav.DesignProblem) as refused:
        nav.Published(**{**told, **change})
    assert refused.value.key == key
    assert all(len(refused.value.parts(language)) == 4 for language in LANGUAGES)


def test_what_cannot_be_put_together_is_refused() -> None:
    odds = nav.Published(name="a", source="s", measure="odds ratio", counts=(22, 46, 3, 37))
    for studies, options, key in (
        ([], {}, "studies_needed"),
        ([odds, *six()], {}, "studies_of_two_measures"),
        (six(), {"method": "bayes"}, "choice_unknown"),
        (six(), {"interval": "bootstrap"}, "choice_unknown"),
        (six(), {"method": "common", "interval": "hksj"}, "interval_for_random_effects"),
    ):
        with pytest.raises(nav.DesignProblem) as refused:
            nav.meta_analysis(studies, **options)
        assert refused.value.key == key


def test_an_own_result_stands_beside_and_is_not_pooled() -> None:
    alone = nav.meta_analysis(bcg())
    own = nav.two_by_two(20, 50, 10, 50, names=("IPS", "Standard"))
    found = nav.meta_analysis(bcg(), own=own)
    row = found.table.iloc[0]
    assert (row["term"], row["group"], row["estimate"]) == ("own", "IPS", pytest.approx(2.0))
    assert found.table.query("term == 'pooled'").iloc[0]["estimate"] == alone.table.query(
        "term == 'pooled'").iloc[0]["estimate"]  # fmt: skip
    with pytest.raises(nav.DesignProblem) as refused:
        nav.meta_analysis(six(), own=own)
    assert refused.value.key == "own_row"
