"""Do intervals of rows that belong together cover, with few offices and when the working correlation is wrong?

Everybody's own probability is drawn around the mean of those like them (a beta distribution), so that the odds ratio
averaged over everybody is exactly the one put in. Bands as in ``drawn_people``; few treated offices may cover more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_people import CALIBRATED, inside
from scipy import special

import navoutcomes as nav

TRUE = 0.7
ALIKE = 0.4
CAUTIOUS = (0.935, 1.0)


def drawn(roll: np.random.Generator, units: int, rows: int, treated: int, alike: float = ALIKE) -> pd.DataFrame:
    """``units`` persons or offices of ``rows`` each; the first ``treated`` have the trait."""
    arm = (np.arange(units) < treated).astype(int)
    mean, spread = special.expit(-0.5 + TRUE * arm), 1 / alike - 1
    own = roll.beta(mean * spread, (1 - mean) * spread)
    unit = np.repeat(np.arange(units), rows)
    month = np.tile(np.arange(rows), units)
    frame = {"unit": unit, "arm": arm[unit], "begin": month, "end": month + 1.0, "status": 0}
    return pd.DataFrame({**frame, "worked": (roll.random(len(unit)) < own[unit]).astype(int)})


def covered(
    runs: int, units: int, rows: int, treated: int, correlation: str, errors: str | None = None, offices: bool = False
) -> tuple[float, float]:
    """How often the interval held the truth, and the mean estimate."""
    held, values = 0, []
    alike = 0.05 if offices else ALIKE
    for run in range(runs):
        frame = drawn(np.random.default_rng((61, units, rows, treated, run)), units, rows, treated, alike)
        how = {"cluster": "unit"} if offices else {"entry": "begin", "person": "unit"}
        people = nav.Cohort.from_frame(frame, "end", "status", endings={0: None, 1: "x"}, outcome="x", **how)
        row = people.gee("worked", ["arm"], correlation=correlation, errors=errors).table.iloc[1]
        held += row["conf_low"] <= TRUE <= row["conf_high"]
        values.append(row["estimate"])
    return held / runs, float(np.mean(values))


@pytest.mark.parametrize("correlation", ["independence", "exchangeable", "ar1"])
def test_persons_in_months_cover_whatever_correlation_is_taken(correlation: str) -> None:
    """True is exchangeable: ar1 is wrong, and covers."""
    share, value = covered(200, 100, 6, 50, correlation)
    assert inside(share, CALIBRATED, 200), share
    assert value == pytest.approx(TRUE, abs=0.08)


def test_ten_offices_cover() -> None:
    share, _ = covered(200, 10, 20, 5, "exchangeable", offices=True)
    assert inside(share, CALIBRATED, 200), share


def test_errors_of_independent_rows_do_not_cover() -> None:
    """The planted fault: months of a person taken as persons."""
    share, _ = covered(100, 100, 6, 50, "independence", "model")
    assert share < 0.85, share


def test_uncorrected_errors_of_six_offices_do_not_cover() -> None:
    """CR0 with three treated of six, and t(5): under 0.93."""
    share, _ = covered(200, 6, 30, 3, "exchangeable", "cr0", offices=True)
    assert share < 0.93, share


@pytest.mark.parametrize(("offices", "treated"), [(5, 2), (10, 1), (10, 2), (20, 3)])
def test_where_no_method_holds_no_interval_is_given(offices: int, treated: int) -> None:
    """Below six offices, one treated, or fewer than four degrees of freedom."""
    share, value = covered(20, offices, 20, treated, "exchangeable", offices=True)
    assert share == 0
    assert np.isfinite(value)


@pytest.mark.full
@pytest.mark.parametrize("correlation", ["independence", "exchangeable", "ar1"])
@pytest.mark.parametrize("errors", [None, "cr3"])
def test_persons_cover_in_a_thousand_studies(correlation: str, errors: str | None) -> None:
    share, value = covered(1000, 100, 6, 50, correlation, errors)
    assert inside(share, CALIBRATED, 1000), share
    assert value == pytest.approx(TRUE, abs=0.04)


@pytest.mark.full
@pytest.mark.parametrize(("offices", "treated"), [(8, 4), (10, 5), (20, 10), (50, 25), (20, 6)])
@pytest.mark.parametrize("errors", [None, "cr3"])
def test_offices_cover_in_a_thousand_studies(offices: int, treated: int, errors: str | None) -> None:
    """Mancl and DeRouen's errors are made too large rather than too small."""
    share, _ = covered(1000, offices, 20, treated, "exchangeable", errors, offices=True)
    assert inside(share, CALIBRATED if errors is None and treated * 2 == offices else CAUTIOUS, 1000), share
