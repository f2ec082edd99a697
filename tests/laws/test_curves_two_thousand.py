"""Two thousand random groups of people against a second implementation: sums over everybody at each time, and errors
from the exact derivative for each person's weight, by complex steps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from some_people import cohort

from navoutcomes.maths.counting import gather, tally
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen, grid_variance, incidence_influence
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, survival_influence
from navoutcomes.maths.curves.nelson_aalen import hazard_influence, nelson_aalen
from navoutcomes.maths.curves.restricted_mean import area, area_influence
from navoutcomes.maths.influence import jackknife

SETS, EACH, STEP = 2000, 250, 1e-30
FORMS = [(entry, weight, office) for entry in (False, True) for weight in (False, True) for office in (False, True)]
PLACE = {"followed": -1, "job": 0, "other": 1}


def drawn(seed: int) -> pd.DataFrame:
    roll = np.random.default_rng((77, seed))
    size = int(roll.integers(2, 40))
    time = roll.integers(1, int(roll.integers(2, 14)), size)
    return pd.DataFrame(
        {
            "time": time,
            "entry": np.minimum(roll.integers(0, 9, size), time - 1),
            "ending": roll.choice(list(PLACE), size),
            "weight": roll.choice([0.5, 1.0, 1.7, 3.0], size),
            "office": roll.integers(0, 5, size),
            "group": "a",
        }
    )


def by_sums(frame: pd.DataFrame, weights: np.ndarray, entry: bool) -> dict[str, np.ndarray]:
    """Shares, hazards and areas at 1, 2, ... for many weightings at once. Shapes: weights (R, n) -> (R, T)."""
    time, cause = frame["time"].to_numpy(), frame["ending"].map(PLACE).to_numpy()
    begin = np.where(frame["entry"] > 0, frame["entry"], -1) if entry else np.full(len(frame), -1)
    stay = np.ones(len(weights), dtype=weights.dtype)
    left, hazard, mean = np.zeros_like(stay), np.zeros_like(stay), np.zeros_like(stay)
    found: dict[str, list[np.ndarray]] = {"survival": [], "incidence": [], "hazard": [], "mean": []}
    for now in range(1, int(time.max()) + 1):
        mean = mean + stay
        risk = weights @ ((begin < now) & (now <= time)).astype(float)
        job = weights @ ((time == now) & (cause == 0)).astype(float)
        ended = weights @ ((time == now) & (cause >= 0)).astype(float)
        if np.any(ended.real > 0):
            left, hazard, stay = left + stay * job / risk, hazard + job / risk, stay * (risk - ended) / risk
        for name, values in zip(found, (stay, left, hazard, mean), strict=True):
            found[name].append(values)
    return {name: np.stack(values, axis=1) for name, values in found.items()}


def by_derivatives(frame: pd.DataFrame, weights: np.ndarray, entry: bool, office: bool) -> dict[str, np.ndarray]:
    """Roots of sums of squares of each person's, or office's, weight times the derivative for it. Shapes (T,)."""
    moved = by_sums(frame, weights + 1j * STEP * np.eye(len(frame)), entry)
    errors = {}
    for name, values in moved.items():
        pull = weights[:, None] * values.imag / STEP
        pull = pd.DataFrame(pull).groupby(frame["office"].to_numpy()).sum().to_numpy() if office else pull
        errors[name] = np.sqrt((pull**2).sum(axis=0))
    return errors


@pytest.mark.parametrize("form", FORMS, ids=lambda form: " ".join(
    name for name, used in zip(("entry", "weight", "office"), form, strict=True) if used) or "plain")  # fmt: skip
def test_the_core_is_the_second_implementation(form: tuple[bool, bool, bool]) -> None:
    entry, weight, office = form
    for seed in range(FORMS.index(form) * EACH, (FORMS.index(form) + 1) * EACH):
        frame = drawn(seed)
        weights = frame["weight"].to_numpy() if weight else np.ones(len(frame))
        expected = {name: values[0] for name, values in by_sums(frame, weights[None, :], entry).items()}
        errors = by_derivatives(frame, weights, entry, office)
        last = int(frame["time"].max())
        cells = gather(
            frame["time"],
            frame["ending"].map(PLACE),
            2,
            frame["entry"].where(frame["entry"] > 0) if entry else None,
            weights if weight else None,
            frame["office"] if office else None,
            grid=np.arange(0.0, last + 1),
        )
        mass = tally(cells, weighted=weight)
        stay, left = kaplan_meier(mass).survival, aalen_johansen(mass).incidence[0]
        ours = {"survival": stay, "incidence": left, "hazard": nelson_aalen(mass).hazard[0]}
        forms = {
            "survival": survival_influence(mass),
            "incidence": incidence_influence(mass, 0),
            "hazard": hazard_influence(mass, 0),
        }
        for name, values in ours.items():
            np.testing.assert_allclose(values[1:], expected[name], atol=1e-10, err_msg=f"{name} {seed}")
            there = stay[1:] > 0 if name == "survival" else slice(None)
            found = np.sqrt(jackknife(cells, mass, forms[name]))[1:]
            np.testing.assert_allclose(found[there], errors[name][there], atol=1e-8, err_msg=f"{name} {seed}")
        assert area(mass.time, stay, last, 1.0) == pytest.approx(expected["mean"][-1], abs=1e-10)
        spread = jackknife(cells, mass, area_influence(mass.time, last, forms["survival"]))
        assert np.sqrt(spread[0]) == pytest.approx(errors["mean"][-1], abs=1e-8)
        if form == (False, False, False):
            np.testing.assert_allclose(np.sqrt(grid_variance(mass)[0, 1:]), errors["incidence"], atol=1e-8)
        if seed % 25 == 0:
            _public(frame, form, expected, errors)


def _public(
    frame: pd.DataFrame,
    form: tuple[bool, bool, bool],
    expected: dict[str, np.ndarray],
    errors: dict[str, np.ndarray],
) -> None:
    """The verbs print the core's numbers."""
    roles = [role for role, used in zip(("entry", "weight", "cluster"), form, strict=True) if used]
    one, how = cohort(frame, *roles), {"errors": "lin-wei" if form[2] else "robust"}
    times = np.arange(1, int(frame["time"].max()) + 1)
    stay = one.survival_curve(**how).at(times)
    np.testing.assert_allclose(stay["estimate"], expected["survival"], atol=1e-10)
    there = (stay["estimate"] > 0).to_numpy()
    np.testing.assert_allclose(stay["std_error"][there], errors["survival"][there], atol=1e-8)
    left = one.cumulative_incidence(**how).at(times).query("cause == 'job'")
    np.testing.assert_allclose(left["estimate"], expected["incidence"], atol=1e-10)
    np.testing.assert_allclose(left["std_error"], errors["incidence"], atol=1e-8)


def test_there_are_two_thousand() -> None:
    assert len(FORMS) * EACH == SETS
