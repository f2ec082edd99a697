"""Everybody's pull on an adjusted number is its exact derivative for their weight, every model made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from some_arms import TERMS, cohort, frame

from navoutcomes.estimate.adjusted.mean import ByMean
from navoutcomes.estimate.adjusted.models import ByHazards, ByOdds
from navoutcomes.estimate.adjusted.people import Adjusting, Wanted, adjusting
from navoutcomes.estimate.adjusted.robust import ByBoth
from navoutcomes.estimate.adjusted.spread import spread_of
from navoutcomes.estimate.adjusted.weighted import ByWeights, Traits
from navoutcomes.estimate.adjusted.weights_recipe import Recipe

RISK = Wanted(0, "job", (4.0, 7.0))
STAY = Wanted(None, "", (4.0, 7.0), "survival")
GAIN = Wanted(0, "job", (7.0,), "lost")
IPTW = Recipe("iptw", "ATE")


@cache
def given(lost: bool = True, ties: bool = True) -> Adjusting:
    return adjusting(cohort(frame(200, 3, lost=lost, ties=ties), weight="weight"), TERMS)


def number() -> np.ndarray:
    return given().x[:, 0] ** 2 + given().arm


def by_weights(asked: Wanted, recipe: Recipe | None, gone: bool = False, ties: bool = True) -> ByWeights:
    people = given(ties=ties)
    return ByWeights(people, asked, recipe, Traits(people.x, people.columns) if gone else None)


ENGINES: dict[str, Callable[[], Any]] = {
    "unadjusted": lambda: by_weights(RISK, None),
    "everybody": lambda: by_weights(RISK, IPTW),
    "everybody, stabilised": lambda: by_weights(RISK, replace(IPTW, stabilise=True)),
    "those in the arm": lambda: by_weights(GAIN, Recipe("iptw", "ATT")),
    "those in the reference": lambda: by_weights(STAY, Recipe("iptw", "ATC")),
    "overlap": lambda: by_weights(RISK, Recipe("overlap", "overlap"), ties=False),
    "entropy": lambda: by_weights(RISK, Recipe("entropy", "ATE")),
    "entropy of the arm": lambda: by_weights(STAY, Recipe("entropy", "ATT")),
    "those lost made up for": lambda: by_weights(RISK, IPTW, gone=True),
    "mean times, those lost made up for": lambda: by_weights(GAIN, Recipe("entropy", "ATC"), gone=True),
    "staying, those lost made up for": lambda: by_weights(STAY, IPTW, gone=True, ties=False),
    "models by arm": lambda: ByHazards(given(), RISK, "ATE", True),
    "models by arm, no ties": lambda: ByHazards(given(ties=False), RISK, "ATT", True),
    "one model": lambda: ByHazards(given(), RISK, "ATC", False),
    "mean time from models": lambda: ByHazards(given(), STAY, "ATE", True),
    "time gained from one model": lambda: ByHazards(given(), GAIN, "ATT", False),
    "odds": lambda: ByOdds(given(lost=False), RISK, "ATE", True),
    "odds, one model": lambda: ByOdds(given(lost=False), RISK, "ATT", False),
    "both": lambda: ByBoth(given(), RISK, IPTW, True),
    "both, no ties": lambda: ByBoth(given(ties=False), RISK, Recipe("iptw", "ATT"), True),
    "both for the reference": lambda: ByBoth(given(), RISK, Recipe("iptw", "ATC"), True),
    "both, nobody lost": lambda: ByBoth(given(lost=False), RISK, IPTW, True),
    "both, lost by one trait": lambda: ByBoth(given(), RISK, IPTW, True, Traits(given().x[:, :1].copy(), ("x",))),
    "both by odds": lambda: ByBoth(given(lost=False), RISK, Recipe("iptw", "ATT"), False),
    "a mean": lambda: ByMean(given(), number(), IPTW),
}


@pytest.mark.parametrize("name", list(ENGINES))
def test_pulls_are_derivatives(name: str) -> None:
    engine = ENGINES[name]()
    people, found = engine.given, engine(None)
    largest = np.abs(found.pull).max()
    for person in range(0, people.size, 29):
        moved = []
        for side in (1, -1):
            weight = people.weight.copy()
            weight[person] *= 1 + side * 1e-4
            moved.append(replace(engine, given=replace(people, weight=weight))(None).value)
        slope = (moved[0] - moved[1]) / 2e-4
        np.testing.assert_allclose(found.pull[:, person], slope, atol=1e-7 * largest)


@pytest.mark.parametrize("name", list(ENGINES))
def test_pulls_add_to_nothing(name: str) -> None:
    """A number that does not change when all weights are doubled."""
    found = ENGINES[name]()(None)
    assert np.abs(found.pull.sum(axis=1)).max() < 1e-9 * np.abs(found.pull).max() * found.pull.shape[1]


@pytest.mark.parametrize("name", ["everybody", "entropy", "models by arm", "both", "those lost made up for"])
def test_the_people_themselves_are_one_draw(name: str) -> None:
    engine = ENGINES[name]()
    drawn = engine(np.arange(engine.given.size))
    np.testing.assert_allclose(drawn.value, engine(None).value, rtol=1e-12)
    assert drawn.pull is None or name == "odds"


@pytest.mark.parametrize("name", ["everybody", "entropy", "models by arm", "both"])
def test_leaving_each_out_in_turn_agrees_with_the_pulls(name: str) -> None:
    """With 240 persons the two standard errors are near each other, and the one by leaving out is the larger."""
    people = adjusting(cohort(frame(240, 5, weights=False)), TERMS)
    engine = replace(ENGINES[name](), given=people)
    found = engine(None)
    left_out = spread_of(people, None, 0.95, engine, 0, None)
    pulled = replace(left_out, without=None, unit=None)
    errors = [one.difference(found, 1, 0)[0] for one in (left_out, pulled)]
    assert left_out.without is not None
    assert 1.0 < errors[0] / errors[1] < 1.08


def test_weights_as_known_say_more_than_is_known_when_everybody_is_spoken_of() -> None:
    """The weight model takes away what the traits explain: the error with it in is smaller than without."""
    people = adjusting(cohort(frame(400, 2)), TERMS)
    whole, known = ByWeights(people, RISK, IPTW)(None), ByWeights(people, RISK, IPTW, None, True)(None)
    np.testing.assert_allclose(whole.value, known.value, rtol=1e-14)
    errors = [np.sqrt(((one.pull[1] - one.pull[0]) ** 2).sum(axis=0)) for one in (whole, known)]
    assert (errors[0] < errors[1]).all()
