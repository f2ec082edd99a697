"""Least squares against the certified values of NIST's linear data sets: how many digits are right.

Wampler 1-5 and NoInt 1-2 are made by formula, Longley ships with statsmodels. The floors are those the project set
itself; statsmodels reaches 9.2, 10.4, 9.2, 7.8 and 5.8 on Wampler 1 to 5.
"""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_errors import covariance
from navoutcomes.maths.generalised.glm_rows import Observations

POWERS = np.column_stack([np.arange(21.0) ** k for k in range(1, 6)])
NOISE = np.array([759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048, 2048, -2048,
                  2523, -2048, 2048, -2048, 759.0])  # fmt: skip
WHOLE = 1 + POWERS.sum(axis=1)
ERRORS = np.array([2152.32624678170, 2363.55173469681, 779.343524331583, 101.475507550350, 5.64566512170752,
                   0.112324854679312])  # fmt: skip
WAMPLER = {
    "Wampler1": (WHOLE, np.ones(6), 0 * ERRORS, 9),
    "Wampler2": (1 + POWERS @ 10.0 ** -np.arange(1, 6), 10.0 ** -np.arange(6), 0 * ERRORS, 9),
    "Wampler3": (WHOLE + NOISE, np.ones(6), ERRORS, 9),
    "Wampler4": (WHOLE + 100 * NOISE, np.ones(6), 100 * ERRORS, 7),
    "Wampler5": (WHOLE + 10_000 * NOISE, np.ones(6), 10_000 * ERRORS, 5.5),
}
LONGLEY = [-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359,
           -0.0511041056535807, 1829.15146461355]  # fmt: skip
LONGLEY_ERRORS = [890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675,
                  0.226073200069370, 455.478499142212]  # fmt: skip


def digits(ours: np.ndarray, certified: np.ndarray) -> float:
    """The logarithm of the relative error, at most 15."""
    wrong = np.abs(np.asarray(ours) - certified) / np.abs(certified)
    return float(min(15.0, *(-np.log10(wrong[wrong > 0]) if (wrong > 0).any() else [15.0])))


@pytest.mark.parametrize("name", list(WAMPLER))
def test_wampler(name: str) -> None:
    response, certified, errors, floor = WAMPLER[name]
    seen = Observations(POWERS, response)
    found = fit(seen, "identity")
    assert digits(found.coefficients, certified) >= floor
    made = np.sqrt(np.diag(covariance(seen, found, "model").matrix))
    if errors.any():
        assert digits(made, errors) >= floor
    else:
        assert made.max() < 1e-9


NO_INTERCEPT = [
    (60, np.arange(130.0, 141.0), 2.07438016528926, 0.0165289256198347),
    (4, np.array([3.0, 4.0, 4.0]), 8 / 11, 0.0420827318078432),
]


@pytest.mark.parametrize(("start", "response", "slope", "error"), NO_INTERCEPT)
def test_without_an_intercept(start: int, response: np.ndarray, slope: float, error: float) -> None:
    seen = Observations(start + np.arange(len(response), dtype=float)[:, None], response, intercept=False)
    found = fit(seen, "identity")
    assert digits(found.coefficients, np.array([slope])) >= 13
    assert digits(np.sqrt(covariance(seen, found, "model").matrix[0]), np.array([error])) >= 13


def test_longley() -> None:
    data = sm.datasets.longley.load_pandas()
    columns = np.ascontiguousarray(data.exog[["GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR"]].to_numpy(dtype=float))
    seen = Observations(columns, data.endog.to_numpy(dtype=float))
    found = fit(seen, "identity")
    assert digits(found.coefficients, np.array(LONGLEY)) >= 10
    assert digits(np.sqrt(np.diag(covariance(seen, found, "model").matrix)), np.array(LONGLEY_ERRORS)) >= 10
