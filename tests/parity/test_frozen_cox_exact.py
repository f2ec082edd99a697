"""Cox models with exact ties equal R's on the 656: weekly ties, delayed entry, strata; and on six people on paper."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from frozen_numbers import ENDINGS, FOLDER, oracle

import navoutcomes as nav
from navoutcomes.maths.hazards.cox import CoxRows
from navoutcomes.maths.hazards.cox_exact import exact_order, exact_step

R: dict[str, Any] = json.loads((FOLDER / "r_cox_exact.json").read_text(encoding="utf-8"))


@cache
def model(key: str, ties: str = "exact") -> nav.CoxRegression:
    endings = {0: None, 1: "j", 2: "j", 3: "j"} if key == "all" else ENDINGS
    frame = oracle()[:60] if "few" in key else oracle()
    entry = "entry" if "entry" in key else None
    people = nav.Cohort.from_frame(frame, "t", "ev", endings=endings, outcome="j", entry=entry, unit="weeks")
    terms = ["arm", "age"] if "strata" in key else ["arm", "age", "fem"]
    return people.cox(terms, ties=ties, strata="fem" if "strata" in key else None)


@pytest.mark.parametrize("key", R)
def test_the_656_equal_coxph(key: str) -> None:
    theirs, found = R[key], model(key)
    np.testing.assert_allclose(found.coefficients, theirs["estimate"], rtol=1e-8)
    np.testing.assert_allclose(found.covariance, theirs["covariance"], rtol=1e-8)
    null, top = theirs["log_likelihood"]
    assert found.model.start.log_likelihood == pytest.approx(null, rel=1e-11)
    assert found.log_likelihood == pytest.approx(top, rel=1e-11)
    tests = found.tests.set_index("measure")["statistic"]
    assert tests["score"] == pytest.approx(theirs["score"], rel=1e-9)
    assert tests["likelihood ratio"] == pytest.approx(2 * (top - null), rel=1e-9)


@pytest.mark.parametrize("key", R)
def test_martingale_residuals_are_breslows_at_these_coefficients_as_in_r(key: str) -> None:
    martingale = nav.residuals(model(key))["residual"]
    assert float((martingale**2).sum()) == pytest.approx(R[key]["martingale"], rel=1e-8)


def test_efron_is_nearer_than_breslow_where_weeks_are_shared() -> None:
    exact = model("all").coefficients["arm"]
    efron, breslow = (abs(model("all", ties).coefficients["arm"] - exact) for ties in ("efron", "breslow"))
    assert 1e-4 < efron < breslow


def test_therneau_and_grambschs_first_example_runs_away_and_is_named() -> None:
    """Appendix E of their book: with r for the trait, one of {r, r, r, 1, 1, 1} ended at 1, and {r, 1} of {r, 1, 1, 1}
    at 6: (r / (3r + 3))². R stops at 21.2 with the log-likelihood of the limit, 1/9; here the term is named.
    """
    frame = pd.DataFrame({"time": [1, 1, 6, 6, 8, 9], "status": [1, 0, 1, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0]})
    people = nav.Cohort.from_frame(frame, "time", "status", endings={0: None, 1: "end"}, outcome="end")
    with pytest.raises(nav.NumericalProblem) as caught:
        people.cox(["x"], ties="exact")
    assert (caught.value.key, caught.value.facts["column"]) == ("monotone_likelihood", ["x"])
    rows = CoxRows(
        x=frame[["x"]].to_numpy(dtype=float),
        leave=np.array([0, 0, 1, 1, 2, 3]),
        enter=np.full(6, -1),
        event=frame["status"].to_numpy(dtype=float),
        weight=np.ones(6),
        offset=np.zeros(6),
        first=np.array([0, 4]),
        efron=False,
    )
    way = exact_order(rows)
    for beta in (0.0, 0.7, 21.202894731255):
        r = math.exp(beta)
        found = exact_step(rows, way, np.zeros(1), np.array([beta])).log_likelihood
        assert found == pytest.approx(2 * math.log(r / (3 * r + 3)), abs=1e-12)
